/* SPDX-License-Identifier: Apache-2.0 */
/* stats.h - a broadcast in numbers, from the state in memory. Pure; takes one walk over
 * the questions. */
#ifndef SURAQ_QUEUE_STATS_H
#define SURAQ_QUEUE_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "queue/queue.h"

enum { STATS_STATUSES = STATUS_MERGED + 1 };

struct stats_minute {
    uint64_t messages, questions, aired;
};

/* Milliseconds of waiting, the nearest-rank percentiles; all 0 when n is. */
struct stats_wait {
    size_t n;
    int64_t p50_ms, p90_ms, max_ms;
};

/* Items that have a topic (their first), a language or a source in common. */
struct stats_group {
    const char *key; /* borrowed; "" as a source: by hand */
    uint64_t asked;  /* all, with the ones below */
    uint64_t rejected, merged;
    uint64_t approved, aired, answered; /* that they ever were, as far as is known */
};

struct stats_groups {
    struct stats_group group[BOUNDS_STATS_GROUPS]; /* the most asked first */
    size_t n;
    /* 0..1000: how far what was aired is shared out as what was asked (without rejected
     * and merged ones) is. 1000: exactly so. -1: nothing was aired. */
    int fairness;
};

struct stats {
    const struct broadcast *broadcast; /* borrowed until the next queue_apply() */
    uint64_t status[STATS_STATUSES];
    uint64_t asked, urgent, held, by_hand;
    struct stats_wait approved, aired; /* since it was created */
    struct stats_groups topics, langs, sources;
    int64_t from_ms;              /* when the first minute begins */
    struct stats_minute *minutes; /* owned */
    size_t n_minutes;
};

/* Of the broadcast with this id; false: there is none. `minutes`: the last ones of it,
 * 0: as many as are kept. */
bool stats_count(struct stats *s, const struct queue *q, uint64_t broadcast,
                 int64_t now_ms, size_t minutes);
void stats_fini(struct stats *s);

#endif
