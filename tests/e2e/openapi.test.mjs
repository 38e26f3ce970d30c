// SPDX-License-Identifier: Apache-2.0
// docs/openapi.yaml against the server: the same paths and methods, and every answer of a working
// day is of a status and a shape that it declares, with no member that it does not.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';
import { parse } from 'yaml';

import { Client, PASSWORD, ROOT, account, folder, settings, start, stop, token, until } from './support.mjs';

const api = parse(readFileSync(join(ROOT, 'docs/openapi.yaml'), 'utf8'));
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const operations = Object.entries(api.paths).flatMap(([path, item]) =>
  METHODS.filter((m) => item[m]).map((method) => ({ path, method, ...item[method] })));

/** Objects may hold what they list and nothing else; parts of an allOf complete each other. */
function close(schema, inAllOf = false) {
  if (Array.isArray(schema)) return schema.map((one) => close(one));
  if (typeof schema !== 'object' || schema === null) return schema;
  const out = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'allOf') out[key] = value.map((one) => close(one, true));
    else if (key === '$ref' && inAllOf) out[key] = `${value}`.replace('#/components/schemas/', '#/components/open/');
    else out[key] = close(value);
  }
  if (out.properties && !inAllOf && out.additionalProperties === undefined) out.additionalProperties = false;
  if (out.allOf) out.unevaluatedProperties = false;
  return out;
}

const components = { schemas: close(api.components.schemas), open: api.components.schemas };
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
ajv.addSchema({ $id: 'api', components });

function follow(object) {
  if (!object?.$ref) return object;
  return object.$ref.split('/').slice(1).reduce((at, key) => at[key], api);
}

const validators = new Map();
function validator(schema) {
  const key = JSON.stringify(schema);
  if (!validators.has(key)) {
    const whole = JSON.parse(JSON.stringify(close(schema)).replaceAll('"#/components/', '"api#/components/'));
    validators.set(key, ajv.compile(whole));
  }
  return validators.get(key);
}

const seen = new Set();

