/* SPDX-License-Identifier: Apache-2.0 */
/* state.c - the whole state at one moment.
 *
 * Only open items are in it (new, queued, on air, and urgent ones that nobody took): what
 * is finished comes by pages. The officer gets the line, the overlay gets what is shown,
 * and neither gets anything of sources, people or chat. */
#include "serve/state.h"

#include <string.h>

enum { MESSAGES_SHOWN = 100, PROMISES_SHOWN = 100, WARNINGS_MAX = 16 };

static void
add_stream(const struct front *f, struct buf *out)
{
    const struct server_conf *c = &f->conf;
    const char *const titles[] = {c->title_kk, c->title_ru, c->title_en};
    static const char *const names[] = {"kk", "ru", "en"};
    const char *comma = "";

    buf_add_cstr(out, "{\"id\":");
    buf_add_json(out, str_from(c->stream_id));
    buf_add_cstr(out, ",\"title\":{");
    for (int i = 0; i < 3; i++) {
        if (titles[i] == NULL)
            continue;
        buf_addf(out, "%s\"%s\":", comma, names[i]);
        buf_add_json(out, str_from(titles[i]));
        comma = ",";
    }
    buf_add_cstr(out, "},\"languages\":[");
    for (size_t i = 0; i < c->n_languages; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        buf_add_json(out, str_from(c->languages[i]));
    }
    buf_add_cstr(out, "],\"timezone\":");
    buf_add_json(out, str_from(c->timezone));
    buf_add_char(out, '}');
}

void
state_sources(struct front *f, struct buf *out)
{
    const struct server_sources *s = &f->conf.sources;
    size_t n = s->count == NULL ? 0 : s->count(s->arg);

    buf_add_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        struct view_source one = {.name = NULL};
        s->get(s->arg, i, &one);
        if (i > 0)
            buf_add_char(out, ',');
        view_source(&one, out);
    }
    buf_add_char(out, ']');
}

bool
state_source(struct front *f, struct str name, struct buf *out)
{
    const struct server_sources *s = &f->conf.sources;
    size_t n = s->count == NULL ? 0 : s->count(s->arg);

    for (size_t i = 0; i < n; i++) {
        struct view_source one = {.name = NULL};
        s->get(s->arg, i, &one);
        if (!str_eq(str_from(one.name), name))
            continue;
        view_source(&one, out);
        return true;
    }
    return false;
}

static void
add_warnings(struct front *f, struct buf *out)
{
    const struct server_health *h = &f->conf.health;
    struct server_warning list[WARNINGS_MAX] = {{.code = NULL}};
    size_t n = 0;

    if (f->warn_no_tls) {
        list[n].code = "no_tls";
        strcpy(list[n].text, "the pages are served without TLS");
        n++;
    }
    if (h->warnings != NULL)
        n += h->warnings(h->arg, list + n, WARNINGS_MAX - n);
    buf_add_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        buf_addf(out, "%s{\"code\":\"%s\",\"text\":", i > 0 ? "," : "", list[i].code);
        buf_add_json(out, str_from(list[i].text));
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static bool
is_open(const struct question *q)
{
    return q->status == STATUS_NEW || q->status == STATUS_QUEUED ||
           q->status == STATUS_ON_AIR ||
           (q->urgent != NULL && q->taken_by == NULL && q->status != STATUS_MERGED);
}

static void
add_questions(struct front *f, enum view v, struct buf *out)
{
    const struct queue *q = stream_queue(f->conf.stream);
    const char *comma = "";

    buf_add_char(out, '[');
    for (size_t i = 0; i < queue_count(q); i++) {
        const struct question *one = queue_at(q, i);
        if (!is_open(one) || !view_shows(q, one, v))
            continue;
        buf_add_cstr(out, comma);
        view_question(q, one, v, out);
        comma = ",";
    }
    buf_add_char(out, ']');
}

static void
add_messages(struct front *f, enum view v, struct buf *out)
{
    const struct queue *q = stream_queue(f->conf.stream);
    size_t n = queue_recent(q);
    size_t first = n > MESSAGES_SHOWN ? n - MESSAGES_SHOWN : 0;

    buf_add_char(out, '[');
    for (size_t i = first; i < n; i++) {
        if (i > first)
            buf_add_char(out, ',');
        view_message(queue_recent_at(q, i), v, out);
    }
    buf_add_char(out, ']');
}

static void
add_topics(struct front *f, struct buf *out)
{
    const struct judge_topic *topics;
    size_t n = judge_topics(stream_filters(f->conf.stream), &topics);

    buf_add_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        const char *const titles[] = {topics[i].title_kk, topics[i].title_ru,
                                      topics[i].title_en};
        static const char *const names[] = {"kk", "ru", "en"};
        const char *comma = "";
        buf_add_cstr(out, i > 0 ? ",{\"id\":" : "{\"id\":");
        buf_add_json(out, str_from(topics[i].id));
        buf_add_cstr(out, ",\"title\":{");
        for (int t = 0; t < 3; t++) {
            if (titles[t] == NULL)
                continue;
            buf_addf(out, "%s\"%s\":", comma, names[t]);
            buf_add_json(out, str_from(titles[t]));
            comma = ",";
        }
        buf_add_cstr(out, "}}");
    }
    buf_add_char(out, ']');
}

