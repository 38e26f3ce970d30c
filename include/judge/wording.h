/* SPDX-License-Identifier: Apache-2.0 */
/* wording.h - a question as a set of terms that survive spelling, endings, word order and
 * the keyboard. Inside the judge only: others see likeness.h. */
#ifndef SURAQ_JUDGE_WORDING_H
#define SURAQ_JUDGE_WORDING_H

#include <stddef.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/map.h"
#include "base/str.h"

enum { WORDING_LETTERS = 18 }; /* of a term; what is behind them tells nothing more */

enum term_kind {
    TERM_WORD,
    TERM_NUMBER, /* has a digit: the same or another, nothing between */
    TERM_ASK,    /* when, where, why...: one term for all its words */
    TERM_DENIAL, /* not, no, a negative verb: one term for all of them */
};

/* `text` is in folded letters: a-z, one for each class of letters that people mix, and
 * digits. */
struct term {
    uint64_t hash; /* keyed: of kind and text */
    enum term_kind kind;
    uint8_t len;
    char text[WORDING_LETTERS + 1];
};

/* Every term once, in no meaningful order. */
struct wording {
    struct term term[BOUNDS_LIKENESS_TERMS];
    size_t n;
};

/* The word lists, folded, and the Russian stemmer: not for two threads at once. */
struct wording_reader;

struct wording_reader *wording_reader_new(const struct map_key *key);
void wording_reader_free(struct wording_reader **r);

/* `key`: the normalised text of a verdict. What is over the bound is left out. */
void wording_read(struct wording_reader *r, struct str key, struct wording *out);

/* How far two terms say the same, in hundredths: 100 the same, TERM_TYPO a slip of the
 * pen, TERM_KIN the same beginning, 0 nothing. */
enum { TERM_TYPO = 90, TERM_KIN = 60 };
unsigned term_compare(const struct term *a, const struct term *b);

/* Terms that compare above 0 without being equal nearly always share it: their first
 * consonants. 0: such a term has only itself. */
uint64_t term_bucket(const struct term *t);

#endif
