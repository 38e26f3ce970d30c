// SPDX-License-Identifier: Apache-2.0
// The rule that queues plainly good questions by itself: its switch, the wait that everybody sees,
// and taking back what it did.
import type { JSX } from "preact";
import { mayModerate } from "../core/acts";
import { post } from "../core/api";
import { act, connected, desk, dispatch, fail } from "../core/desk";
import type { State } from "../core/state";
import { useNow } from "../core/store";
import { until } from "../core/time";
import type { Broadcast, Question } from "../core/types";
import { useWords } from "./words";

export function AutoSwitch({ state }: { state: State }): JSX.Element | null {
  const say = useWords();
  const broadcast = state.broadcast;
  if (!broadcast || !mayModerate(state.role)) return null;
  const on = broadcast.auto_queue ?? false;
  const turn = (): void => {
    if (!connected()) return;
    post<{ broadcast: Broadcast }>(`/broadcasts/${broadcast.id}/auto_queue`, { on: !on })
      .then((answer) => dispatch({ type: "broadcast", broadcast: answer.broadcast }))
      .catch(fail);
  };
  return (
    <button
      type="button"
      class={on ? "auto-switch auto-on" : "auto-switch"}
      name="auto"
      aria-pressed={on}
      title={say("auto.what")}
      onClick={turn}
    >
      {say(on ? "auto.on" : "auto.off")}
    </button>
  );
}

// "queues itself in 12 s" and the button that holds it back.
export function AutoWait({ question, canAct }: { question: Question; canAct: boolean }): JSX.Element | null {
  const say = useWords();
  const left = until(question.auto_at, useNow(), desk.get().skew);
  if (left === null || question.status !== "new") return null;
  return (
    <div class="auto-wait">
      <b>{say("auto.wait", { n: Math.ceil(left / 1000) })}</b>
      {canAct && (
        <button
          type="button"
          name="hold"
          onClick={(event) => {
            event.stopPropagation();
            void act(question, "cancel");
          }}
        >
          {say("auto.hold")}
        </button>
      )}
    </div>
  );
}

// Queued by the rule and not touched since: any moderator may take that back.
export function AutoQueued({ question }: { question: Question }): JSX.Element | null {
  const say = useWords();
  const seq = question.last_act;
  if (question.last_actor !== "system" || question.status !== "queued" || !seq) return null;
  const back = (): void => {
    if (connected()) post("/undo", { seq }).catch(fail);
  };
  return (
    <button type="button" class="badge auto-queued" title={say("auto.back")} onClick={back}>
      {say("auto.mark")} ↶
    </button>
  );
}
