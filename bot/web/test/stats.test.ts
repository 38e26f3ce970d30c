// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { groupsCsv, largestShare, minutesCsv, shares } from "../src/stats/tables";
import type { Group, Stats } from "../src/stats/types";
import { dictionaries } from "../src/stats/words";
import type { Word } from "../src/stats/words";

const group = (key: string, asked: number, aired: number, rejected = 0): Group => ({
  key,
  asked,
  aired,
  rejected,
  approved: aired,
  answered: aired,
  merged: 0,
});

const stats = {
  series: {
    from: "2026-03-01T10:59:00.000Z",
    step_s: 60,
    messages: [5, 0],
    questions: [2, 1],
    aired: [0, 1],
  },
  topics: { fairness: null, items: [group("road", 3, 1)] },
  langs: { fairness: null, items: [] },
  sources: { fairness: null, items: [group('=a"b,c', 1, 0, 1)] },
} as unknown as Stats;

test("the minutes are a table with a time in each line", () => {
  assert.equal(
    minutesCsv(stats),
    "minute,messages,questions,aired\r\n2026-03-01T10:59Z,5,2,0\r\n2026-03-01T11:00Z,0,1,1\r\n",
  );
});

test("a source cannot smuggle a formula or a column into the table", () => {
  assert.equal(
    groupsCsv(stats),
    "kind,key,asked,approved,aired,answered,rejected,merged\r\n" +
      'topics,road,3,1,1,1,0,0\r\nsources,"\'=a""b,c",1,0,0,0,1,0\r\n',
  );
});

test("shares leave out what was rejected and are nothing when there is nothing", () => {
  const groups = { fairness: 1, items: [group("kk", 3, 1), group("ru", 4, 3, 3)] };
  assert.deepEqual(shares(groups, groups.items[0] as Group), { asked: 0.75, aired: 0.25 });
  assert.equal(largestShare(groups), 0.75);
  const none = { fairness: null, items: [group("kk", 1, 0, 1)] };
  assert.deepEqual(shares(none, none.items[0] as Group), { asked: 0, aired: 0 });
});

test("the page's texts are complete in every language and fill the same places", () => {
  const places = (text: string): string =>
    [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort().join();
  for (const word of Object.keys(dictionaries.en) as Word[]) {
    const wanted = places(dictionaries.en[word]);
    assert.doesNotMatch(dictionaries.en[word], /[а-я]/i, word);
    for (const lang of ["kk", "ru"] as const) {
      assert.equal(places(dictionaries[lang][word]), wanted, word);
      assert.match(dictionaries[lang][word], /[а-яәғқңөұүһі]/i, word);
    }
  }
});
