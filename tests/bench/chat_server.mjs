// SPDX-License-Identifier: Apache-2.0
// A chat server for the bench, in a process of its own: IRC over WebSocket, as Twitch speaks it,
// several lines in a frame. The parent says {first, rate, seconds}; line number i is due at
// begin + i/rate on the machine's monotonic clock, whether or not anybody keeps up, and its id
// is first + i. What a socket cannot take yet waits in it, and its wait counts.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../e2e/package.json', import.meta.url));
const { WebSocketServer } = require('ws');
const CHAT = readFileSync(new URL('../../config/demo.ndjson', import.meta.url), 'utf8')
  .split('\n').filter(Boolean).map((line) => JSON.parse(line)).filter((m) => m.text)
  .map((m) => m.text.replace(/[\r\n]/g, ' '));
const TICK_MS = 2;

const clock = () => Number(process.hrtime.bigint()) / 1e6;
let joined = null;

function answer(socket, line) {
  const [word, arg] = line.split(' ');
  if (word === 'CAP') socket.send(`:bench CAP * ACK :${line.slice(line.indexOf(':') + 1)}\r\n`);
  if (word === 'NICK') socket.send(`:bench 001 ${arg} :hello\r\n`);
  if (word === 'PING') socket.send(`:bench PONG bench ${arg}\r\n`);
  if (word !== 'JOIN') return;
  socket.send(`:suraq!suraq@suraq JOIN ${arg}\r\n@room-id=1 :bench ROOMSTATE ${arg}\r\n:bench 366 suraq ${arg} :end\r\n`);
  joined = socket;
  process.send({ joined: true });
}

function spoken(id) {
  return `@id=${id};user-id=${id % 5000};display-name=U${id % 5000};room-id=1;tmi-sent-ts=${Date.now()} `
    + `:u!u@u PRIVMSG #bench :${CHAT[id % CHAT.length]} ${id}\r\n`;
}

async function speak({ first, rate, seconds }) {
  const total = Math.round(rate * seconds);
  const begin = clock() + 20;
  process.send({ begin, total });
  for (let n = 0; n < total;) {
    const due = Math.min(total, Math.floor(((clock() - begin) / 1000) * rate) + 1);
    let frame = '';
    for (; n < due; n++) frame += spoken(first + n);
    if (frame) joined.send(frame);
    await new Promise((done) => setTimeout(done, TICK_MS));
  }
  process.send({ spoken: total });
}

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
await once(server, 'listening');
server.on('connection', (socket) => socket.on('message', (data) => {
  for (const line of String(data).split(/\r?\n/)) answer(socket, line);
}));
process.on('message', speak);
process.on('disconnect', () => process.exit(0));
process.send({ port: server.address().port });
