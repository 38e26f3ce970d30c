// SPDX-License-Identifier: Apache-2.0
// The files, grouped by what they are for, with how busy each is and what to know about it.
import type { JSX } from "preact";
import { pick, useLang } from "../i18n";
import type { Lang } from "../core/types";
import { Icon } from "../ui/icons";
import { dirty, hasDraft, set } from "./lab";
import type { Lab } from "./lab";
import type { FileEntry } from "./types";
import { isWord, useWords } from "./words";
import type { Say } from "./words";

const ORDER = ["question", "topic", "urgent", "abuse", "spam", "mask", "macros"];

export function kindName(kind: string, say: Say): string {
  const word = `kind.${kind}`;
  return isWord(word) ? say(word) : kind;
}

export function titleOf(file: FileEntry, lang: Lang, say: Say): string {
  const title = pick(file.title, lang);
  if (title) return title;
  const word = `class.${file.id ?? stem(file)}`;
  if (isWord(word)) return sentence(say(word));
  return file.kind === "question" ? stem(file).toUpperCase() : kindName(file.kind, say);
}

const stem = (file: FileEntry): string =>
  (file.name.split("/").pop() ?? "").replace(/\.ya?ml$/, "");
const sentence = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

export function perMinute(file: FileEntry): number {
  return file.rules.reduce((sum, rule) => sum + rule.hits_per_min, 0);
}

function found(file: FileEntry, query: string, lang: Lang, say: Say): boolean {
  if (query === "") return true;
  const texts = [file.name, titleOf(file, lang, say), ...Object.values(file.title ?? {})];
  for (const rule of file.rules) {
    texts.push(rule.name, rule.re, ...Object.values(rule.description ?? {}));
  }
  return texts.some((text) => text.toLowerCase().includes(query));
}

export function Files({ now }: { now: Lab }): JSX.Element {
  const say = useWords();
  const lang = useLang();
  const query = now.query.trim().toLowerCase();
  const files = (now.list?.files ?? []).filter((file) => found(file, query, lang, say));
  const kinds = [...new Set([...ORDER, ...files.map((file) => file.kind)])];
  return (
    <nav class="files" aria-label={say("files")}>
      <label class="search files-search">
        <Icon name="search" />
        <input
          type="search"
          name="files"
          placeholder={say("search")}
          aria-label={say("search")}
          value={now.query}
          onInput={(event) => set({ query: event.currentTarget.value })}
        />
      </label>
      <div class="files-list">
        {now.list && files.length === 0 && <p class="muted small">{say("nothing")}</p>}
        {kinds.map((kind) => {
          const members = files.filter((file) => file.kind === kind);
          if (members.length === 0) return null;
          return (
            <section key={kind}>
              <h2>
                {kindName(kind, say)} <span class="count">{members.length}</span>
              </h2>
              <ul>
                {members.map((file) => (
                  <li key={file.name}>
                    <Entry file={file} now={now} title={titleOf(file, lang, say)} />
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </div>
    </nav>
  );
}

function Entry({ file, now, title }: { file: FileEntry; now: Lab; title: string }): JSX.Element {
  const say = useWords();
  const here = file.name === now.name;
  const rate = perMinute(file);
  const unsaved = here ? dirty(now) : hasDraft(file.name);
  return (
    <a
      class="file-entry"
      href={`#${file.name}`}
      aria-current={here ? "page" : undefined}
      onClick={() => set({ drawer: false })}
    >
      <span class="file-title">{title}</span>
      <span class="count">{file.rules.length}</span>
      <span class="file-facts">
        {rate > 0 ? say("per_min", { n: short(rate) }) : file.name}
        {unsaved && <b class="badge badge-accent">{say("draft")}</b>}
        <Badges file={file} />
      </span>
    </a>
  );
}

export function short(value: number): string {
  return value >= 10 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}

export function Badges({ file, all }: { file: FileEntry; all?: boolean }): JSX.Element {
  const say = useWords();
  const stopped = file.rules.filter((rule) => rule.quarantined).length;
  const trials = file.rules.some((rule) => rule.trial);
  return (
    <>
      {all && file.shipped && !file.changed && (
        <span class="badge" title={say("shipped.why")}>
          {say("shipped")}
        </span>
      )}
      {all && !file.shipped && <span class="badge badge-accent">{say("own")}</span>}
      {file.changed && <span class="badge badge-accent">{say("changed")}</span>}
      {trials && (
        <span class="badge" title={say("trial.why")}>
          {say("trial")}
        </span>
      )}
      {stopped > 0 && (
        <span class="badge badge-amber">
          <Icon name="warn" /> {say("quarantined")} {stopped}
        </span>
      )}
    </>
  );
}
