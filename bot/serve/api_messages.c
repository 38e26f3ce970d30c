/* SPDX-License-Identifier: Apache-2.0 */
/* api_messages.c - the recent chat, and the way in for programs (bulk.h). What is shown
 * is what is in memory, newest first; what is older is asked of the archive
 * (api_search.c).
 */
#include "serve/api.h"

#include "serve/bulk.h"
#include "serve/front.h"
#include "serve/search.h"

enum { LIMIT = 100, LIMIT_MAX = 500 };

struct wish {
    uint64_t before, limit;
    struct buf source;
    struct search search;
    enum view view;
};

static bool
is_wanted(const struct wish *w, const struct chat_line *line)
{
    if (line->mid >= w->before)
        return false;
    if (w->source.len > 0 && !str_eq(buf_str(&w->source), str_from(line->source)))
        return false;
    return search_matches(&w->search,
                          w->view == VIEW_STAFF ? line->text : line->masked) ||
           search_matches(&w->search, line->author_name);
}

static void
list(struct front *f, struct exchange *x, const struct wish *w)
{
    const struct queue *q = stream_queue(f->conf.stream);
    struct buf *out = http_json(&x->res, 200);
    uint64_t shown = 0, next = 0;

    buf_add_cstr(out, "{\"items\":[");
    for (size_t i = queue_recent(q); i-- > 0 && next == 0;) {
        const struct chat_line *line = queue_recent_at(q, i);
        if (!is_wanted(w, line))
            continue;
        buf_add_cstr(out, shown++ > 0 ? "," : "");
        view_message(line, w->view, out);
        if (shown == w->limit && i > 0)
            next = line->mid;
    }
    buf_add_cstr(out, "],\"next\":");
    view_number(next, out);
    buf_add_char(out, '}');
    x->res.hold = queue_seq(q);
}

void
api_messages_get(struct front *f, struct exchange *x)
{
    struct wish w = {.before = UINT64_MAX, .limit = LIMIT};
    struct buf text = BUF_INIT;
    struct err e = ERR_INIT;

    if (api_messages_archived(f, x))
        return;
    (void)view_of_role(x->who.role, &w.view);
    (void)http_query(x->req.query, "source", &w.source);
    (void)http_query(x->req.query, "q", &text);
    search_init(&w.search, buf_str(&text));
    buf_fini(&text);
    if (http_query_u64(x->req.query, "before", INT64_MAX, &w.before, &e) < 0 ||
        http_query_u64(x->req.query, "limit", LIMIT_MAX, &w.limit, &e) < 0) {
        http_problem(&x->res, 400, "bad_request", "%s", e.msg);
    } else {
        w.limit = w.limit == 0 ? 1 : w.limit;
        list(f, x, &w);
    }
    search_fini(&w.search);
    buf_fini(&w.source);
}

void
api_messages_post(struct front *f, struct exchange *x)
{
    bulk_finish(x->bulk, f, x);
}
