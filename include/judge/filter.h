/* SPDX-License-Identifier: Apache-2.0 */
/* filter.h - one rule file as it was read. Inside the judge only: everyone else sees
 * filters.h before, and judge.h after, the judge was made. */
#ifndef SURAQ_JUDGE_FILTER_H
#define SURAQ_JUDGE_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/yaml.h"
#include "judge/filters.h"
#include "judge/judge.h"
#include "judge/pattern.h"
#include "judge/personal.h"

#define FILTER_KIND_MAP(X)         \
    X(FILTER_TOPIC, "topic")       \
    X(FILTER_QUESTION, "question") \
    X(FILTER_URGENT, "urgent")     \
    X(FILTER_ABUSE, "abuse")       \
    X(FILTER_SPAM, "spam")         \
    X(FILTER_MASK, "mask")         \
    X(FILTER_MACROS, "macros")
#define FILTER_KIND_ENUM(code, name) code,
enum filter_kind { FILTER_KIND_MAP(FILTER_KIND_ENUM) };
#undef FILTER_KIND_ENUM

#define FILTER_TITLES 3 /* kk, ru, en */

struct filter_rule {
    char *name;                        /* owned, as all strings here */
    char *re;                          /* macros replaced */
    char *unless;                      /* the same, or NULL */
    char *re_written, *unless_written; /* as in the file */
    char *description[FILTER_TITLES];
    int line, column; /* of `re` */
    int score;
    bool trial;
    enum judge_pii pii;        /* mask only */
    enum personal_check check; /* mask only */
};

struct filter_example {
    char *text;
    bool match; /* must fire; else must not */
    int line, column;
};

struct filter {
    char *name; /* relative path */
    struct buf content;
    struct yaml_doc *doc; /* while loading */
    bool is_read;         /* what follows is set */
    bool is_empty;        /* nothing but comments */
    bool is_guess;        /* of no known kind: looked through for its mistakes only */
    enum filter_kind kind;
    char *id; /* or NULL */
    int id_line, id_column;
    char *class; /* urgent only */
    char *title[FILTER_TITLES];
    int threshold; /* 0: the default of its kind */
    char **yields; /* ids of topics that it gives way to */
    size_t n_yields;
    struct filter_rule *rules;
    size_t n_rules;
    struct filter_example *examples;
    size_t n_examples;
};

struct filters {
    struct filter *at; /* sorted by name once loaded */
    size_t n;
    size_t n_rules; /* of all */
    struct macros macros;
    struct filters_issue *issues;
    size_t n_issues, issues_cap;
};

/* Adds an issue of the file; a `line` of 0 says that no place is known. */
void filter_issue(struct filters *f, enum filters_severity severity,
                  const struct filter *file, const struct yaml *at, const char *fmt, ...)
    PRINTF_LIKE(5, 6);
void filter_issue_at(struct filters *f, const struct filter *file, int line, int column,
                     const char *text);

/* filter_read.c. Reads kind and macros of a file with a document; then the rest of it. */
void filter_read_kind(struct filters *f, struct filter *file);
void filter_read_macros(struct filters *f, struct filter *file);
void filter_read(struct filters *f, struct filter *file);
/* Frees what reading made. */
void filter_forget(struct filter *file);

#endif
