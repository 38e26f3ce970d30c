// SPDX-License-Identifier: Apache-2.0
// The page's own three dictionaries: no other page has to carry them.
import { fill, useLang } from "../i18n";
import type { Args, Plural } from "../i18n";
import type { Lang } from "../core/types";
import { en } from "./en";
import { kk } from "./kk";
import { ru } from "./ru";

export type Word = keyof typeof en;
export type Words = Record<Word, string | Plural>;
export type Say = (word: Word, args?: Args) => string;

export const dictionaries: Record<Lang, Words> = { kk, ru, en };

export function say(lang: Lang, word: Word, args: Args = {}): string {
  return fill(lang, dictionaries[lang][word], args);
}

export function useWords(): Say {
  const lang = useLang();
  return (word, args) => say(lang, word, args);
}
