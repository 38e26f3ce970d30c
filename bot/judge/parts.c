/* SPDX-License-Identifier: Apache-2.0 */
/* parts.c - what the analyser calculates with: sets of texts, joined and multiplied, and
 * which of two needs is less work to look for. A text is cut where a stem would be; what
 * is that long does not multiply any more. */
#include "judge/parts.h"

#include <string.h>

#include "base/mem.h"

#define PRODUCT_MAX  1024 /* texts of a run */
#define PARTS_IN_ALL (256 * 1024)
#define PARTS_A_TIME 512 /* sets are many and mostly of one part */

struct part_block {
    struct part_block *next;
    size_t n, cap;
    struct part at[];
};

void
part_pool_fini(struct part_pool *pool)
{
    while (pool->blocks != NULL) {
        struct part_block *next = pool->blocks->next;
        mem_free(pool->blocks);
        pool->blocks = next;
    }
}

struct part *
parts_new(struct part_pool *pool, size_t n)
{
    pool->n += n;
    pool->full = pool->full || pool->n > PARTS_IN_ALL;
    struct part_block *b = pool->blocks;
    if (b == NULL || b->cap - b->n < n) {
        size_t cap = n > PARTS_A_TIME ? n : PARTS_A_TIME;
        b = mem_zalloc(sizeof(*b) + cap * sizeof(b->at[0]));
        b->cap = cap;
        b->next = pool->blocks;
        pool->blocks = b;
    }
    b->n += n;
    return &b->at[b->n - n];
}

struct parts
parts_one(struct part_pool *pool, struct part part)
{
    struct part *p = parts_new(pool, 1);
    p[0] = part;
    return (struct parts){.at = p, .n = 1};
}

struct parts
parts_empty(struct part_pool *pool, enum before before)
{
    return parts_one(pool, (struct part){.before = before});
}

static unsigned
count_letters(const struct stem *s)
{
    unsigned n = 0;
    for (unsigned i = 0; i < s->len; i++)
        n += s->code[i] != CODE_END;
    return n;
}

/* Three codes, two letters among them; or a whole word of one letter. */
static bool
is_worth_it(const struct stem *s)
{
    if (s->len > STEM_MIN && count_letters(s) >= 2)
        return true;
    return s->starts_word && s->len >= STEM_MIN && s->code[1] == CODE_END;
}

/* How much work it is to look for them: about one in four words goes on to the next
 * letter, and inside a word there are five more places to look at. Most signs are rare,
 * but a space is in every text. Counted no further than to what is `enough`. */
static uint64_t
work_out_cost(const struct need *need, uint64_t enough)
{
    const uint64_t common = UINT64_C(1) << (CODE_SPACE & 63) | 1;
    uint64_t sum = 0;
    for (uint64_t left = need->breaks; left != 0; left &= left - 1)
        sum += 1 << 17;
    if ((need->breaks & common) != 0)
        sum += UINT64_C(1) << 32;
    for (size_t i = 0; i < need->stems.n && sum < enough; i++) {
        const struct stem *s = &need->stems.at[i].stem;
        if (!is_worth_it(s))
            return UINT64_MAX;
        sum += (s->starts_word ? 1U : 6U) << (2 * (STEM_MAX - s->len));
    }
    return sum == 0 ? UINT64_MAX : sum;
}

static uint64_t
cost(struct need *need)
{
    if (need->cost == 0)
        need->cost = work_out_cost(need, UINT64_MAX);
    return need->cost;
}

bool
need_is_known(struct need *need)
{
    return cost(need) != UINT64_MAX;
}

void
need_improve(struct need *best, const struct need *other)
{
    uint64_t limit = cost(best);
    uint64_t sum = other->cost != 0 ? other->cost : work_out_cost(other, limit);
    if (sum >= limit)
        return;
    *best = *other;
    best->cost = sum;
}

struct need
need_cheaper(struct need a, struct need b)
{
    need_improve(&a, &b);
    return a;
}

bool
parts_unite(struct part_pool *pool, struct parts *p, struct parts more)
{
    if (p->n + more.n > STEMS_MAX)
        return false;
    struct part *all = parts_new(pool, p->n + more.n);
    if (p->n > 0)
        memcpy(all, p->at, p->n * sizeof(all[0]));
    if (more.n > 0)
        memcpy(all + p->n, more.at, more.n * sizeof(all[0]));
    *p = (struct parts){.at = all, .n = p->n + more.n};
    return true;
}

struct need
need_both(struct part_pool *pool, struct need a, struct need b)
{
    if (!need_is_known(&a) || !need_is_known(&b) || !parts_unite(pool, &a.stems, b.stems))
        return (struct need){.breaks = 0};
    return (struct need){.stems = a.stems, .breaks = a.breaks | b.breaks};
}

/* `a` with `b` behind it; what is too long is cut. */
static struct part
joined(const struct part *a, const struct part *b)
{
    struct part x = *a;
    if (a->stem.len == 0) {
        x = *b;
        if (b->stem.len > 0 && b->stem.code[0] != CODE_END && may_start_word(a->before))
            x.stem.starts_word = true;
        return x;
    }
    size_t i = 0;
    if (a->ahead && b->stem.len > 0 && b->stem.code[i++] != CODE_END)
        return x; /* cannot be */
    for (; i < b->stem.len && x.stem.len < STEM_MAX; i++)
        x.stem.code[x.stem.len++] = b->stem.code[i];
    if (b->stem.len > 0)
        x.ahead = b->ahead && i == b->stem.len;
    return x;
}

/* What follows it does not matter any more. */
static bool
is_long(const struct part *p)
{
    return p->stem.len == STEM_MAX;
}

static size_t
count_long(struct parts p)
{
    size_t n = 0;
    for (size_t i = 0; i < p.n; i++)
        n += is_long(&p.at[i]);
    return n;
}

bool
parts_are_long(struct parts p)
{
    return count_long(p) == p.n;
}

bool
parts_multiply(struct part_pool *pool, struct parts a, struct parts b, struct parts *out)
{
    size_t done = count_long(a), n = 0;
    if (done == a.n && b.n > 0) {
        *out = a;
        return true;
    }
    if ((a.n - done) * b.n > PRODUCT_MAX && b.n > 1)
        return false;
    struct part *all = parts_new(pool, (a.n - done) * b.n + done);
    for (size_t i = 0; i < a.n; i++) {
        if (is_long(&a.at[i]) && b.n > 0)
            all[n++] = a.at[i];
        for (size_t k = 0; k < b.n && !is_long(&a.at[i]); k++)
            all[n++] = joined(&a.at[i], &b.at[k]);
    }
    *out = (struct parts){.at = all, .n = n};
    return true;
}
