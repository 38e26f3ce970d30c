/* SPDX-License-Identifier: Apache-2.0 */
/* Undo, and acts, while the chat goes on and others act too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/queue_desk.h"

static void
must(struct desk *w, struct command *cmd)
{
    if (desk_do(w, cmd) != 0)
        fail_msg("refused: %s", w->err.msg);
}

static struct command
command_of(const struct desk *w, enum event_kind kind, uint64_t n)
{
    static const struct str topics[] = {STR_LIT("road"), STR_LIT("id")};
    const struct question *item = queue_find(w->q, n), *into = queue_find(w->q, 2);

    return (struct command){.kind = COMMAND_ACT,
                            .act = kind,
                            .n = n,
                            .version = item->version,
                            .role = ROLE_ADMIN,
                            .text = {STR_LIT("мәтін")},
                            .reason = STR_LIT("spam"),
                            .note = STR_LIT("a note"),
                            .unit = STR_LIT("the unit"),
                            .due = STR_LIT("2026-12-01"),
                            .to = STR_LIT("the mayor"),
                            .written = STR_LIT("an answer"),
                            .appeal = true,
                            .into = 2,
                            .into_version = into->version,
                            .topics = topics,
                            .n_topics = 2,
                            .pinned = true};
}

static void
do_act(struct desk *w, enum event_kind kind, uint64_t n)
{
    struct command cmd = command_of(w, kind, n);

    must(w, &cmd);
}

static int
say(struct desk *w, const char *id, const char *author, const char *text)
{
    return desk_say(w, id, author, text, true);
}

static int
take_back(struct desk *w, const char *id)
{
    struct message m = {.kind = MESSAGE_DELETE, .id = str_from(id)};
    struct command cmd = {.kind = COMMAND_MESSAGE,
                          .role = ROLE_SYSTEM,
                          .actor = STR_LIT("source:t"),
                          .source = STR_LIT("t"),
                          .message = &m};

    return desk_do(w, &cmd);
}

static int
undo(struct desk *w, uint64_t seq)
{
    struct command cmd = {.kind = COMMAND_UNDO, .role = ROLE_ADMIN, .undo_seq = seq};

    return desk_do(w, &cmd);
}

/* Question 1 has a note and this status; 2 and 3 are queued, in this order. */
static void
begin(struct desk *w, enum status status)
{
    static const enum event_kind ways[][2] = {
        [STATUS_NEW] = {EVENT_KINDS},
        [STATUS_QUEUED] = {EVENT_APPROVE, EVENT_KINDS},
        [STATUS_ON_AIR] = {EVENT_APPROVE, EVENT_AIR},
        [STATUS_ANSWERED] = {EVENT_APPROVE, EVENT_ANSWER},
        [STATUS_FOLLOW_UP] = {EVENT_FOLLOW_UP, EVENT_KINDS},
        [STATUS_REJECTED] = {EVENT_REJECT, EVENT_KINDS},
        [STATUS_MERGED] = {EVENT_MERGE, EVENT_KINDS},
    };

    desk_begin(w);
    assert_int_equal(say(w, "m1", "a", "one"), 0);
    assert_int_equal(say(w, "m2", "b", "two"), 0);
    assert_int_equal(say(w, "m3", "c", "three"), 0);
    do_act(w, EVENT_APPROVE, 2);
    do_act(w, EVENT_APPROVE, 3);
    do_act(w, EVENT_NOTE, 1);
    for (int i = 0; i < 2 && ways[status][i] != EVENT_KINDS; i++)
        do_act(w, ways[status][i], 1);
    assert_int_equal(queue_find(w->q, 1)->status, status);
}

static void
expect_line(const struct desk *w, const char *want)
{
    const struct question *const *line;
    size_t n = queue_line(w->q, &line);
    struct buf got = BUF_INIT;

    buf_reserve(&got, 1);
    for (size_t i = 0; i < n; i++)
        buf_addf(&got, "%llu", (unsigned long long)line[i]->n);
    assert_string_equal(got.len == 0 ? "" : got.data, want);
    buf_fini(&got);
}

/* --- what comes from the chat between an act and its undo */

static void
only_acts_of_people_change_the_version(void **state)
{
    struct desk w;
    struct command mute = {.kind = COMMAND_MUTE,
                           .role = ROLE_ADMIN,
                           .source = STR_LIT("t"),
                           .author_id = STR_LIT("a"),
                           .muted = true};
    struct command filters = {.kind = COMMAND_FILTERS, .role = ROLE_SYSTEM, .filters = 9};

    (void)state;
    begin(&w, STATUS_QUEUED);
    uint64_t version = queue_find(w.q, 1)->version;
    must(&w, &mute);
    assert_true(queue_find(w.q, 1)->muted);
    assert_int_equal(say(&w, "m4", "d", "one"), 0);
    assert_int_equal(queue_find(w.q, 1)->count, 2);
    must(&w, &filters);
    assert_int_equal(take_back(&w, "m1"), 0);
    assert_int_equal(take_back(&w, "m4"), 0);
    assert_true(queue_find(w.q, 1)->deleted);
    assert_int_equal(queue_find(w.q, 1)->version, version);
    desk_end(&w);
}

