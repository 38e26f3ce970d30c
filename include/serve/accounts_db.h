/* SPDX-License-Identifier: Apache-2.0 */
/* accounts_db.h - what the files of accounts share; nobody else includes it. */
#ifndef SURAQ_SERVE_ACCOUNTS_DB_H
#define SURAQ_SERVE_ACCOUNTS_DB_H

#include <sqlite3.h>

#include "serve/accounts.h"

struct accounts {
    sqlite3 *db;               /* owned */
    const struct clock *clock; /* borrowed */
    int64_t data_version;      /* grows when another process committed */
    struct account *users;     /* owned, as are the others */
    struct account_token *tokens;
    struct account_link *links;
    struct account_session *sessions;
    size_t n_users, n_tokens, n_links, n_sessions;
};

/* Prepares, binds and runs one statement. `types`: 's' const char *, 't' struct str, 'i'
 * int64_t, 'b' a hash; the values follow. Reads everything again afterwards. */
int accounts_run(struct accounts *a, struct err *e, const char *sql, const char *types,
                 ...) MUST_CHECK;
/* The same without reading again, giving the statement stepped to its first row (or NULL:
 * none); the caller finalizes it. */
int accounts_query(struct accounts *a, sqlite3_stmt **out, struct err *e, const char *sql,
                   const char *types, ...) MUST_CHECK;
void accounts_load(struct accounts *a);

/* A new secret of `bits`, as base64url into `text`, and its hash. */
void accounts_secret(size_t bytes, char *text, size_t cap, uint8_t hash[ACCOUNTS_HASH]);
void accounts_hash(struct str secret, uint8_t hash[ACCOUNTS_HASH]);
int accounts_check_name(struct str name, struct err *e) MUST_CHECK;

#endif
