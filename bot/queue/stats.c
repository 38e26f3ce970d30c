/* SPDX-License-Identifier: Apache-2.0 */
/* stats.c - a broadcast in numbers.
 *
 * Everything is counted anew when somebody asks: one walk over the questions takes less
 * than a millisecond for a broadcast, and nothing can drift. An item belongs to one group
 * of each kind, so that groups add up. A question that was taken off the air has lost the
 * time of its approval and does not count as a wait for it; a later airing counts. */
#include "queue/stats.h"

#include <stdlib.h>

#include "base/mem.h"
#include "queue/activity.h"

enum { MINUTE_MS = 60 * 1000, PER_MILLE = 1000 };

struct waits {
    int64_t *ms; /* owned */
    size_t n, cap;
};

static void
add_wait(struct waits *w, int64_t ms)
{
    if (w->n == w->cap) {
        w->cap = w->cap == 0 ? 256 : w->cap * 2;
        w->ms = mem_resize(w->ms, w->cap, sizeof(*w->ms));
    }
    w->ms[w->n++] = ms < 0 ? 0 : ms; /* the clock was set back */
}

static int
by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static int64_t
percentile(const struct waits *w, size_t percent)
{
    return w->ms[(w->n * percent + 99) / 100 - 1];
}

static struct stats_wait
sum_up(struct waits *w)
{
    struct stats_wait sum = {.n = w->n};

    if (w->n > 0) {
        qsort(w->ms, w->n, sizeof(*w->ms), by_value);
        sum.p50_ms = percentile(w, 50);
        sum.p90_ms = percentile(w, 90);
        sum.max_ms = w->ms[w->n - 1];
    }
    MEM_FREE(w->ms);
    return sum;
}

static bool
was_aired(const struct question *item)
{
    return item->aired_at_ms != 0;
}

static bool
was_approved(const struct question *item)
{
    return item->queued_at_ms != 0 || was_aired(item);
}

static struct stats_group *
group_of(struct stats_groups *g, const char *key)
{
    for (size_t i = 0; i < g->n; i++) {
        if (strcmp(g->group[i].key, key) == 0)
            return &g->group[i];
    }
    if (g->n == BOUNDS_STATS_GROUPS) {
        struct stats_group *rest = &g->group[g->n - 1];
        rest->key = "other";
        return rest;
    }
    g->group[g->n].key = key;
    return &g->group[g->n++];
}

static void
count_in(struct stats_groups *g, const char *key, const struct question *item)
{
    struct stats_group *group = group_of(g, key);

    group->asked++;
    group->rejected += item->status == STATUS_REJECTED;
    group->merged += item->status == STATUS_MERGED;
    group->approved += was_approved(item);
    group->aired += was_aired(item);
    group->answered += item->status == STATUS_ANSWERED;
}

static int
by_asked(const void *a, const void *b)
{
    const struct stats_group *x = a, *y = b;

    if (x->asked != y->asked)
        return x->asked > y->asked ? -1 : 1;
    return strcmp(x->key, y->key);
}

static uint64_t
may_be_aired(const struct stats_group *g)
{
    uint64_t out = g->rejected + g->merged;

    return g->asked > out ? g->asked - out : 0;
}

/* The part that two divisions have in common: the sum of the smaller shares. */
static void
finish(struct stats_groups *g)
{
    uint64_t asked = 0, aired = 0;
    double common = 0;

    qsort(g->group, g->n, sizeof(g->group[0]), by_asked);
    for (size_t i = 0; i < g->n; i++) {
        asked += may_be_aired(&g->group[i]);
        aired += g->group[i].aired;
    }
    g->fairness = -1;
    if (asked == 0 || aired == 0)
        return;
    for (size_t i = 0; i < g->n; i++) {
        double a = (double)may_be_aired(&g->group[i]) / (double)asked;
        double b = (double)g->group[i].aired / (double)aired;
        common += a < b ? a : b;
    }
    g->fairness = (int)(common * PER_MILLE + 0.5);
}

