// SPDX-License-Identifier: Apache-2.0
// Every page and its dialogs before axe (WCAG 2.2 AA): light, dark, high contrast, forced colours
// and on a phone; at 400 % zoom nothing scrolls sideways; and the console is walked by keyboard.
import assert from 'node:assert/strict';
import test from 'node:test';
import axe from 'axe-core';

import { browser, fits, noErrors, person, shot, signIn } from './browser.mjs';
import { Client, account, folder, settings, start, stop, token, until } from './support.mjs';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const LINES = [
  ['a1', 'Айгүл', 'Жол қашан жөнделеді?'], ['a2', 'Ерлан', 'Когда починят светофор на Абая?'],
  ['a3', 'Олга', 'Мне звонят мошенники, мой номер 8 701 555 66 77, что делать?'],
  ['a4', 'Дана', 'Срочно, муж избивает жену'], ['a5', 'Нұр', 'Сәлем!'], ['a6', 'Болат', 'Айыппұлды қайда төлейміз?'],
  ['a7', 'Игорь', 'Когда починят светофор на улице Абая?'], ['a8', 'Сәуле', 'Куәлікті қалай ауыстырамыз?'],
  ['a9', 'Тимур', 'Где получить справку о судимости?'], ['a10', 'Асем', 'Камералар қай көшеде тұр?'],
];

async function broadcast(t) {
  const config = settings(folder(t), { sources: '[{kind: push, name: chat}]' });
  for (const [name, role] of [['boss', 'admin'], ['colonel', 'officer'], ['eye', 'viewer']]) account(config, name, role);
  const intake = { authorization: `Bearer ${token(config, 'intake', 'chat')}` };
  const key = token(config, 'overlay', 'obs');
  const daemon = await start(t, config);
  const api = await new Client(daemon.url).signIn('boss');
  const text = LINES.map(([id, name, line]) => JSON.stringify({ id, author: { id, name }, text: line })).join('\n');
  assert.equal((await api.post('/messages', `${text}\n`, intake)).json.accepted, LINES.length);
  const { items } = (await api.get('/questions?status=new')).json;
  const calm = items.filter((q) => q.question && !q.urgent);
  for (const [i, act] of ['approve', 'approve', 'reject'].entries()) {
    await api.act(calm[i].n, act, act === 'reject' ? { reason: 'off_topic' } : {});
  }
  await api.act(calm[0].n, 'air');
  await api.act(calm[3].n, 'follow_up', { unit: 'ЖПҚБ' });
  await api.post('/promises', { text: 'Тексереміз', until: '2030-01-10' });
  await api.act(calm[0].n, 'note', { text: 'Қысқа жауап' });
  await api.post('/overlay/show', { n: calm[0].n });
  return { daemon, api, key };
}

const press = (key) => (page) => page.keyboard.press(key);
const click = (selector) => (page) => page.locator(selector).first().click();
const escape = press('Escape');
const menu = (n) => async (page) => {
  await page.locator('.me-button').click();
  await page.locator('.menu > button').nth(n).click();
};
const chosen = (key) => async (page) => {
  await page.locator('.row .row-text').last().click();
  await page.keyboard.press(key);
};
const dialogs = ['r', 'w', 'e', 't', 'm', 'i'].map((key) => ({ name: `dialog ${key}`, enter: chosen(key), ready: 'dialog', leave: escape }));

