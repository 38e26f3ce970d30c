// SPDX-License-Identifier: Apache-2.0
// Who may come in, as the server knows it; asked for again while somebody looks.
import { asProblem, get } from "../core/api";
import type { AdminEntry, OpenSession, Token, User, WaitingLink } from "../core/api_types";
import { createStore } from "../core/store";

const FRESH_MS = 10_000;

export interface Access {
  ready: boolean;
  away: boolean;
  skew: number; // how much the server's clock is ahead, in ms
  users: User[];
  sessions: OpenSession[];
  tokens: Token[];
  links: WaitingLink[];
  log: AdminEntry[];
  older: number | null; // where the entries that are not here yet begin
}

export const access = createStore<Access>({
  ready: false,
  away: false,
  skew: 0,
  users: [],
  sessions: [],
  tokens: [],
  links: [],
  log: [],
  older: null,
});

interface Page<T> {
  items: T[];
  next: number | null;
}

const all = async <T>(path: string): Promise<T[]> => (await get<Page<T>>(path)).items;

// What was fetched before the newest page stays: the two overlap, or the page stands alone.
function joined(old: Access, fresh: Page<AdminEntry>): Pick<Access, "log" | "older"> {
  const last = fresh.items[fresh.items.length - 1]?.id ?? 0;
  const overlap = old.log.some((one) => one.id === last);
  if (!overlap) return { log: fresh.items, older: fresh.next };
  return { log: [...fresh.items, ...old.log.filter((one) => one.id < last)], older: old.older };
}

export async function load(): Promise<void> {
  try {
    const [users, sessions, tokens, links, log] = await Promise.all([
      all<User>("/users"),
      all<OpenSession>("/sessions"),
      all<Token>("/tokens"),
      all<WaitingLink>("/links"),
      get<Page<AdminEntry>>("/admin-log?limit=50"),
    ]);
    // The server has seen this session just now: that is its time.
    const seen = Date.parse(sessions.find((one) => one.current)?.seen_at ?? "");
    const skew = Number.isNaN(seen) ? 0 : seen - Date.now();
    access.update((old) => ({
      ...old,
      ...joined(old, log),
      users,
      sessions,
      tokens,
      links,
      skew: Math.abs(skew) < 2000 ? 0 : skew,
      ready: true,
      away: false,
    }));
  } catch (error) {
    const { status } = asProblem(error);
    if (status === 401 || status === 403) location.reload();
    access.update((old) => ({ ...old, away: true }));
  }
}

export async function loadOlder(): Promise<void> {
  const before = access.get().older;
  if (before === null) return;
  const page = await get<Page<AdminEntry>>(`/admin-log?limit=100&before=${before}`);
  access.update((old) => ({ ...old, log: [...old.log, ...page.items], older: page.next }));
}

export function watch(): () => void {
  const look = (): void => {
    if (document.visibilityState === "visible") void load();
  };
  look();
  const timer = setInterval(look, FRESH_MS);
  document.addEventListener("visibilitychange", look);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
