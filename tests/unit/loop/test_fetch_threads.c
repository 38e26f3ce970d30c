/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "loop/fetch.h"
#include "loop/loop.h"
#include "support/mock_http.h"

struct world {
    struct loop *loop;
    struct fetcher *fetcher;
    struct mock_http *server;
    struct fetch *fetch;
    bool done, cancel_in_piece;
    int status;
    char code[16], words[256], retry[32];
    struct buf body, pieces;
    int64_t retry_after_ms;
};

static void
on_done(void *arg, const struct fetch_answer *a)
{
    struct world *w = arg;

    w->done = true;
    w->fetch = NULL;
    w->status = a->status;
    str_copy(str_from(a->code), w->code, sizeof(w->code));
    str_copy(str_from(a->err.msg), w->words, sizeof(w->words));
    buf_reset(&w->body);
    buf_add_str(&w->body, a->body);
    str_copy(fetch_header(a, "RETRY-AFTER"), w->retry, sizeof(w->retry));
    w->retry_after_ms = fetch_retry_after_ms(a, 1000);
}

static void
on_piece(void *arg, struct str data)
{
    struct world *w = arg;

    buf_add_str(&w->pieces, data);
    if (w->cancel_in_piece)
        fetch_cancel(&w->fetch);
}

static int
set_up(void **state)
{
    struct world *w = mem_zalloc(sizeof(*w));
    struct err e = ERR_INIT;

    w->loop = loop_new(&e);
    assert_non_null(w->loop);
    w->fetcher = fetcher_new(loop_mailbox(w->loop), &e);
    assert_non_null(w->fetcher);
    w->server = mock_http_new();
    *state = w;
    return 0;
}

static int
tear_down(void **state)
{
    struct world *w = *state;

    fetcher_free(&w->fetcher);
    loop_free(&w->loop);
    mock_http_free(&w->server);
    buf_fini(&w->body);
    buf_fini(&w->pieces);
    mem_free(w);
    return 0;
}

static void
start(struct world *w, const char *path, struct fetch_request r, bool stream)
{
    struct buf url = BUF_INIT;
    struct err e = ERR_INIT;
    const struct fetch_events on = {
        .piece = stream ? on_piece : NULL, .done = on_done, .arg = w};

    buf_addf(&url, "%s%s", mock_http_url(w->server), path);
    r.url = url.data;
    w->done = false;
    w->fetch = fetch_start(w->fetcher, &r, &on, &e);
    if (w->fetch == NULL)
        fail_msg("%s", e.msg);
    buf_fini(&url);
}

static void
wait_for(struct world *w)
{
    while (!w->done)
        loop_turn(w->loop);
}

static void
wait_for_pieces(struct world *w, const char *text)
{
    while (w->pieces.data == NULL || strstr(w->pieces.data, text) == NULL)
        loop_turn(w->loop);
}

static void
an_answer_comes_with_status_body_and_headers(void **state)
{
    struct world *w = *state;

    mock_http_answer(w->server, &(struct mock_answer){.when = "GET /a",
                                                      .status = 429,
                                                      .headers = "Retry-After: 7\r\n",
                                                      .body = "{\"slow\":true}"});
    start(w, "/a?x=1", (struct fetch_request){0}, false);
    wait_for(w);
    assert_int_equal(w->status, 429);
    assert_string_equal(w->code, "");
    assert_string_equal(w->body.data, "{\"slow\":true}");
    assert_string_equal(w->retry, "7");
    assert_int_equal(w->retry_after_ms, 7000);
}

static void
method_headers_and_body_arrive_at_the_server(void **state)
{
    struct world *w = *state;
    const char *const headers[] = {"Authorization: Bearer s3cret",
                                   "Content-Type: application/json"};

    mock_http_on(w->server, "POST /b", 202, "ok");
    mock_http_on(w->server, "DELETE /b", 204, NULL);
    start(w, "/b",
          (struct fetch_request){
              .headers = headers, .n_headers = 2, .body = STR_LIT("{\"a\":1}")},
          false);
    wait_for(w);
    assert_int_equal(w->status, 202);
    start(w, "/b", (struct fetch_request){.method = "DELETE"}, false);
    wait_for(w);
    assert_int_equal(w->status, 204);
    assert_int_equal(mock_http_times_asked(w->server, "Authorization: Bearer s3cret"), 1);
    assert_int_equal(mock_http_times_asked(w->server, "\r\n\r\n{\"a\":1}"), 1);
}

