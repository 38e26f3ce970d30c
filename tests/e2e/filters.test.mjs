// SPDX-License-Identifier: Apache-2.0
// Rule files changed from the console: mistakes, somebody else first, in force, put back, restart.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Client, account, folder, settings, start, stop } from './support.mjs';

const FILE = '/filters/topics/zoo.yaml';
const yaml = (word) => `kind: topic\nid: zoo\ntitle: {kk: Зоо, ru: Зоопарк, en: Zoo}\nrules:\n  - {name: zoo, re: '%{B}${word}%{T}', score: 2}\n`;

test('a rule file is changed, put back, and stays over a restart', async (t) => {
  const config = settings(folder(t), { sources: '[{kind: push}]' });
  account(config, 'boss', 'admin');
  let daemon = await start(t, config);
  let boss = await new Client(daemon.url).signIn('boss');
  const put = (body) => boss.call('PUT', `/api/v1${FILE}`, body);
  const list = (await boss.get('/filters')).json;
  assert.ok(list.files.length > 5);

  const bad = await put({ content: 'kind: topic\nid: zoo\nrules:\n  - {name: a, re: "(", score: 2}\n', version: list.version });
  assert.equal(bad.status, 422, bad.text);
  assert.ok(bad.json.issues.some((i) => i.file === 'topics/zoo.yaml' && i.line === 4 && i.severity === 'error'), bad.text);
  assert.equal((await put({ content: yaml('зоопарк'), version: '0'.repeat(16) })).status, 409);

  const tried = await boss.post('/filters/try', { files: [{ name: 'topics/zoo.yaml', content: yaml('зоопарк') }], lines: ['где зоопарк?'], recent: true });
  assert.equal(tried.status, 200, tried.text);
  assert.ok(tried.json.lines[0].verdict.topics.includes('zoo'), tried.text);
  const made = await put({ content: yaml('зоопарк'), version: list.version, note: 'first' });
  assert.equal(made.status, 200, made.text);
  assert.equal(made.json.history[0].by, 'boss');
  const other = await put({ content: yaml('жираф'), version: made.json.version });
  assert.equal(other.status, 200, other.text);
  const back = await put({ revert_to: made.json.history[0].seq, version: other.json.version });
  assert.equal(back.status, 200, back.text);
  assert.equal(back.json.content, yaml('зоопарк'));
  assert.equal(back.json.version, made.json.version);

  await stop(daemon);
  daemon = await start(t, config);
  boss = await new Client(daemon.url).signIn('boss');
  const kept = (await boss.get(FILE)).json;
  assert.equal(kept.content, yaml('зоопарк'));
  assert.equal(kept.version, made.json.version);
  assert.equal(kept.history.length, 3);
  assert.equal((await boss.get('/filters/topics%2Fzoo.yaml')).status, 200);
  assert.equal((await boss.call('DELETE', `/api/v1${FILE}`)).status, 200);
  assert.equal((await boss.get(FILE)).status, 404);
  assert.equal((await boss.get('/filters')).json.version, list.version);
});
