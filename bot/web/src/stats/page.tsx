// SPDX-License-Identifier: Apache-2.0
// The page /stats as a whole: the numbers, the plots, the tables.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useStore } from "../core/store";
import { clock, day, timer } from "../core/time";
import type { Broadcast, Lang } from "../core/types";
import { LOCALES, pick, useLang, useT } from "../i18n";
import { RehearsalMark } from "../ready/mark";
import { Icon } from "../ui/icons";
import { PageTop } from "../ui/top";
import { RANGES, choose, numbers, watch } from "./live";
import type { Numbers, Range } from "./live";
import { Plot } from "./plot";
import { saveCsv, savePng } from "./save";
import { GroupTable, People, Statuses } from "./lists";
import { groupsCsv, minutesCsv, percent } from "./tables";
import type { Stats, Wait } from "./types";
import { useWords } from "./words";
import type { Say } from "./words";

export function StatsPage(): JSX.Element {
  const now = useStore(numbers);
  const say = useWords();
  const lang = useLang();
  useEffect(watch, []);
  const zone = now.stream?.timezone;
  return (
    <>
      <PageTop title={say("page")} back={say("back")} />
      {now.away && (
        <p class="banner banner-amber" role="status">
          <Icon name="warn" />{" "}
          {say("away", { time: now.stats ? clock(now.stats.at, lang, zone) : "—" })}
        </p>
      )}
      {now.stats?.broadcast.rehearsal && (
        <div class="rehearsal-strip">
          <RehearsalMark />
        </div>
      )}
      <main class="stats">
        <Choices now={now} />
        {now.stats && <Report now={now} stats={now.stats} />}
      </main>
    </>
  );
}

function nameOf(one: Broadcast, lang: Lang, say: Say): string {
  const title = pick(one.title, lang) || say("broadcast_no", { n: one.id });
  const at = one.started_at ?? one.opened_at;
  return at ? `${title} · ${day(at, lang)}` : title;
}

function Choices({ now }: { now: Numbers }): JSX.Element {
  const say = useWords();
  const lang = useLang();
  const stats = now.stats;
  const zone = now.stream?.timezone;
  const chosen = now.broadcast ?? stats?.broadcast.id ?? 0;
  const name = (part: string): string => `suraq-${stats?.broadcast.id ?? 0}-${part}`;
  return (
    <div class="stats-choices">
      <select
        name="broadcast"
        aria-label={say("broadcast")}
        value={chosen}
        onChange={(event) => choose({ broadcast: Number(event.currentTarget.value) })}
      >
        {now.broadcasts.map((one) => (
          <option key={one.id} value={one.id}>
            {nameOf(one, lang, say)}
          </option>
        ))}
      </select>
      <select
        name="range"
        aria-label={say("range")}
        value={now.range}
        onChange={(event) => choose({ range: Number(event.currentTarget.value) as Range })}
      >
        {RANGES.map((minutes) => (
          <option key={minutes} value={minutes}>
            {say(`range.${minutes}`)}
          </option>
        ))}
      </select>
      {stats && <span class="muted small">{say("as_of", { time: clock(stats.at, lang, zone) })}</span>}
      <span class="grow" />
      {stats && (
        <>
          <button type="button" class="soft" name="png" onClick={() => picture(now, stats, lang, say)}>
            <Icon name="down" /> {say("png")}
          </button>
          <button
            type="button"
            class="soft"
            name="csv-minutes"
            title={say("csv.minutes")}
            aria-label={say("csv.minutes")}
            onClick={() => saveCsv(name("minutes.csv"), minutesCsv(stats))}
          >
            <Icon name="down" /> {say("csv")}
          </button>
        </>
      )}
    </div>
  );
}

function picture(now: Numbers, stats: Stats, lang: Lang, say: Say): void {
  const labels = [say("plot.messages"), `━ ${say("questions")}    ▮ ${say("aired")}`];
  const canvases = [...document.querySelectorAll<HTMLCanvasElement>(".plot canvas")];
  const stream = now.stream ? pick(now.stream.title, lang) : "";
  savePng(`suraq-${stats.broadcast.id}.png`, {
    title: [stream, nameOf(stats.broadcast, lang, say), clock(stats.at, lang, now.stream?.timezone)]
      .filter(Boolean)
      .join(" · "),
    lines: tiles(stats, lang, say).map((one) => `${one.name}: ${one.value}`),
    plots: canvases.map((canvas, at) => ({ canvas, label: labels[at] ?? "" })),
  });
}

interface Tile {
  id: string;
  name: string;
  value: string;
  notes: string[];
}

function waitTile(id: "wait_approved" | "wait_aired", wait: Wait, say: Say): Tile {
  const known = wait.n > 0;
  return {
    id,
    name: say(id),
    value: known ? timer(wait.p50_s * 1000) : "—",
    notes: known
      ? [
          say("wait.median"),
          say("wait.p90", { time: timer(wait.p90_s * 1000) }),
          say("wait.max", { time: timer(wait.max_s * 1000) }),
        ]
      : [],
  };
}

