// SPDX-License-Identifier: Apache-2.0
// The panel of chats in the console: how each one is, in the words of the person in front of it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import test from 'node:test';

import { browser, noErrors, person, shot, signIn } from './browser.mjs';
import { Client, account, folder, settings, start, until } from './support.mjs';

const LIVE = { items: [{ snippet: {}, liveStreamingDetails: { activeLiveChatId: 'c', actualStartTime: '2026-01-15T12:00:00Z' } }] };
const page = (items) => ({ nextPageToken: 'p', pollingIntervalMillis: 60000, items });
const HEARD = {
  id: 'm1', snippet: { type: 'textMessageEvent', displayMessage: 'сәлем', publishedAt: '2026-01-15T12:00:00Z', textMessageDetails: { messageText: 'сәлем' } },
  authorDetails: { channelId: 'UC1', displayName: 'A' },
};
const fault = (reason, message) => ({ error: { code: 403, message, errors: [{ reason }] } });

test('the panel says of each chat how it is, why, and when it is tried again', async (t) => {
  const dir = folder(t);
  writeFileSync(join(dir, 'key'), 'AIzaSecretKeyOfOurs\n', { mode: 0o600 });
  const answers = {
    live: (chat) => [200, chat ? page([HEARD]) : LIVE],
    silent: (chat) => [200, chat ? page([]) : LIVE],
    busy: () => [429, {}, { 'retry-after': '3600' }],
    key: () => [401, { error: { message: 'API key not valid' } }],
    spent: () => [403, fault('quotaExceeded', 'over')],
    gone: () => [200, { items: [] }],
  };
  const server = http.createServer((req, res) => {
    const [status, body, headers] = answers[req.url.split('/')[1]](req.url.includes('/liveChat/'));
    res.writeHead(status, headers);
    res.end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const quiet = { live: '600s', silent: '1s' };
  const sources = Object.keys(answers).map((name) => ({
    kind: 'youtube', name, url: `http://127.0.0.1:${server.address().port}/${name}`, api_key_file: join(dir, 'key'), video: 'dQw4w9WgXcQ',
    quiet_after: quiet[name] ?? '120s', quota: name === 'live' ? 7 : 10000,
  }));
  const config = settings(dir, { sources: JSON.stringify(sources) });
  account(config, 'boss', 'admin');
  const daemon = await start(t, config);
  const api = await new Client(daemon.url).signIn('boss');
  const { kinds } = (await api.get('/sources')).json;
  assert.ok(kinds.includes('youtube') && kinds.includes('push'));
  await until('the silent chat to be called quiet', async () => (await api.get('/sources')).json.items.some((one) => one.state === 'quiet'));

  const boss = await person(await browser(t), daemon.url);
  await signIn(boss, 'boss');
  await boss.page.getByRole('tab', { name: 'Дереккөздер' }).click();
  const item = (name) => boss.page.locator('.source-item').filter({ has: boss.page.locator('b', { hasText: new RegExp(`^${name}$`) }) });
  const says = async (name, ...words) => {
    await item(name).waitFor();
    for (const one of words) await item(name).getByText(one).waitFor();
  };
  await says('live', 'жұмыс істеп тұр', /соңғы хабар .* бұрын/, 'минутына 1', /квота: 7 бірліктің 6 жұмсалды/);
  await says('silent', 'көптен үнсіз', 'хабар әлі болған жоқ', 'минутына 0', /күткеннен ұзақ/);
  await says('busy', 'қосылуда', /сиректеу сұрауды/, /келесі әрекетке (59|60) мин қалды/);
  await says('key', 'рұқсат берілмеді', /қабылданбады/);
  await says('spent', 'қосылуда', 'Бүгінгі квота таусылды', /келесі әрекетке \d+ (сағ|мин) қалды/);
  await says('gone', 'рұқсат берілмеді', /атауын тексеріңіз/);
  const health = async (name) => /source-(good|warn|bad|off)/.exec(await item(name).getAttribute('class'))[1];
  assert.deepEqual(await Promise.all(Object.keys(answers).map(health)), ['good', 'warn', 'warn', 'bad', 'warn', 'bad']);
  assert.equal(await item('busy').getByText('минутына').count(), 0, 'no rate where nothing is joined');
  await shot(boss, 'sources');

  await boss.page.getByRole('button', { name: 'Дереккөз қосу' }).click();
  const form = boss.page.locator('form').filter({ has: boss.page.locator('[data-autofocus]') });
  const select = form.locator('select');
  await select.locator('option').nth(kinds.length - 1).waitFor({ state: 'attached' });
  assert.deepEqual(await select.locator('option').evaluateAll((all) => all.map((one) => one.value)), kinds);
  await form.locator('input').first().fill('https://youtu.be/dQw4w9WgXcQ');
  assert.equal(await select.inputValue(), 'youtube');
  await shot(boss, 'sources_add');
  noErrors(boss);
});
