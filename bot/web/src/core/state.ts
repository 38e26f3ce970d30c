// SPDX-License-Identifier: Apache-2.0
// One pure reducer: snapshot and events in, state out. Nothing here knows of sockets, the clock or
// the page. Every question remembers the number of the event that set it, so that the answer to an
// act (which may arrive before or after its event) never turns a newer item back into an older one.
import type {
  Broadcast,
  Counts,
  EventItem,
  Frame,
  Lang,
  Message,
  OverlayQuestion,
  Person,
  Pledge,
  Question,
  Role,
  Snapshot,
  Source,
  Status,
  Stream,
  Texts,
  Topic,
  Warning,
} from "./types";

export const MESSAGES_KEPT = 300;

export interface State {
  ready: boolean;
  epoch: number; // grows with each snapshot: what was paged in before it is gone
  seq: number;
  role: Role;
  skew: number; // server clock minus ours, ms
  stream: Stream;
  broadcast: Broadcast | null;
  sources: Source[];
  topics: Topic[];
  questions: ReadonlyMap<number, Question>;
  seqOf: ReadonlyMap<number, number>;
  counts: Counts;
  line: number[];
  onAir: number | null;
  overlay: number | null;
  shown: OverlayQuestion | null; // the overlay page's own view
  promises: Pledge[]; // open ones, oldest first
  rehearsal: boolean; // to the overlay: what is shown is only an exercise
  messages: Message[]; // oldest first
  people: Person[];
  warnings: Warning[];
  officerSeen: string | null;
  overlaySeen: string | null;
  failed: number; // checks of /setup that fail
}

export type Action =
  | { type: "frame"; frame: Frame; now: number }
  | { type: "acted"; seq: number; questions: Question[] }
  | { type: "loaded"; questions: Question[] }
  | { type: "sources"; sources: Source[] }
  | { type: "broadcast"; broadcast: Broadcast }
  | { type: "overlay"; overlay: number | null };

export const EMPTY: State = {
  ready: false,
  epoch: 0,
  seq: 0,
  role: "viewer",
  skew: 0,
  stream: { id: "", title: {}, languages: ["kk", "ru"], timezone: "UTC" },
  broadcast: null,
  sources: [],
  topics: [],
  questions: new Map(),
  seqOf: new Map(),
  counts: {},
  line: [],
  onAir: null,
  overlay: null,
  shown: null,
  promises: [],
  rehearsal: false,
  messages: [],
  people: [],
  warnings: [],
  officerSeen: null,
  overlaySeen: null,
  failed: 0,
};

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "frame":
      return applyFrame(state, action.frame, action.now);
    case "acted":
      return putQuestions(state, action.questions, action.seq);
    case "loaded":
      return putQuestions(state, action.questions, 0);
    case "sources":
      return { ...state, sources: action.sources };
    case "broadcast":
      return { ...state, broadcast: action.broadcast };
    case "overlay":
      return { ...state, overlay: action.overlay };
  }
}

function applyFrame(state: State, frame: Frame, now: number): State {
  switch (frame.type) {
    case "snapshot":
      return fromSnapshot(state, frame.state, frame.seq, now);
    case "events":
      return applyEvents(state, frame.items);
    case "status":
      return {
        ...state,
        skew: skew(frame.now, now),
        people: frame.people ?? state.people,
        sources: frame.sources ?? state.sources,
        warnings: frame.warnings ?? state.warnings,
        officerSeen: frame.officer_seen ?? null,
        overlaySeen: frame.overlay_seen ?? null,
        failed: frame.checks?.fail ?? state.failed,
      };
    default:
      return state; // a later server may say more; what we know still holds
  }
}

function skew(server: string | undefined, now: number): number {
  const at = server ? Date.parse(server) : NaN;
  return Number.isNaN(at) ? 0 : at - now;
}

// A snapshot replaces everything: what it does not hold is gone.
function fromSnapshot(state: State, snap: Snapshot, seq: number, now: number): State {
  const questions = new Map<number, Question>();
  const seqOf = new Map<number, number>();
  for (const question of snap.questions ?? []) {
    questions.set(question.n, question);
    seqOf.set(question.n, seq);
  }
  return {
    ...EMPTY,
    ready: true,
    epoch: state.epoch + 1,
    seq,
    role: snap.role,
    skew: skew(snap.now, now),
    stream: snap.stream ?? state.stream,
    broadcast: snap.broadcast ?? null,
    sources: snap.sources ?? [],
    topics: snap.topics ?? [],
    questions,
    seqOf,
    counts: snap.counts ?? {},
    line: snap.line ?? [],
    onAir: snap.on_air ?? null,
    overlay: snap.overlay ?? null,
    shown: snap.question ?? null,
    promises: (snap.promises ?? []).slice().sort((a, b) => a.id - b.id),
    rehearsal: snap.rehearsal ?? false,
    messages: (snap.messages ?? []).slice().sort((a, b) => a.mid - b.mid),
    people: snap.people ?? [],
    warnings: snap.warnings ?? [],
    officerSeen: state.officerSeen,
    overlaySeen: state.overlaySeen,
    failed: state.failed,
  };
}

function putQuestions(state: State, list: Question[], seq: number): State {
  if (list.length === 0) return state;
  const questions = new Map(state.questions);
  const seqOf = new Map(state.seqOf);
  for (const question of list) {
    const known = seqOf.get(question.n);
    if (known !== undefined && known > seq) continue;
    questions.set(question.n, question);
    seqOf.set(question.n, seq);
  }
  return { ...state, questions, seqOf };
}

