// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  EMPTY,
  groups,
  inLine,
  likest,
  MESSAGES_KEPT,
  onAir,
  open,
  reduce,
  urgent,
} from "../src/core/state";
import type { State } from "../src/core/state";
import { legal } from "../src/core/acts";
import type {
  EventItem,
  Message,
  OwedState,
  Pledge,
  Question,
  Snapshot,
  Status,
} from "../src/core/types";

function question(n: number, more: Partial<Question> = {}): Question {
  return {
    n,
    no: n,
    status: "new",
    version: 1,
    text: { kk: `сұрақ ${n}` },
    topics: ["road"],
    count: 1,
    created_at: `2026-11-22T10:00:${String(n).padStart(2, "0")}.000Z`,
    ...more,
  };
}

function message(mid: number, more: Partial<Message> = {}): Message {
  const author = { name: "Айгүл", roles: [] };
  return { mid, source: "irc", author, at: "", deleted: false, ...more };
}

function started(snap: Partial<Snapshot> = {}): State {
  const state: Snapshot = {
    seq: 10,
    now: "2026-11-22T10:00:05.000Z",
    role: "moderator",
    stream: { id: "s", title: {}, languages: ["kk", "ru"], timezone: "UTC" },
    ...snap,
  };
  const now = Date.parse("2026-11-22T10:00:00.000Z");
  return reduce(EMPTY, { type: "frame", frame: { type: "snapshot", seq: 10, state }, now });
}

function events(state: State, ...items: EventItem[]): State {
  return reduce(state, { type: "frame", frame: { type: "events", items }, now: 0 });
}

test("a snapshot replaces everything and sets the clock", () => {
  const before = started({ questions: [question(1)] });
  const after = reduce(before, {
    type: "frame",
    now: Date.parse("2026-11-22T10:00:00.000Z"),
    frame: { type: "snapshot", seq: 20, state: { ...snapOf(before), questions: [question(2)] } },
  });
  assert.deepEqual([...after.questions.keys()], [2]);
  assert.equal(after.skew, 5000);
  assert.equal(after.epoch, before.epoch + 1);
});

function snapOf(state: State): Snapshot {
  const { role, stream } = state;
  return { seq: 20, now: "2026-11-22T10:00:05.000Z", role, stream };
}

test("an event moves a question through the line onto the air", () => {
  let state = started({ questions: [question(1)], counts: { new: 1 } });
  const queued = question(1, { status: "queued", version: 2 });
  state = events(state, { seq: 11, kind: "approve", question: queued, line: [1] });
  assert.deepEqual(inLine(state).map((one) => one.n), [1]);
  const live = question(1, { status: "on_air", version: 3 });
  state = events(state, { seq: 12, kind: "air", question: live, line: [], on_air: 1 });
  assert.equal(onAir(state)?.n, 1);
  assert.equal(state.seq, 12);
  assert.deepEqual(open(state), []);
});

test("what is gone from a role's view leaves the state", () => {
  const state = events(started({ questions: [question(1)] }), { seq: 11, kind: "gone", n: 1 });
  assert.equal(state.questions.size, 0);
});

test("the answer to an act is never undone by an older event", () => {
  let state = started({ questions: [question(1)] });
  const newest = question(1, { status: "queued", version: 3 });
  state = reduce(state, { type: "acted", seq: 15, questions: [newest] });
  state = events(state, { seq: 14, kind: "claim", question: question(1, { version: 2 }) });
  assert.equal(state.questions.get(1)?.version, 3);
  state = events(state, { seq: 15, kind: "approve", question: newest, line: [1] });
  assert.deepEqual(state.line, [1]);
});

test("a page of finished questions never overwrites what events have said", () => {
  const fresh = question(1, { status: "answered", version: 5 });
  let state = events(started(), { seq: 11, kind: "answer", question: fresh });
  state = reduce(state, { type: "loaded", questions: [question(1), question(2)] });
  assert.equal(state.questions.get(1)?.version, 5);
  assert.equal(state.questions.has(2), true);
});

test("messages keep their order, are replaced in place, and are capped", () => {
  let state = started({ messages: [message(2), message(1)] });
  assert.deepEqual(state.messages.map((one) => one.mid), [1, 2]);
  state = events(state, { seq: 11, kind: "delete", message: message(1, { deleted: true }) });
  assert.equal(state.messages[0]?.deleted, true);
  const many = Array.from({ length: MESSAGES_KEPT + 50 }, (_, i) => ({
    seq: 12 + i,
    kind: "message",
    message: message(3 + i),
  }));
  state = events(state, ...many);
  assert.equal(state.messages.length, MESSAGES_KEPT);
  assert.equal(state.messages[MESSAGES_KEPT - 1]?.mid, MESSAGES_KEPT + 52);
});

test("counts are merged and a null on_air is not taken for silence", () => {
  let state = started({ counts: { new: 3, queued: 1 }, on_air: 7 });
  state = events(state, { seq: 11, kind: "answer", counts: { queued: 2 } });
  assert.deepEqual(state.counts, { new: 3, queued: 2 });
  assert.equal(state.onAir, 7);
  state = events(state, { seq: 12, kind: "answer", on_air: null });
  assert.equal(state.onAir, null);
});

