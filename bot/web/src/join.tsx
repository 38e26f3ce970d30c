// SPDX-License-Identifier: Apache-2.0
// A one-time link. Opening the page changes nothing (link previews open pages too); the script
// then spends the code and goes on to where it leads.
import { render } from "preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { asProblem, post } from "./core/api";
import { setLang, useLang, useT } from "./i18n";
import { applyTheme, LangSwitch } from "./ui/small";
import "./style/fonts.css";
import "./style/base.css";

type Step = "going" | "gone" | "offline";

function Join(): JSX.Element {
  const t = useT();
  const lang = useLang();
  const [step, setStep] = useState<Step>("going");
  const code = decodeURIComponent(location.pathname.split("/").filter(Boolean)[1] ?? "");
  const go = (): void => {
    setStep("going");
    post<{ next: string }>("/join", { code })
      .then((answer) => location.replace(answer.next === "/officer" ? "/officer" : "/"))
      .catch((error: unknown) =>
        setStep(asProblem(error).code === "offline" ? "offline" : "gone"),
      );
  };
  useEffect(go, []);
  useEffect(() => {
    document.documentElement.lang = lang;
  }, [lang]);
  return (
    <main class="card-page">
      <div class="card form">
        <span class="brand brand-big">
          <i aria-hidden="true">?</i>
          <b>Suraq</b>
        </span>
        {step === "going" && <p role="status">{t("join.going")}</p>}
        {step === "offline" && (
          <>
            <p role="alert">{t("sign_in.offline")}</p>
            <button type="button" class="primary" onClick={go}>
              {t("again")}
            </button>
          </>
        )}
        {step === "gone" && (
          <>
            <h1>{t("join.gone")}</h1>
            <p role="alert">{t("join.gone_text")}</p>
            <a class="button soft" href="/">
              {t("join.sign_in")}
            </a>
          </>
        )}
        <footer class="card-foot">
          <LangSwitch choose={setLang} />
        </footer>
      </div>
    </main>
  );
}

applyTheme();
const app = document.getElementById("app");
if (app) render(<Join />, app);
