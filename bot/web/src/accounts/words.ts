// SPDX-License-Identifier: Apache-2.0
// The page's own three dictionaries: no other page has to carry them.
import { fill, useLang } from "../i18n";
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


