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
 * A person's own window: cookies and storage of its own. `frames` is what the live
 * connection received, `errors` what the page complained of.
 */
export async function person(chrome, url, { lang = 'kk', width = 1440, height = 900 } = {}) {
  const context = await chrome.newContext({
    viewport: { width, height }, locale: lang, baseURL: url, colorScheme: 'light',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  const someone = { page, context, frames: [], errors: [], tolerant: false };
  page.on('console', (m) => {
    // Asking who one is before signing in is answered 401, and the browser says so.
    if (m.location().url.endsWith('/api/v1/session')) return;
    if (m.type() === 'error' && !someone.tolerant) someone.errors.push(m.text());
  });
  page.on('pageerror', (e) => someone.errors.push(String(e)));
  page.on('websocket', (ws) => ws.on('framereceived', (f) => someone.frames.push(String(f.payload))));
  return someone;
}

export async function signIn({ page }, user, path = '/') {
  await page.goto(path);
  await page.fill('input[name=username]', user);
  await page.fill('input[name=password]', PASSWORD);
  await page.click('button[type=submit]');
}

export function noErrors(...people) {
  for (const { errors } of people) assert.deepEqual(errors, []);
}

/** Keeps a picture where SHOTS says; without it nothing. */
export async function shot({ page }, name) {
  if (!process.env.SHOTS) return;
  mkdirSync(process.env.SHOTS, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), omitBackground: true });
}
