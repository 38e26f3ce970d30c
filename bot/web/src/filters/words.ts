// SPDX-License-Identifier: Apache-2.0
// The page's own three dictionaries: long explanations that no other page has to carry.
import { fill, langStore, useLang } from "../i18n";
import type { Args } from "../i18n";
import type { Lang } from "../core/types";
import { en } from "./en";
import { kk } from "./kk";
import { ru } from "./ru";

export type Word = keyof typeof en;
export type Words = Record<Word, string>;
export type Say = (word: Word, args?: Args) => string;

export const dictionaries: Record<Lang, Words> = { kk, ru, en };

export function useWords(): Say {
  const lang = useLang();
  return (word, args) => fill(lang, dictionaries[lang][word], args ?? {});
}

export const say: Say = (word, args) => {
  const lang = langStore.get();
  return fill(lang, dictionaries[lang][word], args ?? {});
};

export function isWord(text: string): text is Word {
  return text in en;
}
