// SPDX-License-Identifier: Apache-2.0
// What the page knows and does: the list, the chosen file, the draft of it, and what trying said.
// The draft is kept for this tab, so that neither a reload nor a lost server costs any work.
import { asProblem, get, post, put, call } from "../core/api";
import type { Problem } from "../core/api";
import { createStore } from "../core/store";
import { toast } from "../core/toast";
import type { Jump } from "./editor";
import type { FileBody, FileList, Issue, TryAnswer } from "./types";
import { say } from "./words";

export type Tab = "rules" | "text" | "history";
export type Asked = "activate" | "revert" | { putBack: number } | { theirs: FileBody } | null;

export interface Lab {
  list: FileList | null;
  away: boolean;
  query: string;
  drawer: boolean;
  tab: Tab;
  name: string | null;
  file: FileBody | null;
  draft: string;
  base: string; // the version of the set that the draft grew from
  lines: string;
  recent: boolean;
  tried: string | null; // the text that the answer below is about
  answer: TryAnswer | null;
  issues: Issue[];
  busy: "try" | "activate" | null;
  asked: Asked;
  jump: Jump | null;
}

export const lab = createStore<Lab>({
  list: null,
  away: false,
  query: "",
  drawer: false,
  tab: "rules",
  name: null,
  file: null,
  draft: "",
  base: "",
  lines: "",
  recent: true,
  tried: null,
  answer: null,
  issues: [],
  busy: null,
  asked: null,
  jump: null,
});

export function set(part: Partial<Lab>): void {
  lab.update((old) => ({ ...old, ...part }));
}

export const dirty = (now: Lab): boolean => now.file !== null && now.draft !== now.file.content;
export const wrong = (issues: readonly Issue[]): boolean =>
  issues.some((one) => one.severity === "error");
export const clean = (now: Lab): boolean => now.tried === now.draft && !wrong(now.issues);
export const ready = (now: Lab): boolean => dirty(now) && clean(now) && now.busy === null;

const path = (name: string): string =>
  `/filters/${name.split("/").map(encodeURIComponent).join("/")}`;

// Private windows may refuse storage; the page then works without it.
const slot = (name: string): string => `suraq.filter.${name}`;

interface Kept {
  draft: string;
  base: string;
}

function kept(name: string): Kept | null {
  try {
    const found = JSON.parse(sessionStorage.getItem(slot(name)) ?? "null") as Kept | null;
    return typeof found?.draft === "string" ? found : null;
  } catch {
    return null;
  }
}

function keep(now: Lab): void {
  if (!now.name) return;
  try {
    if (!dirty(now)) sessionStorage.removeItem(slot(now.name));
    else {
      const draft: Kept = { draft: now.draft, base: now.base };
      sessionStorage.setItem(slot(now.name), JSON.stringify(draft));
    }
  } catch {
    /* nothing to be done */
  }
}

export function hasDraft(name: string): boolean {
  return kept(name) !== null;
}

export function why(problem: Problem): string {
  if (problem.code === "offline") return say("away");
  return say("failed", { why: problem.detail || problem.code });
}

const bad = (error: unknown): void => void toast(why(asProblem(error)), "bad");

export async function loadList(): Promise<void> {
  try {
    set({ list: await get<FileList>("/filters"), away: false });
  } catch (error) {
    const problem = asProblem(error);
    if (problem.code === "offline") set({ away: true });
    else bad(error);
  }
}

export async function open(name: string): Promise<void> {
  set({ name, file: null, drawer: false, tried: null, answer: null, issues: [], jump: null });
  try {
    const file = await get<FileBody>(path(name));
    if (lab.get().name !== name) return; // another one was chosen meanwhile
    const before = kept(name);
    if (before && before.draft !== file.content) toast(say("kept"));
    set({
      file,
      draft: before?.draft ?? file.content,
      base: before?.base ?? file.version,
      ...(before && before.draft !== file.content ? { tab: "text" as const } : {}),
    });
    keep(lab.get());
  } catch (error) {
    bad(error);
  }
}

