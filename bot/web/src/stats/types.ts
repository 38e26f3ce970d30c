// SPDX-License-Identifier: Apache-2.0
// GET /stats, as docs/openapi.yaml describes it.
import type { Broadcast, Status } from "../core/types";

export interface Group {
  key: string;
  asked: number;
  approved: number;
  aired: number;
  answered: number;
  rejected: number;
  merged: number;
}

export interface Groups {
  fairness: number | null;
  items: Group[];
}

export interface Wait {
  n: number;
  p50_s: number;
  p90_s: number;
  max_s: number;
}

export type Acts = Record<string, number>;

export interface Series {
  from: string;
  step_s: number;
  messages: number[];
  questions: number[];
  aired: number[];
}

export interface Stats {
  seq: number;
  at: string;
  broadcast: Broadcast;
  counts: {
    messages: number;
    questions: number;
    urgent: number;
    held: number;
    by_hand: number;
    status: Record<Status, number>;
  };
  answer_rate: number | null;
  wait: { approved: Wait; aired: Wait };
  topics: Groups;
  langs: Groups;
  sources: Groups;
  people: { user: string; acts: Acts }[];
  acts: Acts;
  series: Series;
}

export type Kind = "topics" | "langs" | "sources";
