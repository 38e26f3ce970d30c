// SPDX-License-Identifier: Apache-2.0
// Connecting the other screens: the officer's tablet by a one-time link and its QR code, the
// overlay by an address with a key of its own.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { asProblem, get, post, remove } from "../core/api";
import type { MadeLink, Token } from "../core/api_types";
import { desk, fail, failure } from "../core/desk";
import { useStore } from "../core/store";
import { useT } from "../i18n";
import { Dialog } from "../ui/dialog";
import { LinkCard, OverlayAddress, OverlaySteps } from "../ui/keys";
import { closeDialog } from "./ui";

export function OfficerLink(): JSX.Element {
  const t = useT();
  const skew = useStore(desk).skew;
  const [link, setLink] = useState<MadeLink | null>(null);
  const [problem, setProblem] = useState("");
  const make = (): void => {
    setLink(null);
    post<MadeLink>("/links", { role: "officer" })
      .then(setLink)
      .catch((error: unknown) => setProblem(failure(asProblem(error))));
  };
  useEffect(make, []);
  return (
    <Dialog title={t("officer_link.title")} onClose={closeDialog}>
      <p>{t("officer_link.how")}</p>
      {problem && <p class="error">{problem}</p>}
      {link && <LinkCard link={link} skew={skew} onAgain={make} />}
    </Dialog>
  );
}

export function OverlayLink(): JSX.Element {
  const t = useT();
  const admin = useStore(desk).role === "admin";
  const [key, setKey] = useState<string | null>(null);
  const make = (): void => {
    post<Token & { token?: string }>("/tokens", { role: "overlay", name: "overlay" })
      .then((token) => setKey(token.token ?? null))
      .catch(fail);
  };
  const hint = t(admin ? "overlay_link.key_hint" : "overlay_link.admin");
  return (
    <Dialog title={t("overlay_link.title")} onClose={closeDialog} wide>
      <OverlaySteps />
      <OverlayAddress secret={key} hint={hint} onMake={admin ? make : null} />
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
    remove(`/tokens/${token.id}`).then(load).catch(fail);
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
