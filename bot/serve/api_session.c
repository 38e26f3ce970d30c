/* SPDX-License-Identifier: Apache-2.0 */
/* api_session.c - signing in, out,.
 *
 * The password is checked on a worker thread, for an unknown name too and just as long;
 * the brake (auth.h) is asked before and counts the try before the work begins. */
#include "serve/api.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "serve/front.h"
#include "serve/password.h"
#include "serve/state.h"

static void
welcome(struct exchange *x, const struct identity *who, const char *secret)
{
    state_session(who, http_json(&x->res, 200));
    auth_cookie(&x->res, secret, x->req.secure);
}

void
api_session_get(struct front *f, struct exchange *x)
{
    (void)f;
    state_session(&x->who, http_json(&x->res, 200));
}

/* A sign-in under way: everything that the worker touches, and what comes after. */
struct sign_in {
    struct front *front;
    struct exchange *exchange;
    char user[ACCOUNTS_NAME + 1];
    char address[HTTP_ADDRESS];
    char hash[crypto_pwhash_STRBYTES];
    char password[BOUNDS_PASSWORD + 1];
    size_t password_len;
    bool good;
};

static void
check(void *arg)
{
    struct sign_in *s = arg;

    s->good = password_check(s->hash, (struct str){s->password, s->password_len});
}

/* The account may have changed while the hash was computed: a new password wins. */
static bool
still_stands(const struct sign_in *s)
{
    const struct account *u = accounts_find(s->front->accounts, str_from(s->user));

    return s->good && u != NULL && strcmp(u->password, s->hash) == 0;
}

static void
answer(struct sign_in *s)
{
    struct exchange *x = s->exchange;
    struct account_session wanted = {.guest = false};
    char secret[ACCOUNTS_SECRET + 1];
    struct identity who;
    struct err e = ERR_INIT;

    (void)accounts_refresh(s->front->accounts);
    if (!still_stands(s)) {
        log_warn("auth", "wrong name or password for '%s' from %s", s->user, s->address);
        http_problem(&x->res, 401, "unauthorized", "the name or the password is wrong");
        return;
    }
    auth_succeeded(s->front->auth, str_from(s->user), str_from(s->address));
    if (x->abandoned)
        return;
    memcpy(wanted.user, s->user, sizeof(wanted.user));
    memcpy(wanted.address, s->address, sizeof(wanted.address));
    if (auth_begin(s->front->auth, &wanted, secret, &who, &e) < 0) {
        http_problem_err(&x->res, &e);
        return;
    }
    log_info("auth", "'%s' signed in from %s", s->user, s->address);
    welcome(x, &who, secret);
    sodium_memzero(secret, sizeof(secret));
}

static void
checked(void *arg, bool cancelled)
{
    struct sign_in *s = arg;
    struct front *f = s->front;
    struct exchange *x = s->exchange;

    f->jobs--;
    if (cancelled)
        http_problem(&x->res, 503, "stopping", "the program is stopping");
    else
        answer(s);
    sodium_memzero(s, sizeof(*s));
    mem_free(s);
    front_answered(f, x);
}

bool
api_is_braked(struct front *f, struct exchange *x, struct str user)
{
    struct str address = str_from(x->req.address);
    int64_t wait = auth_wait_ms(f->auth, user, address);

    if (wait > 0) {
        http_problem(&x->res, 429, "throttled", "too many tries; wait %d s",
                     (int)((wait + 999) / 1000));
        http_header(&x->res, "retry-after:", "%d", (int)((wait + 999) / 1000));
    } else {
        auth_try(f->auth, user, address);
    }
    return wait > 0;
}

void
api_session_post(struct front *f, struct exchange *x)
{
    struct str user, password;
    struct err e = ERR_INIT;

    if (!front_string(x, "user", ACCOUNTS_NAME, &user) ||
        !front_string(x, "password", BOUNDS_PASSWORD, &password))
        return;
    if (user.len == 0 || user.len > ACCOUNTS_NAME || password.len > BOUNDS_PASSWORD ||
        memchr(user.p, '\0', user.len) != NULL) {
        http_problem(&x->res, 400, "bad_request", "give user and password");
        return;
    }
    if (api_is_braked(f, x, user))
        return;
    const struct account *account = accounts_find(f->accounts, user);
    struct sign_in *s = mem_zalloc(sizeof(*s));
    s->front = f;
    s->exchange = x;
    str_copy(user, s->user, sizeof(s->user));
    str_copy(str_from(x->req.address), s->address, sizeof(s->address));
    if (account != NULL)
        memcpy(s->hash, account->password, sizeof(s->hash));
    str_copy(password, s->password, sizeof(s->password));
    s->password_len = password.len;
    if (worker_submit(f->conf.worker, check, checked, s, &e) < 0) {
        mem_free(s);
        http_problem(&x->res, 503, "throttled", "too many sign-ins at once; try again");
        http_header(&x->res, "retry-after:", "2");
        return;
    }
    f->jobs++;
    x->pending = true;
}

void
api_session_patch(struct front *f, struct exchange *x)
{
    struct str lang;
    struct err e = ERR_INIT;

    if (!front_string(x, "lang", 2, &lang))
        return;
    if (!str_eq(lang, STR_LIT("kk")) && !str_eq(lang, STR_LIT("ru")) &&
        !str_eq(lang, STR_LIT("en"))) {
        http_problem(&x->res, 422, "unprocessable", "'lang' is kk, ru or en");
        return;
    }
    if (x->who.session == 0 ||
        accounts_set_lang(f->accounts, x->who.session, lang, &e) < 0) {
        http_problem(&x->res, 409, "conflict", "only a session has a language");
        return;
    }
    memcpy(x->who.lang, lang.p, 2);
    state_session(&x->who, http_json(&x->res, 200));
}

void
api_session_delete(struct front *f, struct exchange *x)
{
    struct err e = ERR_INIT;

    if (x->who.session != 0 &&
        accounts_remove_session(f->accounts, x->who.session, &e) < 0 &&
        e.code != ERR_MISSING) {
        http_problem_err(&x->res, &e);
        return;
    }
    live_check(f->live);
    x->res.status = 204;
    auth_cookie(&x->res, "", x->req.secure);
}
