// SPDX-License-Identifier: Apache-2.0
// Reports of a broadcast, made while the program runs: every figure against a count taken straight from
// the journal's events, all formats against each other, and the public edition against what must not be
// in it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Client, PROGRAM, ROOT, account, folder, settings, start, suraq, token } from './support.mjs';

const HOSTILE = '=HYPERLINK("http://evil.example";"қашан") <script>alert(1)</script> & "жол" қашан жөнделеді?';
const STREETS = ['Абая', 'Сатпаева', 'Гоголя', 'Ауэзова', 'Жумабаева', 'Интернациональной', 'Букетова', 'Парковой'];

/** Forty people who each write their telephone, card, address of mail or number of a car. */
function planted() {
  return Array.from({ length: 40 }, (_, i) => {
    const two = String(10 + i);
    const item = [`8 701 555 ${two} 77`, `4400 4301 2345 ${6700 + i}`, `ivan${i}.planted@mail.example`, `7${two}ABC15`][i % 3 === 1 ? 0 : i % 3];
    return { item, author: `secret_handle_${i}`, text: `когда починят светофор на улице ${STREETS[i % 8]} дом ${i}? мой номер ${item}` };
  });
}

async function broadcast(t) {
  const dir = folder(t);
  const config = settings(dir, { sources: '[{kind: push}]' });
  account(config, 'boss', 'admin');
  account(config, 'guest', 'viewer');
  const key = token(config, 'intake', 'phone');
  const daemon = await start(t, config);
  const boss = await new Client(daemon.url).signIn('boss');
  const people = planted();
  const lines = [
    ...people.map((one, i) => ({ id: `p${i}`, author: { id: `a${i}`, name: one.author }, text: one.text })),
    { id: 'h', author: { id: 'evil', name: '=cmd|calc' }, text: HOSTILE },
    ...Array.from({ length: 30 }, (_, i) => ({ id: `c${i}`, author: { id: `c${i % 7}`, name: `chat${i % 7}` }, text: `рахмет ${i}` })),
    { id: 'k', author: { id: 'kk', name: 'Айгүл' }, text: 'балабақшаға кезек қашан жылжиды?' },
  ];
  const sent = await boss.call('POST', '/api/v1/messages', lines.map((one) => JSON.stringify(one)).join('\n'), { authorization: `Bearer ${key}` });
  assert.equal(sent.json.accepted, lines.length);
  const { items } = (await boss.get('/questions?limit=100')).json;
  const done = async (n, act, body) => assert.equal((await boss.act(n, act, body)).status, 200, act);
  const open = items.filter((q) => q.status === 'new').map((q) => q.n).sort((a, b) => a - b);
  assert.ok(open.length > 8, `${open.length} items`);
  for (const n of open.slice(0, 7)) await done(n, 'approve');
  await done(open[0], 'air');
  await done(open[1], 'air'); // answers the first
  await done(open[1], 'answer', { note: 'private-note' });
  await done(open[2], 'follow_up', { unit: 'secret-unit', due: '2026-12-10' });
  await done(open[3], 'edit', { text: { ru: 'Позвоните Ивану, 8 701 222 33 44' }, allow_pii: true });
  await done(open.at(-1), 'reject', { reason: 'off_topic' });
  await done(open.at(-2), 'topic', { topics: ['made-up-topic'] });
  const hostile = items.find((q) => q.original === HOSTILE);
  assert.ok(hostile, 'the hostile line is a question');
  await boss.act(hostile.n, 'approve');
  return { dir, config, boss, daemon, people, key };
}

/** All events of the journal. */
async function events(boss) {
  const all = [];
  for (let after = 0; after !== null;) {
    const { json } = await boss.get(`/journal?after=${after}&limit=500`);
    all.push(...json.items);
    after = json.next;
  }
  return all;
}

const run = (config, ...args) => suraq(['report', '-c', config, ...args]);
const json = (config, ...args) => {
  const made = run(config, '--format', 'json', ...args);
  assert.equal(made.status, 0, made.err);
  return JSON.parse(made.out);
};

