// SPDX-License-Identifier: Apache-2.0
// What becomes of six thousand messages: two broadcasts from recorded chats, the first ended in a browser,
// the register worked through its terms on a fake calendar, the second greeted by the promises, every figure
// of every report counted again from the journal, and at the end nothing that is left of two hundred
// planted personal data.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { browser, noErrors, person, shot, signIn } from './browser.mjs';
import { evening, recording } from './citizens.mjs';
import { Client, account, calendar, folder, settings, start, stop, suraq, until } from './support.mjs';

const LINES = 3000;
const PLANTED = 100;
const ANSWER = 15;
const FORWARD = 3;
const TEXT_DAYS = 60;
const REASONS = ['off_topic', 'repeat', 'abuse', 'spam', 'private', 'answered', 'other'];

// Days as the test counts them, apart from the program.
const zoned = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Almaty' });
const plus = (day, n) => new Date(Date.parse(`${day}T12:00:00Z`) + n * 86400000).toISOString().slice(0, 10);
const weekday = (day) => new Date(`${day}T12:00:00Z`).getUTCDay();

/** Weekends are off but one Saturday, and three days in the middle of the week after next. */
function officeDays(today) {
  let monday = plus(today, 7);
  while (weekday(monday) !== 1) monday = plus(monday, 1);
  const off = [0, 1, 2].map((n) => plus(monday, n));
  const worked = plus(monday, 5);
  const isOff = (day) => off.includes(day) || ([0, 6].includes(weekday(day)) && day !== worked);
  const end = (day) => (isOff(day) ? end(plus(day, 1)) : day);
  const add = (day, n) => (n === 0 ? end(day) : add(end(plus(day, 1)), n - 1));
  const between = (from, to) => { let n = 0; for (let day = from; day < to; day = plus(day, 1)) n += isOff(plus(day, 1)) ? 0 : 1; return n; };
  return { add, end, between, text: `name: Test\noff: [${[...off, plus(today, 500)].join(', ')}]\nwork: [${worked}]\n` };
}

/** Every file of the folder that holds one of the texts. */
const holding = (dir, texts) => readdirSync(dir, { recursive: true, withFileTypes: true })
  .filter((f) => f.isFile() && !/\.(ndjson|xlsx)$/.test(f.name) && !/sheets|office/.test(f.path ?? f.parentPath))
  .map((f) => join(f.path ?? f.parentPath, f.name))
  .filter((name) => { const bytes = readFileSync(name); return texts.some((text) => bytes.includes(text)); });

async function office(t) {
  const dir = folder(t);
  const evenings = [1, 2].map((seed) => evening(LINES, { seed, personal: PLANTED, prefix: `e${seed}-` }));
  evenings.forEach(({ lines }, i) => writeFileSync(join(dir, `evening${i + 1}.ndjson`), recording(lines, { every: 5 })));
  const today = zoned.format(new Date());
  const days = officeDays(today);
  writeFileSync(join(dir, 'days.yaml'), days.text);
  const source = (i) => `{kind: replay, name: evening${i}, file: ${dir}/evening${i}.ndjson, speed: 4, enabled: ${i === 1}}`;
  const config = settings(dir, {
    sources: `[${source(1)}, ${source(2)}]`,
    extra: `register: {answer_days: ${ANSWER}, forward_days: ${FORWARD}, calendar: ${dir}/days.yaml}\nretention: {text_days: ${TEXT_DAYS}}\n`,
  });
  account(config, 'boss', 'admin');
  const clock = calendar(dir);
  const daemon = await start(t, config, clock);
  return { dir, config, clock, daemon, days, today, evenings, planted: evenings.flatMap((one) => one.planted) };
}

const list = async (api, status) => (await api.get(`/questions?status=${status}&limit=500`)).json.items;

/** All pages of it. */
async function register(api, query) {
  const all = [];
  for (let after = ''; after !== null;) {
    const { json } = await api.get(`/register?${query}&limit=500${after && `&after=${after}`}`);
    all.push(...json.items);
    after = json.next;
  }
  return all;
}

async function heard(api, name) {
  await until(`the whole of ${name}`, async () => {
    const one = (await api.get('/sources')).json.items.find((s) => s.name === name);
    return one.messages + one.duplicates >= LINES;
  }, 60000);
}

/** A moderator's evening: some approved and aired, some rejected for each reason, some owed, some merged. */
async function moderate(api) {
  const open = (await list(api, 'new')).filter((q) => q.question !== false).sort((a, b) => a.n - b.n);
  assert.ok(open.length > 200, `${open.length} questions`);
  const done = async (n, act, body) => assert.equal((await api.act(n, act, body)).status, 200, `${act} ${n}`);
  const part = (from, n) => open.slice(from, from + n);
  for (const { n } of part(0, 40)) await done(n, 'approve');
  for (const { n } of part(0, 12)) await done(n, 'air'); // each answers the one before
  await done(open[11].n, 'answer', { note: 'Эфирде айтылды' });
  for (const [i, { n }] of part(40, 35).entries()) await done(n, 'reject', { reason: REASONS[i % REASONS.length] });
  for (const { n } of part(75, 10)) await done(n, 'follow_up', { unit: 'ЖПҚБ' });
  for (const { n } of part(85, 5)) {
    const into = (await api.get(`/questions/${open[90].n}`)).json;
    await done(n, 'merge', { into: into.n, into_version: into.version });
  }
  await done(open[91].n, 'edit', { text: { kk: 'Көше шамы қашан жөнделеді?', ru: 'Когда починят фонарь?' } });
}

