// SPDX-License-Identifier: Apache-2.0
// The attached chats: is each one alive, how old is its last message, and if not, why not.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get, patch, post } from "../core/api";
import { connected, desk, dispatch, fail } from "../core/desk";
import { brand, readTarget } from "../core/target";
import type { State } from "../core/state";
import { useNow } from "../core/store";
import { age, since, until } from "../core/time";
import { toast } from "../core/toast";
import type { Source } from "../core/types";
import { has, useLang, useT } from "../i18n";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icons";
import { ChatReplies } from "./replies";
import { change, closeDialog } from "./ui";

type Translate = ReturnType<typeof useT>;
type Health = "good" | "warn" | "bad" | "off";

// The server calls a source quiet when it has been silent for longer than its own settings expect.
function health(source: Source): Health {
  if (!source.enabled || source.state === "ended") return "off";
  if (source.state === "live") return "good";
  return source.state === "refused" ? "bad" : "warn";
}

// Anything that is neither working nor meant to be silent.
export function needsLook(source: Source): boolean {
  const refused = source.replies?.state === "stopped" && source.replies.reason !== "by_hand";
  return (
    source.enabled && (refused || (source.state !== "live" && source.state !== "ended"))
  );
}

export function Sources({ state }: { state: State }): JSX.Element {
  const t = useT();
  const admin = state.role === "admin";
  return (
    <section class="sources" aria-label={t("sources")}>
      {state.sources.length === 0 && <p class="empty">{t("source.none")}</p>}
      <ul>
        {state.sources.map((source) => (
          <Item
            key={source.name}
            source={source}
            admin={admin}
            staff={admin || state.role === "moderator"}
            skew={state.skew}
          />
        ))}
      </ul>
      {admin && (
        <button
          type="button"
          class="soft wide-button"
          onClick={() => change({ dialog: { kind: "source" } })}
        >
          <Icon name="plus" /> {t("source.add")}
        </button>
      )}
    </section>
  );
}

interface ItemProps {
  source: Source;
  admin: boolean;
  staff: boolean;
  skew: number;
}

function Item({ source, admin, staff, skew }: ItemProps): JSX.Element {
  const t = useT();
  const [editing, setEditing] = useState(false);
  const state = health(source);
  return (
    <li class={`source-item source-${state}`}>
      <div class="source-head">
        <i class={`dot dot-${state}`} />
        <b>{source.name}</b>
        <span class="muted">{source.target}</span>
        <span class="source-state">{stateName(source, t)}</span>
      </div>
      <Figures source={source} skew={skew} />
      {source.enabled && <Reason source={source} />}
      {source.enabled && <NextTry source={source} skew={skew} />}
      <ChatReplies source={source} canAct={staff} put={put} />
      {admin && !editing && (
        <div class="source-acts">
          <button type="button" class="tool" onClick={() => setEditing(true)}>
            {t("source.retarget")}
          </button>
          <button
            type="button"
            class="tool"
            onClick={() => void amend(source, { enabled: !source.enabled })}
          >
            {source.enabled ? t("source.disable") : t("source.enable")}
          </button>
        </div>
      )}
      {editing && <Retarget source={source} onDone={() => setEditing(false)} />}
    </li>
  );
}

interface FactsProps {
  source: Source;
  skew: number;
}

// How old its last message is, how many come a minute, and what is left of the day's quota.
function Figures({ source, skew }: FactsProps): JSX.Element {
  const t = useT();
  const lang = useLang();
  const silent = since(source.last_message_at, useNow(), skew);
  const joined = source.enabled && ["live", "quiet", "degraded"].includes(source.state);
  const { quota } = source;
  return (
    <p class="muted source-figures">
      <span>
        {silent === null ? t("source.no_message") : t("source.last", { age: age(silent, lang) })}
      </span>
      {joined && <span>{t("source.rate", { n: source.per_minute ?? 0 })}</span>}
      {quota && (
        <span class={quota.used * 10 > quota.of * 9 ? "source-low" : undefined}>
          {t("source.quota", quota)}
        </span>
      )}
    </p>
  );
}

function NextTry({ source, skew }: FactsProps): JSX.Element | null {
  const t = useT();
  const lang = useLang();
  const wait = until(source.next_try_at, useNow(), skew);
  if (wait === null || source.state !== "connecting") return null;
  return <p class="muted">{t("source.next", { age: age(wait, lang) })}</p>;
}

