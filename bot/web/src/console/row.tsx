// SPDX-License-Identifier: Apache-2.0
// One question in the list. Unselected it is quiet: number, time, wording, who asked, and the one
// act that usually comes next. Selected it opens: every act with its key, askers, the original.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { legal } from "../core/acts";
import { act, desk } from "../core/desk";
import { firstName, wording } from "../core/state";
import { clock } from "../core/time";
import type { Question } from "../core/types";
import { has, useLang, useT } from "../i18n";
import type { Key as TextKey } from "../i18n";
import { AutoWait } from "../ready/auto";
import { Icon } from "../ui/icons";
import { pure } from "../ui/pure";
import { Key, Masked, Wording } from "../ui/small";
import {
  air,
  answer,
  approve,
  claim,
  inWriting,
  mergeLike,
  move,
  pin,
  reject,
  reveal,
} from "./commands";
import { Before, HeardBadge } from "./before";
import { useBulkWords } from "./bulk_words";
import { QuestionReplies } from "./replies";
import { tick } from "./ticks";
import { change } from "./ui";

interface Props {
  question: Question;
  selected: boolean;
  revealed: boolean;
  busy: boolean;
  gone: boolean; // it left this list while the pointer was on it
  topic: string; // title, "" when the list shows one topic only
  canAct: boolean;
  ticked: boolean | null; // null: nothing is, so there is nothing to show
  like: Question | null; // still open, and may be the same
  percent: number; // how like
}

export const Row = pure(function Row(props: Props): JSX.Element {
  const { question, selected, gone } = props;
  const lang = useLang();
  const zone = desk.get().stream.timezone;
  const ref = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (selected) ref.current?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  const classes = ["row"];
  if (selected) classes.push("row-selected");
  if (gone) classes.push("row-gone");
  if (props.ticked) classes.push("row-ticked");
  if (question.pinned) classes.push("row-pinned");
  if (question.status === "on_air") classes.push("row-air");
  return (
    <li
      ref={ref}
      class={classes.join(" ")}
      data-n={question.n}
      aria-current={selected ? "true" : undefined}
      onClick={() => change({ selected: question.n })}
    >
      <div class="row-no">
        <b>№{question.no}</b>
        {question.created_at && (
          <time dateTime={question.created_at}>{clock(question.created_at, lang, zone)}</time>
        )}
        {props.ticked !== null && !gone && <Tick {...props} />}
      </div>
      <div class="row-body">
        <div class="row-text">
          <Wording text={question.text} />
        </div>
        <Meta {...props} />
        {question.auto_at && !gone && <AutoWait question={question} canAct={props.canAct} />}
        {props.like && !gone && legal("merge", question) && <Alike {...props} />}
        {!gone && <Before {...props} />}
        {selected && <Details {...props} />}
      </div>
      <div class="row-side">
        {gone ? <Status question={question} /> : props.canAct && <Primary {...props} />}
      </div>
      {selected && !gone && props.canAct && <Toolbar question={question} />}
    </li>
  );
});

function Tick({ question, ticked }: Props): JSX.Element {
  const say = useBulkWords();
  return (
    <label class="tick" onClick={(event) => event.stopPropagation()}>
      <input type="checkbox" checked={ticked === true} onChange={() => tick(question)} />
      <span class="sr-only">{say("tick")}</span>
    </label>
  );
}

function Status({ question }: { question: Question }): JSX.Element {
  const t = useT();
  return <span class={`badge status-${question.status}`}>{t(`status.${question.status}`)}</span>;
}

function Meta({ question, topic }: Props): JSX.Element {
  const t = useT();
  const name = firstName(question);
  const source = question.source || question.askers?.[0]?.source || t("by_hand");
  return (
    <div class="meta">
      {question.count > 1 && (
        <span class="badge badge-count" title={t("asked_by", { n: question.count })}>
          <Icon name="people" /> {question.count}
        </span>
      )}
      <span class="source">{source}</span>
      {name && <span class="name">{name}</span>}
      {topic && <span class="topic-name">{topic}</span>}
      {question.lang && question.lang !== "kk" && question.lang !== "ru" && (
        <span class="badge">{langName(question.lang, t)}</span>
      )}
      <Flags question={question} />
      <HeardBadge question={question} />
    </div>
  );
}

