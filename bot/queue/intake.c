/* SPDX-License-Identifier: Apache-2.0 */
/* intake.c - what comes in: chat lines, deletions, questions by hand, muted authors.
 *
 * A line with a platform id that was seen is no event at all. A question, an urgent and a
 * held line become items; one that says what an open item says (repeat.c) joins it as an
 * asker, and one author counts once. The event says which number it made or joined, so
 * applying it needs no filter. The verdict is the last member of a message's
 * body: its raw text is kept for the pages as it is. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "queue/state.h"

/* Where the masked original goes: 0 kk, 1 ru, 2 en. */
static int
language_slot(enum judge_lang lang, struct str first_lang)
{
    switch (lang) {
    case LANG_KK:
        return 0;
    case LANG_RU:
        return 1;
    case LANG_EN:
        return 2;
    case LANG_MIXED:
    case LANG_LATN:
    case LANG_OTHER:
        break;
    }
    return str_eq(first_lang, STR_LIT("ru"))   ? 1
           : str_eq(first_lang, STR_LIT("en")) ? 2
                                               : 0;
}

/* ,"join":.. or ,"n":..,"no":..,"to":..,"key":"..","like":[..]: what becomes of the line.
 */
static int
add_new(const struct queue *q, const struct command *cmd, const struct repeat *r,
        struct buf *b, struct err *e)
{
    if (q->n_questions >= BOUNDS_QUESTIONS)
        return err_set(e, ERR_LIMIT, "the stream has %d items: start a new journal",
                       BOUNDS_QUESTIONS);
    buf_addf(b, ",\"n\":%llu,\"no\":%llu,\"to\":%d,",
             (unsigned long long)q->n_questions + 1,
             (unsigned long long)queue_broadcast(q)->questions + 1,
             language_slot(cmd->verdict->lang, cmd->first_lang));
    body_add_hash(b, "key", repeat_key(q, cmd->verdict->key));
    if (auto_wants(q, cmd, r))
        buf_addf(b, ",\"auto\":%" PRId64, cmd->at_ms + cmd->auto_wait_ms);
    repeat_add_like(r, b);
    return 0;
}

static int
add_outcome(const struct queue *q, const struct command *cmd, struct buf *b,
            struct err *e)
{
    struct repeat r;

    repeat_find(q, cmd->verdict, &r);
    if (r.join == 0)
        return add_new(q, cmd, &r, b, e);
    repeat_add_join(&r, b);
    return 0;
}

static bool
makes_item(const struct queue *q, const struct command *cmd, uint64_t author)
{
    const struct verdict *v = cmd->verdict;
    const struct message *m = cmd->message;

    if (map_get(q->muted, author, NULL) || (m->roles & MESSAGE_BOT) != 0)
        return false;
    return v->urgent != NULL || v->held != NULL || (v->question && !v->spam);
}

static void
add_member(struct buf *b, const char *name, struct str value)
{
    buf_addf(b, ",\"%s\":", name);
    buf_add_json(b, value);
}

static void
add_verdict(const struct verdict *v, struct buf *b)
{
    buf_add_cstr(b, ",\"verdict\":{");
    verdict_write_json(v, b);
    buf_add_cstr(b, "}}");
}

static int
decide_line(const struct queue *q, const struct command *cmd, struct event *ev,
            struct err *e)
{
    const struct message *m = cmd->message;
    struct buf *b = &ev->body;
    uint64_t hash = m->id.len > 0 ? map_hash(&q->key, cmd->source, m->id) : 0;
    uint64_t author = state_author(q, cmd->source, m->author_id, m->author_name);

    if (hash != 0 && map_get(q->seen, hash, NULL))
        return 1;
    ev->kind = EVENT_MESSAGE;
    buf_add_char(b, '{');
    body_add_hash(b, "seen", hash);
    buf_add_char(b, ',');
    body_add_hash(b, "author", author);
    add_member(b, "source", cmd->source);
    add_member(b, "id", utf8_prefix(m->id, BOUNDS_ID));
    add_member(b, "author_id", utf8_prefix(m->author_id, BOUNDS_ID));
    add_member(b, "name", utf8_prefix(m->author_name, BOUNDS_NAME));
    add_member(b, "text", m->text);
    add_member(b, "reply_to", utf8_prefix(m->reply_to, BOUNDS_ID));
    buf_addf(b, ",\"roles\":%u,\"at\":%lld,\"received\":%lld,\"backlog\":%s", m->roles,
             (long long)m->at_ms,
             (long long)(m->received_ms != 0 ? m->received_ms : cmd->at_ms),
             m->backlog ? "true" : "false");
    if (makes_item(q, cmd, author) && add_outcome(q, cmd, b, e) < 0)
        return -1;
    add_verdict(cmd->verdict, b);
    return 0;
}

