// SPDX-License-Identifier: Apache-2.0
// What the overlay's address says. A value that makes no sense falls back to the default: an
// overlay on air must never answer with an error.
import type { Lang } from "../core/types";

export interface Params {
  key: string;
  langs: Lang[];
  theme: "dark" | "light";
  safe: number; // per cent of the picture that is safe for titles
  pos: "bottom" | "top";
  max: number; // lines for each language
  scale: number;
  hold: number; // seconds until it hides itself, 0 = stays
  chroma: string | null; // ground for programs without transparency
  css: string;
  preview: boolean;
}

function number(text: string | null, low: number, high: number, fallback: number): number {
  const value = Number(text);
  if (text === null || text.trim() === "" || Number.isNaN(value)) return fallback;
  return Math.min(high, Math.max(low, value));
}

function langsOf(text: string | null): Lang[] {
  // "kk+ru" reads as "kk ru" once the address is decoded
  const known = (text ?? "").split(/[+ ,]/).filter((one): one is Lang => /^(kk|ru|en)$/.test(one));
  return known.length > 0 ? [...new Set(known)] : ["kk", "ru"];
}

function colour(text: string | null): string | null {
  if (text === null) return null;
  if (/^[0-9a-f]{3}([0-9a-f]{3})?$/i.test(text)) return `#${text}`;
  if (/^#[0-9a-f]{3}([0-9a-f]{3})?$/i.test(text)) return text;
  return /^(green|blue|magenta|black)$/.test(text) ? named[text as keyof typeof named] : "#00ff00";
}

const named = { green: "#00ff00", blue: "#0000ff", magenta: "#ff00ff", black: "#000000" };

export function readParams(search: string): Params {
  const query = new URLSearchParams(search);
  return {
    key: query.get("key") ?? "",
    langs: langsOf(query.get("lang")),
    theme: query.get("theme") === "light" ? "light" : "dark",
    safe: number(query.get("safe"), 60, 100, 90),
    pos: query.get("pos") === "top" ? "top" : "bottom",
    max: Math.round(number(query.get("max"), 1, 4, 2)),
    scale: number(query.get("scale"), 0.5, 2.5, 1),
    hold: number(query.get("hold"), 0, 3600, 0),
    chroma: colour(query.get("chroma")),
    css: query.get("css") ?? "",
    preview: query.get("preview") === "1",
  };
}
