// SPDX-License-Identifier: Apache-2.0
// Wording: edit for air (per language, beside what was asked) and a question typed by hand. The
// server judges the new wording again; personal data in it must be allowed in so many words.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { act, command, desk } from "../core/desk";
import { LONG, length as lengthOf, pieces } from "../core/spans";
import { useStore } from "../core/store";
import type { Lang, Question, Span, Texts } from "../core/types";
import { LANG_NAMES, t as say, useLang, useT } from "../i18n";
import { Dialog } from "../ui/dialog";
import { Wording } from "../ui/small";
import { reveal } from "./commands";
import { person, piiName } from "./row";
import { closeDialog, ui } from "./ui";

const MAX = 1000;

function languages(question: Question, streams: Lang[]): Lang[] {
  const has = Object.keys(question.text) as Lang[];
  return [...new Set<Lang>([...streams, ...has])];
}

// Another wording by somebody else meanwhile is a conflict, which saving must meet; one more asker or a
// claim is none.
function useBase(question: Question): Question {
  const [opened] = useState(question);
  const same = JSON.stringify(question.text) === JSON.stringify(opened.text);
  return same ? question : opened;
}

export function Edit({ question }: { question: Question }): JSX.Element {
  const t = useT();
  const base = useBase(question);
  const streams = useStore(desk).stream.languages;
  const [texts, setTexts] = useState<Texts>(question.text);
  const [found, setFound] = useState<Span[] | null>(null);
  const [allow, setAllow] = useState(false);
  const write = (lang: Lang, value: string): void => {
    setTexts({ ...texts, [lang]: value });
    setFound(null);
    setAllow(false);
  };
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const text = filled(texts);
    const done = await act(base, "edit", { text, ...(allow && { allow_pii: true }) });
    if (done && "pii" in done && "code" in done) setFound((done.pii as Span[]) ?? []);
    else closeDialog();
  };
  return (
    <Dialog title={t("edit.title", { no: question.no })} onClose={closeDialog} wide>
      <Asked question={question} />
      {base !== question && (
        <div class="warning" role="status">
          {t("edit.overtaken", { who: question.last_actor ? person(question.last_actor) : t("conflict.someone") })}
          <Wording text={question.text} />
        </div>
      )}
      <form class="form" onSubmit={(event) => void save(event)}>
        {languages(question, streams).map((lang, i) => (
          <TextField
            key={lang}
            lang={lang}
            value={texts[lang] ?? ""}
            first={i === 0}
            found={found ? spansIn(lang, found, texts, question.text) : []}
            onInput={(value) => write(lang, value)}
          />
        ))}
        {found && <PiiWarning found={found} allow={allow} onAllow={setAllow} />}
        <footer class="dialog-foot">
          <button type="button" class="soft" onClick={closeDialog}>
            {t("cancel")}
          </button>
          <button
            type="submit"
            class="primary"
            disabled={Object.keys(filled(texts)).length === 0 || (found !== null && !allow)}
          >
            {t("edit.save")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

// Spans that do not say their language belong to the text that was changed, if that is one only.
function spansIn(lang: Lang, found: Span[], now: Texts, before: Texts): Span[] {
  const changed = (Object.keys(now) as Lang[]).filter((one) => now[one] !== before[one]);
  const only = changed.length === 1 ? changed[0] : undefined;
  return found.filter((span) => (span.lang ?? only) === lang);
}

function filled(texts: Texts): Texts {
  const entries = Object.entries(texts).map(([lang, text]) => [lang, text.trim()]);
  return Object.fromEntries(entries.filter(([, text]) => text !== "")) as Texts;
}

// What came from the chat: the masked text, and the original when it holds nothing to hide or the
// moderator has asked to see it.
function Asked({ question }: { question: Question }): JSX.Element {
  const t = useT();
  const revealed = useStore(ui).revealed.has(question.n);
  const hidden = Boolean(question.pii?.length || question.abuse) && !revealed;
  return (
    <div class="asked">
      <span class="label">{t("original")}</span>
      {hidden || !question.original ? (
        <Wording text={question.text} />
      ) : (
        <p class="wording">{question.original}</p>
      )}
      {hidden && (
        <button type="button" class="text-button" onClick={() => reveal(question)}>
          {t("act.reveal")} · {t("reveal.logged")}
        </button>
      )}
    </div>
  );
}

interface FieldProps {
  lang: Lang;
  value: string;
  first: boolean;
  found: Span[];
  onInput: (value: string) => void;
}

function TextField({ lang, value, first, found, onInput }: FieldProps): JSX.Element {
  const t = useT();
  const length = lengthOf(value);
  return (
    <label>
      <span>
        {LANG_NAMES[lang]}
        <small class={length > LONG ? "length amber" : "length"}>
          {length > LONG ? t("edit.long", { n: length }) : length}
        </small>
      </span>
      <textarea
        lang={lang}
        rows={3}
        maxLength={MAX}
        value={value}
        data-autofocus={first ? "" : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.currentTarget.form?.requestSubmit();
          }
        }}
      />
      {found.length > 0 && value && (
        <p class="found">
          {pieces(value, found).map((piece, i) =>
            piece.kind ? <mark key={i}>{piece.text}</mark> : piece.text,
          )}
        </p>
      )}
    </label>
  );
}

