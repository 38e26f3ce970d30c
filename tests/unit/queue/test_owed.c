/* SPDX-License-Identifier: Apache-2.0 */
/* The register through its clocks on a fake calendar, and the promises board. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/mem.h"
#include "queue/promise.h"
#include "support/queue_desk.h"

#define NOON(day) ((day)*INT64_C(86400000) + 12 * 3600000)

static struct workdays_terms terms = {.answer_days = 15, .forward_days = 3};

static int64_t
day(const char *text)
{
    struct err e = ERR_INIT;
    int64_t d = 0;

    if (workdays_day(str_from(text), &d, &e) < 0)
        fail_msg("%s", e.msg);
    return d;
}

/* Question 1 is new on Monday, 5 January 2026; Wednesday the 7th is a holiday. */
static int
begin(void **state)
{
    struct desk *w = mem_zalloc(sizeof(*w));
    struct err e = ERR_INIT;

    (void)setenv("TZ", "UTC-5", 1);
    tzset();
    terms.calendar = workdays_parse("fake", STR_LIT("off: [2026-01-07, 2026-12-31]"), &e);
    assert_non_null(terms.calendar);
    desk_begin(w);
    w->now = NOON(day("2026-01-05"));
    assert_int_equal(desk_say(w, "m1", "a", "when", true), 0);
    *state = w;
    return 0;
}

static int
end(void **state)
{
    struct desk *w = *state;
    struct workdays *calendar = (struct workdays *)terms.calendar;

    workdays_free(&calendar);
    desk_end(w);
    mem_free(w);
    return 0;
}

static const struct question *
one(const struct desk *w)
{
    return queue_find(w->q, 1);
}

static int
act(struct desk *w, struct command cmd)
{
    cmd.kind = COMMAND_ACT;
    cmd.n = 1;
    cmd.version = one(w)->version;
    cmd.role = ROLE_MODERATOR;
    cmd.terms = &terms;
    return desk_do(w, &cmd);
}

static void
must(struct desk *w, struct command cmd)
{
    if (act(w, cmd) != 0)
        fail_msg("refused: %s", w->err.msg);
}

static void
must_not(struct desk *w, struct command cmd, enum err_code code)
{
    assert_int_equal(act(w, cmd), -1);
    if (w->err.code != code)
        fail_msg("%d instead of %d: %s", w->err.code, code, w->err.msg);
}

static void
undo(struct desk *w)
{
    struct command cmd = {
        .kind = COMMAND_UNDO, .role = ROLE_MODERATOR, .undo_seq = queue_seq(w->q)};

    if (desk_do(w, &cmd) != 0)
        fail_msg("undo: %s", w->err.msg);
}

static void
the_term_is_counted_in_working_days_when_it_begins(void **state)
{
    struct desk *w = *state;

    must(w, (struct command){.act = EVENT_FOLLOW_UP});
    assert_string_equal(one(w)->due, "2026-01-27");
    assert_string_equal(one(w)->owed.forward_by, "2026-01-09");
    assert_int_equal(one(w)->owed.state, OWED_OPEN);
    assert_int_equal(one(w)->owed.at_ms, w->now);
    undo(w);
    assert_null(one(w)->due);
    assert_null(one(w)->owed.forward_by);
    assert_int_equal(one(w)->owed.at_ms, 0);
}

static void
a_given_date_moves_on_from_a_day_off(void **state)
{
    struct desk *w = *state;

    must_not(w, (struct command){.act = EVENT_FOLLOW_UP, .due = STR_LIT("tomorrow")},
             ERR_VALUE);
    must(w, (struct command){.act = EVENT_FOLLOW_UP, .due = STR_LIT("2026-01-17")});
    assert_string_equal(one(w)->due, "2026-01-19");
    must_not(w,
             (struct command){.act = EVENT_EXTEND,
                              .due = STR_LIT("2026-01-18"),
                              .reason = STR_LIT("expertise")},
             ERR_VALUE); /* it is due on the 19th already */
    must_not(w, (struct command){.act = EVENT_EXTEND, .due = STR_LIT("2026-02-01")},
             ERR_VALUE); /* why? */
    must(w, (struct command){.act = EVENT_EXTEND,
                             .due = STR_LIT("2026-01-31"),
                             .reason = STR_LIT("expertise")});
    assert_string_equal(one(w)->due, "2026-02-02");
    assert_string_equal(one(w)->owed.extended, "expertise");
    undo(w);
    assert_string_equal(one(w)->due, "2026-01-19");
    assert_null(one(w)->owed.extended);
}

