// SPDX-License-Identifier: Apache-2.0
// browser.mjs - Chromium and the pages in it. A page that logs an error or breaks the content
// security policy fails the test that opened it.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

import { PASSWORD } from './support.mjs';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];

/** Starts a browser that goes with the test. */
export async function browser(t) {
  const chrome = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
  t.after(() => chrome.close());
  return chrome;
}

/**
 * A person's own window: cookies and storage of its own; a narrow one is a phone. `received` is
 * all that came over the network, `errors` what the page complained of; what matches `expected`
 * (text and address of the complaint) is not counted.
 */
export async function person(chrome, url, { lang = 'kk', width = 1440, height = 900 } = {}) {
  const phone = width < 500;
  const context = await chrome.newContext({
    viewport: { width, height }, locale: lang, baseURL: url, colorScheme: 'light',
    hasTouch: phone, isMobile: phone,
  });
  await context.addInitScript(() => addEventListener('securitypolicyviolation', (e) =>
    console.error(`policy violation: ${e.violatedDirective} ${e.blockedURI}`)));
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  // Asking who one is before signing in is answered 401, and the browser says so.
  const someone = { page, context, received: [], errors: [], expected: [/ 401 .*\/api\/v1\/session$/] };
  page.on('console', (m) => {
    const complaint = `${m.text()} ${m.location().url}`;
    const expected = someone.expected.some((one) => one.test(complaint));
    if (m.type() === 'error' && !expected) someone.errors.push(complaint);
  });
  page.on('pageerror', (e) => someone.errors.push(String(e)));
  page.on('websocket', (ws) => ws.on('framereceived', (f) => someone.received.push(String(f.payload))));
  page.on('response', async (r) => {
    if (/json/.test(r.headers()['content-type'])) someone.received.push(await r.text().catch(() => ''));
  });
  return someone;
}

/** What a browser says of a server that is away. */
export const AWAY = [/WebSocket connection .* failed/, /net::ERR_/];

export async function signIn({ page }, user, path = '/') {
  await page.goto(path);
  await page.fill('input[name=username]', user);
  await page.fill('input[name=password]', PASSWORD);
  await page.click('button[type=submit]');
}

export function noErrors(...people) {
  for (const { errors } of people) assert.deepEqual(errors, []);
}

/** Nothing sticks out to the side, but in what scrolls sideways on purpose. */
export async function fits({ page }) {
  const out = await page.evaluate(() => [...document.querySelectorAll('body *')]
    .filter((e) => !e.closest('.tabs, .groups, .scroll-x, .sr-only') && e.getClientRects().length > 0)
    .map((e) => [e.className || e.tagName, e.getBoundingClientRect()])
    .filter(([, box]) => box.right > innerWidth + 1 || box.left < -1)
    .map(([name]) => String(name)));
  assert.deepEqual(out, []);
}

/** Keeps a picture where SHOTS says; without it nothing. */
export async function shot({ page }, name) {
  if (!process.env.SHOTS) return;
  mkdirSync(process.env.SHOTS, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), omitBackground: true });
}
