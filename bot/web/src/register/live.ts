// SPDX-License-Identifier: Apache-2.0
// What the page shows, asked for again while somebody looks at it, and the acts that change it.
import type { Act } from "../core/acts";
import { asProblem, get, post } from "../core/api";
import { createStore } from "../core/store";
import { dismiss, toast, toasts } from "../core/toast";
import type { Broadcast, Pledge, Question, Session, Snapshot, Stream, Topic } from "../core/types";
import { langStore } from "../i18n";
import { NO_FILTERS, queryOf } from "./types";
import type { Entry, Filters, Register, Whole } from "./types";
import { say } from "./words";

const FRESH_MS = 10_000;
const PAGE = 100;

export type Tab = "register" | "promises";

export type OpenDialog =
  | { kind: "assign" | "extend" | "forward" | "close"; entries: Entry[] }
  | { kind: "respond" | "polite"; entry: Entry }
  | { kind: "promise"; pledge: Pledge | null }
  | { kind: "settle"; pledge: Pledge; how: "done" | "drop" }
  | null;

export interface Desk {
  tab: Tab;
  me: Session | null;
  register: Register | null;
  shown: number; // how many of the list are asked for
  filters: Filters;
  chosen: ReadonlySet<number>;
  open: number | null;
  whole: Whole | null; // of the open one
  revealed: ReadonlySet<number>;
  promises: Pledge[] | null;
  stream: Stream | null;
  topics: readonly Topic[];
  broadcasts: readonly Broadcast[];
  dialog: OpenDialog;
  away: boolean;
}

export const desk = createStore<Desk>({
  tab: location.pathname === "/promises" ? "promises" : "register",
  me: null,
  register: null,
  shown: PAGE,
  filters: NO_FILTERS,
  chosen: new Set(),
  open: null,
  whole: null,
  revealed: new Set(),
  promises: null,
  stream: null,
  topics: [],
  broadcasts: [],
  dialog: null,
  away: false,
});

export function set(change: Partial<Desk>): void {
  desk.update((old) => ({ ...old, ...change }));
}

export function closeDialog(): void {
  set({ dialog: null });
}

function failed(error: unknown): void {
  if (asProblem(error).status === 401) location.reload();
  set({ away: true });
}

async function askRegister(): Promise<void> {
  const { filters, shown } = desk.get();
  const query = queryOf(filters);
  query.set("limit", String(Math.min(shown, 500)));
  const register = await get<Register>(`/register?${query}`);
  if (desk.get().filters !== filters || desk.get().shown !== shown) return;
  const still = new Set(register.items.map((one) => one.question.n));
  const chosen = new Set([...desk.get().chosen].filter((n) => still.has(n)));
  set({ register, chosen, away: false });
}

async function askWhole(): Promise<void> {
  const { open } = desk.get();
  if (open === null) return;
  const whole = await get<Whole>(`/questions/${open}`);
  if (desk.get().open === open) set({ whole });
}

async function askPromises(): Promise<void> {
  const { items } = await get<{ items: Pledge[] }>("/promises");
  set({ promises: items, away: false });
}

async function askNames(): Promise<void> {
  const state = await get<Snapshot>("/state");
  const { items } = await get<{ items: Broadcast[] }>("/broadcasts");
  set({ stream: state.stream, topics: state.topics ?? [], broadcasts: items });
}

export async function refresh(): Promise<void> {
  const { tab, me } = desk.get();
  try {
    if (tab === "promises") return await askPromises();
    await askRegister();
    if (me?.role !== "viewer") await askWhole();
  } catch (error) {
    failed(error);
  }
}

export function watch(): () => void {
  const look = (): void => {
    if (document.visibilityState !== "visible") return;
    if (desk.get().stream === null) askNames().catch(failed);
    void refresh();
  };
  const back = (): void => go(location.pathname === "/promises" ? "promises" : "register", false);
  look();
  const timer = setInterval(look, FRESH_MS);
  document.addEventListener("visibilitychange", look);
  addEventListener("popstate", back);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
    removeEventListener("popstate", back);
  };
}

