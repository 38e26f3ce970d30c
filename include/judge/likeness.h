/* SPDX-License-Identifier: Apache-2.0 */
/* likeness.h - questions that say the same thing, found among thousands in well under a
 * millisecond. Pure: no I/O, no clock, nothing of queues; an id is a number of the
 * caller's. Not for two threads at once.
 *
 * The one measure: both wordings become sets of terms (folded stems, numbers, what is
 * asked, whether it is denied), and likeness is the weight of the matched terms over the
 * weight of all. It reaches LIKENESS_JOIN only when nothing of either side is left over:
 * another street, number, question word or a "not" always keeps two questions apart. */
#ifndef SURAQ_JUDGE_LIKENESS_H
#define SURAQ_JUDGE_LIKENESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "base/str.h"

/* Hundredths, chosen on tests/data/judge/pairs.tsv. */
enum {
    LIKENESS_JOIN = 90,    /* the same question: may be joined without asking anybody */
    LIKENESS_SUGGEST = 55, /* worth a look */
};

struct likeness;

struct likeness_hit {
    uint64_t id;
    unsigned hundredths; /* 0..100 */
};

/* New, empty. `key` hashes the terms, so that nobody can choose words that collide. */
struct likeness *likeness_new(const struct map_key *key);
void likeness_free(struct likeness **l);

/* Adds or replaces. `key` is the normalised text of a verdict (verdict.key). Above
 * BOUNDS_LIKENESS the lowest id gives way; a text without terms is not kept. */
void likeness_put(struct likeness *l, uint64_t id, struct str key);
/* Nothing happens when the id is not there. */
void likeness_remove(struct likeness *l, uint64_t id);
bool likeness_has(const struct likeness *l, uint64_t id);
size_t likeness_count(const struct likeness *l);

/* The best `max` of at least `least` hundredths, best first, the lower id first among
 * equals. Gives their number. */
size_t likeness_find(struct likeness *l, struct str key, unsigned least,
                     struct likeness_hit *out, size_t max);

/* Likeness of two texts, in hundredths: what likeness_find() would say. */
unsigned likeness_of(struct likeness *l, struct str a, struct str b);

#endif