/** All events of the journal. */
async function events(api) {
  const all = [];
  for (let after = 0; after !== null;) {
    const { json } = await api.get(`/journal?after=${after}&limit=500`);
    all.push(...json.items);
    after = json.next;
  }
  return all;
}

/** Counted from the events of one broadcast alone, and from who came into it. */
function figures(log, broadcast) {
  const own = log.filter((e) => e.broadcast === broadcast);
  const of = (kind) => own.filter((e) => e.kind === kind).map((e) => e.body ?? {});
  const said = of('message');
  const made = said.filter((b) => b.n);
  const asking = said.filter((b) => b.n || b.join);
  return {
    received: said.length,
    authors: new Set(said.map((b) => b.author)).size,
    asking: asking.length,
    recognised: made.filter((b) => b.verdict.question).length,
    askers: new Set(asking.map((b) => b.author)).size,
    approved: new Set(of('approve').map((b) => b.n)).size,
    aired: of('air').length,
    rejected: of('reject').length,
    merged: of('merge').length,
  };
}

const report = (config, ...args) => {
  const made = suraq(['report', '-c', config, ...args]);
  assert.equal(made.status, 0, made.err);
  return made.out;
};

/** One sheet of a workbook as LibreOffice reads it. */
function sheets(dir, file) {
  const run = spawnSync('soffice', ['--headless', '--norestore', `-env:UserInstallation=file://${dir}/office`, '--convert-to',
    'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1', '--outdir', `${dir}/sheets`, file], { encoding: 'utf8', timeout: 120000 });
  assert.equal(run.status, 0, run.stderr);
  assert.doesNotMatch((run.stdout + run.stderr).replace(/.*javaldx.*/, ''), /warn|error|repair/i);
  return readdirSync(`${dir}/sheets`).sort().map((name) => ({ name, text: readFileSync(join(dir, 'sheets', name), 'utf8') }));
}

function sameEverywhere({ config, dir }, log, broadcast) {
  const whole = JSON.parse(report(config, '--format', 'json', '--broadcast', String(broadcast)));
  const counted = figures(log, broadcast);
  for (const [name, n] of Object.entries(counted)) assert.equal(whole.figures[name], n, `${name} of ${broadcast}`);
  for (const groups of [whole.sources, whole.languages]) {
    assert.equal(groups.reduce((sum, one) => sum + one.messages, 0), counted.received);
  }
  assert.equal(Object.values(whole.reasons).reduce((a, b) => a + b, 0), whole.figures.rejected);
  const { open, answered, owed, rejected, merged, carried, items } = whole.figures;
  assert.equal(answered + owed + rejected + merged + carried + open, items);
  assert.equal(whole.questions.length, items);
  for (const lang of ['kk', 'ru']) {
    const html = report(config, '--format', 'html', '--broadcast', String(broadcast), '--lang', lang);
    const csv = report(config, '--format', 'csv', '--broadcast', String(broadcast), '--lang', lang);
    for (const name of ['received', 'authors', 'asking', 'items', 'approved', 'aired', 'answered', 'owed', 'rejected']) {
      const n = whole.figures[name];
      assert.match(html.replaceAll(/[\s\u00a0\u202f]/g, ''), new RegExp(`>${n}<`), `${name} in the page, ${lang}`);
      assert.match(csv, new RegExp(`,"?${n}"?[,\r]`), `${name} in the table, ${lang}`);
    }
    const file = join(dir, `report-${broadcast}-${lang}.xlsx`);
    report(config, '--format', 'xlsx', '--broadcast', String(broadcast), '--lang', lang, '-o', file);
    const all = sheets(join(dir), file).filter(({ name }) => name.startsWith(`report-${broadcast}-${lang}`));
    assert.ok(all.length >= 2, 'questions and statistics');
    assert.ok(all.some(({ text }) => text.includes(String(whole.figures.received))));
    assert.ok(all.some(({ text }) => text.trim().split('\n').length > items), 'a row for each question');
  }
  return whole;
}

function nothingPersonal(config, broadcast, secrets) {
  for (const lang of ['kk', 'ru']) {
    for (const format of ['html', 'csv', 'json']) {
      const out = report(config, '--edition', 'public', '--broadcast', String(broadcast), '--format', format, '--lang', lang);
      assert.deepEqual(secrets.filter((one) => out.includes(one)), [], `${format} ${lang}`);
    }
  }
}

