/* SPDX-License-Identifier: Apache-2.0 */
/* pack.c - the state as bytes, and back. One walk serves both directions, so that what is
 * written and what is read cannot drift apart; the version changes whenever the walk
 * does. A snapshot is only a cache of the journal: whatever is wrong with it, the answer
 * is to replay. Maps that can be derived are derived. */
#include <sodium.h>

#include "base/mem.h"
#include "queue/state.h"

#define PACK_MAGIC \
    UINT64_C(0x5355524151303131) /* "SURAQ011": bump when the walk changes */
enum { DIGEST = 32 };

struct walk {
    bool reading, bad;
    struct buf *out;
    struct str in;
    size_t pos;
};

static void
bytes(struct walk *w, void *p, size_t len)
{
    if (!w->reading) {
        buf_add(w->out, p, len);
    } else if (w->bad || w->in.len - w->pos < len) {
        w->bad = true;
        memset(p, 0, len);
    } else {
        memcpy(p, w->in.p + w->pos, len);
        w->pos += len;
    }
}

static void
number(struct walk *w, uint64_t *v)
{
    bytes(w, v, sizeof(*v));
}

static void
when(struct walk *w, int64_t *v)
{
    bytes(w, v, sizeof(*v));
}

static void
flag(struct walk *w, bool *v)
{
    uint8_t byte = *v;

    bytes(w, &byte, 1);
    *v = byte != 0;
}

/* A count that is about to be allocated for: never more than the bytes that are left. */
static void
count(struct walk *w, size_t *n, size_t cap)
{
    uint64_t v = *n;

    number(w, &v);
    if (w->reading && (v > cap || v > w->in.len)) {
        w->bad = true;
        v = 0;
    }
    *n = (size_t)v;
}

static void
text(struct walk *w, char **p)
{
    uint32_t len = *p == NULL ? UINT32_MAX : (uint32_t)strlen(*p);

    bytes(w, &len, sizeof(len));
    if (!w->reading) {
        if (*p != NULL)
            buf_add(w->out, *p, len);
        return;
    }
    *p = NULL;
    if (len == UINT32_MAX || w->bad)
        return;
    if (w->in.len - w->pos < len) {
        w->bad = true;
        return;
    }
    *p = mem_strndup(w->in.p + w->pos, len);
    w->pos += len;
}

static void
walk_asker(struct walk *w, struct asker *a)
{
    number(w, &a->mid);
    number(w, &a->author);
    text(w, &a->name);
    text(w, &a->text);
    when(w, &a->at_ms);
    flag(w, &a->deleted);
}

static void
walk_replies(struct walk *w, struct question *it)
{
    count(w, &it->n_replies, BOUNDS_QUESTION_REPLIES);
    if (w->reading && it->n_replies > 0)
        it->replies = mem_array(it->n_replies, sizeof(*it->replies));
    for (size_t i = 0; i < it->n_replies; i++) {
        struct question_reply *r = &it->replies[i];
        uint64_t kind = r->kind, outcome = r->outcome;
        number(w, &kind);
        number(w, &outcome);
        r->kind = (enum reply_kind)kind;
        r->outcome = (enum reply_outcome)outcome;
        text(w, &r->source);
        text(w, &r->reason);
        text(w, &r->detail);
        when(w, &r->at_ms);
        if (kind >= REPLY_KINDS || outcome >= REPLY_OUTCOMES || r->source == NULL)
            w->bad = true;
    }
}

static void
walk_like(struct walk *w, struct question_like *like, size_t *n)
{
    count(w, n, BOUNDS_LIKE);
    for (size_t i = 0; i < *n; i++) {
        uint64_t hundredths = like[i].hundredths;
        number(w, &like[i].n);
        number(w, &hundredths);
        like[i].hundredths = hundredths > 100 ? 100 : (unsigned)hundredths;
    }
}

