// SPDX-License-Identifier: Apache-2.0
// Twitch with a token. A client library that others use understands what our Twitch on loopback
// says, so the program that reads the same Twitch is tested against the right thing.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Client, ROOT, account, folder, settings, start, stop, until } from './support.mjs';
import { CHANNEL, READER, twitch } from './twitch.mjs';

test('a client library reads our Twitch as it reads the real one', async (t) => {
  const mock = await twitch(t);
  const child = spawn(process.execPath, [`${ROOT}/tests/e2e/twurple.mjs`, CHANNEL, READER], {
    // It asks "localhost", which may be ::1 first.
    env: { ...process.env, TWURPLE_MOCK_API_PORT: String(mock.port), NODE_OPTIONS: '--dns-result-order=ipv4first' }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  let out = '';
  child.stdout.on('data', (d) => (out += d));
  const lines = () => out.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const got = () => lines().filter(([what]) => what !== 'subscribed');
  await until('four subscriptions', () => lines().length === 4);
  for (const name of ['chat', 'chat_reply', 'chat_shared', 'keepalive', 'deleted']) mock.say(name);
  await until('the first half', () => got().length >= 4);
  mock.move();
  await until('the old connection to end', () => mock.sockets.length === 2 && mock.sockets[0].readyState === 3);
  for (const name of ['user_cleared', 'cleared', 'revoked']) mock.say(name);
  await until('everything', () => got().length >= 7);
  assert.deepEqual(got(), [
    ['line', 'cc106a89-0001', 'Viewer32', 'Жол қашан жөнделеді?', ['moderator', 'subscriber'], null, null],
    ['line', 'cc106a89-0002', 'Айгүл', '@Viewer32 когда починят свет LUL', ['vip'], 'cc106a89-0001', null],
    ['line', 'cc106a89-0003', 'Other', "from the partner's chat", [], null, '112233'],
    ['deleted', 'cc106a89-0001'], ['cleared', '4145995'], ['all cleared', CHANNEL],
    ['revoked', 'authorization_revoked'],
  ]);
});

test('the program reads Twitch, moves when it is asked to, and says why it was refused', async (t) => {
  const mock = await twitch(t);
  const dir = folder(t);
  const file = join(dir, 'twitch.token');
  writeFileSync(file, 's3cret\n', { mode: 0o600 });
  const config = settings(dir, {
    sources: `[{kind: twitch, url: '${mock.url}', channel: 'https://www.twitch.tv/sko_police', token_file: '${file}'}]`,
  });
  account(config, 'aida', 'moderator');
  const daemon = await start(t, config);
  const api = await new Client(daemon.url).signIn('aida');
  const source = async () => (await api.get('/sources')).json.items[0];
  const texts = async () => (await api.get('/messages')).json.items.map((m) => m.text).sort();
  await until('the source to join', async () => (await source()).state === 'live');
  const first = mock.sockets[0];
  mock.say('chat');
  mock.say('chat_shared');
  mock.say('chat_own');
  await until('a line', async () => (await texts()).length === 1);

  mock.move(first);
  await until('the other connection', () => mock.sockets.length === 2);
  mock.say('chat_reply', first);
  mock.say('chat_reply');
  mock.say('chat_shared_own');
  await until('the old connection to end', () => first.readyState === first.CLOSED);
  await until('the lines', async () => (await texts()).length === 3);
  assert.deepEqual(await texts(), ['@Viewer32 когда починят свет LUL', 'said here', 'Жол қашан жөнделеді?']);
  assert.equal(mock.subscriptions.length, 4);

  mock.sockets.at(-1).terminate();
  await until('a new session', () => mock.subscriptions.length === 8);
  await until('the source to come back', async () => (await source()).state === 'live');
  mock.say('revoked');
  await until('the refusal', async () => (await source()).state === 'refused');
  assert.match((await source()).reason, /suraq connect twitch/);
  assert.equal((await stop(daemon)).code, 0);
});
