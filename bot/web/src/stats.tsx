// SPDX-License-Identifier: Apache-2.0
// The door to the numbers: moderators and viewers look, others are told whom to ask.
import { render } from "preact";
import type { JSX } from "preact";
import { StatsPage } from "./stats/page";
import { useWords } from "./stats/words";
import { Door } from "./ui/door";
import { applyTheme } from "./ui/small";
import "./style/fonts.css";
import "./style/base.css";
import "./style/console.css";
import "./style/stats.css";

function App(): JSX.Element {
  const say = useWords();
  return (
    <Door
      title={say("page")}
      back={say("back")}
      denied={say("denied")}
      what={say("denied.what")}
      may={(role) => role !== "officer"}
      page={() => <StatsPage />}
    />
  );
}

applyTheme();
const app = document.getElementById("app");
if (app) render(<App />, app);