static void
walk_owed(struct walk *w, struct owed *o)
{
    uint64_t state = o->state;
    char **texts[] = {&o->forward_by, &o->to, &o->extended, &o->written, &o->closing};

    number(w, &state);
    o->state = (enum owed_state)state;
    when(w, &o->at_ms);
    when(w, &o->settled_ms);
    flag(w, &o->appeal);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        text(w, texts[i]);
    if (state >= OWED_STATES)
        w->bad = true;
}

static void
walk_acts(struct walk *w, struct question *it)
{
    count(w, &it->n_acts, BOUNDS_ACTS);
    if (w->reading && it->n_acts > 0) /* room until it is made larger again */
        it->acts = mem_array(2 * it->n_acts + 2, sizeof(*it->acts));
    for (size_t i = 0; i < it->n_acts; i++)
        number(w, &it->acts[i]);
}

static void
walk_question(struct walk *w, struct question *it)
{
    uint64_t status = it->status, from = it->merged_from, lang = it->lang, pii = it->pii;
    char **texts[] = {&it->original,   &it->source, &it->urgent,      &it->held,
                      &it->claimed_by, &it->note,   &it->answer_note, &it->reason,
                      &it->unit,       &it->due,    &it->taken_by,    &it->why,
                      &it->last_actor};
    uint64_t *numbers[] = {&it->n,       &it->no,       &it->broadcast,
                           &it->version, &it->count,    &it->merged_into,
                           &it->key,     &it->last_act, &it->verdict_seq,
                           &status,      &from,         &lang,
                           &pii,         &it->unkept,   &it->heard};
    int64_t *times[] = {&it->claimed_at_ms,  &it->taken_at_ms,  &it->created_at_ms,
                        &it->updated_at_ms,  &it->queued_at_ms, &it->aired_at_ms,
                        &it->answered_at_ms, &it->auto_at_ms};
    bool *flags[] = {&it->question,   &it->abuse,  &it->spam,    &it->pinned,
                     &it->note_acked, &it->edited, &it->deleted, &it->muted};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        number(w, numbers[i]);
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        when(w, times[i]);
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        flag(w, flags[i]);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        text(w, texts[i]);
    for (size_t i = 0; i < LANG_TEXTS; i++)
        text(w, &it->text[i]);
    it->status = (enum status)status;
    it->merged_from = (enum status)from;
    it->lang = (enum judge_lang)lang;
    it->pii = (unsigned)pii;
    if (status > STATUS_MERGED || lang > LANG_OTHER)
        w->bad = true;
    count(w, &it->n_topics, BOUNDS_TOPICS);
    if (w->reading && it->n_topics > 0)
        it->topics = mem_array(it->n_topics, sizeof(*it->topics));
    for (size_t i = 0; i < it->n_topics; i++)
        text(w, &it->topics[i]);
    walk_like(w, it->like, &it->n_like);
    walk_like(w, it->before, &it->n_before);
    walk_owed(w, &it->owed);
    walk_acts(w, it);
    walk_replies(w, it);
    count(w, &it->n_askers, BOUNDS_ASKERS);
    if (w->reading && it->n_askers > 0)
        it->askers = mem_array(it->n_askers, sizeof(*it->askers));
    for (size_t i = 0; i < it->n_askers; i++)
        walk_asker(w, &it->askers[i]);
}

static void
walk_line(struct walk *w, struct chat_line *l)
{
    char **texts[] = {&l->id,   &l->source,   &l->author_id, &l->author_name,
                      &l->text, &l->reply_to, &l->verdict,   &l->masked};
    uint64_t roles = l->roles;

    number(w, &l->mid);
    number(w, &l->n);
    number(w, &roles);
    l->roles = (unsigned)roles;
    when(w, &l->at_ms);
    when(w, &l->received_ms);
    flag(w, &l->deleted);
    flag(w, &l->backlog);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        text(w, texts[i]);
}

