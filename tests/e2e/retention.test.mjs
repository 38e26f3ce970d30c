// SPDX-License-Identifier: Apache-2.0
// Retention as the IT person and the citizen see it: what is too old is in no file any more and
// on no page, also while the stream runs; what is still owed stays; the chain verifies.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Client, account, calendar, folder, settings, start, stop, suraq, token, until } from './support.mjs';

const SECRETS = ['құпия-сөз', '87015550142', 'Сәуле-қыз', 'шыршалы-жол'];

/** Every file of the folder that holds one of the texts. */
const holding = (dir, texts) => readdirSync(dir, { recursive: true, withFileTypes: true })
  .filter((f) => f.isFile())
  .map((f) => join(f.path ?? f.parentPath, f.name))
  .filter((name) => texts.some((text) => readFileSync(name).includes(text)));

async function room(t) {
  const dir = folder(t);
  const config = settings(dir, { extra: 'retention: {text_days: 30}\n' });
  account(config, 'aida', 'moderator');
  const clock = calendar(dir);
  const daemon = await start(t, config, clock);
  const person = await new Client(daemon.url).signIn('aida');
  const headers = { authorization: `Bearer ${token(config, 'intake', 'studio')}` };
  const intake = new Client(daemon.url);
  const say = (id, text, name = 'Сәуле-қыз') => intake.post('/messages', `${JSON.stringify({ id, author: { id: `a${id}`, name }, text })}\n`, headers);
  return { dir, config, clock, daemon, person, say };
}

async function chat({ person, say }) {
  await say('1', 'құпия-сөз деген не, қашан жөнделеді?');
  await say('2', 'позвоните мне 87015550142, когда починят свет?');
  await say('3', 'шыршалы-жол');
  await say('4', 'Қарызға-берген жауап қашан болады, айтыңызшы?', 'Борыш-иесі');
  const items = (await person.get('/questions?limit=100')).json.items;
  const owed = items.find((q) => q.original?.includes('Қарызға-берген') ?? q.text?.kk?.includes('Қарызға-берген'));
  assert.ok(owed, JSON.stringify(items));
  const done = await person.post(`/questions/${owed.n}/follow_up`, { version: owed.version });
  assert.equal(done.status, 200, done.text);
  return owed.n;
}

test('a running stream forgets what is too old when it is asked to, and keeps its address', async (t) => {
  const { dir, config, clock, daemon, person, say } = await room(t);
  const n = await chat({ person, say });
  assert.ok(holding(dir, SECRETS).length > 0);

  clock.set('+31d');
  daemon.child.kill('SIGUSR1');
  await until('the erasing', () => daemon.err.includes('texts older than 30 days erased'));
  const again = await until('the pages', () => new Client(daemon.url).signIn('aida').catch(() => null));
  assert.deepEqual(holding(dir, SECRETS), []);
  const owed = (await again.get(`/questions/${n}`)).json;
  assert.equal(owed.status, 'follow_up');
  assert.match(owed.text.kk ?? owed.text.ru, /Қарызға-берген/);
  const shown = JSON.stringify([(await again.get('/messages?limit=100')).json, (await again.get('/state')).json, (await again.get('/questions?limit=100')).json]);
  for (const secret of SECRETS) assert.ok(!shown.includes(secret), secret);
  assert.equal(daemon.out.split('\n').length, 2, 'it says once where it serves');

  await again.post('/questions', { text: 'жаңа сұрақ қашан?', lang: 'kk' });
  assert.equal((await stop(daemon)).code, 0);
  const verified = suraq(['verify', '-c', config]);
  assert.match(verified.out, /^whole /, verified.err);
  assert.deepEqual(holding(dir, SECRETS), []);
});

test('purge shows what would go and then takes it, and leaves a running stream alone', async (t) => {
  const { dir, config, clock, daemon, person, say } = await room(t);
  const n = await chat({ person, say });
  const dry = suraq(['purge', '-c', config, '--before', '2100-01-01', '--dry-run']);
  assert.equal(dry.status, 0, dry.err);
  assert.match(dry.out, /^\s*broadcast +from +to +lines +questions +acts +held\n1 /m);
  assert.match(dry.out, /3 texts would be erased; 2 stay, because an answer is still owed/);
  const busy = suraq(['purge', '-c', config, '--before', '2100-01-01']);
  assert.equal(busy.status, 4);
  assert.match(busy.err, /SIGUSR1|in use|another/);

  const { version } = (await person.get(`/questions/${n}`)).json;
  const closed = await person.post(`/questions/${n}/restore`, { version });
  assert.equal(closed.status, 200, closed.text);
  assert.equal((await stop(daemon)).code, 0);
  const done = suraq(['purge', '-c', config, '--before', '2100-01-01']);
  assert.equal(done.status, 0, done.err);
  assert.match(done.out, /^6 texts erased/);
  assert.deepEqual(holding(dir, [...SECRETS, 'Қарызға-берген', 'Борыш-иесі']), []);
  assert.match(suraq(['verify', '-c', config]).out, /^whole /);
  assert.equal(suraq(['purge', '-c', config, '--before', 'soon']).status, 2);
  clock.set('+0d');
});
