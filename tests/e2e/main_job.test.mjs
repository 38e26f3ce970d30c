// SPDX-License-Identifier: Apache-2.0
// The main job in front of the people who do it: citizens speak in a real IRC server, a moderator
// decides by keyboard, the officer reads it masked, the viewers see it in the overlay.
import assert from 'node:assert/strict';
import test from 'node:test';
import IRC from 'irc-framework';

import { AWAY, browser, fits, noErrors, person, shot, signIn } from './browser.mjs';
import { Client, account, folder, freePort, inspircd, settings, start, stop, suraq, token, until } from './support.mjs';

const PHONE = '8 701 555 66 77';
const DIGITS = /555\D{0,3}66\D{0,3}77/;
const ROAD = 'Абай көшесіндегі бағдаршам қашан жөнделеді?';
const LONG_KK = 'Абай көшесі мен Бөкетов көшесінің қиылысындағы бағдаршам қашан жөнделеді?';
const LONG_RU = 'Когда починят светофор на перекрёстке улиц Абая и Букетова?';
const CHAT = [
  ['aigul', ROAD],
  ['nurlan', 'Сәлеметсіздер ме, эфирге рахмет!'],
  ['marat', 'Когда починят светофор на улице Букетова?'],
  ['olga', 'Добрый день всем из Петропавловска'],
  ['dana', ROAD],
  ['sergey', `Мошенники взяли кредит на меня, куда обращаться? мой номер ${PHONE}`],
  ['aigul', ROAD],
  ['erlan', 'Тексеру камералары қай жерде орнатылады?'],
];

async function speaker(t, irc, nick) {
  const client = new IRC.Client();
  client.connect({ host: '127.0.0.1', port: irc.plain, nick, auto_reconnect: false });
  t.after(() => client.connection?.end());
  let joined = false;
  client.on('registered', () => client.join('#efir'));
  client.on('join', (e) => { if (e.nick === nick) joined = true; });
  await until(`${nick} to join`, () => joined);
  return client;
}

async function room(t) {
  const irc = await inspircd(t);
  const nicks = [...new Set(CHAT.map(([nick]) => nick)), 'mallory'];
  const people = new Map(await Promise.all(nicks.map(async (n) => [n, await speaker(t, irc, n)])));
  return { irc, say: (nick, text) => people.get(nick).say('#efir', text) };
}

/** A stream beside that room, its people, and a program that watches over the API. */
async function stream(t, { irc }) {
  const dir = folder(t);
  const listen = await freePort();
  const config = settings(dir, {
    listen: `127.0.0.1:${listen}`,
    sources: `[{kind: irc, url: 'ws://127.0.0.1:${irc.websocket}/', channel: '#efir', nick: suraq}]`,
  });
  account(config, 'aida', 'moderator');
  account(config, 'colonel', 'officer');
  const key = token(config, 'overlay', 'obs');
  const daemon = await start(t, config);
  const api = await new Client(daemon.url).signIn('aida');
  await joined(api);
  return { config, key, daemon, api };
}

const joined = (api) => until('the source to join', async () =>
  (await api.get('/sources')).json.items[0].state === 'live');

const count = async (api) => (await api.get('/questions?status=new')).json.items.length;

async function speakAll({ say }, api) {
  for (const [nick, text] of CHAT) {
    const before = (await api.get('/messages?limit=1')).json.items[0]?.mid ?? 0;
    say(nick, text);
    await until(`"${text}" to arrive`, async () =>
      ((await api.get('/messages?limit=1')).json.items[0]?.mid ?? 0) > before);
  }
}

const row = (page, text) => page.locator('.rows li', { hasText: text });
const selected = (page) => page.locator('.rows li[aria-current=true]');

