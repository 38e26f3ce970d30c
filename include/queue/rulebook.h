/* SPDX-License-Identifier: Apache-2.0 */
/* rulebook.h - one set of filters: the files of the folders, people's edits over them,
 * and the judge that they make. Filled and built by one thread (a worker may do it), then
 * never changed again: shared by counting. */
#ifndef SURAQ_QUEUE_RULEBOOK_H
#define SURAQ_QUEUE_RULEBOOK_H

#include <stdbool.h>

#include "judge/filters.h"
#include "judge/judge.h"
#include "queue/queue.h"

struct rulebook;

/* A file of the set. What is in force is `edited`, else `shipped`; one of them is there.
 */
struct rulebook_file {
    char *name;    /* owned by the rulebook, as all: "topics/road.yaml" */
    char *shipped; /* as in the folders; NULL: they have none of that name */
    char *edited;  /* as a person wrote it; NULL: nobody did */
};

/* New, empty, not built. */
struct rulebook *rulebook_new(void);
/* New, not built: the same files and edits. */
struct rulebook *rulebook_copy(const struct rulebook *of);
struct rulebook *rulebook_ref(struct rulebook *r);
void rulebook_unref(struct rulebook **r);

/* Takes the files in as those of the folders. Copies. */
void rulebook_ship(struct rulebook *r, const struct filters *folders);
/* A person's version of a file; NULL: none any more. Copies. */
void rulebook_edit(struct rulebook *r, const char *name, const char *content);
/* All edits that are in force in that state. */
void rulebook_edits(struct rulebook *r, const struct queue *q);

/* Loads the set, makes the judge, runs the examples if asked for. ERR_VALUE: it has
 * mistakes, all of them are in rulebook_filters(); there is a judge for trying out when
 * only examples do not hold. Once. */
int rulebook_build(struct rulebook *r, bool examples, struct err *e) MUST_CHECK;

/* Of a built one. Borrowed; NULL when none could be made. */
struct judge *rulebook_judge(const struct rulebook *r);
uint64_t rulebook_version(const struct rulebook *r);
/* With issues, and with what was read of each file: filters_file(f, i) is files[i]. */
const struct filters *rulebook_filters(const struct rulebook *r);

/* In order of name. Borrowed. */
size_t rulebook_files(const struct rulebook *r, const struct rulebook_file **out);
const struct rulebook_file *rulebook_file(const struct rulebook *r, const char *name);

#endif
