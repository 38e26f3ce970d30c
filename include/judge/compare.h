/* SPDX-License-Identifier: Apache-2.0 */
/* compare.h - what other filters would have done with the same chat: two judges, one text
 * after another, every difference with its reasons, and counts for each file and rule.
 * Pure, as the judge; memory does not grow with the number of texts. */
#ifndef SURAQ_JUDGE_COMPARE_H
#define SURAQ_JUDGE_COMPARE_H

#include "judge/judge.h"

enum compare_side { COMPARE_OLD, COMPARE_NEW, COMPARE_SIDES };

/* What can be different about one text. A text is gained, lost, moved or none of them; it
 * may be masked besides. */
#define COMPARE_CHANGE_MAP(X)                                                           \
    X(COMPARE_GAINED, 0, "gained") /* became a question */                              \
    X(COMPARE_LOST, 1, "lost")     /* is none any more */                               \
    X(COMPARE_MOVED, 2, "moved")   /* other topics of an item, or another flag: urgent, \
                                      abuse, spam, held */                              \
    X(COMPARE_MASKED, 3, "masked") /* other personal data found, or shown otherwise */
#define COMPARE_CHANGE_ENUM(code, bit, name) code = 1u << (bit),
enum compare_change { COMPARE_CHANGE_MAP(COMPARE_CHANGE_ENUM) };
#undef COMPARE_CHANGE_ENUM
#define COMPARE_CHANGES 4

/* A rule that hit on one side only, with another score, or (masked) at another place.
 * Trial rules have no effect and are never a reason. */
struct compare_reason {
    const char *filter, *rule; /* borrowed from the judges */
    bool hit[COMPARE_SIDES];
    int score[COMPARE_SIDES]; /* 0 where it did not hit */
};

/* Borrowed from the comparison until its next text. No reason at all: the same rules hit,
 * and a threshold, an id or a class is different. */
struct compare_line {
    unsigned changes; /* enum compare_change, or-ed; 0: no difference */
    const struct verdict *verdict[COMPARE_SIDES];
    const struct compare_reason *reasons;
    size_t n_reasons;
};

/* Messages in which a file's rules (`rule` NULL), or one rule, hit. */
struct compare_count {
    const char *filter, *rule; /* borrowed from the judges */
    const char *kind;          /* of the file: "topic" */
    bool trial;                /* the rule counts for nothing in the new set */
    bool there[COMPARE_SIDES]; /* that side has it */
    uint64_t hits[COMPARE_SIDES];
    uint64_t fired[COMPARE_SIDES]; /* of a file: its threshold was reached; of a question
                                      file: it had a part in a question */
};

struct compare_totals {
    uint64_t messages;
    uint64_t questions[COMPARE_SIDES], held[COMPARE_SIDES];
    uint64_t changes[COMPARE_CHANGES]; /* by bit of enum compare_change */
    uint64_t changed;                  /* messages with any of them */
};

struct compare;

/* New; keeps a reference of both judges. */
struct compare *compare_new(struct judge *old, struct judge *new);
void compare_free(struct compare **c);

/* Judges `text` twice and fills `line`; counts it. */
void compare_text(struct compare *c, struct str text, struct compare_line *line);

/* Each file, and behind it its rules: those of the old set, then new ones. Borrowed. */
size_t compare_counts(const struct compare *c, const struct compare_count **out);
const struct compare_totals *compare_totals(const struct compare *c); /* borrowed */

const char *compare_change_name(enum compare_change change);

/* "changes":[...],"old":{verdict},"new":{verdict},"rules":[{"filter","rule","old","new"}]
 * without braces; null is "did not hit". */
void compare_line_write_json(const struct compare_line *line, struct buf *out);
/* "totals":{...},"filters":[{"filter","kind","hits","fired","rules":[...]}] */
void compare_write_json(const struct compare *c, struct buf *out);

#endif
