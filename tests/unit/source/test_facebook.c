/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "source/facebook.h"
#include "source/sse.h"
#include "support/sample.h"
#include "support/source_bench.h"

#define COMMENTS "GET /9002000/comments"
#define STREAM   "GET /9002000/live_comments"

static void
serve(struct bench *b, const char *when, int status, const char *sample,
      enum mock_fault fault)
{
    char *body = sample_read("facebook", sample);
    mock_http_answer(b->http, &(struct mock_answer){.when = when,
                                                    .status = status,
                                                    .headers = "X-App-Usage: "
                                                               "{\"call_count\":28}\r\n",
                                                    .body = body,
                                                    .fault = fault});
    mem_free(body);
}

static void
start(struct bench *b, const char *target)
{
    bench_start(b, &(struct source_conf){.kind = "facebook",
                                         .url = mock_http_url(b->http),
                                         .target = target,
                                         .account = "555",
                                         .secret = "s3cret",
                                         .enabled = true});
}

static void
what_was_said_is_read_first_and_then_what_is_said_now(void **state)
{
    struct bench *b = *state;
    serve(b, "GET /555/live_videos", 200, "live.json", MOCK_FINE);
    serve(b, COMMENTS, 200, "comments.json", MOCK_FINE);
    serve(b, COMMENTS, 200, "comments2.json", MOCK_FINE);
    serve(b, STREAM, 200, "stream.txt", MOCK_STREAM);
    start(b, "live");
    UNTIL(b, b->n_got == 5);
    assert_string_equal(b->got.data, "Жол қашан жөнделеді?|без автора|сәлем|когда "
                                     "починят свет|camera|");
    assert_false(b->backlog);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    assert_int_equal(mock_http_times_asked(b->http, "after=PAGE2"), 1);
    UNTIL(b, bench_status(b).garbage == 1);
    assert_int_equal(bench_status(b).duplicates, 1);
    assert_int_equal(bench_status(b).quota_used, 28);
}

static void
a_stream_that_ends_is_opened_again_and_the_gap_is_closed(void **state)
{
    struct bench *b = *state;
    serve(b, COMMENTS, 200, "none.json", MOCK_FINE);
    serve(b, COMMENTS, 200, "comments2.json", MOCK_FINE);
    serve(b, STREAM, 200, "stream.txt", MOCK_STREAM);
    start(b, "9002000");
    UNTIL(b, mock_http_streams(b->http) == 1 && b->n_got == 2);
    mock_http_hang_up(b->http);
    UNTIL(b, mock_http_times_asked(b->http, STREAM) == 2);
    UNTIL(b, mock_http_times_asked(b->http, "since=") >= 1);
    assert_int_equal(b->n_got, 2);
    assert_true(bench_status(b).reconnects >= 1);
}

static void
a_page_that_names_itself_as_the_next_is_the_last(void **state)
{
    struct bench *b = *state;
    serve(b, COMMENTS, 200, "comments.json", MOCK_FINE); /* always: after PAGE2, PAGE2 */
    serve(b, STREAM, 200, "stream.txt", MOCK_STREAM);
    start(b, "9002000");
    UNTIL(b, mock_http_times_asked(b->http, STREAM) == 1 ||
                 mock_http_times_asked(b->http, "after=PAGE2") > 3);
    assert_int_equal(mock_http_times_asked(b->http, "after=PAGE2"), 1);
}

static void
a_platform_without_a_stream_is_polled(void **state)
{
    struct bench *b = *state;
    serve(b, COMMENTS, 200, "comments2.json", MOCK_FINE);
    serve(b, STREAM, 400, "error_missing.json", MOCK_FINE);
    start(b, "9002000");
    UNTIL(b, b->n_got == 1 && mock_http_times_asked(b->http, STREAM) == 1);
    for (int i = 0; i < 10; i++)
        bench_turn(b);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
}

