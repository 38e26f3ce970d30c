/* SPDX-License-Identifier: Apache-2.0 */
/* edits.h - the rule files that people changed, as the queue keeps them: what is in force
 * over the folders, and who did what when. */
#ifndef SURAQ_QUEUE_EDITS_H
#define SURAQ_QUEUE_EDITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct queue;

/* A file as somebody wrote it; stands in for the one of the folders, or beside them. */
struct filter_edit {
    char *file;    /* "topics/road.yaml" */
    char *content; /* never NULL */
    uint64_t seq;  /* of the event that put it in force */
};

/* Something done to a file. The content is in the body of event `seq`. */
struct filter_change {
    uint64_t seq;
    int64_t at_ms;
    uint64_t version; /* of the filters since then */
    char *file;
    char *by; /* "user:aigul" */
    char *note;
    bool revert; /* back to what was before; else something new was written */
};

/* Everything given is borrowed until the next queue_apply(). In order of name. */
size_t queue_edits(const struct queue *q);
const struct filter_edit *queue_edit_at(const struct queue *q, size_t i);
/* NULL: nobody changed that file, or it is back to the one of the folders. */
const struct filter_edit *queue_edit(const struct queue *q, struct str file);

/* The last BOUNDS_FILTER_CHANGES of them, oldest first. */
size_t queue_filter_changes(const struct queue *q);
const struct filter_change *queue_filter_change_at(const struct queue *q, size_t i);
/* Number of the last change; 0: none. Equal numbers, equal edits. */
uint64_t queue_edits_seq(const struct queue *q);

#endif
