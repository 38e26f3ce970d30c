// SPDX-License-Identifier: Apache-2.0
// The left column: open questions by topic, with how many and how long the oldest has waited.
import type { JSX } from "preact";
import { groups, HELD, open, OTHER } from "../core/state";
import type { Group, State } from "../core/state";
import { useNow } from "../core/store";
import { age, since } from "../core/time";
import { pick, useLang, useT } from "../i18n";
import { change } from "./ui";
import type { Ui } from "./ui";

export function Groups({ state, view }: { state: State; view: Ui }): JSX.Element {
  const t = useT();
  const lang = useLang();
  const all = open(state);
  const title = (id: string): string => {
    if (id === OTHER) return t("topic.other");
    if (id === HELD) return t("topic.held");
    return pick(state.topics.find((topic) => topic.id === id)?.title, lang) || id;
  };
  const list = groups(all, title);
  // A chosen group stays in the list when it has just become empty: nothing jumps.
  if (view.topic !== null && !list.some((group) => group.id === view.topic)) {
    list.push({ id: view.topic, count: 0, oldest: null });
  }
  return (
    <nav class="groups" aria-label={t("topics")}>
      <Item
        title={t("topic.all")}
        group={{ id: "", count: all.length, oldest: oldest(list) }}
        chosen={view.tab === "open" && view.topic === null}
        onClick={() => change({ topic: null, tab: "open" })}
        skew={state.skew}
      />
      {list.map((group) => (
        <Item
          key={group.id}
          title={title(group.id)}
          group={group}
          chosen={view.tab === "open" && view.topic === group.id}
          onClick={() => change({ topic: group.id, tab: "open" })}
          skew={state.skew}
        />
      ))}
    </nav>
  );
}

function oldest(list: Group[]): string | null {
  const times = list.map((group) => group.oldest).filter((at): at is string => at !== null);
  return times.sort()[0] ?? null;
}

interface ItemProps {
  title: string;
  group: Group;
  chosen: boolean;
  onClick: () => void;
  skew: number;
}

function Item({ title, group, chosen, onClick, skew }: ItemProps): JSX.Element {
  const t = useT();
  const lang = useLang();
  const waited = since(group.oldest, useNow(), skew);
  return (
    <button
      type="button"
      class={group.id === HELD ? "group group-held" : "group"}
      aria-current={chosen ? "true" : undefined}
      onClick={onClick}
    >
      <span class="group-title">{title}</span>
      <span class="count">{group.count}</span>
      {waited !== null && group.count > 0 && (
        <span class="group-age" title={t("oldest")}>
          {t("oldest.short", { age: age(waited, lang) })}
        </span>
      )}
    </button>
  );
}
