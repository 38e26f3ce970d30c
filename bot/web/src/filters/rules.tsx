// SPDX-License-Identifier: Apache-2.0
// The rules of one file: what each is for, what it counts, and how it has been doing.
import type { JSX } from "preact";
import { pick, useLang } from "../i18n";
import { useNow } from "../core/store";
import { age, since } from "../core/time";
import { jumpToRule } from "./lab";
import { short } from "./list";
import type { FileEntry, Rule } from "./types";
import { useWords } from "./words";
import type { Say } from "./words";

export function Rules({ file }: { file: FileEntry }): JSX.Element {
  const say = useWords();
  if (file.rules.length === 0) return <p class="empty muted">{say("no_rules")}</p>;
  return (
    <div class="rules-box">
      <table class="rules">
        <thead>
          <tr>
            <th>{say("col.rule")}</th>
            <th class="num">{say("col.score")}</th>
            <th>{say("col.state")}</th>
            <th class="num">{say("col.hits")}</th>
            <th class="num">{say("col.per_min")}</th>
            <th class="num">{say("col.last")}</th>
            <th class="num">{say("col.avg")}</th>
          </tr>
        </thead>
        <tbody>
          {file.rules.map((rule) => (
            <Row key={rule.name} rule={rule} say={say} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ rule, say }: { rule: Rule; say: Say }): JSX.Element {
  const lang = useLang();
  const now = useNow();
  const last = since(rule.last_hit, now, 0);
  const words = pick(rule.description, lang);
  return (
    <tr class={!rule.quarantined ? undefined : "rule-off"}>
      <td class="rule-what">
        <button
          type="button"
          class="rule-name"
          title={say("to_text")}
          onClick={() => jumpToRule(rule.name)}
        >
          {rule.name}
        </button>
        {words && <p>{words}</p>}
        <Pattern rule={rule} say={say} plain={words === ""} />
      </td>
      <td class="num rule-score" data-label={say("col.score")}>
        {signed(rule.score)}
      </td>
      <td class="rule-state">
        <State rule={rule} say={say} />
      </td>
      <td class="num" data-label={say("col.hits")}>
        {rule.hits}
      </td>
      <td class="num" data-label={say("col.per_min")}>
        {short(rule.hits_per_min)}
      </td>
      <td class="num" data-label={say("col.last")}>
        {last === null ? "–" : age(last, lang)}
      </td>
      <td class="num" data-label={say("col.avg")}>
        {rule.avg_us === null ? "–" : say("us", { n: short(rule.avg_us) })}
      </td>
    </tr>
  );
}

export function signed(score: number): string {
  return score > 0 ? `+${score}` : String(score).replace("-", "−");
}

// A rule without a description shows the start of its pattern; the whole is a press away.
function Pattern(props: { rule: Rule; say: Say; plain: boolean }): JSX.Element {
  const { rule, say, plain } = props;
  return (
    <details class="pattern">
      <summary>{plain ? <code>{rule.re}</code> : say("pattern")}</summary>
      <code class="pattern-whole">{rule.re}</code>
      {rule.unless !== null && (
        <p class="small">
          <b>{say("unless")}</b> <code class="pattern-whole">{rule.unless}</code>
        </p>
      )}
    </details>
  );
}

function State({ rule, say }: { rule: Rule; say: Say }): JSX.Element {
  if (rule.quarantined) {
    return (
      <span class="badge badge-amber" title={say("quarantined.why", { n: rule.stopped })}>
        {say("quarantined")}
      </span>
    );
  }
  if (!rule.trial) return <span class="muted small">{say("on")}</span>;
  return (
    <span class="badge badge-accent" title={say("trial.why")}>
      {say("trial")}
    </span>
  );
}
