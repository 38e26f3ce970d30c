/* SPDX-License-Identifier: Apache-2.0 */
/* api_hooks.c - what platforms deliver by themselves: no session, no role; whether it is
 * the platform's is for the source to say, by the signature over the bytes as they came.
 *
 * 200 leaves when the lines are on disk, like every answer: a platform sends again what
 * was not answered so. Everything else is short and the same for each reason, so that a
 * stranger learns nothing about the sources. */
#include "serve/api.h"

#include <string.h>

#include "serve/front.h"
#include "source/hook.h"

enum { WORD_MAX = 256, RETRY_S = 5 };

static bool
is_admitted(struct front *f, struct exchange *x)
{
    int64_t now = clock_mono_ms(f->conf.clock);

    if (hook_gate_admits(f->gate, str_from(x->req.address), buf_str(&x->param[0]), now))
        return true;
    http_problem(&x->res, 429, "throttled", "too many deliveries from this address");
    http_header(&x->res, "retry-after:", "1");
    return false;
}

static void
refuse(struct front *f, struct exchange *x, const struct err *e)
{
    if (e->code == ERR_BAD_STATE || e->code == ERR_LIMIT) {
        http_problem(&x->res, 503, "throttled", "not now; send it again later");
        http_header(&x->res, "retry-after:", "%d", RETRY_S);
        return;
    }
    hook_gate_fine(f->gate, str_from(x->req.address), buf_str(&x->param[0]),
                   clock_mono_ms(f->conf.clock));
    if (e->code == ERR_MISSING)
        http_problem(&x->res, 404, "not_found", "there is nothing here");
    else if (e->code == ERR_PERM)
        http_problem(&x->res, 403, "forbidden", "this is not the platform's");
    else
        http_problem(&x->res, 400, "bad_request", "this cannot be understood");
}

static int
give(struct front *f, struct exchange *x, const struct source_hook *h, struct err *e)
{
    const struct server_sources *s = &f->conf.sources;

    if (s->hook == NULL)
        return err_set(e, ERR_MISSING, "no source takes deliveries");
    return s->hook(s->arg, buf_str(&x->param[0]), h, e);
}

/* It is sent back, so it is held to what the platform sends: digits and letters. */
static bool
is_word(struct str word)
{
    for (size_t i = 0; i < word.len; i++) {
        char c = word.p[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
            !(c >= 'A' && c <= 'Z') && c != '-' && c != '_')
            return false;
    }
    return word.len > 0 && word.len <= WORD_MAX;
}

void
api_hook_get(struct front *f, struct exchange *x)
{
    struct buf mode = BUF_INIT, token = BUF_INIT, word = BUF_INIT;
    struct err e = ERR_INIT;

    if (!is_admitted(f, x))
        return;
    (void)http_query(x->req.query, "hub.mode", &mode);
    (void)http_query(x->req.query, "hub.verify_token", &token);
    (void)http_query(x->req.query, "hub.challenge", &word);
    struct source_hook h = {
        .asks = true, .mode = buf_str(&mode), .token = buf_str(&token)};
    h.word = buf_str(&word);
    int rc = give(f, x, &h, &e);
    if (rc == 0 && !is_word(h.word))
        rc = err_set(&e, ERR_PARSE, "hub.challenge is missing");
    if (rc < 0) {
        refuse(f, x, &e);
    } else {
        x->res.status = 200;
        x->res.type = "text/plain; charset=utf-8";
        buf_add_str(&x->res.body, h.word);
    }
    buf_fini(&mode);
    buf_fini(&token);
    buf_fini(&word);
}

void
api_hook_post(struct front *f, struct exchange *x)
{
    const struct http_request *r = &x->req;
    struct source_hook h = {.body = buf_str(&r->body),
                            .hmac = http_request_field(r, HTTP_HUB_SIGNATURE),
                            .rsa = http_request_field(r, HTTP_KICK_SIGNATURE),
                            .id = http_request_field(r, HTTP_KICK_ID),
                            .at = http_request_field(r, HTTP_KICK_TIME),
                            .type = http_request_field(r, HTTP_KICK_TYPE)};
    struct err e = ERR_INIT;

    if (!is_admitted(f, x))
        return;
    if (give(f, x, &h, &e) < 0) {
        refuse(f, x, &e);
        return;
    }
    buf_add_cstr(http_json(&x->res, 200), "{\"taken\":true}");
    x->res.hold = queue_seq(stream_queue(f->conf.stream));
}
