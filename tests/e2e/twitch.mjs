// SPDX-License-Identifier: Apache-2.0
// twitch.mjs - a Twitch on loopback: the sign-in, Helix and EventSub over WebSocket on one
// port, with the rules that its documents name. What it says are the samples of the unit tests,
// with the time and the ids of now.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { WebSocketServer } from 'ws';

import { ROOT } from './support.mjs';

export const CHANNEL = '1971641';
export const READER = '2914196';

export const sample = (name) => JSON.parse(readFileSync(`${ROOT}/tests/data/source/twitch/${name}.json`, 'utf8'));

const now = () => new Date().toISOString().replace('Z', '123456Z');

/** @returns a server whose `sockets` are the connections, `subscriptions` what was asked for. */
export async function twitch(t) {
  const mock = { sockets: [], subscriptions: [], sent: [], requests: [], sessions: new Set() };

  function subscribe(body) {
    const { session_id: session } = body.transport;
    if (!mock.sessions.has(session)) return [400, { error: 'Bad Request', status: 400, message: 'session does not exist' }];
    const known = mock.subscriptions.find((s) => s.type === body.type && s.transport.session_id === session);
    if (known) return [409, sample('sub_conflict')];
    const subscription = { ...body, id: randomUUID(), status: 'enabled', cost: 0, created_at: now() };
    mock.subscriptions.push(subscription);
    return [202, { ...sample('subscribed'), data: [subscription] }];
  }

  function answer(method, path, body) {
    if (path.endsWith('/validate')) return [200, sample('validate')];
    if (path.endsWith('/users')) return [200, sample('users')];
    if (path.endsWith('/chat/messages')) { mock.sent.push(body); return [200, sample('sent')]; }
    if (!path.endsWith('/eventsub/subscriptions')) return [404, { error: 'Not Found', status: 404, message: '' }];
    return method === 'POST' ? subscribe(body) : [204, null];
  }

  const server = http.createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => (text += piece));
    request.on('end', () => {
      const { pathname } = new URL(request.url, 'http://t');
      mock.requests.push({ method: request.method, path: pathname, headers: request.headers });
      const [status, body] = answer(request.method, pathname, text ? JSON.parse(text) : null);
      response.writeHead(status, {
        'content-type': 'application/json',
        'ratelimit-limit': 800,
        'ratelimit-remaining': 799,
        'ratelimit-reset': Math.ceil(Date.now() / 1000) + 1,
      }).end(body ? JSON.stringify(body) : undefined);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();

  /** A sample as Twitch would send it now. */
  mock.frame = (name, session) => {
    const frame = sample(name);
    frame.metadata.message_id = randomUUID();
    frame.metadata.message_timestamp = now();
    const { subscription } = frame.payload;
    const type = subscription?.type;
    const own = mock.subscriptions.find((s) => s.type === type && s.transport.session_id === session);
    if (own) subscription.id = own.id;
    return frame;
  };
  mock.say = (name, socket = mock.sockets.at(-1)) => socket.send(JSON.stringify(mock.frame(name, socket.session)));
  /** Asks to connect anew; the session and its subscriptions go with it. */
  mock.move = (socket = mock.sockets.at(-1)) => {
    const frame = mock.frame('reconnect');
    frame.payload.session.id = socket.session;
    frame.payload.session.reconnect_url = `ws://127.0.0.1:${port}/ws?id=${socket.session}`;
    socket.send(JSON.stringify(frame));
  };

  const wss = new WebSocketServer({ server, path: '/ws', perMessageDeflate: false });
  wss.on('connection', (socket, request) => {
    const url = new URL(request.url, 'http://t');
    const frame = mock.frame('welcome');
    socket.session = url.searchParams.get('id') ?? randomUUID();
    mock.sessions.add(socket.session);
    frame.payload.session.id = socket.session;
    mock.sockets.push(socket);
    socket.on('message', () => socket.close(4001, 'client sent inbound traffic'));
    socket.on('ping', () => socket.close(4001, 'client sent inbound traffic'));
    socket.send(JSON.stringify(frame));
  });
  t.after(() => {
    for (const socket of wss.clients) socket.terminate();
    server.close();
  });
  return Object.assign(mock, { port, url: `http://127.0.0.1:${port}` });
}
