/* SPDX-License-Identifier: Apache-2.0 */
/* likeness.c - an inverted index: from each term to the questions that have it.
 *
 * A term is kept once however many questions have it, with the list of their slots; terms
 * that may be slips of each other hang in one chain. A search walks the lists of its
 * terms, the rare ones first, and adds up weights for each slot; when what is left of its
 * weight cannot make a question likely enough by itself, the long lists of the common
 * terms are not walked any more. The sums are bounds from above, and only the best few
 * are compared in earnest. All in whole numbers, and ties go to the lower id, so that the
 * answer depends on what is in the index and not on how it came there. */
#include "judge/likeness.h"

#include <stdlib.h>

#include "base/mem.h"
#include "judge/wording.h"

enum {
    CHAIN_MAX = 128, /* terms looked at for slips of one term */
    ALIKE_MAX = 8,   /* of them, terms whose lists are walked */
    CHECKED = 48,    /* questions compared in earnest in one search */
    NEAR = 64,       /* ids looked at before all of them are */
    NONE = UINT32_MAX,
};

struct entry {
    struct term term;
    uint64_t bucket;
    uint32_t *slots; /* owned: of the questions that have it */
    uint32_t n, cap;
    uint32_t next, prev; /* in the chain of its bucket */
};

struct doc {
    uint64_t id; /* meaningless when n == 0 */
    uint32_t entries[BOUNDS_LIKENESS_TERMS];
    uint16_t weight;
    uint8_t n;
};

struct likeness {
    struct wording_reader *reader;      /* owned */
    struct map *by_id;                  /* owned: id -> slot */
    struct map *by_term;                /* owned: hash of a term -> entry */
    struct map *by_bucket;              /* owned: bucket -> first entry of the chain */
    struct doc *docs;                   /* owned */
    struct entry *entries;              /* owned */
    uint32_t *free_docs, *free_entries; /* owned stacks */
    uint32_t n_docs, n_free_docs, n_entries, n_free_entries, cap_docs, cap_entries;
    uint32_t *sum;     /* owned, for each slot: hundredths of matched weight */
    uint32_t *touched; /* owned: slots whose sum is not 0 */
    size_t n_touched;
    uint64_t floor; /* there is no lower id */
};

/* --- the measure */

static unsigned
weight_of(enum term_kind kind)
{
    return kind == TERM_WORD || kind == TERM_NUMBER ? 10 : 3;
}

/* Several terms borrowed from anywhere. */
struct terms {
    const struct term *at[BOUNDS_LIKENESS_TERMS];
    size_t n;
    unsigned weight;
};

static void
terms_of(const struct wording *w, struct terms *out)
{
    out->n = w->n;
    out->weight = 0;
    for (size_t i = 0; i < w->n; i++) {
        out->at[i] = &w->term[i];
        out->weight += weight_of(w->term[i].kind);
    }
}

/* Hundredths of weight that `a` and `b` have in common: each term of `a` takes the best
 * of what is left of `b`, equal ones first. `whole`: nothing but slips is left over. */
static unsigned
match(const struct terms *a, const struct terms *b, bool *whole)
{
    static const unsigned steps[] = {100, TERM_TYPO, TERM_KIN};
    uint32_t taken_a = 0, taken_b = 0;
    unsigned sum = 0;

    *whole = a->n == b->n && a->n > 0;
    for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
        for (size_t i = 0; i < a->n; i++) {
            for (size_t k = 0; k < b->n && !(taken_a & 1u << i); k++) {
                if ((taken_b & 1u << k) || term_compare(a->at[i], b->at[k]) != steps[s])
                    continue;
                taken_a |= 1u << i;
                taken_b |= 1u << k;
                sum += weight_of(a->at[i]->kind) * steps[s];
                *whole = *whole && steps[s] >= TERM_TYPO;
            }
        }
    }
    for (size_t i = 0; i < a->n; i++)
        *whole = *whole && (taken_a & 1u << i) != 0;
    return sum;
}

static bool
have_numbers(const struct terms *t)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->at[i]->kind == TERM_NUMBER)
            return true;
    }
    return false;
}

/* Both name numbers, and not one of them is the same. */
static bool
are_apart(const struct terms *a, const struct terms *b)
{
    for (size_t i = 0; i < a->n; i++) {
        for (size_t k = 0; k < b->n; k++) {
            if (a->at[i]->kind == TERM_NUMBER && a->at[i]->hash == b->at[k]->hash)
                return false;
        }
    }
    return have_numbers(a) && have_numbers(b);
}

static unsigned
percent(unsigned matched, unsigned weights)
{
    unsigned all = weights * 100 - matched;

    return all == 0 ? 0 : matched * 100 / all;
}

