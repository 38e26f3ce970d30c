// SPDX-License-Identifier: Apache-2.0
// Client libraries that others use, tmi.js and pusher-js, are let into our Twitch and our
// Pusher first: what they understand is the right thing to hold the program against.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import Pusher from 'pusher-js';
import tmi from 'tmi.js';

import { pusher } from './pusher.mjs';
import { Client, ROOT, account, folder, settings, start, stop, until } from './support.mjs';
import { twitchIrc } from './twitch_irc.mjs';

const tags = (more) => `@badge-info=;badges=moderator/1;color=#0000FF;emotes=;flags=;mod=1;room-id=1971641;subscriber=0;tmi-sent-ts=${Date.now()};turbo=0;user-type=mod;${more}`;
const line = (id, user, name, text) => `${tags(`display-name=${name};id=${id};user-id=${user}`)} :u${user}!u${user}@u${user}.tmi.twitch.tv PRIVMSG %c :${text}`;
const SAID = [
  line('b34c-1', 1337, 'Айгүл', 'Жол қашан жөнделеді?'),
  line('b34c-2', 1338, 'Ronni', 'когда починят светофор'),
  line('b34c-3', 1339, 'Тролль', 'нет света третий день, когда дадут?'),
];
const TAKEN_BACK = [
  '@login=u1338;room-id=;target-msg-id=b34c-2;tmi-sent-ts=1594561955611 :tmi.twitch.tv CLEARMSG %c :когда починят светофор',
  '@ban-duration=600;room-id=1971641;target-user-id=1339;tmi-sent-ts=1594553828245 :tmi.twitch.tv CLEARCHAT %c :u1339',
];

/** The program, reading one source, and what of the chat it shows. */
async function reader(t, source, dir = folder(t)) {
  const config = settings(dir, { sources: `[${source}]` });
  account(config, 'aida', 'moderator');
  const daemon = await start(t, config);
  const api = await new Client(daemon.url).signIn('aida');
  const chat = async () => (await api.get('/messages')).json.items.sort((a, b) => a.mid - b.mid)
    .map((m) => [m.id, m.author.name, m.text, Boolean(m.deleted)]);
  const state = async () => (await api.get('/sources')).json.items[0];
  return { daemon, chat, state };
}

test('tmi.js and the program understand the same of Twitch by IRC', async (t) => {
  const mock = await twitchIrc(t);
  const heard = [];
  const client = new tmi.Client({ connection: { server: '127.0.0.1', port: mock.port, secure: false, reconnect: false }, channels: ['SKO_Police'] });
  client.on('message', (channel, who, text) => heard.push(['line', channel, who.id, who['user-id'], who['display-name'], who.mod, text]));
  client.on('messagedeleted', (channel, user, text, more) => heard.push(['deleted', more['target-msg-id']]));
  client.on('timeout', (channel, user, reason, seconds) => heard.push(['timeout', user, seconds]));
  await client.connect();
  t.after(() => client.disconnect().catch(() => {}));
  await until('tmi.js to join', () => mock.joined() === 1);
  mock.say(...SAID, ...TAKEN_BACK);
  await until('five events', () => heard.length === 5);
  assert.deepEqual(heard, [
    ['line', '#sko_police', 'b34c-1', '1337', 'Айгүл', true, 'Жол қашан жөнделеді?'],
    ['line', '#sko_police', 'b34c-2', '1338', 'Ronni', true, 'когда починят светофор'],
    ['line', '#sko_police', 'b34c-3', '1339', 'Тролль', true, 'нет света третий день, когда дадут?'],
    ['deleted', 'b34c-2'], ['timeout', 'u1339', 600],
  ]);
  await client.disconnect();

  const { daemon, chat, state } = await reader(t, `{kind: twitch, url: '${mock.url}', channel: SKO_Police}`);
  await until('the program to join', async () => (await state()).state === 'live');
  mock.say(...SAID);
  await until('three lines', async () => (await chat()).length === 3);
  mock.say(...TAKEN_BACK);
  await until('two of them to go', async () => (await chat()).filter(([, , , gone]) => gone).length === 2);
  assert.deepEqual((await chat()).map(([id, name, , gone]) => [id, name, gone]),
    [['b34c-1', 'Айгүл', false], ['b34c-2', 'Ronni', true], ['b34c-3', 'Тролль', true]]);
  assert.equal((await stop(daemon)).code, 0);
});

// What docs/sources.md shows, with the names of this chat.
const PRESET = /A chat on Pusher[^]*?```yaml\n([^]*?)```/.exec(readFileSync(join(ROOT, 'docs/sources.md'), 'utf8'))[1];

test('pusher-js and the program with a preset of one\'s own understand the same Pusher', async (t) => {
  const mock = await pusher(t, 'appkey');
  const heard = [];
  const client = new Pusher('appkey', { wsHost: '127.0.0.1', wsPort: mock.port, forceTLS: false, enabledTransports: ['ws'], disableStats: true, cluster: 'mt1' });
  t.after(() => client.disconnect());
  const room = client.subscribe('efir');
  room.bind('said', (data) => heard.push(['said', data.text]));
  room.bind('taken-back', (data) => heard.push(['taken back', data.id]));
  await until('pusher-js to subscribe', () => mock.subscribers('efir') === 1);
  const speak = (channel) => mock.publish(channel, 'said', { id: 'm1', text: 'Жол қашан "жөнделеді"?', by: { id: 7, name: 'Айгүл' }, at: new Date().toISOString() });
  speak('another');
  speak('efir');
  mock.publish('efir', 'taken-back', { id: 'm1' });
  await until('two events', () => heard.length === 2);
  assert.deepEqual(heard, [['said', 'Жол қашан "жөнделеді"?'], ['taken back', 'm1']]);
  client.disconnect();
  await until('pusher-js to leave', () => mock.subscribers('efir') === 0);

  const dir = folder(t);
  writeFileSync(join(dir, 'pusher.yaml'), PRESET);
  writeFileSync(join(dir, 'key'), 'appkey\n', { mode: 0o600 });
  const { daemon, chat } = await reader(t, `{kind: generic, url: '${mock.url}', file: '${dir}/pusher.yaml', channel: efir, token_file: '${dir}/key'}`, dir);
  await until('the program to subscribe', () => mock.subscribers('efir') === 1);
  mock.ask();
  await until('its answer to a ping', () => mock.pongs > 0);
  speak('another');
  speak('efir');
  await until('a line', async () => (await chat()).length === 1);
  assert.deepEqual(await chat(), [['m1', 'Айгүл', 'Жол қашан "жөнделеді"?', false]]);
  mock.publish('efir', 'taken-back', { id: 'm1' });
  await until('the line to go', async () => (await chat())[0][3]);
  assert.equal((await stop(daemon)).code, 0);
});

test('a Pusher that does not know the key is told to a person', async (t) => {
  const mock = await pusher(t, 'appkey');
  const dir = folder(t);
  writeFileSync(join(dir, 'pusher.yaml'), PRESET);
  writeFileSync(join(dir, 'key'), 'wrong\n', { mode: 0o600 });
  const { daemon, state } = await reader(t, `{kind: generic, url: '${mock.url}', file: '${dir}/pusher.yaml', channel: efir, token_file: '${dir}/key'}`, dir);
  await until('the refusal', async () => (await state()).state === 'refused');
  assert.equal((await stop(daemon)).code, 0);
});
