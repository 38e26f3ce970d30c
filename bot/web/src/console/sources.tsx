// SPDX-License-Identifier: Apache-2.0
// The attached chats: is each one alive, how old is its last message, and if not, why not.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { patch, post } from "../core/api";
import { connected, desk, dispatch, fail } from "../core/desk";
import { KINDS, readTarget } from "../core/target";
import type { Kind } from "../core/target";
import type { State } from "../core/state";
import { useNow } from "../core/store";
import { age, since } from "../core/time";
import { toast } from "../core/toast";
import type { Source } from "../core/types";
import { has, useLang, useT } from "../i18n";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icons";
import { change, closeDialog } from "./ui";

const QUIET_MS = 120_000; // a live chat without a message for this long deserves a look

type Health = "good" | "warn" | "bad" | "off";

function health(source: Source, silent: number | null): Health {
  if (!source.enabled) return "off";
  if (source.state === "live") return silent !== null && silent > QUIET_MS ? "warn" : "good";
  if (source.state === "ended") return "off";
  return source.state === "refused" ? "bad" : "warn";
}

// Anything that is neither working nor meant to be silent.
export function needsLook(source: Source): boolean {
  return source.enabled && source.state !== "live" && source.state !== "ended";
}

export function Sources({ state }: { state: State }): JSX.Element {
  const t = useT();
  const admin = state.role === "admin";
  return (
    <section class="sources" aria-label={t("sources")}>
      {state.sources.length === 0 && <p class="empty">{t("source.none")}</p>}
      <ul>
        {state.sources.map((source) => (
          <Item key={source.name} source={source} admin={admin} skew={state.skew} />
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
  skew: number;
}

function Item({ source, admin, skew }: ItemProps): JSX.Element {
  const t = useT();
  const lang = useLang();
  const [editing, setEditing] = useState(false);
  const silent = since(source.last_message_at, useNow(), skew);
  const state = health(source, silent);
  return (
    <li class={`source-item source-${state}`}>
      <div class="source-head">
        <i class={`dot dot-${state}`} />
        <b>{source.name}</b>
        <span class="muted">{source.target}</span>
        <span class="source-state">{stateName(source, t)}</span>
      </div>
      <p class="muted">
        {silent === null ? t("source.no_message") : t("source.last", { age: age(silent, lang) })}
        {source.per_minute ? <> · {t("source.rate", { n: source.per_minute })}</> : null}
        {source.quota ? <> · {t("source.quota", source.quota)}</> : null}
      </p>
      {source.enabled && <Reason source={source} />}
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

// What went wrong in the reader's language; the server's own words stay for whoever mends it.
function Reason({ source }: { source: Source }): JSX.Element | null {
  const t = useT();
  const key = `source.code.${source.code}`;
  if (!source.code && !source.reason) return null;
  return (
    <p class="source-reason">
      {has(key) && t(key)}
      {source.reason && <small lang="en">{source.reason}</small>}
    </p>
  );
}

function stateName(source: Source, t: ReturnType<typeof useT>): string {
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

export function AddSource(): JSX.Element {
  const t = useT();
  const [kind, setKind] = useState<Kind>("twitch");
  const [target, setTarget] = useState("");
  const [url, setUrl] = useState("");
  const [name, setName] = useState("");
  const paste = (text: string): void => {
    const read = readTarget(text);
    if (read.kind) setKind(read.kind);
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
            onChange={(event) => setKind(event.currentTarget.value as Kind)}
          >
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {t(`kind.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t(`kind.${kind}.target`)}</span>
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
