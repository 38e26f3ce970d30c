// SPDX-License-Identifier: Apache-2.0
// Three complete dictionaries; a key that one of them lacks does not compile. The language is the
// person's: kept with the account, and in the browser before sign-in.
import { createStore, recall, remember, useStore } from "../core/store";
import type { Lang, Texts } from "../core/types";
import { en } from "./en";
import { kk } from "./kk";
import { ru } from "./ru";

export type Plural = { one?: string; few?: string; many?: string; other: string };
export type Key = keyof typeof en;
export type Dictionary = Record<Key, string | Plural>;
export type Args = Record<string, string | number>;
export type Translate = (key: Key, args?: Args) => string;

export const LANGS: readonly Lang[] = ["kk", "ru", "en"];
export const LANG_NAMES: Record<Lang, string> = { kk: "Қазақша", ru: "Русский", en: "English" };
export const LOCALES: Record<Lang, string> = { kk: "kk-KZ", ru: "ru-RU", en: "en-GB" };

const dictionaries: Record<Lang, Dictionary> = { kk, ru, en };
const rules: Record<Lang, Intl.PluralRules> = {
  kk: new Intl.PluralRules("kk"),
  ru: new Intl.PluralRules("ru"),
  en: new Intl.PluralRules("en"),
};

export function isLang(value: unknown): value is Lang {
  return value === "kk" || value === "ru" || value === "en";
}

export function translate(lang: Lang, key: Key, args: Args = {}): string {
  return fill(lang, dictionaries[lang][key], args);
}

// A page with a dictionary of its own fills its texts the same way.
export function fill(lang: Lang, entry: string | Plural, args: Args): string {
  const text = typeof entry === "string" ? entry : choose(lang, entry, Number(args["n"] ?? 0));
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(args[name] ?? whole));
}

function choose(lang: Lang, plural: Plural, n: number): string {
  const form = rules[lang].select(n) as keyof Plural;
  return plural[form] ?? plural.other;
}

function firstLang(): Lang {
  const kept = recall("lang");
  if (isLang(kept)) return kept;
  const asked = typeof navigator === "undefined" ? [] : navigator.languages;
  for (const wish of asked) {
    const short = wish.slice(0, 2);
    if (short === "kk" || short === "ru") return short;
  }
  return "kk";
}

export const langStore = createStore<Lang>(firstLang());

export function setLang(lang: Lang): void {
  remember("lang", lang);
  langStore.set(lang);
}

export function useLang(): Lang {
  return useStore(langStore);
}

export function useT(): Translate {
  const lang = useLang();
  return (key, args) => translate(lang, key, args);
}

export const t: Translate = (key, args) => translate(langStore.get(), key, args);

// A title that comes from settings or filters, in the reader's language or the next best.
export function pick(texts: Texts | string | null | undefined, lang: Lang): string {
  if (!texts) return "";
  if (typeof texts === "string") return texts;
  return texts[lang] ?? texts.kk ?? texts.ru ?? texts.en ?? "";
}

export function has(key: string): key is Key {
  return key in en;
}