// A page that comes later is one line here.
const PAGES = [
  { name: 'sign-in', path: '/', ready: 'input[name=username]' },
  { name: 'join', path: '/join/no-such-code', ready: 'h1', expected: / 410 / },
  {
    name: 'console', user: 'boss', path: '/', ready: '.row',
    states: [
      { name: 'chosen row', enter: (page) => page.locator('.row .row-text').last().click(), ready: '.toolbar' },
      ...dialogs,
      { name: 'help', enter: press('?'), ready: '.keys', leave: escape },
      { name: 'menu', enter: click('.me-button'), ready: '.menu', leave: escape },
      { name: 'officer link', enter: menu(0), ready: '.qr img', leave: escape },
      { name: 'overlay link', enter: menu(1), ready: 'dialog .steps', leave: escape },
      { name: 'end', enter: menu(2), ready: 'dialog', leave: escape },
      { name: 'search', enter: press('/'), ready: 'dialog', leave: escape },
      { name: 'promise', enter: press('b'), ready: 'dialog', leave: escape },
      { name: 'prepare', enter: menu(3), ready: 'textarea[name=prepared]', leave: escape },
      { name: 'rehearsal', enter: menu(4), ready: 'dialog', leave: escape },
      { name: 'write', enter: click('.topbar > button.soft'), ready: 'dialog', leave: escape },
      { name: 'ticked', enter: chosen('x'), ready: '.bulk-bar', leave: escape },
      { name: 'one by one', enter: press('z'), ready: '.single-bar', leave: press('z') },
      { name: 'rejected', enter: (page) => page.locator('.middle-head [role=tab]').last().click(), ready: '.row' },
      { name: 'queue', enter: (page) => page.locator('.middle-head [role=tab]').nth(1).click(), ready: '.row' },
      { name: 'air', wide: true, enter: (page) => page.locator('.side-tabs [role=tab]').last().click(), ready: '.sources' },
    ],
  },
  { name: 'filters', user: 'boss', path: '/filters', ready: '.lab-main h2' },
  { name: 'stats', user: 'boss', path: '/stats', ready: '.tiles' },
  { name: 'setup', user: 'boss', path: '/setup', ready: 'main li' },
  { name: 'register', user: 'boss', path: '/register', ready: '.register-row',
    states: [{ name: 'details', enter: click('.register-open'), ready: '.history li' }] },
  { name: 'promises', user: 'boss', path: '/promises', ready: '[data-promise]' },
  {
    name: 'accounts', user: 'boss', path: '/accounts', ready: '#log tbody tr',
    states: [
      { name: 'add', enter: click('button[name=add-user]'), ready: 'dialog', leave: escape },
      { name: 'change', enter: click('tr[data-user] button'), ready: 'dialog', leave: escape },
      { name: 'key', enter: click('button[name=add-token]'), ready: 'dialog', leave: escape },
      { name: 'link', enter: click('button[name=add-link]'), ready: '.qr img', leave: escape },
      { name: 'rules', enter: click('.panel summary'), ready: '.rules[open]' },
    ],
  },
  { name: 'officer', user: 'colonel', path: '/officer', ready: '.officer-main' },
  { name: 'viewer', user: 'eye', path: '/', ready: '.row' },
  { name: 'denied', user: 'eye', path: '/accounts', ready: '.card h2' },
  { name: 'overlay preview', path: '/overlay?preview=1', ready: '.panel' },
];

const MODES = [
  { name: 'light', media: { colorScheme: 'light' } },
  { name: 'dark', media: { colorScheme: 'dark' } },
  { name: 'more contrast', media: { colorScheme: 'light', contrast: 'more' } },
  { name: 'forced colours', media: { colorScheme: 'dark', forcedColors: 'active' } },
  { name: 'phone', media: { colorScheme: 'light' }, width: 390, height: 844 },
];

