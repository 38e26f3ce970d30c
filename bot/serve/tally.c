/* SPDX-License-Identifier: Apache-2.0 */
/* tally.c - counts by status, kept by difference.
 *
 * For each question the bucket that it was last counted in is remembered; an event moves
 * only what it touched. A change of broadcast moves many at once and is rare: then
 * everything is counted again. */
#include "serve/tally.h"

#include <string.h>

#include "base/mem.h"

static unsigned
bucket_of(const struct tally *t, const struct question *q)
{
    switch (q->status) {
    case STATUS_NEW:
    case STATUS_QUEUED:
    case STATUS_ON_AIR:
    case STATUS_FOLLOW_UP:
        return (unsigned)q->status + 1;
    case STATUS_ANSWERED:
    case STATUS_REJECTED:
    case STATUS_MERGED:
        break;
    }
    return q->broadcast == t->broadcast ? (unsigned)q->status + 1 : 0;
}

static bool
move(struct tally *t, const struct question *q)
{
    if (q->n >= t->cap) {
        size_t cap = t->cap == 0 ? 1024 : t->cap;
        while (cap <= q->n)
            cap *= 2;
        t->bucket = mem_resize(t->bucket, cap, 1);
        memset(t->bucket + t->cap, 0, cap - t->cap);
        t->cap = cap;
    }
    unsigned old = t->bucket[q->n];
    unsigned new = bucket_of(t, q);
    if (old == new)
        return false;
    if (old > 0)
        t->count[old - 1]--;
    if (new > 0)
        t->count[new - 1]++;
    t->bucket[q->n] = (uint8_t) new;
    return true;
}

static uint64_t
current(const struct queue *q)
{
    const struct broadcast *b = queue_broadcast(q);

    return b == NULL ? 0 : b->id;
}

static void
count_all(struct tally *t, const struct queue *q)
{
    t->broadcast = current(q);
    for (size_t i = 0; i < queue_count(q); i++)
        (void)move(t, queue_at(q, i));
}

void
tally_init(struct tally *t, const struct queue *q)
{
    *t = (struct tally){.cap = 0};
    count_all(t, q);
}

void
tally_fini(struct tally *t)
{
    MEM_FREE(t->bucket);
}

bool
tally_update(struct tally *t, const struct queue *q)
{
    const struct queue_touched *touched = queue_touched(q);
    bool changed = false;

    if (current(q) != t->broadcast) {
        count_all(t, q);
        return true;
    }
    for (size_t i = 0; i < touched->n_len; i++) {
        const struct question *question = queue_find(q, touched->n[i]);
        if (question != NULL)
            changed = move(t, question) || changed;
    }
    return changed;
}

void
tally_write(const struct tally *t, struct buf *out)
{
    for (unsigned s = 0; s < TALLY_STATUSES; s++) {
        buf_addf(out, "%s\"%s\":", s == 0 ? "{" : ",", status_name((enum status)s));
        buf_add_u64(out, t->count[s]);
    }
    buf_add_char(out, '}');
}
