// SPDX-License-Identifier: Apache-2.0
// What has to be said before an act is done, for one question or for all that are chosen.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { copy } from "../core/copy";
import { toast } from "../core/toast";
import type { Act } from "../core/acts";
import { Dialog } from "../ui/dialog";
import { Area, Field } from "./fields";
import { actOn, closeDialog, sayInChat } from "./live";
import type { Desk } from "./live";
import { PromiseDialog, SettleDialog } from "./promises";
import { polite, tongueOf } from "./polite";
import type { Tongue } from "./polite";
import type { Entry } from "./types";
import { useWords } from "./words";
import type { Word } from "./words";

export function Dialogs({ now }: { now: Desk }): JSX.Element | null {
  const dialog = now.dialog;
  if (!dialog) return null;
  switch (dialog.kind) {
    case "assign":
      return <Assign entries={dialog.entries} units={now.register?.units ?? []} />;
    case "extend":
      return <Extend entries={dialog.entries} today={now.register?.today ?? ""} />;
    case "forward":
      return <Forward entries={dialog.entries} />;
    case "close":
      return <Close entries={dialog.entries} />;
    case "respond":
      return <Respond entry={dialog.entry} />;
    case "polite":
      return <Polite entry={dialog.entry} />;
    case "promise":
      return <PromiseDialog pledge={dialog.pledge} units={now.register?.units ?? []} />;
    case "settle":
      return <SettleDialog pledge={dialog.pledge} how={dialog.how} />;
  }
}

interface FrameProps {
  title: Word;
  entries: Entry[];
  act: Act;
  body: () => object;
  ready: boolean;
  label: Word;
  children: ComponentChildren;
}

function Frame({ title, entries, act, body, ready, label, children }: FrameProps): JSX.Element {
  const say = useWords();
  const save = (event: Event): void => {
    event.preventDefault();
    closeDialog();
    void actOn(entries, act, body());
  };
  const which = entries.map((one) => `№${one.question.no}`);
  const shown = which.length > 8 ? `${which.slice(0, 8).join(", ")}, …` : which.join(", ");
  return (
    <Dialog title={`${say(title)} · ${shown}`} onClose={closeDialog}>
      <form class="form" onSubmit={save}>
        {entries.length > 1 && <p class="muted">{say("bulk.chosen", { n: entries.length })}</p>}
        {children}
        <footer class="dialog-foot">
          <button type="button" class="soft" onClick={closeDialog}>
            {say("cancel")}
          </button>
          <button type="submit" class="primary" disabled={!ready}>
            {say(label)}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function Assign({ entries, units }: { entries: Entry[]; units: string[] }): JSX.Element {
  const [unit, setUnit] = useState(entries[0]?.question.unit ?? "");
  return (
    <Frame
      title="title.assign"
      entries={entries}
      act="assign"
      body={() => ({ unit: unit.trim() })}
      ready
      label="save"
    >
      <Field label="field.unit" name="unit" value={unit} onInput={setUnit} list="units" first />
      <datalist id="units">
        {units.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </Frame>
  );
}

function Extend({ entries, today }: { entries: Entry[]; today: string }): JSX.Element {
  const say = useWords();
  const [due, setDue] = useState("");
  const [reason, setReason] = useState("");
  return (
    <Frame
      title="title.extend"
      entries={entries}
      act="extend"
      body={() => ({ due, reason: reason.trim() })}
      ready={due !== "" && reason.trim() !== ""}
      label="act.extend"
    >
      <Field label="field.due" name="due" type="date" min={today} value={due} onInput={setDue} first />
      <Area label="field.reason" name="reason" value={reason} onInput={setReason} max={1000} />
      <p class="muted">{say("hint.extend")}</p>
    </Frame>
  );
}

function Forward({ entries }: { entries: Entry[] }): JSX.Element {
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  const body = (): object => ({ to: to.trim(), ...(note.trim() && { note: note.trim() }) });
  return (
    <Frame
      title="title.forward"
      entries={entries}
      act="forward"
      body={body}
      ready={to.trim() !== ""}
      label="act.forward"
    >
      <Field label="field.to" name="to" value={to} onInput={setTo} first />
      <Area label="field.note" name="note" value={note} onInput={setNote} max={1000} />
    </Frame>
  );
}

function Close({ entries }: { entries: Entry[] }): JSX.Element {
  const [note, setNote] = useState("");
  return (
    <Frame
      title="title.close"
      entries={entries}
      act="close"
      body={() => (note.trim() ? { note: note.trim() } : {})}
      ready
      label="act.close"
    >
      <Area label="field.note" name="note" value={note} onInput={setNote} max={1000} first />
    </Frame>
  );
}

function Respond({ entry }: { entry: Entry }): JSX.Element {
  const say = useWords();
  const [text, setText] = useState("");
  const [also, setAlso] = useState(false);
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    closeDialog();
    const done = await actOn([entry], "respond", { text: text.trim() });
    if (done && also) await sayInChat(entry.question, text.trim());
  };
  return (
    <Dialog
      title={`${say("title.respond")} · №${entry.question.no}`}
      onClose={closeDialog}
      wide
    >
      <form class="form" onSubmit={(event) => void save(event)}>
        <Area label="field.answer" name="text" value={text} onInput={setText} max={8000} first />
        <p class="muted">{say("hint.respond")}</p>
        {entry.can_send && (
          <label class="check">
            <input
              type="checkbox"
              name="also"
              checked={also}
              onChange={(event) => setAlso(event.currentTarget.checked)}
            />
            <span>{say("send.also")}</span>
          </label>
        )}
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

function Polite({ entry }: { entry: Entry }): JSX.Element {
  const say = useWords();
  const { question } = entry;
  const [tongue, setTongue] = useState<Tongue>(tongueOf(question));
  const [short, setShort] = useState(false);
  const [text, setText] = useState(polite(question, tongue, short));
  const turn = (next: Tongue, brief: boolean): void => {
    setTongue(next);
    setShort(brief);
    setText(polite(question, next, brief));
  };
  const take = (): void => {
    void copy(text).then((done) => toast(say(done ? "copied" : "copy_by_hand")));
  };
  const send = (): void => {
    closeDialog();
    void sayInChat(question, text);
  };
  const choice = (now: boolean, label: string, run: () => void): JSX.Element => (
    <button type="button" class={now ? "soft chosen" : "soft"} aria-pressed={now} onClick={run}>
      {label}
    </button>
  );
  return (
    <Dialog title={`${say("title.polite")} · №${question.no}`} onClose={closeDialog} wide>
      <p class="muted">{say("polite.what")}</p>
      <div class="choices">
        {choice(tongue === "kk", "Қазақша", () => turn("kk", short))}
        {choice(tongue === "ru", "Русский", () => turn("ru", short))}
        <span class="grow" />
        {choice(!short, say("polite.long"), () => turn(tongue, false))}
        {choice(short, say("polite.short"), () => turn(tongue, true))}
      </div>
      <textarea
        name="polite"
        rows={short ? 4 : 9}
        lang={tongue}
        value={text}
        aria-label={say("title.polite")}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p class="muted small">{say("appeal.what")}</p>
      <footer class="dialog-foot">
        {entry.can_send && short && (
          <button type="button" class="soft" name="send" onClick={send}>
            {say("send")}
          </button>
        )}
        <button type="button" class="primary" name="copy" data-autofocus onClick={take}>
          {say("copy")}
        </button>
      </footer>
    </Dialog>
  );
}
