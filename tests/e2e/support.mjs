// SPDX-License-Identifier: Apache-2.0
// support.mjs - the real program, a real IRC server and a real browser, for the tests.
// Everything listens on loopback on a port that the kernel chose; nothing sleeps: every wait
// is for a condition, with a deadline.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import WebSocket from 'ws';

export const ROOT = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
export const PROGRAM = join(ROOT, 'build/suraq');
export const DEADLINE_MS = 20000;

/** Waits until `condition()` gives something truthy, and gives that. */
export async function until(what, condition, ms = DEADLINE_MS) {
  const end = Date.now() + ms;
  for (;;) {
    const got = await condition();
    if (got) return got;
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await new Promise((done) => setTimeout(done, 15));
  }
}

/** A folder that goes when the test ends. */
export function folder(t) {
  const dir = mkdtempSync(join(tmpdir(), 'suraq-e2e-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A port that was free a moment ago, for programs that cannot report theirs. */
export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** A key and a certificate for these names, signed by an authority of our own (ca.pem in `dir`). */
export function certificate(dir, names) {
  const openssl = (...args) => {
    const run = spawnSync('openssl', args, { cwd: dir, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`openssl ${args[0]}: ${run.stderr}`);
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const alt = names.map((name) => (net.isIP(name) ? `IP:${name}` : `DNS:${name}`)).join(',');
  writeFileSync(join(dir, 'alt'), `subjectAltName=${alt}\n`);
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test authority', '-days', '2');
  openssl('req', '-new', ...key, '-keyout', 'tls.key', '-out', 'tls.csr', '-subj', '/CN=test');
  openssl('x509', '-req', '-in', 'tls.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2',
    '-extfile', 'alt', '-out', 'tls.pem');
  return { key: readFileSync(join(dir, 'tls.key')), cert: readFileSync(join(dir, 'tls.pem')) };
}

/** Runs the program to its end; `input` goes to its standard input. */
export function suraq(args, { input = '', env = {} } = {}) {
  const run = spawnSync(PROGRAM, args, {
    cwd: ROOT, input, encoding: 'utf8', env: { ...process.env, ...env }, timeout: DEADLINE_MS,
    maxBuffer: 1 << 28,
  });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

/** Writes settings for one stream into `dir` and gives the file's path. */
export function settings(dir, { sources = '[]', extra = '', listen = '127.0.0.1:0' } = {}) {
  const file = join(dir, 'suraq.yaml');
  writeFileSync(file, `stream: {id: e2e, title: {kk: Сынақ, ru: Проверка}, languages: [kk, ru], timezone: Asia/Almaty}
listen: ${listen}
journal: {kind: sqlite, path: ${dir}/suraq.db}
filters: [${ROOT}/filters/police-kz]
sources: ${sources}
${extra}`);
  return file;
}

export const PASSWORD = 'correct horse battery';

export function account(config, name, role) {
  const made = suraq(['user', 'add', name, '--role', role, '-c', config], { input: `${PASSWORD}\n` });
  if (made.status !== 0) throw new Error(`user add: ${made.err}`);
}

export function token(config, role, name) {
  const made = suraq(['token', 'add', '--role', role, '--name', name, '-c', config]);
  if (made.status !== 0) throw new Error(`token add: ${made.err}`);
  return made.out.trim().split(/\s+/).pop();
}

/** Starts `suraq run` and waits for its "ready" line. */
export async function start(t, config, { env = {} } = {}) {
  const child = spawn(PROGRAM, ['run', '-c', config], { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const daemon = { child, out: '', err: '', url: '' };
  child.stdout.on('data', (d) => (daemon.out += d));
  child.stderr.on('data', (d) => (daemon.err += d));
  daemon.exited = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })));
  let over = null;
  daemon.exited.then((how) => (over = how));
  t.after(() => child.kill('SIGKILL'));
  await until('the ready line', () => {
    if (over) throw new Error(`the program ended (${JSON.stringify(over)}): ${daemon.err}`);
    return daemon.out.includes('\n');
  });
  daemon.url = /^ready (http:\/\/[^/\s]+)\/\n$/.exec(daemon.out)?.[1];
  if (!daemon.url) throw new Error(`not a ready line: ${daemon.out}`);
  return daemon;
}

export async function stop(daemon) {
  daemon.child.kill('SIGTERM');
  return daemon.exited;
}

/** A wall clock for programs that are started with its `env`: `set('+2d')` moves it. */
export function calendar(dir) {
  const file = join(dir, 'now');
  const library = spawnSync('faketime', ['-m', '-f', '+1d', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' }).stdout.trim();
  const set = (when) => writeFileSync(file, `${when}\n`);
  set('+0d');
  return { set, env: { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' } };
}

/** A signed-in person, as a program sees them. */
export class Client {
  constructor(url) {
    this.url = url;
    this.cookie = '';
  }

  async call(method, path, body, headers = {}) {
    const isText = typeof body === 'string';
    const answer = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': isText ? 'application/x-ndjson' : 'application/json' }),
        ...(this.cookie ? { cookie: this.cookie } : {}),
        origin: this.url,
        ...headers,
      },
      body: body === undefined ? undefined : isText ? body : JSON.stringify(body),
    });
    const set = answer.headers.get('set-cookie');
    if (set) this.cookie = set.split(';')[0];
    const text = await answer.text();
    const json = /json/.test(answer.headers.get('content-type') ?? '') && text ? JSON.parse(text) : null;
    return { status: answer.status, headers: answer.headers, text, json };
  }

  get(path) { return this.call('GET', `/api/v1${path}`); }
  post(path, body = {}, headers) { return this.call('POST', `/api/v1${path}`, body, headers); }

  async signIn(user, password = PASSWORD) {
    const answer = await this.post('/session', { user, password });
    if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${answer.text}`);
    return this;
  }

  /** One act with the version the server has now. */
  async act(n, act, body = {}) {
    const { json } = await this.get(`/questions/${n}`);
    return this.post(`/questions/${n}/${act}`, { version: json.version, ...body });
  }

  /** Opens /live and collects what it says. */
  async live(after) {
    const query = after === undefined ? '' : `?after=${after}`;
    const ws = new WebSocket(`${this.url.replace('http', 'ws')}/live${query}`, 'suraq.v1', {
      headers: { cookie: this.cookie, origin: this.url }, perMessageDeflate: false,
    });
    const live = { ws, frames: [], items: [], closed: null };
    ws.on('message', (data) => {
      const frame = JSON.parse(data);
      live.frames.push(frame);
      if (frame.type === 'events') live.items.push(...frame.items);
    });
    ws.on('close', (code, reason) => (live.closed = { code, reason: String(reason) }));
    ws.on('error', (e) => (live.error = e));
    await until('the first live frame', () => live.frames.length > 0 || live.closed || live.error);
    return live;
  }
}

/** A real InspIRCd with a WebSocket port for the program and a plain one for people. */
export async function inspircd(t) {
  const dir = folder(t);
  const [plain, websocket] = [await freePort(), await freePort()];
  const modules = ['sha1', 'websocket', 'ircv3', 'cap', 'ircv3_servertime', 'ircv3_msgid', 'ircv3_ctctags',
    'ircv3_echomessage', 'deaf'];
  writeFileSync(join(dir, 'inspircd.conf'), `
<server name="irc.test.local" description="test" id="1AA" network="TestNet">
<admin name="t" nick="t" email="t@test.local">
<bind address="127.0.0.1" port="${plain}" type="clients">
<bind address="127.0.0.1" port="${websocket}" type="clients" hook="websocket">
<connect allow="*" timeout="30" pingfreq="120" hardsendq="16777216" softsendq="4194304" recvq="4194304"
 threshold="10000000" commandrate="1000000" fakelag="no" localmax="2000" globalmax="2000" maxchans="100"
 useident="no" resolvehostnames="no">
<class name="all" commands="*" usermodes="*" chanmodes="*" privs="*">
<limits maxnick="30" maxchan="64" maxline="2048">
<options defaultbind="ipv4" casemapping="ascii">
<performance netbuffersize="10240" somaxconn="128" softlimit="12800">
<log method="stderr" type="*" level="default">
${modules.map((m) => `<module name="${m}">`).join('\n')}
<websocket defaultmode="text" proxyranges="">
<wsorigin allow="*">
`);
  const child = spawn('inspircd', [`--config=${dir}/inspircd.conf`, '--nofork', '--nopid', '--runasroot'],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stdout.on('data', (d) => (log += d));
  child.stderr.on('data', (d) => (log += d));
  t.after(() => child.kill('SIGKILL'));
  await until('InspIRCd to listen', async () => {
    if (child.exitCode !== null) throw new Error(`inspircd ended: ${log}`);
    return (await listens(plain)) && (await listens(websocket));
  });
  return { plain, websocket, child };
}

function listens(port) {
  return new Promise((done) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => { socket.destroy(); done(true); });
    socket.on('error', () => done(false));
  });
}

/** A cable to the program at `url` that can be pulled out and put back. */
export async function cable(t, url) {
  const to = Number(new URL(url).port);
  const ends = new Set();
  let out = false;
  const server = net.createServer((near) => {
    if (out) return void near.destroy();
    const far = net.connect(to, '127.0.0.1');
    for (const [one, other] of [[near, far], [far, near]]) {
      ends.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => { ends.delete(one); other.destroy(); });
    }
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  t.after(() => { server.close(); for (const one of ends) one.destroy(); });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    pull: () => { out = true; for (const one of ends) one.destroy(); },
    put: () => { out = false; },
  };
}
