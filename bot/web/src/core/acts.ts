// SPDX-License-Identifier: Apache-2.0
// Which act is legal on which question: the same table as the server's, so that the pages only
// offer what will be accepted. The server decides all the same.
import type { OwedState, Question, Reason, Role, Status } from "./types";

export type Act =
  | "approve"
  | "reject"
  | "air"
  | "stop"
  | "later"
  | "answer"
  | "follow_up"
  | "restore"
  | "reopen"
  | "merge"
  | "split"
  | "edit"
  | "topic"
  | "pin"
  | "move"
  | "claim"
  | "release"
  | "note"
  | "ack"
  | "take"
  | "forward"
  | "extend"
  | "assign"
  | "respond"
  | "close"
  | "appeal"
  | "cancel"
  | "reveal";

const FROM: Record<Act, readonly Status[]> = {
  approve: ["new", "follow_up"],
  reject: ["new", "queued"],
  air: ["queued"],
  stop: ["on_air"],
  later: ["on_air"],
  answer: ["on_air", "queued"],
  follow_up: ["new", "queued", "on_air", "answered"],
  restore: ["rejected", "follow_up"],
  reopen: ["answered", "follow_up"],
  merge: ["new", "queued"],
  split: ["merged"],
  edit: ["new", "queued", "on_air", "answered", "follow_up", "rejected"],
  topic: ["new", "queued", "on_air", "answered", "follow_up", "rejected"],
  pin: ["new", "queued"],
  move: ["queued"],
  claim: ["new", "queued"],
  release: ["new", "queued"],
  note: ["new", "queued", "on_air"],
  ack: ["queued", "on_air"],
  take: ["new", "queued", "on_air", "answered", "follow_up", "rejected"],
  forward: ["follow_up"],
  extend: ["follow_up"],
  assign: ["follow_up"],
  respond: ["follow_up"],
  close: ["follow_up"],
  appeal: ["follow_up"],
  cancel: ["new"],
  reveal: ["new", "queued", "on_air", "answered", "follow_up", "rejected", "merged"],
};

// What is owed has states of its own, which the acts of the register depend on.
const OWED: { [act in Act]?: readonly OwedState[] } = {
  reopen: ["forwarded", "answered", "closed"],
  forward: ["open", "forwarded"],
  extend: ["open", "forwarded"],
  assign: ["open", "forwarded", "answered"],
  respond: ["open", "forwarded", "answered"],
  close: ["open", "forwarded", "answered"],
};

export function legal(act: Act, question: Question): boolean {
  const owed = question.status === "follow_up" ? OWED[act] : undefined;
  if (owed && !owed.includes(question.owed?.state ?? "open")) return false;
  if (act === "take" && (!question.urgent || question.taken_by)) return false;
  if (act === "cancel" && !question.auto_at) return false;
  return FROM[act].includes(question.status);
}

export function mayModerate(role: Role): boolean {
  return role === "admin" || role === "moderator";
}

// In the order of the keys 1 to 7.
export const REASONS: readonly Reason[] = [
  "abuse",
  "off_topic",
  "private",
  "repeat",
  "answered",
  "spam",
  "other",
];
