/* SPDX-License-Identifier: Apache-2.0 */
/* api_register.c - GET /register: what is owed across broadcasts, as JSON by pages or as
 * a table for spreadsheets. Wordings are the masked ones for everybody: who wants the
 * original asks for it with the act that is journalled. */
#include "serve/api.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "serve/front.h"
#include "serve/register_out.h"

enum { LIMIT = 50, LIMIT_MAX = 500, UNITS_SHOWN = 100 };

struct ask {
    struct register_wish wish;
    struct buf format, lang; /* owned */
    uint64_t limit, after;
    int64_t today;
    const struct workdays_terms *terms;
    bool staff;
};

static void
ask_fini(struct ask *a)
{
    search_fini(&a->wish.search);
    buf_fini(&a->wish.unit);
    buf_fini(&a->wish.topic);
    buf_fini(&a->format);
    buf_fini(&a->lang);
}

static int
read_states(struct str list, unsigned *out, struct err *e)
{
    struct str one;

    while (list.len > 0 && str_split(&list, ',', &one)) {
        enum owed_state s;
        if (owed_state_from_name(one, &s, e) < 0)
            return -1;
        *out |= 1u << s;
    }
    return 0;
}

static int
read_late(struct str text, enum workdays_level *out, struct err *e)
{
    if (str_eq(text, STR_LIT("true")))
        *out = WORKDAYS_RED;
    else if (str_eq(text, STR_LIT("soon")))
        *out = WORKDAYS_AMBER;
    else if (text.len > 0 && !str_eq(text, STR_LIT("false")))
        return err_set(e, ERR_VALUE, "overdue is true, soon or false");
    return 0;
}

static int
read_words(const char *query, struct ask *a, struct err *e)
{
    struct buf text = BUF_INIT;

    (void)http_query(query, "state", &text);
    int rc = read_states(buf_str(&text), &a->wish.states, e);
    buf_reset(&text);
    (void)http_query(query, "overdue", &text);
    if (rc == 0)
        rc = read_late(buf_str(&text), &a->wish.late, e);
    buf_reset(&text);
    (void)http_query(query, "appeal", &text);
    a->wish.appeal = str_eq(buf_str(&text), STR_LIT("true"));
    buf_reset(&text);
    (void)http_query(query, "q", &text);
    search_init(&a->wish.search, buf_str(&text));
    buf_fini(&text);
    (void)http_query(query, "unit", &a->wish.unit);
    (void)http_query(query, "topic", &a->wish.topic);
    (void)http_query(query, "format", &a->format);
    (void)http_query(query, "lang", &a->lang);
    return rc;
}

static int
read_ask(const struct front *f, const struct exchange *x, struct ask *a, struct err *e)
{
    const char *query = x->req.query;

    *a = (struct ask){.limit = LIMIT,
                      .staff = x->who.role != ROLE_VIEWER,
                      .terms = f->conf.terms,
                      .today = workdays_day_of(clock_wall_ms(f->conf.clock))};
    a->wish.originals = a->staff;
    if (read_words(query, a, e) < 0 ||
        http_query_u64(query, "broadcast", INT64_MAX, &a->wish.broadcast, e) < 0 ||
        http_query_u64(query, "limit", LIMIT_MAX, &a->limit, e) < 0 ||
        http_query_u64(query, "after", BOUNDS_QUESTIONS, &a->after, e) < 0)
        return -1;
    if (a->limit == 0)
        a->limit = 1;
    if (a->format.len > 0 && !str_eq(buf_str(&a->format), STR_LIT("csv")) &&
        !str_eq(buf_str(&a->format), STR_LIT("json")))
        return err_set(e, ERR_VALUE, "the format is json or csv");
    return 0;
}

/* The source as it is now; false: it is not attached any more. */
static bool
find_source(const struct front *f, const char *name, struct view_source *out)
{
    const struct server_sources *s = &f->conf.sources;
    size_t n = s->count == NULL || name == NULL ? 0 : s->count(s->arg);

    for (size_t i = 0; i < n; i++) {
        *out = (struct view_source){.name = NULL};
        s->get(s->arg, i, out);
        if (strcmp(out->name, name) == 0)
            return true;
    }
    return false;
}

/* Gives whether something can be said in its chat. */
static bool
make_row(const struct front *f, const struct ask *a, const struct question *item,
         struct register_row *row, struct buf *link)
{
    const struct queue *q = stream_queue(f->conf.stream);
    struct view_source source;
    bool current = item->broadcast == queue_broadcast(q)->id;

    *row = (struct register_row){.item = item, .staff = a->staff};
    register_clock(item, a->terms, a->today, &row->clock);
    buf_reset(link);
    if (!find_source(f, item->source, &source))
        return false;
    if (register_link(source.kind, source.target, current, link))
        row->link = link->data;
    return source.can_send;
}

static void
add_item(const struct front *f, const struct ask *a, const struct question *item,
         struct buf *out)
{
    const struct queue *q = stream_queue(f->conf.stream);
    struct buf link = BUF_INIT;
    struct register_row row;
    bool can_send = make_row(f, a, item, &row, &link);

