// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { pick, translate } from "../src/i18n";
import { en } from "../src/i18n/en";
import { kk } from "../src/i18n/kk";
import { ru } from "../src/i18n/ru";
import type { Dictionary, Key } from "../src/i18n";

const keys = Object.keys(en) as Key[];

function forms(dictionary: Dictionary, key: Key): string[] {
  const entry = dictionary[key];
  return typeof entry === "string" ? [entry] : Object.values(entry);
}

function places(text: string): string {
  return [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort().join();
}

test("every text in every language has the same places to fill", () => {
  for (const key of keys) {
    const wanted = places(forms(en, key)[0] ?? "");
    for (const dictionary of [en, kk, ru]) {
      for (const form of forms(dictionary, key)) assert.equal(places(form), wanted, key);
    }
  }
});

test("no text is empty and none is left in another language", () => {
  const same = new Set(["kind.twitch", "kind.irc"]);
  for (const key of keys) {
    for (const dictionary of [kk, ru]) {
      for (const form of forms(dictionary, key)) {
        assert.notEqual(form.trim(), "", key);
        if (!same.has(key)) assert.match(form, /[а-яёәғқңөұүһі]/i, key);
      }
    }
  }
  for (const key of keys) {
    for (const form of forms(en, key)) assert.doesNotMatch(form, /[а-я]/i, key);
  }
});

test("Russian plurals follow the number", () => {
  assert.equal(translate("ru", "new_items", { n: 1 }), "1 новый вопрос");
  assert.equal(translate("ru", "new_items", { n: 3 }), "3 новых вопроса");
  assert.equal(translate("ru", "new_items", { n: 11 }), "11 новых вопросов");
  assert.equal(translate("kk", "new_items", { n: 3 }), "3 жаңа сұрақ");
  assert.equal(translate("en", "new_items", { n: 1 }), "1 new question");
});

test("a title falls back to a language that there is", () => {
  assert.equal(pick({ kk: "Жол", ru: "Дороги" }, "en"), "Жол");
  assert.equal(pick({ ru: "Дороги" }, "kk"), "Дороги");
  assert.equal(pick("Дороги", "kk"), "Дороги");
  assert.equal(pick(null, "kk"), "");
});
