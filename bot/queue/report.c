/* SPDX-License-Identifier: Apache-2.0 */
/* report.c - the figures of one broadcast, counted from the journal.
 *
 * Every event is applied to a state of our own, which in the end says what became of each
 * item. What the state does not keep is counted beside it while the events pass: the chat
 * by minute, language and source, what was carried over (it changes its broadcast and its
 * number), and wordings that a person let through with personal data in them. Which
 * broadcast is wanted may be known only at the end, so the chat is counted for all. */
#include "queue/report.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/mem.h"

enum { MINUTE_MS = 60000, MERGE_HOPS = 8 };

struct chat {
    uint64_t received, asking;
    struct map *authors, *askers; /* owned: of all lines, of those that ask */
    struct report_groups langs, sources;
    struct report_minute *minutes; /* owned */
    size_t n_minutes, cap_minutes;
};

struct carried {
    uint64_t n, no, from;
};

struct report_gather {
    struct queue *q;    /* owned */
    struct chat *chats; /* owned; broadcast 1 is the first */
    size_t n_chats;
    struct chat rehearsed;   /* of the rehearsal that is under way */
    bool rehearsals;         /* one is asked for */
    struct carried *carried; /* owned */
    size_t n_carried, cap_carried;
    struct map *withheld; /* owned: n -> 1 */
    struct map *by_hand;  /* owned: n -> 1 */
};

const char *
report_reason_name(enum report_reason r)
{
#define REASON_NAME(code, name) name,
    static const char *const names[] = {REASON_MAP(REASON_NAME)};
#undef REASON_NAME

    return r < REPORT_REASONS ? names[r] : "other";
}

static struct report_group *
group_of(struct report_groups *g, const char *name)
{
    for (size_t i = 0; i < g->n; i++) {
        if (strcmp(g->items[i].name, name) == 0)
            return &g->items[i];
    }
    g->items = mem_resize(g->items, g->n + 1, sizeof(*g->items));
    g->items[g->n] = (struct report_group){.name = mem_strdup(name)};
    return &g->items[g->n++];
}

static void
groups_fini(struct report_groups *g)
{
    for (size_t i = 0; i < g->n; i++)
        mem_free(g->items[i].name);
    MEM_FREE(g->items);
    g->n = 0;
}

/* --- while the events pass */

static struct chat
chat_new(void)
{
    return (struct chat){.authors = map_new(), .askers = map_new()};
}

static struct chat *
chat_of(struct report_gather *g, uint64_t broadcast)
{
    while (g->n_chats < broadcast) {
        g->chats = mem_resize(g->chats, g->n_chats + 1, sizeof(*g->chats));
        g->chats[g->n_chats++] = chat_new();
    }
    return &g->chats[broadcast - 1];
}

static void
chat_fini(struct chat *c)
{
    map_free(&c->authors);
    map_free(&c->askers);
    groups_fini(&c->langs);
    groups_fini(&c->sources);
    mem_free(c->minutes);
    *c = (struct chat){.authors = NULL};
}

/* The chat of a rehearsal is never that of the broadcast. */
static struct chat *
chat_now(struct report_gather *g, uint64_t broadcast)
{
    if (!queue_rehearses(g->q))
        return chat_of(g, broadcast);
    if (g->rehearsed.authors == NULL)
        g->rehearsed = chat_new();
    return &g->rehearsed;
}

/* The clock may step back, so the minute is looked for from the newest on. */
static struct report_minute *
minute_of(struct chat *c, int64_t at_ms)
{
    int64_t begin = at_ms - at_ms % MINUTE_MS;
    size_t at = c->n_minutes;

    while (at > 0 && c->minutes[at - 1].at_ms > begin)
        at--;
    if (at > 0 && c->minutes[at - 1].at_ms == begin)
        return &c->minutes[at - 1];
    if (c->n_minutes == c->cap_minutes) {
        c->cap_minutes = 2 * c->cap_minutes + 64;
        c->minutes = mem_resize(c->minutes, c->cap_minutes, sizeof(*c->minutes));
    }
    memmove(c->minutes + at + 1, c->minutes + at,
            (c->n_minutes++ - at) * sizeof(*c->minutes));
    c->minutes[at] = (struct report_minute){.at_ms = begin};
    return &c->minutes[at];
}

static const char *
text_of(const json_t *o, const char *name, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(o, name));

    return text == NULL ? otherwise : text;
}

static void
see_line(struct chat *c, const struct event *ev, const json_t *body)
{
    const char *author = text_of(body, "author", NULL);

    c->received++;
    minute_of(c, ev->at_ms)->messages++;
    if (body == NULL)
        return; /* erased */
    if (author != NULL)
        map_put(c->authors, strtoull(author, NULL, 16), 1);
    group_of(&c->sources, text_of(body, "source", ""))->messages++;
    const json_t *verdict = json_object_get(body, "verdict");
    group_of(&c->langs, text_of(verdict, "lang", "other"))->messages++;
}

