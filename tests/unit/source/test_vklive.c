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
#include "source/centrifugo.h"
#include "source/token.h"
#include "source/vklive.h"
#include "support/sample.h"
#include "support/source_bench.h"

#define TOKENS  "POST /oauth/server/token"
#define CHANNEL "GET /v1/channel?channel_url=sko-police "
#define SOCKET  "GET /v1/websocket/token "
#define PASS    "GET /v1/websocket/subscription_token?channels=api-channel-chat%3A4242 "
#define HISTORY "GET /v1/chat/messages?limit=200&channel_url=sko-police "
#define SAY     "POST /v1/chat/message/send?channel_url=sko-police&stream_id=b0a1c2d3-0001 "

#define CONNECTED  "{\"id\":1,\"connect\":{\"client\":\"c\",\"ping\":25,\"pong\":true}}"
#define SUBSCRIBED "{\"id\":2,\"subscribe\":{}}"
#define CONNECT    "{\"id\":1,"
#define SUBSCRIBE  "{\"id\":2,"

/* --- frames and lines */

static void
hear(void *arg, const struct message *m)
{
    struct buf *b = arg;
    if (m->kind == MESSAGE_DELETE)
        buf_addf(b, "-%.*s|", STR_ARG(m->id));
    else
        buf_addf(b, "%.*s %.*s/%.*s %u: %.*s|", STR_ARG(m->id), STR_ARG(m->author_id),
                 STR_ARG(m->author_name), m->roles, STR_ARG(m->text));
}

static void
a_frame_of_many_lines_is_read_line_by_line(void **state)
{
    char *text = sample_read("vklive", "frames.txt");
    struct str frame = str_from(text), line;
    struct buf got = BUF_INIT;
    size_t n = 0;
    int64_t offset = -1;
    (void)state;
    while (centrifugo_next(&frame, &line)) {
        struct centrifugo_event ev;
        struct err e = ERR_INIT;
        json_t *holder;
        assert_int_equal(centrifugo_read(line, &ev, &holder, &e), 0);
        if (ev.kind == CENTRIFUGO_PUBLICATION &&
            str_eq(ev.channel, STR_LIT("api-channel-chat:4242"))) {
            (void)vklive_read_publication(ev.data, (struct message_taker){hear, &got});
            offset = ev.offset;
        }
        json_decref(holder);
        n++;
    }
    assert_int_equal(n, 8);
    assert_int_equal(offset, 18);
    assert_string_equal(got.data, "9001 555/tester 0: ку|"
                                  "9002 1/sko-police 1: @tester, смотрите 102.kz:ok:|"
                                  "-9001|");
    buf_fini(&got);
    mem_free(text);
}

