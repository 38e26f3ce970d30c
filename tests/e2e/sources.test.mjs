// SPDX-License-Identifier: Apache-2.0
// sources.test.mjs - chats whose HTTP and socket share one address, against the real program:
// Owncast (enroll, history, chat, moderation, writing) and Restream (tokens that rotate).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import { Client, account, folder, settings, start, stop, until } from './support.mjs';

/** A server on loopback: `routes` answer requests ("POST /path"), `onSocket` gets each socket. */
async function platform(t, routes, onSocket) {
  const asked = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    const [path] = request.url.split('?');
    asked.push({ line: `${request.method} ${request.url}`, body, headers: request.headers });
    const answer = routes[`${request.method} ${path}`];
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(answer ? JSON.stringify(answer(body)) : '{}');
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => onSocket(socket, request.url));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, asked };
}

const chat = (id, body, more = {}) => JSON.stringify({
  type: 'CHAT', id, timestamp: new Date().toISOString(), body, visible: true,
  user: { id: 'u1', displayName: 'Айгүл', scopes: [], isBot: false }, ...more,
});

const messages = async (admin) => (await admin.get('/messages?limit=100')).json.items;

test('owncast: enrolls once, closes the gap, reads, obeys the moderator, writes', async (t) => {
  const dir = folder(t);
  const sockets = [];
  const owncast = await platform(t, {
    'POST /api/chat/register': () => ({ id: 'me', accessToken: 'visitor', displayName: 'suraq' }),
    'GET /api/chat': () => [JSON.parse(chat('m0', '<p>Ертерек айтылған сөз</p>'))],
    'POST /api/integrations/chat/send': () => ({ success: true }),
  }, (socket, url) => sockets.push({ socket, url }));
  writeFileSync(join(dir, 'token'), 'integration\n', { mode: 0o600 });
  const config = settings(dir, {
    sources: `[{kind: owncast, url: '${owncast.url}', token_file: ${dir}/token}]`,
  });
  account(config, 'boss', 'admin');
  const admin = await new Client((await start(t, config)).url).signIn('boss');
  await until('the socket', () => sockets.length === 1);
  assert.equal(sockets[0].url, '/ws?accessToken=visitor');
  sockets[0].socket.send(`${chat('m1', '<p>Жол <b>қашан</b> жөнделеді?</p>')}\n${chat('m2', 'екі')}`);
  const read = await until('three lines', async () => {
    const items = await messages(admin);
    return items.length === 3 && items;
  });
  assert.deepEqual(read.map((m) => m.text).sort(), ['Ертерек айтылған сөз', 'Жол қашан жөнделеді?', 'екі'].sort());
  assert.equal(read.find((m) => m.id === 'm0').backlog, true);
  sockets[0].socket.send(JSON.stringify({ type: 'VISIBILITY-UPDATE', ids: ['m2'], visible: false }));
  await until('the line to be taken back', async () => (await messages(admin)).some((m) => m.id === 'm2' && m.deleted));

  const sent = await admin.post('/sources/owncast/send', { text: '№1 "қабылданды"' });
  assert.equal(sent.status < 300, true);
  const post = await until('the answer', () => owncast.asked.find((a) => a.line.endsWith('/chat/send')));
  assert.deepEqual(JSON.parse(post.body), { body: '№1 "қабылданды"' });
  assert.equal(post.headers.authorization, 'Bearer integration');

  sockets[0].socket.terminate();
  await until('to be back', () => sockets.length === 2);
  assert.equal(owncast.asked.filter((a) => a.line.includes('register')).length, 1);
  sockets[1].socket.send(chat('m1', '<p>Жол <b>қашан</b> жөнделеді?</p>'));
  sockets[1].socket.send(chat('m3', 'үш'));
  await until('the new line', async () => (await messages(admin)).some((m) => m.id === 'm3'));
  assert.equal((await messages(admin)).length, 4);
});