/* A line or a person made item n, or a line joined one. */
static void
see_item(struct report_gather *g, const struct event *ev, const json_t *body)
{
    uint64_t n = (uint64_t)json_integer_value(json_object_get(body, "n"));
    const json_t *verdict = json_object_get(body, "verdict");
    const char *author = text_of(body, "author", NULL);
    struct chat *c = chat_of(g, ev->broadcast);

    if (ev->kind != EVENT_CREATE && (n != 0 || json_object_get(body, "join") != NULL)) {
        c->asking++;
        if (author != NULL)
            map_put(c->askers, strtoull(author, NULL, 16), 1);
    }
    if (n == 0)
        return;
    minute_of(c, ev->at_ms)->questions++;
    if (ev->kind != EVENT_MESSAGE)
        map_put(g->by_hand, n, 1);
    /* What a person types in is kept as typed; a line is masked. */
    if (ev->kind == EVENT_CREATE && json_array_size(json_object_get(verdict, "pii")) > 0)
        map_put(g->withheld, n, 1);
}

static void
see_edit(struct report_gather *g, const json_t *body)
{
    if (json_is_true(json_object_get(body, "allow_pii")))
        map_put(g->withheld, (uint64_t)json_integer_value(json_object_get(body, "n")), 1);
}

static void
see_carried(struct report_gather *g, const struct question *item, uint64_t no,
            uint64_t from)
{
    if (g->n_carried == g->cap_carried) {
        g->cap_carried = 2 * g->cap_carried + 16;
        g->carried = mem_resize(g->carried, g->cap_carried, sizeof(*g->carried));
    }
    g->carried[g->n_carried++] = (struct carried){.n = item->n, .no = no, .from = from};
}

/* The end of a broadcast: what is in another one afterwards was carried. */
static int
apply_broadcast(struct report_gather *g, const struct event *ev, struct err *e)
{
    size_t n = queue_count(g->q);
    struct carried *before = mem_array(n + 1, sizeof(*before));

    for (size_t i = 0; i < n; i++) {
        const struct question *item = queue_at(g->q, i);
        before[i] = (struct carried){item->n, item->no, item->broadcast};
    }
    int rc = queue_apply(g->q, ev, e);
    for (size_t i = 0; i < n && rc == 0; i++) {
        const struct question *item = queue_at(g->q, i);
        if (item->version > 0 && item->broadcast != before[i].from)
            see_carried(g, item, before[i].no, before[i].from);
    }
    mem_free(before);
    if (!queue_rehearses(g->q))
        chat_fini(&g->rehearsed);
    return rc;
}

static json_t *
body_of(const struct event *ev)
{
    if (ev->body.len == 0 || (ev->kind != EVENT_MESSAGE && ev->kind != EVENT_ASK &&
                              ev->kind != EVENT_CREATE && ev->kind != EVENT_EDIT))
        return NULL;
    return json_loadb(ev->body.data, ev->body.len, JSON_ALLOW_NUL, NULL);
}

struct report_gather *
report_begin(const struct map_key *key)
{
    struct report_gather *g = mem_zalloc(sizeof(*g));

    g->q = queue_new(key);
    g->withheld = map_new();
    g->by_hand = map_new();
    return g;
}

int
report_see(struct report_gather *g, const struct event *ev, struct err *e)
{
    if (ev->kind == EVENT_BROADCAST)
        return apply_broadcast(g, ev, e);
    if (queue_apply(g->q, ev, e) < 0)
        return -1;
    if (ev->broadcast == 0 || ev->broadcast > queue_broadcasts(g->q))
        return 0;
    json_t *body = body_of(ev);
    if (ev->kind == EVENT_MESSAGE)
        see_line(chat_now(g, ev->broadcast), ev, body);
    if (body != NULL && ev->kind == EVENT_EDIT)
        see_edit(g, body);
    else if (body != NULL)
        see_item(g, ev, body);
    json_decref(body);
    return 0;
}

/* --- when all have passed */

static const struct broadcast *
choose(const struct queue *q, uint64_t id)
{
    const struct broadcast *found = NULL;

    for (size_t i = 0; i < queue_broadcasts(q); i++) {
        const struct broadcast *b = queue_broadcast_at(q, i);
        if (id != 0 ? b->id == id : found == NULL || b->status != BROADCAST_PLANNED)
            found = b;
    }
    return found;
}

