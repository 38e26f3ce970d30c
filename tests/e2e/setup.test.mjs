// SPDX-License-Identifier: Apache-2.0
// The day of the broadcast: the checklist says what is not ready, and follows as it is mended.
import assert from 'node:assert/strict';
import test from 'node:test';

import { browser, fits, noErrors, person, shot, signIn } from './browser.mjs';
import { Client, account, folder, settings, start, stop, suraq, token, until } from './support.mjs';

test('the checklist follows what is mended', async (t) => {
  const dir = folder(t);
  const config = settings(dir, { sources: '[{kind: push}, {kind: irc, url: "ws://127.0.0.1:1/", channel: "#x", enabled: false}]' });
  account(config, 'boss', 'admin');
  account(config, 'serik', 'officer');
  const daemon = await start(t, config);
  const boss = await new Client(daemon.url).signIn('boss');
  const serik = await new Client(daemon.url).signIn('serik');
  assert.equal((await serik.get('/setup')).status, 403);
  const code = async (id, name = null) => (await boss.get('/setup')).json.checks.find((c) => c.id === id && (name === null || c.name === name))?.code;

  assert.equal(await code('source', 'irc'), 'source.off');
  assert.equal(await code('overlay'), 'overlay.never');
  assert.equal(await code('tokens'), 'tokens.no_overlay');
  assert.equal(await code('accounts'), 'accounts.no_moderator');
  assert.equal(await code('backup'), 'backup.none');
  assert.equal(await code('disk'), 'disk.room');
  assert.equal(await code('filters'), 'filters.loaded');
  assert.equal(await code('zone').then((c) => /^zone\.(same|differs)$/.test(c)), true);

  const key = token(config, 'overlay', 'obs');
  account(config, 'aigul', 'moderator');
  assert.equal(suraq(['backup', '-c', config, '-o', `${dir}/copy.db`]).status, 0);
  await until('the new key', async () => (await code('tokens')) === 'tokens.there');
  assert.equal(await code('accounts'), 'accounts.there');
  assert.equal(await code('backup'), 'backup.made');

  const chrome = await browser(t);
  const obs = await person(chrome, daemon.url, { width: 1920, height: 1080 });
  const aigul = await person(chrome, daemon.url, { width: 1280, height: 800 });
  await signIn(aigul, 'aigul', '/');
  const { page } = aigul;
  await page.locator('.failed-checks').waitFor();
  assert.match(await page.locator('.failed-checks').innerText(), /^! 1$/);
  await shot(aigul, 'setup-console-kk');
  await page.locator('.failed-checks').click();
  const row = (id) => page.locator(`[data-check=${id}]`);
  await row('fonts').waitFor();
  assert.equal(await row('fonts').getAttribute('data-code'), 'fonts.drawn');
  assert.equal(await row('skew').getAttribute('data-code'), 'skew.close');
  assert.match(await row('overlay').innerText(), /Істемей тұр/);
  assert.match(await row('overlay').locator('.check-do').innerText(), /OBS/);
  await page.locator('button[name=play]').click();
  await until('the sound to be played', async () => (await row('sound').getAttribute('data-code')) !== 'sound.untried');
  await shot(aigul, 'setup-kk');
  await fits(aigul);

  await obs.page.goto(`/overlay?key=${key}`);
  await until('the overlay to be seen', async () => (await row('overlay').getAttribute('data-code')) === 'overlay.seen');
  await page.locator('select.lang').selectOption('ru');
  await page.getByRole('heading', { name: 'Перед эфиром' }).waitFor();
  await shot(aigul, 'setup-ru');
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(aigul);
  await shot(aigul, 'setup-ru-phone');
  await row('tokens').waitFor();
  await page.locator('[data-check=officer] a').click();
  await page.locator('dialog[open]').waitFor();

  const guest = await person(chrome, daemon.url);
  await signIn(guest, 'serik', '/setup');
  await guest.page.locator('.card h1').waitFor();
  assert.equal(await guest.page.locator('.setup').count(), 0);
  noErrors(aigul, obs, guest);
  assert.equal((await stop(daemon)).code, 0);
});
