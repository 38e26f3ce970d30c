// SPDX-License-Identifier: Apache-2.0
// Questions that say the same: the chat's words go in, one row comes out; a near one names the
// other, and the moderator merges it at a key.
import assert from 'node:assert/strict';
import test from 'node:test';

import { browser, fits, noErrors, person, shot, signIn } from './browser.mjs';
import { Client, account, folder, settings, start, stop, token, until } from './support.mjs';

const SAID = [
  ['a', 'Абай көшесіндегі бағдаршам қашан жөнделеді?'],
  ['b', 'абай кошесиндеги багдаршам кашан жонделеди'],
  ['c', 'Bagdarsham Abai koshesindegi qashan zhondeledi?'],
  ['d', 'Мир көшесіндегі бағдаршам қашан жөнделеді?'],
  ['e', 'Абай көшесіндегі бағдаршам неге істемейді, қашан жөнделеді?'],
];

const row = (page, text) => page.locator('.rows li', { hasText: text });

test('what says the same is one question, what is near is merged at a key', async (t) => {
  const config = settings(folder(t));
  account(config, 'aida', 'moderator');
  const bearer = { authorization: `Bearer ${token(config, 'intake', 'bridge')}` };
  const daemon = await start(t, config);
  const api = await new Client(daemon.url).signIn('aida');
  const lines = SAID.map(([who, text]) => JSON.stringify({ id: who, author: { id: who, name: who }, text }));
  assert.equal((await new Client(daemon.url).post('/messages', lines.join('\n'), bearer)).status, 200);

  const items = (await api.get('/questions?status=new')).json.items.reverse(); // the oldest first
  assert.deepEqual(items.map((q) => [q.n, q.count]), [[1, 3], [2, 1], [3, 1]]);
  assert.equal(items[2].like[0].n, 1);
  assert.ok(items[2].like[0].similarity >= 0.55 && items[2].like[0].similarity < 0.9);

  // By hand nothing joins; the line is named all the same.
  const made = await api.post('/questions', { text: SAID[0][1], lang: 'kk' });
  assert.deepEqual(made.json.question.like[0], { n: 1, similarity: 1 });

  const chrome = await browser(t);
  const mod = await person(chrome, daemon.url, { lang: 'ru' });
  await signIn(mod, 'aida');
  await row(mod.page, 'Похоже на №1').first().waitFor();
  await row(mod.page, 'неге істемейді').click();
  await shot(mod, 'like');
  await fits(mod);
  await mod.page.keyboard.press('=');
  await until('the merge', async () => (await api.get('/questions/3')).json.status === 'merged');
  // The page knows of the merge, too: the next one meets the version of now.
  await mod.page.locator('.rows li[data-n="1"] .badge-count', { hasText: '4' }).waitFor();
  await mod.page.locator('.rows li[data-n="4"] .alike button').click();
  await until('the other merge', async () => (await api.get('/questions/4')).json.merged_into === 1);
  assert.equal((await api.get('/questions/1')).json.count, 5);
  await mod.page.locator('.rows li[data-n="1"] .badge-count', { hasText: '5' }).waitFor();
  await mod.page.keyboard.press('u');
  await until('the merge to be undone', async () => (await api.get('/questions/4')).json.status === 'new');
  noErrors(mod);
  assert.equal((await stop(daemon)).code, 0);
});
