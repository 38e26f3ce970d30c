/* SPDX-License-Identifier: Apache-2.0 */
/* source_parts.h - what each source keeps count of: the ids it saw lately, the rate of
 * its messages, and how long to wait before the next try. */
#ifndef SURAQ_SOURCE_SOURCE_PARTS_H
#define SURAQ_SOURCE_SOURCE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/str.h"

/* Recent ids: a ring of hashes and the set of what is in it. */
struct source_seen {
    struct map_key key;
    struct map *set; /* owned */
    uint64_t *ring;  /* owned: BOUNDS_SOURCE_SEEN of them */
    size_t next, count;
};

/* Messages of the last minute, counted by the second. */
struct source_rate {
    uint32_t buckets[60];
    int64_t second; /* monotonic: of the newest bucket */
};

void source_seen_init(struct source_seen *seen);
void source_seen_fini(struct source_seen *seen);
bool source_seen_has(const struct source_seen *seen, struct str id);
void source_seen_add(struct source_seen *seen, struct str id);
void source_rate_add(struct source_rate *r, int64_t mono_ms);
double source_rate_per_minute(struct source_rate *r, int64_t mono_ms);
/* Full jitter: anything between `least` and `least` doubled `failures` times, up to
 * `most`. */
int64_t source_backoff(uint64_t *random, unsigned failures, int64_t least, int64_t most);
uint64_t source_random(uint64_t *state); /* splitmix64 */

/* Every occurrence of `secret` in the text becomes "***": platforms repeat what they are
 * sent. NULL and what is shorter than six bytes hides nothing. */
void source_hide(struct buf *text, const char *secret);

#endif
