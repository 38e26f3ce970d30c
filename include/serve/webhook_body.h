/* SPDX-License-Identifier: Apache-2.0 */
/* webhook_body.h - what is sent to a webhook: the bytes, and their signature. */
#ifndef SURAQ_SERVE_WEBHOOK_BODY_H
#define SURAQ_SERVE_WEBHOOK_BODY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "serve/news.h"

/* What a body is about. Borrowed for the call. */
struct webhook_told {
    const struct news *news;
    const struct event *ev;
    const char *id;     /* of the delivery */
    const char *stream; /* its short name */
    const char *link;   /* to the console; NULL: not known */
    bool rehearsal;     /* it is only an exercise */
};

/* {"id":..,"event":"urgent",..}: no originals, no handles, no notes. */
void webhook_json(const struct webhook_told *t, struct buf *out);
/* A call of Telegram's sendMessage, plain text. `kazakh`: else Russian. */
void webhook_telegram(const struct webhook_told *t, const char *chat_id, bool kazakh,
                      struct buf *out);

/* "sha256=HEX": HMAC-SHA256 of "TIMESTAMP.BODY" (RFC 2104). */
void webhook_sign(struct str secret, int64_t timestamp, struct str body, struct buf *out);

#endif
