/* SPDX-License-Identifier: Apache-2.0 */
/* api_questions.c - reading: the state, questions by pages, one question with its
 * history, the journal.
 *
 * Pages go from the newest question to the oldest; `after` is the number that the page
 * before ended with. Looking for something rare stops after a while and says where to go
 * on, so that nobody's search holds the loop up. */
#include "serve/api.h"

#include <inttypes.h>
#include <string.h>

#include "serve/front.h"
#include "serve/search.h"
#include "serve/state.h"
#include "serve/wish.h"

enum {
    LIMIT = 50,
    LIMIT_MAX = 500,
    LOOKED_AT_MAX = 20000,
    READ_MAX = 4000, /* with words to look for: some 20 ms */
    MESSAGES_SHOWN = 50,
};

static const struct queue *
queue_of(const struct front *f)
{
    return stream_queue(f->conf.stream);
}

void
api_state(struct front *f, struct exchange *x)
{
    enum view v = VIEW_VIEWER;

    (void)view_of_role(x->who.role, &v);
    state_write(f, v, &x->who, http_json(&x->res, 200));
    x->res.hold = queue_seq(queue_of(f));
}

struct wish {
    unsigned statuses; /* bits; 0: all */
    struct buf topic;
    struct search search;
    uint64_t limit, after;
    bool staff;
};

static int
read_wish(const struct exchange *x, struct wish *w, struct err *e)
{
    const char *query = x->req.query;
    struct buf text = BUF_INIT;

    *w = (struct wish){
        .limit = LIMIT, .after = UINT64_MAX, .staff = x->who.role != ROLE_VIEWER};
    (void)http_query(query, "status", &text);
    int rc = wish_statuses(buf_str(&text), &w->statuses, e);
    buf_reset(&text);
    (void)http_query(query, "q", &text);
    search_init(&w->search, buf_str(&text));
    buf_fini(&text);
    (void)http_query(query, "topic", &w->topic);
    if (rc == 0)
        rc = http_query_u64(query, "limit", LIMIT_MAX, &w->limit, e);
    if (rc == 0)
        rc = http_query_u64(query, "after", INT64_MAX, &w->after, e);
    if (w->limit == 0)
        w->limit = 1;
    return rc;
}

static bool
is_wanted(const struct wish *w, const struct question *q)
{
    if (q->n >= w->after || (w->statuses != 0 && (w->statuses & (1u << q->status)) == 0))
        return false;
    if (w->topic.len > 0 && !wish_has_topic(q, buf_str(&w->topic)))
        return false;
    if (search_is_empty(&w->search))
        return true;
    bool found = w->staff && search_matches(&w->search, q->original);
    for (int i = 0; i < LANG_TEXTS; i++)
        found = found || search_matches(&w->search, q->text[i]);
    if (w->staff && q->n_askers > 0)
        found = found || search_matches(&w->search, q->askers[0].name);
    return found;
}

static void
list_questions(struct front *f, struct exchange *x, const struct wish *w)
{
    const struct queue *queue = queue_of(f);
    struct buf *out = http_json(&x->res, 200);
    enum view v = w->staff ? VIEW_STAFF : VIEW_VIEWER;
    uint64_t shown = 0, next = 0;
    size_t looked_at = 0, most = search_is_empty(&w->search) ? LOOKED_AT_MAX : READ_MAX;

    buf_add_cstr(out, "{\"items\":[");
    for (size_t i = queue_count(queue); i-- > 0 && next == 0;) {
        const struct question *q = queue_at(queue, i);
        if (is_wanted(w, q)) {
            buf_add_cstr(out, shown++ > 0 ? "," : "");
            view_question(queue, q, v, out);
        }
        if (q->n < w->after && (shown == w->limit || ++looked_at == most) && i > 0)
            next = q->n;
    }
    buf_add_cstr(out, "],\"next\":");
    view_number(next, out);
    buf_add_char(out, '}');
    x->res.hold = queue_seq(queue);
}

void
api_questions_get(struct front *f, struct exchange *x)
{
    struct wish w;
    struct err e = ERR_INIT;

    if (read_wish(x, &w, &e) < 0)
        http_problem(&x->res, 400, "bad_request", "%s", e.msg);
    else
        list_questions(f, x, &w);
    search_fini(&w.search);
    buf_fini(&w.topic);
}

