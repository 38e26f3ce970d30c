/* SPDX-License-Identifier: Apache-2.0 */
/* journal_room.h - a folder with a journal in it, and a loop as far as a journal needs
 * one: what the writer posts waits until the test drains it. */
#ifndef SURAQ_TEST_JOURNAL_ROOM_H
#define SURAQ_TEST_JOURNAL_ROOM_H

#include <pthread.h>
#include <stdbool.h>

#include "queue/journal.h"

struct room_call {
    void (*fn)(void *arg);
    void *arg;
};

enum { ROOM_CALLS = 64 };

struct journal_room {
    char dir[64], path[96];
    struct journal_conf conf;
    struct journal *journal;
    uint64_t durable; /* as told */
    bool failed;
    struct err err; /* why */

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t some;
    struct room_call box[ROOM_CALLS];
    size_t n;
};

void room_begin(struct journal_room *r);
void room_end(struct journal_room *r); /* closes, and removes the folder */

/* For a stream: it starts the journal itself. */
struct journal_post room_post(struct journal_room *r);

/* Opens and starts the journal with r->conf; -1: refused, and why. */
int room_open(struct journal_room *r, struct err *e);
void room_close(struct journal_room *r);

/* Runs what was posted. `wait`: until something was, with a deadline. */
void room_drain(struct journal_room *r, bool wait);
/* Until everything up to `seq` is durable, or the journal has failed. */
void room_settle(struct journal_room *r, uint64_t seq);

/* Appends one message event with this body; its number. */
uint64_t room_append(struct journal_room *r, const char *body);
/* Runs SQL on the closed file, as somebody with the disk in hand could. */
void room_sql(struct journal_room *r, const char *sql);
/* Whether any file of the folder holds the text. */
bool room_has(const struct journal_room *r, const char *text);

#endif
