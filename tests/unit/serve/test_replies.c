/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/mem.h"
#include "serve/replies.h"
#include "serve/reply_text.h"
#include "support/serve_world.h"

#define QUESTION "Когда починят светофор на улице Абая?"
#define KAZAKH   "Бағдаршамды қашан жөндейсіздер?"
#define URGENT   "Помогите, у соседей пожар, горит квартира!"

enum { DEADLINE_MS = 10000, PER_MINUTE = 6, PAUSE_MS = 15000 + 1 };

static struct world w;
static struct settings *settings;
static struct replies *replies;

/* The chats, as the replies see them. */
static struct {
    struct buf said; /* "source>line@text|" */
    uint64_t n[2];
    unsigned limit, again;
    bool down, silent;
    enum err_code fails;
    const char *refuses; /* what the platform says to the next line */
    enum source_outcome outcome;
} out;

static size_t
chat_of(const char *source)
{
    return strcmp(source, "chat") == 0 ? 0 : 1;
}

static bool
ready(void *arg, const char *source)
{
    (void)arg;
    (void)source;
    return !out.down;
}

static unsigned
limit(void *arg, const char *source)
{
    (void)arg;
    (void)source;
    return out.limit;
}

static uint64_t
last(void *arg, const char *source)
{
    (void)arg;
    return out.n[chat_of(source)];
}

static void
again(void *arg, const char *source)
{
    (void)arg;
    (void)source;
    out.again++;
}

static void
receipt(const char *source, enum source_outcome outcome, const char *reason)
{
    struct source_receipt r = {out.n[chat_of(source)], outcome, reason};

    replies_sent(replies, source, &r);
}

static int
send_line(void *arg, const char *source, struct str text, struct str reply_to,
          struct err *e)
{
    (void)arg;
    if (out.fails != ERR_NONE)
        return err_set(e, out.fails, "not this one");
    out.n[chat_of(source)]++;
    buf_addf(&out.said, "%s>%.*s@%.*s|", source, STR_ARG(reply_to), STR_ARG(text));
    if (out.refuses != NULL)
        receipt(source, out.outcome, out.refuses);
    else if (!out.silent)
        receipt(source, SOURCE_SENT, "");
    return 0;
}

static void
open_replies(const char *text)
{
    struct settings_errors errors = {NULL, 0};

    settings = settings_parse("s.yaml", str_from(text), NULL, &errors);
    assert_non_null(settings);
    struct replies_conf conf = {
        .settings = settings,
        .stream = w.stream,
        .clock = &w.clock,
        .out = {.ready = ready,
                .limit = limit,
                .send = send_line,
                .last = last,
                .again = again},
        .seed = 7,
    };
    replies = replies_new(&conf);
}

static int
setup(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR);
    memset(&out, 0, sizeof(out));
    world_begin(&w, NULL);
    open_replies("sources:\n"
                 "  - {kind: twitch, name: chat, channel: x, replies: {enabled: true}}\n"
                 "  - {kind: twitch, name: second, channel: y, replies: {enabled: true,"
                 " events: {received: false}}}\n"
                 "  - {kind: twitch, name: third, channel: z}\n");
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    replies_free(&replies);
    settings_free(&settings);
    buf_fini(&out.said);
    world_end(&w);
    return 0;
}

static void
settle_disk(void)
{
    int64_t end = clock_mono_ms(clock_system()) + DEADLINE_MS;

    while (stream_durable(w.stream) < queue_seq(stream_queue(w.stream)) &&
           clock_mono_ms(clock_system()) < end)
        world_turn(&w);
    assert_int_equal(stream_durable(w.stream), queue_seq(stream_queue(w.stream)));
}

/* Lets `ms` pass, then a turn; what was settled in it is journalled. */
static void
pass(int64_t ms)
{
    settle_disk();
    w.mono_ms += ms;
    w.wall_ms += ms;
    replies_turn(replies);
}

static void
act(enum event_kind kind, uint64_t n)
{
    struct err e = ERR_INIT;
    struct command cmd = {.kind = COMMAND_ACT,
                          .act = kind,
                          .role = ROLE_ADMIN,
                          .actor = STR_LIT("user:a"),
                          .reason = STR_LIT("spam"),
                          .n = n,
                          .version = queue_find(stream_queue(w.stream), n)->version};

    if (stream_do(w.stream, &cmd, NULL, &e) != 0)
        fail_msg("%s", e.msg);
}

static const char *
said(void)
{
    return out.said.data == NULL ? "" : out.said.data;
}