static unsigned
compare(const struct terms *a, const struct terms *b)
{
    bool whole;
    unsigned score = percent(match(a, b, &whole), a->weight + b->weight);

    if (whole) /* only slips keep it below 100 */
        return score < LIKENESS_JOIN ? LIKENESS_JOIN : score;
    if (are_apart(a, b))
        score = score * 6 / 10;
    return score < LIKENESS_JOIN ? score : LIKENESS_JOIN - 1;
}

unsigned
likeness_of(struct likeness *l, struct str a, struct str b)
{
    struct wording wa, wb;
    struct terms ta, tb;

    wording_read(l->reader, a, &wa);
    wording_read(l->reader, b, &wb);
    terms_of(&wa, &ta);
    terms_of(&wb, &tb);
    return compare(&ta, &tb);
}

/* --- terms and their lists */

static uint32_t
take(uint32_t *stack, uint32_t *n_free, uint32_t *n)
{
    return *n_free > 0 ? stack[--*n_free] : (*n)++;
}

static uint32_t
find_entry(const struct likeness *l, uint64_t hash)
{
    uint64_t at;

    return map_get(l->by_term, hash, &at) ? (uint32_t)at : NONE;
}

static uint32_t
first_of_bucket(const struct likeness *l, uint64_t bucket)
{
    uint64_t at;

    return bucket != 0 && map_get(l->by_bucket, bucket, &at) ? (uint32_t)at : NONE;
}

static uint32_t
make_entry(struct likeness *l, const struct term *t)
{
    if (l->n_free_entries == 0 && l->n_entries == l->cap_entries) {
        l->cap_entries = l->cap_entries == 0 ? 256 : l->cap_entries * 2;
        l->entries = mem_resize(l->entries, l->cap_entries, sizeof(*l->entries));
        l->free_entries =
            mem_resize(l->free_entries, l->cap_entries, sizeof(*l->free_entries));
    }
    uint32_t at = take(l->free_entries, &l->n_free_entries, &l->n_entries);
    struct entry *en = &l->entries[at];
    *en = (struct entry){.term = *t, .bucket = term_bucket(t), .prev = NONE};
    en->next = first_of_bucket(l, en->bucket);
    if (en->next != NONE)
        l->entries[en->next].prev = at;
    if (en->bucket != 0)
        map_put(l->by_bucket, en->bucket, at);
    map_put(l->by_term, t->hash, at);
    return at;
}

static void
drop_entry(struct likeness *l, uint32_t at)
{
    struct entry *en = &l->entries[at];

    if (en->next != NONE)
        l->entries[en->next].prev = en->prev;
    if (en->prev != NONE)
        l->entries[en->prev].next = en->next;
    else if (en->next != NONE)
        map_put(l->by_bucket, en->bucket, en->next);
    else if (en->bucket != 0)
        (void)map_remove(l->by_bucket, en->bucket);
    (void)map_remove(l->by_term, en->term.hash);
    MEM_FREE(en->slots);
    l->free_entries[l->n_free_entries++] = at;
}

static void
list_add(struct entry *en, uint32_t slot)
{
    if (en->n == en->cap) {
        en->cap = en->cap == 0 ? 2 : en->cap * 2;
        en->slots = mem_resize(en->slots, en->cap, sizeof(*en->slots));
    }
    en->slots[en->n++] = slot;
}

static void
list_remove(struct entry *en, uint32_t slot)
{
    uint32_t i = 0;

    while (i < en->n && en->slots[i] != slot)
        i++;
    if (i < en->n)
        en->slots[i] = en->slots[--en->n];
}

/* --- questions */

struct likeness *
likeness_new(const struct map_key *key)
{
    struct likeness *l = mem_zalloc(sizeof(*l));

    l->reader = wording_reader_new(key);
    l->by_id = map_new();
    l->by_term = map_new();
    l->by_bucket = map_new();
    return l;
}

void
likeness_free(struct likeness **lp)
{
    struct likeness *l = *lp;

    if (l == NULL)
        return;
    for (uint32_t i = 0; i < l->n_entries; i++)
        mem_free(l->entries[i].slots);
    wording_reader_free(&l->reader);
    map_free(&l->by_id);
    map_free(&l->by_term);
    map_free(&l->by_bucket);
    mem_free(l->docs);
    mem_free(l->entries);
    mem_free(l->free_docs);
    mem_free(l->free_entries);
    mem_free(l->sum);
    mem_free(l->touched);
    MEM_FREE(*lp);
}

bool
likeness_has(const struct likeness *l, uint64_t id)
{
    return map_get(l->by_id, id, NULL);
}

