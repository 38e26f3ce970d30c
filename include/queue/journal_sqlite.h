/* SPDX-License-Identifier: Apache-2.0 */
/* journal_sqlite.h - inside of the SQLite journal, for its two files only. */
#ifndef SURAQ_QUEUE_JOURNAL_SQLITE_H
#define SURAQ_QUEUE_JOURNAL_SQLITE_H

#include <pthread.h>
#include <sqlite3.h>

#include "queue/journal.h"
#include "queue/journal_chain.h"

/* An event on its way to the disk. */
struct journal_record {
    struct journal_record *next;
    struct event ev; /* owned */
    uint8_t salt[CHAIN_SALT];
    uint8_t body_hash[JOURNAL_HASH];
    uint8_t hash[JOURNAL_HASH];
};

/* What a call to the loop carries: it may arrive after the journal was closed. */
struct journal_teller {
    struct journal *journal; /* NULL: closed */
};

struct journal {
    char *path;               /* owned */
    int lock_fd;              /* -1: read only */
    sqlite3 *db;              /* owned: the loop thread's, for reading */
    struct journal_conf conf; /* path not used */
    struct map_key key;
    struct journal_head head; /* of what is appended; loop thread */
    uint64_t snapshot_seq;    /* of the newest one stored or on its way; loop thread */
    uint64_t durable;         /* as told to the watch; loop thread */
    struct journal_watch watch;
    struct journal_post post;

    /* The writer's side. */
    sqlite3 *write_db; /* owned: the writer's alone once it runs */
    pthread_t thread;
    bool started;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t some;
    struct journal_record *first, **last; /* owned */
    size_t pending;                       /* bytes */
    uint64_t committed;
    struct buf snapshot;           /* owned: to be stored once snapshot_at is committed */
    uint64_t snapshot_at;          /* 0: none */
    uint64_t erase_from, erase_to; /* what happened between them; both 0: nothing */
    struct journal_teller *teller; /* owned; by the call when one is on its way */
    bool told;                     /* a call to the loop is on its way */
    bool stop, failed;
    struct err err;
};

int journal_db_error(sqlite3 *db, const struct journal *j, const char *doing,
                     struct err *e);
int journal_exec(sqlite3 *db, const struct journal *j, const char *sql,
                 struct err *e) MUST_CHECK;

/* journal_erase.c: on the writer thread. 1: a reader is in the way, try again. */
int journal_forget_span(struct journal *j, uint64_t from, uint64_t to,
                        struct err *e) MUST_CHECK;

#endif
