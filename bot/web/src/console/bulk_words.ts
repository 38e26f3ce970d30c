// SPDX-License-Identifier: Apache-2.0
// Words of the acts on many questions and of the view of one, beside what uses them.
import { fill, langStore, useLang } from "../i18n";
import type { Args } from "../i18n";
import type { Lang } from "../core/types";

const en = {
  tick: "Tick",
  ticked: "Ticked: {n}",
  all: "Tick the whole list",
  none: "Untick",
  reject: "Reject what is ticked: {n}",
  topic: "Topic of what is ticked: {n}",
  done: "Done for {n}",
  left: "Left as they were: {n}. Somebody changed them, or this cannot be done to them",
  one: "One by one",
  list: "Back to the list",
  place: "{at} / {n}",
  previous: "Previous question",
  next: "Next question",
};
type Words = Record<keyof typeof en, string>;

const ru: Words = {
  tick: "Отметить",
  ticked: "Отмечено: {n}",
  all: "Отметить весь список",
  none: "Снять отметки",
  reject: "Отклонить отмеченные: {n}",
  topic: "Тема отмеченных: {n}",
  done: "Готово: {n}",
  left: "Осталось без изменений: {n}. Их уже изменили, или это действие к ним не подходит",
  one: "По одному",
  list: "К списку",
  place: "{at} / {n}",
  previous: "Предыдущий вопрос",
  next: "Следующий вопрос",
};

const kk: Words = {
  tick: "Белгілеу",
  ticked: "Белгіленді: {n}",
  all: "Бүкіл тізімді белгілеу",
  none: "Белгілерді алып тастау",
  reject: "Белгіленгендерді қабылдамау: {n}",
  topic: "Белгіленгендердің тақырыбы: {n}",
  done: "Орындалды: {n}",
  left: "Өзгеріссіз қалды: {n}. Оларды біреу өзгертіп қойған немесе бұл әрекет оларға келмейді",
  one: "Бір-бірден",
  list: "Тізімге оралу",
  place: "{at} / {n}",
  previous: "Алдыңғы сұрақ",
  next: "Келесі сұрақ",
};

const words: Record<Lang, Words> = { kk, ru, en };

export type Say = (word: keyof typeof en, args?: Args) => string;

export function useBulkWords(): Say {
  const lang = useLang();
  return (word, args = {}) => fill(lang, words[lang][word], args);
}

export const sayBulk: Say = (word, args = {}) => fill(langStore.get(), words[langStore.get()][word], args);
