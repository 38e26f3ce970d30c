// SPDX-License-Identifier: Apache-2.0
// Text cut into plain and marked pieces. Spans count code points, strings count UTF-16 units.
import type { Span } from "./types";

// More than this does not fit the two lines that the overlay gives a language.
export const LONG = 160;

export function length(text: string): number {
  return Array.from(text).length;
}

export interface Piece {
  text: string;
  kind: string | null; // null: nothing marked here
}

export function pieces(text: string, spans: readonly Span[]): Piece[] {
  const points = Array.from(text);
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  const out: Piece[] = [];
  let at = 0;
  for (const span of sorted) {
    const start = Math.max(at, Math.min(span.start, points.length));
    const end = Math.max(start, Math.min(span.end, points.length));
    if (start > at) out.push({ text: points.slice(at, start).join(""), kind: null });
    if (end > start) out.push({ text: points.slice(start, end).join(""), kind: span.kind });
    at = end;
  }
  if (at < points.length) out.push({ text: points.slice(at).join(""), kind: null });
  return out;
}

// What the server has masked is drawn as a quiet bar instead of four heavy blocks.
export function maskedPieces(text: string): Piece[] {
  return text
    .split(/(▇+)/)
    .filter((part) => part !== "")
    .map((part) => ({ text: part, kind: part.startsWith("▇") ? "masked" : null }));
}
