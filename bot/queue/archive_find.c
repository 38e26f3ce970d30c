/* SPDX-License-Identifier: Apache-2.0 */
/* archive_find.c - asking the index, and reading from the journal what was found.
 *
 * The statements are put together from fixed pieces only; everything that a person typed
 * is bound, and what is bound to MATCH holds letters and digits in quotes. A search that
 * would read for seconds is given up. One reads at a time: what waits is a thread of the
 * workers, never the loop. */
#include <time.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "queue/archive_db.h"
#include "queue/state.h"

enum {
    WAIT_MS = 500,       /* for what was said just now */
    WAIT_EVENTS = 20000, /* further behind it is being made anew: not worth it */
    STEPS = 1000000,     /* of SQLite's machine between two looks */
    STEPS_MAX = 300,     /* looks: some seconds */
};

void
archive_found_fini(struct archive_found *f)
{
    mem_free(f->id);
    *f = (struct archive_found){.id = NULL};
}

/* Gives the place up to which the index goes. */
static int
wait_for(struct archive *a, uint64_t seq, uint64_t *done, struct err *e)
{
    struct timespec end;
    int rc = 0;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_nsec += WAIT_MS * 1000000L;
    end.tv_sec += end.tv_nsec / 1000000000L;
    end.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&a->mutex);
    a->hurry = a->done < seq;
    pthread_cond_signal(&a->some);
    while (!a->failed && (!a->ready || (a->done < seq && seq - a->done < WAIT_EVENTS)))
        if (pthread_cond_timedwait(&a->moved, &a->mutex, &end) != 0)
            break;
    *done = a->done;
    if (a->failed)
        rc = err_set(e, ERR_BAD_STATE, "there is no search now: %s", a->err.msg);
    else if (!a->ready)
        rc = err_set(e, ERR_BAD_STATE, "the search index is being made");
    pthread_mutex_unlock(&a->mutex);
    return rc;
}

static int
give_up(void *arg)
{
    int *looks = arg;

    return ++*looks > STEPS_MAX;
}

