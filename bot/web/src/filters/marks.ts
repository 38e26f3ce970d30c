// SPDX-License-Identifier: Apache-2.0
// A tried line as people see it: what is masked drawn as masked, what rules counted for lit up. Spans
// count code points of the line as it was written.
import type { Verdict } from "../core/types";

export interface Mark {
  text: string;
  hit: boolean;
  masked: boolean;
}

export function marks(text: string, verdict: Verdict): Mark[] {
  const points = Array.from(text);
  const hit = new Uint8Array(points.length);
  const masked = new Uint8Array(points.length);
  for (const why of verdict.why) {
    const all = (why.end ?? 0) - (why.start ?? 0) >= points.length; // says nothing about a place
    if ((why.score ?? 0) > 0 && !all) hit.fill(1, why.start ?? 0, why.end ?? 0);
  }
  for (const span of verdict.pii) masked.fill(1, span.start, span.end);
  const out: Mark[] = [];
  points.forEach((point, at) => {
    const now = { hit: hit[at] === 1, masked: masked[at] === 1 };
    const last = out[out.length - 1];
    if (last && last.hit === now.hit && last.masked === now.masked) last.text += point;
    else out.push({ text: point, ...now });
  });
  return out.map((one) => (one.masked ? { ...one, text: "▇▇▇▇" } : one));
}
