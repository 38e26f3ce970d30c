// SPDX-License-Identifier: Apache-2.0
// Search over everything that was ever asked or said. What is typed is asked at once; an answer
// that comes late never covers a newer one. The list is walked with the arrows from the field.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { closeDialog } from "../console/ui";
import { asProblem } from "../core/api";
import { desk, failure } from "../core/desk";
import type { State } from "../core/state";
import { useStore } from "../core/store";
import { clock, day } from "../core/time";
import type { Status } from "../core/types";
import { pick, useLang, useT } from "../i18n";
import { Dialog } from "../ui/dialog";
import { heardMinutes, setHeardMinutes } from "../console/before";
import { Detail } from "./detail";
import { NOTHING, pieces, search } from "./find";
import type { Found, Wish } from "./find";
import { useWords } from "./words";

const PAUSE_MS = 120; // between two letters of a fast typist
const STATUSES: readonly Status[] = [
  "new",
  "queued",
  "on_air",
  "answered",
  "follow_up",
  "rejected",
  "merged",
];

interface Shown {
  items: Found[];
  next: number | null;
  complete: boolean;
  failed: string;
}

const EMPTY: Shown = { items: [], next: null, complete: true, failed: "" };

let last: Wish = NOTHING; // opened again, it is as it was left

export default function Panel(): JSX.Element {
  const say = useWords();
  const [wish, setWish] = useState<Wish>(last);
  const [shown, setShown] = useState<Shown | null>(null);
  const [at, setAt] = useState(0);
  const [opened, setOpened] = useState<Found | null>(null);
  const turn = useRef(0);
  const ask = (after: number | null): void => {
    const mine = ++turn.current;
    search(wish, after)
      .then((page) => {
        if (mine !== turn.current) return;
        setShown((old) => ({
          ...page,
          items: after === null ? page.items : [...(old?.items ?? []), ...page.items],
          failed: "",
        }));
        if (after === null) setAt(0);
      })
      .catch((error: unknown) => {
        if (mine === turn.current) setShown({ ...EMPTY, failed: failure(asProblem(error)) });
      });
  };
  useEffect(() => {
    last = wish;
    const timer = setTimeout(() => ask(null), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wish]);
  const items = shown?.items ?? [];
  const step = (by: number): void => setAt(Math.max(0, Math.min(at + by, items.length - 1)));
  const leave = (): void => (opened ? setOpened(null) : closeDialog());
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.preventDefault(); // a search field would only empty itself
      leave();
    }
    if (opened || event.target instanceof HTMLSelectElement) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    }
    const typing = event.target instanceof HTMLInputElement && event.target.type === "search";
    const chosen = items[at];
    if (event.key === "Enter" && typing && chosen) setOpened(chosen);
  };
  return (
    <Dialog
      title={say("title")}
      onClose={leave}
      onKey={onKey}
      wide
    >
      <div class="finding">
        {opened ? (
          <Detail found={opened} back={() => setOpened(null)} />
        ) : (
          <>
            <Filters wish={wish} set={setWish} active={items[at] ? `found-${at}` : undefined} />
            <Results shown={shown} at={at} open={setOpened} />
            {shown?.next && (
              <button type="button" class="soft" onClick={() => ask(shown.next)}>
                {say("more")}
              </button>
            )}
            <Foot />
          </>
        )}
      </div>
    </Dialog>
  );
}

function Foot(): JSX.Element {
  const say = useWords();
  const minutes = useStore(heardMinutes);
  const [before, after] = say("heard", { n: "\u0000" }).split("\u0000");
  return (
    <footer class="finding-foot muted">
      <span>{say("keys")}</span>
      <label>
        {before}
        <input
          type="number"
          min={0}
          max={180}
          value={minutes}
          onChange={(event) => setHeardMinutes(Number(event.currentTarget.value))}
        />
        {after}
      </label>
    </footer>
  );
}

interface FilterProps {
  wish: Wish;
  set: (wish: Wish) => void;
  active: string | undefined;
}