/* With a->reading held. */
static int
open_reader(struct archive *a, struct err *e)
{
    struct journal_conf conf = {.path = a->journal_path, .read_only = true};

    if (a->journal == NULL && (a->journal = journal_sqlite_open(&conf, e)) == NULL)
        return -1;
    if (a->db != NULL)
        return 0;
    if (sqlite3_open_v2(a->path, &a->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(a->db, 5000);
        return 0;
    }
    (void)err_set(e, ERR_BAD_STATE, "the search index is being made");
    sqlite3_close(a->db);
    a->db = NULL;
    return -1;
}

static void
add_condition(struct buf *sql, bool on, const char *text)
{
    if (on)
        buf_addf(sql, " AND %s", text);
}

/* The parameters are numbered, so that each piece stands for itself. */
static void
write_sql(const struct archive_wish *w, bool words, struct buf *sql)
{
    const char *id = w->questions ? "l.n" : words ? "words.rowid" : "l.id";

    buf_addf(sql, "SELECT %s %s FROM %s WHERE %s < ?1", w->questions ? "DISTINCT" : "",
             id, words ? "words JOIN line l ON l.id = words.rowid" : "line l", id);
    add_condition(sql, words, "words MATCH ?2");
    add_condition(sql, w->broadcast != 0, "l.broadcast = ?3");
    add_condition(sql, w->questions, "l.n IS NOT NULL");
    add_condition(sql, !w->questions, "l.chat = 1");
    add_condition(sql, !w->questions && w->source.len > 0, "l.source = ?4");
    add_condition(sql, !w->questions && w->lang.len > 0, "l.lang = ?5");
    add_condition(sql, !w->questions && w->author.len > 0, "l.author = ?6");
    add_condition(sql, !w->questions && w->pii == ARCHIVE_PII_NONE, "l.pii = 0");
    add_condition(sql, !w->questions && w->pii == ARCHIVE_PII_SOME, "l.pii = 1");
    buf_addf(sql, " ORDER BY %s DESC LIMIT ?7", id);
}

static void
bind_str(sqlite3_stmt *st, int at, struct str s)
{
    if (s.len > 0)
        (void)sqlite3_bind_text(st, at, s.p, (int)s.len, SQLITE_STATIC);
}

static uint64_t
author_of(const struct archive *a, struct str author)
{
    struct str rest = author, source = STR_NONE;

    (void)str_split(&rest, ':', &source);
    return map_hash(journal_key(a->journal), source, rest);
}

/* Numbers of the first column, as many as there are. */
static int
collect(struct archive *a, sqlite3_stmt *st, struct archive_found *out, struct err *e)
{
    int rc, looks = 0;

    sqlite3_progress_handler(a->db, STEPS, give_up, &looks);
    out->id = mem_array(ARCHIVE_MAX, sizeof(*out->id));
    while ((rc = sqlite3_step(st)) == SQLITE_ROW && out->n < ARCHIVE_MAX)
        out->id[out->n++] = (uint64_t)sqlite3_column_int64(st, 0);
    sqlite3_progress_handler(a->db, 0, NULL, NULL);
    if (rc == SQLITE_DONE || rc == SQLITE_ROW)
        return 0;
    archive_found_fini(out);
    if (rc == SQLITE_INTERRUPT)
        return err_set(e, ERR_LIMIT, "too much was found: look for more words");
    return archive_error(a->db, a->path, "reading", e);
}

/* With a->reading held. */
static int
find(struct archive *a, const struct archive_wish *w, struct archive_found *out,
     struct err *e)
{
    struct words_query q = {.n = 0};
    struct buf match = BUF_INIT, sql = BUF_INIT;
    sqlite3_stmt *st = NULL;
    int rc = -1;

    words_query_read(a->fold, w->text, &q);
    words_query_write(&q, &match);
    write_sql(w, q.n > 0, &sql);
    if (sqlite3_prepare_v2(a->db, sql.data, (int)sql.len, &st, NULL) != SQLITE_OK) {
        (void)archive_error(a->db, a->path, "reading", e);
    } else {
        uint64_t before = w->before == 0 || w->before > INT64_MAX ? INT64_MAX : w->before;
        size_t limit = w->limit < ARCHIVE_MAX ? w->limit : ARCHIVE_MAX;
        sqlite3_bind_int64(st, 1, (sqlite3_int64)before);
        bind_str(st, 2, buf_str(&match));
        sqlite3_bind_int64(st, 3, (sqlite3_int64)w->broadcast);
        bind_str(st, 4, w->source);
        bind_str(st, 5, w->lang);
        sqlite3_bind_int64(st, 6, (sqlite3_int64)author_of(a, w->author));
        sqlite3_bind_int64(st, 7, (sqlite3_int64)limit);
        rc = collect(a, st, out, e);
    }
    sqlite3_finalize(st);
    words_query_fini(&q);
    buf_fini(&match);
    buf_fini(&sql);
    return rc;
}

int
archive_find(struct archive *a, const struct archive_wish *wish,
             struct archive_found *out, struct err *e)
{
    uint64_t done;
    int rc = -1;

    *out = (struct archive_found){.id = NULL};
    if (wait_for(a, wish->seq, &done, e) < 0)
        return -1;
    pthread_mutex_lock(&a->reading);
    if (open_reader(a, e) == 0)
        rc = find(a, wish, out, e);
    pthread_mutex_unlock(&a->reading);
    out->seq = done;
    return rc;
}

/* With a->reading held. */
static int
by_numbers(struct archive *a, const char *sql, const uint64_t numbers[2],
           struct archive_found *out, struct err *e)
{
    sqlite3_stmt *st = NULL;
    int rc = -1;

    if (sqlite3_prepare_v2(a->db, sql, -1, &st, NULL) != SQLITE_OK) {
        (void)archive_error(a->db, a->path, "reading", e);
    } else {
        sqlite3_bind_int64(st, 1, (sqlite3_int64)numbers[0]);
        sqlite3_bind_int64(st, 2, (sqlite3_int64)numbers[1]);
        rc = collect(a, st, out, e);
    }
    sqlite3_finalize(st);
    return rc;
}

static int
ask(struct archive *a, const char *sql, const uint64_t numbers[2],
    struct archive_found *out, struct err *e)
{
    int rc = -1;

    pthread_mutex_lock(&a->reading);
    if (open_reader(a, e) == 0)
        rc = by_numbers(a, sql, numbers, out, e);
    pthread_mutex_unlock(&a->reading);
    return rc;
}

int
archive_around(struct archive *a, uint64_t mid, size_t each, struct archive_found *out,
               struct err *e)
{
    static const char sql[] =
        "SELECT id FROM ("
        "SELECT * FROM (SELECT id FROM line WHERE id <= ?1 AND chat = 1 AND source ="
        " (SELECT source FROM line WHERE id = ?1) ORDER BY id DESC LIMIT ?2 + 1)"
        " UNION ALL "
        "SELECT * FROM (SELECT id FROM line WHERE id > ?1 AND chat = 1 AND source ="
        " (SELECT source FROM line WHERE id = ?1) ORDER BY id LIMIT ?2)) ORDER BY id "
        "DESC";
    const uint64_t numbers[2] = {mid, each};

    *out = (struct archive_found){.id = NULL};
    if (wait_for(a, mid, &out->seq, e) < 0)
        return -1;
    return ask(a, sql, numbers, out, e);
}

int
archive_history(struct archive *a, uint64_t n, uint64_t seq, struct archive_found *out,
                struct err *e)
{
    const uint64_t numbers[2] = {n, ARCHIVE_MAX};

    *out = (struct archive_found){.id = NULL};
    if (wait_for(a, seq, &out->seq, e) < 0)
        return -1;
    return ask(a, "SELECT seq FROM deed WHERE n = ? ORDER BY seq LIMIT ?", numbers, out,
               e);
}

/* --- what was found */

struct reading {
    struct archive *archive;
    void (*event)(void *arg, const struct event *ev);
    void (*line)(void *arg, const struct event *ev, const struct archive_line *line);
    void *arg;
    sqlite3_stmt *known; /* of lines */
    uint64_t wanted;
};

static int
one(void *arg, const struct event *ev)
{
    struct reading *r = arg;
    struct archive_line line = {.n = 0};

    if (ev->seq != r->wanted)
        return 1;
    if (r->line == NULL) {
        r->event(r->arg, ev);
        return 1;
    }
    if (ev->body.len == 0)
        return 1;
    sqlite3_bind_int64(r->known, 1, (sqlite3_int64)ev->seq);
    if (sqlite3_step(r->known) == SQLITE_ROW) {
        line.n = (uint64_t)sqlite3_column_int64(r->known, 0);
        line.deleted = sqlite3_column_int(r->known, 1) != 0;
    }
    sqlite3_reset(r->known);
    r->line(r->arg, ev, &line);
    return 1;
}

static int
read_all(struct reading *r, const struct archive_found *found, struct err *e)
{
    struct archive *a = r->archive;
    int rc = -1;

    pthread_mutex_lock(&a->reading);
    if (open_reader(a, e) == 0) {
        rc = 0;
        if (sqlite3_prepare_v2(a->db, "SELECT n, deleted FROM line WHERE id = ?", -1,
                               &r->known, NULL) != SQLITE_OK)
            rc = archive_error(a->db, a->path, "reading", e);
        for (size_t i = 0; i < found->n && rc == 0; i++) {
            r->wanted = found->id[i];
            rc = journal_read(a->journal, r->wanted - 1, one, r, e) < 0 ? -1 : 0;
        }
        sqlite3_finalize(r->known);
    }
    pthread_mutex_unlock(&a->reading);
    return rc;
}

int
archive_lines(struct archive *a, const struct archive_found *found,
              void (*fn)(void *arg, const struct event *ev,
                         const struct archive_line *line),
              void *arg, struct err *e)
{
    struct reading r = {.archive = a, .line = fn, .arg = arg};

    return read_all(&r, found, e);
}

int
archive_events(struct archive *a, const struct archive_found *found,
               void (*fn)(void *arg, const struct event *ev), void *arg, struct err *e)
{
    struct reading r = {.archive = a, .event = fn, .arg = arg};

    return read_all(&r, found, e);
}