test('two broadcasts of three thousand messages, and what is owed after them', async (t) => {
  const room = await office(t);
  const { dir, config, clock, daemon, days, today, planted } = room;
  let api = await new Client(daemon.url).signIn('boss');
  const chrome = await browser(t);
  const boss = await person(chrome, daemon.url, { width: 1280, height: 800 });
  const { page } = boss;
  let one;
  const jump = async (n) => { // sessions end meanwhile
    clock.set(`+${n}d`);
    api = await new Client(daemon.url).signIn('boss');
  };

  await t.test('the first broadcast is moderated, and ended in the browser', async () => {
    await heard(api, 'evening1');
    await moderate(api);
    for (const [text, unit] of [['Бір аптада тексереміз', 'ЖПҚБ'], ['Жауабын сайтқа саламыз', 'Баспасөз']]) {
      assert.equal((await api.post('/promises', { text, unit, until: plus(today, 20) })).status, 200);
    }
    await signIn(boss, 'boss');
    await page.locator('.broadcast button').first().click();
    await page.locator('dialog[open]').waitFor();
    await shot(boss, 'afterwards-end');
    await page.locator('dialog button[type=submit]').click();
    await until('the end', async () => (await api.get('/broadcasts')).json.items.some((b) => b.status === 'ended'));
    assert.equal((await list(api, 'new')).length, 0);
  });

  await t.test('every figure of its reports is that of the journal', async () => {
    one = sameEverywhere(room, await events(api), 1);
    assert.equal((await api.get('/register?state=open')).json.total, one.figures.owed);
    assert.equal(one.figures.aired, 12);
    assert.equal(one.figures.rejected >= 35, true);
    nothingPersonal(config, 1, planted);
  });

  await t.test('the register keeps its terms over weekends and holidays', async () => {
    const items = await register(api, 'state=open');
    assert.equal(items.length, one.figures.owed);
    const due = days.add(today, ANSWER);
    for (const { question } of items) assert.equal(question.due, due);
    const [first, second, third] = items.map((item) => item.question.n);
    assert.equal((await api.act(first, 'forward', { to: 'Әкімдік' })).status, 200);
    assert.equal((await api.act(second, 'extend', { due: plus(due, 10), reason: 'Сараптама керек' })).status, 200);
    assert.equal((await api.get(`/questions/${second}`)).json.due, days.end(plus(due, 10)));
    await jump((Date.parse(due) - Date.parse(today)) / 86400000 - 1);
    const late = async (how) => (await api.get(`/register?state=open&overdue=${how}&limit=1`)).json.total;
    await until('what is due tomorrow to be amber', async () => (await late('soon')) === one.figures.owed - 2);
    assert.equal(await late('true'), 0);
    await jump((Date.parse(due) - Date.parse(today)) / 86400000 + 1);
    await until('what is late to be red', async () => (await late('true')) === one.figures.owed - 2);
    assert.equal((await api.act(third, 'respond', { text: 'Бағдаршам жөнделді.' })).status, 200);
    assert.equal((await api.act(third, 'close')).status, 200);
    assert.equal((await api.get('/register?state=open')).json.total, one.figures.owed - 2);
  });

  await t.test('the second broadcast begins with what was promised', async () => {
    assert.equal((await api.post('/broadcasts', {})).status, 200);
    await page.reload();
    await page.locator('input[name=username], .groups').first().waitFor();
    boss.expected.push(/ 401 /);
    if (await page.locator('input[name=username]').count()) await signIn(boss, 'boss');
    await page.locator('.promise-banner').waitFor();
    await shot(boss, 'afterwards-promises');
    assert.equal((await api.call('PATCH', '/api/v1/sources/evening2', { enabled: true })).status, 200);
    await heard(api, 'evening2');
    await moderate(api);
    assert.equal((await api.post('/broadcasts/2/end', { open: 'follow_up' })).status, 200);
    const two = sameEverywhere(room, await events(api), 2);
    assert.equal((await api.get('/register?state=open')).json.total, one.figures.owed - 2 + two.figures.owed);
    nothingPersonal(config, 2, planted);
    noErrors(boss);
  });

  await t.test('what is closed and old is in no file any more, and the journal verifies', async () => {
    for (const { question } of await register(api, 'state=open,forwarded,answered')) {
      assert.equal((await api.act(question.n, 'close')).status, 200);
    }
    assert.ok(holding(dir, planted).length > 0, 'they are there before');
    assert.equal((await stop(daemon)).code, 0);
    clock.set('+500d');
    const purged = suraq(['purge', '-c', config], clock);
    assert.equal(purged.status, 0, purged.err);
    assert.deepEqual(holding(dir, planted), []);
    assert.equal(suraq(['backup', '-c', config, '-o', join(dir, 'copy.db')]).status, 0);
    assert.deepEqual(holding(dir, planted), []);
    const verified = suraq(['verify', '-c', config]);
    assert.match(verified.out, /^whole /, verified.err);
    const figuresLeft = JSON.parse(report(config, '--format', 'json', '--broadcast', '1')).figures;
    assert.equal(figuresLeft.received, LINES);
  });
});
