// SPDX-License-Identifier: Apache-2.0
// Made by api.mjs from docs/openapi.yaml (npm run api); changed there, not here.

export type Time = string | null;

export type Lang = "kk" | "ru" | "en";

export type Role = "admin" | "moderator" | "officer" | "viewer";

export type Status = "new" | "queued" | "on_air" | "answered" | "follow_up" | "rejected" | "merged";

export interface Texts {
  kk?: string;
  ru?: string;
  en?: string;
}

export interface Health {
  status?: string;
}

export interface Problem {
  type: "about:blank";
  title: string;
  status: number;
  code: "bad_request" | "unauthorized" | "forbidden" | "not_found" | "conflict" | "gone" | "length_required" | "too_large" | "misdirected" | "unprocessable" | "throttled" | "journal_down" | "stopping" | "internal";
  /** Plain words, for people */
  detail: string;
}

export type FilterTexts = { kk: string | null; ru: string | null; en: string | null } | null;

export interface Filters {
  version: string;
  files: ({ name: string; kind: string | null; id: string | null; title: FilterTexts; threshold: number | null; shipped: boolean; changed: boolean; rules: FilterRule[] })[];
}

export interface FilterRule {
  name: string;
  /** As written, with macros */
  re: string;
  unless: string | null;
  /** Of a mask */
  pii: string | null;
  score: number;
  /** Counted and shown, without effect */
  trial: boolean;
  description: FilterTexts;
  /** Lines since the program started */
  hits: number;
  /** Over the last ten minutes */
  hits_per_min: number;
  last_hit: Time | null;
  /** Microseconds where it is run, measured on the examples when the set was built */
  avg_us: number | null;
  /** Lines on which it reached its limit of work */
  stopped: number;
  /** Stopped too often: it is not run any more */
  quarantined: boolean;
}

export interface FilterIssue {
  file: string;
  /** From 1; 0: of the whole file */
  line: number;
  column: number;
  severity: "error" | "warning" | "note";
  text: string;
}

export interface Heard {
  n: number;
  no: number;
  broadcast: number;
  answered_at: Time;
  /** Of its broadcast, when it was put on air or answered */
  second: number | null;
  text: Texts;
  answer_note: string | null;
}

export interface Found {
  kind: "question" | "message";
  question?: Question;
  message?: Message;
  snippet: { text: string; ranges: number[][] };
}

export interface FilterFile {
  name: string;
  /** In force; null: there is none any more */
  content: string | null;
  /** Of the folders; null: one of our own */
  shipped_content: string | null;
  version: string;
  /** Newest first */
  history: ({ seq: number; at: Time; by: string; note: string | null; version: string; action: "change" | "revert" })[];
}

export type FilterChanged = FilterFile & { warnings: FilterIssue[] };

export type TrialLines = { mid: number; text: string; topics?: string[]; from?: string[]; to?: string[] }[];

export interface Trial {
  issues: FilterIssue[];
  lines: { text: string; verdict: Verdict }[];
  recent: { messages: number; totals: { gained?: number; lost?: number; moved?: number }; gained: TrialLines; lost: TrialLines; moved: TrialLines; counts: { filter: string; old: number; new: number }[] } | null;
}

export interface Session {
  user?: string;
  role?: Role;
  lang?: Lang | null;
  expires_at?: Time;
}

export interface Span {
  lang?: Lang;
  kind?: "iin" | "phone" | "card" | "iban" | "plate" | "email" | "document" | "address" | "name";
  /** Code points */
  start?: number;
  end?: number;
}

export interface Why {
  filter?: string;
  rule?: string;
  start?: number;
  end?: number;
  score?: number;
}

