/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "source/device_flow.h"
#include "source/token.h"
#include "support/sample.h"
#include "support/source_bench.h"

#define CODE  "POST /device"
#define TOKEN "POST /token"

struct room {
    struct bench *b;
    char dir[32], file[64], code_url[64], token_url[64];
    struct device_flow *flow;
    struct device_conf conf;
    char user_code[32], url[96];
    unsigned codes, ends;
    struct err err; /* ERR_NONE: signed in */
};

static void
on_code(void *arg, const struct device_code *c)
{
    struct room *r = arg;
    r->codes++;
    (void)snprintf(r->user_code, sizeof(r->user_code), "%.*s", STR_ARG(c->user_code));
    (void)snprintf(r->url, sizeof(r->url), "%.*s", STR_ARG(c->url));
}

static void
on_done(void *arg, const struct err *e)
{
    struct room *r = arg;
    r->ends++;
    if (e != NULL)
        r->err = *e;
}

static void
begin(struct room *r, const char *kind)
{
    void *own = NULL;
    *r = (struct room){.dir = "/tmp/suraq-device-XXXXXX"};
    bench_setup(&own);
    r->b = own;
    assert_non_null(mkdtemp(r->dir));
    (void)snprintf(r->file, sizeof(r->file), "%s/token", r->dir);
    (void)snprintf(r->code_url, sizeof(r->code_url), "%s/device",
                   mock_http_url(r->b->http));
    (void)snprintf(r->token_url, sizeof(r->token_url), "%s/token",
                   mock_http_url(r->b->http));
    r->conf = (struct device_conf){.platform = device_platform_of(kind),
                                   .code_url = r->code_url,
                                   .token_url = r->token_url,
                                   .client_id = "app",
                                   .client_secret = "s3cret",
                                   .token_file = r->file,
                                   .second_ms = 10};
}

static void
end(struct room *r)
{
    void *own = r->b;
    device_flow_free(&r->flow);
    (void)unlink(r->file);
    (void)rmdir(r->dir);
    bench_teardown(&own);
}

static void
start(struct room *r)
{
    struct err e = ERR_INIT;
    struct device_events on = {.code = on_code, .done = on_done, .arg = r};
    r->flow = device_flow_start(r->b->loop, r->b->fetcher, &r->conf, &on, &e);
    if (r->flow == NULL)
        fail_msg("%s", e.msg);
}

static void
serve(struct room *r, const char *when, int status, const char *sample)
{
    char *body = sample_read("oauth", sample);
    mock_http_on(r->b->http, when, status, body);
    mem_free(body);
}

