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
#include "serve/webhook_body.h"
#include "serve/webhooks.h"
#include "support/mock_http.h"
#include "support/serve_world.h"

#define QUESTION "Когда починят светофор на улице Абая?"
#define PERSONAL "Когда ответят по заявлению? Мой телефон 8 701 123 45 67"
#define URGENT   "Помогите, у соседей пожар, горит квартира!"

enum { DEADLINE_MS = 10000 };

static struct world w;
static struct mock_http *http;
static struct fetcher *fetcher;
static struct webhooks *hooks;

static int
setup(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    log_set_level(LOG_ERROR);
    world_begin(&w, NULL);
    http = mock_http_new();
    fetcher = fetcher_new(loop_mailbox(w.loop), &e);
    assert_non_null(fetcher);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    webhooks_free(&hooks);
    fetcher_free(&fetcher);
    mock_http_free(&http);
    world_end(&w);
    return 0;
}

/* Hooks that try again at once, and give up after `give_up` ms of the world's clock. */
static void
open_hooks(const struct webhook_conf *list, size_t n, int64_t give_up)
{
    struct err e = ERR_INIT;
    struct webhooks_conf conf = {
        .hooks = list,
        .n_hooks = n,
        .loop = w.loop,
        .fetcher = fetcher,
        .stream = w.stream,
        .clock = &w.clock,
        .stream_id = "test",
        .link = "https://live.example.kz/",
        .timing = {.least = 1, .most = 2, .give_up = give_up, .answer = 5000},
    };

    hooks = webhooks_new(&conf, &e);
    if (hooks == NULL)
        fail_msg("%s", e.msg);
}

static void
open_json(unsigned news, int64_t give_up)
{
    struct buf url = BUF_INIT;

    buf_addf(&url, "%s/hook", mock_http_url(http));
    struct webhook_conf c = {
        .name = "desk", .url = url.data, .secret = "key", .news = news};
    open_hooks(&c, 1, give_up);
    buf_fini(&url);
}

static bool
has_metric(const char *name, uint64_t n)
{
    struct buf page = BUF_INIT, want = BUF_INIT;

    webhooks_write_metrics(hooks, &page);
    buf_addf(&want, "suraq_webhooks_%s{webhook=\"desk\"} %llu\n", name,
             (unsigned long long)n);
    bool has = strstr(page.data, want.data) != NULL;
    buf_fini(&page);
    buf_fini(&want);
    return has;
}