function Alike({ question, selected, like, percent, canAct }: Props): JSX.Element | null {
  const t = useT();
  const lang = useLang();
  if (!like) return null;
  return (
    <div class="alike">
      <b>{t("like", { no: like.no, percent })}</b>
      <span class="alike-text">
        <Masked text={wording(like, lang)} />
      </span>
      {canAct && (
        <button
          type="button"
          onClick={(event) => {
            event.stopPropagation();
            mergeLike(question);
          }}
        >
          {t("act.merge")} {selected && <Key>=</Key>}
        </button>
      )}
    </div>
  );
}

function langName(lang: string, t: (key: TextKey) => string): string {
  const key = `lang.${lang}`;
  return has(key) ? t(key) : lang;
}

function Flags({ question }: { question: Question }): JSX.Element {
  const t = useT();
  const holder = question.claimed_by;
  return (
    <>
      {question.urgent && <span class="badge badge-red">{urgentName(question, t)}</span>}
      {question.taken_by && (
        <span class="badge badge-taken">{t("flag.taken", { who: person(question.taken_by) })}</span>
      )}
      {question.held && (
        <span class="badge badge-amber" title={question.held}>
          {t("flag.held")}
        </span>
      )}
      {question.abuse && <span class="badge badge-amber">{t("flag.abuse")}</span>}
      {question.spam && <span class="badge badge-amber">{t("flag.spam")}</span>}
      {question.pii && question.pii.length > 0 && (
        <span class="badge badge-amber" title={t("flag.pii_title")}>
          {question.pii.map((kind) => piiName(kind, t)).join(", ")}
        </span>
      )}
      {question.pinned && <span class="badge">{t("flag.pinned")}</span>}
      {question.edited && <span class="badge">{t("flag.edited")}</span>}
      {question.deleted && <span class="badge">{t("flag.deleted")}</span>}
      {question.status === "rejected" && question.reason && (
        <span class="badge">{t(`reason.${question.reason}`)}</span>
      )}
      {question.status === "merged" && <span class="badge">{t("status.merged")}</span>}
      {holder && (
        <span class="badge badge-accent">{t("flag.claimed", { who: person(holder) })}</span>
      )}
    </>
  );
}

export function person(actor: string): string {
  return actor.replace(/^user:/, "");
}

export function urgentName(question: Question, t: (key: TextKey) => string): string {
  const key = `urgent.${question.urgent}`;
  return has(key) ? t(key) : t("urgent");
}

export function piiName(kind: string, t: (key: TextKey) => string): string {
  const key = `pii.${kind}`;
  return has(key) ? t(key) : kind;
}

