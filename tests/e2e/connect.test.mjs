// SPDX-License-Identifier: Apache-2.0
// suraq check --connect: each way in which a platform can fail is told from the others, in words a
// person can act on; suraq connect: the three ways to sign in. The platforms are mocks on loopback.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { join } from 'node:path';
import test from 'node:test';

import { PROGRAM, ROOT, certificate, folder, freePort } from './support.mjs';

const KEY = 'AIzaSecretKeyOfOurs';
const LIVE = { items: [{ snippet: { title: 'x' }, liveStreamingDetails: { activeLiveChatId: 'chat1', actualStartTime: '2026-01-15T12:00:00Z' } }] };
const PAGE = {
  nextPageToken: 'p2', pollingIntervalMillis: 2000,
  items: ['m1', 'm2'].map((id) => ({
    id, snippet: { type: 'textMessageEvent', displayMessage: 'сәлем', publishedAt: '2026-01-15T12:00:00Z', textMessageDetails: { messageText: 'сәлем' } },
    authorDetails: { channelId: 'UC1', displayName: 'A' },
  })),
};
const fault = (status, reason, message, headers = {}) => ({ status, headers, body: { error: { code: status, message, errors: [{ reason, domain: 'x' }] } } });
const OK = (body) => ({ status: 200, headers: {}, body });

/** An HTTP server on loopback; `answer(path)` gives {status, headers, body}, or null for silence. */
async function mock(t, answer, tls = null) {
  const handle = (req, res) => {
    const a = answer(req.url, req);
    if (a === null) return;
    res.writeHead(a.status, { 'content-type': 'application/json', ...a.headers });
    res.end(typeof a.body === 'string' ? a.body : JSON.stringify(a.body));
  };
  const server = tls ? https.createServer(tls, handle) : http.createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `${tls ? 'https' : 'http'}://127.0.0.1:${server.address().port}`;
}

