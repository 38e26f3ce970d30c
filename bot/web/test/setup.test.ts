// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { isTable, sending } from "../src/prepare/lines";
import { dictionaries as prepare } from "../src/prepare/words";
import { dictionaries as ready } from "../src/ready/words";
import { dictionaries as setup } from "../src/setup/words";

const places = (text: string): string =>
  [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort().join();

function check(all: Record<"kk" | "ru" | "en", Record<string, string>>): void {
  for (const [key, text] of Object.entries(all.en)) {
    assert.doesNotMatch(text, /[а-я]/i, key);
    for (const lang of ["kk", "ru"] as const) {
      const other = all[lang][key] ?? "";
      assert.equal(places(other), places(text), `${lang} ${key}`);
      if (!/^\{\w+\}$/.test(text) && text !== "UTF-8.") assert.match(other, /[а-яёәғқңөұүһі]/i, `${lang} ${key}`);
    }
  }
}

test("every text of the checklist is in every language, with the same places", () => {
  check(setup);
  check(ready);
  check(prepare);
});

test("whatever is not right says what to do", () => {
  const bad = /\.(none|quiet|connecting|degraded|refused|off|ended|low|spent|stopped|fault|lost|never|full|down|behind|old|no_\w+|demo|http|far|missing)$/;
  const fine = new Set(["rehearsal.none", "webhooks.none"]);
  for (const code of Object.keys(setup.en).filter((key) => bad.test(key) && !key.startsWith("do."))) {
    if (!fine.has(code)) assert.ok(`do.${code}` in setup.en, code);
  }
});

test("lines become a table only when something is chosen for all of them, and keep their places", () => {
  assert.ok(isTable("\uFEFFtext;lang\nа;ru"));
  assert.ok(!isTable("text the officer, when?"));
  assert.equal(sending("а?\n\nб?", { lang: "", topic: "" }).type, "text/plain");
  const table = sending('а "б"?\n\nв?', { lang: "ru", topic: "road" });
  assert.equal(table.body, 'text,lang,topic\r\n"а ""б""?","ru","road"\r\n"в?","ru","road"\r\n');
  assert.equal(table.lineOf(2), 1);
  assert.equal(table.lineOf(3), 3);
});