static void
who_comes_back_into_the_register_keeps_the_first_date(void **state)
{
    struct desk *w = *state;

    must(w, (struct command){.act = EVENT_FOLLOW_UP});
    must(w, (struct command){.act = EVENT_APPROVE});
    w->now = NOON(day("2026-01-12"));
    must(w, (struct command){.act = EVENT_FOLLOW_UP});
    assert_string_equal(one(w)->due, "2026-01-27");
    assert_true(one(w)->owed.at_ms < NOON(day("2026-01-06")));
    must(w, (struct command){.act = EVENT_APPROVE});
    struct command stop = {.kind = COMMAND_BROADCAST,
                           .broadcast_op = BROADCAST_END,
                           .open_items = OPEN_FOLLOW_UP,
                           .terms = &terms,
                           .role = ROLE_MODERATOR};
    assert_int_equal(desk_say(w, "m2", "b", "where", true), 0);
    assert_int_equal(desk_do(w, &stop), 0);
    assert_string_equal(one(w)->due, "2026-01-27");
    assert_string_equal(queue_find(w->q, 2)->due, "2026-02-02");
    assert_int_equal(queue_find(w->q, 2)->owed.state, OWED_OPEN);
}

static const struct command forward = {
    .act = EVENT_FORWARD, .to = STR_LIT("mayor"), .note = STR_LIT("12-34")};
static const struct command extend = {
    .act = EVENT_EXTEND, .due = STR_LIT("2026-03-02"), .reason = STR_LIT("r")};
static const struct command assign = {.act = EVENT_ASSIGN, .unit = STR_LIT("traffic")};
static const struct command respond = {.act = EVENT_RESPOND, .written = STR_LIT("soon")};
static const struct command finish = {.act = EVENT_CLOSE, .note = STR_LIT("sent")};
static const struct command reopen = {.act = EVENT_REOPEN};

static void
each_state_allows_its_acts(void **state)
{
    static const struct {
        const struct command *to; /* into the state; NULL: it is open */
        enum owed_state state;
        bool forward, extend, assign, respond, finish, reopen;
    } rows[] = {
        {NULL, OWED_OPEN, true, true, true, true, true, false},
        {&forward, OWED_FORWARDED, true, true, true, true, true, true},
        {&respond, OWED_ANSWERED, false, false, true, true, true, true},
        {&finish, OWED_CLOSED, false, false, false, false, false, true},
    };
    struct desk *w = *state;

    must(w, (struct command){.act = EVENT_FOLLOW_UP});
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct {
            const struct command *cmd;
            bool may;
        } acts[] = {{&forward, rows[i].forward}, {&extend, rows[i].extend},
                    {&assign, rows[i].assign},   {&respond, rows[i].respond},
                    {&finish, rows[i].finish},   {&reopen, rows[i].reopen}};
        if (rows[i].to != NULL)
            must(w, *rows[i].to);
        for (size_t a = 0; a < sizeof(acts) / sizeof(acts[0]); a++) {
            assert_int_equal(one(w)->owed.state, rows[i].state);
            if (!acts[a].may) {
                must_not(w, *acts[a].cmd, ERR_BAD_STATE);
                continue;
            }
            must(w, *acts[a].cmd);
            undo(w);
        }
        if (rows[i].to != NULL)
            must(w, reopen);
    }
    assert_int_equal(one(w)->owed.state, OWED_OPEN);
}

static void
what_was_done_is_kept(void **state)
{
    struct desk *w = *state;

    must(w, (struct command){.act = EVENT_FOLLOW_UP});
    must(w, assign);
    assert_int_equal(act(w, assign), 1); /* it has that already */
    assert_string_equal(one(w)->unit, "traffic");
    must(w, (struct command){.act = EVENT_ASSIGN, .unit = STR_LIT(" ")});
    assert_null(one(w)->unit);
    must(w, forward);
    assert_string_equal(one(w)->owed.to, "mayor");
    assert_string_equal(one(w)->owed.closing, "12-34");
    assert_int_equal(one(w)->owed.settled_ms, w->now);
    must(w, reopen);
    assert_int_equal(one(w)->owed.settled_ms, 0);
    must(w, respond);
    assert_string_equal(one(w)->owed.written, "soon");
    must(w, finish);
    assert_int_equal(one(w)->owed.state, OWED_CLOSED);
    must(w, (struct command){.act = EVENT_APPEAL, .appeal = true});
    assert_true(one(w)->owed.appeal);
    assert_int_equal(act(w, (struct command){.act = EVENT_APPEAL, .appeal = true}), 1);
    undo(w);
    assert_false(one(w)->owed.appeal);
    must_not(w, (struct command){.act = EVENT_FORWARD, .to = STR_LIT("x")},
             ERR_BAD_STATE);
    assert_int_equal(one(w)->status, STATUS_FOLLOW_UP);
}

static void
its_history_is_the_numbers_of_its_acts(void **state)
{
    struct desk *w = *state;
    uint64_t first = queue_seq(w->q) + 1;

    must(w, (struct command){.act = EVENT_FOLLOW_UP});
    must(w, assign);
    (void)desk_say(w, "m2", "b", "where", true);
    must(w, (struct command){.act = EVENT_REVEAL});
    must(w, forward);
    undo(w);
    const uint64_t want[] = {first, first + 1, first + 3, first + 4, first + 5};
    assert_int_equal(one(w)->n_acts, 5);
    assert_memory_equal(one(w)->acts, want, sizeof(want));
    for (int i = 0; i < BOUNDS_ACTS + 5; i++)
        must(w, (struct command){.act = EVENT_APPEAL, .appeal = i % 2 == 0});
    assert_int_equal(one(w)->n_acts, BOUNDS_ACTS);
    assert_int_equal(one(w)->acts[BOUNDS_ACTS - 1], queue_seq(w->q));
}

