/* SPDX-License-Identifier: Apache-2.0 */
/* What is the same for every source: settings, the push kind, repeats, rates, backoff. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/bounds.h"
#include "support/source_bench.h"

static void
settings_that_will_not_do_are_refused_with_the_reason(void **state)
{
    static const struct {
        struct source_conf conf;
        const char *says; /* NULL: it is fine */
    } rows[] = {
        {{.kind = "push"}, NULL},
        {{.kind = "push", .name = "facebook.live-1_a"}, NULL},
        {{.kind = "twitch", .target = "efir"}, NULL},
        {{.kind = "irc", .target = "#e", .url = "wss://irc.example.kz:8097/irc?x=1"},
         NULL},
        {{.kind = "irc", .target = "#e", .url = "ws://[::1]:8097/"}, NULL},
        {{.kind = "replay", .file = "x"}, NULL},
        {{.kind = NULL}, "known are irc, twitch, youtube, telegram"},
        {{.kind = "icq"}, "unknown kind 'icq'"},
        {{.kind = "push", .name = ""}, "is no name"},
        {{.kind = "push", .name = "a/b"}, "is no name"},
        {{.kind = "push", .name = ".."}, "is no name"},
        {{.kind = "push", .name = "a:b"}, "is no name"},
        {{.kind = "push",
          .name = "0123456789012345678901234567890123456789012345678901234567890"
                  "1234"},
         "is no name"},
        {{.kind = "push", .target = "x"}, "has no target"},
        {{.kind = "replay"}, "'file' is missing"},
        {{.kind = "twitch"}, "'channel' is missing"},
        {{.kind = "twitch", .target = "a b"}, "no Twitch channel"},
        {{.kind = "irc", .target = "#e"}, "'url' is missing"},
        {{.kind = "irc", .url = "ws://h/"}, "'channel' is missing"},
        {{.kind = "irc", .target = "#e", .url = "http://h/"}, "ws://"},
        {{.kind = "irc", .target = "#e", .url = "ws://"}, "not a WebSocket address"},
        {{.kind = "irc", .target = "#e", .url = "ws://h:99999/"},
         "not a WebSocket address"},
        {{.kind = "irc", .target = "#e", .url = "ws://a b/"}, "not a WebSocket address"},
        {{.kind = "irc", .target = "#e", .url = "ws://h/\r\nX: y"},
         "not a WebSocket address"},
        {{.kind = "irc", .target = "#e", .url = "ws://u@h/"}, "not a WebSocket address"},
        {{.kind = "irc", .target = "#e", .url = "ws://h/", .nick = "a b"}, "is no nick"},
        {{.kind = "irc", .target = "#e", .url = "ws://h/", .secret = "a\r\nb"},
         "password"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;
        struct source *s = source_new(&b->env, &rows[i].conf, &e);
        if ((s != NULL) != (rows[i].says == NULL))
            fail_msg("row %zu: %s", i, s != NULL ? "was taken" : e.msg);
        if (s == NULL && strstr(e.msg, rows[i].says) == NULL)
            fail_msg("row %zu: '%s' does not say '%s'", i, e.msg, rows[i].says);
        source_close(&s);
    }
}

static void
the_kinds_that_are_named_are_the_kinds_there_are(void **state)
{
    struct bench *b = *state;
    for (const char *const *kind = source_kinds(); *kind != NULL; kind++) {
        struct err e = ERR_INIT;
        struct source *s = source_new(&b->env, &(struct source_conf){.kind = *kind}, &e);
        assert_null(strstr(e.msg, "unknown kind"));
        source_close(&s);
    }
}

static void
a_pushed_message_goes_the_common_way(void **state)
{
    struct bench *b = *state;
    struct message m = {.id = STR_LIT("1"), .text = STR_LIT("a")};
    struct message no_id = {.text = STR_LIT("b")};
    bench_start(b, &(struct source_conf){.kind = "push", .enabled = true});
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    assert_int_equal(source_push(b->source, &m), 1);
    assert_int_equal(source_push(b->source, &m), 0);
    assert_int_equal(source_push(b->source, &no_id), 1);
    assert_int_equal(source_push(b->source, &no_id), 1);
    b->room = 0;
    m.id = STR_LIT("2");
    assert_int_equal(source_push(b->source, &m), -1);
    b->room = 1;
    assert_int_equal(source_push(b->source, &m), 1);
    assert_string_equal(b->got.data, "a|b|b|a|");
    assert_int_equal(bench_status(b).duplicates, 1);
    assert_int_equal(bench_status(b).messages, 4);
    assert_true(bench_status(b).per_minute == 4.0);
    source_enable(b->source, false);
    assert_int_equal(source_push(b->source, &no_id), -1);
    assert_int_equal(bench_state(b), SOURCE_OFF);
}

