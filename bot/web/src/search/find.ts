// SPDX-License-Identifier: Apache-2.0
// What the panel asks of the server, and how what was found is cut for highlighting.
import { call } from "../core/api";
import type { Message, Question } from "../core/types";

export interface Snippet {
  text: string;
  ranges: [number, number][];
}

export interface Found {
  kind: "question" | "message";
  question?: Question;
  message?: Message;
  snippet: Snippet;
}

export interface Page {
  items: Found[];
  next: number | null;
  complete: boolean;
}

export interface Wish {
  q: string;
  kind: "question" | "message";
  broadcast: string;
  status: string;
  topic: string;
  source: string;
  lang: string;
  mine: boolean;
  pii: boolean;
}

export const NOTHING: Wish = {
  q: "",
  kind: "question",
  broadcast: "",
  status: "",
  topic: "",
  source: "",
  lang: "",
  mine: false,
  pii: false,
};

// Only what narrows is sent; what fits questions alone is not sent for lines of a chat.
export function query(wish: Wish, after: number | null): string {
  const out = new URLSearchParams({ kind: wish.kind, limit: "30" });
  const names = ["q", "broadcast", "source", "lang"] as const;
  for (const name of names) if (wish[name].trim()) out.set(name, wish[name].trim());
  if (wish.kind === "question") {
    if (wish.status) out.set("status", wish.status);
    if (wish.topic) out.set("topic", wish.topic);
    if (wish.mine) out.set("mine", "true");
  }
  if (wish.pii) out.set("pii", "true");
  if (after !== null) out.set("after", String(after));
  return out.toString();
}

export function search(wish: Wish, after: number | null): Promise<Page> {
  return call<Page>("GET", `/search?${query(wish, after)}`);
}

export interface Event {
  seq: number;
  at: string;
  actor: string;
  kind: string;
  body: Record<string, unknown> | null;
}

export interface Opened {
  around: Message[];
  author: Message[];
  history: Event[];
}

async function items<T>(path: string): Promise<T[]> {
  return (await call<{ items: T[] }>("GET", path)).items;
}

// The line that it began with, if it came from a chat.
export async function openFound(found: Found): Promise<Opened> {
  const n = found.question?.n ?? found.message?.n ?? null;
  const mid = found.message?.mid ?? found.question?.askers?.[0]?.mid ?? null;
  const around = mid === null ? [] : await items<Message>(`/messages?around=${mid}&limit=5`);
  const author = authorOf(around.find((one) => one.mid === mid));
  const said = author ? await items<Message>(`/messages?author=${author}&limit=20`) : [];
  const history = n === null ? [] : await items<Event>(`/questions/${n}/history`);
  return { around: around.reverse(), author: said.filter((one) => one.mid !== mid), history };
}

export function authorOf(message: Message | undefined): string | null {
  if (!message?.author.id) return null;
  return encodeURIComponent(`${message.source}:${message.author.id}`);
}

export interface Piece {
  text: string;
  hit: boolean;
}

// Ranges count code points, as everywhere in the API.
export function pieces({ text, ranges }: Snippet): Piece[] {
  const letters = Array.from(text);
  const out: Piece[] = [];
  let at = 0;
  for (const [from, to] of ranges) {
    if (from > at) out.push({ text: letters.slice(at, from).join(""), hit: false });
    out.push({ text: letters.slice(from, to).join(""), hit: true });
    at = to;
  }
  if (at < letters.length) out.push({ text: letters.slice(at).join(""), hit: false });
  return out;
}
