/* SPDX-License-Identifier: Apache-2.0 */
/* event.h - one journal record: what happened, decided once, applied for ever after.
 * An event carries every decided result (the numbers given, what was answered by putting
 * the next on air, ...), so applying it needs no decision and no filter. */
#ifndef SURAQ_QUEUE_EVENT_H
#define SURAQ_QUEUE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Kinds; the names are what the journal and the live stream say. Never renumbered: the
 * name is what is stored. */
#define EVENT_MAP(X)                                                                  \
    X(EVENT_MESSAGE, "message") /* a chat line, its verdict, and what became of it */ \
    X(EVENT_DELETE, "delete")   /* platform took a line, an author or all back */     \
    X(EVENT_ASK, "ask")         /* "this is a question" on a chat line */             \
    X(EVENT_CREATE, "create")   /* a question by hand */                              \
    X(EVENT_APPROVE, "approve")                                                       \
    X(EVENT_REJECT, "reject")                                                         \
    X(EVENT_AIR, "air")                                                               \
    X(EVENT_STOP, "stop")                                                             \
    X(EVENT_LATER, "later")                                                           \
    X(EVENT_ANSWER, "answer")                                                         \
    X(EVENT_FOLLOW_UP, "follow_up")                                                   \
    X(EVENT_RESTORE, "restore")                                                       \
    X(EVENT_REOPEN, "reopen")                                                         \
    X(EVENT_MERGE, "merge")                                                           \
    X(EVENT_SPLIT, "split")                                                           \
    X(EVENT_EDIT, "edit")                                                             \
    X(EVENT_TOPIC, "topic")                                                           \
    X(EVENT_PIN, "pin")                                                               \
    X(EVENT_MOVE, "move")                                                             \
    X(EVENT_CLAIM, "claim")                                                           \
    X(EVENT_RELEASE, "release")                                                       \
    X(EVENT_NOTE, "note")                                                             \
    X(EVENT_ACK, "ack")                                                               \
    X(EVENT_TAKE, "take")                                                             \
    X(EVENT_FORWARD, "forward")                                                       \
    X(EVENT_EXTEND, "extend")                                                         \
    X(EVENT_ASSIGN, "assign")                                                         \
    X(EVENT_RESPOND, "respond")                                                       \
    X(EVENT_CLOSE, "close")                                                           \
    X(EVENT_APPEAL, "appeal") /* marked as a candidate appeal, or not */              \
    X(EVENT_CANCEL, "cancel") /* it is not to queue itself */                         \
    X(EVENT_REVEAL, "reveal")                                                         \
    X(EVENT_UNDO, "undo")                                                             \
    X(EVENT_OVERLAY, "overlay") /* show or clear */                                   \
    X(EVENT_MUTE, "mute")                                                             \
    X(EVENT_UNMUTE, "unmute")                                                         \
    X(EVENT_SOURCE, "source")       /* added, retargeted, switched by a person */     \
    X(EVENT_BROADCAST, "broadcast") /* opened, started, ended */                      \
    X(EVENT_FILTERS, "filters")     /* another version of the filters is in force */  \
    X(EVENT_AUTO, "auto")           /* the rule that queues by itself: on or off */   \
    X(EVENT_REPLY, "reply") /* said in a chat or not; a source stopped, resumed */    \
    X(EVENT_PROMISE, "promise")

#define EVENT_ENUM(code, name) code,
enum event_kind { EVENT_MAP(EVENT_ENUM) EVENT_KINDS };
#undef EVENT_ENUM

/* Whether the event keeps its body when the rehearsal that it happened in has ended. */
bool event_outlives_rehearsal(enum event_kind k);
const char *event_kind_name(enum event_kind k); /* "unknown": EVENT_KINDS */
int event_kind_from_name(struct str name, enum event_kind *out, struct err *e) MUST_CHECK;

/* Header of a record. `actor`: "source:twitch", "user:aigul", "system". */
struct event {
    uint64_t seq;  /* from 1 without gaps; 0 until numbered */
    int64_t at_ms; /* wall clock of the decision */
    enum event_kind kind;
    uint64_t broadcast; /* id of the broadcast it belongs to */
    uint64_t filters;   /* judge_version() in force */
    char actor[BOUNDS_NAME];
    struct buf body; /* JSON object; owned by the event. Empty: erased by retention */
};

#define EVENT_INIT \
    {              \
        .seq = 0   \
    }
void event_fini(struct event *ev);
void event_copy(struct event *to, const struct event *from); /* `to` initialised */

#endif
