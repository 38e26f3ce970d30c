// SPDX-License-Identifier: Apache-2.0
// The text of a filter in CodeMirror. It lives in a shadow root: there it takes its styles as
// constructed sheets, which the content security policy allows without any exception.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import {
  HighlightStyle,
  bracketMatching,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import type { Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import type { Extension, Text } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Issue } from "./types";

const MONO =
  'ui-monospace, "JetBrains Mono", "DejaVu Sans Mono", "Noto Sans Mono", Menlo, Consolas, monospace';

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "13.5px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: MONO, lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { padding: "10px 0", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 14px 0 8px", overflowWrap: "anywhere" },
  ".cm-gutters": {
    backgroundColor: "var(--bg)",
    color: "var(--muted)",
    borderRight: "1px solid var(--line)",
  },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 7%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--accent-soft)", color: "var(--accent)" },
  ".cm-tooltip": {
    backgroundColor: "var(--raised)",
    color: "var(--text)",
    border: "1px solid var(--line)",
    borderRadius: "8px",
  },
  ".cm-panels": { backgroundColor: "var(--bg)", color: "var(--text)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--green)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--muted)" },
]);

// A browser that types over a selection carries the look of the old text over in a style attribute,
// which the page's policy refuses and reports. So the editor puts the letters in itself.
const typeOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const over = !view.state.selection.main.empty && !view.state.readOnly && !view.composing;
    if (event.inputType !== "insertText" || event.data === null || !over) return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

// Lines and columns count from 1, columns in code points; 0 when the server does not know.
export function position(doc: Text, line: number, column: number): number {
  const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
  const before = Array.from(at.text).slice(0, Math.max(0, column - 1)).join("");
  return at.from + Math.min(before.length, at.length);
}

function diagnostics(doc: Text, issues: readonly Issue[]): Diagnostic[] {
  return issues.map((issue) => {
    const from = position(doc, issue.line, issue.column);
    const end = doc.lineAt(from).to;
    const word = /^[\p{L}\p{N}_]+|^./u.exec(doc.sliceString(from, end))?.[0] ?? "";
    return {
      from,
      to: from + word.length,
      severity: issue.severity === "error" ? "error" : "warning",
      message: issue.text,
    };
  });
}

export interface Jump {
  line: number;
  column: number;
}

interface Props {
  name: string; // another file is another history of undoing
  text: string;
  current: () => string; // the newest text, drawn or not
  label: string;
  readOnly: boolean;
  issues: readonly Issue[];
  jump: Jump | null;
  onChange: (text: string) => void;
}

export function Editor(props: Props): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changed = useRef(props.onChange);
  changed.current = props.onChange;
  useEffect(() => {
    if (!host.current) return;
    const made = open(host.current, props, (text) => changed.current(text));
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, [props.name, props.readOnly, props.label]);
  useEffect(() => {
    const now = view.current;
    // Drawing lags behind typing: what was drawn is never written back over newer text.
    const text = props.current();
    if (!now || now.state.doc.toString() === text) return;
    now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: text } });
  }, [props.text]);
  useEffect(() => {
    const now = view.current;
    if (now) now.dispatch(setDiagnostics(now.state, diagnostics(now.state.doc, props.issues)));
  }, [props.issues, props.name]);
  useEffect(() => {
    const now = view.current;
    if (!now || !props.jump) return;
    const at = position(now.state.doc, props.jump.line, props.jump.column);
    now.dispatch({
      selection: { anchor: at },
      effects: EditorView.scrollIntoView(at, { y: "center" }),
    });
    now.focus();
  }, [props.jump]);
  return <div ref={host} class="editor" />;
}

function open(host: HTMLDivElement, props: Props, onChange: (text: string) => void): EditorView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const extensions: Extension[] = [
    lineNumbers(),
    lintGutter(),
    history(),
    bracketMatching(),
    indentOnInput(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    yaml(),
    syntaxHighlighting(colours),
    look,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": props.label, spellcheck: "false" }),
    EditorState.readOnly.of(props.readOnly),
    keymap.of([
      ...defaultKeymap.filter((one) => one.key !== "Mod-Enter"),
      ...historyKeymap,
      ...searchKeymap,
    ]),
    typeOver,
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
  ];
  const state = EditorState.create({ doc: props.text, extensions });
  return new EditorView({ state, root, parent: root });
}
