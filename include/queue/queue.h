/* SPDX-License-Identifier: Apache-2.0 */
/* queue.h - the moderated question queue, as a state machine.
 * Pure: no I/O, no clock, no logging. Time, actor and verdict come in with the command.
 * The one way to change it: queue_decide() gives an event, the event goes to the journal,
 * queue_apply() applies it. Replaying a journal is calling queue_apply() in order. */
#ifndef SURAQ_QUEUE_QUEUE_H
#define SURAQ_QUEUE_QUEUE_H

#include "base/err.h"
#include "base/map.h"
#include "judge/judge.h"
#include "queue/command.h"
#include "queue/event.h"
#include "queue/question.h"

struct queue;
struct activity; /* queue/activity.h */

/* New, empty: no broadcast yet. `key` hashes platform ids (kept in the journal's meta
 * data). */
struct queue *queue_new(const struct map_key *key);
void queue_free(struct queue **q);

/* Would `cmd` be allowed now? On success fills `ev` (all but seq) and returns 0. Changes
 * nothing. Returns 1 when there is nothing to do (a duplicate message, an act that is
 * done already by the same person): no event. Fails with ERR_MISSING, ERR_BAD_STATE
 * (wrong status), ERR_CONFLICT (version), ERR_PERM (role), ERR_VALUE, ERR_LIMIT. */
int queue_decide(const struct queue *q, const struct command *cmd, struct event *ev,
                 struct err *e) MUST_CHECK;

/* Applies an event that was decided against this state, or read from the journal. A
 * missing (erased) body still keeps numbers and counts right. Fails (ERR_PARSE) only on
 * what this program did not write (a gap in the numbers, another kind, another body): the
 * journal is damaged. Then nothing was changed. */
int queue_apply(struct queue *q, const struct event *ev, struct err *e) MUST_CHECK;

/* What the last applied event touched: numbers of the questions whose public view changed
 * and the message it was about (mid, 0: none). Borrowed until the next queue_apply(). */
struct queue_touched {
    const uint64_t *n;
    size_t n_len;
    uint64_t mid;
    uint64_t promise; /* id, 0: none */
    bool broadcast, source, overlay;
};
const struct queue_touched *queue_touched(const struct queue *q);

uint64_t queue_seq(const struct queue *q); /* of the last applied event; 0: none */

/* Reading. Pointers are borrowed until the next queue_apply(). NULL: no such thing. */
const struct question *queue_find(const struct queue *q, uint64_t n);
const struct question *queue_on_air(const struct queue *q);
/* All questions in order of n: for i in 0..queue_count(). */
size_t queue_count(const struct queue *q);
const struct question *queue_at(const struct queue *q, size_t i);
/* The queued ones in the order in which they will be aired; pinned ones keep their place.
 */
size_t queue_line(const struct queue *q, const struct question *const **out);
/* Where a question stands in the line, from 0; SIZE_MAX: it is not queued. */
size_t queue_position(const struct queue *q, uint64_t n);
/* The merged ones point to the survivor; this lists the children of `n`: loops
 * queue_at(). */

const struct chat_line *queue_message(const struct queue *q, uint64_t mid);
/* The recent chat, oldest first: BOUNDS_RECENT lines at most. */
size_t queue_recent(const struct queue *q);
const struct chat_line *queue_recent_at(const struct queue *q, size_t i);

const struct broadcast *queue_broadcast(const struct queue *q); /* the current one */
size_t queue_broadcasts(const struct queue *q);
const struct broadcast *queue_broadcast_at(const struct queue *q, size_t i);

/* Sources that people added or changed from the console; replayed into the settings. */
size_t queue_sources(const struct queue *q);
const struct queue_source *queue_source_at(const struct queue *q, size_t i);

/* A question whose time to queue itself has come; 0: none. */
uint64_t queue_auto_due(const struct queue *q, int64_t now_ms);

/* A rehearsal is under way: everything but sources, filters and broadcasts will be as if
 * it had not been. */
bool queue_rehearses(const struct queue *q);
/* The last rehearsal that ended: the events that began and ended it. What is between them
 * is to be erased. Both 0: none yet. */
struct queue_span {
    uint64_t from, to;
};
struct queue_span queue_rehearsed(const struct queue *q);

bool queue_is_muted(const struct queue *q, struct str source, struct str author_id);
uint64_t
queue_overlay(const struct queue *q); /* number of the question shown; 0: clear */

/* Messages by the minute, acts by the person; borrowed until the next queue_apply(). */
const struct activity *queue_activity(const struct queue *q);

/* The state as bytes, and back: a snapshot is only a cache of the journal, so any version
 * or damage makes queue_unpack() fail (ERR_PARSE) and the journal is replayed whole. */
void queue_pack(const struct queue *q, struct buf *out);
struct queue *queue_unpack(const struct map_key *key, struct str bytes,
                           struct err *e) MUST_CHECK;

/* Digest of everything that later decisions or views depend on; equal states, equal
 * digests. */
uint64_t queue_digest(const struct queue *q);

#endif
