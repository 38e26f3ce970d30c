/* SPDX-License-Identifier: Apache-2.0 */
/* attempt.c - tries the sources of the settings.
 *
 * The real loop, worker, fetcher and adapters, and a sink that counts and drops. A source
 * is through when it is live and has said something (or nothing for a second), when it is
 * refused or works in part, when it has failed twice, or when its next try would come too
 * late. With its first message it is let go at the end of the turn: a Telegram bot's next
 * poll would confirm what `suraq run` is yet to read. */
#include "command/attempt.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "command/roster.h"
#include "loop/fetch.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "source/timing.h"

enum {
    WORKERS = 2,
    JOBS = 64,
    LOOK_MS = 20,      /* between two looks at the states */
    LISTEN_MS = 1000,  /* for a first message, once live */
    TRIES = 2,         /* that fail before we believe it */
    AGAIN_LEAST = 200, /* between them */
    AGAIN_MOST = 400
};

struct trial {
    struct source *source; /* owned; NULL: over */
    struct attempt *out;
    int64_t live_at; /* monotonic; 0: not yet */
    bool heard;
};

struct trials {
    struct attempts *all;
    struct loop *loop; /* owned, like all below */
    struct worker *worker;
    struct fetcher *fetcher;
    struct source_env env;
    struct source_timing timing;
    struct trial items[BOUNDS_SOURCES];
    int64_t began, deadline_ms;
    struct loop_timer look;
};

static int64_t
now_ms(void)
{
    return clock_mono_ms(clock_system());
}

/* --- what a state means */

static bool
is_well(const struct attempt *a)
{
    switch (a->status.state) {
    case SOURCE_OFF:
    case SOURCE_LIVE:
    case SOURCE_QUIET:
        return true;
    case SOURCE_CONNECTING: /* the platform knows us, and the broadcast is yet to come */
        return strcmp(a->status.code, "waiting") == 0;
    case SOURCE_ENDED:
        return strcmp(a->of->kind, "replay") == 0;
    case SOURCE_DEGRADED: /* what the platform delivers comes to the running program */
        return strcmp(a->status.code, "hook") == 0;
    case SOURCE_REFUSED:
        return false;
    }
    return false;
}

static bool
has_failed(const struct trials *t, const struct source_status *st)
{
    int64_t wait_ms = st->next_try_ms - clock_wall_ms(clock_system());
    int64_t left_ms = t->deadline_ms - (now_ms() - t->began);
    return st->code[0] != '\0' &&
           (st->reconnects >= TRIES || (st->next_try_ms != 0 && wait_ms > left_ms));
}

static bool
is_clear(const struct trials *t, struct trial *one, const struct source_status *st)
{
    switch (st->state) {
    case SOURCE_LIVE:
    case SOURCE_QUIET:
        if (one->live_at == 0)
            one->live_at = now_ms();
        return one->heard || now_ms() - one->live_at >= LISTEN_MS;
    case SOURCE_CONNECTING:
        return has_failed(t, st);
    case SOURCE_OFF:
    case SOURCE_DEGRADED:
    case SOURCE_REFUSED:
    case SOURCE_ENDED:
        return true;
    }
    return true;
}

/* --- the end of one */

static void
finish(struct trials *t, struct trial *one)
{
    struct attempt *a = one->out;
    source_status(one->source, &a->status);
    a->took_ms = (one->live_at != 0 ? one->live_at : now_ms()) - t->began;
    if (a->status.state == SOURCE_CONNECTING && a->status.code[0] == '\0') {
        a->status.code = "silent";
        (void)snprintf(a->status.reason, sizeof(a->status.reason),
                       "no answer within %lld s", (long long)(t->deadline_ms / 1000));
    }
    a->well = is_well(a);
    source_close(&one->source);
}

static void
look(void *arg)
{
    struct trials *t = arg;
    bool late = now_ms() - t->began >= t->deadline_ms;
    bool open = false;
    for (size_t i = 0; i < t->all->n; i++) {
        struct trial *one = &t->items[i];
        struct source_status st;
        if (one->source == NULL)
            continue;
        source_status(one->source, &st);
        if (is_clear(t, one, &st) || (late && one->live_at == 0))
            finish(t, one);
        else
            open = true;
    }
    if (open)
        loop_timer_start(t->loop, &t->look, LOOK_MS, look, t);
    else
        loop_stop(t->loop, 1);
}

/* --- the sink */

static bool
on_message(void *arg, struct source *s, const struct message *m)
{
    struct trials *t = arg;
    (void)m;
    for (size_t i = 0; i < t->all->n; i++) {
        struct trial *one = &t->items[i];
        if (one->source != s)
            continue;
        one->out->messages++;
        if (!one->heard)
            loop_defer(t->loop, look, t);
        one->heard = true;
    }
    return true;
}

static void
on_changed(void *arg, struct source *s)
{
    (void)arg;
    (void)s;
}

/* --- all of them */

static void
begin(struct trials *t, struct trial *one)
{
    struct err e = ERR_INIT;
    struct attempt *a = one->out;
    a->status.code = "";
    if (!a->of->enabled) {
        a->status.state = SOURCE_OFF;
        a->well = true;
        return;
    }
    one->source = roster_source(&t->env, a->of, &e);
    if (one->source == NULL) {
        a->status.state = SOURCE_REFUSED;
        a->status.code = "settings";
        (void)snprintf(a->status.reason, sizeof(a->status.reason), "%.*s",
                       (int)sizeof(a->status.reason) - 1, e.msg);
        return;
    }
    source_start(one->source);
}

static int
open_all(struct trials *t, struct err *e)
{
    t->loop = loop_new(e);
    if (t->loop == NULL || loop_signals(t->loop, &(struct loop_handlers){0}, e) < 0)
        return -1;
    t->worker = worker_new(loop_mailbox(t->loop), WORKERS, JOBS, e);
    if (t->worker == NULL)
        return -1;
    t->fetcher = fetcher_new(loop_mailbox(t->loop), e);
    if (t->fetcher == NULL)
        return -1;
    t->timing = source_timing_default();
    t->timing.backoff_least = AGAIN_LEAST;
    t->timing.backoff_most = AGAIN_MOST;
    t->env = (struct source_env){
        .loop = t->loop,
        .worker = t->worker,
        .fetcher = t->fetcher,
        .sink = {.message = on_message, .changed = on_changed, .arg = t},
        .seed = (uint64_t)now_ms(),
        .timing = &t->timing,
    };
    return 0;
}

static void
close_all(struct trials *t)
{
    if (t->loop != NULL)
        loop_timer_stop(&t->look);
    for (size_t i = 0; i < t->all->n; i++)
        source_close(&t->items[i].source);
    fetcher_free(&t->fetcher);
    worker_free(&t->worker);
    loop_free(&t->loop);
}

int
attempts_run(struct attempts *all, const struct settings *s, int64_t deadline_ms,
             struct err *e)
{
    struct trials *t = mem_zalloc(sizeof(*t));
    *all = (struct attempts){.n = s->n_sources};
    t->all = all;
    t->deadline_ms = deadline_ms;
    t->began = now_ms();
    int ret = open_all(t, e);
    for (size_t i = 0; ret == 0 && i < all->n; i++) {
        all->items[i].of = &s->sources[i];
        t->items[i].out = &all->items[i];
        begin(t, &t->items[i]);
    }
    if (ret == 0) {
        look(t);
        if (loop_run(t->loop) == 0)
            ret = err_set(e, ERR_BAD_STATE, "it was stopped");
    }
    close_all(t);
    mem_free(t);
    return ret;
}
