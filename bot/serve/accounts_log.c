/* SPDX-License-Identifier: Apache-2.0 */
/* accounts_log.c - the journal of administration.
 *
 * It is a table beside the accounts and not part of the journal of questions: it outlives
 * broadcasts and the erasing of what people wrote, and the command line writes to it
 * while no stream is running. Unlike the accounts it is not kept in memory: an admin asks
 * for a page of it now and then. */
#include "serve/accounts_log.h"

#include "base/bounds.h"
#include "base/log.h"
#include "serve/accounts_db.h"

static const char *const names[] = {
    [ADMIN_USER_ADD] = "user_add",           [ADMIN_USER_ROLE] = "user_role",
    [ADMIN_USER_PASSWORD] = "user_password", [ADMIN_USER_REMOVE] = "user_remove",
    [ADMIN_SESSION_END] = "session_end",     [ADMIN_TOKEN_ADD] = "token_add",
    [ADMIN_TOKEN_REVOKE] = "token_revoke",   [ADMIN_LINK_ADD] = "link_add",
    [ADMIN_LINK_REVOKE] = "link_revoke",     [ADMIN_LINK_USE] = "link_use",
};

void
accounts_note(struct accounts *a, const char *who, enum admin_act act, const char *what,
              enum role role)
{
    sqlite3_stmt *st = NULL;
    struct err e = ERR_INIT;

    if (accounts_query(a, &st, &e,
                       "INSERT INTO admin_log(at,who,act,what,role) VALUES(?,?,?,?,?)",
                       "issss", clock_wall_ms(a->clock), who, names[act], what,
                       role_name(role)) < 0) {
        log_warn("accounts", "not in the journal of administration: %s", e.msg);
        return;
    }
    sqlite3_finalize(st);
    int64_t newest = sqlite3_last_insert_rowid(a->db);
    if (newest > BOUNDS_ADMIN_LOG &&
        accounts_query(a, &st, NULL, "DELETE FROM admin_log WHERE id<=?", "i",
                       newest - BOUNDS_ADMIN_LOG) == 0)
        sqlite3_finalize(st);
}

static struct admin_entry
read_entry(sqlite3_stmt *st)
{
    return (struct admin_entry){
        .id = (uint64_t)sqlite3_column_int64(st, 0),
        .at_ms = sqlite3_column_int64(st, 1),
        .who = (const char *)sqlite3_column_text(st, 2),
        .act = (const char *)sqlite3_column_text(st, 3),
        .what = (const char *)sqlite3_column_text(st, 4),
        .role = (const char *)sqlite3_column_text(st, 5),
    };
}

int
accounts_log(struct accounts *a, uint64_t before,
             int (*row)(void *arg, const struct admin_entry *entry), void *arg,
             struct err *e)
{
    sqlite3_stmt *st = NULL;
    int64_t from = before == 0 ? INT64_MAX : (int64_t)before;
    int rc = 0;

    if (accounts_query(a, &st, e,
                       "SELECT id,at,who,act,what,role FROM admin_log WHERE id<?"
                       " ORDER BY id DESC",
                       "i", from) < 0)
        return -1;
    while (st != NULL && rc == 0) {
        struct admin_entry entry = read_entry(st);
        rc = row(arg, &entry);
        if (rc == 0 && sqlite3_step(st) != SQLITE_ROW)
            break;
    }
    sqlite3_finalize(st);
    return rc;
}
