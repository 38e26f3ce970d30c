// SPDX-License-Identifier: Apache-2.0
// The last questions the officer's screen has seen, kept in the browser: a dropped network, even a
// reload without one, leaves them readable. Only what this role may see ever arrives here.
import { inLine, onAir } from "../core/state";
import type { State } from "../core/state";
import { recall, remember } from "../core/store";
import type { Question, Stream } from "../core/types";

export interface Kept {
  at: number;
  stream: Stream;
  current: Question | null;
  line: Question[];
}

const KEY = "officer";

export function view(state: State): Kept {
  return { at: Date.now(), stream: state.stream, current: onAir(state), line: inLine(state) };
}

export function keep(kept: Kept): void {
  remember(KEY, JSON.stringify(kept));
}

export function kept(): Kept | null {
  const text = recall(KEY);
  if (text === null) return null;
  try {
    return JSON.parse(text) as Kept;
  } catch {
    return null;
  }
}

export function forget(): void {
  remember(KEY, "null");
}
