// SPDX-License-Identifier: Apache-2.0
// Chat socket -> durable -> console: how long it takes, and how fast it goes without loss. The chat
// is a process of its own (chat_server.mjs); this one is the console. A latency is counted from
// the moment the line was due. Prints figures, judges nothing; fails when a line is lost.
//   node tests/bench/live.mjs FOLDER
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { Client, account, settings, start, stop, until } from '../e2e/support.mjs';

const LATENCY = { seconds: 5, rates: [1000, 5000] };
const SUSTAINED = { seconds: 3, rates: [5000, 10000, 15000, 20000, 25000, 30000, 40000, 60000, 80000] };
const context = { after: (fn) => process.on('exit', fn) };
const clock = () => Number(process.hrtime.bigint()) / 1e6;
let next = 1; // the id of the next line

function chatServer() {
  const child = fork(new URL('chat_server.mjs', import.meta.url));
  const chat = { child, port: 0, joined: false, begin: 0, total: 0, spoken: 0 };
  child.on('message', (m) => Object.assign(chat, m));
  context.after(() => child.kill());
  return chat;
}

async function speak(chat, rate, seconds) {
  Object.assign(chat, { begin: 0, spoken: 0 });
  chat.child.send({ first: next, rate, seconds });
  await until('the chat to begin', () => chat.begin);
  const first = next;
  next += chat.total;
  return { first, due: (id) => chat.begin + ((id - first) / rate) * 1000 };
}

const percentile = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))];

async function latency(chat, client, rate) {
  const live = await client.live();
  const seen = [];
  live.ws.removeAllListeners('message');
  live.ws.on('message', (data) => {
    const at = clock();
    for (const item of JSON.parse(data).items ?? []) if (item.message) seen.push([Number(item.message.id), at]);
  });
  const { due } = await speak(chat, rate, LATENCY.seconds);
  await until('every line on the console', () => {
    if (live.closed) throw new Error(`the console was closed with ${live.closed.code}`);
    return seen.length >= chat.total;
  }, 60000);
  live.ws.close();
  const waits = seen.map(([id, at]) => at - due(id)).sort((a, b) => a - b);
  return { p50: percentile(waits, 0.5), p99: percentile(waits, 0.99), worst: waits.at(-1) };
}

async function metrics(url) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  return { taken: value('suraq_messages_total\\{source="chat"\\}'), seq: value('suraq_event_seq'),
    durable: value('suraq_event_durable_seq') };
}

/** Speaks at `rate`; gives the rate at which the lines became durable, all of them. */
async function through(chat, url, rate) {
  const before = (await metrics(url)).taken;
  await speak(chat, rate, SUSTAINED.seconds);
  const begin = chat.begin;
  await until('every line to be durable', async () => {
    const now = await metrics(url);
    return now.taken - before >= chat.total && now.durable === now.seq;
  }, 120000);
  return chat.total / ((clock() - begin) / 1000);
}

function usage(pid) {
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return { rss, cpu: (Number(stat[11]) + Number(stat[12])) * 10 };
}

async function main(dir) {
  const chat = chatServer();
  await until('the chat server', () => chat.port);
  const config = settings(dir, {
    sources: `[{kind: twitch, name: chat, url: 'ws://127.0.0.1:${chat.port}/', channel: bench}]`,
  });
  account(config, 'mod', 'moderator');
  const daemon = await start(context, config);
  const { pid } = daemon.child;
  const idle = usage(pid).rss;
  const client = await new Client(daemon.url).signIn('mod');
  await until('the source to be live', async () =>
    chat.joined && (await client.get('/sources')).json.items[0].state === 'live');
  await through(chat, daemon.url, 500);
  for (const rate of LATENCY.rates) {
    const m = await latency(chat, client, rate);
    console.log(`  at ${String(rate).padStart(5)} lines/s: p50 ${m.p50.toFixed(1)} ms, p99 ${m.p99.toFixed(1)} ms, `
      + `worst ${m.worst.toFixed(0)} ms (budget: p99 < 20 ms at 5000)`);
  }
  let best = 0;
  const before = { ...usage(pid), lines: next };
  for (const rate of SUSTAINED.rates) {
    const got = await through(chat, daemon.url, rate);
    best = Math.max(best, got);
    if (got < rate * 0.95) break;
  }
  const after = usage(pid);
  console.log(`  sustained from one connection, every line durable: ${best.toFixed(0)} lines/s (budget: 20000)`);
  console.log(`  processor time a line: ${(((after.cpu - before.cpu) * 1000) / (next - before.lines)).toFixed(0)} us`);
  console.log(`  memory: ${idle.toFixed(0)} MiB idle with the shipped pack (budget: 64), `
    + `${after.rss.toFixed(0)} MiB after ${next - 1} lines`);
  await stop(daemon);
  process.exit(0);
}

await main(process.argv[2]);
