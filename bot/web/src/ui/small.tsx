// SPDX-License-Identifier: Apache-2.0
// Small pieces that several pages share.
import type { ComponentChildren, JSX } from "preact";
import { link } from "../core/desk";
import { maskedPieces } from "../core/spans";
import { createStore, recall, remember, useNow, useStore } from "../core/store";
import { age } from "../core/time";
import { dismiss, toasts } from "../core/toast";
import type { Lang, Texts } from "../core/types";
import { LANGS, LANG_NAMES, useLang, useT } from "../i18n";
import { Icon } from "./icons";
import type { IconName } from "./icons";

export function Key({ children }: { children: ComponentChildren }): JSX.Element {
  return <kbd aria-hidden="true">{children}</kbd>;
}

export function Masked({ text }: { text: string }): JSX.Element {
  const t = useT();
  return (
    <>
      {maskedPieces(text).map((piece, i) =>
        piece.kind ? (
          <span key={i} class="masked" title={t("masked")}>
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
    </>
  );
}

// Every wording that there is: Kazakh first, then Russian, at equal size.
export function Wording({ text }: { text: Texts }): JSX.Element {
  const order: Lang[] = ["kk", "ru", "en"];
  return (
    <>
      {order.map((lang) =>
        text[lang] ? (
          <p key={lang} class="wording" lang={lang}>
            <Masked text={text[lang] ?? ""} />
          </p>
        ) : null,
      )}
    </>
  );
}

export function LangSwitch({ choose }: { choose: (lang: Lang) => void }): JSX.Element {
  const t = useT();
  const now = useLang();
  return (
    <select
      class="lang"
      aria-label={t("language")}
      value={now}
      onChange={(event) => choose(event.currentTarget.value as Lang)}
    >
      {LANGS.map((lang) => (
        <option key={lang} value={lang} lang={lang}>
          {LANG_NAMES[lang]}
        </option>
      ))}
    </select>
  );
}

type Theme = "auto" | "light" | "dark";
const THEMES: readonly Theme[] = ["auto", "light", "dark"];
const ICONS: Record<Theme, IconName> = { auto: "auto", light: "sun", dark: "moon" };
const kept = recall("theme");
const theme = createStore<Theme>(kept === "light" || kept === "dark" ? kept : "auto");
theme.subscribe(applyTheme);

export function applyTheme(): void {
  const chosen = theme.get();
  if (chosen === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = chosen;
}

export function ThemeButton(): JSX.Element {
  const t = useT();
  const now = useStore(theme);
  const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length] ?? "auto";
  const label = `${t("theme")}: ${t(`theme.${now}`)}`;
  const turn = (): void => {
    remember("theme", next);
    theme.set(next);
  };
  return (
    <button type="button" class="plain square" onClick={turn} aria-label={label} title={label}>
      <Icon name={ICONS[now]} />
    </button>
  );
}

export function Toasts(): JSX.Element {
  const t = useT();
  const list = useStore(toasts);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {list.map((one) => (
        <div key={one.id} class={`toast toast-${one.tone}`}>
          <span>{one.text}</span>
          {one.undo && (
            <button type="button" class="toast-undo" onClick={one.undo}>
              {t("undo")} <Key>Ctrl Z</Key>
            </button>
          )}
          <button
            type="button"
            class="toast-close"
            onClick={() => dismiss(one.id)}
            aria-label={t("close")}
          >
            <Icon name="cross" />
          </button>
        </div>
      ))}
    </div>
  );
}

// How old what we see is; amber when the server has been silent for longer than it should be.
export function useStale(): { lost: boolean; ms: number } {
  const now = useNow();
  const current = useStore(link);
  const ms = current.frameAt === 0 ? 0 : Math.max(0, now - current.frameAt);
  return { lost: current.state !== "live" || ms > 6_000, ms };
}

export function ConnectionPill(): JSX.Element {
  const t = useT();
  const lang = useLang();
  const { lost, ms } = useStale();
  const state = useStore(link).state;
  const text = !lost
    ? t("link.live")
    : state === "connecting"
      ? t("link.connecting")
      : t("link.lost", { age: age(ms, lang) });
  return (
    <span class={lost ? "pill pill-amber" : "pill pill-green"} title={t("link.title")}>
      <i class="dot" />
      <span class="pill-text">{text}</span>
    </span>
  );
}
