// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { promiseWords } from "../src/console/promise_words";
import type { Lang, Question } from "../src/core/types";
import type { Plural } from "../src/i18n";
import { dateOf, dayOf, leftOf } from "../src/register/days";
import { polite, tongueOf } from "../src/register/polite";
import { NO_FILTERS, queryOf } from "../src/register/types";
import type { Entry } from "../src/register/types";
import { dictionaries, say } from "../src/register/words";
import type { Word } from "../src/register/words";

const asked: Question = {
  n: 7,
  no: 12,
  status: "follow_up",
  version: 1,
  text: { kk: "қашан" },
  topics: [],
  count: 1,
};

function entry(left: number | null): Entry {
  return {
    question: asked,
    left,
    level: "none",
    calendar_known: true,
    link: null,
    can_send: false,
  };
}

test("what is left of a term is said in words", () => {
  const words = (lang: Lang, left: number | null): string =>
    leftOf(entry(left), (word, args) => say(lang, word, args));
  assert.equal(words("ru", 1), "остался 1 рабочий день");
  assert.equal(words("ru", 12), "осталось 12 рабочих дней");
  assert.equal(words("ru", -2), "просрочено на 2 рабочих дня");
  assert.equal(words("kk", 3), "3 жұмыс күні қалды");
  assert.equal(words("kk", -1), "1 жұмыс күніне кешікті");
  assert.equal(words("en", 0), "today is the last day");
  assert.equal(words("en", null), "");
});

test("a date is a day of the year that people know, in the stream's own zone", () => {
  assert.equal(dateOf("2026-12-15", "kk", "2026-11-24"), "15 желтоқсан");
  assert.equal(dateOf("2027-01-05", "kk", "2026-11-24"), "2027 ж. 5 қаңтар");
  assert.equal(dateOf("2026-12-15", "ru", "2026-11-24"), "15 декабря");
  assert.match(dateOf("2027-01-05", "ru", "2026-11-24"), /5 января 2027/);
  assert.equal(dateOf("сейсенбі", "kk", "2026-11-24"), "сейсенбі");
  assert.equal(dayOf("2026-11-24T20:30:00.000Z", "Asia/Almaty"), "2026-11-25");
});

test("the filters are the query of the list and of the table", () => {
  assert.equal(queryOf(NO_FILTERS).toString(), "state=open");
  const all = queryOf({
    state: "",
    unit: "-",
    topic: "road",
    broadcast: 2,
    overdue: "soon",
    appeal: true,
    q: " жол ",
  });
  assert.equal(
    decodeURIComponent(all.toString()),
    "unit=-&topic=road&broadcast=2&overdue=soon&appeal=true&q=жол",
  );
});

test("the polite text names the question, and its short form fits every chat", () => {
  for (const tongue of ["kk", "ru"] as const) {
    assert.match(polite(asked, tongue, false), /№12/);
    assert.match(polite(asked, tongue, false), /e-Otinish/);
    assert.match(polite(asked, tongue, false), /102/);
    assert.ok(polite({ ...asked, no: 12345 }, tongue, true).length <= 200);
  }
  assert.equal(tongueOf({ ...asked, lang: "ru" }), "ru");
  assert.equal(tongueOf({ ...asked, lang: "mixed" }), "kk");
});

test("the page's texts are complete in every language and fill the same places", () => {
  const forms = (entry: string | Plural): string[] =>
    typeof entry === "string" ? [entry] : Object.values(entry);
  const places = (text: string): string =>
    [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort().join();
  const check = (all: Record<Lang, Record<string, string | Plural>>): void => {
    for (const word of Object.keys(all.en) as Word[]) {
      const wanted = places(forms(all.en[word] ?? "")[0] ?? "");
      for (const form of forms(all.en[word] ?? "")) assert.doesNotMatch(form, /[а-я]/i, word);
      for (const lang of ["kk", "ru"] as const) {
        for (const form of forms(all[lang][word] ?? "")) {
          assert.equal(places(form), wanted, word);
          assert.match(form, /[а-яәғқңөұүһі№]/i, word);
        }
      }
    }
  };
  check(dictionaries);
  check(promiseWords);
});
