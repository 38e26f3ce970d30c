/* SPDX-License-Identifier: Apache-2.0 */
/* activity.h - what the state itself does not keep: how many messages came in which
 * minute, and how often each person did what. Counted from the headers of events alone,
 * so erasing texts changes nothing. Part of the state: replayed and in the snapshot. */
#ifndef SURAQ_QUEUE_ACTIVITY_H
#define SURAQ_QUEUE_ACTIVITY_H

#include <stddef.h>
#include <stdint.h>

#include "queue/event.h"

/* A minute in which messages came. */
struct activity_minute {
    uint64_t broadcast;
    int64_t minute; /* since 1970 */
    uint64_t messages;
};

/* What one person did in one broadcast. */
struct activity_person {
    uint64_t broadcast;
    char *actor; /* owned: "user:aigul" */
    uint64_t count[EVENT_KINDS];
};

struct activity {
    struct activity_minute *minutes; /* owned: a ring of BOUNDS_STATS_MINUTES */
    size_t head, n_minutes;          /* the oldest is at head */
    struct activity_person *people;  /* owned: BOUNDS_STATS_PEOPLE, the oldest first */
    size_t n_people;
};

void activity_init(struct activity *a);
void activity_fini(struct activity *a);
void activity_follow(struct activity *a, const struct event *ev);
/* The i-th oldest; borrowed until the next event. */
const struct activity_minute *activity_minute_at(const struct activity *a, size_t i);

#endif
