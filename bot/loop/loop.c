/* SPDX-License-Identifier: Apache-2.0 */
/* loop.c - the one thread that owns all state.
 *
 * lws_service() sleeps until a socket, a timer or lws_cancel_service() has something to
 * do and returns once a turn. Other threads only ever post to the mailbox, whose wake-up
 * is lws_cancel_service(): the one libwebsockets call that is allowed off this thread.
 * The wake-up arrives at every protocol of every vhost, so draining is done once, after
 * the turn, whoever reported it. A signal handler only sets flags and wakes. */
#include "loop/loop.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "base/bounds.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"

enum { DRAIN_BUDGET = 1024 };

struct deferred {
    void (*fn)(void *arg);
    void *arg;
};

struct loop {
    struct lws_context *lws;   /* owned */
    struct mailbox *mailbox;   /* owned */
    struct deferred *deferred; /* owned: cap_deferred of them */
    size_t n_deferred, cap_deferred;
    struct loop_handlers on;
    bool stopped;
    int exit_status;
};

/* What a handler may touch. One program has one set of signals, so these are global. */
static volatile sig_atomic_t got_stop, got_hangup, got_user1;
static _Atomic(struct lws_context *) signalled;

static int
internal_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t len)
{
    (void)user;
    (void)in;
    (void)len;
    if (reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
        loop_woken(lws_context_user(lws_get_context(wsi)));
    return 0;
}

static const struct lws_protocols internal_protocols[] = {
    {.name = "loop", .callback = internal_callback},
    {.name = NULL},
};

/* libwebsockets' own lines, without their line feed. */
static void
lws_line(int level, const char *line)
{
    struct str text = str_trim(str_from(line));

    if (level & LLL_ERR)
        log_warn("lws", "%.*s", STR_ARG(text));
    else
        log_debug("lws", "%.*s", STR_ARG(text));
}

static void
wake(void *arg)
{
    struct loop *l = arg;

    lws_cancel_service(l->lws);
}

struct loop *
loop_new(struct err *e)
{
    struct loop *l = mem_zalloc(sizeof(*l));
    struct lws_context_creation_info info = {
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
                   LWS_SERVER_OPTION_JUST_USE_RAW_ORIGIN,
        .port = CONTEXT_PORT_NO_LISTEN,
        .max_http_header_data = BOUNDS_HEADERS,
        .max_http_header_pool = 64,
        .pt_serv_buf_size = 64 * 1024,
        .fd_limit_per_thread = BOUNDS_CONNECTIONS + 128,
        .timeout_secs = 10,
        .server_string = "suraq",
        .user = l,
    };

    lws_set_log_level(LLL_ERR | LLL_WARN, lws_line);
    l->mailbox = mailbox_new(BOUNDS_MAILBOX, wake, l);
    l->lws = lws_create_context(&info);
    if (l->lws != NULL) {
        info.vhost_name = "loop";
        info.protocols = internal_protocols;
        if (lws_create_vhost(l->lws, &info) != NULL)
            return l;
    }
    (void)err_set(e, ERR_SYSTEM,
                  "libwebsockets cannot be started (too few file descriptors?)");
    loop_free(&l);
    return NULL;
}

static void
run_deferred(struct loop *l)
{
    /* What is called may defer again: those wait for the next turn's end. */
    size_t n = l->n_deferred;

    for (size_t i = 0; i < n; i++) {
        struct deferred d = l->deferred[i];
        d.fn(d.arg);
    }
    if (n > 0)
        memmove(l->deferred, l->deferred + n, (l->n_deferred - n) * sizeof(*l->deferred));
    l->n_deferred -= n;
}

void
loop_free(struct loop **lp)
{
    struct loop *l = *lp;

    if (l == NULL)
        return;
    *lp = NULL;
    atomic_store(&signalled, NULL);
    if (l->lws != NULL)
        lws_context_destroy(l->lws);
    while (l->n_deferred > 0)
        run_deferred(l);
    mailbox_free(&l->mailbox);
    mem_free(l->deferred);
    mem_free(l);
}

static void
look_at_signals(struct loop *l)
{
    if (got_stop) {
        got_stop = 0;
        log_info("loop", "asked to stop");
        loop_stop(l, 0);
    }
    if (got_hangup) {
        got_hangup = 0;
        if (l->on.hangup != NULL)
            l->on.hangup(l->on.arg);
    }
    if (got_user1) {
        got_user1 = 0;
        if (l->on.user1 != NULL)
            l->on.user1(l->on.arg);
    }
}

void
loop_turn(struct loop *l)
{
    (void)lws_service(l->lws, 0);
    if (mailbox_drain(l->mailbox, DRAIN_BUDGET))
        lws_cancel_service(l->lws);
    look_at_signals(l);
    run_deferred(l);
}

int
loop_run(struct loop *l)
{
    while (!l->stopped)
        loop_turn(l);
    return l->exit_status;
}

void
loop_stop(struct loop *l, int exit_status)
{
    if (!l->stopped)
        l->exit_status = exit_status;
    l->stopped = true;
    lws_cancel_service(l->lws);
}

struct lws_context *
loop_lws(struct loop *l)
{
    return l->lws;
}

void
loop_woken(struct loop *l)
{
    /* The turn that this ends does the work, once for all the protocols told. */
    (void)l;
}

struct mailbox *
loop_mailbox(struct loop *l)
{
    return l->mailbox;
}

void
loop_defer(struct loop *l, void (*fn)(void *arg), void *arg)
{
    if (l->n_deferred == l->cap_deferred) {
        l->cap_deferred = l->cap_deferred == 0 ? 16 : l->cap_deferred * 2;
        l->deferred = mem_resize(l->deferred, l->cap_deferred, sizeof(*l->deferred));
    }
    l->deferred[l->n_deferred++] = (struct deferred){fn, arg};
    lws_cancel_service(l->lws);
}

static void
timer_fired(lws_sorted_usec_list_t *sul)
{
    struct loop_timer *t = lws_container_of(sul, struct loop_timer, sul);

    t->fn(t->arg);
}

void
loop_timer_start(struct loop *l, struct loop_timer *t, int64_t ms, void (*fn)(void *arg),
                 void *arg)
{
    const int64_t year_ms = INT64_C(31536000000); /* more than that would overflow */

    t->loop = l;
    t->fn = fn;
    t->arg = arg;
    if (ms > year_ms)
        ms = year_ms;
    lws_sul_schedule(l->lws, 0, &t->sul, timer_fired,
                     (ms < 1 ? 1 : ms) * (lws_usec_t)LWS_US_PER_MS);
}

void
loop_timer_stop(struct loop_timer *t)
{
    if (t->loop != NULL)
        lws_sul_schedule(t->loop->lws, 0, &t->sul, NULL, LWS_SET_TIMER_USEC_CANCEL);
}

bool
loop_timer_is_running(const struct loop_timer *t)
{
    return t->loop != NULL && t->sul.list.owner != NULL;
}

static void
on_signal(int number)
{
    struct lws_context *lws = atomic_load(&signalled);

    if (number == SIGHUP)
        got_hangup = 1;
    else if (number == SIGUSR1)
        got_user1 = 1;
    else
        got_stop = 1;
    if (lws != NULL)
        lws_cancel_service(lws);
}

int
loop_signals(struct loop *l, const struct loop_handlers *on, struct err *e)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
    struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    l->on = *on;
    atomic_store(&signalled, l->lws);
    if (got_stop || got_hangup || got_user1) /* between two loops of one program */
        lws_cancel_service(l->lws);
    sigemptyset(&act.sa_mask);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (sigaction(numbers[i], &act, NULL) < 0)
            return err_errno(e, ERR_SYSTEM, "signal %d", numbers[i]);
    }
    if (sigaction(SIGPIPE, &ignore, NULL) < 0)
        return err_errno(e, ERR_SYSTEM, "SIGPIPE");
    return 0;
}
