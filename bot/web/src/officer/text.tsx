// SPDX-License-Identifier: Apache-2.0
// One question as large as its box allows: Kazakh first, Russian beside or below it at the same
// size. Only what is too long even for the smallest size scrolls.
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { largestFitting } from "../core/fit";
import type { Lang, Question } from "../core/types";
import { Masked } from "../ui/small";

const MIN_PX = 18; // for a telephone in the hand; no officer's text is ever cut off
const MAX_PX = 96;

export function BigText({ question, zoom }: { question: Question; zoom: number }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const fit = (): void => {
    const outer = box.current;
    const text = inner.current;
    if (!outer || !text) return;
    const size = largestFitting(MIN_PX, MAX_PX * zoom, (px) => {
      text.style.fontSize = `${px}px`;
      return text.scrollHeight <= outer.clientHeight && text.scrollWidth <= outer.clientWidth;
    });
    text.style.fontSize = `${size}px`;
  };
  useLayoutEffect(fit, [question.text, zoom]);
  useEffect(() => {
    const watch = new ResizeObserver(fit);
    if (box.current) watch.observe(box.current);
    void document.fonts.ready.then(fit);
    return () => watch.disconnect();
  });
  const langs = (["kk", "ru", "en"] as Lang[]).filter((lang) => question.text[lang]);
  return (
    <div class="big" ref={box}>
      <div class={langs.length > 1 ? "big-inner big-two" : "big-inner"} ref={inner}>
        {langs.map((lang) => (
          <p key={lang} lang={lang}>
            <Masked text={question.text[lang] ?? ""} />
          </p>
        ))}
      </div>
    </div>
  );
}
