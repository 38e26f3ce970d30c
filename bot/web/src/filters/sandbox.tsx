// SPDX-License-Identifier: Apache-2.0
// The sandbox: what the text in the editor would make of pasted lines and of the last messages.
import type { JSX } from "preact";
import { pick, useLang } from "../i18n";
import { Masked } from "../ui/small";
import { clean, lab, set, tryOut, wrong } from "./lab";
import type { Lab } from "./lab";
import { titleOf } from "./list";
import { marks } from "./marks";
import { signed } from "./rules";
import type { Difference, Recent, Tried } from "./types";
import { isWord, useWords } from "./words";
import type { Say } from "./words";

const SHOWN = 20;

export function Sandbox({ now }: { now: Lab }): JSX.Element {
  const say = useWords();
  return (
    <section class="sandbox" aria-label={say("sandbox")}>
      <h2>{say("sandbox")}</h2>
      <label class="stacked">
        <span>{say("lines")}</span>
        <textarea
          name="lines"
          rows={4}
          placeholder={say("lines.hint")}
          value={now.lines}
          onInput={(event) => set({ lines: event.currentTarget.value })}
        />
      </label>
      <div class="sandbox-do">
        <label class="check">
          <input
            type="checkbox"
            checked={now.recent}
            onChange={(event) => set({ recent: event.currentTarget.checked })}
          />
          <span>{say("recent")}</span>
        </label>
        <button
          type="button"
          class={clean(now) ? "soft" : "primary"}
          disabled={now.busy !== null}
          onClick={() => void tryOut()}
        >
          {now.busy === "try" ? say("trying") : say("try")} <kbd aria-hidden="true">Ctrl Enter</kbd>
        </button>
      </div>
      <div role="status">
        <Outcome now={now} say={say} />
      </div>
    </section>
  );
}

function Outcome({ now, say }: { now: Lab; say: Say }): JSX.Element | null {
  if (now.tried === null) return null;
  const answer = now.answer;
  return (
    <div class="outcome">
      {now.tried !== now.draft ? (
        <p class="warning">{say("stale")}</p>
      ) : wrong(now.issues) ? (
        <p class="error">{say("broken")}</p>
      ) : (
        <p class="fine">{say("clean")}</p>
      )}
      {answer?.lines && answer.lines.length > 0 && (
        <ul class="tried">
          {answer.lines.map((one, at) => (
            <Line key={at} one={one} say={say} />
          ))}
        </ul>
      )}
      {answer?.recent && <Compared recent={answer.recent} say={say} />}
    </div>
  );
}

function useTopic(say: Say): (id: string) => string {
  const lang = useLang();
  const files = lab.get().list?.files ?? [];
  return (id) => {
    const file = files.find((one) => one.kind === "topic" && one.id === id);
    return file ? pick(file.title, lang) || titleOf(file, lang, say) : id;
  };
}

function Line({ one, say }: { one: Tried; say: Say }): JSX.Element {
  const topic = useTopic(say);
  const verdict = one.verdict;
  const urgent = verdict.urgent ? `class.${verdict.urgent}` : null;
  return (
    <li>
      <p class="tried-text">
        {marks(one.text, verdict).map((mark, at) =>
          mark.masked ? (
            <span key={at} class="masked">
              {mark.text}
            </span>
          ) : mark.hit ? (
            <mark key={at}>{mark.text}</mark>
          ) : (
            mark.text
          ),
        )}
      </p>
      <p class="tried-verdict">
        <span class={verdict.question ? "badge status-answered" : "badge"}>
          {say(verdict.question ? "is_question" : "not_question")}
        </span>
        {verdict.topics.map((id) => (
          <span key={id} class="badge badge-accent">
            {topic(id)}
          </span>
        ))}
        {urgent && (
          <span class="badge badge-red">
            {say("urgent", { name: isWord(urgent) ? say(urgent) : (verdict.urgent ?? "") })}
          </span>
        )}
        {verdict.abuse && <span class="badge badge-amber">{say("abuse")}</span>}
        {verdict.spam && <span class="badge badge-amber">{say("spam")}</span>}
        {verdict.held && <span class="badge badge-amber">{say("held")}</span>}
      </p>
      <p class="tried-rules">
        {verdict.why.length === 0
          ? say("no_hits")
          : verdict.why.map((why, at) => (
              <span key={at} title={why.filter}>
                {why.rule} <b>{signed(why.score ?? 0)}</b>
              </span>
            ))}
      </p>
    </li>
  );
}

function Compared({ recent, say }: { recent: Recent; say: Say }): JSX.Element {
  const topic = useTopic(say);
  const names = (ids: string[] | undefined): string =>
    ids && ids.length > 0 ? ids.map(topic).join(", ") : say("no_topic");
  const parts: [("gained" | "lost" | "moved"), (one: Difference) => string][] = [
    ["gained", (one) => names(one.topics)],
    ["lost", (one) => names(one.topics)],
    ["moved", (one) => `${names(one.from)} → ${names(one.to)}`],
  ];
  const changed = recent.counts.filter((one) => one.old !== one.new);
  const same = recent.gained.length + recent.lost.length + recent.moved.length === 0;
  return (
    <section class="compared">
      <h3>{say("compared", { n: recent.messages })}</h3>
      {same && <p class="muted">{say("same")}</p>}
      {parts.map(([part, topics]) =>
        recent[part].length > 0 ? (
          <details key={part} class={`part part-${part}`} open={part === "lost" || undefined}>
            <summary>
              {say(part)} <span class="count">{recent[part].length}</span>
            </summary>
            <ul>
              {recent[part].slice(0, SHOWN).map((one) => (
                <li key={one.mid}>
                  <p>
                    <Masked text={one.text} />
                  </p>
                  <small class="muted">{topics(one)}</small>
                </li>
              ))}
            </ul>
            {recent[part].length > SHOWN && (
              <p class="muted small">{say("more", { n: recent[part].length - SHOWN })}</p>
            )}
          </details>
        ) : null,
      )}
      {changed.length > 0 && (
        <details class="part">
          <summary>{say("counts")}</summary>
          <ul class="counts">
            {changed.map((one) => (
              <li key={one.filter}>
                <code>{one.filter}</code>
                <span>
                  {one.old} → <b>{one.new}</b>
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
