/* SPDX-License-Identifier: Apache-2.0 */
/* What people want beside the acts: who may, from where, and what comes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/queue_desk.h"

static const struct verdict plain = {
    .lang = LANG_KK, .masked = STR_LIT("қашан"), .key = STR_LIT("қашан")};

static void
must(struct desk *w, struct command cmd)
{
    if (cmd.role == 0)
        cmd.role = ROLE_ADMIN;
    if (desk_do(w, &cmd) != 0)
        fail_msg("refused: %s", w->err.msg);
}

static void
must_act(struct desk *w, enum event_kind kind, uint64_t n)
{
    if (desk_act(w, kind, n, ROLE_ADMIN) != 0)
        fail_msg("refused: %s", w->err.msg);
}

/* Question 1 is on air, 2 is queued; message 7 is no question. */
static void
begin(struct desk *w)
{
    desk_begin(w);
    (void)desk_say(w, "m1", "a", "one", true);
    (void)desk_say(w, "m2", "b", "two", true);
    must_act(w, EVENT_APPROVE, 1);
    must_act(w, EVENT_APPROVE, 2);
    must_act(w, EVENT_AIR, 1);
    assert_int_equal(desk_line(w, "m3", "c", &plain), 0);
    assert_int_equal(queue_seq(w->q), 7);
}

static void
each_command_is_for_those_whose_work_it_is(void **state)
{
    static const struct {
        struct command cmd;
        const char *roles; /* a: admin, m: moderator, o: officer, v, l: overlay, i, s */
    } rows[] = {
        {{.kind = COMMAND_NEXT}, "amo"},
        {{.kind = COMMAND_OVERLAY, .n = 1}, "amos"},
        {{.kind = COMMAND_UNDO, .undo_seq = 6}, "amo"},
        {{.kind = COMMAND_ASK, .mid = 7, .verdict = &plain}, "am"},
        {{.kind = COMMAND_CREATE, .text = {STR_LIT("x")}, .verdict = &plain}, "am"},
        {{.kind = COMMAND_MUTE, .source = STR_LIT("t"), .muted = true}, "am"},
        {{.kind = COMMAND_SOURCE, .source = STR_LIT("t")}, "as"},
        {{.kind = COMMAND_BROADCAST, .broadcast_op = BROADCAST_END}, "ams"},
        {{.kind = COMMAND_FILTERS, .filters = 2}, "amovlis"},
    };
    static const enum role roles[] = {ROLE_ADMIN,  ROLE_MODERATOR, ROLE_OFFICER,
                                      ROLE_VIEWER, ROLE_OVERLAY,   ROLE_INTAKE,
                                      ROLE_SYSTEM};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (size_t r = 0; r < sizeof(roles) / sizeof(roles[0]); r++) {
            struct desk w;
            struct command cmd = rows[i].cmd;
            begin(&w);
            cmd.role = roles[r];
            bool may = strchr(rows[i].roles, "amovlis"[r]) != NULL;
            int rc = desk_do(&w, &cmd);
            if ((rc == 0) != may)
                fail_msg("row %zu, %s: %s", i, role_name(roles[r]), w.err.msg);
            if (!may)
                assert_int_equal(w.err.code, ERR_PERM);
            desk_end(&w);
        }
    }
}

static void
a_line_becomes_a_question_once(void **state)
{
    struct desk w;
    struct command ask = {
        .kind = COMMAND_ASK, .mid = 7, .verdict = &plain, .role = ROLE_MODERATOR};

    (void)state;
    begin(&w);
    assert_int_equal(desk_do(&w, &ask), 0);
    const struct question *item = queue_find(w.q, 3);
    assert_true(item->question);
    assert_string_equal(item->original, "қашан");
    assert_string_equal(item->text[0], "қашан");
    assert_string_equal(item->askers[0].name, "c");
    assert_int_equal(item->count, 1);
    assert_int_equal(queue_message(w.q, 7)->n, 3);
    assert_int_equal(desk_do(&w, &ask), -1);
    assert_int_equal(w.err.code, ERR_BAD_STATE);
    ask.mid = 3; /* an act, not a line */
    assert_int_equal(desk_do(&w, &ask), -1);
    ask.mid = 999;
    assert_int_equal(desk_do(&w, &ask), -1);
    assert_int_equal(w.err.code, ERR_MISSING);
    desk_end(&w);
}

