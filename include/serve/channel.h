/* SPDX-License-Identifier: Apache-2.0 */
/* channel.h - what one group of roles is told, in order: items are put in as they are
 * applied, come out as frames when they are durable, and stay for a while for who lost
 * the connection. A frame is rendered once and shared by everybody whom it goes to. */
#ifndef SURAQ_SERVE_CHANNEL_H
#define SURAQ_SERVE_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct frame {
    unsigned refs;
    uint64_t first, last; /* events inside; a snapshot: both its seq; a status: both 0 */
    char *text;           /* owned, JSON */
    size_t len;
};

/* Takes the buffer's bytes (left empty). The caller holds the first reference. */
struct frame *frame_new_take(struct buf *text, uint64_t first, uint64_t last);
struct frame *frame_ref(struct frame *f);
void frame_unref(struct frame *f);

struct channel;

/* New: knows everything that happens after `seq`. `cap`: bytes kept for resuming. */
struct channel *channel_new(uint64_t seq, size_t cap);
void channel_free(struct channel **c);

/* The buffer to add one item of event `seq` to (a JSON object), then channel_end(). */
struct buf *channel_begin(struct channel *c);
void channel_end(struct channel *c, uint64_t seq);

bool channel_has_due(const struct channel *c, uint64_t durable);
uint64_t channel_first_pending(const struct channel *c); /* 0: nothing waits */
/* Next frame of items with seq <= `limit`; kept in the ring. NULL: none. Borrowed. */
struct frame *channel_cut(struct channel *c, uint64_t limit);

/* Frames with events after `seq`, oldest first: index of the first one and their bytes;
 * false when some are not here any more or `seq` is none that a client can have seen. */
bool channel_resume(const struct channel *c, uint64_t seq, size_t *index, size_t *bytes);
size_t channel_frames(const struct channel *c);
struct frame *channel_frame(const struct channel *c, size_t i); /* borrowed */

#endif