function operationOf(method, path) {
  const at = path.split('?')[0];
  const fits = (one) => one.method === method.toLowerCase()
    && new RegExp(`^${one.path.replace('{file}', '.+').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(at);
  const found = operations.filter(fits).sort((a, b) => (a.path.match(/\{/g)?.length ?? 0) - (b.path.match(/\{/g)?.length ?? 0));
  assert.ok(found.length, `${method} ${at} is not described`);
  return found[0];
}

function check(method, path, answer) {
  const operation = operationOf(method, path);
  const where = `${method} ${path}: ${answer.status}`;
  const declared = follow(operation.responses[answer.status] ?? (answer.status >= 400 && operation.responses.default));
  assert.ok(declared, `${where} is not declared: ${answer.text}`);
  seen.add(`${operation.method} ${operation.path}`);
  const type = (answer.headers.get('content-type') ?? '').split(';')[0];
  if (!declared.content) {
    assert.equal(answer.text, '', `${where} has a body`);
    return;
  }
  const media = declared.content[type];
  assert.ok(media, `${where} is ${type}, not ${Object.keys(declared.content)}`);
  if (!media.schema || answer.json === null) return;
  const valid = validator(media.schema);
  assert.ok(valid(answer.json), `${where}: ${ajv.errorsText(valid.errors)} ${JSON.stringify(valid.errors?.[0]?.params)} in ${answer.text.slice(0, 600)}`);
}

class Checked extends Client {
  async call(method, path, body, headers) {
    const answer = await super.call(method, path, body, headers);
    check(method, path, answer);
    return answer;
  }

  patch(path, body) { return this.call('PATCH', `/api/v1${path}`, body); }
  remove(path) { return this.call('DELETE', `/api/v1${path}`); }
}

test('the paths and methods are those of the routes', () => {
  const source = readFileSync(join(ROOT, 'bot/serve/routes.c'), 'utf8');
  const routes = [...source.matchAll(/\{HTTP_(\w+), (API )?"([^"]+)"/g)]
    .map(([, method, prefix, path]) => `${method.toLowerCase()} ${prefix ? '/api/v1' : ''}${path}`)
    .filter((one) => one !== 'get /join/{code}'); // a page
  const described = operations.map((one) => `${one.method} ${one.path}`).filter((one) => one !== 'get /live');
  assert.ok(routes.length > 40);
  assert.deepEqual(routes.sort(), described.sort());
});

test('each answer of a working day is as described', async (t) => {
  const dir = folder(t);
  writeFileSync(join(dir, 'secret'), 'app-secret\n');
  writeFileSync(join(dir, 'word'), 'our-word\n');
  const insta = `{kind: instagram, name: insta, account: 17841405, client_secret_file: ${dir}/secret, verify_token_file: ${dir}/word}`;
  const config = settings(dir, { sources: `[{kind: push}, ${insta}]` });
  account(config, 'boss', 'admin');
  const key = token(config, 'intake', 'phone');
  const daemon = await start(t, config);
  const boss = await new Checked(daemon.url).signIn('boss');
  const nobody = new Checked(daemon.url);
  const intake = { authorization: `Bearer ${key}` };

  for (const path of ['/healthz', '/readyz', '/metrics']) assert.equal((await nobody.call('GET', path)).status, 200);
  assert.equal((await nobody.get('/state')).status, 401);
  assert.equal((await nobody.post('/session', { user: 'boss', password: 'wrong password' })).status, 401);
  await boss.get('/session');
  await boss.patch('/session', { lang: 'ru' });

  const said = [
    { id: 'm1', author: { id: 'a', name: 'Ерлан', roles: ['member'] }, text: 'жол қашан жөнделеді?' },
    { id: 'm2', author: { id: 'b', name: 'Олга' }, text: 'когда починят светофор? мой номер 8 701 555 66 77', reply_to: 'm1' },
    { id: 'm3', author: { id: 'c' }, text: 'срочно, муж избивает жену' },
    { id: 'm4', author: { id: 'd' }, text: 'рахмет' },
    { id: 'm5', author: { id: 'e' }, text: 'a\u0000b' },
  ].map((one) => JSON.stringify(one)).join('\n');
  const taken = await nobody.post('/messages', `${said}\nnot json\n`, intake);
  assert.equal(taken.json.accepted, 5);
  assert.equal(taken.json.errors.length, 1);
  assert.equal((await nobody.post('/messages', 'x', { ...intake, 'content-type': 'text/plain' })).status, 415);
  const { items: messages } = (await boss.get('/messages?limit=10')).json;
  await boss.post(`/messages/${messages.find((m) => m.id === 'm4').mid}/ask`);
  await boss.post(`/messages/999999/ask`);

  const { items } = (await boss.get('/questions?status=new&limit=100')).json;
  assert.equal(items.length, 5);
  const [one, two] = items.filter((q) => q.question && !q.urgent);
  const urgent = items.find((q) => q.urgent);
  await boss.get(`/questions/${one.n}`);
  await boss.get('/questions/4711');
  assert.equal((await boss.get(`/questions/${one.n}/history`)).status, 200);
  assert.equal((await boss.get('/search?q=кашан&status=new&topic=road&pii=false')).status, 200);
  assert.equal((await boss.get('/search?q=почин&kind=message&limit=1')).status, 200);
  assert.equal((await boss.get('/search?kind=nonsense')).status, 400);
  assert.equal((await boss.get(`/messages?around=${messages[0].mid}`)).status, 200);
  assert.equal((await boss.get('/messages?author=phone:a')).status, 200);
  await boss.get('/questions?topic=road&q=жол&status=new,queued');
  assert.equal((await boss.get('/questions?status=nonsense')).status, 400);
  for (const [act, body] of [
    ['claim'], ['release'], ['pin', { pinned: true }], ['topic', { topics: ['road'] }], ['note', { text: 'қысқа' }], ['ack'],
    ['edit', { text: { kk: 'Жол қашан жөнделеді?', ru: 'Когда починят дорогу?' } }], ['reveal'], ['approve'], ['air'],
  ]) assert.equal((await boss.act(one.n, act, body)).status, 200, act);
  await boss.get('/state');
  assert.equal((await boss.act(two.n, 'edit', { text: { ru: 'тел. 8 701 555 66 77' } })).status, 422);
  assert.equal((await boss.post(`/questions/${two.n}/approve`, { version: 77 })).status, 409);
  assert.equal((await boss.post(`/questions/${two.n}/dance`, { version: 1 })).status, 404);
  await boss.act(two.n, 'approve');
  await boss.act(two.n, 'move');
  await boss.post('/overlay/show', { n: one.n });
  await boss.post('/overlay/show', { n: two.n });
  await boss.post('/overlay/clear');
  await boss.post('/air/next', { on_air: 4711 });
  const next = await boss.post('/air/next', {});
  assert.equal((await boss.post('/undo', { seq: next.json.seq })).status, 200);
  await boss.post('/undo', { seq: 1 });
  await boss.act(urgent.n, 'take');
  await boss.act(urgent.n, 'reject', { reason: 'other', note: '102' });
  await boss.post('/questions', { text: 'Телефонмен қойылған сұрақ', lang: 'kk', asker: 'Айна' });
  await boss.post('/questions', { text: '', lang: 'kk' });
  const table = 'text,lang,asker\nМектеп қашан ашылады?,kk,Айна\nx,de,\n';
  assert.equal((await boss.post('/questions/import', table, { 'content-type': 'text/csv' })).json.accepted, 1);
  assert.equal((await boss.post('/questions/import?try=true', 'көпір қашан салынады?\n\n', { 'content-type': 'text/plain' })).json.items.length, 1);
  assert.equal((await boss.post('/questions/import', {})).status, 415);
  const author = encodeURIComponent('phone:d');
  await boss.post(`/authors/${author}/mute`);
  await boss.post(`/authors/${author}/unmute`);

  const owed = (await boss.post('/questions', { text: 'Шұңқырды кім жөндейді?', lang: 'kk' })).json.question;
  for (const [act, body] of [
    ['follow_up', { unit: 'ЖПҚБ' }], ['assign', { unit: 'ӘҚБ' }], ['extend', { due: '2999-01-07', reason: 'сараптама' }],
    ['forward', { to: 'Әкімдік', note: '12-34' }], ['reopen'], ['respond', { text: 'Жөнделді.' }], ['appeal', { on: true }], ['close', {}],
  ]) assert.equal((await boss.act(owed.n, act, body)).status, 200, act);
  assert.equal((await boss.act(owed.n, 'extend', { due: 'soon', reason: 'x' })).status, 409);
  assert.equal((await boss.get('/register?state=closed&unit=ӘҚБ&q=шұңқыр&appeal=true')).json.total, 1);
  assert.equal((await boss.get('/register?overdue=soon&limit=1')).json.total, 0);
  assert.equal((await boss.get('/register?state=lost')).status, 400);
  assert.match((await boss.get('/register?format=csv&lang=ru')).text, /ӘҚБ/);
  const made = (await boss.post('/promises', { text: 'Тексереміз', until: '2999-01-01', unit: 'ЖПҚБ', n: owed.n })).json.promise;
  await boss.post('/promises', { text: '' });
  for (const [i, act] of ['done', 'reopen', 'edit', 'drop'].entries())
    assert.equal((await boss.post(`/promises/${made.id}/${act}`, { version: i + 1, text: 'Жөндейміз' })).status, 200, act);
  assert.equal((await boss.post(`/promises/${made.id}/done`, { version: 1 })).status, 409);
  assert.equal((await boss.post('/promises/4711/done', { version: 1 })).status, 404);
  assert.equal((await boss.get('/promises')).json.items.length, 1);
  assert.equal((await boss.get('/promises?state=kept')).status, 400);

  await boss.get('/setup');
  const numbers = (await boss.get('/stats?minutes=5')).json;
  assert.equal(numbers.counts.messages, 5);
  assert.equal(numbers.people[0].user, 'boss');
  assert.equal((await boss.get('/stats?broadcast=99')).status, 404);
  assert.equal((await boss.get('/stats?minutes=-1')).status, 400);

  await boss.get('/sources');
  await boss.post('/sources', { kind: 'irc', name: 'studio', target: '#x', url: 'ws://127.0.0.1:9/' });
  await boss.post('/sources', { kind: 'telegraph', target: 'x' });
  await boss.patch('/sources/studio', { enabled: false });
  await boss.patch('/sources/nowhere', { enabled: false });
  await boss.post('/sources/studio/send', { text: 'рахмет' });
  assert.equal((await nobody.get('/hooks/insta?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1')).status, 403);
  assert.equal((await nobody.get('/hooks/insta?hub.mode=subscribe&hub.verify_token=our-word&hub.challenge=1158')).text, '1158');
  assert.equal((await nobody.post('/hooks/insta', { object: 'instagram' })).status, 403);
  assert.equal((await nobody.post('/hooks/push', {})).status, 404);
  const delivery = JSON.stringify({ object: 'instagram', entry: [] });
  const mac = createHmac('sha256', 'app-secret').update(delivery).digest('hex');
  assert.equal((await nobody.post('/hooks/insta', delivery, { 'x-hub-signature-256': `sha256=${mac}` })).status, 200);
  for (const body of [{ on: false }, { on: true }, {}]) await boss.post('/sources/studio/replies', body);
  await boss.post('/sources/nowhere/replies', { on: true });
  const { items: broadcasts } = (await boss.get('/broadcasts')).json;
  for (const edition of ['internal', 'public'])
    for (const format of ['html', 'csv', 'xlsx', 'json'])
      assert.equal((await boss.get(`/reports/${broadcasts[0].id}?edition=${edition}&format=${format}`)).status, 200);
  assert.equal((await boss.get('/reports/4711')).status, 404);
  assert.equal((await boss.get('/reports/1?format=pdf')).status, 422);
  await boss.post(`/broadcasts/${broadcasts[0].id}/end`, { open: 'follow_up' });
  const auto = `/broadcasts/${broadcasts[0].id + 1}/auto_queue`;
  assert.equal((await boss.post(auto, { on: true })).json.broadcast.auto_queue, true);
  assert.equal((await boss.post(auto, {})).status, 422);
  assert.equal((await boss.post(`/broadcasts/99/auto_queue`, { on: true })).status, 409);
  const rehearse = (body) => boss.post(`/broadcasts/${broadcasts[0].id + 1}/rehearse`, body);
  assert.equal((await rehearse({ on: true })).json.broadcast.rehearsal, true);
  assert.equal((await rehearse({ on: true })).status, 409);
  assert.equal((await rehearse({})).status, 422);
  assert.equal((await boss.get(`/reports/${broadcasts[0].id + 1}`)).status, 409);
  assert.equal((await boss.get(`/reports/${broadcasts[0].id + 1}?rehearsal=true`)).status, 200);
  await rehearse({ on: false });
  await boss.post('/broadcasts', { title: 'Екінші' });
  await boss.get('/state');

  await boss.post('/users', { name: 'aida', role: 'moderator', password: PASSWORD });
  await boss.post('/users', { name: 'aida', role: 'moderator', password: PASSWORD });
  await boss.get('/users');
  await boss.patch('/users/aida', { role: 'viewer' });
  const aida = await new Checked(daemon.url).signIn('aida');
  assert.equal((await aida.get('/users')).status, 403);
  await aida.get('/state');
  await aida.get('/questions');
  await aida.get('/messages');
  await aida.remove('/session');
  const { items: sessions } = (await boss.get('/sessions')).json;
  await boss.remove(`/sessions/${sessions.find((s) => s.user === 'boss').id + 1000}`);
  await boss.remove('/users/aida');
  const obs = await boss.post('/tokens', { role: 'overlay', name: 'obs' });
  await boss.get('/tokens');
  await nobody.call('GET', '/api/v1/state', undefined, { authorization: `Bearer ${obs.json.token}` });
  await boss.remove(`/tokens/${obs.json.id}`);
  const link = await boss.post('/links', { role: 'officer' });
  await boss.get('/links');
  const code = link.json.url.split('/').pop();
  const officer = new Checked(daemon.url);
  assert.equal((await officer.post('/join', { code })).status, 200);
  await officer.get('/state');
  await officer.get(`/questions/${two.n}`);
  const second = (await boss.post('/links', { role: 'officer' })).json;
  assert.equal((await new Checked(daemon.url).get(`/join/${second.url.split('/').pop()}`)).status, 303);
  await boss.remove(`/links/${second.id}`);
  await boss.get('/journal?after=0&limit=50');
  const log = (await boss.get('/admin-log?limit=5')).json;
  assert.deepEqual(log.items.map((one) => one.act).slice(0, 4), ['link_use', 'link_add', 'link_use', 'link_add']);
  const older = (await boss.get(`/admin-log?before=${log.next}`)).json;
  assert.ok(older.items.every((one) => one.id < log.next) && older.items.at(-1).act === 'user_add');
  assert.equal((await boss.get('/admin-log?before=x')).status, 400);

  const { json: { version } } = await boss.get('/filters');
  const own = { version, content: "kind: topic\nid: own\ntitle: {kk: a}\nrules:\n  - {name: a, re: 'көпір', score: 2}\n", note: 'a' };
  const write = (body) => boss.call('PUT', '/api/v1/filters/topics/own.yaml', body);
  assert.equal((await write({ ...own, content: 'kind: nonsense\n' })).status, 422);
  assert.equal((await write({ version, revert_to: 1 })).status, 404);
  assert.equal((await write(own)).status, 200);
  assert.equal((await write({ ...own, content: '' })).status, 409);
  await boss.get('/filters');
  assert.equal((await boss.get('/filters/topics%2Fown.yaml')).status, 200);
  assert.equal((await boss.get('/filters/topics/none.yaml')).status, 404);
  await boss.post('/filters/try', { files: [{ name: 'topics/own.yaml', content: own.content.replace('көпір', 'жол') }], lines: ['жол?'], recent: true });
  await boss.post('/filters/try', { files: [{ name: 'topics/own.yaml', content: ':' }] });
  await boss.post('/filters/try', { lines: 7 });
  assert.equal((await boss.remove('/filters/topics/own.yaml')).status, 200);
  assert.equal((await boss.remove('/filters/topics/own.yaml')).status, 404);

  const left = operations.map((o) => `${o.method} ${o.path}`).filter((o) => !seen.has(o) && o !== 'get /live');
  assert.deepEqual(left, [], 'every operation is tried');
  assert.equal((await stop(daemon)).code, 0);
});

test('the live frames are as described', async (t) => {
  const config = settings(folder(t));
  account(config, 'boss', 'admin');
  const daemon = await start(t, config);
  const boss = await new Client(daemon.url).signIn('boss');
  const live = await boss.live();
  await boss.post('/messages', '{"text":"жол қашан жөнделеді?","author":{"id":"a"}}\n');
  await boss.act(1, 'approve');
  await boss.act(1, 'air');
  await until('the events and a status', () => live.items.length >= 3 && live.frames.some((f) => f.type === 'status'));
  const state = validator({ $ref: '#/components/schemas/State' });
  const item = validator({ $ref: '#/components/schemas/LiveItem' });
  const first = live.frames.find((f) => f.type === 'snapshot');
  assert.ok(state(first.state), ajv.errorsText(state.errors));
  for (const one of live.items) assert.ok(item(one), `${ajv.errorsText(item.errors)} ${JSON.stringify(item.errors?.[0]?.params)} in ${JSON.stringify(one).slice(0, 500)}`);
  assert.equal((await stop(daemon)).code, 0);
});
