/* SPDX-License-Identifier: Apache-2.0 */
/* journal_writer.c - the thread that makes events durable.
 *
 * The loop numbers and chains an event and puts it on a list; the writer takes the whole
 * list and commits it as one transaction, so the price of an fsync is shared by all that
 * gathered during the one before, and the loop never waits for the disk. Then it tells
 * the loop up to which number everything is on disk: one call is on its way at a time. A
 * failed commit is final: nothing after it is acknowledged, and the program ends with the
 * reason. */
#include "queue/journal_sqlite.h"

#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "base/mem.h"

static void
record_free(struct journal_record *r)
{
    event_fini(&r->ev);
    mem_free(r);
}

/* On the loop thread. */
static void
tell(void *arg)
{
    struct journal_teller *teller = arg;
    struct journal *j = teller->journal;

    if (j == NULL) { /* closed meanwhile */
        mem_free(teller);
        return;
    }
    pthread_mutex_lock(&j->mutex);
    j->told = false;
    uint64_t committed = j->committed;
    bool failed = j->failed;
    struct err err = j->err;
    pthread_mutex_unlock(&j->mutex);
    if (committed > j->durable) {
        j->durable = committed;
        j->watch.durable(j->watch.arg, committed);
    }
    if (failed)
        j->watch.failed(j->watch.arg, &err);
}

/* --- on the writer thread */

static int
bind_and_step(sqlite3_stmt *st, sqlite3 *db, const struct journal *j, struct err *e)
{
    int rc = sqlite3_step(st);

    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
    return rc == SQLITE_DONE ? 0 : journal_db_error(db, j, "writing", e);
}

static int
insert(struct journal *j, sqlite3_stmt *header, sqlite3_stmt *body,
       const struct journal_record *r, struct err *e)
{
    const char *kind = event_kind_name(r->ev.kind);

    sqlite3_bind_int64(header, 1, (sqlite3_int64)r->ev.seq);
    sqlite3_bind_int64(header, 2, r->ev.at_ms);
    sqlite3_bind_text(header, 3, r->ev.actor, -1, SQLITE_STATIC);
    sqlite3_bind_text(header, 4, kind, -1, SQLITE_STATIC);
    sqlite3_bind_int64(header, 5, (sqlite3_int64)r->ev.broadcast);
    sqlite3_bind_int64(header, 6, (sqlite3_int64)r->ev.filters);
    sqlite3_bind_blob(header, 7, r->body_hash, JOURNAL_HASH, SQLITE_STATIC);
    sqlite3_bind_blob(header, 8, r->hash, JOURNAL_HASH, SQLITE_STATIC);
    if (bind_and_step(header, j->write_db, j, e) < 0)
        return -1;
    sqlite3_bind_int64(body, 1, (sqlite3_int64)r->ev.seq);
    sqlite3_bind_blob(body, 2, r->salt, CHAIN_SALT, SQLITE_STATIC);
    sqlite3_bind_blob64(body, 3, r->ev.body.data, r->ev.body.len, SQLITE_STATIC);
    return bind_and_step(body, j->write_db, j, e);
}

