// SPDX-License-Identifier: Apache-2.0
// Prepared questions: paste, look what each line would become, add. In a chunk of its own, because
// it is opened once before a broadcast.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { closeDialog } from "../console/ui";
import { desk } from "../core/desk";
import { useStore } from "../core/store";
import { toast } from "../core/toast";
import type { Lang, Topic } from "../core/types";
import { LANG_NAMES, pick, useLang, useT } from "../i18n";
import { Dialog } from "../ui/dialog";
import { isTable, sending } from "./lines";
import type { Choice } from "./lines";
import { isWord, useWords } from "./words";
import type { Say } from "./words";

const LANGS: readonly Lang[] = ["kk", "ru", "en"];

interface Item {
  line: number;
  text: string;
  lang: Lang;
  topic: string;
  asker: string;
  pii: boolean;
}

interface Mistake {
  line: number;
  code: string;
  of: number | null;
  error: string;
}

interface Answer {
  accepted: number;
  errors: Mistake[];
  items?: Item[];
  detail?: string;
}

async function send(text: string, choice: Choice, only: "try" | "add"): Promise<Answer | null> {
  const { type, body, lineOf } = sending(text, choice);
  try {
    const response = await fetch(`/api/v1/questions/import${only === "try" ? "?try=true" : ""}`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": type },
      body,
    });
    const answer = (await response.json()) as Partial<Answer>;
    const place = <T extends { line: number }>(one: T): T => ({ ...one, line: lineOf(one.line) });
    const mistake = (one: Mistake): Mistake =>
      one.code === "same_line" ? { ...place(one), of: lineOf(one.of ?? 0) } : place(one);
    return {
      accepted: answer.accepted ?? 0,
      errors: (answer.errors ?? []).map(mistake),
      ...(answer.items && { items: answer.items.map(place) }),
      ...(!response.ok && { detail: answer.detail ?? String(response.status) }),
    };
  } catch {
    return null;
  }
}

export default function Prepare(): JSX.Element {
  const say = useWords();
  const [text, setText] = useState("");
  const [choice, setChoice] = useState<Choice>({ lang: "", topic: "" });
  const [seen, setSeen] = useState<Answer | null>(null);
  const [problem, setProblem] = useState("");
  const write = (next: string): void => {
    setText(next);
    setSeen(null);
    setProblem("");
  };
  const choose = (part: Partial<Choice>): void => {
    setChoice({ ...choice, ...part });
    setSeen(null);
  };
  const go = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await send(text, choice, seen ? "add" : "try");
    if (!answer) return setProblem(say("offline"));
    if (answer.detail) return setProblem(say("stopped", { n: answer.accepted, why: answer.detail }));
    if (!seen) return setSeen(answer);
    toast(say("added", { n: answer.accepted }));
    closeDialog();
  };
  return (
    <Dialog title={say("title")} onClose={closeDialog} wide>
      <form class="form" onSubmit={(event) => void go(event)}>
        <p class="muted">{say("hint")}</p>
        <Paste text={text} write={write} say={say} />
        {isTable(text) ? (
          <p class="muted">{say("table")}</p>
        ) : (
          <Choices choice={choice} choose={choose} say={say} />
        )}
        {seen && <Seen seen={seen} say={say} />}
        {problem && <p class="error">{problem}</p>}
        <Foot seen={seen} empty={!text.trim()} say={say} />
      </form>
    </Dialog>
  );
}

interface PasteProps {
  text: string;
  write: (next: string) => void;
  say: Say;
}

function Paste({ text, write, say }: PasteProps): JSX.Element {
  const take = (files: FileList | null): void => {
    void files?.[0]?.text().then(write);
  };
  return (
    <>
      <label>
        <span>{say("text")}</span>
        <textarea
          rows={7}
          name="prepared"
          data-autofocus
          value={text}
          onInput={(event) => write(event.currentTarget.value)}
        />
      </label>
      <label class="button soft file-choice">
        {say("file")}
        <input
          type="file"
          name="file"
          class="sr-only"
          accept=".csv,.tsv,.txt,text/csv,text/plain"
          onChange={(event) => take(event.currentTarget.files)}
        />
      </label>
    </>
  );
}

interface ChoicesProps {
  choice: Choice;
  choose: (part: Partial<Choice>) => void;
  say: Say;
}

function Choices({ choice, choose, say }: ChoicesProps): JSX.Element {
  const lang = useLang();
  const topics = useStore(desk).topics;
  return (
    <div class="field-row">
      <label>
        <span>{say("lang")}</span>
        <select
          name="lang"
          value={choice.lang}
          onChange={(event) => choose({ lang: event.currentTarget.value as Lang | "" })}
        >
          <option value="">{say("by_text")}</option>
          {LANGS.map((one) => (
            <option key={one} value={one}>
              {LANG_NAMES[one]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{say("topic")}</span>
        <select
          name="topic"
          value={choice.topic}
          onChange={(event) => choose({ topic: event.currentTarget.value })}
        >
          <option value="">{say("by_text")}</option>
          {topics.map((one) => (
            <option key={one.id} value={one.id}>
              {pick(one.title, lang) || one.id}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function title(topics: readonly Topic[], id: string, lang: Lang): string {
  return pick(topics.find((one) => one.id === id)?.title, lang) || id || "—";
}

function Seen({ seen, say }: { seen: Answer; say: Say }): JSX.Element {
  const lang = useLang();
  const topics = useStore(desk).topics;
  return (
    <>
      <p role="status" class="prepared-counts">
        <b>{say("counts", { n: seen.accepted, bad: seen.errors.length })}</b>
      </p>
      <div class="prepared scroll-x">
        <table>
          <thead>
            <tr>
              <th>{say("line")}</th>
              <th>{say("text")}</th>
              <th>{say("lang")}</th>
              <th>{say("topic")}</th>
            </tr>
          </thead>
          <tbody>
            {seen.errors.map((one) => (
              <tr key={`e${one.line}`} class="prepared-bad">
                <td>{one.line}</td>
                <td colSpan={3}>
                  ✗ <Wrong mistake={one} say={say} />
                </td>
              </tr>
            ))}
            {seen.items?.map((one) => (
              <tr key={one.line}>
                <td>{one.line}</td>
                <td lang={one.lang}>
                  {one.text} {one.pii && <b class="badge">{say("pii")}</b>}
                </td>
                <td>{one.lang}</td>
                <td>{title(topics, one.topic, lang)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

// In the reader's language; what we have no words for stays as the server said it.
function Wrong({ mistake, say }: { mistake: Mistake; say: Say }): JSX.Element {
  const word = `wrong.${mistake.code}`;
  if (!isWord(word)) return <span lang="en">{mistake.error}</span>;
  return <>{say(word, { of: mistake.of ?? "" })}</>;
}

function Foot({ seen, empty, say }: { seen: Answer | null; empty: boolean; say: Say }): JSX.Element {
  const t = useT();
  return (
    <footer class="dialog-foot">
      <button type="button" class="soft" onClick={closeDialog}>
        {t("cancel")}
      </button>
      <button type="submit" class="primary" disabled={empty || seen?.accepted === 0}>
        {!seen ? say("look") : seen.accepted === 0 ? say("nothing") : say("add", { n: seen.accepted })}
      </button>
    </footer>
  );
}
