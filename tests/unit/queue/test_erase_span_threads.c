/* SPDX-License-Identifier: Apache-2.0 */
/* A rehearsal's texts leave the file while the journal is in use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/journal_room.h"

enum { LINES = 200, FROM = 50, TO = 150 };

static void
start(struct journal_room *w)
{
    struct err e = ERR_INIT;

    if (room_open(w, &e) < 0)
        fail_msg("%s", e.msg);
}

static void
append(struct journal_room *w, int i)
{
    struct event ev = EVENT_INIT;
    struct err e = ERR_INIT;
    bool inside = i > FROM && i < TO;

    ev.kind = i % 10 == 0 ? EVENT_BROADCAST : EVENT_MESSAGE;
    for (int k = 0; k < 1 + i * i % 250; k++)
        buf_addf(&ev.body, "%s",
                 ev.kind != EVENT_MESSAGE ? "opened "
                 : inside                 ? "a-secret-name "
                                          : "a-kept-name ");
    assert_int_equal(journal_append(w->journal, &ev, &e), 0);
    event_fini(&ev);
}

static void
fill(struct journal_room *w)
{
    struct buf snapshot = BUF_INIT;

    for (int i = 1; i <= TO; i++)
        append(w, i);
    buf_add_cstr(&snapshot, "snapshot of a-secret-name");
    journal_store_snapshot_take(w->journal, TO, &snapshot);
}

static void
expect_clean(struct journal_room *w)
{
    struct err e = ERR_INIT;
    uint64_t broken;

    assert_false(room_has(w, "a-secret-name"));
    assert_true(room_has(w, "a-kept-name"));
    assert_true(room_has(w, "opened "));
    w->journal = journal_sqlite_open(&w->conf, &e);
    assert_non_null(w->journal);
    assert_int_equal(journal_verify(w->journal, NULL, &broken, NULL, &e), 0);
    room_close(w);
}

static void
a_span_is_erased_while_events_go_on(void **state)
{
    struct journal_room w;

    (void)state;
    room_begin(&w);
    start(&w);
    fill(&w);
    room_settle(&w, TO);
    assert_true(room_has(&w, "a-secret-name"));
    journal_erase_span(w.journal, FROM, TO);
    for (int i = TO + 1; i <= LINES; i++)
        append(&w, i);
    room_settle(&w, LINES);
    assert_false(w.failed);
    room_close(&w);
    expect_clean(&w);
    room_end(&w);
}

static void
one_that_was_not_reached_is_erased_by_the_next_run(void **state)
{
    struct journal_room w;

    (void)state;
    room_begin(&w);
    start(&w);
    fill(&w);
    room_close(&w);
    assert_true(room_has(&w, "a-secret-name"));
    start(&w);
    journal_erase_span(w.journal, FROM, TO);
    room_close(&w);
    expect_clean(&w);
    /* Once more is nothing to do. */
    start(&w);
    journal_erase_span(w.journal, FROM, TO);
    room_close(&w);
    expect_clean(&w);
    room_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_span_is_erased_while_events_go_on),
        cmocka_unit_test(one_that_was_not_reached_is_erased_by_the_next_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
