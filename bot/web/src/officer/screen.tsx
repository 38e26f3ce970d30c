// SPDX-License-Identifier: Apache-2.0
// The officer's screen: the question on air, huge; what comes next, small; three buttons. It shows
// nothing that a moderator has not approved, and goes on showing the last known when the network
// is gone.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { act, airNext, desk, dispatch, link } from "../core/desk";
import { belongsToControl, isTyping, keyName } from "../core/keys";
import { Live } from "../core/live";
import { firstName, wording } from "../core/state";
import { recall, remember, useNow, useStore } from "../core/store";
import { chooseLang } from "../core/session";
import { age, clock, since, timer } from "../core/time";
import type { Question } from "../core/types";
import { pick, useLang, useT } from "../i18n";
import { RehearsalMark } from "../ready/mark";
import { Icon } from "../ui/icons";
import { Key, LangSwitch, Masked, ThemeButton, Toasts, useStale } from "../ui/small";
import { useAwake } from "./awake";
import { keep, kept, view } from "./keep";
import type { Kept } from "./keep";
import { BigText } from "./text";

const AMBER_MS = 5 * 60_000;
const ZOOMS = [0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.3, 1.5];
const DOUBLE_MS = 600; // one press of a clicker can bounce

interface Props {
  onSignedOut: () => void;
}

export function OfficerScreen({ onSignedOut }: Props): JSX.Element {
  const state = useStore(desk);
  const { lost } = useStale();
  const [peek, setPeek] = useState(0); // how far one has leafed without a connection
  const [zoom, setZoom] = useZoom();
  const [old] = useState(kept);
  const shown: Kept | null = state.ready ? view(state) : old;
  useEffect(() => connect(onSignedOut), []);
  useEffect(() => {
    if (state.ready) keep(view(state));
  }, [state.questions, state.line, state.onAir]);
  useEffect(() => {
    if (!lost) setPeek(0);
  }, [lost]);
  const all = shown ? [...(shown.current ? [shown.current] : []), ...shown.line] : [];
  const leafed = lost ? Math.min(peek, Math.max(0, all.length - 1)) : 0;
  const current = lost ? (all[leafed] ?? null) : (shown?.current ?? null);
  const coming = lost ? (all[leafed + 1] ?? null) : (shown?.line[0] ?? null);
  const next = useGuarded(() => {
    if (lost) setPeek(leafed + 1);
    else void airNext();
  });
  useOfficerKeys(next, () => lost && setPeek(Math.max(0, leafed - 1)), setZoom);
  const count = lost ? Math.max(0, all.length - leafed - 1) : (shown?.line.length ?? 0);
  return (
    <div class="officer">
      {state.broadcast?.rehearsal && <RehearsalMark />}
      <Top stream={shown} current={current} skew={state.skew} lost={lost} />
      <Note question={lost ? null : current} />
      <main class="officer-main">
        {current ? (
          <Question question={current} zoom={zoom} />
        ) : (
          <Idle waiting={count} />
        )}
      </main>
      <Coming question={coming} count={count} />
      <Buttons current={current} canNext={coming !== null} lost={lost} next={next} />
      <Foot setZoom={setZoom} />
      <Toasts />
    </div>
  );
}

function connect(onSignedOut: () => void): () => void {
  const live = new Live({
    page: "officer",
    seq: () => desk.get().seq,
    showing: () => desk.get().onAir,
    onLink: (next) => {
      link.set(next);
      if (next.state === "signed_out") onSignedOut();
    },
    onFrame: (frame) => dispatch({ type: "frame", frame, now: Date.now() }),
  });
  const stop = desk.subscribe((state) => {
    if (state.onAir !== shownLast) {
      shownLast = state.onAir;
      live.heartbeat();
    }
  });
  return () => {
    stop();
    live.close();
  };
}

let shownLast: number | null = null;

type SetZoom = (step: -1 | 1) => void;

function useZoom(): [number, SetZoom] {
  const start = ZOOMS.indexOf(Number(recall("zoom")));
  const [at, setAt] = useState(start < 0 ? ZOOMS.indexOf(1) : start);
  const step: SetZoom = (by) =>
    setAt((old) => {
      const next = Math.max(0, Math.min(ZOOMS.length - 1, old + by));
      remember("zoom", String(ZOOMS[next]));
      return next;
    });
  return [ZOOMS[at] ?? 1, step];
}

// A bouncing clicker must not skip a question; the server's guard catches what gets through.
function useGuarded(run: () => void): () => void {
  const last = useRef(0);
  return () => {
    const now = Date.now();
    if (now - last.current < DOUBLE_MS) return;
    last.current = now;
    run();
  };
}

const NEXT_KEYS = new Set(["space", "pagedown", "enter", "right", "down"]);
const BACK_KEYS = new Set(["pageup", "left", "up"]);

function useOfficerKeys(next: () => void, back: () => void, zoom: SetZoom): void {
  const latest = useRef({ next, back, zoom });
  latest.current = { next, back, zoom };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const name = keyName(event);
      if (name === null || isTyping(event.target)) return;
      if (belongsToControl(event.target, name)) return;
      const bare = name.replace("shift+", "");
      if (NEXT_KEYS.has(name)) {
        if (!event.repeat) latest.current.next();
      } else if (BACK_KEYS.has(name)) latest.current.back();
      else if (name === "f") fullScreen();
      else if (bare === "+") latest.current.zoom(1);
      else if (bare === "-") latest.current.zoom(-1);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function fullScreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen?.().catch(() => undefined);
}

