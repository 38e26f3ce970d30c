// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { beforeOf, heardOf } from "../src/console/before";
import type { Heard, Question } from "../src/core/types";
import { NOTHING, authorOf, pieces, query } from "../src/search/find";
import { dictionaries } from "../src/search/words";

test("what was found is cut by code points, not by halves of emoji", () => {
  const cut = pieces({ text: "😀 Кала жол", ranges: [[2, 6], [7, 10]] });
  assert.deepEqual(
    cut.map((one) => [one.text, one.hit]),
    [["😀 ", false], ["Кала", true], [" ", false], ["жол", true]],
  );
  assert.deepEqual(pieces({ text: "", ranges: [] }), []);
});

test("only what narrows is asked for, and of a chat only what lines have", () => {
  assert.equal(query(NOTHING, null), "kind=question&limit=30");
  const wish = { ...NOTHING, q: " жол&x ", status: "new", topic: "road", mine: true, pii: true };
  assert.equal(
    new URLSearchParams(query(wish, 7)).get("q"),
    "жол&x",
  );
  const lines = query({ ...wish, kind: "message" }, null);
  for (const name of ["status", "topic", "mine"]) assert.ok(!lines.includes(`${name}=`));
  assert.ok(lines.includes("pii=true"));
});

test("an author is named by chat and id, for the path of a request", () => {
  const message = { mid: 1, source: "t", author: { id: "a/б", name: "x", roles: [] }, at: "", deleted: false };
  assert.equal(authorOf(message), "t%3Aa%2F%D0%B1");
  assert.equal(authorOf({ ...message, author: { name: "x", roles: [] } }), null);
});

test("an earlier answer is offered while it can be given, the topic's for some minutes", () => {
  const heard: Heard = {
    n: 1, no: 1, broadcast: 1, answered_at: "2026-10-12T10:00:00.000Z", second: 192, text: {}, answer_note: null,
  };
  const question: Question = {
    n: 2, no: 2, status: "new", version: 1, text: {}, topics: [], count: 1,
    created_at: "2026-10-12T10:05:00.000Z", heard, before: [{ ...heard, similarity: 1 }],
  };
  assert.equal(heardOf(question, 10), heard);
  assert.equal(heardOf(question, 4), null);
  assert.equal(heardOf(question, 0), null);
  assert.equal(heardOf({ ...question, created_at: "2026-10-12T09:59:00.000Z" }, 10), null);
  assert.equal(beforeOf(question)?.n, 1);
  assert.equal(beforeOf({ ...question, status: "rejected" }), null);
  assert.equal(beforeOf({ ...question, before: [] }), null);
});

test("the panel's texts are complete in every language and fill the same places", () => {
  const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [key, text] of Object.entries(dictionaries.en)) {
    for (const lang of ["kk", "ru"] as const) {
      const other = dictionaries[lang][key as keyof typeof dictionaries.en];
      assert.ok(other.trim(), `${lang} ${key}`);
      assert.deepEqual(places(other), places(text), `${lang} ${key}`);
    }
  }
});
