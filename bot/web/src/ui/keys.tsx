// SPDX-License-Identifier: Apache-2.0
// What is shown once and handed to another device: a one-time link with its QR code, and the
// overlay's address with a key of its own.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { MadeLink } from "../core/api_types";
import { copy } from "../core/copy";
import { useNow } from "../core/store";
import { timer } from "../core/time";
import { useT } from "../i18n";
import type { Key } from "../i18n";

interface LinkCardProps {
  link: MadeLink;
  skew: number; // how much the server's clock is ahead, in ms
  onAgain: () => void;
}

export function LinkCard({ link, skew, onAgain }: LinkCardProps): JSX.Element {
  const t = useT();
  const left = Date.parse(link.expires_at ?? "") - (useNow() + skew);
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

export function CopyField({ value, label }: { value: string; label?: string }): JSX.Element {
  const t = useT();
  const [said, setSaid] = useState<Key | null>(null);
  const onCopy = (): void => {
    void copy(value).then((done) => setSaid(done ? "copied" : "copy_by_hand"));
  };
  return (
    <div class="copy-field">
      <input
        readOnly
        value={value}
        aria-label={label ?? t("link")}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" class="primary" data-autofocus onClick={onCopy}>
        {t("copy")}
      </button>
      <p class="muted small" role="status">
        {said && t(said)}
      </p>
    </div>
  );
}

type OverlayLang = "kk+ru" | "kk" | "ru";

interface AddressProps {
  secret: string | null;
  hint: string; // what is said while there is no key
  onMake: (() => void) | null;
}

export function OverlayAddress({ secret, hint, onMake }: AddressProps): JSX.Element {
  const t = useT();
  const [lang, setLang] = useState<OverlayLang>("kk+ru");
  const [top, setTop] = useState(false);
  const base = `${location.origin}/overlay?`;
  const tail = `lang=${lang}${top ? "&pos=top" : ""}`;
  return (
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
      {secret ? (
        <>
          <CopyField value={`${base}key=${encodeURIComponent(secret)}&${tail}`} />
          <p class="warning">{t("overlay_link.once")}</p>
        </>
      ) : (
        <p class="muted">{hint}</p>
      )}
      <footer class="dialog-foot">
        <a class="button soft" href={`${base}preview=1&${tail}`} target="_blank" rel="noopener">
          {t("overlay_link.preview")}
        </a>
        {onMake && !secret && (
          <button type="button" class="primary" data-autofocus onClick={onMake}>
            {t("overlay_link.make")}
          </button>
        )}
      </footer>
    </div>
  );
}

export function OverlaySteps(): JSX.Element {
  const t = useT();
  return (
    <ol class="steps">
      <li>{t("overlay_link.step1")}</li>
      <li>{t("overlay_link.step2")}</li>
      <li>{t("overlay_link.step3")}</li>
    </ol>
  );
}
