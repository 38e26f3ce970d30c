// SPDX-License-Identifier: Apache-2.0
// Everything a moderator can do, by name: buttons and keys both come here. Keys act on the selected
// question; where that makes no sense for it, on the question on air.
import { legal, mayModerate } from "../core/acts";
import { act, airNext, command, desk, undoLast } from "../core/desk";
import { belongsToControl, isTyping, keyName } from "../core/keys";
import { likest, onAir } from "../core/state";
import { toast } from "../core/toast";
import type { Question } from "../core/types";
import { t } from "../i18n";
import type { Key } from "../i18n";
import { offer } from "./before";
import { onBulkKey, tick } from "./ticks";
import { change, listed, toggleSingle, ui } from "./ui";

export function selected(): Question | null {
  const n = ui.get().selected;
  return n === null ? null : (desk.get().questions.get(n) ?? null);
}

// Shows a question wherever it now is.
export function goTo(n: number): void {
  const status = desk.get().questions.get(n)?.status ?? "answered";
  if (status === "on_air") return;
  const tab = status === "new" ? "open" : status === "merged" ? "rejected" : status;
  leaveControl();
  change({ tab, topic: null, query: "", selected: n, pane: "list" });
}

// Whoever moves the selection works on the list: Enter is then no longer for the tab or button that
// was clicked before.
function leaveControl(): void {
  const focused = document.activeElement;
  if (focused instanceof HTMLElement) focused.blur();
}

export function step(by: number): void {
  const order = listed.get();
  const at = order.indexOf(ui.get().selected ?? -1);
  const next = at < 0 ? (by > 0 ? 0 : order.length - 1) : at + by;
  const n = order[Math.max(0, Math.min(next, order.length - 1))];
  if (n === undefined) return;
  leaveControl();
  change({ selected: n });
}

// The selection moves on before the answer is here, so that the next key meets the next question.
function moveOn(from: Question): void {
  if (ui.get().selected !== from.n) return;
  const order = listed.get();
  const at = order.indexOf(from.n);
  change({ selected: order[at + 1] ?? order[at - 1] ?? null });
}

export function approve(question: Question): void {
  if (!legal("approve", question)) return refuse(question);
  moveOn(question);
  void act(question, "approve");
}

// Into the one that it was like when it came.
export function mergeLike(question: Question): void {
  const like = likest(desk.get(), question);
  if (!like || !legal("merge", question)) return refuse(question);
  moveOn(question);
  void act(question, "merge", { into: like.into.n, into_version: like.into.version });
}

export function reject(question: Question): void {
  if (question.status === "rejected") return void act(question, "restore");
  if (!legal("reject", question)) return refuse(question);
  change({ dialog: { kind: "reject", n: question.n } });
}

export function rejectFor(question: Question, reason: string, note: string): void {
  moveOn(question);
  void act(question, "reject", note ? { reason, note } : { reason });
}

export function air(question: Question): void {
  if (question.status === "new") {
    toast(t("hint.approve_first"));
    return;
  }
  if (!legal("air", question)) return refuse(question);
  void act(question, "air");
}

export function answer(question: Question): void {
  if (question.status === "answered") return void act(question, "reopen");
  if (!legal("answer", question)) return refuse(question);
  if (question.status === "queued") moveOn(question);
  void act(question, "answer");
}

export function inWriting(question: Question): void {
  if (question.status === "follow_up") return void act(question, "restore");
  if (!legal("follow_up", question)) return refuse(question);
  change({ dialog: { kind: "follow_up", n: question.n } });
}

export function pin(question: Question): void {
  if (legal("pin", question)) void act(question, "pin", { pinned: !question.pinned });
}

export function claim(question: Question): void {
  if (!legal("claim", question)) return;
  void act(question, question.claimed_by ? "release" : "claim");
}

export function reveal(question: Question): void {
  const revealed = new Set(ui.get().revealed);
  if (revealed.delete(question.n)) {
    change({ revealed });
    return;
  }
  const show = (): void => change({ revealed: revealed.add(question.n) });
  // What is masked is shown only after the journal has noted who asked to see it.
  if (!question.pii?.length && !question.abuse) return show();
  void act(question, "reveal").then((done) => {
    if (done && "n" in done) show();
  });
}

export function move(question: Question, by: -1 | 1): void {
  const line = desk.get().line;
  const other = line[line.indexOf(question.n) + by];
  if (!legal("move", question) || other === undefined) return;
  void act(question, "move", by < 0 ? { before: other } : { after: other });
}

export function moveTo(question: Question, target: number, before: boolean): void {
  if (question.n === target) return;
  void act(question, "move", before ? { before: target } : { after: target });
}

export function toggleShow(): void {
  const state = desk.get();
  const current = onAir(state);
  if (!current) return void toast(t("hint.nothing_on_air"));
  if (state.overlay === current.n) return clearOverlay();
  const show = { n: current.n };
  const back = { path: "/overlay/clear", body: {} };
  void command("/overlay/show", show, t("done.shown", { no: current.no }), back);
}

export function clearOverlay(): void {
  const n = desk.get().overlay;
  const back = n === null ? null : { path: "/overlay/show", body: { n } };
  void command("/overlay/clear", {}, t("done.cleared"), back);
}

function refuse(question: Question): void {
  toast(t("hint.not_possible", { status: t(`status.${question.status}`) }));
}

function select(question: Question | null): Question | null {
  if (!question) toast(t("hint.select_first"));
  return question;
}

function onSelected(what: (question: Question) => void): () => void {
  return () => {
    const question = select(selected());
    if (question) what(question);
  };
}

