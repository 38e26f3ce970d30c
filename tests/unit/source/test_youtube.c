/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "source/quota.h"
#include "source/youtube.h"
#include "support/sample.h"
#include "support/source_bench.h"

#define VIDEO "GET /videos"
#define CHAT  "GET /liveChat/messages"
#define SAY   "POST /liveChat/messages"

static void
serve(struct bench *b, const char *when, int status, const char *sample)
{
    char *body = sample_read("youtube", sample);
    mock_http_on(b->http, when, status, body);
    mem_free(body);
}

static void
start(struct bench *b, const char *target)
{
    b->hurry = true;
    bench_start(b, &(struct source_conf){.kind = "youtube",
                                         .url = mock_http_url(b->http),
                                         .target = target,
                                         .api_key = "k3y",
                                         .enabled = true});
}

static void
a_chat_is_found_by_its_video_and_read_page_after_page(void **state)
{
    struct bench *b = *state;
    serve(b, VIDEO, 200, "video_live.json");
    serve(b, CHAT, 200, "page.json");
    serve(b, CHAT, 200, "page2.json");
    start(b, "https://www.youtube.com/live/dQw4w9WgXcQ?si=x");
    UNTIL(b, b->n_got >= 6);
    assert_string_equal(b->got.data, "Жол қашан жөнделеді?|когда починят свет|сәлем|"
                                     "-LCC.2|-author|рахмет|");
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    UNTIL(b, mock_http_times_asked(b->http, "pageToken=PAGE3") > 0);
    assert_int_equal(mock_http_times_asked(b->http, "pageToken=PAGE2"), 1);
    assert_true(mock_http_times_asked(b->http, "X-Goog-Api-Key: k3y") >= 3);
    assert_int_equal(mock_http_times_asked(b->http, "GET /liveChat/messages?key"), 0);
    assert_int_equal(bench_status(b).quota_of, 10000);
    assert_true(bench_status(b).quota_used >= 11);
}

static void
what_was_said_before_we_came_is_backlog_and_what_comes_is_not(void **state)
{
    struct bench *b = *state;
    serve(b, VIDEO, 200, "video_live.json");
    serve(b, CHAT, 200, "page2.json");
    serve(b, CHAT, 200, "page.json");
    start(b, "dQw4w9WgXcQ");
    UNTIL(b, b->n_got == 2);
    assert_true(b->backlog);
    UNTIL(b, b->n_got >= 3);
    assert_false(b->backlog);
}

static void
the_end_of_the_broadcast_ends_the_source(void **state)
{
    struct bench *b = *state;
    serve(b, VIDEO, 200, "video_live.json");
    serve(b, CHAT, 200, "page2.json");
    serve(b, CHAT, 200, "page_over.json");
    start(b, "dQw4w9WgXcQ");
    UNTIL(b, bench_state(b) == SOURCE_ENDED);
    assert_int_equal(b->n_got, 2);
}

