/* SPDX-License-Identifier: Apache-2.0 */
/* auth.h - who is asking: cookie sessions with idle and absolute expiry, bearer tokens,
 * and the brake on guessing passwords. */
#ifndef SURAQ_SERVE_AUTH_H
#define SURAQ_SERVE_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "serve/accounts.h"
#include "serve/http.h"

#define AUTH_COOKIE "suraq_session"

struct auth;

struct auth_conf {
    int64_t idle_ms;     /* 0: 12 hours */
    int64_t absolute_ms; /* 0: 7 days */
};

/* Somebody who may come in. */
struct identity {
    enum role role;
    char name[ACCOUNTS_NAME + 1]; /* of the user, or of the token */
    char lang[3];
    uint64_t session; /* 0: a token */
    uint64_t token;   /* 0: a session */
    int64_t expires_ms;
};

struct auth *auth_new(struct accounts *a, const struct clock *clock,
                      const struct auth_conf *conf);
void auth_free(struct auth **a);

/* By cookie, by bearer token, or (`key`, may be empty) by overlay token. False: nobody.
 */
bool auth_identify(struct auth *a, const struct http_request *r, struct str key,
                   struct identity *out);
/* Whether that session or token still stands; updates the role. */
bool auth_is_valid(struct auth *a, struct identity *who);

/* Starts a session and gives its secret for the cookie. */
int auth_begin(struct auth *a, const struct account_session *wanted,
               char secret[ACCOUNTS_SECRET + 1], struct identity *out,
               struct err *e) MUST_CHECK;

/* Milliseconds until this account and address may try again; 0: now. */
int64_t auth_wait_ms(struct auth *a, struct str user, struct str address);
/* A try begins: counted at once, so that parallel tries cannot slip through. */
void auth_try(struct auth *a, struct str user, struct str address);
/* It was right: the account's and the address's counts begin anew. */
void auth_succeeded(struct auth *a, struct str user, struct str address);

/* Ends what has expired; call it about once a second. Notices other processes' changes.
 */
void auth_tick(struct auth *a);

/* Value of Set-Cookie. An empty secret takes the cookie away. */
void auth_cookie(struct http_response *r, const char *secret, bool secure);

#endif
