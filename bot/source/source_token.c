/* SPDX-License-Identifier: Apache-2.0 */
/* source_token.c - the token of one source.
 *
 * The file is read again at each start, so that `suraq connect` mends a running program.
 * A new token is in the file before it is used: were it lost, a platform whose refresh
 * tokens work once would know nobody any more. */
#include "source/source_token.h"

#include <string.h>

#include "base/log.h"
#include "base/mem.h"

static struct source *
source_of(struct source_token *t)
{
    return t->http.s;
}

static void
sign_in_anew(struct source *s, const char *why)
{
    source_refused(s, "auth", "%s; sign in again: suraq connect %s", why, s->name);
}

static void
refreshed(struct source *s, const struct fetch_answer *a)
{
    struct source_token *t = s->adapter->token(s);
    struct err e = ERR_INIT;
    if (a->status == 400 || a->status == 401) {
        sign_in_anew(s, "the platform does not renew the token");
        return;
    }
    if (!source_http_is_ok(s, a, STR_NONE))
        return;
    if (token_take(a->body, clock_wall_ms(s->clock), &t->token, &e) < 0) {
        source_lost(s, "auth", "%s", e.msg);
        return;
    }
    if (token_save(s->token_file, &t->token, &e) < 0)
        source_degraded(s, "auth", "%s", e.msg);
    else
        log_info("source", "%s: the token was renewed", s->name);
    t->then(s);
}

static void
refresh(struct source_token *t)
{
    struct source *s = source_of(t);
    struct buf form = BUF_INIT, basic = BUF_INIT;
    token_write_refresh(&t->token, s->client_id, t->basic ? NULL : s->client_secret,
                        &form);
    token_write_basic(s->client_id, s->client_secret, &basic);
    struct source_ask ask = {.url = t->endpoint,
                             .type = "application/x-www-form-urlencoded",
                             .header = t->basic ? basic.data : NULL,
                             .body = buf_str(&form)};
    source_http_ask(&t->http, &ask, refreshed);
    explicit_bzero(basic.data, basic.cap);
    buf_fini(&basic);
    explicit_bzero(form.data, form.cap);
    buf_fini(&form);
}

/* A token whose time has not come may still be refused: then its file must hold another
 * one, or a new one is asked for. */
static bool
is_good(const struct source_token *t, int64_t now)
{
    const char *access = t->token.access;
    bool refused = t->spoilt != NULL && access != NULL && strcmp(t->spoilt, access) == 0;
    return token_is_fresh(&t->token, now) && !refused;
}

void
source_token_need(struct source_token *t, void (*then)(struct source *s))
{
    struct source *s = source_of(t);
    struct err e = ERR_INIT;
    int64_t now = clock_wall_ms(s->clock);
    t->then = then;
    if (t->http.call != NULL) /* a new one is on its way already */
        return;
    if (!is_good(t, now) && token_load(s->token_file, &t->token, &e) < 0) {
        sign_in_anew(s, e.msg);
        return;
    }
    if (is_good(t, now))
        then(s);
    else if (t->token.refresh != NULL && s->client_id != NULL)
        refresh(t);
    else
        sign_in_anew(s, "the token has ended and cannot be renewed");
}

void
source_token_spoil(struct source_token *t)
{
    mem_free(t->spoilt);
    t->spoilt = t->token.access == NULL ? NULL : mem_strdup(t->token.access);
}

void
source_token_stop(struct source_token *t)
{
    source_http_stop(&t->http);
}

void
source_token_fini(struct source_token *t)
{
    token_fini(&t->token);
    if (t->spoilt != NULL)
        explicit_bzero(t->spoilt, strlen(t->spoilt));
    mem_free(t->spoilt);
}
