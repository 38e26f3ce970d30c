/* SPDX-License-Identifier: Apache-2.0 */
#include "support/journal_room.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

enum { DEADLINE_S = 30 };

void
room_begin(struct journal_room *r)
{
    *r = (struct journal_room){.dir = "/tmp/suraq-journal-XXXXXX"};
    assert_non_null(mkdtemp(r->dir));
    (void)snprintf(r->path, sizeof(r->path), "%s/j.db", r->dir);
    r->conf.path = r->path;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->some, NULL);
}

/* Calls `fn` with the path of each file in the folder. */
static void
each_file(const struct journal_room *r, void (*fn)(const char *path, void *arg),
          void *arg)
{
    DIR *d = opendir(r->dir);
    char path[400];

    assert_non_null(d);
    for (const struct dirent *f = readdir(d); f != NULL; f = readdir(d)) {
        if (f->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", r->dir, f->d_name);
        fn(path, arg);
    }
    closedir(d);
}

static void
remove_file(const char *path, void *arg)
{
    (void)arg;
    (void)unlink(path);
}

void
room_end(struct journal_room *r)
{
    room_close(r);
    each_file(r, remove_file, NULL);
    assert_int_equal(rmdir(r->dir), 0);
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->some);
}

static void
post(void *ctx, void (*fn)(void *arg), void *arg)
{
    struct journal_room *r = ctx;

    pthread_mutex_lock(&r->lock);
    if (r->n == ROOM_CALLS)
        abort(); /* one call is on its way at a time: this cannot fill */
    r->box[r->n++] = (struct room_call){fn, arg};
    pthread_cond_signal(&r->some);
    pthread_mutex_unlock(&r->lock);
}

void
room_drain(struct journal_room *r, bool wait)
{
    struct room_call got[ROOM_CALLS];
    struct timespec end;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += DEADLINE_S;
    pthread_mutex_lock(&r->lock);
    while (wait && r->n == 0)
        if (pthread_cond_timedwait(&r->some, &r->lock, &end) != 0)
            break;
    size_t n = r->n;
    bool late = wait && n == 0;
    r->n = 0;
    memcpy(got, r->box, n * sizeof(got[0]));
    pthread_mutex_unlock(&r->lock);
    if (late)
        fail_msg("the writer said nothing for %d s", DEADLINE_S);
    for (size_t i = 0; i < n; i++)
        got[i].fn(got[i].arg);
}

static void
on_durable(void *arg, uint64_t seq)
{
    struct journal_room *r = arg;

    assert_true(seq > r->durable);
    r->durable = seq;
}

static void
on_failed(void *arg, const struct err *e)
{
    struct journal_room *r = arg;

    assert_false(r->failed);
    r->failed = true;
    r->err = *e;
}

struct journal_post
room_post(struct journal_room *r)
{
    return (struct journal_post){post, r};
}

int
room_open(struct journal_room *r, struct err *e)
{
    struct journal_post to = {post, r};
    struct journal_watch watch = {on_durable, on_failed, r};

    r->failed = false;
    r->journal = journal_sqlite_open(&r->conf, e);
    if (r->journal == NULL)
        return -1;
    r->durable = journal_durable(r->journal);
    return journal_start(r->journal, &to, &watch, e);
}

void
room_close(struct journal_room *r)
{
    journal_close(&r->journal);
    room_drain(r, false); /* a call that came too late */
}

void
room_settle(struct journal_room *r, uint64_t seq)
{
    while (r->durable < seq && !r->failed)
        room_drain(r, true);
}

uint64_t
room_append(struct journal_room *r, const char *body)
{
    struct event ev = {.kind = EVENT_MESSAGE, .at_ms = 5, .broadcast = 1};
    struct err e = ERR_INIT;

    (void)snprintf(ev.actor, sizeof(ev.actor), "source:t");
    buf_add_cstr(&ev.body, body);
    if (journal_append(r->journal, &ev, &e) < 0)
        fail_msg("append: %s", e.msg);
    event_fini(&ev);
    return ev.seq;
}

void
room_sql(struct journal_room *r, const char *sql)
{
    sqlite3 *db = NULL;

    assert_null(r->journal);
    assert_int_equal(sqlite3_open(r->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

struct wanted {
    const char *text;
    bool found;
};

static void
look_in(const char *path, void *arg)
{
    struct wanted *w = arg;
    FILE *f = fopen(path, "re");
    char *all = NULL;
    size_t cap = 0;

    if (f == NULL)
        return;
    ssize_t len = getdelim(&all, &cap, -1, f); /* 0xFF ends a piece; the text has none */
    while (len >= 0 && !w->found) {
        w->found = memmem(all, (size_t)len, w->text, strlen(w->text)) != NULL;
        len = getdelim(&all, &cap, -1, f);
    }
    free(all);
    (void)fclose(f);
}

bool
room_has(const struct journal_room *r, const char *text)
{
    struct wanted w = {text, false};

    each_file(r, look_in, &w);
    return w.found;
}