static struct stats_minute *
minute_of(struct stats *s, int64_t at_ms)
{
    int64_t at = (at_ms - s->from_ms) / MINUTE_MS;

    return at_ms < s->from_ms || at >= (int64_t)s->n_minutes ? NULL : &s->minutes[at];
}

static void
count_minutes(struct stats *s, const struct question *item)
{
    struct stats_minute *asked = minute_of(s, item->created_at_ms);
    struct stats_minute *aired = was_aired(item) ? minute_of(s, item->aired_at_ms) : NULL;

    if (asked != NULL)
        asked->questions++;
    if (aired != NULL)
        aired->aired++;
}

static void
count_item(struct stats *s, const struct question *item)
{
    const char *topic = item->n_topics > 0 ? item->topics[0] : "other";
    const char *source = item->source == NULL ? "" : item->source;

    s->asked++;
    s->status[item->status]++;
    s->urgent += item->urgent != NULL;
    s->held += item->held != NULL;
    s->by_hand += source[0] == '\0';
    count_in(&s->topics, topic, item);
    count_in(&s->langs, judge_lang_name(item->lang), item);
    count_in(&s->sources, source, item);
    count_minutes(s, item);
}

static void
count_waits(const struct question *item, struct waits *approved, struct waits *aired)
{
    bool lost = was_aired(item) && item->queued_at_ms > item->aired_at_ms;

    if (item->queued_at_ms != 0 && !lost)
        add_wait(approved, item->queued_at_ms - item->created_at_ms);
    if (was_aired(item))
        add_wait(aired, item->aired_at_ms - item->created_at_ms);
}

/* From its start (its opening, before that) to its end or to now. */
static void
set_window(struct stats *s, int64_t now_ms, size_t minutes)
{
    const struct broadcast *b = s->broadcast;
    int64_t from = b->started_at_ms != 0 ? b->started_at_ms : b->opened_at_ms;
    int64_t first = from / MINUTE_MS;
    int64_t last = (b->ended_at_ms != 0 ? b->ended_at_ms : now_ms) / MINUTE_MS;
    size_t most =
        minutes == 0 || minutes > BOUNDS_STATS_MINUTES ? BOUNDS_STATS_MINUTES : minutes;

    if (last < first)
        last = first;
    if (last - first >= (int64_t)most)
        first = last - (int64_t)most + 1;
    s->from_ms = first * MINUTE_MS;
    s->n_minutes = (size_t)(last - first + 1);
    s->minutes = mem_array(s->n_minutes, sizeof(*s->minutes));
}

static void
count_messages(struct stats *s, const struct activity *a)
{
    for (size_t i = 0; i < a->n_minutes; i++) {
        const struct activity_minute *m = activity_minute_at(a, i);
        struct stats_minute *at = minute_of(s, m->minute * MINUTE_MS);
        if (at != NULL && m->broadcast == s->broadcast->id)
            at->messages += m->messages;
    }
}

bool
stats_count(struct stats *s, const struct queue *q, uint64_t broadcast, int64_t now_ms,
            size_t minutes)
{
    struct waits approved = {.ms = NULL}, aired = {.ms = NULL};

    *s = (struct stats){.broadcast = NULL};
    for (size_t i = 0; i < queue_broadcasts(q) && s->broadcast == NULL; i++) {
        if (queue_broadcast_at(q, i)->id == broadcast)
            s->broadcast = queue_broadcast_at(q, i);
    }
    if (s->broadcast == NULL)
        return false;
    set_window(s, now_ms, minutes);
    for (size_t i = 0; i < queue_count(q); i++) {
        const struct question *item = queue_at(q, i);
        if (item->broadcast != broadcast || item->version == 0)
            continue;
        count_item(s, item);
        count_waits(item, &approved, &aired);
    }
    count_messages(s, queue_activity(q));
    s->approved = sum_up(&approved);
    s->aired = sum_up(&aired);
    finish(&s->topics);
    finish(&s->langs);
    finish(&s->sources);
    return true;
}

void
stats_fini(struct stats *s)
{
    MEM_FREE(s->minutes);
}
