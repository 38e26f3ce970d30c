// SPDX-License-Identifier: Apache-2.0
// The page /setup: is everything ready? Each check in a line: a sign, a word, what was found, and
// what to do next.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { chooseLang } from "../core/session";
import { useStore } from "../core/store";
import { age, clock } from "../core/time";
import type { Lang } from "../core/types";
import { LOCALES, has, useLang, useT } from "../i18n";
import type { Translate } from "../i18n";
import { Icon } from "../ui/icons";
import { LangSwitch, ThemeButton } from "../ui/small";
import { play } from "./here";
import { again, found, watch } from "./live";
import type { Check, Found, Level } from "./live";
import { isWord, useWords } from "./words";
import type { Say, Word } from "./words";

const GROUPS: { title: Word; ids: readonly string[] }[] = [
  { title: "group.chats", ids: ["source", "quota", "replies", "webhooks"] },
  { title: "group.screens", ids: ["rehearsal", "overlay", "officer", "people"] },
  { title: "group.here", ids: ["fonts", "sound", "wake", "skew", "reach"] },
  { title: "group.entry", ids: ["accounts", "tokens", "address"] },
  {
    title: "group.machine",
    ids: ["disk", "journal", "backup", "zone", "clock", "locale", "filters", "calendar"],
  },
];

const LINKS: { [id: string]: { href: string; word: Word } } = {
  source: { href: "/?show=sources", word: "go.sources" },
  quota: { href: "/?show=sources", word: "go.sources" },
  replies: { href: "/?show=sources", word: "go.sources" },
  overlay: { href: "/?show=overlay", word: "go.overlay" },
  tokens: { href: "/?show=overlay", word: "go.overlay" },
  officer: { href: "/?show=officer", word: "go.officer" },
  people: { href: "/", word: "go.console" },
  rehearsal: { href: "/?show=rehearsal", word: "go.console" },
  filters: { href: "/filters", word: "go.filters" },
};

const SIGNS: Record<Level, string> = { ok: "✓", warn: "!", fail: "✗" };
const BYTES = new Set(["free", "min_free", "bytes"]);

export function SetupPage(): JSX.Element {
  const now = useStore(found);
  const say = useWords();
  const lang = useLang();
  useEffect(watch, []);
  const at = now.setup ? clock(now.setup.at, lang, now.setup.timezone ?? undefined) : "—";
  return (
    <>
      <Top />
      {now.away && (
        <p class="banner banner-amber" role="status">
          <Icon name="warn" /> {say("away", { time: at })}
        </p>
      )}
      <main class="setup" aria-busy={now.setup === null}>
        {now.setup && <Sum now={now} at={at} />}
        {now.setup &&
          GROUPS.map((group) => <Group key={group.title} title={group.title} list={pickOf(now, group.ids)} />)}
      </main>
    </>
  );
}

export function Top(): JSX.Element {
  const say = useWords();
  return (
    <header class="topbar stats-top">
      <a class="brand" href="/" title={say("back")}>
        <i aria-hidden="true">?</i>
        <b>Suraq</b>
      </a>
      <h1>{say("page")}</h1>
      <span class="grow" />
      <a class="button soft" href="/" aria-label={say("back")}>
        <Icon name="chat" /> <span class="wide-only">{say("back")}</span>
      </a>
      <LangSwitch choose={chooseLang} />
      <ThemeButton />
    </header>
  );
}

function all(now: Found): Check[] {
  return [...(now.setup?.checks ?? []), ...now.here];
}

function pickOf(now: Found, ids: readonly string[]): Check[] {
  return ids.flatMap((id) => all(now).filter((one) => one.id === id));
}

function Sum({ now, at }: { now: Found; at: string }): JSX.Element {
  const say = useWords();
  const count = (level: Level): number => all(now).filter((one) => one.level === level).length;
  const [fail, warn] = [count("fail"), count("warn")];
  return (
    <div class="setup-sum">
      <p role="status">
        {fail + warn === 0 && <Mark level="ok" text={say("sum.ready")} />}
        {fail > 0 && <Mark level="fail" text={say("sum.fail", { n: fail })} />}
        {warn > 0 && <Mark level="warn" text={say("sum.warn", { n: warn })} />}
      </p>
      <span class="muted small">{say("as_of", { time: at })}</span>
      <span class="grow" />
      <button type="button" class="soft setup-print" onClick={() => print()}>
        {say("print")}
      </button>
    </div>
  );
}

