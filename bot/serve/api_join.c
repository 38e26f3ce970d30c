/* SPDX-License-Identifier: Apache-2.0 */
/* api_join.c - signing in by one-time link.
 *
 * A link is sent through messengers, and a messenger opens what it is sent to draw a
 * preview; that must not use the link up. So a browser gets a page, and the page's script
 * spends the code by POST. A program that does not ask for a page, and does not call
 * itself a previewer, is signed in by the plain GET. */
#include "serve/api.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "serve/accounts_log.h"
#include "serve/front.h"
#include "serve/pages.h"

/* Where the page goes after a link: the officer has a page of their own. */
static const char *
next_page(enum role role)
{
    return role == ROLE_OFFICER ? "/officer" : "/";
}

static bool
begin(struct front *f, struct exchange *x, const struct account_link *link)
{
    struct account_session wanted = {.guest = link->user[0] == '\0', .role = link->role};
    char secret[ACCOUNTS_SECRET + 1];
    struct err e = ERR_INIT;

    memcpy(wanted.user, link->user, sizeof(wanted.user));
    if (wanted.guest)
        (void)snprintf(wanted.user, sizeof(wanted.user), "%s-%llu", role_name(link->role),
                       (unsigned long long)link->id);
    str_copy(str_from(x->req.address), wanted.address, sizeof(wanted.address));
    if (auth_begin(f->auth, &wanted, secret, &x->who, &e) < 0) {
        http_problem_err(&x->res, &e);
        return false;
    }
    accounts_note(f->accounts, x->who.name, ADMIN_LINK_USE, link->user, link->role);
    log_info("auth", "'%s' joined by link from %s", x->who.name, x->req.address);
    auth_cookie(&x->res, secret, x->req.secure);
    sodium_memzero(secret, sizeof(secret));
    return true;
}

/* Spends the code; on false the answer says why not. */
static bool
spend(struct front *f, struct exchange *x, struct str code)
{
    struct account_link link;
    struct err e = ERR_INIT;

    /* There is no name to guess at: the address stands for it. */
    if (api_is_braked(f, x, str_from(x->req.address)))
        return false;
    if (accounts_take_link(f->accounts, code, &link, &e) < 0) {
        if (e.code == ERR_MISSING)
            http_problem(&x->res, 410, "gone", "%s", e.msg);
        else
            http_problem_err(&x->res, &e);
        return false;
    }
    auth_succeeded(f->auth, str_from(x->req.address), str_from(x->req.address));
    return begin(f, x, &link);
}

void
api_join(struct front *f, struct exchange *x)
{
    struct str code;

    if (!front_string(x, "code", ACCOUNTS_CODE, &code) || !spend(f, x, code))
        return;
    struct buf *out = http_json(&x->res, 200);
    buf_add_cstr(out, "{\"user\":");
    buf_add_json(out, str_from(x->who.name));
    buf_addf(out, ",\"role\":\"%s\",\"next\":\"%s\"}", role_name(x->who.role),
             next_page(x->who.role));
}

void
api_join_link(struct front *f, struct exchange *x)
{
    if (x->req.head) {
        x->res.status = 204;
        return;
    }
    if (!spend(f, x, buf_str(&x->param[0])))
        return;
    x->res.status = 303;
    http_header(&x->res, "location:", "%s", next_page(x->who.role));
}

static bool
is_program(const struct http_request *r)
{
    static const char *const previewers[] = {"bot",     "whatsapp", "facebookexternalhit",
                                             "preview", "telegram", "viber"};
    const char *agent = r->field[HTTP_USER_AGENT];

    if (r->head || http_accepts(http_request_field(r, HTTP_ACCEPT), "text/html"))
        return false;
    for (size_t i = 0; agent != NULL && i < sizeof(previewers) / sizeof(previewers[0]);
         i++)
        if (strcasestr(agent, previewers[i]) != NULL)
            return false;
    return true;
}

void
api_join_page(struct front *f, struct exchange *x)
{
    if (is_program(&x->req))
        api_join_link(f, x);
    else if (!pages_serve(x))
        http_problem(&x->res, 404, "not_found", "there is nothing here");
}
