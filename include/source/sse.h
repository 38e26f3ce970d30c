/* SPDX-License-Identifier: Apache-2.0 */
/* sse.h - server-sent events (WHATWG HTML, 9.2.6): pieces of a stream to events. Pure. */
#ifndef SURAQ_SOURCE_SSE_H
#define SURAQ_SOURCE_SSE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

/* Zeroed before the first use. */
struct sse {
    struct buf line, data; /* begun, not ended */
    bool cr;       /* the last byte ended a line: a line feed behind it is its own */
    bool too_long; /* the event grew over BOUNDS_FRAME and is passed over */
};
void sse_fini(struct sse *s); /* usable again: a new stream */

/* Feeds a piece; `event` is called with the data of each event that ends in it. */
void sse_feed(struct sse *s, struct str piece, void (*event)(void *arg, struct str data),
              void *arg);

#endif
