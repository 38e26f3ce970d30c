/* SPDX-License-Identifier: Apache-2.0 */
/* register.h - the questions that are owed, across broadcasts: which ones, in which
 * order, and how their terms stand today. Pure. */
#ifndef SURAQ_SERVE_REGISTER_H
#define SURAQ_SERVE_REGISTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/workdays.h"
#include "queue/queue.h"
#include "serve/search.h"

/* What somebody wants to see of it. */
struct register_wish {
    unsigned states;          /* bits of enum owed_state; 0: all */
    struct buf unit;          /* owned; "": all; "-": none named */
    struct buf topic;         /* owned; "": all */
    uint64_t broadcast;       /* 0: all */
    enum workdays_level late; /* at least so; WORKDAYS_NONE: all */
    bool appeal;              /* only candidate appeals */
    struct search search;
    bool originals; /* the search looks at them, too */
};

/* How the term of a question stands. */
struct register_clock {
    bool runs; /* open, and due on a day that is known */
    int left;  /* working days; see workdays_left() */
    enum workdays_level level;
    bool known; /* the calendar speaks of the year in which it ends */
};
void register_clock(const struct question *item, const struct workdays_terms *terms,
                    int64_t today, struct register_clock *out);

struct register_counts {
    uint64_t state[OWED_STATES], amber, red;
};

/* What is owed, what presses first: open ones by their due date, then those that were
 * forwarded, answered and closed, the newest first. */
struct register_list {
    const struct question **items; /* owned; borrowed questions */
    size_t n;
    struct register_counts counts; /* of the whole register */
};
void register_list(const struct queue *q, const struct workdays_terms *terms,
                   int64_t today, const struct register_wish *wish,
                   struct register_list *out);
void register_list_fini(struct register_list *l);

/* The link to where the question was asked; false: it is not known. `kind`, `target`: of
 * the source as it is now; `current`: the question is of the current broadcast. */
bool register_link(const char *kind, const char *target, bool current, struct buf *out);

#endif
