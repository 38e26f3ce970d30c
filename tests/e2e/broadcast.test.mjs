// SPDX-License-Identifier: Apache-2.0
// A whole broadcast as people run it, once in Kazakh and once in Russian: two moderators, the officer and
// the overlay in windows of their own, two hundred questions by keyboard, an urgent one, a merge, an edit,
// two people at the same question, a network that goes away, and the end.
import assert from 'node:assert/strict';
import test from 'node:test';

import { AWAY, browser, fits, noErrors, person, shot, signIn } from './browser.mjs';
import { evening } from './citizens.mjs';
import { Client, account, cable, folder, settings, start, stop, suraq, token, until } from './support.mjs';

const QUESTIONS = 200;
const URGENT = 'Көмектесіңіздер, күйеуім мені пышақпен қорқытып жатыр, Абай 15!';
const WORDS = {
  kk: { title: 'Бастық халық алдында', end: /аяқта/i, edited: 'Бағдаршам қай күні жөнделеді?', theirs: 'Бағдаршам жөндеуі қашан бітеді?' },
  ru: { title: 'Начальник отвечает', end: /заверш/i, edited: 'В какой день починят светофор?', theirs: 'Когда закончат ремонт светофора?' },
};

const rows = (page) => page.locator('.rows li[data-n]');
const selectedN = (page) => page.locator('.rows li[aria-current=true]').getAttribute('data-n', { timeout: 2000 }).catch(() => null);
const drawn = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** A stream with all its people, each in a window of their own. */
async function studio(t, lang) {
  const dir = folder(t);
  const config = settings(dir, { sources: '[{kind: push}]' });
  account(config, 'aida', 'moderator');
  account(config, 'berik', 'moderator');
  account(config, 'colonel', 'officer');
  const intake = { authorization: `Bearer ${token(config, 'intake', 'chat')}` };
  const key = token(config, 'overlay', 'obs');
  const daemon = await start(t, config);
  const wire = await cable(t, daemon.url);
  const api = await new Client(daemon.url).signIn('berik');
  const chrome = await browser(t);
  const aida = await person(chrome, wire.url, { lang });
  const berik = await person(chrome, daemon.url, { lang, width: 1280, height: 800 });
  const officer = await person(chrome, daemon.url, { lang, width: 1280, height: 800 });
  const overlay = await person(chrome, daemon.url, { lang, width: 1920, height: 1080 });
  await signIn(aida, 'aida');
  await aida.page.waitForSelector('.groups');
  await signIn(berik, 'berik');
  await signIn(officer, 'colonel', '/officer');
  await overlay.page.goto(`/overlay?key=${key}&lang=kk%2Bru`);
  const hear = (lines) => api.post('/messages', lines.map((one) => `${JSON.stringify(one)}\n`).join(''), intake);
  return { config, daemon, wire, api, aida, berik, officer, overlay, hear };
}

const open = async (api) => (await api.get('/questions?status=new&limit=500')).json.items;

/** Lines that make `QUESTIONS` open questions: more are said until there are as many. */
async function fill({ api, hear }) {
  const { lines } = evening(900, { seed: 42 });
  for (let at = 0; at < lines.length; at += 60) {
    assert.equal((await hear(lines.slice(at, at + 60))).status, 200);
    if ((await open(api)).length >= QUESTIONS) return;
  }
  assert.fail('the evening has too few questions');
}

/** Every tenth is rejected, all others are approved; the keyboard alone is used. */
async function triage(page, wanted) {
  const acts = new Map();
  await page.keyboard.press('j');
  for (let i = 0; i < wanted; i++) {
    const n = await until('a selected question', () => selectedN(page));
    assert.equal(acts.has(n), false, `№${n} comes twice`);
    if (i % 10 === 9) {
      await page.keyboard.press('r');
      await page.locator('dialog[open] .reasons').waitFor();
      await page.keyboard.press('2');
      await page.locator('dialog').waitFor({ state: 'detached' });
      acts.set(n, 'rejected');
    } else {
      await page.keyboard.press('a');
      acts.set(n, 'queued');
    }
    await drawn(page);
  }
  return acts;
}

