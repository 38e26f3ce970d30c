// SPDX-License-Identifier: Apache-2.0
// The dialogs that decide on one question: reject, answer in writing, topic, merge, why; and the
// card that shows what a colleague did first.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { legal, REASONS } from "../core/acts";
import { act, conflict, desk } from "../core/desk";
import { keyName, isTyping } from "../core/keys";
import { matches } from "../core/order";
import { topicOf, wording } from "../core/state";
import { useStore } from "../core/store";
import type { Question, Reason, Texts } from "../core/types";
import { pick, useLang, useT } from "../i18n";
import { Dialog } from "../ui/dialog";
import { Key, Masked, Wording } from "../ui/small";
import { rejectFor } from "./commands";
import { person } from "./row";
import { closeDialog } from "./ui";

interface Props {
  question: Question;
}

function About({ question }: Props): JSX.Element {
  return (
    <blockquote class="about">
      <b>№{question.no}</b> <Wording text={question.text} />
    </blockquote>
  );
}

export function Reject({ question }: Props): JSX.Element {
  const t = useT();
  return (
    <Reasons
      title={t("reject.title", { no: question.no })}
      choose={(reason, note) => rejectFor(question, reason, note)}
    >
      <About question={question} />
    </Reasons>
  );
}

interface ReasonsProps {
  title: string;
  children?: ComponentChildren;
  choose: (reason: Reason, note: string) => void;
}

