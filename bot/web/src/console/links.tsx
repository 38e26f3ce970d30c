// SPDX-License-Identifier: Apache-2.0
// Connecting the other screens: the officer's tablet by a one-time link and its QR code, the
// overlay by an address with a key of its own.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { asProblem, get, post, remove } from "../core/api";
import { copy } from "../core/copy";
import { desk, fail, failure } from "../core/desk";
import { useNow, useStore } from "../core/store";
import { timer } from "../core/time";
import { toast } from "../core/toast";
import { useT } from "../i18n";
import { Dialog } from "../ui/dialog";
import { closeDialog } from "./ui";

interface JoinLink {
  id: number | string;
  url: string;
  expires_at: string;
  qr?: string;
}

export function OfficerLink(): JSX.Element {
  const t = useT();
  const [link, setLink] = useState<JoinLink | null>(null);
  const [problem, setProblem] = useState("");
  const make = (): void => {
    setLink(null);
    post<JoinLink>("/links", { role: "officer" })
      .then(setLink)
      .catch((error: unknown) => setProblem(failure(asProblem(error))));
  };
  useEffect(make, []);
  return (
    <Dialog title={t("officer_link.title")} onClose={closeDialog}>
      <p>{t("officer_link.how")}</p>
      {problem && <p class="error">{problem}</p>}
      {link && <Ready link={link} onAgain={make} />}
    </Dialog>
  );
}

function Ready({ link, onAgain }: { link: JoinLink; onAgain: () => void }): JSX.Element {
  const t = useT();
  const now = useNow();
  const skew = useStore(desk).skew;
  const left = Date.parse(link.expires_at) - (now + skew);
  if (left <= 0) {
    return (
      <div class="qr">
        <p>{t("officer_link.expired")}</p>
        <button type="button" class="primary" data-autofocus onClick={onAgain}>
          {t("officer_link.again")}
        </button>
      </div>
    );
  }
  return (
    <div class="qr">
      {link.qr && (
        <img
          src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(link.qr)}`}
          alt={t("officer_link.qr")}
          width={260}
          height={260}
        />
      )}
      <CopyField value={link.url} />
      {onlyHere(link.url) && <p class="amber">{t("officer_link.only_here")}</p>}
      <p class="muted">{t("officer_link.once", { left: timer(left) })}</p>
    </div>
  );
}

// An address that no other device can open.
function onlyHere(url: string): boolean {
  return /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/.test(url);
}

function CopyField({ value }: { value: string }): JSX.Element {
  const t = useT();
  const onCopy = (): void => {
    void copy(value).then((done) => toast(done ? t("copied") : t("copy_by_hand")));
  };
  return (
    <div class="field-row">
      <input
        readOnly
        value={value}
        aria-label={t("link")}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" class="primary" onClick={onCopy}>
        {t("copy")}
      </button>
    </div>
  );
}

interface Token {
  id: number | string;
  role: string;
  name: string | null;
  token?: string;
  created_at?: string;
  used_at?: string | null;
}

type OverlayLang = "kk+ru" | "kk" | "ru";

export function OverlayLink(): JSX.Element {
  const t = useT();
  const admin = useStore(desk).role === "admin";
  const [key, setKey] = useState<string | null>(null);
  const [lang, setLang] = useState<OverlayLang>("kk+ru");
  const [top, setTop] = useState(false);
  const base = `${location.origin}/overlay?`;
  const tail = `lang=${lang}${top ? "&pos=top" : ""}`;
  const make = (): void => {
    post<Token>("/tokens", { role: "overlay", name: "overlay" })
      .then((token) => setKey(token.token ?? null))
      .catch(fail);
  };
  return (
    <Dialog title={t("overlay_link.title")} onClose={closeDialog} wide>
      <ol class="steps">
        <li>{t("overlay_link.step1")}</li>
        <li>{t("overlay_link.step2")}</li>
        <li>{t("overlay_link.step3")}</li>
      </ol>
      <div class="form">
        <div class="field-row">
          <label class="grow">
            <span>{t("overlay_link.lang")}</span>
            <select
              value={lang}
              onChange={(event) => setLang(event.currentTarget.value as OverlayLang)}
            >
              <option value="kk+ru">{t("overlay_link.both")}</option>
              <option value="kk">Қазақша</option>
              <option value="ru">Русский</option>
            </select>
          </label>
          <label class="grow">
            <span>{t("overlay_link.pos")}</span>
            <select
              value={top ? "top" : "bottom"}
              onChange={(event) => setTop(event.currentTarget.value === "top")}
            >
              <option value="bottom">{t("overlay_link.bottom")}</option>
              <option value="top">{t("overlay_link.top")}</option>
            </select>
          </label>
        </div>
        {key ? (
          <>
            <CopyField value={`${base}key=${encodeURIComponent(key)}&${tail}`} />
            <p class="warning">{t("overlay_link.once")}</p>
          </>
        ) : (
          <p class="muted">{admin ? t("overlay_link.key_hint") : t("overlay_link.admin")}</p>
        )}
        <footer class="dialog-foot">
          <a class="button soft" href={`${base}preview=1&${tail}`} target="_blank" rel="noopener">
            {t("overlay_link.preview")}
          </a>
          {admin && !key && (
            <button type="button" class="primary" data-autofocus onClick={make}>
              {t("overlay_link.make")}
            </button>
          )}
        </footer>
      </div>
      {admin && <Tokens made={key} />}
    </Dialog>
  );
}

function Tokens({ made }: { made: string | null }): JSX.Element | null {
  const t = useT();
  const [tokens, setTokens] = useState<Token[]>([]);
  const load = (): void => {
    get<{ items: Token[] }>("/tokens")
      .then((list) => setTokens(list.items.filter((token) => token.role === "overlay")))
      .catch(fail);
  };
  useEffect(load, [made]);
  const revoke = (token: Token): void => {
    remove(`/tokens/${encodeURIComponent(String(token.id))}`).then(load).catch(fail);
  };
  if (tokens.length === 0) return null;
  return (
    <section class="tokens">
      <h3>{t("overlay_link.tokens")}</h3>
      <ul>
        {tokens.map((token) => (
          <li key={token.id}>
            <span>
              {token.name} <span class="muted">#{token.id}</span>
            </span>
            <button type="button" class="tool" onClick={() => revoke(token)}>
              {t("overlay_link.revoke")}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

