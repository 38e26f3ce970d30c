/* SPDX-License-Identifier: Apache-2.0 */
/* source_http.c - what the adapters of platforms that are asked over HTTP share.
 *
 * A page of messages waits in the source's input like the lines of a socket, so a flood
 * and a slow disk are met there and nowhere else: the next page is asked for when the
 * last one is gone. The meaning of a status is the same for every platform; one that
 * means something of its own (YouTube's 403 for a spent quota) is looked at by its
 * adapter before. */
#include "source/source_http.h"

#include "base/bounds.h"

enum { LOOK_AGAIN_MS = 50 };

static void
on_done(void *arg, const struct fetch_answer *a)
{
    struct source_http *h = arg;
    h->call = NULL;
    h->answer(h->s, a);
}

/* "name: value" into `text`, which holds the name already; nothing when there is no
 * value. */
static size_t
add_header(const char **list, size_t n, struct buf *text, const char *value)
{
    if (value == NULL)
        return n;
    buf_add_cstr(text, value);
    list[n] = text->data;
    return n + 1;
}

void
source_http_ask(struct source_http *h, const struct source_ask *ask,
                void (*answer)(struct source *s, const struct fetch_answer *a))
{
    struct source *s = h->s;
    struct buf bearer = BUF_INIT, type = BUF_INIT;
    const char *headers[3];
    const char *of_body = ask->type != NULL ? ask->type : "application/json";
    buf_add_cstr(&bearer, "Authorization: Bearer ");
    buf_add_cstr(&type, "Content-Type: ");
    size_t n = add_header(headers, 0, &bearer, ask->bearer);
    n = add_header(headers, n, &type, ask->body.len > 0 ? of_body : NULL);
    if (ask->header != NULL)
        headers[n++] = ask->header;
    struct fetch_request r = {.url = ask->url,
                              .method = ask->method,
                              .headers = headers,
                              .n_headers = n,
                              .body = ask->body,
                              .ca_file = s->ca_file,
                              .proxy = s->proxy,
                              .idle_ms = ask->idle_ms,
                              .total_ms = ask->total_ms};
    if (r.total_ms == 0 && ask->piece == NULL)
        r.total_ms = 2 * s->timing.connect;
    struct fetch_events on = {.piece = ask->piece, .done = on_done, .arg = h};
    struct err e = ERR_INIT;
    h->answer = answer;
    h->call = fetch_start(s->env.fetcher, &r, &on, &e);
    explicit_bzero(bearer.data, bearer.cap);
    buf_fini(&bearer);
    buf_fini(&type);
    if (h->call == NULL && e.code == ERR_LIMIT)
        source_lost(s, "refused", "%s", e.msg);
    else if (h->call == NULL)
        source_refused(s, "refused", "%s", e.msg);
}

static void
look(void *arg)
{
    struct source_http *h = arg;
    if (!source_is_drained(h->s))
        loop_timer_start(h->s->env.loop, &h->timer, LOOK_AGAIN_MS, look, h);
    else
        h->next(h->s);
}

void
source_http_later(struct source_http *h, int64_t ms, void (*next)(struct source *s))
{
    h->next = next;
    loop_timer_start(h->s->env.loop, &h->timer, ms, look, h);
}

void
source_http_stop(struct source_http *h)
{
    loop_timer_stop(&h->timer);
    fetch_cancel(&h->call);
}

static void
tell_try_later(struct source *s, const struct fetch_answer *a, struct str reason)
{
    int64_t wait_ms = fetch_retry_after_ms(a, clock_wall_ms(s->clock));
    bool busy = a->status == 429;
    source_lost_for(s, wait_ms, busy ? "limit" : "closed", "%s (HTTP %d)%s%.*s",
                    busy ? "the platform asks to slow down" : "the platform has a fault",
                    a->status, reason.len > 0 ? ": " : "", STR_ARG(reason));
}

static void
tell_refusal(struct source *s, const struct fetch_answer *a, struct str reason)
{
    bool sign_in = a->status == 401 || a->status == 403;
    bool missing = a->status == 404 || a->status == 410;
    const char *what = sign_in   ? "the platform refuses our key or token"
                       : missing ? "the platform knows no such chat"
                                 : "the platform refuses the request";
    source_refused(s,
                   sign_in   ? "auth"
                   : missing ? "join"
                             : "refused",
                   "%s (HTTP %d)%s%.*s", what, a->status, reason.len > 0 ? ": " : "",
                   STR_ARG(reason));
}

bool
source_http_is_ok(struct source *s, const struct fetch_answer *a, struct str reason)
{
    if (a->status >= 200 && a->status <= 299)
        return true;
    if (a->status == 0)
        source_lost(s, a->code, "%s", a->err.msg);
    else if (a->status == 429 || a->status >= 500 || a->status < 400)
        tell_try_later(s, a, reason);
    else
        tell_refusal(s, a, reason);
    return false;
}

json_t *
source_http_json(struct source *s, const struct fetch_answer *a)
{
    json_error_t why;
    json_t *o = json_loadb(a->body.len > 0 ? a->body.p : "", a->body.len, 0, &why);
    if (o == NULL)
        source_lost(s, "closed", "the answer is no JSON at byte %d: %s", why.position,
                    why.text);
    return o;
}
