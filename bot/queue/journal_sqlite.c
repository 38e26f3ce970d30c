/* SPDX-License-Identifier: Apache-2.0 */
/* journal_sqlite.c - the journal as a SQLite file: opening, reading, verifying, copying.
 *
 * WAL with synchronous=FULL: a committed transaction survives the loss of power. One
 * process at a time may write, which a lock file sees to; readers (verify, backup,
 * reports) come and go beside it. Header and body are separate rows, so that retention
 * can erase a body while the chain still verifies. */
#include "queue/journal_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/mem.h"

static const char schema[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS header(seq INTEGER PRIMARY KEY, at INTEGER, actor TEXT, "
    "kind TEXT,"
    " broadcast INTEGER, filters INTEGER, body_hash BLOB, hash BLOB);"
    "CREATE TABLE IF NOT EXISTS body(seq INTEGER PRIMARY KEY, salt BLOB, data BLOB);"
    "CREATE TABLE IF NOT EXISTS snapshot(seq INTEGER PRIMARY KEY, bytes BLOB);"
    "COMMIT;";

int
journal_db_error(sqlite3 *db, const struct journal *j, const char *doing, struct err *e)
{
    return err_set(e, ERR_IO, "%s the journal '%s': %s", doing, j->path,
                   sqlite3_errmsg(db));
}

int
journal_exec(sqlite3 *db, const struct journal *j, const char *sql, struct err *e)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    return journal_db_error(db, j, "writing", e);
}

/* Makes the folders above `path`, as far as they are missing. */
static int
make_folders(const char *path, struct err *e)
{
    char *copy = mem_strdup(path);
    int rc = 0;

    for (char *p = strchr(copy + 1, '/'); p != NULL && rc == 0; p = strchr(p + 1, '/')) {
        *p = '\0';
        if (mkdir(copy, 0700) < 0 && errno != EEXIST)
            rc = err_errno(e, ERR_IO,
                           "the folder '%s' for the journal '%s' cannot be made", copy,
                           path);
        *p = '/';
    }
    mem_free(copy);
    return rc;
}

static int
lock(struct journal *j, struct err *e)
{
    struct buf name = BUF_INIT;
    int ret = 0;

    buf_addf(&name, "%s.lock", j->path);
    j->lock_fd = open(name.data, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (j->lock_fd < 0)
        ret = err_errno(e, ERR_IO, "the journal '%s' cannot be written", j->path);
    else if (flock(j->lock_fd, LOCK_EX | LOCK_NB) < 0)
        ret =
            err_set(e, ERR_IO,
                    "another suraq process writes the journal '%s': stop that one first",
                    j->path);
    buf_fini(&name);
    return ret;
}

static int
open_db(struct journal *j, sqlite3 **db, int flags, struct err *e)
{
    if (sqlite3_open_v2(j->path, db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return journal_db_error(*db, j, "opening", e);
    sqlite3_busy_timeout(*db, 5000);
    return 0;
}

/* A file of somebody else's is left as it is: an empty one is a new journal, one with
 * tables must have ours. */
static int
check_ours(struct journal *j, struct err *e)
{
    static const char sql[] = "SELECT count(*), sum(name IN ('meta', 'header', 'body'))"
                              " FROM sqlite_master WHERE type = 'table'";
    sqlite3_stmt *st = NULL;
    int ret = 0;

    if (sqlite3_prepare_v2(j->write_db, sql, -1, &st, NULL) != SQLITE_OK ||
        sqlite3_step(st) != SQLITE_ROW) {
        int rc = sqlite3_errcode(j->write_db);
        ret = rc == SQLITE_NOTADB || rc == SQLITE_CORRUPT
                  ? err_set(e, ERR_IO,
                            "'%s' is not a journal, or damaged: %s; choose another "
                            "file or restore a backup",
                            j->path, sqlite3_errmsg(j->write_db))
                  : journal_db_error(j->write_db, j, "opening", e);
    } else if (sqlite3_column_int64(st, 0) > 0 && sqlite3_column_int64(st, 1) != 3) {
        ret = err_set(e, ERR_IO,
                      "'%s' is not a journal but a database of another program: choose "
                      "another file",
                      j->path);
    }
    sqlite3_finalize(st);
    return ret;
}

static int
open_writable(struct journal *j, struct err *e)
{
    static const char pragmas[] =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=4000;";

    if (make_folders(j->path, e) < 0 || lock(j, e) < 0 ||
        open_db(j, &j->write_db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, e) < 0)
        return -1;
    /* SQLite opens what may not be written for reading, and would fail at the first
     * commit. */
    if (sqlite3_db_readonly(j->write_db, "main") == 1)
        return err_set(e, ERR_IO,
                       "the journal '%s' may not be written: change its owner or mode",
                       j->path);
    if (check_ours(j, e) < 0)
        return -1;
    if (sqlite3_exec(j->write_db, pragmas, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(j->write_db, schema, NULL, NULL, NULL) != SQLITE_OK)
        return journal_db_error(j->write_db, j, "opening", e);
    (void)chmod(j->path, 0600);
    return 0;
}

/* The first row's first columns by `read`; 1: no row. */
static int
one_row(struct journal *j, const char *sql,
        void (*read)(struct journal *j, sqlite3_stmt *st), struct err *e)
{
    sqlite3_stmt *st = NULL;

    if (sqlite3_prepare_v2(j->db, sql, -1, &st, NULL) != SQLITE_OK)
        return err_set(e, ERR_IO, "'%s' is not a journal: %s", j->path,
                       sqlite3_errmsg(j->db));
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        read(j, st);
    sqlite3_finalize(st);
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
        return rc == SQLITE_ROW ? 0 : 1;
    return journal_db_error(j->db, j, "reading", e);
}

static void
copy_blob(sqlite3_stmt *st, int column, uint8_t *out, size_t len)
{
    const void *p = sqlite3_column_blob(st, column);

    memset(out, 0, len);
    if (p != NULL && (size_t)sqlite3_column_bytes(st, column) == len)
        memcpy(out, p, len);
}

static void
read_key(struct journal *j, sqlite3_stmt *st)
{
    copy_blob(st, 0, j->key.bytes, sizeof(j->key.bytes));
}

static void
read_head(struct journal *j, sqlite3_stmt *st)
{
    j->head.seq = (uint64_t)sqlite3_column_int64(st, 0);
    copy_blob(st, 1, j->head.hash, JOURNAL_HASH);
}

static void
read_snapshot_seq(struct journal *j, sqlite3_stmt *st)
{
    j->snapshot_seq = (uint64_t)sqlite3_column_int64(st, 0);
}

/* The key for platform ids is made once, with the file. */
static int
load_key(struct journal *j, struct err *e)
{
    int rc = one_row(j, "SELECT value FROM meta WHERE name = 'key'", read_key, e);
    sqlite3_stmt *st = NULL;

    if (rc <= 0)
        return rc;
    if (j->write_db == NULL)
        return err_set(e, ERR_IO, "'%s' is not a journal: it has no key", j->path);
    randombytes_buf(j->key.bytes, sizeof(j->key.bytes));
    if (sqlite3_prepare_v2(j->write_db, "INSERT INTO meta VALUES('key', ?)", -1, &st,
                           NULL) != SQLITE_OK)
        return journal_db_error(j->write_db, j, "writing", e);
    sqlite3_bind_blob(st, 1, j->key.bytes, sizeof(j->key.bytes), SQLITE_STATIC);
    rc = sqlite3_step(st);
    sqlite3_finalize(st);
    return rc == SQLITE_DONE ? 0 : journal_db_error(j->write_db, j, "writing", e);
}

struct journal *
journal_sqlite_open(const struct journal_conf *conf, struct err *e)
{
    struct journal *j = mem_zalloc(sizeof(*j));

    j->path = mem_strdup(conf->path);
    j->conf = *conf;
    j->conf.path = j->path;
    if (j->conf.snapshot_every == 0)
        j->conf.snapshot_every = 10000;
    j->lock_fd = -1;
    j->last = &j->first;
    pthread_mutex_init(&j->mutex, NULL);
    pthread_cond_init(&j->some, NULL);
    if (sodium_init() < 0)
        (void)err_set(e, ERR_SYSTEM, "libsodium cannot be started");
    else if (conf->read_only && access(conf->path, R_OK) < 0)
        (void)err_errno(e, ERR_IO, "the journal '%s' cannot be read", conf->path);
    else if ((conf->read_only || open_writable(j, e) == 0) &&
             open_db(j, &j->db, SQLITE_OPEN_READWRITE, e) == 0 && load_key(j, e) == 0 &&
             one_row(j, "SELECT seq, hash FROM header ORDER BY seq DESC LIMIT 1",
                     read_head, e) >= 0 &&
             one_row(j, "SELECT max(seq) FROM snapshot", read_snapshot_seq, e) >= 0) {
        j->durable = j->committed = j->head.seq;
        return j;
    }
    journal_close(&j);
    return NULL;
}

const struct map_key *
journal_key(const struct journal *j)
{
    return &j->key;
}

struct journal_head
journal_head(const struct journal *j)
{
    return j->head;
}

uint64_t
journal_durable(const struct journal *j)
{
    return j->durable;
}

/* --- reading */

static void
read_event(sqlite3_stmt *st, struct event *ev)
{
    const char *actor = (const char *)sqlite3_column_text(st, 2);
    const char *kind = (const char *)sqlite3_column_text(st, 3);
    struct err e = ERR_INIT;

    ev->seq = (uint64_t)sqlite3_column_int64(st, 0);
    ev->at_ms = sqlite3_column_int64(st, 1);
    (void)snprintf(ev->actor, sizeof(ev->actor), "%s", actor == NULL ? "" : actor);
    if (kind == NULL || event_kind_from_name(str_from(kind), &ev->kind, &e) < 0)
        ev->kind = EVENT_KINDS;
    ev->broadcast = (uint64_t)sqlite3_column_int64(st, 4);
    ev->filters = (uint64_t)sqlite3_column_int64(st, 5);
    buf_reset(&ev->body);
    buf_add(&ev->body, sqlite3_column_blob(st, 9), (size_t)sqlite3_column_bytes(st, 9));
}

static const char select_events[] =
    "SELECT h.seq, at, actor, kind, broadcast, filters, body_hash, hash, salt, data"
    " FROM header h LEFT JOIN body b ON b.seq = h.seq WHERE h.seq > ? ORDER BY h.seq";

static sqlite3_stmt *
begin_events(struct journal *j, uint64_t after, struct err *e)
{
    sqlite3_stmt *st = NULL;

    if (sqlite3_prepare_v2(j->db, select_events, -1, &st, NULL) != SQLITE_OK) {
        (void)journal_db_error(j->db, j, "reading", e);
        return NULL;
    }
    sqlite3_bind_int64(st, 1, (sqlite3_int64)after);
    return st;
}

int
journal_read(struct journal *j, uint64_t after,
             int (*fn)(void *arg, const struct event *ev), void *arg, struct err *e)
{
    sqlite3_stmt *st = begin_events(j, after, e);
    struct event ev = EVENT_INIT;
    int rc, ret = 0;

    if (st == NULL)
        return -1;
    while (ret == 0 && (rc = sqlite3_step(st)) != SQLITE_DONE) {
        if (rc != SQLITE_ROW) {
            ret = journal_db_error(j->db, j, "reading", e);
            break;
        }
        read_event(st, &ev);
        ret = fn(arg, &ev);
    }
    event_fini(&ev);
    sqlite3_finalize(st);
    return ret;
}

int
journal_load_snapshot(struct journal *j, uint64_t *seq, struct buf *out, struct err *e)
{
    sqlite3_stmt *st = NULL;

    if (sqlite3_prepare_v2(j->db,
                           "SELECT seq, bytes FROM snapshot ORDER BY seq DESC LIMIT 1",
                           -1, &st, NULL) != SQLITE_OK)
        return journal_db_error(j->db, j, "reading", e);
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW) {
        *seq = (uint64_t)sqlite3_column_int64(st, 0);
        buf_add(out, sqlite3_column_blob(st, 1), (size_t)sqlite3_column_bytes(st, 1));
    }
    sqlite3_finalize(st);
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
        return rc == SQLITE_ROW ? 0 : 1;
    return journal_db_error(j->db, j, "reading", e);
}

/* --- verify, backup */

/* Whether the row continues the chain that ends in `head`; moves the head. */
static bool
continues(sqlite3_stmt *st, struct journal_head *head)
{
    uint8_t body_hash[JOURNAL_HASH], hash[JOURNAL_HASH], salt[CHAIN_SALT],
        again[JOURNAL_HASH];
    struct event ev = EVENT_INIT;

    read_event(st, &ev);
    copy_blob(st, 6, body_hash, sizeof(body_hash));
    copy_blob(st, 7, hash, sizeof(hash));
    bool ok = ev.seq == head->seq + 1 && ev.kind != EVENT_KINDS &&
              (size_t)sqlite3_column_bytes(st, 2) == strlen(ev.actor) &&
              (size_t)sqlite3_column_bytes(st, 3) == strlen(event_kind_name(ev.kind));
    if (ok && sqlite3_column_type(st, 8) != SQLITE_NULL) {
        copy_blob(st, 8, salt, sizeof(salt));
        chain_body(salt, buf_str(&ev.body), again);
        ok = memcmp(again, body_hash, JOURNAL_HASH) == 0;
    } else if (ok) {
        ok = ev.body.len == 0; /* erased, and nothing else in its place */
    }
    if (ok) {
        chain_next(head, &ev, body_hash, head);
        ok = memcmp(head->hash, hash, JOURNAL_HASH) == 0;
    }
    event_fini(&ev);
    return ok;
}

/* Whether the chain has at `want` the hash that was noted there. */
static bool
agrees(const struct journal_head *want, const struct journal_head *head)
{
    return want == NULL || want->seq != head->seq ||
           memcmp(want->hash, head->hash, JOURNAL_HASH) == 0;
}

int
journal_verify(struct journal *j, const struct journal_head *want, uint64_t *broken,
               const struct journal_progress *progress, struct err *e)
{
    sqlite3_stmt *st = begin_events(j, 0, e);
    struct journal_head head = {.seq = 0};
    int rc, ret = 0;

    if (st == NULL)
        return -1;
    while (ret == 0 && (rc = sqlite3_step(st)) != SQLITE_DONE) {
        if (rc != SQLITE_ROW) {
            ret = journal_db_error(j->db, j, "reading", e);
            break;
        }
        *broken = head.seq + 1;
        if (!continues(st, &head) || !agrees(want, &head))
            ret = 1;
        else if (progress != NULL && head.seq % 4096 == 0)
            progress->fn(progress->arg, head.seq, j->head.seq);
    }
    sqlite3_finalize(st);
    if (ret == 0 && want != NULL && want->seq > head.seq) {
        *broken = head.seq + 1; /* the tail was cut */
        ret = 1;
    }
    if (ret == 0 && progress != NULL)
        progress->fn(progress->arg, head.seq, head.seq);
    return ret;
}

int
journal_backup(struct journal *j, const char *path, struct err *e)
{
    sqlite3_stmt *st = NULL;
    int ret = 0;

    if (access(path, F_OK) == 0)
        return err_set(e, ERR_IO, "'%s' exists already: choose another name", path);
    if (sqlite3_prepare_v2(j->db, "VACUUM INTO ?", -1, &st, NULL) != SQLITE_OK)
        return journal_db_error(j->db, j, "copying", e);
    sqlite3_bind_text(st, 1, path, -1, SQLITE_STATIC);
    if (sqlite3_step(st) != SQLITE_DONE)
        ret = err_set(e, ERR_IO, "the copy '%s' cannot be written: %s", path,
                      sqlite3_errmsg(j->db));
    else
        (void)chmod(path, 0600);
    sqlite3_finalize(st);
    return ret;
}
