// SPDX-License-Identifier: Apache-2.0
// chaos.test.mjs - six chats at once with random faults. What a platform may count as delivered
// (the reader answered a ping sent behind it, or asked for what comes next) is in the journal once,
// and nothing else is. CHAOS_SECONDS (8) and CHAOS_SEED say how long and which faults.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import { Client, account, folder, settings, start, until } from './support.mjs';

const SECONDS = Number(process.env.CHAOS_SECONDS ?? 8);
const SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 1000000);

/** Mulberry32: the same faults for the same seed, as far as the network lets them be. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const random = generator(SEED);
const one = (...list) => list[Math.floor(random() * list.length)];

/** What was said, and what of it the reader is known to have. */
class Ledger {
  constructor(name) {
    this.name = name;
    this.said = new Map();
    this.delivered = new Set();
  }

  next() {
    const id = `${this.name}-${this.said.size + 1}`;
    this.said.set(id, `${this.name} сөз ${this.said.size + 1}`);
    return id;
  }
}

async function listen(t, server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => { server.close(); server.closeAllConnections(); });
  return server.address().port;
}

/** A chat over a socket. `frame(id, text)` is a line; `greet(socket, text)` answers what it is told. */
async function socketChat(t, ledger, frame, greet = () => {}, routes = {}) {
  const server = http.createServer((request, response) => {
    const answer = routes[`${request.method} ${request.url.split('?')[0]}`];
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  });
  const sockets = new WebSocketServer({ server, handleProtocols: () => false });
  let ready = null;
  sockets.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('message', (data) => greet(socket, String(data), () => (ready = socket)));
    if (greet.length === 0) ready = socket;
  });
  const port = await listen(t, server);
  t.after(() => { for (const s of sockets.clients) s.terminate(); });
  const known = [];
  return {
    url: `ws://127.0.0.1:${port}`,
    http: `http://127.0.0.1:${port}`,
    calm: () => {},
    step(faults) {
      if (!ready || ready.readyState !== 1) return;
      const socket = ready;
      const sent = [];
      for (let i = 0; i < one(1, 1, 2, 5, faults ? 40 : 1); i++) {
        const id = ledger.next();
        socket.send(frame(id, ledger.said.get(id)));
        sent.push(id);
        known.push(id);
      }
      if (faults && random() < 0.2) {
        const old = one(...known);
        socket.send(frame(old, ledger.said.get(old)));
      }
      if (faults && random() < 0.1) socket.send(one('{"broken":', '\u0000', '[]', 'null', ':::', '{"type":7}'));
      socket.once('pong', () => sent.forEach((id) => ledger.delivered.add(id)));
      socket.ping();
      if (!faults) return;
      const fate = random();
      if (fate < 0.04) socket.terminate();
      else if (fate < 0.08) socket.close(one(1001, 1011, 1012), 'restart');
      else if (fate < 0.1) socket._socket?.end('half a frame');
    },
  };
}

/** A chat that is asked page by page; `page(items, next)` is the body of an answer. */
async function pagedChat(t, ledger, { path, place, page, others }) {
  const waiting = [];
  const pages = new Map();
  let number = 0;
  let faults = false;
  const server = http.createServer((request, response) => {
    const url = new URL(request.url, 'http://t');
    const give = (status, body, headers = {}) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    const other = others(url);
    if (other) { give(200, JSON.stringify(other)); return; }
    if (!url.pathname.endsWith(path)) { give(404, '{}'); return; }
    const from = place(url);
    const before = pages.get(from);
    if (before) before.ids.forEach((id) => ledger.delivered.add(id));
    if (faults && random() < 0.12) { give(503, 'busy'); return; }
    if (faults && random() < 0.06) { give(429, '{}', { 'retry-after': '1' }); return; }
    const ids = waiting.splice(0, 50);
    if (faults && ids.length > 0 && random() < 0.15) ids.push(ids[0]);
    number = Math.max(number, Number(from) || 0) + Math.max(1, ids.length);
    const body = JSON.stringify(page(ids.map((id) => ({ id, text: ledger.said.get(id) })), String(number)));
    const fate = faults ? random() : 1;
    if (fate < 0.08) {
      waiting.unshift(...new Set(ids)); // half an answer is none
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      response.write(body.slice(0, body.length / 2), () => response.destroy());
      return;
    }
    pages.set(String(number), { ids: new Set(ids) });
    give(200, body);
  });
  const port = await listen(t, server);
  return {
    http: `http://127.0.0.1:${port}`,
    step(on) {
      faults = on;
      for (let i = 0; i < one(0, 1, 2); i++) waiting.push(ledger.next());
    },
    calm: () => (faults = false),
  };
}

