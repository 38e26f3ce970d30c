// SPDX-License-Identifier: Apache-2.0
// The chat as it comes. It follows the newest line unless the pointer is on it or one has scrolled
// back; then it waits and says how many lines wait with it. It is not a live region.
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { mayModerate } from "../core/acts";
import { command, desk } from "../core/desk";
import type { State } from "../core/state";
import { clock } from "../core/time";
import type { Message } from "../core/types";
import { t as say, useLang, useT } from "../i18n";
import { Icon } from "../ui/icons";
import { pure } from "../ui/pure";
import { Masked } from "../ui/small";
import { goTo } from "./commands";

export function Chat({ state }: { state: State }): JSX.Element {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState(false);
  const [back, setBack] = useState(false); // scrolled away from the end
  const paused = hover || back;
  const kept = useRef<Message[]>(state.messages);
  if (!paused) kept.current = state.messages;
  const shown = paused ? refreshed(kept.current, state.messages) : state.messages;
  const lastMid = shown[shown.length - 1]?.mid ?? 0;
  const waiting = paused ? state.messages.filter((one) => one.mid > lastMid).length : 0;
  const toEnd = (): void => box.current?.scrollTo({ top: box.current.scrollHeight });
  useLayoutEffect(() => {
    if (!paused) toEnd();
  }, [lastMid, paused]);
  useEffect(() => {
    const watch = new ResizeObserver(() => !back && toEnd());
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, [back]);
  const onScroll = (): void => {
    const element = box.current;
    if (!element) return;
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    setBack(left > 60);
  };
  const resume = (): void => {
    setHover(false);
    setBack(false);
  };
  const can = mayModerate(state.role);
  return (
    <section class="chat" aria-label={t("chat")}>
      <div
        class="chat-box"
        ref={box}
        tabIndex={0}
        role="log"
        aria-live="off"
        onScroll={onScroll}
        onPointerEnter={(event) => event.pointerType === "mouse" && setHover(true)}
        onPointerLeave={() => setHover(false)}
      >
        {shown.length === 0 && <p class="empty">{t("chat.empty")}</p>}
        <ul>
          {shown.map((message) => (
            <Line
              key={message.mid}
              message={message}
              no={numberOf(state, message)}
              can={can}
            />
          ))}
        </ul>
      </div>
      {waiting > 0 && (
        <button type="button" class="fresh-bar fresh-bottom" onClick={resume}>
          {t("new_messages", { n: waiting })} <Icon name="down" />
        </button>
      )}
    </section>
  );
}

function refreshed(kept: Message[], all: Message[]): Message[] {
  const newest = new Map(all.map((message) => [message.mid, message]));
  return kept.map((message) => newest.get(message.mid) ?? message);
}

function numberOf(state: State, message: Message): number | null {
  if (message.n === null || message.n === undefined) return null;
  return state.questions.get(message.n)?.no ?? 0;
}

interface LineProps {
  message: Message;
  no: number | null; // null: no question; 0: one that is finished and not loaded
  can: boolean;
}

const Line = pure(function Line({ message, no, can }: LineProps): JSX.Element {
  const t = useT();
  const lang = useLang();
  const [open, setOpen] = useState(false);
  const classes = ["message"];
  if (open) classes.push("message-open");
  if (message.deleted) classes.push("struck");
  if (message.verdict?.urgent) classes.push("message-urgent");
  return (
    <li class={classes.join(" ")} onClick={() => setOpen(!open)}>
      <div class="message-head">
        <time dateTime={message.at}>{clock(message.at, lang, desk.get().stream.timezone)}</time>
        <span class="source">{message.source}</span>
        <b>{message.author.name}</b>
        {message.deleted && <span class="badge">{t("flag.deleted")}</span>}
        {no !== null && (
          <button
            type="button"
            class="badge badge-accent"
            onClick={() => message.n && goTo(message.n)}
          >
            {no > 0 ? `№${no}` : t("chat.taken")}
          </button>
        )}
      </div>
      <p>
        <Masked text={message.masked ?? message.text ?? ""} />
      </p>
      {can && (
        <span class="message-acts">
          {no === null && !message.deleted && (
            <button type="button" class="tool" onClick={() => ask(message)}>
              {t("chat.ask")}
            </button>
          )}
          {message.author.id && (
            <button type="button" class="tool" onClick={() => mute(message)}>
              {t("chat.mute")}
            </button>
          )}
        </span>
      )}
    </li>
  );
});

function ask(message: Message): void {
  void command(`/messages/${message.mid}/ask`, {}, say("done.asked"));
}

function mute(message: Message): void {
  const id = encodeURIComponent(`${message.source}:${message.author.id ?? ""}`);
  const name = message.author.name ?? "";
  const back = { path: `/authors/${id}/unmute`, body: {} };
  void command(`/authors/${id}/mute`, {}, say("done.muted", { name }), back);
}