function Mark({ level, text }: { level: Level; text: string }): JSX.Element {
  return (
    <b class={`mark mark-${level}`}>
      <i aria-hidden="true">{SIGNS[level]}</i> {text}
    </b>
  );
}

function Group({ title, list }: { title: Word; list: Check[] }): JSX.Element | null {
  const say = useWords();
  if (list.length === 0) return null;
  return (
    <section class="panel">
      <h2>{say(title)}</h2>
      <ul class="checklist">
        {list.map((one) => (
          <Row key={`${one.id} ${one.name ?? ""}`} check={one} />
        ))}
      </ul>
    </section>
  );
}

function Row({ check }: { check: Check }): JSX.Element {
  const say = useWords();
  const t = useT();
  const lang = useLang();
  const args = figures(check, lang, t);
  const title = `title.${check.id}`;
  const todo = `do.${check.code}`;
  const link = LINKS[check.id];
  const unheard = `${check.code}.new`; // of a chat without a message so far
  const found = check.figures["age_s"] === null && isWord(unheard) ? unheard : check.code;
  return (
    <li class={`check-row check-${check.level}`} data-check={check.id} data-code={check.code}>
      <i class={`sign-${check.level}`} aria-hidden="true">
        {SIGNS[check.level]}
      </i>
      <div>
        <h3>
          {isWord(title) ? say(title) : check.id}
          {check.name && <span class="check-name"> {check.name}</span>}
          <span class={`check-level check-level-${check.level}`}>{say(`level.${check.level}`)}</span>
        </h3>
        <p>{isWord(found) ? say(found, args) : check.code}</p>
        {check.level !== "ok" && isWord(todo) && <p class="check-do">{say(todo, args)}</p>}
      </div>
      <Aside check={check} link={link} say={say} />
    </li>
  );
}

interface AsideProps {
  check: Check;
  link: { href: string; word: Word } | undefined;
  say: Say;
}

function Aside({ check, link, say }: AsideProps): JSX.Element | null {
  if (check.id === "sound") {
    return (
      <button type="button" class="soft" name="play" onClick={() => void play().then(again)}>
        {say("sound.play")}
      </button>
    );
  }
  if (!link || check.level === "ok") return null;
  return (
    <a class="button soft" href={link.href}>
      {say(link.word)}
    </a>
  );
}

// Figures as people read them: bytes with their unit, ages, numbers with their groups.
function figures(check: Check, lang: Lang, t: Translate): Record<string, string> {
  const out: Record<string, string> = { age: "—" };
  for (const [name, value] of Object.entries(check.figures)) {
    if (name === "age_s" && typeof value === "number") out["age"] = age(value * 1000, lang);
    else if (typeof value !== "number") out[name] = value ?? "—";
    else out[name] = BYTES.has(name) ? bytes(value, lang) : number(value, lang);
  }
  const code = check.figures["reason_code"];
  if (typeof code === "string" && code !== "") out["reason"] = reason(code, out["reason"] ?? "", t);
  return out;
}

function reason(code: string, text: string, t: Translate): string {
  const word = `source.code.${code}`;
  return has(word) ? t(word) : text;
}

// Browsers know no Kazakh numbers; they are written as the Russian ones are.
function numberLocale(lang: Lang): string {
  return lang === "kk" ? LOCALES.ru : LOCALES[lang];
}

function number(value: number, lang: Lang): string {
  return new Intl.NumberFormat(numberLocale(lang)).format(value);
}

function bytes(value: number, lang: Lang): string {
  const units: Record<Lang, readonly string[]> = {
    kk: ["Б", "КБ", "МБ", "ГБ", "ТБ"],
    ru: ["Б", "КБ", "МБ", "ГБ", "ТБ"],
    en: ["B", "KB", "MB", "GB", "TB"],
  };
  let [left, at] = [value, 0];
  while (left >= 1000 && at < 4) [left, at] = [left / 1024, at + 1];
  const digits = left < 10 && at > 0 ? 1 : 0;
  const shown = new Intl.NumberFormat(numberLocale(lang), { maximumFractionDigits: digits }).format(
    left,
  );
  return `${shown} ${units[lang][at] ?? ""}`;
}
