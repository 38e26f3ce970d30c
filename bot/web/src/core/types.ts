// SPDX-License-Identifier: Apache-2.0
// The words of the API (docs/openapi.yaml), as the pages read them. Members that only some roles
// receive are optional; a page never guesses what the server has left out.

export type Role = "admin" | "moderator" | "officer" | "viewer" | "overlay" | "intake";
export type Lang = "kk" | "ru" | "en";
export type Status =
  | "new"
  | "queued"
  | "on_air"
  | "answered"
  | "follow_up"
  | "rejected"
  | "merged";
export type Reason =
  | "abuse"
  | "off_topic"
  | "private"
  | "repeat"
  | "answered"
  | "spam"
  | "other";
export type Texts = { [lang in Lang]?: string };

export interface Span {
  kind: string;
  start: number;
  end: number;
  lang?: Lang;
}

export interface Why {
  filter: string;
  rule: string;
  start?: number;
  end?: number;
  score?: number;
}

export interface Asker {
  mid: number | null;
  name: string | null;
  source: string;
  at: string;
  text: string | null;
  deleted: boolean;
}

// What the program said of a question in a chat, or did not.
export interface Reply {
  reply: "received" | "on_air" | "answered" | "writing" | "urgent";
  source: string;
  outcome: "sent" | "dropped" | "refused";
  reason: string | null;
  detail: string | null; // in the platform's words
  at: string;
}

// An open question that one was like when it came.
export interface Like {
  n: number;
  similarity: number; // 0..1
}

// An answered question, as one would speak of it.
export interface Heard {
  n: number;
  no: number;
  broadcast: number;
  answered_at: string | null;
  second: number | null; // of its broadcast
  text: Texts;
  answer_note: string | null;
}

export type OwedState = "open" | "forwarded" | "answered" | "closed";

// A question's place in the register, while it is owed.
export interface Owed {
  state: OwedState;
  since: string | null;
  forward_by: string | null;
  to: string | null;
  extended: string | null;
  written: string | null;
  note: string | null;
  settled_at: string | null;
  appeal: boolean;
}

// What was promised on air.
export interface Pledge {
  id: number;
  version: number;
  state: "open" | "done" | "dropped";
  text: string;
  until: string | null;
  unit: string | null;
  broadcast: number;
  n: number | null;
  no: number | null;
  by: string;
  at: string;
  place_s: number | null;
  note: string | null;
  changed_by: string | null;
  changed_at: string | null;
}

export interface Question {
  n: number;
  no: number;
  status: Status;
  version: number;
  text: Texts;
  topics: string[];
  count: number;
  lang?: string;
  broadcast?: number;
  original?: string | null;
  question?: boolean;
  urgent?: string | null;
  held?: string | null;
  abuse?: boolean;
  spam?: boolean;
  pii?: string[];
  askers?: Asker[];
  name?: string | null;
  pinned?: boolean;
  claimed_by?: string | null;
  note?: string | null;
  note_acked?: boolean;
  answer_note?: string | null;
  reason?: Reason | null;
  unit?: string | null;
  due?: string | null;
  owed?: Owed | null;
  taken_by?: string | null;
  taken_at?: string | null;
  merged_into?: number | null;
  edited?: boolean;
  deleted?: boolean;
  muted?: boolean;
  source?: string | null;
  position?: number | null;
  created_at?: string;
  updated_at?: string;
  queued_at?: string | null;
  aired_at?: string | null;
  answered_at?: string | null;
  auto_at?: string | null; // when it queues itself
  last_act?: number | null; // the event
  last_actor?: string | null;
  like?: Like[];
  before?: (Heard & { similarity: number })[]; // answered ones that it is like
  heard?: Heard | null; // what was answered on its topic just before it
  replies?: Reply[];
  why?: Why[];
}

export interface Verdict {
  lang: string;
  question: boolean;
  score: number;
  topics: string[];
  urgent: string | null;
  abuse: boolean;
  spam: boolean;
  pii: Span[];
  masked: string;
  why: Why[];
  held?: string;
}

export interface Message {
  mid: number;
  id?: string | null;
  source: string;
  author: { id?: string; name: string | null; roles: string[] };
  text?: string;
  masked?: string;
  at: string;
  received_at?: string;
  verdict?: Verdict;
  deleted: boolean;
  backlog?: boolean;
  n?: number | null;
}

export interface Source {
  name: string;
  kind: string;
  target: string;
  enabled: boolean;
  state: string;
  code?: string;
  reason?: string;
  last_message_at: string | null;
  next_try_at?: string | null;
  messages?: number;
  duplicates?: number;
  garbage?: number;
  reconnects?: number;
  per_minute?: number;
  quota?: { used: number; of: number } | null;
  can_send?: boolean;
  replies?: {
    state: "off" | "on" | "stopped";
    reason: string | null;
    detail: string | null;
    by: string | null;
    waiting: number;
  };
  added?: boolean;
}

export interface Broadcast {
  id: number;
  status: "planned" | "live" | "ended";
  rehearsal?: boolean;
  auto_queue?: boolean;
  title: string | Texts | null;
  opened_at?: string | null;
  started_at?: string | null;
  ended_at?: string | null;
  questions?: number;
  messages?: number;
}

export interface Topic {
  id: string;
  title: Texts;
}

export interface Person {
  user: string;
  role: Role;
  page?: string | null;
}

export interface Warning {
  code: string;
  text: string;
}

export interface Stream {
  id: string;
  title: Texts;
  languages: Lang[];
  timezone: string;
}

export type Counts = { [status in Status]?: number };

export interface Snapshot {
  seq: number;
  now: string;
  role: Role;
  stream: Stream;
  broadcast?: Broadcast;
  sources?: Source[];
  topics?: Topic[];
  questions?: Question[];
  question?: OverlayQuestion | null;
  rehearsal?: boolean; // to the overlay
  counts?: Counts;
  line?: number[];
  on_air?: number | null;
  overlay?: number | null;
  promises?: Pledge[];
  messages?: Message[];
  people?: Person[];
  warnings?: Warning[];
}

export interface OverlayQuestion {
  n: number;
  no: number;
  text: Texts;
}

export interface EventItem {
  seq: number;
  kind: string;
  n?: number;
  question?: Question;
  message?: Message;
  source?: Source;
  broadcast?: Broadcast;
  promise?: Pledge;
  counts?: Counts;
  line?: number[];
  on_air?: number | null;
  overlay?: number | null;
}

export type Frame =
  | { type: "snapshot"; seq: number; state: Snapshot }
  | { type: "events"; items: EventItem[] }
  | {
      type: "status";
      now: string;
      people?: Person[];
      sources?: Source[];
      officer_seen?: string | null;
      overlay_seen?: string | null;
      checks?: { warn: number; fail: number };
      warnings?: Warning[];
    };

export interface Session {
  user: string;
  role: Role;
  lang: Lang | null;
  expires_at?: string;
}