#define UNTIL(condition)                                                    \
    do {                                                                    \
        int64_t end = clock_mono_ms(clock_system()) + DEADLINE_MS;          \
        while (!(condition) && clock_mono_ms(clock_system()) < end)         \
            world_turn(&w);                                                 \
        if (!(condition))                                                   \
            fail_msg("line %d: never came true: %s", __LINE__, #condition); \
    } while (0)

static void
the_signature_covers_time_and_body(void **state)
{
    struct buf out = BUF_INIT;

    (void)state;
    webhook_sign(STR_LIT("key"), 1800000000, STR_LIT("{\"a\":1}"), &out);
    assert_string_equal(
        out.data,
        "sha256=7330c9cf7d886970cbebbbb5494c04d2aeff06a990adb7d7a75abfeb0159d291");
    buf_fini(&out);
}

static void
a_question_is_told_signed_and_without_personal_data(void **state)
{
    struct buf signature = BUF_INIT;

    (void)state;
    mock_http_on(http, "POST /hook", 204, "");
    open_json(1u << NEWS_QUESTION, 60000);
    uint64_t seq = world_say(&w, "chat", "m1", "Айгүл_2001", PERSONAL);
    UNTIL(has_metric("sent_total", 1));
    assert_int_equal(mock_http_times_asked(http, "\"event\":\"question\""), 1);
    assert_int_equal(mock_http_times_asked(http, "▇▇▇▇"), 1);
    assert_int_equal(mock_http_times_asked(http, "701"), 0);
    assert_int_equal(mock_http_times_asked(http, "Айгүл"), 0);
    assert_int_equal(mock_http_times_asked(http, "X-Suraq-Timestamp: 1800000000"), 1);
    buf_addf(&signature, "X-Suraq-Delivery: %llu-1-question", (unsigned long long)seq);
    assert_int_equal(mock_http_times_asked(http, signature.data), 1);
    buf_fini(&signature);
    assert_null(webhooks_fault(hooks));
}

/* The clock stands still, so what is sent is known to the byte. */
static void
what_is_sent_verifies(void **state)
{
    struct buf body = BUF_INIT, header = BUF_INIT;

    (void)state;
    mock_http_on(http, "POST /hook", 200, "ok");
    open_json(1u << NEWS_QUESTION, 60000);
    uint64_t seq = world_say(&w, "chat", "m1", "Айгүл", QUESTION);
    UNTIL(has_metric("sent_total", 1));
    buf_addf(&body,
             "{\"id\":\"%llu-1-question\",\"event\":\"question\",\"stream\":\"test\","
             "\"seq\":%llu,\"broadcast\":1,\"at\":\"2027-01-15T08:00:00.000Z\","
             "\"link\":\"https://live.example.kz/\",\"question\":{\"n\":1,\"no\":1,"
             "\"status\":\"new\",\"text\":{\"ru\":\"" QUESTION "\"},\"lang\":\"ru\","
             "\"topics\":[],\"question\":true,\"urgent\":null,\"count\":1,"
             "\"name\":\"Айгүл\",\"source\":\"chat\","
             "\"created_at\":\"2027-01-15T08:00:00.000Z\",\"aired_at\":null,"
             "\"answered_at\":null}}",
             (unsigned long long)seq, (unsigned long long)seq);
    buf_add_cstr(&header, "X-Suraq-Signature: ");
    webhook_sign(STR_LIT("key"), 1800000000, buf_str(&body), &header);
    assert_int_equal(mock_http_times_asked(http, body.data), 1);
    assert_int_equal(mock_http_times_asked(http, header.data), 1);
    buf_fini(&body);
    buf_fini(&header);
}

static void
nothing_leaves_before_it_is_on_disk(void **state)
{
    (void)state;
    mock_http_on(http, "POST /hook", 200, "");
    open_json(1u << NEWS_QUESTION, 60000);
    w.hold = true;
    (void)world_say(&w, "chat", "m1", "a", QUESTION);
    UNTIL(w.held != NULL);
    assert_true(has_metric("waiting", 1));
    assert_int_equal(mock_http_times_asked(http, "POST"), 0);
    world_release(&w);
    UNTIL(has_metric("sent_total", 1));
}

static void
what_fails_for_now_is_tried_again_and_in_order(void **state)
{
    static const int statuses[] = {500, 503, 429, 408};

    (void)state;
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
        mock_http_on(http, "POST /hook", statuses[i], "");
    mock_http_answer(http, &(struct mock_answer){.when = "POST /hook",
                                                 .fault = MOCK_CUT,
                                                 .status = 200,
                                                 .body = "0123456789"});
    mock_http_on(http, "POST /hook", 200, "");
    open_json(1u << NEWS_QUESTION, 60000);
    (void)world_say(&w, "chat", "m1", "a", QUESTION);
    (void)world_say(&w, "chat", "m2", "b", PERSONAL);
    UNTIL(has_metric("sent_total", 2));
    assert_int_equal(mock_http_times_asked(http, "-1-question"), 6);
    assert_int_equal(mock_http_times_asked(http, "-2-question"), 1);
    assert_null(webhooks_fault(hooks));
}

static void
what_is_refused_or_too_old_is_given_up_and_said(void **state)
{
    (void)state;
    mock_http_on(http, "POST /hook", 403, "");
    mock_http_on(http, "POST /hook", 500, "");
    open_json(1u << NEWS_QUESTION, 0);
    (void)world_say(&w, "chat", "m1", "a", QUESTION);
    UNTIL(has_metric("failed_total", 1));
    assert_string_equal(webhooks_fault(hooks), "it answers 403");
    (void)world_say(&w, "chat", "m2", "b", PERSONAL);
    UNTIL(has_metric("failed_total", 2));
    assert_string_equal(webhooks_fault(hooks), "it answers 500");
}

static void
the_line_is_bounded_and_keeps_urgent_ones(void **state)
{
    (void)state;
    mock_http_on(http, "POST /hook", 200, "");
    open_json(1u << NEWS_QUESTION | 1u << NEWS_URGENT | 1u << NEWS_ON_AIR, 60000);
    w.hold = true;
    (void)world_say(&w, "chat", "u", "a", URGENT);
    for (int i = 0; i < BOUNDS_WEBHOOK_QUEUE + 3; i++) {
        char id[16], text[96];
        (void)snprintf(id, sizeof(id), "m%d", i);
        (void)snprintf(text, sizeof(text), "Когда отремонтируют дом номер %d?", i);
        (void)world_say(&w, "chat", id, id, text);
    }
    assert_true(has_metric("waiting", BOUNDS_WEBHOOK_QUEUE));
    assert_true(has_metric("dropped_total", 4));
    world_release(&w);
    UNTIL(has_metric("sent_total", BOUNDS_WEBHOOK_QUEUE));
    assert_int_equal(mock_http_times_asked(http, "\"event\":\"urgent\""), 1);
    assert_int_equal(mock_http_times_asked(http, "номер 3?"), 0);
    assert_int_equal(mock_http_times_asked(http, "номер 4?"), 1);
}

static void
the_duty_officer_gets_a_message_in_their_language(void **state)
{
    static const struct {
        bool kazakh;
        const char *says;
    } rows[] = {
        {true, "ШҰҒЫЛ: өрт\\n№1 · chat\\n\\n" URGENT "\\n\\nhttps://live.example.kz/"},
        {false,
         "СРОЧНО: пожар\\n№1 · chat\\n\\n" URGENT "\\n\\nhttps://live.example.kz/"},
    };
    struct webhook_conf list[2];

    (void)state;
    for (size_t i = 0; i < 2; i++)
        list[i] = (struct webhook_conf){.name = rows[i].kazakh ? "desk" : "ru",
                                        .telegram = true,
                                        .url = mock_http_url(http),
                                        .token = "1:tok",
                                        .chat_id = "-100",
                                        .kazakh = rows[i].kazakh,
                                        .news = 1u << NEWS_URGENT};
    mock_http_on(
        http, "POST /bot1:tok/sendMessage", 429,
        "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests\"}");
    mock_http_on(http, "POST /bot1:tok/sendMessage", 200, "{\"ok\":true}");
    open_hooks(list, 2, 60000);
    (void)world_say(&w, "chat", "m1", "a", QUESTION);
    (void)world_say(&w, "chat", "m2", "b", URGENT);
    UNTIL(mock_http_times_asked(http, "\"chat_id\":\"-100\"") == 3);
    UNTIL(webhooks_fault(hooks) == NULL);
    for (size_t i = 0; i < 2; i++) {
        char says[512];
        (void)snprintf(says, sizeof(says), "%s", rows[i].says);
        *strstr(says, "№1") = '\0';
        assert_true(mock_http_times_asked(http, says) >= 1);
        assert_true(mock_http_times_asked(http, strstr(rows[i].says, "· chat")) >= 1);
    }
    assert_int_equal(mock_http_times_asked(http, "светофор"), 0);
}

static void
a_wait_that_the_other_side_asks_for_is_kept(void **state)
{
    (void)state;
    mock_http_answer(http, &(struct mock_answer){.when = "POST /hook",
                                                 .status = 503,
                                                 .headers = "Retry-After: 3600\r\n"});
    open_json(1u << NEWS_QUESTION | 1u << NEWS_URGENT, 2 * 3600 * 1000);
    (void)world_say(&w, "chat", "m1", "a", QUESTION);
    UNTIL(webhooks_fault(hooks) != NULL);
    (void)world_say(&w, "chat", "m2", "b", URGENT);
    UNTIL(stream_durable(w.stream) == queue_seq(stream_queue(w.stream)));
    assert_true(has_metric("waiting", 2));
    assert_int_equal(mock_http_times_asked(http, "POST /hook"), 1);
}

static void
an_urgent_one_does_not_wait_for_our_own_pause(void **state)
{
    (void)state;
    mock_http_on(http, "POST /hook", 500, "");
    mock_http_on(http, "POST /hook", 200, "");
    struct buf url = BUF_INIT;
    buf_addf(&url, "%s/hook", mock_http_url(http));
    struct webhook_conf c = {.name = "desk",
                             .url = url.data,
                             .secret = "key",
                             .news = 1u << NEWS_QUESTION | 1u << NEWS_URGENT};
    struct webhooks_conf conf = {
        .hooks = &c,
        .n_hooks = 1,
        .loop = w.loop,
        .fetcher = fetcher,
        .stream = w.stream,
        .clock = &w.clock,
        .stream_id = "test",
        .timing = {.least = 60000, .most = 60000, .give_up = 3600000, .answer = 5000}};
    struct err e = ERR_INIT;
    hooks = webhooks_new(&conf, &e);
    assert_non_null(hooks);
    (void)world_say(&w, "chat", "m1", "a", QUESTION);
    UNTIL(webhooks_fault(hooks) != NULL);
    (void)world_say(&w, "chat", "m2", "b", URGENT);
    UNTIL(has_metric("sent_total", 2));
    buf_fini(&url);
}

static void
a_bad_address_or_token_is_an_error_at_once(void **state)
{
    static const struct webhook_conf rows[] = {
        {.name = "a", .url = "ftp://a.kz/", .secret = "key"},
        {.name = "b", .telegram = true, .token = "1:a/../b", .chat_id = "1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct webhooks_conf conf = {.hooks = &rows[i], .n_hooks = 1, .stream = w.stream};
        struct err e = ERR_INIT;
        assert_null(webhooks_new(&conf, &e));
        assert_int_equal(e.code, ERR_VALUE);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define HOOK_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        cmocka_unit_test(the_signature_covers_time_and_body),
        HOOK_TEST(a_question_is_told_signed_and_without_personal_data),
        HOOK_TEST(what_is_sent_verifies),
        HOOK_TEST(nothing_leaves_before_it_is_on_disk),
        HOOK_TEST(what_fails_for_now_is_tried_again_and_in_order),
        HOOK_TEST(what_is_refused_or_too_old_is_given_up_and_said),
        HOOK_TEST(the_line_is_bounded_and_keeps_urgent_ones),
        HOOK_TEST(the_duty_officer_gets_a_message_in_their_language),
        HOOK_TEST(a_wait_that_the_other_side_asks_for_is_kept),
        HOOK_TEST(an_urgent_one_does_not_wait_for_our_own_pause),
        HOOK_TEST(a_bad_address_or_token_is_an_error_at_once),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
