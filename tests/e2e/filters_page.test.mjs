// SPDX-License-Identifier: Apache-2.0
// The press officer at /filters, while a recording is being replayed: a rule is changed, tried,
// activated and put back, and no message is lost.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { browser, noErrors, person, signIn } from './browser.mjs';
import { Client, ROOT, account, folder, settings, start, stop, until } from './support.mjs';

const LINE = 'зымыраншақ қашан ұшады?';
const COUNT = 400;

test('a rule is changed, tried, activated and put back on the page while a replay runs', async (t) => {
  const dir = folder(t);
  const replay = join(dir, 'chat.ndjson');
  const at = Date.parse('2026-03-01T10:00:00Z');
  writeFileSync(replay, Array.from({ length: COUNT }, (_, i) => JSON.stringify({
    id: `m${i}`, author: { id: `a${i}`, name: 'A' }, text: `хабар нөмірі ${i}`,
    at: new Date(at + i * 100).toISOString(),
  })).join('\n'));
  const config = settings(dir, { sources: `[{kind: replay, name: youtube, file: ${replay}, speed: 2}]` });
  account(config, 'saule', 'admin');
  const daemon = await start(t, config);
  const api = await new Client(daemon.url).signIn('saule');
  const topics = async () => {
    const tried = await api.post('/filters/try', { files: [], lines: [LINE], recent: false });
    return tried.json.lines[0].verdict.topics;
  };
  const saule = await person(await browser(t), daemon.url);
  const { page } = saule;
  await signIn(saule, 'saule', '/filters#topics/road.yaml');
  await page.locator('.rules').waitFor();
  await page.getByRole('tab').nth(1).click();
  const text = page.locator('.cm-content');
  await text.click();
  const rule = "  - {name: rocket, re: '%{B}зымыраншақ%{T}', score: 3}\n";
  const shipped = readFileSync(join(ROOT, 'filters/police-kz/topics/road.yaml'), 'utf8');
  const changed = shipped.replace(/^rules:\n/m, (head) => head + rule);
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(changed);
  await page.fill('textarea[name=lines]', LINE);
  await page.keyboard.press('Control+Enter');
  await page.locator('.fine').waitFor();
  assert.match(await page.locator('.tried').innerText(), /rocket/);
  await page.keyboard.press('Control+s');
  await page.fill('dialog input[name=note]', 'зымыран');
  await page.click('dialog button[type=submit]');
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(await topics(), ['road']);

  await page.locator('.file-acts .soft').click();
  await page.click('dialog button[type=submit]');
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(await topics(), []);
  await page.getByRole('tab').nth(2).click();
  assert.match(await page.locator('.past').innerText(), /зымыран[\s\S]*saule/);
  await until('the recording to end', async () =>
    (await api.get('/sources')).json.items[0].state === 'ended', 60000);
  assert.equal((await api.get('/sources')).json.items[0].messages, COUNT);
  noErrors(saule);
  await stop(daemon);
});
