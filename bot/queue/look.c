/* SPDX-License-Identifier: Apache-2.0 */
/* look.c - the questions that may be asked of the state. Nothing here changes it. */
#include "queue/queue.h"

#include "queue/state.h"

const struct queue_touched *
queue_touched(const struct queue *q)
{
    return &q->touched;
}

uint64_t
queue_seq(const struct queue *q)
{
    return q->seq;
}

const struct question *
queue_find(const struct queue *q, uint64_t n)
{
    return n == 0 || n > q->n_questions ? NULL : q->questions[n - 1];
}

const struct question *
queue_on_air(const struct queue *q)
{
    return queue_find(q, q->on_air);
}

size_t
queue_count(const struct queue *q)
{
    return q->n_questions;
}

const struct question *
queue_at(const struct queue *q, size_t i)
{
    return q->questions[i];
}

size_t
queue_line(const struct queue *q, const struct question *const **out)
{
    *out = q->line;
    return q->n_line;
}

size_t
queue_position(const struct queue *q, uint64_t n)
{
    for (size_t i = 0; i < q->n_line; i++) {
        if (q->line[i]->n == n)
            return i;
    }
    return SIZE_MAX;
}

const struct chat_line *
queue_message(const struct queue *q, uint64_t mid)
{
    return state_line_of(q, mid);
}

size_t
queue_recent(const struct queue *q)
{
    return q->n_recent;
}

const struct chat_line *
queue_recent_at(const struct queue *q, size_t i)
{
    return q->recent[(q->recent_head + i) % BOUNDS_RECENT];
}

const struct broadcast *
queue_broadcast(const struct queue *q)
{
    return q->n_broadcasts == 0 ? NULL : &q->broadcasts[q->n_broadcasts - 1];
}

size_t
queue_broadcasts(const struct queue *q)
{
    return q->n_broadcasts;
}

const struct broadcast *
queue_broadcast_at(const struct queue *q, size_t i)
{
    return &q->broadcasts[i];
}

size_t
queue_sources(const struct queue *q)
{
    return q->n_sources;
}

const struct queue_source *
queue_source_at(const struct queue *q, size_t i)
{
    return &q->sources[i];
}

bool
queue_is_muted(const struct queue *q, struct str source, struct str author_id)
{
    return map_get(q->muted, state_author(q, source, author_id, author_id), NULL);
}

uint64_t
queue_overlay(const struct queue *q)
{
    return q->overlay;
}

const struct activity *
queue_activity(const struct queue *q)
{
    return &q->activity;
}