static void
add_item(struct report *r, const struct report_gather *g, struct report_item item)
{
    const struct question *q = item.q;

    if (q == NULL || q->created_at_ms == 0)
        return; /* erased: only its number is known */
    item.withheld = map_get(g->withheld, q->n, NULL) || (q->held != NULL && !q->edited);
    if ((r->items & (r->items + 1)) == 0)
        r->list = mem_resize(r->list, 2 * r->items + 2, sizeof(*r->list));
    r->list[r->items++] = item;
}

static int
by_no(const void *a, const void *b)
{
    const struct report_item *x = a, *y = b;

    return x->no < y->no ? -1 : x->no > y->no;
}

static void
list_items(struct report *r, const struct report_gather *g)
{
    for (size_t i = 0; i < queue_count(r->state); i++) {
        const struct question *q = queue_at(r->state, i);
        if (q->broadcast == r->b->id)
            add_item(r, g, (struct report_item){.q = q, .no = q->no});
    }
    for (size_t i = 0; i < g->n_carried; i++) {
        const struct carried *c = &g->carried[i];
        if (c->from == r->b->id)
            add_item(r, g,
                     (struct report_item){
                         .q = queue_find(r->state, c->n), .no = c->no, .carried = true});
    }
    if (r->items > 0)
        qsort(r->list, r->items, sizeof(*r->list), by_no);
}

/* A chain of merges is short; one that is not ends all the same. */
static bool
is_heard(const struct queue *q, const struct question *item)
{
    for (int i = 0; i < MERGE_HOPS && item != NULL; i++) {
        if (item->aired_at_ms != 0)
            return true;
        item = item->status == STATUS_MERGED ? queue_find(q, item->merged_into) : NULL;
    }
    return false;
}

static enum report_reason
reason_of(const struct question *item)
{
    for (unsigned i = 0; i < REPORT_REASONS; i++) {
        if (item->reason != NULL &&
            strcmp(item->reason, report_reason_name((enum report_reason)i)) == 0)
            return (enum report_reason)i;
    }
    return REASON_OTHER;
}

static void
count_status(struct report *r, const struct report_item *item)
{
    if (item->carried) {
        r->carried++;
        return;
    }
    switch (item->q->status) {
    case STATUS_NEW:
    case STATUS_QUEUED:
    case STATUS_ON_AIR:
        r->open++;
        break;
    case STATUS_ANSWERED:
        r->answered++;
        break;
    case STATUS_FOLLOW_UP:
        r->owed++;
        break;
    case STATUS_REJECTED:
        r->rejected++;
        r->reasons[reason_of(item->q)]++;
        break;
    case STATUS_MERGED:
        r->merged++;
        break;
    }
}

/* In its own broadcast: what was carried out of it may be aired in the next, and what
 * came into it may have been aired in the one before. */
static bool
was_aired(const struct report *r, const struct report_item *item)
{
    int64_t at = item->q->aired_at_ms;

    return at != 0 && at >= r->b->opened_at_ms &&
           (!item->carried || at <= r->b->ended_at_ms);
}

static void
count_item(struct report *r, const struct report_gather *g,
           const struct report_item *item, struct map *askers)
{
    const struct question *q = item->q;
    bool by_hand = map_get(g->by_hand, q->n, NULL);

    r->by_hand += by_hand;
    r->recognised += q->question && !by_hand;
    r->urgent += q->urgent != NULL;
    r->held += q->held != NULL;
    r->approved += q->queued_at_ms != 0 || was_aired(r, item);
    r->aired += was_aired(r, item);
    for (size_t i = 0; by_hand && i < q->n_askers; i++)
        map_put(askers, q->askers[i].author, 1);
    count_status(r, item);
}

static void
count_group(struct report_group *g, const struct report *r,
            const struct report_item *item)
{
    g->asked++;
    g->aired += was_aired(r, item);
    g->heard += item->carried ? was_aired(r, item) : is_heard(r->state, item->q);
    if (item->carried)
        return;
    g->answered += item->q->status == STATUS_ANSWERED;
    g->owed += item->q->status == STATUS_FOLLOW_UP;
    g->rejected += item->q->status == STATUS_REJECTED;
}

static const char *
topic_of(const struct question *q)
{
    return q->n_topics == 0 ? "other" : q->topics[0];
}

static const char *
lang_of_item(const struct question *q)
{
    return judge_lang_name(q->lang);
}

static const char *
source_of(const struct question *q)
{
    return q->source == NULL ? "" : q->source;
}

typedef const char *name_fn(const struct question *q);

