// SPDX-License-Identifier: Apache-2.0
// Makes the README's pictures from the real pages with the demo's chat:
//   node tests/e2e/pictures.mjs      writes docs/img/*.png
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { browser, person, signIn } from './browser.mjs';
import { Client, ROOT, account, folder, start, stop, token, until } from './support.mjs';

const IMG = join(ROOT, 'docs/img');
const endings = [];
const t = { after: (f) => endings.unshift(f) };

const dir = folder(t);
const config = join(dir, 'suraq.yaml');
writeFileSync(config, `stream: {id: demo, title: {kk: Полиция эфирі, ru: Эфир полиции}, languages: [kk, ru], timezone: Asia/Almaty}
listen: 127.0.0.1:0
journal: {kind: sqlite, path: ${dir}/suraq.db}
filters: [${ROOT}/filters/police-kz]
sources: [{kind: replay, name: youtube, file: ${ROOT}/config/demo.ndjson, speed: 200}]
`);
account(config, 'aigerim', 'moderator');
account(config, 'officer', 'officer');
const key = token(config, 'overlay', 'obs');
const daemon = await start(t, config);
try {
  const api = await new Client(daemon.url).signIn('aigerim');
  await until('the recording to end', async () => (await api.get('/sources')).json.items[0].state === 'ended', 60000);
  const { items } = (await api.get('/questions?status=new&limit=200')).json;
  for (const q of items.filter((one) => one.urgent).slice(1)) await api.act(q.n, 'reject', { reason: 'repeat' });
  const plain = items.filter((q) => q.question && !q.urgent && !q.held && !(q.pii?.length));
  const popular = [...plain].sort((a, b) => b.count - a.count).slice(0, 6);
  for (const q of popular) await api.act(q.n, 'approve');
  const kk = popular.find((q) => q.lang === 'kk') ?? popular[0];
  await api.act(kk.n, 'edit', {
    text: { kk: 'Абай көшесі мен Бөкетов көшесінің қиылысындағы бағдаршам қашан жөнделеді?',
      ru: 'Когда починят светофор на перекрёстке улиц Абая и Букетова?' },
  });
  await api.act(kk.n, 'air');
  await api.post('/overlay/show', { n: kk.n });

  mkdirSync(IMG, { recursive: true });
  const chrome = await browser(t);
  const picture = async ({ page }, name) => {
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(IMG, name) });
  };
  const officer = await person(chrome, daemon.url, { width: 1280, height: 800 });
  await signIn(officer, 'officer', '/officer');
  await officer.page.locator('.officer-main').getByText('бағдаршам').waitFor();
  const overlay = await person(chrome, daemon.url, { width: 1280, height: 720 });
  await overlay.page.goto(`/overlay?key=${key}&lang=kk%2Bru`);
  await overlay.page.locator('.panel-on').waitFor();
  // The panel fades in; the picture behind it stands for the broadcast.
  await overlay.page.evaluate(async () => {
    await Promise.all(document.getAnimations().map((one) => one.finished));
    document.body.style.background = 'linear-gradient(#8fa7b5, #3f5766)';
  });
  const mod = await person(chrome, daemon.url, { width: 1280, height: 800 });
  await signIn(mod, 'aigerim');
  await mod.page.locator('.rows li').first().waitFor();
  await mod.page.keyboard.press('j');
  await mod.page.locator('.rows li[aria-current=true]').waitFor();
  await mod.page.mouse.move(1, 1);
  await until('both screens to be heard of', async () => (await mod.page.locator('.screens .dot-green').count()) === 2);
  await picture(officer, 'officer-kk.png');
  await picture(overlay, 'overlay-kk-ru.png');
  await picture(mod, 'console-kk.png');

  // After the broadcast: some are owed, one is late, one presses; what was promised.
  const day = (n) => new Date(Date.now() + n * 86400000).toISOString().slice(0, 10);
  const units = ['ЖПҚБ', 'Учаскелік инспекторлар', 'Көші-қон қызметі'];
  for (const [i, q] of plain.filter((one) => !popular.includes(one)).slice(0, 7).entries())
    await api.act(q.n, 'follow_up', { unit: units[i % 3], ...(i < 2 && { due: day(i === 0 ? -4 : 2) }) });
  await api.post('/promises', { text: 'Абай көшесіндегі бағдаршамды тексереміз', until: day(7), unit: 'ЖПҚБ', n: kk.n });
  await api.post('/promises', { text: 'Учаскелік инспекторлардың телефондарын сайтқа саламыз', until: day(3) });
  const kept = (await api.post('/promises', { text: 'Мектеп жанындағы жаяу жүргінші жолын бояймыз' })).json.promise;
  await api.post(`/promises/${kept.id}/done`, { version: kept.version, note: 'Боялды' });
  await mod.page.goto('/register');
  await mod.page.locator('.register-row').first().waitFor();
  await mod.page.locator('.register-open').first().click();
  await mod.page.locator('.history li').first().waitFor();
  await mod.page.mouse.move(1, 1);
  await picture(mod, 'register-kk.png');
  await mod.page.goto('/promises');
  await mod.page.locator('[data-promises=done]').waitFor();
  await picture(mod, 'promises-kk.png');
  await stop(daemon);
} finally {
  for (const end of endings) await end();
}
