/* SPDX-License-Identifier: Apache-2.0 */
/* match.h - which rules hit, and where: compiled patterns over the channels of a line.
 * Knows nothing of files, scores and topics: a rule is a number here. */
#ifndef SURAQ_JUDGE_MATCH_H
#define SURAQ_JUDGE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "judge/normal.h"
#include "judge/pattern.h"
#include "judge/personal.h"

/* What a rule looks for. */
struct match_spec {
    const char *re, *unless; /* macros replaced; `unless` may be NULL */
    unsigned channels;       /* bits of enum normal_channel, tried in that order */
    bool every;              /* all hits in all channels; else the first one is enough */
    enum personal_check check;
};

struct match_hit {
    uint32_t rule;
    uint32_t start, end; /* code points of the original */
    enum normal_channel channel;
    size_t byte_start, byte_end; /* in the channel */
};

struct match; /* immutable: any number of threads */
struct match *match_new(void);
void match_free(struct match **m);
/* Adds a rule; its number is how many were there before. */
int match_add(struct match *m, const struct match_spec *spec, struct err *e) MUST_CHECK;

/* One thread's working memory. */
struct match_scratch *match_scratch_new(void);
void match_scratch_free(struct match_scratch **s);

/* What came of a run; borrowed from the scratch until its next one. */
struct match_result {
    const struct match_hit *hits; /* by rule, then in the order found */
    size_t n_hits;
    const uint32_t *stopped; /* rules that could not be decided: a limit, in order */
    size_t n_stopped;
    bool gave_up; /* too many of those: the rest of the rules was not looked at */
};

/* A hit is a match that `unless` does not overlap and `check` does not refuse. */
struct match_result match_run(const struct match *m, struct match_scratch *s,
                              const struct normal *n);

#endif
