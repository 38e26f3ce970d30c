/* SPDX-License-Identifier: Apache-2.0 */
/* source_bench.c - the surroundings of a source under test. The intervals are short where
 * a test waits for them and long where it must not happen by chance. */
#include "support/source_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/mem.h"
#include "loop/fetch.h"
#include "support/fake_time.h"

static bool
on_message(void *arg, struct source *s, const struct message *m)
{
    struct bench *b = arg;
    (void)s;
    if (b->room == 0)
        return false;
    b->room--;
    b->n_got++;
    b->in_turn++;
    if (b->in_turn > b->most_in_turn)
        b->most_in_turn = b->in_turn;
    b->at_ms = m->at_ms;
    b->backlog = m->backlog;
    b->repaired = m->repaired;
    if (m->kind == MESSAGE_CHAT)
        buf_addf(&b->got, "%.*s|", STR_ARG(m->text));
    else if (m->kind == MESSAGE_DELETE)
        buf_addf(&b->got, "-%.*s|", STR_ARG(m->id));
    else
        buf_addf(&b->got, "-%s|", m->kind == MESSAGE_DELETE_ALL ? "all" : "author");
    return true;
}

static void
on_changed(void *arg, struct source *s)
{
    struct bench *b = arg;
    (void)s;
    b->changes++;
    lws_cancel_service(loop_lws(b->loop)); /* ends the turn: a test waits for it */
}

static void
on_sent(void *arg, struct source *s, const struct source_receipt *r)
{
    struct bench *b = arg;
    (void)s;
    buf_addf(&b->told, "%llu:%d:%s|", (unsigned long long)r->number, (int)r->outcome,
             r->reason);
}

int
bench_setup(void **state)
{
    struct bench *b = mem_zalloc(sizeof(*b));
    struct err e = ERR_INIT;
    log_set_level(LOG_ERROR);
    b->loop = loop_new(&e);
    assert_non_null(b->loop);
    b->worker = worker_new(loop_mailbox(b->loop), 1, 16, &e);
    b->fetcher = fetcher_new(loop_mailbox(b->loop), &e);
    b->http = mock_http_new();
    b->mock = mock_chat_new(b->loop, NULL, NULL, NULL);
    assert_non_null(b->mock);
    b->room = SIZE_MAX;
    b->timing = source_timing_default();
    b->timing.backoff_least = 5;
    b->timing.backoff_most = 20;
    b->env = (struct source_env){
        .loop = b->loop,
        .worker = b->worker,
        .fetcher = b->fetcher,
        .sink = {.message = on_message, .changed = on_changed, .sent = on_sent, .arg = b},
        .seed = 1,
        .timing = &b->timing};
    *state = b;
    return 0;
}

int
bench_teardown(void **state)
{
    struct bench *b = *state;
    loop_timer_stop(&b->deadline);
    loop_timer_stop(&b->tick);
    if (b->source != NULL) { /* else there is nothing that a turn would end with */
        source_close(&b->source);
        loop_turn(b->loop);
    }
    fetcher_free(&b->fetcher);
    worker_free(&b->worker);
    mock_http_free(&b->http);
    loop_free(&b->loop);
    mock_chat_free(&b->mock);
    mock_chat_free(&b->tls);
    buf_fini(&b->got);
    buf_fini(&b->told);
    mem_free(b);
    return 0;
}

void
bench_start(struct bench *b, const struct source_conf *conf)
{
    struct err e = ERR_INIT;
    b->source = source_new(&b->env, conf, &e);
    if (b->source == NULL)
        fail_msg("%s", e.msg);
    source_start(b->source);
}

enum source_state
bench_state(struct bench *b)
{
    return bench_status(b).state;
}

struct source_status
bench_status(struct bench *b)
{
    struct source_status st;
    source_status(b->source, &st);
    return st;
}

static void
too_late(void *arg)
{
    struct bench *b = arg;
    b->late = true;
}

void
bench_arm(struct bench *b)
{
    b->late = false;
    loop_timer_start(b->loop, &b->deadline, b->hurry ? 600000 : 20000, too_late, b);
}

static void
tick(void *arg)
{
    (void)arg;
}

/* What a test waits for may happen on the thread of the mock, which wakes nobody. */
void
bench_turn(struct bench *b)
{
    b->in_turn = 0;
    if (b->hurry && fetcher_count(b->fetcher) <= mock_http_open(b->http))
        fake_time_pass(1000);
    loop_timer_start(b->loop, &b->tick, 20, tick, NULL);
    loop_turn(b->loop);
}

void
bench_fail(struct bench *b, const char *what, const char *file, int line)
{
    struct source_status st = {.code = "", .state = SOURCE_OFF};
    if (b->source != NULL)
        st = bench_status(b);
    print_error("state %s, code '%s', reason '%s', got '%s', told '%s'\n",
                source_state_name(st.state), st.code, st.reason,
                b->got.data != NULL ? b->got.data : "",
                b->mock->told.data != NULL ? b->mock->told.data : "");
    print_error("%s:%d: never: %s\n", file, line, what);
    fail();
}

/* --- silence */

enum { STEP_MS = 1000, BEAT_MS = 5000, TURNS = 3, PATIENCE = 5000 };

/* A turn that does not wait for long. */
static void
turn_now(struct bench *b)
{
    loop_timer_start(b->loop, &b->tick, 1, tick, NULL);
    loop_turn(b->loop);
}

/* Lets everybody do what is due now: time must not pass while an answer is on its way. */
static void
settle(struct bench *b)
{
    for (int i = 0; i < TURNS; i++)
        turn_now(b);
    for (int i = 0; i < PATIENCE; i++) {
        if (fetcher_count(b->fetcher) <= mock_http_open(b->http))
            return;
        turn_now(b);
    }
    fail_msg("a request is not answered");
}

void
bench_pass(struct bench *b, int64_t ms, void (*beat)(struct bench *b))
{
    for (int64_t at = 0; at < ms; at += STEP_MS) {
        fake_time_pass(STEP_MS);
        if (at % BEAT_MS == 0 && beat != NULL)
            beat(b);
        if (at % BEAT_MS == 0)
            mock_http_release(b->http);
        settle(b);
    }
}

void
bench_silence(struct bench *b, void (*beat)(struct bench *b))
{
    unsigned connections = b->mock->connections;
    size_t got = b->n_got;
    int64_t quiet = b->timing.quiet;

    settle(b);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    bench_pass(b, quiet / 2, beat);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    bench_pass(b, quiet, beat);
    assert_int_equal(bench_state(b), SOURCE_QUIET);
    bench_pass(b, 600000 - quiet - quiet / 2, beat);
    assert_int_equal(bench_state(b), SOURCE_QUIET);
    assert_int_equal(bench_status(b).reconnects, 0);
    assert_int_equal(b->mock->connections, connections);
    assert_int_equal(b->n_got, got);
}

void
bench_cut(struct bench *b)
{
    unsigned connections = b->mock->connections;

    mock_chat_freeze(b->mock);
    bench_pass(b, 200000, NULL);
    assert_true(bench_status(b).reconnects > 0);
    UNTIL(b, b->mock->connections > connections);
    UNTIL(b, bench_state(b) == SOURCE_LIVE || bench_state(b) == SOURCE_QUIET);
}