test("the overlay sees one question and loses it when it is gone", () => {
  let state = started({ role: "overlay", question: { n: 1, no: 1, text: { kk: "а" } } });
  assert.equal(state.shown?.n, 1);
  state = events(state, { seq: 11, kind: "show", question: question(2) });
  assert.equal(state.shown?.n, 2);
  state = events(state, { seq: 12, kind: "gone", n: 2 });
  assert.equal(state.shown, null);
});

test("groups: what needs a person first, then by title, other last", () => {
  const list = [
    question(1, { topics: [] }),
    question(2, { topics: [] }),
    question(3, { topics: ["fraud"] }),
    question(4, { topics: ["road", "fraud"] }),
    question(5, { topics: ["road"] }),
    question(6, { topics: [], held: "limit" }),
  ];
  const titles: Record<string, string> = { road: "Дороги", fraud: "Мошенничество" };
  const found = groups(list, (id) => titles[id] ?? id);
  assert.deepEqual(found.map((group) => group.id), ["held", "road", "fraud", "other"]);
  assert.equal(found[1]?.oldest, "2026-11-22T10:00:04.000Z");
});

test("an urgent item stands in its lane until someone takes it, then in the list", () => {
  const item = question(1, { urgent: "fire", question: false });
  const waiting = started({ questions: [item] });
  assert.equal(urgent(waiting).length, 1);
  assert.equal(open(waiting).length, 0);
  const taken = started({ questions: [{ ...item, taken_by: "user:a" }] });
  assert.equal(urgent(taken).length, 0);
  assert.equal(open(taken).length, 1);
});

test("random events: the line never shows what is not queued", () => {
  const statuses: Status[] = ["new", "queued", "on_air", "answered", "rejected"];
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  let state = started();
  for (let seq = 11; seq < 2000; seq++) {
    const n = 1 + random(20);
    const status = statuses[random(statuses.length)] ?? "new";
    const line = [n, 1 + random(20)];
    state = events(state, { seq, kind: "x", question: question(n, { status }), line });
    assert.ok(inLine(state).every((one) => one.status === "queued"));
  }
});

test("a question is merged at a key into the likest that is still open", () => {
  const like = [1, 2, 3].map((n) => ({ n, similarity: 0.9 - n / 10 }));
  const fresh = question(9, { like });
  const at = (...questions: Question[]) => likest(started({ questions }), fresh);

  assert.equal(at(question(4)), null); // none of them is at hand
  assert.equal(at(question(1), question(2))?.into.n, 1);
  const second = at(question(1, { status: "answered" }), question(2, { status: "queued" }));
  assert.equal(second?.into.n, 2);
  assert.equal(second?.percent, 70);
  const moved = question(1, { status: "merged", merged_into: 5 });
  assert.equal(at(moved, question(5, { status: "on_air" }))?.into.n, 5);
  assert.equal(at(question(1, { status: "merged", merged_into: 9 }), fresh), null);
  assert.equal(likest(started(), question(9)), null); // an older server names none
});

test("open promises stay until they are kept, and a late event brings none back", () => {
  const made = pledge(11, { broadcast: 1 });
  let state = started({ promises: [pledge(12), made] });
  assert.deepEqual(
    state.promises.map((one) => one.id),
    [11, 12],
  );
  state = events(state, { seq: 13, kind: "promise", promise: pledge(13) });
  state = events(state, { seq: 14, kind: "promise", promise: pledge(11, { version: 3 }) });
  state = events(state, { seq: 15, kind: "promise", promise: made });
  assert.equal(state.promises.find((one) => one.id === 11)?.version, 3);
  state = events(state, {
    seq: 16,
    kind: "promise",
    promise: pledge(11, { version: 4, state: "done" }),
  });
  assert.deepEqual(
    state.promises.map((one) => one.id),
    [12, 13],
  );
});

function pledge(id: number, more: Partial<Pledge> = {}): Pledge {
  return {
    id,
    version: 1,
    state: "open",
    text: "тексереміз",
    until: null,
    unit: null,
    broadcast: 2,
    n: null,
    no: null,
    by: "user:aigul",
    at: "2026-11-22T10:00:00.000Z",
    place_s: 60,
    note: null,
    changed_by: null,
    changed_at: null,
    ...more,
  };
}

test("what is owed allows the acts of its state in the register", () => {
  const owed = (state: OwedState): Question =>
    question(1, {
      status: "follow_up",
      owed: {
        state,
        since: null,
        forward_by: null,
        to: null,
        extended: null,
        written: null,
        note: null,
        settled_at: null,
        appeal: false,
      },
    });
  assert.equal(legal("extend", owed("open")), true);
  assert.equal(legal("reopen", owed("open")), false);
  assert.equal(legal("reopen", owed("closed")), true);
  assert.equal(legal("respond", owed("closed")), false);
  assert.equal(legal("forward", owed("answered")), false);
  assert.equal(legal("appeal", owed("closed")), true);
  assert.equal(legal("extend", question(1)), false);
  assert.equal(legal("reopen", question(1, { status: "answered" })), true);
});