/** The officer gets n, no, status, version, text, lang, topics, count, name, urgent, pinned, position, note, note_acked, queued_at and aired_at of queued questions and the one on air; the overlay gets n, no and text of what is shown; viewers get no original. */
export interface Question {
  /** Unique in the stream, never reused */
  n: number;
  /** What people see and say; counts from 1 in each broadcast */
  no: number;
  broadcast?: number;
  status?: Status;
  version?: number;
  text: Texts;
  original?: string | null;
  lang?: "kk" | "ru" | "en" | "mixed" | "latn" | "other";
  topics?: string[];
  /** false: here only because urgent or held */
  question?: boolean;
  urgent?: string | null;
  held?: string | null;
  abuse?: boolean;
  spam?: boolean;
  pii?: string[];
  /** The first five */
  askers?: ({ mid?: number | null; name?: string | null; source?: string; at?: Time; text?: string | null; deleted?: boolean })[];
  /** Officer: the first name of the first asker */
  name?: string | null;
  /** Distinct authors */
  count?: number;
  /** Place in the line, from 0 */
  position?: number | null;
  pinned?: boolean;
  claimed_by?: string | null;
  note?: string | null;
  note_acked?: boolean;
  answer_note?: string | null;
  reason?: string | null;
  unit?: string | null;
  due?: string | null;
  /** Its place in the register while it is follow_up; null otherwise */
  owed?: Owed | null;
  taken_by?: string | null;
  taken_at?: Time;
  merged_into?: number | null;
  edited?: boolean;
  deleted?: boolean;
  muted?: boolean;
  source?: string | null;
  created_at?: Time;
  updated_at?: Time;
  queued_at?: Time;
  aired_at?: Time;
  answered_at?: Time;
  /** When it queues itself, unless somebody acts */
  auto_at?: Time;
  last_actor?: string | null;
  /** The event of the last act on it */
  last_act?: number | null;
  /** What the program said of it in the chats, or did not */
  replies?: ({ reply?: "received" | "on_air" | "answered" | "writing" | "urgent"; source?: string; outcome?: "sent" | "dropped" | "refused"; reason?: "late" | "full" | "passed" | "replaced" | "stopped" | "unsent" | "silent" | "no_time" | "refused" | null; detail?: string | null; at?: Time })[];
  /** Answered questions, of any broadcast, that this one was like when it came; the likest first */
  before?: Heard & { similarity: number }[];
  /** What was last answered on its topic when it came */
  heard?: Heard | null;
  /** Open questions that this one was like when it came, the likest first; they may be decided since */
  like?: { n: number; similarity: number }[];
  why?: Why[];
}

export interface Owed {
  state: "open" | "forwarded" | "answered" | "closed";
  since: Time;
  /** Until when it should be sent on if it is not ours */
  forward_by: string | null;
  /** To whom it was sent */
  to: string | null;
  /** Why the due date was moved */
  extended: string | null;
  /** The answer that was given; null for viewers */
  written: string | null;
  /** With which it was forwarded or closed; null for viewers */
  note: string | null;
  settled_at: Time;
  /** A candidate appeal: whether it is one is for a lawyer to decide */
  appeal: boolean;
}

export interface Promise {
  id: number;
  version: number;
  state: "open" | "done" | "dropped";
  text: string;
  until: string | null;
  unit: string | null;
  /** In which it was made */
  broadcast: number;
  /** The question that it answers */
  n: number | null;
  no: number | null;
  /** Who noted it */
  by: string;
  at: Time;
  /** Seconds into the broadcast; null: none was live */
  place_s: number | null;
  /** With which it was done or dropped */
  note: string | null;
  changed_by: string | null;
  changed_at: Time;
}

export interface Register {
  seq: number;
  /** In the time zone of the stream */
  today: string;
  terms: { answer_days?: number; forward_days?: number } | null;
  /** Of the whole register; amber and red of those that are open */
  counts: { open?: number; forwarded?: number; answered?: number; closed?: number; amber?: number; red?: number };
  /** That are named in the register */
  units: string[];
  /** That are asked for */
  total: number;
  items: ({ question: Question; left: number | null; level: "none" | "amber" | "red"; calendar_known: boolean; link: string | null; can_send: boolean })[];
  /** The `after` of the next page */
  next: number | null;
}

export interface Act {
  version: number;
  /** reject: abuse, off_topic, private, repeat, answered, spam or other; extend: in words */
  reason?: string;
  /** reject, answer, forward, close */
  note?: string;
  /** follow_up, assign (empty: nobody) */
  unit?: string;
  /** follow_up (default: by the terms of the settings), extend: 2026-12-15; moves on from a day off */
  due?: string;
  /** forward: to whom it was sent */
  to?: string;
  /** appeal: marks a candidate appeal, or takes the mark away */
  on?: boolean;
  /** merge */
  into?: number;
  /** merge */
  into_version?: number;
  /** edit: the wordings; note: the text, or null to take it away; respond: the answer that was given */
  text?: Texts | string | null;
  /** edit */
  allow_pii?: boolean;
  /** topic */
  topics?: string[];
  /** pin */
  pinned?: boolean;
  /** move: in front of this question */
  before?: number;
  /** move: behind this question; neither: to the top */
  after?: number;
}

export interface Verdict {
  lang?: string;
  question?: boolean;
  score?: number;
  topics?: string[];
  urgent?: string | null;
  abuse?: boolean;
  spam?: boolean;
  pii?: Span[];
  masked?: string;
  why?: Why[];
  held?: string;
}

