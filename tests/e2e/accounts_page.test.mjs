// SPDX-License-Identifier: Apache-2.0
// The press officer gives and takes access at /accounts: people, sessions, keys, links; what they
// did stands in the journal of administration.
import assert from 'node:assert/strict';
import test from 'node:test';

import { browser, fits, noErrors, person, shot, signIn } from './browser.mjs';
import { Client, PASSWORD, account, folder, settings, start, stop, until } from './support.mjs';

test('access is given and taken on one page', async (t) => {
  const config = settings(folder(t));
  account(config, 'boss', 'admin');
  account(config, 'mod', 'moderator');
  const daemon = await start(t, config);
  const mod = await new Client(daemon.url).signIn('mod');
  assert.equal((await mod.get('/admin-log')).status, 403);

  const chrome = await browser(t);
  const boss = await person(chrome, daemon.url, { lang: 'ru' });
  const { page } = boss;
  await signIn(boss, 'boss', '/');
  await page.locator('.me-button').click();
  await page.locator('a[href="/accounts"]').click();
  const row = (kind, name) => page.locator(`tr[data-${kind}="${name}"]`);
  await row('user', 'mod').waitFor();
  assert.match(await row('user', 'mod').innerText(), /модератор/);
  assert.match(await page.locator('#log tbody').innerText(), /командная строка/);

  // by link: the account has no password, and the link signs in another browser once
  await page.click('button[name=add-user]');
  await page.fill('input[name=name]', 'dana');
  await page.getByRole('radio', { name: /ведущий/ }).check();
  await page.locator('dialog button[type=submit]').click();
  const address = await page.locator('dialog .qr input').inputValue();
  assert.equal(await page.locator('dialog .qr img').count(), 1);
  await shot(boss, 'accounts-link-ru');
  await row('link', 'dana').waitFor({ state: 'attached' });
  const dana = await person(chrome, daemon.url);
  await dana.page.goto(address);
  await dana.page.waitForURL('**/officer');
  await page.keyboard.press('Escape');
  assert.match(await row('user', 'dana').innerText(), /без пароля/);

  // by password: too short is refused before it is sent; the page can make one
  await page.click('button[name=add-user]');
  await page.fill('input[name=name]', 'aida');
  await page.getByRole('radio', { name: 'По паролю' }).check();
  await page.fill('input[name=new-password]', 'short');
  assert.equal(await page.locator('dialog button[type=submit]').isDisabled(), true);
  await page.getByRole('button', { name: 'Придумать' }).click();
  const made = await page.inputValue('input[name=new-password]');
  assert.match(made, /^([a-z2-9]{4}-){4}[a-z2-9]{4}$/);
  await page.locator('dialog button[type=submit]').click();
  await row('user', 'aida').waitFor();
  const aida = await new Client(daemon.url).signIn('aida', made);
  assert.equal((await aida.get('/session')).json.role, 'moderator');

  // another role, another password
  const change = async (name) => {
    await row('user', name).locator('button').click();
    await page.locator('dialog').waitFor();
  };
  await change('aida');
  await page.getByRole('radio', { name: /наблюдатель/ }).check();
  await page.locator('dialog form').first().locator('button[type=submit]').click();
  await until('the new role', async () => /наблюдатель/.test(await row('user', 'aida').innerText()));
  await change('aida');
  await page.fill('input[name=new-password]', PASSWORD);
  await shot(boss, 'accounts-change-ru');
  await page.locator('dialog form').nth(1).locator('button[type=submit]').click();
  await until('the session to end', async () => (await aida.get('/session')).status === 401);
  await new Client(daemon.url).signIn('aida');
  await change('boss');
  await page.click('button[name=ask-remove]');
  await page.click('dialog button[name=remove]');
  await page.locator('dialog [role=alert]').waitFor();
  assert.match(await page.locator('dialog [role=alert]').innerText(), /хотя бы один пресс-секретарь/);
  await page.keyboard.press('Escape');
  await change('aida');
  await page.click('button[name=ask-remove]');
  await page.click('dialog button[name=remove]');
  await row('user', 'aida').waitFor({ state: 'detached' });

  // a session ends on the second press
  const end = row('session', 'mod').locator('button');
  await end.click();
  assert.equal((await mod.get('/session')).status, 200);
  await end.click();
  await until('the session to end', async () => (await mod.get('/session')).status === 401);

  // a key for OBS: once, with the ready address; revoked it opens nothing
  await page.click('button[name=add-token]');
  await page.fill('input[name=name]', 'studio-1');
  await page.locator('dialog button[type=submit]').click();
  const overlay = await page.locator('dialog input[readonly]').inputValue();
  const key = new URL(overlay).searchParams.get('key');
  const reads = () => fetch(`${daemon.url}/api/v1/state`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal((await reads()).status, 200);
  await shot(boss, 'accounts-token-ru');
  await page.keyboard.press('Escape');
  const revoke = row('token', 'studio-1').locator('button');
  await revoke.click();
  await revoke.click();
  await row('token', 'studio-1').waitFor({ state: 'detached' });
  assert.equal((await reads()).status, 401);
  assert.equal((await page.content()).includes(key), false);

  // the officer's link, taken back
  await page.click('button[name=add-link]');
  await page.locator('dialog .qr input').waitFor();
  await page.keyboard.press('Escape');
  await row('link', '').locator('button').click();
  await row('link', '').locator('button').click();
  await row('link', '').waitFor({ state: 'detached' });

  const acts = () => page.locator('#log tbody tr').evaluateAll((rows) => rows.map((one) => one.dataset.act));
  await until('the journal to have it', async () => (await acts())[0] === 'link_revoke');
  assert.deepEqual((await acts()).slice(0, 11), [
    'link_revoke', 'link_add', 'token_revoke', 'token_add', 'session_end', 'user_remove', 'user_password',
    'user_role', 'user_add', 'link_use', 'link_add',
  ]);
  await shot(boss, 'accounts-ru');
  await fits(boss);
  await page.locator('select.lang').selectOption('kk');
  await page.getByRole('heading', { name: 'Адамдар' }).waitFor();
  await shot(boss, 'accounts-kk');
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(boss);
  await shot(boss, 'accounts-kk-phone');
  await page.setViewportSize({ width: 320, height: 600 });
  await fits(boss);

  const other = await person(chrome, daemon.url);
  await signIn(other, 'mod', '/accounts');
  await other.page.locator('.card h2').waitFor();
  assert.equal(await other.page.locator('.accounts').count(), 0);
  boss.errors = boss.errors.filter((one) => !/ 409 /.test(one));
  noErrors(boss, dana, other);
  assert.equal((await stop(daemon)).code, 0);
});
