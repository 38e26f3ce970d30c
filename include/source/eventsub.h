/* SPDX-License-Identifier: Apache-2.0 */
/* eventsub.h - Twitch EventSub over WebSocket: frames to messages and to what the server
 * wants of the connection. Pure. Sources: dev.twitch.tv/docs/eventsub,
 * "Handling WebSocket events" and "EventSub subscription types". */
#ifndef SURAQ_SOURCE_EVENTSUB_H
#define SURAQ_SOURCE_EVENTSUB_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "source/message.h"
#include "source/twitch.h"

/* What is subscribed to, in this order: the first is the chat itself. Each with the scope
 * that it takes; what takes TWITCH_MODERATE is given to the channel's owner alone. */
#define EVENTSUB_TYPE_MAP(X)                                                  \
    X(EVENTSUB_CHAT, "channel.chat.message", TWITCH_READ)                     \
    X(EVENTSUB_DELETED, "channel.chat.message_delete", TWITCH_READ)           \
    X(EVENTSUB_USER_CLEARED, "channel.chat.clear_user_messages", TWITCH_READ) \
    X(EVENTSUB_CLEARED, "channel.chat.clear", TWITCH_READ)                    \
    X(EVENTSUB_BANNED, "channel.ban", TWITCH_MODERATE)
#define EVENTSUB_TYPE_ENUM(code, name, scope) code,
enum eventsub_type { EVENTSUB_TYPE_MAP(EVENTSUB_TYPE_ENUM) EVENTSUB_TYPES };
#undef EVENTSUB_TYPE_ENUM
const char *eventsub_type_name(enum eventsub_type t);
unsigned eventsub_type_scope(enum eventsub_type t);

enum eventsub_kind {
    EVENTSUB_NOTHING,   /* nothing for us: another chat, our own line, an unknown type */
    EVENTSUB_WELCOME,   /* session, keepalive_ms */
    EVENTSUB_KEEPALIVE, /* the chat is silent, the connection lives */
    EVENTSUB_MESSAGE,   /* message */
    EVENTSUB_RECONNECT, /* url: connect there; this connection goes on until then */
    EVENTSUB_REVOKED,   /* type, text: the platform's word for why */
};

/* Whose chat, and who we are. Borrowed. */
struct eventsub_chat {
    struct str broadcaster, me; /* user ids */
};

struct eventsub_event {
    enum eventsub_kind kind;
    struct message message; /* borrows from the event, like what follows */
    struct str session, url, type, text;
    int64_t keepalive_ms;
    json_t *frame;     /* owned */
    struct buf joined; /* owned: a text made of its fragments */
};

/* One frame. ERR_PARSE: no JSON or no kind; the event is EVENTSUB_NOTHING then.
 * eventsub_event_fini() is due after both. */
int eventsub_decode(struct str frame, const struct eventsub_chat *chat,
                    struct eventsub_event *ev, struct err *e) MUST_CHECK;
void eventsub_event_fini(struct eventsub_event *ev);

/* The body of POST /helix/eventsub/subscriptions. */
void eventsub_write_subscription(struct buf *out, enum eventsub_type t,
                                 const struct eventsub_chat *chat, struct str session);

#endif
