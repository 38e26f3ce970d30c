/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"

static void
first_error_wins(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(err_set(&e, ERR_PARSE, "line %d", 3), -1);
    assert_int_equal(err_set(&e, ERR_IO, "later"), -1);
    assert_int_equal(e.code, ERR_PARSE);
    assert_string_equal(e.msg, "line 3");
}

static void
context_goes_in_front(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    (void)err_set(&e, ERR_VALUE, "bad");
    (void)err_ctx(&e, "loading '%s'", "x");
    assert_string_equal(e.msg, "loading 'x': bad");
}

static void
errno_text_is_added(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    errno = ENOENT;
    (void)err_errno(&e, ERR_IO, "'%s'", "f");
    assert_string_equal(e.msg, "'f': No such file or directory");
}

static void
long_text_is_cut_between_letters(void **state)
{
    char text[2000];
    struct err e = ERR_INIT;

    (void)state;
    for (size_t shift = 0; shift < 2; shift++) {
        memset(text, 'x', shift);
        for (size_t i = shift; i + 2 < sizeof(text); i += 2)
            memcpy(text + i, "ж", 2);
        text[sizeof(text) - 2] = '\0';
        err_reset(&e);
        (void)err_set(&e, ERR_VALUE, "%s", text);
        assert_true(utf8_is_valid(str_from(e.msg)));
        (void)err_ctx(&e, "%s", "ab");
        assert_true(utf8_is_valid(str_from(e.msg)));
    }
}

static void
no_struct_is_fine(void **state)
{
    (void)state;
    assert_int_equal(err_set(NULL, ERR_IO, "x"), -1);
    assert_int_equal(err_ctx(NULL, "x"), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_error_wins),
        cmocka_unit_test(context_goes_in_front),
        cmocka_unit_test(errno_text_is_added),
        cmocka_unit_test(long_text_is_cut_between_letters),
        cmocka_unit_test(no_struct_is_fine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