static void
a_question_by_hand_has_the_words_it_was_given(void **state)
{
    struct desk w;
    struct command create = {.kind = COMMAND_CREATE,
                             .role = ROLE_MODERATOR,
                             .author_name = STR_LIT("Асель"),
                             .text = {STR_NONE, STR_LIT("когда"), STR_LIT("when")},
                             .verdict = &plain};

    (void)state;
    begin(&w);
    assert_int_equal(desk_do(&w, &create), 0);
    const struct question *item = queue_find(w.q, 3);
    assert_null(item->text[0]);
    assert_string_equal(item->text[1], "когда");
    assert_string_equal(item->text[2], "when");
    assert_string_equal(item->source, "");
    assert_string_equal(item->askers[0].name, "Асель");
    assert_int_equal(item->no, 3);
    create.text[1] = STR_LIT(" \t");
    create.text[2] = STR_NONE;
    assert_int_equal(desk_do(&w, &create), -1);
    assert_int_equal(w.err.code, ERR_VALUE);
    desk_end(&w);
}

/* Question 3 comes out of the register of broadcast 1 and is on air in broadcast 2, where
 * 4 is queued, 5 new, 6 answered and 7 rejected. */
static void
begin_second(struct desk *w)
{
    static const char *const texts[] = {"four", "five", "six", "seven"};

    begin(w);
    (void)desk_say(w, "m4", "d", "three", true);
    must_act(w, EVENT_FOLLOW_UP, 3);
    must(w, (struct command){.kind = COMMAND_BROADCAST,
                             .broadcast_op = BROADCAST_END,
                             .open_items = OPEN_REJECT});
    desk_expect(w, 1, STATUS_REJECTED);
    desk_expect(w, 2, STATUS_REJECTED);
    desk_expect(w, 3, STATUS_FOLLOW_UP);
    must(w, (struct command){.kind = COMMAND_BROADCAST, .broadcast_op = BROADCAST_START});
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(desk_say(w, texts[i], "a", texts[i], true), 0);
    must_act(w, EVENT_APPROVE, 3);
    must_act(w, EVENT_APPROVE, 4);
    must_act(w, EVENT_APPROVE, 6);
    must_act(w, EVENT_ANSWER, 6);
    must_act(w, EVENT_REJECT, 7);
    must_act(w, EVENT_AIR, 3);
    must(w, (struct command){.kind = COMMAND_OVERLAY, .n = 3});
}

