/* SPDX-License-Identifier: Apache-2.0 */
/* auth.c - who is asking.
 *
 * A session is good while its row stands, so signing out, a new password, a removed
 * account and an expiry are one thing: the row goes. Roles are read from the account at
 * each request; a change of role holds from the next request on.
 *
 * Guessing: each try counts against the account's name and against the address before the
 * password is looked at; after a few free ones each further try must wait twice as long.
 * The account's wait is short (nobody may lock a moderator out for an evening) and does
 * not bind an address from which that person is signed in already. */
#include "serve/auth.h"

#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"

enum {
    HOUR_MS = 3600 * 1000,
    IDLE_MS = 12 * HOUR_MS,
    ABSOLUTE_MS = 7 * 24 * HOUR_MS,
    BRAKES = 1024,
    FORGET_MS = HOUR_MS / 4,
    USER_FREE = 3,
    USER_MAX_MS = 30 * 1000,
    ADDRESS_FREE = 10,
    ADDRESS_MAX_MS = 5 * 60 * 1000,
};

/* Tries in a row of one account's name or from one address. */
struct brake {
    uint64_t key; /* 0: free */
    unsigned tries;
    int64_t last_ms;
};

struct auth {
    struct accounts *accounts; /* borrowed: longer than this */
    const struct clock *clock; /* borrowed */
    struct auth_conf conf;
    struct map_key key;
    struct brake brakes[BRAKES];
};

struct auth *
auth_new(struct accounts *a, const struct clock *clock, const struct auth_conf *conf)
{
    struct auth *auth = mem_zalloc(sizeof(*auth));

    auth->accounts = a;
    auth->clock = clock;
    auth->conf = *conf;
    if (auth->conf.idle_ms == 0)
        auth->conf.idle_ms = IDLE_MS;
    if (auth->conf.absolute_ms == 0)
        auth->conf.absolute_ms = ABSOLUTE_MS;
    randombytes_buf(&auth->key, sizeof(auth->key));
    return auth;
}

void
auth_free(struct auth **a)
{
    mem_free(*a);
    *a = NULL;
}

static int64_t
expires(const struct auth *a, const struct account_session *s)
{
    int64_t idle = s->seen_ms + a->conf.idle_ms;
    int64_t absolute = s->created_ms + a->conf.absolute_ms;

    return idle < absolute ? idle : absolute;
}

static bool
from_session(struct auth *a, const struct account_session *s, struct identity *out)
{
    int64_t now = clock_wall_ms(a->clock);

    if (s == NULL || now >= expires(a, s))
        return false;
    *out = (struct identity){.role = s->role, .session = s->id};
    memcpy(out->name, s->user, sizeof(out->name));
    memcpy(out->lang, s->lang, sizeof(out->lang));
    if (!s->guest) {
        const struct account *u = accounts_find(a->accounts, str_from(s->user));
        if (u == NULL)
            return false;
        out->role = u->role;
        memcpy(out->lang, u->lang, sizeof(out->lang));
    }
    accounts_touch_session(a->accounts, s->id, now);
    out->expires_ms = expires(a, s);
    return true;
}

static bool
from_token(const struct account_token *t, struct identity *out)
{
    if (t == NULL)
        return false;
    *out = (struct identity){.role = t->role, .token = t->id};
    memcpy(out->name, t->name, sizeof(out->name));
    return true;
}

bool
auth_identify(struct auth *a, const struct http_request *r, struct str key,
              struct identity *out)
{
    struct str bearer = http_bearer(http_request_field(r, HTTP_AUTHORIZATION));
    struct str cookie = http_cookie(http_request_field(r, HTTP_COOKIE), AUTH_COOKIE);

    (void)accounts_refresh(a->accounts);
    /* A header says more plainly than a cookie who is meant. */
    if (r->field[HTTP_AUTHORIZATION] != NULL)
        return from_token(accounts_find_token(a->accounts, bearer), out);
    if (key.len > 0) {
        return from_token(accounts_find_token(a->accounts, key), out) &&
               out->role == ROLE_OVERLAY;
    }
    return from_session(a, accounts_find_session(a->accounts, cookie), out);
}

