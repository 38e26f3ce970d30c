/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

static void
numbers_are_taken_whole_or_not_at_all(void **state)
{
    static const struct {
        const char *in;
        int rc;
        int64_t want;
    } rows[] = {
        {"0", 0, 0},
        {"42", 0, 42},
        {"-7", 0, -7},
        {"9223372036854775807", 0, INT64_MAX},
        {"", -1, 0},
        {"-", -1, 0},
        {"+5", -1, 0},
        {"12abc", -1, 0},
        {" 1", -1, 0},
        {"1 ", -1, 0},
        {"0x10", -1, 0},
        {"9223372036854775808", -1, 0},
        {"--1", -1, 0},
        {"1.0", -1, 0},
        {"-9223372036854775808", 0, INT64_MIN},
        {"99999999999999999999999", -1, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;
        int64_t got = 0;
        int rc = str_to_i64(str_from(rows[i].in), INT64_MIN, INT64_MAX, &got, &e);
        if (rc != rows[i].rc || got != rows[i].want)
            fail_msg("'%s': %d, %lld", rows[i].in, rc, (long long)got);
        assert_int_equal(rc < 0, e.code == ERR_VALUE);
    }
}

static void
durations_and_sizes_have_units(void **state)
{
    struct err e = ERR_INIT;
    int64_t ms;
    uint64_t bytes;

    (void)state;
    assert_int_equal(str_to_duration_ms(STR_LIT("90"), &ms, &e), 0);
    assert_int_equal(ms, 90000);
    assert_int_equal(str_to_duration_ms(STR_LIT("15m"), &ms, &e), 0);
    assert_int_equal(ms, 900000);
    assert_int_equal(str_to_duration_ms(STR_LIT("2 h"), &ms, &e), -1);
    assert_non_null(strstr(e.msg, "unit"));
    err_reset(&e);
    assert_int_equal(str_to_bytes(STR_LIT("256MiB"), &bytes, &e), 0);
    assert_int_equal(bytes, 256u << 20);
    assert_int_equal(str_to_bytes(STR_LIT("9999999999999GiB"), &bytes, &e), -1);
    err_reset(&e);
    assert_int_equal(str_to_bytes(STR_LIT("MiB"), &bytes, &e), -1);
}

static void
splitting_gives_every_part_also_the_empty_ones(void **state)
{
    struct str rest = STR_LIT("a,,b,"), part;
    const char *want[] = {"a", "", "b", ""};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_true(str_split(&rest, ',', &part));
        assert_true(str_eq(part, str_from(want[i])));
    }
    assert_false(str_split(&rest, ',', &part));
}

static void
slices_compare_as_bytes(void **state)
{
    (void)state;
    assert_true(str_eq(STR_NONE, STR_LIT("")));
    assert_true(str_eq_ascii_nocase(STR_LIT("Content-Type"), STR_LIT("content-type")));
    assert_true(str_has_prefix(STR_LIT("source:x"), STR_LIT("source:")));
    assert_false(str_has_prefix(STR_LIT("so"), STR_LIT("source:")));
    assert_true(str_cmp(STR_LIT("ab"), STR_LIT("b")) < 0);
    assert_true(str_cmp(STR_LIT("ab"), STR_LIT("a")) > 0);
    assert_true(str_eq(str_trim(STR_LIT(" \t x y\r\n")), STR_LIT("x y")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_taken_whole_or_not_at_all),
        cmocka_unit_test(durations_and_sizes_have_units),
        cmocka_unit_test(splitting_gives_every_part_also_the_empty_ones),
        cmocka_unit_test(slices_compare_as_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
