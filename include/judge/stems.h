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
    STEM_MIN = 3, /* letters; shorter ones are in too many words to be worth a look */
    STEM_MAX = 8, /* letters kept of a longer one */
    STEMS_MAX = 64,
};

struct stem {
    uint8_t code[STEM_MAX];
    uint8_t len;
    bool starts_word; /* no letter stands before it for certain */
};

/* A match contains at least one of `at`; with n == 0 nothing is known. Then, if `gate` is
 * not 0, it contains at least one of these breaks (code_set.breaks). */
struct stems {
    struct stem at[STEMS_MAX];
    size_t n;
    bool
        in_front; /* a match begins with the stem: none begins before the first of them */
    uint64_t gate;
};

/* `pattern` is one that PCRE2 compiles. */
void stems_of(const struct alphabet *a, struct str pattern, struct stems *out);

#endif