interface TopProps {
  stream: Kept | null;
  current: Question | null;
  skew: number;
  lost: boolean;
}

function Top({ stream, current, skew, lost }: TopProps): JSX.Element {
  const t = useT();
  const lang = useLang();
  const now = useNow();
  const { ms } = useStale();
  const running = since(current?.aired_at, now, skew);
  // Before the first frame of this visit the age is that of what was kept.
  const old = ms > 0 || !stream ? ms : now - stream.at;
  return (
    <header class="officer-top">
      {current && (
        <span class="on-air">
          <i class="dot" />№{current.no}
        </span>
      )}
      <h1 class="officer-title">{pick(stream?.stream.title, lang)}</h1>
      {lost && (
        <span class="officer-lost" role="status">
          <Icon name="warn" /> {t("officer.offline", { age: age(old, lang) })}
        </span>
      )}
      <span class="grow" />
      {running !== null && !lost && (
        <span class={running > AMBER_MS ? "officer-timer amber" : "officer-timer"}>
          {timer(running)}
        </span>
      )}
      <time class="officer-clock" aria-label={t("officer.time")}>
        {clock(now + skew, lang, stream?.stream.timezone)}
      </time>
    </header>
  );
}

function Note({ question }: { question: Question | null }): JSX.Element | null {
  const t = useT();
  if (!question?.note || question.note_acked) return null;
  return (
    <div class="officer-note" role="alert">
      <span>
        <small>{t("officer.note")}</small>
        {question.note}
      </span>
      <button type="button" onClick={() => void act(question, "ack")}>
        <Icon name="check" /> {t("officer.ack")}
      </button>
    </div>
  );
}

function Question({ question, zoom }: { question: Question; zoom: number }): JSX.Element {
  const t = useT();
  const lang = useLang();
  const topics = useStore(desk).topics;
  const topic = topics.find((one) => one.id === question.topics[0]);
  const name = firstName(question);
  const facts = [
    name,
    question.count > 1 ? t("asked_by", { n: question.count }) : null,
    topic ? pick(topic.title, lang) : null,
  ];
  return (
    <>
      <BigText question={question} zoom={zoom} />
      <p class="officer-facts">{facts.filter(Boolean).join(" · ")}</p>
    </>
  );
}

function Idle({ waiting }: { waiting: number }): JSX.Element {
  const t = useT();
  return (
    <div class="officer-idle">
      <p>{t("officer.none")}</p>
      <small>
        {waiting > 0
          ? `${t("officer.waiting", { n: waiting })}. ${t("officer.press")}.`
          : `${t("officer.queue_empty")}.`}
      </small>
    </div>
  );
}

function Coming({ question, count }: { question: Question | null; count: number }): JSX.Element {
  const t = useT();
  const lang = useLang();
  return (
    <section class="officer-coming" aria-label={t("officer.coming")}>
      {question ? (
        <>
          <span class="coming-label">
            {t("officer.coming")} <b>№{question.no}</b>
            {count > 1 && <span class="count">{t("officer.waiting", { n: count })}</span>}
          </span>
          <p>
            <Masked text={wording(question, lang)} />
          </p>
        </>
      ) : (
        <span class="coming-label">{t("officer.queue_empty")}</span>
      )}
    </section>
  );
}

interface ButtonsProps {
  current: Question | null;
  canNext: boolean;
  lost: boolean;
  next: () => void;
}

function Buttons({ current, canNext, lost, next }: ButtonsProps): JSX.Element {
  const t = useT();
  const fixed = lost || !current;
  return (
    <div class="officer-buttons">
      <button
        type="button"
        class="soft"
        disabled={fixed}
        onClick={() => current && void act(current, "later")}
      >
        {t("officer.later")}
      </button>
      <button
        type="button"
        class="soft"
        disabled={fixed}
        onClick={() => current && void act(current, "answer")}
      >
        <Icon name="check" /> {t("officer.answered")}
      </button>
      <button type="button" class="primary" disabled={!canNext && fixed} onClick={next}>
        {lost ? t("officer.peek") : t("officer.next")} <Key>Space</Key>
      </button>
    </div>
  );
}

function Foot({ setZoom }: { setZoom: SetZoom }): JSX.Element {
  const t = useT();
  const awake = useAwake();
  return (
    <footer class="officer-foot">
      {!awake && (
        <span class="officer-sleep">
          <Icon name="warn" /> {t("officer.sleep")}
        </span>
      )}
      <span class="grow" />
      <button
        type="button"
        class="plain square"
        onClick={() => setZoom(-1)}
        aria-label={`A− ${t("officer.smaller")}`}
        title={t("officer.smaller")}
      >
        A−
      </button>
      <button
        type="button"
        class="plain square"
        onClick={() => setZoom(1)}
        aria-label={`A+ ${t("officer.bigger")}`}
        title={t("officer.bigger")}
      >
        A+
      </button>
      <button
        type="button"
        class="plain square"
        onClick={fullScreen}
        aria-label={t("officer.full")}
        title={t("officer.full")}
      >
        <Icon name="full" />
      </button>
      <ThemeButton />
      <LangSwitch choose={chooseLang} />
    </footer>
  );
}
