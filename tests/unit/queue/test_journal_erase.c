/* SPDX-License-Identifier: Apache-2.0 */
/* Retention: what was erased is nowhere any more, and what stays still verifies and
 * replays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "queue/queue.h"
#include "queue/retention.h"
#include "support/journal_room.h"

/* Open, and nothing written yet: the time for erasing. */
static void
open_only(struct journal_room *w)
{
    struct err e = ERR_INIT;

    w->journal = journal_sqlite_open(&w->conf, &e);
    if (w->journal == NULL)
        fail_msg("%s", e.msg);
}

static void
start(struct journal_room *w)
{
    struct err e = ERR_INIT;

    room_close(w);
    if (room_open(w, &e) < 0)
        fail_msg("%s", e.msg);
}

enum { LINES = 400 };

/* Broadcasts, and filters that people changed, hold no citizen's words. */
static enum event_kind
kind_of(int i)
{
    if (i % 40 == 1)
        return EVENT_BROADCAST;
    return i % 40 == 21 ? EVENT_FILTERS : EVENT_MESSAGE;
}

/* Lines of different sizes, some on overflow pages, the odd ones from before. */
static void
say_secrets(struct journal_room *w)
{
    struct event ev = EVENT_INIT;
    struct err e = ERR_INIT;

    (void)snprintf(ev.actor, sizeof(ev.actor), "source:t");
    for (int i = 1; i <= LINES; i++) {
        ev.kind = kind_of(i);
        ev.at_ms = i % 2 == 1 ? 1000 : 2000;
        buf_reset(&ev.body);
        for (int k = 0; k < 1 + i * i % 250; k++)
            buf_addf(&ev.body, "%s",
                     ev.kind != EVENT_MESSAGE ? "opened "
                     : i % 2 == 1             ? "a-secret-name "
                                              : "a-kept-name ");
        assert_int_equal(journal_append(w->journal, &ev, &e), 0);
    }
    event_fini(&ev);
    struct buf snapshot = BUF_INIT;
    buf_add_cstr(&snapshot, "snapshot of a-secret-name");
    journal_store_snapshot_take(w->journal, LINES, &snapshot);
}

static int
expect_erased(void *arg, const struct event *ev)
{
    (void)arg;
    assert_int_equal(ev->body.len == 0, ev->at_ms == 1000 && ev->kind == EVENT_MESSAGE);
    return 0;
}

static void
erased_text_is_in_no_file_and_the_chain_still_verifies(void **state)
{
    struct journal_room w;
    struct err e = ERR_INIT;
    struct buf bytes = BUF_INIT;
    uint64_t erased, broken, seq;

    (void)state;
    room_begin(&w);
    start(&w);
    say_secrets(&w);
    struct journal_head head = journal_head(w.journal);
    assert_int_equal(journal_erase(w.journal, 2000, NULL, &erased, &e),
                     -1); /* too late */
    room_close(&w);
    assert_true(room_has(&w, "a-secret-name"));

    open_only(&w);
    err_reset(&e);
    assert_int_equal(journal_erase(w.journal, 2000, NULL, &erased, &e), 0);
    assert_int_equal(erased, LINES / 2 - LINES / 20);
    assert_false(room_has(&w, "a-secret-name"));
    assert_true(room_has(&w, "a-kept-name"));
    assert_int_equal(journal_load_snapshot(w.journal, &seq, &bytes, &e), 1);
    assert_int_equal(journal_verify(w.journal, &head, &broken, NULL, &e), 0);
    assert_int_equal(journal_read(w.journal, 0, expect_erased, NULL, &e), 0);
    assert_int_equal(journal_erase(w.journal, 2000, NULL, &erased, &e), 0);
    assert_int_equal(erased, 0);
    start(&w);
    (void)room_append(&w, "{}");
    room_close(&w);
    assert_false(room_has(&w, "a-secret-name"));
    open_only(&w);
    assert_int_equal(journal_verify(w.journal, &head, &broken, NULL, &e), 0);
    buf_fini(&bytes);
    room_end(&w);
}

