// SPDX-License-Identifier: Apache-2.0
// What one moderator has chosen to look at. It is theirs alone and never leaves the page.
import { createStore, recall, remember } from "../core/store";
import type { Sort } from "../core/order";
import { SORTS } from "../core/order";
import type { Session, Status } from "../core/types";

export type Tab = "open" | "queued" | "answered" | "follow_up" | "rejected";
export const TABS: readonly Tab[] = ["open", "queued", "answered", "follow_up", "rejected"];
// Finished items are not in the snapshot: these tabs page them in.
export const PAGED: Partial<Record<Tab, Status[]>> = {
  answered: ["answered"],
  follow_up: ["follow_up"],
  rejected: ["rejected", "merged"],
};

export type Pane = "list" | "air" | "chat" | "sources"; // on a phone: what fills the screen
export type Side = "chat" | "sources"; // on a desk: what is under the line

export type OpenDialog =
  | { kind: "reject" | "edit" | "topic" | "merge" | "follow_up" | "why" | "before"; n: number }
  | { kind: "reject_all" | "topic_all"; ns: number[] }
  | { kind: "write" | "promise" | "help" | "officer" | "overlay" | "end" | "source" | "rehearsal" | "prepare" | "search" }
  | null;

export interface Ui {
  tab: Tab;
  topic: string | null;
  selected: number | null;
  sort: Sort;
  query: string;
  pane: Pane;
  side: Side;
  dialog: OpenDialog;
  revealed: ReadonlySet<number>;
  ticked: ReadonlySet<number>; // what acts on many are for
  single: boolean; // one question at a time
}

const keptSort = SORTS.find((sort) => sort === recall("sort"));

export const ui = createStore<Ui>({
  tab: "open",
  topic: null,
  selected: null,
  sort: keptSort ?? "oldest",
  query: "",
  pane: "list",
  side: "chat",
  dialog: null,
  revealed: new Set(),
  ticked: new Set(),
  single: recall("single") === "yes",
});

export const session = createStore<Session | null>(null);

// The numbers now on screen in the list, in order; the list writes it, the keys read it.
export const listed = createStore<number[]>([]);

export function change(part: Partial<Ui>): void {
  ui.update((old) => ({ ...old, ...part }));
}

export function chooseSort(sort: Sort): void {
  remember("sort", sort);
  change({ sort });
}

export function toggleSingle(): void {
  const single = !ui.get().single;
  remember("single", single ? "yes" : "no");
  change({ single });
}

export function closeDialog(): void {
  change({ dialog: null });
}
