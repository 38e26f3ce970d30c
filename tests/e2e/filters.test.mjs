// SPDX-License-Identifier: Apache-2.0
// Filters changed while the chat runs: nothing is lost, mistakes have a place, two people do not
// overwrite each other, and what is in force is in force after a restart.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Client, ROOT, account, folder, settings, start, stop, suraq, until } from './support.mjs';

const FILE = '/filters/topics/bridge.yaml';
const CHAT = readFileSync(join(ROOT, 'config/demo.ndjson'), 'utf8').split('\n').filter((l) => /"text"/.test(l)).length;
const topic = (re) => `kind: topic
id: bridge
title: {kk: Көпір, ru: Мост, en: Bridge}
rules:
  - {name: bridge, re: '${re}', score: 3, description: {kk: көпір, ru: мост, en: bridge}}
examples: {match: ['көпір қашан салынады?'], reject: ['рахмет']}
`;

class Admin extends Client {
  async put(path, body) {
    const { json: { version } } = await this.get('/filters');
    return this.call('PUT', `/api/v1${path}`, { version, ...body });
  }
  remove(path) { return this.call('DELETE', `/api/v1${path}`); }
}

async function said(boss) {
  return (await boss.get('/broadcasts')).json.items.reduce((sum, b) => sum + b.messages, 0);
}

test('a rule is changed, tried, put in force and reverted while the chat runs, and nothing is lost', async (t) => {
  const replay = `[{kind: replay, file: ${ROOT}/config/demo.ndjson, speed: 60}]`;
  const config = settings(folder(t), { sources: replay });
  account(config, 'boss', 'admin');
  let daemon = await start(t, config);
  let boss = await new Admin(daemon.url).signIn('boss');
  await until('some chat', async () => (await said(boss)) > 5);

  const first = await boss.put(FILE, { content: topic('көпір'), note: 'жаңа көпір' });
  assert.equal(first.status, 200, first.text);
  assert.deepEqual(first.json.warnings.filter((w) => w.severity === 'error'), []);
  await boss.post('/messages', '{"id":"b1","text":"көпір қашан салынады?","author":{"id":"a"}}\n');
  const { items } = (await boss.get('/questions?topic=bridge')).json;
  assert.equal(items.length, 1);

  for (let i = 0; i < 10; i++) {
    const next = await boss.put(FILE, { content: topic(`(?:көпір|мост${i})`) });
    assert.equal(next.status, 200, next.text);
    const tried = await boss.post('/filters/try', {
      files: [{ name: 'topics/bridge.yaml', content: topic('көпірлер?') }], lines: ['көпір қашан?'], recent: true });
    assert.equal(tried.status, 200, tried.text);
    assert.ok(tried.json.recent.messages > 0);
  }
  const { json: now } = await boss.get(FILE);
  assert.equal(now.history.length, 11);
  const back = await boss.put(FILE, { revert_to: now.history.at(-1).seq });
  assert.equal(back.status, 200, back.text);
  assert.equal(back.json.content, topic('көпір'));
  assert.deepEqual([back.json.history[0].action, back.json.history[0].by], ['revert', 'boss']);

  const times = [...daemon.err.matchAll(/built in (\d+) ms, put in force in (\d+) ms/g)];
  assert.equal(times.length, 12, daemon.err);
  t.diagnostic(`built in ${times.map((one) => one[1])} ms, put in force in ${times.map((one) => one[2])} ms`);
  await until('the end of the chat', async () => (await boss.get('/sources')).json.items[0].state === 'ended');
  const all = await said(boss);
  assert.equal(all, CHAT + 1);

  assert.equal((await stop(daemon)).code, 0);
  assert.equal(suraq(['verify', '-c', config]).status, 0);
  daemon = await start(t, config);
  boss = await new Admin(daemon.url).signIn('boss');
  const { json: after } = await boss.get(FILE);
  assert.equal(after.content, topic('көпір'));
  assert.equal(after.version, back.json.version);
  assert.equal(after.history.length, 12);
  assert.equal(await said(boss), all);
  assert.equal((await stop(daemon)).code, 0);
});

