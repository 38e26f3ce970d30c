/* SPDX-License-Identifier: Apache-2.0 */
/* state.c - the queue's memory: what it holds and how pieces of it are found.
 *
 * Questions live in one array indexed by their number, which is never reused; the line is
 * an ordered array of the queued ones. The recent chat is a ring in order of mid.
 * Platform ids are remembered as 64-bit keyed hashes in a bounded ring, so that a million
 * lines cost some tens of megabytes. Nothing here decides or applies anything. */
#include "queue/state.h"

#include <stdlib.h>

#include "base/mem.h"

struct queue *
queue_new(const struct map_key *key)
{
    struct queue *q = mem_zalloc(sizeof(*q));

    q->key = *key;
    q->recent = mem_array(BOUNDS_RECENT, sizeof(struct chat_line *));
    q->seen_ring = mem_array(BOUNDS_SEEN, sizeof(*q->seen_ring));
    q->seen = map_new();
    q->by_mid = map_new();
    q->by_key = map_new();
    q->muted = map_new();
    q->likeness = likeness_new(key);
    q->answered = likeness_new(key);
    q->scratch = judge_scratch_new();
    activity_init(&q->activity);
    return q;
}

void
question_free(struct question *item)
{
    char *texts[] = {item->original,   item->source, item->urgent,      item->held,
                     item->claimed_by, item->note,   item->answer_note, item->reason,
                     item->unit,       item->due,    item->taken_by,    item->why,
                     item->last_actor};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        mem_free(texts[i]);
    for (size_t i = 0; i < LANG_TEXTS; i++)
        mem_free(item->text[i]);
    for (size_t i = 0; i < item->n_topics; i++)
        mem_free(item->topics[i]);
    for (size_t i = 0; i < item->n_askers; i++) {
        mem_free(item->askers[i].name);
        mem_free(item->askers[i].text);
    }
    for (size_t i = 0; i < item->n_replies; i++)
        question_reply_fini(&item->replies[i]);
    owed_fini(&item->owed);
    mem_free(item->acts);
    mem_free(item->replies);
    mem_free(item->topics);
    mem_free(item->askers);
    mem_free(item);
}

void
chat_line_free(struct chat_line *line)
{
    char *texts[] = {line->id,   line->source,   line->author_id, line->author_name,
                     line->text, line->reply_to, line->verdict,   line->masked};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        mem_free(texts[i]);
    mem_free(line);
}

void
queue_source_fini(struct queue_source *s)
{
    mem_free(s->name);
    mem_free(s->kind);
    mem_free(s->target);
    mem_free(s->url);
}

static void
free_one(struct queue *q)
{
    for (size_t i = 0; i < q->n_questions; i++)
        question_free(q->questions[i]);
    for (size_t i = 0; i < q->n_recent; i++)
        chat_line_free(q->recent[(q->recent_head + i) % BOUNDS_RECENT]);
    for (size_t i = 0; i < q->n_broadcasts; i++)
        mem_free(q->broadcasts[i].title);
    for (size_t i = 0; i < q->n_sources; i++)
        queue_source_fini(&q->sources[i]);
    for (size_t i = 0; i < q->n_promises; i++)
        promise_fini(&q->promises[i]);
    mem_free(q->promises);
    for (size_t i = 0; i < q->n_stops; i++)
        reply_stop_fini(&q->stops[i]);
    mem_free(q->stops);
    edits_fini(q);
    activity_fini(&q->activity);
    for (size_t i = 0; i < UNDO_RECORDS; i++) {
        mem_free(q->undo[i].actor);
        mem_free(q->undo[i].items);
    }
    map_free(&q->seen);
    map_free(&q->by_mid);
    map_free(&q->by_key);
    map_free(&q->muted);
    likeness_free(&q->likeness);
    likeness_free(&q->answered);
    judge_scratch_free(&q->scratch);
    mem_free(q->questions);
    mem_free(q->line);
    mem_free(q->recent);
    mem_free(q->seen_ring);
    mem_free(q->broadcasts);
    mem_free(q->sources);
    mem_free(q->touched_all);
    mem_free(q);
}

void
queue_free(struct queue **qp)
{
    struct queue *q = *qp;

    *qp = NULL;
    while (q != NULL) { /* and the one beside it */
        struct queue *real = q->real;
        free_one(q);
        q = real;
    }
}

/* --- members of a body */

uint64_t
body_u64(const json_t *o, const char *name)
{
    return (uint64_t)json_integer_value(json_object_get(o, name));
}

const char *
body_text(const json_t *o, const char *name)
{
    return json_string_value(json_object_get(o, name));
}

bool
body_bool(const json_t *o, const char *name)
{
    return json_is_true(json_object_get(o, name));
}

uint64_t
body_hash(const json_t *o, const char *name)
{
    const char *hex = body_text(o, name);

    return hex == NULL ? 0 : strtoull(hex, NULL, 16);
}

void
body_add_hash(struct buf *b, const char *name, uint64_t hash)
{
    buf_addf(b, "\"%s\":\"%016llx\"", name, (unsigned long long)hash);
}

/* --- questions and the line */

struct question *
state_question(struct queue *q, uint64_t n)
{
    return n == 0 || n > q->n_questions ? NULL : q->questions[n - 1];
}

struct question *
state_known(struct queue *q, uint64_t n)
{
    struct question *item = state_question(q, n);

    return item == NULL || item->version == 0 ? NULL : item;
}

