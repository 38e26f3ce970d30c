// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { legal } from "../src/core/acts";
import { largestFitting } from "../src/core/fit";
import { keyName } from "../src/core/keys";
import type { KeyPress } from "../src/core/keys";
import { matches, settle, sorted } from "../src/core/order";
import { maskedPieces, pieces } from "../src/core/spans";
import { readTarget } from "../src/core/target";
import { day, until } from "../src/core/time";
import type { Question } from "../src/core/types";
import { readParams } from "../src/overlay/params";

function press(key: string, code: string, more: Partial<KeyPress> = {}): KeyPress {
  const none = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
  return { key, code, ...none, ...more };
}

function question(n: number, more: Partial<Question> = {}): Question {
  const text = { ru: `вопрос ${n}` };
  return { n, no: n, status: "new", version: 1, text, topics: [], count: 1, ...more };
}

test("keys mean the same on Latin, Russian and Kazakh layouts", () => {
  const table: [KeyPress, string | null][] = [
    [press("a", "KeyA"), "a"],
    [press("ф", "KeyA"), "a"],
    [press("A", "KeyA", { shiftKey: true }), "shift+a"],
    [press("a", "KeyQ"), "a"], // AZERTY: the letter typed counts
    [press("я", "KeyZ", { ctrlKey: true }), "ctrl+z"],
    [press("z", "KeyZ", { metaKey: true }), "ctrl+z"],
    [press("ә", "Digit2"), "2"], // Kazakh letters live on the digit row
    [press("0", "Numpad0"), "0"],
    [press(".", "Slash"), "/"], // Russian layout
    [press("/", "Slash"), "/"],
    [press(",", "Slash", { shiftKey: true }), "?"],
    [press("?", "Digit7", { shiftKey: true }), "?"],
    [press("Enter", "Enter", { shiftKey: true }), "shift+enter"],
    [press(" ", "Space"), "space"],
    [press("Escape", "Escape"), "esc"],
    [press("a", "KeyA", { altKey: true }), null],
    [press("Shift", "ShiftLeft", { shiftKey: true }), null],
    [press("ю", "Period"), null],
  ];
  for (const [given, wanted] of table) assert.equal(keyName(given), wanted, given.code);
});

test("only acts that the status allows are offered", () => {
  assert.equal(legal("approve", question(1)), true);
  assert.equal(legal("air", question(1)), false);
  assert.equal(legal("air", question(1, { status: "queued" })), true);
  assert.equal(legal("reopen", question(1, { status: "answered" })), true);
  assert.equal(legal("edit", question(1, { status: "merged" })), false);
  assert.equal(legal("take", question(1)), false);
  assert.equal(legal("take", question(1, { urgent: "fire" })), true);
  assert.equal(legal("take", question(1, { urgent: "fire", taken_by: "user:a" })), false);
});

test("a held list keeps its order: new items wait, lost ones stay", () => {
  assert.deepEqual(settle([3, 2, 1], [4, 3, 1], true, false), { order: [3, 2, 1], waiting: 1 });
  assert.deepEqual(settle([3, 2, 1], [4, 3, 1], false, false), { order: [4, 3, 1], waiting: 0 });
  assert.deepEqual(settle([1, 2], [1, 2, 3], true, true), { order: [1, 2, 3], waiting: 0 });
  assert.deepEqual(settle([], [1], true, false), { order: [1], waiting: 0 });
});

test("pinned questions come first in every order", () => {
  const list = [question(1, { count: 2 }), question(2, { pinned: true }), question(3, { count: 5 })];
  const ns = (sort: "oldest" | "newest" | "asked"): number[] =>
    sorted(list, sort).map((one) => one.n);
  assert.deepEqual(ns("oldest"), [2, 1, 3]);
  assert.deepEqual(ns("newest"), [2, 3, 1]);
  assert.deepEqual(ns("asked"), [2, 3, 1]);
});

test("search finds by number, wording and name", () => {
  const one = question(12, { original: "Жол ҚАШАН жөнделеді", name: "Айгүл" });
  for (const query of ["№12", "12", "қашан", "айгүл", "вопрос", ""]) {
    assert.equal(matches(one, query), true, query);
  }
  assert.equal(matches(one, "көпір"), false);
});

