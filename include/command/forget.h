/* SPDX-License-Identifier: Apache-2.0 */
/* forget.h - retention in a stream that runs for months: finds the time for it. */
#ifndef SURAQ_COMMAND_FORGET_H
#define SURAQ_COMMAND_FORGET_H

#include "loop/loop.h"
#include "loop/worker.h"
#include "queue/stream.h"

struct forget;

struct forget_conf {
    struct loop *loop;
    struct worker *worker;
    const struct stream *stream;
    const char *journal_path; /* borrowed, like all here */
    int64_t days;             /* how old a text may become */
    /* There is something to erase and nobody is at work: the journal must be closed and
     * opened again. Called on the loop thread, once. */
    void (*due)(void *arg);
    void *arg;
};

/* New. Looks at night, when the chat and the people have been silent for a while. */
struct forget *forget_new(const struct forget_conf *conf);
/* Somebody asks for it: looks now, whoever is at work. */
void forget_now(struct forget *f);
void forget_free(struct forget **f); /* NULL-safe */

/* Before this moment words are too old. */
int64_t forget_before_ms(int64_t days);

#endif
