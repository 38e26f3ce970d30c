/* SPDX-License-Identifier: Apache-2.0 */
/* source_outbox.h - what waits to be said through an API: one at a time, in order, with
 * a pause between. Not for other floors. */
#ifndef SURAQ_SOURCE_SOURCE_OUTBOX_H
#define SURAQ_SOURCE_SOURCE_OUTBOX_H

#include "source/source_http.h"

/* Inside an adapter's own state, zeroed before the first use; `http.s` is set. */
struct source_outbox {
    struct source_http http;
    struct loop_timer timer; /* until the next one */
    struct buf lines;        /* JSON, one a line */
    size_t n, at;            /* how many wait; where the first begins */
    int64_t pause_ms;
    bool busy;      /* asked, or the pause is not over */
    bool forbidden; /* the platform lets us write no more */
    /* Asks the platform to say `body`, through `http`; the answer goes to
     * source_outbox_done(). */
    void (*post)(struct source *s, struct str body);
};

/* `json` has no line feed. ERR_LIMIT: too many wait. */
int source_outbox_add(struct source_outbox *o, struct str json, struct err *e) MUST_CHECK;
/* What came of the first one. `why` empty: it was said. A 401 or 403 ends it all. */
void source_outbox_done(struct source_outbox *o, int status, struct str why);
/* Gives up all that waits. */
void source_outbox_stop(struct source_outbox *o);
void source_outbox_fini(struct source_outbox *o);

#endif
