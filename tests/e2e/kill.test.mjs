// SPDX-License-Identifier: Apache-2.0
// What was acknowledged survives kill -9 in the middle of a burst, exactly once.
import assert from 'node:assert/strict';
import test from 'node:test';
import IRC from 'irc-framework';

import { Client, account, folder, inspircd, settings, start, stop, suraq, token, until } from './support.mjs';

const BURST = 2000;

async function everyMessage(client) {
  const all = [];
  let before = '';
  for (;;) {
    const { json } = await client.get(`/messages?limit=500${before && `&before=${before}`}`);
    all.push(...json.items);
    if (!json.next) return all;
    before = json.next;
  }
}

function wording(i) {
  return i % 3 === 0 ? `Когда починят светофор на улице номер ${i}?` : `сәлем, эфирге рахмет ${i}`;
}

async function speaker(t, irc, nick) {
  const client = new IRC.Client();
  client.connect({ host: '127.0.0.1', port: irc.plain, nick, auto_reconnect: false });
  t.after(() => client.connection?.end());
  let joined = false;
  client.on('registered', () => client.join('#efir'));
  client.on('join', (e) => { if (e.nick === nick) joined = true; });
  await until('the speaker to join', () => joined);
  return client;
}

test('a chat burst survives kill -9: what a console saw is there once, and the queue as it was', async (t) => {
  const irc = await inspircd(t);
  const config = settings(folder(t), {
    sources: `[{kind: irc, url: 'ws://127.0.0.1:${irc.websocket}/', channel: '#efir', nick: suraq}]`,
  });
  account(config, 'mod', 'moderator');
  let daemon = await start(t, config);
  let client = await new Client(daemon.url).signIn('mod');
  await until('the source to join', async () => (await client.get('/sources')).json.items[0].state === 'live');

  const talker = await speaker(t, irc, 'talker');
  talker.say('#efir', 'Қашан жол жөнделеді?');
  const first = await until('the first question', async () =>
    (await client.get('/questions?status=new')).json.items[0]);
  assert.equal((await client.act(first.n, 'approve')).status, 200);
  assert.equal((await client.act(first.n, 'air')).status, 200);

  const live = await client.live();
  for (let i = 0; i < BURST; i++) talker.say('#efir', wording(i));
  const seen = () => live.items.filter((item) => item.message);
  await until('a quarter of the burst on the console', () => seen().length > BURST / 4);
  daemon.child.kill('SIGKILL');
  await daemon.exited;
  await until('the console to notice', () => live.closed);
  const told = new Map(seen().map((item) => [item.message.mid, item.message]));
  const asked = new Map();
  for (const item of live.items) if (item.question) asked.set(item.question.n, item.question);

  assert.equal(suraq(['verify', '-c', config]).status, 0);
  daemon = await start(t, config);
  client = await new Client(daemon.url).signIn('mod');
  const kept = new Map((await everyMessage(client)).map((m) => [m.mid, m]));
  for (const [mid, message] of told) {
    assert.equal(kept.get(mid)?.text, message.text, `message ${mid} is lost`);
  }
  for (const [n, question] of asked) {
    const { json } = await client.get(`/questions/${n}`);
    assert.deepEqual(json.text, question.text);
    assert.ok(json.count >= question.count);
  }
  const { json: state } = await client.get('/state');
  assert.equal(state.on_air, first.n);
  await until('the source to join again', async () =>
    (await client.get('/sources')).json.items[0].state === 'live');
  assert.equal((await stop(daemon)).code, 0);
});

test('an intake that retries after kill -9 has every line in the journal exactly once', async (t) => {
  const config = settings(folder(t));
  account(config, 'mod', 'moderator');
  const key = token(config, 'intake', 'phone');
  const bearer = { authorization: `Bearer ${key}` };
  const lines = Array.from({ length: BURST }, (_, i) =>
    JSON.stringify({ id: `m${i}`, author: { id: `a${i % 97}`, name: `Автор ${i % 97}` }, text: wording(i) }));
  const batches = Array.from({ length: 20 }, (_, b) => `${lines.slice(b * 100, b * 100 + 100).join('\n')}\n`);

  let daemon = await start(t, config);
  const intake = new Client(daemon.url);
  let accepted = 0;
  const posting = (async () => {
    for (const [i, batch] of batches.entries()) {
      const answer = await intake.post('/messages', batch, bearer);
      assert.equal(answer.status, 200);
      accepted += answer.json.accepted;
      if (i === 9) daemon.child.kill('SIGKILL');
    }
  })();
  await assert.rejects(posting);
  await daemon.exited;

  daemon = await start(t, config);
  const again = new Client(daemon.url);
  let fresh = 0;
  let duplicates = 0;
  for (const batch of batches) {
    const { json } = await again.post('/messages', batch, bearer);
    fresh += json.accepted;
    duplicates += json.duplicates;
  }
  assert.ok(duplicates >= accepted, 'an acknowledged line was taken for new');
  assert.equal(fresh + duplicates, BURST);
  const client = await new Client(daemon.url).signIn('mod');
  const ids = (await everyMessage(client)).map((m) => m.id);
  assert.equal(new Set(ids).size, BURST);
  assert.equal(ids.length, BURST);
  assert.equal((await stop(daemon)).code, 0);
  assert.equal(suraq(['verify', '-c', config]).status, 0);
});
