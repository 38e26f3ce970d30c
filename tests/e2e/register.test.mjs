// SPDX-License-Identifier: Apache-2.0
// What is owed after a broadcast: the register with its terms on a calendar of our own, the promises
// that greet the next broadcast, and all of it the same after a restart.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { browser, fits, noErrors, person, shot, signIn } from './browser.mjs';
import { Client, account, folder, settings, start, stop, token, until } from './support.mjs';

const ANSWER = 5;
const FORWARD = 2;
const TEXTS = [
  ['Айгүл', 'жол қашан жөнделеді?'],
  ['Серік', 'когда починят светофор? мой номер 8 701 555 66 77'],
  ['=cmd()', 'тас жолдағы шұңқырды кім жөндейді?'],
  ['Дина', 'куда жаловаться на шум ночью?'],
  ['Ержан', 'мас жүргізушіні қайда айтамыз?'],
  ['Олег', 'как оформить гражданство?'],
];

// Days as the test counts them, apart from the program: noon in UTC, so that no zone moves them.
const almaty = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Almaty' });
const plus = (day, n) => new Date(Date.parse(`${day}T12:00:00Z`) + n * 86400000).toISOString().slice(0, 10);
const isWeekend = (day) => [0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay());

function calendar(today) {
  const off = [];
  for (let day = plus(today, 1); off.length < 2; day = plus(day, 1)) if (!isWeekend(day)) off.push(day);
  let worked = plus(today, 1);
  while (new Date(`${worked}T12:00:00Z`).getUTCDay() !== 6) worked = plus(worked, 1);
  const isOff = (day) => off.includes(day) || (isWeekend(day) && day !== worked);
  const end = (day) => (isOff(day) ? end(plus(day, 1)) : day);
  const add = (day, n) => (n === 0 ? day : add(end(plus(day, 1)), n - 1));
  return { off, end, add, text: `name: Fake\noff: [${[...off, plus(today, 400)].join(', ')}]\nwork: [${worked}]\n` };
}

