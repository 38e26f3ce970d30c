// SPDX-License-Identifier: Apache-2.0
// twitch_irc.mjs - Twitch's chat by IRC over a WebSocket, on loopback, with the rules that its
// documents name: capabilities that were not asked for give no tags, a channel is joined in
// lower case, PING is answered.
import { once } from 'node:events';
import { WebSocketServer } from 'ws';

const HOST = ':tmi.twitch.tv';
const CAPS = ['twitch.tv/tags', 'twitch.tv/commands', 'twitch.tv/membership'];

function capabilities(socket, [verb, ...names]) {
  if (verb === 'LS') return [`${HOST} CAP * LS :${CAPS.join(' ')}`];
  if (verb !== 'REQ') return [];
  const wanted = names.join(' ').replace(/^:/, '').split(' ').filter(Boolean);
  const known = wanted.every((name) => CAPS.includes(name));
  if (known) for (const name of wanted) socket.caps.add(name);
  return [`${HOST} CAP * ${known ? 'ACK' : 'NAK'} :${wanted.join(' ')}`];
}

function welcome(socket, [nick]) {
  socket.nick = nick;
  const words = { '001': 'Welcome, GLHF!', '002': 'Your host is tmi.twitch.tv', '003': 'This server is rather new', '004': '-', 375: '-', 372: 'You are in a maze of twisty passages.', 376: '>' };
  return Object.entries(words).sort().map(([code, text]) => `${HOST} ${code} ${nick} :${text}`);
}

function join(socket, [channel]) {
  const who = socket.nick;
  socket.channel = channel;
  return [
    `:${who}!${who}@${who}.tmi.twitch.tv JOIN ${channel}`,
    `:${who}.tmi.twitch.tv 353 ${who} = ${channel} :${who}`,
    `:${who}.tmi.twitch.tv 366 ${who} ${channel} :End of /NAMES list`,
    `@emote-only=0;followers-only=-1;r9k=0;room-id=1971641;slow=0;subs-only=0 ${HOST} ROOMSTATE ${channel}`,
  ];
}

const ANSWERS = {
  CAP: capabilities,
  NICK: welcome,
  JOIN: (socket, [channel]) => (channel === channel.toLowerCase() ? join(socket, [channel]) : []),
  PING: (socket, words) => [`${HOST} PONG tmi.twitch.tv ${words.join(' ')}`],
};

/** @returns a server; `say(line)` speaks in the channel of whoever is there: %c is its name. */
export async function twitchIrc(t) {
  const wss = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(wss, 'listening');
  t.after(() => { for (const socket of wss.clients) socket.terminate(); wss.close(); });
  const mock = { port: wss.address().port, connections: 0 };
  wss.on('connection', (socket) => {
    socket.caps = new Set();
    mock.connections++;
    socket.on('message', (data) => {
      for (const line of String(data).split('\r\n').filter(Boolean)) {
        const [command, ...words] = line.split(' ');
        const lines = ANSWERS[command]?.(socket, words) ?? [];
        if (lines.length) socket.send(`${lines.join('\r\n')}\r\n`);
      }
    });
  });
  mock.joined = () => [...wss.clients].filter((socket) => socket.readyState === 1 && socket.channel).length;
  mock.say = (...lines) => {
    for (const socket of wss.clients) {
      if (!socket.channel) continue;
      const tagged = socket.caps.has('twitch.tv/tags');
      const heard = lines.map((line) => line.replace('%c', socket.channel)).map((line) => (tagged ? line : line.replace(/^@\S+ /, '')));
      socket.send(`${heard.join('\r\n')}\r\n`);
    }
  };
  return Object.assign(mock, { url: `ws://127.0.0.1:${mock.port}/` });
}
