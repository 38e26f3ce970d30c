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
#include "support/sample.h"
#include "support/signer.h"
#include "support/source_bench.h"

#define ACCOUNT  "17841405793187218"
#define LIVE     "GET /" ACCOUNT "/live_media"
#define COMMENTS "GET /18000000000000009/comments"
#define MESSAGES "POST /" ACCOUNT "/messages"
#define SECRET   "app-s3cret"

static void
serve(struct bench *b, const char *when, int status, const char *sample)
{
    char *body = sample_read("instagram", sample);
    mock_http_on(b->http, when, status, body);
    mem_free(body);
}

static struct source_conf
conf_of(struct bench *b)
{
    return (struct source_conf){.kind = "instagram",
                                .url = mock_http_url(b->http),
                                .account = ACCOUNT,
                                .client_secret = SECRET,
                                .verify_token = "our word",
                                .enabled = true};
}

/* By deliveries alone. */
static void
start_hooked(struct bench *b)
{
    struct source_conf conf = conf_of(b);
    bench_start(b, &conf);
}

static void
start_polled(struct bench *b, const char *target)
{
    struct source_conf conf = conf_of(b);
    conf.secret = "t0ken";
    conf.target = target;
    bench_start(b, &conf);
}

/* 0 or the error's code. */
static enum err_code
deliver(struct bench *b, const char *body, const char *secret)
{
    struct buf mac = BUF_INIT;
    struct err e = ERR_INIT;
    sign_hmac(str_from(secret), str_from(body), &mac);
    struct source_hook h = {.body = str_from(body), .hmac = buf_str(&mac)};
    int rc = source_hook(b->source, &h, &e);
    buf_fini(&mac);
    assert_int_equal(rc == 0, e.code == ERR_NONE);
    return e.code;
}

static enum err_code
deliver_sample(struct bench *b, const char *sample)
{
    char *body = sample_read("instagram", sample);
    enum err_code code = deliver(b, body, SECRET);
    mem_free(body);
    return code;
}

static void
a_delivery_brings_the_comments_of_our_account_once(void **state)
{
    struct bench *b = *state;
    start_hooked(b);
    assert_int_equal(bench_state(b), SOURCE_DEGRADED);
    assert_string_equal(bench_status(b).code, "hook");
    assert_int_equal(deliver_sample(b, "hook.json"), ERR_NONE);
    assert_string_equal(b->got.data, "Жол қашан жөнделеді?|");
    assert_int_equal(b->at_ms, INT64_C(1775212200000));
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    assert_int_equal(deliver_sample(b, "hook.json"), ERR_NONE);
    assert_int_equal(deliver_sample(b, "hook_flat.json"), ERR_NONE);
    assert_string_equal(b->got.data, "Жол қашан жөнделеді?|когда починят свет?|");
    assert_int_equal(b->at_ms, INT64_C(1775212230000));
    assert_false(b->backlog);
}

static void
what_is_not_signed_with_our_secret_is_refused_and_said(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    char *body = sample_read("instagram", "hook.json");
    start_hooked(b);
    assert_int_equal(deliver(b, body, "another secret"), ERR_PERM);
    assert_string_equal(bench_status(b).code, "signature");
    assert_int_equal(bench_status(b).garbage, 1);
    struct source_hook bare = {.body = str_from(body)};
    assert_int_equal(source_hook(b->source, &bare, &e), -1);
    assert_int_equal(e.code, ERR_PERM);
    assert_int_equal(b->n_got, 0);
    /* Once the platform's own came, a stranger changes nothing that people see. */
    assert_int_equal(deliver(b, body, SECRET), ERR_NONE);
    assert_int_equal(deliver(b, body, "another secret"), ERR_PERM);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    mem_free(body);
}

static void
the_platforms_question_needs_our_word(void **state)
{
    struct bench *b = *state;
    struct source_hook h = {.asks = true,
                            .mode = STR_LIT("subscribe"),
                            .token = STR_LIT("our word"),
                            .word = STR_LIT("1158")};
    struct err e = ERR_INIT;
    start_hooked(b);
    assert_int_equal(source_hook(b->source, &h, &e), 0);
    assert_non_null(strstr(bench_status(b).reason, "knows our address"));
    h.token = STR_LIT("our wor");
    assert_int_equal(source_hook(b->source, &h, &e), -1);
    assert_int_equal(e.code, ERR_PERM);
    err_reset(&e);
    h.token = STR_LIT("our word");
    h.mode = STR_LIT("unsubscribe");
    assert_int_equal(source_hook(b->source, &h, &e), -1);
    assert_int_equal(e.code, ERR_PERM);
}

