// SPDX-License-Identifier: Apache-2.0
// Promises in the console: one key notes what the officer has just promised, and a broadcast that
// opens is told what earlier ones still owe.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { command } from "../core/desk";
import { onAir, wording } from "../core/state";
import type { State } from "../core/state";
import { recall, remember } from "../core/store";
import { useLang, useT } from "../i18n";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icons";
import { Key } from "../ui/small";
import { usePromiseWords } from "./promise_words";
import { selected } from "./commands";
import { closeDialog } from "./ui";

const TEXT_MAX = 1000;

// Prefilled with the question on air, else with the selected one.
export function PromiseDialog({ state }: { state: State }): JSX.Element {
  const say = usePromiseWords();
  const t = useT();
  const lang = useLang();
  const [question] = useState(onAir(state) ?? selected());
  const [text, setText] = useState(question ? `${wording(question, lang)} — ` : "");
  const [until, setUntil] = useState("");
  const [unit, setUnit] = useState("");
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const body = {
      text: text.trim(),
      ...(until && { until }),
      ...(unit.trim() && { unit: unit.trim() }),
      ...(question && { n: question.n }),
    };
    if (await command("/promises", body, say("noted"))) closeDialog();
  };
  return (
    <Dialog title={say("title")} onClose={closeDialog}>
      <form class="form" onSubmit={(event) => void save(event)}>
        {question && <p class="muted">{say("of", { no: question.no })}</p>}
        <label>
          <span>{say("text")}</span>
          <textarea
            name="promise"
            data-autofocus
            rows={4}
            maxLength={TEXT_MAX}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && !event.shiftKey) {
                event.preventDefault();
                event.currentTarget.form?.requestSubmit();
              }
            }}
          />
        </label>
        <div class="field-row">
          <label>
            <span>{say("until")}</span>
            <input
              type="date"
              name="until"
              value={until}
              onInput={(event) => setUntil(event.currentTarget.value)}
            />
          </label>
          <label class="grow">
            <span>{say("unit")}</span>
            <input
              name="unit"
              maxLength={200}
              value={unit}
              onInput={(event) => setUnit(event.currentTarget.value)}
            />
          </label>
        </div>
        <p class="muted">{say("hint")}</p>
        <footer class="dialog-foot">
          <button type="button" class="soft" onClick={closeDialog}>
            {t("cancel")}
          </button>
          <button type="submit" class="primary" disabled={text.trim() === ""}>
            {say("save")} <Key>Enter</Key>
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

const HIDDEN = "promises.hidden"; // the broadcast in which somebody has seen enough of it

export function PromiseBanner({ state }: { state: State }): JSX.Element | null {
  const say = usePromiseWords();
  const [hidden, setHidden] = useState(Number(recall(HIDDEN) ?? 0));
  const now = state.broadcast?.id ?? 0;
  const earlier = state.promises.filter((one) => one.broadcast < now);
  if (earlier.length === 0 || hidden === now || state.broadcast?.status === "ended") return null;
  const hide = (): void => {
    remember(HIDDEN, String(now));
    setHidden(now);
  };
  return (
    <div class="banners">
      <p class="banner banner-amber promise-banner" role="status">
        <Icon name="check" /> <span>{say("open", { n: earlier.length })}</span>
        <a class="button soft" href="/promises">
          {say("look")}
        </a>
        <button type="button" class="plain square" onClick={hide} aria-label={say("hide")} title={say("hide")}>
          <Icon name="cross" />
        </button>
      </p>
    </div>
  );
}