static void
an_interrupted_erasure_is_finished_the_next_time(void **state)
{
    struct journal_room w;
    struct err e = ERR_INIT;
    uint64_t erased;

    (void)state;
    room_begin(&w);
    start(&w);
    say_secrets(&w);
    room_close(&w);
    /* As after a kill between the commit and the rewriting of the file. */
    room_sql(&w, "PRAGMA secure_delete = OFF;"
                 "UPDATE body SET salt = NULL, data = NULL WHERE seq IN"
                 " (SELECT seq FROM header WHERE at < 2000 AND kind = 'message');"
                 "DELETE FROM snapshot; INSERT INTO meta VALUES('erasing', 1)");
    assert_true(room_has(&w, "a-secret-name"));
    open_only(&w);
    assert_int_equal(journal_erase(w.journal, 2000, NULL, &erased, &e), 0);
    assert_false(room_has(&w, "a-secret-name"));
    room_end(&w);
}

/* --- replay */

/* Decides, appends and applies, as the stream does. */
static void
act(struct journal_room *w, struct queue *q, struct command *cmd)
{
    struct event ev = EVENT_INIT;
    struct err e = ERR_INIT;

    cmd->first_lang = STR_LIT("kk");
    if (queue_decide(q, cmd, &ev, &e) != 0 || journal_append(w->journal, &ev, &e) < 0 ||
        queue_apply(q, &ev, &e) < 0)
        fail_msg("%s", e.msg);
    event_fini(&ev);
}

static void
ask(struct journal_room *w, struct queue *q, const char *text, int64_t at_ms)
{
    struct verdict v = {
        .question = true, .masked = str_from(text), .key = str_from(text)};
    struct message m = {.kind = MESSAGE_CHAT,
                        .id = str_from(text),
                        .author_id = STR_LIT("a"),
                        .author_name = STR_LIT("somebody"),
                        .text = str_from(text)};
    struct command cmd = {.kind = COMMAND_MESSAGE,
                          .at_ms = at_ms,
                          .role = ROLE_SYSTEM,
                          .actor = STR_LIT("source:t"),
                          .source = STR_LIT("t"),
                          .message = &m,
                          .verdict = &v};

    act(w, q, &cmd);
}

static void
do_act(struct journal_room *w, struct queue *q, enum event_kind kind, uint64_t n,
       int64_t at_ms)
{
    struct command cmd = {.kind = COMMAND_ACT,
                          .act = kind,
                          .at_ms = at_ms,
                          .role = ROLE_ADMIN,
                          .actor = STR_LIT("user:a"),
                          .n = n,
                          .version = queue_find(q, n)->version,
                          .text = {STR_LIT("a-secret-note")}};

    act(w, q, &cmd);
}

static void
end_broadcast(struct journal_room *w, struct queue *q, int64_t at_ms)
{
    struct command cmd = {.kind = COMMAND_BROADCAST,
                          .broadcast_op = BROADCAST_END,
                          .open_items = OPEN_CARRY,
                          .at_ms = at_ms,
                          .role = ROLE_ADMIN};

    act(w, q, &cmd);
}

static int
apply_one(void *arg, const struct event *ev)
{
    struct err e = ERR_INIT;

    if (queue_apply(arg, ev, &e) < 0)
        fail_msg("event %llu: %s", (unsigned long long)ev->seq, e.msg);
    return 0;
}

static struct queue *
erase_and_replay(struct journal_room *w, int64_t before_ms)
{
    uint64_t erased;
    struct err e = ERR_INIT;

    room_close(w);
    open_only(w);
    assert_int_equal(journal_erase(w->journal, before_ms, NULL, &erased, &e), 0);
    struct queue *q = queue_new(journal_key(w->journal));
    assert_int_equal(journal_read(w->journal, 0, apply_one, q, &e), 0);
    return q;
}

static struct queue *
begin(struct journal_room *w)
{
    struct command open = {.kind = COMMAND_BROADCAST, .at_ms = 100, .role = ROLE_SYSTEM};

    room_begin(w);
    start(w);
    struct queue *q = queue_new(journal_key(w->journal));
    act(w, q, &open);
    return q;
}

static void
acts_on_an_erased_question_do_not_bring_it_back(void **state)
{
    struct journal_room w;
    struct queue *q = begin(&w);

    (void)state;
    ask(&w, q, "a-secret-question", 1000);
    ask(&w, q, "another-secret", 1000);
    ask(&w, q, "kept", 2000);
    do_act(&w, q, EVENT_NOTE, 1, 1000);
    do_act(&w, q, EVENT_APPROVE, 1, 2000);
    do_act(&w, q, EVENT_APPROVE, 2, 2000);
    do_act(&w, q, EVENT_APPROVE, 3, 2000);
    do_act(&w, q, EVENT_AIR, 1, 2000);
    queue_free(&q);

    q = erase_and_replay(&w, 2000);
    assert_false(room_has(&w, "secret"));
    assert_int_equal(queue_count(q), 3);
    assert_int_equal(queue_find(q, 3)->no, 3);
    assert_int_equal(queue_position(q, 3), 0);
    assert_int_equal(queue_position(q, 1), SIZE_MAX);
    assert_int_equal(queue_position(q, 2), SIZE_MAX);
    assert_null(queue_on_air(q));
    assert_int_equal(queue_broadcast(q)->messages, 3);
    queue_free(&q);
    room_end(&w);
}