static void
walk_questions(struct walk *w, struct queue *q)
{
    size_t n = q->n_questions, line = q->n_line;

    count(w, &n, BOUNDS_QUESTIONS);
    for (size_t i = 0; i < n && !w->bad; i++) {
        struct question *item =
            w->reading ? state_make_question(q, i + 1) : q->questions[i];
        walk_question(w, item);
        if (item->n != i + 1)
            w->bad = true;
    }
    count(w, &line, BOUNDS_QUESTIONS);
    for (size_t i = 0; i < line && !w->bad; i++) {
        uint64_t number_in_line = w->reading ? 0 : q->line[i]->n;
        number(w, &number_in_line);
        const struct question *item = state_question(q, number_in_line);
        if (item == NULL)
            w->bad = true;
        else if (w->reading)
            state_line_insert(q, item, SIZE_MAX);
    }
}

static void
walk_recent(struct walk *w, struct queue *q)
{
    size_t n = q->n_recent;

    count(w, &n, BOUNDS_RECENT);
    for (size_t i = 0; i < n && !w->bad; i++)
        walk_line(w, w->reading ? state_add_line(q, 0)
                                : q->recent[(q->recent_head + i) % BOUNDS_RECENT]);
}

/* Pairs of hash and mid, in order of arrival. */
static void
walk_seen(struct walk *w, struct queue *q)
{
    size_t n = q->n_seen;

    count(w, &n, BOUNDS_SEEN);
    for (size_t i = 0; i < n && !w->bad; i++) {
        uint64_t hash = 0, mid = 0;
        if (!w->reading) {
            hash = q->seen_ring[(q->seen_head + i) % BOUNDS_SEEN];
            (void)map_get(q->seen, hash, &mid);
        }
        number(w, &hash);
        number(w, &mid);
        if (w->reading)
            state_remember(q, hash, mid);
    }
}

/* Sorted, so that equal sets give equal bytes. */
static void
walk_muted(struct walk *w, struct queue *q)
{
    size_t n = map_count(q->muted);
    uint64_t last = 0;

    count(w, &n, BOUNDS_SEEN);
    for (size_t i = 0; i < n && !w->bad; i++) {
        uint64_t best = UINT64_MAX, key, value;
        size_t pos = 0;
        while (!w->reading && map_next(q->muted, &pos, &key, &value)) {
            if ((i == 0 || key > last) && key < best)
                best = key;
        }
        number(w, &best);
        last = best;
        if (w->reading)
            map_put(q->muted, best, 1);
    }
}

static void
walk_broadcasts(struct walk *w, struct queue *q)
{
    count(w, &q->n_broadcasts, 100000);
    if (w->reading)
        q->broadcasts = mem_array(q->n_broadcasts, sizeof(*q->broadcasts));
    for (size_t i = 0; i < q->n_broadcasts; i++) {
        struct broadcast *b = &q->broadcasts[i];
        uint64_t status = b->status;
        number(w, &b->id);
        number(w, &status);
        b->status = (enum broadcast_status)status;
        flag(w, &b->rehearsal);
        flag(w, &b->auto_queue);
        text(w, &b->title);
        when(w, &b->opened_at_ms);
        when(w, &b->started_at_ms);
        when(w, &b->ended_at_ms);
        number(w, &b->questions);
        number(w, &b->messages);
    }
}

static void
walk_sources(struct walk *w, struct queue *q)
{
    count(w, &q->n_sources, BOUNDS_SOURCES * 32);
    if (w->reading)
        q->sources = mem_array(q->n_sources, sizeof(*q->sources));
    for (size_t i = 0; i < q->n_sources; i++) {
        struct queue_source *s = &q->sources[i];
        text(w, &s->name);
        text(w, &s->kind);
        text(w, &s->target);
        text(w, &s->url);
        flag(w, &s->enabled);
        flag(w, &s->added);
        if (s->name == NULL)
            w->bad = true;
    }
}

static void
walk_stops(struct walk *w, struct queue *q)
{
    count(w, &q->n_stops, REPLY_STOPS);
    if (w->reading)
        q->stops = mem_array(q->n_stops, sizeof(*q->stops));
    for (size_t i = 0; i < q->n_stops; i++) {
        struct reply_stop *s = &q->stops[i];
        text(w, &s->source);
        text(w, &s->reason);
        text(w, &s->detail);
        text(w, &s->by);
        when(w, &s->at_ms);
        if (s->source == NULL || s->by == NULL)
            w->bad = true;
    }
}

