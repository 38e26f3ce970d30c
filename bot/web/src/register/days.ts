// SPDX-License-Identifier: Apache-2.0
// Dates without a time ("2026-12-15"), as people read them.
import { LOCALES } from "../i18n";
import type { Lang } from "../core/types";
import type { Entry } from "./types";
import type { Say } from "./words";

// Chromium knows no names of months in Kazakh.
const MONTHS_KK = "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан".split(
  " ",
);

// Day and month; with the year when it is another one than `today` has.
export function dateOf(day: string, lang: Lang, today: string): string {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return day;
  const other = day.slice(0, 4) !== today.slice(0, 4);
  if (lang === "kk") {
    const name = `${date} ${MONTHS_KK[month - 1] ?? ""}`;
    return other ? `${year} ж. ${name}` : name;
  }
  return new Intl.DateTimeFormat(LOCALES[lang], {
    day: "numeric",
    month: "long",
    ...(other && { year: "numeric" }),
    timeZone: "UTC",
  }).format(Date.UTC(year, month - 1, date));
}

// The day of a moment in the stream's time zone, "2026-12-15".
export function dayOf(at: string, zone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(new Date(at));
  } catch {
    return at.slice(0, 10);
  }
}

// What is left of the term, in words; colour alone says nothing.
export function leftOf(entry: Entry, say: Say): string {
  if (entry.left === null) return "";
  if (entry.left === 0) return say("due.today");
  return entry.left > 0
    ? say("due.left", { n: entry.left })
    : say("due.late", { n: -entry.left });
}
