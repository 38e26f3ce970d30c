/* SPDX-License-Identifier: Apache-2.0 */
/* filter_set.h - folders of rule files to a judge, with every mistake printed. */
#ifndef SURAQ_COMMAND_FILTER_SET_H
#define SURAQ_COMMAND_FILTER_SET_H

#include "base/err.h"
#include "judge/filters.h"
#include "judge/judge.h"
#include "loop/settings.h"
#include "queue/queue.h"

/* Gives each *.yaml below the folders, read recursively in order of name; a name comes
 * again when a later folder has it too, and the last one counts. */
typedef int filter_set_file(void *arg, const char *name, struct str content,
                            struct err *e);
int filter_set_each(char *const *folders, size_t n, filter_set_file *file, void *arg,
                    struct err *e) MUST_CHECK;

/* New filters with all *.yaml below the folders, read recursively in order of name; a
 * file of a later folder replaces one of the same relative path. Not loaded yet. */
struct filters *filter_set_read(char *const *folders, size_t n, struct err *e) MUST_CHECK;

/* Prints the issues as "file:line:column: error: text" on stderr; gives the number of
 * errors. */
size_t filter_set_print(const struct filters *f);

/* New judge of the folders. Mistakes are printed; then NULL and ERR_VALUE. */
struct judge *filter_set_judge(char *const *folders, size_t n, struct err *e) MUST_CHECK;

/* The same of the settings' folders with edited files in place of theirs. */
struct judge *filter_set_edited(const struct settings *s, const struct queue_edit *edits,
                                size_t n, struct err *e) MUST_CHECK;

#endif
