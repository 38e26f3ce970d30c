/* SPDX-License-Identifier: Apache-2.0 */
/* filter_set.h - folders of rule files to a judge, with every mistake printed. */
#ifndef SURAQ_COMMAND_FILTER_SET_H
#define SURAQ_COMMAND_FILTER_SET_H

#include "base/err.h"
#include "judge/filters.h"
#include "judge/judge.h"
#include "queue/rulebook.h"

/* New filters with all *.yaml below the folders, read recursively in order of name; a
 * file of a later folder replaces one of the same relative path. Not loaded yet. */
struct filters *filter_set_read(char *const *folders, size_t n, struct err *e) MUST_CHECK;

/* Prints the issues as "file:line:column: error: text" on stderr; gives the number of
 * errors. */
size_t filter_set_print(const struct filters *f);

/* New judge of the folders. Mistakes are printed; then NULL and ERR_VALUE. */
struct judge *filter_set_judge(char *const *folders, size_t n, struct err *e) MUST_CHECK;

/* Fills and builds the rulebook, which may hold edits. Mistakes are printed; then -1 and
 * ERR_VALUE. A worker may do it. */
int filter_set_build(char *const *folders, size_t n, struct rulebook *r,
                     struct err *e) MUST_CHECK;

/* New: the filters that a start begins with, with what people changed; rather without it
 * than not at all. NULL: the folders themselves have mistakes. */
struct rulebook *filter_set_first(char *const *folders, size_t n, const struct queue *q,
                                  struct err *e) MUST_CHECK;

/* Whether people changed files that are not in force: see filter_set_first(). */
bool filter_set_is_behind(const struct rulebook *r, const struct queue *q);

#endif
