/* SPDX-License-Identifier: Apache-2.0 */
/* api_search.c - what the archive is asked: search, the chat around a line, an author's
 * lines, the history of a question. For moderators and admins.
 *
 * A worker asks and reads from the disk; questions are then written on the loop, as they
 * are now. The originals are looked through, so that a question is found by the number
 * that its asker left; what a list shows of it is the masked wording. Who opens it sees
 * what the console shows of any question. */
#include "serve/api.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "queue/archive.h"
#include "serve/front.h"
#include "serve/search.h"
#include "serve/wish.h"

enum {
    LIMIT = 30,
    LIMIT_MAX = 200,
    AROUND = 10,  /* lines on each side */
    SEARCHES = 8, /* at a time: a person has one under way, the page waits for it */
};

enum ask { ASK_SEARCH, ASK_LINES, ASK_AROUND, ASK_HISTORY };

struct job {
    struct front *front;
    struct exchange *exchange;
    struct archive *archive;
    enum ask ask;
    struct archive_wish wish; /* its strings are those below */
    struct buf text, source, lang, author, topic;
    unsigned statuses;
    bool mine;
    char user[ACCOUNTS_NAME + 1];
    uint64_t n, limit; /* of ASK_HISTORY, ASK_AROUND: the question, the line */
    struct archive_found found;
    struct search search;
    struct buf items; /* what the worker wrote */
    uint64_t shown;
    struct err err;
    bool failed;
};

static void
job_free(struct job *j)
{
    archive_found_fini(&j->found);
    search_fini(&j->search);
    buf_fini(&j->text);
    buf_fini(&j->source);
    buf_fini(&j->lang);
    buf_fini(&j->author);
    buf_fini(&j->topic);
    buf_fini(&j->items);
    mem_free(j);
}

/* --- on a worker */

static const char *
text_of(const json_t *o, const char *name)
{
    return json_string_value(json_object_get(o, name));
}

static int64_t
number_of(const json_t *o, const char *name)
{
    return json_integer_value(json_object_get(o, name));
}

static void
write_line(struct job *j, const struct chat_line *line)
{
    buf_add_cstr(&j->items, j->shown++ > 0 ? "," : "");
    if (j->ask == ASK_SEARCH)
        buf_add_cstr(&j->items, "{\"kind\":\"message\",\"message\":");
    view_message(line, VIEW_STAFF, &j->items);
    if (j->ask != ASK_SEARCH)
        return;
    buf_add_cstr(&j->items, ",\"snippet\":");
    (void)search_snippet(&j->search, line->masked, &j->items);
    buf_add_char(&j->items, '}');
}

/* The strings stay jansson's: view_message() only reads them. */
static void
one_line(void *arg, const struct event *ev, const struct archive_line *known)
{
    json_t *body = json_loadb(ev->body.data, ev->body.len, 0, NULL);
    const json_t *verdict = json_object_get(body, "verdict");
    char *whole = json_dumps(verdict, JSON_COMPACT);
    struct chat_line line = {
        .mid = ev->seq,
        .id = (char *)text_of(body, "id"),
        .source = (char *)text_of(body, "source"),
        .author_id = (char *)text_of(body, "author_id"),
        .author_name = (char *)text_of(body, "name"),
        .text = (char *)text_of(body, "text"),
        .reply_to = (char *)text_of(body, "reply_to"),
        .roles = (unsigned)number_of(body, "roles"),
        .at_ms = number_of(body, "at"),
        .received_ms = number_of(body, "received"),
        .verdict = whole,
        .masked = (char *)text_of(verdict, "masked"),
        .n = known->n,
        .deleted = known->deleted,
        .backlog = json_is_true(json_object_get(body, "backlog")),
    };

    write_line(arg, &line);
    mem_free(whole);
    json_decref(body);
}

static void
one_event(void *arg, const struct event *ev)
{
    struct job *j = arg;

    buf_add_cstr(&j->items, j->shown++ > 0 ? "," : "");
    view_event(ev, &j->items);
}

static int
ask(struct job *j, struct err *e)
{
    switch (j->ask) {
    case ASK_SEARCH:
    case ASK_LINES:
        return archive_find(j->archive, &j->wish, &j->found, e);
    case ASK_AROUND:
        return archive_around(j->archive, j->n, (size_t)j->limit, &j->found, e);
    case ASK_HISTORY:
        break;
    }
    return archive_history(j->archive, j->n, j->wish.seq, &j->found, e);
}

static void
work(void *arg)
{
    struct job *j = arg;
    int rc = ask(j, &j->err);

    if (rc == 0 && j->ask == ASK_HISTORY)
        rc = archive_events(j->archive, &j->found, one_event, j, &j->err);
    else if (rc == 0 && !j->wish.questions)
        rc = archive_lines(j->archive, &j->found, one_line, j, &j->err);
    j->failed = rc < 0;
}

/* --- on the loop */

static bool
is_mine(const struct job *j, const struct question *q)
{
    const char *actor = q->last_actor;

    return (q->claimed_by != NULL && strcmp(q->claimed_by, j->user) == 0) ||
           (actor != NULL && strncmp(actor, "user:", 5) == 0 &&
            strcmp(actor + 5, j->user) == 0);
}

