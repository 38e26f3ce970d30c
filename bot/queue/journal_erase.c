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

#include "queue/archive.h"

#define LASTING "('broadcast', 'source', 'filters', 'mute', 'unmute')"
#define BLANK   "UPDATE body SET salt = NULL, data = NULL WHERE "
#define OLD_TEXTS                                                           \
    "seq IN (SELECT seq FROM header WHERE at < ?1 AND kind NOT IN " LASTING \
    ") AND salt IS NOT NULL"
#define KEPT "temp.kept"
/* The kinds of event_outlives_rehearsal(). */
#define SPAN_TEXTS                                                                   \
    "seq > ?1 AND seq < ?2 AND salt IS NOT NULL AND seq IN (SELECT seq FROM header " \
    "WHERE seq > ?1 AND seq < ?2 AND kind NOT IN ('broadcast', 'source', 'filters'))"

static const char mark[] = "DELETE FROM snapshot;"
                           "INSERT OR REPLACE INTO meta VALUES('erasing', 1);"
                           "INSERT INTO meta VALUES('erasures', 1) ON CONFLICT"
                           " DO UPDATE SET value = value + 1";

bool
journal_may_erase(enum event_kind kind)
{
    return kind != EVENT_BROADCAST && kind != EVENT_SOURCE && kind != EVENT_FILTERS &&
           kind != EVENT_MUTE && kind != EVENT_UNMUTE;
}

struct keeping {
    const struct journal_keep *keep;
    int64_t before_ms;
    sqlite3_stmt *insert;
};

static int
keep_one(void *arg, const struct event *ev)
{
    struct keeping *k = arg;
    if (ev->body.len == 0 || ev->at_ms >= k->before_ms || !journal_may_erase(ev->kind) ||
        !k->keep->fn(k->keep->arg, ev))
        return 0;
    sqlite3_bind_int64(k->insert, 1, (int64_t)ev->seq);
    int rc = sqlite3_step(k->insert);
    sqlite3_reset(k->insert);
    return rc != SQLITE_DONE;
}

/* The numbers of what stays, in a table of this connection alone. */
static int
list_kept(struct journal *j, int64_t before_ms, const struct journal_keep *keep,
          struct err *e)
{
    struct keeping k = {.keep = keep, .before_ms = before_ms};
    int rc = 0;

    if (journal_exec(j->write_db, j,
                     "PRAGMA temp_store = MEMORY; DROP TABLE IF EXISTS " KEPT
                     "; CREATE TABLE " KEPT "(seq INTEGER PRIMARY KEY)",
                     e) < 0)
        return -1;
    if (keep == NULL)
        return 0;
    if (sqlite3_prepare_v2(j->write_db, "INSERT INTO " KEPT " VALUES(?1)", -1, &k.insert,
                           NULL) != SQLITE_OK)
        return journal_db_error(j->write_db, j, "erasing from", e);
    rc = journal_read(j, 0, keep_one, &k, e);
    sqlite3_finalize(k.insert);
    return rc > 0 ? journal_db_error(j->write_db, j, "erasing from", e) : rc;
}

static int
blank(struct journal *j, const char *sql, const int64_t limits[2], uint64_t *erased,
      struct err *e)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(j->write_db, sql, -1, &st, NULL);

    if (rc == SQLITE_OK) {
        sqlite3_bind_int64(st, 1, limits[0]);
        sqlite3_bind_int64(st, 2, limits[1]);
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
    if (archive_remove(j->path, e) < 0 || journal_exec(j->write_db, j, "VACUUM", e) < 0)
        return -1;
    if (sqlite3_wal_checkpoint_v2(j->write_db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                  NULL) != SQLITE_OK)
        return journal_db_error(j->write_db, j, "emptying the log of", e);
    return journal_exec(j->write_db, j, "DELETE FROM meta WHERE name = 'erasing'", e);
}

/* One transaction: the texts, the snapshots, and the mark that the file is still to be
 * rewritten. */
static int
blank_all(struct journal *j, const char *sql, const int64_t limits[2], uint64_t *erased,
          struct err *e)
{
    if (journal_exec(j->write_db, j, "BEGIN IMMEDIATE", e) < 0)
        return -1;
    if (blank(j, sql, limits, erased, e) == 0 &&
        (*erased == 0 || journal_exec(j->write_db, j, mark, e) == 0) &&
        journal_exec(j->write_db, j, "COMMIT", e) == 0)
        return 0;
    (void)sqlite3_exec(j->write_db, "ROLLBACK", NULL, NULL, NULL);
    return -1;
}

int
journal_has_old(struct journal *j, int64_t before_ms, bool *out, struct err *e)
{
    sqlite3_stmt *st = NULL;
    sqlite3 *db = j->write_db != NULL ? j->write_db : j->db;
    int rc = sqlite3_prepare_v2(db,
                                "SELECT 1 FROM meta WHERE name = 'erasing' UNION ALL"
                                " SELECT 1 FROM body WHERE " OLD_TEXTS " LIMIT 1",
                                -1, &st, NULL);

    if (rc == SQLITE_OK) {
        sqlite3_bind_int64(st, 1, before_ms);
        rc = sqlite3_step(st);
    }
    *out = rc == SQLITE_ROW;
    sqlite3_finalize(st);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return journal_db_error(db, j, "reading", e);
    return 0;
}

int
journal_erase(struct journal *j, int64_t before_ms, const struct journal_keep *keep,
              uint64_t *erased, struct err *e)
{
    const int64_t limits[2] = {before_ms, 0};
    bool again;

    *erased = 0;
    if (j->write_db == NULL || j->started)
        return err_set(e, ERR_BAD_STATE, "the journal '%s' is not open for erasing",
                       j->path);
    if (unfinished(j, &again, e) < 0 || list_kept(j, before_ms, keep, e) < 0 ||
        blank_all(j, BLANK OLD_TEXTS " AND seq NOT IN (SELECT seq FROM " KEPT ")", limits,
                  erased, e) < 0)
        return -1;
    if (*erased == 0 && !again)
        return 0;
    j->snapshot_seq = 0;
    return forget(j, e);
}

/* Not the owner of snapshot_seq: the loop learns nothing of the snapshots that go, and
 * the next one is due when it always was. */
int
journal_forget_span(struct journal *j, uint64_t from, uint64_t to, struct err *e)
{
    const int64_t limits[2] = {(int64_t)from, (int64_t)to};
    uint64_t erased = 0;
    bool again = false;

    int rc = blank_all(j, BLANK SPAN_TEXTS, limits, &erased, e);
    if (rc == 0)
        rc = unfinished(j, &again, e);
    if (rc == 0 && again)
        rc = forget(j, e);
    int code = sqlite3_errcode(j->write_db) & 0xff;
    if (rc == 0 || (code != SQLITE_BUSY && code != SQLITE_LOCKED))
        return rc;
    err_reset(e);
    return 1;
}

int
journal_erasures(struct journal *j, uint64_t *out, struct err *e)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(j->db, "SELECT value FROM meta WHERE name = 'erasures'",
                                -1, &st, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    *out = rc == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(st, 0) : 0;
    sqlite3_finalize(st);
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
        return 0;
    return journal_db_error(j->db, j, "reading", e);
}
