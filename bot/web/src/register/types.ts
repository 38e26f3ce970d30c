// SPDX-License-Identifier: Apache-2.0
// The words of GET /register and of one question with its history, as this page reads them.
import type { Message, OwedState, Question } from "../core/types";

export interface Entry {
  question: Question;
  left: number | null; // working days; null: the clock does not run
  level: "none" | "amber" | "red";
  calendar_known: boolean;
  link: string | null;
  can_send: boolean;
}

export interface Register {
  seq: number;
  today: string;
  terms: { answer_days: number; forward_days: number } | null;
  counts: Record<OwedState | "amber" | "red", number>;
  units: string[];
  total: number;
  items: Entry[];
  next: number | null;
}

export interface Past {
  seq: number;
  at: string;
  actor: string;
  kind: string;
  body: Record<string, unknown> | null;
}

export interface Whole extends Question {
  messages?: Message[];
  history?: Past[];
  history_complete?: boolean;
}

export interface Filters {
  state: OwedState | "";
  unit: string;
  topic: string;
  broadcast: number; // 0: all
  overdue: "" | "soon" | "true";
  appeal: boolean;
  q: string;
}

export const NO_FILTERS: Filters = {
  state: "open",
  unit: "",
  topic: "",
  broadcast: 0,
  overdue: "",
  appeal: false,
  q: "",
};

// The query of the API that these filters are; the same for the list and for the table.
export function queryOf(filters: Filters): URLSearchParams {
  const query = new URLSearchParams();
  if (filters.state) query.set("state", filters.state);
  if (filters.unit) query.set("unit", filters.unit);
  if (filters.topic) query.set("topic", filters.topic);
  if (filters.broadcast) query.set("broadcast", String(filters.broadcast));
  if (filters.overdue) query.set("overdue", filters.overdue);
  if (filters.appeal) query.set("appeal", "true");
  if (filters.q.trim()) query.set("q", filters.q.trim());
  return query;
}
