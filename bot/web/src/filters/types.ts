// SPDX-License-Identifier: Apache-2.0
// The words of /api/v1/filters, as this page reads them.
import type { Texts, Verdict, Why } from "../core/types";

export interface Rule {
  name: string;
  re: string;
  unless: string | null;
  score: number;
  trial: boolean;
  description: Texts | null;
  hits: number;
  hits_per_min: number;
  last_hit: string | null;
  avg_us: number | null;
  stopped: number;
  quarantined: boolean;
}

export interface FileEntry {
  name: string;
  kind: string;
  id: string | null;
  title: Texts | null;
  threshold: number;
  shipped: boolean;
  changed: boolean;
  rules: Rule[];
}

export interface FileList {
  version: string;
  activating: boolean;
  files: FileEntry[];
}

export interface Change {
  seq: number;
  at: string;
  by: string;
  note: string | null;
  version: string;
  action: "change" | "revert";
}

export interface FileBody {
  name: string;
  content: string;
  shipped_content: string | null;
  version: string;
  history: Change[];
  warnings?: Issue[];
}

export interface Issue {
  file: string;
  line: number;
  column: number;
  severity: string;
  text: string;
}

export interface Tried {
  text: string;
  verdict: Verdict;
}

export interface Difference {
  mid: number;
  text: string;
  topics?: string[];
  from?: string[];
  to?: string[];
  why?: Why[];
}

export interface Recent {
  messages: number;
  gained: Difference[];
  lost: Difference[];
  moved: Difference[];
  counts: { filter: string; old: number; new: number }[];
}

export interface TryAnswer {
  issues: Issue[];
  lines?: Tried[] | null;
  recent?: Recent | null;
}
