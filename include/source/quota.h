/* SPDX-License-Identifier: Apache-2.0 */
/* quota.h - what a platform lets a project ask for in a day, spread over a broadcast.
 * Pure. YouTube: 10,000 units a day, reset at midnight Pacific time
 * (developers.google.com/youtube/v3/determine_quota_cost). */
#ifndef SURAQ_SOURCE_QUOTA_H
#define SURAQ_SOURCE_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

struct quota {
    int64_t limit, used; /* units */
    int64_t day;         /* which day `used` is of */
};

/* Counts `units`; a new day begins at nothing. */
void quota_spend(struct quota *q, int64_t wall_ms, int64_t units);
int64_t quota_left(struct quota *q, int64_t wall_ms);
/* Until the next day begins. */
int64_t quota_reset_in_ms(int64_t wall_ms);

/* How long to wait between calls of `units` each so that what is left lasts `last_ms`;
 * never less than `least_ms`. */
int64_t quota_interval_ms(struct quota *q, int64_t wall_ms, int64_t units,
                          int64_t last_ms, int64_t least_ms);

#endif
