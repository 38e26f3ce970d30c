// SPDX-License-Identifier: Apache-2.0
// The overlay: a transparent page with the question that is shown, in a lower third. When nothing
// is shown, when the connection has been silent for too long, or when anything at all goes wrong,
// it is transparent. It never shows an error to viewers.
import { render } from "preact";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { largestFitting } from "./core/fit";
import { Live } from "./core/live";
import { maskedPieces } from "./core/spans";
import { EMPTY, reduce } from "./core/state";
import type { State } from "./core/state";
import type { Lang, OverlayQuestion } from "./core/types";
import { readParams } from "./overlay/params";
import type { Params } from "./overlay/params";
import "./style/fonts.css";
import "./style/overlay.css";

const STALE_MS = 20_000; // how long the last good state may stand without a sign of life
const FADE_MS = 300;
const RELOAD_MS = 10 * 60_000; // without any connection: start afresh, as browser sources may stick

const SAMPLE: OverlayQuestion = {
  n: 0,
  no: 0,
  text: {
    kk: "Абай көшесі мен Бөкетов көшесінің қиылысындағы бағдаршам қашан жөнделеді?",
    ru: "Когда починят светофор на перекрёстке улиц Абая и Букетова?",
    en: "When will the traffic light at Abai and Buketov streets be repaired?",
  },
};
const LABEL: Record<Lang, string> = {
  kk: "Көрермен сұрағы",
  ru: "Вопрос зрителя",
  en: "Viewer’s question",
};

const params = readParams(location.search);

interface Shown {
  question: OverlayQuestion | null;
  rehearsal: boolean;
}

function useShown(): Shown {
  const [shown, setShown] = useState<Shown>({
    question: params.preview ? SAMPLE : null,
    rehearsal: false,
  });
  useEffect(() => {
    if (params.preview) return;
    return watch(setShown);
  }, []);
  return shown;
}

function watch(show: (shown: Shown) => void): () => void {
  let state: State = EMPTY;
  let frameAt = Date.now();
  let last: Shown = { question: null, rehearsal: false };
  const update = (): void => {
    const fresh = Date.now() - frameAt < STALE_MS;
    const next = { question: fresh ? state.shown : null, rehearsal: state.rehearsal };
    if (next.question === last.question && next.rehearsal === last.rehearsal) return;
    last = next;
    show(next);
  };
  const live = new Live({
    page: "overlay",
    query: params.key ? { key: params.key } : {},
    seq: () => state.seq,
    showing: () => (Date.now() - frameAt < STALE_MS ? (state.shown?.n ?? null) : null),
    onLink: () => undefined,
    onFrame: (frame) => {
      const before = state.shown;
      frameAt = Date.now();
      state = reduce(state, { type: "frame", frame, now: frameAt });
      update();
      if (state.shown?.n !== before?.n) live.heartbeat();
    },
  });
  const check = setInterval(() => {
    update();
    if (Date.now() - frameAt > RELOAD_MS) location.reload();
  }, 1000);
  return () => {
    clearInterval(check);
    live.close();
  };
}

// What is drawn lags what is shown by one fade, so that one question never turns into another.
function useFaded(shown: OverlayQuestion | null): { drawn: OverlayQuestion | null; on: boolean } {
  const [drawn, setDrawn] = useState<OverlayQuestion | null>(null);
  const [on, setOn] = useState(false);
  const [over, setOver] = useState<number | null>(null); // its time on screen has passed
  const wanted = shown && shown.n !== over ? shown : null;
  useEffect(() => {
    if (!shown) setOver(null);
  }, [shown]);
  useEffect(() => {
    if (!shown || params.hold === 0) return;
    const end = setTimeout(() => setOver(shown.n), params.hold * 1000);
    return () => clearTimeout(end);
  }, [shown?.n]);
  useEffect(() => {
    if (wanted && (!drawn || drawn.n === wanted.n)) {
      setDrawn(wanted);
      setOn(true);
      return;
    }
    setOn(false);
    const swap = setTimeout(() => setDrawn(wanted), FADE_MS);
    return () => clearTimeout(swap);
  }, [wanted, drawn]);
  return { drawn, on: on && drawn !== null };
}