export function Reasons({ title, children, choose }: ReasonsProps): JSX.Element {
  const t = useT();
  const [note, setNote] = useState("");
  const take = (reason: Reason): void => {
    closeDialog();
    choose(reason, note.trim());
  };
  const onKey = (event: KeyboardEvent): void => {
    if (isTyping(event.target)) return;
    const reason = REASONS[Number(keyName(event)) - 1];
    if (reason) take(reason);
  };
  return (
    <Dialog title={title} onClose={closeDialog} onKey={onKey}>
      {children}
      <ul class="reasons">
        {REASONS.map((reason, i) => (
          <li key={reason}>
            <button
              type="button"
              data-autofocus={i === 0 ? "" : undefined}
              onClick={() => take(reason)}
            >
              <Key>{i + 1}</Key>
              <span>
                <b>{t(`reason.${reason}`)}</b>
                <small>{t(`reason.${reason}.hint`)}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <label class="stacked">
        <span>{t("reject.note")}</span>
        <input
          value={note}
          maxLength={500}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </label>
      <p class="muted">{t("reject.keeps")}</p>
    </Dialog>
  );
}

export function FollowUp({ question }: Props): JSX.Element {
  const t = useT();
  const [unit, setUnit] = useState(question.unit ?? "");
  const [due, setDue] = useState(question.due ?? "");
  const save = (event: Event): void => {
    event.preventDefault();
    closeDialog();
    void act(question, "follow_up", {
      ...(unit.trim() && { unit: unit.trim() }),
      ...(due && { due }),
    });
  };
  return (
    <Dialog title={t("follow_up.title", { no: question.no })} onClose={closeDialog}>
      <About question={question} />
      <form class="form" onSubmit={save}>
        <label>
          <span>{t("follow_up.unit")}</span>
          <input
            data-autofocus
            value={unit}
            maxLength={200}
            onInput={(event) => setUnit(event.currentTarget.value)}
          />
        </label>
        <label>
          <span>{t("follow_up.due")}</span>
          <input
            type="date"
            value={due}
            onInput={(event) => setDue(event.currentTarget.value)}
          />
        </label>
        <p class="muted">{t("follow_up.hint")}</p>
        <footer class="dialog-foot">
          <button type="button" class="soft" onClick={closeDialog}>
            {t("cancel")}
          </button>
          <button type="submit" class="primary">
            {t("act.follow_up")} <Key>Enter</Key>
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

export function Topic({ question }: Props): JSX.Element {
  const t = useT();
  return (
    <Topics
      title={t("topic.title", { no: question.no })}
      first={question.topics}
      choose={(topics) => void act(question, "topic", { topics })}
    >
      <About question={question} />
    </Topics>
  );
}

interface TopicsProps {
  title: string;
  first: readonly string[];
  children?: ComponentChildren;
  choose: (topics: string[]) => void;
}

export function Topics({ title, first, children, choose }: TopicsProps): JSX.Element {
  const t = useT();
  const lang = useLang();
  const topics = useStore(desk).topics;
  const [chosen, setChosen] = useState<string[]>([...first]);
  const turn = (id: string): void =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  const save = (event: Event): void => {
    event.preventDefault();
    closeDialog();
    choose(chosen);
  };
  return (
    <Dialog title={title} onClose={closeDialog}>
      {children}
      <form class="form" onSubmit={save}>
        <div class="checks">
          {topics.map((topic, i) => (
            <label key={topic.id} class="check">
              <input
                type="checkbox"
                data-autofocus={i === 0 ? "" : undefined}
                checked={chosen.includes(topic.id)}
                onChange={() => turn(topic.id)}
              />
              <span>{pick(topic.title, lang) || topic.id}</span>
            </label>
          ))}
        </div>
        <footer class="dialog-foot">
          <button type="button" class="soft" onClick={closeDialog}>
            {t("cancel")}
          </button>
          <button type="submit" class="primary">
            {t("save")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

const MERGE_SHOWN = 30;

export function Merge({ question }: Props): JSX.Element {
  const t = useT();
  const lang = useLang();
  const state = useStore(desk);
  const [query, setQuery] = useState("");
  const sameTopic = (other: Question): number =>
    topicOf(other) === topicOf(question) ? 0 : 1;
  const candidates = [...state.questions.values()]
    .filter((other) => other.n !== question.n && ["new", "queued", "on_air"].includes(other.status))
    .filter((other) => matches(other, query))
    .sort((a, b) => sameTopic(a) - sameTopic(b) || a.n - b.n)
    .slice(0, MERGE_SHOWN);
  const choose = (into: Question): void => {
    closeDialog();
    void act(question, "merge", { into: into.n, into_version: into.version });
  };
  return (
    <Dialog title={t("merge.title", { no: question.no })} onClose={closeDialog} wide>
      <About question={question} />
      <p class="muted">{t("merge.hint")}</p>
      <input
        data-autofocus
        type="search"
        class="wide-input"
        value={query}
        placeholder={t("search")}
        aria-label={t("search")}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      <ul class="targets">
        {candidates.map((other) => (
          <li key={other.n}>
            <button type="button" onClick={() => choose(other)}>
              <b>№{other.no}</b>
              <span>
                <Masked text={wording(other, lang)} />
              </span>
              <span class={`badge status-${other.status}`}>{t(`status.${other.status}`)}</span>
            </button>
          </li>
        ))}
      </ul>
      {candidates.length === 0 && <p class="empty">{t("empty.search")}</p>}
    </Dialog>
  );
}

export function WhyDialog({ question }: Props): JSX.Element {
  const t = useT();
  const why = question.why ?? [];
  return (
    <Dialog title={t("why.title", { no: question.no })} onClose={closeDialog}>
      <About question={question} />
      {why.length === 0 && <p class="muted">{t("why.none")}</p>}
      {why.length > 0 && (
        <table class="why">
          <thead>
            <tr>
              <th>{t("why.filter")}</th>
              <th>{t("why.rule")}</th>
              <th>{t("why.score")}</th>
            </tr>
          </thead>
          <tbody>
            {why.map((hit, i) => (
              <tr key={i}>
                <td>{hit.filter}</td>
                <td>{hit.rule}</td>
                <td>{hit.score ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}

export function ConflictCard(): JSX.Element | null {
  const t = useT();
  const clash = useStore(conflict);
  if (!clash) return null;
  const { current, mine } = clash;
  const close = (): void => conflict.set(null);
  const again = (): void => {
    close();
    void act(current, clash.act, clash.body);
  };
  const wording = clash.act === "edit" && (clash.body as { text?: Texts }).text;
  const who = current.last_actor ? person(current.last_actor) : t("conflict.someone");
  return (
    <Dialog title={t("conflict.title", { no: mine.no })} onClose={close}>
      <p>
        {t("conflict.text", { who, status: t(`status.${current.status}`) })}
      </p>
      <About question={current} />
      {wording && (
        <>
          <p class="label">{t("conflict.yours")}</p>
          <blockquote class="about conflict-yours">
            <Wording text={wording} />
          </blockquote>
        </>
      )}
      <footer class="dialog-foot">
        <button type="button" class="primary" data-autofocus onClick={close}>
          {t("conflict.leave")}
        </button>
        {legal(clash.act, current) && (
          <button type="button" class="soft" onClick={again}>
            {t("conflict.again")}
          </button>
        )}
      </footer>
    </Dialog>
  );
}
