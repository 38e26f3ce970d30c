/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/mem.h"

struct exit_row {
    const char *in, *want;
};

static void
check(const struct exit_row *rows, size_t n, void (*add)(struct buf *b, struct str s))
{
    for (size_t i = 0; i < n; i++) {
        struct buf b = BUF_INIT;
        add(&b, str_from(rows[i].in));
        if (!str_eq(buf_str(&b), str_from(rows[i].want)))
            fail_msg("row %zu: '%s' gave '%s'", i, rows[i].in, b.data);
        buf_fini(&b);
    }
}

static void
a_log_line_cannot_be_forged(void **state)
{
    static const struct exit_row rows[] = {
        {"жол 1", "жол 1"},
        {"a\nb", "a\\x0Ab"},
        {"\033[31m", "\\x1B[31m"},
        {"\xC2\x9B", "\\u{009B}"},
        {"\u202Eevil", "\\u{202E}evil"},
        {"a\u200Bb", "a\\u{200B}b"},
        {"\xFF\xD0", "\\xFF\\xD0"},
        {"\x7F", "\\x7F"},
    };

    (void)state;
    check(rows, sizeof(rows) / sizeof(rows[0]), buf_add_escaped);
}

static void
html_is_inert(void **state)
{
    static const struct exit_row rows[] = {
        {"<script>", "&#60;script&#62;"},
        {"a&b\"c'd", "a&#38;b&#34;c&#39;d"},
        {"қ", "қ"},
        {"\x01\xFF", "\uFFFD\uFFFD"},
    };

    (void)state;
    check(rows, sizeof(rows) / sizeof(rows[0]), buf_add_html);
}

static void
a_spreadsheet_sees_no_formula(void **state)
{
    static const struct exit_row rows[] = {
        {"=1+1", "\"'=1+1\""},
        {"+7", "\"'+7\""},
        {"@a", "\"'@a\""},
        {"-1", "\"'-1\""},
        {"\t=1", "\"'\t'=1\""},
        {"a\"b", "\"a\"\"b\""},
        {"plain", "\"plain\""},
        {"", "\"\""},
        {"a;=1", "\"a;'=1\""},
        {"a;\"=1", "\"a;\"\"'=1\""},
        {"a\r\n\r\nb", "\"a\r\n\r\nb\""},
        {"a\n=1", "\"a\n'=1\""},
        {"1; - 2-3", "\"1; - 2-3\""},
    };

    (void)state;
    check(rows, sizeof(rows) / sizeof(rows[0]), buf_add_csv);
}

static void
any_bytes_become_a_json_string_that_reads_back(void **state)
{
    (void)state;
    srand(7);
    for (int round = 0; round < 2000; round++) {
        char in[64];
        size_t len = (size_t)(rand() % (int)sizeof(in));
        struct buf b = BUF_INIT;
        for (size_t i = 0; i < len; i++)
            in[i] = (char)(rand() % 256);
        buf_add_json(&b, (struct str){in, len});
        assert_null(memchr(b.data, '<', b.len));
        assert_null(memchr(b.data, '\n', b.len));
        json_t *v = json_loadb(b.data, b.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        assert_non_null(v);
        json_decref(v);
        buf_fini(&b);
    }
}

static void
json_keeps_good_text(void **state)
{
    static const char in[] = "Сұрақ \"a\\b\" 😀\n\t";
    struct buf b = BUF_INIT;

    (void)state;
    buf_add_json(&b, STR_LIT(in));
    json_t *v = json_loadb(b.data, b.len, JSON_DECODE_ANY, NULL);
    assert_string_equal(json_string_value(v), in);
    json_decref(v);
    buf_fini(&b);
}

static void
numbers_are_written_whole(void **state)
{
    struct buf b = BUF_INIT;

    (void)state;
    buf_add_u64(&b, UINT64_MAX);
    buf_add_char(&b, ' ');
    buf_add_i64(&b, INT64_MIN);
    buf_add_char(&b, ' ');
    buf_add_u64(&b, 0);
    assert_string_equal(b.data, "18446744073709551615 -9223372036854775808 0");
    buf_fini(&b);
}

static void
a_shadow_array_agrees_after_random_operations(void **state)
{
    struct buf b = BUF_INIT;
    char shadow[4096];
    size_t len = 0;

    (void)state;
    srand(11);
    for (int i = 0; i < 20000; i++) {
        char some[32];
        size_t n = (size_t)(rand() % (int)sizeof(some));
        memset(some, 'a' + rand() % 26, sizeof(some));
        if (len + n >= sizeof(shadow) || rand() % 50 == 0) {
            len = len > 0 ? (size_t)rand() % len : 0;
            buf_truncate(&b, len);
        } else {
            memcpy(shadow + len, some, n);
            len += n;
            buf_add(&b, some, n);
        }
        assert_int_equal(b.len, len);
        if (b.data != NULL) {
            assert_memory_equal(b.data, shadow, len);
            assert_int_equal(b.data[len], '\0');
        }
    }
    char *all = buf_steal(&b);
    assert_memory_equal(all, shadow, len);
    assert_int_equal(b.len, 0);
    mem_free(all);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_line_cannot_be_forged),
        cmocka_unit_test(html_is_inert),
        cmocka_unit_test(a_spreadsheet_sees_no_formula),
        cmocka_unit_test(any_bytes_become_a_json_string_that_reads_back),
        cmocka_unit_test(json_keeps_good_text),
        cmocka_unit_test(numbers_are_written_whole),
        cmocka_unit_test(a_shadow_array_agrees_after_random_operations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
