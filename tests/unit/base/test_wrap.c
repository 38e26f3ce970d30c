/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/wrap.h"

static void
lines_break_at_spaces_and_inside_long_words(void **state)
{
    static const struct {
        const char *in;
        unsigned indent, width;
        const char *want;
    } rows[] = {
        {"", 0, 20, ""},
        {"жол қашан жөнделеді", 0, 0, "жол қашан жөнделеді"},
        {"жол қашан жөнделеді", 0, 19, "жол қашан жөнделеді"},
        {"жол қашан жөнделеді", 0, 18, "жол қашан\nжөнделеді"},
        {"жол қашан жөнделеді", 2, 14, "жол қашан\n  жөнделеді"},
        {"aaaaaaaaaaaaaaa", 0, 12, "aaaaaaaaaaaa\naaa"},
        {"aa bbbbbbbbbbbbbbb", 0, 12, "aa\nbbbbbbbbbbbb\nbbb"},
        {"aaa   bbb        ", 0, 11, "aaa   bbb"},
        {"   aaa bbb ccc", 0, 11, "   aaa bbb\nccc"},
        /* two columns each, and none for the mark */
        {"漢字漢字漢字", 0, 11, "漢字漢字漢\n字"},
        {"и\u0306и\u0306и\u0306и\u0306и\u0306и\u0306и\u0306и\u0306и\u0306и\u0306", 0, 10,
         "и\u0306и\u0306и\u0306и\u0306и\u0306и\u0306и\u0306и\u0306и\u0306и\u0306"},
        /* what a terminal would obey is spelt out, and breaks as text does */
        {"a\x1b[31mb\nc\xff", 0, 0, "a\\x1B[31mb\\x0Ac\\xFF"},
        /* an indent that leaves no room is not kept to */
        {"aaaa bbbb cccc", 30, 20, "aaaa bbbb\n                              cccc"},
    };
    struct buf got = BUF_INIT;
    int wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        buf_reset(&got);
        wrap_add(&got, str_from(rows[i].in), rows[i].indent, rows[i].width);
        if (!str_eq(buf_str(&got), str_from(rows[i].want))) {
            print_error("row %zu: '%.*s'\n", i, STR_ARG(buf_str(&got)));
            wrong++;
        }
    }
    buf_fini(&got);
    assert_int_equal(wrong, 0);
    assert_int_equal(wrap_columns(STR_LIT("жол 漢 и\u0306")), 8);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_break_at_spaces_and_inside_long_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
