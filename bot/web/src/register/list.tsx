// SPDX-License-Identifier: Apache-2.0
// The table: one row for each question, its details below the one that is open.
import type { JSX } from "preact";
import { mayModerate } from "../core/acts";
import type { Topic } from "../core/types";
import { wording } from "../core/state";
import { pick, useLang } from "../i18n";
import { Masked } from "../ui/small";
import { dateOf, leftOf } from "./days";
import { Details } from "./details";
import { choose, more, open, set } from "./live";
import type { Desk } from "./live";
import type { Entry, Register } from "./types";
import { useWords } from "./words";

export function List({ now, register }: { now: Desk; register: Register }): JSX.Element {
  const say = useWords();
  const can = now.me !== null && mayModerate(now.me.role);
  const all = register.items.map((one) => one.question.n);
  const every = all.length > 0 && all.every((n) => now.chosen.has(n));
  if (register.items.length === 0) return <p class="empty panel">{say("empty")}</p>;
  return (
    <section class="panel register-list">
      <table class="register-table">
        <thead>
          <tr>
            {can && (
              <th class="cell-choose">
                <input
                  type="checkbox"
                  name="all"
                  aria-label={say("choose_all")}
                  checked={every}
                  onChange={() => set({ chosen: new Set(every ? [] : all) })}
                />
              </th>
            )}
            <th>{say("no")}</th>
            <th>{say("question")}</th>
            <th>{say("unit")}</th>
            <th>{say("due")}</th>
            <th>{say("state")}</th>
          </tr>
        </thead>
        <tbody>
          {register.items.map((entry) => (
            <Row key={entry.question.n} now={now} entry={entry} can={can} today={register.today} />
          ))}
        </tbody>
      </table>
      <p class="register-foot muted small">
        {say("total", { n: register.total })}
        {register.next !== null && now.shown < 500 && (
          <button type="button" class="soft" name="more" onClick={more}>
            {say("more")}
          </button>
        )}
      </p>
    </section>
  );
}

export function topicsOf(entry: Entry, topics: readonly Topic[], lang: "kk" | "ru" | "en"): string {
  return entry.question.topics
    .map((id) => pick(topics.find((one) => one.id === id)?.title, lang) || id)
    .join(", ");
}

interface RowProps {
  now: Desk;
  entry: Entry;
  can: boolean;
  today: string;
}

function Row({ now, entry, can, today }: RowProps): JSX.Element {
  const say = useWords();
  const lang = useLang();
  const { question } = entry;
  const isOpen = now.open === question.n;
  const topics = topicsOf(entry, now.topics, lang);
  const asker = question.askers?.[0]?.name ?? "—";
  return (
    <>
      <tr class={`register-row level-${entry.level}`} data-n={question.n}>
        {can && (
          <td class="cell-choose">
            <input
              type="checkbox"
              aria-label={say("choose", { no: question.no })}
              checked={now.chosen.has(question.n)}
              onChange={(event) => choose(question.n, event.currentTarget.checked)}
            />
          </td>
        )}
        <td class="cell-no">
          <b>№{question.no}</b>
          <small class="muted">{say("no.broadcast", { n: question.broadcast ?? 0 })}</small>
        </td>
        <td class="cell-question">
          <button
            type="button"
            class="register-open"
            aria-expanded={isOpen}
            title={say("open_row", { no: question.no })}
            onClick={() => open(question.n)}
          >
            <Masked text={wording(question, lang)} />
          </button>
          <small class="muted">
            {asker}, {question.source || say("by_hand")}
            {topics && ` · ${topics}`}
          </small>
          {question.owed?.appeal && <span class="badge badge-accent">{say("appeal")}</span>}
        </td>
        <td class="cell-unit">{question.unit || <span class="muted">—</span>}</td>
        <td class="cell-due">
          {question.due ? dateOf(question.due, lang, today) : say("due.none")}
          {entry.left !== null && (
            <span class={entry.level === "none" ? "due-left" : `badge badge-${entry.level}`}>
              {leftOf(entry, say)}
            </span>
          )}
        </td>
        <td class="cell-state">
          <span class={`badge owed-${question.owed?.state ?? "open"}`}>
            {say(`is.${question.owed?.state ?? "open"}`)}
          </span>
        </td>
      </tr>
      {isOpen && (
        <tr class="register-more">
          <td colSpan={can ? 6 : 5}>
            <Details now={now} entry={entry} can={can} today={today} />
          </td>
        </tr>
      )}
    </>
  );
}
