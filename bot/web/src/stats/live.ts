// SPDX-License-Identifier: Apache-2.0
// The numbers, asked for again while somebody looks at them.
import { asProblem, get } from "../core/api";
import { createStore } from "../core/store";
import type { Broadcast, Snapshot, Stream, Topic } from "../core/types";
import type { Stats } from "./types";

const FRESH_MS = 5_000;
export const RANGES = [0, 30, 60, 180] as const;
export type Range = (typeof RANGES)[number];

export interface Numbers {
  stats: Stats | null;
  stream: Stream | null;
  topics: readonly Topic[];
  broadcasts: readonly Broadcast[];
  broadcast: number | null; // null: the current one, whichever that is
  range: Range;
  away: boolean;
}

export const numbers = createStore<Numbers>({
  stats: null,
  stream: null,
  topics: [],
  broadcasts: [],
  broadcast: null,
  range: 0,
  away: false,
});

function set(change: Partial<Numbers>): void {
  numbers.update((old) => ({ ...old, ...change }));
}

async function ask(): Promise<void> {
  const { broadcast, range } = numbers.get();
  const which = broadcast === null ? "" : `&broadcast=${broadcast}`;
  try {
    const stats = await get<Stats>(`/stats?minutes=${range}${which}`);
    const now = numbers.get();
    if (now.broadcast === broadcast && now.range === range) set({ stats, away: false });
  } catch (error) {
    if (asProblem(error).status === 401) location.reload();
    set({ away: true });
  }
}

async function askNames(): Promise<void> {
  try {
    const state = await get<Snapshot>("/state");
    const { items } = await get<{ items: Broadcast[] }>("/broadcasts");
    set({ stream: state.stream, topics: state.topics ?? [], broadcasts: items });
  } catch {
    set({ away: true });
  }
}

export function choose(change: Partial<Pick<Numbers, "broadcast" | "range">>): void {
  set(change);
  void ask();
}

export function watch(): () => void {
  const look = (): void => {
    if (document.visibilityState !== "visible") return;
    if (numbers.get().stream === null) void askNames();
    void ask();
  };
  look();
  const timer = setInterval(look, FRESH_MS);
  document.addEventListener("visibilitychange", look);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