test('mistakes change nothing, an old version is refused, a shipped file comes back', async (t) => {
  const config = settings(folder(t));
  account(config, 'boss', 'admin');
  account(config, 'aida', 'moderator');
  const daemon = await start(t, config);
  const boss = await new Admin(daemon.url).signIn('boss');
  const { version, files } = (await boss.get('/filters')).json;
  assert.ok(files.length > 20 && files.every((f) => f.shipped && !f.changed));

  const bad = await boss.put(FILE, { content: `kind: topic
id: bridge
rules:
  - {name: one, re: '(', score: 3}
  - {name: two, re: 'a*', score: 3}
  - {name: three, re: '%{NOSUCH}', score: 3}
  - {name: four, re: 'мост', score: много}
  - {nam: five, re: 'мост'}
` });
  assert.equal(bad.status, 422);
  const errors = bad.json.issues.filter((i) => i.severity === 'error' && i.file === 'topics/bridge.yaml');
  for (const line of [4, 5, 6, 7, 8]) assert.ok(errors.some((i) => i.line === line && i.column > 0), `${line}: ${bad.text}`);
  assert.equal((await boss.get('/filters')).json.version, version);
  assert.equal((await boss.get(FILE)).status, 404);

  assert.equal((await boss.put(FILE, { content: topic('көпір') })).status, 200);
  const late = await boss.call('PUT', `/api/v1${FILE}`, { version, content: topic('мост') });
  assert.equal(late.status, 409);
  assert.equal(late.json.version, (await boss.get('/filters')).json.version);

  const shipped = (await boss.get('/filters/question%2Fru.yaml')).json;
  const changed = await boss.put('/filters/question/ru.yaml', { content: `${shipped.content}\n# біздің\n`, note: 'a' });
  assert.equal(changed.status, 200, changed.text);
  assert.equal(changed.json.shipped_content, shipped.content);
  const gone = await boss.remove('/filters/question/ru.yaml');
  assert.equal(gone.json.content, shipped.content);
  assert.equal((await boss.remove(FILE)).status, 200);
  assert.equal((await boss.get('/filters')).json.version, version);

  const aida = await new Admin(daemon.url).signIn('aida');
  assert.equal((await aida.put(FILE, { content: topic('көпір') })).status, 403);
  assert.equal((await aida.post('/filters/try', { lines: ['көпір қашан салынады?'] })).json.lines[0].verdict.question, true);
  assert.equal((await stop(daemon)).code, 0);
});

test('SIGHUP keeps what people changed', async (t) => {
  const config = settings(folder(t));
  account(config, 'boss', 'admin');
  const daemon = await start(t, config);
  const boss = await new Admin(daemon.url).signIn('boss');
  const { version } = (await boss.put(FILE, { content: topic('көпір') })).json;
  daemon.child.kill('SIGHUP');
  await until('the reload', () => daemon.err.includes('the filters were read anew'));
  assert.equal((await boss.get('/filters')).json.version, version);
  assert.equal((await boss.get(FILE)).json.content, topic('көпір'));
  assert.equal((await stop(daemon)).code, 0);
});

test('a start whose edits do not fit the folders goes on without them, and says so', async (t) => {
  const dir = folder(t);
  const pack = join(dir, 'filters');
  mkdirSync(pack);
  const macros = (name) => writeFileSync(join(pack, 'macros.yaml'), `kind: macros\nmacros: {${name}: '[көк]'}\n`);
  macros('OLD');
  const config = settings(dir);
  writeFileSync(config, readFileSync(config, 'utf8').replace(/^filters: .*$/m, `filters: [${pack}]`));
  account(config, 'boss', 'admin');
  let daemon = await start(t, config);
  let boss = await new Admin(daemon.url).signIn('boss');
  assert.equal((await boss.put(FILE, { content: topic('%{OLD}өпір') })).status, 200);
  assert.equal((await stop(daemon)).code, 0);

  macros('NEW');
  daemon = await start(t, config);
  assert.match(daemon.err, /starting without the files changed on the page \(1\)/);
  boss = await new Admin(daemon.url).signIn('boss');
  assert.ok((await boss.get('/state')).json.warnings.some((w) => w.code === 'filters'));
  assert.equal((await boss.get('/filters')).json.files.length, 1);
  const { json: file } = await boss.get(FILE);
  assert.equal(file.content, null);
  assert.equal(file.history.length, 1);
  assert.equal((await boss.put(FILE, { content: topic('%{NEW}өпір') })).status, 200);
  assert.ok(!(await boss.get('/state')).json.warnings.some((w) => w.code === 'filters'));
  assert.equal((await stop(daemon)).code, 0);
  daemon = await start(t, config);
  boss = await new Admin(daemon.url).signIn('boss');
  assert.equal((await boss.get(FILE)).json.content, topic('%{NEW}өпір'));
  assert.ok(!(await boss.get('/state')).json.warnings.some((w) => w.code === 'filters'));
  assert.equal((await stop(daemon)).code, 0);
});
