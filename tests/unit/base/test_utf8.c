/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"

static void
ill_formed_parts_become_one_replacement_each(void **state)
{
    static const struct {
        const char *in, *want;
        size_t repairs;
    } rows[] = {
        {"жол", "жол", 0},
        {"\xC0\xAF", "\uFFFD\uFFFD", 2},                     /* overlong */
        {"\xE0\x80\xAF", "\uFFFD\uFFFD\uFFFD", 3},           /* overlong */
        {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD", 3},           /* surrogate */
        {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD", 4}, /* above U+10FFFF */
        {"\xE2\x82", "\uFFFD", 1},                           /* cut */
        {"\xF0\x9F\x98", "\uFFFD", 1},                       /* cut */
        {"\xE2\x82q", "\uFFFDq", 1},
        {"\xF0\x9F\x98\x80", "😀", 0},
        {"a\xFFz", "a\uFFFDz", 1},
        {"\x80\xBF", "\uFFFD\uFFFD", 2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf b = BUF_INIT;
        size_t n = utf8_repair(str_from(rows[i].in), &b);
        if (n != rows[i].repairs || !str_eq(buf_str(&b), str_from(rows[i].want)))
            fail_msg("row %zu: %zu repairs, '%s'", i, n, b.data);
        assert_int_equal(utf8_is_valid(str_from(rows[i].in)), rows[i].repairs == 0);
        buf_fini(&b);
    }
}

static void
every_code_point_survives_the_way_there_and_back(void **state)
{
    struct buf b = BUF_INIT;

    (void)state;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        size_t pos = 0;
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        buf_reset(&b);
        utf8_add(&b, cp);
        assert_int_equal(utf8_next(buf_str(&b), &pos), (int32_t)cp);
        assert_int_equal(pos, b.len);
    }
    buf_fini(&b);
}

static void
offsets_count_letters(void **state)
{
    struct str s = STR_LIT("aжқ😀z");

    (void)state;
    assert_int_equal(utf8_count(s), 5);
    assert_int_equal(utf8_offset(s, 0), 0);
    assert_int_equal(utf8_offset(s, 2), 3);
    assert_int_equal(utf8_offset(s, 4), 9);
    assert_int_equal(utf8_offset(s, 5), s.len);
    assert_int_equal(utf8_offset(s, 99), s.len);
}

static void
a_prefix_never_cuts_a_letter(void **state)
{
    struct str s = STR_LIT("aж😀");

    (void)state;
    static const size_t want[] = {0, 1, 1, 3, 3, 3, 3, 7, 7};
    for (size_t max = 0; max < 9; max++)
        assert_int_equal(utf8_prefix(s, max).len, want[max]);
}

static void
what_hides_or_turns_text_is_invisible(void **state)
{
    static const uint32_t hidden[] = {0xAD,   0x200B, 0x200D, 0x202E,
                                      0x2066, 0xFEFF, 0xFE0F, 0xE0041};
    static const uint32_t shown[] = {'a', 0x20, 0x436, 0x49B, 0x1F600, 0x301};

    (void)state;
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        assert_true(utf8_is_invisible(hidden[i]));
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
        assert_false(utf8_is_invisible(shown[i]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ill_formed_parts_become_one_replacement_each),
        cmocka_unit_test(every_code_point_survives_the_way_there_and_back),
        cmocka_unit_test(offsets_count_letters),
        cmocka_unit_test(a_prefix_never_cuts_a_letter),
        cmocka_unit_test(what_hides_or_turns_text_is_invisible),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