static void
a_person_types_the_code_in_and_the_token_is_kept(void **state)
{
    static const struct {
        const char *kind, *codes, *wait, *slow, *token, *user_code, *url, *asks;
        int wait_status;
    } rows[] = {
        {"twitch", "twitch_codes.json", "twitch_pending.json", "slow_down.json",
         "twitch_token.json", "ABCDEFGH",
         "https://www.twitch.tv/activate?public=true&device-code=ABCDEFGH",
         "scopes=user%3Aread%3Achat%20user%3Awrite%3Achat", 400},
        {"youtube", "google_codes.json", "google_pending.json", "slow_down.json",
         "google_token.json", "GQVQ-JKEC", "https://www.google.com/device",
         "client_secret=s3cret", 428},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct room r;
        begin(&r, rows[i].kind);
        serve(&r, CODE, 200, rows[i].codes);
        serve(&r, TOKEN, rows[i].wait_status, rows[i].wait);
        serve(&r, TOKEN, 403, rows[i].slow);
        serve(&r, TOKEN, 503, "slow_down.json"); /* no word of theirs: it goes on */
        serve(&r, TOKEN, 200, rows[i].token);
        start(&r);
        UNTIL(r.b, r.ends == 1);
        assert_int_equal(r.err.code, ERR_NONE);
        assert_int_equal(r.codes, 1);
        assert_string_equal(r.user_code, rows[i].user_code);
        assert_string_equal(r.url, rows[i].url);
        assert_int_equal(mock_http_times_asked(r.b->http, TOKEN), 4);
        assert_true(mock_http_times_asked(r.b->http, rows[i].asks) >= 1);
        assert_int_equal(mock_http_times_asked(r.b->http, "device_code=l0ng"), 4);

        struct token t = TOKEN_INIT;
        struct err e = ERR_INIT;
        struct stat st;
        assert_int_equal(token_load(r.file, &t, &e), 0);
        assert_string_equal(t.access, "acc3ss");
        assert_string_equal(t.refresh, "r3fresh");
        assert_true(t.expires_ms > 0);
        assert_int_equal(stat(r.file, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        token_fini(&t);
        end(&r);
    }
}

static void
each_way_to_fail_says_whose_turn_it_is(void **state)
{
    static const struct {
        const char *when, *sample;
        int status;
        enum err_code code;
        const char *says;
    } rows[] = {
        {TOKEN, "denied.json", 403, ERR_PERM, "said no"},
        {TOKEN, "expired.json", 400, ERR_MISSING, "not good any more"},
        {TOKEN, "twitch_invalid.json", 400, ERR_MISSING, "not good any more"},
        {TOKEN, "invalid_client.json", 401, ERR_VALUE, "invalid_client"},
        {TOKEN, NULL, 404, ERR_VALUE, "no reason given"},
        {TOKEN, NULL, 200, ERR_PARSE, "access_token"},
        {CODE, "invalid_client.json", 401, ERR_VALUE, "client_id"},
        {CODE, NULL, 200, ERR_PARSE, "no code"},
        {CODE, NULL, 500, ERR_IO, "500"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct room r;
        begin(&r, "youtube");
        if (strcmp(rows[i].when, TOKEN) == 0)
            serve(&r, CODE, 200, "google_codes.json");
        if (rows[i].sample != NULL)
            serve(&r, rows[i].when, rows[i].status, rows[i].sample);
        else
            mock_http_on(r.b->http, rows[i].when, rows[i].status, "<html>");
        start(&r);
        UNTIL(r.b, r.ends == 1);
        if (r.err.code != rows[i].code || strstr(r.err.msg, rows[i].says) == NULL)
            fail_msg("row %zu: %s: %s", i, err_name(r.err.code), r.err.msg);
        assert_int_equal(access(r.file, F_OK), -1);
        end(&r);
    }
}

static void
a_code_that_nobody_uses_ends_by_itself(void **state)
{
    struct room r;
    (void)state;
    begin(&r, "twitch");
    mock_http_on(r.b->http, CODE, 200,
                 "{\"device_code\":\"l0ng\",\"user_code\":\"A\",\"expires_in\":10,"
                 "\"interval\":1,\"verification_uri\":\"https://t\"}");
    serve(&r, TOKEN, 400, "twitch_pending.json");
    start(&r);
    UNTIL(r.b, r.ends == 1);
    assert_int_equal(r.err.code, ERR_MISSING);
    assert_non_null(strstr(r.err.msg, "in time"));
    end(&r);
}

static void
no_answer_to_a_question_is_asked_again_more_slowly(void **state)
{
    struct room r;
    (void)state;
    begin(&r, "twitch");
    serve(&r, CODE, 200, "twitch_codes.json");
    mock_http_answer(r.b->http,
                     &(struct mock_answer){
                         .when = TOKEN, .status = 200, .body = "{}", .fault = MOCK_CUT});
    serve(&r, TOKEN, 200, "twitch_token.json");
    start(&r);
    UNTIL(r.b, r.ends == 1);
    assert_int_equal(r.err.code, ERR_NONE);
    assert_int_equal(mock_http_times_asked(r.b->http, TOKEN), 2);
    end(&r);
}

static void
a_file_that_cannot_be_written_is_named(void **state)
{
    struct room r;
    (void)state;
    begin(&r, "twitch");
    r.conf.token_file = "/nonexistent/token";
    serve(&r, CODE, 200, "twitch_codes.json");
    serve(&r, TOKEN, 200, "twitch_token.json");
    start(&r);
    UNTIL(r.b, r.ends == 1);
    assert_int_equal(r.err.code, ERR_IO);
    assert_non_null(strstr(r.err.msg, "/nonexistent/token"));
    end(&r);
}

static void
what_is_missing_in_the_settings_is_said_before_anything_is_asked(void **state)
{
    struct room r;
    struct device_events on = {.code = on_code, .done = on_done, .arg = &r};
    (void)state;
    begin(&r, "youtube");
    struct device_conf no_id = r.conf, no_secret = r.conf, no_file = r.conf;
    no_id.client_id = NULL;
    no_secret.client_secret = NULL;
    no_file.token_file = NULL;
    const struct device_conf *const rows[] = {&no_id, &no_secret, &no_file};
    static const char *const says[] = {"client_id", "client_secret_file", "token_file"};
    for (size_t i = 0; i < 3; i++) {
        struct err e = ERR_INIT;
        assert_null(device_flow_start(r.b->loop, r.b->fetcher, rows[i], &on, &e));
        assert_non_null(strstr(e.msg, says[i]));
    }
    assert_null(device_platform_of("irc"));
    end(&r);
}

static void
giving_up_leaves_nothing_behind(void **state)
{
    struct room r;
    (void)state;
    begin(&r, "twitch");
    serve(&r, CODE, 200, "twitch_codes.json");
    serve(&r, TOKEN, 400, "twitch_pending.json");
    start(&r);
    UNTIL(r.b, mock_http_times_asked(r.b->http, TOKEN) > 0);
    device_flow_free(&r.flow);
    assert_int_equal(r.ends, 0);
    end(&r);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_types_the_code_in_and_the_token_is_kept),
        cmocka_unit_test(each_way_to_fail_says_whose_turn_it_is),
        cmocka_unit_test(a_code_that_nobody_uses_ends_by_itself),
        cmocka_unit_test(no_answer_to_a_question_is_asked_again_more_slowly),
        cmocka_unit_test(a_file_that_cannot_be_written_is_named),
        cmocka_unit_test(
            what_is_missing_in_the_settings_is_said_before_anything_is_asked),
        cmocka_unit_test(giving_up_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
