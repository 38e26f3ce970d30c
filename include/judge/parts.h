/* SPDX-License-Identifier: Apache-2.0 */
/* parts.h - sets of short texts that a piece of a pattern can spell, and what a match
 * needs. For the analyser (stems.c) only. */
#ifndef SURAQ_JUDGE_PARTS_H
#define SURAQ_JUDGE_PARTS_H

#include "judge/stems.h"

/* What may stand directly before a place in the text. */
enum before {
    BEFORE_BREAK, /* no letter */
    BEFORE_EDGE,  /* no letter if a letter follows: behind \b */
    BEFORE_LETTER,
    BEFORE_ANY,
};

struct part {
    struct stem stem;
    bool ahead; /* its last code, an end, was only looked at: what follows is it */
    enum before before; /* matters while the stem is empty */
};

struct parts {
    const struct part *at;
    size_t n;
};

/* A match contains one of these stems or one of these breaks; neither: not known. */
struct need {
    struct parts stems;
    uint64_t breaks;
    uint64_t cost; /* 0: not worked out yet */
};

/* All parts of a walk. Sets are never changed once they are passed on, so they are shared
 * freely, and all of them go together. */
struct part_pool {
    struct part_block *blocks; /* owned */
    size_t n;
    bool full; /* there are too many: give up */
};
void part_pool_fini(struct part_pool *pool);

static inline bool
may_start_word(enum before before)
{
    return before == BEFORE_BREAK || before == BEFORE_EDGE;
}

/* Room for a set, to be filled before anybody else sees it. */
struct part *parts_new(struct part_pool *pool, size_t n);
struct parts parts_one(struct part_pool *pool, struct part part);
struct parts parts_empty(struct part_pool *pool, enum before before);
/* Both sets in one; false when they do not fit. */
bool parts_unite(struct part_pool *pool, struct parts *p, struct parts more);
/* Each of `a` followed by each of `b`; false when that is too many. */
bool parts_multiply(struct part_pool *pool, struct parts a, struct parts b,
                    struct parts *out);
/* Is each of them as long as a stem can be? */
bool parts_are_long(struct parts p);

/* Can it be looked for at all? */
bool need_is_known(struct need *need);
/* The one that is less work to look for. */
struct need need_cheaper(struct need a, struct need b);
void need_improve(struct need *best, const struct need *other);
/* What needs one or the other; not known when either is not. */
struct need need_both(struct part_pool *pool, struct need a, struct need b);

#endif