export function write(draft: string): void {
  set({ draft });
  keep(lab.get());
}

export function discard(): void {
  const { file } = lab.get();
  if (!file) return;
  set({ draft: file.content, base: file.version, tried: null, answer: null, issues: [] });
  keep(lab.get());
}

const linesOf = (text: string): string[] =>
  text.split("\n").map((line) => line.trim()).filter((line) => line !== "");

export async function tryOut(): Promise<void> {
  const { name, draft, lines, recent, busy, file } = lab.get();
  if (!name || !file || busy) return;
  set({ busy: "try", tab: "text" });
  try {
    const answer = await post<TryAnswer>("/filters/try", {
      files: [{ name, content: draft }],
      lines: linesOf(lines),
      recent,
    });
    if (lab.get().name === name) set({ answer, tried: draft, issues: answer.issues });
  } catch (error) {
    const problem = asProblem(error) as Problem & { issues?: Issue[] };
    if (problem.issues) set({ answer: null, tried: draft, issues: problem.issues });
    else bad(error);
  } finally {
    set({ busy: null });
  }
}

async function send(act: () => Promise<FileBody>): Promise<void> {
  const { name, draft } = lab.get();
  if (!name) return;
  set({ busy: "activate" });
  try {
    settle(name, await act());
  } catch (error) {
    const problem = asProblem(error) as Problem & { issues?: Issue[] };
    if (problem.status === 409) await meet(name);
    else if (problem.issues) {
      set({ issues: problem.issues, tried: draft, answer: null, tab: "text", asked: null });
    } else bad(error);
  } finally {
    set({ busy: null });
  }
}

function settle(name: string, file: FileBody): void {
  const warnings = file.warnings ?? [];
  set({
    file,
    draft: file.content,
    base: file.version,
    tried: null,
    answer: null,
    issues: warnings,
    asked: null,
  });
  keep(lab.get());
  toast(say(warnings.length > 0 ? "done.warnings" : "done", { name }));
  void loadList();
}

async function meet(name: string): Promise<void> {
  try {
    set({ asked: { theirs: await get<FileBody>(path(name)) } });
  } catch (error) {
    bad(error);
  }
}

export function activate(note: string): Promise<void> {
  const { name, draft, base } = lab.get();
  const words = note.trim();
  return send(() =>
    put<FileBody>(path(name ?? ""), {
      content: draft,
      version: base,
      ...(words ? { note: words } : {}),
    }),
  );
}

export function putBack(seq: number): Promise<void> {
  const { name, file } = lab.get();
  return send(() =>
    put<FileBody>(path(name ?? ""), { revert_to: seq, version: file?.version ?? "" }),
  );
}

// The answer to DELETE may be the file or nothing: what runs now is asked for.
export function revert(): Promise<void> {
  const { name } = lab.get();
  return send(async () => {
    await call<unknown>("DELETE", path(name ?? ""));
    return get<FileBody>(path(name ?? ""));
  });
}

export function resolve(theirs: FileBody, whose: "mine" | "theirs"): void {
  const draft = whose === "mine" ? lab.get().draft : theirs.content;
  set({ file: theirs, base: theirs.version, draft, tried: null, answer: null, asked: null });
  keep(lab.get());
  void loadList();
  if (whose === "mine") void tryOut();
  else set({ issues: [] });
}

export function jumpTo(line: number, column: number): void {
  set({ tab: "text", jump: { line, column } });
}

// A rule stands in the text where its name is given.
export function jumpToRule(rule: string): void {
  const rows = lab.get().draft.split("\n");
  const quoted = rule.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const given = new RegExp(`\\bname:\\s*['"]?${quoted}['"]?(?=[\\s,}]|$)`);
  const at = rows.findIndex((row) => given.test(row));
  jumpTo(at < 0 ? 1 : at + 1, at < 0 ? 1 : (rows[at] ?? "").search(given) + 1);
}
