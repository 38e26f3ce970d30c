// SPDX-License-Identifier: Apache-2.0
// Sign-in: two fields, and words for what went wrong.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { asProblem } from "../core/api";
import type { Problem } from "../core/api";
import { signIn } from "../core/session";
import type { Session } from "../core/types";
import { setLang, useT } from "../i18n";
import type { Key } from "../i18n";
import { LangSwitch, ThemeButton } from "./small";

function reason(problem: Problem): Key {
  if (problem.code === "offline") return "sign_in.offline";
  if (problem.status === 401 || problem.status === 403) return "sign_in.wrong";
  if (problem.status === 429 || problem.code === "throttled") return "sign_in.throttled";
  return "sign_in.failed";
}

export function SignIn({ onDone }: { onDone: (session: Session) => void }): JSX.Element {
  const t = useT();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<Key | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      onDone(await signIn(user.trim(), password));
    } catch (error) {
      setProblem(reason(asProblem(error)));
      setPassword("");
    } finally {
      setBusy(false);
    }
  };
  return (
    <main class="card-page">
      <form class="card form" onSubmit={(event) => void send(event)}>
        <span class="brand brand-big">
          <i aria-hidden="true">?</i>
          <b>Suraq</b>
        </span>
        <h1>{t("sign_in.title")}</h1>
        <label>
          <span>{t("sign_in.user")}</span>
          <input
            name="username"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            autofocus
            value={user}
            onInput={(event) => setUser(event.currentTarget.value)}
          />
        </label>
        <label>
          <span>{t("sign_in.password")}</span>
          <input
            name="password"
            type="password"
            autocomplete="current-password"
            required
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
        {problem && (
          <p class="error" role="alert">
            {t(problem)}
          </p>
        )}
        <button type="submit" class="primary wide-button" disabled={busy}>
          {busy ? t("wait") : t("sign_in.do")}
        </button>
        <p class="muted small">{t("sign_in.hint")}</p>
        <footer class="card-foot">
          <LangSwitch choose={setLang} />
          <ThemeButton />
        </footer>
      </form>
    </main>
  );
}
