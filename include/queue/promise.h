/* SPDX-License-Identifier: Apache-2.0 */
/* promise.h - what was promised on air: by whom it was noted, until when, and whether it
 * was kept. Promises outlive the broadcast in which they were made. */
#ifndef SURAQ_QUEUE_PROMISE_H
#define SURAQ_QUEUE_PROMISE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define PROMISE_STATE_MAP(X) \
    X(PROMISE_OPEN, "open")  \
    X(PROMISE_DONE, "done")  \
    X(PROMISE_DROPPED, "dropped")
#define PROMISE_ENUM(code, name) code,
enum promise_state { PROMISE_STATE_MAP(PROMISE_ENUM) PROMISE_STATES };
#undef PROMISE_ENUM
const char *promise_state_name(enum promise_state s);
int promise_state_from_name(struct str name, enum promise_state *out,
                            struct err *e) MUST_CHECK;

/* Owned by the queue, borrowed until the next queue_apply(). */
struct promise {
    uint64_t id;             /* seq of the event that made it */
    uint64_t version;        /* as of questions */
    uint64_t broadcast;      /* in which it was made */
    uint64_t n;              /* the question it answers; 0: none */
    int64_t at_ms, place_ms; /* when; how long into the broadcast, -1: none was live */
    enum promise_state state;
    char *text;
    char *until; /* "2026-12-01"; NULL: nobody said */
    char *unit, *by, *note;
    char *changed_by; /* "user:aigul"; NULL: not since it was made */
    int64_t changed_ms;
};

struct queue;
/* In the order in which they were made. */
size_t queue_promises(const struct queue *q);
const struct promise *queue_promise_at(const struct queue *q, size_t i);
const struct promise *queue_promise(const struct queue *q, uint64_t id); /* or NULL */

#endif
