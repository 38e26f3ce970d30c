// SPDX-License-Identifier: Apache-2.0
// A moderator looks for what was asked before, by keyboard alone, in Kazakh and in Russian; the
// earlier answer is given again with one key; hostile text is only text.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { browser, fits, noErrors, person, shot, signIn } from './browser.mjs';
import { Client, account, folder, settings, start, stop, token, until } from './support.mjs';

const SAID = [
  ['a', 'Айгүл', 'Абай көшесіндегі бағдаршам қашан жөнделеді?'],
  ['b', 'Серік', 'сәлем бәріне'],
  ['c', 'Ольга', 'Когда починят светофор на Абая?'],
  ['d', 'Ерлан', 'Куда жаловаться на шум ночью? мой номер 8 701 555 66 77'],
  ['a', 'Айгүл', 'көрші қаласы туралы да айтыңызшы'],
  ['e', '<img src=x onerror=alert(1)>', 'когда <script>alert(2)</script> починят лифт?'],
  ['f', 'Дана', 'рақмет'],
];

async function opened(t) {
  const dir = folder(t);
  const config = settings(dir, { sources: '[{kind: push}]' });
  account(config, 'boss', 'admin');
  account(config, 'vera', 'viewer');
  const phone = { authorization: `Bearer ${token(config, 'intake', 'youtube')}` };
  const daemon = await start(t, config);
  const api = await new Client(daemon.url).signIn('boss');
  let id = 0;
  const say = (lines) => api.post('/messages', lines.map(([author, name, text]) =>
    JSON.stringify({ id: `m${++id}`, author: { id: author, name }, text })).join('\n') + '\n', phone);
  await say(SAID);
  return { dir, config, daemon, api, say };
}

async function found(api, query) {
  const { items } = (await api.get(`/search?${new URLSearchParams(query)}`)).json;
  return items.map((one) => one.question?.original ?? one.message.text);
}

test('what was said is found over HTTP, also after a restart without the index', async (t) => {
  const { dir, config, daemon, api } = await opened(t);
  assert.deepEqual(await found(api, { q: 'багдаршам кашан' }), [SAID[0][2]]);
  assert.deepEqual(await found(api, { q: 'ПОЧИН' }), [SAID[5][2], SAID[2][2]]);
  assert.deepEqual(await found(api, { q: 'каласы', kind: 'message' }), [SAID[4][2]]);
  assert.deepEqual(await found(api, { q: '555', pii: 'true' }), [SAID[3][2]]);
  for (const q of ['"', 'a" OR "b', 'NEAR(', '*', "'; DROP TABLE line; --", 'words:x', '😀', '\u202E'])
    assert.equal((await api.get(`/search?${new URLSearchParams({ q })}`)).status, 200, q);
  const vera = await new Client(daemon.url).signIn('vera');
  assert.equal((await vera.get('/search?q=a')).status, 403);
  assert.equal((await stop(daemon)).code, 0);
  const file = readdirSync(dir).find((name) => name.endsWith('.search'));
  assert.ok(file);
  assert.doesNotMatch(readFileSync(join(dir, file), 'latin1'), /onerror=alert/);
  rmSync(join(dir, file));
  const again = await start(t, config);
  const back = await new Client(again.url).signIn('boss');
  assert.deepEqual(await found(back, { q: 'багдаршам' }), [SAID[0][2]]);
  assert.equal((await stop(again)).code, 0);
});

test('a moderator searches by keyboard, and gives an earlier answer again', async (t) => {
  const { daemon, api, say } = await opened(t);
  const { items } = (await api.get('/questions?status=new')).json;
  const light = items.find((q) => q.original === SAID[0][2]);
  await api.post('/broadcasts', {});
  assert.equal((await api.act(light.n, 'approve')).status, 200);
  assert.equal((await api.act(light.n, 'air')).status, 200);
  assert.equal((await api.act(light.n, 'answer', { note: 'Жексенбіде жөнделеді' })).status, 200);
  await say([['g', 'Мұрат', 'Бағдаршам Абай көшесіндегі қашан жөнделеді екен?']]);

  const chrome = await browser(t);
  const boss = await person(chrome, daemon.url);
  const { page } = boss;
  await signIn(boss, 'boss');
  await page.locator('.row').first().waitFor();
  const option = page.locator('#found [role=option]');

  await page.keyboard.press('/');
  const field = page.locator('.finding-field');
  await field.waitFor();
  await page.keyboard.type('багд');
  await until('two results', async () => (await option.count()) === 2);
  assert.match(await option.first().locator('mark').innerText(), /Бағдаршам/);
  await page.keyboard.press('ArrowDown');
  await until('the second to be chosen', async () => (await option.nth(1).getAttribute('aria-selected')) === 'true');
  await shot(boss, 'search-kk');
  await page.keyboard.press('Enter');
  const detail = page.locator('.hits-open');
  await detail.getByText('сәлем бәріне').waitFor(); // the chat around it
  await detail.getByText('көрші қаласы').first().waitFor(); // the author's other line
  await detail.getByText('Жексенбіде жөнделеді').first().waitFor();
  assert.match(await detail.locator('ol').innerText(), /boss/);
  await shot(boss, 'search-open-kk');
  await detail.getByRole('button', { name: 'Авторды жасыру' }).click();
  await until('the author to be hidden', async () => (await api.get(`/questions/${light.n}`)).json.muted === true);
  await detail.getByRole('button', { name: 'Авторды қайта көрсету' }).click();
  await until('the author to be back', async () => (await api.get(`/questions/${light.n}`)).json.muted === false);
  await page.keyboard.press('Escape');
  await field.waitFor();
  await field.fill('script');
  await until('the hostile line', async () => (await option.count()) === 1);
  assert.equal(await page.locator('.finding script, .finding img').count(), 0);
  await page.keyboard.press('Escape');
  await until('the panel to close', async () => (await page.locator('dialog').count()) === 0);

  const again = page.locator('.row', { hasText: 'Мұрат' });
  await again.locator('.before').waitFor();
  assert.match(await again.locator('.before').innerText(), /№1 .*эфирдің 0:\d\d минуты[\s\S]*Жексенбіде жөнделеді/);
  await shot(boss, 'before-kk');
  await again.click();
  await page.keyboard.press('g');
  await page.locator('.before-ways').waitFor();
  await shot(boss, 'before-dialog-kk');
  await page.keyboard.press('2');
  const murat = async () => (await api.get('/questions?status=answered')).json.items.find((q) => q.askers[0].name === 'Мұрат');
  await until('the same answer', async () => /Жексенбіде жөнделеді/.test((await murat())?.answer_note ?? ''));

  const small = await person(chrome, daemon.url, { lang: 'ru', width: 390, height: 844 });
  await signIn(small, 'boss');
  await small.page.locator('.row').first().waitFor();
  await small.page.locator('select.lang').selectOption('ru').catch(() => {});
  await small.page.keyboard.press('/');
  await small.page.locator('.finding-field').fill('когда');
  await until('results on the phone', async () => (await small.page.locator('#found [role=option]').count()) > 1);
  await fits(small);
  await shot(small, 'search-ru-phone');
  noErrors(boss, small);
  assert.equal((await stop(daemon)).code, 0);
});