function Details({ question, revealed }: Props): JSX.Element {
  const t = useT();
  const lang = useLang();
  const others = (question.askers ?? []).filter((asker, i) => i > 0 || asker.text);
  return (
    <div class="details">
      {revealed && question.original && (
        <p class="original">
          <span class="label">{t("original")}</span> <q>{question.original}</q>
        </p>
      )}
      {question.unit && <p class="muted">{t("details.unit", { unit: question.unit })}</p>}
      {question.due && <p class="muted">{t("details.due", { due: question.due })}</p>}
      {question.answer_note && <p class="muted">{question.answer_note}</p>}
      <QuestionReplies question={question} />
      {others.length > 0 && (
        <ul class="askers">
          {others.map((asker) => (
            <li key={asker.mid ?? asker.at} class={asker.deleted ? "struck" : ""}>
              <span class="source">{asker.source || t("by_hand")}</span> <b>{asker.name}</b>{" "}
              <time class="muted">{clock(asker.at, lang, desk.get().stream.timezone)}</time>
              {asker.text && <> {asker.text}</>}
            </li>
          ))}
          {question.count > (question.askers?.length ?? 0) && (
            <li class="muted">
              {t("more_askers", { n: question.count - (question.askers?.length ?? 0) })}
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

interface Deed {
  key: TextKey;
  cap: string;
  run: (question: Question) => void;
}

const PRIMARY: Record<Question["status"], Deed | null> = {
  new: { key: "act.approve", cap: "A", run: approve },
  queued: { key: "act.air", cap: "Enter", run: air },
  on_air: null,
  answered: { key: "act.reopen", cap: "D", run: answer },
  follow_up: { key: "act.approve", cap: "A", run: approve },
  rejected: { key: "act.restore", cap: "R", run: reject },
  merged: null,
};

function Primary({ question, busy, selected }: Props): JSX.Element {
  const t = useT();
  const deed = PRIMARY[question.status];
  if (!deed) {
    const merged = question.status === "merged";
    return merged ? <Split question={question} /> : <Status question={question} />;
  }
  return (
    <button
      type="button"
      class={selected ? "primary" : question.status === "new" ? "soft gentle" : "soft"}
      disabled={busy}
      onClick={(event) => {
        event.stopPropagation();
        deed.run(question);
      }}
    >
      {t(deed.key)} {selected && <Key>{deed.cap}</Key>}
    </button>
  );
}

function Split({ question }: { question: Question }): JSX.Element {
  const t = useT();
  return (
    <button type="button" class="soft" onClick={() => void act(question, "split")}>
      {t("act.split")}
    </button>
  );
}

function deeds(question: Question): Deed[] {
  const all: (Deed | false)[] = [
    legal("approve", question) && { key: "act.approve", cap: "A", run: approve },
    legal("air", question) && { key: "act.air", cap: "Enter", run: air },
    legal("answer", question) && { key: "act.answer", cap: "D", run: answer },
    question.status === "answered" && { key: "act.reopen", cap: "D", run: answer },
    legal("follow_up", question) && { key: "act.follow_up", cap: "W", run: inWriting },
    question.status === "follow_up" && { key: "act.restore", cap: "W", run: inWriting },
    question.status === "rejected" && { key: "act.restore", cap: "R", run: reject },
    legal("edit", question) && { key: "act.edit_short", cap: "E", run: ask("edit") },
    legal("topic", question) && { key: "act.topic", cap: "T", run: ask("topic") },
    legal("merge", question) && { key: "act.merge", cap: "M", run: ask("merge") },
    legal("pin", question) && {
      key: question.pinned ? "act.unpin" : "act.pin",
      cap: "P",
      run: pin,
    },
    legal("claim", question) && {
      key: question.claimed_by ? "act.release" : "act.claim",
      cap: "C",
      run: claim,
    },
    { key: "act.reveal", cap: "O", run: reveal },
    { key: "act.why", cap: "I", run: ask("why") },
  ];
  const first = PRIMARY[question.status]?.key; // stands beside the wording already
  return all.filter((deed): deed is Deed => deed !== false && deed.key !== first);
}

function ask(kind: "edit" | "topic" | "merge" | "why"): (question: Question) => void {
  return (question) => change({ dialog: { kind, n: question.n } });
}

function Toolbar({ question }: { question: Question }): JSX.Element {
  const t = useT();
  const say = useBulkWords();
  return (
    <div class="toolbar" role="toolbar" aria-label={t("acts")}>
      {deeds(question).map((deed) => (
        <button type="button" key={deed.key} class="tool" onClick={() => deed.run(question)}>
          {t(deed.key)} <Key>{deed.cap}</Key>
        </button>
      ))}
      <button type="button" class="tool" name="tick" onClick={() => tick(question)}>
        {say("tick")} <Key>X</Key>
      </button>
      {legal("move", question) && (
        <>
          <button
            type="button"
            class="tool square"
            onClick={() => move(question, -1)}
            aria-label={t("act.move_up")}
          >
            <Icon name="up" />
          </button>
          <button
            type="button"
            class="tool square"
            onClick={() => move(question, 1)}
            aria-label={t("act.move_down")}
          >
            <Icon name="down" />
          </button>
        </>
      )}
      {legal("reject", question) && (
        <button type="button" class="tool tool-reject" onClick={() => reject(question)}>
          {t("act.reject")} <Key>R</Key>
        </button>
      )}
    </div>
  );
}
