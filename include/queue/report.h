/* SPDX-License-Identifier: Apache-2.0 */
/* report.h - the figures of one broadcast, counted from the journal from its first event,
 * so that they hold for any broadcast and need nothing that a running program has in
 * memory. What is counted how is said at each member, and nowhere else. */
#ifndef SURAQ_QUEUE_REPORT_H
#define SURAQ_QUEUE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "queue/journal.h"
#include "queue/queue.h"

#define REPORT_REASON_ENUM(code, name) code,
enum report_reason { REASON_MAP(REPORT_REASON_ENUM) REPORT_REASONS };
#undef REPORT_REASON_ENUM
const char *report_reason_name(enum report_reason r);

struct report_wait { /* from arrival to air, in milliseconds; nearest rank */
    size_t n;
    int64_t median, p90, max;
};

/* Items of one topic (its best; "other": none), language or source. */
struct report_group {
    char *name;        /* owned */
    uint64_t messages; /* chat lines; 0 for topics */
    uint64_t asked;    /* items, with those that were merged */
    uint64_t heard;    /* aired, or merged into one that was */
    uint64_t aired, answered, owed, rejected;
    struct report_wait wait;
};
struct report_groups {
    struct report_group *items; /* owned; most asked first, then by name */
    size_t n;
};

struct report_minute {
    int64_t at_ms;      /* where it begins */
    uint64_t messages;  /* chat lines */
    uint64_t questions; /* items that arrived */
};

/* An item that was in the broadcast, in order of its number there. */
struct report_item {
    const struct question *q; /* borrowed from `state` */
    uint64_t no;              /* in this broadcast */
    bool carried;             /* was open at the end, and went to the next */
    bool withheld;            /* its wording may hold personal data: never in public */
};

/* Figures; each counts what is so at the head of the journal. */
#define REPORT_FIGURES(X)                                           \
    X(received)   /* chat lines */                                  \
    X(authors)    /* who wrote them */                              \
    X(asking)     /* lines that became or joined an item */         \
    X(items)      /* what people had to look at */                  \
    X(recognised) /* of them: questions found by the filters */     \
    X(by_hand)    /* of them: made from a line or by a person */    \
    X(urgent)     /* of them: reports of danger */                  \
    X(held)       /* of them: what filters could not decide */      \
    X(askers)     /* authors of these lines                      */ \
    X(approved)   /* items that were ever in the line */            \
    X(aired)                                                        \
    X(answered)                                                     \
    X(owed)     /* follow_up */                                     \
    X(rejected) /* by reason: see reasons */                        \
    X(merged)                                                       \
    X(carried)                                                      \
    X(open) /* new, queued or on air */
#define REPORT_MEMBER(name) uint64_t name;

struct report {
    struct queue *state;       /* owned: at `head` */
    const struct broadcast *b; /* borrowed from `state` */
    struct journal_head head;
    REPORT_FIGURES(REPORT_MEMBER)
    uint64_t reasons[REPORT_REASONS];
    struct report_wait wait; /* of what arrived in this broadcast */
    struct report_groups topics, langs, sources;
    struct report_minute *minutes; /* owned; in order, without those of silence */
    size_t n_minutes;
    struct report_item *list; /* owned; `items` of them */
};
#undef REPORT_MEMBER

/* Gathering: begin, see every event of the journal in order, end. */
struct report_gather;
struct report_gather *report_begin(const struct map_key *key); /* new */
int report_see(struct report_gather *g, const struct event *ev, struct err *e) MUST_CHECK;
/* New: of this broadcast; 0: the one that is live, else the last that ended, else the
 * planned one. ERR_MISSING. One that is being rehearsed has no report (ERR_BAD_STATE)
 * unless report_of_rehearsals() was called. Frees `g` in any case, sets it to NULL. */
struct report *report_end(struct report_gather **g, uint64_t broadcast,
                          struct err *e) MUST_CHECK;
void report_of_rehearsals(struct report_gather *g);

/* All of that with a journal that is open for reading, as far as it is now. New. */
struct report *report_read(struct journal *j, uint64_t broadcast, bool rehearsal,
                           struct err *e) MUST_CHECK;
void report_free(struct report **r);

#endif
