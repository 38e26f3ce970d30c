// SPDX-License-Identifier: Apache-2.0
// The pages /register and /promises: one bundle, two tabs.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { mayModerate } from "../core/acts";
import { isTyping } from "../core/keys";
import { chooseLang } from "../core/session";
import { useStore } from "../core/store";
import { day } from "../core/time";
import type { Broadcast, Lang, Session } from "../core/types";
import { pick, useLang } from "../i18n";
import { Icon } from "../ui/icons";
import { LangSwitch, ThemeButton, Toasts } from "../ui/small";
import { Dialogs } from "./dialogs";
import { List } from "./list";
import { actOn, chosenEntries, desk, filter, go, set, undoLast, watch } from "./live";
import type { Desk, Tab } from "./live";
import { Promises } from "./promises";
import { queryOf } from "./types";
import type { Filters, Register } from "./types";
import { useWords } from "./words";
import type { Say } from "./words";

export function RegisterPage({ me }: { me: Session }): JSX.Element {
  const now = useStore(desk);
  const say = useWords();
  useEffect(() => {
    set({ me });
    addEventListener("keydown", onKey);
    const unwatch = watch();
    return () => {
      unwatch();
      removeEventListener("keydown", onKey);
    };
  }, []);
  const shows = now.tab === "register" ? now.register : null;
  return (
    <>
      <Top tab={now.tab} />
      {now.away && (
        <p class="banner banner-amber" role="status">
          <Icon name="warn" /> {say("away")}
        </p>
      )}
      <main class="register">
        <p class="muted">{say(now.tab === "register" ? "register_is" : "promises.what")}</p>
        {shows && (
          <>
            <Choices now={now} register={shows} />
            <Bulk now={now} />
            <List now={now} register={shows} />
          </>
        )}
        {now.tab === "promises" && now.promises && <Promises now={now} list={now.promises} />}
      </main>
      <Dialogs now={now} />
      <Toasts />
    </>
  );
}

function onKey(event: KeyboardEvent): void {
  const z = event.code === "KeyZ" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
  if (!z || isTyping(event.target) || desk.get().dialog) return;
  event.preventDefault();
  undoLast();
}

export function Top({ tab }: { tab: Tab | null }): JSX.Element {
  const say = useWords();
  const link = (to: Tab, label: string): JSX.Element => (
    <a
      href={`/${to}`}
      aria-current={tab === to ? "page" : undefined}
      onClick={(event) => {
        event.preventDefault();
        go(to);
      }}
    >
      {label}
    </a>
  );
  return (
    <header class="topbar register-top">
      <a class="brand" href="/" title={say("back")}>
        <i aria-hidden="true">?</i>
        <b class="wide-only">Suraq</b>
      </a>
      {tab === null ? (
        <h1>{say("page")}</h1>
      ) : (
        <nav class="register-tabs">
          {link("register", say("page"))}
          {link("promises", say("promises"))}
        </nav>
      )}
      <span class="grow" />
      <a class="button soft" href="/" aria-label={say("back")}>
        <Icon name="chat" /> <span class="wide-only">{say("back")}</span>
      </a>
      <LangSwitch choose={chooseLang} />
      <ThemeButton />
    </header>
  );
}

function nameOf(one: Broadcast, lang: Lang, say: Say): string {
  const title = pick(one.title, lang) || say("broadcast_no", { n: one.id });
  const at = one.started_at ?? one.opened_at;
  return at ? `${title} · ${day(at, lang)}` : title;
}

const STATES = ["open", "forwarded", "answered", "closed"] as const;

