// SPDX-License-Identifier: Apache-2.0
// The checklist: what the server found, asked for again while somebody looks, and what only this
// browser can know.
import { asProblem, get } from "../core/api";
import { createStore } from "../core/store";
import { hereAfter, hereBefore } from "./here";

const FRESH_MS = 4_000;

export type Level = "ok" | "warn" | "fail";

export interface Check {
  id: string;
  name: string | null;
  level: Level;
  code: string;
  figures: Record<string, string | number | null>;
}

export interface Setup {
  at: string;
  timezone: string | null;
  public_url: string | null;
  counts: Record<Level, number>;
  checks: Check[];
}

export interface Found {
  setup: Setup | null;
  here: readonly Check[];
  away: boolean;
}

export const found = createStore<Found>({ setup: null, here: [], away: false });

function set(change: Partial<Found>): void {
  found.update((old) => ({ ...old, ...change }));
}

async function ask(): Promise<void> {
  const before = Date.now();
  try {
    const setup = await get<Setup>("/setup");
    const skew = Date.parse(setup.at) - (before + Date.now()) / 2;
    set({ setup, away: false, here: [...hereBefore(setup, skew), ...(await hereAfter())] });
  } catch (error) {
    if (asProblem(error).status === 401) location.reload();
    set({ away: true });
  }
}

export function watch(): () => void {
  const look = (): void => {
    if (document.visibilityState === "visible") void ask();
  };
  look();
  const timer = setInterval(look, FRESH_MS);
  document.addEventListener("visibilitychange", look);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
}

export function again(): void {
  void ask();
}
