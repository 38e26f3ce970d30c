/* SPDX-License-Identifier: Apache-2.0 */
/* queue_world.h - a queue with its log in memory, and the people who work on it. */
#ifndef SURAQ_TEST_QUEUE_WORLD_H
#define SURAQ_TEST_QUEUE_WORLD_H

#include "queue/queue.h"

extern const struct map_key world_key;

/* A queue with its log in memory. */
struct world {
    struct queue *q;
    struct event *log; /* owned */
    size_t n_log;
    int64_t now;
    uint64_t random;
    struct err err;
};

void world_begin(struct world *w); /* a broadcast is open */
void world_end(struct world *w);
uint64_t world_dice(struct world *w, uint64_t n); /* below n; the same every run */

void world_apply(struct queue *q, const struct event *ev);
/* Decides and applies, 10 ms later, as user:a unless the command says who. As
 * queue_decide(); the reason of a refusal is in w->err. */
int world_do(struct world *w, struct command *cmd);
int world_say(struct world *w, const char *id, const char *author, const char *text,
              bool question);
/* One act with the version that the question has now; merge goes into another one. */
int world_act(struct world *w, enum event_kind kind, uint64_t n, enum role role);
void world_expect(struct world *w, uint64_t n, enum status want);

#endif