function tiles(stats: Stats, lang: Lang, say: Say): Tile[] {
  const { counts } = stats;
  const number = (n: number): string => new Intl.NumberFormat(LOCALES[lang]).format(n);
  const some = (n: number, word: "tile.urgent" | "tile.held" | "tile.by_hand"): string[] =>
    n > 0 ? [say(word, { n: number(n) })] : [];
  const aired = stats.sources.items.reduce((sum, one) => sum + one.aired, 0);
  const rate = stats.answer_rate;
  return [
    { id: "messages", name: say("messages"), value: number(counts.messages), notes: [] },
    {
      id: "questions",
      name: say("questions"),
      value: number(counts.questions),
      notes: [
        ...some(counts.urgent, "tile.urgent"),
        ...some(counts.held, "tile.held"),
        ...some(counts.by_hand, "tile.by_hand"),
      ],
    },
    {
      id: "aired",
      name: say("aired"),
      value: number(aired),
      notes: [say("tile.open", { n: number(counts.status.new + counts.status.queued) })],
    },
    {
      id: "answered",
      name: say("answered"),
      value: number(counts.status.answered),
      notes: counts.status.follow_up
        ? [say("tile.owed", { n: number(counts.status.follow_up) })]
        : [],
    },
    {
      id: "answer_rate",
      name: say("answer_rate"),
      value: rate === null ? "—" : percent(rate, lang),
      notes: [say("answer_rate.of")],
    },
    waitTile("wait_approved", stats.wait.approved, say),
    waitTile("wait_aired", stats.wait.aired, say),
  ];
}

function Report({ now, stats }: { now: Numbers; stats: Stats }): JSX.Element {
  const say = useWords();
  const t = useT();
  const lang = useLang();
  const source = (key: string): string => key || say("group.hand");
  const topic = (key: string): string =>
    pick(now.topics.find((one) => one.id === key)?.title, lang) ||
    (key === "other" ? say("group.none") : key);
  const language = (key: string): string => {
    if (key === "kk" || key === "ru" || key === "en") return say(`lang.${key}`);
    return key === "mixed" || key === "latn" || key === "other" ? t(`lang.${key}`) : key;
  };
  return (
    <>
      <ul class="tiles">
        {tiles(stats, lang, say).map((one) => (
          <li key={one.id} data-tile={one.id}>
            <span class="tile-name">{one.name}</span>
            <b>{one.value}</b>
            {one.notes.map((note) => (
              <span key={note} class="muted small">
                {note}
              </span>
            ))}
          </li>
        ))}
      </ul>
      <Plots stats={stats} zone={now.stream?.timezone} />
      <div class="stats-columns">
        <div>
          <GroupTable kind="topics" groups={stats.topics} name={topic} />
          <button
            type="button"
            class="soft stats-save"
            name="csv-groups"
            onClick={() => saveCsv(`suraq-${stats.broadcast.id}-groups.csv`, groupsCsv(stats))}
          >
            <Icon name="down" /> {say("csv.groups")}
          </button>
        </div>
        <div>
          <GroupTable kind="langs" groups={stats.langs} name={language} />
          <GroupTable kind="sources" groups={stats.sources} name={source} />
          <Statuses counts={stats.counts.status} />
          <People stats={stats} />
        </div>
      </div>
    </>
  );
}

function Plots({ stats, zone }: { stats: Stats; zone: string | undefined }): JSX.Element {
  const say = useWords();
  const lang = useLang();
  const [at, set] = useState<{ index: number; byKey: boolean } | null>(null);
  const { series } = stats;
  const last = series.messages.length - 1;
  const index = Math.min(at?.index ?? last, last);
  const shown = say("plot.at", {
    time: clock(Date.parse(series.from) + index * series.step_s * 1000, lang, zone),
    messages: series.messages[index] ?? 0,
    questions: series.questions[index] ?? 0,
    aired: series.aired[index] ?? 0,
  });
  const onCursor = (to: number | null, byKey: boolean): void =>
    set(to === null ? null : { index: to, byKey });
  return (
    <section class="panel stats-plots" aria-label={say("per_minute")}>
      <header>
        <h2>{say("per_minute")}</h2>
        <span class="grow" />
        <p class="small" aria-live={at?.byKey ? "polite" : "off"}>
          {shown}
        </p>
      </header>
      <h3 class="small">
        <Sign shape="area" /> {say("plot.messages")}
      </h3>
      <Plot
        series={series}
        shown={[{ values: series.messages, shape: "area" }]}
        label={say("plot.messages")}
        zone={zone}
        onCursor={onCursor}
      />
      <h3 class="small">
        <Sign shape="line" /> {say("questions")} <Sign shape="bars" /> {say("aired")}
      </h3>
      <Plot
        series={series}
        shown={[
          { values: series.aired, shape: "bars" },
          { values: series.questions, shape: "line" },
        ]}
        label={say("plot.questions")}
        zone={zone}
        onCursor={onCursor}
      />
    </section>
  );
}

function Sign({ shape }: { shape: "area" | "line" | "bars" }): JSX.Element {
  return (
    <svg class={`sign sign-${shape}`} viewBox="0 0 22 14" aria-hidden="true">
      {shape === "area" && <path d="M1 13V8l6-4 6 3 8-5v11z" />}
      {shape === "line" && <path d="M1 11l6-6 6 4 8-7" />}
      {shape === "bars" && <path d="M3 13V7h4v6zM13 13V2h4v11z" />}
    </svg>
  );
}
