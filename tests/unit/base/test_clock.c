/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"

static void
times_are_read_in_every_form_that_platforms_send(void **state)
{
    static const struct {
        const char *in;
        int64_t want;
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-11-22T10:00:00.000Z", 1795341600000},
        {"2026-11-22T15:00:00+05:00", 1795341600000},
        {"2026-11-22T15:00:00+0500", 1795341600000},
        {"2023-07-19T14:56:51.634234626Z", 1689778611634},
        {"2000-02-29T23:59:59-00:30", 951870599000},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;
        int64_t got = -1;
        if (clock_parse_iso(str_from(rows[i].in), &got, &e) < 0 || got != rows[i].want)
            fail_msg("%s: %lld (%s)", rows[i].in, (long long)got, e.msg);
    }
}

static void
what_is_no_time_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "2026-11-22",
        "2026-13-22T10:00:00Z",
        "2026-11-31T10:00:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T10:00:00",
        "2026-11-22T10:00:00Zx",
        "2026-11-22T10:00:00+99:00",
        "yesterday",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;
        int64_t got;
        if (clock_parse_iso(str_from(rows[i]), &got, &e) == 0)
            fail_msg("'%s' was taken", rows[i]);
        assert_int_equal(e.code, ERR_VALUE);
    }
}

static void
every_day_is_written_and_read_back(void **state)
{
    (void)state;
    for (int64_t day = -800; day < 60000; day++) {
        struct err e = ERR_INIT;
        char text[CLOCK_ISO_LEN + 1];
        int64_t back, ms = day * 86400000 + 45296789;
        clock_iso(ms, text);
        assert_int_equal(clock_parse_iso(str_from(text), &back, &e), 0);
        assert_int_equal(back, ms);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read_in_every_form_that_platforms_send),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(every_day_is_written_and_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