/** Moves the selection to the row with `text` by keyboard: up to the top, then down. */
async function choose(page, text) {
  await row(page, text).first().waitFor();
  const rows = await page.locator('.rows li[data-n]').count();
  for (const key of ['k', 'j']) {
    for (let i = 0; i <= rows; i++) {
      if (await selected(page).filter({ hasText: text }).count()) return;
      await page.keyboard.press(key);
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    }
  }
  assert.fail(`J and K never came to "${text}"`);
}

/** Writes over the first field of the open dialog, and saves. */
async function write(page, text) {
  await page.locator('dialog[open] textarea').first().waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
  await page.keyboard.press('Control+Enter');
}

test('a question goes from the chat past the moderator to the officer and the overlay', async (t) => {
  const chat = await room(t);
  const { key, daemon, api } = await stream(t, chat);
  const chrome = await browser(t);
  const mod = await person(chrome, daemon.url);
  const officer = await person(chrome, daemon.url, { width: 1280, height: 800 });
  const overlay = await person(chrome, daemon.url, { width: 1920, height: 1080 });

  await signIn(mod, 'aida');
  await mod.page.waitForSelector('.groups');
  await shot(mod, 'console-empty');
  await signIn(officer, 'colonel', '/officer');
  await officer.page.waitForSelector('.officer-idle');
  await overlay.page.goto(`/overlay?key=${key}&lang=kk%2Bru`);
  await speakAll(chat, api);

  await t.test('the console groups the questions by topic and leaves chatter in the chat', async () => {
    await row(mod.page, 'бағдаршам').waitFor();
    await row(mod.page, 'камералары').waitFor();
    assert.equal(await count(api), 4);
    assert.equal(await mod.page.locator('.rows li[data-n]').count(), 4);
    assert.equal(await row(mod.page, 'рахмет').count(), 0);
    await mod.page.locator('.chat').getByText('эфирге рахмет').waitFor();
    const { json } = await api.get('/questions?status=new');
    const road = json.items.find((q) => q.original === ROAD);
    assert.equal(road.count, 2, 'one author counts once');
    assert.ok(await row(mod.page, 'бағдаршам').locator('.badge-count').textContent().then((s) => s.includes('2')));
    for (const q of json.items) assert.ok(q.topics[0], `a topic for "${q.original}"`);
    const roads = mod.page.locator('.left .group', { hasText: 'Жол қозғалысы' });
    assert.equal(await roads.locator('.count').textContent(), '2');
    await shot(mod, 'console-kk');
    await roads.click();
    await until('only that topic', async () => (await mod.page.locator('.rows li[data-n]').count()) === 2);
    await mod.page.locator('.left .group').first().click();
    await row(mod.page, 'камералары').waitFor();
  });

  await t.test('what is personal is masked before anybody decides', async () => {
    await row(mod.page, 'Мошенники').getByText('▇▇▇▇').waitFor();
    assert.doesNotMatch(await mod.page.locator('body').innerText(), DIGITS);
    await choose(mod.page, 'Мошенники');
    await mod.page.keyboard.press('o');
    await mod.page.locator('.original').getByText(PHONE).waitFor();
    await mod.page.keyboard.press('o');
    await mod.page.locator('.original').waitFor({ state: 'detached' });
  });

  await t.test('approve, air and show by keyboard', async () => {
    await choose(mod.page, 'Мошенники');
    await mod.page.keyboard.press('a');
    await until('the approval', async () => (await count(api)) === 3);
    await choose(mod.page, 'бағдаршам');
    await mod.page.keyboard.press('a');
    await until('the second approval', async () => (await count(api)) === 2);
    await officer.page.locator('.officer-coming').getByText('Мошенники').waitFor();
    await mod.page.locator('.air .primary:enabled').waitFor();
    await mod.page.keyboard.press('Shift+Enter');
    await officer.page.locator('.officer-main').getByText('Мошенники').waitFor();
    await officer.page.locator('.officer-coming').getByText('бағдаршам').waitFor();
    await officer.page.locator('.officer-main').getByText('▇▇▇▇').waitFor();
    await shot(officer, 'officer-kk');
    assert.equal(await overlay.page.locator('.panel-on').count(), 0);
    await mod.page.locator('.air-live .air-text').getByText('Мошенники').waitFor(); // S shows what the console knows to be on air
    await mod.page.keyboard.press('s');
    await overlay.page.locator('.panel-on').getByText('Мошенники').waitFor();
    await overlay.page.locator('.panel-on').getByText('▇▇▇▇').waitFor();
    await shot(overlay, 'overlay-masked');
    await mod.page.keyboard.press('0');
    await until('the overlay to clear', async () => (await overlay.page.locator('.panel-on').count()) === 0);
  });

  await t.test('no digit of the number reaches the officer or the viewers', async () => {
    for (const someone of [officer, overlay]) {
      assert.ok(someone.received.length > 0);
      for (const text of someone.received) assert.doesNotMatch(text, DIGITS);
      for (const text of someone.received) assert.doesNotMatch(text, /sergey/);
      assert.doesNotMatch(await someone.page.content(), DIGITS);
      assert.doesNotMatch(await someone.page.evaluate(() => JSON.stringify(localStorage)), DIGITS);
    }
  });

  await t.test('Space takes the next; a bounced press does not skip', async () => {
    await officer.page.keyboard.press('Space');
    await officer.page.keyboard.press('Space');
    await officer.page.locator('.officer-main').getByText('бағдаршам').waitFor();
    await mod.page.locator('.air-text').getByText('бағдаршам').waitFor();
    const { json } = await api.get('/questions?status=answered');
    assert.equal(json.items.length, 1);
    await mod.page.keyboard.press('s');
    await overlay.page.locator('.panel-on').getByText('бағдаршам').waitFor();
    await shot(overlay, 'overlay-kk');
  });

  await t.test('reject with a reason, and take it back', async () => {
    await choose(mod.page, 'Букетова');
    await mod.page.keyboard.press('r');
    await mod.page.locator('dialog[open]').waitFor();
    await shot(mod, 'console-reject');
    await mod.page.keyboard.press('2');
    await until('the rejection', async () => (await count(api)) === 1);
    assert.equal((await api.get('/questions?status=rejected')).json.items[0].reason, 'off_topic');
    await mod.page.keyboard.press('u');
    await until('the undo', async () => (await count(api)) === 2);
  });

  await t.test('edit for air: personal data is held back, a wording is taken', async () => {
    await choose(mod.page, 'камералары');
    await mod.page.keyboard.press('e');
    mod.expected.push(/ 422 .*\/edit$/);
    await write(mod.page, `Тексеру камералары туралы ${PHONE} нөміріне қашан қоңырау шалуға болады?`);
    await mod.page.locator('dialog .warning').waitFor();
    await shot(mod, 'console-edit');
    await mod.page.keyboard.press('Escape');
    await mod.page.locator('dialog').waitFor({ state: 'detached' });
    await mod.page.keyboard.press('e');
    await write(mod.page, 'Жаңа тексеру камералары қайда орнатылады?');
    await row(mod.page, 'Жаңа тексеру камералары').waitFor();
    assert.equal(await row(mod.page, 'қай жерде').count(), 0);
  });

  await t.test('Enter puts the chosen one on air, and U takes it back', async () => {
    await choose(mod.page, 'Жаңа тексеру');
    await mod.page.keyboard.press('a');
    await mod.page.locator('.line').getByText('Жаңа тексеру').waitFor();
    await mod.page.locator('.middle .tabs button').nth(1).click();
    await choose(mod.page, 'Жаңа тексеру');
    await mod.page.keyboard.press('Enter');
    await officer.page.locator('.officer-main').getByText('Жаңа тексеру').waitFor();
    await until('the old one to leave the overlay', async () =>
      (await overlay.page.locator('.panel-on').count()) === 0);
    await mod.page.keyboard.press('u');
    await officer.page.locator('.officer-main').getByText('бағдаршам').waitFor();
    await officer.page.locator('.officer-coming').getByText('Жаңа тексеру').waitFor();
    await mod.page.locator('.middle .tabs button').first().click();
  });

  await t.test('"this is a question" makes one of a chat line', async () => {
    const line = mod.page.locator('.chat li', { hasText: 'эфирге рахмет' });
    await line.hover();
    await line.getByRole('button').first().click();
    await row(mod.page, 'эфирге рахмет').waitFor();
  });

  await t.test('hostile text stays text', async () => {
    chat.say('mallory', '<img src=x onerror="document.title=\'owned\'"> жол қашан жөнделеді?');
    chat.say('mallory', '\u202eгнёщепсон\u202c когда откроют отдел полиции \x1b[31mtest?');
    await row(mod.page, '<img src=x').waitFor();
    await row(mod.page, 'отдел полиции').waitFor();
    assert.equal(await mod.page.locator('.rows img, .chat img').count(), 0);
    assert.notEqual(await mod.page.title(), 'owned');
    const shown = await mod.page.locator('body').innerText();
    assert.doesNotMatch(shown, /[\u202a-\u202e\u2066-\u2069\x1b]/);
    await shot(mod, 'console-hostile');
  });

  await t.test('signing out leaves nothing behind', async () => {
    await mod.page.locator('.me-button').click();
    await mod.page.locator('.menu button').last().click();
    await mod.page.waitForSelector('input[name=password]');
    assert.equal(await mod.page.locator('.rows, .chat').count(), 0);
    mod.expected.push(/ 401 .*\/api\/v1\/state$/);
    assert.equal(await mod.page.evaluate(() => fetch('/api/v1/state').then((r) => r.status)), 401);
    await mod.page.reload();
    await mod.page.waitForSelector('input[name=password]');
  });

  noErrors(mod, officer, overlay);
  assert.equal((await stop(daemon)).code, 0);
});