static void
a_stream_comes_in_pieces_and_its_end_is_told(void **state)
{
    struct world *w = *state;

    mock_http_answer(w->server, &(struct mock_answer){.when = "GET /s",
                                                      .status = 200,
                                                      .body = "one\n",
                                                      .fault = MOCK_STREAM});
    start(w, "/s", (struct fetch_request){0}, true);
    wait_for_pieces(w, "one\n");
    mock_http_say(w->server, "two\n");
    wait_for_pieces(w, "one\ntwo\n");
    assert_false(w->done);
    mock_http_hang_up(w->server);
    wait_for(w);
    assert_int_equal(w->status, 200);
}

static void
a_paused_stream_waits_and_loses_nothing(void **state)
{
    struct world *w = *state;
    enum { LINES = 3000 };
    struct buf all = BUF_INIT;

    mock_http_answer(w->server, &(struct mock_answer){.when = "GET /s",
                                                      .status = 200,
                                                      .body = "begin\n",
                                                      .fault = MOCK_STREAM});
    start(w, "/s", (struct fetch_request){.cap = 4096}, true);
    wait_for_pieces(w, "begin\n");
    fetch_pause(w->fetch, true);
    for (int i = 0; i < LINES; i++)
        buf_addf(&all, "line %d\n", i);
    buf_add_cstr(&all, "end\n");
    mock_http_say(w->server, all.data);
    mock_http_hang_up(w->server);
    size_t before = w->pieces.len;
    fetch_pause(w->fetch, false);
    wait_for(w);
    assert_true(w->pieces.len == before + all.len ||
                before < strlen("begin\n") + all.len);
    assert_string_equal(w->pieces.data + strlen("begin\n"), all.data);
    buf_fini(&all);
}

static void
a_refusal_of_a_stream_is_collected_to_be_read(void **state)
{
    struct world *w = *state;

    mock_http_on(w->server, "GET /s", 403, "{\"error\":\"no\"}");
    start(w, "/s", (struct fetch_request){0}, true);
    wait_for(w);
    assert_int_equal(w->status, 403);
    assert_string_equal(w->body.data, "{\"error\":\"no\"}");
    assert_int_equal(w->pieces.len, 0);
}

static void
each_failure_has_its_code_and_words_without_the_address(void **state)
{
    struct world *w = *state;

    mock_http_answer(
        w->server,
        &(struct mock_answer){.when = "GET /hang", .status = 200, .fault = MOCK_HANG});
    mock_http_answer(w->server, &(struct mock_answer){.when = "GET /cut",
                                                      .status = 200,
                                                      .body = "0123456789",
                                                      .fault = MOCK_CUT});
    mock_http_on(w->server, "GET /long", 200, "0123456789");
    start(w, "/hang?key=s3cret", (struct fetch_request){.total_ms = 50}, false);
    wait_for(w);
    assert_string_equal(w->code, "silent");
    assert_null(strstr(w->words, "s3cret"));
    start(w, "/cut?key=s3cret", (struct fetch_request){0}, false);
    wait_for(w);
    assert_string_equal(w->code, "closed");
    assert_null(strstr(w->words, "s3cret"));
    start(w, "/long", (struct fetch_request){.cap = 9}, false);
    wait_for(w);
    assert_string_equal(w->code, "limit");
    assert_int_equal(w->status, 0);
}

static void
nobody_listening_is_refused(void **state)
{
    struct world *w = *state;
    struct mock_http *gone = mock_http_new();
    struct err e = ERR_INIT;
    const struct fetch_events on = {.done = on_done, .arg = w};
    char url[64];

    str_copy(str_from(mock_http_url(gone)), url, sizeof(url));
    mock_http_free(&gone);
    assert_non_null(
        fetch_start(w->fetcher, &(struct fetch_request){.url = url}, &on, &e));
    wait_for(w);
    assert_string_equal(w->code, "refused");
}

