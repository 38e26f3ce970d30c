// SPDX-License-Identifier: Apache-2.0
// What the program itself says in the chats: how it stands with each chat, and what became of each
// reply to a question.
import type { JSX } from "preact";
import { post } from "../core/api";
import { connected, desk, fail } from "../core/desk";
import { clock } from "../core/time";
import type { Question, Reply, Source } from "../core/types";
import { has, useLang, useT } from "../i18n";
import { person } from "./row";

interface ChatProps {
  source: Source;
  canAct: boolean;
  put: (source: Source) => void;
}

export function ChatReplies({ source, canAct, put }: ChatProps): JSX.Element | null {
  const t = useT();
  const replies = source.replies;
  if (!replies || replies.state === "off") return null;
  const stopped = replies.state === "stopped";
  const key = `reply.reason.${replies.reason}`;
  return (
    <div class="source-replies">
      <p class={stopped ? "source-reason" : "muted"}>
        {stopped ? t("replies.stopped") : t("replies.on")}
        {stopped && has(key) && <>: {t(key)}</>}
        {stopped && replies.by?.startsWith("user:") && <> ({person(replies.by)})</>}
        {replies.waiting > 0 && <> · {t("replies.waiting", { n: replies.waiting })}</>}
        {!stopped && !source.can_send && <> · {t("replies.cannot")}</>}
        {stopped && replies.detail && <small lang="en">{replies.detail}</small>}
      </p>
      {canAct && (
        <button type="button" class="tool" onClick={() => void change(source, stopped, put)}>
          {stopped ? t("replies.resume") : t("replies.stop")}
        </button>
      )}
    </div>
  );
}

async function change(source: Source, on: boolean, put: (s: Source) => void): Promise<void> {
  if (!connected()) return;
  try {
    const path = `/sources/${encodeURIComponent(source.name)}/replies`;
    put((await post<{ source: Source }>(path, { on })).source);
  } catch (error) {
    fail(error);
  }
}

export function QuestionReplies({ question }: { question: Question }): JSX.Element | null {
  const t = useT();
  const replies = question.replies ?? [];
  if (replies.length === 0) return null;
  return (
    <div>
      <span class="label">{t("replies.title")}</span>
      <ul class="askers">
        {replies.map((reply) => (
          <Item key={`${reply.source} ${reply.reply}`} reply={reply} />
        ))}
      </ul>
    </div>
  );
}

function Item({ reply }: { reply: Reply }): JSX.Element {
  const t = useT();
  const lang = useLang();
  const key = `reply.reason.${reply.reason}`;
  return (
    <li>
      <span class="source">{reply.source}</span> {t(`reply.${reply.reply}`)}{" "}
      <time class="muted">{clock(reply.at, lang, desk.get().stream.timezone)}</time>{" "}
      {t(`reply.outcome.${reply.outcome}`)}
      {reply.outcome !== "sent" && has(key) && <>: {t(key)}</>}
      {reply.detail && (
        <small class="muted" lang="en">
          {" "}
          {reply.detail}
        </small>
      )}
    </li>
  );
}
