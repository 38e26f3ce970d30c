/* SPDX-License-Identifier: Apache-2.0 */
/* reply.h - what the program says in a chat to who asked, and what came of it. */
#ifndef SURAQ_QUEUE_REPLY_H
#define SURAQ_QUEUE_REPLY_H

#include <stdint.h>

#include "base/str.h"

/* In the order of the settings. */
#define REPLY_MAP(X)                                        \
    X(REPLY_RECEIVED, "received")                           \
    X(REPLY_ON_AIR, "on_air")                               \
    X(REPLY_ANSWERED, "answered") /* on air, and when */    \
    X(REPLY_WRITING, "writing")   /* will be, in writing */ \
    X(REPLY_URGENT, "urgent")     /* call 102: no duty line here */
#define REPLY_ENUM(code, name) code,
enum reply_kind { REPLY_MAP(REPLY_ENUM) REPLY_KINDS };

/* The last three are of the whole source. */
#define REPLY_OUTCOME_MAP(X)                                            \
    X(REPLY_SENT, "sent")                                               \
    X(REPLY_DROPPED, "dropped") /* not sent; `reason` says why */       \
    X(REPLY_REFUSED, "refused") /* by the platform: the source stops */ \
    X(REPLY_STOPPED, "stopped") /* by a person */                       \
    X(REPLY_RESUMED, "resumed")
enum reply_outcome { REPLY_OUTCOME_MAP(REPLY_ENUM) REPLY_OUTCOMES };
#undef REPLY_ENUM

const char *reply_name(enum reply_kind k);
const char *reply_outcome_name(enum reply_outcome o);

/* What became of one reply to a question; owned by it. */
struct question_reply {
    enum reply_kind kind;
    enum reply_outcome outcome;
    char *source;
    char *reason; /* a code; NULL: none */
    char *detail; /* in the platform's words; NULL: none */
    int64_t at_ms;
};

/* Why a source says nothing any more; owned by the queue. */
struct reply_stop {
    char *source, *reason, *detail, *by; /* reason, detail may be NULL */
    int64_t at_ms;
};

struct queue;
/* Borrowed until the next queue_apply(); NULL: it has not been stopped. */
const struct reply_stop *queue_reply_stop(const struct queue *q, struct str source);

#endif
