// SPDX-License-Identifier: Apache-2.0
// Acts on many questions: what is ticked (X), and what can be done to all of it. While something is
// ticked, the keys of these acts mean all of it.
import type { Act } from "../core/acts";
import { actAll, desk } from "../core/desk";
import type { Question } from "../core/types";
import { sayBulk } from "./bulk_words";
import { change, listed, ui } from "./ui";

const many = {
  done: (n: number): string => sayBulk("done", { n }),
  left: (n: number): string => sayBulk("left", { n }),
};

// In the order of the list, and only what is still in it.
export function ticked(): number[] {
  const { ticked: chosen } = ui.get();
  return listed.get().filter((n) => chosen.has(n));
}

export function untick(): void {
  change({ ticked: new Set() });
}

export function tick(question: Question): void {
  const next = new Set(ui.get().ticked);
  if (!next.delete(question.n)) next.add(question.n);
  change({ ticked: next });
}

export function tickAll(): void {
  change({ ticked: new Set(listed.get()) });
}

export function begin(
  kind: Act,
  ns: readonly number[],
  body: (question: Question) => object = () => ({}),
): void {
  untick();
  void actAll(ns, kind, body, many);
}

// Into the one that was asked first; its version moves with each that joins it.
function mergeAll(ns: readonly number[]): void {
  const [into, ...others] = [...ns].sort((a, b) => a - b);
  if (into === undefined || others.length === 0) return;
  begin("merge", others, () => ({ into, into_version: desk.get().questions.get(into)?.version }));
}

export interface Deed {
  key: string;
  cap: string;
  act: Act;
  run: (ns: number[]) => void;
}

export const DEEDS: readonly Deed[] = [
  { key: "a", cap: "A", act: "approve", run: (ns) => begin("approve", ns) },
  { key: "r", cap: "R", act: "reject", run: (ns) => change({ dialog: { kind: "reject_all", ns } }) },
  { key: "w", cap: "W", act: "follow_up", run: (ns) => begin("follow_up", ns) },
  { key: "t", cap: "T", act: "topic", run: (ns) => change({ dialog: { kind: "topic_all", ns } }) },
  { key: "m", cap: "M", act: "merge", run: mergeAll },
  { key: "c", cap: "C", act: "claim", run: (ns) => begin("claim", ns) },
];

// Whether this key was for what is ticked.
export function onBulkKey(name: string): boolean {
  const ns = ticked();
  const key = name === "y" ? "a" : name === "n" ? "r" : name;
  const deed = DEEDS.find((one) => one.key === key);
  if (name === "esc" && ns.length > 0) untick();
  else if (deed && ns.length > 0) deed.run(ns);
  else return false;
  return true;
}