static void
a_source_that_is_off_stays_off_until_somebody_switches_it_on(void **state)
{
    struct bench *b = *state;
    bench_start(b, &(struct source_conf){.kind = "push"});
    assert_int_equal(bench_state(b), SOURCE_OFF);
    assert_int_equal(b->changes, 0);
    source_enable(b->source, true);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    unsigned changes = b->changes;
    assert_true(changes > 0);
    source_enable(b->source, true);
    assert_int_equal(b->changes, changes);
}

static void
repeats_are_known_for_as_many_ids_as_promised(void **state)
{
    (void)state;
    struct source_seen seen;
    char id[32];
    source_seen_init(&seen);
    for (int i = 0; i < BOUNDS_SOURCE_SEEN + 10; i++) {
        snprintf(id, sizeof(id), "%d", i);
        source_seen_add(&seen, str_from(id));
        source_seen_add(&seen, str_from(id));
    }
    assert_int_equal(map_count(seen.set), BOUNDS_SOURCE_SEEN);
    assert_false(source_seen_has(&seen, STR_LIT("9")));
    assert_true(source_seen_has(&seen, STR_LIT("10")));
    assert_true(source_seen_has(&seen, str_from(id)));
    source_seen_fini(&seen);
}

static void
a_rate_forgets_what_is_older_than_a_minute(void **state)
{
    (void)state;
    struct source_rate r = {.second = 0};
    for (int64_t ms = 0; ms < 120000; ms += 500)
        source_rate_add(&r, ms);
    assert_true(source_rate_per_minute(&r, 119999) == 120.0);
    assert_true(source_rate_per_minute(&r, 149999) == 60.0);
    assert_true(source_rate_per_minute(&r, 300000) == 0.0);
}

static void
backoff_grows_to_its_limit_and_is_spread(void **state)
{
    (void)state;
    uint64_t random = 7;
    for (unsigned failures = 0; failures < 70; failures++) {
        int64_t low = INT64_MAX, high = 0;
        for (int i = 0; i < 1000; i++) {
            int64_t ms = source_backoff(&random, failures, 1000, 60000);
            low = ms < low ? ms : low;
            high = ms > high ? ms : high;
        }
        int64_t ceiling = failures < 6 ? INT64_C(1000) << failures : 60000;
        assert_in_range(low, 1000, failures == 0 ? 1000 : 1000 + ceiling / 10);
        assert_in_range(high, ceiling * 9 / 10, ceiling);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
static void
a_reason_never_repeats_a_secret(void **state)
{
    static const struct {
        const char *text, *secret, *becomes;
    } rows[] = {
        {"bad key AIza-123!", "AIza-123", "bad key ***!"},
        {"AIza-123AIza-123", "AIza-123", "******"},
        {"AIza-12", "AIza-123", "AIza-12"},
        {"the word is word", "word", "the word is word"},
        {"", "AIza-123", ""},
        {"nothing known", NULL, "nothing known"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf text = BUF_INIT;
        buf_add_cstr(&text, rows[i].text);
        source_hide(&text, rows[i].secret);
        assert_true(str_eq(buf_str(&text), str_from(rows[i].becomes)));
        buf_fini(&text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(settings_that_will_not_do_are_refused_with_the_reason),
        TEST(the_kinds_that_are_named_are_the_kinds_there_are),
        TEST(a_pushed_message_goes_the_common_way),
        TEST(a_source_that_is_off_stays_off_until_somebody_switches_it_on),
        cmocka_unit_test(a_reason_never_repeats_a_secret),
        cmocka_unit_test(repeats_are_known_for_as_many_ids_as_promised),
        cmocka_unit_test(a_rate_forgets_what_is_older_than_a_minute),
        cmocka_unit_test(backoff_grows_to_its_limit_and_is_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
