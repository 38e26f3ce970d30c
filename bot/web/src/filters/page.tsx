// SPDX-License-Identifier: Apache-2.0
// The page /filters as a whole: the files on the left, on the right the chosen one.
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useLang, useT } from "../i18n";
import { chooseLang } from "../core/session";
import { useStore } from "../core/store";
import { Icon } from "../ui/icons";
import { LangSwitch, ThemeButton, Toasts } from "../ui/small";
import { Dialogs, History } from "./changes";
import { Editor } from "./editor";
import { dirty, discard, jumpTo, lab, loadList, open, ready, set, tryOut, write } from "./lab";
import type { Lab, Tab } from "./lab";
import { Badges, Files, kindName, perMinute, short, titleOf } from "./list";
import { Rules } from "./rules";
import { Sandbox } from "./sandbox";
import type { FileEntry, Issue } from "./types";
import { isWord, useWords } from "./words";

const FRESH_MS = 10_000;
const TABS: readonly Tab[] = ["rules", "text", "history"];

export function FiltersPage({ admin }: { admin: boolean }): JSX.Element {
  const now = useStore(lab);
  const say = useWords();
  const lang = useLang();
  useEffect(watch, []);
  useEffect(() => listen(admin), [admin]);
  const file = now.list?.files.find((one) => one.name === now.name) ?? null;
  const title = file ? titleOf(file, lang, say) : "";
  return (
    <div class={now.drawer ? "lab lab-drawer" : "lab"}>
      <Top>
        <button
          type="button"
          class="soft lab-drawer-button"
          aria-expanded={now.drawer}
          onClick={() => set({ drawer: !now.drawer })}
        >
          <Icon name="list" /> {say("files")}
        </button>
      </Top>
      {now.away && (
        <p class="banner banner-amber" role="status">
          <Icon name="warn" /> {say("away")}
        </p>
      )}
      <div class="lab-body">
        <Files now={now} />
        <main class="lab-main">
          {file ? (
            <Chosen now={now} file={file} admin={admin} title={title} />
          ) : (
            <p class="empty muted">{now.list ? say("choose") : "…"}</p>
          )}
        </main>
      </div>
      <Dialogs now={now} title={title} />
      <Toasts />
    </div>
  );
}

// The list is fetched again while somebody is looking; the address says which file is open.
function watch(): () => void {
  const chosen = (): string => decodeURIComponent(location.hash.slice(1));
  const go = (): void => {
    const name = chosen() || lab.get().list?.files.find((one) => one.kind === "topic")?.name;
    if (name && name !== lab.get().name) void open(name);
  };
  void loadList().then(go);
  const timer = setInterval(() => {
    if (document.visibilityState === "visible") void loadList();
  }, FRESH_MS);
  const leaving = (event: BeforeUnloadEvent): void => {
    if (dirty(lab.get())) event.preventDefault();
  };
  addEventListener("hashchange", go);
  addEventListener("beforeunload", leaving);
  return () => {
    clearInterval(timer);
    removeEventListener("hashchange", go);
    removeEventListener("beforeunload", leaving);
  };
}

