// SPDX-License-Identifier: Apache-2.0
// Short news of one's own acts, at the foot of the page and to screen readers. A newer one takes the
// place of an older one of its tone, so that they never pile up over the work.
import { createStore } from "./store";

export interface Toast {
  id: number;
  text: string;
  tone: "plain" | "bad";
  undo: (() => void) | null;
}

export const TOAST_MS = 8_000;

export const toasts = createStore<Toast[]>([]);
let next = 1;

export function toast(
  text: string,
  tone: Toast["tone"] = "plain",
  undo: Toast["undo"] = null,
): number {
  const id = next++;
  toasts.update((old) => [
    ...old.filter((one) => one.tone !== tone),
    { id, text, tone, undo },
  ]);
  setTimeout(() => dismiss(id), TOAST_MS);
  return id;
}

export function dismiss(id: number): void {
  toasts.update((old) => old.filter((one) => one.id !== id));
}