// The selected question if the act fits it, else the one on air.
function onFitting(fits: (q: Question) => boolean, what: (q: Question) => void): () => void {
  return () => {
    const chosen = selected();
    const current = onAir(desk.get());
    const question = chosen && fits(chosen) ? chosen : (current ?? chosen);
    if (select(question) && question) what(question);
  };
}

function dialogOn(kind: "edit" | "topic" | "merge" | "why"): (question: Question) => void {
  return (question) => {
    const needs = kind === "why" ? "reveal" : kind;
    if (legal(needs, question)) change({ dialog: { kind, n: question.n } });
    else refuse(question);
  };
}

let escAt = 0;

function escape(): void {
  const now = Date.now();
  if (now - escAt < 700) clearOverlay();
  else if (ui.get().query) change({ query: "" });
  escAt = now;
}

export interface Shortcut {
  keys: string[];
  caps: string; // how the help sheet shows them
  label: Key;
  run: () => void;
}

const done = (q: Question): boolean => legal("answer", q) || q.status === "answered";
const writing = (q: Question): boolean => legal("follow_up", q) || q.status === "follow_up";
const onlyAir = (q: Question): boolean => q.status === "on_air";

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ["j", "down"], caps: "J  ↓", label: "key.next_row", run: () => step(1) },
  { keys: ["k", "up"], caps: "K  ↑", label: "key.prev_row", run: () => step(-1) },
  { keys: ["a", "y"], caps: "A  Y", label: "act.approve", run: onSelected(approve) },
  { keys: ["r", "n"], caps: "R  N", label: "key.reject", run: onSelected(reject) },
  { keys: ["enter"], caps: "Enter", label: "act.air", run: onSelected(air) },
  { keys: ["shift+enter"], caps: "Shift Enter", label: "act.next", run: () => void airNext() },
  { keys: ["d"], caps: "D", label: "key.answer", run: onFitting(done, answer) },
  { keys: ["w"], caps: "W", label: "act.follow_up", run: onFitting(writing, inWriting) },
  {
    keys: ["l"],
    caps: "L",
    label: "act.later",
    run: onFitting(onlyAir, (q) => (legal("later", q) ? void act(q, "later") : refuse(q))),
  },
  {
    keys: ["shift+l"],
    caps: "Shift L",
    label: "act.stop",
    run: onFitting(onlyAir, (q) => (legal("stop", q) ? void act(q, "stop") : refuse(q))),
  },
  { keys: ["s"], caps: "S", label: "key.show", run: toggleShow },
  { keys: ["0"], caps: "0  Esc Esc", label: "key.clear", run: clearOverlay },
  { keys: ["e"], caps: "E", label: "act.edit", run: onFitting(() => true, dialogOn("edit")) },
  { keys: ["t"], caps: "T", label: "act.topic", run: onSelected(dialogOn("topic")) },
  { keys: ["m"], caps: "M", label: "act.merge", run: onSelected(dialogOn("merge")) },
  { keys: ["+"], caps: "=", label: "key.merge_like", run: onSelected(mergeLike) },
  { keys: ["x"], caps: "X", label: "key.tick", run: onSelected(tick) },
  { keys: ["z"], caps: "Z", label: "key.single", run: toggleSingle },
  { keys: ["p"], caps: "P", label: "act.pin", run: onSelected(pin) },
  {
    keys: ["b"],
    caps: "B",
    label: "key.promise",
    run: () => change({ dialog: { kind: "promise" } }),
  },
  { keys: ["c"], caps: "C", label: "act.claim", run: onSelected(claim) },
  { keys: ["o"], caps: "O", label: "act.reveal", run: onSelected(reveal) },
  { keys: ["i"], caps: "I", label: "act.why", run: onSelected(dialogOn("why")) },
  {
    keys: ["shift+up"],
    caps: "Shift ↑",
    label: "act.move_up",
    run: onSelected((q) => move(q, -1)),
  },
  {
    keys: ["shift+down"],
    caps: "Shift ↓",
    label: "act.move_down",
    run: onSelected((q) => move(q, 1)),
  },
  { keys: ["u", "ctrl+z"], caps: "U  Ctrl Z", label: "undo", run: () => void undoLast() },
  { keys: ["g"], caps: "G", label: "key.before", run: onSelected(offer) },
  { keys: ["/"], caps: "/", label: "key.search", run: () => change({ dialog: { kind: "search" } }) },
  { keys: ["f"], caps: "F", label: "key.filter", run: () => focusSearch() },
  {
    keys: ["?"],
    caps: "?",
    label: "key.help",
    run: () => change({ dialog: { kind: "help" } }),
  },
];

// What a viewer, who decides nothing, may still press.
const READING = new Set(["j", "k", "up", "down", "f", "z", "?"]);

function focusSearch(): void {
  document.querySelector<HTMLInputElement>("#search")?.focus();
}

export function onKeyDown(event: KeyboardEvent): void {
  if (event.isComposing || ui.get().dialog) return;
  const name = keyName(event);
  if (name === null || isTyping(event.target)) return;
  if (belongsToControl(event.target, name)) return;
  if (mayModerate(desk.get().role) && onBulkKey(name)) return event.preventDefault();
  if (name === "esc") return escape();
  const shortcut = SHORTCUTS.find((one) => one.keys.includes(name));
  if (!shortcut) return;
  if (!mayModerate(desk.get().role) && !READING.has(name)) return;
  event.preventDefault();
  if (!event.repeat || name === "j" || name === "k" || /^(up|down)$/.test(name)) shortcut.run();
}
