// SPDX-License-Identifier: Apache-2.0
// The smallest store that works: a value, its listeners, and a hook.
import { useEffect, useState } from "preact/hooks";

export interface Store<T> {
  get(): T;
  set(next: T): void;
  update(change: (old: T) => T): void;
  subscribe(listener: (value: T) => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<(value: T) => void>();
  const store: Store<T> = {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener(value);
    },
    update: (change) => store.set(change(value)),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return store;
}

export function useStore<T>(store: Store<T>): T {
  const [value, set] = useState(store.get());
  useEffect(() => {
    set(store.get());
    return store.subscribe((next) => set(next));
  }, [store]);
  return value;
}

// Ticks of the wall clock for ages and timers; one interval for the whole page.
const clock = createStore(Date.now());
let ticking: ReturnType<typeof setInterval> | undefined;

export function useNow(): number {
  ticking ??= setInterval(() => clock.set(Date.now()), 1000);
  return useStore(clock);
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`suraq.${key}`, value);
  } catch {
    // private windows and full disks: the page works without memory
  }
}

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`suraq.${key}`);
  } catch {
    return null;
  }
}