test("spans count code points, overlap and overrun without harm", () => {
  const text = "😀 87011234567 қоңырау";
  const spans = [{ kind: "phone", start: 2, end: 13 }];
  assert.deepEqual(pieces(text, spans), [
    { text: "😀 ", kind: null },
    { text: "87011234567", kind: "phone" },
    { text: " қоңырау", kind: null },
  ]);
  const wild = [
    { kind: "a", start: 0, end: 3 },
    { kind: "b", start: 1, end: 99 },
  ];
  assert.deepEqual(
    pieces("abcde", wild).map((piece) => piece.text),
    ["abc", "de"],
  );
  assert.equal(pieces("", wild).length, 0);
});

test("masked text is cut at its bars", () => {
  assert.deepEqual(maskedPieces("а ▇▇▇▇ б"), [
    { text: "а ", kind: null },
    { text: "▇▇▇▇", kind: "masked" },
    { text: " б", kind: null },
  ]);
});

test("a pasted link tells the platform and the channel", () => {
  const table: [string, ReturnType<typeof readTarget>][] = [
    ["https://www.twitch.tv/SKO_police", { kind: "twitch", target: "sko_police" }],
    ["twitch.tv/popout/sko/chat", { kind: "twitch", target: "sko" }],
    ["#efir", { kind: "irc", target: "#efir" }],
    ["wss://irc.example.kz/#efir", { kind: "irc", target: "#efir", url: "wss://irc.example.kz/" }],
    [" sko_police ", { kind: null, target: "sko_police" }],
    ["https://youtu.be/dQw4w9WgXcQ?t=3", { kind: "youtube", target: "https://youtu.be/dQw4w9WgXcQ?t=3" }],
    ["m.youtube.com/live/x", { kind: "youtube", target: "m.youtube.com/live/x" }],
    ["https://t.me/sko_efir/340", { kind: "telegram", target: "https://t.me/sko_efir/340" }],
    ["https://fb.watch/abc/", { kind: "facebook", target: "https://fb.watch/abc/" }],
    ["https://live.vkvideo.ru/sko", { kind: "vklive", target: "https://live.vkvideo.ru/sko" }],
    ["https://vk.com/video-1_2", { kind: "vk", target: "https://vk.com/video-1_2" }],
    ["https://notyoutube.com/live/x", { kind: null, target: "https://notyoutube.com/live/x" }],
    ["config/demo.ndjson", { kind: "replay", target: "config/demo.ndjson" }],
  ];
  for (const [text, wanted] of table) assert.deepEqual(readTarget(text), wanted, text);
});

test("the time to the next try never runs below nothing", () => {
  const at = "2026-01-15T12:00:10.000Z";
  const now = Date.parse("2026-01-15T12:00:00.000Z");
  assert.equal(until(at, now, 0), 10_000);
  assert.equal(until(at, now, 4000), 6000);
  assert.equal(until(at, now + 60_000, 0), 0);
  assert.equal(until(null, now, 0), null);
  assert.equal(until("soon", now, 0), null);
});

test("the largest fitting size is found", () => {
  for (const limit of [44, 45, 63, 95, 96]) {
    assert.equal(largestFitting(44, 96, (px) => px <= limit), limit);
  }
  assert.equal(largestFitting(44, 96, () => false), 44);
});

test("overlay parameters: nonsense falls back, languages come decoded", () => {
  const plain = readParams("");
  assert.deepEqual(plain.langs, ["kk", "ru"]);
  assert.equal(plain.safe, 90);
  assert.equal(plain.chroma, null);
  assert.deepEqual(readParams("?lang=kk+ru").langs, ["kk", "ru"]);
  assert.deepEqual(readParams("?lang=kk%2Bru").langs, ["kk", "ru"]);
  assert.deepEqual(readParams("?lang=ru").langs, ["ru"]);
  assert.deepEqual(readParams("?lang=xx").langs, ["kk", "ru"]);
  const odd = readParams("?safe=abc&max=99&scale=-3&hold=&pos=left&chroma=0f0");
  assert.equal(odd.safe, 90);
  assert.equal(odd.max, 4);
  assert.equal(odd.scale, 0.5);
  assert.equal(odd.hold, 0);
  assert.equal(odd.pos, "bottom");
  assert.equal(odd.chroma, "#0f0");
});

test("a day has the name of its month in Kazakh too", () => {
  assert.equal(day("2026-11-23T12:00:00Z", "kk"), "23 қар.");
  assert.equal(day("2026-11-23T12:00:00Z", "ru"), "23 нояб.");
});
