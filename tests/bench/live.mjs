// SPDX-License-Identifier: Apache-2.0
// Chat socket -> durable -> console: how long, and how fast without loss. A chat server of our own (IRC over
// WebSocket, several lines in a frame, as Twitch batches) speaks lines that carry their
// time of sending; a console on /live, in the same process, reads it back. Prints figures, judges nothing.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { Client, account, settings, start, stop, until } from '../e2e/support.mjs';

const require = createRequire(new URL('../e2e/package.json', import.meta.url));
const { WebSocketServer } = require('ws');
const CHAT = readFileSync(new URL('../../config/demo.ndjson', import.meta.url), 'utf8')
  .split('\n').filter(Boolean).map((line) => JSON.parse(line)).filter((m) => m.text);
const context = { after: (fn) => process.on('exit', fn) };

async function chatServer() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  const chat = { server, port: server.address().port, joined: null };
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      for (const line of String(data).split(/\r?\n/)) {
        const [word, arg] = line.split(' ');
        if (word === 'CAP') socket.send(`:bench CAP * ACK :${line.slice(line.indexOf(':') + 1)}\r\n`);
        if (word === 'NICK') socket.send(`:bench 001 ${arg} :hello\r\n`);
        if (word === 'PING') socket.send(`:bench PONG bench ${arg}\r\n`);
        if (word === 'JOIN') {
          socket.send(`:suraq!suraq@suraq JOIN ${arg}\r\n@room-id=1 :bench ROOMSTATE ${arg}\r\n:bench 366 suraq ${arg} :end\r\n`);
          chat.joined = socket;
        }
      }
    });
  });
  return chat;
}

let spoken = 0;
function line() {
  const m = CHAT[spoken % CHAT.length];
  const id = spoken++;
  return `@id=${id};user-id=${id % 5000};display-name=U${id % 5000};room-id=1;tmi-sent-ts=${Date.now()} `
    + `:u!u@u PRIVMSG #bench :${m.text.replace(/[\r\n]/g, ' ')} ${id}\r\n`;
}

/** Speaks at `rate` lines a second for `seconds`, in ticks of 5 ms; gives the sending times by id. */
async function speak(chat, rate, seconds, sent) {
  const begin = performance.now();
  const total = Math.round(rate * seconds);
  for (let n = 0; n < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - begin) / 1000) * rate));
    let frame = '';
    for (; n < due; n++) {
      sent.set(String(spoken), performance.now());
      frame += line();
    }
    if (frame) chat.joined.send(frame);
    await new Promise((done) => setTimeout(done, 5));
  }
  return (performance.now() - begin) / 1000;
}

function percentile(sorted, p) {
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] : NaN;
}

async function measure(chat, live, rate, seconds) {
  const sent = new Map();
  const waits = [];
  const onFrame = (data) => {
    const frame = JSON.parse(data);
    const now = performance.now();
    for (const item of frame.items ?? []) {
      const at = item.message && sent.get(item.message.id);
      if (at !== undefined) { waits.push(now - at); sent.delete(item.message.id); }
    }
  };
  live.ws.on('message', onFrame);
  const begin = performance.now();
  await speak(chat, rate, seconds, sent);
  await until('every line on the console', () => sent.size === 0, 60000);
  const took = (performance.now() - begin) / 1000;
  live.ws.off('message', onFrame);
  waits.sort((a, b) => a - b);
  return { got: waits.length / took, p50: percentile(waits, 0.5), p99: percentile(waits, 0.99) };
}

function memory(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

async function main() {
  const dir = process.argv[2];
  const chat = await chatServer();
  const config = settings(dir, {
    sources: `[{kind: twitch, url: 'ws://127.0.0.1:${chat.port}/', channel: bench}]`,
  });
  account(config, 'mod', 'moderator');
  const daemon = await start(context, config);
  const idle = memory(daemon.child.pid);
  const client = await new Client(daemon.url).signIn('mod');
  await until('the source to join', () => chat.joined);
  await until('the source to be live', async () => (await client.get('/sources')).json.items[0].state === 'live');
  const live = await client.live();
  live.ws.removeAllListeners('message');
  await measure(chat, live, 500, 1);
  for (const rate of [1000, 5000, 10000, 20000, 40000]) {
    const m = await measure(chat, live, rate, 4);
    console.log(`  at ${String(rate).padStart(5)} msg/s: ${m.got.toFixed(0).padStart(6)} msg/s through, none lost; `
      + `chat -> durable -> console p50 ${m.p50.toFixed(1)} ms, p99 ${m.p99.toFixed(1)} ms`);
    if (m.got < rate * 0.9) break;
  }
  console.log(`  memory: ${idle.toFixed(0)} MiB idle, ${memory(daemon.child.pid).toFixed(0)} MiB after ${spoken} messages`);
  await stop(daemon);
  process.exit(0);
}

await main();
