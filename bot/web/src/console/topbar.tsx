// SPDX-License-Identifier: Apache-2.0
// The top of the console: which stream, which broadcast, is the connection alive, who else is here.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { mayModerate } from "../core/acts";
import { asProblem, post } from "../core/api";
import { connected, dispatch, fail, failure } from "../core/desk";
import { chooseLang, signOut } from "../core/session";
import type { State } from "../core/state";
import { useNow, useStore } from "../core/store";
import { since, timer } from "../core/time";
import { toast } from "../core/toast";
import type { Broadcast, Person } from "../core/types";
import { pick, t as say, useLang, useT } from "../i18n";
import { FailedChecks } from "../ready/checks";
import { useWords } from "../ready/words";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icons";
import { ConnectionPill, LangSwitch, ThemeButton } from "../ui/small";
import { SHORTCUTS } from "./commands";
import { change, closeDialog, session } from "./ui";

export function TopBar({ state }: { state: State }): JSX.Element {
  const t = useT();
  const lang = useLang();
  const can = mayModerate(state.role);
  return (
    <header class="topbar">
      <span class="brand">
        <i aria-hidden="true">?</i>
        <b>Suraq</b>
      </span>
      <h1>{pick(state.stream.title, lang) || state.stream.id}</h1>
      {state.broadcast && <BroadcastChip broadcast={state.broadcast} state={state} />}
      <span class="grow" />
      <People people={state.people} />
      <FailedChecks n={can ? state.failed : 0} />
      <ConnectionPill />
      {can && (
        <button
          type="button"
          class="soft"
          onClick={() => change({ dialog: { kind: "write" } })}
          title={t("write.title")}
        >
          <Icon name="plus" /> <span class="wide-only">{t("write.short")}</span>
        </button>
      )}
      <span class="desk-only">
        <LangSwitch choose={chooseLang} />
        <ThemeButton />
      </span>
      <button
        type="button"
        class="plain square wide-only"
        onClick={() => change({ dialog: { kind: "help" } })}
        aria-label={t("help.title")}
        title={t("help.title")}
      >
        <Icon name="help" />
      </button>
      <Me />
    </header>
  );
}

function BroadcastChip({
  broadcast,
  state,
}: {
  broadcast: Broadcast;
  state: State;
}): JSX.Element {
  const t = useT();
  const ready = useWords();
  const can = mayModerate(state.role) && !broadcast.rehearsal;
  const running = since(broadcast.started_at, useNow(), state.skew);
  const start = (): void => {
    if (!connected()) return;
    post<Broadcast>("/broadcasts", {})
      .then(() => toast(say("done.started")))
      .catch(fail);
  };
  return (
    <span class="broadcast">
      <span class={broadcast.status === "live" ? "pill pill-live" : "pill"}>
        <i class="dot" />
        {t("broadcast", { n: broadcast.id })}
        {broadcast.status === "live" && running !== null && <b>{timer(running)}</b>}
        {broadcast.status === "planned" && <> · {t("broadcast.planned")}</>}
        {broadcast.rehearsal && <span class="wide-only"> · {ready("rehearsal")}</span>}
      </span>
      {can && broadcast.status === "planned" && (
        <button type="button" class="soft" onClick={start}>
          {t("broadcast.start")}
        </button>
      )}
      {can && broadcast.status === "live" && (
        <button
          type="button"
          class="plain wide-only"
          onClick={() => change({ dialog: { kind: "end" } })}
        >
          {t("broadcast.end")}
        </button>
      )}
    </span>
  );
}

function People({ people }: { people: Person[] }): JSX.Element | null {
  const t = useT();
  if (people.length === 0) return null;
  const names = people.map((one) => `${one.user} (${t(`role.${one.role}`)})`).join(", ");
  return (
    <ul class="people wide-only" aria-label={t("people")} title={names}>
      {people.slice(0, 5).map((one, i) => (
        <li key={`${one.user}${i}`} aria-label={one.user}>
          {one.user.slice(0, 1).toUpperCase()}
        </li>
      ))}
      {people.length > 5 && <li>+{people.length - 5}</li>}
    </ul>
  );
}