static void
the_end_of_a_broadcast_settles_all_that_is_open(void **state)
{
    static const struct {
        enum broadcast_open_items open;
        enum status to[5]; /* of 3 to 7 */
    } rows[] = {
        {OPEN_CARRY,
         {STATUS_QUEUED, STATUS_QUEUED, STATUS_NEW, STATUS_ANSWERED, STATUS_REJECTED}},
        {OPEN_FOLLOW_UP,
         {STATUS_FOLLOW_UP, STATUS_FOLLOW_UP, STATUS_FOLLOW_UP, STATUS_ANSWERED,
          STATUS_REJECTED}},
        {OPEN_REJECT,
         {STATUS_REJECTED, STATUS_REJECTED, STATUS_REJECTED, STATUS_ANSWERED,
          STATUS_REJECTED}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct desk w;
        begin_second(&w);
        must(&w, (struct command){.kind = COMMAND_BROADCAST,
                                  .broadcast_op = BROADCAST_END,
                                  .open_items = rows[i].open});
        for (uint64_t n = 3; n <= 7; n++)
            desk_expect(&w, n, rows[i].to[n - 3]);
        bool carried = rows[i].open == OPEN_CARRY;
        assert_null(queue_on_air(w.q));
        assert_int_equal(queue_overlay(w.q), 0);
        assert_int_equal(queue_position(w.q, 3), carried ? 0 : SIZE_MAX);
        assert_int_equal(queue_position(w.q, 4), carried ? 1 : SIZE_MAX);
        assert_int_equal(queue_broadcasts(w.q), 3);
        assert_int_equal(queue_broadcast(w.q)->status, BROADCAST_PLANNED);
        assert_int_equal(queue_find(w.q, 5)->no, carried ? 3 : 2);
        assert_int_equal(queue_find(w.q, 5)->broadcast, carried ? 3 : 2);
        assert_int_equal(queue_broadcast(w.q)->questions, carried ? 3 : 0);
        desk_end(&w);
    }
}

static void
a_broadcast_starts_and_ends_once(void **state)
{
    struct desk w;
    struct command start = {
        .kind = COMMAND_BROADCAST, .broadcast_op = BROADCAST_START, .role = ROLE_ADMIN};
    struct command stop = {
        .kind = COMMAND_BROADCAST, .broadcast_op = BROADCAST_END, .role = ROLE_ADMIN};
    struct command open = {
        .kind = COMMAND_BROADCAST, .broadcast_op = BROADCAST_OPEN, .role = ROLE_ADMIN};

    (void)state;
    begin(&w);
    assert_int_equal(desk_do(&w, &open), 1);
    assert_int_equal(desk_do(&w, &start), -1);
    assert_int_equal(w.err.code, ERR_BAD_STATE);
    assert_int_equal(desk_do(&w, &stop), 0);
    assert_int_equal(desk_do(&w, &stop), -1);
    assert_int_equal(w.err.code, ERR_BAD_STATE);
    start.title = STR_LIT("Жол");
    assert_int_equal(desk_do(&w, &start), 0);
    assert_int_equal(queue_broadcast(w.q)->status, BROADCAST_LIVE);
    assert_string_equal(queue_broadcast(w.q)->title, "Жол");
    assert_int_equal(queue_broadcast_at(w.q, 0)->status, BROADCAST_ENDED);
    desk_end(&w);
}

static void
mute(struct desk *w, const char *author, bool muted)
{
    must(w, (struct command){.kind = COMMAND_MUTE,
                             .source = STR_LIT("t"),
                             .author_id = str_from(author),
                             .muted = muted});
}

static void
a_muted_authors_question_is_hidden_until_somebody_else_asks_it(void **state)
{
    struct desk w;

    (void)state;
    begin(&w);
    mute(&w, "b", true);
    assert_true(queue_find(w.q, 2)->muted);
    assert_int_equal(desk_say(&w, "m4", "b", "two more", true), 0);
    assert_int_equal(queue_count(w.q), 2); /* in the chat, no question */
    mute(&w, "b", false);
    assert_false(queue_find(w.q, 2)->muted);
    mute(&w, "b", true);
    assert_int_equal(desk_say(&w, "m5", "d", "two", true), 0);
    assert_false(queue_find(w.q, 2)->muted);
    mute(&w, "d", true);
    assert_true(queue_find(w.q, 2)->muted);
    mute(&w, "b", false);
    assert_false(queue_find(w.q, 2)->muted);
    desk_end(&w);
}

static void
a_source_is_remembered_by_its_name(void **state)
{
    struct desk w;
    struct command source = {.kind = COMMAND_SOURCE,
                             .source = STR_LIT("tw"),
                             .source_kind = STR_LIT("twitch"),
                             .target = STR_LIT("one"),
                             .source_url = STR_LIT("wss://x"),
                             .enabled = true};

    (void)state;
    begin(&w);
    must(&w, source);
    source.target = STR_LIT("two");
    source.source_url = STR_NONE;
    source.enabled = false;
    must(&w, source);
    assert_int_equal(queue_sources(w.q), 1);
    const struct queue_source *s = queue_source_at(w.q, 0);
    assert_string_equal(s->target, "two");
    assert_string_equal(s->url, "wss://x");
    assert_string_equal(s->kind, "twitch");
    assert_false(s->enabled);
    desk_end(&w);
}

static void
lines_are_taken_back_by_author_and_altogether(void **state)
{
    struct desk w;
    struct message m = {.kind = MESSAGE_DELETE_AUTHOR, .author_id = STR_LIT("b")};
    struct command gone = {
        .kind = COMMAND_MESSAGE, .source = STR_LIT("t"), .message = &m};

    (void)state;
    begin(&w);
    must(&w, gone);
    assert_true(queue_find(w.q, 2)->deleted);
    desk_expect(&w, 2, STATUS_NEW);
    assert_false(queue_find(w.q, 1)->deleted);
    m = (struct message){.kind = MESSAGE_DELETE_ALL};
    gone.source = STR_LIT("another chat");
    must(&w, gone);
    assert_false(queue_find(w.q, 1)->deleted);
    gone.source = STR_LIT("t");
    must(&w, gone);
    assert_true(queue_find(w.q, 1)->deleted);
    desk_expect(&w, 1, STATUS_ON_AIR); /* what is on air stays until a person acts */
    assert_true(queue_message(w.q, 7)->deleted);
    desk_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_command_is_for_those_whose_work_it_is),
        cmocka_unit_test(a_line_becomes_a_question_once),
        cmocka_unit_test(a_question_by_hand_has_the_words_it_was_given),
        cmocka_unit_test(the_end_of_a_broadcast_settles_all_that_is_open),
        cmocka_unit_test(a_broadcast_starts_and_ends_once),
        cmocka_unit_test(a_muted_authors_question_is_hidden_until_somebody_else_asks_it),
        cmocka_unit_test(a_source_is_remembered_by_its_name),
        cmocka_unit_test(lines_are_taken_back_by_author_and_altogether),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