static void
walk_promises(struct walk *w, struct queue *q)
{
    count(w, &q->n_promises, BOUNDS_PROMISES);
    if (w->reading)
        q->promises = mem_array(2 * q->n_promises + 2, sizeof(*q->promises));
    for (size_t i = 0; i < q->n_promises; i++) {
        struct promise *p = &q->promises[i];
        uint64_t state = p->state;
        uint64_t *numbers[] = {&p->id, &p->version, &p->broadcast, &p->n, &state};
        char **texts[] = {&p->text, &p->until, &p->unit,
                          &p->by,   &p->note,  &p->changed_by};
        for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++)
            number(w, numbers[k]);
        for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++)
            text(w, texts[k]);
        when(w, &p->at_ms);
        when(w, &p->place_ms);
        when(w, &p->changed_ms);
        p->state = (enum promise_state)state;
        if (state >= PROMISE_STATES || p->text == NULL || p->by == NULL)
            w->bad = true;
    }
}

static void
walk_edits(struct walk *w, struct queue *q)
{
    count(w, &q->n_edits, BOUNDS_FILTER_EDITS);
    if (w->reading)
        q->edits = mem_array(q->n_edits, sizeof(*q->edits));
    for (size_t i = 0; i < q->n_edits; i++) {
        struct filter_edit *x = &q->edits[i];
        text(w, &x->file);
        text(w, &x->content);
        number(w, &x->seq);
        if (x->file == NULL || x->content == NULL)
            w->bad = true;
    }
    count(w, &q->n_changes, BOUNDS_FILTER_CHANGES);
    if (w->reading)
        q->changes = mem_array(q->n_changes, sizeof(*q->changes));
    for (size_t i = 0; i < q->n_changes; i++) {
        struct filter_change *c = &q->changes[i];
        number(w, &c->seq);
        when(w, &c->at_ms);
        number(w, &c->version);
        text(w, &c->file);
        text(w, &c->by);
        text(w, &c->note);
        flag(w, &c->revert);
        if (c->file == NULL)
            w->bad = true;
    }
}

static void
walk_undo(struct walk *w, struct queue *q)
{
    count(w, &q->undo_next, UNDO_RECORDS - 1);
    for (size_t i = 0; i < UNDO_RECORDS; i++) {
        number(w, &q->undo[i].seq);
        text(w, &q->undo[i].actor);
        text(w, &q->undo[i].items);
    }
}

static void
walk_activity(struct walk *w, struct activity *a)
{
    uint64_t kinds = EVENT_KINDS;

    count(w, &a->n_minutes, BOUNDS_STATS_MINUTES);
    for (size_t i = 0; i < a->n_minutes; i++) {
        struct activity_minute *m = &a->minutes[(a->head + i) % BOUNDS_STATS_MINUTES];
        number(w, &m->broadcast);
        when(w, &m->minute);
        number(w, &m->messages);
    }
    number(w, &kinds);
    if (kinds != EVENT_KINDS)
        w->bad = true;
    count(w, &a->n_people, BOUNDS_STATS_PEOPLE);
    for (size_t i = 0; i < a->n_people; i++) {
        struct activity_person *p = &a->people[i];
        number(w, &p->broadcast);
        text(w, &p->actor);
        for (size_t k = 0; k < EVENT_KINDS; k++)
            number(w, &p->count[k]);
        if (p->actor == NULL)
            w->bad = true;
    }
}

static void
walk_all(struct walk *w, struct queue *q)
{
    uint64_t magic = PACK_MAGIC;

    number(w, &magic);
    if (magic != PACK_MAGIC)
        w->bad = true;
    number(w, &q->seq);
    number(w, &q->filters);
    number(w, &q->on_air);
    number(w, &q->overlay);
    number(w, &q->messages);
    walk_questions(w, q);
    walk_recent(w, q);
    walk_seen(w, q);
    walk_muted(w, q);
    walk_broadcasts(w, q);
    walk_sources(w, q);
    walk_stops(w, q);
    walk_promises(w, q);
    walk_edits(w, q);
    walk_undo(w, q);
    walk_activity(w, &q->activity);
    number(w, &q->rehearsal_from);
    number(w, &q->rehearsed.from);
    number(w, &q->rehearsed.to);
}

