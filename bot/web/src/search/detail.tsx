// SPDX-License-Identifier: Apache-2.0
// One thing that was found: its wording, the chat around it, what else its author wrote, and who
// did what to it. The author can be hidden from here, and shown again.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { goTo } from "../console/commands";
import { person } from "../console/row";
import { closeDialog } from "../console/ui";
import { asProblem } from "../core/api";
import { command, desk, dispatch, failure } from "../core/desk";
import { clock, day } from "../core/time";
import type { Message } from "../core/types";
import { has, useLang, useT } from "../i18n";
import type { Key } from "../i18n";
import { Masked, Wording } from "../ui/small";
import { authorOf, openFound } from "./find";
import type { Event, Found, Opened } from "./find";
import { Head } from "./panel";
import { useWords } from "./words";

interface Props {
  found: Found;
  back: () => void;
}

export function Detail({ found, back }: Props): JSX.Element {
  const say = useWords();
  const t = useT();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [failed, setFailed] = useState("");
  useEffect(() => {
    openFound(found)
      .then(setOpened)
      .catch((error: unknown) => setFailed(failure(asProblem(error))));
  }, [found]);
  const { question, message } = found;
  const mid = message?.mid ?? question?.askers?.[0]?.mid ?? null;
  const line = opened?.around.find((one) => one.mid === mid);
  const show = (): void => {
    if (!question) return;
    dispatch({ type: "loaded", questions: [question] });
    closeDialog();
    goTo(question.n);
  };
  return (
    <div class="hits-open">
      <div class="hits-acts">
        <button type="button" class="soft" onClick={back} data-autofocus>
          {say("back")}
        </button>
        {question && (
          <button type="button" class="primary" onClick={show}>
            {say("open")}
          </button>
        )}
        {line && <Mute line={line} />}
      </div>
      <Head found={found} />
      {question && <Wording text={question.text} />}
      {message && (
        <p class="wording">
          <Masked text={message.masked ?? ""} />
        </p>
      )}
      {question?.answer_note && (
        <p>
          <span class="label">{say("answer")}</span> {question.answer_note}
        </p>
      )}
      {failed && <p role="alert">{say("failed", { why: failed })}</p>}
      {opened && (
        <>
          {opened.around.length > 0 && (
            <Lines title={say("around")} lines={opened.around} mid={mid} />
          )}
          {line && (
            <Lines
              title={say("author", { name: line.author.name ?? t("by_hand") })}
              lines={opened.author}
              mid={null}
            />
          )}
          {opened.history.length > 0 && <History events={opened.history} />}
        </>
      )}
    </div>
  );
}

function Mute({ line }: { line: Message }): JSX.Element | null {
  const say = useWords();
  const [muted, setMuted] = useState(false);
  const id = authorOf(line);
  if (!id) return null;
  const name = line.author.name ?? "";
  const turn = (): void => {
    const on = { path: `/authors/${id}/mute`, body: {} };
    const off = { path: `/authors/${id}/unmute`, body: {} };
    const [now, reverse] = muted ? [off, on] : [on, off];
    const done = say(muted ? "unmuted" : "muted", { name });
    void command(now.path, {}, done, reverse);
    setMuted(!muted);
  };
  return (
    <button type="button" class="soft" aria-pressed={muted} onClick={turn}>
      {say(muted ? "unmute" : "mute")}
    </button>
  );
}

interface LineProps {
  title: string;
  lines: Message[];
  mid: number | null; // the one that it is about
}

function Lines({ title, lines, mid }: LineProps): JSX.Element {
  const say = useWords();
  const t = useT();
  const lang = useLang();
  const zone = desk.get().stream.timezone;
  return (
    <section>
      <h3>{title}</h3>
      {lines.length === 0 && <p class="muted">{say("none")}</p>}
      <ul class="hits-lines">
        {lines.map((one) => (
          <li
            key={one.mid}
            class={one.deleted ? "struck" : ""}
            aria-current={one.mid === mid ? "true" : undefined}
          >
            <time class="muted" dateTime={one.at}>
              {clock(one.at, lang, zone)}
            </time>{" "}
            <b>{one.author.name}</b> {one.deleted && <span class="badge">{t("flag.deleted")}</span>}{" "}
            <Masked text={one.masked ?? ""} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function History({ events }: { events: Event[] }): JSX.Element {
  const say = useWords();
  const t = useT();
  const lang = useLang();
  const zone = desk.get().stream.timezone;
  const who = (actor: string): string =>
    actor === "system" ? say("system") : person(actor).replace(/^source:/, "");
  return (
    <section>
      <h3>{say("history")}</h3>
      <ol class="hits-lines">
        {events.map((one) => (
          <li key={one.seq}>
            <time class="muted" dateTime={one.at}>
              {day(one.at, lang)} {clock(one.at, lang, zone)}
            </time>{" "}
            <b>{who(one.actor)}</b> {deed(one, t)}
          </li>
        ))}
      </ol>
    </section>
  );
}

// In the words of the buttons, where there is one; a note or a reason behind it.
function deed(event: Event, t: (key: Key) => string): string {
  const key = `act.${event.kind}`;
  const kinds: Record<string, Key> = { message: "chat", undo: "undo" };
  const known = kinds[event.kind];
  const name = known ? t(known) : has(key) ? t(key) : event.kind;
  const reason = `reason.${String(event.body?.["reason"] ?? "")}`;
  const more = has(reason) ? t(reason) : event.body?.["note"];
  return typeof more === "string" && more ? `${name}: ${more}` : name;
}
