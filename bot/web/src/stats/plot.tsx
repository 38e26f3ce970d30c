// SPDX-License-Identifier: Apache-2.0
// The two plots over the same minutes. They differ in shape, not in colour: an area, a line, bars.
// Colours are those of the page; when the theme changes they are drawn anew.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { clock } from "../core/time";
import { useLang } from "../i18n";
import type { Series } from "./types";
import { useWords } from "./words";

const HEIGHT = 180;
const MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360].map((n) => n * 60);
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];

type Shape = "area" | "line" | "bars";

interface Props {
  series: Series;
  shown: readonly { values: number[]; shape: Shape }[];
  label: string;
  zone: string | undefined;
  onCursor: (index: number | null, byKey: boolean) => void;
}

function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function shapeOf(shape: Shape): uPlot.Series {
  const points = { show: (plot: uPlot) => plot.data[0].length < 3 }; // no line to be seen
  if (shape === "area") {
    return { stroke: color("--muted"), width: 1.5, fill: color("--accent-soft"), points };
  }
  if (shape === "line") return { stroke: color("--text"), width: 2, points };
  const bars = uPlot.paths.bars?.({ size: [0.7, 14, 2] });
  return {
    stroke: color("--accent"),
    fill: color("--accent"),
    width: 0,
    points,
    ...(bars ? { paths: bars } : {}),
  };
}

function times(series: Series): number[] {
  const from = Date.parse(series.from) / 1000;
  return series.messages.map((_, at) => from + at * series.step_s);
}

function options(props: Props, width: number, time: (s: number) => string): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: color("--muted"),
    font: '12px "Inter", system-ui, sans-serif',
    grid: { stroke: color("--line"), width: 1 },
    ticks: { stroke: color("--line"), width: 1, size: 5 },
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: "minutes" } },
    scales: {
      x: { range: (_, min, max) => [min - 30, max + 30] },
      y: { range: (_, __, max) => [0, Math.max(4, max * 1.08)] },
    },
    axes: [
      {
        ...axis,
        space: 70,
        size: 34,
        incrs: MINUTES,
        values: (_, at) => at.map((s) => time(s)),
      },
      { ...axis, size: 52, incrs: STEPS, values: (_, at) => at.map((v) => String(v)) },
    ],
    series: [{}, ...props.shown.map((one) => shapeOf(one.shape))],
    hooks: { setCursor: [(plot) => props.onCursor(plot.cursor.idx ?? null, false)] },
  };
}

// Counts up when the page has changed its colours.
function useTheme(): number {
  const [turn, set] = useState(0);
  useEffect(() => {
    const changed = (): void => set((n) => n + 1);
    const media = matchMedia("(prefers-color-scheme: dark)");
    const watch = new MutationObserver(changed);
    watch.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    media.addEventListener("change", changed);
    return () => {
      watch.disconnect();
      media.removeEventListener("change", changed);
    };
  }, []);
  return turn;
}

function moved(key: string, now: number, last: number): number | null {
  if (key === "ArrowLeft") return Math.max(0, now - 1);
  if (key === "ArrowRight") return Math.min(last, now + 1);
  if (key === "Home") return 0;
  if (key === "End") return last;
  return null;
}

export function Plot(props: Props): JSX.Element {
  const say = useWords();
  const lang = useLang();
  const theme = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const { series, shown, label, zone } = props;
  const data = (): uPlot.AlignedData => [times(series), ...shown.map((one) => one.values)];
  useEffect(() => {
    const home = box.current;
    if (!home) return;
    const time = (s: number): string => clock(s * 1000, lang, zone);
    const made = new uPlot(options(props, home.clientWidth, time), data(), home);
    plot.current = made;
    const fit = new ResizeObserver(() =>
      made.setSize({ width: home.clientWidth, height: HEIGHT }),
    );
    fit.observe(home);
    return () => {
      fit.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [theme, lang, zone]);
  useEffect(() => plot.current?.setData(data()), [series]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const made = plot.current;
    const last = series.messages.length - 1;
    const at = made ? moved(event.key, made.cursor.idx ?? last, last) : null;
    if (!made || at === null) return;
    event.preventDefault();
    const left = made.valToPos(made.data[0][at] ?? 0, "x");
    made.setCursor({ left, top: HEIGHT / 3 });
    props.onCursor(at, true);
  };
  return (
    <div
      class="plot"
      ref={box}
      role="group"
      tabIndex={0}
      aria-label={`${label}. ${say("plot.keys")}`}
      onKeyDown={onKeyDown}
    />
  );
}
