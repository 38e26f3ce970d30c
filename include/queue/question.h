/* SPDX-License-Identifier: Apache-2.0 */
/* question.h - the records that the queue's state is made of. Read-only for everyone but
 * the queue; every pointer is owned by the queue and borrowed until the next
 * queue_apply(). */
#ifndef SURAQ_QUEUE_QUESTION_H
#define SURAQ_QUEUE_QUESTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "queue/command.h"

#define STATUS_MAP(X)                \
    X(STATUS_NEW, "new")             \
    X(STATUS_QUEUED, "queued")       \
    X(STATUS_ON_AIR, "on_air")       \
    X(STATUS_ANSWERED, "answered")   \
    X(STATUS_FOLLOW_UP, "follow_up") \
    X(STATUS_REJECTED, "rejected")   \
    X(STATUS_MERGED, "merged")
#define STATUS_ENUM(code, name) code,
enum status { STATUS_MAP(STATUS_ENUM) };
#undef STATUS_ENUM
const char *status_name(enum status s);
int status_from_name(struct str name, enum status *out, struct err *e) MUST_CHECK;

/* Where a question that is owed stands in the register. */
#define OWED_MAP(X)                \
    X(OWED_OPEN, "open")           \
    X(OWED_FORWARDED, "forwarded") \
    X(OWED_ANSWERED, "answered")   \
    X(OWED_CLOSED, "closed")
#define OWED_ENUM(code, name) code,
enum owed_state { OWED_MAP(OWED_ENUM) OWED_STATES };
#undef OWED_ENUM
const char *owed_state_name(enum owed_state s);
int owed_state_from_name(struct str name, enum owed_state *out, struct err *e) MUST_CHECK;

/* Its entry there; the unit and the due date are the question's. */
struct owed {
    int64_t at_ms; /* since when; 0: it never was owed */
    enum owed_state state;
    char *forward_by;   /* "2026-11-27": if it is not ours; NULL: nobody said */
    char *to;           /* forwarded to */
    char *extended;     /* why the due date was moved */
    char *written;      /* the answer that was given */
    char *closing;      /* note with which it was closed or forwarded */
    int64_t settled_ms; /* forwarded, answered or closed; 0: open */
    bool appeal;        /* candidate appeal: a person says so, a lawyer decides */
};

/* One author behind a question. */
struct asker {
    uint64_t mid;    /* the message; 0: by hand */
    uint64_t author; /* hash of source and author id: one author counts once */
    char *name;      /* display name as the platform gave it; NULL: erased */
    char *text; /* the author's own wording, original; NULL: same as the question's */
    int64_t at_ms;
    bool deleted; /* the platform took the line back */
};

struct question_like {
    uint64_t n;          /* a question that this one was like when it came */
    unsigned hundredths; /* likeness, 0..100 */
};

struct question {
    uint64_t n, no, broadcast;
    enum status status;
    uint64_t version;
    char *text[LANG_TEXTS]; /* wordings for air, masked: kk, ru, en; NULL: none */
    char *original;         /* as the first asker wrote it; NULL: erased */
    char *source;           /* of the first message; "" by hand */
    enum judge_lang lang;
    char **topics; /* ids, best first */
    size_t n_topics;
    bool question; /* false: here only because urgent or held */
    char *urgent;  /* class or NULL */
    char *held;    /* reason or NULL */
    bool abuse, spam;
    unsigned pii; /* bit set of enum judge_pii found in the original */
    struct asker *askers;
    size_t n_askers; /* kept: at most BOUNDS_ASKERS */
    uint64_t unkept; /* of its own, counted and not kept */
    uint64_t count;  /* distinct authors, with those of the merged ones */
    bool pinned;
    char *claimed_by; /* user name or NULL */
    int64_t claimed_at_ms;
    char *note; /* to the officer; NULL: none */
    bool note_acked;
    char *answer_note;
    char *reason;     /* of the rejection */
    char *unit, *due; /* follow_up; due: "2026-12-15" */
    struct owed owed; /* while follow_up */
    char *taken_by;   /* urgent */
    int64_t taken_at_ms;
    uint64_t merged_into; /* n, or 0 */
    enum status merged_from;
    bool edited, deleted; /* deleted: every line behind it was taken back */
    bool muted;           /* its only author is muted: hidden, reversible */
    int64_t auto_at_ms;   /* new: when it queues itself unless somebody acts; 0: never */
    int64_t created_at_ms, updated_at_ms, queued_at_ms, aired_at_ms, answered_at_ms;
    uint64_t verdict_seq; /* event that holds the verdict with its reasons */
    uint64_t key;         /* hash of the normalised wording: equal keys are repeats */
    struct question_like like[BOUNDS_LIKE]; /* open ones, the likest first */
    size_t n_like;
    struct question_like before[BOUNDS_LIKE]; /* the same of answered ones */
    size_t n_before;
    uint64_t heard; /* n of what was last answered on its topic when it came, or 0 */
    char *why;      /* JSON array: the verdict's reasons, for the console */
    struct question_reply *replies; /* of the program, in the order of the first ones */
    size_t n_replies;
    uint64_t *acts; /* seqs of what was done to it, the newest BOUNDS_ACTS */
    size_t n_acts;
    uint64_t last_act; /* seq of the last person's act on it; 0: none */
    char *last_actor;
};

/* A line of the recent chat. */
struct chat_line {
    uint64_t mid; /* its event's seq */
    char *id, *source, *author_id, *author_name, *text, *reply_to;
    unsigned roles;
    int64_t at_ms, received_ms;
    char *verdict; /* JSON object as in DESIGN 5.4, without "id" */
    char *masked;
    uint64_t n; /* the question it became or joined; 0: none */
    bool deleted, backlog;
};

enum broadcast_status { BROADCAST_PLANNED, BROADCAST_LIVE, BROADCAST_ENDED };
struct broadcast {
    uint64_t id; /* from 1 */
    enum broadcast_status status;
    bool auto_queue; /* the rule that queues by itself is on */
    bool rehearsal;  /* for as long as it is rehearsed */
    char *title;
    int64_t opened_at_ms, started_at_ms, ended_at_ms;
    uint64_t questions; /* last `no` given */
    uint64_t messages;
};

struct queue_source {
    char *name, *kind, *target, *url;
    bool enabled;
    bool added; /* by a person, not in the settings */
};

#endif
