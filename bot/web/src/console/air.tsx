// SPDX-License-Identifier: Apache-2.0
// The question on air, and the line behind it.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { legal, mayModerate } from "../core/acts";
import { act, airNext } from "../core/desk";
import { LONG, length } from "../core/spans";
import { firstName, inLine, onAir, wording } from "../core/state";
import type { State } from "../core/state";
import { useNow } from "../core/store";
import { age, since, timer } from "../core/time";
import type { Question } from "../core/types";
import { useLang, useT } from "../i18n";
import { AutoQueued, AutoSwitch } from "../ready/auto";
import { Icon } from "../ui/icons";
import { Key, Masked, Wording } from "../ui/small";
import { air, answer, inWriting, move, moveTo, toggleShow } from "./commands";
import { change } from "./ui";

const AMBER_MS = 5 * 60_000;
const SEEN_MS = 15_000;

export function Air({ state }: { state: State }): JSX.Element {
  const t = useT();
  const current = onAir(state);
  const next = inLine(state)[0] ?? null;
  return (
    <section class={current ? "air air-live" : "air"} aria-label={t("status.on_air")}>
      {current ? (
        <Current question={current} next={next} state={state} />
      ) : (
        <Idle next={next} can={mayModerate(state.role)} />
      )}
      <Screens state={state} />
    </section>
  );
}

function Idle({ next, can }: { next: Question | null; can: boolean }): JSX.Element {
  const t = useT();
  return (
    <div class="air-idle">
      <b>{t("air.nothing")}</b>
      <p>{next ? t("air.press_next") : t("air.approve_some")}</p>
      {can && <Next next={next} idle />}
    </div>
  );
}

function Next({ next, idle }: { next: Question | null; idle: boolean }): JSX.Element {
  const t = useT();
  return (
    <button
      type="button"
      class="primary"
      disabled={!next && idle}
      onClick={() => void airNext()}
    >
      <Icon name="next" />
      {next ? t("act.next_no", { no: next.no }) : t("act.next")} <Key>⇧ ↵</Key>
    </button>
  );
}

interface CurrentProps {
  question: Question;
  next: Question | null;
  state: State;
}

function Current({ question, next, state }: CurrentProps): JSX.Element {
  const t = useT();
  const running = since(question.aired_at, useNow(), state.skew) ?? 0;
  const shown = state.overlay === question.n;
  const longest = Math.max(0, ...Object.values(question.text).map(length));
  const can = mayModerate(state.role);
  return (
    <>
      <header class="air-head">
        <span class="on-air">
          <i class="dot" /> {t("status.on_air")}
        </span>
        <b>№{question.no}</b>
        <span class="meta">
          {firstName(question)}
          {question.count > 1 && <> · {t("asked_by", { n: question.count })}</>}
        </span>
        <span class={running > AMBER_MS ? "air-timer amber" : "air-timer"}>{timer(running)}</span>
      </header>
      <div class="air-text">
        <Wording text={question.text} />
      </div>
      {longest > LONG && <p class="amber">{t("edit.long", { n: longest })}</p>}
      {can && (
        <>
          <div class="air-main">
            <button type="button" class="soft" onClick={() => answer(question)}>
              <Icon name="check" /> {t("act.answer")} <Key>D</Key>
            </button>
            <Next next={next} idle={false} />
          </div>
          <div class="air-acts">
            <button type="button" class="tool" onClick={() => inWriting(question)}>
              {t("act.follow_up")} <Key>W</Key>
            </button>
            <button type="button" class="tool" onClick={() => void act(question, "later")}>
              {t("act.later")} <Key>L</Key>
            </button>
            <button
              type="button"
              class="tool"
              title={t("act.stop")}
              onClick={() => void act(question, "stop")}
            >
              {t("act.stop_short")}
            </button>
            <button
              type="button"
              class="tool"
              onClick={() => change({ dialog: { kind: "promise" } })}
            >
              {t("act.promise")} <Key>B</Key>
            </button>
            <button
              type="button"
              class="tool"
              onClick={() => change({ dialog: { kind: "edit", n: question.n } })}
            >
              {t("act.edit_short")}
            </button>
          </div>
          <button
            type="button"
            class={shown ? "switch switch-on" : "switch"}
            role="switch"
            aria-checked={shown}
            onClick={toggleShow}
          >
            <Icon name="screen" />
            <span class="switch-text">{shown ? t("air.shown") : t("air.hidden")}</span>
            <Key>S</Key>
            <i class="knob" />
          </button>
          <Note question={question} />
        </>
      )}
    </>
  );
}