test('what is owed is worked off, and promises are kept', async (t) => {
  const dir = folder(t);
  const today = almaty.format(new Date());
  const days = calendar(today);
  writeFileSync(join(dir, 'fake.yaml'), days.text);
  const config = settings(dir, {
    sources: '[{kind: push}]',
    extra: `register: {answer_days: ${ANSWER}, forward_days: ${FORWARD}, calendar: ${dir}/fake.yaml}\n`,
  });
  for (const [name, role] of [['boss', 'admin'], ['vera', 'viewer'], ['serik', 'officer']]) account(config, name, role);
  const intake = { authorization: `Bearer ${token(config, 'intake', 'youtube')}` };
  let daemon = await start(t, config);
  const api = await new Client(daemon.url).signIn('boss');
  const lines = TEXTS.map(([name, text], i) => JSON.stringify({ id: `m${i}`, author: { id: `a${i}`, name }, text }));
  await api.post('/messages', `${lines.join('\n')}\n`, intake);
  const { items } = (await api.get('/questions?status=new')).json;
  const find = (word) => items.find((q) => JSON.stringify(q.text).includes(word));
  const [road, lights, hole, noise] = ['жол қашан', 'светофор', 'шұңқыр', 'шум'].map(find);

  // The first broadcast: one on air, with a promise noted at a key; two are owed by hand.
  const chrome = await browser(t);
  const boss = await person(chrome, daemon.url);
  const { page } = boss;
  await signIn(boss, 'boss', '/');
  await api.act(road.n, 'approve');
  await api.act(road.n, 'air');
  await page.locator('.air-live').waitFor();
  await page.keyboard.press('b');
  const words = page.locator('textarea[name=promise]');
  assert.match(await words.inputValue(), /жол қашан жөнделеді/);
  await words.fill('Бір аптада тексереміз');
  await page.fill('input[name=until]', plus(today, 7));
  await words.press('Enter');
  const [promise] = await until('the promise', async () => {
    const { items: all } = (await api.get('/promises?state=open')).json;
    return all.length > 0 && all;
  });
  assert.equal(promise.n, road.n);
  assert.equal(promise.by, 'user:boss');
  assert.ok(promise.place_s >= 0);
  await api.act(lights.n, 'follow_up', { unit: 'ЖПҚБ' });
  const first = (await api.get(`/questions/${lights.n}`)).json;
  assert.equal(first.due, days.add(today, ANSWER));
  assert.equal(first.owed.forward_by, days.add(today, FORWARD));
  await api.act(hole.n, 'follow_up', { due: plus(today, -10) });

  // Ending it puts the rest into the register, with the same term; the next one is greeted.
  await api.act(road.n, 'answer');
  await api.post('/broadcasts/1/end', { open: 'follow_up' });
  await api.post('/broadcasts', {});
  await page.locator('.promise-banner').waitFor();
  await shot(boss, 'promise-banner');
  const register = (await api.get('/register')).json;
  assert.equal(register.total, 5);
  assert.equal(register.today, today);
  for (const { question, left, level } of register.items.slice(1)) {
    assert.equal(question.due, days.add(today, ANSWER));
    assert.equal(left, ANSWER);
    assert.equal(level, 'none');
    assert.equal(question.original, undefined);
  }
  assert.equal(register.items[0].question.n, hole.n);
  assert.equal(register.items[0].level, 'red');

  // The page: what is late comes first; its history and its original.
  await page.locator('.me-button').click();
  await page.locator('a[href="/register"]').click();
  await page.locator('.register-row').first().waitFor();
  const rows = () => page.locator('.register-row').evaluateAll((all) => all.map((row) => Number(row.dataset.n)));
  assert.equal((await rows()).length, 5);
  assert.equal((await rows())[0], hole.n);
  assert.match(await page.locator(`[data-n="${hole.n}"]`).innerText(), /кешікті/);
  await page.locator('button[name=late]').click();
  await until('the late one alone', async () => (await rows()).length === 1);
  await page.locator('select[name=overdue]').selectOption('');
  await until('all that are open', async () => (await rows()).length === 5);
  await page.locator(`[data-n="${lights.n}"] .register-open`).click();
  const details = page.locator(`[data-details="${lights.n}"]`);
  await details.locator('.history li').first().waitFor();
  assert.doesNotMatch(await page.locator('main').innerText(), /555/);
  await details.locator('button[name=reveal]').click();
  await details.locator('[data-original]').waitFor();
  assert.match(await details.locator('[data-original]').innerText(), /8 701 555 66 77/);
  await until('the look in the history', async () => /түпнұсқасы қаралды/.test(await details.locator('.history').innerText()));

  // Acts on one: extended onto a day off, sent on, answered.
  await details.locator('button[name=extend]').click();
  const target = days.add(today, ANSWER + 1);
  let saturday = plus(target, 1);
  while (new Date(`${saturday}T12:00:00Z`).getUTCDay() !== 6) saturday = plus(saturday, 1);
  await page.fill('input[name=due]', saturday);
  await page.fill('textarea[name=reason]', 'сараптама керек');
  await page.locator('.dialog button[type=submit]').click();
  await until('the new date', async () => (await api.get(`/questions/${lights.n}`)).json.due === days.end(saturday));
  await details.locator('button[name=polite]').click();
  const polite = page.locator('dialog[open] textarea[name=polite]');
  assert.match(await polite.inputValue(), /e-Otinish/);
  await shot(boss, 'register-polite');
  await polite.press('Escape');
  await polite.waitFor({ state: 'detached' });
  await details.locator('button[name=appeal]').click();
  await page.locator(`[data-n="${lights.n}"] .badge-accent`).waitFor();
  await shot(boss, 'register-kk');
  await details.locator('button[name=respond]').click();
  await page.fill('textarea[name=text]', 'Бағдаршам жөнделді.');
  await page.locator('.dialog button[type=submit]').click();
  await until('the answer', async () => (await api.get(`/questions/${lights.n}`)).json.owed.state === 'answered');

  // Acts on many.
  await until('four that are open', async () => (await rows()).length === 4);
  await page.locator('input[name=all]').check();
  await page.locator('button[name=bulk-assign]').click();
  await page.fill('input[name=unit]', 'Кезекші бөлім');
  await page.locator('.dialog button[type=submit]').click();
  await until('the unit of all', async () =>
    (await api.get(`/register?state=open&unit=${encodeURIComponent('Кезекші бөлім')}`)).json.total === 4);
  await page.locator('button[name=bulk-forward]').click();
  await page.fill('input[name=to]', 'Әкімдік');
  await page.locator('.dialog button[type=submit]').click();
  await until('all sent on', async () => (await api.get('/register?state=forwarded')).json.total === 4);
  const sent = (await api.get('/register?state=forwarded')).json.items[0];
  assert.equal(sent.left, null); // the clock stands
  await page.locator('.toast-undo').click();
  await until('all back', async () => (await api.get('/register?state=open')).json.total === 4);

  // The table says what the list says, and no formula.
  await page.locator('button[name=state-all]').click();
  await until('all five', async () => (await rows()).length === 5);
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('[data-csv]').click()]);
  const csv = readFileSync(await file.path(), 'utf8');
  assert.equal(csv.trim().split('\r\n').length, 6);
  assert.match(csv, /"'=cmd\(\)"/);
  assert.doesNotMatch(csv, /555/);

  await page.locator('select.lang').selectOption('ru');
  await page.getByText('Вопросы всех эфиров').waitFor();
  await fits(boss);
  await shot(boss, 'register-ru');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator(`[data-n="${hole.n}"] .register-open`).click();
  await page.locator('.history li').first().waitFor();
  await fits(boss);
  await shot(boss, 'register-ru-phone');

  // The promise is kept.
  await page.locator('a[href="/promises"]').click();
  const board = page.locator(`[data-promise="${promise.id}"]`);
  await board.waitFor();
  await fits(boss);
  await shot(boss, 'promises-ru-phone');
  await page.setViewportSize({ width: 1280, height: 800 });
  await shot(boss, 'promises-ru');
  await board.locator('button[name=done]').click();
  await page.fill('textarea[name=note]', 'Дорога отремонтирована');
  await page.locator('.dialog button[type=submit]').click();
  await page.locator(`[data-promises=done] [data-promise="${promise.id}"]`).waitFor();
  await page.goto('/');
  await page.locator('.me-button').waitFor();
  assert.equal(await page.locator('.promise-banner').count(), 0);

  // Who only looks changes nothing; the officer is told whom to ask.
  const vera = await person(chrome, daemon.url);
  await signIn(vera, 'vera', '/register');
  await vera.page.locator('.register-row').first().waitFor();
  assert.equal(await vera.page.locator('input[type=checkbox][name=all]').count(), 0);
  assert.ok(vera.received.every((text) => !text.includes('жөнделді.')));
  const serik = await person(chrome, daemon.url);
  await signIn(serik, 'serik', '/register');
  await serik.page.locator('.card h1').waitFor();
  assert.equal((await new Client(daemon.url).signIn('serik').then((c) => c.get('/register'))).status, 403);
  noErrors(boss, vera, serik);

  // The same after a restart, from the snapshot and from the journal alone.
  const before = (await api.get('/register')).json;
  assert.equal((await stop(daemon)).code, 0);
  daemon = await start(t, config);
  const again = await new Client(daemon.url).signIn('boss');
  const after = (await again.get('/register')).json;
  assert.deepEqual(after.items, before.items);
  assert.deepEqual((await again.get('/promises')).json.items[0].state, 'done');
  assert.equal((await again.get(`/questions/${noise.n}`)).json.history.length > 2, true);
  assert.equal((await stop(daemon)).code, 0);
});

test('a calendar that cannot be read is a mistake in the settings', async (t) => {
  const dir = folder(t);
  writeFileSync(join(dir, 'bad.yaml'), 'off: [2026-02-30]\n');
  const config = settings(dir, { extra: `register: {calendar: ${dir}/bad.yaml}\n` });
  await assert.rejects(start(t, config), /register\.calendar.*bad\.yaml:1:7.*2026-02-30/s);
});
