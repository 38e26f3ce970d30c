/* SPDX-License-Identifier: Apache-2.0 */
/* archive.c - the index's file, and the thread that keeps it up with the journal.
 *
 * Catching up and making anew are the same: read the journal from where the index ends.
 * The journal is read with a connection of its own, so neither the loop nor the writer
 * waits for the index. What the index was made of stands in it: version, journal, number
 * of erasures; when any is another, the file is removed and begun again. Removing is also
 * how erased words leave it, since FTS5 and SQLite both keep copies of what was deleted
 * row by row. */
#include "queue/archive_db.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"

#define VERSION "1"

enum {
    BATCH = 2000,    /* events in one transaction */
    GATHER_MS = 200, /* for one; each costs more than what is in it */
    NICE = 10,       /* the broadcast comes first */
};

static const char schema[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS line(id INTEGER PRIMARY KEY, chat INTEGER, n INTEGER,"
    " broadcast INTEGER, source TEXT, lang TEXT, author INTEGER, pii INTEGER,"
    " deleted INTEGER);"
    "CREATE INDEX IF NOT EXISTS line_n ON line(n) WHERE n IS NOT NULL;"
    "CREATE INDEX IF NOT EXISTS line_author ON line(author);"
    "CREATE TABLE IF NOT EXISTS deed(n INTEGER, seq INTEGER, PRIMARY KEY(n, seq))"
    " WITHOUT ROWID;"
    "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(folded, content='', detail=none,"
    " columnsize=0, prefix='2 3', tokenize='ascii');"
    "COMMIT;";

int
archive_error(sqlite3 *db, const char *path, const char *doing, struct err *e)
{
    return err_set(e, ERR_IO, "%s the search index '%s': %s", doing, path,
                   sqlite3_errmsg(db));
}

static char *
path_of(const char *journal)
{
    struct buf b = BUF_INIT;

    buf_addf(&b, "%s.search", journal);
    return buf_steal(&b);
}

static int
remove_files(const char *path, struct err *e)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    struct buf b = BUF_INIT;
    int rc = 0;

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]) && rc == 0; i++) {
        buf_reset(&b);
        buf_addf(&b, "%s%s", path, ends[i]);
        if (unlink(b.data) < 0 && errno != ENOENT)
            rc = err_errno(e, ERR_IO, "the search index '%s' cannot be removed", b.data);
    }
    buf_fini(&b);
    return rc;
}

int
archive_remove(const char *journal, struct err *e)
{
    char *path = path_of(journal);
    int rc = remove_files(path, e);

    mem_free(path);
    return rc;
}

/* --- the follower's thread */

/* What the index must have been made of. */
static int
write_stamp(struct journal *j, struct buf *out, struct err *e)
{
    uint64_t erasures = 0;

    if (journal_erasures(j, &erasures, e) < 0)
        return -1;
    buf_addf(out, "%s %016" PRIx64 " %" PRIu64, VERSION,
             map_hash(journal_key(j), STR_LIT("search"), STR_NONE), erasures);
    return 0;
}

static bool
get_meta(sqlite3 *db, const char *name, struct buf *out)
{
    sqlite3_stmt *st = NULL;
    bool found = false;

    if (sqlite3_prepare_v2(db, "SELECT value FROM meta WHERE name = ?", -1, &st, NULL) ==
        SQLITE_OK) {
        sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
        found = sqlite3_step(st) == SQLITE_ROW;
        if (found)
            buf_add(out, sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0));
    }
    sqlite3_finalize(st);
    return found;
}

static int
put_meta(struct archive *a, sqlite3 *db, const char *name, struct str value,
         struct err *e)
{
    sqlite3_stmt *st = NULL;
    int rc =
        sqlite3_prepare_v2(db, "INSERT OR REPLACE INTO meta VALUES(?,?)", -1, &st, NULL);

    if (rc == SQLITE_OK) {
        sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
        sqlite3_bind_text(st, 2, value.p, (int)value.len, SQLITE_STATIC);
        rc = sqlite3_step(st);
    }
    sqlite3_finalize(st);
    return rc == SQLITE_DONE ? 0 : archive_error(db, a->path, "writing", e);
}