static void
add_line(struct front *f, struct buf *out)
{
    const struct queue *q = stream_queue(f->conf.stream);
    const struct question *air = queue_on_air(q);

    buf_add_cstr(out, ",\"broadcast\":");
    view_broadcast(queue_broadcast(q), out);
    buf_add_cstr(out, ",\"line\":");
    view_line(q, out);
    buf_add_cstr(out, ",\"on_air\":");
    view_number(air == NULL ? 0 : air->n, out);
}

/* What was promised and not yet kept; the newest ones. */
static void
add_promises(const struct queue *q, struct buf *out)
{
    size_t shown = 0;

    buf_add_cstr(out, ",\"promises\":[");
    for (size_t i = queue_promises(q); i-- > 0 && shown < PROMISES_SHOWN;) {
        const struct promise *p = queue_promise_at(q, i);
        if (p->state != PROMISE_OPEN)
            continue;
        buf_add_cstr(out, shown++ > 0 ? "," : "");
        view_promise(q, p, out);
    }
    buf_add_char(out, ']');
}

static void
add_console(struct front *f, enum view v, struct buf *out)
{
    const struct queue *q = stream_queue(f->conf.stream);

    add_line(f, out);
    buf_add_cstr(out, ",\"overlay\":");
    view_number(queue_overlay(q), out);
    buf_add_cstr(out, ",\"sources\":");
    state_sources(f, out);
    buf_add_cstr(out, ",\"topics\":");
    add_topics(f, out);
    buf_add_cstr(out, ",\"questions\":");
    add_questions(f, v, out);
    buf_add_cstr(out, ",\"counts\":");
    tally_write(&f->tally, out);
    add_promises(q, out);
    buf_add_cstr(out, ",\"messages\":");
    add_messages(f, v, out);
    buf_add_cstr(out, ",\"people\":");
    live_people(f->live, out);
    buf_add_cstr(out, ",\"warnings\":");
    add_warnings(f, out);
}

static void
add_overlay(struct front *f, struct buf *out)
{
    const struct queue *q = stream_queue(f->conf.stream);
    const struct question *shown = queue_find(q, queue_overlay(q));

    buf_addf(out, ",\"rehearsal\":%s", queue_rehearses(q) ? "true" : "false");
    buf_add_cstr(out, ",\"question\":");
    if (shown == NULL)
        buf_add_cstr(out, "null");
    else
        view_question(q, shown, VIEW_OVERLAY, out);
}

void
state_write(struct front *f, enum view v, const struct identity *who, struct buf *out)
{
    const struct queue *q = stream_queue(f->conf.stream);

    buf_add_cstr(out, "{\"seq\":");
    buf_add_u64(out, queue_seq(q));
    buf_add_cstr(out, ",\"now\":");
    view_time(clock_wall_ms(f->conf.clock), out);
    buf_addf(out, ",\"role\":\"%s\",\"stream\":", role_name(who->role));
    add_stream(f, out);
    switch (v) {
    case VIEW_STAFF:
    case VIEW_VIEWER:
        add_console(f, v, out);
        break;
    case VIEW_OFFICER:
        add_line(f, out);
        buf_add_cstr(out, ",\"topics\":");
        add_topics(f, out);
        buf_add_cstr(out, ",\"questions\":");
        add_questions(f, v, out);
        buf_add_cstr(out, ",\"counts\":{\"queued\":");
        buf_add_u64(out, f->tally.count[STATUS_QUEUED]);
        buf_add_char(out, '}');
        break;
    case VIEW_OVERLAY:
    case VIEWS:
        add_overlay(f, out);
        break;
    }
    buf_add_char(out, '}');
}

void
state_status(struct front *f, enum view v, struct buf *out)
{
    if (v == VIEW_OVERLAY || v == VIEWS)
        return;
    buf_add_cstr(out, ",\"officer_seen\":");
    view_time(live_officer_seen(f->live), out);
    buf_add_cstr(out, ",\"overlay_seen\":");
    view_time(live_overlay_seen(f->live), out);
    if (v == VIEW_OFFICER)
        return;
    buf_add_cstr(out, ",\"people\":");
    live_people(f->live, out);
    buf_add_cstr(out, ",\"sources\":");
    state_sources(f, out);
    buf_add_cstr(out, ",\"warnings\":");
    add_warnings(f, out);
    if (v == VIEW_STAFF)
        buf_addf(out, ",\"checks\":{\"warn\":%zu,\"fail\":%zu}", f->setup.n[SETUP_WARN],
                 f->setup.n[SETUP_FAIL]);
}

void
state_session(const struct identity *who, struct buf *out)
{
    buf_add_cstr(out, "{\"user\":");
    buf_add_json(out, str_from(who->name));
    buf_addf(out, ",\"role\":\"%s\",\"lang\":", role_name(who->role));
    view_text(who->lang[0] == '\0' ? NULL : who->lang, out);
    buf_add_cstr(out, ",\"expires_at\":");
    view_time(who->expires_ms, out);
    buf_add_char(out, '}');
}
