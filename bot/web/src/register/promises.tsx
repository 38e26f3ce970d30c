// SPDX-License-Identifier: Apache-2.0
// The promises board: what is still to be kept on top, what presses first; then the rest.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { mayModerate } from "../core/acts";
import { timer } from "../core/time";
import type { Pledge } from "../core/types";
import { useLang } from "../i18n";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icons";
import { Masked } from "../ui/small";
import { dateOf, dayOf } from "./days";
import { Area, Field } from "./fields";
import { closeDialog, pledge as act, set } from "./live";
import type { Desk } from "./live";
import { useWords } from "./words";

const STATES = ["open", "done", "dropped"] as const;

function byUntil(a: Pledge, b: Pledge): number {
  return (a.until ?? "9").localeCompare(b.until ?? "9") || a.id - b.id;
}

export function Promises({ now, list }: { now: Desk; list: Pledge[] }): JSX.Element {
  const say = useWords();
  const can = now.me !== null && mayModerate(now.me.role);
  const today = dayOf(new Date().toISOString(), now.stream?.timezone);
  return (
    <>
      {can && (
        <div class="register-choices">
          <button
            type="button"
            class="primary"
            name="promise"
            onClick={() => set({ dialog: { kind: "promise", pledge: null } })}
          >
            <Icon name="plus" /> {say("promise.new")}
          </button>
        </div>
      )}
      {list.length === 0 && <p class="empty panel">{say("promises.empty")}</p>}
      {STATES.map((state) => {
        const mine = list.filter((one) => one.state === state);
        if (mine.length === 0) return null;
        if (state === "open") mine.sort(byUntil);
        return (
          <section key={state} class="panel" data-promises={state}>
            <h2>
              {say(`promises.${state}`)} <span class="count">{mine.length}</span>
            </h2>
            <ul class="promises">
              {mine.map((one) => (
                <One key={one.id} one={one} can={can} today={today} />
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

function One({ one, can, today }: { one: Pledge; can: boolean; today: string }): JSX.Element {
  const say = useWords();
  const lang = useLang();
  const late = one.state === "open" && one.until !== null && one.until < today;
  const by = one.by.replace(/^\w+:/, "");
  const made =
    one.place_s === null
      ? say("promise.made_off", { broadcast: one.broadcast, by })
      : say("promise.made", { broadcast: one.broadcast, by, place: timer(one.place_s * 1000) });
  const version = { version: one.version };
  return (
    <li data-promise={one.id}>
      <div class="promise-text">
        <p class="wording">
          <Masked text={one.text} />
        </p>
        <p class="muted small">
          {made}
          {one.no !== null && ` · ${say("promise.of", { no: one.no })}`}
        </p>
        {one.note && <p class="small wording">{one.note}</p>}
      </div>
      <div class="promise-when">
        {one.unit && <span>{one.unit}</span>}
        {one.until && (
          <span class={late ? "badge badge-red" : "badge"}>
            {say("promise.until_day", { day: dateOf(one.until, lang, today) })}
            {late && ` · ${say("promise.late")}`}
          </span>
        )}
      </div>
      {can && one.state === "open" && (
        <div class="promise-acts">
          <button
            type="button"
            class="soft"
            name="done"
            onClick={() => set({ dialog: { kind: "settle", pledge: one, how: "done" } })}
          >
            <Icon name="check" /> {say("promise.done")}
          </button>
          <button
            type="button"
            class="plain"
            name="edit"
            onClick={() => set({ dialog: { kind: "promise", pledge: one } })}
          >
            {say("promise.change")}
          </button>
          <button
            type="button"
            class="plain"
            name="drop"
            onClick={() => set({ dialog: { kind: "settle", pledge: one, how: "drop" } })}
          >
            {say("promise.drop")}
          </button>
        </div>
      )}
      {can && one.state !== "open" && (
        <div class="promise-acts">
          <button
            type="button"
            class="plain"
            name="reopen"
            onClick={() => void act(`/${one.id}/reopen`, version)}
          >
            {say("promise.reopen")}
          </button>
        </div>
      )}
    </li>
  );
}

interface PromiseProps {
  pledge: Pledge | null;
  units: string[];
}

export function PromiseDialog({ pledge, units }: PromiseProps): JSX.Element {
  const say = useWords();
  const [text, setText] = useState(pledge?.text ?? "");
  const [until, setUntil] = useState(pledge?.until ?? "");
  const [unit, setUnit] = useState(pledge?.unit ?? "");
  const save = (event: Event): void => {
    event.preventDefault();
    closeDialog();
    const words = {
      text: text.trim(),
      ...(until && { until }),
      ...(unit.trim() && { unit: unit.trim() }),
    };
    if (pledge) void act(`/${pledge.id}/edit`, { version: pledge.version, ...words });
    else void act("", words);
  };
  return (
    <Dialog title={say(pledge ? "promise.edit" : "promise.new")} onClose={closeDialog}>
      <form class="form" onSubmit={save}>
        <Area label="promise.text" name="text" value={text} onInput={setText} max={1000} first />
        <Field label="promise.until" name="until" type="date" value={until} onInput={setUntil} />
        <Field label="field.unit" name="unit" value={unit} onInput={setUnit} list="units" />
        <datalist id="units">
          {units.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <footer class="dialog-foot">
          <button type="button" class="soft" onClick={closeDialog}>
            {say("cancel")}
          </button>
          <button type="submit" class="primary" disabled={text.trim() === ""}>
            {say("save")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

export function SettleDialog({
  pledge,
  how,
}: {
  pledge: Pledge;
  how: "done" | "drop";
}): JSX.Element {
  const say = useWords();
  const [note, setNote] = useState("");
  const save = (event: Event): void => {
    event.preventDefault();
    closeDialog();
    const body = { version: pledge.version, ...(note.trim() && { note: note.trim() }) };
    void act(`/${pledge.id}/${how}`, body);
  };
  return (
    <Dialog title={say(`promise.settle_${how}`)} onClose={closeDialog}>
      <form class="form" onSubmit={save}>
        <p class="wording">{pledge.text}</p>
        <Area
          label={how === "done" ? "promise.note" : "field.note"}
          name="note"
          value={note}
          onInput={setNote}
          max={1000}
          first
        />
        <footer class="dialog-foot">
          <button type="button" class="soft" onClick={closeDialog}>
            {say("cancel")}
          </button>
          <button type="submit" class="primary">
            {say(how === "done" ? "promise.done" : "promise.drop")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
