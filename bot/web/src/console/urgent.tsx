// SPDX-License-Identifier: Apache-2.0
// The red lane above everything: messages that report danger, with a running timer until someone
// has taken each of them. This chat is not a duty line; the lane says so.
import type { JSX } from "preact";
import { mayModerate } from "../core/acts";
import { act } from "../core/desk";
import { firstName, urgent } from "../core/state";
import type { State } from "../core/state";
import { useNow } from "../core/store";
import { since, timer } from "../core/time";
import type { Question } from "../core/types";
import { useT } from "../i18n";
import { Icon } from "../ui/icons";
import { Wording } from "../ui/small";
import { approve, reject, reveal } from "./commands";
import { urgentName } from "./row";
import type { Ui } from "./ui";

export function UrgentLane({ state, view }: { state: State; view: Ui }): JSX.Element | null {
  const t = useT();
  const list = urgent(state);
  if (list.length === 0) return null;
  return (
    <section class="urgent" aria-label={t("urgent")}>
      <header>
        <Icon name="warn" />
        <h2>
          {t("urgent")} <span class="count">{list.length}</span>
        </h2>
        <p>{t("urgent.hint")}</p>
      </header>
      <ul>
        {list.map((question) => (
          <Card key={question.n} question={question} state={state} view={view} />
        ))}
      </ul>
    </section>
  );
}

interface CardProps {
  question: Question;
  state: State;
  view: Ui;
}

function Card({ question, state, view }: CardProps): JSX.Element {
  const t = useT();
  const waited = since(question.created_at, useNow(), state.skew) ?? 0;
  const open = view.revealed.has(question.n);
  const source = question.source ?? question.askers?.[0]?.source;
  return (
    <li class="urgent-card" data-n={question.n}>
      <span class="urgent-timer">{timer(waited)}</span>
      <div class="urgent-text">
        {open && question.original ? (
          <p class="wording">{question.original}</p>
        ) : (
          <Wording text={question.text} />
        )}
        <div class="meta">
          <b class="urgent-class">{urgentName(question, t)}</b>
          <span>№{question.no}</span>
          {source && <span class="source">{source}</span>}
          <span class="name">{firstName(question)}</span>
          {question.count > 1 && <span>×{question.count}</span>}
          {question.pii && question.pii.length > 0 && mayModerate(state.role) && (
            <button type="button" class="text-button" onClick={() => reveal(question)}>
              {open ? t("act.hide_original") : t("act.reveal")}
            </button>
          )}
        </div>
      </div>
      {mayModerate(state.role) && (
        <div class="urgent-acts">
          <button type="button" class="danger" onClick={() => void act(question, "take")}>
            {t("act.take")}
          </button>
          <button type="button" class="soft" onClick={() => approve(question)}>
            {t("act.approve")}
          </button>
          <button type="button" class="soft" onClick={() => reject(question)}>
            {t("act.reject")}
          </button>
        </div>
      )}
    </li>
  );
}
