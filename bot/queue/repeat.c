/* SPDX-License-Identifier: Apache-2.0 */
/* repeat.c - whether a new question is an open one again.
 *
 * An equal wording joins whatever it is. A like one (judge/likeness.h) joins when neither
 * is urgent or held: those a person must see by themselves. Below that the likest are
 * named, for a person to merge; so are answered ones, of this or an earlier broadcast,
 * for a person to give the same answer. All of it is decided here once and written into
 * the event, so that applying it asks nothing. The indexes follow the state: they hold
 * the questions' own texts, and may be made anew from them at any time. */
#include <math.h>

#include "base/mem.h"
#include "queue/state.h"

enum { HEARD_MAX = 2000 /* questions back: hours of a broadcast */ };

uint64_t
repeat_key(const struct queue *q, struct str key)
{
    return key.len == 0 ? 0 : map_hash(&q->key, STR_LIT("wording"), key);
}

static const struct question *
equal_wording(const struct queue *q, uint64_t key)
{
    uint64_t n;

    if (key == 0 || !map_get(q->by_key, key, &n))
        return NULL;
    const struct question *item = queue_find(q, n);
    if (item == NULL || item->key != key)
        return NULL;
    if (item->status == STATUS_MERGED)
        item = queue_find(q, item->merged_into);
    return item != NULL && state_is_open(item) ? item : NULL;
}

static bool
may_join(const struct question *item, const struct verdict *v)
{
    return v->urgent == NULL && v->held == NULL && item->urgent == NULL &&
           item->held == NULL;
}

void
repeat_find_like(const struct queue *q, const struct verdict *v, struct repeat *out)
{
    struct likeness_hit hits[BOUNDS_LIKE];

    *out = (struct repeat){.join = 0};
    out->n_like = likeness_find(q->likeness, v->key, LIKENESS_SUGGEST, hits, BOUNDS_LIKE);
    for (size_t i = 0; i < out->n_like; i++) {
        out->like[i] = (struct question_like){hits[i].id, hits[i].hundredths};
        const struct question *item = queue_find(q, hits[i].id);
        if (out->join == 0 && hits[i].hundredths >= LIKENESS_JOIN && item != NULL &&
            may_join(item, v)) {
            out->join = item->n;
            out->hundredths = hits[i].hundredths;
        }
    }
    out->n_before =
        likeness_find(q->answered, v->key, LIKENESS_SUGGEST, hits, BOUNDS_LIKE);
    for (size_t i = 0; i < out->n_before; i++)
        out->before[i] = (struct question_like){hits[i].id, hits[i].hundredths};
}

void
repeat_find(const struct queue *q, const struct verdict *v, struct repeat *out)
{
    const struct question *same = equal_wording(q, repeat_key(q, v->key));

    if (same != NULL)
        *out = (struct repeat){.join = same->n};
    else
        repeat_find_like(q, v, out);
}

static void
add_similarity(unsigned hundredths, struct buf *b)
{
    buf_addf(b, "\"similarity\":%u.%02u", hundredths / 100, hundredths % 100);
}

void
repeat_add_join(const struct repeat *r, struct buf *b)
{
    buf_addf(b, ",\"join\":%llu", (unsigned long long)r->join);
    if (r->hundredths == 0)
        return;
    buf_add_char(b, ',');
    add_similarity(r->hundredths, b);
}

static void
add_likes(const char *name, const struct question_like *like, size_t n, struct buf *b)
{
    if (n == 0)
        return;
    buf_addf(b, ",\"%s\":[", name);
    for (size_t i = 0; i < n; i++) {
        buf_addf(b, "%s{\"n\":%llu,", i > 0 ? "," : "", (unsigned long long)like[i].n);
        add_similarity(like[i].hundredths, b);
        buf_add_char(b, '}');
    }
    buf_add_char(b, ']');
}

void
repeat_add_like(const struct repeat *r, struct buf *b)
{
    add_likes("like", r->like, r->n_like, b);
    add_likes("before", r->before, r->n_before, b);
}

static size_t
read_likes(const struct question *item, const json_t *list,
           struct question_like out[BOUNDS_LIKE])
{
    size_t kept = 0;

    for (size_t i = 0; i < json_array_size(list) && kept < BOUNDS_LIKE; i++) {
        const json_t *o = json_array_get(list, i);
        double similarity = json_number_value(json_object_get(o, "similarity"));
        uint64_t n = body_u64(o, "n");
        if (n == 0 || n >= item->n || !(similarity >= 0 && similarity <= 1))
            continue;
        out[kept++] = (struct question_like){n, (unsigned)lround(similarity * 100)};
    }
    return kept;
}

void
repeat_read_like(struct question *item, const json_t *body)
{
    item->n_like = read_likes(item, json_object_get(body, "like"), item->like);
    item->n_before = read_likes(item, json_object_get(body, "before"), item->before);
}

static bool
shares_topic(const struct question *a, const struct question *b)
{
    return a->n_topics > 0 && b->n_topics > 0 && strcmp(a->topics[0], b->topics[0]) == 0;
}

void
repeat_heard(const struct queue *q, struct question *item)
{
    const struct question *last = NULL;
    size_t looked_at = 0;

    for (size_t i = (size_t)item->n; i-- > 0 && looked_at < HEARD_MAX; looked_at++) {
        const struct question *one = q->questions[i];
        if (one->status == STATUS_ANSWERED && one->broadcast == item->broadcast &&
            shares_topic(one, item) &&
            (last == NULL || one->answered_at_ms > last->answered_at_ms))
            last = one;
    }
    item->heard = last == NULL ? 0 : last->n;
}

/* Those that a new question may be like: still to be decided, and shown. */
static bool
is_compared(const struct question *item)
{
    bool open = item->status == STATUS_NEW || item->status == STATUS_QUEUED ||
                item->status == STATUS_ON_AIR;

    return open && !item->deleted && !item->muted && !item->spam &&
           item->original != NULL;
}

void
repeat_follow(struct queue *q, uint64_t n)
{
    const struct question *item = queue_find(q, n);

    if (item == NULL || !is_compared(item))
        likeness_remove(q->likeness, n);
    else if (!likeness_has(q->likeness, n))
        likeness_put(q->likeness, n, judge_key(q->scratch, str_from(item->original)));
    if (item == NULL || item->status != STATUS_ANSWERED || item->original == NULL)
        likeness_remove(q->answered, n);
    else if (!likeness_has(q->answered, n))
        likeness_put(q->answered, n, judge_key(q->scratch, str_from(item->original)));
}
