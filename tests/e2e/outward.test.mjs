// SPDX-License-Identifier: Apache-2.0
// What the program says by itself: into a real IRC room, and to a program that checks the signature.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import test from 'node:test';
import IRC from 'irc-framework';

import { Client, account, folder, freePort, inspircd, settings, start, until } from './support.mjs';

const SECRET = 'a secret of forty letters, more or less';

/** A webhook that is down for the first delivery. */
async function receiver(t, port) {
  const got = [];
  let calls = 0;
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (d) => (body += d));
    req.on('end', () => {
      const time = req.headers['x-suraq-timestamp'];
      const want = `sha256=${createHmac('sha256', SECRET).update(`${time}.${body}`).digest('hex')}`;
      assert.equal(req.headers['x-suraq-signature'], want);
      calls += 1;
      if (calls > 1) got.push(JSON.parse(body));
      res.writeHead(calls > 1 ? 204 : 503).end();
    });
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  t.after(() => server.close());
  return got;
}

async function citizen(t, irc) {
  const client = new IRC.Client();
  const heard = [];
  client.connect({ host: '127.0.0.1', port: irc.plain, nick: 'Marat', auto_reconnect: false });
  client.requestCap(['message-tags']);
  t.after(() => client.connection?.end());
  let joined = false;
  client.on('registered', () => client.join('#efir'));
  client.on('join', (e) => { joined ||= e.nick === 'Marat'; });
  client.on('message', (e) => heard.push(e));
  await until('the citizen to join', () => joined);
  return { client, heard };
}

test('who asks is answered in the chat until the chat forbids it, and a webhook is told', { timeout: 120_000 }, async (t) => {
  const irc = await inspircd(t);
  const { client, heard } = await citizen(t, irc);
  const dir = folder(t);
  const [listen, hook] = [await freePort(), await freePort()];
  writeFileSync(join(dir, 'secret'), `${SECRET}\n`);
  const config = settings(dir, {
    listen: `127.0.0.1:${listen}`,
    sources: `[{kind: irc, url: 'ws://127.0.0.1:${irc.websocket}/', channel: '#efir', nick: suraq,
  replies: {enabled: true, per_minute: 60}}]`,
    extra: `webhooks: [{url: 'http://127.0.0.1:${hook}/told', secret_file: ${dir}/secret, events: [question, on_air]}]\n`,
  });
  account(config, 'aida', 'moderator');
  const got = await receiver(t, hook);
  const daemon = await start(t, config);
  const api = await new Client(daemon.url).signIn('aida');
  const source = async () => (await api.get('/sources')).json.items[0];
  await until('the source to join', async () => (await source()).state === 'live');

  client.say('#efir', 'Когда починят светофор на улице Букетова?');
  await until('a reply', () => heard.some((e) => e.nick === 'suraq'));
  const reply = heard.find((e) => e.nick === 'suraq');
  assert.match(reply.message, /№?1/);
  assert.ok(reply.tags['+draft/reply'], 'the reply answers the line');
  const replies = async () => (await api.get('/questions/1')).json.replies;
  await until('the reply at the question', async () => (await replies()).length === 1);
  assert.deepEqual([(await replies())[0].reply, (await replies())[0].outcome], ['received', 'sent']);

  await api.act(1, 'approve');
  client.mode('#efir', '+m');
  await api.act(1, 'air');
  await until('the replies to stop', async () => (await source()).replies.state === 'stopped');
  const { reason, detail } = (await source()).replies;
  assert.equal(reason, 'refused');
  assert.match(detail, /send/i);
  assert.equal((await replies()).at(-1).outcome, 'refused');

  client.mode('#efir', '-m');
  const resumed = await api.post('/sources/irc/replies', { on: true });
  assert.equal(resumed.json.source.replies.state, 'on');
  await api.act(1, 'answer');
  await until('the next reply', () => heard.filter((e) => e.nick === 'suraq').length >= 2);
  const last = heard.filter((e) => e.nick === 'suraq').at(-1).message;
  assert.match(last, /№1/);
  assert.match(last, /\d:\d\d/);

  await until('two deliveries', () => got.length === 2);
  assert.deepEqual(got.map((one) => one.event), ['question', 'on_air']);
  assert.equal(got[0].question.name, 'Marat');
  const metrics = (await api.call('GET', '/metrics')).text;
  assert.match(metrics, /suraq_webhooks_sent_total\{webhook="json"\} 2/);
});