/** Viewers: without text, id and author.id */
export interface Message {
  mid?: number;
  /** The platform's */
  id?: string | null;
  source?: string;
  author?: { id?: string | null; name?: string | null; roles?: string[] };
  text?: string | null;
  masked?: string | null;
  at?: Time;
  received_at?: Time;
  verdict?: Verdict | null;
  deleted?: boolean;
  backlog?: boolean;
  /** The question that it became or joined */
  n?: number | null;
}

/** A message, or {"delete": id}, or {"delete_author": id} */
export interface IntakeLine {
  id?: string;
  author?: { id?: string; name?: string; roles?: string[] };
  text?: string;
  at?: string;
  reply_to?: string;
  delete?: string;
  delete_author?: string;
}

export interface Import {
  accepted: number;
  errors: ({ line?: number; code?: "utf8" | "empty" | "long" | "topic" | "lang" | "same" | "same_line" | "columns" | "quote" | "too_many" | "refused"; of?: number | null; error?: string })[];
  /** Of a try: what each line would become */
  items?: { line?: number; text?: string; lang?: Lang; topic?: string; asker?: string; pii?: boolean }[];
}

export interface Intake {
  /** Looked at */
  lines?: number;
  accepted?: number;
  duplicates?: number;
  /** The first hundred */
  errors?: { line?: number; error?: string }[];
}

export interface Source {
  name?: string;
  kind?: string;
  target?: string;
  enabled?: boolean;
  state?: "off" | "connecting" | "live" | "quiet" | "degraded" | "refused" | "ended";
  code?: string;
  reason?: string;
  last_message_at?: Time;
  next_try_at?: Time;
  messages?: number;
  duplicates?: number;
  garbage?: number;
  reconnects?: number;
  per_minute?: number;
  /** what the platform allows and how much of it is spent; null when it sets none */
  quota?: { used?: number; of?: number } | null;
  can_send?: boolean;
  /** the program's own replies into this chat; why they stopped, and what the platform said */
  replies?: { state?: "off" | "on" | "stopped"; reason?: "refused" | "unsent" | "by_hand" | null; detail?: string | null; by?: string | null; waiting?: number };
  added?: boolean;
}

export interface SourceChanged {
  seq?: number;
  source?: Source;
}

export interface Broadcast {
  id?: number;
  status?: "planned" | "live" | "ended";
  /** The rule that queues by itself is on */
  auto_queue?: boolean;
  /** It is being rehearsed; all of that will be erased */
  rehearsal?: boolean;
  title?: string | null;
  opened_at?: Time;
  started_at?: Time;
  ended_at?: Time;
  questions?: number;
  messages?: number;
}

export interface Setup {
  /** By the server's clock */
  at: Time;
  timezone: string | null;
  public_url: string | null;
  counts: { ok: number; warn: number; fail: number };
  checks: ({ id: string; name: string | null; level: "ok" | "warn" | "fail"; code: string; figures: { [key: string]: string | number | null } })[];
}

export interface Stats {
  seq: number;
  at: Time;
  broadcast: Broadcast;
  counts: { messages?: number; questions?: number; urgent?: number; held?: number; by_hand?: number; status?: { [key: string]: number } };
  /** Answered ones of those neither rejected nor merged */
  answer_rate: number | null;
  wait: { approved?: StatsWait; aired?: StatsWait };
  topics: StatsGroups;
  langs: StatsGroups;
  sources: StatsGroups;
  people: { user?: string; acts?: StatsActs }[];
  acts: StatsActs;
  /** By the minute; the first one begins at `from` */
  series: { from?: Time; step_s?: 60; messages?: number[]; questions?: number[]; aired?: number[] };
}

/** How often each act */
export type StatsActs = { [key: string]: number };

/** Seconds since a question was asked */
export interface StatsWait {
  n?: number;
  p50_s?: number;
  p90_s?: number;
  max_s?: number;
}

export interface StatsGroups {
  /** 1: aired in the shares in which it was asked */
  fairness?: number | null;
  /** The most asked first */
  items?: { key?: string; asked?: number; approved?: number; aired?: number; answered?: number; rejected?: number; merged?: number }[];
}

