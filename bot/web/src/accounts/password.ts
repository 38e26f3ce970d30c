// SPDX-License-Identifier: Apache-2.0
// Passwords that the page makes: five groups of four signs that are not mistaken for one another
// when they are read aloud or copied from paper; 99 bits.
export const SHORTEST = 10;
const SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"; // no i, l, o, 0, 1

export function makePassword(): string {
  const signs: string[] = [];
  while (signs.length < 20) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < 256 - (256 % SIGNS.length)) signs.push(SIGNS[byte % SIGNS.length] ?? "");
  }
  return signs.join("").replace(/(.{4})(?!$)/g, "$1-");
}

export const longEnough = (password: string): boolean => [...password].length >= SHORTEST;