/** A proxy that leads every CONNECT to one port of ours, so that a platform's fixed address can be answered here. */
async function proxyTo(t, port) {
  const server = http.createServer();
  const open = new Set();
  server.on('connect', (req, socket) => {
    const on = net.connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      on.pipe(socket).pipe(on);
    });
    for (const one of [on, socket]) open.add(one.on('error', () => {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const one of open) one.destroy();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** Runs the program while this process answers as the platforms. `talk(out, stdin)` is called as it speaks. */
async function run(args, env = {}, talk = (out, stdin) => stdin.end()) {
  const child = spawn(PROGRAM, args, { cwd: ROOT, env: { ...process.env, http_proxy: '', HTTPS_PROXY: '', https_proxy: '', ALL_PROXY: '', all_proxy: '', LC_ALL: 'C.UTF-8', ...env } });
  let out = '';
  let err = '';
  child.stdout.on('data', (d) => talk((out += d), child.stdin));
  child.stderr.on('data', (d) => (err += d));
  child.stdin.on('error', () => {});
  talk(out, child.stdin);
  const [status] = await once(child, 'close');
  return { status, out, err };
}

function settings(dir, sources) {
  mkdirSync(join(dir, 'filters'), { recursive: true });
  writeFileSync(join(dir, 'filters/question.yaml'), "kind: question\nrules: [{name: when, re: 'қашан', score: 3}]\nexamples: {match: ['қашан'], reject: ['рахмет']}\n");
  writeFileSync(join(dir, 'key'), `${KEY}\n`, { mode: 0o600 });
  const file = join(dir, 'suraq.yaml');
  writeFileSync(file, `journal: {path: ${dir}/suraq.db}\nfilters: [${dir}/filters]\nsources:\n${sources.map((s) => `  - ${JSON.stringify(s)}\n`).join('')}`);
  return file;
}

/** The table as {name: {row, said, next}}. */
function read(out) {
  const table = {};
  let at = null;
  for (const line of out.split('\n')) {
    const part = /^ {2}(said|next) +(.*)$/.exec(line);
    if (part && at) at[part[1]] = part[2];
    else if (/^\S+ {2,}/.test(line)) {
      at = { row: line.split(/ {2,}/) };
      table[at.row[0]] = at;
    }
  }
  return table;
}

test('check --connect tells thirteen kinds of failure from each other, and from what is well', async (t) => {
  const dir = folder(t);
  const tls = certificate(dir, ['127.0.0.1', 'oauth2.googleapis.com']);
  const answers = {
    fine: (path) => OK(path.includes('/liveChat/') ? PAGE : LIVE),
    calm: (path) => OK(path.includes('/liveChat/') ? { ...PAGE, items: [] } : LIVE),
    soon: () => OK({ items: [{ snippet: {}, liveStreamingDetails: { scheduledStartTime: '2030-01-15T12:00:00Z' } }] }),
    key: () => fault(401, 'authError', `Invalid credentials ${KEY}`),
    forbidden: () => fault(403, 'forbidden', 'Not for \u001b[31myou\u202e'),
    busy: () => ({ status: 429, headers: { 'retry-after': '120' }, body: {} }),
    broken: () => ({ status: 503, headers: {}, body: 'oops' }),
    cut: () => ({ status: 200, headers: {}, body: JSON.stringify(LIVE).slice(0, 40) }),
    nowhere: () => OK({ items: [] }),
    spent: () => fault(403, 'quotaExceeded', 'You have exceeded your quota'),
    mute: () => null,
  };
  const base = await mock(t, (path) => answers[path.split('/')[1]](path));
  const secure = await mock(t, () => OK(LIVE), tls);
  const oauth = await mock(t, () => ({ status: 400, headers: {}, body: { error: 'invalid_grant' } }), tls);
  const proxy = await proxyTo(t, Number(new URL(oauth).port));
  writeFileSync(join(dir, 'token'), '{"access_token":"ya29-old-access","refresh_token":"1//old-refresh","expires_at":"2020-01-01T00:00:00Z"}\n', { mode: 0o600 });
  const tube = (name, more = {}) => ({ kind: 'youtube', name, url: `${base}/${name}`, api_key_file: join(dir, 'key'), video: 'dQw4w9WgXcQ', ...more });
  const config = settings(dir, [
    ...Object.keys(answers).map((name) => tube(name)),
    tube('off', { enabled: false }),
    tube('nokey', { api_key_file: join(dir, 'missing') }),
    tube('name', { url: 'http://no-such-host.invalid/v3' }),
    tube('closed', { url: `http://127.0.0.1:${await freePort()}/v3` }),
    tube('cert', { url: secure }),
    tube('trusted', { url: secure, ca_file: join(dir, 'ca.pem') }),
    tube('grant', { url: secure, token_file: join(dir, 'token'), client_id: 'id', client_secret_file: join(dir, 'key'), proxy, ca_file: join(dir, 'ca.pem') }),
  ]);
  const done = await run(['check', '-c', config, '--connect', '--deadline', '5s']);
  assert.equal(done.status, 1, done.err);
  assert.equal(done.err, '', 'the table says it, not the log');
  assert.doesNotMatch(done.out, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  for (const secret of [KEY, 'ya29-old-access', '1//old-refresh']) assert.ok(!done.out.includes(secret), secret);
  const table = read(done.out);
  const state = (name) => table[name]?.row[3];
  assert.deepEqual(['fine', 'calm', 'trusted', 'soon', 'off'].map(state), ['live', 'live', 'live', 'waiting', 'off'], done.out);
  assert.equal(table.fine.row[5], '2', 'two messages were heard');
  const expected = {
    key: ['refused', /Invalid credentials \*\*\*/, /suraq connect key/],
    forbidden: ['refused', /\\x1B\[31myou/, /suraq connect forbidden/],
    busy: ['no connection', /slow down \(HTTP 429\)/, /as long as the platform asks/],
    broken: ['no connection', /HTTP 503/, /Try again/],
    cut: ['no connection', /JSON/, /Try again/],
    nowhere: ['refused', /no video 'dQw4w9WgXcQ'/, /link to tonight/],
    spent: ['no connection', /quota/, /bigger quota/],
    mute: ['no connection', /no answer within 5 s/, /firewall/],
    nokey: ['refused', /missing/, /Mend the settings/],
    name: ['no connection', /no-such-host\.invalid/, /DNS/],
    closed: ['no connection', /127\.0\.0\.1/, /firewall/],
    cert: ['no connection', /certificate/i, /ca_file/],
    grant: ['refused', /does not renew the token/, /suraq connect grant/],
  };
  for (const [name, [wanted, said, next]] of Object.entries(expected)) {
    assert.equal(state(name), wanted, `${name}\n${done.out}`);
    assert.match(table[name].said, said, name);
    assert.match(table[name].next, next, name);
  }
  assert.match(done.out, /18 sources, 5 well, 13 to look at\n$/);
  assert.ok(readFileSync(join(dir, 'token'), 'utf8').includes('1//old-refresh'), 'a refused token stays as it was');
});

test('check --connect ends with 0 when all is well and speaks the language of the terminal', async (t) => {
  const dir = folder(t);
  const base = await mock(t, (path) => OK(path.includes('/liveChat/') ? PAGE : LIVE));
  const one = (name) => ({ kind: 'youtube', name, url: `${base}/${name}`, api_key_file: join(dir, 'key'), video: 'dQw4w9WgXcQ' });
  const config = settings(dir, [one('fine'), { kind: 'push', name: 'programs' }]);
  const done = await run(['check', '-c', config, '--connect']);
  assert.equal(done.status, 0, done.out + done.err);
  assert.match(done.out, /2 sources, 2 well, 0 to look at\n$/);
  const closed = settings(dir, [{ ...one('fine'), url: `http://127.0.0.1:${await freePort()}` }]);
  for (const [lang, words] of [['kk_KZ.UTF-8', /брандмауэрді/], ['ru_RU.UTF-8', /межсетевой экран/]]) {
    assert.match((await run(['check', '-c', closed, '--connect'], { LC_ALL: lang })).out, words);
  }
  for (const args of [['--connect', '--deadline', '0'], ['--connect', '--deadline', 'x'], ['--connect', 'more']]) {
    assert.equal((await run(['check', '-c', config, ...args])).status, 2, args.join(' '));
  }
});

const TOKEN = '123456:AAE-telegram_token';

test('check --connect takes nothing from a bot that another program reads with', async (t) => {
  const dir = folder(t);
  const asked = [];
  const update = { update_id: 41, message: { message_id: 9, date: 1787682950, text: 'сәлем', chat: { id: -1001, type: 'supergroup', username: 'efir' }, from: { id: 5, first_name: 'A' } } };
  const base = await mock(t, (path) => {
    asked.push(path);
    const method = /getMe|getChatAdministrators|getUpdates/.exec(path)[0];
    const sees = !path.startsWith('/private');
    if (method === 'getMe') return OK({ ok: true, result: { id: 7, is_bot: true, username: 'b', can_read_all_group_messages: sees } });
    if (method === 'getChatAdministrators') return OK({ ok: true, result: [] });
    if (path.startsWith('/taken')) return { status: 409, headers: {}, body: { ok: false, error_code: 409, description: 'Conflict: terminated by other getUpdates request' } };
    return path.includes('offset=0&') ? OK({ ok: true, result: [update] }) : null;
  });
  writeFileSync(join(dir, 'bot'), `${TOKEN}\n`, { mode: 0o600 });
  const bot = (name) => ({ kind: 'telegram', name, url: `${base}/${name}`, token_file: join(dir, 'bot'), chat: '@efir' });
  const irc = net.createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(irc, 'listening');
  t.after(() => irc.close());
  const config = settings(dir, [bot('free'), bot('taken'), bot('private'),
    { kind: 'irc', name: 'mute', url: `ws://127.0.0.1:${irc.address().port}/`, channel: '#efir' }]);
  const done = await run(['check', '-c', config, '--connect', '--deadline', '3s']);
  assert.equal(done.status, 1, done.err);
  const table = read(done.out);
  assert.deepEqual(['free', 'taken', 'private', 'mute'].map((name) => table[name].row[3]), ['live', 'no connection', 'degraded', 'no connection'], done.out);
  assert.equal(table.free.row[5], '1');
  assert.match(table.taken.said, /somebody else reads with this bot/);
  assert.match(table.private.said, /does not see what people write/);
  assert.match(table.private.next, /setprivacy/);
  assert.match(table.mute.said, /no answer within 3 s/);
  assert.deepEqual(asked.filter((path) => path.startsWith('/free') && path.includes('getUpdates') && !path.includes('offset=0&')), [], 'no update was confirmed');
  assert.ok(!done.out.includes(TOKEN));
});
const mode = (file) => (statSync(file).mode & 0o777).toString(8);

test('connect takes a pasted token when the platform knows it, and keeps the old one when not', async (t) => {
  const dir = folder(t);
  const base = await mock(t, (path) => (path === `/bot${TOKEN}/getMe`
    ? OK({ ok: true, result: { id: 7, username: 'efir\u001b[31m_bot' } })
    : { status: 401, headers: {}, body: { ok: false, description: `Unauthorized ${path}` } }));
  const file = join(dir, 'token');
  writeFileSync(file, 'the-old-one\n', { mode: 0o644 });
  const config = settings(dir, [{ kind: 'telegram', name: 'tg', url: base, token_file: file, chat: '@efir' }, { kind: 'push', name: 'programs' },
    { kind: 'telegram', name: 'nofile', chat: '@efir' }]);
  const paste = (word) => (out, stdin) => stdin.end(`${word}\n`);
  for (const [word, why] of [['123456:wrong-token', /does not know this token \(HTTP 401\): Unauthorized \/bot\*\*\*\/getMe/], ['', /no token was pasted/],
    ['../../x?y', /is no token/], [`${TOKEN} more`, /is no token/]]) {
    const refused = await run(['connect', 'tg', '-c', config], {}, paste(word));
    assert.equal(refused.status, 1, word);
    assert.match(refused.err, why);
    assert.equal(readFileSync(file, 'utf8'), 'the-old-one\n');
  }
  const done = await run(['connect', 'tg', '-c', config], { LC_ALL: 'kk_KZ.UTF-8' }, paste(TOKEN));
  assert.equal(done.status, 0, done.err);
  assert.equal(readFileSync(file, 'utf8'), `${TOKEN}\n`);
  assert.equal(mode(file), '600');
  assert.match(done.out, /былай таниды: efir\\x1B\[31m_bot/);
  assert.ok(!(done.out + done.err).includes(TOKEN));
  for (const [name, why] of [['nobody', /no source 'nobody'; they have tg, programs, nofile/], ['programs', /kind 'push' has no sign-in/], ['nofile', /no 'token_file'/]]) {
    const refused = await run(['connect', name, '-c', config]);
    assert.equal(refused.status, 1, name);
    assert.match(refused.err, why);
  }
  assert.equal((await run(['connect', '-c', config])).status, 2);
  assert.equal((await run(['connect', 'tg', '-c', config, '--port', '70000'])).status, 2);
});

test('connect asks VK who a token is, of a community or of a person, without the token in an address', async (t) => {
  const dir = folder(t);
  const asked = [];
  const server = http.createServer(async (req, res) => {
    let body = '';
    for await (const piece of req) body += piece;
    const token = new URLSearchParams(body).get('access_token');
    asked.push(req.url);
    const known = { 'vk1.group': ['/groups.getById', { response: { groups: [{ id: 1, name: 'Полиция СҚО' }] } }], 'vk1.person': ['/users.get', { response: [{ id: 2, first_name: 'Айгүл' }] }] }[token];
    res.end(JSON.stringify(known && req.url.startsWith(known[0]) ? known[1] : { error: { error_code: 5, error_msg: `User authorization failed: ${token}` } }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const file = join(dir, 'token');
  const config = settings(dir, [{ kind: 'vk', name: 'vk', url: `http://127.0.0.1:${server.address().port}`, token_file: file, group: '1' }]);
  const connect = (word) => run(['connect', 'vk', '-c', config], {}, (out, stdin) => stdin.end(`${word}\n`));
  const unknown = await connect('vk1.nobody');
  assert.equal(unknown.status, 1);
  assert.match(unknown.err, /does not know this token \(HTTP 200\): User authorization failed: \*\*\*/);
  assert.ok(!existsSync(file));
  for (const [word, name] of [['vk1.group', 'Полиция СҚО'], ['vk1.person', 'Айгүл']]) {
    const done = await connect(word);
    assert.equal(done.status, 0, done.err);
    assert.ok(done.out.includes(name), done.out);
    assert.equal(readFileSync(file, 'utf8'), `${word}\n`);
  }
  assert.ok(asked.every((url) => !url.includes('vk1')));
});

/** A platform's sign-in at its own address, behind a proxy, and the settings of a source that uses it. */
async function signInAt(t, host, source, answer) {
  const dir = folder(t);
  const asked = [];
  const tls = certificate(dir, [host]);
  const server = https.createServer(tls, async (req, res) => {
    let body = '';
    for await (const piece of req) body += piece;
    const form = new URLSearchParams(body);
    asked.push([req.url, form, req.headers]);
    const a = answer(req.url, form);
    res.writeHead(a.status, { 'content-type': 'application/json' });
    res.end(JSON.stringify(a.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const file = join(dir, 'token');
  const config = settings(dir, [{ ...source, name: 'tv', token_file: file, client_id: 'our-app', client_secret_file: join(dir, 'key'),
    proxy: await proxyTo(t, server.address().port), ca_file: join(dir, 'ca.pem') }]);
  return { asked, file, config };
}
const google = (t, answer) => signInAt(t, 'oauth2.googleapis.com', { kind: 'youtube', video: 'mine' }, answer);
const GRANTED = OK({ access_token: 'ya29-new', refresh_token: '1//new', expires_in: 3599, token_type: 'Bearer' });

test('connect shows a code, waits until it is typed in elsewhere, and keeps the token', async (t) => {
  let polls = 0;
  const { asked, file, config } = await google(t, (path) => {
    if (path === '/device/code') return OK({ device_code: 'long-secret', user_code: 'ABCD-EFGH', verification_url: 'https://www.google.com/device', expires_in: 1800, interval: 1 });
    polls += 1;
    return polls < 2 ? { status: 428, body: { error: 'authorization_pending' } } : GRANTED;
  });
  const done = await run(['connect', 'tv', '-c', config], { LC_ALL: 'ru_RU.UTF-8' });
  assert.equal(done.status, 0, done.err);
  assert.match(done.out, /https:\/\/www\.google\.com\/device\n[^]*ABCD-EFGH\n[^]*не дольше 30 минут/);
  for (const secret of ['long-secret', 'ya29-new', '1//new', KEY]) assert.ok(!(done.out + done.err).includes(secret), secret);
  assert.equal(JSON.parse(readFileSync(file, 'utf8')).refresh_token, '1//new');
  assert.equal(mode(file), '600');
  assert.equal(asked.at(-1)[1].get('device_code'), 'long-secret');
});

test('connect --browser takes the answer of its own sign-in alone', async (t) => {
  const { asked, file, config } = await google(t, () => GRANTED);
  let opened = null;
  const seen = [];
  const browse = async (out) => {
    const url = /^ {4}(https:\/\/accounts\.google\.com\S+)$/m.exec(out)?.[1];
    if (!url || opened) return;
    opened = new URL(url).searchParams;
    const back = opened.get('redirect_uri');
    const visit = async (path) => seen.push((await fetch(back + path)).status);
    await visit('favicon.ico');
    await visit('?code=evil&state=guessed');
    const page = await fetch(`${back}?state=${opened.get('state')}&code=4%2Fthe-code`);
    seen.push(page.status, await page.text());
  };
  const done = await run(['connect', 'tv', '-c', config, '--browser', '--port', '0'], {}, browse);
  assert.equal(done.status, 0, done.err);
  assert.deepEqual(seen.slice(0, 3), [404, 400, 200]);
  assert.match(seen[3], /Go back to the terminal/);
  const form = asked[0][1];
  assert.equal(form.get('code'), '4/the-code');
  assert.equal(form.get('redirect_uri'), opened.get('redirect_uri'));
  assert.equal(createHash('sha256').update(form.get('code_verifier')).digest('base64url'), opened.get('code_challenge'));
  assert.equal(JSON.parse(readFileSync(file, 'utf8')).access_token, 'ya29-new');
  assert.equal(mode(file), '600');
});

test('connect signs in with a browser where there is no code, and says who it is as the platform wants', async (t) => {
  const { asked, file, config } = await signInAt(t, 'api.restream.io', { kind: 'restream' }, () => GRANTED);
  const done = await run(['connect', 'tv', '-c', config, '--port', '0'], {}, (out, stdin) => {
    const state = /^ {4}https:\/\/api\.restream\.io\/login\?\S*[?&]state=([^&\s]+)/m.exec(out)?.[1];
    if (state) stdin.end(`http://127.0.0.1:1/?code=c&state=${state}\n`);
  });
  assert.equal(done.status, 0, done.err);
  const [path, form, headers] = asked[0];
  assert.equal(path, '/oauth/token');
  assert.equal(form.get('client_secret'), null);
  assert.equal(headers.authorization, `Basic ${Buffer.from(`our-app:${KEY}`).toString('base64')}`);
  assert.equal(JSON.parse(readFileSync(file, 'utf8')).refresh_token, '1//new');
});

test('connect --browser takes the address that a browser elsewhere ended at, and a refusal', async (t) => {
  const { file, config } = await google(t, () => GRANTED);
  const paste = (query) => {
    let done = false;
    return (out, stdin) => {
      const state = /[?&]state=([^&\s]+)/.exec(out)?.[1];
      if (!state || done) return;
      done = true;
      stdin.write(`http://127.0.0.1:1/?${query}&state=${state}\n`);
    };
  };
  const refused = await run(['connect', 'tv', '-c', config, '--browser', '--port', '0'], {}, paste('error=access_denied'));
  assert.equal(refused.status, 1);
  assert.match(refused.err, /refused: access_denied/);
  assert.ok(!existsSync(file));
  const done = await run(['connect', 'tv', '-c', config, '--browser', '--port', '0'], {}, paste('code=c'));
  assert.equal(done.status, 0, done.err);
  assert.ok(existsSync(file));
});