static int
put_seq(struct archive *a, sqlite3 *db, uint64_t seq, struct err *e)
{
    struct buf b = BUF_INIT;

    buf_add_u64(&b, seq);
    int rc = put_meta(a, db, "seq", buf_str(&b), e);
    buf_fini(&b);
    return rc;
}

static int
open_file(struct archive *a, struct archive_hand *h, struct err *e)
{
    if (sqlite3_open_v2(a->path, &h->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK)
        return archive_error(h->db, a->path, "opening", e);
    (void)chmod(a->path, 0600);
    sqlite3_busy_timeout(h->db, 5000);
    if (sqlite3_exec(h->db, schema, NULL, NULL, NULL) != SQLITE_OK)
        return archive_error(h->db, a->path, "opening", e);
    return hand_prepare(h, a->path, e);
}

static int
make_file(struct archive *a, struct archive_hand *h, struct str stamp, struct err *e)
{
    if (remove_files(a->path, e) < 0 || open_file(a, h, e) < 0 ||
        put_seq(a, h->db, 0, e) < 0)
        return -1;
    return put_meta(a, h->db, "made_of", stamp, e);
}

/* Nobody reads meanwhile. */
static int
begin_anew(struct archive *a, struct archive_hand *h, struct str stamp, struct err *e)
{
    hand_fini(h);
    err_reset(e);
    pthread_mutex_lock(&a->reading);
    sqlite3_close(a->db);
    a->db = NULL;
    int rc = make_file(a, h, stamp, e);
    pthread_mutex_unlock(&a->reading);
    return rc;
}

/* Whether what lies there is the index of this journal; then how far it goes. */
static bool
is_ours(struct archive_hand *h, struct str stamp, uint64_t head, uint64_t *seq)
{
    struct buf b = BUF_INIT;
    struct err e = ERR_INIT;
    bool ours = get_meta(h->db, "made_of", &b) && str_eq(buf_str(&b), stamp);

    buf_reset(&b);
    ours = ours && get_meta(h->db, "seq", &b) &&
           str_to_u64(buf_str(&b), INT64_MAX, seq, &e) == 0 && *seq <= head;
    buf_fini(&b);
    return ours;
}

static int
renew_index(struct archive *a, struct archive_hand *h, struct journal *j, uint64_t *seq,
            struct err *e)
{
    struct buf stamp = BUF_INIT;

    *seq = 0;
    int rc = write_stamp(j, &stamp, e);
    if (rc == 0)
        rc = begin_anew(a, h, buf_str(&stamp), e);
    buf_fini(&stamp);
    return rc;
}

static int
open_index(struct archive *a, struct archive_hand *h, struct journal *j, uint64_t *seq,
           struct err *e)
{
    struct buf stamp = BUF_INIT;
    int rc = write_stamp(j, &stamp, e);

    if (rc == 0 && (open_file(a, h, e) < 0 ||
                    !is_ours(h, buf_str(&stamp), journal_head(j).seq, seq)))
        rc = renew_index(a, h, j, seq, e);
    buf_fini(&stamp);
    return rc;
}

struct batch {
    struct archive_hand *hand;
    uint64_t last;
    size_t n;
    bool failed;
};

static int
one_event(void *arg, const struct event *ev)
{
    struct batch *b = arg;

    b->failed = hand_add(b->hand, ev) < 0;
    b->last = ev->seq;
    return b->failed || ++b->n == BATCH;
}

/* Some events further, in one transaction. */
static int
follow(struct archive *a, struct archive_hand *h, struct journal *j, uint64_t *seq,
       struct err *e)
{
    struct batch b = {.hand = h, .last = *seq};

    if (sqlite3_exec(h->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        return archive_error(h->db, a->path, "writing", e);
    int rc = journal_read(j, *seq, one_event, &b, e);
    if (b.failed)
        rc = archive_error(h->db, a->path, "writing", e);
    if (rc >= 0 && put_seq(a, h->db, b.last, e) == 0 &&
        sqlite3_exec(h->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK) {
        *seq = b.last;
        return 0;
    }
    if (e->code == ERR_NONE)
        (void)archive_error(h->db, a->path, "writing", e);
    (void)sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
    return -1;
}

static void
say(struct archive *a, uint64_t done, const struct err *e)
{
    pthread_mutex_lock(&a->mutex);
    a->done = done;
    a->ready = true;
    a->failed = e != NULL;
    if (e != NULL)
        a->err = *e;
    pthread_cond_broadcast(&a->moved);
    pthread_mutex_unlock(&a->mutex);
}

/* With the mutex. */
static void
gather(struct archive *a)
{
    struct timespec end;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_nsec += GATHER_MS * 1000000L;
    end.tv_sec += end.tv_nsec / 1000000000L;
    end.tv_nsec %= 1000000000L;
    while (!a->stop && !a->renew && !a->hurry && a->wanted - a->done < BATCH)
        if (pthread_cond_timedwait(&a->some, &a->mutex, &end) != 0)
            break;
    a->hurry = false;
}

/* Until there is more to do; false: stop. */
static bool
wait_for_more(struct archive *a, bool *renew)
{
    pthread_mutex_lock(&a->mutex);
    while (!a->stop && !a->renew && a->wanted <= a->done)
        pthread_cond_wait(&a->some, &a->mutex);
    gather(a);
    *renew = a->renew;
    a->renew = false;
    bool more = !a->stop;
    pthread_mutex_unlock(&a->mutex);
    return more;
}

static int
follow_all(struct archive *a, struct archive_hand *h, struct journal *j, struct err *e)
{
    uint64_t seq = 0;
    bool renew = false;

    if (open_index(a, h, j, &seq, e) < 0)
        return -1;
    say(a, seq, NULL);
    while (wait_for_more(a, &renew)) {
        if ((renew && renew_index(a, h, j, &seq, e) < 0) ||
            (!renew && follow(a, h, j, &seq, e) < 0))
            return -1;
        say(a, seq, NULL);
    }
    return 0;
}

static void *
follower(void *arg)
{
    struct archive *a = arg;
    struct journal_conf conf = {.path = a->journal_path, .read_only = true};
    struct archive_hand hand = {.db = NULL};
    struct err e = ERR_INIT;

    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
    struct journal *j = journal_sqlite_open(&conf, &e);
    if (j == NULL || follow_all(a, &hand, j, &e) < 0) {
        log_error("search", "nothing can be searched for until the next start: %s",
                  e.msg);
        say(a, 0, &e);
    }
    hand_fini(&hand);
    journal_close(&j);
    return NULL;
}

/* --- the loop's thread */

struct archive *
archive_open(const char *journal, uint64_t seq, struct err *e)
{
    struct archive *a = mem_zalloc(sizeof(*a));

    a->journal_path = mem_strdup(journal);
    a->path = path_of(journal);
    a->wanted = seq;
    a->fold = words_new();
    pthread_mutex_init(&a->mutex, NULL);
    pthread_mutex_init(&a->reading, NULL);
    pthread_cond_init(&a->some, NULL);
    pthread_cond_init(&a->moved, NULL);
    if (pthread_create(&a->thread, NULL, follower, a) == 0)
        return a;
    (void)err_set(e, ERR_SYSTEM, "the thread of the search index cannot be started");
    a->stop = true; /* there is nobody to wait for */
    archive_close(&a);
    return NULL;
}

void
archive_close(struct archive **ap)
{
    struct archive *a = *ap;

    if (a == NULL)
        return;
    *ap = NULL;
    if (!a->stop) {
        pthread_mutex_lock(&a->mutex);
        a->stop = true;
        pthread_cond_signal(&a->some);
        pthread_mutex_unlock(&a->mutex);
        pthread_join(a->thread, NULL);
    }
    sqlite3_close(a->db);
    journal_close(&a->journal);
    words_free(&a->fold);
    pthread_mutex_destroy(&a->mutex);
    pthread_mutex_destroy(&a->reading);
    pthread_cond_destroy(&a->some);
    pthread_cond_destroy(&a->moved);
    mem_free(a->journal_path);
    mem_free(a->path);
    mem_free(a);
}

void
archive_advance(struct archive *a, uint64_t seq)
{
    pthread_mutex_lock(&a->mutex);
    a->wanted = seq;
    pthread_cond_signal(&a->some);
    pthread_mutex_unlock(&a->mutex);
}

void
archive_renew(struct archive *a)
{
    pthread_mutex_lock(&a->mutex);
    a->renew = true;
    pthread_cond_signal(&a->some);
    pthread_mutex_unlock(&a->mutex);
}
