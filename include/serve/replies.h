/* SPDX-License-Identifier: Apache-2.0 */
/* replies.h - the program answers in the chat whoever asked there: received, on air,
 * answered, will be in writing, call 102. Off unless a source's settings enable it;
 * paced; stops at the first refusal; every reply that was due is journalled. */
#ifndef SURAQ_SERVE_REPLIES_H
#define SURAQ_SERVE_REPLIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "loop/loop.h"
#include "loop/settings.h"
#include "queue/stream.h"
#include "serve/view.h"
#include "source/source.h"

struct replies;

/* The way into the chats; sources go by name. */
struct replies_out {
    bool (*ready)(void *arg, const char *source); /* it can send now */
    /* What the platform allows in a minute; 0: not known. */
    unsigned (*limit)(void *arg, const char *source);
    /* As source_send(). What comes of it: replies_sent(). */
    int (*send)(void *arg, const char *source, struct str text, struct str reply_to,
                struct err *e);
    uint64_t (*last)(void *arg, const char *source); /* source_last_send() */
    void (*again)(void *arg, const char *source);    /* source_send_again() */
    void *arg;
};

/* Borrowed for as long as the replies. */
struct replies_conf {
    const struct settings *settings;
    struct loop *loop; /* NULL: somebody calls replies_turn() */
    struct stream *stream;
    const struct clock *clock;
    struct replies_out out;
    uint64_t seed; /* for jitter */
};

/* New; observes the stream, which must outlive it. */
struct replies *replies_new(const struct replies_conf *conf);
void replies_free(struct replies **r); /* NULL-safe */

/* A receipt of the source, whoever sent the line. */
void replies_sent(struct replies *r, const char *source,
                  const struct source_receipt *receipt);

/* Journals what came of replies, drops those that are late, sends those that are due. */
void replies_turn(struct replies *r);

/* How it stands with the replies of this source; state "off" when not enabled. */
void replies_view(const struct replies *r, const char *source, struct view_replies *out);

#endif