static bool
is_wanted(const struct job *j, const struct question *q)
{
    const struct archive_wish *w = &j->wish;
    enum archive_pii pii = q->pii == 0 ? ARCHIVE_PII_NONE : ARCHIVE_PII_SOME;

    return (j->statuses == 0 || (j->statuses & (1u << q->status)) != 0) &&
           (w->broadcast == 0 || w->broadcast == q->broadcast) &&
           (j->topic.len == 0 || wish_has_topic(q, buf_str(&j->topic))) &&
           (w->source.len == 0 || str_eq(w->source, str_from(q->source))) &&
           (w->lang.len == 0 || str_eq(w->lang, str_from(judge_lang_name(q->lang)))) &&
           (w->pii == ARCHIVE_PII_ANY || w->pii == pii) && (!j->mine || is_mine(j, q));
}

/* The wording that shows most of what was looked for. */
static void
write_snippet(struct job *j, const struct question *q, struct buf *out)
{
    const char *texts[LANG_TEXTS + 2] = {q->text[0], q->text[1], q->text[2],
                                         q->answer_note, q->note};
    struct buf best = BUF_INIT, one = BUF_INIT;
    size_t most = 0;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i] == NULL)
            continue;
        buf_reset(&one);
        size_t n = search_snippet(&j->search, texts[i], &one);
        if (best.len > 0 && n <= most)
            continue;
        buf_reset(&best);
        buf_add_str(&best, buf_str(&one));
        most = n;
    }
    if (best.len == 0)
        (void)search_snippet(&j->search, NULL, &best);
    buf_add_str(out, buf_str(&best));
    buf_fini(&best);
    buf_fini(&one);
}

/* Gives what the next page begins after, or 0. */
static uint64_t
write_questions(struct job *j, const struct queue *queue, struct buf *out)
{
    for (size_t i = 0; i < j->found.n; i++) {
        const struct question *q = queue_find(queue, j->found.id[i]);
        if (q == NULL || !is_wanted(j, q))
            continue;
        buf_add_cstr(out, j->shown++ > 0 ? "," : "");
        buf_add_cstr(out, "{\"kind\":\"question\",\"question\":");
        view_question(queue, q, VIEW_STAFF, out);
        buf_add_cstr(out, ",\"snippet\":");
        write_snippet(j, q, out);
        buf_add_char(out, '}');
        if (j->shown == j->limit && i + 1 < j->found.n)
            return q->n;
    }
    return j->found.n == ARCHIVE_MAX ? j->found.id[j->found.n - 1] : 0;
}

static void
answer(struct front *f, struct exchange *x, struct job *j)
{
    const struct queue *queue = stream_queue(f->conf.stream);
    uint64_t next = 0;

    if (j->failed && j->err.code == ERR_BAD_STATE) {
        http_problem(&x->res, 503, "later", "%s", j->err.msg);
        http_header(&x->res, "retry-after:", "1");
        return;
    }
    if (j->failed) {
        http_problem_err(&x->res, &j->err);
        return;
    }
    struct buf *out = http_json(&x->res, 200);
    buf_add_cstr(out, "{\"items\":[");
    if (j->wish.questions)
        next = write_questions(j, queue, out);
    else
        buf_add_str(out, buf_str(&j->items));
    if (!j->wish.questions && j->ask <= ASK_LINES && j->found.n == j->wish.limit)
        next = j->found.id[j->found.n - 1];
    buf_add_cstr(out, "],\"next\":");
    view_number(next, out);
    if (j->ask == ASK_SEARCH)
        buf_addf(out, ",\"complete\":%s", j->found.seq >= j->wish.seq ? "true" : "false");
    buf_add_char(out, '}');
    x->res.hold = queue_seq(queue);
}

static void
worked(void *arg, bool cancelled)
{
    struct job *j = arg;
    struct front *f = j->front;
    struct exchange *x = j->exchange;

    f->jobs--;
    f->searches--;
    if (cancelled)
        http_problem(&x->res, 503, "stopping", "the program is stopping");
    else
        answer(f, x, j);
    job_free(j);
    front_answered(f, x);
}

static struct job *
job_new(struct front *f, struct exchange *x, enum ask ask)
{
    struct job *j = mem_zalloc(sizeof(*j));

    j->front = f;
    j->exchange = x;
    j->archive = f->conf.archive;
    j->ask = ask;
    j->limit = LIMIT;
    j->wish.seq = queue_seq(stream_queue(f->conf.stream));
    str_copy(str_from(x->who.name), j->user, sizeof(j->user));
    return j;
}