static int
decide_delete(const struct queue *q, const struct command *cmd, struct event *ev)
{
    const struct message *m = cmd->message;
    struct buf *b = &ev->body;
    uint64_t mid = 0;

    ev->kind = EVENT_DELETE;
    if (m->kind == MESSAGE_DELETE) {
        if (!map_get(q->seen, map_hash(&q->key, cmd->source, m->id), &mid))
            return 1;
        buf_addf(b, "{\"mid\":%llu}", (unsigned long long)mid);
        return 0;
    }
    buf_add_cstr(b, "{\"source\":");
    buf_add_json(b, cmd->source);
    if (m->kind == MESSAGE_DELETE_AUTHOR) {
        buf_add_char(b, ',');
        body_add_hash(b, "author",
                      state_author(q, cmd->source, m->author_id, m->author_name));
    }
    buf_add_char(b, '}');
    return 0;
}

int
intake_decide(const struct queue *q, const struct command *cmd, struct event *ev,
              struct err *e)
{
    if (cmd->message->kind == MESSAGE_CHAT)
        return decide_line(q, cmd, ev, e);
    return decide_delete(q, cmd, ev);
}

static int
may_add(const struct command *cmd, struct err *e)
{
    if (cmd->role != ROLE_MODERATOR && cmd->role != ROLE_ADMIN)
        return err_set(e, ERR_PERM, "only moderators add questions");
    return 0;
}

int
ask_decide(const struct queue *q, const struct command *cmd, struct event *ev,
           struct err *e)
{
    const struct chat_line *line = queue_message(q, cmd->mid);
    struct buf *b = &ev->body;

    if (line == NULL)
        return err_set(e, ERR_MISSING, "this line is no longer among the recent chat");
    if (line->n != 0)
        return err_set(e, ERR_BAD_STATE, "this line is question %llu already",
                       (unsigned long long)line->n);
    ev->kind = EVENT_ASK;
    buf_addf(b, "{\"mid\":%llu,", (unsigned long long)cmd->mid);
    body_add_hash(b, "author",
                  state_author(q, str_from(line->source), str_from(line->author_id),
                               str_from(line->author_name)));
    add_member(b, "source", str_from(line->source));
    add_member(b, "name", str_from(line->author_name));
    add_member(b, "text", str_from(line->text));
    if (may_add(cmd, e) < 0 || add_outcome(q, cmd, b, e) < 0)
        return -1;
    add_verdict(cmd->verdict, b);
    return 0;
}

int
create_decide(const struct queue *q, const struct command *cmd, struct event *ev,
              struct err *e)
{
    static const char *const names[LANG_TEXTS] = {"kk", "ru", "en"};
    struct buf *b = &ev->body;
    struct str text = STR_NONE;
    struct repeat r;

    ev->kind = EVENT_CREATE;
    buf_add_char(b, '{');
    body_add_hash(b, "author", state_author(q, STR_NONE, STR_NONE, cmd->author_name));
    add_member(b, "source", STR_NONE);
    add_member(b, "name", utf8_prefix(cmd->author_name, BOUNDS_NAME));
    buf_add_cstr(b, ",\"texts\":{");
    for (int i = 0; i < LANG_TEXTS; i++) {
        if (cmd->text[i].p == NULL)
            continue;
        buf_addf(b, "%s\"%s\":", text.p == NULL ? "" : ",", names[i]);
        buf_add_json(b, cmd->text[i]);
        text = text.p == NULL ? cmd->text[i] : text;
    }
    buf_add_char(b, '}');
    if (str_trim(text).len == 0)
        return err_set(e, ERR_VALUE, "the question has no text");
    if (utf8_count(text) > BOUNDS_WORDING)
        return err_set(e, ERR_LIMIT, "the text is longer than %d letters",
                       BOUNDS_WORDING);
    add_member(b, "text", text);
    repeat_find_like(q, cmd->verdict, &r); /* by hand: named, and nothing joins */
    if (may_add(cmd, e) < 0 || add_new(q, cmd, &r, b, e) < 0)
        return -1;
    add_verdict(cmd->verdict, b);
    return 0;
}

/* --- apply */

static struct asker *
find_asker(const struct question *item, uint64_t author)
{
    for (size_t i = 0; i < item->n_askers; i++) {
        if (item->askers[i].author == author)
            return &item->askers[i];
    }
    return NULL;
}

static void
add_asker(struct queue *q, struct question *item, const struct asker *a)
{
    if (a->mid != 0)
        map_put(q->by_mid, a->mid, item->n);
    struct asker *known = find_asker(item, a->author);
    if (known != NULL) {
        if (known->deleted && a->mid != 0) { /* asks again */
            known->deleted = false;
            known->mid = a->mid;
        }
        return;
    }
    item->count++;
    if (item->n_askers == BOUNDS_ASKERS) {
        item->unkept++;
        return;
    }
    item->askers = mem_resize(item->askers, item->n_askers + 1, sizeof(*item->askers));
    struct asker *mine = &item->askers[item->n_askers++];
    *mine = *a;
    mine->name = mem_strdup(a->name);
    bool same = a->text == NULL ||
                (item->original != NULL && strcmp(item->original, a->text) == 0);
    mine->text = same ? NULL : mem_strdup(a->text);
}

