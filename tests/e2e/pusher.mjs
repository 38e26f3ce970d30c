// SPDX-License-Identifier: Apache-2.0
// pusher.mjs - a Pusher of version 7 of its protocol, on loopback: what many chats of sites of
// their own stand on. Only what is subscribed to is heard; `data` from the server is JSON
// in a text; a client that is silent is asked whether it is there.
import { once } from 'node:events';
import { WebSocketServer } from 'ws';

const event = (name, data, channel) => JSON.stringify({ event: name, data: JSON.stringify(data), channel });

/** @returns a server; `publish(channel, name, data)` reaches those who subscribed. */
export async function pusher(t, key) {
  const wss = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(wss, 'listening');
  t.after(() => { for (const socket of wss.clients) socket.terminate(); wss.close(); });
  const mock = { port: wss.address().port, pongs: 0 };

  const calls = {
    'pusher:subscribe': (socket, { channel }) => {
      socket.channels.add(channel);
      socket.send(event('pusher_internal:subscription_succeeded', {}, channel));
    },
    'pusher:unsubscribe': (socket, { channel }) => socket.channels.delete(channel),
    'pusher:ping': (socket) => socket.send(event('pusher:pong', {})),
    'pusher:pong': () => mock.pongs++,
  };
  wss.on('connection', (socket, request) => {
    const { pathname } = new URL(request.url, 'http://p');
    socket.channels = new Set();
    if (pathname !== `/app/${key}`) {
      socket.send(event('pusher:error', { code: 4001, message: `App key ${pathname.slice(5)} does not exist` }));
      socket.close(4001);
      return;
    }
    socket.on('message', (data) => {
      const call = JSON.parse(String(data));
      calls[call.event]?.(socket, call.data);
    });
    socket.send(event('pusher:connection_established', { socket_id: '1.1', activity_timeout: 120 }));
  });
  const all = (channel) => [...wss.clients].filter((socket) => socket.channels.has(channel));
  mock.subscribers = (channel) => all(channel).length;
  mock.publish = (channel, name, data) => all(channel).forEach((socket) => socket.send(event(name, data, channel)));
  mock.ask = () => wss.clients.forEach((socket) => socket.send(event('pusher:ping', {})));
  return Object.assign(mock, { url: `ws://127.0.0.1:${mock.port}` });
}
