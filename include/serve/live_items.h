/* SPDX-License-Identifier: Apache-2.0 */
/* live_items.h - one event, as the items that each view is told. */
#ifndef SURAQ_SERVE_LIVE_ITEMS_H
#define SURAQ_SERVE_LIVE_ITEMS_H

#include "base/map.h"
#include "queue/event.h"
#include "queue/queue.h"
#include "serve/channel.h"
#include "serve/tally.h"
#include "serve/view.h"

/* What a view was told last, so that only changes are told. */
struct live_memory {
    struct map *shown; /* owned: numbers that are in the view; officer and overlay only */
    uint64_t *line;    /* owned */
    size_t n_line, cap_line;
    uint64_t on_air, overlay;
};

/* As of now: what a snapshot at this moment says. */
void live_memory_init(struct live_memory *m, const struct queue *q, enum view v);
void live_memory_fini(struct live_memory *m);

struct live_told {
    const struct queue *queue;
    const struct tally *tally;
    const struct event *ev;
    bool counts;        /* changed with this event */
    const char *source; /* JSON of the source it is about, or NULL */
};

/* Adds the items of the event that was just applied. */
void live_items(struct channel *c, struct live_memory *m, enum view v,
                const struct live_told *t);

#endif
