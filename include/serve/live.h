/* SPDX-License-Identifier: Apache-2.0 */
/* live.h - the live fan-out: who is connected, what each of them is told, and when.
 * Knows nothing of sockets: a transport takes chunks out and puts messages in. */
#ifndef SURAQ_SERVE_LIVE_H
#define SURAQ_SERVE_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "loop/loop.h"
#include "queue/event.h"
#include "queue/queue.h"
#include "serve/auth.h"
#include "serve/tally.h"
#include "serve/view.h"

struct live;
struct live_client;

enum { LIVE_ENDED = 4001, LIVE_SLOW = 4008, LIVE_STOPPING = 1001 };

struct live_conf {
    struct loop *loop; /* for its timers */
    const struct clock *clock;
    const struct queue *queue; /* borrowed: as long as this */
    const struct tally *tally; /* kept up to date by the caller, before live_applied() */
    struct auth *auth;
    /* Write the state for a view ({...}), and the members of a status frame (each
     * preceded by a comma). */
    void (*state)(void *arg, enum view v, const struct identity *who, struct buf *out);
    void (*status)(void *arg, enum view v, struct buf *out);
    /* One attached source, by name; false when it has gone. */
    bool (*source)(void *arg, struct str name, struct buf *out);
    void *arg;
    size_t ring;   /* 0: BOUNDS_LIVE_RING */
    size_t output; /* 0: BOUNDS_CLIENT_OUTPUT */
};

/* How a client is reached. Borrowed until live_detach(). */
struct live_transport {
    void (*writable)(void *arg); /* something waits in live_next() */
    /* Close with this code once what is being written is out; then call live_detach(). */
    void (*close)(void *arg, int code);
    void *arg;
};

struct live *live_new(const struct live_conf *conf, uint64_t durable);
/* Every client must be detached before. NULL-safe. */
void live_free(struct live **l);

/* Observers of the stream. */
void live_applied(struct live *l, const struct event *ev, bool counts_changed);
void live_durable(struct live *l, uint64_t seq);

/* New client; `after`: the last event that it has, 0: none. NULL when its role sees
 * nothing. */
struct live_client *live_attach(struct live *l, const struct identity *who,
                                uint64_t after, const struct live_transport *t);
void live_detach(struct live_client **c);

/* The next piece to send, borrowed until the next call; false: nothing now. At most `max`
 * bytes, `first` and `final` say which part of a message it is. */
bool live_next(struct live_client *c, size_t max, struct str *piece, bool *first,
               bool *final);
/* A message from the page. 0, or the close code that it earned. */
int live_receive(struct live_client *c, struct str text);

/* Looks again whether every client may still be here (somebody signed out, lost a role).
 */
void live_check(struct live *l);
/* Something of the status changed: told at once, not with the next tick. */
void live_changed(struct live *l);
/* The state was put in another's place: everybody gets it anew, and nothing of before is
 * kept for who comes back. */
void live_reset(struct live *l);
/* Closes all with 1001 and takes no more. */
void live_stop(struct live *l);

/* Whether everything that is durable is in the hands of the clients. */
bool live_is_idle(const struct live *l);
size_t live_clients(const struct live *l, enum view v);
/* [{"user","role","page"},...], and when an officer's and an overlay's page last said
 * that it shows (wall clock; 0: never). */
void live_people(const struct live *l, struct buf *out);
int64_t live_officer_seen(const struct live *l);
int64_t live_overlay_seen(const struct live *l);

#endif