static void
each_answer_and_push_is_told_apart(void **state)
{
    static const struct {
        const char *line;
        enum centrifugo_kind kind;
        int64_t code;
        bool again;
    } rows[] = {
        {"{}", CENTRIFUGO_PING, 0, false},
        {CONNECTED, CENTRIFUGO_CONNECTED, 0, false},
        {SUBSCRIBED, CENTRIFUGO_SUBSCRIBED, 0, false},
        {"{\"id\":1,\"error\":{\"code\":109,\"message\":\"token expired\"}}",
         CENTRIFUGO_FAULT, 109, true},
        {"{\"id\":2,\"error\":{\"code\":103,\"message\":\"permission denied\"}}",
         CENTRIFUGO_FAULT, 103, false},
        {"{\"id\":2,\"error\":{\"code\":100,\"message\":\"x\",\"temporary\":true}}",
         CENTRIFUGO_FAULT, 100, true},
        {"{\"push\":{\"channel\":\"c\",\"unsubscribe\":{\"code\":2500}}}",
         CENTRIFUGO_UNSUBSCRIBED, 2500, true},
        {"{\"push\":{\"channel\":\"c\",\"unsubscribe\":{\"code\":2000}}}",
         CENTRIFUGO_UNSUBSCRIBED, 2000, false},
        {"{\"push\":{\"disconnect\":{\"code\":3001,\"reason\":\"shutdown\"}}}",
         CENTRIFUGO_DISCONNECTED, 3001, true},
        {"{\"push\":{\"disconnect\":{\"code\":3500,\"reason\":\"invalid token\"}}}",
         CENTRIFUGO_DISCONNECTED, 3500, false},
        {"{\"push\":{\"channel\":\"c\",\"leave\":{}}}", CENTRIFUGO_NOTHING, 0, false},
        {"{\"id\":7,\"presence\":{}}", CENTRIFUGO_NOTHING, 0, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct centrifugo_event ev;
        struct err e = ERR_INIT;
        json_t *holder;
        assert_int_equal(centrifugo_read(str_from(rows[i].line), &ev, &holder, &e), 0);
        if (ev.kind != rows[i].kind || ev.code != rows[i].code ||
            ev.again != rows[i].again)
            fail_msg("'%s' became %d %lld %d", rows[i].line, (int)ev.kind,
                     (long long)ev.code, ev.again);
        json_decref(holder);
    }
}

static void
what_people_paste_becomes_a_channel_or_a_clear_error(void **state)
{
    static const struct {
        const char *text, *target;
    } rows[] = {
        {"sko-police", "sko-police"},
        {"https://live.vkvideo.ru/sko-police", "sko-police"},
        {"live.vkvideo.ru/sko-police/?from=x", "sko-police"},
        {"https://live.vkvideo.ru/app/embed/sko-police", "sko-police"},
        {"https://vkplay.live/sko.police_1", "sko.police_1"},
        {"https://vkvideo.ru/video-123_456", NULL},
        {"https://example.kz/sko", NULL},
        {"https://live.vkvideo.ru/", NULL},
        {"a b", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out = BUF_INIT;
        struct err e = ERR_INIT;
        int ret = vklive_target(str_from(rows[i].text), &out, &e);
        if ((ret == 0) != (rows[i].target != NULL) ||
            (ret == 0 && strcmp(out.data, rows[i].target) != 0))
            fail_msg("'%s' became '%s'", rows[i].text, ret == 0 ? out.data : e.msg);
        buf_fini(&out);
    }
}

/* --- the connection */

static const struct mock_rule fine[] = {
    {CONNECT, CONNECTED}, {SUBSCRIBE, SUBSCRIBED}, {NULL, NULL}};

static void
serve_status(struct bench *b, const char *when, int status, const char *sample)
{
    char *body = sample_read("vklive", sample);
    mock_http_on(b->http, when, status, body);
    mem_free(body);
}

static void
serve(struct bench *b, const char *when, const char *sample)
{
    serve_status(b, when, 200, sample);
}

static void
serve_all(struct bench *b, const char *history)
{
    serve(b, TOKENS, "app_token.json");
    serve(b, CHANNEL, "channel.json");
    serve(b, SOCKET, "socket_token.json");
    serve(b, HISTORY, history);
    if (b->mock->rules == NULL)
        b->mock->rules = fine;
}

/* With a token file of a person, or as an application. */
static void
start(struct bench *b, const char *token_file)
{
    bench_start(b, &(struct source_conf){.kind = "vklive",
                                         .url = mock_http_url(b->http),
                                         .socket_url = b->mock->url,
                                         .target = "https://live.vkvideo.ru/sko-police",
                                         .client_id = "app",
                                         .client_secret = "s3cret",
                                         .token_file = token_file,
                                         .enabled = true});
}

static void
say(struct bench *b, const char *text)
{
    mock_chat_say(b->mock, text, strlen(text));
}

static char *
token_file(const char *json)
{
    char path[] = "/tmp/suraq-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, json, strlen(json)), strlen(json));
    close(fd);
    return mem_strdup(path);
}

static void
an_application_reads_the_chat_by_itself(void **state)
{
    struct bench *b = *state;
    char *frames = sample_read("vklive", "frames.txt");
    serve_all(b, "history.json");
    start(b, NULL);
    UNTIL(b, b->n_got == 2);
    assert_string_equal(b->got.data, "Қашан басталады?|ку|");
    assert_true(b->backlog);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    assert_int_equal(b->at_ms, INT64_C(1787682950000));
    say(b, frames);
    UNTIL(b, b->n_got == 4);
    assert_string_equal(b->got.data,
                        "Қашан басталады?|ку|@tester, смотрите 102.kz:ok:|-9001|");
    assert_int_equal(bench_status(b).duplicates, 1);
    assert_int_equal(
        mock_http_times_asked(b->http, "Authorization: Basic YXBwOnMzY3JldA=="), 1);
    assert_true(mock_http_times_asked(b->http, "Authorization: Bearer app-1") >= 3);
    assert_true(mock_chat_was_told(b->mock, "\"token\":\"jwt-1\""));
    assert_false(source_can_send(b->source));
    mem_free(frames);
}

static void
a_ping_is_answered(void **state)
{
    struct bench *b = *state;
    serve_all(b, "history_none.json");
    start(b, NULL);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    say(b, "{}");
    UNTIL(b, mock_chat_was_told(b->mock, "{}\n"));
    say(b, "{\"push\":\n[[[");
    UNTIL(b, bench_status(b).garbage == 2);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
}

static void
a_server_that_stops_pinging_is_left(void **state)
{
    static const struct mock_rule soon[] = {
        {CONNECT, "{\"id\":1,\"connect\":{\"ping\":1,\"pong\":true}}"},
        {SUBSCRIBE, SUBSCRIBED},
        {NULL, NULL}};
    struct bench *b = *state;
    b->timing.pong = 1;
    b->mock->rules = soon;
    serve_all(b, "history_none.json");
    start(b, NULL);
    UNTIL(b, bench_status(b).reconnects > 0);
    UNTIL(b, b->mock->connections > 1);
}

static void
a_server_that_never_lets_us_in_is_left(void **state)
{
    static const struct mock_rule deaf[] = {{CONNECT, CONNECTED}, {NULL, NULL}};
    struct bench *b = *state;
    b->timing.join = 20;
    b->timing.backoff_least = b->timing.backoff_most = 60000;
    b->mock->rules = deaf;
    serve_all(b, "history_none.json");
    start(b, NULL);
    UNTIL(b, strcmp(bench_status(b).code, "silent") == 0);
}

static void
after_a_lost_connection_the_gap_is_closed(void **state)
{
    static const struct mock_rule first[] = {
        {CONNECT, CONNECTED},
        {SUBSCRIBE, "{\"id\":2,\"subscribe\":{\"recoverable\":true,\"epoch\":\"xyz\","
                    "\"offset\":12}}"},
        {NULL, NULL}};
    static const struct mock_rule second[] = {
        {CONNECT, CONNECTED},
        {SUBSCRIBE,
         "{\"id\":2,\"subscribe\":{\"recoverable\":true,\"epoch\":\"xyz\",\"offset\":14,"
         "\"recovered\":true,\"publications\":[{\"offset\":14,\"data\":{\"type\":"
         "\"channel_chat_message_send\",\"data\":{\"chat_message\":{\"id\":7,\"author\":"
         "{\"id\":1,\"nick\":\"a\"},\"parts\":[{\"text\":{\"content\":\"пропущено\"}}]}"
         "}}}]}}"},
        {NULL, NULL}};
    struct bench *b = *state;
    char *frames = sample_read("vklive", "frames.txt");
    *strchr(frames, '\n') = '\0';
    b->mock->rules = first;
    serve_all(b, "history_one.json");
    serve(b, HISTORY, "history.json");
    start(b, NULL);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    say(b, frames);
    UNTIL(b, b->n_got == 1 && bench_status(b).duplicates == 1);
    b->mock->rules = second;
    mock_chat_close(b->mock, 3001);
    UNTIL(b, b->n_got == 3);
    assert_true(
        mock_chat_was_told(b->mock, "\"recover\":true,\"epoch\":\"xyz\",\"offset\":13"));
    assert_string_equal(b->got.data, "ку|пропущено|Қашан басталады?|");
    assert_false(b->backlog);
    assert_int_equal(mock_http_times_asked(b->http, TOKENS), 1);
    assert_int_equal(mock_http_times_asked(b->http, SOCKET), 2);
    mem_free(frames);
}

static void
a_chat_that_is_not_open_to_everybody_gets_a_token_of_its_own(void **state)
{
    static const struct mock_rule closed[] = {
        {CONNECT, CONNECTED},
        {"{\"id\":2,\"subscribe\":{\"channel\":\"api-channel-chat:4242\",\"token\":"
         "\"sub-1\"",
         SUBSCRIBED},
        {SUBSCRIBE, "{\"id\":2,\"error\":{\"code\":103,\"message\":\"denied\"}}"},
        {NULL, NULL}};
    struct bench *b = *state;
    b->mock->rules = closed;
    serve_all(b, "history_none.json");
    serve(b, PASS, "channel_token.json");
    start(b, NULL);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
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
        {TOKENS, 401, "error_token.json", SOURCE_REFUSED, "auth", "application"},
        {TOKENS, 500, "error_token.json", SOURCE_CONNECTING, "closed", "500"},
        {TOKENS, 200, "history_none.json", SOURCE_CONNECTING, "auth", "access_token"},
        {CHANNEL, 401, "error_token.json", SOURCE_CONNECTING, "auth", "another one"},
        {CHANNEL, 403, "error_right.json", SOURCE_REFUSED, "auth", "forbidden"},
        {CHANNEL, 404, "error_missing.json", SOURCE_REFUSED, "join", "not_found"},
        {CHANNEL, 429, "error_fast.json", SOURCE_CONNECTING, "limit", "Too fast"},
        {CHANNEL, 503, "error_fast.json", SOURCE_CONNECTING, "closed", "503"},
        {CHANNEL, 200, "channel_no_chat.json", SOURCE_CONNECTING, "closed", "the chat"},
        {CHANNEL, 200, "frames.txt", SOURCE_CONNECTING, "closed", "no JSON"},
        {SOCKET, 200, "history_none.json", SOURCE_CONNECTING, "closed", "no token"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        void *own = NULL;
        bench_setup(&own);
        struct bench *b = own;
        b->timing.backoff_least = b->timing.backoff_most = b->timing.wait = 60000;
        serve_status(b, rows[i].when, rows[i].status, rows[i].sample);
        serve_status(b, rows[i].when, rows[i].status, rows[i].sample);
        serve_all(b, "history_none.json");
        start(b, NULL);
        UNTIL(b, bench_state(b) == rows[i].state &&
                     strcmp(bench_status(b).code, rows[i].code) == 0);
        if (strstr(bench_status(b).reason, rows[i].says) == NULL ||
            strstr(bench_status(b).reason, "s3cret") != NULL)
            fail_msg("row %zu: '%s'", i, bench_status(b).reason);
        bench_teardown(&own);
    }
}

static void
what_the_message_server_says_has_its_state_and_code(void **state)
{
    static const struct {
        const char *connect, *subscribe;
        enum source_state state;
        const char *code, *says;
    } rows[] = {
        {"{\"id\":1,\"error\":{\"code\":109,\"message\":\"token expired\"}}", SUBSCRIBED,
         SOURCE_CONNECTING, "closed", "token expired"},
        {"{\"id\":1,\"error\":{\"code\":107,\"message\":\"bad request\"}}", SUBSCRIBED,
         SOURCE_CONNECTING, "refused", "107"},
        {"{\"id\":1,\"error\":{\"code\":111,\"message\":\"x\",\"temporary\":true}}",
         SUBSCRIBED, SOURCE_CONNECTING, "limit", "slow down"},
        {CONNECTED, "{\"id\":2,\"error\":{\"code\":102,\"message\":\"unknown channel\"}}",
         SOURCE_CONNECTING, "join", "unknown channel"},
        {CONNECTED, "{\"id\":2,\"error\":{\"code\":103,\"message\":\"denied\"}}",
         SOURCE_REFUSED, "join", "no token"},
        {"{\"push\":{\"disconnect\":{\"code\":3500,\"reason\":\"invalid token\"}}}",
         SUBSCRIBED, SOURCE_CONNECTING, "refused", "3500"},
        {CONNECTED, "{\"push\":{\"channel\":\"c\",\"unsubscribe\":{\"code\":2000}}}",
         SOURCE_CONNECTING, "join", "put out"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        void *own = NULL;
        bench_setup(&own);
        struct bench *b = own;
        struct mock_rule rules[] = {
            {CONNECT, rows[i].connect}, {SUBSCRIBE, rows[i].subscribe}, {NULL, NULL}};
        b->mock->rules = rules;
        b->timing.backoff_least = b->timing.backoff_most = b->timing.wait = 60000;
        serve_all(b, "history_none.json");
        serve(b, PASS, "channel_token_none.json");
        start(b, NULL);
        UNTIL(b, bench_state(b) == rows[i].state &&
                     strcmp(bench_status(b).code, rows[i].code) == 0);
        if (strstr(bench_status(b).reason, rows[i].says) == NULL)
            fail_msg("row %zu: '%s'", i, bench_status(b).reason);
        bench_teardown(&own);
    }
}

static void
a_person_s_token_that_ended_is_renewed_and_kept(void **state)
{
    struct bench *b = *state;
    char *path = token_file("{\"access_token\":\"old-1\",\"refresh_token\":\"once-1\","
                            "\"expires_at\":\"2020-01-01T00:00:00Z\"}");
    struct token kept = TOKEN_INIT;
    struct err e = ERR_INIT;
    serve(b, TOKENS, "new_token.json");
    serve_all(b, "history_none.json");
    start(b, path);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    assert_int_equal(mock_http_times_asked(b->http, "refresh_token=once-1"), 1);
    assert_int_equal(mock_http_times_asked(b->http, "client_secret="), 0);
    assert_int_equal(
        mock_http_times_asked(b->http, "Authorization: Basic YXBwOnMzY3JldA=="), 1);
    assert_int_equal(token_load(path, &kept, &e), 0);
    assert_string_equal(kept.refresh, "next-2");
    token_fini(&kept);
    unlink(path);
    mem_free(path);
}

static void
a_line_of_ours_is_sent_and_is_no_question_when_it_comes_back(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    char *path = token_file("person-1");
    b->timing.send_gap = 1;
    serve_all(b, "history_none.json");
    serve(b, SAY, "sent.json");
    serve_status(b, SAY, 400, "error_fast.json");
    start(b, path);
    assert_int_equal(source_send(b->source, STR_LIT("рано"), STR_NONE, &e), -1);
    UNTIL(b, source_can_send(b->source));
    err_reset(&e);
    assert_int_equal(source_send(b->source, STR_LIT("Принято: №5"), STR_NONE, &e), 0);
    UNTIL(b, mock_http_times_asked(
                 b->http, "{\"parts\":[{\"text\":{\"content\":\"Принято: №5\"}}]}") == 1);
    say(b, "{\"push\":{\"channel\":\"api-channel-chat:4242\",\"pub\":{\"data\":{\"type\":"
           "\"channel_chat_message_send\",\"data\":{\"chat_message\":{\"id\":9100,"
           "\"author\":{\"id\":1,\"nick\":\"a\"},\"parts\":[{\"text\":{\"content\":"
           "\"Принято: №5\"}}]}}}}}}\n"
           "{\"push\":{\"channel\":\"api-channel-chat:4242\",\"pub\":{\"data\":{\"type\":"
           "\"channel_chat_message_send\",\"data\":{\"chat_message\":{\"id\":9101,"
           "\"author\":{\"id\":2,\"nick\":\"b\"},\"parts\":[{\"text\":{\"content\":"
           "\"спасибо\"}}]}}}}}}");
    UNTIL(b, b->n_got == 1);
    assert_string_equal(b->got.data, "спасибо|");
    assert_int_equal(source_send(b->source, STR_LIT("ещё"), STR_NONE, &e), 0);
    UNTIL(b, bench_state(b) == SOURCE_DEGRADED);
    assert_non_null(strstr(bench_status(b).reason, "Too fast"));
    assert_false(source_can_send(b->source));
    assert_true(strncmp(b->told.data, "1:0:|2:2:", 9) == 0);
    source_send_again(b->source);
    assert_true(source_can_send(b->source));
    unlink(path);
    mem_free(path);
}

static void
a_broadcast_that_begins_while_we_read_can_be_answered(void **state)
{
    struct bench *b = *state;
    char *path = token_file("person-1");
    b->timing.wait = 1;
    serve(b, CHANNEL, "channel_offline.json");
    serve_all(b, "history_none.json");
    start(b, path);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    UNTIL(b, source_can_send(b->source));
    unlink(path);
    mem_free(path);
}

static void
a_token_that_is_refused_twice_is_for_a_person_to_mend(void **state)
{
    struct bench *b = *state;
    char *path = token_file("{\"access_token\":\"person-1\",\"refresh_token\":\"r1\"}");
    serve_status(b, CHANNEL, 401, "error_token.json");
    serve_all(b, "history_none.json");
    serve_status(b, CHANNEL, 401, "error_token.json");
    start(b, path);
    UNTIL(b, bench_state(b) == SOURCE_LIVE); /* the second try went well */
    source_enable(b->source, false);
    source_enable(b->source, true);
    UNTIL(b, bench_state(b) == SOURCE_REFUSED);
    assert_string_equal(bench_status(b).code, "auth");
    unlink(path);
    mem_free(path);
}

static void
a_full_sink_delays_and_loses_nothing(void **state)
{
    struct bench *b = *state;
    char *frames = sample_read("vklive", "frames.txt");
    serve_all(b, "history_none.json");
    start(b, NULL);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    b->room = 1;
    say(b, frames);
    UNTIL(b, b->n_got == 1);
    assert_int_equal(b->n_got, 1);
    b->room = SIZE_MAX;
    source_resume(b->source);
    UNTIL(b, b->n_got == 3);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    mem_free(frames);
}

static void
without_an_application_or_a_channel_it_is_refused_at_once(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    struct source_conf conf = {.kind = "vklive", .target = "x", .client_id = "app"};
    assert_null(source_new(&b->env, &conf, &e));
    assert_non_null(strstr(e.msg, "client_secret_file"));
    bench_start(b, &(struct source_conf){.kind = "vklive",
                                         .client_id = "app",
                                         .client_secret = "x",
                                         .enabled = true});
    assert_int_equal(bench_state(b), SOURCE_REFUSED);
    assert_string_equal(bench_status(b).code, "target");
}

static void
beat(struct bench *b)
{
    say(b, "{}");
}

static void
ten_silent_minutes_are_stood_and_a_cut_cable_is_noticed(void **state)
{
    struct bench *b = *state;
    serve_all(b, "history_none.json");
    start(b, NULL);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    bench_silence(b, beat);
    bench_cut(b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define BENCH_TEST(name) \
    cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
        cmocka_unit_test(a_frame_of_many_lines_is_read_line_by_line),
        cmocka_unit_test(each_answer_and_push_is_told_apart),
        cmocka_unit_test(what_people_paste_becomes_a_channel_or_a_clear_error),
        BENCH_TEST(an_application_reads_the_chat_by_itself),
        BENCH_TEST(a_ping_is_answered),
        BENCH_TEST(a_server_that_stops_pinging_is_left),
        BENCH_TEST(a_server_that_never_lets_us_in_is_left),
        BENCH_TEST(after_a_lost_connection_the_gap_is_closed),
        BENCH_TEST(a_chat_that_is_not_open_to_everybody_gets_a_token_of_its_own),
        cmocka_unit_test(each_fault_has_its_state_and_code),
        cmocka_unit_test(what_the_message_server_says_has_its_state_and_code),
        BENCH_TEST(a_person_s_token_that_ended_is_renewed_and_kept),
        BENCH_TEST(a_line_of_ours_is_sent_and_is_no_question_when_it_comes_back),
        BENCH_TEST(a_broadcast_that_begins_while_we_read_can_be_answered),
        BENCH_TEST(a_token_that_is_refused_twice_is_for_a_person_to_mend),
        BENCH_TEST(a_full_sink_delays_and_loses_nothing),
        BENCH_TEST(without_an_application_or_a_channel_it_is_refused_at_once),
        BENCH_TEST(ten_silent_minutes_are_stood_and_a_cut_cable_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
