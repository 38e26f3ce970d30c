/* SPDX-License-Identifier: Apache-2.0 */
/* stream.h - the one door to the state: decide, append, apply, commit, tell.
 * Owns the queue, the journal and the filters in force. Lives on the loop thread. */
#ifndef SURAQ_QUEUE_STREAM_H
#define SURAQ_QUEUE_STREAM_H

#include "base/clock.h"
#include "base/err.h"
#include "judge/judge.h"
#include "queue/command.h"
#include "queue/journal.h"
#include "queue/queue.h"
#include "queue/rulebook.h"

struct stream;

/* Who is told of events. Registered once, borrowed for as long as the stream lives. */
struct stream_observer {
    /* Right after the event was applied: render now, the state is exactly as of `ev`, but
     * let nothing out before it is durable. Borrowed for the call. */
    void (*applied)(void *arg, const struct event *ev);
    /* Everything up to `seq` is on disk: what was rendered may leave. */
    void (*durable)(void *arg, uint64_t seq);
    void *arg;
};

struct stream_conf {
    struct journal *journal; /* taken, also when stream_open fails */
    /* New: the filters to begin with, as that state wants them. Called once, with `arg`.
     */
    struct rulebook *(*filters)(void *arg, const struct queue *q, struct err *e);
    const struct clock *clock;
    struct journal_post post;
    /* The journal cannot be written any more: end the process with this reason. */
    void (*failed)(void *arg, const struct err *e);
    void *arg;
    const struct workdays_terms *terms; /* of what is owed; borrowed; may be NULL */
    /* The rule that queues by itself: zero: allowed, at any score, without waiting. */
    bool auto_forbidden;
    int auto_score;
    int64_t auto_wait_ms;
    const char *first_lang; /* "kk": where wordings of no clear language go; borrowed */
};

/* New. Reads snapshot and tail, opens the first broadcast of an empty journal, notes a
 * change of filters. Everything that it appends itself becomes durable like any other
 * event. */
struct stream *stream_open(const struct stream_conf *conf, struct err *e) MUST_CHECK;
/* Stores a last snapshot, commits, closes the journal. NULL-safe, sets *s = NULL. */
void stream_close(struct stream **s);

void stream_observe(struct stream *s, const struct stream_observer *o);
/* The observer with this `arg` goes before the stream does. */
void stream_unobserve(struct stream *s, const void *arg);

/* Decides, appends, applies and tells. Fills in time, filters and first language itself.
 * 0 and the event's number in *seq; 1 when there was nothing to do (*seq: the newest
 * event, which an answer must wait for); -1: refused, nothing changed. ERR_LIMIT: the
 * disk is slower than the commands, try again after the next durable(). `seq` may be
 * NULL. */
int stream_do(struct stream *s, struct command *cmd, uint64_t *seq,
              struct err *e) MUST_CHECK;

/* Judges `m` (a chat line; deletes are passed through) and does COMMAND_MESSAGE. */
int stream_message(struct stream *s, struct str source, const struct message *m,
                   uint64_t *seq, struct err *e) MUST_CHECK;

/* Queues what has waited for it long enough; to be called every second. */
void stream_auto_queue(struct stream *s);

/* The verdict of the filters in force; borrowed until the next stream_judge/_message. */
const struct verdict *stream_judge(struct stream *s, struct str text);

/* The verdict behind the event that is being applied; NULL when no text was judged for
 * it. For observers, in applied(). */
const struct verdict *stream_verdict(const struct stream *s);

/* Puts other filters in force (built, without mistakes; referenced) and journals that.
 * `edit` (may be NULL): the COMMAND_FILTERS of the file that a person changed. As
 * stream_do(); refused: the old ones stay. */
int stream_set_filters(struct stream *s, struct rulebook *r, struct command *edit,
                       uint64_t *seq, struct err *e) MUST_CHECK;
const struct judge *stream_filters(const struct stream *s);
struct rulebook *stream_rulebook(const struct stream *s);

const struct queue *stream_queue(const struct stream *s);
uint64_t stream_durable(const struct stream *s);
struct journal *stream_journal(struct stream *s); /* for reading: history, reports */
struct journal_head stream_head(const struct stream *s);

#endif
