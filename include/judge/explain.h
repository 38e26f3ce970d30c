/* SPDX-License-Identifier: Apache-2.0 */
/* explain.h - a verdict in words, for the person who wonders how it came about. */
#ifndef SURAQ_JUDGE_EXPLAIN_H
#define SURAQ_JUDGE_EXPLAIN_H

#include "judge/judge.h"

/* What judge_text() was called with last, all borrowed, and how to show it. */
struct explain {
    const struct judge *judge;
    const struct judge_scratch *scratch;
    const struct verdict *verdict;
    struct str text;
    const char *lang; /* of descriptions and titles: "kk", "ru", "en" */
    unsigned width;   /* columns of the terminal; 0: lines are not broken */
};

/* Adds how the text was read, which rules hit with which piece of it, the sum of each
 * file against its threshold, the verdict and the masked text. Escaped for a terminal;
 * ends with a line feed. */
void judge_explain(const struct explain *x, struct buf *out);

/* "a question, score 5; topic road (Дороги); URGENT: fire" in one line, not escaped.
 * `titles` knows the topics' titles; NULL: their ids alone. */
void explain_verdict(const struct verdict *v, const struct judge *titles,
                     const char *lang, struct buf *out);

#endif
