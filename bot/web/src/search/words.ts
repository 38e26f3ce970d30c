// SPDX-License-Identifier: Apache-2.0
// The search panel's own three dictionaries: the console does not carry them until it is opened.
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