for (const lang of ['kk', 'ru']) {
  test(`a whole broadcast, in ${lang}`, async (t) => {
    const all = await studio(t, lang);
    const { api, aida, berik, officer, overlay, hear, wire } = all;
    const { page } = aida;
    const words = WORDS[lang];

    await t.test('two hundred questions are decided by keyboard', async () => {
      assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
      await page.locator('.pill-live').waitFor();
      await fill(all);
      const before = await open(api);
      await until('the console to have them', async () => (await page.locator('.groups .count').first().textContent()) === String(before.length));
      await shot(aida, `broadcast-full-${lang}`);
      const acts = await triage(page, QUESTIONS);
      await until('every decision', async () => (await open(api)).length === before.length - QUESTIONS);
      const list = async (status) => (await api.get(`/questions?status=${status}&limit=500`)).json.items;
      const now = new Map([...(await list('queued')), ...(await list('rejected'))].map((q) => [String(q.n), q.status]));
      for (const [n, status] of acts) assert.equal(now.get(n), status, `№${n}`);
      assert.equal(now.size, QUESTIONS);
      for (const q of await list('rejected')) assert.equal(q.reason, 'off_topic');
    });

    await t.test('an urgent line stands above everything until somebody takes it', async () => {
      await hear([{ id: 'u1', author: { id: 'u1', name: 'Жанар' }, text: URGENT }]);
      await page.locator('.urgent-card').waitFor();
      await berik.page.locator('.urgent-card').waitFor();
      await shot(aida, `broadcast-urgent-${lang}`);
      await page.locator('.urgent-card .danger').click();
      await until('it to be taken', async () => (await api.get('/questions?urgent=true')).json.items.some((q) => q.taken_by === 'aida'));
      await until('the lane of the other to be empty', async () => (await berik.page.locator('.urgent-card').count()) === 0);
      await berik.page.locator('.rows .badge-taken', { hasText: 'aida' }).waitFor();
    });

    await t.test('the officer goes through the line, viewers see what is shown', async () => {
      await page.keyboard.press('Shift+Enter');
      await officer.page.locator('.officer-main .big').waitFor();
      await page.locator('.air-live .air-text').waitFor();
      await page.keyboard.press('s');
      await overlay.page.locator('.panel-on').waitFor();
      await shot(officer, `broadcast-officer-${lang}`);
      for (let i = 0; i < 3; i++) {
        const was = await officer.page.locator('.officer-main').innerText();
        await until('the next one', async () => {
          await officer.page.keyboard.press('Space');
          return (await officer.page.locator('.officer-main').innerText()) !== was;
        });
      }
      assert.ok((await api.get('/questions?status=answered')).json.items.length >= 3);
    });

    await t.test('two people at one question: the second is told, nothing is lost', async () => {
      await hear([{ id: 'c1', author: { id: 'c1', name: 'Олжас' }, text: 'Абай көшесінде жаңа бағдаршам қашан қойылады?' }]);
      const mine = await until('it', async () => (await open(api)).find((q) => q.original.includes('жаңа бағдаршам')));
      await page.keyboard.press('f');
      await page.keyboard.insertText('жаңа бағдаршам');
      await until('it alone', async () => (await rows(page).count()) === 1);
      await page.keyboard.press('Escape');
      await page.keyboard.press('j');
      await page.keyboard.press('e');
      await page.locator('dialog[open] textarea').first().waitFor();
      assert.equal((await api.act(mine.n, 'edit', { text: { kk: words.theirs } })).status, 200);
      await page.locator('dialog .warning').getByText(words.theirs).waitFor();
      aida.expected.push(/ 409 .*\/edit$/);
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(words.edited);
      await page.keyboard.press('Control+Enter');
      await page.locator('dialog .conflict-yours').getByText(words.edited).waitFor();
      await page.locator('dialog .about').first().getByText(words.theirs).waitFor();
      await shot(aida, `broadcast-conflict-${lang}`);
      assert.equal((await api.get(`/questions/${mine.n}`)).json.text.kk, words.theirs);
      await page.locator('dialog footer .soft').click();
      await until('my wording', async () => (await api.get(`/questions/${mine.n}`)).json.text.kk === words.edited);
      await page.keyboard.press('u');
      await until('theirs again', async () => (await api.get(`/questions/${mine.n}`)).json.text.kk === words.theirs);
    });

    await t.test('without a network nothing is sent, and afterwards everything is there', async () => {
      for (const one of [aida]) one.expected.push(...AWAY, /Failed to load resource/);
      wire.pull();
      await page.locator('.banner-amber').waitFor();
      const before = (await api.get('/state')).json.seq;
      await page.keyboard.press('a');
      await page.locator('.toast').last().waitFor();
      await shot(aida, `broadcast-offline-${lang}`);
      assert.equal((await api.get('/state')).json.seq, before);
      await hear([{ id: 'n1', author: { id: 'n1', name: 'Самат' }, text: 'Бескөл ауылында полиция пункті қашан ашылады?' }]);
      wire.put();
      await until('the banner to go', async () => (await page.locator('.banner-amber').count()) === 0);
      await page.keyboard.press('f');
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText('полиция пункті');
      await until('what was asked meanwhile', async () => (await rows(page).count()) === 1);
      await page.keyboard.press('Escape');
    });

    await t.test('the end: what is open is owed, and the line is empty', async () => {
      const left = (await open(api)).length + (await api.get('/questions?status=queued&limit=500')).json.items.length;
      await page.locator('.me-button').click();
      await page.locator('.menu').getByRole('button', { name: words.end }).click();
      await page.locator('dialog[open]').waitFor();
      await shot(aida, `broadcast-end-${lang}`);
      await page.locator('dialog button[type=submit]').click();
      await until('the end', async () => (await api.get('/broadcasts')).json.items.some((b) => b.status === 'ended'));
      const owed = (await api.get('/questions?status=follow_up&limit=500')).json.items.length;
      assert.ok(owed >= left, `${owed} of ${left} are owed`);
      assert.equal((await open(api)).length, 0);
      await page.locator('.broadcast button').first().click(); // the next one begins
      await page.locator('.pill-live').waitFor();
      assert.deepEqual((await api.get('/broadcasts')).json.items.map((b) => b.status).sort(), ['ended', 'live']);
    });

    await fits(berik);
    noErrors(aida, berik, officer, overlay);
    assert.equal((await stop(all.daemon)).code, 0);
    assert.equal(suraq(['verify', '-c', all.config]).status, 0);
  });
}
