/* SPDX-License-Identifier: Apache-2.0 */
/* vklive.h - the chat of VK Video Live: publications and answers of its DevAPI to
 * messages. Pure.
 * Source: dev.live.vkvideo.ru/docs; deletions and the platform's bot as other clients
 * observe them. */
#ifndef SURAQ_SOURCE_VKLIVE_H
#define SURAQ_SOURCE_VKLIVE_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "source/message.h"

/* What people paste: the name of a channel, or "https://live.vkvideo.ru/name". */
int vklive_target(struct str text, struct buf *out, struct err *e) MUST_CHECK;

/* The "data" of a publication. Returns how many messages it was: other events, notices of
 * the platform's own bot, and lines without words are none. */
size_t vklive_read_publication(const json_t *data, struct message_taker to);

/* GET /v1/chat/messages: what was said before, oldest first. */
size_t vklive_read_history(const json_t *answer, bool backlog, struct message_taker to);

/* GET /v1/channel: the channel of the chat at the message server, and the id of the
 * broadcast (empty: none on air). ERR_PARSE: the answer names no chat. */
int vklive_read_channel(const json_t *answer, struct buf *chat, struct buf *stream,
                        struct err *e) MUST_CHECK;

/* GET /v1/websocket/subscription_token: the token of one channel; empty: none. */
struct str vklive_channel_token(const json_t *answer, struct str channel);

/* The platform's words for a fault: "error", "message" or their like. */
void vklive_read_fault(struct str body, struct buf *words);

/* The body of POST /v1/chat/message/send. */
void vklive_write_line(struct str text, struct buf *out);

#endif
