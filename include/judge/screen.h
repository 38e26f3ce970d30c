/* SPDX-License-Identifier: Apache-2.0 */
/* screen.h - which rules can match a text at all. Every rule that matches is among the
 * candidates; most candidates match. Rules are numbers here. */
#ifndef SURAQ_JUDGE_SCREEN_H
#define SURAQ_JUDGE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* How a rule is looked for. */
enum screen_way {
    SCREEN_STEMS,  /* by pieces of words */
    SCREEN_GATE,   /* by a sign or a digit that must be there */
    SCREEN_ALWAYS, /* not at all: it is a candidate on every text */
};

struct screen; /* immutable once sealed: any number of threads */
struct screen *screen_new(void);
void screen_free(struct screen **s);

/* Adds the rule's pattern. */
enum screen_way screen_add(struct screen *s, uint32_t rule, struct str pattern);
/* Once, behind the last screen_add() and before the first screen_run(). */
void screen_seal(struct screen *s);

/* What one text can match; one thread's, reused. */
struct screen_result {
    uint64_t *rules; /* owned; rule r is a candidate when bit r % 64 of [r / 64] is set */
    uint32_t *from;  /* owned; no match of candidate r begins before this byte */
    size_t words;    /* of both, 64 rules each */
};
void screen_result_fini(struct screen_result *r);

/* One thread's working memory. */
struct screen_scratch;
struct screen_scratch *screen_scratch_new(void);
void screen_scratch_free(struct screen_scratch **s);

/* False when the text, of at most 64 KiB, is not valid UTF-8: then nobody may match it.
 */
bool screen_run(const struct screen *s, struct screen_scratch *scratch, struct str text,
                struct screen_result *out);

#endif
