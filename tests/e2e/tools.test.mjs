// SPDX-License-Identifier: Apache-2.0
// The tools of the person who writes filters: what a change would do, why a verdict is as it is, and
// where the mistakes are.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { ROOT, folder, suraq } from './support.mjs';

const QUESTION = `kind: question
rules:
  - {name: when, re: 'қашан', score: 3, description: {kk: Уақытты сұрайды, ru: Спрашивает о времени, en: Asks for a time}}
  - {name: mark, re: '\\?', score: 1}
examples: {match: ['қашан'], reject: ['рахмет']}
`;
const ROAD = `kind: topic
id: road
title: {kk: Жол, ru: Дороги, en: Roads}
rules:
  - {name: road, re: 'жол', score: 2}
examples: {match: ['жол'], reject: ['тау']}
`;
const MASK = `kind: mask
rules:
  - {name: number, re: '(?<![0-9])[0-9]{6}(?![0-9])', pii: document}
examples: {match: ['123456'], reject: ['12345']}
`;

/** A folder of filters; a file whose content is null is left out. */
function filters(dir, files) {
  mkdirSync(dir, { recursive: true });
  for (const [name, content] of Object.entries({ 'question.yaml': QUESTION, 'road.yaml': ROAD, 'mask.yaml': MASK, ...files })) {
    if (content !== null) writeFileSync(join(dir, name), content);
  }
  return dir;
}

/** An old set and a new one that gains, loses, moves and masks. */
function twoSets(dir) {
  const before = filters(join(dir, 'before'), {});
  const after = filters(join(dir, 'after'), {
    'question.yaml': QUESTION.replace("'қашан', score: 3", "'неге', score: 3").replace('when', 'why'),
    'road.yaml': ROAD.replace('жол', 'көпір'),
    'mask.yaml': MASK.replace('[0-9]{6}', '[0-9]{4,6}'),
    'light.yaml': ROAD.replaceAll('road', 'light').replaceAll('жол', 'жарық'),
  });
  return [before, after];
}

const CHAT = [
  '{"id":"a","text":"жол қашан жөнделеді"}',
  '{"text":"неге жарық жоқ"}',
  'not json',
  '{"text":"қашан, неге? жол 1234"}',
  '{"delete":"a","source":"x"}',
  '{"text":"рахмет"}',
].join('\n');

test('lab lists what is gained, lost, moved and masked, with the rules that did it', (t) => {
  const dir = folder(t);
  const [before, after] = twoSets(dir);
  const chat = join(dir, 'chat.ndjson');
  writeFileSync(chat, CHAT);
  const run = suraq(['lab', '--old', before, '--new', after, chat], { env: { LC_ALL: 'ru_RU.UTF-8' } });
  assert.equal(run.status, 1, run.err);
  assert.match(run.err, /line 3: not JSON/);
  assert.doesNotMatch(run.err + run.out, /\u001b/, 'no colour and no bar where there is no terminal');
  assert.match(run.out, /GAINED[^\n]*\(1\)\n  line 2\n    text    неге жарық жоқ\n    old     no question, score 0\n    new     a question, score 3; topic light \(Дороги\)\n/);
  assert.match(run.out, /question\.yaml why: no hit -> \+3 \(Спрашивает о времени\)/);
  assert.match(run.out, /LOST[^\n]*\(1\)\n  line 1\n/);
  assert.match(run.out, /road\.yaml road: \+2 -> no hit/);
  assert.match(run.out, /MOVED[^\n]*\(1\)\n  line 4\n/);
  assert.match(run.out, /MASKED[^\n]*\(1\)\n  line 4\n    text    [^\n]*\n    old     [^\n]*1234\n    new     [^\n]*▇▇▇▇\n/);
  assert.match(run.out, /light\.yaml +0 +1 +\+1 +0 +1 +\+1 {2}new/);
  assert.match(run.out, /4 messages, 1 lines that could not be read\nquestions 2 -> 2, held 0 -> 0\n1 gained, 1 lost, 1 moved, 1 masked\n$/);
});

test('lab --json writes an object a line: differences, bad lines, then the counts', (t) => {
  const [before, after] = twoSets(folder(t));
  const run = suraq(['lab', '--old', before, '--new', after, '--json', '-'], { input: CHAT });
  assert.equal(run.status, 1, run.err);
  const lines = run.out.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(lines.slice(0, -1).map((one) => [one.line, one.changes ?? 'error']),
    [[1, ['lost']], [2, ['gained']], [3, 'error'], [4, ['moved', 'masked']]]);
  assert.equal(lines[0].id, 'a');
  assert.equal(lines[0].old.question, true);
  assert.equal(lines[0].new.question, false);
  assert.deepEqual(lines[0].rules, [
    { filter: 'question.yaml', rule: 'when', old: 3, new: null },
    { filter: 'road.yaml', rule: 'road', old: 2, new: null },
  ]);
  const last = lines.at(-1);
  assert.deepEqual(last.totals, {
    messages: 4, questions: { old: 2, new: 2 }, held: { old: 0, new: 0 }, gained: 1, lost: 1, moved: 1, masked: 1, changed: 3,
  });
  assert.equal(last.errors, 1);
  const question = last.filters.find((one) => one.filter === 'question.yaml');
  assert.deepEqual(question.rules.map((one) => [one.rule, one.in, one.hits.old, one.hits.new]),
    [['when', 'old', 2, 0], ['mark', 'both', 1, 1], ['why', 'new', 0, 2]]);
});

