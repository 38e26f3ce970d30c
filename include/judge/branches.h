/* SPDX-License-Identifier: Apache-2.0 */
/* branches.h - a pattern as several smaller ones that together say the same, so that a
 * text need only be asked for those whose words are in it. */
#ifndef SURAQ_JUDGE_BRANCHES_H
#define SURAQ_JUDGE_BRANCHES_H

#include <stddef.h>

#include "base/buf.h"
#include "judge/stems.h"

enum { BRANCHES_MAX = 64 };

struct branch {
    size_t text; /* where it begins in the text of all */
    struct stems stems;
};

/* Where a match of the pattern begins, the first branch that matches there matches what
 * the pattern matches. A pattern that cannot be taken apart is its only branch. */
struct branches {
    struct buf text; /* all of them, with a NUL behind each */
    struct branch at[BRANCHES_MAX];
    size_t n;
};

/* `pattern` is one that PCRE2 compiles. */
void branches_of(const struct alphabet *a, struct str pattern, struct branches *out);
/* Makes the whole pattern the only branch. */
void branches_none(const struct alphabet *a, struct str pattern, struct branches *out);
void branches_fini(struct branches *b);

static inline const char *
branch_text(const struct branches *b, size_t i)
{
    return b->text.data + b->at[i].text;
}

#endif
