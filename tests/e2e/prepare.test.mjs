// SPDX-License-Identifier: Apache-2.0
// Questions that were prepared before the broadcast: pasted, looked at, added; a table from a file.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { browser, fits, noErrors, person, shot, signIn } from './browser.mjs';
import { Client, account, folder, settings, start, stop, until } from './support.mjs';

test('prepared questions are looked at before they are added', async (t) => {
  const dir = folder(t);
  const config = settings(dir, { sources: '[{kind: push}]' });
  account(config, 'aigul', 'moderator');
  const daemon = await start(t, config);
  const api = await new Client(daemon.url).signIn('aigul');
  const open = async () => (await api.get('/questions?status=new')).json.items;
  const chrome = await browser(t);
  const aigul = await person(chrome, daemon.url, { width: 1280, height: 800 });
  const { page } = aigul;
  const loaded = [];
  page.on('request', (r) => loaded.push(r.url()));
  await signIn(aigul, 'aigul', '/');
  await page.locator('.me-button').waitFor();
  assert.equal(loaded.some((url) => /part-prepare/.test(url)), false);
  await page.locator('.me-button').click();
  await page.locator('.menu').getByRole('button', { name: 'Дайын сұрақтар' }).click();
  const text = page.locator('textarea[name=prepared]');
  await text.waitFor();
  assert.equal(loaded.some((url) => /part-prepare/.test(url)), true);

  await text.fill('Жол қашан жөнделеді?\n\nКогда починят светофор?\nКогда починят светофор?\n');
  const submit = page.locator('dialog button[type=submit]');
  await submit.click();
  await page.locator('.prepared').waitFor();
  assert.equal(await page.locator('.prepared tbody tr').count(), 3);
  assert.match(await page.locator('.prepared-bad').innerText(), /^4\s.*3-жолда/s);
  assert.deepEqual(await open(), []); // only looked at
  await shot(aigul, 'prepare-kk');
  await fits(aigul);
  await page.locator('select[name=topic]').selectOption('migration');
  assert.equal(await page.locator('.prepared').count(), 0); // chosen anew: look again
  await submit.click();
  await page.locator('.prepared').waitFor();
  await submit.click();
  await until('two questions', async () => (await open()).length === 2);
  assert.deepEqual((await open()).map((q) => q.topics), [['migration'], ['migration']]);

  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/?show=prepare');
  await text.waitFor();
  writeFileSync(join(dir, 'q.csv'), '\ufefftext;lang;topic\r\n"Аулада ""шұңқыр"" бар ма?";kk;road\r\nНет такой темы?;ru;nonsense\r\n');
  await page.locator('input[name=file]').setInputFiles(join(dir, 'q.csv'));
  await until('the file', async () => (await text.inputValue()).includes('шұңқыр'));
  await submit.click();
  await page.locator('.prepared-bad').waitFor();
  await fits(aigul);
  await shot(aigul, 'prepare-phone');
  await submit.click();
  await until('the third', async () => (await open()).some((q) => q.text.kk === 'Аулада "шұңқыр" бар ма?'));
  noErrors(aigul);
  assert.equal((await stop(daemon)).code, 0);
});
