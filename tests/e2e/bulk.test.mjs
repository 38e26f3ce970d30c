// SPDX-License-Identifier: Apache-2.0
// Many questions at once, and one at a time: by keyboard, by mouse and in the hand.
import assert from 'node:assert/strict';
import test from 'node:test';

import { browser, fits, noErrors, person, shot, signIn } from './browser.mjs';
import { Client, account, folder, settings, start, stop, until } from './support.mjs';

const STREETS = ['Абай', 'Бөкетов', 'Жамбыл', 'Қонаев', 'Пушкин', 'Мұқанов', 'Сәтбаев', 'Уәлиханов'];

async function desk(t) {
  const dir = folder(t);
  const config = settings(dir, { sources: '[{kind: push}]' });
  account(config, 'aida', 'moderator');
  const daemon = await start(t, config);
  const api = await new Client(daemon.url).signIn('aida');
  for (const street of STREETS) {
    const made = await api.post('/questions', { text: `${street} көшесіндегі шұңқырлар қашан жөнделеді?`, lang: 'kk' });
    assert.equal(made.status, 200);
  }
  const chrome = await browser(t);
  const status = async (name) => (await api.get(`/questions?status=${name}&limit=100`)).json.items;
  return { daemon, api, chrome, status };
}

const ticked = (page) => page.locator('.rows .row-ticked');

test('what is ticked is decided at once, and one undo takes it back', async (t) => {
  const { daemon, api, chrome, status } = await desk(t);
  const aida = await person(chrome, daemon.url, { width: 1280, height: 800 });
  const { page } = aida;
  await signIn(aida, 'aida');
  await page.locator('.rows li[data-n]').nth(7).waitFor();

  assert.equal(await page.locator('.tick').count(), 0); // nothing is ticked: nothing to see
  for (const key of ['j', 'x', 'j', 'x', 'j', 'x']) await page.keyboard.press(key);
  await until('three of them', async () => (await ticked(page).count()) === 3);
  await page.locator('.tick input').nth(3).check();
  await until('the fourth, by mouse', async () => (await ticked(page).count()) === 4);
  await shot(aida, 'bulk-kk');
  await fits(aida);
  await page.keyboard.press('a');
  await until('four approved', async () => (await status('queued')).length === 4);
  await page.locator('.toast', { hasText: 'Орындалды: 4' }).waitFor();
  assert.equal(await ticked(page).count(), 0);
  await page.keyboard.press('Control+z');
  await until('none approved', async () => (await status('new')).length === 8);

  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.locator('.bulk-bar .text-button').click(); // the whole list
  await until('all of them', async () => (await ticked(page).count()) === 8);
  await page.keyboard.press('Escape');
  await until('none of them', async () => (await ticked(page).count()) === 0);

  await page.locator('.rows li[data-n]').first().click();
  await page.locator('button[name=tick]').click();
  await page.locator('.tick input').nth(1).check();
  await page.locator('button[name=bulk-reject]').click();
  await page.locator('dialog .reasons').waitFor();
  await shot(aida, 'bulk-reject-kk');
  await page.keyboard.press('4');
  await until('two rejected', async () => (await status('rejected')).map((q) => q.reason).join() === 'repeat,repeat');

  const third = (await status('new'))[0];
  await page.locator('.rows li[data-n]').first().click();
  await page.keyboard.press('x');
  await page.locator('.tick input').nth(1).check();
  await page.locator('.tick input').nth(2).check();
  assert.equal((await api.act(third.n, 'reject', { reason: 'spam' })).status, 200); // somebody was first
  await until('it to be gone', async () => (await ticked(page).count()) === 2 || (await page.locator('.row-gone').count()) === 1);
  await page.keyboard.press('t');
  await page.locator('dialog .checks input').nth(1).check();
  await page.locator('dialog button[type=submit]').click();
  await until('a topic for two', async () => (await status('new')).filter((q) => q.topics.length === 1).length >= 2);

  const before = (await status('new')).length;
  await page.mouse.move(640, 20);
  for (const key of ['j', 'j', 'x', 'j', 'x']) await page.keyboard.press(key);
  await until('two ticked', async () => (await ticked(page).count()) === 2);
  await page.keyboard.press('m');
  await until('one of two', async () => (await status('new')).length === before - 1);
  noErrors(aida);
  assert.equal((await stop(daemon)).code, 0);
});

test('one question at a time, in the hand', async (t) => {
  const { daemon, chrome, status } = await desk(t);
  const aida = await person(chrome, daemon.url, { lang: 'ru', width: 390, height: 844 });
  const { page } = aida;
  await signIn(aida, 'aida');
  await page.locator('.rows li[data-n]').nth(7).waitFor();
  await page.locator('button[name=single-on]').tap();
  await page.getByText('1 / 8').waitFor();
  assert.equal(await page.locator('.rows li[data-n]').count(), 1);
  await shot(aida, 'single-ru');
  await fits(aida);
  await page.locator('.rows .row-side button').first().tap();
  await until('the approval', async () => (await status('queued')).length === 1);
  await page.getByText('1 / 7').waitFor();
  await page.locator('.single-bar button').nth(1).tap();
  await page.getByText('2 / 7').waitFor();
  await page.reload();
  await page.locator('.single-bar').waitFor(); // it is remembered
  await page.locator('button[name=single-off]').tap();
  await page.locator('.rows li[data-n]').nth(6).waitFor();
  noErrors(aida);
  assert.equal((await stop(daemon)).code, 0);
});