static int
insert_all(struct journal *j, const struct journal_record *r, struct err *e)
{
    sqlite3_stmt *header = NULL, *body = NULL;
    int ret = -1;

    if (sqlite3_prepare_v2(j->write_db, "INSERT INTO header VALUES(?,?,?,?,?,?,?,?)", -1,
                           &header, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(j->write_db, "INSERT INTO body VALUES(?,?,?)", -1, &body,
                           NULL) != SQLITE_OK) {
        ret = journal_db_error(j->write_db, j, "writing", e);
        goto out;
    }
    for (; r != NULL; r = r->next) {
        if (insert(j, header, body, r, e) < 0)
            goto out;
    }
    ret = 0;
out:
    sqlite3_finalize(header);
    sqlite3_finalize(body);
    return ret;
}

static int
commit(struct journal *j, const struct journal_record *first, struct err *e)
{
    if (journal_exec(j->write_db, j, "BEGIN IMMEDIATE", e) < 0 ||
        insert_all(j, first, e) < 0)
        return -1;
    if (j->conf.fault != NULL && j->conf.fault(j->conf.fault_arg) != 0)
        return err_set(e, ERR_IO, "the journal '%s' cannot be written: fault injected",
                       j->path);
    return journal_exec(j->write_db, j, "COMMIT", e);
}

static int
store_snapshot(struct journal *j, uint64_t seq, const struct buf *b, struct err *e)
{
    sqlite3_stmt *st = NULL;

    if (journal_exec(j->write_db, j, "BEGIN IMMEDIATE; DELETE FROM snapshot", e) < 0)
        return -1;
    if (sqlite3_prepare_v2(j->write_db, "INSERT INTO snapshot VALUES(?,?)", -1, &st,
                           NULL) != SQLITE_OK)
        return journal_db_error(j->write_db, j, "writing a snapshot", e);
    sqlite3_bind_int64(st, 1, (sqlite3_int64)seq);
    sqlite3_bind_blob64(st, 2, b->data, b->len, SQLITE_STATIC);
    int rc = sqlite3_step(st);
    sqlite3_finalize(st);
    if (rc != SQLITE_DONE)
        return journal_db_error(j->write_db, j, "writing a snapshot", e);
    return journal_exec(j->write_db, j, "COMMIT", e);
}

/* With the mutex. */
static void
wait_a_while(struct journal *j)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec++;
    (void)pthread_cond_timedwait(&j->some, &j->mutex, &until);
}

/* What a rehearsal left goes when its end is on disk. A reader may be in the way: then
 * once more, in a while. */
static int
erase(struct journal *j, struct err *e)
{
    pthread_mutex_lock(&j->mutex);
    uint64_t from = j->erase_from, to = j->erase_to;
    pthread_mutex_unlock(&j->mutex);
    if (to == 0)
        return 0;
    int rc = journal_forget_span(j, from, to, e);
    pthread_mutex_lock(&j->mutex);
    if (rc <= 0 || j->stop) /* the next run takes it up again */
        j->erase_from = j->erase_to = 0;
    else if (j->first == NULL)
        wait_a_while(j);
    pthread_mutex_unlock(&j->mutex);
    return rc < 0 ? -1 : 0;
}

/* Takes what waits; false when there is nothing more to do, ever. */
static bool
take(struct journal *j, struct journal_record **first, struct buf *snapshot,
     uint64_t *snapshot_at)
{
    pthread_mutex_lock(&j->mutex);
    while (j->first == NULL && j->snapshot_at == 0 && j->erase_to == 0 && !j->stop)
        pthread_cond_wait(&j->some, &j->mutex);
    *first = j->first;
    j->first = NULL;
    j->last = &j->first;
    *snapshot = j->snapshot;
    *snapshot_at = j->snapshot_at;
    j->snapshot = (struct buf)BUF_INIT;
    j->snapshot_at = 0;
    bool more = *first != NULL || *snapshot_at != 0 || j->erase_to != 0;
    pthread_mutex_unlock(&j->mutex);
    return more;
}

static void
report(struct journal *j, uint64_t seq, size_t bytes, const struct err *e)
{
    pthread_mutex_lock(&j->mutex);
    j->pending -= bytes;
    if (e->code != ERR_NONE) {
        j->failed = true;
        j->err = *e;
    } else if (seq > j->committed) {
        j->committed = seq;
    }
    bool call = !j->told;
    j->told = true;
    pthread_mutex_unlock(&j->mutex);
    if (call)
        j->post.post(j->post.ctx, tell, j->teller);
}

static void *
writer(void *arg)
{
    struct journal *j = arg;
    struct journal_record *first;
    struct buf snapshot;
    uint64_t snapshot_at;
    struct err e = ERR_INIT;

    while (e.code == ERR_NONE && take(j, &first, &snapshot, &snapshot_at)) {
        uint64_t seq = 0;
        size_t done = 0;
        if (first != NULL)
            (void)commit(j, first, &e);
        while (first != NULL) {
            struct journal_record *next = first->next;
            seq = first->ev.seq;
            done += first->ev.body.len + sizeof(*first);
            record_free(first);
            first = next;
        }
        report(j, seq, done, &e);
        if (e.code == ERR_NONE && snapshot_at != 0 &&
            store_snapshot(j, snapshot_at, &snapshot, &e) < 0)
            report(j, 0, 0, &e);
        if (e.code == ERR_NONE && erase(j, &e) < 0)
            report(j, 0, 0, &e);
        buf_fini(&snapshot);
    }
    return NULL;
}

