/* SPDX-License-Identifier: Apache-2.0 */
/* The journal's writer thread beside the loop's, for ThreadSanitizer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/journal_room.h"

static int
setup(void **state)
{
    static struct journal_room r;

    room_begin(&r);
    *state = &r;
    return 0;
}

static int
teardown(void **state)
{
    room_end(*state);
    return 0;
}

static void
must_open(struct journal_room *r)
{
    struct err e = ERR_INIT;

    if (room_open(r, &e) < 0)
        fail_msg("open: %s", e.msg);
}

static void
appending_goes_on_while_the_writer_commits(void **state)
{
    struct journal_room *r = *state;
    uint64_t seq = 0;

    r->conf.snapshot_every = 500;
    must_open(r);
    for (int i = 0; i < 5000; i++) {
        seq = room_append(r, "{\"text\":\"x\"}");
        room_drain(r, false);
        assert_true(r->durable <= seq);
        (void)journal_pending(r->journal);
        if (journal_wants_snapshot(r->journal)) {
            struct buf bytes = BUF_INIT;
            buf_addf(&bytes, "at %llu", (unsigned long long)seq);
            journal_store_snapshot_take(r->journal, seq, &bytes);
        }
    }
    room_settle(r, seq);
    assert_int_equal(r->durable, seq);
    assert_int_equal(journal_pending(r->journal), 0);
}

static void
closing_while_the_writer_is_busy_loses_nothing(void **state)
{
    struct journal_room *r = *state;
    uint64_t total = 0;

    for (int round = 0; round < 20; round++) {
        must_open(r);
        assert_int_equal(journal_head(r->journal).seq, total);
        for (int i = 0; i < 50 * round; i++)
            total = room_append(r, "{}");
        room_close(r);
    }
}

static int
break_at(void *arg)
{
    int *left = arg;

    return --*left <= 0;
}

static void
a_failure_while_busy_is_told_once(void **state)
{
    struct journal_room *r = *state;
    struct event ev = {.kind = EVENT_MESSAGE};
    struct err e = ERR_INIT;
    int left = 5;

    r->conf.fault = break_at;
    r->conf.fault_arg = &left;
    must_open(r);
    while (journal_append(r->journal, &ev, &e) == 0)
        room_drain(r, false);
    while (!r->failed)
        room_drain(r, true);
    assert_true(r->durable < journal_head(r->journal).seq);
    room_close(r);
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        T(appending_goes_on_while_the_writer_commits),
        T(closing_while_the_writer_is_busy_loses_nothing),
        T(a_failure_while_busy_is_told_once),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