interface PiiProps {
  found: Span[];
  allow: boolean;
  onAllow: (allow: boolean) => void;
}

function PiiWarning({ found, allow, onAllow }: PiiProps): JSX.Element {
  const t = useT();
  const kinds = [...new Set(found.map((span) => piiName(span.kind, t)))].join(", ");
  return (
    <div class="warning" role="alert">
      <p>{t("edit.pii", { kinds })}</p>
      <label class="check">
        <input
          type="checkbox"
          checked={allow}
          onChange={(event) => onAllow(event.currentTarget.checked)}
        />
        <span>{t("edit.allow")}</span>
      </label>
    </div>
  );
}

export function Write(): JSX.Element {
  const t = useT();
  const mine = useLang();
  const streams = useStore(desk).stream.languages;
  const [text, setText] = useState("");
  const [lang, setLang] = useState<Lang>(streams.includes(mine) ? mine : (streams[0] ?? "kk"));
  const [asker, setAsker] = useState("");
  const [problem, setProblem] = useState("");
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const body = { text: text.trim(), lang, ...(asker.trim() && { asker: asker.trim() }) };
    const done = await command("/questions", body, say("done.written"));
    if (done) closeDialog();
    else setProblem(t("write.not_sent"));
  };
  return (
    <Dialog title={t("write.title")} onClose={closeDialog}>
      <form class="form" onSubmit={(event) => void save(event)}>
        <p class="muted">{t("write.hint")}</p>
        <label>
          <span>{t("write.text")}</span>
          <textarea
            rows={4}
            required
            data-autofocus
            maxLength={MAX}
            lang={lang}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <div class="field-row">
          <label>
            <span>{t("language")}</span>
            <select value={lang} onChange={(event) => setLang(event.currentTarget.value as Lang)}>
              {(["kk", "ru", "en"] as const).map((one) => (
                <option key={one} value={one}>
                  {LANG_NAMES[one]}
                </option>
              ))}
            </select>
          </label>
          <label class="grow">
            <span>{t("write.asker")}</span>
            <input
              value={asker}
              maxLength={100}
              onInput={(event) => setAsker(event.currentTarget.value)}
            />
          </label>
        </div>
        {problem && <p class="error">{problem}</p>}
        <footer class="dialog-foot">
          <button type="button" class="soft" onClick={closeDialog}>
            {t("cancel")}
          </button>
          <button type="submit" class="primary" disabled={!text.trim()}>
            {t("write.add")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

