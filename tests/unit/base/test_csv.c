/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"
#include "base/mem.h"

/* Records as "1:a|b;" with the line in front; malformed ones as "1:!;". */
static void
render(struct str text, char separator, struct buf *out)
{
    struct csv c;
    struct csv_record r;
    int rc;

    csv_init(&c, text, separator);
    for (;;) {
        struct err e = ERR_INIT;
        rc = csv_next(&c, &r, &e);
        if (rc == 0)
            break;
        buf_addf(out, "%zu:%s", r.line, rc < 0 ? "!" : "");
        for (size_t i = 0; rc > 0 && i < r.n && i < CSV_FIELDS; i++) {
            buf_add_cstr(out, i > 0 ? "|" : "");
            buf_add_str(out, r.field[i]);
        }
        buf_add_char(out, ';');
        assert_int_equal(e.code, rc < 0 ? ERR_PARSE : ERR_NONE);
    }
    csv_fini(&c);
}

static void
records_are_read_as_spreadsheets_write_them(void **state)
{
    static const struct {
        const char *text;
        char separator;
        const char *want;
    } rows[] = {
        {"", ',', ""},
        {"\n\r\n\r", ',', ""},
        {"a", ',', "1:a;"},
        {"a,b\nc,d\n", ',', "1:a|b;2:c|d;"},
        {"a,b\r\nc,d\r\n", ',', "1:a|b;2:c|d;"},
        {"a\rb", ',', "1:a;2:b;"},
        {"a,,\n", ',', "1:a||;"},
        {",", ',', "1:|;"},
        {"\"a,b\",c", ',', "1:a,b|c;"},
        {"\"he said \"\"no\"\"\"", ',', "1:he said \"no\";"},
        {"\"two\nlines\",x\ny", ',', "1:two\nlines|x;3:y;"},
        {"\"two\r\nlines\"\r\ny", ',', "1:two\r\nlines;3:y;"},
        {"\"\",\"\"", ',', "1:|;"},
        {"5\" pipe,x", ',', "1:5\" pipe|x;"},
        {"\"a\"b,c\nd", ',', "1:!;2:d;"},
        {"a\n\"b\nc", ',', "1:a;2:!;"},
        {"\"", ',', "1:!;"},
        {"\n\na", ',', "3:a;"},
        {"\xEF\xBB\xBF\"a\"", ',', "1:a;"},
        {"a;b,c", ';', "1:a|b,c;"},
        {"a\tb", '\t', "1:a|b;"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out = BUF_INIT;
        render(str_from(rows[i].text), rows[i].separator, &out);
        if (strcmp(out.data == NULL ? "" : out.data, rows[i].want) != 0)
            fail_msg("row %zu: %s", i, out.data);
        buf_fini(&out);
    }
}

static void
more_fields_than_are_kept_are_counted(void **state)
{
    char text[64];
    struct csv c;
    struct csv_record r;
    struct err e = ERR_INIT;

    (void)state;
    memset(text, ',', sizeof(text));
    csv_init(&c, (struct str){text, sizeof(text)}, ',');
    assert_int_equal(csv_next(&c, &r, &e), 1);
    assert_int_equal(r.n, sizeof(text) + 1);
    assert_int_equal(csv_next(&c, &r, &e), 0);
    csv_fini(&c);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_read_as_spreadsheets_write_them),
        cmocka_unit_test(more_fields_than_are_kept_are_counted),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
