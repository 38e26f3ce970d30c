// SPDX-License-Identifier: Apache-2.0
// What was answered already, in this broadcast or an earlier one: shown under a question that may
// ask for the same, with one key to give that answer again. Also the quiet remark that the topic
// was spoken of a moment before the question came.
import type { JSX } from "preact";
import { legal } from "../core/acts";
import { act, command, desk } from "../core/desk";
import { wording } from "../core/state";
import { createStore, recall, remember, useStore } from "../core/store";
import { day, timer } from "../core/time";
import { toast } from "../core/toast";
import type { Heard, Lang, Question } from "../core/types";
import { t, translate, useLang, useT } from "../i18n";
import { Dialog } from "../ui/dialog";
import { Key, Masked } from "../ui/small";
import { rejectFor } from "./commands";
import { change, closeDialog } from "./ui";

const MINUTES = 10;
const kept = recall("heard");

// For how long after an answer a question on its topic is taken for answered; 0: never.
export const heardMinutes = createStore<number>(kept === null ? MINUTES : within(Number(kept)));

function within(minutes: number): number {
  return Math.max(0, Math.min(180, Math.round(minutes) || 0));
}

export function setHeardMinutes(minutes: number): void {
  remember("heard", String(within(minutes)));
  heardMinutes.set(within(minutes));
}

export function heardOf(question: Question, minutes: number): Heard | null {
  const heard = question.heard;
  if (!heard?.answered_at || !question.created_at || question.status !== "new") return null;
  const passed = Date.parse(question.created_at) - Date.parse(heard.answered_at);
  return minutes > 0 && passed >= 0 && passed <= minutes * 60_000 ? heard : null;
}

export function beforeOf(question: Question): Heard | null {
  return legal("reject", question) ? (question.before?.[0] ?? null) : null;
}

// "12 Oct, minute 3:12": the day, and the minute of the broadcast as far as it is known.
function when(heard: Heard, lang: Lang): string {
  const date = heard.answered_at ? day(heard.answered_at, lang) : "";
  const at = heard.second === null ? "" : timer(heard.second * 1000);
  return [date, at && translate(lang, "before.minute", { at })].filter(Boolean).join(", ");
}

interface Props {
  question: Question;
  selected: boolean;
  canAct: boolean;
}

export function Before({ question, selected, canAct }: Props): JSX.Element | null {
  const say = useT();
  const lang = useLang();
  const heard = beforeOf(question);
  if (!heard) return null;
  return (
    <div class="alike before">
      <b>{say("before", { no: heard.no, when: when(heard, lang) })}</b>
      <span class="alike-text">
        <Masked text={heard.answer_note ?? wording(heard, lang)} />
      </span>
      {canAct && (
        <button
          type="button"
          onClick={(event) => {
            event.stopPropagation();
            offer(question);
          }}
        >
          {say("before.offer")} {selected && <Key>G</Key>}
        </button>
      )}
    </div>
  );
}

export function HeardBadge({ question }: { question: Question }): JSX.Element | null {
  const say = useT();
  const minutes = useStore(heardMinutes);
  const heard = heardOf(question, minutes);
  if (!heard || beforeOf(question)) return null;
  const at = heard.second === null ? `№${heard.no}` : timer(heard.second * 1000);
  return (
    <span class="badge" title={`№${heard.no}`}>
      {say("before.heard", { at })}
    </span>
  );
}

export function offer(question: Question): void {
  if (beforeOf(question)) change({ dialog: { kind: "before", n: question.n } });
  else toast(t("before.none"));
}

// What goes with the act: the earlier answer, or where it is to be found.
function noteOf(heard: Heard, lang: Lang): string {
  const place = `№${heard.no}, ${when(heard, lang)}`;
  return heard.answer_note ? `${heard.answer_note} (${place})` : place;
}

async function answerAgain(question: Question, note: string): Promise<void> {
  const ready = question.status === "new" ? await act(question, "approve") : question;
  const now = desk.get().questions.get(question.n);
  if (ready && now && legal("answer", now)) await act(now, "answer", { note });
}

function sourceOf(question: Question): string | null {
  const name = question.source || question.askers?.[0]?.source || "";
  return desk.get().sources.find((one) => one.name === name && one.can_send)?.name ?? null;
}

function tell(source: string, text: string): void {
  void command(`/sources/${encodeURIComponent(source)}/send`, { text }, t("before.sent"));
}

// Three ways to give it, by the keys 1 to 3.
export function BeforeDialog({ question }: { question: Question }): JSX.Element | null {
  const say = useT();
  const lang = useLang();
  const heard = beforeOf(question);
  if (!heard) return null;
  const note = noteOf(heard, lang);
  const source = sourceOf(question);
  const ways: [string, string, (() => void) | null][] = [
    ["1", say("before.reject"), () => rejectFor(question, "answered", note)],
    ["2", say("before.answer"), () => void answerAgain(question, note)],
    [
      "3",
      say("before.reply"),
      source === null ? null : () => tell(source, say("before.said", { note })),
    ],
  ];
  const take = (run: (() => void) | null): void => {
    if (!run) return;
    closeDialog();
    run();
  };
  return (
    <Dialog
      title={say("before", { no: heard.no, when: when(heard, lang) })}
      onClose={closeDialog}
      onKey={(event) => take(ways.find(([key]) => key === event.key)?.[2] ?? null)}
    >
      <p class="wording">
        <Masked text={wording(heard, lang)} />
      </p>
      {heard.answer_note && (
        <p>
          <Masked text={heard.answer_note} />
        </p>
      )}
      <div class="before-ways">
        {ways.map(([key, label, run], i) => (
          <button
            type="button"
            key={key}
            class={i === 0 ? "primary" : "soft"}
            disabled={!run}
            data-autofocus={i === 0 ? "" : undefined}
            onClick={() => take(run)}
          >
            <Key>{key}</Key> {label}
          </button>
        ))}
      </div>
    </Dialog>
  );
}