    buf_add_cstr(out, "{\"question\":");
    view_question(q, item, VIEW_VIEWER, out);
    buf_addf(out, ",\"left\":");
    if (row.clock.runs)
        buf_addf(out, "%d", row.clock.left);
    else
        buf_add_cstr(out, "null");
    buf_addf(out, ",\"level\":\"%s\",\"calendar_known\":%s",
             workdays_level_name(row.clock.level),
             row.clock.runs && !row.clock.known ? "false" : "true");
    buf_add_cstr(out, ",\"link\":");
    view_text(row.link, out);
    buf_addf(out, ",\"can_send\":%s}", can_send ? "true" : "false");
    buf_fini(&link);
}

static void
add_counts(const struct register_counts *c, struct buf *out)
{
    buf_add_cstr(out, ",\"counts\":{");
    for (int i = 0; i < OWED_STATES; i++)
        buf_addf(out, "\"%s\":%" PRIu64 ",", owed_state_name((enum owed_state)i),
                 c->state[i]);
    buf_addf(out, "\"amber\":%" PRIu64 ",\"red\":%" PRIu64 "}", c->amber, c->red);
}

/* Every unit that was ever named in the register, in the order of its questions. */
static void
add_units(const struct queue *q, struct buf *out)
{
    const char *units[UNITS_SHOWN];
    size_t n = 0;

    buf_add_cstr(out, ",\"units\":[");
    for (size_t i = 0; i < queue_count(q) && n < UNITS_SHOWN; i++) {
        const struct question *item = queue_at(q, i);
        size_t k = 0;
        if (item->status != STATUS_FOLLOW_UP || item->unit == NULL)
            continue;
        while (k < n && strcmp(units[k], item->unit) != 0)
            k++;
        if (k < n || item->unit[0] == '\0')
            continue;
        buf_add_cstr(out, n > 0 ? "," : "");
        buf_add_json(out, str_from(item->unit));
        units[n++] = item->unit;
    }
    buf_add_char(out, ']');
}

static void
add_terms(const struct ask *a, struct buf *out)
{
    char today[WORKDAYS_LEN + 1];

    workdays_write(a->today, today);
    buf_addf(out, "\"today\":\"%s\",\"terms\":", today);
    if (a->terms == NULL)
        buf_add_cstr(out, "null");
    else
        buf_addf(out, "{\"answer_days\":%u,\"forward_days\":%u}", a->terms->answer_days,
                 a->terms->forward_days);
}

static void
answer_json(const struct front *f, struct exchange *x, const struct ask *a,
            const struct register_list *l)
{
    const struct queue *q = stream_queue(f->conf.stream);
    struct buf *out = http_json(&x->res, 200);
    size_t at = (size_t)a->after;

    buf_addf(out, "{\"seq\":%" PRIu64 ",", queue_seq(q));
    add_terms(a, out);
    add_counts(&l->counts, out);
    add_units(q, out);
    buf_addf(out, ",\"total\":%zu,\"items\":[", l->n);
    for (size_t shown = 0; at < l->n && shown < a->limit; at++) {
        buf_add_cstr(out, shown++ > 0 ? "," : "");
        add_item(f, a, l->items[at], out);
    }
    buf_add_cstr(out, "],\"next\":");
    view_number(at < l->n ? at : 0, out);
    buf_add_char(out, '}');
}

static void
answer_csv(const struct front *f, struct exchange *x, const struct ask *a,
           const struct register_list *l)
{
    const char *lang = a->lang.len > 0 ? a->lang.data : x->who.lang;
    char today[WORKDAYS_LEN + 1];
    struct buf link = BUF_INIT;
    struct http_response *res = &x->res;

    workdays_write(a->today, today);
    res->status = 200;
    res->type = "text/csv; charset=utf-8";
    http_header(res, "cache-control:", "no-store");
    http_header(res, "content-disposition:", "attachment; filename=\"register-%s.csv\"",
                today);
    register_csv_head(lang, &res->body);
    for (size_t i = 0; i < l->n; i++) {
        struct register_row row;
        (void)make_row(f, a, l->items[i], &row, &link);
        register_csv_row(&row, lang, &res->body);
    }
    buf_fini(&link);
}

void
api_register_get(struct front *f, struct exchange *x)
{
    const struct queue *q = stream_queue(f->conf.stream);
    struct ask a;
    struct register_list l;
    struct err e = ERR_INIT;

    if (read_ask(f, x, &a, &e) < 0) {
        http_problem(&x->res, 400, "bad_request", "%s", e.msg);
        ask_fini(&a);
        return;
    }
    register_list(q, a.terms, a.today, &a.wish, &l);
    if (str_eq(buf_str(&a.format), STR_LIT("csv")))
        answer_csv(f, x, &a, &l);
    else
        answer_json(f, x, &a, &l);
    x->res.hold = queue_seq(q);
    register_list_fini(&l);
    ask_fini(&a);
}
