// SPDX-License-Identifier: Apache-2.0
// The middle of the console: tabs, search, and the questions of the chosen group.
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { mayModerate } from "../core/acts";
import { get } from "../core/api";
import { busy, dispatch, fail } from "../core/desk";
import { matches, settle, sorted, SORTS } from "../core/order";
import type { Sort } from "../core/order";
import { inLine, likest, open, topicOf, withStatus } from "../core/state";
import type { State } from "../core/state";
import { useStore } from "../core/store";
import type { Question } from "../core/types";
import { pick, useLang, useT } from "../i18n";
import type { Key as TextKey } from "../i18n";
import { Icon } from "../ui/icons";
import { Key } from "../ui/small";
import { BulkBar } from "./bulk";
import { useBulkWords } from "./bulk_words";
import { Row } from "./row";
import { SingleBar } from "./single";
import { change, chooseSort, listed, PAGED, TABS, toggleSingle } from "./ui";
import type { Tab, Ui } from "./ui";

const HOLD_MS = 4_000; // how long after its last move the pointer still holds the list
const CHUNK = 150; // rows drawn at once; more come as one scrolls

function tabCount(state: State, tab: Tab): number {
  const counts = state.counts;
  switch (tab) {
    case "open":
      return open(state).length;
    case "queued":
      return state.line.length;
    case "answered":
      return counts.answered ?? 0;
    case "follow_up":
      return counts.follow_up ?? 0;
    case "rejected":
      return (counts.rejected ?? 0) + (counts.merged ?? 0);
  }
}

export function Tabs({ state, view }: { state: State; view: Ui }): JSX.Element {
  const t = useT();
  return (
    <div class="tabs" role="tablist">
      {TABS.map((tab) => (
        <button
          type="button"
          key={tab}
          role="tab"
          aria-selected={view.tab === tab}
          onClick={() => change({ tab, topic: null, selected: null })}
        >
          {t(`tab.${tab}`)} <span class="count">{tabCount(state, tab)}</span>
        </button>
      ))}
    </div>
  );
}

export function Finder({ view, can }: { view: Ui; can: boolean }): JSX.Element {
  const t = useT();
  const say = useBulkWords();
  return (
    <div class="finder">
      <label class="search">
        <Icon name="search" />
        <input
          id="search"
          type="search"
          value={view.query}
          placeholder={t("search.list")}
          aria-label={t("search.list")}
          onInput={(event) => change({ query: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === "Escape" || event.key === "Enter") event.currentTarget.blur();
          }}
        />
        <Key>F</Key>
      </label>
      {can && (
        <button
          type="button"
          class="soft"
          onClick={() => change({ dialog: { kind: "search" } })}
        >
          {t("search.all")} <Key>/</Key>
        </button>
      )}
      {view.tab === "open" && (
        <select
          aria-label={t("sort")}
          value={view.sort}
          onChange={(event) => chooseSort(event.currentTarget.value as Sort)}
        >
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {t(`sort.${sort}`)}
            </option>
          ))}
        </select>
      )}
      {!view.single && (
        <button
          type="button"
          class="soft square"
          name="single-on"
          title={`${say("one")} (Z)`}
          aria-label={say("one")}
          onClick={toggleSingle}
        >
          <Icon name="full" />
        </button>
      )}
    </div>
  );
}

function wanted(state: State, view: Ui): Question[] {
  const inTopic = (question: Question): boolean =>
    view.topic === null || topicOf(question) === view.topic;
  if (view.tab === "open") {
    return sorted(open(state).filter(inTopic), view.sort);
  }
  if (view.tab === "queued") return inLine(state);
  const statuses = PAGED[view.tab] ?? [];
  return statuses
    .flatMap((status) => withStatus(state, status))
    .sort((a, b) => finished(b).localeCompare(finished(a)) || b.n - a.n);
}

function finished(question: Question): string {
  return question.answered_at ?? question.updated_at ?? "";
}

