/* SPDX-License-Identifier: Apache-2.0 */
/* accounts_log.h - the journal of administration: who made, changed and took away users,
 * tokens, links and sessions. The newest BOUNDS_ADMIN_LOG entries are kept, beside the
 * accounts. */
#ifndef SURAQ_SERVE_ACCOUNTS_LOG_H
#define SURAQ_SERVE_ACCOUNTS_LOG_H

#include "serve/accounts.h"

enum admin_act {
    ADMIN_USER_ADD,
    ADMIN_USER_ROLE,
    ADMIN_USER_PASSWORD,
    ADMIN_USER_REMOVE,
    ADMIN_SESSION_END,
    ADMIN_TOKEN_ADD,
    ADMIN_TOKEN_REVOKE,
    ADMIN_LINK_ADD,
    ADMIN_LINK_REVOKE,
    ADMIN_LINK_USE,
};

/* `who` did `act` to `what` (a user's or token's name; "" for a link that is nobody's);
 * `who` "" is the command line. `role` is the one given, or that of what was touched. An
 * entry that cannot be written is a warning: what was done is done. */
void accounts_note(struct accounts *a, const char *who, enum admin_act act,
                   const char *what, enum role role);

/* Borrowed while the row is looked at. */
struct admin_entry {
    uint64_t id;
    int64_t at_ms;
    const char *who, *act, *what, *role;
};

/* The newest first, those before the id `before` (0: from the newest on), until `row`
 * gives something other than 0; that is given back. */
int accounts_log(struct accounts *a, uint64_t before,
                 int (*row)(void *arg, const struct admin_entry *entry), void *arg,
                 struct err *e) MUST_CHECK;

#endif
