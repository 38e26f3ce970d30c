/* SPDX-License-Identifier: Apache-2.0 */
/* A rehearsal: while it lasts everything works, and afterwards nothing of it is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "queue/activity.h"
#include "queue/state.h"
#include "support/queue_desk.h"

static int
broadcast(struct desk *w, enum broadcast_op op)
{
    struct command cmd = {
        .kind = COMMAND_BROADCAST, .broadcast_op = op, .role = ROLE_MODERATOR};

    return desk_do(w, &cmd);
}

static void
say(struct desk *w, const char *id, const char *text)
{
    assert_int_equal(desk_say(w, id, id, text, true), 0);
}

/* Two questions before, then a rehearsal in which much happens. */
static void
rehearse(struct desk *w)
{
    desk_begin(w);
    say(w, "m1", "жол қашан жөнделеді?");
    say(w, "m2", "когда починят светофор?");
    assert_int_equal(broadcast(w, BROADCAST_REHEARSE), 0);
    say(w, "m3", "сынақ сұрақ қайда?");
    say(w, "m4", "пробный вопрос когда?");
    assert_int_equal(desk_act(w, EVENT_APPROVE, 1, ROLE_MODERATOR), 0);
    assert_int_equal(desk_act(w, EVENT_APPROVE, 3, ROLE_MODERATOR), 0);
    assert_int_equal(desk_act(w, EVENT_AIR, 3, ROLE_OFFICER), 0);
    assert_int_equal(desk_act(w, EVENT_REJECT, 2, ROLE_MODERATOR), 0);
}

static void
what_was_before_is_as_it_was_and_numbers_go_on_from_there(void **state)
{
    struct desk w;

    (void)state;
    rehearse(&w);
    assert_true(queue_rehearses(w.q));
    assert_true(queue_broadcast(w.q)->rehearsal);
    assert_int_equal(queue_find(w.q, 4)->no, 4);
    assert_int_equal(queue_on_air(w.q)->n, 3);
    assert_int_equal(broadcast(&w, BROADCAST_REHEARSE_END), 0);
    assert_false(queue_rehearses(w.q));
    assert_false(queue_broadcast(w.q)->rehearsal);
    assert_int_equal(queue_broadcast(w.q)->id, 1);
    assert_int_equal(queue_broadcast(w.q)->messages, 2);
    assert_null(queue_on_air(w.q));
    desk_expect(&w, 1, STATUS_NEW);
    assert_int_equal(queue_find(w.q, 3)->version, 0);
    assert_int_equal(queue_recent(w.q), 2);
    assert_int_equal(queue_activity(w.q)->n_people == 0 ||
                         queue_activity(w.q)->people[0].count[EVENT_APPROVE] == 0,
                     1);
    say(&w, "m5", "көпір қашан салынады?");
    assert_int_equal(queue_count(w.q), 5);
    assert_int_equal(queue_find(w.q, 5)->no, 3);
    say(&w, "m3", "сынақ сұрақ қайда?"); /* its id is forgotten, too */
    desk_end(&w);
}

/* Sources and filters that were set up while rehearsing are what one rehearses for. */
static void
what_was_set_up_stays(void **state)
{
    struct desk w;
    struct command source = {.kind = COMMAND_SOURCE,
                             .role = ROLE_ADMIN,
                             .source = STR_LIT("t"),
                             .source_kind = STR_LIT("twitch"),
                             .target = STR_LIT("x")};
    struct command mute = {.kind = COMMAND_MUTE,
                           .role = ROLE_ADMIN,
                           .source = STR_LIT("t"),
                           .author_id = STR_LIT("a"),
                           .muted = true};

    (void)state;
    rehearse(&w);
    assert_int_equal(desk_do(&w, &source), 0);
    assert_int_equal(desk_do(&w, &mute), 0);
    assert_int_equal(broadcast(&w, BROADCAST_REHEARSE_END), 0);
    assert_int_equal(queue_sources(w.q), 1);
    assert_false(queue_is_muted(w.q, STR_LIT("t"), STR_LIT("a")));
    desk_end(&w);
}

