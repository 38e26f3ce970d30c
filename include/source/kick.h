/* SPDX-License-Identifier: Apache-2.0 */
/* kick.h - Kick's deliveries to messages, and the answers of its API. Pure.
 * Source: docs.kick.com (events, webhook security, chat); what the API's own answers look
 * like is read tolerantly. */
#ifndef SURAQ_SOURCE_KICK_H
#define SURAQ_SOURCE_KICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "source/message.h"

#define KICK_CHAT "chat.message.sent"
#define KICK_BAN  "moderation.banned"

/* A delivery of the kind `type` (Kick-Event-Type). Other kinds, and those of other
 * channels than `channel` (its number, or its name as in the address when it is no
 * number), are passed over. */
int kick_read_event(struct str type, struct str body, struct str channel,
                    struct message_taker to, struct err *e) MUST_CHECK;

/* The key in PEM, of .../public-key. */
int kick_read_key(struct str body, struct buf *pem, struct err *e) MUST_CHECK;
/* The number of the channel's owner, of .../channels?slug=; empty: there is none. */
int kick_read_channel(struct str body, struct buf *id, struct err *e) MUST_CHECK;

/* Which deliveries the channel has. */
struct kick_subscribed {
    bool chat, bans;
};
/* Of .../events/subscriptions, asked or just made. ERR_VALUE: the platform refused one,
 * with its words. */
int kick_read_subscribed(struct str body, struct str id, struct kick_subscribed *out,
                         struct err *e) MUST_CHECK;
/* Asks for those that are missing in `have`. */
void kick_write_subscribe(struct str id, struct kick_subscribed have, struct buf *out);

/* One line for the chat of the token's own channel, said by the application's bot
 * account, so that it comes back as a bot's; `reply_to` may be empty. */
void kick_write_line(struct str text, struct str reply_to, struct buf *out);
/* Was it said? Else the platform's words. `id`: of the line, may stay empty. */
bool kick_read_said(struct str body, struct buf *id, struct buf *words);
/* The words of an error. */
void kick_read_fault(struct str body, struct buf *words);

/* What people paste: a link to the channel, its name or its number. */
int kick_target(struct str text, struct buf *out, struct err *e) MUST_CHECK;
bool kick_is_number(struct str target);

#endif
