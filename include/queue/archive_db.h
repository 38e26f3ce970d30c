/* SPDX-License-Identifier: Apache-2.0 */
/* archive_db.h - inside of the archive, for its files only. */
#ifndef SURAQ_QUEUE_ARCHIVE_DB_H
#define SURAQ_QUEUE_ARCHIVE_DB_H

#include <pthread.h>
#include <sqlite3.h>

#include "judge/words.h"
#include "queue/archive.h"
#include "queue/journal.h"

/* The hand that writes: the follower's alone. */
struct archive_hand {
    sqlite3 *db;                                                             /* owned */
    sqlite3_stmt *line, *words, *deed, *ask, *gone, *gone_author, *gone_all; /* owned */
    struct words *fold;                                                      /* owned */
    struct buf folded;
};

struct archive {
    char *journal_path, *path; /* owned */
    pthread_t thread;

    pthread_mutex_t mutex; /* guards what follows, to `err` */
    pthread_cond_t some, moved;
    uint64_t wanted, done;
    bool ready; /* there is a file to read */
    bool hurry; /* somebody waits for it */
    bool stop, renew, failed;
    struct err err;

    pthread_mutex_t reading; /* guards what follows: one reads at a time */
    sqlite3 *db;             /* owned; NULL: not open now */
    struct journal *journal; /* owned; the same */
    struct words *fold;      /* owned */
};

int archive_error(sqlite3 *db, const char *path, const char *doing, struct err *e);

/* archive_add.c */
int hand_prepare(struct archive_hand *h, const char *path, struct err *e) MUST_CHECK;
void hand_fini(struct archive_hand *h);
/* What an event adds to the index. -1: the disk. */
int hand_add(struct archive_hand *h, const struct event *ev) MUST_CHECK;

#endif
