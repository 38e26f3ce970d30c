// SPDX-License-Identifier: Apache-2.0
// Words of the console's promises, beside what uses them.
import { fill, useLang } from "../i18n";
import type { Args, Plural } from "../i18n";
import type { Lang } from "../core/types";

const en = {
  title: "A promise was made",
  text: "What was promised",
  until: "Until when (optional)",
  unit: "Who does it (optional)",
  of: "To question №{no}",
  hint: "It is stamped with the minute of the broadcast, and greets you in the next one until it is kept.",
  noted: "The promise is noted",
  save: "Note it",
  open: {
    one: "{n} promise from earlier broadcasts is still to be kept",
    other: "{n} promises from earlier broadcasts are still to be kept",
  } as Plural,
  look: "Show",
  hide: "Hide until the next broadcast",
};
type Words = Record<keyof typeof en, string | Plural>;

const ru: Words = {
  title: "Дано обещание",
  text: "Что обещано",
  until: "До какого числа (необязательно)",
  unit: "Кто выполнит (необязательно)",
  of: "К вопросу №{no}",
  hint: "К обещанию запишется минута эфира; в следующем эфире оно напомнит о себе, пока не выполнено.",
  noted: "Обещание записано",
  save: "Записать",
  open: {
    one: "С прошлых эфиров осталось {n} невыполненное обещание",
    few: "С прошлых эфиров осталось {n} невыполненных обещания",
    many: "С прошлых эфиров осталось {n} невыполненных обещаний",
    other: "С прошлых эфиров осталось {n} невыполненного обещания",
  },
  look: "Показать",
  hide: "Скрыть до следующего эфира",
};

const kk: Words = {
  title: "Уәде берілді",
  text: "Не уәде етілді",
  until: "Қай күнге дейін (міндетті емес)",
  unit: "Кім орындайды (міндетті емес)",
  of: "№{no} сұраққа",
  hint: "Уәдемен бірге эфирдің минуты жазылады; орындалғанша келесі эфирде еске салынады.",
  noted: "Уәде жазылды",
  save: "Жазып қою",
  open: "Өткен эфирлерден орындалмаған {n} уәде қалды",
  look: "Көрсету",
  hide: "Келесі эфирге дейін жасыру",
};

export const promiseWords: Record<Lang, Words> = { kk, ru, en };

export function usePromiseWords(): (word: keyof typeof en, args?: Args) => string {
  const lang = useLang();
  return (word, args) => fill(lang, promiseWords[lang][word], args ?? {});
}
