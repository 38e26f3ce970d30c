// SPDX-License-Identifier: Apache-2.0
// The top of a page beside the console: its name, and the way back.
import type { JSX } from "preact";
import { chooseLang } from "../core/session";
import { Icon } from "./icons";
import { LangSwitch, ThemeButton } from "./small";

export function PageTop({ title, back }: { title: string; back: string }): JSX.Element {
  return (
    <header class="topbar page-top">
      <a class="brand" href="/" title={back}>
        <i aria-hidden="true">?</i>
        <b>Suraq</b>
      </a>
      <h1>{title}</h1>
      <span class="grow" />
      <a class="button soft" href="/" aria-label={back}>
        <Icon name="chat" /> <span class="wide-only">{back}</span>
      </a>
      <LangSwitch choose={chooseLang} />
      <ThemeButton />
    </header>
  );
}