test('restream: renews a refused token once, and keeps the new pair in its file', async (t) => {
  const dir = folder(t);
  const urls = [];
  let socket = null;
  const restream = await platform(t, {
    'POST /oauth/token': () => ({ access_token: 'second', refresh_token: 'again', expires_in: 3600 }),
  }, (s, url) => {
    urls.push(url);
    if (url.endsWith('first')) s.close(4001, 'unauthorized');
    else socket = s;
  });
  const file = join(dir, 'restream.token');
  writeFileSync(file, JSON.stringify({ access_token: 'first', refresh_token: 'once', expires_at: '2100-01-01T00:00:00Z' }), { mode: 0o600 });
  writeFileSync(join(dir, 'secret'), 's\n', { mode: 0o600 });
  const config = settings(dir, {
    sources: `[{kind: restream, url: '${restream.url}', token_file: ${file}, client_id: app, client_secret_file: ${dir}/secret}]`,
  });
  account(config, 'boss', 'admin');
  const admin = await new Client((await start(t, config)).url).signIn('boss');
  await until('the second socket', () => socket);
  assert.deepEqual(urls, ['/ws?accessToken=first', '/ws?accessToken=second']);
  assert.match(readFileSync(file, 'utf8'), /second[\s\S]*again/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  socket.send(JSON.stringify({
    action: 'event', timestamp: 1778629520,
    payload: { eventSourceId: 13, eventPayload: { author: { id: 'UC1', displayName: 'Viewer' }, text: 'Когда откроют мост?' } },
  }));
  await until('the line', async () => (await messages(admin)).some((m) => m.text === 'Когда откроют мост?'));
});

test('a socket goes through the proxy, which alone knows the name of the chat', async (t) => {
  const dir = folder(t);
  const sockets = [];
  const chatServer = await platform(t, {}, (socket) => sockets.push(socket));
  const port = Number(new URL(chatServer.url).port);
  const asked = [];
  const proxy = http.createServer().listen(0, '127.0.0.1');
  proxy.on('connect', (request, client) => {
    asked.push({ to: request.url, as: request.headers['proxy-authorization'].replace(/^basic/i, 'Basic') });
    const server = net.connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.pipe(client).pipe(server);
    });
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
  });
  await once(proxy, 'listening');
  t.after(() => { proxy.close(); proxy.closeAllConnections(); });
  const config = settings(dir, {
    sources: `[{kind: socialstream, session: s1, url: 'ws://chat.invalid:4000', proxy: 'http://user:p%40ss@127.0.0.1:${proxy.address().port}'}]`,
  });
  account(config, 'boss', 'admin');
  const admin = await new Client((await start(t, config)).url).signIn('boss');
  await until('the socket', () => sockets.length === 1);
  assert.deepEqual(asked, [{ to: 'chat.invalid:4000', as: `Basic ${Buffer.from('user:p@ss').toString('base64')}` }]);
  sockets[0].send(JSON.stringify({ chatname: 'a', chatmessage: 'прокси арқылы', type: 'x' }));
  await until('the line', async () => (await messages(admin)).some((m) => m.text === 'прокси арқылы'));
});

test('youtube: a restart goes on in the chat where the last run was', async (t) => {
  const dir = folder(t);
  const line = (id, text) => ({
    id, snippet: { type: 'textMessageEvent', publishedAt: new Date().toISOString(), displayMessage: text, textMessageDetails: { messageText: text } },
    authorDetails: { channelId: 'UC1', displayName: 'Айгүл' },
  });
  let page = 0;
  const youtube = await platform(t, {
    'GET /videos': () => ({ items: [{ id: 'dQw4w9WgXcQ', snippet: { liveBroadcastContent: 'live' }, liveStreamingDetails: { activeLiveChatId: 'chat1' } }] }),
    'GET /liveChat/messages': () => ({ nextPageToken: `p${++page}`, pollingIntervalMillis: 100, items: [line(`m${page}`, `сөз ${page}`)] }),
  }, () => {});
  writeFileSync(join(dir, 'key'), 'k3y\n', { mode: 0o600 });
  const config = settings(dir, {
    sources: `[{kind: youtube, url: '${youtube.url}', video: dQw4w9WgXcQ, api_key_file: ${dir}/key, quota: 100000000}]`,
  });
  account(config, 'boss', 'admin');
  const first = await start(t, config);
  const admin = await new Client(first.url).signIn('boss');
  await until('two pages', async () => (await messages(admin)).length >= 2);
  await stop(first);
  const before = youtube.asked.length;
  const second = await new Client((await start(t, config)).url).signIn('boss');
  await until('the next page', () => youtube.asked.length > before + 1);
  const again = youtube.asked.slice(before).map((a) => a.line);
  assert.equal(again.some((l) => l.includes('/videos')), false);
  assert.match(again[0], /pageToken=p\d+/);
  await until('its line', async () => (await messages(second)).some((m) => m.text === `сөз ${page}`));
  const texts = (await messages(second)).map((m) => m.text);
  assert.equal(new Set(texts).size, texts.length);
  assert.equal((await messages(second)).some((m) => m.backlog && m.text !== 'сөз 1'), false);
});
