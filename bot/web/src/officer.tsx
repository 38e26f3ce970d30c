// SPDX-License-Identifier: Apache-2.0
// The officer's door: a session, or what was kept from the last one while the network is away.
import { render } from "preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { whoAmI } from "./core/session";
import { useLang } from "./i18n";
import { forget } from "./officer/keep";
import { OfficerScreen } from "./officer/screen";
import { applyTheme } from "./ui/small";
import { SignIn } from "./ui/signin";
import "./style/fonts.css";
import "./style/base.css";
import "./style/officer.css";

type Door = "asking" | "in" | "out";

function App(): JSX.Element {
  const lang = useLang();
  const [door, setDoor] = useState<Door>("asking");
  useEffect(() => {
    whoAmI()
      .then((found) => leave(found ? "in" : "out"))
      .catch(() => setDoor("in")); // no network: show what is kept, and keep trying
  }, []);
  useEffect(() => {
    document.documentElement.lang = lang;
    document.title = "Suraq";
  }, [lang]);
  const leave = (next: Door): void => {
    if (next === "out") forget();
    setDoor(next);
  };
  if (door === "asking") return <main class="card-page" />;
  if (door === "out") return <SignIn onDone={() => setDoor("in")} />;
  return <OfficerScreen onSignedOut={() => leave("out")} />;
}

applyTheme();
const app = document.getElementById("app");
if (app) render(<App />, app);