export function List({ state, view }: { state: State; view: Ui }): JSX.Element {
  const t = useT();
  const lang = useLang();
  const working = useStore(busy);
  const box = useRef<HTMLDivElement>(null);
  const movedAt = useRef(0);
  const last = useRef<{ key: string; order: number[] }>({ key: "", order: [] });
  const [limit, setLimit] = useState(CHUNK);
  const more = usePaging(state, view);

  const key = [view.tab, view.topic, view.sort, view.query].join("\n");
  const list = wanted(state, view).filter((question) => matches(question, view.query));
  const pointed = Date.now() - movedAt.current < HOLD_MS;
  const scrolled = view.tab !== "open" || view.sort !== "oldest";
  const held =
    last.current.key === key &&
    (pointed || view.dialog !== null || (scrolled && (box.current?.scrollTop ?? 0) > 40));
  const appends = view.tab === "queued" || (view.tab === "open" && view.sort === "oldest");
  const ns = list.map((question) => question.n);
  const { order, waiting } = settle(last.current.order, ns, held, appends);
  last.current = { key, order };
  const here = new Set(ns);
  useEffect(() => {
    listed.set(order.filter((n) => here.has(n)));
  });
  useEffect(() => setLimit(CHUNK), [key]);
  const at = view.selected === null ? -1 : order.indexOf(view.selected);
  useEffect(() => {
    if (at >= limit - 5) setLimit(at + CHUNK);
  }, [at, limit]);

  // One at a time: the chosen one, else the first.
  const shown = view.single ? order.slice(Math.max(at, 0), Math.max(at, 0) + 1) : order.slice(0, limit);
  const only = view.single && at < 0 ? order[0] : undefined;
  useEffect(() => {
    if (only !== undefined) change({ selected: only });
  }, [only]);

  const titles = useTitles(state);
  const canAct = mayModerate(state.role);
  const onScroll = (): void => {
    const element = box.current;
    if (!element) return;
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (left < 800 && limit < order.length) setLimit(limit + CHUNK);
  };
  const release = (): void => {
    movedAt.current = 0;
    last.current = { key: "", order: [] };
    box.current?.scrollTo({ top: 0 });
    change({});
  };
  return (
    <>
      <div
        class="list"
        role="region"
        aria-label={t(`tab.${view.tab}`)}
        tabIndex={0}
        ref={box}
        onScroll={onScroll}
        onPointerMove={() => (movedAt.current = Date.now())}
        onPointerLeave={() => (movedAt.current = 0)}
      >
        {waiting > 0 && (
          <button type="button" class="fresh-bar" onClick={release}>
            {t("new_items", { n: waiting })} <Icon name="up" />
          </button>
        )}
        {view.single && order.length > 0 && <SingleBar at={Math.max(at, 0)} of={order.length} />}
        {order.length === 0 ? (
          <Empty state={state} view={view} />
        ) : (
          <ol class={view.single ? "rows rows-single" : "rows"} aria-label={t(`tab.${view.tab}`)}>
            {shown.map((n) => {
              const question = state.questions.get(n);
              const like = question ? likest(state, question) : null;
              return question ? (
                <Row
                  key={n}
                  question={question}
                  selected={view.selected === n}
                  revealed={view.revealed.has(n)}
                  busy={working.has(n)}
                  gone={!here.has(n)}
                  topic={view.topic === null ? titles(question, lang) : ""}
                  canAct={canAct}
                  ticked={canAct && view.ticked.size > 0 ? view.ticked.has(n) : null}
                  like={like?.into ?? null}
                  percent={like?.percent ?? 0}
                />
              ) : null;
            })}
          </ol>
        )}
        {!view.single && limit < order.length && (
          <button type="button" class="soft more" onClick={() => setLimit(limit + CHUNK)}>
            {t("load_more")}
          </button>
        )}
        {more && !view.single && limit >= order.length && (
          <button type="button" class="soft more" onClick={more}>
            {t("load_more")}
          </button>
        )}
      </div>
      {canAct && <BulkBar state={state} ns={order.filter((n) => view.ticked.has(n) && here.has(n))} />}
    </>
  );
}

export function useTitles(state: State): (question: Question, lang: "kk" | "ru" | "en") => string {
  const t = useT();
  return useMemo(() => {
    const byId = new Map(state.topics.map((topic) => [topic.id, topic.title]));
    return (question, lang) =>
      question.topics.map((id) => pick(byId.get(id), lang) || id).join(", ") ||
      t("topic.other");
  }, [state.topics, t]);
}

// Finished questions come by pages; a new snapshot empties the state, so it starts again.
function usePaging(state: State, view: Ui): (() => void) | null {
  const statuses = PAGED[view.tab];
  const [next, setNext] = useState<number | null>(null);
  const load = (after: number | null, query: string): void => {
    if (!statuses) return;
    const search = new URLSearchParams({ status: statuses.join(","), limit: "100" });
    if (query) search.set("q", query);
    if (after !== null) search.set("after", String(after));
    get<{ items: Question[]; next: number | null }>(`/questions?${search}`)
      .then((page) => {
        dispatch({ type: "loaded", questions: page.items });
        setNext(page.next);
      })
      .catch(fail);
  };
  useEffect(() => {
    setNext(null);
    if (!statuses || !state.ready) return;
    const wait = setTimeout(() => load(null, view.query.trim()), view.query ? 300 : 0);
    return () => clearTimeout(wait);
  }, [view.tab, view.query, state.epoch]);
  return next === null ? null : () => load(next, view.query.trim());
}

function Empty({ state, view }: { state: State; view: Ui }): JSX.Element {
  const t = useT();
  let text: TextKey = `empty.${view.tab}`;
  if (view.query) text = "empty.search";
  else if (view.tab === "open" && state.sources.length === 0) text = "empty.no_sources";
  return (
    <div class="empty">
      <p>{t(text)}</p>
      {text === "empty.no_sources" && state.role === "admin" && (
        <button
          type="button"
          class="primary"
          onClick={() => change({ side: "sources", pane: "sources", dialog: { kind: "source" } })}
        >
          {t("source.add")}
        </button>
      )}
      {view.tab === "open" && !view.query && mayModerate(state.role) && (
        <button
          type="button"
          class="soft"
          onClick={() => change({ dialog: { kind: "write" } })}
        >
          {t("write.title")}
        </button>
      )}
    </div>
  );
}

