// SPDX-License-Identifier: Apache-2.0
// peertube.test.mjs - a real XMPP server (Prosody) behind the program: nobody signs in, the room is
// read with its history, a moderator takes a line back, an answer goes into the room, a kick is told.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import WebSocket from 'ws';
import { Client, account, folder, freePort, settings, start, until } from './support.mjs';

const ROOM = 'efir@conference.localhost';

/** Prosody with rooms, anonymous logins and message moderation, on loopback. */
async function prosody(t) {
  const dir = folder(t);
  const [c2s, http] = [await freePort(), await freePort()];
  writeFileSync(join(dir, 'prosody.cfg.lua'), `
run_as_root = true
pidfile = "${dir}/prosody.pid"
data_path = "${dir}"
certificates = "${dir}"
log = { info = "*console" }
interfaces = { "127.0.0.1" }
c2s_ports = { ${c2s} }
s2s_ports = { }
http_ports = { ${http} }
http_interfaces = { "127.0.0.1" }
https_ports = { }
c2s_require_encryption = false
consider_websocket_secure = true
storage = "memory"
modules_enabled = { "roster"; "saslauth"; "disco"; "ping"; "websocket"; "posix" }
modules_disabled = { "s2s"; "offline"; "tls" }
VirtualHost "localhost"
  authentication = "anonymous"
  allow_anonymous_s2s = false
Component "conference.localhost" "muc"
  modules_enabled = { "muc_mam"; "muc_moderation" }
  muc_room_locking = false
  restrict_room_creation = false
`);
  const child = spawn('prosody', ['--config', join(dir, 'prosody.cfg.lua'), '-F'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  let over = null;
  child.stdout.on('data', (d) => (log += d));
  child.stderr.on('data', (d) => (log += d));
  child.on('error', (e) => (over = String(e)));
  child.on('exit', (code) => (over = `it ended with ${code}`));
  t.after(() => child.kill('SIGKILL'));
  await until('Prosody', () => {
    if (over) throw new Error(`Prosody: ${over}: ${log}`);
    return log.includes(`Activated service 'http' on`);
  });
  return `ws://localhost:${http}/xmpp-websocket`;
}

/** A person in the room; the first one owns it. */
async function person(t, url, nick) {
  // By the address, since "localhost" may be ::1 first; Prosody wants the name.
  const ws = new WebSocket(url.replace('localhost', '127.0.0.1'), 'xmpp', { perMessageDeflate: false, headers: { Host: 'localhost' } });
  const me = { frames: [], say: (xml) => ws.send(xml) };
  const open = '<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="localhost" version="1.0"/>';
  const saw = (what) => until(`"${what}" for ${nick}`, () => me.frames.some((f) => f.includes(what)));
  t.after(() => ws.terminate());
  ws.on('message', (data) => me.frames.push(String(data).replaceAll("'", '"')));
  await until('the socket', () => ws.readyState === WebSocket.OPEN);
  ws.send(open);
  await saw('ANONYMOUS');
  ws.send('<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>');
  await saw('<success');
  ws.send(open);
  await saw('xmpp-bind');
  ws.send('<iq xmlns="jabber:client" type="set" id="b1"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>');
  await saw('id="b1"');
  ws.send(`<presence xmlns="jabber:client" to="${ROOM}/${nick}"><x xmlns="http://jabber.org/protocol/muc"/></presence>`);
  await saw('code="110"');
  me.write = (text, id) => ws.send(`<message xmlns="jabber:client" type="groupchat" id="${id}" to="${ROOM}"><body>${text}</body></message>`);
  me.saw = saw;
  return me;
}

test('a room of a real server is read, moderated and answered', async (t) => {
  const url = await prosody(t);
  const boss = await person(t, url, 'Айгүл');
  boss.write('Бұрынғы сөз', 'c0');
  await boss.saw('Бұрынғы сөз');
  const dir = folder(t);
  const config = settings(dir, {
    sources: `[{kind: peertube, name: room, url: '${url}', video: ${ROOM}, account: localhost, nick: Сурақ}]`,
  });
  account(config, 'boss', 'admin');
  const admin = await new Client((await start(t, config)).url).signIn('boss');
  const messages = async () => (await admin.get('/messages?limit=100')).json.items;
  const find = async (text) => (await messages()).find((m) => m.text === text);
  const old = await until('the history', () => find('Бұрынғы сөз'));
  assert.equal(old.backlog, true);

  boss.write('Жол &lt;қашан&gt; жөнделеді?', 'c1');
  const line = await until('the line', () => find('Жол <қашан> жөнделеді?'));
  assert.equal(line.author.name, 'Айгүл');
  assert.deepEqual(line.author.roles, ['owner', 'moderator']);

  boss.say(`<iq xmlns="jabber:client" type="set" id="mod" to="${ROOM}"><apply-to xmlns="urn:xmpp:fasten:0" id="${line.id}"><moderate xmlns="urn:xmpp:message-moderate:0"><retract xmlns="urn:xmpp:message-retract:0"/><reason>spam</reason></moderate></apply-to></iq>`);
  await until('the line to be taken back', async () => (await find('Жол <қашан> жөнделеді?')).deleted);

  const sent = await admin.post('/sources/room/send', { text: '№1 <қабылданды>' });
  assert.equal(sent.status < 300, true);
  await boss.saw('№1 &lt;қабылданды&gt;');
  assert.equal((await messages()).some((m) => m.text.includes('қабылданды')), false);

  boss.say(`<iq xmlns="jabber:client" type="set" id="ban" to="${ROOM}"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="Сурақ" role="none"><reason>later</reason></item></query></iq>`);
  await until('to be back after a kick', () => boss.frames.filter((f) => f.includes(`${ROOM}/Сурақ`) && f.includes('role="participant"')).length > 1);
  boss.write('Қайта келдіңіз бе?', 'c2');
  await until('the line after it', () => find('Қайта келдіңіз бе?'));
  assert.equal((await messages()).length, 3);
});