static void
what_is_signed_and_no_delivery_is_an_error_and_hurts_nothing(void **state)
{
    static const char *const bodies[] = {
        "", "{", "[]", "{\"object\":\"page\",\"entry\":[]}", "null", "{\"entry\":7}"};
    static const char *const empty[] = {
        "{\"object\":\"instagram\"}", "{\"object\":\"instagram\",\"entry\":[7,{},null]}",
        "{\"object\":\"instagram\",\"entry\":[{\"id\":\"" ACCOUNT "\",\"time\":-5,"
        "\"changes\":[7,{\"field\":\"live_comments\",\"value\":[]}]}]}"};
    struct bench *b = *state;
    start_hooked(b);
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
        assert_int_equal(deliver(b, bodies[i], SECRET), ERR_PARSE);
    for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++)
        assert_int_equal(deliver(b, empty[i], SECRET), ERR_NONE);
    assert_int_equal(b->n_got, 0);
}

static void
a_source_that_is_off_or_full_says_so_to_the_platform(void **state)
{
    struct bench *b = *state;
    start_hooked(b);
    source_enable(b->source, false);
    assert_int_equal(deliver_sample(b, "hook.json"), ERR_NONE);
    assert_int_equal(b->n_got, 0);
    source_enable(b->source, true);
    b->room = 0;
    assert_int_equal(deliver_sample(b, "hook.json"), ERR_NONE); /* it waits here */
    assert_int_equal(deliver_sample(b, "hook_flat.json"), ERR_BAD_STATE);
    b->room = SIZE_MAX;
    source_resume(b->source);
    assert_int_equal(b->n_got, 1);
    assert_int_equal(deliver_sample(b, "hook_flat.json"), ERR_NONE);
    assert_int_equal(b->n_got, 2);
}

static void
a_flood_of_deliveries_is_slowed(void **state)
{
    struct bench *b = *state;
    enum err_code code = ERR_NONE;
    int n = 0;
    start_hooked(b);
    for (; n < 4 * BOUNDS_HOOK_BURST && code == ERR_NONE; n++)
        code = deliver(b, "{\"object\":\"instagram\"}", SECRET);
    assert_int_equal(code, ERR_LIMIT);
    assert_true(n > BOUNDS_HOOK_BURST);
}

static void
comments_are_asked_for_oldest_first_and_known_ones_are_not_read_again(void **state)
{
    struct bench *b = *state;
    serve(b, LIVE, 200, "live.json");
    serve(b,
          "GET /18000000000000009/comments?fields=id,text,username,timestamp,from,"
          "user,parent_id&limit=50&after=OLDER",
          200, "comments_older.json");
    serve(b, COMMENTS, 200, "comments.json");
    start_polled(b, "live");
    UNTIL(b, b->n_got == 3);
    assert_string_equal(b->got.data, "екінші|үшінші|бірінші|");
    assert_true(b->backlog);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    assert_int_equal(mock_http_times_asked(b->http, "access_token=t0ken"), 3);
    /* The same by delivery. */
    assert_int_equal(deliver_sample(b, "hook.json"), ERR_NONE);
    assert_int_equal(b->n_got, 3);
    assert_int_equal(deliver_sample(b, "hook_flat.json"), ERR_NONE);
    assert_int_equal(b->n_got, 4);
}

static void
an_account_that_is_not_on_air_is_waited_for_and_a_delivery_ends_the_wait(void **state)
{
    struct bench *b = *state;
    b->timing.wait = 60000;
    serve(b, LIVE, 200, "not_live.json");
    start_polled(b, NULL);
    UNTIL(b, strcmp(bench_status(b).code, "waiting") == 0);
    assert_int_equal(deliver_sample(b, "hook.json"), ERR_NONE);
    assert_int_equal(b->n_got, 1);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
}