/* An asker whose line is no longer in memory still has its wording. */
static void
add_asker_line(const struct question *q, const struct asker *a, enum view v,
               struct buf *out)
{
    struct chat_line line = {.mid = a->mid,
                             .source = q->source,
                             .author_name = a->name,
                             .text = a->text != NULL ? a->text : q->original,
                             .at_ms = a->at_ms,
                             .received_ms = a->at_ms,
                             .n = q->n,
                             .deleted = a->deleted};

    view_message(&line, v, out);
}

static void
add_messages(const struct queue *queue, const struct question *q, enum view v,
             struct buf *out)
{
    size_t shown = 0;

    buf_add_cstr(out, ",\"messages\":[");
    for (size_t i = 0; i < q->n_askers && shown < MESSAGES_SHOWN; i++) {
        const struct asker *a = &q->askers[i];
        if (a->mid == 0)
            continue;
        const struct chat_line *line = queue_message(queue, a->mid);
        buf_add_cstr(out, shown++ > 0 ? "," : "");
        if (line != NULL)
            view_message(line, v, out);
        else
            add_asker_line(q, a, v, out);
    }
    buf_add_char(out, ']');
}

struct history {
    uint64_t seq;
    struct buf *out;
    const char *comma;
};

static int
one_of_history(void *arg, const struct event *ev)
{
    struct history *h = arg;

    if (ev->seq == h->seq) {
        buf_add_cstr(h->out, h->comma);
        h->comma = ",";
        view_event(ev, h->out);
    }
    return 1;
}

/* What people and the program did to it: the state knows the numbers of the events, which
 * may be weeks and many thousand messages apart. */
static int
add_history(struct front *f, const struct question *q, struct buf *out, struct err *e)
{
    struct history h = {.out = out, .comma = ""};

    buf_add_cstr(out, ",\"history\":[");
    for (size_t i = 0; i < q->n_acts; i++) {
        h.seq = q->acts[i];
        if (journal_read(stream_journal(f->conf.stream), h.seq - 1, one_of_history, &h,
                         e) < 0)
            return -1;
    }
    buf_addf(out, "],\"history_complete\":%s}",
             q->n_acts == BOUNDS_ACTS ? "false" : "true");
    return 0;
}

void
api_question_get(struct front *f, struct exchange *x)
{
    const struct queue *queue = queue_of(f);
    enum view v = VIEW_VIEWER;
    uint64_t n;
    struct err e = ERR_INIT;

    (void)view_of_role(x->who.role, &v);
    if (!front_number(x, 0, &n))
        return;
    const struct question *q = queue_find(queue, n);
    if (q == NULL || !view_shows(queue, q, v)) {
        http_problem(&x->res, 404, "not_found", "there is no question %" PRIu64, n);
        return;
    }
    struct buf *out = http_json(&x->res, 200);
    view_question(queue, q, v, out);
    x->res.hold = queue_seq(queue);
    if (v == VIEW_OFFICER)
        return;
    buf_truncate(out, out->len - 1);
    add_messages(queue, q, v, out);
    if (v != VIEW_STAFF)
        buf_add_char(out, '}');
    else if (add_history(f, q, out, &e) < 0)
        http_problem_err(&x->res, &e);
}

struct page {
    struct buf *out;
    uint64_t limit, shown, last;
};

static int
one_of_page(void *arg, const struct event *ev)
{
    struct page *p = arg;

    if (p->shown == p->limit)
        return 1;
    buf_add_cstr(p->out, p->shown++ > 0 ? "," : "");
    view_event(ev, p->out);
    p->last = ev->seq;
    return 0;
}

void
api_journal_get(struct front *f, struct exchange *x)
{
    struct page p = {.limit = LIMIT};
    uint64_t after = 0;
    struct err e = ERR_INIT;

    if (http_query_u64(x->req.query, "after", INT64_MAX, &after, &e) < 0 ||
        http_query_u64(x->req.query, "limit", LIMIT_MAX, &p.limit, &e) < 0) {
        http_problem(&x->res, 400, "bad_request", "%s", e.msg);
        return;
    }
    p.out = http_json(&x->res, 200);
    buf_add_cstr(p.out, "{\"items\":[");
    int rc = journal_read(stream_journal(f->conf.stream), after, one_of_page, &p, &e);
    if (rc < 0) {
        http_problem_err(&x->res, &e);
        return;
    }
    buf_add_cstr(p.out, "],\"next\":");
    view_number(rc > 0 ? p.last : 0, p.out);
    buf_add_char(p.out, '}');
}
