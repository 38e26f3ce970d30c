/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "source/json.h"
#include "source/telegram.h"
#include "support/sample.h"
#include "support/source_bench.h"

#define TOKEN   "123:s3cret"
#define ME      "GET /bot" TOKEN "/getMe"
#define ADMINS  "GET /bot" TOKEN "/getChatAdministrators"
#define SAY     "POST /bot" TOKEN "/sendMessage"
#define UPDATES "GET /bot" TOKEN "/getUpdates"

static void
serve(struct bench *b, const char *when, int status, const char *sample)
{
    char *body = sample_read("telegram", sample);
    mock_http_on(b->http, when, status, body);
    mem_free(body);
}

static void
start(struct bench *b, const char *target)
{
    bench_start(b, &(struct source_conf){.kind = "telegram",
                                         .url = mock_http_url(b->http),
                                         .target = target,
                                         .secret = TOKEN,
                                         .enabled = true});
}

static void
lines_of_the_group_are_read_and_confirmed(void **state)
{
    struct bench *b = *state;
    serve(b, ME, 200, "me.json");
    serve(b, ADMINS, 200, "admins.json");
    serve(b, UPDATES, 200, "updates.json");
    serve(b, UPDATES, 200, "updates_none.json");
    start(b, "https://t.me/sko_efir");
    UNTIL(b, mock_http_times_asked(b->http, "offset=18") > 0);
    assert_string_equal(b->got.data, "Когда отремонтируют светофор?|эфир басталды|сурет|"
                                     "--1001234567890:345|Когда починят светофор?|");
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    assert_int_equal(b->at_ms, INT64_C(1787682960000));
}

static void
an_edit_takes_back_what_was_said_last(void **state)
{
    struct bench *b = *state;
    serve(b, ME, 200, "me.json");
    serve(b, ADMINS, 200, "admins.json");
    serve(b, UPDATES, 200, "updates_edited.json");
    serve(b, UPDATES, 200, "updates_edited.json"); /* as if it had not been confirmed */
    serve(b, UPDATES, 200, "updates_none.json");
    start(b, "https://t.me/sko_efir");
    UNTIL(b, mock_http_times_asked(b->http, "offset=33") >= 2);
    assert_string_equal(b->got.data,
                        "қашан|--1001234567890:7|қашан?|--1001234567890:7~31|"
                        "қашан жөнделеді?|");
}

static void
a_caption_that_is_taken_away_is_taken_back(void **state)
{
    struct bench *b = *state;
    serve(b, ME, 200, "me.json");
    serve(b, ADMINS, 200, "admins.json");
    serve(b, UPDATES, 200, "updates_wordless.json");
    serve(b, UPDATES, 200, "updates_none.json");
    start(b, "-1001234567890");
    UNTIL(b, mock_http_times_asked(b->http, UPDATES) > 1);
    assert_string_equal(b->got.data, "сурет|--1001234567890:350|");
}

static void
a_thread_under_a_post_is_all_that_is_read_when_it_is_named(void **state)
{
    struct bench *b = *state;
    serve(b, ME, 200, "me.json");
    serve(b, ADMINS, 200, "admins.json");
    serve(b, UPDATES, 200, "updates.json");
    serve(b, UPDATES, 200, "updates_none.json");
    start(b, "https://t.me/c/1234567890/340");
    UNTIL(b, mock_http_times_asked(b->http, "offset=18") > 0);
    assert_string_equal(b->got.data, "Когда отремонтируют светофор?|");
    assert_int_equal(mock_http_times_asked(b->http, "chat_id=-1001234567890 "), 1);
}

static void
a_bot_that_may_not_read_says_so(void **state)
{
    struct bench *b = *state;
    serve(b, ME, 200, "me_private.json");
    serve(b, ADMINS, 200, "admins.json");
    serve(b, UPDATES, 200, "updates_none.json");
    start(b, "@sko_efir");
    UNTIL(b, bench_state(b) == SOURCE_DEGRADED);
    assert_string_equal(bench_status(b).code, "privacy");
    assert_non_null(strstr(bench_status(b).reason, "@BotFather"));
    UNTIL(b, mock_http_times_asked(b->http, UPDATES) > 1);
}

static void
a_group_that_moves_is_followed(void **state)
{
    struct bench *b = *state;
    serve(b, ME, 200, "me.json");
    serve(b, ADMINS, 200, "admins.json");
    serve(b, UPDATES, 200, "updates_moved.json");
    serve(b, UPDATES, 200, "updates.json");
    serve(b, UPDATES, 200, "updates_none.json");
    start(b, "-55");
    UNTIL(b, b->n_got >= 5);
    assert_string_equal(source_target(b->source), "-1001234567890");
}

