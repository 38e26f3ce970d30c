// SPDX-License-Identifier: Apache-2.0
// What two texts differ in, line by line: the longest common subsequence between the ends that
// both share, with a few lines of surroundings; longer unchanged stretches become a gap.

export interface DiffLine {
  mark: " " | "+" | "-" | "…";
  text: string;
  line: number | null; // its number in the text it comes from; null for a gap
}

const AROUND = 3;
const CELLS_MAX = 4_000_000; // beyond this the middle is shown as all removed, then all added

export function diff(before: string, after: string): DiffLine[] {
  const old = before.split("\n");
  const fresh = after.split("\n");
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  const room = Math.min(old.length, fresh.length) - head;
  while (tail < room && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail++;
  const out: DiffLine[] = [];
  for (let i = 0; i < head; i++) out.push({ mark: " ", text: fresh[i] ?? "", line: i + 1 });
  out.push(
    ...middle(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail), head),
  );
  for (let i = fresh.length - tail; i < fresh.length; i++) {
    out.push({ mark: " ", text: fresh[i] ?? "", line: i + 1 });
  }
  return shorten(out);
}

function middle(old: string[], fresh: string[], head: number): DiffLine[] {
  const gone = (i: number): DiffLine => ({ mark: "-", text: old[i] ?? "", line: head + i + 1 });
  const come = (j: number): DiffLine => ({ mark: "+", text: fresh[j] ?? "", line: head + j + 1 });
  if (old.length * fresh.length > CELLS_MAX) {
    return [...old.map((_, i) => gone(i)), ...fresh.map((_, j) => come(j))];
  }
  const width = fresh.length + 1;
  const common = commonLengths(old, fresh);
  const out: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      out.push({ mark: " ", text: fresh[j] ?? "", line: head + j + 1 });
      i++;
      j++;
    } else if (
      j >= fresh.length ||
      (i < old.length &&
        (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      out.push(gone(i++));
    } else {
      out.push(come(j++));
    }
  }
  return out;
}

// common[i, j]: how many lines old[i..] and fresh[j..] share, in order.
function commonLengths(old: string[], fresh: string[]): Uint32Array {
  const width = fresh.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      common[i * width + j] =
        old[i] === fresh[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
    }
  }
  return common;
}

function shorten(all: DiffLine[]): DiffLine[] {
  const near = new Set<number>();
  all.forEach((one, at) => {
    if (one.mark === " ") return;
    for (let k = at - AROUND; k <= at + AROUND; k++) near.add(k);
  });
  if (near.size === 0) return [];
  const out: DiffLine[] = [];
  all.forEach((one, at) => {
    if (near.has(at)) out.push(one);
    else if (out[out.length - 1]?.mark !== "…") out.push({ mark: "…", text: "", line: null });
  });
  return out;
}
