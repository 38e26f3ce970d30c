// SPDX-License-Identifier: Apache-2.0
// The list that does not move under the pointer. While it is held, what is on screen stays where
// it is: items that left stay (the row says where they went), new ones wait behind a bar.
import { nameOf } from "./state";
import type { Question } from "./types";

export type Sort = "oldest" | "newest" | "asked";
export const SORTS: readonly Sort[] = ["oldest", "newest", "asked"];

export function sorted(questions: Question[], sort: Sort): Question[] {
  const pinned = (question: Question): number => (question.pinned ? 0 : 1);
  const by: Record<Sort, (a: Question, b: Question) => number> = {
    oldest: (a, b) => a.n - b.n,
    newest: (a, b) => b.n - a.n,
    asked: (a, b) => b.count - a.count || a.n - b.n,
  };
  return [...questions].sort((a, b) => pinned(a) - pinned(b) || by[sort](a, b));
}

export interface Shown {
  order: number[];
  waiting: number; // new items that are not shown yet
}

export function settle(
  shown: readonly number[],
  wanted: readonly number[],
  held: boolean,
  appends: boolean,
): Shown {
  if (!held || shown.length === 0) return { order: [...wanted], waiting: 0 };
  const known = new Set(shown);
  const fresh = wanted.filter((n) => !known.has(n));
  // In the order of arrival new items come at the end, where they move nothing.
  if (appends) return { order: [...shown, ...fresh], waiting: 0 };
  return { order: [...shown], waiting: fresh.length };
}

export function matches(question: Question, query: string): boolean {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return true;
  if (wanted.replace(/^[№#]\s*/, "") === String(question.no)) return true;
  const texts = [...Object.values(question.text), question.original, nameOf(question)];
  return texts.some((text) => text?.toLowerCase().includes(wanted));
}
