/* SPDX-License-Identifier: Apache-2.0 */
/* command.h - what somebody wants of the queue: a chat message that arrived, a person's
 * act, the program's own wish. Every string is borrowed for the call. */
#ifndef SURAQ_QUEUE_COMMAND_H
#define SURAQ_QUEUE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/workdays.h"
#include "judge/judge.h"
#include "queue/event.h"
#include "queue/reply.h"
#include "source/message.h"

/* Roles of people, in order of power over the queue. Tokens (overlay, intake) never act.
 */
#define ROLE_MAP(X)                \
    X(ROLE_VIEWER, "viewer")       \
    X(ROLE_OFFICER, "officer")     \
    X(ROLE_MODERATOR, "moderator") \
    X(ROLE_ADMIN, "admin")         \
    X(ROLE_OVERLAY, "overlay")     \
    X(ROLE_INTAKE, "intake")       \
    X(ROLE_SYSTEM, "system")
#define ROLE_ENUM(code, name) code,
enum role { ROLE_MAP(ROLE_ENUM) };
#undef ROLE_ENUM
const char *role_name(enum role r);
int role_from_name(struct str name, enum role *out, struct err *e) MUST_CHECK;

#define REASON_MAP(X)                \
    X(REASON_ABUSE, "abuse")         \
    X(REASON_OFF_TOPIC, "off_topic") \
    X(REASON_PRIVATE, "private")     \
    X(REASON_REPEAT, "repeat")       \
    X(REASON_ANSWERED, "answered")   \
    X(REASON_SPAM, "spam")           \
    X(REASON_OTHER, "other")

enum command_kind {
    COMMAND_ACT,     /* kind is an act on question n: EVENT_APPROVE .. EVENT_REVEAL */
    COMMAND_NEXT,    /* /air/next: top of the line on air, the one on air answered */
    COMMAND_MESSAGE, /* from a chat: message + verdict + source; deletes too */
    COMMAND_ASK,     /* mid is a question: verdict is of its text again */
    COMMAND_CREATE,  /* text{lang}, author_name as the asker, by hand; verdict of the text
                      */
    COMMAND_UNDO,    /* undo_seq */
    COMMAND_OVERLAY, /* n to show, 0 to clear */
    COMMAND_MUTE,    /* source, author_id; muted */
    COMMAND_SOURCE,  /* source (name), source_kind, target, enabled, source_url */
    COMMAND_BROADCAST, /* broadcast_op */
    COMMAND_FILTERS,   /* other filters are in force; of one file that a person changed:
                          filter_file, filter_content, filters_base, note */
    COMMAND_AUTO,      /* the rule that queues by itself: enabled or not */
    COMMAND_REPLY, /* source, reply_outcome; of one reply: n, reply, reply_text, reason */
    COMMAND_PROMISE, /* promise_op; made: text[0], due, unit, n; else: promise, version */
};

enum broadcast_op {
    BROADCAST_OPEN, /* first one */
    BROADCAST_START,
    BROADCAST_END,
    BROADCAST_REHEARSE, /* of the current one; all of it goes with its end */
    BROADCAST_REHEARSE_END
};
enum broadcast_open_items {
    OPEN_CARRY,
    OPEN_FOLLOW_UP,
    OPEN_REJECT
}; /* what becomes of them */

enum { LANG_TEXTS = 3 }; /* wordings: kk, ru, en, in this order everywhere */

enum promise_op { PROMISE_MAKE, PROMISE_EDIT, PROMISE_DO, PROMISE_DROP, PROMISE_REOPEN };

struct command {
    enum command_kind kind;
    int64_t at_ms;
    enum role role;
    struct str actor;                   /* "user:aigul", "source:twitch", "system" */
    uint64_t filters;                   /* version in force */
    const struct workdays_terms *terms; /* of what is owed; NULL: nobody said */

    /* COMMAND_ACT */
    enum event_kind act;
    uint64_t n;
    uint64_t version;            /* must be the question's, for every act */
    struct str text[LANG_TEXTS]; /* edit, create: p NULL: this wording is not given */
    bool allow_pii;              /* edit */
    struct str reason, note, unit, due;
    struct str to;      /* forward */
    struct str written; /* respond */
    bool appeal;
    uint64_t into, into_version; /* merge */
    const struct str *topics;    /* topic */
    size_t n_topics;
    bool pinned;            /* pin */
    uint64_t before, after; /* move: next to this question; both 0: to the top */

    /* COMMAND_MESSAGE, COMMAND_ASK, COMMAND_CREATE; edit judges its text with `verdict`
     * too */
    const struct message *message;
    const struct verdict *verdict;
    struct str source;
    uint64_t mid;
    struct str first_lang;  /* "kk": where the original of mixed, latn, other goes */
    struct str author_name; /* create */

    uint64_t undo_seq;
    struct str author_id;
    bool muted;

    struct str source_kind, target, source_url;
    bool enabled;

    /* The rule that queues by itself; filled in by the stream. */
    bool auto_forbidden;
    int auto_score;       /* of the question filters, at least */
    int64_t auto_wait_ms; /* that an item is seen before it is queued */

    enum broadcast_op broadcast_op;
    enum broadcast_open_items open_items;
    struct str title;

    struct str filter_file, filter_content; /* content p NULL: as in the folders */
    bool filter_revert;                     /* it was so before */
    uint64_t filters_base; /* version of the filters that it was written against */

    enum reply_kind reply;
    enum reply_outcome reply_outcome;
    struct str reply_text, reply_detail; /* what was said; what the platform said to it */

    enum promise_op promise_op;
    uint64_t promise; /* id */
};

#endif