function Me(): JSX.Element {
  const t = useT();
  const ready = useWords();
  const me = useStore(session);
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [open]);
  const onKey = (event: KeyboardEvent): void => {
    if (!open || event.key !== "Escape") return;
    event.stopPropagation();
    setOpen(false);
    box.current?.querySelector("button")?.focus();
  };
  const leave = (): void => {
    signOut()
      .then(() => session.set(null))
      .catch(fail);
  };
  const show = (kind: "officer" | "overlay" | "help" | "end" | "rehearsal" | "prepare"): void => {
    setOpen(false);
    change({ dialog: { kind } });
  };
  return (
    <div
      class="me"
      ref={box}
      onKeyDown={onKey}
    >
      <button
        type="button"
        class="soft me-button"
        aria-expanded={open}
        aria-controls="menu"
        aria-label={me?.user ?? ""}
        onClick={() => setOpen(!open)}
      >
        <Icon name="people" /> <span class="wide-only">{me?.user}</span>
      </button>
      {open && me && (
        <div class="menu" id="menu">
          <p class="muted">
            {me.user} · {t(`role.${me.role}`)}
          </p>
          <div class="menu-row phone-only">
            <LangSwitch choose={chooseLang} />
            <ThemeButton />
          </div>
          {mayModerate(me.role) && (
            <>
              <button type="button" onClick={() => show("officer")}>
                <Icon name="link" /> {t("officer_link.title")}
              </button>
              <button type="button" onClick={() => show("overlay")}>
                <Icon name="screen" /> {t("overlay_link.title")}
              </button>
              <button type="button" onClick={() => show("end")}>
                <Icon name="air" /> {t("end.title")}
              </button>
              <button type="button" onClick={() => show("prepare")}>
                <Icon name="list" /> {ready("prepare")}
              </button>
              <button type="button" onClick={() => show("rehearsal")}>
                <Icon name="next" /> {ready("rehearsal")}
              </button>
              <a class="button" href="/setup">
                <Icon name="check" /> {ready("setup")}
              </a>
              <a class="button" href="/filters">
                <Icon name="filter" /> {t("filters")}
              </a>
            </>
          )}
          <a class="button" href="/register">
            <Icon name="list" /> {t("register")}
          </a>
          <a class="button" href="/promises">
            <Icon name="check" /> {t("promises")}
          </a>
          {me.role === "admin" && (
            <a class="button" href="/accounts">
              <Icon name="people" /> {t("accounts")}
            </a>
          )}
          <a class="button" href="/stats">
            <Icon name="chart" /> {t("stats")}
          </a>
          <button type="button" onClick={() => show("help")}>
            <Icon name="help" /> {t("help.title")}
          </button>
          <button type="button" onClick={leave}>
            <Icon name="out" /> {t("sign_out")}
          </button>
        </div>
      )}
    </div>
  );
}

export function Help(): JSX.Element {
  const t = useT();
  return (
    <Dialog title={t("help.title")} onClose={closeDialog} wide>
      <p class="muted">{t("help.intro")}</p>
      <ul class="keys">
        {SHORTCUTS.map((one) => (
          <li key={one.caps}>
            <span class="caps">
              {one.caps.split("  ").map((cap) => (
                <kbd key={cap}>{cap}</kbd>
              ))}
            </span>
            <span>{t(one.label)}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

const OPEN_CHOICES = ["carry", "follow_up", "reject"] as const;

export function EndBroadcast({ state }: { state: State }): JSX.Element {
  const t = useT();
  const [choice, setChoice] = useState<(typeof OPEN_CHOICES)[number]>("follow_up");
  const [problem, setProblem] = useState("");
  const broadcast = state.broadcast;
  const end = (event: Event): void => {
    event.preventDefault();
    if (!broadcast || !connected()) return;
    post<{ broadcast?: Broadcast }>(`/broadcasts/${broadcast.id}/end`, { open: choice })
      .then((answer) => {
        if (answer.broadcast) dispatch({ type: "broadcast", broadcast: answer.broadcast });
        toast(say("done.ended"));
        closeDialog();
      })
      .catch((error: unknown) => setProblem(failure(asProblem(error))));
  };
  const left = (state.counts.new ?? 0) + (state.counts.queued ?? 0);
  return (
    <Dialog title={t("end.title")} onClose={closeDialog}>
      <form class="form" onSubmit={end}>
        <p>{t("end.left", { n: left })}</p>
        <fieldset class="checks one-column">
          <legend>{t("end.what")}</legend>
          {OPEN_CHOICES.map((one) => (
            <label key={one} class="check">
              <input
                type="radio"
                name="open"
                checked={choice === one}
                onChange={() => setChoice(one)}
              />
              <span>{t(`end.${one}`)}</span>
            </label>
          ))}
        </fieldset>
        {problem && <p class="error">{problem}</p>}
        <footer class="dialog-foot">
          <button type="button" class="soft" data-autofocus onClick={closeDialog}>
            {t("cancel")}
          </button>
          <button type="submit" class="danger" disabled={broadcast?.status !== "live"}>
            {t("end.do")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

