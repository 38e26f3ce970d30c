// SPDX-License-Identifier: Apache-2.0
// Keys that work on any layout. A Latin letter counts as typed; under a Cyrillic layout the
// physical key counts (event.code), so A is A whether it types "a" or "ф". Never while typing.

export interface KeyPress {
  key: string;
  code: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

// The name of a press: "a", "shift+enter", "ctrl+z", "3", "?", "/" ... or null for what we never use.
export function keyName(press: KeyPress): string | null {
  if (press.altKey) return null;
  const base = baseName(press);
  if (base === null) return null;
  if (press.ctrlKey || press.metaKey) return `ctrl+${base}`;
  if (base === "?" || !press.shiftKey) return base;
  return `shift+${base}`;
}

const NAMED: Record<string, string> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  PageUp: "pageup",
  PageDown: "pagedown",
  Home: "home",
  End: "end",
  Enter: "enter",
  Escape: "esc",
  " ": "space",
  Spacebar: "space",
  Delete: "delete",
  "+": "+",
  "=": "+",
  "-": "-",
  "?": "?",
};

function baseName(press: KeyPress): string | null {
  const named = NAMED[press.key];
  if (named !== undefined) return named;
  const letter = press.key.toLowerCase();
  if (/^[a-z]$/.test(letter)) return letter;
  const code = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(press.code);
  if (code) return (code[1] ?? code[2] ?? "").toLowerCase();
  if (press.code === "Slash") return press.shiftKey ? "?" : "/";
  return press.key === "/" ? "/" : null;
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement &&
    !["checkbox", "radio", "button", "submit", "range"].includes(target.type)
  );
}

// Enter and Space belong to the control that has the focus.
export function belongsToControl(target: EventTarget | null, name: string): boolean {
  if (name !== "enter" && name !== "space") return false;
  return target instanceof HTMLElement && target.closest("button, a[href], summary, input") !== null;
}
