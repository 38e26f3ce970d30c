// SPDX-License-Identifier: Apache-2.0
// Which act is legal on which question: the same table as the server's, so that the pages only
// offer what will be accepted. The server decides all the same.
import type { Question, Reason, Role, Status } from "./types";

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
  reopen: ["answered"],
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
  reveal: ["new", "queued", "on_air", "answered", "follow_up", "rejected", "merged"],
};

export function legal(act: Act, question: Question): boolean {
  if (act === "take" && (!question.urgent || question.taken_by)) return false;
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