/* --- promises */

static int
promise(struct desk *w, struct command cmd)
{
    cmd.kind = COMMAND_PROMISE;
    if (cmd.role == 0)
        cmd.role = ROLE_MODERATOR;
    return desk_do(w, &cmd);
}

static void
a_promise_is_stamped_with_who_and_when_it_was_made(void **state)
{
    struct desk *w = *state;
    const struct broadcast *now = queue_broadcast(w->q);

    assert_int_equal(promise(w, (struct command){.text = {STR_LIT(" we check ")},
                                                 .due = STR_LIT("2026-01-12"),
                                                 .unit = STR_LIT("traffic"),
                                                 .n = 1}),
                     0);
    const struct promise *p = queue_promise_at(w->q, 0);
    assert_int_equal(p->id, queue_seq(w->q));
    assert_string_equal(p->text, "we check");
    assert_string_equal(p->until, "2026-01-12");
    assert_string_equal(p->unit, "traffic");
    assert_string_equal(p->by, "user:a");
    assert_int_equal(p->n, 1);
    assert_int_equal(p->broadcast, 1);
    assert_int_equal(p->place_ms, w->now - now->started_at_ms);
    assert_int_equal(p->state, PROMISE_OPEN);
    assert_int_equal(one(w)->acts[one(w)->n_acts - 1], p->id);
}

static void
a_promise_is_kept_dropped_and_taken_up_again(void **state)
{
    struct desk *w = *state;

    assert_int_equal(promise(w, (struct command){.text = {STR_LIT("we check")}}), 0);
    struct command cmd = {.promise = queue_seq(w->q), .version = 1};
    cmd.promise_op = PROMISE_REOPEN;
    assert_int_equal(promise(w, cmd), -1);
    assert_int_equal(w->err.code, ERR_BAD_STATE);
    cmd.promise_op = PROMISE_DO;
    cmd.note = STR_LIT("repaired");
    assert_int_equal(promise(w, cmd), 0);
    const struct promise *p = queue_promise(w->q, cmd.promise);
    assert_int_equal(p->state, PROMISE_DONE);
    assert_string_equal(p->note, "repaired");
    assert_int_equal(promise(w, cmd), -1); /* somebody was faster */
    assert_int_equal(w->err.code, ERR_CONFLICT);
    cmd.version = 2;
    cmd.promise_op = PROMISE_REOPEN;
    assert_int_equal(promise(w, cmd), 0);
    cmd.version = 3;
    cmd.promise_op = PROMISE_EDIT;
    cmd.text[0] = STR_LIT("we repair");
    assert_int_equal(promise(w, cmd), 0);
    p = queue_promise(w->q, cmd.promise);
    assert_string_equal(p->text, "we repair");
    assert_string_equal(p->changed_by, "user:a");
    cmd.version = 4;
    cmd.promise_op = PROMISE_DROP;
    assert_int_equal(promise(w, cmd), 0);
    p = queue_promise(w->q, cmd.promise);
    assert_int_equal(p->state, PROMISE_DROPPED);
}

static void
a_promise_needs_words_and_a_moderator(void **state)
{
    static const struct {
        struct command cmd;
        enum err_code code;
    } rows[] = {
        {{.text = {STR_LIT("x")}, .role = ROLE_OFFICER}, ERR_PERM},
        {{.text = {STR_LIT("x")}, .role = ROLE_INTAKE}, ERR_PERM},
        {{.text = {STR_LIT("  ")}}, ERR_VALUE},
        {{.text = {STR_LIT("x")}, .due = STR_LIT("soon")}, ERR_VALUE},
        {{.text = {STR_LIT("x")}, .n = 99}, ERR_MISSING},
        {{.promise_op = PROMISE_DO, .promise = 99}, ERR_MISSING},
    };
    struct desk *w = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(promise(w, rows[i].cmd), -1);
        assert_int_equal(w->err.code, rows[i].code);
    }
    assert_int_equal(queue_promises(w->q), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_term_is_counted_in_working_days_when_it_begins),
        TEST(a_given_date_moves_on_from_a_day_off),
        TEST(who_comes_back_into_the_register_keeps_the_first_date),
        TEST(each_state_allows_its_acts),
        TEST(what_was_done_is_kept),
        TEST(its_history_is_the_numbers_of_its_acts),
        TEST(a_promise_is_stamped_with_who_and_when_it_was_made),
        TEST(a_promise_is_kept_dropped_and_taken_up_again),
        TEST(a_promise_needs_words_and_a_moderator),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
