/* SPDX-License-Identifier: Apache-2.0 */
/* filter_reload.c - reads the filters anew while a stream runs.
 *
 * Building takes a moment, so a worker thread does it, from the files and from what
 * people changed on the page; the loop thread puts the finished set in force. What was
 * changed while it was being built would be lost with it: then it is built again. */
#include "command/filter_reload.h"

#include "base/log.h"
#include "base/mem.h"
#include "command/filter_set.h"
#include "queue/edits.h"

struct job {
    struct filter_reload *owner;
    struct rulebook *rulebook; /* owned */
    uint64_t edits;            /* queue_edits_seq() that it was made of */
    struct err err;
};

/* On a worker thread. */
static void
build(void *arg)
{
    struct job *j = arg;
    const struct settings *s = j->owner->settings;

    if (filter_set_build(s->filters, s->n_filters, j->rulebook, &j->err) < 0)
        rulebook_unref(&j->rulebook);
}

static void
built(void *arg, bool cancelled)
{
    struct job *j = arg;
    struct filter_reload *f = j->owner;

    f->busy = false;
    if (cancelled)
        log_info("filters", "reading them anew was given up");
    else if (j->edits != queue_edits_seq(stream_queue(f->stream)))
        filter_reload(f); /* somebody changed a file meanwhile */
    else if (j->rulebook != NULL &&
             stream_set_filters(f->stream, j->rulebook, NULL, NULL, &j->err) >= 0)
        log_info("filters", "the filters were read anew");
    else
        log_error("filters", "the filters stay as they are: %s", j->err.msg);
    rulebook_unref(&j->rulebook);
    mem_free(j);
}

void
filter_reload(struct filter_reload *f)
{
    const struct queue *q = stream_queue(f->stream);
    struct err e = ERR_INIT;

    if (f->busy)
        return;
    struct job *j = mem_zalloc(sizeof(*j));
    j->owner = f;
    j->rulebook = rulebook_new();
    j->edits = queue_edits_seq(q);
    rulebook_edits(j->rulebook, q);
    f->busy = true;
    if (worker_submit(f->worker, build, built, j, &e) == 0)
        return;
    f->busy = false;
    rulebook_unref(&j->rulebook);
    mem_free(j);
    log_error("filters", "the filters cannot be read now: %s", e.msg);
}
