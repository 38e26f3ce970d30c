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
#include "judge/screen.h"

/* What a rule looks for. */
struct match_spec {
    const char *re, *unless; /* macros replaced; `unless` may be NULL */
    unsigned channels;       /* bits of enum normal_channel, tried in that order */
    bool every;              /* all hits in all channels; else the first one is enough */
    bool vital;              /* a line that it could not read must be held, always */
    enum personal_check check;
    /* What a hit adds, and to which sum. A rule that lowers its sum is looked for only
     * when those that raise it have reached the sum's bar: else it can change nothing. */
    unsigned sum;
    int points;
};

struct match_hit {
    uint32_t rule;
    uint32_t start, end; /* code points of the original */
    enum normal_channel channel;
    size_t byte_start, byte_end; /* in the channel */
};

struct match; /* once sealed: any number of threads */
struct match *match_new(void);
void match_free(struct match **m);
/* Adds a rule; its number is how many were there before. */
int match_add(struct match *m, const struct match_spec *spec, struct err *e) MUST_CHECK;
/* Of a sum that rules were added for; without it a bar is 0. */
void match_set_bar(struct match *m, unsigned sum, int bar);
/* Once, behind the last match_add(). */
void match_seal(struct match *m);

/* How a rule fares. One that reached its limit too often is in quarantine: it is not run
 * any more. Lines that it might hit are then stopped at once if it is vital, else as if
 * it had no hit. */
struct match_state {
    enum screen_way way;
    unsigned stops; /* lines on which it reached a limit */
    bool quarantined;
};
struct match_state match_state(const struct match *m, uint32_t rule);

/* One thread's working memory. */
struct match_scratch *match_scratch_new(void);
void match_scratch_free(struct match_scratch **s);

/* What came of a run; borrowed from the scratch until its next one. */
struct match_result {
    const struct match_hit *hits; /* by rule, then in the order found */
    size_t n_hits;
    const uint32_t *stopped; /* rules that could not be decided: a limit */
    size_t n_stopped;
    bool gave_up; /* too much work: the rest of the rules was not looked at */
};

/* A hit is a match that `unless` does not overlap and `check` does not refuse. */
struct match_result match_run(const struct match *m, struct match_scratch *s,
                              const struct normal *n);

/* Adds what each rule costs on the line, where it is a candidate; `costs` has one for
 * each rule. `now_ns` is a clock in nanoseconds. */
struct match_cost {
    uint64_t ns;
    unsigned runs;
};
void match_measure(const struct match *m, struct match_scratch *s, const struct normal *n,
                   uint64_t (*now_ns)(void), struct match_cost *costs);

/* Can the rule be decided on this text, taken as it is? For trying patterns out: it does
 * not count as a stop. */
bool match_decides(const struct match *m, struct match_scratch *s, uint32_t rule,
                   struct str text);

/* For measuring and for tests: which rules that read the channel match this text, taken
 * as it is, whatever their `unless`: one bit for each, borrowed from the scratch until
 * its next use. NULL when the text is not valid UTF-8. */
const uint64_t *match_text(const struct match *m, struct match_scratch *s,
                           enum normal_channel channel, struct str text);

static inline bool
match_has(const uint64_t *rules, uint32_t rule)
{
    return (rules[rule / 64] >> (rule % 64) & 1) != 0;
}

#endif
