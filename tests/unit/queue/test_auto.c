/* SPDX-License-Identifier: Apache-2.0 */
/* The rule that queues by itself: what it takes, how long it waits, who can stop it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/queue_desk.h"

enum { WAIT = 20000 };

static void
turn(struct desk *w, bool on)
{
    struct command cmd = {.kind = COMMAND_AUTO, .role = ROLE_MODERATOR, .enabled = on};

    assert_int_equal(desk_do(w, &cmd), 0);
}

/* A line with this verdict, under a bar of 5; its question's number. */
static uint64_t
say(struct desk *w, const char *id, const struct verdict *v, bool backlog)
{
    struct message m = {.kind = MESSAGE_CHAT,
                        .id = str_from(id),
                        .author_id = str_from(id),
                        .author_name = str_from(id),
                        .text = v->masked,
                        .backlog = backlog};
    struct command cmd = {.kind = COMMAND_MESSAGE,
                          .role = ROLE_SYSTEM,
                          .actor = STR_LIT("source:t"),
                          .source = STR_LIT("t"),
                          .message = &m,
                          .verdict = v,
                          .auto_score = 5,
                          .auto_wait_ms = WAIT};

    assert_int_equal(desk_do(w, &cmd), 0);
    return queue_count(w->q);
}

static struct verdict
good(const char *text)
{
    struct verdict v = {.question = true,
                        .score = 5,
                        .n_topics = 1,
                        .masked = str_from(text),
                        .key = str_from(text)};

    v.topics[0] = "road";
    return v;
}

/* As the program does it, at `at`. */
static int
approve(struct desk *w, uint64_t n, int64_t at)
{
    struct command cmd = {.kind = COMMAND_ACT,
                          .act = EVENT_APPROVE,
                          .role = ROLE_SYSTEM,
                          .actor = STR_LIT("system"),
                          .n = n,
                          .version = queue_find(w->q, n)->version};

    w->now = at - 10; /* desk_do() takes 10 ms */
    return desk_do(w, &cmd);
}

static void
only_what_is_plainly_a_good_question_is_taken(void **state)
{
    static const struct {
        const char *what;
        struct verdict v;
        bool backlog, taken;
    } rows[] = {
        {"good", {.question = true, .score = 5, .n_topics = 1}, false, true},
        {"under the bar", {.question = true, .score = 4, .n_topics = 1}, false, false},
        {"off topic", {.question = true, .score = 9}, false, false},
        {"personal", {.question = true, .score = 9, .n_topics = 1, .n_pii = 1}, 0, 0},
        {"abuse", {.question = true, .score = 9, .n_topics = 1, .abuse = true}, 0, 0},
        {"urgent", {.question = true, .score = 9, .n_topics = 1, .urgent = "fire"}, 0, 0},
        {"held", {.question = true, .score = 9, .n_topics = 1, .held = "limit"}, 0, 0},
        {"of before", {.question = true, .score = 9, .n_topics = 1}, true, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct desk w;
        struct verdict v = rows[i].v;
        v.masked = v.key = STR_LIT("жол қашан жөнделеді?");
        v.topics[0] = "road";
        desk_begin(&w);
        turn(&w, true);
        uint64_t n = say(&w, "m1", &v, rows[i].backlog);
        if ((queue_find(w.q, n)->auto_at_ms != 0) != rows[i].taken)
            fail_msg("%s", rows[i].what);
        desk_end(&w);
    }
}

static void
nothing_is_taken_unless_a_person_switched_it_on_and_the_settings_allow_it(void **state)
{
    struct desk w;
    struct verdict v = good("жол қашан жөнделеді?");
    struct command on = {.kind = COMMAND_AUTO, .role = ROLE_MODERATOR, .enabled = true};

    (void)state;
    desk_begin(&w);
    assert_int_equal(queue_find(w.q, say(&w, "m1", &v, false))->auto_at_ms, 0);
    on.auto_forbidden = true;
    assert_int_equal(desk_do(&w, &on), -1);
    on.auto_forbidden = false;
    on.role = ROLE_OFFICER;
    assert_int_equal(desk_do(&w, &on), -1);
    on.role = ROLE_MODERATOR;
    assert_int_equal(desk_do(&w, &on), 0);
    assert_int_equal(desk_do(&w, &on), 1);
    assert_true(queue_broadcast(w.q)->auto_queue);
    desk_end(&w);
}

static void
it_waits_its_time_then_queues_and_any_moderator_can_undo_that(void **state)
{
    struct desk w;
    struct verdict v = good("жол қашан жөнделеді?");
    struct command undo = {
        .kind = COMMAND_UNDO, .role = ROLE_OFFICER, .actor = STR_LIT("user:b")};

    (void)state;
    desk_begin(&w);
    turn(&w, true);
    uint64_t n = say(&w, "m1", &v, false);
    int64_t due = queue_find(w.q, n)->auto_at_ms;
    assert_int_equal(due, w.now + WAIT);
    assert_int_equal(queue_auto_due(w.q, due - 1), 0);
    assert_int_equal(approve(&w, n, due - 1), -1);
    assert_int_equal(queue_auto_due(w.q, due), n);
    assert_int_equal(approve(&w, n, due), 0);
    desk_expect(&w, n, STATUS_QUEUED);
    assert_string_equal(queue_find(w.q, n)->last_actor, "system");
    assert_null(queue_on_air(w.q));
    undo.undo_seq = queue_seq(w.q);
    assert_int_equal(desk_do(&w, &undo), -1); /* the officer may not */
    undo.role = ROLE_MODERATOR;
    assert_int_equal(desk_do(&w, &undo), 0);
    desk_expect(&w, n, STATUS_NEW);
    assert_int_equal(queue_auto_due(w.q, due + WAIT), 0); /* not once more */
    desk_end(&w);
}

static void
whatever_a_person_does_to_it_stops_it(void **state)
{
    static const enum event_kind acts[] = {EVENT_CANCEL, EVENT_CLAIM,  EVENT_PIN,
                                           EVENT_NOTE,   EVENT_REJECT, EVENT_APPROVE};

    (void)state;
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        struct desk w;
        struct verdict v = good("жол қашан жөнделеді?");
        desk_begin(&w);
        turn(&w, true);
        uint64_t n = say(&w, "m1", &v, false);
        assert_int_equal(desk_act(&w, acts[i], n, ROLE_MODERATOR), 0);
        assert_int_equal(queue_find(w.q, n)->auto_at_ms, 0);
        assert_int_equal(desk_act(&w, EVENT_CANCEL, n, ROLE_MODERATOR), -1);
        desk_end(&w);
    }
}

