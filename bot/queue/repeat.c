/* SPDX-License-Identifier: Apache-2.0 */
/* repeat.c - whether a new question is an open one again.
 *
 * An equal wording joins whatever it is. A like one (judge/likeness.h) joins when neither
 * is urgent or held: those a person must see by themselves. Below that the likest are
 * named, for a person to merge. All of it is decided here once and written into the
 * event, so that applying it asks nothing. The index follows the state: it holds the open
 * questions' own texts, and may be made anew from them at any time. */
#include <math.h>

#include "base/mem.h"
#include "queue/state.h"

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

void
repeat_add_like(const struct question_like *like, size_t n, struct buf *b)
{
    buf_add_cstr(b, ",\"like\":[");
    for (size_t i = 0; i < n; i++) {
        buf_addf(b, "%s{\"n\":%llu,", i > 0 ? "," : "", (unsigned long long)like[i].n);
        add_similarity(like[i].hundredths, b);
        buf_add_char(b, '}');
    }
    buf_add_char(b, ']');
}

void
repeat_read_like(struct question *item, const json_t *like)
{
    item->n_like = 0;
    for (size_t i = 0; i < json_array_size(like) && item->n_like < BOUNDS_LIKE; i++) {
        const json_t *o = json_array_get(like, i);
        double similarity = json_number_value(json_object_get(o, "similarity"));
        uint64_t n = body_u64(o, "n");
        if (n == 0 || n >= item->n || !(similarity >= 0 && similarity <= 1))
            continue;
        item->like[item->n_like++] =
            (struct question_like){n, (unsigned)lround(similarity * 100)};
    }
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
}
