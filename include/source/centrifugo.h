/* SPDX-License-Identifier: Apache-2.0 */
/* centrifugo.h - the client protocol of Centrifugo (version 2, JSON): frames to events,
 * and the few commands that a reader needs. Pure.
 * Source: centrifugal.dev/docs/transports/client_protocol and /docs/server/codes. */
#ifndef SURAQ_SOURCE_CENTRIFUGO_H
#define SURAQ_SOURCE_CENTRIFUGO_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum centrifugo_kind {
    CENTRIFUGO_NOTHING,      /* joins, leaves, what is new to us */
    CENTRIFUGO_PING,         /* answer with "{}" */
    CENTRIFUGO_CONNECTED,    /* ping_ms, pong */
    CENTRIFUGO_SUBSCRIBED,   /* epoch, offset when recoverable; publications missed */
    CENTRIFUGO_FAULT,        /* id of the command, code, words, again */
    CENTRIFUGO_PUBLICATION,  /* channel, data, offset */
    CENTRIFUGO_UNSUBSCRIBED, /* channel, code, words, again */
    CENTRIFUGO_DISCONNECTED  /* code, words, again */
};

/* Everything borrows from the frame. */
struct centrifugo_event {
    enum centrifugo_kind kind;
    int64_t id; /* of the command that is answered */
    int64_t code;
    struct str words;
    bool again;      /* the same may work in a moment */
    int64_t ping_ms; /* the server pings so often; 0: not said */
    bool pong;       /* it wants an answer */
    struct str channel, epoch;
    int64_t offset;             /* -1: not said */
    const json_t *data;         /* of the publication */
    const json_t *publications; /* array of objects with "data"; may be NULL */
};

/* Cuts the next line off a frame, which may hold several; empty ones are passed over. */
bool centrifugo_next(struct str *frame, struct str *line);

/* ERR_PARSE: no JSON object. Else *holder is to be json_decref()ed. */
int centrifugo_read(struct str line, struct centrifugo_event *ev, json_t **holder,
                    struct err *e) MUST_CHECK;

/* Numbers of our commands, by which the answers are told apart. */
enum { CENTRIFUGO_CONNECT = 1, CENTRIFUGO_SUBSCRIBE = 2 };

void centrifugo_write_connect(struct str token, struct buf *out);
/* `token` may be empty. With an epoch what was missed since `offset` is asked for. */
void centrifugo_write_subscribe(struct str channel, struct str token, struct str epoch,
                                int64_t offset, struct buf *out);

#endif
