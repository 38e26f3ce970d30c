// SPDX-License-Identifier: Apache-2.0
// What the numbers become outside the page: CSV that spreadsheets open, and shares.
import { LOCALES } from "../i18n";
import type { Lang } from "../core/types";
import type { Group, Groups, Kind, Stats } from "./types";

// RFC 4180; what a spreadsheet would take for a formula gets an apostrophe in front.
function field(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => row.map(field).join(",") + "\r\n").join("");
}

export function minutesCsv({ series }: Stats): string {
  const from = Date.parse(series.from);
  const rows = series.messages.map((messages, at) => [
    new Date(from + at * series.step_s * 1000).toISOString().slice(0, 16) + "Z",
    messages,
    series.questions[at] ?? 0,
    series.aired[at] ?? 0,
  ]);
  return csv([["minute", "messages", "questions", "aired"], ...rows]);
}

const KINDS: readonly Kind[] = ["topics", "langs", "sources"];
const COLUMNS = ["asked", "approved", "aired", "answered", "rejected", "merged"] as const;

export function groupsCsv(stats: Stats): string {
  const rows = KINDS.flatMap((kind) =>
    stats[kind].items.map((one) => [kind, one.key, ...COLUMNS.map((column) => one[column])]),
  );
  return csv([["kind", "key", ...COLUMNS], ...rows]);
}

function mayBeAired(one: Group): number {
  return Math.max(0, one.asked - one.rejected - one.merged);
}

// The group's part of what was asked (and could be aired) and of what was aired; 0..1.
export function shares(groups: Groups, one: Group): { asked: number; aired: number } {
  const sum = (value: (group: Group) => number): number =>
    groups.items.reduce((total, group) => total + value(group), 0);
  const asked = sum(mayBeAired);
  const aired = sum((group) => group.aired);
  return {
    asked: asked === 0 ? 0 : mayBeAired(one) / asked,
    aired: aired === 0 ? 0 : one.aired / aired,
  };
}

// What the longest bar stands for: small shares are still to be told apart.
export function largestShare(groups: Groups): number {
  const all = groups.items.map((one) => shares(groups, one));
  return Math.max(0, ...all.flatMap((one) => [one.asked, one.aired]));
}

export function percent(share: number, lang: Lang): string {
  return new Intl.NumberFormat(LOCALES[lang], { style: "percent" }).format(share);
}

export function total(acts: Record<string, number>): number {
  return Object.values(acts).reduce((sum, n) => sum + n, 0);
}
