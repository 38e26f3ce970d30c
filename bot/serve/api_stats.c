/* SPDX-License-Identifier: Apache-2.0 */
/* api_stats.c - GET /stats: a broadcast in numbers (queue/stats.h), as JSON. Viewers see
 * everything but who did what. */
#include "serve/api.h"

#include <inttypes.h>
#include <string.h>

#include "queue/activity.h"
#include "queue/stats.h"
#include "serve/front.h"

static void
add_share(int per_mille, struct buf *out)
{
    if (per_mille < 0)
        buf_add_cstr(out, "null");
    else
        buf_addf(out, "%d.%03d", per_mille / 1000, per_mille % 1000);
}

static void
add_counts(const struct stats *s, struct buf *out)
{
    uint64_t left = s->asked - s->status[STATUS_REJECTED] - s->status[STATUS_MERGED];
    uint64_t answered = s->status[STATUS_ANSWERED];

    buf_addf(out,
             ",\"counts\":{\"messages\":%" PRIu64 ",\"questions\":%" PRIu64
             ",\"urgent\":%" PRIu64 ",\"held\":%" PRIu64 ",\"by_hand\":%" PRIu64
             ",\"status\":{",
             s->broadcast->messages, s->asked, s->urgent, s->held, s->by_hand);
    for (int i = 0; i < STATS_STATUSES; i++)
        buf_addf(out, "%s\"%s\":%" PRIu64, i > 0 ? "," : "", status_name((enum status)i),
                 s->status[i]);
    buf_add_cstr(out, "}},\"answer_rate\":");
    add_share(left == 0 ? -1 : (int)(answered * 1000 / left), out);
}

static void
add_wait(const char *name, const struct stats_wait *w, struct buf *out)
{
    buf_addf(out,
             "\"%s\":{\"n\":%zu,\"p50_s\":%" PRId64 ",\"p90_s\":%" PRId64
             ",\"max_s\":%" PRId64 "}",
             name, w->n, w->p50_ms / 1000, w->p90_ms / 1000, w->max_ms / 1000);
}

static void
add_groups(const char *name, const struct stats_groups *g, struct buf *out)
{
    buf_addf(out, ",\"%s\":{\"fairness\":", name);
    add_share(g->fairness, out);
    buf_add_cstr(out, ",\"items\":[");
    for (size_t i = 0; i < g->n; i++) {
        const struct stats_group *one = &g->group[i];
        buf_add_cstr(out, i > 0 ? ",{\"key\":" : "{\"key\":");
        buf_add_json(out, str_from(one->key));
        buf_addf(out,
                 ",\"asked\":%" PRIu64 ",\"approved\":%" PRIu64 ",\"aired\":%" PRIu64
                 ",\"answered\":%" PRIu64 ",\"rejected\":%" PRIu64 ",\"merged\":%" PRIu64
                 "}",
                 one->asked, one->approved, one->aired, one->answered, one->rejected,
                 one->merged);
    }
    buf_add_cstr(out, "]}");
}

enum line { LINE_MESSAGES, LINE_QUESTIONS, LINE_AIRED, LINES };

static uint64_t
value_of(const struct stats_minute *m, enum line line)
{
    switch (line) {
    case LINE_MESSAGES:
        return m->messages;
    case LINE_QUESTIONS:
        return m->questions;
    case LINE_AIRED:
    case LINES:
        break;
    }
    return m->aired;
}

static void
add_series(const struct stats *s, struct buf *out)
{
    static const char *const names[LINES] = {"messages", "questions", "aired"};

    buf_add_cstr(out, ",\"series\":{\"from\":");
    view_time(s->from_ms, out);
    buf_add_cstr(out, ",\"step_s\":60");
    for (int line = 0; line < LINES; line++) {
        buf_addf(out, ",\"%s\":[", names[line]);
        for (size_t i = 0; i < s->n_minutes; i++) {
            buf_add_cstr(out, i > 0 ? "," : "");
            buf_add_u64(out, value_of(&s->minutes[i], (enum line)line));
        }
        buf_add_char(out, ']');
    }
    buf_add_char(out, '}');
}

static void
add_acts(const uint64_t count[EVENT_KINDS], struct buf *out)
{
    bool any = false;

    buf_add_char(out, '{');
    for (unsigned k = 0; k < EVENT_KINDS; k++) {
        if (count[k] == 0)
            continue;
        buf_addf(out, "%s\"%s\":%" PRIu64, any ? "," : "",
                 event_kind_name((enum event_kind)k), count[k]);
        any = true;
    }
    buf_add_char(out, '}');
}

/* All together, and for staff by person. */
static void
add_people(const struct queue *q, uint64_t broadcast, bool staff, struct buf *out)
{
    const struct activity *a = queue_activity(q);
    uint64_t sum[EVENT_KINDS] = {0};
    bool any = false;

    buf_add_cstr(out, ",\"people\":[");
    for (size_t i = 0; i < a->n_people; i++) {
        const struct activity_person *p = &a->people[i];
        if (p->broadcast != broadcast)
            continue;
        for (unsigned k = 0; k < EVENT_KINDS; k++)
            sum[k] += p->count[k];
        if (!staff)
            continue;
        buf_add_cstr(out, any ? ",{\"user\":" : "{\"user\":");
        buf_add_json(out, str_from(p->actor + strlen("user:")));
        buf_add_cstr(out, ",\"acts\":");
        add_acts(p->count, out);
        buf_add_char(out, '}');
        any = true;
    }
    buf_add_cstr(out, "],\"acts\":");
    add_acts(sum, out);
}

static void
write_stats(const struct stats *s, const struct queue *q, bool staff, struct buf *out)
{
    buf_add_cstr(out, ",\"broadcast\":");
    view_broadcast(s->broadcast, out);
    add_counts(s, out);
    buf_add_cstr(out, ",\"wait\":{");
    add_wait("approved", &s->approved, out);
    buf_add_char(out, ',');
    add_wait("aired", &s->aired, out);
    buf_add_char(out, '}');
    add_groups("topics", &s->topics, out);
    add_groups("langs", &s->langs, out);
    add_groups("sources", &s->sources, out);
    add_people(q, s->broadcast->id, staff, out);
    add_series(s, out);
    buf_add_char(out, '}');
}

void
api_stats(struct front *f, struct exchange *x)
{
    const struct queue *q = stream_queue(f->conf.stream);
    const struct broadcast *now = queue_broadcast(q);
    uint64_t id = now == NULL ? 0 : now->id, minutes = 0;
    int64_t now_ms = clock_wall_ms(f->conf.clock);
    struct stats s;
    struct err e = ERR_INIT;

    if (http_query_u64(x->req.query, "broadcast", INT64_MAX, &id, &e) < 0 ||
        http_query_u64(x->req.query, "minutes", BOUNDS_STATS_MINUTES, &minutes, &e) < 0) {
        http_problem(&x->res, 400, "bad_request", "%s", e.msg);
        return;
    }
    if (!stats_count(&s, q, id, now_ms, (size_t)minutes)) {
        http_problem(&x->res, 404, "not_found", "there is no broadcast %" PRIu64, id);
        return;
    }
    struct buf *out = http_json(&x->res, 200);
    buf_addf(out, "{\"seq\":%" PRIu64 ",\"at\":", queue_seq(q));
    view_time(now_ms, out);
    write_stats(&s, q, x->who.role != ROLE_VIEWER, out);
    x->res.hold = queue_seq(q);
    stats_fini(&s);
}