/* What question n shows of its reply i: "sent", "dropped:late". */
static void
expect(uint64_t n, size_t i, enum reply_kind kind, const char *want)
{
    const struct question *q = queue_find(stream_queue(w.stream), n);
    char got[64];

    assert_true(i < q->n_replies);
    const struct question_reply *r = &q->replies[i];
    (void)snprintf(got, sizeof(got), "%s%s%s", reply_outcome_name(r->outcome),
                   r->reason == NULL ? "" : ":", r->reason == NULL ? "" : r->reason);
    assert_int_equal(r->kind, kind);
    assert_string_equal(got, want);
}

static void
a_question_is_told_what_becomes_of_it_in_its_language(void **state)
{
    (void)state;
    (void)world_say(&w, "chat", "m1", "a", QUESTION);
    pass(0);
    assert_string_equal(said(), "");
    pass(PAUSE_MS);
    assert_string_equal(said(), "chat>m1@Ваш вопрос принят: №1.|");
    expect(1, 0, REPLY_RECEIVED, "sent");
    act(EVENT_APPROVE, 1);
    act(EVENT_AIR, 1);
    pass(PAUSE_MS);
    act(EVENT_ANSWER, 1);
    pass(PAUSE_MS);
    act(EVENT_FOLLOW_UP, 1);
    pass(PAUSE_MS);
    assert_string_equal(
        said(), "chat>m1@Ваш вопрос принят: №1.|chat>m1@Отвечаем в эфире на вопрос №1.|"
                "chat>m1@Ответ прозвучал на 0:15, вопрос №1.|"
                "chat>m1@На вопрос №1 ответим письменно.|");
    (void)world_say(&w, "chat", "m2", "b", KAZAKH);
    pass(PAUSE_MS);
    assert_non_null(strstr(said(), "chat>m2@Рақмет, сұрағыңыз тіркелді: №2.|"));
}

static void
who_reports_danger_is_told_first_to_call(void **state)
{
    (void)state;
    (void)world_say(&w, "chat", "m1", "a", QUESTION);
    (void)world_say(&w, "chat", "m2", "b", URGENT);
    pass(PAUSE_MS);
    assert_true(strncmp(said(), "chat>m2@Если есть опасность, звоните 102", 40) == 0);
    expect(2, 0, REPLY_URGENT, "sent");
}

static void
only_chats_that_want_it_get_it_and_each_once(void **state)
{
    (void)state;
    (void)world_say(&w, "third", "m1", "a", QUESTION);
    (void)world_say(&w, "second", "m2", "b", QUESTION);
    pass(PAUSE_MS);
    assert_string_equal(said(), "");
    (void)world_say(&w, "chat", "m3", "c", QUESTION);
    (void)world_say(&w, "chat", "m4", "d", QUESTION);
    assert_int_equal(queue_find(stream_queue(w.stream), 1)->count, 4);
    for (int i = 0; i < 3; i++)
        pass(PAUSE_MS);
    assert_string_equal(said(), "chat>m3@Ваш вопрос принят: №1.|");
    act(EVENT_APPROVE, 1);
    act(EVENT_AIR, 1);
    pass(PAUSE_MS);
    assert_non_null(strstr(said(), "chat>m3@Отвечаем в эфире на вопрос №1.|second>m2@"));
}

static void
the_cap_per_minute_holds_whatever_comes(void **state)
{
    static const struct {
        unsigned limit, most;
    } rows[] = {{0, PER_MINUTE}, {2, 2}};

    (void)state;
    for (int i = 0; i < 80; i++) {
        char id[16], text[96];
        (void)snprintf(id, sizeof(id), "m%d", i);
        (void)snprintf(text, sizeof(text), "Когда отремонтируют дом номер %d?", i);
        (void)world_say(&w, "chat", id, id, text);
    }
    for (size_t i = 0; i < 2; i++) {
        pass(PAUSE_MS * 2);
        out.limit = rows[i].limit;
        uint64_t before = out.n[0];
        for (int s = 0; s < 60; s++)
            pass(1000);
        assert_in_range(out.n[0] - before, 1, rows[i].most + 1);
    }
    /* What was not said in five minutes is not said any more. */
    pass(5 * 60000);
    uint64_t late = 0;
    for (uint64_t n = 1; n <= 80; n++) {
        const struct question *q = queue_find(stream_queue(w.stream), n);
        late += q->n_replies == 1 && q->replies[0].outcome == REPLY_DROPPED &&
                strcmp(q->replies[0].reason, "late") == 0;
    }
    assert_int_equal(late + out.n[0], 80);
}