static void
each_fault_has_its_state_and_code(void **state)
{
    static const struct {
        int status;
        const char *sample;
        enum source_state state;
        const char *code, *says;
    } rows[] = {
        {400, "error_token.json", SOURCE_REFUSED, "auth", "has expired"},
        {403, "error_right.json", SOURCE_REFUSED, "auth", "pages_read_engagement"},
        {400, "error_limit.json", SOURCE_CONNECTING, "limit", "request limit"},
        {400, "error_missing.json", SOURCE_REFUSED, "join", "no such video"},
        {500, "none.json", SOURCE_CONNECTING, "closed", "500"},
        {200, "stream.txt", SOURCE_CONNECTING, "closed", "not a JSON object"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        void *own = NULL;
        bench_setup(&own);
        struct bench *b = own;
        b->timing.backoff_least = b->timing.backoff_most = b->timing.wait = 60000;
        serve(b, COMMENTS, rows[i].status, rows[i].sample, MOCK_FINE);
        start(b, "https://www.facebook.com/police/videos/9002000/");
        bench_arm(b);
        UNTIL(b, bench_state(b) == rows[i].state &&
                     strcmp(bench_status(b).code, rows[i].code) == 0);
        if (strstr(bench_status(b).reason, rows[i].says) == NULL ||
            strstr(bench_status(b).reason, "s3cret") != NULL)
            fail_msg("row %zu: '%s'", i, bench_status(b).reason);
        bench_teardown(&own);
    }
}

static void
what_people_paste_becomes_a_video_or_a_clear_error(void **state)
{
    static const struct {
        const char *text, *id;
    } rows[] = {
        {"https://www.facebook.com/police.sko/videos/1234567890123/", "1234567890123"},
        {"https://www.facebook.com/p/videos/efir-politsii/1234567890123/",
         "1234567890123"},
        {"https://www.facebook.com/watch/live/?ref=x&v=1234567890", "1234567890"},
        {"https://m.facebook.com/watch/?v=1234567890&x=1", "1234567890"},
        {"1234567890", "1234567890"},
        {"live", "live"},
        {"page", "live"},
        {"https://www.facebook.com/police.sko", NULL},
        {"https://example.kz/videos/1234567890", NULL},
        {"12", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out = BUF_INIT;
        struct err e = ERR_INIT;
        int ret = facebook_target(str_from(rows[i].text), &out, &e);
        if ((ret == 0) != (rows[i].id != NULL) ||
            (ret == 0 && strcmp(out.data, rows[i].id) != 0))
            fail_msg("'%s' became '%s'", rows[i].text, ret == 0 ? out.data : e.msg);
        buf_fini(&out);
    }
}

static void
add_event(void *arg, struct str data)
{
    buf_addf(arg, "[%.*s]", STR_ARG(data));
}

static void
events_are_the_same_however_the_stream_is_cut(void **state)
{
    static const char stream[] =
        ": hello\r\n\r\ndata: one\n\ndata:two\r\ndata:  three\r\n"
        "event: x\r\n\r\nid: 7\rdata\rdata: four\r\r\n\ndata: left";
    (void)state;
    for (size_t cut = 1; cut < sizeof(stream); cut++) {
        struct sse s = {.cr = false};
        struct buf got = BUF_INIT;
        for (size_t at = 0; at < sizeof(stream) - 1; at += cut) {
            size_t left = sizeof(stream) - 1 - at;
            struct str piece = {stream + at, left < cut ? left : cut};
            sse_feed(&s, piece, add_event, &got);
        }
        assert_string_equal(got.data, "[one][two\n three][\nfour]");
        sse_fini(&s);
        buf_fini(&got);
    }
}

static void
an_event_without_an_end_is_passed_over_and_the_next_one_read(void **state)
{
    struct sse s = {.cr = false};
    struct buf got = BUF_INIT;
    char some[4096];
    (void)state;
    memset(some, 'a', sizeof(some));
    sse_feed(&s, STR_LIT("data: "), add_event, &got);
    for (size_t n = 0; n < 2 * (size_t)BOUNDS_FRAME; n += sizeof(some))
        sse_feed(&s, (struct str){some, sizeof(some)}, add_event, &got);
    assert_true(s.line.cap + s.data.cap < 4 * (size_t)BOUNDS_FRAME);
    sse_feed(&s, STR_LIT("\n\ndata: b\n\n"), add_event, &got);
    assert_string_equal(got.data, "[b]");
    sse_fini(&s);
    buf_fini(&got);
}

static void
an_answer_goes_under_its_comment_until_the_page_refuses(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    serve(b, "GET /555/live_videos", 200, "live.json", MOCK_FINE);
    serve(b, COMMENTS, 200, "none.json", MOCK_FINE);
    serve(b, STREAM, 200, "stream.txt", MOCK_STREAM);
    mock_http_on(b->http, "POST /77_1/comments", 200, "{\"id\":\"77_9\"}");
    mock_http_on(b->http, "POST /", 403,
                 "{\"error\":{\"message\":\"(#200) no permission\",\"code\":200}}");
    start(b, "live");
    UNTIL(b, source_can_send(b->source));
    assert_int_equal(
        source_send(b->source, STR_LIT("№1 & қабылданды"), STR_LIT("77_1"), &e), 0);
    UNTIL(b, b->told.len > 0);
    assert_string_equal(b->told.data, "1:0:|");
    assert_int_equal(mock_http_times_asked(b->http, "message=%E2%84%961%20%26%20"), 1);
    assert_int_equal(source_send(b->source, STR_LIT("екі"), STR_LIT("../me"), &e), 0);
    UNTIL(b, !source_can_send(b->source));
    assert_string_equal(bench_status(b).code, "muted");
    assert_int_equal(mock_http_times_asked(b->http, "POST /../"), 0);
}

static void
ping_the_stream(struct bench *b)
{
    mock_http_say(b->http, ": ping\n\n");
}

static void
ten_silent_minutes_are_stood(void **state)
{
    struct bench *b = *state;
    serve(b, COMMENTS, 200, "none.json", MOCK_FINE);
    mock_http_answer(b->http,
                     &(struct mock_answer){STREAM, 200, NULL, ": ping\n\n", MOCK_STREAM});
    start(b, "9002000");
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    bench_silence(b, ping_the_stream);
    assert_int_equal(mock_http_times_asked(b->http, STREAM), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define BENCH_TEST(name) \
    cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
        BENCH_TEST(what_was_said_is_read_first_and_then_what_is_said_now),
        BENCH_TEST(a_stream_that_ends_is_opened_again_and_the_gap_is_closed),
        BENCH_TEST(a_page_that_names_itself_as_the_next_is_the_last),
        BENCH_TEST(a_platform_without_a_stream_is_polled),
        BENCH_TEST(an_answer_goes_under_its_comment_until_the_page_refuses),
        cmocka_unit_test(each_fault_has_its_state_and_code),
        cmocka_unit_test(what_people_paste_becomes_a_video_or_a_clear_error),
        cmocka_unit_test(events_are_the_same_however_the_stream_is_cut),
        cmocka_unit_test(an_event_without_an_end_is_passed_over_and_the_next_one_read),
        BENCH_TEST(ten_silent_minutes_are_stood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