function ircGreeting(socket, text, joined) {
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('CAP LS')) socket.send(':s CAP * LS :message-tags');
    else if (line.startsWith('CAP REQ')) socket.send(':s CAP * ACK :message-tags');
    else if (line.startsWith('CAP END')) socket.send(':s 001 suraq :hi');
    else if (line.startsWith('PING')) socket.send(`:s PONG s ${line.slice(5)}`);
    else if (line.startsWith('JOIN')) { socket.send(':suraq!s@h JOIN #efir'); socket.send(':s 366 suraq #efir :'); joined(); }
  }
}

/** The server shows the recent chat only, so it is gathered as it grows: number -> text. */
async function gather(admin, got) {
  for (let before = ''; ;) {
    const { json } = await admin.get(`/messages?limit=200${before}`);
    const known = json.items.filter((m) => got.has(m.mid)).length;
    json.items.forEach((m) => got.set(m.mid, m.text));
    if (json.next === null || known > 0 || json.items.length === 0) return [...got.values()];
    before = `&before=${json.next}`;
  }
}

const memoryOf = (child) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]);

test(`six chats, ${SECONDS} s of faults, seed ${SEED}`, async (t) => {
  const dir = folder(t);
  const ledgers = Object.fromEntries(['irc', 'owncast', 'social', 'own', 'tube', 'gram'].map((n) => [n, new Ledger(n)]));
  const irc = await socketChat(t, ledgers.irc, (id, text) => `@msgid=${id} :a!u@h PRIVMSG #efir :${text}`, ircGreeting);
  const owncast = await socketChat(t, ledgers.owncast, (id, text) => JSON.stringify({
    type: 'CHAT', id, body: `<p>${text}</p>`, visible: true, timestamp: new Date().toISOString(), user: { id: 'u', displayName: 'a' },
  }), () => {}, { 'POST /api/chat/register': { accessToken: 'x' }, 'GET /api/chat': [] });
  const social = await socketChat(t, ledgers.social, (id, text) => JSON.stringify({
    chatname: 'a', chatmessage: text, type: 'x', meta: { messageId: id },
  }));
  const own = await socketChat(t, ledgers.own, (id, text) => JSON.stringify({ op: 'say', id, body: text, who: 'a' }));
  writeFileSync(join(dir, 'own.yaml'), 'message: {when: {/op: say}, id: /id, text: /body, author: /who}\n');
  const tube = await pagedChat(t, ledgers.tube, {
    path: '/liveChat/messages',
    place: (url) => url.searchParams.get('pageToken') ?? '0',
    page: (items, next) => ({
      nextPageToken: next, pollingIntervalMillis: 50,
      items: items.map(({ id, text }) => ({
        id, snippet: { type: 'textMessageEvent', publishedAt: new Date().toISOString(), displayMessage: text, textMessageDetails: { messageText: text } },
        authorDetails: { channelId: 'UC1', displayName: 'a' },
      })),
    }),
    others: (url) => (url.pathname.endsWith('/videos')
      ? { items: [{ id: 'dQw4w9WgXcQ', snippet: { liveBroadcastContent: 'live' }, liveStreamingDetails: { activeLiveChatId: 'c' } }] } : null),
  });
  const gram = await pagedChat(t, ledgers.gram, {
    path: '/getUpdates',
    place: (url) => url.searchParams.get('offset') ?? '0',
    page: (items, next) => ({
      ok: true,
      result: items.map(({ id, text }, i) => ({
        update_id: Number(next) - items.length + i,
        message: {
          message_id: Number(id.split('-')[1]), date: Math.floor(Date.now() / 1000), text,
          chat: { id: -100, type: 'supergroup' }, from: { id: 5, first_name: 'a', is_bot: false },
        },
      })),
    }),
    others: (url) => {
      if (url.pathname.endsWith('/getMe')) return { ok: true, result: { id: 1, is_bot: true, can_read_all_group_messages: true } };
      return url.pathname.endsWith('/getChatAdministrators') ? { ok: true, result: [] } : null;
    },
  });
  writeFileSync(join(dir, 'key'), 'k3y\n', { mode: 0o600 });
  writeFileSync(join(dir, 'bot'), '1:t\n', { mode: 0o600 });
  const config = settings(dir, {
    sources: `
  - {kind: irc, url: '${irc.url}', channel: '#efir'}
  - {kind: owncast, url: '${owncast.http}'}
  - {kind: socialstream, name: social, url: '${social.url}', session: s}
  - {kind: generic, name: own, url: '${own.url}', file: ${dir}/own.yaml}
  - {kind: youtube, name: tube, url: '${tube.http}', video: dQw4w9WgXcQ, api_key_file: ${dir}/key, quota: 100000000}
  - {kind: telegram, name: gram, url: '${gram.http}', chat: '-100', token_file: ${dir}/bot}`,
  });
  account(config, 'boss', 'admin');
  const program = await start(t, config);
  const admin = await new Client(program.url).signIn('boss');
  const chats = [irc, owncast, social, own, tube, gram];
  const all = Object.values(ledgers);
  const live = async () => (await admin.get('/sources')).json.items.every((s) => s.state === 'live');
  await until('all to be live', live);

  const until_ = Date.now() + SECONDS * 1000;
  let early = 0;
  let gathered = 0;
  const got = new Map();
  await until('the chaos to end', async () => {
    if (Date.now() > gathered + 1000) {
      gathered = Date.now();
      await gather(admin, got);
    }
    chats.forEach((chat) => { if (random() < 0.5) chat.step(true); });
    if (!early && Date.now() > until_ - SECONDS * 700) early = memoryOf(program.child);
    return Date.now() > until_;
  }, SECONDS * 2000 + 20000);

  chats.forEach((chat) => chat.calm());
  await until('all to be live again', live, 120000);
  const last = all.map((ledger) => ledger.said.size);
  await until('each chat to be heard again', () => {
    chats.forEach((chat) => chat.step(false));
    return all.every((ledger, i) => [...ledger.delivered].some((id) => Number(id.split('-')[1]) > last[i]));
  }, 60000);
  const missing = async () => {
    const have = new Set(await gather(admin, got));
    return all.flatMap((ledger) => [...ledger.delivered].filter((id) => !have.has(ledger.said.get(id))));
  };
  await until('everything that was delivered', async () => (await missing()).length === 0, 30000)
    .catch(async (e) => { throw new Error(`${e.message}: ${(await missing()).slice(0, 20)}`); });

  const texts = await gather(admin, got);
  const said = new Set(all.flatMap((ledger) => [...ledger.said.values()]));
  assert.equal(new Set(texts).size, texts.length, 'twice in the journal');
  assert.deepEqual(texts.filter((text) => !said.has(text)), [], 'never said');
  all.forEach((ledger) => assert.ok(ledger.delivered.size > 10, `${ledger.name}: only ${ledger.delivered.size}`));
  const grown = memoryOf(program.child) / early;
  assert.ok(grown < 1.5, `memory grew ${grown.toFixed(2)} times`);
  t.diagnostic(`${texts.length} messages, ${all.map((l) => `${l.name} ${l.delivered.size}/${l.said.size}`).join(', ')}`);
});