/* Takes the job. */
static void
submit(struct job *j)
{
    struct front *f = j->front;
    struct exchange *x = j->exchange;
    struct err e = ERR_INIT;

    search_init(&j->search, buf_str(&j->text));
    if (f->conf.archive == NULL) {
        http_problem(&x->res, 503, "later", "there is no search now");
    } else if (f->searches >= SEARCHES ||
               worker_submit(f->conf.worker, work, worked, j, &e) < 0) {
        http_problem(&x->res, 503, "throttled", "too many searches are under way");
    } else {
        f->jobs++;
        f->searches++;
        x->pending = true;
        return;
    }
    http_header(&x->res, "retry-after:", "1");
    job_free(j);
}

static struct str
word(const struct exchange *x, const char *name, struct buf *room)
{
    return http_query(x->req.query, name, room) ? buf_str(room) : STR_NONE;
}

static int
read_flag(struct str s, bool *on, bool *off, struct err *e)
{
    *on = str_eq(s, STR_LIT("true"));
    *off = str_eq(s, STR_LIT("false"));
    return s.len == 0 || *on || *off ? 0 : err_set(e, ERR_VALUE, "say true or false");
}

static int
read_filters(const struct exchange *x, struct job *j, struct err *e)
{
    struct buf room = BUF_INIT;
    bool on, off;
    int rc = wish_statuses(word(x, "status", &room), &j->statuses, e);

    buf_reset(&room);
    if (rc == 0)
        rc = read_flag(word(x, "pii", &room), &on, &off, e);
    if (rc == 0)
        j->wish.pii = on ? ARCHIVE_PII_SOME : off ? ARCHIVE_PII_NONE : ARCHIVE_PII_ANY;
    buf_reset(&room);
    if (rc == 0)
        rc = read_flag(word(x, "mine", &room), &j->mine, &off, e);
    buf_reset(&room);
    struct str kind = word(x, "kind", &room);
    j->wish.questions = !str_eq(kind, STR_LIT("message"));
    if (rc == 0 && kind.len > 0 && j->wish.questions &&
        !str_eq(kind, STR_LIT("question")))
        rc = err_set(e, ERR_VALUE, "the kind is question or message");
    buf_fini(&room);
    return rc;
}

/* Numbers of a page, and what is looked for in lines as in questions. */
static int
read_page(const struct exchange *x, struct job *j, struct err *e)
{
    struct archive_wish *w = &j->wish;

    w->text = word(x, "q", &j->text);
    w->source = word(x, "source", &j->source);
    w->lang = word(x, "lang", &j->lang);
    (void)word(x, "topic", &j->topic);
    if (http_query_u64(x->req.query, "broadcast", INT64_MAX, &w->broadcast, e) < 0 ||
        http_query_u64(x->req.query, "after", INT64_MAX, &w->before, e) < 0 ||
        http_query_u64(x->req.query, "limit", LIMIT_MAX, &j->limit, e) < 0)
        return -1;
    j->limit = j->limit == 0 ? 1 : j->limit;
    w->limit = w->questions ? ARCHIVE_MAX : (size_t)j->limit;
    return 0;
}

void
api_search(struct front *f, struct exchange *x)
{
    struct job *j = job_new(f, x, ASK_SEARCH);
    struct err e = ERR_INIT;

    if (read_filters(x, j, &e) == 0 && read_page(x, j, &e) == 0) {
        submit(j);
        return;
    }
    http_problem(&x->res, 400, "bad_request", "%s", e.msg);
    job_free(j);
}

void
api_question_history(struct front *f, struct exchange *x)
{
    uint64_t n;

    if (!front_number(x, 0, &n))
        return;
    if (queue_find(stream_queue(f->conf.stream), n) == NULL) {
        http_problem(&x->res, 404, "not_found", "there is no question %" PRIu64, n);
        return;
    }
    struct job *j = job_new(f, x, ASK_HISTORY);
    j->n = n;
    submit(j);
}

static int
read_lines(const struct exchange *x, struct job *j, struct err *e)
{
    int rc = read_page(x, j, e);

    j->wish.limit = (size_t)j->limit;
    if (rc == 0)
        rc = http_query_u64(x->req.query, "before", INT64_MAX, &j->wish.before, e);
    if (rc == 0)
        rc = http_query_u64(x->req.query, "around", INT64_MAX, &j->n, e);
    if (rc == 0 && j->n > 0) {
        j->ask = ASK_AROUND;
        j->limit = j->limit == LIMIT ? AROUND : j->limit;
    }
    return rc;
}

/* `around` and `author` say where an original was written: not for viewers. */
bool
api_messages_archived(struct front *f, struct exchange *x)
{
    struct err e = ERR_INIT;
    struct buf room = BUF_INIT;
    bool author = http_query(x->req.query, "author", &room);
    bool wanted = author || http_query(x->req.query, "around", &room);

    buf_fini(&room);
    if (!wanted)
        return false;
    if (x->who.role == ROLE_VIEWER) {
        http_problem(&x->res, 403, "forbidden", "only moderators see who wrote what");
        return true;
    }
    struct job *j = job_new(f, x, ASK_LINES);
    j->wish.author = word(x, "author", &j->author);
    if (read_lines(x, j, &e) == 0) {
        submit(j);
        return true;
    }
    http_problem(&x->res, 400, "bad_request", "%s", e.msg);
    job_free(j);
    return true;
}