bool
auth_is_valid(struct auth *a, struct identity *who)
{
    const struct account_token *tokens;

    if (who->session != 0)
        return from_session(a, accounts_session(a->accounts, who->session), who);
    size_t n = accounts_tokens(a->accounts, &tokens);
    for (size_t i = 0; i < n; i++) {
        if (tokens[i].id == who->token)
            return true;
    }
    return false;
}

int
auth_begin(struct auth *a, const struct account_session *wanted,
           char secret[ACCOUNTS_SECRET + 1], struct identity *out, struct err *e)
{
    struct account_session s = *wanted;

    if (accounts_add_session(a->accounts, &s, secret, e) < 0)
        return err_ctx(e, "signing in");
    if (!from_session(a, accounts_session(a->accounts, s.id), out))
        return err_set(e, ERR_MISSING, "there is no user '%s' any more", s.user);
    return 0;
}

static struct brake *
find_brake(struct auth *a, char kind, struct str who, bool make)
{
    struct brake *oldest = &a->brakes[0];
    uint64_t key = map_hash(&a->key, (struct str){&kind, 1}, who) | 1;
    int64_t now = clock_mono_ms(a->clock);

    for (size_t i = 0; i < BRAKES; i++) {
        struct brake *b = &a->brakes[i];
        if (b->key != 0 && now - b->last_ms > FORGET_MS)
            *b = (struct brake){.key = 0};
        if (b->key == key)
            return b;
        if (b->key == 0 ? oldest->key != 0
                        : oldest->key != 0 && b->last_ms < oldest->last_ms)
            oldest = b;
    }
    if (!make)
        return NULL;
    *oldest = (struct brake){.key = key, .last_ms = now};
    return oldest;
}

static int64_t
brake_wait(const struct auth *a, const struct brake *b, unsigned free, int64_t max)
{
    if (b == NULL || b->tries < free)
        return 0;
    unsigned doubled = b->tries - free < 16 ? b->tries - free : 16;
    int64_t pause = (int64_t)1000 << doubled;
    int64_t left = b->last_ms + (pause < max ? pause : max) - clock_mono_ms(a->clock);
    return left > 0 ? left : 0;
}

static bool
is_signed_in_from(const struct auth *a, struct str user, struct str address)
{
    const struct account_session *s;
    size_t n = accounts_sessions(a->accounts, &s);

    for (size_t i = 0; i < n; i++) {
        if (str_eq(str_from(s[i].user), user) && str_eq(str_from(s[i].address), address))
            return true;
    }
    return false;
}

int64_t
auth_wait_ms(struct auth *a, struct str user, struct str address)
{
    int64_t by_address =
        brake_wait(a, find_brake(a, 'a', address, false), ADDRESS_FREE, ADDRESS_MAX_MS);
    int64_t by_user =
        brake_wait(a, find_brake(a, 'u', user, false), USER_FREE, USER_MAX_MS);

    if (by_user > 0 && is_signed_in_from(a, user, address))
        by_user = 0;
    return by_user > by_address ? by_user : by_address;
}

void
auth_try(struct auth *a, struct str user, struct str address)
{
    const struct {
        char kind;
        struct str who;
    } keys[] = {{'u', user}, {'a', address}};

    for (size_t i = 0; i < 2; i++) {
        struct brake *b = find_brake(a, keys[i].kind, keys[i].who, true);
        b->tries++;
        b->last_ms = clock_mono_ms(a->clock);
    }
}

void
auth_succeeded(struct auth *a, struct str user, struct str address)
{
    struct brake *b = find_brake(a, 'u', user, false);

    if (b != NULL)
        *b = (struct brake){.key = 0};
    /* Only this try is forgiven: signing in oneself must not free the way to guess
     * others. */
    b = find_brake(a, 'a', address, false);
    if (b != NULL && b->tries > 0)
        b->tries--;
}

void
auth_tick(struct auth *a)
{
    int64_t now = clock_wall_ms(a->clock);

    (void)accounts_refresh(a->accounts);
    accounts_expire(a->accounts, now - a->conf.idle_ms, now - a->conf.absolute_ms);
}

void
auth_cookie(struct http_response *r, const char *secret, bool secure)
{
    http_header(r, "set-cookie:", "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
                AUTH_COOKIE, secret, secure ? "; Secure" : "",
                secret[0] == '\0' ? "; Max-Age=0" : "");
}
