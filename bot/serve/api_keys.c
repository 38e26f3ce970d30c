/* SPDX-License-Identifier: Apache-2.0 */
/* api_keys.c - tokens for programs, one-time links for people. Secrets are in the answer
 * that makes them and nowhere else. A moderator may hand out links, but only for the
 * officer's screen: nobody gives more than they have. */
#include "serve/api.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "serve/accounts_log.h"
#include "serve/front.h"
#include "serve/qr.h"

void
api_tokens_get(struct front *f, struct exchange *x)
{
    const struct account_token *t;
    size_t n = accounts_tokens(f->accounts, &t);
    struct buf *out = http_json(&x->res, 200);

    buf_add_cstr(out, "{\"items\":[");
    for (size_t i = 0; i < n; i++) {
        buf_addf(out, "%s{\"id\":%" PRIu64 ",\"role\":\"%s\",\"name\":", i > 0 ? "," : "",
                 t[i].id, role_name(t[i].role));
        buf_add_json(out, str_from(t[i].name));
        buf_add_cstr(out, ",\"created_at\":");
        view_time(t[i].created_ms, out);
        buf_add_char(out, '}');
    }
    buf_add_cstr(out, "],\"next\":null}");
}

/* A role for a new token or link; what it may be is the accounts' business. */
static bool
read_role(struct exchange *x, enum role *out)
{
    struct str role;
    struct err e = ERR_INIT;

    if (!front_string(x, "role", 16, &role))
        return false;
    if (role_from_name(role, out, &e) == 0)
        return true;
    http_problem(&x->res, 422, "unprocessable", "'role' is missing or unknown");
    return false;
}

void
api_tokens_post(struct front *f, struct exchange *x)
{
    struct account_made made;
    enum role role;
    struct str name;
    struct err e = ERR_INIT;

    if (!read_role(x, &role) || !front_string(x, "name", ACCOUNTS_NAME, &name))
        return;
    if (name.len == 0)
        name = str_from(role_name(role));
    if (accounts_add_token(f->accounts, role, name, &made, &e) < 0) {
        http_problem_err(&x->res, &e);
        return;
    }
    log_info("accounts", "'%s' made the token %" PRIu64, x->who.name, made.id);
    char called[ACCOUNTS_NAME + 1];
    str_copy(name, called, sizeof(called));
    accounts_note(f->accounts, x->who.name, ADMIN_TOKEN_ADD, called, role);
    struct buf *out = http_json(&x->res, 200);
    buf_addf(out, "{\"id\":%" PRIu64 ",\"role\":\"%s\",\"name\":", made.id,
             role_name(role));
    buf_add_json(out, name);
    buf_addf(out, ",\"token\":\"%s\"}", made.secret);
    sodium_memzero(&made, sizeof(made));
}

void
api_token_delete(struct front *f, struct exchange *x)
{
    struct account_token gone = {.role = ROLE_OVERLAY};
    const struct account_token *t;
    size_t n = accounts_tokens(f->accounts, &t);
    uint64_t id;
    struct err e = ERR_INIT;

    if (!front_number(x, 0, &id))
        return;
    for (size_t i = 0; i < n; i++)
        if (t[i].id == id)
            gone = t[i];
    if (accounts_remove_token(f->accounts, id, &e) < 0) {
        http_problem_err(&x->res, &e);
    } else {
        x->res.status = 204;
        accounts_note(f->accounts, x->who.name, ADMIN_TOKEN_REVOKE, gone.name, gone.role);
    }
    live_check(f->live);
}

void
api_links_get(struct front *f, struct exchange *x)
{
    const struct account_link *l;
    size_t n = accounts_links(f->accounts, &l);
    int64_t now = clock_wall_ms(f->conf.clock);
    struct buf *out = http_json(&x->res, 200);
    size_t shown = 0;

    buf_add_cstr(out, "{\"items\":[");
    for (size_t i = 0; i < n; i++) {
        if (l[i].expires_ms <= now)
            continue;
        buf_addf(out, "%s{\"id\":%" PRIu64 ",\"role\":\"%s\",\"user\":",
                 shown++ > 0 ? "," : "", l[i].id, role_name(l[i].role));
        view_text(l[i].user[0] == '\0' ? NULL : l[i].user, out);
        buf_add_cstr(out, ",\"expires_at\":");
        view_time(l[i].expires_ms, out);
        buf_add_char(out, '}');
    }
    buf_add_cstr(out, "],\"next\":null}");
}

/* With a user the role is that user's; a moderator may not sign in as somebody else. */
static bool
may_link(struct front *f, struct exchange *x, struct str user, enum role *role)
{
    const struct account *u = accounts_find(f->accounts, user);

    if (user.len > 0 && u == NULL) {
        http_problem(&x->res, 404, "not_found", "there is no such user");
        return false;
    }
    if (u != NULL)
        *role = u->role;
    if (x->who.role == ROLE_ADMIN || (u == NULL && *role == ROLE_OFFICER))
        return true;
    http_problem(&x->res, 403, "forbidden",
                 "a moderator makes links for the officer only");
    return false;
}

static void
answer_link(struct front *f, struct exchange *x, uint64_t id, const char *code)
{
    struct buf url = BUF_INIT, svg = BUF_INIT;
    struct err e = ERR_INIT;

    front_public_url(f, x, &url);
    buf_addf(&url, "/join/%s", code);
    if (qr_svg(url.data, &svg, &e) < 0)
        log_warn("accounts", "%s", e.msg);
    struct buf *out = http_json(&x->res, 200);
    buf_addf(out, "{\"id\":%" PRIu64 ",\"url\":", id);
    buf_add_json(out, buf_str(&url));
    buf_add_cstr(out, ",\"expires_at\":");
    view_time(clock_wall_ms(f->conf.clock) + ACCOUNTS_LINK_MS, out);
    buf_add_cstr(out, ",\"qr\":");
    view_text(svg.data, out);
    buf_add_char(out, '}');
    sodium_memzero(url.data, url.len);
    buf_fini(&url);
    buf_fini(&svg);
}

void
api_links_post(struct front *f, struct exchange *x)
{
    struct account_made made;
    enum role role = ROLE_OFFICER;
    struct str user;
    struct err e = ERR_INIT;

    if (!front_string(x, "user", ACCOUNTS_NAME, &user) ||
        (user.len == 0 && !read_role(x, &role)) || !may_link(f, x, user, &role))
        return;
    if (accounts_add_link(f->accounts, role, user, &made, &e) < 0) {
        http_problem_err(&x->res, &e);
        return;
    }
    log_info("accounts", "'%s' made a link for %s", x->who.name, role_name(role));
    char whose[ACCOUNTS_NAME + 1];
    str_copy(user, whose, sizeof(whose));
    accounts_note(f->accounts, x->who.name, ADMIN_LINK_ADD, whose, role);
    answer_link(f, x, made.id, made.secret);
    sodium_memzero(&made, sizeof(made));
}

void
api_link_delete(struct front *f, struct exchange *x)
{
    struct account_link gone = {.role = ROLE_OFFICER};
    const struct account_link *l;
    size_t n = accounts_links(f->accounts, &l);
    uint64_t id;
    struct err e = ERR_INIT;

    if (!front_number(x, 0, &id))
        return;
    for (size_t i = 0; i < n; i++)
        if (l[i].id == id)
            gone = l[i];
    if (accounts_remove_link(f->accounts, id, &e) < 0) {
        http_problem_err(&x->res, &e);
    } else {
        x->res.status = 204;
        accounts_note(f->accounts, x->who.name, ADMIN_LINK_REVOKE, gone.user, gone.role);
    }
}