test('lab ends with 0 when nothing differs, 2 on usage, 3 on bad filters and 4 without its file', (t) => {
  const dir = folder(t);
  const [before, after] = twoSets(dir);
  const same = suraq(['lab', '--old', before, '--new', before, '-'], { input: CHAT });
  assert.equal(same.status, 0, same.err);
  assert.match(same.out, /0 gained, 0 lost, 0 moved, 0 masked\n$/);
  for (const args of [[], ['--old', before, '-'], ['--new', before, '-'], ['--old', before, '--new', after],
    ['--old', before, '--new', after, '-', '-'], ['--old', before, '--old', before, '--new', after, '-'],
    ['--old', before, '--new', after, '--yaml', '-']]) {
    const run = suraq(['lab', ...args]);
    assert.equal(run.status, 2, args.join(' '));
    assert.equal(run.out, '');
  }
  const bad = filters(join(dir, 'bad'), { 'road.yaml': ROAD.replace("'жол'", "'жол('") });
  const refused = suraq(['lab', '--old', before, '--new', bad, '-'], { input: CHAT });
  assert.equal(refused.status, 3);
  assert.equal(refused.out, '');
  assert.match(refused.err, /road\.yaml:5:\d+: error: /);
  assert.match(refused.err, /--new .*bad/);
  assert.equal(suraq(['lab', '--old', before, '--new', after, join(dir, 'nowhere')]).status, 4);
});

test('hostile chat does not reach the terminal through lab or explain', (t) => {
  const [before, after] = twoSets(folder(t));
  const input = '{"id":"\\u001b]0;x\\u0007","text":"\\u001b[2J\\u202Eқашан \\r\\n \\u009b31m жол"}\n{"bad\\u001b[31m":';
  for (const args of [['lab', '--old', before, '--new', after, '-'], ['judge', '--filters', before, '--explain']]) {
    const run = suraq(args, { input });
    assert.doesNotMatch(run.out + run.err, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/, args[0]);
    assert.match(run.out, /\\x1B\[2J/);
  }
});

test('judge --explain tells a person how a verdict came about', (t) => {
  const before = filters(join(folder(t), 'before'), {});
  const input = '{"id":"m1","text":"ЖОЛ қашан? 123456"}\n\nbroken\n{"delete":"m1","source":"x"}\n';
  const run = suraq(['judge', '--filters', before, '--explain'], { input, env: { LC_ALL: 'kk_KZ.UTF-8' } });
  assert.equal(run.status, 0);
  assert.equal(run.out, `line 1, message m1
text      ЖОЛ қашан? 123456
read as   жол қашан? 123456
language  kk
rules     document mask.yaml number: "123456"
          +3 question.yaml when: "қашан"
               Уақытты сұрайды
          +1 question.yaml mark: "?"
          +2 road.yaml road: "ЖОЛ" read as "жол"
sums      all question files: 4 of 3, enough
          road.yaml: 2 of 2, enough
verdict   a question, score 4; topic road (Жол); personal data: document
masked    ЖОЛ қашан? ▇▇▇▇

line 3
error     not JSON at byte 6: '[' or '{' expected near 'broken'

`);
  assert.match(run.err, /1 messages, 1 questions, 0 held, 1 errors/);
});

test('the filter that the guide shows is a good one', (t) => {
  const dir = folder(t);
  const guide = readFileSync(join(ROOT, 'docs/filters.md'), 'utf8');
  writeFileSync(join(dir, 'light.yaml'), /```yaml\n(kind: [^]*?)```/.exec(guide)[1]);
  copyFileSync(join(ROOT, 'filters/police-kz/macros.yaml'), join(dir, 'macros.yaml'));
  const run = suraq(['check', '--filters', dir]);
  assert.equal(run.status, 0, run.err);
  assert.equal(run.out, '4 examples, 0 errors\n');
});

test('a filter file with many mistakes gets an error for each, with its place', (t) => {
  const dir = folder(t);
  writeFileSync(join(dir, 'macros.yaml'), "kind: macros\nmacros: {K: '[қк]', T: '\\p{L}{0,9}'}\n");
  writeFileSync(join(dir, 'road.yaml'), `kind: topic
id: Жол
treshold: 2
rules:
  - {name: жол, re: '%{K}ұм(?:%{K}а|%{K}е%{T}', score: 2}
  - {name: көпір, re: 'көпір%{KK}', score: көп}
  - {name: жол, re: 'жол*|ж*', trial: иә}
examples: {match: ['жол'], reject: ['тау']}
`);
  for (const command of ['check', 'judge']) {
    const run = suraq([command, '--filters', dir]);
    assert.equal(run.status, command === 'check' ? 1 : 3);
    assert.deepEqual(run.err.split('\n').filter((line) => line.includes(': error: ')).map((line) => line.replace(/ error: (.{12}).*/, ' $1')), [
      "road.yaml:2:5: 'id' must be",
      "road.yaml:3:1: unknown key ",
      "road.yaml:5:46: 're' does no",
      "road.yaml:6:29: 're' uses th",
      "road.yaml:6:44: 'score' must",
      "road.yaml:7:12: another rule",
      "road.yaml:7:22: 're' can mat",
      "road.yaml:7:39: 'trial' must",
    ]);
  }
});