// "/" is a character wherever one writes; the editor hides in a shadow root.
function writing(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function listen(admin: boolean): () => void {
  const onKey = (event: KeyboardEvent): void => {
    const command = event.ctrlKey || event.metaKey;
    if (lab.get().asked !== null) return;
    if (command && event.key === "Enter") {
      event.preventDefault();
      void tryOut();
    } else if (command && event.code === "KeyS") {
      event.preventDefault();
      if (admin && ready(lab.get())) set({ asked: "activate" });
    } else if (!command && !event.altKey && event.key === "/" && !writing(event)) {
      event.preventDefault();
      set({ drawer: true });
      requestAnimationFrame(() =>
        document.querySelector<HTMLInputElement>("input[name=files]")?.focus(),
      );
    } else if (event.key === "Escape" && lab.get().drawer) set({ drawer: false });
  };
  addEventListener("keydown", onKey);
  return () => removeEventListener("keydown", onKey);
}

export function Top({ children }: { children?: ComponentChildren }): JSX.Element {
  const say = useWords();
  return (
    <header class="topbar">
      <a class="brand" href="/" title={say("back")}>
        <i aria-hidden="true">?</i>
        <b>Suraq</b>
      </a>
      <h1>{say("page")}</h1>
      {children}
      <span class="grow" />
      <a class="button soft" href="/" aria-label={say("back")}>
        <Icon name="chat" /> <span class="wide-only">{say("back")}</span>
      </a>
      <LangSwitch choose={chooseLang} />
      <ThemeButton />
    </header>
  );
}

interface ChosenProps {
  now: Lab;
  file: FileEntry;
  admin: boolean;
  title: string;
}

function Chosen({ now, file, admin, title }: ChosenProps): JSX.Element {
  const say = useWords();
  const does = `does.${file.kind}`;
  return (
    <>
      <header class="file-head">
        <div class="file-name">
          <h2>{title}</h2>
          <span class="muted small">
            {kindName(file.kind, say)} · <code>{file.name}</code>
            {" · "}
            {say("per_min", { n: short(perMinute(file)) })}
          </span>
          <Badges file={file} all />
        </div>
        {admin && <Acts now={now} file={file} />}
        <p class="file-does">{isWord(does) && say(does, { n: file.threshold })}</p>
        {file.shipped && !file.changed && admin && (
          <p class="muted small file-does">{say("shipped.why")}</p>
        )}
        {!admin && <p class="muted small file-does">{say("read_only")}</p>}
      </header>
      <div class="tabs lab-tabs" role="tablist">
        {TABS.map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            aria-selected={now.tab === tab}
            onClick={() => set({ tab })}
          >
            {say(`tab.${tab}`)}
            {tab === "rules" && <span class="count">{file.rules.length}</span>}
            {tab === "text" && dirty(now) && <i class="dot dot-amber" title={say("draft")} />}
          </button>
        ))}
      </div>
      {now.tab === "rules" && <Rules file={file} />}
      {now.tab === "text" && <Text now={now} admin={admin} />}
      {now.tab === "history" && <History now={now} file={file} admin={admin} />}
    </>
  );
}

function Acts({ now, file }: { now: Lab; file: FileEntry }): JSX.Element {
  const say = useWords();
  const may = ready(now);
  return (
    <div class="file-acts">
      {dirty(now) && (
        <button type="button" class="plain" onClick={discard}>
          {say("discard")}
        </button>
      )}
      {file.shipped && file.changed && (
        <button type="button" class="soft" onClick={() => set({ asked: "revert" })}>
          {say("revert")}
        </button>
      )}
      <button
        type="button"
        class="primary"
        disabled={!may}
        title={may || !dirty(now) ? undefined : say("activate.first")}
        onClick={() => set({ asked: "activate" })}
      >
        {say("activate")} <kbd aria-hidden="true">Ctrl S</kbd>
      </button>
    </div>
  );
}

function Text({ now, admin }: { now: Lab; admin: boolean }): JSX.Element {
  const say = useWords();
  const t = useT();
  if (!now.file) return <p class="empty muted">{t("wait")}</p>;
  return (
    <div class="bench">
      <div class="bench-text">
        <Editor
          name={now.file.name}
          text={now.draft}
          current={() => lab.get().draft}
          label={say("editor")}
          readOnly={false}
          issues={now.tried === null || now.tried === now.draft ? now.issues : NONE}
          jump={now.jump}
          onChange={write}
        />
        {!admin && <p class="muted small">{say("read_only")}</p>}
        {now.issues.length > 0 && <Issues issues={now.issues} name={now.file.name} />}
      </div>
      <Sandbox now={now} />
    </div>
  );
}

const NONE: readonly Issue[] = [];

// A mistake may come to light in another file than the one that is being written.
function Issues({ issues, name }: { issues: readonly Issue[]; name: string }): JSX.Element {
  const say = useWords();
  return (
    <section class="issues" aria-label={say("issues")}>
      <h3>
        {say("issues")} <span class="count">{issues.length}</span>
      </h3>
      <ul>
        {issues.map((one, at) => (
          <li key={at} class={one.severity === "error" ? "issue-error" : "issue-warning"}>
            <button type="button" onClick={() => jumpTo(one.line, one.column)}>
              <Icon name={one.severity === "error" ? "cross" : "warn"} />
              <span>
                <b>{say("at", { line: one.line, column: one.column })}</b>
                {one.file !== "" && !one.file.endsWith(name) && <code> {one.file}</code>}{" "}
                {one.text}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
