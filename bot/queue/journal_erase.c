/* SPDX-License-Identifier: Apache-2.0 */
/* journal_erase.c - what happens when a text's retention ends.
 *
 * Body and salt of the old events go, their headers with the body's hash stay: without
 * the salt a guessed text cannot be tried against the hash, and the chain still verifies.
 * Events that hold no citizen's words (broadcasts, sources, filters with the files that
 * people changed, muted hashes) stay whole, since the state after a replay depends on
 * them. The file must not remember either: freed pages are overwritten, snapshots go, the
 * file is rewritten, because SQLite leaves stale copies of cells behind when it balances
 * its pages, and the log is emptied into it. */
#include "queue/journal_sqlite.h"

#define OLD_TEXTS                                                             \
    "seq IN (SELECT seq FROM header WHERE at < ?1 AND kind NOT IN"            \
    " ('broadcast', 'source', 'filters', 'mute', 'unmute')) AND salt IS NOT " \
    "NULL"

static int
blank(struct journal *j, int64_t before_ms, uint64_t *erased, struct err *e)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(
        j->write_db, "UPDATE body SET salt = NULL, data = NULL WHERE " OLD_TEXTS, -1, &st,
        NULL);

    if (rc == SQLITE_OK) {
        sqlite3_bind_int64(st, 1, before_ms);
        rc = sqlite3_step(st);
    }
    sqlite3_finalize(st);
    if (rc != SQLITE_DONE)
        return journal_db_error(j->write_db, j, "erasing from", e);
    *erased = (uint64_t)sqlite3_changes64(j->write_db);
    return 0;
}

/* A run that was interrupted after the commit is taken up again at the next start. */
static int
note_row(void *arg, int columns, char **values, char **names)
{
    (void)columns;
    (void)values;
    (void)names;
    *(bool *)arg = true;
    return 0;
}

static int
unfinished(struct journal *j, bool *out, struct err *e)
{
    *out = false;
    if (sqlite3_exec(j->write_db, "SELECT 1 FROM meta WHERE name = 'erasing'", note_row,
                     out, NULL) == SQLITE_OK)
        return 0;
    return journal_db_error(j->write_db, j, "reading", e);
}

/* Only what no file holds any more is erased. */
static int
forget(struct journal *j, struct err *e)
{
    if (journal_exec(j->write_db, j, "VACUUM", e) < 0)
        return -1;
    if (sqlite3_wal_checkpoint_v2(j->write_db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                  NULL) != SQLITE_OK)
        return journal_db_error(j->write_db, j, "emptying the log of", e);
    return journal_exec(j->write_db, j, "DELETE FROM meta WHERE name = 'erasing'", e);
}

int
journal_erase(struct journal *j, int64_t before_ms, uint64_t *erased, struct err *e)
{
    static const char mark[] = "DELETE FROM snapshot;"
                               "INSERT OR REPLACE INTO meta VALUES('erasing', 1)";
    bool again;

    *erased = 0;
    if (j->write_db == NULL || j->started)
        return err_set(e, ERR_BAD_STATE, "the journal '%s' is not open for erasing",
                       j->path);
    if (unfinished(j, &again, e) < 0 || journal_exec(j->write_db, j, "BEGIN", e) < 0)
        return -1;
    if (blank(j, before_ms, erased, e) < 0 ||
        (*erased > 0 && journal_exec(j->write_db, j, mark, e) < 0) ||
        journal_exec(j->write_db, j, "COMMIT", e) < 0) {
        (void)sqlite3_exec(j->write_db, "ROLLBACK", NULL, NULL, NULL);
        return -1;
    }
    if (*erased == 0 && !again)
        return 0;
    j->snapshot_seq = 0;
    return forget(j, e);
}
