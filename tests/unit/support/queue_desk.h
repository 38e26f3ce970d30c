/* SPDX-License-Identifier: Apache-2.0 */
/* queue_desk.h - a queue with its log in memory, and the people who work on it. */
#ifndef SURAQ_TEST_QUEUE_DESK_H
#define SURAQ_TEST_QUEUE_DESK_H

#include "queue/queue.h"

extern const struct map_key desk_key;

/* A queue with its log in memory. */
struct desk {
    struct queue *q;
    struct event *log; /* owned */
    size_t n_log;
    int64_t now;
    uint64_t random;
    struct err err;
};

void desk_begin(struct desk *w); /* a broadcast is open */
void desk_end(struct desk *w);
uint64_t desk_dice(struct desk *w, uint64_t n); /* below n; the same every run */

void desk_apply(struct queue *q, const struct event *ev);
/* Decides and applies, 10 ms later, as user:a unless the command says who. As
 * queue_decide(); the reason of a refusal is in w->err. */
int desk_do(struct desk *w, struct command *cmd);
/* A chat line of source t with this verdict, whose masked text it is. */
int desk_line(struct desk *w, const char *id, const char *author,
              const struct verdict *v);
int desk_say(struct desk *w, const char *id, const char *author, const char *text,
             bool question);
/* One act with the version that the question has now; merge goes into another one. */
int desk_act(struct desk *w, enum event_kind kind, uint64_t n, enum role role);
void desk_expect(struct desk *w, uint64_t n, enum status want);

#endif
