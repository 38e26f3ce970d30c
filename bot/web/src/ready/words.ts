// SPDX-License-Identifier: Apache-2.0
// Words of what the console says of checks, rehearsals and the rule that queues by itself.
import type { Lang } from "../core/types";
import { fill, langStore, useLang } from "../i18n";
import type { Args } from "../i18n";
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

export const say: Say = (word, args) => fill(langStore.get(), dictionaries[langStore.get()][word], args ?? {});
