/* SPDX-License-Identifier: Apache-2.0 */
/* api_filters.c - the filters in force, for those who look at them. */
#include "serve/api.h"

#include <string.h>

#include "queue/edits.h"
#include "serve/front.h"
#include "serve/rules_view.h"

void
api_filters_get(struct front *f, struct exchange *x)
{
    rules_view_list(stream_rulebook(f->conf.stream), f->hits,
                    clock_wall_ms(f->conf.clock), http_json(&x->res, 200));
    x->res.hold = queue_seq(stream_queue(f->conf.stream));
}

static bool
has_history(const struct queue *q, const char *name)
{
    for (size_t i = 0; i < queue_filter_changes(q); i++) {
        if (strcmp(queue_filter_change_at(q, i)->file, name) == 0)
            return true;
    }
    return false;
}

void
api_filter_get(struct front *f, struct exchange *x)
{
    const struct queue *q = stream_queue(f->conf.stream);
    const struct rulebook *r = stream_rulebook(f->conf.stream);
    const char *name = x->param[0].data;

    if (strstr(name, "..") != NULL) {
        http_problem(&x->res, 400, "bad_request",
                     "a filter file has no '..' in its name");
    } else if (rulebook_file(r, name) == NULL && !has_history(q, name)) {
        http_problem(&x->res, 404, "not_found", "there is no filter file '%s'", name);
    } else {
        struct buf *out = http_json(&x->res, 200);
        rules_view_file(r, q, name, out);
        buf_add_char(out, '}');
        x->res.hold = queue_seq(q);
    }
}
