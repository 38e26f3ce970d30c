// SPDX-License-Identifier: Apache-2.0
// A person's mistakes get an error that says what, where and what to do; hostile bytes get nowhere.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { join } from 'node:path';
import test from 'node:test';

import { Client, PROGRAM, ROOT, account, folder, settings, start, stop, suraq, token, until } from './support.mjs';

test('every mistake in the settings is named with its place, and nothing starts', (t) => {
  const dir = folder(t);
  const config = settings(dir, { extra: 'lissten: 127.0.0.1:1\nretention: {text_days: soon}\nmin_free: -3\n' });
  const run = suraq(['run', '-c', config]);
  assert.equal(run.status, 3);
  assert.equal(run.out, '');
  for (const [line, word] of [[6, 'lissten'], [7, 'text_days'], [8, 'min_free']]) {
    assert.match(run.err, new RegExp(`suraq\\.yaml:${line}:\\d+: .*${word}`));
  }
  assert.equal(existsSync(join(dir, 'suraq.db')), false);
});

test('broken YAML names its line', (t) => {
  const dir = folder(t);
  const file = join(dir, 'suraq.yaml');
  writeFileSync(file, 'stream: {id: e2e\nlisten: [\n');
  const run = suraq(['run', '-c', file]);
  assert.equal(run.status, 3);
  assert.match(run.err, /suraq\.yaml:\d+:\d+: /);
});

test('a bad regex in a filter is refused with file, line and column', (t) => {
  const dir = folder(t);
  const filters = join(dir, 'filters');
  mkdirSync(filters);
  writeFileSync(join(filters, 'bad.yaml'),
    "kind: topic\nid: bad\ntitle: {kk: а, ru: б}\nrules:\n  - {name: one, re: 'дорог(а'}\nexamples: {match: ['дорога'], reject: ['река']}\n");
  const check = suraq(['check', '--filters', filters]);
  assert.notEqual(check.status, 0);
  assert.match(check.err + check.out, /bad\.yaml:5:\d+: /);
});

test('a port that is taken and a journal that cannot be written are runtime failures with a reason', async (t) => {
  const taken = net.createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const config = settings(folder(t));
  const { port } = taken.address();
  const run = suraq(['run', '-c', config], { env: { SURAQ_LISTEN: `127.0.0.1:${port}` } });
  assert.equal(run.status, 4);
  assert.match(run.err, new RegExp(`${port}`));

  const nowhere = suraq(['run', '-c', config], { env: { SURAQ_JOURNAL_PATH: '/proc/nowhere/suraq.db' } });
  assert.equal(nowhere.status, 4);
  assert.match(nowhere.err, /\/proc\/nowhere/);
});

test('a second program on the same journal is refused', async (t) => {
  const config = settings(folder(t));
  const daemon = await start(t, config);
  const second = suraq(['run', '-c', config]);
  assert.equal(second.status, 4);
  assert.match(second.err, /suraq\.db/);
  await stop(daemon);
});

test('judge answers each line in order, also the broken ones', () => {
  const input = ['{"id":"m1","text":"жол қашан жөнделеді?"}', '', 'not json', '{"text":7}', '{"delete":"m1","source":"x"}']
    .join('\n');
  const run = suraq(['judge', '--filters', 'filters/police-kz'], { input });
  assert.equal(run.status, 0);
  const lines = run.out.trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(lines.length, 4);
  assert.equal(lines[0].id, 'm1');
  assert.equal(lines[0].question, true);
  assert.equal(lines[1].line, 3);
  assert.ok(lines[1].error);
  assert.equal(lines[2].line, 4);
  assert.deepEqual(lines[3], { deleted: 'm1' });
});

test('judge refuses a line of any length without keeping it, and goes on', () => {
  const input = `{"text":"${'а'.repeat(3 << 20)}"}\n{"text":"\\u0000 қашан?"}\n{"text":"соңы"}`;
  const run = suraq(['judge', '--filters', 'filters/police-kz'], { input });
  assert.equal(run.status, 0);
  const lines = run.out.trim().split('\n').map((line) => JSON.parse(line));
  assert.match(lines[0].error, /longer than/);
  assert.ok(lines[1].held, 'what held a NUL is for a person to look at');
  assert.equal(lines[2].masked, 'соңы');
});

