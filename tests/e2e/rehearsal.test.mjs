// SPDX-License-Identifier: Apache-2.0
// A rehearsal as a press office does it: with the recorded chat, OBS and the officer's page, every
// one of them marked. Afterwards no file of the data folder holds a word of it.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { browser, fits, noErrors, person, shot, signIn } from './browser.mjs';
import { Client, account, folder, settings, start, stop, suraq, token, until } from './support.mjs';

const SECRET = 'Құпиясынақов көшесіндегі жол қашан жөнделеді?';
const holds = (dir, text) => readdirSync(dir).filter((name) => readFileSync(join(dir, name)).includes(text));

test('a rehearsal is marked everywhere and leaves nothing', async (t) => {
  const dir = folder(t);
  const config = settings(dir, { sources: '[{kind: push}]' });
  account(config, 'aigul', 'moderator');
  account(config, 'serik', 'officer');
  const intake = { authorization: `Bearer ${token(config, 'intake', 'phone')}` };
  const key = token(config, 'overlay', 'obs');
  const daemon = await start(t, config);
  const api = await new Client(daemon.url).signIn('aigul');
  const said = (id, text) => api.post('/messages', `${JSON.stringify({ id, author: { id, name: 'Әлия' }, text })}\n`, intake);
  const current = async () => (await api.get('/broadcasts')).json.items[0];
  await api.post('/questions', { text: 'Дайын сұрақ: көше шамы қашан жанады?', lang: 'kk' });

  const chrome = await browser(t);
  const aigul = await person(chrome, daemon.url, { width: 1280, height: 800 });
  const serik = await person(chrome, daemon.url, { width: 1024, height: 768, lang: 'ru' });
  const obs = await person(chrome, daemon.url, { width: 1920, height: 1080 });
  await obs.page.goto(`/overlay?key=${key}`);
  await signIn(serik, 'serik', '/');
  await signIn(aigul, 'aigul', '/?show=rehearsal');
  const { page } = aigul;
  await page.locator('dialog input[name=feed]').waitFor();
  await shot(aigul, 'rehearsal-begin-kk');
  await page.locator('dialog button[type=submit]').click();
  await page.locator('.rehearsal-strip').waitFor();
  await serik.page.locator('.rehearsal-mark').waitFor();
  assert.equal(await obs.page.locator('.panel-rehearsal').count(), 0); // nothing shown, nothing on the picture

  await said('x1', SECRET);
  await until('the recorded chat', async () => (await api.get('/sources')).json.items.some((s) => s.name === 'rehearsal' && s.messages > 0));
  const mine = await until('the question', async () => (await api.get('/questions?status=new')).json.items.find((q) => q.original === SECRET));
  assert.equal((await api.act(mine.n, 'approve')).status, 200);
  assert.equal((await api.post('/air/next')).status, 200);
  await api.post('/overlay/show', { n: mine.n });
  await obs.page.locator('.panel-on .panel-rehearsal').waitFor();
  await serik.page.getByText('Құпиясынақов').waitFor();
  await shot(obs, 'rehearsal-overlay');
  await shot(serik, 'rehearsal-officer');
  await shot(aigul, 'rehearsal-console-kk');
  await fits(aigul);
  assert.equal((await api.get('/reports/1')).status, 409);
  assert.ok((await api.get('/stats')).json.counts.status.on_air === 1);
  await until('the text on disk', () => holds(dir, SECRET).length > 0);
  const found = async (q) => (await api.get(`/search?${new URLSearchParams({ q })}`)).json?.items?.length;
  await until('the search to find it', async () => (await found('құпиясынақов')) > 0);
  assert.equal((await api.post('/broadcasts/1/end', { open: 'carry' })).status, 409);

  await page.setViewportSize({ width: 390, height: 844 });
  await fits(aigul);
  await shot(aigul, 'rehearsal-console-phone');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.locator('select.lang').selectOption('ru');
  await page.locator('button[name=rehearsal-end]').click();
  await page.locator('dialog .danger').waitFor();
  await shot(aigul, 'rehearsal-end-ru');
  await page.locator('dialog .danger').click();
  await until('the strip to go', async () => (await page.locator('.rehearsal-strip').count()) === 0);
  await until('the officer to be free of it', async () => (await serik.page.locator('.rehearsal-mark').count()) === 0);
  await until('the overlay to be clear', async () => (await obs.page.locator('.panel-on').count()) === 0);
  await until('the file to forget', () => holds(dir, SECRET).length === 0 && holds(dir, 'Құпиясынақов').length === 0);
  assert.deepEqual(holds(dir, '~rehearsal'), []);
  await until('the search to be without it', async () => (await found('құпиясынақов')) === 0);
  assert.equal(suraq(['verify', '-c', config]).status, 0);
  assert.equal((await api.get('/sources')).json.items.length, 1);
  const { items } = (await api.get('/questions?status=new')).json;
  assert.deepEqual(items.map((q) => q.no), [1]);
  assert.equal((await current()).rehearsal, false);
  const stats = (await api.get('/stats')).json;
  assert.deepEqual([stats.counts.messages, stats.counts.questions], [0, 1]);
  assert.deepEqual(stats.acts.approve, undefined);
  await said('y1', 'когда починят светофор?');
  const real = await until('the first real question', async () => (await api.get('/questions?status=new')).json.items.find((q) => q.no === 2));
  assert.equal(real.source, 'phone');
  assert.equal(await found('құпиясынақов'), 0); // of another question with this number
  await page.getByText('светофор').first().waitFor();
  assert.equal((await api.get('/reports/1')).status, 200);

  noErrors(aigul, serik, obs);
  assert.equal((await stop(daemon)).code, 0);
  assert.deepEqual(holds(dir, 'Құпиясынақов'), []);
  const again = await start(t, config);
  const later = await new Client(again.url).signIn('aigul');
  assert.deepEqual((await later.get('/questions?status=new')).json.items.map((q) => q.no).sort(), [1, 2]);
  assert.equal((await stop(again)).code, 0);
});