size_t
likeness_count(const struct likeness *l)
{
    return map_count(l->by_id);
}

void
likeness_remove(struct likeness *l, uint64_t id)
{
    uint64_t slot;

    if (!map_get(l->by_id, id, &slot))
        return;
    struct doc *d = &l->docs[slot];
    for (size_t i = 0; i < d->n; i++) {
        list_remove(&l->entries[d->entries[i]], (uint32_t)slot);
        if (l->entries[d->entries[i]].n == 0)
            drop_entry(l, d->entries[i]);
    }
    d->n = 0;
    l->free_docs[l->n_free_docs++] = (uint32_t)slot;
    (void)map_remove(l->by_id, id);
}

static uint64_t
lowest_of_all(const struct likeness *l)
{
    uint64_t lowest = UINT64_MAX;

    for (uint32_t i = 0; i < l->n_docs; i++) {
        if (l->docs[i].n > 0 && l->docs[i].id < lowest)
            lowest = l->docs[i].id;
    }
    return lowest;
}

/* Ids are numbers in a row mostly: the next one up is near where the last one was. */
static uint64_t
lowest_id(struct likeness *l)
{
    uint64_t id = l->floor;

    for (unsigned step = 0; step < NEAR; step++, id++) {
        if (map_get(l->by_id, id, NULL))
            return l->floor = id;
    }
    return l->floor = lowest_of_all(l);
}

/* True when there is room for `id`: the lowest of all gives way. */
static bool
make_room(struct likeness *l, uint64_t id)
{
    if (likeness_count(l) < BOUNDS_LIKENESS)
        return true;
    uint64_t lowest = lowest_id(l);
    if (id < lowest)
        return false;
    likeness_remove(l, lowest);
    return true;
}

static void
grow_docs(struct likeness *l)
{
    if (l->n_free_docs > 0 || l->n_docs < l->cap_docs)
        return;
    uint32_t old = l->cap_docs;
    l->cap_docs = old == 0 ? 256 : old * 2;
    l->docs = mem_resize(l->docs, l->cap_docs, sizeof(*l->docs));
    l->free_docs = mem_resize(l->free_docs, l->cap_docs, sizeof(*l->free_docs));
    l->touched = mem_resize(l->touched, l->cap_docs, sizeof(*l->touched));
    l->sum = mem_resize(l->sum, l->cap_docs, sizeof(*l->sum));
    memset(l->sum + old, 0, (l->cap_docs - old) * sizeof(*l->sum));
}

void
likeness_put(struct likeness *l, uint64_t id, struct str key)
{
    struct wording w;
    struct terms terms;

    likeness_remove(l, id);
    wording_read(l->reader, key, &w);
    if (w.n == 0 || !make_room(l, id))
        return;
    terms_of(&w, &terms);
    grow_docs(l);
    uint32_t slot = take(l->free_docs, &l->n_free_docs, &l->n_docs);
    struct doc *d = &l->docs[slot];
    *d = (struct doc){.id = id, .n = (uint8_t)w.n, .weight = (uint16_t)terms.weight};
    for (size_t i = 0; i < w.n; i++) {
        uint32_t at = find_entry(l, w.term[i].hash);
        d->entries[i] = at != NONE ? at : make_entry(l, &w.term[i]);
        list_add(&l->entries[d->entries[i]], slot);
    }
    map_put(l->by_id, id, slot);
    if (id < l->floor)
        l->floor = id;
}

/* --- searching */

/* A term of the search with the entries that are like it. */
struct probe {
    uint32_t entry[ALIKE_MAX];
    unsigned score[ALIKE_MAX]; /* hundredths */
    size_t n;
    unsigned weight;
    size_t cost; /* slots in all its lists */
};

static void
probe_add(const struct likeness *l, struct probe *p, uint32_t entry, unsigned score)
{
    if (score == 0 || p->n == ALIKE_MAX)
        return;
    p->entry[p->n] = entry;
    p->score[p->n++] = score;
    p->cost += l->entries[entry].n;
}

static void
probe_make(const struct likeness *l, const struct term *t, struct probe *p)
{
    uint32_t same = find_entry(l, t->hash);
    uint32_t at = first_of_bucket(l, term_bucket(t));

    *p = (struct probe){.weight = weight_of(t->kind)};
    if (same != NONE)
        probe_add(l, p, same, 100);
    for (int i = 0; at != NONE && i < CHAIN_MAX; i++, at = l->entries[at].next) {
        if (at != same)
            probe_add(l, p, at, term_compare(t, &l->entries[at].term));
    }
}