static void
switched_off_or_ended_nothing_waits_any_more(void **state)
{
    struct desk w;
    struct verdict v = good("жол қашан жөнделеді?");
    struct verdict other = good("көпір неге жабық?");
    struct command end = {
        .kind = COMMAND_BROADCAST, .broadcast_op = BROADCAST_END, .role = ROLE_MODERATOR};

    (void)state;
    desk_begin(&w);
    turn(&w, true);
    uint64_t n = say(&w, "m1", &v, false);
    turn(&w, false);
    assert_int_equal(queue_find(w.q, n)->auto_at_ms, 0);
    turn(&w, true);
    n = say(&w, "m2", &other, false);
    assert_int_not_equal(queue_find(w.q, n)->auto_at_ms, 0);
    assert_int_equal(desk_do(&w, &end), 0);
    assert_false(queue_broadcast(w.q)->auto_queue);
    assert_int_equal(queue_auto_due(w.q, w.now + 2 * WAIT), 0);
    desk_end(&w);
}

static void
the_program_approves_nothing_else(void **state)
{
    struct desk w;

    (void)state;
    desk_begin(&w);
    assert_int_equal(desk_say(&w, "m1", "a", "жол қашан жөнделеді?", true), 0);
    assert_int_equal(approve(&w, 1, w.now + WAIT), -1);
    assert_int_equal(w.err.code, ERR_PERM);
    assert_int_equal(desk_act(&w, EVENT_APPROVE, 1, ROLE_MODERATOR), 0);
    assert_int_equal(desk_act(&w, EVENT_AIR, 1, ROLE_SYSTEM), -1);
    desk_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_plainly_a_good_question_is_taken),
        cmocka_unit_test(
            nothing_is_taken_unless_a_person_switched_it_on_and_the_settings_allow_it),
        cmocka_unit_test(it_waits_its_time_then_queues_and_any_moderator_can_undo_that),
        cmocka_unit_test(whatever_a_person_does_to_it_stops_it),
        cmocka_unit_test(switched_off_or_ended_nothing_waits_any_more),
        cmocka_unit_test(the_program_approves_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
