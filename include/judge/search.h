/* SPDX-License-Identifier: Apache-2.0 */
/* search.h - many patterns over one text: which of them can match, and where each of them
 * first does. Patterns are numbers here; rules and channels are match.h's. */
#ifndef SURAQ_JUDGE_SEARCH_H
#define SURAQ_JUDGE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "judge/pattern.h"
#include "judge/screen.h"

struct search; /* once sealed: any number of threads */
/* `a` must outlive it. */
struct search *search_new(const struct alphabet *a, enum pattern_subject subject);
void search_free(struct search **s);
/* Gives the pattern's number: that of an equal one if there is any, else the next. */
int search_add(struct search *s, const char *pattern, uint32_t *number,
               struct err *e) MUST_CHECK;
/* Once, behind the last search_add(). */
void search_seal(struct search *s);
size_t search_count(const struct search *s);
enum screen_way search_way(const struct search *s, uint32_t pattern);

enum search_answer {
    SEARCH_MISS,
    SEARCH_HIT,
    SEARCH_STOP, /* a limit was reached: nobody knows */
};

struct search_range {
    size_t start, end; /* bytes */
};

/* One thread's working memory, with the budget of one line. */
struct search_scratch;
struct search_scratch *search_scratch_new(void);
void search_scratch_free(struct search_scratch **w);
/* A new line, or the same one with a new budget. */
void search_start(struct search_scratch *w);

/* What is known of one pattern in one text. */
struct search_known {
    uint64_t text; /* the number of the text in which it was a candidate */
    uint64_t line; /* for which the first match is known */
    enum search_answer answer;
    struct search_range first;
};

/* One text and its candidates; reused. The text is borrowed until the next one. */
struct search_text {
    struct str text;
    struct screen_result screen;
    uint64_t number;            /* of the text; never 0 once read */
    struct search_known *known; /* owned, as `list`; one for each pattern */
    uint32_t *list;             /* candidates, in no order */
    size_t n, cap;              /* `cap` of both */
};
void search_text_fini(struct search_text *t);

/* False when the text, of at most 64 KiB, is not valid UTF-8: then nobody may search it.
 */
bool search_read(const struct search *s, struct search_scratch *w, struct str text,
                 struct search_text *out);

static inline bool
search_can_match(const struct search_text *t, uint32_t pattern)
{
    return t->known[pattern].text == t->number;
}

/* The leftmost match that begins at or behind `from`, the one that PCRE2 finds, of a
 * pattern that can match. */
enum search_answer search_first(const struct search *s, struct search_scratch *w,
                                struct search_text *t, uint32_t pattern, size_t from,
                                struct search_range *out);
/* No match of it that begins at or behind `from` begins before this byte. */
size_t search_earliest(const struct search *s, const struct search_text *t,
                       uint32_t pattern, size_t from);

/* Can the pattern be decided on the text, wherever a match may begin? For trying patterns
 * out. */
bool search_decides(const struct search *s, struct search_scratch *w, uint32_t pattern,
                    struct str text);

#endif
