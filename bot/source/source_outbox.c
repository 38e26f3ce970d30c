/* SPDX-License-Identifier: Apache-2.0 */
/* source_outbox.c - what waits to be said through an API.
 *
 * Reading never suffers from writing: what cannot be said is logged and dropped, since a
 * late "your question is on air" is worse than none, and the first refusal ends the
 * writing until the source connects anew. */
#include "source/source_outbox.h"

#include <string.h>

#include "base/bounds.h"

static void
post_first(void *arg)
{
    struct source_outbox *o = arg;
    o->busy = o->n > 0;
    if (!o->busy)
        return;
    const char *p = o->lines.data + o->at;
    const char *end = memchr(p, '\n', o->lines.len - o->at); /* always there */
    o->post(o->http.s, (struct str){p, (size_t)(end - p)});
}

static void
drop_first(struct source_outbox *o)
{
    const char *p = o->lines.data + o->at;
    const char *end = memchr(p, '\n', o->lines.len - o->at);
    o->n--;
    o->at = o->n == 0 ? 0 : o->at + (size_t)(end - p) + 1;
    if (o->n == 0)
        buf_reset(&o->lines);
}

int
source_outbox_add(struct source_outbox *o, struct str json, struct err *e)
{
    if (o->forbidden)
        return err_set(e, ERR_BAD_STATE, "the platform lets us write no more");
    if (o->n == BOUNDS_SOURCE_OUTBOX)
        return err_set(e, ERR_LIMIT, "%d lines wait already", BOUNDS_SOURCE_OUTBOX);
    buf_add_str(&o->lines, json);
    buf_add_char(&o->lines, '\n');
    o->n++;
    if (!o->busy)
        post_first(o);
    return 0;
}

void
source_outbox_done(struct source_outbox *o, int status, struct str why)
{
    struct source *s = o->http.s;
    drop_first(o);
    if (status == 401 || status == 403) {
        source_outbox_stop(o);
        o->forbidden = true;
        source_degraded(s, "muted", "we can read but not write: %.*s", STR_ARG(why));
        source_sent(s, SOURCE_FORBIDDEN, "%.*s (HTTP %d)", STR_ARG(why), status);
        return;
    }
    if (why.len > 0)
        source_sent(s, SOURCE_UNSENT, "%.*s (HTTP %d)", STR_ARG(why), status);
    else
        source_sent(s, SOURCE_SENT, "%s", "");
    loop_timer_start(s->env.loop, &o->timer, o->pause_ms, post_first, o);
}

void
source_outbox_stop(struct source_outbox *o)
{
    source_http_stop(&o->http);
    loop_timer_stop(&o->timer);
    buf_reset(&o->lines);
    o->n = o->at = 0;
    o->busy = o->forbidden = false;
}

void
source_outbox_fini(struct source_outbox *o)
{
    buf_fini(&o->lines);
}