static void
more_than_there_is_room_for_drops_the_oldest(void **state)
{
    (void)state;
    (void)world_say(&w, "chat", "u", "u", URGENT);
    for (int i = 0; i < BOUNDS_REPLIES + 1; i++) {
        char id[16], text[96];
        (void)snprintf(id, sizeof(id), "m%d", i);
        (void)snprintf(text, sizeof(text), "Когда отремонтируют дом номер %d?", i);
        (void)world_say(&w, "chat", id, id, text);
    }
    pass(0);
    assert_int_equal(queue_find(stream_queue(w.stream), 1)->n_replies, 0);
    expect(2, 0, REPLY_RECEIVED, "dropped:full");
    expect(3, 0, REPLY_RECEIVED, "dropped:full");
    assert_int_equal(queue_find(stream_queue(w.stream), 4)->n_replies, 0);
}

static void
what_is_no_longer_so_is_not_said(void **state)
{
    (void)state;
    (void)world_say(&w, "chat", "m1", "a", QUESTION);
    act(EVENT_REJECT, 1);
    pass(PAUSE_MS);
    expect(1, 0, REPLY_RECEIVED, "dropped:passed");
    (void)world_say(&w, "chat", "m2", "b", KAZAKH);
    act(EVENT_APPROVE, 2);
    act(EVENT_AIR, 2);
    pass(0);
    expect(2, 0, REPLY_RECEIVED, "dropped:replaced");
    act(EVENT_STOP, 2);
    pass(PAUSE_MS);
    expect(2, 1, REPLY_ON_AIR, "dropped:passed");
    assert_string_equal(said(), "");
}

static void
nothing_is_said_before_it_is_on_disk_or_while_the_chat_is_away(void **state)
{
    (void)state;
    w.hold = true;
    (void)world_say(&w, "chat", "m1", "a", QUESTION);
    w.mono_ms += PAUSE_MS;
    replies_turn(replies);
    assert_string_equal(said(), "");
    world_release(&w);
    out.down = true;
    pass(PAUSE_MS);
    assert_string_equal(said(), "");
    out.down = false;
    pass(PAUSE_MS);
    assert_string_equal(said(), "chat>m1@Ваш вопрос принят: №1.|");
}

static void
the_first_refusal_stops_the_chat_until_somebody_resumes_it(void **state)
{
    struct view_replies view;
    struct err e = ERR_INIT;

    (void)state;
    (void)world_say(&w, "chat", "m1", "a", QUESTION);
    (void)world_say(&w, "chat", "m2", "b", KAZAKH);
    out.refuses = "You are banned";
    out.outcome = SOURCE_FORBIDDEN;
    pass(PAUSE_MS);
    pass(PAUSE_MS);
    assert_int_equal(out.n[0], 1);
    expect(1, 0, REPLY_RECEIVED, "refused:refused");
    expect(2, 0, REPLY_RECEIVED, "dropped:stopped");
    replies_view(replies, "chat", &view);
    assert_string_equal(view.state, "stopped");
    assert_string_equal(view.detail, "You are banned");
    act(EVENT_APPROVE, 1);
    act(EVENT_AIR, 1);
    pass(PAUSE_MS);
    assert_int_equal(out.n[0], 1);
    struct command cmd = {.kind = COMMAND_REPLY,
                          .reply_outcome = REPLY_RESUMED,
                          .role = ROLE_MODERATOR,
                          .actor = STR_LIT("user:a"),
                          .source = STR_LIT("chat")};
    assert_int_equal(out.again, 0);
    assert_int_equal(stream_do(w.stream, &cmd, NULL, &e), 0);
    assert_int_equal(out.again, 1);
    replies_view(replies, "chat", &view);
    assert_string_equal(view.state, "on");
    out.refuses = NULL;
    act(EVENT_ANSWER, 1);
    pass(PAUSE_MS);
    assert_int_equal(out.n[0], 2);
    replies_view(replies, "third", &view);
    assert_string_equal(view.state, "off");
}

static void
a_second_word_on_what_was_taken_counts(void **state)
{
    struct view_replies view;

    (void)state;
    (void)world_say(&w, "chat", "m1", "a", QUESTION);
    pass(PAUSE_MS);
    expect(1, 0, REPLY_RECEIVED, "sent");
    receipt("chat", SOURCE_UNSENT, "duplicate");
    pass(0);
    expect(1, 0, REPLY_RECEIVED, "dropped:unsent");
    receipt("chat", SOURCE_FORBIDDEN, "Cannot send to channel");
    pass(0);
    expect(1, 0, REPLY_RECEIVED, "refused:refused");
    replies_view(replies, "chat", &view);
    assert_string_equal(view.state, "stopped");
}