test('judge answers a line before it gets the next', async (t) => {
  const judge = spawn(PROGRAM, ['judge', '--filters', 'filters/police-kz'], { cwd: ROOT, stdio: ['pipe', 'pipe', 'ignore'] });
  t.after(() => judge.kill('SIGKILL'));
  let out = '';
  judge.stdout.on('data', (d) => (out += d));
  for (let i = 1; i <= 3; i++) {
    judge.stdin.write(`{"id":"m${i}","text":"жол қашан жөнделеді?"}\n`);
    await until(`answer ${i}`, () => out.split('\n').length === i + 1);
  }
  judge.stdin.end();
});

const HOSTILE = [
  '<script>alert(1)</script> когда починят дорогу?',
  'когда \u001b[31mкрасный\u001b[0m починят дорогу?',
  '\u202Eкогда починят дорогу?\u2066',
  '=HYPERLINK("http://x";"когда починят дорогу?")',
  'когда починят дорогу?'.padEnd(9000, ' ё'),
];

test('hostile chat text is kept for people and harmless on every way out', async (t) => {
  const config = settings(folder(t));
  account(config, 'mod', 'moderator');
  const bearer = { authorization: `Bearer ${token(config, 'intake', 'web')}` };
  const daemon = await start(t, config);
  const client = await new Client(daemon.url).signIn('mod');
  const body = HOSTILE.map((text, i) => JSON.stringify({ id: `h${i}`, author: { id: `a${i}`, name: `<b>${i}\u202E` }, text }))
    .join('\n');
  const answer = await client.call('POST', '/api/v1/messages', body, bearer);
  assert.equal(answer.status, 200);
  assert.equal(answer.json.accepted, HOSTILE.length);
  const raw = await client.get('/messages');
  assert.equal(raw.json.items.length, HOSTILE.length);
  assert.doesNotMatch(raw.text, /<script|[\u0000-\u0009\u000b-\u001f]/);
  for (const item of raw.json.items) assert.doesNotMatch(item.masked, /[\u0000\u001b\u202e\u2066]/);
  await stop(daemon);
  assert.doesNotMatch(daemon.err, /[\u0000-\u0009\u000b-\u001f\u202e]/);
});

test('bad bodies, oversized ones and bad UTF-8 get a problem and lose nothing', async (t) => {
  const config = settings(folder(t));
  account(config, 'mod', 'moderator');
  const bearer = { authorization: `Bearer ${token(config, 'intake', 'web')}` };
  const daemon = await start(t, config);
  const client = new Client(daemon.url);

  const wrong = await client.post('/session', { user: 'mod', password: 'not the password' });
  assert.equal(wrong.status, 401);
  assert.match(wrong.headers.get('content-type'), /problem\+json/);
  await client.signIn('mod');

  const malformed = await client.call('POST', '/api/v1/air/next', '{"on_air":', { 'content-type': 'application/json' });
  assert.equal(malformed.status, 400);
  const large = await client.call('POST', '/api/v1/air/next', JSON.stringify({ x: 'x'.repeat(200000) }),
    { 'content-type': 'application/json' }).catch((e) => e);
  if (!(large instanceof Error)) assert.equal(large.status, 413);

  const mixed = await fetch(`${daemon.url}/api/v1/messages`, {
    method: 'POST',
    headers: { ...bearer, 'content-type': 'application/x-ndjson' },
    body: Buffer.concat([Buffer.from('{"id":"1","text":"a'), Buffer.from([0xff]), Buffer.from('"}\n{"id":"2","text":"сәлем"}\n')]),
  });
  const told = await mixed.json();
  assert.equal(told.accepted, 2);
  const held = (await client.get('/messages')).json.items.find((m) => m.id === '1');
  assert.equal(held.text, 'a\uFFFD');
  assert.ok(held.verdict.held, 'a line with bad bytes is held for a person');
  assert.equal((await stop(daemon)).code, 0);
});

test('SIGTERM ends the program cleanly and the journal verifies', async (t) => {
  const config = settings(folder(t));
  const daemon = await start(t, config);
  const how = await stop(daemon);
  assert.deepEqual(how, { code: 0, signal: null });
  assert.equal(suraq(['verify', '-c', config]).status, 0);
});

