// SPDX-License-Identifier: Apache-2.0
// Pasted questions, as the server takes them: a table goes as it is; lines become a table when a
// language or a topic was chosen for all of them.
import type { Lang } from "../core/types";

export interface Choice {
  lang: Lang | "";
  topic: string;
}

export interface Sending {
  type: "text/csv" | "text/plain";
  body: string;
  lineOf: (line: number) => number; // in what was pasted, of a line that the server speaks of
}

const COLUMNS = new Set(["text", "lang", "topic", "asker"]);

// A first line of nothing but names of columns.
export function isTable(text: string): boolean {
  const first = (text.replace(/^\uFEFF/, "").split(/\r?\n/, 1)[0] ?? "").toLowerCase();
  const names = first.split(/[,;\t]/).map((name) => name.trim().replace(/^"|"$/g, ""));
  return names.includes("text") && names.every((name) => COLUMNS.has(name));
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

export function sending(text: string, choice: Choice): Sending {
  if (isTable(text)) return { type: "text/csv", body: text, lineOf: (line) => line };
  if (!choice.lang && !choice.topic) {
    return { type: "text/plain", body: text, lineOf: (line) => line };
  }
  const rows = ["text,lang,topic"];
  const lines: number[] = [0];
  text.split(/\r?\n/).forEach((line, i) => {
    if (line.trim() === "") return;
    rows.push([line.trim(), choice.lang, choice.topic].map(quoted).join(","));
    lines.push(i + 1);
  });
  return {
    type: "text/csv",
    body: `${rows.join("\r\n")}\r\n`,
    lineOf: (line) => lines[line - 1] ?? line,
  };
}
