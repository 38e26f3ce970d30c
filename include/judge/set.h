/* SPDX-License-Identifier: Apache-2.0 */
/* set.h - what a judge is made of. Inside the judge only. */
#ifndef SURAQ_JUDGE_SET_H
#define SURAQ_JUDGE_SET_H

#include <stdatomic.h>

#include "judge/filter.h"
#include "judge/judge.h"
#include "judge/lang.h"
#include "judge/match.h"
#include "judge/normal.h"
#include "judge/personal.h"
#include "judge/rules.h"

struct set_file {
    char *name; /* owned, as all strings here */
    char *id, *class;
    enum filter_kind kind;
    int threshold;
    char **yields; /* ids of topics that it gives way to */
    size_t n_yields;
};

struct set_rule {
    char *name;
    uint32_t file;
    int score;
    bool trial;
    enum judge_pii pii;
};

struct judge {
    atomic_uint references;
    uint64_t version;
    struct set_file *files; /* without macros and files of no rules; by name */
    size_t n_files;
    struct set_rule *rules;   /* the numbers are those of `match` */
    struct judge_rule *shown; /* the same rules, for people */
    size_t n_rules;
    struct match *match;
    struct match_cost *costs; /* of each rule, once measured; else NULL */
    struct lang_words *words;
    struct judge_topic *topics;
    size_t n_topics;
    int question_threshold;
};

/* What one line did to one file. */
struct set_tally {
    int score;
    unsigned hits; /* rules without trial that hit */
    bool gave_way; /* enough points, but another topic had as many */
};

struct judge_scratch {
    struct normal normal;
    struct match_scratch *match;
    struct match_result result;
    struct set_tally *tally; /* one for each file */
    size_t n_tally;
    struct personal_range *ranges; /* to be masked */
    size_t n_ranges, ranges_cap;
    struct buf repaired, masked, key;
};

const char *set_kind_name(enum filter_kind kind);
/* rules.c: makes the entry of a rule that the judge has; frees all of them. */
void set_show_rule(struct judge *j, size_t rule, const struct filter *f,
                   const struct filter_rule *r);
void set_forget_rules(struct judge *j);

/* classify.c: from the hits in `s` to everything in `v` but lang, masked and key. Fills
 * the tally, and the ranges that `masked` must hide. True when all must be hidden. */
bool classify(const struct judge *j, struct judge_scratch *s, struct verdict *v);
/* Has the file fired in the line that was judged last? */
bool classify_has_fired(const struct judge *j, const struct judge_scratch *s,
                        const struct verdict *v, size_t file);

#endif
