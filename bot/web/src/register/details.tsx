// SPDX-License-Identifier: Apache-2.0
// One question in full: how it was asked, what was done about it, and what can be done.
import type { JSX } from "preact";
import { legal } from "../core/acts";
import type { Act } from "../core/acts";
import { clock } from "../core/time";
import { useLang } from "../i18n";
import { Icon } from "../ui/icons";
import { Wording } from "../ui/small";
import { dateOf, dayOf } from "./days";
import { actOn, reveal, set } from "./live";
import type { Desk } from "./live";
import type { Entry, Past } from "./types";
import { dictionaries, useWords } from "./words";
import type { Word } from "./words";

interface Props {
  now: Desk;
  entry: Entry;
  can: boolean;
  today: string;
}

export function Details({ now, entry, can, today }: Props): JSX.Element {
  const { question } = entry;
  return (
    <div class="details" data-details={question.n}>
      <div class="details-text">
        <Wording text={question.text} />
        {can && <Original now={now} entry={entry} />}
        <Facts now={now} entry={entry} today={today} />
        {can && <Buttons entry={entry} />}
      </div>
      {can && now.whole?.n === question.n && now.whole.history && (
        <History past={now.whole.history} whole={now.whole.history_complete ?? true} now={now} />
      )}
    </div>
  );
}

function Original({ now, entry }: { now: Desk; entry: Entry }): JSX.Element | null {
  const say = useWords();
  const { question } = entry;
  const whole = now.whole?.n === question.n ? now.whole : null;
  if (now.revealed.has(question.n) && whole?.original) {
    return (
      <p class="wording original" data-original>
        <span class="label">{say("original")}</span> {whole.original}
      </p>
    );
  }
  return (
    <button type="button" class="text-button" name="reveal" onClick={() => void reveal(question)}>
      {say("reveal")} · {say("reveal.logged")}
    </button>
  );
}

function Facts({ now, entry, today }: { now: Desk; entry: Entry; today: string }): JSX.Element {
  const say = useWords();
  const lang = useLang();
  const { question } = entry;
  const owed = (now.whole?.n === question.n ? now.whole.owed : null) ?? question.owed;
  const zone = now.stream?.timezone;
  const on = (at: string): string => dateOf(dayOf(at, zone), lang, today);
  const open = owed?.state === "open";
  return (
    <ul class="facts small">
      <li>
        {question.created_at && say("asked_at", { day: on(question.created_at) })}
        {owed?.since && ` · ${say("since", { day: on(owed.since) })}`}
      </li>
      {entry.link && (
        <li>
          <a href={entry.link} target="_blank" rel="noopener noreferrer">
            {say("link")}
          </a>
        </li>
      )}
      {open && owed?.forward_by && owed.forward_by >= today && (
        <li>{say("forward_by", { day: dateOf(owed.forward_by, lang, today) })}</li>
      )}
      {owed?.to && <li>{say("to", { to: owed.to })}</li>}
      {owed?.extended && <li>{say("extended", { reason: owed.extended })}</li>}
      {owed?.note && <li>{say("note", { note: owed.note })}</li>}
      {owed?.appeal && (
        <li>
          <b>{say("appeal")}.</b> {say("appeal.what")}
        </li>
      )}
      {!entry.calendar_known && <li class="amber">{say("due.unknown")}</li>}
      {owed?.written && (
        <li class="written">
          <span class="label">{say("written")}</span>
          <p class="wording">{owed.written}</p>
        </li>
      )}
    </ul>
  );
}

function Buttons({ entry }: { entry: Entry }): JSX.Element {
  const say = useWords();
  const { question } = entry;
  const appeal = question.owed?.appeal ?? false;
  const plain = (act: Act, word: Word, run: () => void, main = false): JSX.Element | null =>
    legal(act, question) ? (
      <button type="button" class={main ? "primary" : "soft"} name={act} onClick={run}>
        {say(word)}
      </button>
    ) : null;
  const entries = [entry];
  return (
    <div class="details-acts">
      {plain("respond", "act.respond", () => set({ dialog: { kind: "respond", entry } }), true)}
      {plain("assign", "act.assign", () => set({ dialog: { kind: "assign", entries } }))}
      {plain("forward", "act.forward", () => set({ dialog: { kind: "forward", entries } }))}
      {plain("extend", "act.extend", () => set({ dialog: { kind: "extend", entries } }))}
      {plain("close", "act.close", () => set({ dialog: { kind: "close", entries } }))}
      {plain("reopen", "act.reopen", () => void actOn(entries, "reopen"))}
      {plain("appeal", appeal ? "act.unappeal" : "act.appeal", () =>
        void actOn(entries, "appeal", { on: !appeal }),
      )}
      <button
        type="button"
        class="soft"
        name="polite"
        onClick={() => set({ dialog: { kind: "polite", entry } })}
      >
        <Icon name="chat" /> {say("polite")}
      </button>
      {plain("restore", "act.restore", () => void actOn(entries, "restore"))}
    </div>
  );
}

// What an entry of the journal says beside its kind.
function extra(past: Past, day: (due: string) => string): string {
  const parts = ["to", "unit", "due", "reason", "note", "text"]
    .map((name) => [name, past.body?.[name]] as const)
    .filter((one): one is readonly [string, string] => typeof one[1] === "string" && one[1] !== "")
    .map(([name, value]) => (name === "due" ? day(value) : value));
  const text = past.kind === "create" || past.kind === "ask" ? "" : parts.join(" · ");
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

function History({ past, whole, now }: { past: Past[]; whole: boolean; now: Desk }): JSX.Element {
  const say = useWords();
  const lang = useLang();
  const zone = now.stream?.timezone;
  const today = now.register?.today ?? "";
  const due = (value: string): string => dateOf(value, lang, today);
  const named = (kind: string): string => {
    const word = `kind.${kind}`;
    return word in dictionaries[lang] ? say(word as Word) : kind;
  };
  const who = (actor: string): string =>
    actor === "system" ? say("who.system") : actor.replace(/^\w+:/, "");
  return (
    <div class="history">
      <h3>{say("history")}</h3>
      {!whole && <p class="muted small">{say("history.cut")}</p>}
      <ol>
        {past.map((one) => (
          <li key={one.seq}>
            <time class="muted" dateTime={one.at}>
              {dateOf(dayOf(one.at, zone), lang, today)}, {clock(one.at, lang, zone)}
            </time>
            <span>
              <b>{who(one.actor)}</b>: {named(one.kind)}
              {extra(one, due) && <span class="muted"> · {extra(one, due)}</span>}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