/** RFC 4180. */
function csv(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.slice(1).matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy)) {
    rows.at(-1).push((quoted ?? plain).replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

test('every figure of the report is that of the events', async (t) => {
  const { config, boss } = await broadcast(t);
  const log = await events(boss);
  const body = (e) => e.body ?? {};
  const of = (kind) => log.filter((e) => e.kind === kind);
  const { figures, reasons, sources, languages, topics, busiest, questions, about } = json(config);
  const messages = of('message');
  const count = (list, key) => list.reduce((sum, one) => sum + one[key], 0);

  assert.equal(figures.received, messages.length);
  assert.equal(figures.authors, new Set(messages.map((e) => body(e).author)).size);
  assert.equal(figures.items, messages.filter((e) => body(e).n).length);
  assert.equal(figures.asking, messages.filter((e) => body(e).n || body(e).join).length);
  assert.equal(figures.recognised, messages.filter((e) => body(e).n && body(e).verdict.question).length);
  assert.equal(figures.askers, new Set(messages.filter((e) => body(e).n || body(e).join).map((e) => body(e).author)).size);
  assert.equal(figures.approved, new Set(of('approve').map((e) => body(e).n)).size);
  assert.equal(figures.aired, of('air').length);
  assert.equal(figures.answered, of('answer').length + of('air').filter((e) => body(e).answered).length);
  assert.equal(figures.owed, of('follow_up').length);
  assert.equal(figures.rejected, of('reject').length);
  assert.deepEqual(reasons, { abuse: 0, off_topic: 1, private: 0, repeat: 0, answered: 0, spam: 0, other: 0 });
  assert.equal(figures.open, figures.items - figures.answered - figures.owed - figures.rejected);
  const arrived = new Map(messages.filter((e) => body(e).n).map((e) => [body(e).n, Date.parse(e.at)]));
  const waits = of('air').map((e) => Date.parse(e.at) - arrived.get(body(e).n)).sort((a, b) => a - b);
  assert.deepEqual([figures.wait_median, figures.wait_p90, figures.wait_max], [waits[0], waits[1], waits[1]]);
  for (const groups of [sources, languages, topics]) {
    for (const key of ['aired', 'answered', 'owed', 'rejected']) assert.equal(count(groups, key), figures[key], key);
    assert.equal(count(groups, 'asked'), figures.items);
  }
  for (const groups of [sources, languages]) assert.equal(count(groups, 'messages'), figures.received);
  for (const one of languages) {
    assert.equal(one.messages, messages.filter((e) => body(e).verdict.lang === one.name).length, one.name);
  }
  assert.equal(count(busiest, 'messages'), figures.received);
  assert.equal(questions.length, figures.items);
  assert.equal(suraq(['verify', '-c', config, '--head', about.head]).status, 0);

  const table = csv(run(config, '--format', 'csv', '--lang', 'en').out);
  assert.equal(new Set(table.map((row) => row.length)).size, 1, 'every record is as wide');
  const value = (name) => table.find((row) => row[0] === 'Figures' && row[1] === name)[2];
  for (const [name, key] of [['Messages received', 'received'], ['Approved', 'approved'], ['Put on air', 'aired'],
    ['Answered', 'answered'], ['Answer owed', 'owed'], ['Rejected', 'rejected'], ['Still open', 'open']]) {
    assert.equal(value(name), String(figures[key]), name);
  }
  const rows = table.slice(1, 1 + questions.length);
  assert.deepEqual(rows.map((row) => row[5]), questions.map((q) => (/^[=+@-]/.test(q.wording) ? `'${q.wording}` : q.wording)));
  assert.ok(rows.some((row) => row[5].startsWith("'=HYPERLINK")), 'a formula is disarmed');
  assert.ok(rows.every((row) => row.every((cell) => !/^[=+\-@\t\r]/.test(cell))));
});

test('hostile text is text in the page and in the spreadsheet', async (t) => {
  const { config, dir } = await broadcast(t);
  const page = run(config, '--lang', 'ru').out;
  assert.match(page, /^<!DOCTYPE html>\n<html lang="ru">/);
  assert.doesNotMatch(page, /<script|javascript:|https?:\/\/(?!evil)|style="/);
  assert.match(page, /&#60;script&#62;alert\(1\)&#60;\/script&#62; &#38; /);
  const file = join(dir, 'report.xlsx');
  const made = run(config, '--format', 'xlsx', '-o', file, '--lang', 'kk');
  assert.equal(made.status, 0, made.err);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const part = (name) => {
    const unpacked = spawnSync('python3', ['-c', 'import sys,zipfile;sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))', file, name]);
    assert.equal(unpacked.status, 0, String(unpacked.stderr));
    return unpacked.stdout.toString('utf8');
  };
  const sheet = part('xl/worksheets/sheet1.xml');
  assert.doesNotMatch(sheet + part('xl/worksheets/sheet2.xml'), /<f>/, 'nothing is a formula');
  assert.match(sheet, /<pane ySplit="1"[^>]*state="frozen"/);
  assert.match(sheet, /<autoFilter ref="A1:/);
  assert.match(part('xl/workbook.xml'), /name="Сұрақтар".*name="Статистика"/);
  assert.match(part('xl/styles.xml'), /yyyy-mm-dd hh:mm/);
});

test('the public edition holds nothing that leads to a person', async (t) => {
  const { config, people, boss, daemon, dir } = await broadcast(t);
  const secrets = [...people.flatMap((one) => [one.item, one.author, one.text]), '8 701 222 33 44', 'Позвоните Ивану',
    'secret-unit', 'private-note', 'made-up-topic', '=cmd|calc', 'Айгүл', 'boss'];
  const internal = run(config, '--format', 'json').out;
  for (const one of people) assert.ok(internal.includes(one.item), 'the internal edition is whole');
  for (const lang of ['kk', 'ru', 'en']) {
    for (const format of ['html', 'csv', 'json']) {
      const { out, status, err } = run(config, '--edition', 'public', '--format', format, '--lang', lang);
      assert.equal(status, 0, err);
      assert.deepEqual(secrets.filter((one) => out.includes(one)), [], `${format} ${lang}`);
    }
  }
  const file = join(dir, 'public.xlsx');
  assert.equal(run(config, '--edition', 'public', '--format', 'xlsx', '-o', file).status, 0);
  const all = spawnSync('python3', ['-c', 'import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);[sys.stdout.buffer.write(z.read(n)) for n in z.namelist()]', file]).stdout.toString('utf8');
  assert.deepEqual(secrets.filter((one) => all.includes(one)), []);
  const { figures, questions } = json(config, '--edition', 'public');
  assert.equal(figures.withheld, 1, 'the wording that a person let through');
  assert.equal(questions.filter((q) => q.wording === '▇▇▇▇').length, 1);
  assert.equal(figures.unlisted + questions.length, figures.items);
  assert.equal(figures.received, json(config).figures.received);

  const guest = await new Client(daemon.url).signIn('guest');
  assert.equal((await guest.get('/reports/1?edition=internal')).status, 403);
  const seen = await guest.get('/reports/1?format=json');
  assert.equal(seen.json.about.edition, 'public');
  assert.deepEqual(seen.json.questions, questions);
  const whole = await boss.get('/reports/1?format=json');
  assert.deepEqual(whole.json.questions, json(config).questions);
});

test('what is carried over is in both reports, under its number in each', async (t) => {
  const { config, boss } = await broadcast(t);
  const before = json(config);
  assert.equal((await boss.post('/broadcasts/1/end', { open: 'carry' })).status, 200);
  const first = json(config);
  assert.equal(first.about.broadcast, 1, 'the last that ended, not the planned one');
  assert.equal(first.figures.carried, before.figures.open);
  assert.equal(first.figures.open, 0);
  assert.deepEqual(first.questions.map((q) => q.no), before.questions.map((q) => q.no));
  const second = json(config, '--broadcast', '2');
  assert.equal(second.figures.items, first.figures.carried);
  assert.equal(second.figures.received, 0);
  assert.deepEqual(second.questions.map((q) => q.no), second.questions.map((_, i) => i + 1));
});

test('report says what is wrong, with the status of the kind', (t) => {
  const dir = folder(t);
  const config = settings(dir);
  for (const args of [['--edition', 'secret'], ['--format', 'pdf'], ['--broadcast', '0'], ['--broadcast', 'x'], ['--lang', 'de'], ['x'], ['--nonsense']]) {
    const bad = run(config, ...args);
    assert.equal(bad.status, 2, args.join(' '));
    assert.equal(bad.out, '');
    assert.match(bad.err, /^(suraq report|usage|[^:]+): /);
  }
  assert.equal(run(config).status, 4, 'no journal yet');
  writeFileSync(join(dir, 'bad.yaml'), 'listen: [\n');
  assert.equal(suraq(['report', '-c', join(dir, 'bad.yaml')]).status, 3);
  const terminal = spawnSync('script', ['-qec', `${PROGRAM} report -c ${config} --format xlsx`, '/dev/null'], { cwd: ROOT, encoding: 'utf8' });
  if (!terminal.error) assert.equal(terminal.status, 2, terminal.stdout);
  assert.ok(readFileSync(config, 'utf8').length > 0);
});