function Choices({ now, register }: { now: Desk; register: Register }): JSX.Element {
  const say = useWords();
  const lang = useLang();
  const { filters } = now;
  const { counts } = register;
  const query = queryOf(filters);
  query.set("format", "csv");
  query.set("lang", lang);
  return (
    <>
      <div class="tabs register-states" role="group" aria-label={say("states")}>
        {([...STATES, ""] as const).map((state) => (
          <button
            type="button"
            key={state}
            name={`state-${state || "all"}`}
            aria-pressed={filters.state === state}
            onClick={() => filter({ state })}
          >
            {say(`state.${state || "all"}`)}{" "}
            <span class="count">
              {state ? counts[state] : STATES.reduce((sum, one) => sum + counts[one], 0)}
            </span>
          </button>
        ))}
        <span class="grow" />
        {counts.red > 0 && (
          <button type="button" class="late" name="late" onClick={() => filter({ overdue: "true", state: "open" })}>
            <span class="badge badge-red">
              {say("clock.late")}: {counts.red}
            </span>
          </button>
        )}
        <a class="button soft" href={`/api/v1/register?${query}`} download data-csv>
          <Icon name="down" /> {say("csv")}
        </a>
      </div>
      <div class="register-choices">
        <Search filters={filters} />
        <Select
          name="unit"
          label={say("units")}
          value={filters.unit}
          options={[["", say("units.all")], ["-", say("units.none")], ...register.units.map(same)]}
          onChange={(unit) => filter({ unit })}
        />
        <Select
          name="topic"
          label={say("topics")}
          value={filters.topic}
          options={[
            ["", say("topics.all")],
            ...now.topics.map((one): Option => [one.id, pick(one.title, lang) || one.id]),
            ["other", say("topics.other")],
          ]}
          onChange={(topic) => filter({ topic })}
        />
        <Select
          name="broadcast"
          label={say("broadcasts")}
          value={String(filters.broadcast)}
          options={[
            ["0", say("broadcasts.all")],
            ...now.broadcasts.map((one): Option => [String(one.id), nameOf(one, lang, say)]),
          ]}
          onChange={(id) => filter({ broadcast: Number(id) })}
        />
        <Select
          name="overdue"
          label={say("clock")}
          value={filters.overdue}
          options={[
            ["", say("clock.all")],
            ["soon", say("clock.soon")],
            ["true", say("clock.late")],
          ]}
          onChange={(overdue) => filter({ overdue: overdue as Filters["overdue"] })}
        />
        <label class="check">
          <input
            type="checkbox"
            name="appeal"
            checked={filters.appeal}
            onChange={(event) => filter({ appeal: event.currentTarget.checked })}
          />
          <span>{say("appeals")}</span>
        </label>
      </div>
    </>
  );
}

type Option = readonly [value: string, label: string];
const same = (value: string): Option => [value, value];

interface SelectProps {
  name: string;
  label: string;
  value: string;
  options: readonly Option[];
  onChange: (value: string) => void;
}

function Select({ name, label, value, options, onChange }: SelectProps): JSX.Element {
  return (
    <select
      name={name}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {options.map(([id, text]) => (
        <option key={id} value={id}>
          {text}
        </option>
      ))}
    </select>
  );
}

const PAUSE_MS = 250; // while somebody types

function Search({ filters }: { filters: Filters }): JSX.Element {
  const say = useWords();
  const [text, setText] = useState(filters.q);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const type = (q: string): void => {
    setText(q);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => filter({ q }), PAUSE_MS);
  };
  return (
    <label class="search">
      <Icon name="search" />
      <input
        type="search"
        name="q"
        value={text}
        placeholder={say("search")}
        aria-label={say("search")}
        onInput={(event) => type(event.currentTarget.value)}
      />
    </label>
  );
}

// What is done to all that are chosen.
function Bulk({ now }: { now: Desk }): JSX.Element | null {
  const say = useWords();
  if (now.chosen.size === 0 || now.me === null || !mayModerate(now.me.role)) return null;
  const entries = chosenEntries();
  const ask = (kind: "assign" | "extend" | "forward" | "close"): JSX.Element => (
    <button type="button" class="soft" name={`bulk-${kind}`} onClick={() => set({ dialog: { kind, entries } })}>
      {say(`act.${kind}`)}
    </button>
  );
  return (
    <div class="bulk panel" role="group" aria-label={say("bulk.chosen", { n: entries.length })}>
      <b>{say("bulk.chosen", { n: entries.length })}</b>
      {ask("assign")}
      {ask("extend")}
      {ask("forward")}
      {ask("close")}
      <button
        type="button"
        class="soft"
        name="bulk-appeal"
        onClick={() => void actOn(entries.filter((one) => !one.question.owed?.appeal), "appeal", { on: true })}
      >
        {say("act.appeal")}
      </button>
      <button type="button" class="plain" onClick={() => set({ chosen: new Set() })}>
        {say("bulk.none")}
      </button>
    </div>
  );
}
