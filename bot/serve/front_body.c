/* SPDX-License-Identifier: Apache-2.0 */
/* front_body.c - what handlers read requests with: members of the body, path parameters,
 * who asks, and how an error is answered. Each reader answers by itself when it cannot
 * give a value, so that a handler is a list of "give me" and one thing to do. */
#include "serve/front.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

struct str
exchange_actor(const struct exchange *x, char room[ACCOUNTS_NAME + 8])
{
    int len = snprintf(room, ACCOUNTS_NAME + 8, "user:%s", x->who.name);

    return (struct str){room, (size_t)len};
}

void
front_public_url(const struct front *f, const struct exchange *x, struct buf *out)
{
    const char *host = x->req.field[HTTP_HOST];

    if (f->conf.public_url != NULL) {
        struct str url = str_from(f->conf.public_url);
        while (url.len > 0 && url.p[url.len - 1] == '/')
            url.len--;
        buf_add_str(out, url);
    } else if (host != NULL) {
        buf_addf(out, "%s://%s", x->req.secure ? "https" : "http", host);
    } else {
        buf_add_cstr(out, f->url);
    }
}

void
front_refuse(const struct front *f, struct exchange *x, const struct err *e)
{
    bool full = journal_pending(stream_journal(f->conf.stream)) > BOUNDS_PENDING / 2;

    if (e->code == ERR_LIMIT && full) {
        http_problem(&x->res, 503, "journal_down", "%s", e->msg);
        http_header(&x->res, "retry-after:", "1");
        return;
    }
    http_problem_err(&x->res, e);
}

bool
front_number(struct exchange *x, int param, uint64_t *out)
{
    struct err e = ERR_INIT;

    if (str_to_u64(buf_str(&x->param[param]), INT64_MAX, out, &e) == 0)
        return true;
    http_problem(&x->res, 404, "not_found", "'%s' is not a number", x->param[param].data);
    return false;
}

static const json_t *
given(const struct exchange *x, const char *name)
{
    const json_t *value = json_object_get(x->body, name);

    return json_is_null(value) ? NULL : value;
}

bool
front_string(struct exchange *x, const char *name, size_t max, struct str *out)
{
    const json_t *value = given(x, name);

    *out = STR_NONE;
    if (value == NULL)
        return true;
    if (!json_is_string(value)) {
        http_problem(&x->res, 400, "bad_request", "'%s' must be a string", name);
        return false;
    }
    *out = (struct str){json_string_value(value), json_string_length(value)};
    if (utf8_count(*out) > max) {
        http_problem(&x->res, 422, "unprocessable", "'%s' has at most %zu characters",
                     name, max);
        return false;
    }
    return true;
}

bool
front_u64(struct exchange *x, const char *name, uint64_t *out, bool *is_given)
{
    const json_t *value = given(x, name);

    *is_given = value != NULL;
    if (value == NULL)
        return true;
    if (!json_is_integer(value) || json_integer_value(value) < 0) {
        http_problem(&x->res, 400, "bad_request", "'%s' must be a number from 0", name);
        return false;
    }
    *out = (uint64_t)json_integer_value(value);
    return true;
}

bool
front_bool(struct exchange *x, const char *name, bool *out, bool *is_given)
{
    const json_t *value = given(x, name);

    *is_given = value != NULL;
    if (value == NULL)
        return true;
    if (!json_is_boolean(value)) {
        http_problem(&x->res, 400, "bad_request", "'%s' must be true or false", name);
        return false;
    }
    *out = json_is_true(value);
    return true;
}