export function go(tab: Tab, push = true): void {
  if (push) history.pushState(null, "", `/${tab}`);
  set({ tab });
  void refresh();
}

export function filter(change: Partial<Filters>): void {
  const filters = { ...desk.get().filters, ...change };
  set({ filters, shown: PAGE, open: null, whole: null });
  void refresh();
}

export function more(): void {
  set({ shown: desk.get().shown + PAGE });
  void refresh();
}

export function choose(n: number, on: boolean): void {
  const chosen = new Set(desk.get().chosen);
  if (on) chosen.add(n);
  else chosen.delete(n);
  set({ chosen });
}

export function open(n: number): void {
  set({ open: desk.get().open === n ? null : n, whole: null });
  void refresh();
}

export function chosenEntries(): Entry[] {
  const { register, chosen } = desk.get();
  return (register?.items ?? []).filter((one) => chosen.has(one.question.n));
}

// ---- acts

interface Acted {
  seq: number;
  question?: Question | null;
}

function problem(error: unknown): void {
  const found = asProblem(error);
  if (found.status === 409) toast(say(langStore.get(), "failed.n", { n: 1 }), "bad");
  else if (found.status === 0) toast(say(langStore.get(), "away"), "bad");
  else toast(found.detail || found.code, "bad");
}

async function undo(seqs: number[]): Promise<void> {
  try {
    for (const seq of seqs.slice().reverse()) await post("/undo", { seq });
  } catch (error) {
    problem(error);
  }
  await refresh();
}

// The same act on each, with the version that the person saw; each is an event of its own.
export async function actOn(entries: Entry[], kind: Act, body: object = {}): Promise<boolean> {
  const lang = langStore.get();
  const seqs: number[] = [];
  let lost: unknown = null;
  let conflicts = 0;
  for (const { question } of entries) {
    try {
      const path = `/questions/${question.n}/${kind}`;
      seqs.push((await post<Acted>(path, { version: question.version, ...body })).seq);
    } catch (error) {
      if (asProblem(error).status === 409) conflicts++;
      else lost = error;
    }
  }
  if (seqs.length > 0) {
    const id = toast(say(lang, "done.n", { n: seqs.length }), "plain", () => {
      dismiss(id);
      void undo(seqs);
    });
  }
  if (lost) problem(lost);
  else if (conflicts > 0) toast(say(lang, "failed.n", { n: conflicts }), "bad");
  await refresh();
  return lost === null && conflicts === 0;
}

// The key of undo: what the newest toast offers.
export function undoLast(): void {
  toasts
    .get()
    .find((one) => one.undo)
    ?.undo?.();
}

// The original comes with the answer to the act that the journal notes.
export async function reveal(question: Question): Promise<void> {
  try {
    const body = { version: question.version };
    const answer = await post<Acted>(`/questions/${question.n}/reveal`, body);
    if (answer.question) {
      set({ revealed: new Set(desk.get().revealed).add(question.n), whole: answer.question });
    }
    await refresh();
  } catch (error) {
    problem(error);
  }
}

// Answers the line that asked, where it is still at hand.
export async function sayInChat(question: Question, text: string): Promise<void> {
  try {
    const { messages } = await get<Whole>(`/questions/${question.n}`);
    const id = messages?.find((one) => one.source === question.source)?.id;
    const body = { text, ...(id && { reply_to: id }) };
    await post(`/sources/${encodeURIComponent(question.source ?? "")}/send`, body);
    toast(say(langStore.get(), "sent"));
  } catch (error) {
    problem(error);
  }
}

export async function pledge(path: string, body: object): Promise<boolean> {
  try {
    await post(`/promises${path}`, body);
    await refresh();
    return true;
  } catch (error) {
    problem(error);
    await refresh();
    return false;
  }
}