static void
a_number_is_not_given_again_after_its_question_was_erased(void **state)
{
    struct journal_room w;
    struct queue *q = begin(&w);

    (void)state;
    ask(&w, q, "a-secret-question", 1000);
    ask(&w, q, "another-secret", 1000);
    end_broadcast(&w, q, 1000);
    assert_int_equal(queue_find(q, 2)->no, 2); /* carried over, numbered again */
    queue_free(&q);

    q = erase_and_replay(&w, 2000);
    assert_int_equal(queue_broadcast(q)->id, 2);
    start(&w);
    ask(&w, q, "kept", 2000);
    assert_int_equal(queue_count(q), 3);
    assert_int_equal(queue_find(q, 3)->no, 3);
    assert_non_null(queue_find(q, 3)->original);
    queue_free(&q);
    room_end(&w);
}

/* Question 1 is owed, with 2 that was merged into it; 3 was closed. */
static void
what_is_still_owed_an_answer_keeps_its_words_until_it_is_closed(void **state)
{
    struct journal_room w;
    struct queue *q = begin(&w);
    struct retention_survey s;
    struct err e = ERR_INIT;
    uint64_t erased = 0;

    (void)state;
    ask(&w, q, "an-owed-question", 1000);
    ask(&w, q, "a-question-like-it", 1000);
    ask(&w, q, "a-secret-question", 1000);
    struct command merge = {.kind = COMMAND_ACT,
                            .act = EVENT_MERGE,
                            .n = 2,
                            .version = 1,
                            .into = 1,
                            .into_version = 1,
                            .at_ms = 1000,
                            .role = ROLE_MODERATOR};
    act(&w, q, &merge);
    do_act(&w, q, EVENT_FOLLOW_UP, 1, 1000);
    do_act(&w, q, EVENT_FOLLOW_UP, 3, 1000);
    do_act(&w, q, EVENT_RESTORE, 3, 1500);
    uint64_t askers = queue_find(q, 1)->count;
    queue_free(&q);
    room_close(&w);
    open_only(&w);

    assert_int_equal(retention_survey(w.journal, 2000, &s, &e), 0);
    assert_int_equal(s.n_rows, 1);
    assert_int_equal(s.rows[0].broadcast, 1);
    assert_int_equal(s.rows[0].questions, 1);
    assert_int_equal(s.rows[0].acts, 2);
    assert_int_equal(s.held, 4);
    assert_int_equal(s.erasable, 3);
    retention_survey_fini(&s);

    assert_int_equal(retention_erase(w.journal, 2000, &erased, &e), 0);
    assert_int_equal(erased, 3);
    assert_false(room_has(&w, "secret"));
    assert_true(room_has(&w, "an-owed-question"));
    q = queue_new(journal_key(w.journal));
    assert_int_equal(journal_read(w.journal, 0, apply_one, q, &e), 0);
    assert_string_equal(queue_find(q, 1)->original, "an-owed-question");
    assert_int_equal(queue_find(q, 1)->status, STATUS_FOLLOW_UP);
    assert_int_equal(queue_find(q, 1)->count, askers);
    start(&w);
    do_act(&w, q, EVENT_RESTORE, 1, 1600);
    queue_free(&q);

    room_close(&w);
    open_only(&w);
    assert_int_equal(retention_erase(w.journal, 2000, &erased, &e), 0);
    assert_int_equal(erased, 5);
    assert_false(room_has(&w, "an-owed-question"));
    room_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(erased_text_is_in_no_file_and_the_chain_still_verifies),
        cmocka_unit_test(an_interrupted_erasure_is_finished_the_next_time),
        cmocka_unit_test(acts_on_an_erased_question_do_not_bring_it_back),
        cmocka_unit_test(a_number_is_not_given_again_after_its_question_was_erased),
        cmocka_unit_test(what_is_still_owed_an_answer_keeps_its_words_until_it_is_closed),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
