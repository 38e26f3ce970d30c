// SPDX-License-Identifier: Apache-2.0
// twurple.mjs CHANNEL READER - a chat client of others, Twurple, in a process of its own, since
// its timers outlive it. Reads the Twitch at TWURPLE_MOCK_API_PORT; prints a line of JSON for
// each thing it was told.
import { ApiClient } from '@twurple/api';
import { StaticAuthProvider } from '@twurple/auth';
import { EventSubWsListener } from '@twurple/eventsub-ws';

const [channel, reader] = process.argv.slice(2);
const say = (...what) => console.log(JSON.stringify(what));
const authProvider = new StaticAuthProvider('app', 's3cret', ['user:read:chat']);
const listener = new EventSubWsListener({ apiClient: new ApiClient({ authProvider }) });
listener.onChannelChatMessage(channel, reader, (e) => say('line', e.messageId, e.chatterDisplayName,
  e.messageText, Object.keys(e.badges), e.parentMessageId, e.sourceBroadcasterId));
listener.onChannelChatMessageDelete(channel, reader, (e) => say('deleted', e.messageId));
listener.onChannelChatClearUserMessages(channel, reader, (e) => say('cleared', e.userId));
listener.onChannelChatClear(channel, reader, (e) => say('all cleared', e.broadcasterId));
listener.onRevoke((subscription, status) => say('revoked', status));
listener.onSubscriptionCreateSuccess((subscription) => say('subscribed', subscription.id));
listener.start();
