// SPDX-License-Identifier: Apache-2.0
// Times and ages as people read them.
import { LOCALES, translate } from "../i18n";
import type { Lang } from "./types";

// 0:07, 12:40, 1:02:33
export function timer(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const pad = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  const tail = `${pad(total % 60)}`;
  return hours > 0 ? `${hours}:${pad(minutes)}:${tail}` : `${minutes}:${tail}`;
}

// "12 s", "5 min", "3 h", "2 d": one unit is enough for an age
export function age(ms: number, lang: Lang): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return translate(lang, "age.s", { n: seconds });
  if (seconds < 3600) return translate(lang, "age.min", { n: Math.floor(seconds / 60) });
  if (seconds < 86400) return translate(lang, "age.h", { n: Math.floor(seconds / 3600) });
  return translate(lang, "age.d", { n: Math.floor(seconds / 86400) });
}

export function since(at: string | null | undefined, now: number, skew: number): number | null {
  if (!at) return null;
  const then = Date.parse(at);
  return Number.isNaN(then) ? null : Math.max(0, now + skew - then);
}

// How long until then; 0 when it has passed.
export function until(at: string | null | undefined, now: number, skew: number): number | null {
  if (!at) return null;
  const then = Date.parse(at);
  return Number.isNaN(then) ? null : Math.max(0, then - now - skew);
}

export function clock(at: number | string, lang: Lang, zone?: string): string {
  const options: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  try {
    return new Intl.DateTimeFormat(LOCALES[lang], { ...options, timeZone: zone }).format(
      new Date(at),
    );
  } catch {
    return new Intl.DateTimeFormat(LOCALES[lang], options).format(new Date(at));
  }
}

// Chromium knows no names of months in Kazakh and writes "M11 23".
const MONTHS_KK = "қаң. ақп. нау. сәу. мам. мау. шіл. там. қыр. қаз. қар. жел.".split(" ");

export function day(at: string, lang: Lang): string {
  if (lang === "kk") {
    const when = new Date(at);
    return `${when.getDate()} ${MONTHS_KK[when.getMonth()] ?? ""}`;
  }
  return new Intl.DateTimeFormat(LOCALES[lang], { day: "numeric", month: "short" }).format(
    new Date(at),
  );
}