test('the pages come back by themselves after kill -9, with the same queue', async (t) => {
  const chat = await room(t);
  const { config, key, daemon, api } = await stream(t, chat);
  const chrome = await browser(t);
  const mod = await person(chrome, daemon.url, { lang: 'ru' });
  const officer = await person(chrome, daemon.url, { lang: 'ru', width: 1280, height: 800 });
  const overlay = await person(chrome, daemon.url, { width: 1920, height: 1080 });
  const link = suraq(['user', 'link', 'aida', '-c', config]).out.trim();
  await mod.page.goto(new URL(link, daemon.url).pathname);
  await mod.page.waitForSelector('.groups');
  await signIn(officer, 'colonel', '/officer');
  await overlay.page.goto(`/overlay?key=${key}&lang=ru`);
  await speakAll(chat, api);
  await choose(mod.page, 'светофор');
  await mod.page.keyboard.press('a');
  await officer.page.locator('.officer-coming').getByText('светофор').waitFor();
  await mod.page.locator('.air .primary:enabled').waitFor();
  await mod.page.keyboard.press('Shift+Enter');
  await officer.page.locator('.officer-main').getByText('светофор').waitFor();
  const queue = () => mod.page.locator('.rows .row-text, .air-text').allTextContents();
  await until('three questions and the one on air', async () => (await queue()).length === 4);
  const before = await queue();
  await shot(mod, 'console-ru');
  await shot(officer, 'officer-ru');

  for (const someone of [mod, officer, overlay]) someone.expected.push(...AWAY);
  daemon.child.kill('SIGKILL');
  await daemon.exited;
  await mod.page.locator('.banner-amber').waitFor();
  await shot(mod, 'console-offline');
  await officer.page.locator('.officer-lost').waitFor();
  await officer.page.locator('.officer-main').getByText('светофор').waitFor();
  await shot(officer, 'officer-offline');
  const again = await start(t, config);
  await until('the console to come back', async () => (await mod.page.locator('.banner-amber').count()) === 0);
  await until('the officer to come back', async () => (await officer.page.locator('.officer-lost').count()) === 0);
  assert.deepEqual(await queue(), before);
  await mod.page.locator('.air-text').getByText('светофор').waitFor();
  await mod.page.keyboard.press('s');
  await overlay.page.locator('.panel-on').getByText('светофор').waitFor();

  chat.irc.child.kill('SIGKILL');
  await mod.page.locator('.side-tabs .count-amber').waitFor();
  await mod.page.locator('.side-tabs button').last().click();
  await mod.page.locator('.source-reason', { hasText: /Связь прервалась|Подключиться не удалось/ }).waitFor();
  await shot(mod, 'console-source-lost');
  noErrors(mod, officer, overlay);
  assert.equal((await stop(again)).code, 0);
});

