// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Verdict } from "../src/core/types";
import { diff } from "../src/filters/diff";
import { marks } from "../src/filters/marks";
import { dictionaries } from "../src/filters/words";
import type { Word } from "../src/filters/words";

const lines = (before: string, after: string): string =>
  diff(before, after).map((one) => one.mark + one.text).join("|");

test("a diff keeps what both texts share and its near surroundings", () => {
  assert.equal(lines("a\nb\nc", "a\nb\nc"), "");
  assert.equal(lines("a\nb\nc", "a\nx\nc"), " a|-b|+x| c");
  assert.equal(lines("a\nb\nc\nd", "b\nc\ne\nd"), "-a| b| c|+e| d");
  assert.equal(lines("", "жол"), "-|+жол");
  assert.equal(lines("1\n2\n3\n4\n5\n6", "1\n2\n3\n4\n5\n7"), "…| 3| 4| 5|-6|+7");
});

test("a diff numbers removed lines in the old text and the others in the new one", () => {
  assert.deepEqual(
    diff("a\nb", "x\na\nc").map((one) => [one.mark, one.line]),
    [["+", 1], [" ", 2], ["-", 2], ["+", 3]],
  );
});

test("marks count code points and never show what is masked", () => {
  const verdict = {
    pii: [{ kind: "phone", start: 2, end: 5 }],
    why: [
      { filter: "f", rule: "r", start: 0, end: 1, score: 3 },
      { filter: "f", rule: "s", start: 2, end: 5, score: 0 },
      { filter: "f", rule: "t", start: 6, end: 9, score: -2 },
      { filter: "f", rule: "u", start: 0, end: 9, score: 1 },
    ],
  } as unknown as Verdict;
  assert.deepEqual(marks("🚦 123 жол", verdict), [
    { text: "🚦", hit: true, masked: false },
    { text: " ", hit: false, masked: false },
    { text: "▇▇▇▇", hit: false, masked: true },
    { text: " жол", hit: false, masked: false },
  ]);
});

test("the page's texts are complete in every language and fill the same places", () => {
  const places = (text: string): string =>
    [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort().join();
  for (const word of Object.keys(dictionaries.en) as Word[]) {
    const wanted = places(dictionaries.en[word]);
    assert.doesNotMatch(dictionaries.en[word], /[а-я]/i, word);
    for (const lang of ["kk", "ru"] as const) {
      const text = dictionaries[lang][word];
      assert.equal(places(text), wanted, word);
      if (wanted === "" || word !== "history.who") assert.match(text, /[а-яәғқңөұүһі]/i, word);
    }
  }
});