/* The cheapest for its weight first. */
static int
by_cost(const void *a, const void *b)
{
    const struct probe *x = a, *y = b;
    size_t cx = x->cost * y->weight, cy = y->cost * x->weight;

    return cx < cy ? -1 : cx > cy;
}

static void
walk(struct likeness *l, const struct probe *p)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct entry *en = &l->entries[p->entry[i]];
        /* a slip may come to count as much as the same */
        uint32_t add = p->weight * (p->score[i] >= TERM_TYPO ? 100 : p->score[i]);
        for (uint32_t k = 0; k < en->n; k++) {
            uint32_t slot = en->slots[k];
            if (l->sum[slot] == 0)
                l->touched[l->n_touched++] = slot;
            l->sum[slot] += add;
        }
    }
}

/* Slots with their bounds, best first; equal ones by id. */
struct best {
    uint32_t slot[CHECKED];
    unsigned bound[CHECKED];
    size_t n;
};

static void
best_add(const struct likeness *l, struct best *b, uint32_t slot, unsigned bound)
{
    size_t i = b->n;

    if (b->n == CHECKED) {
        i--;
        if (bound < b->bound[i] ||
            (bound == b->bound[i] && l->docs[slot].id > l->docs[b->slot[i]].id))
            return;
    } else {
        b->n++;
    }
    for (; i > 0; i--) {
        if (b->bound[i - 1] > bound ||
            (b->bound[i - 1] == bound && l->docs[b->slot[i - 1]].id < l->docs[slot].id))
            break;
        b->bound[i] = b->bound[i - 1];
        b->slot[i] = b->slot[i - 1];
    }
    b->bound[i] = bound;
    b->slot[i] = slot;
}

/* Fills the sums of every question that may reach `least`; gives the weight that was not
 * walked, in hundredths. */
static unsigned
gather(struct likeness *l, const struct terms *t, unsigned least)
{
    struct probe probes[BOUNDS_LIKENESS_TERMS] = {{.n = 0}};
    unsigned left = t->weight;
    size_t i = 0;

    for (; i < t->n; i++)
        probe_make(l, t->at[i], &probes[i]);
    qsort(probes, t->n, sizeof(probes[0]), by_cost);
    for (i = 0; i < t->n && left * 100 >= least * t->weight; i++) {
        walk(l, &probes[i]);
        left -= probes[i].weight;
    }
    return left * 100;
}

static void
choose(struct likeness *l, unsigned weight, unsigned left, unsigned least, struct best *b)
{
    b->n = 0;
    for (size_t i = 0; i < l->n_touched; i++) {
        uint32_t slot = l->touched[i];
        unsigned both = weight + l->docs[slot].weight;
        unsigned most =
            100 * (weight < l->docs[slot].weight ? weight : l->docs[slot].weight);
        unsigned sum = l->sum[slot] + left;
        unsigned bound = percent(sum < most ? sum : most, both);
        l->sum[slot] = 0;
        if (bound >= least)
            best_add(l, b, slot, bound);
    }
    l->n_touched = 0;
}

static size_t
hit_add(struct likeness_hit *out, size_t n, size_t max, struct likeness_hit hit)
{
    size_t i = n < max ? n : max - 1;

    if (n == max && (out[i].hundredths > hit.hundredths ||
                     (out[i].hundredths == hit.hundredths && out[i].id < hit.id)))
        return n;
    for (; i > 0; i--) {
        if (out[i - 1].hundredths > hit.hundredths ||
            (out[i - 1].hundredths == hit.hundredths && out[i - 1].id < hit.id))
            break;
        out[i] = out[i - 1];
    }
    out[i] = hit;
    return n < max ? n + 1 : n;
}

size_t
likeness_find(struct likeness *l, struct str key, unsigned least,
              struct likeness_hit *out, size_t max)
{
    struct wording w;
    struct terms mine, theirs;
    struct best b;
    size_t n = 0;

    wording_read(l->reader, key, &w);
    if (w.n == 0 || max == 0)
        return 0;
    terms_of(&w, &mine);
    unsigned left = gather(l, &mine, least);
    choose(l, mine.weight, left, least, &b);
    for (size_t i = 0; i < b.n; i++) {
        const struct doc *d = &l->docs[b.slot[i]];
        theirs = (struct terms){.n = d->n, .weight = d->weight};
        for (size_t k = 0; k < d->n; k++)
            theirs.at[k] = &l->entries[d->entries[k]].term;
        unsigned score = compare(&mine, &theirs);
        if (score >= least)
            n = hit_add(out, n, max,
                        (struct likeness_hit){.id = d->id, .hundredths = score});
    }
    return n;
}
