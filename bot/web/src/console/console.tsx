// SPDX-License-Identifier: Apache-2.0
// The console as a whole: urgent lane on top, topics left, questions in the middle, and on the
// right what is on air, what is next, the chat and its sources.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { mayModerate } from "../core/acts";
import { conflict, desk, dispatch, link } from "../core/desk";
import { Live } from "../core/live";
import { open, urgent } from "../core/state";
import type { State } from "../core/state";
import { useStore } from "../core/store";
import { age } from "../core/time";
import { useLang, useT } from "../i18n";
import { Lazy } from "../ready/lazy";
import { RehearsalDialog, RehearsalStrip } from "../ready/rehearsal";
import { Icon } from "../ui/icons";
import type { IconName } from "../ui/icons";
import { Toasts, useStale } from "../ui/small";
import { Air, Line } from "./air";
import { BeforeDialog } from "./before";
import { RejectAll, TopicAll } from "./bulk";
import { Chat } from "./chat";
import { onKeyDown } from "./commands";
import { ConflictCard, FollowUp, Merge, Reject, Topic, WhyDialog } from "./dialogs";
import { Edit, Write } from "./edit";
import { Groups } from "./groups";
import { OfficerLink, OverlayLink } from "./links";
import { Finder, List, Tabs } from "./list";
import { PromiseBanner, PromiseDialog } from "./promise";
import { AddSource, needsLook, Sources } from "./sources";
import { EndBroadcast, Help, TopBar } from "./topbar";
import { change, session, ui } from "./ui";
import type { Pane, Side, Ui } from "./ui";
import { UrgentLane } from "./urgent";

const BATCH_MS = 50; // frames are drawn together, at most twenty times a second

export function Console(): JSX.Element {
  const state = useStore(desk);
  const view = useStore(ui);
  const clash = useStore(conflict);
  useEffect(connect, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!conflict.get()) onKeyDown(event);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  useTitle(state);
  return (
    <div class={`console pane-${view.pane}`}>
      <TopBar state={state} />
      <RehearsalStrip state={state} />
      <Banners state={state} />
      <PromiseBanner state={state} />
      <UrgentLane state={state} view={view} />
      <main class="desk">
        <div class="left">
          <Groups state={state} view={view} />
        </div>
        <section class="middle">
          <div class="middle-head">
            <Tabs state={state} view={view} />
            <Finder view={view} can={mayModerate(state.role)} />
          </div>
          {view.tab === "open" && <PhoneGroups state={state} view={view} />}
          <List state={state} view={view} />
        </section>
        <aside class="right">
          <Air state={state} />
          <Line state={state} />
          <SideTabs view={view} state={state} />
          {view.side === "chat" ? <Chat state={state} /> : <Sources state={state} />}
        </aside>
      </main>
      <PhoneBar view={view} state={state} />
      <Dialogs state={state} view={view} />
      {clash && <ConflictCard />}
      <Toasts />
    </div>
  );
}

function connect(): () => void {
  let waiting: Parameters<typeof dispatch>[0][] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    const actions = waiting;
    waiting = [];
    actions.forEach(dispatch);
  };
  const live = new Live({
    page: "console",
    seq: () => desk.get().seq,
    showing: () => desk.get().onAir,
    onLink: (next) => {
      link.set(next);
      if (next.state === "signed_out") session.set(null);
    },
    onFrame: (frame) => {
      waiting.push({ type: "frame", frame, now: Date.now() });
      timer ??= setTimeout(flush, desk.get().ready ? BATCH_MS : 0);
    },
  });
  return () => {
    live.close();
    clearTimeout(timer);
  };
}

function useTitle(state: State): void {
  const alarms = urgent(state).length;
  const waiting = open(state).length;
  useEffect(() => {
    const mark = alarms > 0 ? "‼ " : "";
    document.title = `${mark}${waiting > 0 ? `(${waiting}) ` : ""}Suraq`;
  }, [alarms, waiting]);
  const lang = useLang();
  useEffect(() => {
    document.documentElement.lang = lang;
  }, [lang]);
}

