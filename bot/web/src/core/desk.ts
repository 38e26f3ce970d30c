// SPDX-License-Identifier: Apache-2.0
// The state of a page that works with the queue (console, officer): the reducer's store, the live
// connection that feeds it, and the acts that go back with the version they were decided on.
import { has, t } from "../i18n";
import type { Key } from "../i18n";
import { legal } from "./acts";
import type { Act } from "./acts";
import { asProblem, post } from "./api";
import type { Problem } from "./api";
import type { Link } from "./live";
import { EMPTY, reduce } from "./state";
import type { Action, State } from "./state";
import { createStore } from "./store";
import { dismiss, toast } from "./toast";
import type { Question } from "./types";

export const desk = createStore<State>(EMPTY);
export const link = createStore<Link>({ state: "connecting", frameAt: 0 });

export function dispatch(action: Action): void {
  desk.update((old) => reduce(old, action));
}

export interface Conflict {
  act: Act;
  body: object;
  mine: Question;
  current: Question;
}

export const conflict = createStore<Conflict | null>(null);
export const busy = createStore<ReadonlySet<number>>(new Set());

interface Acted {
  seq: number;
  question?: Question | null;
  questions?: Question[];
  answered?: Question | null;
  overlay?: number | null;
}

// How one act is taken back: by the server's undo, or by the act that reverses it.
type Reverse = () => Promise<void>;

interface Done {
  toast: number;
  reverse: Reverse;
}

const UNDO_KEPT = 30;
let undoable: Done[] = [];

// Words for a failure, for people. The server's own detail stands where we have no words.
export function failure(problem: Problem): string {
  if (problem.code === "offline") return t("error.offline");
  const key = `error.${problem.code}`;
  if (has(key)) return t(key as Key);
  return problem.detail || t("error.other", { status: problem.status });
}

export function fail(error: unknown): void {
  toast(failure(asProblem(error)), "bad");
}

// Acts made without a connection are refused at once: what is on screen may be old.
export function connected(): boolean {
  if (link.get().state === "live") return true;
  toast(t("error.offline"), "bad");
  return false;
}

function mark(n: number, on: boolean): void {
  busy.update((old) => {
    const next = new Set(old);
    if (on) next.add(n);
    else next.delete(n);
    return next;
  });
}

function take(answer: Acted): void {
  settle(answer);
  if (answer.overlay !== undefined) dispatch({ type: "overlay", overlay: answer.overlay });
}

function settle(answer: Acted): void {
  const list = [answer.question, answer.answered, ...(answer.questions ?? [])];
  const questions = list.filter((one): one is Question => Boolean(one));
  dispatch({ type: "acted", seq: answer.seq, questions });
}

function report(text: string, reverse: Reverse | null): void {
  if (!reverse) {
    toast(text);
    return;
  }
  const done: Done = { reverse, toast: 0 };
  done.toast = toast(text, "plain", () => void undo(done));
  undoable = [...undoable, done].slice(-UNDO_KEPT);
}

function undoneBySeq(seq: number): Reverse {
  return async () => settle(await post<Acted>("/undo", { seq }));
}

const underWay = new Set<Promise<unknown>>();

function send(path: string, body: object): Promise<Acted> {
  const answer = post<Acted>(path, body);
  underWay.add(answer);
  const over = (): boolean => underWay.delete(answer);
  answer.then(over, over);
  return answer;
}

// Sends one act. Resolves to null when it was refused (the person has been told), or to the
// problem when the caller wants to deal with personal data (422) itself.
export async function act(
  question: Question,
  kind: Act,
  body: object = {},
): Promise<Question | Problem | null> {
  if (!connected()) return null;
  mark(question.n, true);
  try {
    const path = `/questions/${question.n}/${kind}`;
    const answer = await send(path, { version: question.version, ...body });
    settle(answer);
    const key = `done.${kind}` as const;
    if (has(key)) report(t(key, { no: question.no }), undoneBySeq(answer.seq));
    return answer.question ?? question;
  } catch (error) {
    return refused(asProblem(error), { act: kind, body, mine: question });
  } finally {
    mark(question.n, false);
  }
}