function Note({ question }: { question: Question }): JSX.Element {
  const t = useT();
  const [text, setText] = useState("");
  useEffect(() => setText(""), [question.n]);
  const send = (event: Event): void => {
    event.preventDefault();
    if (!text.trim()) return;
    void act(question, "note", { text: text.trim() }).then((done) => done && setText(""));
  };
  return (
    <form class="note" onSubmit={send}>
      {question.note && (
        <p class={question.note_acked ? "note-sent note-acked" : "note-sent"}>
          <q>{question.note}</q>
          <span>{question.note_acked ? t("note.acked") : t("note.waiting")}</span>
        </p>
      )}
      <div class="field-row">
        <input
          value={text}
          maxLength={300}
          placeholder={t("note.placeholder")}
          aria-label={t("note.placeholder")}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="soft" disabled={!text.trim()}>
          {t("send")}
        </button>
      </div>
    </form>
  );
}

// Whether the officer's screen and the overlay have been heard of lately.
function Screens({ state }: { state: State }): JSX.Element {
  const t = useT();
  const lang = useLang();
  const now = useNow();
  const one = (label: string, at: string | null, connect: () => void): JSX.Element => {
    const ms = since(at, now, state.skew);
    const fresh = ms !== null && ms < SEEN_MS;
    const word = fresh
      ? t("screen.here")
      : ms === null
        ? t("screen.never")
        : t("screen.ago", { age: age(ms, lang) });
    return (
      <button
        type="button"
        class={fresh || ms === null ? "screen" : "screen amber"}
        onClick={connect}
        disabled={!mayModerate(state.role)}
        title={word}
      >
        <i class={fresh ? "dot dot-green" : ms === null ? "dot dot-hollow" : "dot dot-amber"} />
        <span>{label}</span>
        <span class={fresh || ms === null ? "sr-only" : ""}>{word}</span>
      </button>
    );
  };
  return (
    <div class="screens">
      {one(t("screen.officer"), state.officerSeen, () => change({ dialog: { kind: "officer" } }))}
      {one(t("screen.overlay"), state.overlaySeen, () => change({ dialog: { kind: "overlay" } }))}
    </div>
  );
}

export function Line({ state }: { state: State }): JSX.Element {
  const t = useT();
  const list = inLine(state);
  const [drag, setDrag] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const drop = (target: Question, index: number): void => {
    const moved = list.find((question) => question.n === drag);
    setDrag(null);
    setOver(null);
    if (moved) moveTo(moved, target.n, list.indexOf(moved) > index);
  };
  return (
    <section class="line" aria-label={t("line.title")}>
      <h2>
        {t("line.title")} <span class="count">{list.length}</span>
        <AutoSwitch state={state} />
      </h2>
      {list.length === 0 && <p class="muted">{t("line.empty")}</p>}
      <ol>
        {list.map((question, index) => (
          <LineItem
            key={question.n}
            question={question}
            can={mayModerate(state.role)}
            first={index === 0}
            last={index === list.length - 1}
            over={over === question.n && drag !== question.n}
            onDrag={() => setDrag(question.n)}
            onOver={() => setOver(question.n)}
            onDrop={() => drop(question, index)}
          />
        ))}
      </ol>
    </section>
  );
}

interface LineProps {
  question: Question;
  can: boolean;
  first: boolean;
  last: boolean;
  over: boolean;
  onDrag: () => void;
  onOver: () => void;
  onDrop: () => void;
}

function LineItem(props: LineProps): JSX.Element {
  const t = useT();
  const lang = useLang();
  const { question, can } = props;
  return (
    <li
      class={props.over ? "line-item line-over" : "line-item"}
      draggable={can}
      onDragStart={props.onDrag}
      onDragOver={(event) => {
        event.preventDefault();
        props.onOver();
      }}
      onDrop={(event) => {
        event.preventDefault();
        props.onDrop();
      }}
    >
      {can && <Icon name="grip" />}
      <button
        type="button"
        class="line-text"
        onClick={() => change({ tab: "queued", selected: question.n, pane: "list" })}
      >
        <b>№{question.no}</b> <Masked text={wording(question, lang)} />
      </button>
      {can && <AutoQueued question={question} />}
      {can && legal("move", question) && (
        <span class="line-acts">
          <button
            type="button"
            class="plain square"
            disabled={props.first}
            onClick={() => move(question, -1)}
            aria-label={`${t("act.move_up")} №${question.no}`}
          >
            <Icon name="up" />
          </button>
          <button
            type="button"
            class="plain square"
            disabled={props.last}
            onClick={() => move(question, 1)}
            aria-label={`${t("act.move_down")} №${question.no}`}
          >
            <Icon name="down" />
          </button>
          <button
            type="button"
            class="plain square"
            onClick={() => air(question)}
            title={t("act.air")}
            aria-label={`${t("act.air")} №${question.no}`}
          >
            <Icon name="air" />
          </button>
        </span>
      )}
    </li>
  );
}
