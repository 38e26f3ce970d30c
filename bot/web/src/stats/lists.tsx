// SPDX-License-Identifier: Apache-2.0
// What is counted by groups, by people and by status. Shares stand as numbers beside their bars, so
// nothing depends on seeing a colour.
import type { JSX } from "preact";
import type { Status } from "../core/types";
import { LOCALES, useLang, useT } from "../i18n";
import { largestShare, percent, shares, total } from "./tables";
import type { Group, Groups, Kind, Stats } from "./types";
import { useWords } from "./words";

const STATUSES: readonly Status[] = [
  "new",
  "queued",
  "on_air",
  "answered",
  "follow_up",
  "rejected",
  "merged",
];
const ACTS = ["approve", "reject", "edit", "merge", "air"] as const;

interface GroupTableProps {
  kind: Kind;
  groups: Groups;
  name: (key: string) => string;
}

export function GroupTable({ kind, groups, name }: GroupTableProps): JSX.Element {
  const say = useWords();
  const lang = useLang();
  return (
    <section class="panel" aria-label={say(kind)} data-groups={kind}>
      <header>
        <h2>{say(kind)}</h2>
        <span class="grow" />
        {groups.fairness !== null && (
          <span class="pill" title={say("fairness.what")}>
            {say("fairness", { n: percent(groups.fairness, lang) })}
          </span>
        )}
      </header>
      {groups.items.length === 0 ? (
        <p class="muted">{say("empty")}</p>
      ) : (
        <>
          <p class="small muted share-signs">
            <Bar part={1} kind="asked" /> {say("share.asked")} <Bar part={1} kind="aired" />{" "}
            {say("share.aired")}
          </p>
          <div class="scroll-x" tabIndex={0} role="group" aria-label={say(kind)}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{say("group.name")}</th>
                  <th scope="col" class="share-column">
                    {say("group.shares")}
                  </th>
                  <th scope="col">{say("group.asked")}</th>
                  <th scope="col">{say("group.rejected")}</th>
                  <th scope="col">{say("group.approved")}</th>
                  <th scope="col">{say("aired")}</th>
                  <th scope="col">{say("answered")}</th>
                </tr>
              </thead>
              <tbody>
                {groups.items.map((one) => (
                  <Row key={one.key} groups={groups} one={one} name={name(one.key)} />
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function Row({ groups, one, name }: { groups: Groups; one: Group; name: string }): JSX.Element {
  const say = useWords();
  const lang = useLang();
  const part = shares(groups, one);
  const asked = percent(part.asked, lang);
  const aired = percent(part.aired, lang);
  const whole = largestShare(groups) || 1;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="share-column">
        <span class="sr-only">{say("share.text", { asked, aired })}</span>
        <span class="share" aria-hidden="true">
          <Bar part={part.asked / whole} kind="asked" />
          <small>{asked}</small>
          <Bar part={part.aired / whole} kind="aired" />
          <small>{aired}</small>
        </span>
      </td>
      {[one.asked, one.rejected, one.approved, one.aired, one.answered].map((n, at) => (
        <td key={at} class={n === 0 ? "nil" : undefined}>
          {n}
        </td>
      ))}
    </tr>
  );
}

function Bar({ part, kind }: { part: number; kind: "asked" | "aired" }): JSX.Element {
  return (
    <svg class={`bar bar-${kind}`} aria-hidden="true">
      <rect x="0.5" y="0.5" width={`${Math.round(part * 98)}%`} height="9" rx="1.5" />
    </svg>
  );
}

export function Statuses({ counts }: { counts: Stats["counts"]["status"] }): JSX.Element {
  const say = useWords();
  const t = useT();
  const lang = useLang();
  const most = Math.max(1, ...STATUSES.map((one) => counts[one]));
  return (
    <section class="panel" aria-label={say("statuses")}>
      <header>
        <h2>{say("statuses")}</h2>
      </header>
      <ul class="statuses">
        {STATUSES.map((one) => (
          <li key={one}>
            <span>{t(`status.${one}`)}</span>
            <Bar part={counts[one] / most} kind="aired" />
            <b>{new Intl.NumberFormat(LOCALES[lang]).format(counts[one])}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function People({ stats }: { stats: Stats }): JSX.Element {
  const say = useWords();
  const together = { user: say("people.together"), acts: stats.acts };
  const rows = [...stats.people].sort((a, b) => total(b.acts) - total(a.acts));
  return (
    <section class="panel" aria-label={say("people")}>
      <header>
        <h2>{say("people")}</h2>
      </header>
      {total(stats.acts) === 0 ? (
        <p class="muted">{say("people.none")}</p>
      ) : (
        <div class="scroll-x" tabIndex={0} role="group" aria-label={say("people")}>
          <table class="people-table">
            <thead>
              <tr>
                <th scope="col">{say("people.name")}</th>
                {ACTS.map((act) => (
                  <th key={act} scope="col">
                    {say(`people.${act}`)}
                  </th>
                ))}
                <th scope="col">{say("people.all")}</th>
              </tr>
            </thead>
            <tbody>
              {[...rows, ...(rows.length === 1 ? [] : [together])].map((one) => (
                <tr key={one.user}>
                  <th scope="row">{one.user}</th>
                  {ACTS.map((act) => (
                    <td key={act} class={one.acts[act] ? undefined : "nil"}>
                      {one.acts[act] ?? 0}
                    </td>
                  ))}
                  <td>{total(one.acts)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