static void
each_fault_has_its_state_and_code(void **state)
{
    static const struct {
        const char *when, *sample;
        int status;
        enum source_state state;
        const char *code, *says;
    } rows[] = {
        {VIDEO, "error_key.json", 400, SOURCE_REFUSED, "auth", "API key not valid"},
        {VIDEO, "error_quota.json", 403, SOURCE_CONNECTING, "quota", "midnight"},
        {VIDEO, "video_waiting.json", 200, SOURCE_CONNECTING, "waiting", "not begun"},
        {VIDEO, "video_over.json", 200, SOURCE_ENDED, "", ""},
        {VIDEO, "video_no_chat.json", 200, SOURCE_REFUSED, "join", "no live chat"},
        {VIDEO, "page_over.json", 200, SOURCE_REFUSED, "join", "dQw4w9WgXcQ"},
        {VIDEO, "error_ended.json", 500, SOURCE_ENDED, "", ""},
        {VIDEO, NULL, 200, SOURCE_CONNECTING, "closed", "not a JSON object"},
        {VIDEO, NULL, 429, SOURCE_CONNECTING, "limit", "slow down"},
        {VIDEO, NULL, 503, SOURCE_CONNECTING, "closed", "503"},
        {VIDEO, NULL, 403, SOURCE_REFUSED, "auth", "403"},
        {CHAT, "error_ended.json", 403, SOURCE_ENDED, "", ""},
        {CHAT, "error_quota.json", 403, SOURCE_CONNECTING, "quota", "midnight"},
        {CHAT, NULL, 200, SOURCE_CONNECTING, "closed", "not a JSON object"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        void *own = NULL;
        bench_setup(&own);
        struct bench *b = own;
        b->timing.backoff_least = b->timing.backoff_most = b->timing.wait = 60000;
        if (strcmp(rows[i].when, CHAT) == 0)
            serve(b, VIDEO, 200, "video_live.json");
        if (rows[i].sample != NULL)
            serve(b, rows[i].when, rows[i].status, rows[i].sample);
        else
            mock_http_on(b->http, rows[i].when, rows[i].status, "<html>");
        start(b, "dQw4w9WgXcQ");
        UNTIL(b, bench_state(b) == rows[i].state &&
                     strcmp(bench_status(b).code, rows[i].code) == 0 &&
                     mock_http_times_asked(b->http, rows[i].when) > 0);
        if (strstr(bench_status(b).reason, rows[i].says) == NULL)
            fail_msg("row %zu: '%s' does not say '%s'", i, bench_status(b).reason,
                     rows[i].says);
        bench_teardown(&own);
    }
}

static void
a_lost_answer_is_asked_for_again_from_the_same_place(void **state)
{
    struct bench *b = *state;
    serve(b, VIDEO, 200, "video_live.json");
    serve(b, CHAT, 200, "page2.json");
    char *body = sample_read("youtube", "page.json");
    mock_http_answer(b->http,
                     &(struct mock_answer){
                         .when = CHAT, .status = 200, .body = body, .fault = MOCK_CUT});
    serve(b, CHAT, 200, "page.json");
    mem_free(body);
    start(b, "dQw4w9WgXcQ");
    UNTIL(b, b->n_got >= 6);
    assert_int_equal(mock_http_times_asked(b->http, VIDEO), 1);
    assert_int_equal(mock_http_times_asked(b->http, "pageToken=PAGE3"), 2);
    assert_true(bench_status(b).reconnects >= 1);
}

static void
a_full_sink_delays_the_next_page_and_loses_nothing(void **state)
{
    struct bench *b = *state;
    b->room = 1;
    serve(b, VIDEO, 200, "video_live.json");
    serve(b, CHAT, 200, "page.json");
    serve(b, CHAT, 200, "page2.json");
    start(b, "dQw4w9WgXcQ");
    UNTIL(b, b->n_got == 1);
    for (int i = 0; i < 20; i++)
        bench_turn(b);
    assert_int_equal(mock_http_times_asked(b->http, CHAT), 1);
    b->room = 100;
    source_resume(b->source);
    UNTIL(b, b->n_got >= 6);
}

static void
what_people_paste_becomes_an_id_or_a_clear_error(void **state)
{
    static const struct {
        const char *text, *id;
    } rows[] = {
        {"dQw4w9WgXcQ", "dQw4w9WgXcQ"},
        {"https://youtu.be/dQw4w9WgXcQ", "dQw4w9WgXcQ"},
        {"https://youtu.be/dQw4w9WgXcQ?t=3", "dQw4w9WgXcQ"},
        {"http://m.youtube.com/watch?v=dQw4w9WgXcQ&feature=share", "dQw4w9WgXcQ"},
        {"https://www.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ", "dQw4w9WgXcQ"},
        {"youtube.com/live/dQw4w9WgXcQ", "dQw4w9WgXcQ"},
        {"https://studio.youtube.com/video/dQw4w9WgXcQ/livestreaming", "dQw4w9WgXcQ"},
        {"mine", "mine"},
        {"dQw4w9WgXc", NULL},
        {"dQw4w9WgXcQQ", NULL},
        {"dQw4w9WgXcQ ", NULL},
        {"https://www.youtube.com/@police", NULL},
        {"https://evil.example/dQw4w9WgXcQ", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out = BUF_INIT;
        struct err e = ERR_INIT;
        int ret = youtube_target(str_from(rows[i].text), &out, &e);
        if ((ret == 0) != (rows[i].id != NULL) ||
            (ret == 0 && strcmp(out.data, rows[i].id) != 0))
            fail_msg("'%s' became '%s'", rows[i].text, ret == 0 ? out.data : e.msg);
        buf_fini(&out);
    }
}

static void
a_quota_is_spread_over_the_broadcast_and_comes_back_the_next_day(void **state)
{
    const int64_t noon = INT64_C(1795348800000),
                  hour = 3600000; /* 2026-11-22 12:00 UTC */
    struct quota q = {.limit = 100};
    (void)state;
    assert_int_equal(quota_interval_ms(&q, noon, 5, hour, 1000), hour / 20);
    quota_spend(&q, noon, 50);
    assert_int_equal(quota_interval_ms(&q, noon, 5, hour, 1000), hour / 10);
    assert_int_equal(quota_interval_ms(&q, noon, 5, 0, 1000), 1000);
    quota_spend(&q, noon, 48);
    assert_int_equal(quota_reset_in_ms(noon), 20 * hour);
    assert_int_equal(quota_interval_ms(&q, noon, 5, hour, 1000), 20 * hour);
    assert_int_equal(quota_left(&q, noon), 2);
    assert_int_equal(quota_left(&q, noon + 20 * hour), 100);
}

static void
without_a_key_or_a_token_it_is_refused_at_once(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    assert_null(source_new(&b->env, &(struct source_conf){.kind = "youtube"}, &e));
    assert_non_null(strstr(e.msg, "api_key_file"));
}

static void
a_signed_in_account_answers_until_it_is_refused(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    char path[] = "/tmp/suraq-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, "t0ken", 5) == 5);
    close(fd);
    serve(b, VIDEO, 200, "video_live.json");
    serve(b, CHAT, 200, "page2.json");
    mock_http_on(b->http, SAY, 200, "{\"id\":\"own\"}");
    mock_http_on(b->http, SAY, 403,
                 "{\"error\":{\"code\":403,\"message\":\"no\",\"errors\":[{\"reason\":"
                 "\"forbidden\"}]}}");
    bench_start(b, &(struct source_conf){.kind = "youtube",
                                         .url = mock_http_url(b->http),
                                         .target = "dQw4w9WgXcQ",
                                         .token_file = path,
                                         .enabled = true});
    UNTIL(b, source_can_send(b->source));
    assert_int_equal(source_send(b->source, STR_LIT("№1 \"жауап\""), STR_NONE, &e), 0);
    UNTIL(b, b->told.len > 0);
    assert_string_equal(b->told.data, "1:0:|");
    assert_int_equal(
        mock_http_times_asked(b->http, "\"messageText\":\"№1 \\\"жауап\\\"\""), 1);
    assert_int_equal(mock_http_times_asked(b->http, "Authorization: Bearer t0ken") > 0,
                     1);
    assert_true(bench_status(b).quota_used >= 50);
    assert_int_equal(source_send(b->source, STR_LIT("екі"), STR_NONE, &e), 0);
    UNTIL(b, !source_can_send(b->source));
    assert_string_equal(bench_status(b).code, "muted");
    unlink(path);
}

static void
an_earlier_run_is_taken_up_where_it_was(void **state)
{
    struct bench *b = *state;
    char place[256];
    serve(b, VIDEO, 200, "video_live.json");
    serve(b, CHAT, 200, "page.json");
    start(b, "dQw4w9WgXcQ");
    UNTIL(b, source_place(b->source)[0] != '\0');
    (void)snprintf(place, sizeof(place), "%s", source_place(b->source));
    assert_int_equal(strncmp(place, "dQw4w9WgXcQ ", 12), 0);
    source_close(&b->source);
    unsigned looked_up = mock_http_times_asked(b->http, VIDEO);
    struct source_conf conf = {.kind = "youtube",
                               .url = mock_http_url(b->http),
                               .target = "dQw4w9WgXcQ",
                               .api_key = "k3y",
                               .enabled = true};
    struct err e = ERR_INIT;
    b->source = source_new(&b->env, &conf, &e);
    source_resume_at(b->source, place);
    source_start(b->source);
    b->n_got = 0;
    UNTIL(b, b->n_got > 0);
    assert_false(b->backlog);
    assert_int_equal(mock_http_times_asked(b->http, VIDEO), looked_up);
    assert_int_equal(source_retarget(b->source, "aaaaaaaaaaa", &e), 0);
    UNTIL(b, mock_http_times_asked(b->http, VIDEO) > looked_up);
}

static void
ten_silent_minutes_are_stood(void **state)
{
    struct bench *b = *state;
    serve(b, VIDEO, 200, "video_live.json");
    serve(b, CHAT, 200, "page_none.json");
    start(b, "dQw4w9WgXcQ");
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    bench_silence(b, NULL);
    assert_int_equal(mock_http_times_asked(b->http, VIDEO), 1);
}

static void
nobody_takes(void *arg, const struct message *m)
{
    (void)arg;
    (void)m;
}

static void
an_interval_that_cannot_be_meant_is_none(void **state)
{
    static const struct {
        const char *said;
        int64_t ms;
    } rows[] = {
        {"5000", 5000}, {"600000", 600000}, {"600001", 0}, {"9223372036854775807", 0},
        {"-1", 0},      {"\"x\"", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct youtube_page page = {.next = BUF_INIT};
        struct buf body = BUF_INIT;
        struct err e = ERR_INIT;
        buf_addf(&body, "{\"items\":[],\"pollingIntervalMillis\":%s}", rows[i].said);
        assert_int_equal(youtube_read_page(buf_str(&body), false,
                                           (struct message_taker){.take = nobody_takes},
                                           &page, &e),
                         0);
        if (page.poll_ms != rows[i].ms)
            fail_msg("%s became %lld", rows[i].said, (long long)page.poll_ms);
        buf_fini(&page.next);
        buf_fini(&body);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define BENCH_TEST(name) \
    cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
        cmocka_unit_test(an_interval_that_cannot_be_meant_is_none),
        BENCH_TEST(a_chat_is_found_by_its_video_and_read_page_after_page),
        BENCH_TEST(what_was_said_before_we_came_is_backlog_and_what_comes_is_not),
        BENCH_TEST(the_end_of_the_broadcast_ends_the_source),
        cmocka_unit_test(each_fault_has_its_state_and_code),
        BENCH_TEST(a_lost_answer_is_asked_for_again_from_the_same_place),
        BENCH_TEST(a_full_sink_delays_the_next_page_and_loses_nothing),
        BENCH_TEST(a_signed_in_account_answers_until_it_is_refused),
        BENCH_TEST(an_earlier_run_is_taken_up_where_it_was),
        cmocka_unit_test(what_people_paste_becomes_an_id_or_a_clear_error),
        cmocka_unit_test(
            a_quota_is_spread_over_the_broadcast_and_comes_back_the_next_day),
        BENCH_TEST(without_a_key_or_a_token_it_is_refused_at_once),
        BENCH_TEST(ten_silent_minutes_are_stood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
