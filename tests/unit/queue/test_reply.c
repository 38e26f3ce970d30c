/* SPDX-License-Identifier: Apache-2.0 */
/* Replies of the program, as the state knows them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/queue_desk.h"

static struct command
reply(uint64_t n, enum reply_kind kind, enum reply_outcome outcome, const char *source)
{
    return (struct command){.kind = COMMAND_REPLY,
                            .role = ROLE_SYSTEM,
                            .actor = STR_LIT("system"),
                            .n = n,
                            .reply = kind,
                            .reply_outcome = outcome,
                            .source = str_from(source),
                            .reply_text = STR_LIT("№1")};
}

static struct command
by_person(enum role role, enum reply_outcome outcome, const char *source)
{
    struct command cmd = reply(0, REPLY_RECEIVED, outcome, source);

    cmd.role = role;
    cmd.actor = STR_LIT("user:b");
    return cmd;
}

static void
a_question_shows_what_became_of_each_reply(void **state)
{
    struct desk w;
    struct command cmd;

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", "когда", true);
    uint64_t version = queue_find(w.q, 1)->version;
    cmd = reply(1, REPLY_RECEIVED, REPLY_SENT, "t");
    assert_int_equal(desk_do(&w, &cmd), 0);
    assert_int_equal(queue_touched(w.q)->n_len, 1);
    assert_false(queue_touched(w.q)->source);
    cmd = reply(1, REPLY_ON_AIR, REPLY_DROPPED, "t");
    cmd.reason = STR_LIT("late");
    assert_int_equal(desk_do(&w, &cmd), 0);
    cmd = reply(1, REPLY_ON_AIR, REPLY_SENT, "u");
    assert_int_equal(desk_do(&w, &cmd), 0);
    const struct question *q = queue_find(w.q, 1);
    assert_int_equal(q->n_replies, 3);
    assert_int_equal(q->replies[1].outcome, REPLY_DROPPED);
    assert_string_equal(q->replies[1].reason, "late");
    assert_string_equal(q->replies[2].source, "u");
    assert_int_equal(q->version, version);
    desk_end(&w);
}

static void
a_refusal_stops_the_source_until_a_moderator_resumes_it(void **state)
{
    struct desk w;
    struct command cmd;

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", "когда", true);
    cmd = reply(1, REPLY_RECEIVED, REPLY_SENT, "t");
    assert_int_equal(desk_do(&w, &cmd), 0);
    cmd = reply(1, REPLY_RECEIVED, REPLY_REFUSED, "t");
    cmd.reply_detail = STR_LIT("banned");
    assert_int_equal(desk_do(&w, &cmd), 0);
    assert_true(queue_touched(w.q)->source);
    assert_int_equal(queue_find(w.q, 1)->n_replies, 1);
    assert_string_equal(queue_reply_stop(w.q, STR_LIT("t"))->detail, "banned");
    assert_null(queue_reply_stop(w.q, STR_LIT("u")));
    cmd = by_person(ROLE_VIEWER, REPLY_RESUMED, "t");
    assert_int_equal(desk_do(&w, &cmd), -1);
    assert_int_equal(w.err.code, ERR_PERM);
    cmd = by_person(ROLE_MODERATOR, REPLY_RESUMED, "t");
    assert_int_equal(desk_do(&w, &cmd), 0);
    assert_null(queue_reply_stop(w.q, STR_LIT("t")));
    assert_int_equal(desk_do(&w, &cmd), 1);
    cmd = by_person(ROLE_MODERATOR, REPLY_STOPPED, "t");
    assert_int_equal(desk_do(&w, &cmd), 0);
    assert_string_equal(queue_reply_stop(w.q, STR_LIT("t"))->by, "user:b");
    assert_int_equal(desk_do(&w, &cmd), 1);
    desk_end(&w);
}

static void
only_the_program_replies_and_only_to_questions(void **state)
{
    struct desk w;
    struct command cmd;

    (void)state;
    desk_begin(&w);
    cmd = reply(7, REPLY_RECEIVED, REPLY_SENT, "t");
    assert_int_equal(desk_do(&w, &cmd), -1);
    assert_int_equal(w.err.code, ERR_MISSING);
    cmd = reply(0, REPLY_RECEIVED, REPLY_SENT, "t");
    assert_int_equal(desk_do(&w, &cmd), -1);
    assert_int_equal(w.err.code, ERR_VALUE);
    cmd = by_person(ROLE_ADMIN, REPLY_REFUSED, "t");
    assert_int_equal(desk_do(&w, &cmd), -1);
    assert_int_equal(w.err.code, ERR_PERM);
    desk_end(&w);
}

static void
the_replies_of_a_question_are_bounded(void **state)
{
    static const char *const sources[] = {"a", "b", "c"};
    struct desk w;

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", "когда", true);
    for (size_t s = 0; s < 3; s++) {
        for (int k = 0; k < REPLY_KINDS; k++) {
            struct command cmd = reply(1, (enum reply_kind)k, REPLY_SENT, sources[s]);
            assert_int_equal(desk_do(&w, &cmd), 0);
        }
    }
    const struct question *q = queue_find(w.q, 1);
    assert_int_equal(q->n_replies, BOUNDS_QUESTION_REPLIES);
    assert_string_equal(q->replies[0].source, "b");
    assert_string_equal(q->replies[BOUNDS_QUESTION_REPLIES - 1].source, "c");
    desk_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_shows_what_became_of_each_reply),
        cmocka_unit_test(a_refusal_stops_the_source_until_a_moderator_resumes_it),
        cmocka_unit_test(only_the_program_replies_and_only_to_questions),
        cmocka_unit_test(the_replies_of_a_question_are_bounded),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