// What is said of an act on many questions: of those that it was done to, and of those that were left.
export interface Many {
  done: (n: number) => string;
  left: (n: number) => string;
}

// One act on many questions, one after the other, and one undo for all of it. What does not take it, or
// was changed by somebody else meanwhile, stays as it is.
export async function actAll(
  ns: readonly number[],
  kind: Act,
  body: (question: Question) => object,
  many: Many,
): Promise<void> {
  if (!connected()) return;
  const seqs: number[] = [];
  for (const n of ns) {
    const question = desk.get().questions.get(n);
    if (!question || !legal(kind, question)) continue;
    const seq = await actOnOne(question, kind, body(question));
    if (seq !== null) seqs.unshift(seq);
  }
  const back = async (): Promise<void> => {
    for (const seq of seqs) await undoneBySeq(seq)();
  };
  if (seqs.length > 0) report(many.done(seqs.length), back);
  if (seqs.length < ns.length) toast(many.left(ns.length - seqs.length), "bad");
}

async function actOnOne(question: Question, kind: Act, body: object): Promise<number | null> {
  mark(question.n, true);
  try {
    const path = `/questions/${question.n}/${kind}`;
    const answer = await send(path, { version: question.version, ...body });
    settle(answer);
    return answer.seq;
  } catch (error) {
    const { question: current } = asProblem(error);
    if (current) dispatch({ type: "loaded", questions: [current] });
    return null;
  } finally {
    mark(question.n, false);
  }
}

function refused(problem: Problem, tried: Omit<Conflict, "current">): Problem | null {
  if (problem.status === 409 && problem.question) {
    dispatch({ type: "loaded", questions: [problem.question] });
    conflict.set({ ...tried, current: problem.question });
    return null;
  }
  if (problem.status === 422 && problem.pii) return problem;
  toast(failure(problem), "bad");
  return null;
}

interface Reversal {
  path: string;
  body: object;
}

// A command that is not an act on one question; `reversal` is the command that takes it back.
export async function command(
  path: string,
  body: object,
  done: string,
  reversal: Reversal | null = null,
): Promise<boolean> {
  if (!connected()) return false;
  try {
    take(await send(path, body));
    const back = reversal;
    report(done, back && (async () => take(await post<Acted>(back.path, back.body))));
    return true;
  } catch (error) {
    fail(error);
    return false;
  }
}

// The guard refuses a double press: it names the question that was on air when the person chose.
export async function airNext(): Promise<boolean> {
  if (!connected()) return false;
  const { onAir, line } = desk.get();
  if (onAir === null && line.length === 0) {
    toast(t("done.none_left"));
    return false;
  }
  try {
    const answer = await send("/air/next", { on_air: onAir });
    settle(answer);
    const no = answer.question?.no;
    const done = no === undefined ? t("done.none_left") : t("done.air", { no });
    report(done, undoneBySeq(answer.seq));
    return true;
  } catch (error) {
    const problem = asProblem(error);
    toast(problem.status === 409 ? t("error.double") : failure(problem), "bad");
    return false;
  }
}

// What is under way comes first: undo means the last key that was pressed, also when its answer
// is not here yet.
export async function undoLast(): Promise<void> {
  await Promise.allSettled([...underWay]);
  const last = undoable[undoable.length - 1];
  if (last) await undo(last);
  else toast(t("undo.nothing"));
}

async function undo(done: Done): Promise<void> {
  if (!connected()) return;
  undoable = undoable.filter((one) => one !== done);
  dismiss(done.toast);
  try {
    await done.reverse();
    toast(t("undo.done"));
  } catch (error) {
    const problem = asProblem(error);
    const built = problem.status === 409 || problem.status === 404;
    toast(built ? t("undo.built_on") : failure(problem), "bad");
  }
}
