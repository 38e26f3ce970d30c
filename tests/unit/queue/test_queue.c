/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "queue/queue.h"
#include "support/queue_desk.h"

static void
a_question_goes_all_the_way(void **state)
{
    struct desk w;

    (void)state;
    desk_begin(&w);
    assert_int_equal(desk_say(&w, "m1", "a", "когда починят", true), 0);
    assert_int_equal(desk_say(&w, "m2", "b", "спасибо", false), 0);
    assert_int_equal(queue_count(w.q), 1);
    assert_int_equal(desk_act(&w, EVENT_APPROVE, 1, ROLE_MODERATOR), 0);
    assert_int_equal(queue_position(w.q, 1), 0);
    assert_int_equal(desk_act(&w, EVENT_AIR, 1, ROLE_OFFICER), 0);
    assert_int_equal(queue_on_air(w.q)->n, 1);
    assert_int_equal(desk_act(&w, EVENT_ANSWER, 1, ROLE_OFFICER), 0);
    desk_expect(&w, 1, STATUS_ANSWERED);
    assert_null(queue_on_air(w.q));
    desk_end(&w);
}

static void
repeats_join_and_one_author_counts_once(void **state)
{
    struct desk w;

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", "когда", true);
    (void)desk_say(&w, "m2", "b", "когда", true);
    (void)desk_say(&w, "m3", "a", "когда", true);
    assert_int_equal(desk_say(&w, "m3", "a", "когда", true), 1);
    assert_int_equal(queue_count(w.q), 1);
    assert_int_equal(queue_find(w.q, 1)->count, 2);
    assert_int_equal(queue_find(w.q, 1)->version, 1);
    desk_end(&w);
}

static void
one_question_is_on_air_and_next_answers_it(void **state)
{
    struct desk w;
    struct command next = {.kind = COMMAND_NEXT, .role = ROLE_OFFICER};

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", "один", true);
    (void)desk_say(&w, "m2", "b", "два", true);
    (void)desk_act(&w, EVENT_APPROVE, 1, ROLE_MODERATOR);
    (void)desk_act(&w, EVENT_APPROVE, 2, ROLE_MODERATOR);
    assert_int_equal(desk_do(&w, &next), 0);
    assert_int_equal(queue_on_air(w.q)->n, 1);
    assert_int_equal(desk_do(&w, &next), 0);
    desk_expect(&w, 1, STATUS_ANSWERED);
    desk_expect(&w, 2, STATUS_ON_AIR);
    assert_int_equal(desk_do(&w, &next), 0);
    desk_expect(&w, 2, STATUS_ANSWERED);
    assert_int_equal(desk_do(&w, &next), 1);
    desk_end(&w);
}

static void
a_stale_version_and_a_wrong_role_are_refused(void **state)
{
    struct desk w;
    struct command stale = {.kind = COMMAND_ACT,
                            .act = EVENT_APPROVE,
                            .n = 1,
                            .version = 7,
                            .role = ROLE_ADMIN};

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", "один", true);
    assert_int_equal(desk_do(&w, &stale), -1);
    assert_int_equal(w.err.code, ERR_CONFLICT);
    assert_int_equal(desk_act(&w, EVENT_APPROVE, 1, ROLE_OFFICER), -1);
    assert_int_equal(w.err.code, ERR_PERM);
    assert_int_equal(desk_act(&w, EVENT_APPROVE, 1, ROLE_VIEWER), -1);
    assert_int_equal(w.err.code, ERR_PERM);
    assert_int_equal(desk_act(&w, EVENT_AIR, 1, ROLE_MODERATOR), -1);
    assert_int_equal(w.err.code, ERR_BAD_STATE);
    assert_int_equal(desk_act(&w, EVENT_APPROVE, 9, ROLE_MODERATOR), -1);
    assert_int_equal(w.err.code, ERR_MISSING);
    desk_end(&w);
}

static void
undo_goes_back_unless_something_was_built_on_it(void **state)
{
    struct desk w;
    struct command undo = {.kind = COMMAND_UNDO, .role = ROLE_MODERATOR};

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", "один", true);
    (void)desk_act(&w, EVENT_APPROVE, 1, ROLE_MODERATOR);
    uint64_t approved = queue_seq(w.q);
    undo.undo_seq = approved;
    undo.actor = STR_LIT("user:other");
    assert_int_equal(desk_do(&w, &undo), -1);
    assert_int_equal(w.err.code, ERR_PERM);
    undo.actor = STR_LIT("user:a");
    assert_int_equal(desk_do(&w, &undo), 0);
    desk_expect(&w, 1, STATUS_NEW);
    assert_int_equal(queue_position(w.q, 1), SIZE_MAX);
    (void)desk_act(&w, EVENT_APPROVE, 1, ROLE_MODERATOR);
    undo.undo_seq = queue_seq(w.q);
    (void)desk_act(&w, EVENT_AIR, 1, ROLE_MODERATOR);
    assert_int_equal(desk_do(&w, &undo), -1);
    assert_int_equal(w.err.code, ERR_CONFLICT);
    undo.undo_seq = queue_seq(w.q);
    assert_int_equal(desk_do(&w, &undo), 0);
    desk_expect(&w, 1, STATUS_QUEUED);
    assert_null(queue_on_air(w.q));
    desk_end(&w);
}