static void
each_fault_of_the_platform_has_its_state_and_code(void **state)
{
    static const struct {
        int status;
        const char *sample;
        enum mock_fault fault;
        enum source_state state;
        const char *code, *says;
    } rows[] = {
        {400, "error_token.json", MOCK_FINE, SOURCE_REFUSED, "auth", "has expired"},
        {403, "error_right.json", MOCK_FINE, SOURCE_REFUSED, "auth", "manage_comments"},
        {429, "not_live.json", MOCK_FINE, SOURCE_CONNECTING, "limit", "slow down"},
        {500, "not_live.json", MOCK_FINE, SOURCE_CONNECTING, "closed", "500"},
        {200, "live.json", MOCK_CUT, SOURCE_CONNECTING, "closed", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        void *own = NULL;
        bench_setup(&own);
        struct bench *b = own;
        b->timing.backoff_least = b->timing.backoff_most = b->timing.wait = 60000;
        char *body = sample_read("instagram", rows[i].sample);
        mock_http_answer(b->http, &(struct mock_answer){.when = LIVE,
                                                        .status = rows[i].status,
                                                        .body = body,
                                                        .fault = rows[i].fault});
        mem_free(body);
        start_polled(b, "live");
        bench_arm(b);
        UNTIL(b, bench_state(b) == rows[i].state &&
                     strcmp(bench_status(b).code, rows[i].code) == 0);
        if (strstr(bench_status(b).reason, rows[i].says) == NULL ||
            strstr(bench_status(b).reason, "t0ken") != NULL)
            fail_msg("row %zu: '%s'", i, bench_status(b).reason);
        bench_teardown(&own);
    }
}

static void
the_writer_of_a_comment_is_answered_in_private_and_a_refusal_ends_it(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    serve(b, COMMENTS, 200, "comments.json");
    serve(b, MESSAGES, 200, "said.json");
    serve(b, MESSAGES, 403, "error_window.json");
    start_polled(b, "18000000000000009");
    UNTIL(b, b->n_got == 2);
    assert_true(source_can_send(b->source));
    assert_int_equal(source_send(b->source, STR_LIT("қабылданды"), STR_NONE, &e), -1);
    assert_int_equal(e.code, ERR_VALUE);
    struct str to = STR_LIT("17900000000000011");
    assert_int_equal(source_send(b->source, STR_LIT("№7 \"қабылданды\""), to, &e), 0);
    assert_int_equal(source_send(b->source, STR_LIT("тағы"), to, &e), 0);
    UNTIL(b, bench_state(b) == SOURCE_DEGRADED);
    assert_int_equal(mock_http_times_asked(b->http,
                                           "{\"recipient\":{\"comment_id\":"
                                           "\"17900000000000011\"},\"message\":{\"text\":"
                                           "\"№7 \\\"қабылданды\\\"\"}}"),
                     1);
    assert_false(source_can_send(b->source));
    assert_non_null(strstr(bench_status(b).reason, "outside of allowed window"));
}

static void
settings_that_cannot_work_are_refused(void **state)
{
    static const struct {
        struct source_conf conf;
        const char *says;
    } rows[] = {
        {{.client_secret = "x", .verify_token = "y"}, "'account' is missing"},
        {{.account = "police", .secret = "x"}, "'account' is missing"},
        {{.account = "178"}, "'token_file' is missing"},
        {{.account = "178", .client_secret = "x"}, "'verify_token_file' is missing"},
        {{.account = "178", .secret = "x", .target = "https://instagram.com/x/live"},
         "is no live video"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct source_conf conf = rows[i].conf;
        struct err e = ERR_INIT;
        conf.kind = "instagram";
        struct source *s = source_new(&b->env, &conf, &e);
        if (s != NULL || strstr(e.msg, rows[i].says) == NULL)
            fail_msg("row %zu: '%s'", i, e.msg);
    }
}

static void
a_source_without_an_app_secret_has_no_webhook(void **state)
{
    struct bench *b = *state;
    struct source_conf conf = conf_of(b);
    conf.client_secret = conf.verify_token = NULL;
    conf.secret = "t0ken";
    bench_start(b, &conf);
    assert_int_equal(deliver_sample(b, "hook.json"), ERR_MISSING);
}

static void
ten_silent_minutes_are_stood(void **state)
{
    struct bench *b = *state;
    start_hooked(b);
    assert_int_equal(deliver_sample(b, "hook.json"), ERR_NONE);
    bench_silence(b, NULL);
    assert_int_equal(deliver_sample(b, "hook_flat.json"), ERR_NONE);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define BENCH_TEST(name) \
    cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
        BENCH_TEST(a_delivery_brings_the_comments_of_our_account_once),
        BENCH_TEST(what_is_not_signed_with_our_secret_is_refused_and_said),
        BENCH_TEST(the_platforms_question_needs_our_word),
        BENCH_TEST(what_is_signed_and_no_delivery_is_an_error_and_hurts_nothing),
        BENCH_TEST(a_source_that_is_off_or_full_says_so_to_the_platform),
        BENCH_TEST(a_flood_of_deliveries_is_slowed),
        BENCH_TEST(comments_are_asked_for_oldest_first_and_known_ones_are_not_read_again),
        BENCH_TEST(
            an_account_that_is_not_on_air_is_waited_for_and_a_delivery_ends_the_wait),
        cmocka_unit_test(each_fault_of_the_platform_has_its_state_and_code),
        BENCH_TEST(the_writer_of_a_comment_is_answered_in_private_and_a_refusal_ends_it),
        BENCH_TEST(settings_that_cannot_work_are_refused),
        BENCH_TEST(a_source_without_an_app_secret_has_no_webhook),
        BENCH_TEST(ten_silent_minutes_are_stood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
