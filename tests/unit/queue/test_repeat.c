/* SPDX-License-Identifier: Apache-2.0 */
/* What says the same joins, what is near is named, and both are in the event. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "judge/likeness.h"
#include "support/queue_desk.h"

static const char ABAI[] = "когда починят светофор на абая";
static const char ABAI_AGAIN[] = "светофор на абая когда починят";
static const char ABAI_TWO[] = "когда отремонтируют и починят светофор на абая";
static const char WAGES[] = "жалақы қанша";

static const char *
last_body(const struct desk *w)
{
    return w->log[w->n_log - 1].body.data;
}

static void
expect_count(const struct desk *w, uint64_t n, uint64_t count)
{
    assert_int_equal(queue_find(w->q, n)->count, count);
}

static void
the_same_in_other_words_joins(void **state)
{
    struct desk w;

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", ABAI, true);
    (void)desk_say(&w, "m2", "b", ABAI_AGAIN, true);
    assert_int_equal(queue_count(w.q), 1);
    expect_count(&w, 1, 2);
    assert_string_equal(queue_find(w.q, 1)->askers[1].text, ABAI_AGAIN);
    assert_non_null(strstr(last_body(&w), ",\"join\":1,\"similarity\":1.00,"));
    (void)desk_say(&w, "m3", "c", ABAI, true);
    assert_non_null(strstr(last_body(&w), ",\"join\":1,\"verdict\":"));
    expect_count(&w, 1, 3);
    desk_end(&w);
}

static void
what_is_near_is_an_item_that_names_the_other(void **state)
{
    struct desk w;

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m0", "z", WAGES, true);
    (void)desk_say(&w, "m1", "a", ABAI, true);
    (void)desk_say(&w, "m2", "b", ABAI_TWO, true);
    const struct question *item = queue_find(w.q, 3);
    assert_int_equal(item->n_like, 1);
    assert_int_equal(item->like[0].n, 2);
    assert_in_range(item->like[0].hundredths, LIKENESS_SUGGEST, LIKENESS_JOIN - 1);
    assert_int_equal(queue_find(w.q, 2)->n_like, 0);
    assert_non_null(strstr(last_body(&w), ",\"like\":[{\"n\":2,\"similarity\":0."));
    desk_end(&w);
}

/* Only what is still to be decided is compared with. */
static void
what_is_decided_hidden_or_taken_back_is_no_longer_named(void **state)
{
    static const enum event_kind acts[] = {EVENT_REJECT, EVENT_FOLLOW_UP, EVENT_ANSWER,
                                           EVENT_MERGE};
    struct command mute = {.kind = COMMAND_MUTE,
                           .role = ROLE_ADMIN,
                           .source = STR_LIT("t"),
                           .author_id = STR_LIT("a"),
                           .muted = true};
    struct message gone = {.kind = MESSAGE_DELETE, .id = STR_LIT("m1")};
    struct command back = {.kind = COMMAND_MESSAGE,
                           .role = ROLE_SYSTEM,
                           .source = STR_LIT("t"),
                           .message = &gone};
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        struct desk w;
        desk_begin(&w);
        (void)desk_say(&w, "m1", "a", ABAI, true);
        (void)desk_say(&w, "m0", "z", WAGES, true);
        assert_int_equal(desk_act(&w, EVENT_APPROVE, 1, ROLE_ADMIN), 0);
        int rc = i < 4    ? desk_act(&w, acts[i], 1, ROLE_ADMIN)
                 : i == 4 ? desk_do(&w, &mute)
                          : desk_do(&w, &back);
        assert_int_equal(rc, 0);
        (void)desk_say(&w, "m2", "b", ABAI_AGAIN, true);
        assert_int_equal(queue_count(w.q), 3);
        assert_int_equal(queue_find(w.q, 3)->n_like, 0);
        desk_end(&w);
    }
}