static void
read_verdict(struct question *item, const json_t *v)
{
    const json_t *pii = json_object_get(v, "pii");
    const char *lang = body_text(v, "lang");
    struct err e = ERR_INIT;

    if (lang != NULL && judge_lang_from_name(str_from(lang), &item->lang, &e) < 0)
        item->lang = LANG_OTHER;
    item->question = body_bool(v, "question");
    item->abuse = body_bool(v, "abuse");
    item->spam = body_bool(v, "spam");
    state_set_text(&item->urgent, body_text(v, "urgent"));
    state_set_text(&item->held, body_text(v, "held"));
    state_set_topics(item, json_object_get(v, "topics"));
    for (size_t i = 0; i < json_array_size(pii); i++) {
        const char *kind = body_text(json_array_get(pii, i), "kind");
        for (unsigned k = 0; kind != NULL && k <= PII_NAME; k++) {
            if (strcmp(kind, judge_pii_name((enum judge_pii)k)) == 0)
                item->pii |= 1u << k;
        }
    }
    char *why = json_dumps(json_object_get(v, "why"), JSON_COMPACT);
    state_set_text(&item->why, why);
    mem_free(why);
}

static struct question *
make_item(struct queue *q, const struct event *ev, const json_t *body)
{
    static const char *const names[LANG_TEXTS] = {"kk", "ru", "en"};
    struct question *item = state_make_question(q, body_u64(body, "n"));
    const json_t *verdict = json_object_get(body, "verdict");
    const json_t *texts = json_object_get(body, "texts");
    struct broadcast *now = state_broadcast(q);
    uint64_t to = body_u64(body, "to");

    item->no = body_u64(body, "no");
    item->broadcast = ev->broadcast;
    item->status = STATUS_NEW;
    item->version = 1;
    item->verdict_seq = ev->seq;
    item->created_at_ms = item->updated_at_ms = ev->at_ms;
    item->key = body_hash(body, "key");
    item->auto_at_ms = (int64_t)body_u64(body, "auto");
    state_set_text(&item->original, body_text(body, "text"));
    state_set_text(&item->source, body_text(body, "source"));
    read_verdict(item, verdict);
    repeat_read_like(item, body);
    repeat_heard(q, item);
    for (int i = 0; i < LANG_TEXTS; i++)
        state_set_text(&item->text[i], body_text(texts, names[i]));
    if (texts == NULL && to < LANG_TEXTS)
        state_set_text(&item->text[to], body_text(verdict, "masked"));
    if (now != NULL && now->questions < item->no)
        now->questions = item->no;
    if (item->key != 0)
        map_put(q->by_key, item->key, item->n);
    return item;
}

/* The raw text of the verdict: the last member of the body. */
static char *
raw_verdict(const struct event *ev)
{
    static const char mark[] = ",\"verdict\":";
    const char *at = memmem(ev->body.data, ev->body.len, mark, sizeof(mark) - 1);

    if (at == NULL)
        return NULL;
    at += sizeof(mark) - 1;
    return mem_strndup(at, (size_t)(ev->body.data + ev->body.len - 1 - at));
}

static struct chat_line *
keep_line(struct queue *q, const struct event *ev, const json_t *body)
{
    struct chat_line *line = state_add_line(q, ev->seq);

    state_set_text(&line->id, body_text(body, "id"));
    state_set_text(&line->source, body_text(body, "source"));
    state_set_text(&line->author_id, body_text(body, "author_id"));
    state_set_text(&line->author_name, body_text(body, "name"));
    state_set_text(&line->text, body_text(body, "text"));
    state_set_text(&line->reply_to, body_text(body, "reply_to"));
    state_set_text(&line->masked, body_text(json_object_get(body, "verdict"), "masked"));
    line->verdict = raw_verdict(ev);
    line->roles = (unsigned)body_u64(body, "roles");
    line->at_ms = (int64_t)body_u64(body, "at");
    line->received_ms = (int64_t)body_u64(body, "received");
    line->backlog = body_bool(body, "backlog");
    return line;
}

/* A repeat brings a question back that every asker before had taken back, or whose askers
 * were all muted: who is muted never comes this far. */
static void
join(struct queue *q, struct question *item, const struct asker *a,
     const struct event *ev)
{
    add_asker(q, item, a);
    item->deleted = item->muted = false;
    item->updated_at_ms = ev->at_ms;
}

