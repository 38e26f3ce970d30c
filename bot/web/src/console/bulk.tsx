// SPDX-License-Identifier: Apache-2.0
// The bar that says how many questions are ticked and acts on them, and its dialogs.
import type { JSX } from "preact";
import { legal } from "../core/acts";
import type { State } from "../core/state";
import { useT } from "../i18n";
import { Icon } from "../ui/icons";
import { Key } from "../ui/small";
import { useBulkWords } from "./bulk_words";
import { Reasons, Topics } from "./dialogs";
import { begin, DEEDS, tickAll, untick } from "./ticks";
import type { Deed } from "./ticks";

export function BulkBar({ state, ns }: { state: State; ns: number[] }): JSX.Element | null {
  const t = useT();
  const say = useBulkWords();
  if (ns.length === 0) return null;
  const questions = ns.flatMap((n) => state.questions.get(n) ?? []);
  const possible = (deed: Deed): boolean =>
    questions.some((one) => legal(deed.act, one)) && (deed.act !== "merge" || ns.length > 1);
  return (
    <div class="bulk-bar" role="toolbar" aria-label={say("ticked", { n: ns.length })}>
      <b>{say("ticked", { n: ns.length })}</b>
      {DEEDS.filter(possible).map((deed) => (
        <button
          type="button"
          key={deed.key}
          class={deed.act === "reject" ? "tool tool-reject" : "tool"}
          name={`bulk-${deed.act}`}
          onClick={() => deed.run(ns)}
        >
          {t(`act.${deed.act}` as "act.approve")} <Key>{deed.cap}</Key>
        </button>
      ))}
      <button type="button" class="text-button" onClick={tickAll}>
        {say("all")}
      </button>
      <button type="button" class="plain" name="untick" onClick={untick} title={say("none")}>
        <Icon name="cross" /> <span class="sr-only">{say("none")}</span> <Key>Esc</Key>
      </button>
    </div>
  );
}

export function RejectAll({ ns }: { ns: number[] }): JSX.Element {
  const say = useBulkWords();
  return (
    <Reasons
      title={say("reject", { n: ns.length })}
      choose={(reason, note) => begin("reject", ns, () => (note ? { reason, note } : { reason }))}
    />
  );
}

export function TopicAll({ ns }: { ns: number[] }): JSX.Element {
  const say = useBulkWords();
  return (
    <Topics
      title={say("topic", { n: ns.length })}
      first={[]}
      choose={(topics) => begin("topic", ns, () => ({ topics }))}
    />
  );
}