static void
what_comes_back_is_compared_with_again(void **state)
{
    struct command undo = {.kind = COMMAND_UNDO, .role = ROLE_ADMIN};
    struct desk w;

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", ABAI, true);
    assert_int_equal(desk_act(&w, EVENT_REJECT, 1, ROLE_ADMIN), 0);
    undo.undo_seq = queue_seq(w.q);
    assert_int_equal(desk_do(&w, &undo), 0);
    (void)desk_say(&w, "m2", "b", ABAI_AGAIN, true);
    expect_count(&w, 1, 2);
    desk_end(&w);
}

static void
what_was_answered_before_is_named_as_long_as_it_is_answered(void **state)
{
    struct desk w;
    struct command end = {.kind = COMMAND_BROADCAST,
                          .broadcast_op = BROADCAST_END,
                          .open_items = OPEN_CARRY,
                          .role = ROLE_ADMIN};

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", ABAI, true);
    assert_int_equal(desk_act(&w, EVENT_APPROVE, 1, ROLE_ADMIN), 0);
    assert_int_equal(desk_act(&w, EVENT_ANSWER, 1, ROLE_ADMIN), 0);
    assert_int_equal(desk_do(&w, &end), 0);
    (void)desk_say(&w, "m2", "b", ABAI_AGAIN, true); /* in the next broadcast */
    assert_int_equal(queue_find(w.q, 2)->n_before, 1);
    assert_int_equal(queue_find(w.q, 2)->before[0].n, 1);
    assert_int_equal(queue_find(w.q, 2)->n_like, 0);
    assert_non_null(strstr(last_body(&w), ",\"before\":[{\"n\":1,\"similarity\":1.00}]"));
    assert_int_equal(desk_act(&w, EVENT_REOPEN, 1, ROLE_ADMIN), 0);
    (void)desk_say(&w, "m3", "c", ABAI_TWO, true);
    assert_int_equal(queue_find(w.q, 3)->n_before, 0);
    desk_end(&w);
}

/* A cry for help is seen by a person by itself, whatever it is like. */
static void
urgent_and_held_lines_join_only_their_own_words(void **state)
{
    struct verdict urgent = {.lang = LANG_RU,
                             .question = true,
                             .urgent = "fire",
                             .masked = str_from(ABAI_AGAIN),
                             .key = str_from(ABAI_AGAIN)};
    struct verdict held = urgent;
    struct desk w;

    (void)state;
    held.urgent = NULL;
    held.held = "limit";
    held.masked = held.key = STR_LIT("на абая светофор починят когда");
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", ABAI, true);
    assert_int_equal(desk_line(&w, "m2", "b", &urgent), 0);
    assert_int_equal(desk_line(&w, "m3", "c", &held), 0);
    assert_int_equal(desk_line(&w, "m4", "d", &urgent), 0);
    assert_int_equal(queue_count(w.q), 3);
    expect_count(&w, 1, 1);
    expect_count(&w, 2, 2);
    assert_int_equal(queue_find(w.q, 2)->like[0].n, 1);
    assert_int_equal(queue_find(w.q, 2)->like[0].hundredths, 100);
    /* Nor does a question vanish in an urgent item. */
    assert_int_equal(desk_act(&w, EVENT_REJECT, 1, ROLE_ADMIN), 0);
    (void)desk_say(&w, "m5", "e", "починят когда светофор на абая", true);
    assert_int_equal(queue_count(w.q), 4);
    desk_end(&w);
}

