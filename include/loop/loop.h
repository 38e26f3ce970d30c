/* SPDX-License-Identifier: Apache-2.0 */
/* loop.h - the one thread that owns all state: sockets of both sides (libwebsockets),
 * timers, signals, the mailbox, and what is to be freed at the end of the turn. */
#ifndef SURAQ_LOOP_LOOP_H
#define SURAQ_LOOP_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include <libwebsockets.h>

#include "base/err.h"
#include "loop/mailbox.h"

struct loop;

/* New. Makes the libwebsockets context and a vhost of its own, so that wake-ups arrive
 * also before anybody listens. */
struct loop *loop_new(struct err *e) MUST_CHECK;
/* Destroys the context (closing every socket), then runs what was deferred. NULL-safe. */
void loop_free(struct loop **l);

/* Serves until loop_stop(); gives the status passed there. */
int loop_run(struct loop *l);
/* One turn: waits for something to happen, at most until the next timer. For tests. */
void loop_turn(struct loop *l);
void loop_stop(struct loop *l, int exit_status);

/* For creating vhosts: the context, borrowed. Each protocol callback of each vhost must
 * pass LWS_CALLBACK_EVENT_WAIT_CANCELLED to loop_woken(): libwebsockets tells all of
 * them. */
struct lws_context *loop_lws(struct loop *l);
void loop_woken(struct loop *l);

/* Work posted from other threads; runs on the loop thread. */
struct mailbox *loop_mailbox(struct loop *l);

/* Calls fn(arg) at the end of this turn, after every callback has returned: the place for
 * freeing what a caller may still hold. */
void loop_defer(struct loop *l, void (*fn)(void *arg), void *arg);

/* A timer inside its owner's struct, zeroed before first use. Fires once. Starting a
 * running one moves it; stopping is idempotent and must happen before the owner is freed.
 */
struct loop_timer {
    lws_sorted_usec_list_t sul;
    struct loop *loop;
    void (*fn)(void *arg);
    void *arg;
};
/* Once, in `ms` (at most a year, however long that is said to be). */
void loop_timer_start(struct loop *l, struct loop_timer *t, int64_t ms,
                      void (*fn)(void *arg), void *arg);
void loop_timer_stop(struct loop_timer *t);
bool loop_timer_is_running(const struct loop_timer *t);

/* SIGTERM and SIGINT stop the loop with status 0, SIGHUP and SIGUSR1 call what is given
 * here (NULL: nothing), SIGPIPE is ignored. For one loop of a program at a time; what
 * arrives between two of them is the next one's. */
struct loop_handlers {
    void (*hangup)(void *arg);
    void (*user1)(void *arg);
    void *arg;
};
int loop_signals(struct loop *l, const struct loop_handlers *on,
                 struct err *e) MUST_CHECK;

#endif