static int
by_time(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* Of those whose `name_of` is `name`; name_of NULL: of all. */
static struct report_wait
waits(const struct report *r, name_fn *name_of, const char *name)
{
    int64_t *all = mem_array(r->items + 1, sizeof(*all));
    struct report_wait w = {0};

    for (size_t i = 0; i < r->items; i++) {
        const struct question *q = r->list[i].q;
        if (!was_aired(r, &r->list[i]) || q->created_at_ms < r->b->opened_at_ms ||
            (name_of != NULL && strcmp(name_of(q), name) != 0))
            continue;
        all[w.n++] = q->aired_at_ms - q->created_at_ms;
    }
    qsort(all, w.n, sizeof(*all), by_time);
    if (w.n > 0) {
        w.median = all[(w.n + 1) / 2 - 1];
        w.p90 = all[(w.n * 9 + 9) / 10 - 1];
        w.max = all[w.n - 1];
    }
    mem_free(all);
    return w;
}

static int
by_asked(const void *a, const void *b)
{
    const struct report_group *x = a, *y = b;

    if (x->asked != y->asked)
        return x->asked > y->asked ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void
count_groups(const struct report *r, struct report_groups *g, name_fn *name_of)
{
    for (size_t i = 0; i < r->items; i++)
        count_group(group_of(g, name_of(r->list[i].q)), r, &r->list[i]);
    for (size_t i = 0; i < g->n; i++)
        g->items[i].wait = waits(r, name_of, g->items[i].name);
    if (g->n > 0)
        qsort(g->items, g->n, sizeof(*g->items), by_asked);
}

/* What the chat of the broadcast gave changes its owner, also the map that is given: who
 * asked. */
static struct map *
take_chat(struct report *r, struct report_gather *g)
{
    struct chat *c = r->b->rehearsal ? chat_now(g, r->b->id) : chat_of(g, r->b->id);

    r->received = c->received;
    r->asking = c->asking;
    r->authors = map_count(c->authors);
    r->langs = c->langs;
    r->sources = c->sources;
    r->minutes = c->minutes;
    r->n_minutes = c->n_minutes;
    c->langs = c->sources = (struct report_groups){NULL, 0};
    c->minutes = NULL;
    struct map *askers = c->askers;
    c->askers = NULL;
    return askers;
}

static void
gather_free(struct report_gather **gp)
{
    struct report_gather *g = *gp;

    for (size_t i = 0; i < g->n_chats; i++)
        chat_fini(&g->chats[i]);
    chat_fini(&g->rehearsed);
    mem_free(g->chats);
    mem_free(g->carried);
    map_free(&g->withheld);
    map_free(&g->by_hand);
    queue_free(&g->q);
    MEM_FREE(*gp);
}

static void
count(struct report *r, struct report_gather *g)
{
    struct map *askers = take_chat(r, g);

    list_items(r, g);
    for (size_t i = 0; i < r->items; i++)
        count_item(r, g, &r->list[i], askers);
    r->askers = map_count(askers);
    r->wait = waits(r, NULL, NULL);
    count_groups(r, &r->topics, topic_of);
    count_groups(r, &r->langs, lang_of_item);
    count_groups(r, &r->sources, source_of);
    map_free(&askers);
}

struct report *
report_end(struct report_gather **g, uint64_t broadcast, struct err *e)
{
    struct report *r = NULL;
    const struct broadcast *b = choose((*g)->q, broadcast);

    if (b == NULL) {
        (void)err_set(e, ERR_MISSING, "there is no such broadcast");
    } else if (b->rehearsal && !(*g)->rehearsals) {
        (void)err_set(e, ERR_BAD_STATE, "a rehearsal has no report unless asked for");
    } else {
        r = mem_zalloc(sizeof(*r));
        r->state = (*g)->q;
        r->b = b;
        count(r, *g);
        (*g)->q = NULL;
    }
    gather_free(g);
    return r;
}

void
report_of_rehearsals(struct report_gather *g)
{
    g->rehearsals = true;
}

struct reading {
    struct report_gather *gather;
    uint64_t until;
    struct err *e;
};

static int
read_one(void *arg, const struct event *ev)
{
    struct reading *reading = arg;

    if (ev->seq > reading->until)
        return 1;
    return report_see(reading->gather, ev, reading->e) < 0 ? -2 : 0;
}

struct report *
report_read(struct journal *j, uint64_t broadcast, bool rehearsal, struct err *e)
{
    struct journal_head head = journal_head(j);
    struct reading reading = {
        .gather = report_begin(journal_key(j)), .until = head.seq, .e = e};

    if (rehearsal)
        report_of_rehearsals(reading.gather);
    if (journal_read(j, 0, read_one, &reading, e) < 0) {
        gather_free(&reading.gather);
        return NULL;
    }
    struct report *r = report_end(&reading.gather, broadcast, e);
    if (r != NULL)
        r->head = head;
    return r;
}

void
report_free(struct report **r)
{
    if (*r == NULL)
        return;
    groups_fini(&(*r)->topics);
    groups_fini(&(*r)->langs);
    groups_fini(&(*r)->sources);
    mem_free((*r)->minutes);
    mem_free((*r)->list);
    queue_free(&(*r)->state);
    MEM_FREE(*r);
}
