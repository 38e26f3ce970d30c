// SPDX-License-Identifier: Apache-2.0
// The past of a file: what differs from it, who changed it and when; and the dialogs that change it.
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { LOCALES, useLang, useT } from "../i18n";
import type { Lang } from "../core/types";
import { Dialog } from "../ui/dialog";
import { diff } from "./diff";
import { activate, dirty, putBack, resolve, revert, set } from "./lab";
import type { Lab } from "./lab";
import type { FileBody, FileEntry } from "./types";
import { useWords } from "./words";

export function when(at: string, lang: Lang): string {
  return new Intl.DateTimeFormat(LOCALES[lang], {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(new Date(at));
}

export function Diff({ before, after }: { before: string; after: string }): JSX.Element {
  const say = useWords();
  const lines = useMemo(() => diff(before, after), [before, after]);
  if (lines.length === 0) return <p class="muted small">{say("diff.none")}</p>;
  return (
    <ol class="diff">
      {lines.map((one, at) => (
        <li key={at} class={one.mark === "+" ? "diff-in" : one.mark === "-" ? "diff-out" : ""}>
          <i>{one.line ?? ""}</i>
          <i>{one.mark === "-" ? "−" : one.mark}</i>
          <code>{one.text}</code>
        </li>
      ))}
    </ol>
  );
}

export function History({ now, file, admin }: HistoryProps): JSX.Element {
  const say = useWords();
  const lang = useLang();
  const body = now.file;
  if (!body) return <p class="empty muted">…</p>;
  const past = [...body.history].sort((a, b) => b.seq - a.seq);
  return (
    <div class="history">
      {dirty(now) && (
        <section>
          <h2>{say("diff.mine")}</h2>
          <Diff before={body.content} after={now.draft} />
        </section>
      )}
      {file.changed && body.shipped_content !== null && (
        <section>
          <h2>{say("diff.shipped")}</h2>
          <Diff before={body.shipped_content} after={body.content} />
        </section>
      )}
      <section>
        <h2>{say("tab.history")}</h2>
        {past.length === 0 && <p class="muted">{say("history.none")}</p>}
        <ol class="past">
          {past.map((one, at) => (
            <li key={one.seq}>
              <span class="badge">{say(`history.${one.action}`)}</span>
              <span class="past-what">
                <b>{one.note || when(one.at, lang)}</b>
                <small class="muted">
                  {say("history.who", { who: one.by.replace(/^user:/, ""), at: when(one.at, lang) })}
                </small>
              </span>
              {admin && at > 0 && (
                <button
                  type="button"
                  class="soft"
                  onClick={() => set({ asked: { putBack: one.seq } })}
                >
                  {say("put_back")}
                </button>
              )}
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

interface HistoryProps {
  now: Lab;
  file: FileEntry;
  admin: boolean;
}

const close = (): void => set({ asked: null });

export function Dialogs({ now, title }: { now: Lab; title: string }): JSX.Element | null {
  const asked = now.asked;
  if (asked === null || !now.file) return null;
  if (asked === "activate") return <Activate now={now} title={title} />;
  if (asked === "revert") return <Revert now={now} file={now.file} />;
  if ("theirs" in asked) return <Conflict now={now} theirs={asked.theirs} />;
  return <PutBack now={now} file={now.file} seq={asked.putBack} />;
}

function Foot({ busy, label }: { busy: boolean; label: string }): JSX.Element {
  const t = useT();
  const say = useWords();
  return (
    <footer class="dialog-foot">
      <button type="button" class="soft" onClick={close}>
        {t("cancel")}
      </button>
      <button type="submit" class="primary" disabled={busy}>
        {busy ? say("activating") : label}
      </button>
    </footer>
  );
}

function Activate({ now, title }: { now: Lab; title: string }): JSX.Element {
  const say = useWords();
  const [note, setNote] = useState("");
  const lost = now.answer?.recent?.lost.length ?? 0;
  const send = (event: Event): void => {
    event.preventDefault();
    void activate(note);
  };
  return (
    <Dialog title={say("activate.title", { name: title })} onClose={close} wide>
      <form class="form" onSubmit={send}>
        <p>{say("activate.what")}</p>
        {lost > 0 && <p class="warning">{say("activate.loses", { n: lost })}</p>}
        <Diff before={now.file?.content ?? ""} after={now.draft} />
        <label>
          <span>{say("note")}</span>
          <input
            name="note"
            maxLength={200}
            data-autofocus
            value={note}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        </label>
        <Foot busy={now.busy !== null} label={say("activate")} />
      </form>
    </Dialog>
  );
}

function Revert({ now, file }: { now: Lab; file: FileBody }): JSX.Element {
  const say = useWords();
  const send = (event: Event): void => {
    event.preventDefault();
    void revert();
  };
  return (
    <Dialog title={say("revert")} onClose={close} wide>
      <form class="form" onSubmit={send}>
        <p>{say("revert.what")}</p>
        <Diff before={file.content} after={file.shipped_content ?? ""} />
        <Foot busy={now.busy !== null} label={say("revert")} />
      </form>
    </Dialog>
  );
}

function PutBack(props: { now: Lab; file: FileBody; seq: number }): JSX.Element {
  const { now, file, seq } = props;
  const say = useWords();
  const lang = useLang();
  const one = file.history.find((change) => change.seq === seq);
  const send = (event: Event): void => {
    event.preventDefault();
    void putBack(seq);
  };
  return (
    <Dialog title={say("put_back")} onClose={close}>
      <form class="form" onSubmit={send}>
        <p>{say("put_back.what", { at: one ? when(one.at, lang) : seq })}</p>
        {one?.note && <p class="muted">{one.note}</p>}
        <Foot busy={now.busy !== null} label={say("put_back")} />
      </form>
    </Dialog>
  );
}

function Conflict({ now, theirs }: { now: Lab; theirs: FileBody }): JSX.Element {
  const say = useWords();
  return (
    <Dialog title={say("conflict")} onClose={close} wide>
      <p>{say("conflict.what")}</p>
      <Diff before={theirs.content} after={now.draft} />
      <footer class="dialog-foot">
        <button type="button" class="soft" onClick={() => resolve(theirs, "theirs")}>
          {say("conflict.theirs")}
        </button>
        <button
          type="button"
          class="primary"
          data-autofocus
          onClick={() => resolve(theirs, "mine")}
        >
          {say("conflict.mine")}
        </button>
      </footer>
    </Dialog>
  );
}