/* "This is a question" on a line whose wording is open. */
static void
a_line_that_is_asked_again_joins(void **state)
{
    struct verdict plain = {
        .lang = LANG_RU, .masked = str_from(ABAI), .key = str_from(ABAI)};
    struct command ask = {.kind = COMMAND_ASK, .role = ROLE_MODERATOR, .verdict = &plain};
    struct desk w;

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m0", "z", WAGES, true);
    (void)desk_say(&w, "m1", "a", ABAI, true);
    assert_int_equal(desk_line(&w, "m2", "b", &plain), 0);
    ask.mid = queue_seq(w.q);
    assert_int_equal(queue_message(w.q, ask.mid)->n, 0);
    assert_int_equal(desk_do(&w, &ask), 0);
    assert_int_equal(queue_count(w.q), 2);
    expect_count(&w, 2, 2);
    assert_int_equal(queue_message(w.q, ask.mid)->n, 2);
    assert_int_equal(queue_touched(w.q)->mid, ask.mid);
    assert_int_equal(queue_touched(w.q)->n[0], 2);
    assert_string_equal(queue_find(w.q, 2)->askers[1].name, "b");
    assert_int_equal(desk_do(&w, &ask), -1); /* it is question 2 now */
    /* The same author says it in other words. */
    plain.masked = plain.key = str_from(ABAI_AGAIN);
    assert_int_equal(desk_line(&w, "m3", "b", &plain), 0);
    ask.mid = queue_seq(w.q);
    assert_int_equal(desk_do(&w, &ask), 0);
    expect_count(&w, 2, 2);
    assert_int_equal(queue_message(w.q, ask.mid)->n, 2);
    desk_end(&w);
}

/* Journals from before, and ones that somebody wrote by hand. */
static void
an_event_without_likes_or_with_impossible_ones_applies(void **state)
{
    static const struct {
        const char *like;
        size_t n;
    } rows[] = {
        {"", 0},
        {",\"like\":7", 0},
        {",\"like\":[{\"n\":1,\"similarity\":0.82}]", 1},
        {",\"like\":[{\"n\":2,\"similarity\":0.9},{\"n\":1,\"similarity\":1}]", 1},
        {",\"like\":[{\"n\":0},{\"n\":1,\"similarity\":7},null,{\"n\":-4}]", 0},
        {",\"like\":[{\"n\":1},{\"n\":1},{\"n\":1},{\"n\":1}]", BOUNDS_LIKE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event ev = {.kind = EVENT_MESSAGE, .seq = 3, .broadcast = 1};
        struct desk w;
        desk_begin(&w);
        (void)desk_say(&w, "m1", "a", ABAI, true);
        buf_addf(&ev.body, "{\"text\":\"x\",\"n\":2,\"no\":2%s,\"verdict\":{}}",
                 rows[i].like);
        desk_apply(w.q, &ev);
        event_fini(&ev);
        assert_int_equal(queue_find(w.q, 2)->n_like, rows[i].n);
        desk_end(&w);
    }
}

static void
a_snapshot_knows_the_likes_and_what_to_compare_with(void **state)
{
    struct buf bytes = BUF_INIT;
    struct err e = ERR_INIT;
    struct desk w;

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", ABAI, true);
    (void)desk_say(&w, "m2", "b", ABAI_TWO, true);
    unsigned before = queue_find(w.q, 2)->like[0].hundredths;
    queue_pack(w.q, &bytes);
    queue_free(&w.q);
    w.q = queue_unpack(&desk_key, buf_str(&bytes), &e);
    assert_non_null(w.q);
    assert_int_equal(queue_find(w.q, 2)->like[0].hundredths, before);
    (void)desk_say(&w, "m3", "c", ABAI_AGAIN, true);
    expect_count(&w, 1, 2);
    buf_fini(&bytes);
    desk_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_in_other_words_joins),
        cmocka_unit_test(what_is_near_is_an_item_that_names_the_other),
        cmocka_unit_test(what_is_decided_hidden_or_taken_back_is_no_longer_named),
        cmocka_unit_test(what_comes_back_is_compared_with_again),
        cmocka_unit_test(what_was_answered_before_is_named_as_long_as_it_is_answered),
        cmocka_unit_test(urgent_and_held_lines_join_only_their_own_words),
        cmocka_unit_test(a_line_that_is_asked_again_joins),
        cmocka_unit_test(an_event_without_likes_or_with_impossible_ones_applies),
        cmocka_unit_test(a_snapshot_knows_the_likes_and_what_to_compare_with),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