struct question *
state_make_question(struct queue *q, uint64_t n)
{
    while (q->n_questions < n) {
        if (q->n_questions == q->cap_questions) {
            q->cap_questions = q->cap_questions == 0 ? 64 : q->cap_questions * 2;
            q->questions =
                mem_resize(q->questions, q->cap_questions, sizeof(struct question *));
        }
        struct question *item = mem_zalloc(sizeof(*item));
        item->n = q->n_questions + 1;
        item->status = STATUS_REJECTED;
        q->questions[q->n_questions++] = item;
    }
    return q->questions[n - 1];
}

bool
state_is_open(const struct question *item)
{
    return item->status == STATUS_NEW || item->status == STATUS_QUEUED ||
           item->status == STATUS_ON_AIR || item->status == STATUS_FOLLOW_UP;
}

void
state_line_remove(struct queue *q, const struct question *item)
{
    size_t at = 0;

    while (at < q->n_line && q->line[at] != item)
        at++;
    if (at == q->n_line)
        return;
    q->n_line--;
    for (; at < q->n_line; at++)
        q->line[at] = q->line[at + 1];
}

void
state_line_insert(struct queue *q, const struct question *item, size_t at)
{
    state_line_remove(q, item);
    if (at > q->n_line)
        at = q->n_line;
    if (q->n_line == q->cap_line) {
        q->cap_line = q->cap_line == 0 ? 32 : q->cap_line * 2;
        q->line = mem_resize(q->line, q->cap_line, sizeof(struct question *));
    }
    for (size_t i = q->n_line++; i > at; i--)
        q->line[i] = q->line[i - 1];
    q->line[at] = item;
}

void
state_touch(struct queue *q, uint64_t n)
{
    for (size_t i = 0; i < q->touched.n_len; i++) {
        if (q->touched.n[i] == n)
            return;
    }
    if (q->touched.n_len == q->touched_cap) {
        q->touched_cap = q->touched_cap == 0 ? 16 : q->touched_cap * 2;
        q->touched_all =
            mem_resize(q->touched_all, q->touched_cap, sizeof(*q->touched_all));
    }
    q->touched_all[q->touched.n_len++] = n;
    q->touched.n = q->touched_all;
}

void
state_note_act(struct question *item, const struct event *ev)
{
    if (item->n_acts == BOUNDS_ACTS)
        memmove(item->acts, item->acts + 1, --item->n_acts * sizeof(*item->acts));
    else if ((item->n_acts & (item->n_acts + 1)) == 0)
        item->acts = mem_resize(item->acts, 2 * item->n_acts + 2, sizeof(*item->acts));
    item->acts[item->n_acts++] = ev->seq;
}

void
state_acted(struct queue *q, struct question *item, const struct event *ev)
{
    item->version++;
    item->auto_at_ms = 0; /* somebody has it in hand */
    item->updated_at_ms = ev->at_ms;
    item->last_act = ev->seq;
    state_set_text(&item->last_actor, ev->actor);
    state_note_act(item, ev);
    state_touch(q, item->n);
}

void
state_set_text(char **field, const char *text)
{
    char *copy = mem_strdup(text);

    mem_free(*field);
    *field = copy;
}

void
state_set_topics(struct question *item, const json_t *topics)
{
    for (size_t i = 0; i < item->n_topics; i++)
        mem_free(item->topics[i]);
    MEM_FREE(item->topics);
    item->n_topics = 0;
    size_t n = json_array_size(topics);
    if (n == 0)
        return;
    item->topics = mem_array(n, sizeof(*item->topics));
    for (size_t i = 0; i < n && i < BOUNDS_TOPICS; i++)
        item->topics[item->n_topics++] =
            mem_strdup(json_string_value(json_array_get(topics, i)));
}

/* --- broadcasts, authors, messages */

struct broadcast *
state_broadcast(struct queue *q)
{
    return q->n_broadcasts == 0 ? NULL : &q->broadcasts[q->n_broadcasts - 1];
}

uint64_t
state_author(const struct queue *q, struct str source, struct str id, struct str name)
{
    return map_hash(&q->key, source, id.len > 0 ? id : name);
}

void
state_remember(struct queue *q, uint64_t hash, uint64_t mid)
{
    if (q->n_seen == BOUNDS_SEEN) {
        (void)map_remove(q->seen, q->seen_ring[q->seen_head]);
        q->seen_head = (q->seen_head + 1) % BOUNDS_SEEN;
        q->n_seen--;
    }
    q->seen_ring[(q->seen_head + q->n_seen++) % BOUNDS_SEEN] = hash;
    map_put(q->seen, hash, mid);
}

struct chat_line *
state_add_line(struct queue *q, uint64_t mid)
{
    struct chat_line *line = mem_zalloc(sizeof(*line));

    line->mid = mid;
    if (q->n_recent == BOUNDS_RECENT) {
        chat_line_free(q->recent[q->recent_head]);
        q->recent_head = (q->recent_head + 1) % BOUNDS_RECENT;
        q->n_recent--;
    }
    q->recent[(q->recent_head + q->n_recent++) % BOUNDS_RECENT] = line;
    return line;
}

struct chat_line *
state_line_of(const struct queue *q, uint64_t mid)
{
    size_t low = 0, high = q->n_recent;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct chat_line *line = q->recent[(q->recent_head + middle) % BOUNDS_RECENT];
        if (line->mid == mid)
            return line;
        if (line->mid < mid)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