// What went wrong in the reader's language; the server's own words stay for whoever mends it.
function Reason({ source }: { source: Source }): JSX.Element | null {
  const t = useT();
  const code = source.code || (source.state === "quiet" ? "quiet" : "");
  const key = `source.code.${code}`;
  if (!code && !source.reason) return null;
  return (
    <p class="source-reason">
      {has(key) && t(key)}
      {source.reason && <small lang="en">{source.reason}</small>}
    </p>
  );
}

function stateName(source: Source, t: Translate): string {
  if (!source.enabled) return t("source.state.off");
  const key = `source.state.${source.state}`;
  return has(key) ? t(key) : source.state;
}

async function amend(source: Source, body: object): Promise<boolean> {
  if (!connected()) return false;
  try {
    const path = `/sources/${encodeURIComponent(source.name)}`;
    const answer = await patch<{ source: Source }>(path, body);
    put(answer.source);
    return true;
  } catch (error) {
    fail(error);
    return false;
  }
}

function put(source: Source): void {
  const rest = desk.get().sources;
  const known = rest.some((one) => one.name === source.name);
  const sources = known
    ? rest.map((one) => (one.name === source.name ? source : one))
    : [...rest, source];
  dispatch({ type: "sources", sources });
}

function Retarget({ source, onDone }: { source: Source; onDone: () => void }): JSX.Element {
  const t = useT();
  const [target, setTarget] = useState(source.target);
  const save = (event: Event): void => {
    event.preventDefault();
    const wanted = readTarget(target).target;
    void amend(source, { target: wanted }).then((done) => done && onDone());
  };
  return (
    <form class="field-row" onSubmit={save}>
      <input
        value={target}
        aria-label={t("source.target")}
        onInput={(event) => setTarget(event.currentTarget.value)}
      />
      <button type="submit" class="primary">
        {t("save")}
      </button>
      <button type="button" class="soft" onClick={onDone}>
        {t("cancel")}
      </button>
    </form>
  );
}

function kindName(kind: string, t: Translate): string {
  const key = `kind.${kind}`;
  return has(key) ? t(key) : brand(kind);
}

function targetName(kind: string, t: Translate): string {
  const key = `kind.${kind}.target`;
  return has(key) ? t(key) : t("source.link");
}

// What this server can attach; until it has answered, what every one can.
function useKinds(): string[] {
  const [kinds, setKinds] = useState(["twitch"]);
  useEffect(() => {
    get<{ kinds: string[] }>("/sources").then((answer) => setKinds(answer.kinds), fail);
  }, []);
  return kinds;
}

export function AddSource(): JSX.Element {
  const t = useT();
  const kinds = useKinds();
  const [kind, setKind] = useState("twitch");
  const [target, setTarget] = useState("");
  const [url, setUrl] = useState("");
  const [name, setName] = useState("");
  const paste = (text: string): void => {
    const read = readTarget(text);
    if (read.kind && kinds.includes(read.kind)) setKind(read.kind);
    if (read.url) setUrl(read.url);
    setTarget(read.target);
  };
  const save = (event: Event): void => {
    event.preventDefault();
    void add({ kind, target, ...(name && { name }), ...(url && { url }) });
  };
  return (
    <Dialog title={t("source.add")} onClose={closeDialog}>
      <form class="form" onSubmit={save}>
        <label>
          <span>{t("source.kind")}</span>
          <select
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value)}
          >
            {kinds.map((one) => (
              <option key={one} value={one}>
                {kindName(one, t)}
              </option>
            ))}
          </select>
        </label>
        <p class="muted">{t("source.keys")}</p>
        <label>
          <span>{targetName(kind, t)}</span>
          <input
            data-autofocus
            required
            value={target}
            onInput={(event) => paste(event.currentTarget.value)}
          />
        </label>
        {kind === "irc" && (
          <label>
            <span>{t("source.url")}</span>
            <input
              required
              value={url}
              placeholder="wss://"
              onInput={(event) => setUrl(event.currentTarget.value)}
            />
          </label>
        )}
        <label>
          <span>{t("source.name")}</span>
          <input
            value={name}
            placeholder={kind}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <footer class="dialog-foot">
          <button type="button" class="soft" onClick={closeDialog}>
            {t("cancel")}
          </button>
          <button type="submit" class="primary">
            {t("source.attach")}
          </button>
        </footer>
      </form>
    </Dialog>
  );

  async function add(body: object): Promise<void> {
    if (!connected()) return;
    try {
      const answer = await post<{ source: Source }>("/sources", body);
      put(answer.source);
      toast(t("source.added", { name: answer.source.name }));
      closeDialog();
    } catch (error) {
      fail(error);
    }
  }
}
