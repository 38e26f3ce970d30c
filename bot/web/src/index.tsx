// SPDX-License-Identifier: Apache-2.0
// The console's door: who is there? Then sign-in, the officer's screen, or the console.
import { render } from "preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Console } from "./console/console";
import { session } from "./console/ui";
import { whoAmI } from "./core/session";
import { useStore } from "./core/store";
import { useT } from "./i18n";
import { showAsked } from "./ready/show";
import { applyTheme } from "./ui/small";
import { SignIn } from "./ui/signin";
import "./style/fonts.css";
import "./style/base.css";
import "./style/console.css";
import "./style/search.css";

function App(): JSX.Element {
  const t = useT();
  const me = useStore(session);
  const [asked, setAsked] = useState<"asking" | "done" | "failed">("asking");
  useEffect(() => {
    if (asked !== "asking") return;
    whoAmI()
      .then((found) => {
        session.set(found);
        setAsked("done");
      })
      .catch(() => setAsked("failed"));
  }, [asked]);
  useEffect(() => {
    if (me?.role === "officer") location.replace("/officer");
    else if (me) showAsked();
  }, [me]);
  if (asked === "failed") {
    return (
      <main class="card-page">
        <div class="card">
          <p>{t("sign_in.offline")}</p>
          <button type="button" class="primary" onClick={() => setAsked("asking")}>
            {t("again")}
          </button>
        </div>
      </main>
    );
  }
  if (asked === "asking" || me?.role === "officer") return <main class="card-page" />;
  return me ? <Console /> : <SignIn onDone={(found) => session.set(found)} />;
}

applyTheme();
const app = document.getElementById("app");
if (app) render(<App />, app);
