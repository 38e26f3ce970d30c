// SPDX-License-Identifier: Apache-2.0
// The largest type size at which a text fits its box: found by halving, so it takes a few layouts.

export function largestFitting(min: number, max: number, fits: (size: number) => boolean): number {
  let low = Math.floor(min);
  let high = Math.floor(max);
  if (fits(high)) return high;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
