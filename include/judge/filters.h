/* SPDX-License-Identifier: Apache-2.0 */
/* filters.h - rule files to a list of rules, with file:line:column for every mistake.
 * Takes file contents, never paths it would open itself: who reads the files decides
 * where they come from. */
#ifndef SURAQ_JUDGE_FILTERS_H
#define SURAQ_JUDGE_FILTERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct filters;

struct filters *filters_new(void);
void filters_free(struct filters **f);

/* Adds one file; `name` is its path relative to the filter folder ("topics/road.yaml"),
 * and a later file of the same name replaces the earlier one. Copies both. ERR_LIMIT over
 * BOUNDS_FILTER_FILE / BOUNDS_FILTER_FILES. Nothing is parsed yet. */
int filters_add(struct filters *f, const char *name, struct str content,
                struct err *e) MUST_CHECK;

/* A note is worth knowing and nothing is wrong. */
enum filters_severity { FILTERS_ERROR, FILTERS_WARNING, FILTERS_NOTE };
struct filters_issue {
    enum filters_severity severity;
    char *file;       /* owned by the filters */
    int line, column; /* from 1; 0 when not known */
    char *text;       /* owned by the filters: what, and what to do */
};

/* Parses all files, expands macros, compiles every pattern. Gives the number of errors;
 * all of them, and the warnings, are in filters_issues(). */
size_t filters_load(struct filters *f);
size_t filters_issues(const struct filters *f, const struct filters_issue **out);

/* One file as it was added; what was read of it is there behind a filters_load(). All is
 * borrowed from the filters; what the file does not say is NULL or 0. */
struct filters_file {
    const char *name;
    struct str content;
    const char *kind; /* "topic" */
    const char *id;
    const char *title_kk, *title_ru, *title_en;
};
/* After loading in order of name. */
size_t filters_files(const struct filters *f);
void filters_file(const struct filters *f, size_t i, struct filters_file *out);

/* Runs every file's examples against the whole set. Call after a filters_load() without
 * errors and with the judge made from it. Adds an issue for each that does not hold;
 * gives the number of examples run. */
struct judge;
size_t filters_check_examples(struct filters *f, const struct judge *j);

/* Measures on the examples what each rule takes where it is run, for judge_rule_state().
 * `j` is not shared yet. */
void filters_measure_rules(const struct filters *f, struct judge *j,
                           uint64_t (*now_ns)(void));

/* Runs the patterns over lines made to hurt them. Adds a warning, with the line, for each
 * that reaches its limit of work; and a note for each that has no stem and so runs on
 * every line, with its cost as measured by `now_ns` (a clock in nanoseconds). The same
 * conditions as for filters_check_examples(). */
void filters_check_patterns(struct filters *f, const struct judge *j,
                            uint64_t (*now_ns)(void));

#endif
