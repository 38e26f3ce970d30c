// SPDX-License-Identifier: Apache-2.0
// What the person who runs it does: starts the demo, reloads filters, adds and moves sources from
// the console, and runs short of disk.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import IRC from 'irc-framework';

import { Client, PASSWORD, ROOT, account, folder, inspircd, settings, start, stop, suraq, until } from './support.mjs';

function filter(dir, id, word) {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, `${id}.yaml`), `kind: topic
id: ${id}
title: {kk: ${id}, ru: ${id}}
rules:
  - {name: word, re: '${word}', score: 3}
examples: {match: ['${word}'], reject: ['жоқ']}
`);
}

test('the demo prints one link that signs in once, and Ctrl-C ends it cleanly', async (t) => {
  const dir = folder(t);
  const config = settings(dir, { sources: `[{kind: replay, file: ${ROOT}/config/demo.ndjson, speed: 100, loop: true}]` });
  const demo = spawn('sh', ['config/demo.sh', config], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  t.after(() => { try { process.kill(-demo.pid, 'SIGKILL'); } catch { /* it has gone */ } });
  let out = '';
  let err = '';
  demo.stdout.on('data', (d) => (out += d));
  demo.stderr.on('data', (d) => (err += d));
  const exited = new Promise((done) => demo.on('exit', (code, signal) => done({ code, signal })));
  const link = await until('the link', () => /^Open (http:\S+)$/m.exec(out)?.[1]);
  const page = await fetch(link, { headers: { accept: 'text/html' } });
  assert.match(await page.text(), /<html/);
  const joined = await fetch(link, { redirect: 'manual' });
  assert.equal(joined.status, 303);
  const cookie = joined.headers.get('set-cookie').split(';')[0];
  assert.equal((await fetch(link, { redirect: 'manual' })).status, 410);
  const url = new URL(link).origin;
  const state = await fetch(`${url}/api/v1/state`, { headers: { cookie } });
  assert.equal((await state.json()).sources.length, 1);
  await until('questions', async () => (await (await fetch(`${url}/api/v1/questions`, { headers: { cookie } })).json()).items.length > 5);
  process.kill(-demo.pid, 'SIGINT'); // as the terminal does: to all of the group
  assert.deepEqual(await exited, { code: 0, signal: null }, err);
  assert.equal(suraq(['verify', '-c', config]).status, 0);
});

test('SIGHUP puts good filters in force, and leaves them when the new ones are bad', async (t) => {
  const dir = folder(t);
  const pack = join(dir, 'filters');
  filter(pack, 'one', 'бірінші');
  const config = settings(dir, {});
  const text = `stream: {id: e2e, title: {kk: Сынақ}, languages: [kk, ru], timezone: Asia/Almaty}
listen: 127.0.0.1:0
journal: {kind: sqlite, path: ${dir}/suraq.db}
filters: [${pack}]
sources: []
`;
  writeFileSync(config, text);
  account(config, 'mod', 'moderator');
  const daemon = await start(t, config);
  const client = await new Client(daemon.url).signIn('mod');
  const topicsOf = async (words) => {
    const made = await client.post('/questions', { text: words, lang: 'kk' });
    assert.equal(made.status, 200, made.text);
    return made.json.question.topics;
  };
  assert.deepEqual(await topicsOf('екінші сұрақ'), []);
  filter(pack, 'two', 'екінші');
  daemon.child.kill('SIGHUP');
  await until('the new topic', async () => (await client.get('/state')).json.topics.some((one) => one.id === 'two'));
  assert.deepEqual(await topicsOf('тағы екінші сұрақ'), ['two']);

  writeFileSync(join(pack, 'bad.yaml'), "kind: topic\nid: bad\nrules:\n  - {name: x, re: '(', score: 3}\n");
  daemon.child.kill('SIGHUP');
  await until('the refusal', () => /bad\.yaml:4:\d+/.test(daemon.err));
  assert.deepEqual(await topicsOf('және екінші сұрақ'), ['two']);
  assert.equal((await stop(daemon)).code, 0);
});

test('a source is added, moved and switched off without a restart, and is so after one', async (t) => {
  const irc = await inspircd(t);
  const config = settings(folder(t));
  account(config, 'boss', 'admin');
  let daemon = await start(t, config);
  let client = await new Client(daemon.url).signIn('boss');
  const source = async () => (await client.get('/sources')).json.items.find((one) => one.name === 'studio');
  const heard = async (text) => (await client.get('/messages?limit=100')).json.items.some((m) => m.text === text);
  const talker = new IRC.Client();
  talker.connect({ host: '127.0.0.1', port: irc.plain, nick: 'talker', auto_reconnect: false });
  t.after(() => talker.connection?.end());
  const rooms = new Set();
  talker.on('registered', () => { talker.join('#first'); talker.join('#second'); });
  talker.on('join', (e) => { if (e.nick === 'talker') rooms.add(e.channel); });
  await until('the talker', () => rooms.size === 2);

  const wish = { kind: 'irc', target: '#first', name: 'studio', url: `ws://127.0.0.1:${irc.websocket}/` };
  const added = await client.post('/sources', wish);
  assert.equal(added.status, 200, added.text);
  assert.equal((await client.post('/sources', wish)).status, 409);
  await until('the first room', async () => (await source()).state === 'live');
  talker.say('#first', 'бірінші бөлме');
  await until('a line of the first room', () => heard('бірінші бөлме'));

  assert.equal((await client.call('PATCH', '/api/v1/sources/studio', { target: '#second' })).status, 200);
  await until('the second room', async () => (await source()).target === '#second' && (await source()).state === 'live');
  talker.say('#first', 'енді естілмейді');
  talker.say('#second', 'екінші бөлме');
  await until('a line of the second room', () => heard('екінші бөлме'));
  assert.equal(await heard('енді естілмейді'), false);

  assert.equal((await client.call('PATCH', '/api/v1/sources/studio', { enabled: false })).status, 200);
  await until('it to be off', async () => (await source()).enabled === false);
  assert.equal((await stop(daemon)).code, 0);
  daemon = await start(t, config);
  client = await new Client(daemon.url).signIn('boss');
  assert.equal((await source()).enabled, false);
  assert.equal((await source()).target, '#second');
  assert.ok((await source()).last_message_at, 'what came before the restart is not forgotten');
  assert.equal((await client.call('PATCH', '/api/v1/sources/studio', { enabled: true })).status, 200);
  await until('it to be back', async () => (await source()).state === 'live');
  talker.say('#second', 'қайта қосылды');
  await until('a line after the restart', () => heard('қайта қосылды'));
  assert.equal((await client.post('/sources', { kind: 'telegraph', target: 'x' })).status, 422);
  assert.equal((await stop(daemon)).code, 0);
});

test('with a disk that is nearly full nothing more is taken in, and the acts go on', async (t) => {
  const dir = folder(t);
  const config = settings(dir, { extra: 'min_free: 900TiB\n' });
  account(config, 'boss', 'admin');
  const daemon = await start(t, config);
  const client = await new Client(daemon.url).signIn('boss');
  const state = await until('the warning', async () => {
    const { json } = await client.get('/state');
    return json.warnings.some((one) => one.code === 'disk') && json;
  });
  assert.ok(state.warnings.find((one) => one.code === 'disk').text.length > 20);
  const refused = await client.post('/messages', '{"text":"қашан?"}\n');
  assert.equal(refused.status, 503, refused.text);
  const made = await client.post('/questions', { text: 'Телефонмен қойылған сұрақ қашан?', lang: 'kk' });
  assert.equal(made.status, 200);
  assert.equal((await client.act(made.json.question.n, 'approve')).status, 200);
  assert.equal((await stop(daemon)).code, 0);
});

test('a password that is changed on the command line ends the sessions of its user', async (t) => {
  const config = settings(folder(t));
  account(config, 'mod', 'moderator');
  const daemon = await start(t, config);
  const client = await new Client(daemon.url).signIn('mod');
  const live = await client.live();
  const changed = suraq(['user', 'passwd', 'mod', '-c', config], { input: 'another long password\n' });
  assert.equal(changed.status, 0, changed.err);
  await until('the session to end', async () => (await client.get('/state')).status === 401);
  await until('the live connection to end', () => live.closed);
  const again = new Client(daemon.url);
  await assert.rejects(again.signIn('mod', PASSWORD), /401/);
  await again.signIn('mod', 'another long password');
  assert.equal((await stop(daemon)).code, 0);
});