static void
undo_keeps_the_askers_who_joined_meanwhile(void **state)
{
    static const enum event_kind acts[] = {EVENT_APPROVE, EVENT_EDIT, EVENT_MERGE};

    (void)state;
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        struct desk w;
        begin(&w, STATUS_NEW);
        do_act(&w, acts[i], 1);
        uint64_t seq = queue_seq(w.q);
        assert_int_equal(say(&w, "m4", "d", acts[i] == EVENT_MERGE ? "two" : "one"), 0);
        assert_int_equal(undo(&w, seq), 0);
        assert_int_equal(queue_find(w.q, 1)->count, acts[i] == EVENT_MERGE ? 1 : 2);
        assert_int_equal(queue_find(w.q, 2)->count, acts[i] == EVENT_MERGE ? 2 : 1);
        desk_end(&w);
    }
}

static void
undo_gives_a_claim_back_to_who_had_it_since_when_they_had_it(void **state)
{
    struct desk w;

    (void)state;
    begin(&w, STATUS_NEW);
    struct command claim = command_of(&w, EVENT_CLAIM, 1);
    claim.actor = STR_LIT("user:b");
    must(&w, &claim);
    int64_t since = queue_find(w.q, 1)->claimed_at_ms;
    do_act(&w, EVENT_CLAIM, 1);
    assert_true(queue_find(w.q, 1)->claimed_at_ms > since);
    assert_int_equal(undo(&w, queue_seq(w.q)), 0);
    assert_string_equal(queue_find(w.q, 1)->claimed_by, "b");
    assert_int_equal(queue_find(w.q, 1)->claimed_at_ms, since);
    desk_end(&w);
}

static void
an_author_who_asks_again_is_no_longer_withdrawn(void **state)
{
    struct desk w;

    (void)state;
    begin(&w, STATUS_NEW);
    assert_int_equal(say(&w, "m4", "d", "one"), 0);
    assert_int_equal(take_back(&w, "m1"), 0);
    assert_int_equal(say(&w, "m5", "a", "one"), 0);
    assert_int_equal(take_back(&w, "m4"), 0);
    assert_false(queue_find(w.q, 1)->deleted);
    assert_int_equal(take_back(&w, "m5"), 0);
    assert_true(queue_find(w.q, 1)->deleted);
    desk_end(&w);
}

static void
undo_does_not_bring_back_what_its_author_took_back(void **state)
{
    struct desk w;

    (void)state;
    begin(&w, STATUS_QUEUED);
    do_act(&w, EVENT_CLAIM, 1);
    uint64_t seq = queue_seq(w.q);
    assert_int_equal(take_back(&w, "m1"), 0);
    assert_int_equal(undo(&w, seq), -1);
    assert_int_equal(w.err.code, ERR_CONFLICT);
    assert_int_equal(queue_position(w.q, 1), SIZE_MAX);
    desk_end(&w);
}

static void
a_repeat_of_a_merged_question_joins_the_survivor(void **state)
{
    struct desk w;

    (void)state;
    begin(&w, STATUS_MERGED);
    assert_int_equal(say(&w, "m4", "d", "one"), 0);
    assert_int_equal(queue_count(w.q), 3);
    assert_int_equal(queue_find(w.q, 2)->count, 3);
    desk_end(&w);
}

static void
a_merge_counts_the_askers_that_are_not_kept(void **state)
{
    struct desk w;
    char id[32];

    (void)state;
    begin(&w, STATUS_NEW);
    for (int i = 0; i < BOUNDS_ASKERS + 50; i++) {
        (void)snprintf(id, sizeof(id), "x%d", i);
        assert_int_equal(say(&w, id, id, "two"), 0);
    }
    assert_int_equal(queue_find(w.q, 2)->count, BOUNDS_ASKERS + 51);
    do_act(&w, EVENT_MERGE, 1);
    assert_int_equal(queue_find(w.q, 2)->count, BOUNDS_ASKERS + 52);
    do_act(&w, EVENT_SPLIT, 1);
    assert_int_equal(queue_find(w.q, 2)->count, BOUNDS_ASKERS + 51);
    desk_end(&w);
}

/* --- one on air */