static void
each_fault_has_its_state_and_code(void **state)
{
    static const struct {
        const char *when;
        int status;
        const char *sample;
        enum source_state state;
        const char *code, *says;
    } rows[] = {
        {ME, 401, "unauthorized.json", SOURCE_REFUSED, "auth", "token"},
        {ADMINS, 400, "no_chat.json", SOURCE_REFUSED, "join", "chat not found"},
        {UPDATES, 409, "conflict.json", SOURCE_CONNECTING, "conflict", "somebody else"},
        {UPDATES, 429, "slow.json", SOURCE_CONNECTING, "limit", "slow down"},
        {UPDATES, 502, "updates_none.json", SOURCE_CONNECTING, "closed", "502"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        void *own = NULL;
        bench_setup(&own);
        struct bench *b = own;
        b->timing.backoff_least = b->timing.backoff_most = b->timing.wait = 60000;
        if (strcmp(rows[i].when, ME) != 0)
            serve(b, ME, 200, "me.json");
        if (strcmp(rows[i].when, UPDATES) == 0)
            serve(b, ADMINS, 200, "admins.json");
        serve(b, rows[i].when, rows[i].status, rows[i].sample);
        start(b, "@sko_efir");
        UNTIL(b, bench_state(b) == rows[i].state &&
                     strcmp(bench_status(b).code, rows[i].code) == 0);
        if (strstr(bench_status(b).reason, rows[i].says) == NULL ||
            strstr(bench_status(b).reason, "s3cret") != NULL)
            fail_msg("row %zu: '%s'", i, bench_status(b).reason);
        bench_teardown(&own);
    }
}

static void
what_people_paste_becomes_a_group_or_a_clear_error(void **state)
{
    static const struct {
        const char *text, *target;
    } rows[] = {
        {"@sko_efir", "@sko_efir"},
        {"sko_efir", "@sko_efir"},
        {"https://t.me/sko_efir", "@sko_efir"},
        {"t.me/sko_efir/340", "@sko_efir/340"},
        {"https://t.me/c/1234567890/340", "-1001234567890/340"},
        {"-1001234567890", "-1001234567890"},
        {"-1001234567890/340", "-1001234567890/340"},
        {"@no", NULL},
        {"https://example.kz/sko_efir", NULL},
        {"https://t.me/+AbCdEf", NULL},
        {"t.me/c/x/1", NULL},
        {"@sko_efir/x", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out = BUF_INIT;
        struct err e = ERR_INIT;
        int ret = telegram_target(str_from(rows[i].text), &out, &e);
        if ((ret == 0) != (rows[i].target != NULL) ||
            (ret == 0 && strcmp(out.data, rows[i].target) != 0))
            fail_msg("'%s' became '%s'", rows[i].text, ret == 0 ? out.data : e.msg);
        buf_fini(&out);
    }
}

static void
an_answer_goes_under_its_question_until_the_group_refuses(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    serve(b, ME, 200, "me.json");
    serve(b, ADMINS, 200, "admins.json");
    serve(b, UPDATES, 200, "updates_none.json");
    mock_http_on(b->http, SAY, 200, "{\"ok\":true,\"result\":{\"message_id\":9}}");
    mock_http_on(b->http, SAY, 400,
                 "{\"ok\":false,\"description\":\"Bad Request: not enough rights to send "
                 "text messages to the chat\"}");
    start(b, "-1001234567890");
    UNTIL(b, source_can_send(b->source));
    assert_int_equal(source_send(b->source, STR_LIT("№1 \"қабылданды\""),
                                 STR_LIT("-1001234567890:345"), &e),
                     0);
    UNTIL(b, b->told.len > 0);
    assert_string_equal(b->told.data, "1:0:|");
    assert_int_equal(
        mock_http_times_asked(b->http, "\"text\":\"№1 \\\"қабылданды\\\"\",\"chat_id\":"
                                       "-1001234567890,\"reply_parameters\":"
                                       "{\"message_id\":345"),
        1);
    assert_int_equal(source_send(b->source, STR_LIT("екі"), STR_NONE, &e), 0);
    UNTIL(b, !source_can_send(b->source));
    assert_string_equal(bench_status(b).code, "muted");
    assert_int_equal(source_send(b->source, STR_LIT("үш"), STR_NONE, &e), -1);
}

static void
ten_silent_minutes_are_stood(void **state)
{
    struct bench *b = *state;
    char *nothing = sample_read("telegram", "updates_none.json");
    serve(b, ME, 200, "me.json");
    serve(b, ADMINS, 200, "admins.json");
    mock_http_answer(b->http,
                     &(struct mock_answer){UPDATES, 200, NULL, nothing, MOCK_HOLD});
    start(b, "https://t.me/sko_efir");
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    bench_silence(b, NULL);
    mem_free(nothing);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define BENCH_TEST(name) \
    cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
        BENCH_TEST(lines_of_the_group_are_read_and_confirmed),
        BENCH_TEST(an_edit_takes_back_what_was_said_last),
        BENCH_TEST(a_caption_that_is_taken_away_is_taken_back),
        BENCH_TEST(a_thread_under_a_post_is_all_that_is_read_when_it_is_named),
        BENCH_TEST(a_bot_that_may_not_read_says_so),
        BENCH_TEST(a_group_that_moves_is_followed),
        BENCH_TEST(an_answer_goes_under_its_question_until_the_group_refuses),
        cmocka_unit_test(each_fault_has_its_state_and_code),
        cmocka_unit_test(what_people_paste_becomes_a_group_or_a_clear_error),
        BENCH_TEST(ten_silent_minutes_are_stood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
