/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "serve/hook_gate.h"
#include "support/serve_world.h"

#define HOOK "/api/v1/hooks/insta"

static struct world w;

static int
setup(void **state)
{
    (void)state;
    world_begin(&w, NULL);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    world_end(&w);
    return 0;
}

/* A connection of its own; the status, and the whole answer in `a`. */
static int
ask(const char *text, struct answer *a)
{
    struct peer p;

    peer_open(&p, &w);
    peer_text(&p, text);
    peer_answer(&p, a, false);
    peer_fini(&p);
    return a->status;
}

static void
the_platforms_question_is_answered_with_its_word(void **state)
{
    struct answer a;

    (void)state;
    assert_int_equal(
        ask("GET " HOOK "?hub.mode=subscribe&hub.challenge=1158201444"
            "&hub.verify_token=our%20word HTTP/1.1\r\nHost: localhost\r\n\r\n",
            &a),
        200);
    assert_string_equal(a.body.data, "1158201444");
    assert_true(answer_has(&a, "content-type: text/plain"));
    assert_string_equal(w.hook, "?our word|subscribe||");
    answer_fini(&a);
}

static void
what_is_no_word_is_not_sent_back(void **state)
{
    static const char *const words[] = {"", "%3Cscript%3E", "a%20b"};

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct answer a;
        char text[256];
        (void)snprintf(text, sizeof(text),
                       "GET " HOOK "?hub.mode=subscribe&hub.challenge=%s HTTP/1.1\r\n"
                       "Host: localhost\r\n\r\n",
                       words[i]);
        assert_int_equal(ask(text, &a), 400);
        answer_fini(&a);
    }
}

static void
a_delivery_reaches_the_source_byte_by_byte_without_a_session(void **state)
{
    struct answer a;

    (void)state;
    assert_int_equal(
        ask("POST " HOOK " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/x\r\n"
            "X-Hub-Signature-256: sha256=00ff\r\nKick-Event-Signature: c2ln\r\n"
            "Kick-Event-Message-Id: 01J\r\nContent-Length: 9\r\n\r\n{ \"a\" : 1",
            &a),
        200);
    assert_string_equal(w.hook, "{ \"a\" : 1|sha256=00ff|c2ln|01J");
    answer_fini(&a);
}

static void
each_fault_has_its_status_and_tells_a_stranger_nothing(void **state)
{
    static const struct {
        const char *path;
        enum err_code fault;
        int status;
    } rows[] = {
        {HOOK, ERR_PERM, 403},
        {HOOK, ERR_PARSE, 400},
        {HOOK, ERR_VALUE, 400},
        {HOOK, ERR_MISSING, 404},
        {HOOK, ERR_BAD_STATE, 503},
        {HOOK, ERR_LIMIT, 503},
        {"/api/v1/hooks/nobody", ERR_NONE, 404},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct answer a;
        char text[256];
        w.hook_fault = rows[i].fault;
        (void)snprintf(text, sizeof(text),
                       "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n"
                       "{}",
                       rows[i].path);
        if (ask(text, &a) != rows[i].status || strstr(a.body.data, "secret") != NULL)
            fail_msg("row %zu: %d %s", i, a.status, a.body.data);
        answer_fini(&a);
    }
    w.hook_fault = ERR_NONE;
}

static void
a_huge_body_is_refused_before_it_is_read(void **state)
{
    struct answer a;
    char text[256];

    (void)state;
    w.hook[0] = '\0';
    (void)snprintf(text, sizeof(text),
                   "POST " HOOK " HTTP/1.1\r\nHost: localhost\r\n"
                   "Content-Length: %d\r\n\r\n",
                   BOUNDS_BODY_HOOK + 1);
    struct peer p;
    peer_open(&p, &w);
    peer_text(&p, text);
    char some[4096];
    memset(some, 'a', sizeof(some));
    for (int left = BOUNDS_BODY_HOOK + 1; left > 0; left -= (int)sizeof(some))
        peer_send(&p, some, left < (int)sizeof(some) ? (size_t)left : sizeof(some));
    peer_answer(&p, &a, false);
    assert_int_equal(a.status, 413);
    assert_string_equal(w.hook, "");
    answer_fini(&a);
    peer_fini(&p);
}

static void
an_address_that_floods_is_told_to_wait(void **state)
{
    int status = 200;

    (void)state;
    w.hook_fault = ERR_PERM;
    for (int i = 0; i < 100 && status != 429; i++) {
        struct answer a;
        status = ask("POST " HOOK " HTTP/1.1\r\nHost: localhost\r\n"
                     "Content-Length: 0\r\n\r\n",
                     &a);
        answer_fini(&a);
    }
    w.hook_fault = ERR_NONE;
    assert_int_equal(status, 429);
}

static void
one_address_and_one_source_do_not_slow_the_others(void **state)
{
    struct hook_gate *g = hook_gate_new();
    struct str one = STR_LIT("192.0.2.1"), other = STR_LIT("192.0.2.2");
    struct str a = STR_LIT("a"), b = STR_LIT("b");

    (void)state;
    for (int i = 0; i < 100; i++)
        hook_gate_fine(g, one, a, 1000);
    assert_false(hook_gate_admits(g, one, a, 1000));
    assert_true(hook_gate_admits(g, other, a, 1000));
    assert_true(hook_gate_admits(g, one, b, 1000));
    assert_true(hook_gate_admits(g, one, a, 1100));
    hook_gate_free(&g);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        WORLD_TEST(the_platforms_question_is_answered_with_its_word),
        WORLD_TEST(what_is_no_word_is_not_sent_back),
        WORLD_TEST(a_delivery_reaches_the_source_byte_by_byte_without_a_session),
        WORLD_TEST(each_fault_has_its_status_and_tells_a_stranger_nothing),
        WORLD_TEST(a_huge_body_is_refused_before_it_is_read),
        WORLD_TEST(an_address_that_floods_is_told_to_wait),
        cmocka_unit_test(one_address_and_one_source_do_not_slow_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