static void
merge_keeps_every_asker_and_split_gives_them_back(void **state)
{
    struct desk w;
    struct command merge = {.kind = COMMAND_ACT,
                            .act = EVENT_MERGE,
                            .n = 2,
                            .version = 1,
                            .into = 1,
                            .into_version = 1,
                            .role = ROLE_MODERATOR};

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", "один", true);
    (void)desk_say(&w, "m2", "b", "два", true);
    (void)desk_say(&w, "m3", "a", "два", true);
    assert_int_equal(desk_do(&w, &merge), 0);
    desk_expect(&w, 2, STATUS_MERGED);
    assert_int_equal(queue_find(w.q, 1)->count, 2);
    assert_int_equal(desk_act(&w, EVENT_SPLIT, 2, ROLE_MODERATOR), 0);
    desk_expect(&w, 2, STATUS_NEW);
    assert_int_equal(queue_find(w.q, 1)->count, 1);
    assert_int_equal(queue_find(w.q, 2)->count, 2);
    desk_end(&w);
}

static void
a_line_that_is_taken_back_leaves_the_queue(void **state)
{
    struct desk w;
    struct message m = {.kind = MESSAGE_DELETE, .id = STR_LIT("m1")};
    struct command cmd = {.kind = COMMAND_MESSAGE,
                          .role = ROLE_SYSTEM,
                          .source = STR_LIT("t"),
                          .message = &m};

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", "один", true);
    (void)desk_act(&w, EVENT_APPROVE, 1, ROLE_MODERATOR);
    assert_int_equal(desk_do(&w, &cmd), 0);
    desk_expect(&w, 1, STATUS_NEW);
    assert_true(queue_find(w.q, 1)->deleted);
    m.id = STR_LIT("unknown");
    assert_int_equal(desk_do(&w, &cmd), 1);
    desk_end(&w);
}

static void
the_overlay_shows_only_what_is_on_air_and_clears_with_it(void **state)
{
    struct desk w;
    struct command show = {.kind = COMMAND_OVERLAY, .n = 1, .role = ROLE_MODERATOR};

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", "один", true);
    (void)desk_act(&w, EVENT_APPROVE, 1, ROLE_MODERATOR);
    assert_int_equal(desk_do(&w, &show), -1);
    (void)desk_act(&w, EVENT_AIR, 1, ROLE_MODERATOR);
    assert_int_equal(desk_do(&w, &show), 0);
    assert_int_equal(queue_overlay(w.q), 1);
    (void)desk_act(&w, EVENT_STOP, 1, ROLE_MODERATOR);
    assert_int_equal(queue_overlay(w.q), 0);
    desk_end(&w);
}

static void
ending_a_broadcast_opens_the_next_and_numbers_start_again(void **state)
{
    struct desk w;
    struct command stop = {.kind = COMMAND_BROADCAST,
                           .broadcast_op = BROADCAST_END,
                           .role = ROLE_ADMIN,
                           .open_items = OPEN_FOLLOW_UP};

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", "один", true);
    assert_int_equal(desk_do(&w, &stop), 0);
    desk_expect(&w, 1, STATUS_FOLLOW_UP);
    assert_int_equal(queue_broadcast(w.q)->id, 2);
    (void)desk_say(&w, "m2", "a", "два", true);
    assert_int_equal(queue_find(w.q, 2)->no, 1);
    assert_int_equal(queue_find(w.q, 2)->n, 2);
    desk_end(&w);
}

static void
a_damaged_snapshot_is_refused(void **state)
{
    struct desk w;
    struct buf b = BUF_INIT;

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", "один", true);
    queue_pack(w.q, &b);
    for (size_t i = 0; i < b.len; i += 1 + b.len / 500) {
        struct err e = ERR_INIT;
        b.data[i] ^= 1;
        assert_null(queue_unpack(&desk_key, buf_str(&b), &e));
        assert_int_equal(e.code, ERR_PARSE);
        b.data[i] ^= 1;
        err_reset(&e);
        assert_null(queue_unpack(&desk_key, (struct str){b.data, i}, &e));
    }
    buf_fini(&b);
    desk_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_goes_all_the_way),
        cmocka_unit_test(repeats_join_and_one_author_counts_once),
        cmocka_unit_test(one_question_is_on_air_and_next_answers_it),
        cmocka_unit_test(a_stale_version_and_a_wrong_role_are_refused),
        cmocka_unit_test(undo_goes_back_unless_something_was_built_on_it),
        cmocka_unit_test(merge_keeps_every_asker_and_split_gives_them_back),
        cmocka_unit_test(a_line_that_is_taken_back_leaves_the_queue),
        cmocka_unit_test(the_overlay_shows_only_what_is_on_air_and_clears_with_it),
        cmocka_unit_test(ending_a_broadcast_opens_the_next_and_numbers_start_again),
        cmocka_unit_test(a_damaged_snapshot_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
