// SPDX-License-Identifier: Apache-2.0
// The door to the checklist: moderators look, others are told whom to ask.
import { render } from "preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { whoAmI } from "./core/session";
import type { Session } from "./core/types";
import { useLang, useT } from "./i18n";
import { SetupPage, Top } from "./setup/page";
import { useWords } from "./setup/words";
import { SignIn } from "./ui/signin";
import { applyTheme } from "./ui/small";
import "./style/fonts.css";
import "./style/base.css";
import "./style/console.css";
import "./style/stats.css";
import "./style/setup.css";

type Who = Session | "asking" | "nobody" | "failed";

function App(): JSX.Element {
  const say = useWords();
  const t = useT();
  const lang = useLang();
  const [who, setWho] = useState<Who>("asking");
  useEffect(() => {
    if (who !== "asking") return;
    whoAmI()
      .then((found) => setWho(found ?? "nobody"))
      .catch(() => setWho("failed"));
  }, [who]);
  useEffect(() => {
    document.documentElement.lang = lang;
    document.title = `${say("page")} · Suraq`;
  }, [lang]);
  if (who === "asking") return <main class="card-page" />;
  if (who === "nobody") return <SignIn onDone={setWho} />;
  if (who === "failed") {
    return (
      <main class="card-page">
        <div class="card">
          <p>{t("sign_in.offline")}</p>
          <button type="button" class="primary" onClick={() => setWho("asking")}>
            {t("again")}
          </button>
        </div>
      </main>
    );
  }
  return who.role === "admin" || who.role === "moderator" ? <SetupPage /> : <Denied />;
}

function Denied(): JSX.Element {
  const say = useWords();
  return (
    <>
      <Top />
      <main class="card-page">
        <div class="card">
          <h1>{say("denied")}</h1>
          <p>{say("denied.what")}</p>
          <a class="button soft" href="/">
            {say("back")}
          </a>
        </div>
      </main>
    </>
  );
}

applyTheme();
const app = document.getElementById("app");
if (app) render(<App />, app);
