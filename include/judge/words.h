/* SPDX-License-Identifier: Apache-2.0 */
/* words.h - a text as the words by which people look for it: the judge's normalised
 * spelling, and then one letter for what is typed in several ways (қ and к, ё and е, a
 * and а). Words hold letters and digits and nothing else, so a search that is made of
 * them cannot be the syntax of anything. Pure; not for two threads at once. */
#ifndef SURAQ_JUDGE_WORDS_H
#define SURAQ_JUDGE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

enum {
    WORDS_WANTED = 12, /* of a search: more say nothing new */
    WORDS_SPANS = 32,  /* highlighted in one text */
};

struct words;

struct words_span {
    uint32_t from, to; /* code points of the text, end exclusive */
};

/* A search: every word must be in a text; the last one may be the beginning of a word. */
struct words_query {
    struct buf word[WORDS_WANTED];
    size_t n; /* 0: everything matches */
};

/* New: reusable working memory. */
struct words *words_new(void);
void words_free(struct words **w);

/* Adds the words of `text` with a space behind each, those of Latin spelling also as they
 * are written in Cyrillic. Of text that is not UTF-8, or longer than BOUNDS_TEXT, only
 * what comes before that. */
void words_write(struct words *w, struct str text, struct buf *out);

/* Fills `q` (all zero, or filled before) with the words wanted. */
void words_query_read(struct words *w, struct str text, struct words_query *q);
void words_query_fini(struct words_query *q);
/* The search in the syntax of FTS5: "one" "two" "thr" *. Empty when there is no word. */
void words_query_write(const struct words_query *q, struct buf *out);

/* Whether the text has all the words. */
bool words_match(struct words *w, const struct words_query *q, struct str text);
/* Where any of the words stand, in order, without overlaps; gives their number. */
size_t words_find(struct words *w, const struct words_query *q, struct str text,
                  struct words_span out[WORDS_SPANS]);

#endif