static void
what_was_cancelled_is_never_heard_of_again(void **state)
{
    struct world *w = *state;

    mock_http_on(w->server, "GET /a", 200, "a");
    mock_http_answer(w->server, &(struct mock_answer){.when = "GET /s",
                                                      .status = 200,
                                                      .body = "one",
                                                      .fault = MOCK_STREAM});
    for (int i = 0; i < 50; i++) {
        start(w, "/a", (struct fetch_request){0}, false);
        if (i % 2 == 0)
            loop_turn(w->loop);
        if (!w->done)
            fetch_cancel(&w->fetch);
    }
    w->done = false;
    w->cancel_in_piece = true;
    start(w, "/s", (struct fetch_request){0}, true);
    wait_for_pieces(w, "one");
    w->cancel_in_piece = false;
    struct fetch *cancelled = w->fetch;
    assert_null(cancelled);
    start(w, "/a", (struct fetch_request){0}, false);
    wait_for(w);
    assert_int_equal(w->status, 200);
}

static void
a_bad_address_or_header_is_refused_at_once(void **state)
{
    struct world *w = *state;
    static const char *const urls[] = {"ftp://a/", "file:///etc/passwd", "http://a b/",
                                       ""};
    const char *const headers[] = {"A: b\r\nC: d"};
    const struct fetch_events on = {.done = on_done, .arg = w};

    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        struct err e = ERR_INIT;
        const struct fetch_request r = {.url = urls[i]};
        assert_null(fetch_start(w->fetcher, &r, &on, &e));
        assert_int_equal(e.code, ERR_VALUE);
    }
    struct err e = ERR_INIT;
    const struct fetch_request r = {
        .url = "http://a/", .headers = headers, .n_headers = 1};
    assert_null(fetch_start(w->fetcher, &r, &on, &e));
    assert_int_equal(e.code, ERR_VALUE);
}

static void
a_query_is_percent_encoded(void **state)
{
    struct buf url = BUF_INIT;

    (void)state;
    buf_add_cstr(&url, "https://a/b");
    fetch_add_query(&url, "q", STR_LIT("жол & \"x\""));
    fetch_add_query(&url, "n", STR_LIT("a-1"));
    assert_string_equal(url.data,
                        "https://a/b?q=%D0%B6%D0%BE%D0%BB%20%26%20%22x%22&n=a-1");
    buf_fini(&url);
}

static void
retry_after_may_be_a_date(void **state)
{
    static const struct {
        const char *header;
        int64_t ms;
    } rows[] = {
        {"Retry-After: 0\r\n", 0},
        {"Retry-After: Thu, 01 Jan 1970 00:00:31 GMT\r\n", 30000},
        {"Retry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\n", 0},
        {"Retry-After: soon\r\n", -1},
        {"Retry-After: 999999999\r\n", -1},
        {"X: y\r\n", -1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct fetch_answer a = {.headers = str_from(rows[i].header)};
        assert_int_equal(fetch_retry_after_ms(&a, 1000), rows[i].ms);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        WORLD_TEST(an_answer_comes_with_status_body_and_headers),
        WORLD_TEST(method_headers_and_body_arrive_at_the_server),
        WORLD_TEST(a_stream_comes_in_pieces_and_its_end_is_told),
        WORLD_TEST(a_paused_stream_waits_and_loses_nothing),
        WORLD_TEST(a_refusal_of_a_stream_is_collected_to_be_read),
        WORLD_TEST(each_failure_has_its_code_and_words_without_the_address),
        WORLD_TEST(nobody_listening_is_refused),
        WORLD_TEST(what_was_cancelled_is_never_heard_of_again),
        WORLD_TEST(a_bad_address_or_header_is_refused_at_once),
        cmocka_unit_test(a_query_is_percent_encoded),
        cmocka_unit_test(retry_after_may_be_a_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