/* The newest open question of each wording and those to compare with, the question behind
 * each message. */
static void
derive(struct queue *q)
{
    for (size_t i = 0; i < q->n_questions; i++) {
        const struct question *item = q->questions[i];
        if (item->key != 0)
            map_put(q->by_key, item->key, item->n);
        repeat_follow(q, item->n);
        for (size_t a = 0; a < item->n_askers; a++) {
            if (item->askers[a].mid != 0)
                map_put(q->by_mid, item->askers[a].mid, item->n);
        }
    }
    for (size_t i = 0; i < q->n_recent; i++) {
        const struct chat_line *line = queue_recent_at(q, i);
        if (line->n != 0)
            map_put(q->by_mid, line->mid, line->n);
    }
}

static void
pack_one(const struct queue *q, struct buf *out)
{
    struct walk w = {.out = out};

    /* The walk only reads when it writes. */
    walk_all(&w, (struct queue *)q);
}

/* During a rehearsal the state without it comes first, behind its length. */
void
queue_pack(const struct queue *q, struct buf *out)
{
    struct buf real = BUF_INIT;
    uint8_t digest[DIGEST];
    size_t begin = out->len;

    if (q->real != NULL)
        pack_one(q->real, &real);
    uint64_t len = real.len;
    buf_add(out, &len, sizeof(len));
    buf_add_str(out, buf_str(&real));
    buf_fini(&real);
    pack_one(q, out);
    crypto_generichash(digest, sizeof(digest), (const uint8_t *)out->data + begin,
                       out->len - begin, NULL, 0);
    buf_add(out, digest, sizeof(digest));
}

static struct queue *
unpack_one(const struct map_key *key, struct str packed)
{
    struct queue *q = queue_new(key);
    struct walk w = {.reading = true, .in = packed};

    walk_all(&w, q);
    if (w.bad || w.pos != packed.len)
        queue_free(&q);
    else
        derive(q);
    return q;
}

static struct queue *
unpack_both(const struct map_key *key, struct str packed)
{
    struct queue *q, *real = NULL;
    uint64_t len;

    if (packed.len < sizeof(len))
        return NULL;
    memcpy(&len, packed.p, sizeof(len));
    packed = (struct str){packed.p + sizeof(len), packed.len - sizeof(len)};
    if (len > packed.len)
        return NULL;
    if (len > 0 && (real = unpack_one(key, (struct str){packed.p, (size_t)len})) == NULL)
        return NULL;
    q = unpack_one(key, (struct str){packed.p + len, packed.len - (size_t)len});
    if (q == NULL)
        queue_free(&real);
    else
        q->real = real;
    return q;
}

struct queue *
queue_unpack(const struct map_key *key, struct str packed, struct err *e)
{
    uint8_t digest[DIGEST];

    if (packed.len < DIGEST) {
        (void)err_set(e, ERR_PARSE, "the snapshot is cut");
        return NULL;
    }
    size_t len = packed.len - DIGEST;
    crypto_generichash(digest, sizeof(digest), (const uint8_t *)packed.p, len, NULL, 0);
    if (memcmp(digest, packed.p + len, DIGEST) != 0) {
        (void)err_set(e, ERR_PARSE, "the snapshot is damaged");
        return NULL;
    }
    struct queue *q = unpack_both(key, (struct str){packed.p, len});
    if (q == NULL)
        (void)err_set(e, ERR_PARSE, "the snapshot is of another version");
    return q;
}

uint64_t
queue_digest(const struct queue *q)
{
    struct buf b = BUF_INIT;
    uint64_t d;

    queue_pack(q, &b);
    memcpy(&d, b.data + b.len - DIGEST, sizeof(d));
    buf_fini(&b);
    return d;
}