static void
replay(struct desk *w, struct queue *q, size_t from, bool erased)
{
    struct queue_span span = queue_rehearsed(w->q);

    for (size_t i = from; i < w->n_log; i++) {
        struct event ev = EVENT_INIT;
        event_copy(&ev, &w->log[i]);
        if (erased && ev.seq > span.from && ev.seq < span.to &&
            !event_outlives_rehearsal(ev.kind))
            buf_reset(&ev.body);
        desk_apply(q, &ev);
        event_fini(&ev);
    }
}

static void
the_journal_gives_the_same_state_whether_or_not_it_was_erased(void **state)
{
    struct desk w;

    (void)state;
    rehearse(&w);
    assert_int_equal(broadcast(&w, BROADCAST_REHEARSE_END), 0);
    say(&w, "m5", "көпір қашан салынады?");
    for (int erased = 0; erased < 2; erased++) {
        struct queue *q = queue_new(&desk_key);
        replay(&w, q, 0, erased == 1);
        assert_int_equal(queue_digest(q), queue_digest(w.q));
        queue_free(&q);
    }
    desk_end(&w);
}

static void
a_snapshot_from_the_middle_knows_what_to_go_back_to(void **state)
{
    struct desk w;
    struct buf bytes = BUF_INIT;
    struct err e = ERR_INIT;

    (void)state;
    rehearse(&w);
    queue_pack(w.q, &bytes);
    size_t at = w.n_log;
    say(&w, "m6", "тағы бір сынақ сұрақ па?");
    assert_int_equal(broadcast(&w, BROADCAST_REHEARSE_END), 0);
    struct queue *q = queue_unpack(&desk_key, buf_str(&bytes), &e);
    assert_non_null(q);
    assert_true(queue_rehearses(q));
    replay(&w, q, at, true);
    assert_int_equal(queue_digest(q), queue_digest(w.q));
    queue_free(&q);
    buf_fini(&bytes);
    desk_end(&w);
}

static void
it_begins_before_anybody_works_and_nothing_else_ends_it(void **state)
{
    struct desk w;

    (void)state;
    desk_begin(&w);
    assert_int_equal(broadcast(&w, BROADCAST_REHEARSE_END), -1);
    say(&w, "m1", "жол қашан жөнделеді?");
    assert_int_equal(desk_act(&w, EVENT_APPROVE, 1, ROLE_MODERATOR), 0);
    assert_int_equal(broadcast(&w, BROADCAST_REHEARSE), -1);
    assert_int_equal(w.err.code, ERR_BAD_STATE);
    assert_int_equal(broadcast(&w, BROADCAST_END), 0);
    assert_int_equal(broadcast(&w, BROADCAST_REHEARSE), 0);
    assert_int_equal(queue_broadcast(w.q)->status, BROADCAST_LIVE);
    assert_int_equal(broadcast(&w, BROADCAST_REHEARSE), -1);
    assert_int_equal(broadcast(&w, BROADCAST_END), -1);
    assert_int_equal(broadcast(&w, BROADCAST_START), -1);
    assert_int_equal(broadcast(&w, BROADCAST_REHEARSE_END), 0);
    assert_int_equal(queue_broadcast(w.q)->status, BROADCAST_PLANNED);
    say(&w, "m2", "когда починят светофор?");
    assert_int_equal(queue_find(w.q, queue_count(w.q))->no, 2); /* one was carried */
    desk_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_before_is_as_it_was_and_numbers_go_on_from_there),
        cmocka_unit_test(what_was_set_up_stays),
        cmocka_unit_test(the_journal_gives_the_same_state_whether_or_not_it_was_erased),
        cmocka_unit_test(a_snapshot_from_the_middle_knows_what_to_go_back_to),
        cmocka_unit_test(it_begins_before_anybody_works_and_nothing_else_ends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
