// SPDX-License-Identifier: Apache-2.0
// One person at the console lets the rule queue what is plainly good: it is seen waiting, can be
// held back, and what was queued can be taken back. Nothing goes on air by itself.
import assert from 'node:assert/strict';
import test from 'node:test';

import { browser, fits, noErrors, person, shot, signIn } from './browser.mjs';
import { Client, account, folder, settings, start, stop, token, until } from './support.mjs';

test('plainly good questions queue themselves, and people keep the last word', async (t) => {
  const config = settings(folder(t), { sources: '[{kind: push}]', extra: 'auto_queue: {wait: 4s, score: 3}\n' });
  account(config, 'aigul', 'moderator');
  const intake = { authorization: `Bearer ${token(config, 'intake', 'phone')}` };
  const daemon = await start(t, config);
  const api = await new Client(daemon.url).signIn('aigul');
  const say = (id, text) => api.post('/messages', `${JSON.stringify({ id, author: { id, name: 'Әлия' }, text })}\n`, intake);
  const all = async () => (await api.get('/questions?status=new,queued,on_air')).json.items;
  const of = async (part) => (await all()).find((q) => q.original.includes(part));

  const chrome = await browser(t);
  const aigul = await person(chrome, daemon.url, { width: 1280, height: 800 });
  const { page } = aigul;
  await signIn(aigul, 'aigul', '/');
  const toggle = page.locator('button[name=auto]');
  await toggle.waitFor();
  assert.equal(await toggle.getAttribute('aria-pressed'), 'false');
  await say('m0', 'когда отремонтируют дорогу на улице Жамбыла?');
  assert.equal((await of('Жамбыла')).auto_at, null);
  await toggle.click();
  await until('the rule to be on', async () => (await toggle.getAttribute('aria-pressed')) === 'true');

  await say('m1', 'когда починят светофор на перекрёстке Абая?');
  await say('m2', 'жол қашан жөнделеді?');
  await say('m3', 'мой номер 8 701 555 66 77, где получить штраф?');
  assert.equal((await of('штраф')).auto_at, null);
  const held = page.locator('.row', { hasText: 'светофор' });
  await held.locator('.auto-wait').waitFor();
  await shot(aigul, 'auto-wait-kk');
  await fits(aigul);
  await held.locator('button[name=hold]').click();
  await held.locator('.auto-wait').waitFor({ state: 'detached' });
  const queued = await until('the other to be queued', async () => {
    const q = await of('жол қашан');
    return q.status === 'queued' && q;
  });
  assert.equal(queued.last_actor, 'system');
  assert.equal((await of('светофор')).status, 'new');
  assert.equal((await of('Жамбыла')).status, 'new');
  assert.equal((await all()).some((q) => q.status === 'on_air'), false);
  await page.locator('.auto-queued').waitFor();
  await shot(aigul, 'auto-queued-kk');
  await page.locator('.auto-queued').click();
  await until('it to be taken back', async () => (await of('жол қашан')).status === 'new');

  await say('m4', 'көпір қашан салынады, жол жабық па?');
  await page.locator('.auto-wait').waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator('select.lang').first().waitFor({ state: 'attached' });
  await fits(aigul);
  await shot(aigul, 'auto-wait-phone');
  await api.post('/broadcasts/1/auto_queue', { on: false });
  await page.locator('.auto-wait').waitFor({ state: 'detached' });
  noErrors(aigul);
  assert.equal((await stop(daemon)).code, 0);
});