function Banners({ state }: { state: State }): JSX.Element {
  const t = useT();
  const lang = useLang();
  const { lost, ms } = useStale();
  return (
    <div class="banners">
      {state.ready && lost && (
        <p class="banner banner-amber" role="status">
          <Icon name="warn" /> {t("banner.offline", { age: age(ms, lang) })}
        </p>
      )}
      {state.warnings.map((warning) => (
        <p
          key={warning.code}
          class={
            warning.code === "no_tls" ? "banner" : "banner banner-red"
          }
        >
          <Icon name="warn" /> {warningText(warning.code, t) ?? warning.text}
        </p>
      ))}
    </div>
  );
}

function warningText(code: string, t: ReturnType<typeof useT>): string | null {
  if (code === "no_tls") return t("warning.no_tls");
  if (code === "disk") return t("warning.disk");
  if (code === "journal") return t("warning.journal");
  if (code === "webhook") return t("warning.webhook");
  if (code === "calendar") return t("warning.calendar");
  return null;
}

function SideTabs({ view, state }: { view: Ui; state: State }): JSX.Element {
  const t = useT();
  const broken = state.sources.filter((one) => needsLook(one)).length;
  const tab = (side: Side, label: string, extra: JSX.Element | null): JSX.Element => (
    <button
      type="button"
      role="tab"
      aria-selected={view.side === side}
      onClick={() => change({ side })}
    >
      {label} {extra}
    </button>
  );
  return (
    <div class="tabs side-tabs" role="tablist">
      {tab("chat", t("chat"), null)}
      {tab(
        "sources",
        t("sources"),
        broken > 0 ? <span class="count count-amber">{broken}</span> : null,
      )}
    </div>
  );
}

// On a phone the topics are a line of chips above the list.
function PhoneGroups({ state, view }: { state: State; view: Ui }): JSX.Element {
  return (
    <div class="phone-groups">
      <Groups state={state} view={view} />
    </div>
  );
}

const PANES: { pane: Pane; icon: IconName; key: "pane.list" | "pane.air" | "chat" | "sources" }[] =
  [
    { pane: "list", icon: "list", key: "pane.list" },
    { pane: "air", icon: "air", key: "pane.air" },
    { pane: "chat", icon: "chat", key: "chat" },
    { pane: "sources", icon: "plug", key: "sources" },
  ];

function PhoneBar({ view, state }: { view: Ui; state: State }): JSX.Element {
  const t = useT();
  const go = (pane: Pane): void =>
    change(pane === "chat" || pane === "sources" ? { pane, side: pane } : { pane });
  return (
    <nav class="phone-bar">
      {PANES.map(({ pane, icon, key }) => (
        <button
          type="button"
          key={pane}
          aria-current={view.pane === pane ? "page" : undefined}
          onClick={() => go(pane)}
        >
          <Icon name={icon} />
          <span>{t(key)}</span>
          {pane === "list" && <span class="count">{open(state).length}</span>}
        </button>
      ))}
    </nav>
  );
}

function Dialogs({ state, view }: { state: State; view: Ui }): JSX.Element | null {
  const dialog = view.dialog;
  if (!dialog) return null;
  switch (dialog.kind) {
    case "write":
      return <Write />;
    case "promise":
      return <PromiseDialog state={state} />;
    case "help":
      return <Help />;
    case "officer":
      return <OfficerLink />;
    case "overlay":
      return <OverlayLink />;
    case "end":
      return <EndBroadcast state={state} />;
    case "source":
      return <AddSource />;
    case "prepare":
      return <Lazy load={() => import("../prepare/prepare")} />;
    case "rehearsal":
      return <RehearsalDialog state={state} />;
    case "reject_all":
      return <RejectAll ns={dialog.ns} />;
    case "topic_all":
      return <TopicAll ns={dialog.ns} />;
    case "search":
      return <Lazy load={() => import("../search/panel")} />;
  }
  const question = state.questions.get(dialog.n);
  if (!question) return null;
  switch (dialog.kind) {
    case "reject":
      return <Reject question={question} />;
    case "edit":
      return <Edit question={question} />;
    case "topic":
      return <Topic question={question} />;
    case "merge":
      return <Merge question={question} />;
    case "follow_up":
      return <FollowUp question={question} />;
    case "why":
      return <WhyDialog question={question} />;
    case "before":
      return <BeforeDialog question={question} />;
  }
}