test('each page in the hand, in both languages', async (t) => {
  const chat = await room(t);
  const { key, daemon, api } = await stream(t, chat);
  const chrome = await browser(t);
  await speakAll(chat, api);
  const first = (await api.get('/questions?status=new')).json.items.find((q) => q.original === ROAD);
  const acts = { approve: {}, air: {}, edit: { text: { kk: LONG_KK, ru: LONG_RU } },
    note: { text: 'Бағдаршам 25 қарашаға дейін жөнделеді' } };
  for (const [act, body] of Object.entries(acts)) assert.equal((await api.act(first.n, act, body)).status, 200);
  assert.equal((await api.post('/overlay/show', { n: first.n })).status, 200);
  for (const lang of ['kk', 'ru']) {
    const phone = await person(chrome, daemon.url, { lang, width: 390, height: 844 });
    await phone.page.goto('/');
    await phone.page.waitForSelector('input[name=username]');
    await shot(phone, `phone-signin-${lang}`);
    await signIn(phone, 'aida');
    await row(phone.page, 'Мошенники').waitFor();
    await shot(phone, `phone-console-${lang}`);
    await fits(phone);
    for (const [i, pane] of ['air', 'chat', 'sources'].entries()) {
      await phone.page.locator('.phone-bar button').nth(i + 1).tap();
      await phone.page.locator(`.pane-${pane}`).waitFor();
      await shot(phone, `phone-${pane}-${lang}`);
      await fits(phone);
    }
    const hand = await person(chrome, daemon.url, { lang, width: 390, height: 844 });
    await signIn(hand, 'colonel', '/officer');
    await hand.page.locator('.officer-main').getByText('бағдаршам').waitFor();
    await shot(hand, `phone-officer-${lang}`);
    await fits(hand);
    const tablet = await person(chrome, daemon.url, { lang, width: 1280, height: 800 });
    await signIn(tablet, 'colonel', '/officer');
    await tablet.page.locator('.officer-note').waitFor();
    await shot(tablet, `tablet-officer-${lang}`);
    for (const { page } of [hand, tablet]) {
      const [text, box] = await page.locator('.big').evaluate((big) => [big.scrollHeight, big.clientHeight]);
      assert.ok(text <= box, 'the officer reads all of it without scrolling');
    }
    const join = await person(chrome, daemon.url, { lang, width: 390, height: 844 });
    join.expected.push(/ 410 .*\/api\/v1\/join$/);
    await join.page.goto('/join/no-such-code');
    await join.page.waitForSelector('h1');
    await shot(join, `phone-join-${lang}`);
    await fits(join);
    const obs = await person(chrome, daemon.url, { lang, width: 1920, height: 1080 });
    await obs.page.goto(`/overlay?key=${key}&lang=kk%2Bru`);
    await obs.page.locator('.panel-on').waitFor();
    const background = await obs.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(background, 'rgba(0, 0, 0, 0)');
    await shot(obs, `overlay-obs-${lang}`);
    noErrors(phone, hand, tablet, join, obs);
  }
  assert.equal((await stop(daemon)).code, 0);
});