function langsFor(question: OverlayQuestion, wanted: Params["langs"]): Lang[] {
  const there = wanted.filter((lang) => question.text[lang]);
  if (there.length > 0) return there;
  return (Object.keys(question.text) as Lang[]).slice(0, 1);
}

interface PanelProps {
  question: OverlayQuestion;
  on: boolean;
  rehearsal: boolean;
}

function Panel({ question, on, rehearsal }: PanelProps): JSX.Element {
  const ref = useRef<HTMLDivElement>(null);
  const langs = langsFor(question, params.langs);
  const fit = (): void => {
    const panel = ref.current;
    if (panel) fitLines(panel);
  };
  useLayoutEffect(fit, [question, rehearsal]);
  useEffect(() => {
    addEventListener("resize", fit);
    void document.fonts.ready.then(fit);
    return () => removeEventListener("resize", fit);
  });
  return (
    <div ref={ref} class={on ? "panel panel-on" : "panel"}>
      {rehearsal && <div class="panel-rehearsal">ДАЙЫНДЫҚ · РЕПЕТИЦИЯ</div>}
      <div class="panel-label">{langs.map((lang) => LABEL[lang]).join(" · ")}</div>
      {langs.map((lang) => (
        <p key={lang} lang={lang} class="panel-text">
          {maskedPieces(question.text[lang] ?? "").map((piece, i) =>
            piece.kind ? (
              <span key={i} class="masked">
                {piece.text}
              </span>
            ) : (
              piece.text
            ),
          )}
        </p>
      ))}
    </div>
  );
}

// Both languages stand at one size: the largest at which each keeps to its lines. A text too long
// even for the smallest size is cut with an ellipsis.
function fitLines(panel: HTMLElement): void {
  const texts = [...panel.querySelectorAll<HTMLElement>(".panel-text")];
  const narrow = innerWidth < innerHeight;
  const base = (narrow ? innerWidth / 1080 : innerHeight / 1080) * params.scale;
  for (const text of texts) text.classList.remove("clamped");
  panel.style.width = "";
  const size = largestFitting(36 * base, 52 * base, (px) => {
    panel.style.fontSize = `${px}px`;
    return texts.every((text) => text.offsetHeight <= params.max * px * 1.26 + 2);
  });
  panel.style.fontSize = `${size}px`;
  for (const text of texts) {
    const over = text.offsetHeight > params.max * size * 1.26 + 2;
    text.style.setProperty("--lines", String(params.max));
    text.classList.toggle("clamped", over);
  }
  hug(panel);
}

// A text of several lines leaves its box wider than any of them: the panel ends where they do.
function hug(panel: HTMLElement): void {
  const range = document.createRange();
  const widths = [...panel.children].map((child) => {
    range.selectNodeContents(child);
    return range.getBoundingClientRect().width;
  });
  panel.style.width = `${Math.ceil(Math.max(0, ...widths)) + 2}px`;
}

function Overlay(): JSX.Element {
  const { question, rehearsal } = useShown();
  const { drawn, on } = useFaded(question);
  return (
    <div class={`stage stage-${params.pos}`}>
      {params.preview && <div class="guide" />}
      {drawn && <Panel key={drawn.n} question={drawn} on={on} rehearsal={rehearsal} />}
    </div>
  );
}

function dress(): void {
  const root = document.documentElement;
  root.dataset["theme"] = params.theme;
  const edge = (100 - params.safe) / 2;
  root.style.setProperty("--edge-x", `${edge}vw`);
  root.style.setProperty("--edge-y", `${edge}vh`);
  if (params.chroma) root.style.setProperty("--ground", params.chroma);
  if (params.preview) root.classList.add("preview");
  if (params.css) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(params.css);
    document.adoptedStyleSheets = [sheet];
  }
}

function start(): void {
  const app = document.getElementById("app");
  if (!app) return;
  const clear = (): void => {
    app.hidden = true; // whatever broke, viewers see nothing of it
  };
  addEventListener("error", clear);
  try {
    dress();
  } catch {
    // an odd parameter leaves the default look
  }
  render(<Overlay />, app);
}

start();