export interface Report {
  about: { stream?: string | null; stream_id?: string | null; broadcast?: number; title?: string | null; opened_at?: Time; started_at?: Time; ended_at?: Time; edition?: "internal" | "public"; made_at?: Time; head?: string };
  /** Counts; waits in milliseconds from arrival to air */
  figures: { received?: number; authors?: number; asking?: number; items?: number; recognised?: number; by_hand?: number; urgent?: number; held?: number; askers?: number; approved?: number; aired?: number; answered?: number; owed?: number; rejected?: number; merged?: number; carried?: number; open?: number; wait_median?: number | null; wait_p90?: number | null; wait_max?: number | null; unlisted?: number; withheld?: number };
  /** Rejected, by reason */
  reasons: { abuse?: number; off_topic?: number; private?: number; repeat?: number; answered?: number; spam?: number; other?: number };
  topics: ({ name?: string; asked?: number; heard?: number; share?: number | null; aired?: number; answered?: number; owed?: number; rejected?: number; wait?: number | null })[];
  languages: ReportGroup[];
  sources: ReportGroup[];
  busiest: { minute?: Time; messages?: number; asked?: number }[];
  /** From `n` on only in the internal edition */
  questions: ({ no: number; at: Time; lang: string; topic: string; status: "new" | "queued" | "on_air" | "answered" | "follow_up" | "rejected" | "merged" | "carried"; wording: string | null; count: number; n?: number; source?: string | null; original?: string | null; names?: string | null; reason?: string | null; unit?: string | null; due?: string | null; note?: string | null; aired_at?: Time; answered_at?: Time })[];
}

export interface ReportGroup {
  name?: string;
  messages?: number;
  asked?: number;
  heard?: number;
  /** Heard of asked */
  share?: number | null;
  aired?: number;
  answered?: number;
  owed?: number;
  rejected?: number;
  /** Median in milliseconds */
  wait?: number | null;
}

export interface BroadcastChanged {
  seq?: number;
  broadcast?: Broadcast;
}

export interface User {
  name: string;
  role: Role;
  lang: Lang | null;
  has_password: boolean;
  created_at: Time;
}

export interface Token {
  id: number;
  role: "overlay" | "intake";
  name: string;
  created_at?: Time;
}

export interface OpenSession {
  id: number;
  user: string;
  role: Role;
  address: string;
  created_at: Time;
  seen_at: Time;
  current: boolean;
}

export interface WaitingLink {
  id: number;
  role: Role;
  /** null: signs in as the role alone */
  user: string | null;
  expires_at: Time;
}

export interface MadeLink {
  id: number;
  url: string;
  expires_at: Time;
  /** An SVG picture */
  qr: string | null;
}

export interface AdminEntry {
  id: number;
  at: Time;
  /** null: the command line */
  who: string | null;
  act: "user_add" | "user_role" | "user_password" | "user_remove" | "session_end" | "token_add" | "token_revoke" | "link_add" | "link_revoke" | "link_use";
  /** A user or a token; null: a link that is nobody's */
  what: string | null;
  role: "admin" | "moderator" | "officer" | "viewer" | "overlay" | "intake";
}

export interface Event {
  seq?: number;
  at?: Time;
  /** `user:name`, `source:name` or `system` */
  actor?: string;
  kind?: string;
  broadcast?: number;
  /** null: erased when its retention ended */
  body?: { [key: string]: unknown } | null;
}

export type Counts = { [key: string]: number };

/** Moderators, admins and viewers get all of it; the officer gets broadcast, line, on_air, questions and counts.queued; the overlay gets `question` and `rehearsal` alone. */
export interface State {
  seq: number;
  now: Time;
  role: "admin" | "moderator" | "officer" | "viewer" | "overlay";
  stream: { id?: string; title?: Texts; languages?: Lang[]; timezone?: string };
  broadcast?: Broadcast | null;
  /** In the order of airing */
  line?: number[];
  on_air?: number | null;
  overlay?: number | null;
  /** Open ones, the newest first, at most 100 */
  promises?: Promise[];
  /** To the overlay: mark what is shown */
  rehearsal?: boolean;
  question?: Question | null;
  sources?: Source[];
  topics?: { id?: string; title?: Texts }[];
  questions?: Question[];
  counts?: Counts;
  messages?: Message[];
  people?: ({ user?: string; role?: string; page?: string | null })[];
  warnings?: { code?: string; text?: string }[];
}

/** An event that touches several questions gives several items with the same seq; what changed beside them goes with the last. */
export interface LiveItem {
  seq: number;
  kind: string;
  /** gone */
  n?: number;
  question?: Question;
  message?: Message;
  source?: Source;
  broadcast?: Broadcast;
  promise?: Promise;
  counts?: Counts;
  line?: number[];
  on_air?: number | null;
  overlay?: number | null;
}