/* --- on the loop thread */

int
journal_start(struct journal *j, const struct journal_post *post,
              const struct journal_watch *watch, struct err *e)
{
    j->post = *post;
    j->watch = *watch;
    j->teller = mem_zalloc(sizeof(*j->teller));
    j->teller->journal = j;
    j->committed = j->durable = j->head.seq;
    if (pthread_create(&j->thread, NULL, writer, j) != 0)
        return err_set(e, ERR_SYSTEM, "the journal's writer thread cannot be started");
    j->started = true;
    return 0;
}

int
journal_append(struct journal *j, struct event *ev, struct err *e)
{
    pthread_mutex_lock(&j->mutex);
    bool full = j->pending > BOUNDS_PENDING;
    bool failed = j->failed;
    pthread_mutex_unlock(&j->mutex);
    if (failed)
        return err_set(e, ERR_IO, "the journal cannot be written");
    if (full)
        return err_set(e, ERR_LIMIT,
                       "the disk is slower than what comes in: try again in a moment");

    struct journal_record *r = mem_zalloc(sizeof(*r));
    ev->seq = j->head.seq + 1;
    event_copy(&r->ev, ev);
    randombytes_buf(r->salt, sizeof(r->salt));
    chain_body(r->salt, buf_str(&r->ev.body), r->body_hash);
    chain_next(&j->head, ev, r->body_hash, &j->head);
    memcpy(r->hash, j->head.hash, JOURNAL_HASH);
    pthread_mutex_lock(&j->mutex);
    *j->last = r;
    j->last = &r->next;
    j->pending += r->ev.body.len + sizeof(*r);
    pthread_cond_signal(&j->some);
    pthread_mutex_unlock(&j->mutex);
    return 0;
}

size_t
journal_pending(struct journal *j)
{
    pthread_mutex_lock(&j->mutex);
    size_t n = j->pending;
    pthread_mutex_unlock(&j->mutex);
    return n;
}

bool
journal_wants_snapshot(const struct journal *j)
{
    return j->head.seq - j->snapshot_seq >= j->conf.snapshot_every;
}

void
journal_store_snapshot_take(struct journal *j, uint64_t seq, struct buf *bytes)
{
    if (seq == j->snapshot_seq || !j->started)
        return;
    j->snapshot_seq = seq;
    pthread_mutex_lock(&j->mutex);
    buf_fini(&j->snapshot);
    j->snapshot = *bytes;
    j->snapshot_at = seq;
    *bytes = (struct buf)BUF_INIT;
    pthread_cond_signal(&j->some);
    pthread_mutex_unlock(&j->mutex);
}

void
journal_erase_span(struct journal *j, uint64_t from, uint64_t to)
{
    pthread_mutex_lock(&j->mutex);
    j->erase_from = from;
    j->erase_to = to;
    pthread_cond_signal(&j->some);
    pthread_mutex_unlock(&j->mutex);
}

bool
journal_is_erasing(struct journal *j)
{
    pthread_mutex_lock(&j->mutex);
    bool erasing = j->erase_to != 0;
    pthread_mutex_unlock(&j->mutex);
    return erasing;
}

void
journal_close(struct journal **jp)
{
    struct journal *j = *jp;

    if (j == NULL)
        return;
    *jp = NULL;
    if (j->started) {
        pthread_mutex_lock(&j->mutex);
        j->stop = true;
        pthread_cond_signal(&j->some);
        pthread_mutex_unlock(&j->mutex);
        pthread_join(j->thread, NULL);
    }
    /* A call that is still on its way to the loop finds nobody, and frees its letter. */
    if (j->teller != NULL && j->told)
        j->teller->journal = NULL;
    else
        mem_free(j->teller);
    while (j->first != NULL) {
        struct journal_record *next = j->first->next;
        record_free(j->first);
        j->first = next;
    }
    buf_fini(&j->snapshot);
    sqlite3_close(j->write_db);
    sqlite3_close(j->db);
    if (j->lock_fd >= 0)
        close(j->lock_fd);
    pthread_mutex_destroy(&j->mutex);
    pthread_cond_destroy(&j->some);
    mem_free(j->path);
    mem_free(j);
}