void
intake_apply_message(struct queue *q, const struct event *ev, const json_t *body)
{
    struct broadcast *now = state_broadcast(q);
    uint64_t hash = body_hash(body, "seen");

    q->touched.mid = ev->seq;
    q->messages++;
    if (now != NULL)
        now->messages++;
    if (hash != 0)
        state_remember(q, hash, ev->seq);
    if (body == NULL)
        return;
    struct chat_line *line = keep_line(q, ev, body);
    struct asker a = {.mid = ev->seq,
                      .author = body_hash(body, "author"),
                      .name = line->author_name,
                      .text = line->text,
                      .at_ms = line->at_ms != 0 ? line->at_ms : line->received_ms};
    struct question *item = state_known(q, body_u64(body, "join"));
    if (item != NULL) {
        join(q, item, &a, ev);
    } else if (body_u64(body, "n") != 0) {
        item = make_item(q, ev, body);
        add_asker(q, item, &a);
    }
    if (item == NULL)
        return;
    line->n = item->n;
    state_touch(q, item->n);
}

void
intake_apply_item(struct queue *q, const struct event *ev, const json_t *body)
{
    struct question *item = state_known(q, body_u64(body, "join"));
    struct chat_line *line = state_line_of(q, body_u64(body, "mid"));
    char name[BOUNDS_NAME + 1] = "";
    bool joins = item != NULL;
    char *text = mem_strdup(joins ? body_text(body, "text") : NULL);

    if (!joins && body_u64(body, "n") == 0)
        return; /* without a text */
    if (body_text(body, "name") != NULL)
        strncpy(name, body_text(body, "name"), sizeof(name) - 1);
    struct asker a = {.mid = body_u64(body, "mid"),
                      .author = body_hash(body, "author"),
                      .name = name,
                      .text = text,
                      .at_ms = ev->at_ms};

    if (joins) {
        join(q, item, &a, ev);
    } else {
        item = make_item(q, ev, body);
        add_asker(q, item, &a);
        item->last_act = ev->seq;
        state_set_text(&item->last_actor, ev->actor);
    }
    state_note_act(item, ev);
    mem_free(text);
    item->question = true; /* a person said so */
    if (line != NULL) {
        line->n = item->n;
        q->touched.mid = line->mid;
    }
    state_touch(q, item->n);
}

/* After askers of `item` were taken back: an item with none left leaves the line. */
static void
settle_deleted(struct queue *q, struct question *item)
{
    bool all = item->n_askers > 0;

    for (size_t i = 0; i < item->n_askers; i++)
        all = all && item->askers[i].deleted;
    if (all && item->status == STATUS_QUEUED) {
        state_line_remove(q, item);
        item->status = STATUS_NEW;
    }
    item->deleted = all;
    item->auto_at_ms = all ? 0 : item->auto_at_ms;
    state_touch(q, item->n);
}

static void
delete_mid(struct queue *q, uint64_t mid)
{
    struct chat_line *line = state_line_of(q, mid);
    uint64_t n;

    if (line != NULL)
        line->deleted = true;
    if (!map_get(q->by_mid, mid, &n))
        return;
    struct question *item = state_question(q, n);
    for (size_t i = 0; i < item->n_askers; i++) {
        if (item->askers[i].mid == mid)
            item->askers[i].deleted = true;
    }
    settle_deleted(q, item);
}

void
intake_apply_delete(struct queue *q, const json_t *body)
{
    const char *source = body_text(body, "source");
    uint64_t author = body_hash(body, "author");
    bool everybody = json_object_get(body, "author") == NULL;

    if (body_u64(body, "mid") != 0) {
        q->touched.mid = body_u64(body, "mid");
        delete_mid(q, q->touched.mid);
        return;
    }
    for (size_t i = 0; source != NULL && i < q->n_recent; i++) {
        struct chat_line *line = q->recent[(q->recent_head + i) % BOUNDS_RECENT];
        if (str_eq(str_from(line->source), str_from(source)) &&
            (everybody ||
             state_author(q, str_from(line->source), str_from(line->author_id),
                          str_from(line->author_name)) == author))
            delete_mid(q, line->mid);
    }
}

void
intake_apply_mute(struct queue *q, const json_t *body, bool muted)
{
    uint64_t author = body_hash(body, "author");

    if (muted)
        map_put(q->muted, author, 1);
    else
        (void)map_remove(q->muted, author);
    for (size_t i = 0; i < q->n_questions; i++) {
        struct question *item = q->questions[i];
        bool all = item->n_askers > 0, has = false;
        for (size_t a = 0; a < item->n_askers; a++) {
            has = has || item->askers[a].author == author;
            all = all && map_get(q->muted, item->askers[a].author, NULL);
        }
        if (has && item->muted != all) {
            item->muted = all;
            state_touch(q, item->n);
        }
    }
}
