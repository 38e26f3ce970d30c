// SPDX-License-Identifier: Apache-2.0
// What a person pastes as "tonight's chat": a link, a channel, an id.

// The server says which kinds it knows; these are the names that are brands, the same in every
// language.
const BRANDS: Record<string, string> = {
  facebook: "Facebook",
  instagram: "Instagram",
  kick: "Kick",
  owncast: "Owncast",
  peertube: "PeerTube",
  restream: "Restream",
  socialstream: "Social Stream Ninja",
  telegram: "Telegram",
  twitch: "Twitch",
  vk: "VK",
  vklive: "VK Video Live",
  youtube: "YouTube",
};

export function brand(kind: string): string {
  return BRANDS[kind] ?? kind;
}

export interface Target {
  kind: string | null; // null: the text does not tell
  target: string;
  url?: string;
}

// A link says by its host which platform it is of; the server reads the rest of it.
const HOSTS: [RegExp, string][] = [
  [/(?:^|\.)(?:youtube\.com|youtu\.be)$/, "youtube"],
  [/^(?:t\.me|telegram\.me)$/, "telegram"],
  [/(?:^|\.)(?:facebook\.com|fb\.watch)$/, "facebook"],
  [/^live\.vkvideo\.ru$/, "vklive"],
  [/(?:^|\.)(?:vk\.com|vk\.ru|vkvideo\.ru)$/, "vk"],
  [/(?:^|\.)instagram\.com$/, "instagram"],
  [/(?:^|\.)kick\.com$/, "kick"],
];

function kindOfLink(text: string): string | null {
  const host = /^(?:https?:\/\/)?([a-z0-9.-]+)\//i.exec(text)?.[1]?.toLowerCase();
  return HOSTS.find(([pattern]) => host !== undefined && pattern.test(host))?.[1] ?? null;
}

export function readTarget(pasted: string): Target {
  const text = pasted.trim();
  const twitch = /^(?:https?:\/\/)?(?:www\.|m\.)?twitch\.tv\/(?:popout\/)?(\w+)/i.exec(text);
  if (twitch?.[1]) return { kind: "twitch", target: twitch[1].toLowerCase() };
  const irc = /^(wss?:\/\/[^#\s]+)(#\S+)$/i.exec(text);
  if (irc?.[1] && irc[2]) return { kind: "irc", target: irc[2], url: irc[1] };
  if (/^#\S/.test(text)) return { kind: "irc", target: text };
  if (/\.ndjson$/i.test(text)) return { kind: "replay", target: text };
  return { kind: kindOfLink(text), target: text };
}
