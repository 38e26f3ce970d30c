// SPDX-License-Identifier: Apache-2.0
// What a person pastes as "tonight's chat": a link, a channel, an id.

export type Kind = "twitch" | "irc" | "replay" | "push";
export const KINDS: readonly Kind[] = ["twitch", "irc", "replay", "push"];

export interface Target {
  kind: Kind | null; // null: the text does not tell
  target: string;
  url?: string;
}

export function readTarget(pasted: string): Target {
  const text = pasted.trim();
  const twitch = /^(?:https?:\/\/)?(?:www\.|m\.)?twitch\.tv\/(?:popout\/)?(\w+)/i.exec(text);
  if (twitch?.[1]) return { kind: "twitch", target: twitch[1].toLowerCase() };
  const irc = /^(wss?:\/\/[^#\s]+)(#\S+)$/i.exec(text);
  if (irc?.[1] && irc[2]) return { kind: "irc", target: irc[2], url: irc[1] };
  if (/^#\S/.test(text)) return { kind: "irc", target: text };
  if (/\.ndjson$/i.test(text)) return { kind: "replay", target: text };
  return { kind: null, target: text };
}