function applyEvents(state: State, items: EventItem[]): State {
  const draft: State = {
    ...state,
    questions: new Map(state.questions),
    seqOf: new Map(state.seqOf),
  };
  const messages = new Map<number, Message>();
  for (const item of items) applyItem(draft, item, messages);
  if (messages.size > 0) draft.messages = mergeMessages(state.messages, messages);
  return draft;
}

function applyItem(draft: State, item: EventItem, messages: Map<number, Message>): void {
  const questions = draft.questions as Map<number, Question>;
  const seqOf = draft.seqOf as Map<number, number>;
  if (item.seq > draft.seq) draft.seq = item.seq;
  if (item.kind === "gone" && item.n !== undefined) {
    questions.delete(item.n);
    seqOf.delete(item.n);
    if (draft.shown?.n === item.n) draft.shown = null;
  }
  if (item.question && (seqOf.get(item.question.n) ?? 0) <= item.seq) {
    questions.set(item.question.n, item.question);
    seqOf.set(item.question.n, item.seq);
    if (draft.role === "overlay") draft.shown = item.question;
  }
  if (item.message) messages.set(item.message.mid, item.message);
  if (item.source) draft.sources = putSource(draft.sources, item.source);
  if (item.promise) draft.promises = putPromise(draft.promises, item.promise);
  if (item.broadcast) draft.broadcast = item.broadcast;
  if (item.counts) draft.counts = { ...draft.counts, ...item.counts };
  if (item.line) draft.line = item.line;
  if (item.on_air !== undefined) draft.onAir = item.on_air;
  if (item.overlay !== undefined) {
    draft.overlay = item.overlay;
    if (draft.role === "overlay" && item.overlay === null) draft.shown = null;
  }
}

// Only what is still to be kept stays; a late event does not bring back an older version.
function putPromise(promises: Pledge[], fresh: Pledge): Pledge[] {
  const known = promises.find((one) => one.id === fresh.id);
  if (known && known.version > fresh.version) return promises;
  const others = promises.filter((one) => one.id !== fresh.id);
  if (fresh.state !== "open") return others;
  return [...others, fresh].sort((a, b) => a.id - b.id);
}

function putSource(sources: Source[], source: Source): Source[] {
  const at = sources.findIndex((one) => one.name === source.name);
  if (at < 0) return [...sources, source];
  return sources.map((one, i) => (i === at ? source : one));
}

function mergeMessages(old: Message[], fresh: Map<number, Message>): Message[] {
  const kept = old.map((message) => {
    const newer = fresh.get(message.mid);
    if (newer) fresh.delete(message.mid);
    return newer ?? message;
  });
  const all = fresh.size > 0 ? [...kept, ...fresh.values()] : kept;
  all.sort((a, b) => a.mid - b.mid);
  return all.length > MESSAGES_KEPT ? all.slice(all.length - MESSAGES_KEPT) : all;
}

// ---- what the pages ask of the state

export const OTHER = "other"; // no topic filter fired
export const HELD = "held"; // judging failed: a person decides

export function isUrgent(question: Question): boolean {
  return Boolean(question.urgent) && !question.taken_by && question.status === "new";
}

export function open(state: State): Question[] {
  return [...state.questions.values()].filter(
    (question) => question.status === "new" && !question.muted && !isUrgent(question),
  );
}

export function urgent(state: State): Question[] {
  return [...state.questions.values()].filter(isUrgent).sort((a, b) => a.n - b.n);
}

export function withStatus(state: State, status: Status): Question[] {
  return [...state.questions.values()].filter((question) => question.status === status);
}

export function inLine(state: State): Question[] {
  return state.line
    .map((n) => state.questions.get(n))
    .filter((question): question is Question => question?.status === "queued");
}

export function onAir(state: State): Question | null {
  return state.onAir === null ? null : (state.questions.get(state.onAir) ?? null);
}

export function topicOf(question: Question): string {
  return question.held ? HELD : (question.topics[0] ?? OTHER);
}

// What a question may be merged into at a key: the likest that is still open. One that was merged
// since leads to where it went.
export function likest(
  state: State,
  question: Question,
): { into: Question; percent: number } | null {
  for (const like of question.like ?? []) {
    let into = state.questions.get(like.n);
    if (into?.status === "merged") into = state.questions.get(into.merged_into ?? 0);
    if (!into || into.n === question.n) continue;
    if (!["new", "queued", "on_air"].includes(into.status)) continue;
    return { into, percent: Math.round(like.similarity * 100) };
  }
  return null;
}

export interface Group {
  id: string;
  count: number;
  oldest: string | null; // when its oldest item came
}

// Groups by title, so that they stay where they are while their counts change; what needs a person
// first, "other" last.
export function groups(questions: Question[], title: (id: string) => string): Group[] {
  const byId = new Map<string, Group>();
  for (const question of questions) {
    const id = topicOf(question);
    const group = byId.get(id) ?? { id, count: 0, oldest: null };
    group.count++;
    const at = question.created_at ?? null;
    if (at !== null && (group.oldest === null || at < group.oldest)) group.oldest = at;
    byId.set(id, group);
  }
  const rank = (group: Group): number => (group.id === HELD ? 0 : group.id === OTHER ? 2 : 1);
  return [...byId.values()].sort(
    (a, b) => rank(a) - rank(b) || title(a.id).localeCompare(title(b.id)),
  );
}

export function nameOf(question: Question): string | null {
  return question.name ?? question.askers?.[0]?.name ?? null;
}

export function firstName(question: Question): string | null {
  return nameOf(question)?.trim().split(/\s+/)[0] ?? null;
}

// The wording in the reader's language, else in whichever there is.
export function wording(question: { text: Texts }, lang: Lang): string {
  const text = question.text;
  return text[lang] ?? text.kk ?? text.ru ?? text.en ?? "";
}