static void
three_that_did_not_get_through_stop_the_chat(void **state)
{
    static const char *const texts[] = {QUESTION, KAZAKH, "Почему не работает лифт?"};
    struct view_replies view;

    (void)state;
    out.refuses = "is_sent: false";
    out.outcome = SOURCE_UNSENT;
    for (size_t i = 0; i < 3; i++) {
        char id[] = {'m', (char)('1' + i), '\0'};
        (void)world_say(&w, "chat", id, id, texts[i]);
        replies_view(replies, "chat", &view);
        assert_string_equal(view.state, "on");
        pass(PAUSE_MS);
    }
    expect(1, 0, REPLY_RECEIVED, "dropped:unsent");
    expect(3, 0, REPLY_RECEIVED, "refused:unsent");
    replies_view(replies, "chat", &view);
    assert_string_equal(view.state, "stopped");
}

static void
a_source_that_cannot_take_it_now_is_asked_again(void **state)
{
    (void)state;
    (void)world_say(&w, "chat", "m1", "a", QUESTION);
    out.fails = ERR_LIMIT;
    pass(PAUSE_MS);
    assert_int_equal(queue_find(stream_queue(w.stream), 1)->n_replies, 0);
    out.fails = ERR_NONE;
    out.silent = true;
    pass(PAUSE_MS);
    assert_int_equal(out.n[0], 1);
    assert_int_equal(queue_find(stream_queue(w.stream), 1)->n_replies, 0);
    pass(60001);
    expect(1, 0, REPLY_RECEIVED, "dropped:silent");
    (void)world_say(&w, "chat", "m2", "b", KAZAKH);
    out.fails = ERR_VALUE;
    pass(PAUSE_MS);
    expect(2, 0, REPLY_RECEIVED, "dropped:unsent");
}

static void
every_wording_is_one_short_line(void **state)
{
    (void)state;
    for (int kind = 0; kind < REPLY_KINDS; kind++) {
        for (int turn = 0; turn < 6; turn++) {
            struct buf text = BUF_INIT;
            struct reply_wish wish = {.kind = (enum reply_kind)kind,
                                      .kazakh = turn >= 3,
                                      .no = 12,
                                      .at_ms = 3725000,
                                      .turn = (uint64_t)turn};
            assert_true(reply_text(settings, &wish, &text));
            assert_null(strpbrk(text.data, "{}\n"));
            assert_true(kind == REPLY_URGENT ? strstr(text.data, "102") != NULL
                                             : strstr(text.data, "12") != NULL);
            assert_int_equal(strstr(text.data, "1:02:05") != NULL,
                             kind == REPLY_ANSWERED);
            const struct verdict *v = stream_judge(w.stream, buf_str(&text));
            if (v->question || v->urgent != NULL || v->held != NULL)
                fail_msg("taken for a question: %s", text.data);
            buf_reset(&text);
            wish.at_ms = -1;
            assert_int_equal(reply_text(settings, &wish, &text), kind != REPLY_ANSWERED);
            buf_fini(&text);
        }
    }
}

static void
settings_have_the_last_word_on_wordings_and_language(void **state)
{
    (void)state;
    replies_free(&replies);
    settings_free(&settings);
    open_replies(
        "replies: {language: kk, received: {kk: ['{no} бар', 'ия, {no}']}}\n"
        "sources:\n"
        "  - {kind: twitch, name: second, channel: x, replies: {enabled: true}}\n"
        "  - {kind: twitch, name: chat, channel: x,"
        " replies: {enabled: true, language: ru}}\n");
    (void)world_say(&w, "second", "m1", "a", QUESTION);
    pass(PAUSE_MS);
    (void)world_say(&w, "second", "m2", "b", KAZAKH);
    pass(PAUSE_MS);
    assert_string_equal(said(), "second>m1@1 бар|second>m2@ия, 2|");
    (void)world_say(&w, "chat", "m3", "b", KAZAKH);
    pass(PAUSE_MS);
    assert_non_null(strstr(said(), "chat>m3@Ваш вопрос принят: №2.|"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define REPLY_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        REPLY_TEST(a_question_is_told_what_becomes_of_it_in_its_language),
        REPLY_TEST(who_reports_danger_is_told_first_to_call),
        REPLY_TEST(only_chats_that_want_it_get_it_and_each_once),
        REPLY_TEST(the_cap_per_minute_holds_whatever_comes),
        REPLY_TEST(more_than_there_is_room_for_drops_the_oldest),
        REPLY_TEST(what_is_no_longer_so_is_not_said),
        REPLY_TEST(nothing_is_said_before_it_is_on_disk_or_while_the_chat_is_away),
        REPLY_TEST(the_first_refusal_stops_the_chat_until_somebody_resumes_it),
        REPLY_TEST(a_second_word_on_what_was_taken_counts),
        REPLY_TEST(three_that_did_not_get_through_stop_the_chat),
        REPLY_TEST(a_source_that_cannot_take_it_now_is_asked_again),
        REPLY_TEST(every_wording_is_one_short_line),
        REPLY_TEST(settings_have_the_last_word_on_wordings_and_language),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