static void
undo_does_not_put_a_second_question_on_air(void **state)
{
    struct desk w;

    (void)state;
    begin(&w, STATUS_ON_AIR);
    do_act(&w, EVENT_STOP, 1);
    uint64_t seq = queue_seq(w.q);
    do_act(&w, EVENT_AIR, 2);
    assert_int_equal(undo(&w, seq), -1);
    assert_int_equal(w.err.code, ERR_CONFLICT);
    assert_int_equal(queue_on_air(w.q)->n, 2);
    assert_int_equal(undo(&w, queue_seq(w.q)), 0);
    assert_int_equal(undo(&w, seq), 0);
    assert_int_equal(queue_on_air(w.q)->n, 1);
    desk_end(&w);
}

static void
undo_of_air_puts_the_one_before_back_on_air_and_on_the_stream(void **state)
{
    struct desk w;
    struct command show = {.kind = COMMAND_OVERLAY, .n = 1, .role = ROLE_OFFICER};

    (void)state;
    begin(&w, STATUS_ON_AIR);
    must(&w, &show);
    do_act(&w, EVENT_AIR, 3);
    assert_int_equal(queue_find(w.q, 1)->status, STATUS_ANSWERED);
    assert_int_equal(queue_overlay(w.q), 0);
    assert_int_equal(undo(&w, queue_seq(w.q)), 0);
    assert_int_equal(queue_on_air(w.q)->n, 1);
    assert_int_equal(queue_overlay(w.q), 1);
    expect_line(&w, "23");
    desk_end(&w);
}

static void
random_step(struct desk *w)
{
    char id[32], text[32];
    uint64_t roll = desk_dice(w, 100), n = 1 + desk_dice(w, queue_count(w->q));
    const struct question *into = queue_find(w->q, 1 + desk_dice(w, queue_count(w->q)));
    struct command next = {.kind = COMMAND_NEXT, .role = ROLE_OFFICER};
    struct command cmd = command_of(
        w,
        (enum event_kind)(EVENT_APPROVE + desk_dice(w, EVENT_REVEAL - EVENT_APPROVE + 1)),
        n);

    (void)snprintf(id, sizeof(id), "r%llu", (unsigned long long)desk_dice(w, 400));
    (void)snprintf(text, sizeof(text), "text %llu", (unsigned long long)desk_dice(w, 30));
    cmd.into = into->n;
    cmd.into_version = into->version;
    cmd.before = desk_dice(w, 2) == 0 ? into->n : 0;
    if (roll < 60)
        (void)desk_do(w, &cmd);
    else if (roll < 75)
        (void)undo(w, queue_seq(w->q) - desk_dice(w, 30));
    else if (roll < 80)
        (void)take_back(w, id);
    else if (roll < 90)
        (void)desk_do(w, &next);
    else if (queue_count(w->q) < 40)
        (void)say(w, id, id, text);
}

static void
one_is_on_air_and_numbers_stay_whatever_people_do(void **state)
{
    struct desk w;

    (void)state;
    begin(&w, STATUS_NEW);
    for (int step = 0; step < 20000; step++) {
        size_t on_air = 0, queued = 0;
        const struct question *const *line;
        random_step(&w);
        for (size_t i = 0; i < queue_count(w.q); i++) {
            const struct question *it = queue_at(w.q, i);
            on_air += it->status == STATUS_ON_AIR;
            queued += it->status == STATUS_QUEUED;
            assert_int_equal(it->n, i + 1);
            assert_int_equal(it->no, i + 1);
            assert_int_equal(it->merged_into != 0, it->status == STATUS_MERGED);
            assert_true(it->count >= it->n_askers);
        }
        assert_int_equal(on_air, queue_on_air(w.q) != NULL);
        assert_int_equal(queued, queue_line(w.q, &line));
    }
    desk_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_acts_of_people_change_the_version),
        cmocka_unit_test(undo_keeps_the_askers_who_joined_meanwhile),
        cmocka_unit_test(undo_gives_a_claim_back_to_who_had_it_since_when_they_had_it),
        cmocka_unit_test(an_author_who_asks_again_is_no_longer_withdrawn),
        cmocka_unit_test(undo_does_not_bring_back_what_its_author_took_back),
        cmocka_unit_test(a_repeat_of_a_merged_question_joins_the_survivor),
        cmocka_unit_test(a_merge_counts_the_askers_that_are_not_kept),
        cmocka_unit_test(undo_does_not_put_a_second_question_on_air),
        cmocka_unit_test(undo_of_air_puts_the_one_before_back_on_air_and_on_the_stream),
        cmocka_unit_test(one_is_on_air_and_numbers_stay_whatever_people_do),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
