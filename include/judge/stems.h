/* SPDX-License-Identifier: Apache-2.0 */
/* stems.h - what every match of a pattern must contain: pieces of words by which the
 * pattern is looked for before PCRE2 is asked. */
#ifndef SURAQ_JUDGE_STEMS_H
#define SURAQ_JUDGE_STEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "judge/alphabet.h"

enum {
    STEM_MIN = 2, /* codes: a letter and the word's end; all others have three or more */
    STEM_MAX = 8, /* codes kept of a longer one */
    STEMS_MAX = 4096,
};

struct stem {
    uint8_t code[STEM_MAX]; /* letters, and at the end perhaps CODE_END */
    uint8_t len;
    bool starts_word; /* no letter stands before it for certain */
};

/* A match contains at least one of `at`, or one of `breaks` (as in a code_set). When both
 * are empty nothing is known. */
struct stems {
    struct stem *at; /* owned */
    size_t n;
    uint64_t breaks;
    bool in_front; /* every match begins with the stem */
};

/* `pattern` is one that PCRE2 compiles. */
void stems_of(const struct alphabet *a, struct str pattern, struct stems *out);
/* `s` is for either of two patterns that begin with their stems; `more` is left empty. */
void stems_join(struct stems *s, struct stems *more);
void stems_fini(struct stems *s);

#endif
