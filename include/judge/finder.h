/* SPDX-License-Identifier: Apache-2.0 */
/* finder.h - many patterns over one text: which of them can match, and where each of them
 * first does. Patterns are numbers here; rules and channels are match.h's. */
#ifndef SURAQ_JUDGE_FINDER_H
#define SURAQ_JUDGE_FINDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "judge/pattern.h"
#include "judge/screen.h"

struct finder; /* once sealed: any number of threads */
/* `a` must outlive it. */
struct finder *finder_new(const struct alphabet *a, enum pattern_subject subject);
void finder_free(struct finder **s);
/* Gives the pattern's number: that of an equal one if there is any, else the next. */
int finder_add(struct finder *s, const char *pattern, uint32_t *number,
               struct err *e) MUST_CHECK;
/* Once, behind the last finder_add(). */
void finder_seal(struct finder *s);
size_t finder_count(const struct finder *s);
enum screen_way finder_way(const struct finder *s, uint32_t pattern);

enum finder_answer {
    FINDER_MISS,
    FINDER_HIT,
    FINDER_STOP, /* a limit was reached: nobody knows */
};

struct finder_range {
    size_t start, end; /* bytes */
};

/* One thread's working memory, with the budget of one line. */
struct finder_scratch;
struct finder_scratch *finder_scratch_new(void);
void finder_scratch_free(struct finder_scratch **w);
/* A new line, or the same one with a new budget. */
void finder_start(struct finder_scratch *w);

/* What is known of one pattern in one text. */
struct finder_known {
    uint64_t text; /* the number of the text in which it was a candidate */
    uint64_t line; /* for which the first match is known */
    enum finder_answer answer;
    struct finder_range first;
};

/* One text and its candidates; reused. Finder and text are borrowed until the next one.
 */
struct finder_text {
    const struct finder *finder;
    struct str text;
    struct screen_result screen;
    uint64_t number;            /* of the text; never 0 once read */
    struct finder_known *known; /* owned, as `list`; one for each pattern */
    uint32_t *list;             /* candidates, in no order */
    size_t n, cap;              /* `cap` of both */
};
void finder_text_fini(struct finder_text *t);

/* False when the text, of at most 64 KiB, is not valid UTF-8: then nobody may search it.
 */
bool finder_read(const struct finder *s, struct finder_scratch *w, struct str text,
                 struct finder_text *out);

static inline bool
finder_can_match(const struct finder_text *t, uint32_t pattern)
{
    return t->known[pattern].text == t->number;
}

/* The leftmost match that begins at or behind `from`, the one that PCRE2 finds, of a
 * pattern that can match. */
enum finder_answer finder_first(struct finder_scratch *w, struct finder_text *t,
                                uint32_t pattern, size_t from, struct finder_range *out);
/* No match of it that begins at or behind `from` begins before this byte. */
size_t finder_earliest(const struct finder_text *t, uint32_t pattern, size_t from);

/* Can the pattern be decided on the text, wherever a match may begin? For trying patterns
 * out. */
bool finder_decides(const struct finder *s, struct finder_scratch *w, uint32_t pattern,
                    struct str text);

#endif
