// SPDX-License-Identifier: Apache-2.0
// Pieces of the page /accounts that several sections use.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { clock, day } from "../core/time";
import type { Lang } from "../core/types";
import { useWords } from "./words";

export const PEOPLE_ROLES = ["admin", "moderator", "officer", "viewer"] as const;
export type PeopleRole = (typeof PEOPLE_ROLES)[number];

export function when(at: string | null, lang: Lang): string {
  return at ? `${day(at, lang)}, ${clock(at, lang)}` : "—";
}

interface PanelProps {
  id: string;
  title: string;
  what?: string;
  act?: JSX.Element;
  children: ComponentChildren;
}

export function Panel({ id, title, what, act, children }: PanelProps): JSX.Element {
  return (
    <section class="panel" id={id} aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        <span class="grow" />
        {act}
      </header>
      {what && <p class="muted">{what}</p>}
      {children}
    </section>
  );
}

interface TableProps {
  label: string;
  heads: string[];
  children: ComponentChildren;
}

export function Table({ label, heads, children }: TableProps): JSX.Element {
  return (
    <table aria-label={label}>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

// On a phone each row is a card, and a cell says what it is.
export function Cell({ label, children }: { label: string; children: ComponentChildren }): JSX.Element {
  return (
    <td data-label={label}>
      <span>{children}</span>
    </td>
  );
}

const SURE_MS = 6_000;

interface TwiceProps {
  label: string; // what is taken away, for those who do not see the row
  text: string;
  onSure: () => void;
}

// What cannot be undone wants a second press; the question goes away by itself.
export function Twice({ label, text, onSure }: TwiceProps): JSX.Element {
  const say = useWords();
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    if (!asking) return;
    const timer = setTimeout(() => setAsking(false), SURE_MS);
    return () => clearTimeout(timer);
  }, [asking]);
  const press = (): void => {
    setAsking(!asking);
    if (asking) onSure();
  };
  return (
    <button
      type="button"
      class={asking ? "danger" : "soft"}
      aria-label={asking ? `${say("sure")} ${label}` : label}
      onClick={press}
      onBlur={() => setAsking(false)}
    >
      {asking ? say("sure") : text}
    </button>
  );
}