async function inspect(page, where, found) {
  await page.evaluate(() => document.fonts.ready);
  if (!(await page.evaluate(() => Boolean(window.axe)))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate((tags) => window.axe.run(document, {
    runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'],
  }), TAGS);
  for (const one of violations) {
    const nodes = one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} (${node.failureSummary.replace(/\s+/g, ' ')})`);
    found.push(`${where}: ${one.id}: ${nodes.join('; ')}`);
  }
}

async function visit(someone, { name, states = [] }, mode, found) {
  const { page } = someone;
  await inspect(page, `${mode.name}, ${name}`, found);
  for (const state of states) {
    if (state.wide && mode.width) continue;
    await state.enter(page);
    await page.locator(state.ready).first().waitFor().catch(async (error) => { await shot({ page }, 'axe-stuck'); throw new Error(`${name}, ${state.name}: ${error.message}`); });
    await inspect(page, `${mode.name}, ${name}, ${state.name}`, found);
    if (!state.leave) continue;
    await state.leave(page);
    await page.locator(state.ready).first().waitFor({ state: 'detached' });
  }
}

async function enter(chrome, url, one, { width = 1280, height = 800, lang = 'kk' } = {}) {
  const someone = await person(chrome, url, { lang, width, height });
  if (one.expected) someone.expected.push(one.expected);
  if (one.user) await signIn(someone, one.user, one.path);
  else await someone.page.goto(one.path);
  await someone.page.locator(one.ready).first().waitFor();
  return someone;
}

for (const mode of MODES) {
  test(`axe finds nothing: ${mode.name}`, async (t) => {
    const { daemon } = await broadcast(t);
    const chrome = await browser(t);
    const found = [];
    for (const one of PAGES) {
      const someone = await enter(chrome, daemon.url, one, mode);
      await someone.page.emulateMedia(mode.media);
      await visit(someone, one, mode, found);
      await shot(someone, `axe-${mode.name}-${one.name}`.replace(/ /g, '-'));
      noErrors(someone);
      await someone.context.close();
    }
    assert.deepEqual(found, []);
    assert.equal((await stop(daemon)).code, 0);
  });
}

test('at 400 % zoom nothing scrolls sideways and nothing is cut off', async (t) => {
  const { daemon } = await broadcast(t);
  const chrome = await browser(t);
  for (const lang of ['kk', 'ru']) {
    for (const one of PAGES.filter(({ name }) => name !== 'overlay preview')) {
      const someone = await enter(chrome, daemon.url, one, { width: 320, height: 256, lang });
      await fits(someone);
      const cut = await someone.page.evaluate(() => [...document.querySelectorAll('button, a.button, h1, h2, label')]
        .filter((e) => e.getClientRects().length > 0 && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible')
        .filter((e) => getComputedStyle(e).textOverflow !== 'ellipsis')
        .map((e) => e.textContent.trim()));
      assert.deepEqual(cut, [], `${one.name}, ${lang}`);
      await shot(someone, `zoom-${one.name}-${lang}`.replace(/ /g, '-'));
      noErrors(someone);
      await someone.context.close();
    }
  }
  assert.equal((await stop(daemon)).code, 0);
});

/** Walks with Tab from the top until it comes round; gives what was focused and whether it showed. */
async function walk(page) {
  const seen = [];
  await page.evaluate(() => document.activeElement?.blur());
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const ring = [e, e.closest('label')].filter(Boolean).map((one) => getComputedStyle(one))
        .some((style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none');
      const box = (e.closest('label') ?? e).getBoundingClientRect();
      const name = e.getAttribute('aria-label') || e.title || e.textContent.trim() || e.labels?.[0]?.textContent.trim() || e.placeholder || '';
      e.dataset.walked ??= String(document.querySelectorAll('[data-walked]').length);
      return { id: e.dataset.walked, tag: e.tagName, name, ring, shown: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight };
    });
    if (at === null) continue;
    if (seen.some((one) => one.id === at.id)) return seen;
    seen.push(at);
  }
  return seen;
}

test('every page is walked by Tab alone: all controls are reached, named and seen', async (t) => {
  const { daemon } = await broadcast(t);
  const chrome = await browser(t);
  for (const one of PAGES.filter(({ name }) => name !== 'overlay preview')) {
    const someone = await enter(chrome, daemon.url, one);
    const { page } = someone;
    const seen = await walk(page);
    assert.ok(seen.length > 0, one.name);
    for (const at of seen) {
      assert.ok(at.name, `${one.name}: a ${at.tag} has no name`);
      assert.ok(at.ring, `${one.name}: "${at.name}" does not show that it has the focus`);
      assert.ok(at.shown, `${one.name}: "${at.name}" has the focus out of sight`);
    }
    const missed = await page.evaluate(() => [...document.querySelectorAll('button:enabled, a[href], input:enabled, select:enabled, textarea:enabled')]
      .filter((e) => e.getClientRects().length > 0 && !e.dataset.walked && e.tabIndex >= 0 && e.type !== 'radio')
      .map((e) => e.outerHTML.slice(0, 120)));
    assert.deepEqual(missed, [], one.name);
    noErrors(someone);
    await someone.context.close();
  }
  assert.equal((await stop(daemon)).code, 0);
});
