/* SPDX-License-Identifier: Apache-2.0 */
/* hits.c - a counter for each rule.
 *
 * A table of hash -> slot; a slot has the count of each of the last minutes beside the
 * sum. What names there are comes from the filters, of which only so many are in force at
 * a time; names of filters that have gone are forgotten when the table is full, and with
 * them all, which costs nothing but the counts. */
#include "serve/hits.h"

#include "base/bounds.h"
#include "base/map.h"
#include "base/mem.h"

enum { SLOTS_MAX = BOUNDS_RULES * 2, MINUTE_MS = 60000 };

struct slot {
    uint64_t hits, line;     /* line: of the last hit */
    int64_t last_ms, minute; /* minute: the newest one in `recent` */
    uint32_t recent[HITS_MINUTES];
};

struct hits {
    struct map *map;    /* owned: hash of file and rule -> slot */
    struct slot *slots; /* owned */
    size_t n_slots, cap_slots;
    uint64_t lines;
};

struct hits *
hits_new(void)
{
    struct hits *h = mem_zalloc(sizeof(*h));

    h->map = map_new();
    return h;
}

void
hits_free(struct hits **h)
{
    if (*h == NULL)
        return;
    map_free(&(*h)->map);
    mem_free((*h)->slots);
    MEM_FREE(*h);
}

static uint64_t
key_of(const char *filter, const char *rule)
{
    static const struct map_key key = {.bytes = {0}};

    return map_hash(&key, str_from(filter), str_from(rule));
}

static struct slot *
slot_of(struct hits *h, const char *filter, const char *rule)
{
    uint64_t key = key_of(filter, rule), at;

    if (map_get(h->map, key, &at))
        return &h->slots[at];
    if (h->n_slots == SLOTS_MAX) {
        map_free(&h->map);
        h->map = map_new();
        h->n_slots = 0;
    }
    if (h->n_slots == h->cap_slots) {
        h->cap_slots = h->cap_slots == 0 ? 64 : h->cap_slots * 2;
        h->slots = mem_resize(h->slots, h->cap_slots, sizeof(*h->slots));
    }
    map_put(h->map, key, h->n_slots);
    h->slots[h->n_slots] = (struct slot){.hits = 0};
    return &h->slots[h->n_slots++];
}

/* Minutes that went by without a hit are empty. */
static void
move_to(struct slot *s, int64_t minute)
{
    int64_t gone = minute - s->minute;

    if (gone < 0)
        return; /* the clock was set back: counted where it is */
    if (gone > HITS_MINUTES)
        gone = HITS_MINUTES;
    for (int64_t i = 0; i < gone; i++)
        s->recent[(size_t)(minute - i) % HITS_MINUTES] = 0;
    s->minute = minute;
}

void
hits_count(struct hits *h, const struct verdict *v, int64_t now_ms)
{
    h->lines++;
    for (size_t i = 0; i < v->n_why; i++) {
        struct slot *s = slot_of(h, v->why[i].filter, v->why[i].rule);
        if (s->line == h->lines)
            continue;
        s->line = h->lines;
        s->hits++;
        s->last_ms = now_ms;
        move_to(s, now_ms / MINUTE_MS);
        s->recent[(size_t)s->minute % HITS_MINUTES]++;
    }
}

struct hits_rule
hits_of(const struct hits *h, const char *filter, const char *rule, int64_t now_ms)
{
    uint64_t at, sum = 0;

    if (!map_get(h->map, key_of(filter, rule), &at))
        return (struct hits_rule){.hits = 0};
    struct slot s = h->slots[at];
    move_to(&s, now_ms / MINUTE_MS);
    for (size_t i = 0; i < HITS_MINUTES; i++)
        sum += s.recent[i];
    return (struct hits_rule){
        .hits = s.hits, .per_minute = (double)sum / HITS_MINUTES, .last_ms = s.last_ms};
}
