/* SPDX-License-Identifier: Apache-2.0 */
/* screen.h - which patterns can match a text at all, and where. Every pattern that
 * matches is among the candidates; most candidates match. Patterns are numbers here. */
#ifndef SURAQ_JUDGE_SCREEN_H
#define SURAQ_JUDGE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "judge/stems.h"

/* How a pattern is looked for; each way is more work than the one before it. */
enum screen_way {
    SCREEN_FRONT,  /* by pieces of words, and each match begins where one was found */
    SCREEN_STEMS,  /* by pieces of words */
    SCREEN_GATE,   /* by a sign or a digit that must be there */
    SCREEN_ALWAYS, /* not at all: it is a candidate on every text */
    SCREEN_WAYS,
};

struct screen; /* immutable once sealed: any number of threads */
/* `a` must outlive it. */
struct screen *screen_new(const struct alphabet *a);
void screen_free(struct screen **s);

/* Adds a pattern by its stems. Their numbers are small: a result has room for all. */
enum screen_way screen_add(struct screen *s, uint32_t number, const struct stems *stems);
/* Once, behind the last screen_add() and before the first screen_run(). */
void screen_seal(struct screen *s);

/* A byte of the text; `next` is the place behind it, 0 for none. */
struct screen_place {
    uint32_t at, next;
};

/* What one text can match; one thread's, reused. */
struct screen_result {
    uint64_t *set;  /* owned, as all of it; bit n % 64 of [n / 64]: n is a candidate */
    size_t words;   /* of `set`; `list`, `first` and `last` have 64 for each of them */
    uint32_t *list; /* the candidates, as they were found */
    size_t n;
    uint32_t *first, *last; /* of a candidate of SCREEN_FRONT: its places, in order */
    struct screen_place *places;
    size_t n_places, places_cap;
};
void screen_result_fini(struct screen_result *r);

static inline bool
screen_has(const struct screen_result *r, uint32_t number)
{
    return (r->set[number / 64] >> (number % 64) & 1) != 0;
}

/* One thread's working memory. */
struct screen_scratch;
struct screen_scratch *screen_scratch_new(void);
void screen_scratch_free(struct screen_scratch **s);

/* False when the text, of at most 64 KiB, is not valid UTF-8: then nobody may match it.
 */
bool screen_run(const struct screen *s, struct screen_scratch *scratch, struct str text,
                struct screen_result *out);

#endif
