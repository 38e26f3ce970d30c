// SPDX-License-Identifier: Apache-2.0
// Somebody looks at /stats while the chat runs: the numbers are those of the queue and follow it,
// everything is reached by keyboard, and what is exported says the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { browser, fits, noErrors, person, shot, signIn } from './browser.mjs';
import { Client, account, folder, settings, start, stop, token, until } from './support.mjs';

const TEXTS = [
  'жол қашан жөнделеді?', 'тас жолдағы шұңқырды кім жөндейді?', 'когда починят светофор?',
  'как оформить гражданство?', 'мас жүргізушіні қайда айтамыз?', 'куда жаловаться на шум ночью?',
];

async function download(page, button) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator(`button[name=${button}]`).press('Enter')]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

test('the numbers of a broadcast are seen live and taken away', async (t) => {
  const config = settings(folder(t), { sources: '[{kind: push}]' });
  account(config, 'boss', 'admin');
  account(config, 'vera', 'viewer');
  account(config, 'serik', 'officer');
  const intake = (name) => ({ authorization: `Bearer ${token(config, 'intake', name)}` });
  const daemon = await start(t, config);
  const api = await new Client(daemon.url).signIn('boss');
  const phone = intake('youtube');
  const lines = TEXTS.map((text, i) => JSON.stringify({ id: `m${i}`, author: { id: `a${i}` }, text }));
  await api.post('/messages', `${[...lines, '{"text":"рахмет","author":{"id":"z"}}'].join('\n')}\n`, phone);
  const { items } = (await api.get('/questions?status=new')).json;
  assert.equal(items.length, TEXTS.length);
  for (const q of items.slice(0, 3)) await api.act(q.n, 'approve');
  await api.act(items[4].n, 'reject', { reason: 'off_topic' });
  await api.post('/air/next');
  await api.post('/air/next');

  const chrome = await browser(t);
  const vera = await person(chrome, daemon.url);
  const { page } = vera;
  await signIn(vera, 'vera', '/');
  await page.locator('.me-button').click();
  await page.locator('a[href="/stats"]').click();
  const tile = (id) => page.locator(`[data-tile=${id}] b`);
  await tile('messages').waitFor();
  assert.equal(await tile('messages').innerText(), '7');
  assert.equal(await tile('questions').innerText(), '6');
  assert.equal(await tile('aired').innerText(), '2');
  assert.equal(await tile('answered').innerText(), '1');
  assert.match(await tile('answer_rate').innerText(), /20/);
  assert.match(await page.locator('[data-groups=sources] tbody').innerText(), /youtube/);
  assert.equal(await page.locator('.people-table').innerText().then((text) => /boss/.test(text)), false);

  await api.post('/messages', '{"text":"көпір қашан салынады?","author":{"id":"q"}}\n', phone);
  await until('the page to follow', async () => (await tile('messages').innerText()) === '8', 15000);

  const plot = page.locator('.plot').first();
  await plot.focus();
  await page.keyboard.press('End');
  assert.match(await page.locator('.stats-plots [aria-live=polite]').innerText(), /хабар — \d/);

  const minutes = await download(page, 'csv-minutes');
  assert.equal(minutes.name, 'suraq-1-minutes.csv');
  const rows = minutes.bytes.toString('utf8').trim().split('\r\n').slice(1).map((row) => row.split(','));
  assert.equal(rows.reduce((sum, row) => sum + Number(row[1]), 0), 8);
  const groups = await download(page, 'csv-groups');
  assert.match(groups.bytes.toString('utf8'), /\r\nsources,youtube,7,3,2,1,1,0\r\n/);
  const picture = await download(page, 'png');
  assert.deepEqual([...picture.bytes.subarray(1, 4)], [...Buffer.from('PNG')]);
  assert.ok(picture.bytes.length > 5000);

  await page.locator('select[name=range]').selectOption('30');
  await page.locator('select.lang').selectOption('ru');
  await page.getByRole('heading', { name: 'Статистика' }).waitFor();
  assert.match(await page.locator('[data-groups=langs]').innerText(), /Казахский/);
  await page.setViewportSize({ width: 390, height: 800 });
  await until('the plot to be as narrow as the page', async () => (await plot.boundingBox()).width < 380);
  await fits(vera);
  await shot(vera, 'stats-ru-phone');

  const boss = await person(chrome, daemon.url);
  await signIn(boss, 'boss', '/stats');
  await boss.page.locator('.people-table').waitFor();
  assert.match(await boss.page.locator('.people-table').innerText(), /boss/);
  await shot(boss, 'stats-kk');
  await fits(boss);
  const serik = await person(chrome, daemon.url);
  await signIn(serik, 'serik', '/stats');
  await serik.page.locator('.card h2').waitFor();
  assert.equal(await serik.page.locator('.stats').count(), 0);
  noErrors(vera, boss, serik);
  assert.equal((await stop(daemon)).code, 0);
});
