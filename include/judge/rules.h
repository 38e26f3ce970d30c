/* SPDX-License-Identifier: Apache-2.0 */
/* rules.h - the rules of a judge as people see them: for the page that lists them, and
 * for every place that gives a rule as a reason. */
#ifndef SURAQ_JUDGE_RULES_H
#define SURAQ_JUDGE_RULES_H

#include "judge/judge.h"

/* All strings are borrowed from the judge. */
struct judge_rule {
    const char *filter; /* file, relative to its folder: "topics/road.yaml" */
    const char *kind;   /* of the file: "topic" */
    const char *id;     /* of the file, or NULL */
    const char *name;
    /* What it is for, in words; each may be NULL. A plain text in the file stands for all
     * three. */
    const char *text_kk, *text_ru, *text_en;
    const char *re, *unless; /* as written, macros not replaced; `unless` may be NULL */
    const char *pii;         /* of a mask rule: "phone"; else NULL */
    int score;
    int threshold; /* that the file needs to fire; 0 for masks, which need none */
    bool trial;
};

/* All rules, by file and then in the file's order; *out is borrowed from the judge. */
size_t judge_rules(const struct judge *j, const struct judge_rule **out);

/* The rule behind a judge_why; NULL when this judge has none of that name. */
const struct judge_rule *judge_rule_find(const struct judge *j, const char *filter,
                                         const char *rule);

/* How the rule fares since the judge was made: rule `i` of judge_rules(). */
struct judge_rule_state {
    unsigned stops;   /* lines on which it reached its limit of work */
    bool quarantined; /* too often: it is not run any more */
    double avg_us;    /* where it is run, as measured on the examples; < 0: not known */
};
struct judge_rule_state judge_rule_state(const struct judge *j, size_t i);

/* The description in that language ("kk", "ru", "en"), else in another that has one, else
 * NULL. */
const char *judge_rule_description(const struct judge_rule *r, const char *lang);

#endif