function Filters({ wish, set, active }: FilterProps): JSX.Element {
  const say = useWords();
  const state = useStore(desk);
  const change = (part: Partial<Wish>): void => set({ ...wish, ...part });
  const asks = wish.kind === "question";
  return (
    <>
      <input
        data-autofocus
        class="finding-field"
        type="search"
        aria-controls="found"
        aria-activedescendant={active}
        aria-label={say("what")}
        placeholder={say("what")}
        value={wish.q}
        onInput={(event) => change({ q: event.currentTarget.value })}
      />
      <div class="finding-filters">
        <div class="tabs" role="group">
          {(["question", "message"] as const).map((kind) => (
            <button
              type="button"
              key={kind}
              aria-pressed={wish.kind === kind}
              onClick={() => change({ kind })}
            >
              {say(kind === "question" ? "questions" : "messages")}
            </button>
          ))}
        </div>
        <Choices wish={wish} state={state} change={change} />
        {asks && (
          <label>
            <input
              type="checkbox"
              checked={wish.mine}
              onChange={(event) => change({ mine: event.currentTarget.checked })}
            />{" "}
            {say("mine")}
          </label>
        )}
        <label>
          <input
            type="checkbox"
            checked={wish.pii}
            onChange={(event) => change({ pii: event.currentTarget.checked })}
          />{" "}
          {say("pii")}
        </label>
      </div>
    </>
  );
}

interface ChoiceProps {
  wish: Wish;
  state: State;
  change: (part: Partial<Wish>) => void;
}

function Choices({ wish, state, change }: ChoiceProps): JSX.Element {
  const say = useWords();
  const t = useT();
  const lang = useLang();
  const broadcasts = Array.from({ length: state.broadcast?.id ?? 0 }, (_, i) => String(i + 1));
  const select = (
    name: "status" | "topic" | "source" | "lang" | "broadcast",
    any: string,
    options: [string, string][],
  ): JSX.Element => (
    <select
      aria-label={any}
      value={wish[name]}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    >
      <option value="">{any}</option>
      {options.map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
  return (
    <>
      {wish.kind === "question" && (
        <>
          {select("status", say("any_status"), STATUSES.map((one) => [one, t(`status.${one}`)]))}
          {select("topic", say("any_topic"), [
            ...state.topics.map((one): [string, string] => [one.id, pick(one.title, lang)]),
            ["other", say("other")],
          ])}
        </>
      )}
      {select("source", say("any_source"), state.sources.map((one) => [one.name, one.name]))}
      {select("lang", say("any_lang"), [
        ["kk", "Қазақша"],
        ["ru", "Русский"],
        ["en", "English"],
        ["mixed", t("lang.mixed")],
        ["latn", t("lang.latn")],
      ])}
      {broadcasts.length > 1 &&
        select(
          "broadcast",
          say("any_broadcast"),
          broadcasts.map((id) => [id, say("broadcast", { n: id })]),
        )}
    </>
  );
}

interface ResultProps {
  shown: Shown | null;
  at: number;
  open: (found: Found) => void;
}

function Results({ shown, at, open }: ResultProps): JSX.Element | null {
  const say = useWords();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);
  if (!shown) return <div id="found" class="hits" />;
  const n = shown.items.length;
  return (
    <>
      <p class="muted" role="status">
        {shown.failed
          ? say("failed", { why: shown.failed })
          : n === 0
            ? say("nothing")
            : say(shown.next ? "found_more" : "found", { n })}{" "}
        {!shown.complete && say("making")}
      </p>
      <ul id="found" class="hits" role="listbox" aria-label={say("results")} ref={list}>
        {shown.items.map((found, i) => (
          <li
            key={`${found.kind}${found.question?.n ?? found.message?.mid}`}
            id={`found-${i}`}
            role="option"
            aria-selected={i === at}
            onClick={() => open(found)}
          >
            <Head found={found} />
            <p>
              {pieces(found.snippet).map((piece, k) =>
                piece.hit ? <mark key={k}>{piece.text}</mark> : piece.text,
              )}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

export function Head({ found }: { found: Found }): JSX.Element {
  const say = useWords();
  const t = useT();
  const lang = useLang();
  const zone = desk.get().stream.timezone;
  const { question, message } = found;
  const at = question?.created_at ?? message?.at ?? "";
  return (
    <div class="hits-head">
      {question && <b>№{question.no}</b>}
      {question && (
        <span class={`badge status-${question.status}`}>{t(`status.${question.status}`)}</span>
      )}
      {question?.broadcast && <span>{say("broadcast", { n: question.broadcast })}</span>}
      {message && <b>{message.author.name}</b>}
      <span class="source">{question?.source || message?.source || t("by_hand")}</span>
      {at && (
        <time dateTime={at}>
          {day(at, lang)} {clock(at, lang, zone)}
        </time>
      )}
    </div>
  );
}
