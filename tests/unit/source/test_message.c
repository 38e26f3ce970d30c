/* SPDX-License-Identifier: Apache-2.0 */
/* The NDJSON form of messages: what is read, what is refused and how, what is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "source/message.h"

/* Reads a line and gives it back as the recorder would write it. */
static char *
through(struct str line, struct err *e)
{
    struct message m;
    struct str source;
    json_t *holder;
    if (message_parse(line, &m, &source, &holder, e) < 0)
        return NULL;
    struct buf out = BUF_INIT;
    message_write_json(&m, source, &out);
    json_decref(holder);
    return buf_steal(&out);
}

static void
a_line_comes_back_as_it_was_written(void **state)
{
    (void)state;
    static const struct {
        const char *in, *want;
    } rows[] = {
        {"{\"text\":\"жол қашан жөнделеді\"}", NULL},
        {"{\"text\":\"\"}", NULL},
        {"{\"id\":\"m1\",\"source\":\"twitch\",\"author\":{\"id\":\"42\",\"name\":"
         "\"Айгүл\","
         "\"roles\":[\"moderator\"]},\"text\":\"сұрақ\",\"at\":\"2026-11-22T10:00:00."
         "000Z\","
         "\"reply_to\":\"m0\"}",
         NULL},
        {"{\"author\":{\"roles\":[\"owner\",\"vip\",\"member\",\"staff\",\"bot\","
         "\"verified\"]},\"text\":\"x\"}",
         NULL},
        {"{\"delete\":\"m1\",\"source\":\"twitch\"}", NULL},
        {"{\"delete_author\":\"42\",\"source\":\"twitch\"}", NULL},
        {"{\"delete_all\":true,\"source\":\"twitch\"}", NULL},
        {"{\"text\":\"x\",\"backlog\":true,\"repaired\":true}", NULL},
        {" { \"text\" : \"x\" , \"new\" : [1, {}] } ", "{\"text\":\"x\"}"},
        {"{\"text\":\"x\",\"id\":null,\"author\":null,\"at\":null}", "{\"text\":\"x\"}"},
        {"{\"text\":\"x\",\"author\":{\"name\":\"a\",\"roles\":[\"wizard\"]}}",
         "{\"author\":{\"name\":\"a\"},\"text\":\"x\"}"},
        {"{\"text\":\"x\",\"at\":\"2026-11-22T15:00:00+05:00\"}",
         "{\"text\":\"x\",\"at\":\"2026-11-22T10:00:00.000Z\"}"},
        {"{\"text\":\"x\",\"delete_all\":false}", "{\"text\":\"x\"}"},
        {"{\"delete\":\"m1\",\"text\":\"x\"}", "{\"delete\":\"m1\"}"},
        {"{\"text\":\"a\\nb\"}", NULL},
        {"{\"text\":\"a\\u0000b\"}", "{\"text\":\"a\xEF\xBF\xBD"
                                     "b\",\"repaired\":true}"},
        {"{\"text\":\"a\\\\u0000\"}", NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;
        char *got = through(str_from(rows[i].in), &e);
        if (got == NULL)
            fail_msg("row %zu: %s", i, e.msg);
        assert_string_equal(got, rows[i].want != NULL ? rows[i].want : rows[i].in);
        mem_free(got);
    }
}

static void
what_is_wrong_is_refused_with_the_name_of_the_member(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        enum err_code code;
        const char *says;
    } rows[] = {
        {"", ERR_PARSE, "not JSON"},
        {"{", ERR_PARSE, "not JSON"},
        {"{\"text\":\"x\"} tail", ERR_PARSE, "not JSON"},
        {"{\"\\u0000text\":\"x\"}", ERR_VALUE, "'text' is missing"},
        {"[]", ERR_VALUE, "object"},
        {"{}", ERR_VALUE, "'text' is missing"},
        {"{\"text\":null}", ERR_VALUE, "'text'"},
        {"{\"text\":5}", ERR_VALUE, "'text'"},
        {"{\"text\":\"x\",\"id\":5}", ERR_VALUE, "'id'"},
        {"{\"text\":\"x\",\"source\":[]}", ERR_VALUE, "'source'"},
        {"{\"text\":\"x\",\"at\":\"yesterday\"}", ERR_NONE, "'at'"},
        {"{\"text\":\"x\",\"author\":\"me\"}", ERR_VALUE, "'author'"},
        {"{\"text\":\"x\",\"author\":{\"id\":1}}", ERR_VALUE, "'author': 'id'"},
        {"{\"text\":\"x\",\"author\":{\"roles\":\"vip\"}}", ERR_VALUE, "'roles'"},
        {"{\"text\":\"x\",\"author\":{\"roles\":[1]}}", ERR_VALUE, "'roles'"},
        {"{\"text\":\"x\",\"backlog\":1}", ERR_VALUE, "'backlog'"},
        {"{\"delete\":5}", ERR_VALUE, "'delete'"},
        {"{\"delete\":\"\"}", ERR_VALUE, "nothing"},
        {"{\"delete_author\":null}", ERR_VALUE, "nothing"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;
        char *got = through(str_from(rows[i].in), &e);
        if (got != NULL)
            fail_msg("row %zu was taken: %s", i, got);
        if (rows[i].code != ERR_NONE)
            assert_int_equal(e.code, rows[i].code);
        if (strstr(e.msg, rows[i].says) == NULL)
            fail_msg("row %zu: '%s' does not say %s", i, e.msg, rows[i].says);
    }
}

/* {"MEMBER":"aaa..."} with n letters. */
static char *
long_member(const char *before, size_t n, const char *after)
{
    struct buf b = BUF_INIT;
    buf_add_cstr(&b, before);
    for (size_t i = 0; i < n; i++)
        buf_add_char(&b, 'a');
    buf_add_cstr(&b, after);
    return buf_steal(&b);
}

static void
long_text_is_cut_and_marked(void **state)
{
    (void)state;
    char *line = long_member("{\"text\":\"", BOUNDS_TEXT - 1, "жол\"}");
    struct message m;
    json_t *holder;
    struct err e = ERR_INIT;
    assert_int_equal(message_parse(str_from(line), &m, NULL, &holder, &e), 0);
    assert_true(m.repaired);
    assert_int_equal(m.text.len, BOUNDS_TEXT - 1);
    json_decref(holder);
    mem_free(line);
}

static void
a_long_id_is_refused_because_a_cut_one_would_be_another(void **state)
{
    (void)state;
    struct err e = ERR_INIT;
    char *line = long_member("{\"text\":\"x\",\"id\":\"", BOUNDS_ID + 1, "\"}");
    assert_null(through(str_from(line), &e));
    assert_int_equal(e.code, ERR_LIMIT);
    mem_free(line);
}

static void
a_long_name_is_cut(void **state)
{
    (void)state;
    char *line =
        long_member("{\"text\":\"x\",\"author\":{\"name\":\"", BOUNDS_NAME + 9, "\"}}");
    struct message m;
    json_t *holder;
    struct err e = ERR_INIT;
    assert_int_equal(message_parse(str_from(line), &m, NULL, &holder, &e), 0);
    assert_int_equal(m.author_name.len, BOUNDS_NAME);
    assert_false(m.repaired);
    json_decref(holder);
    mem_free(line);
}

static void
bad_bytes_are_repaired_and_marked(void **state)
{
    (void)state;
    struct message m;
    json_t *holder;
    struct err e = ERR_INIT;
    assert_int_equal(
        message_parse(STR_LIT("{\"text\":\"a\xff\xd0\"}"), &m, NULL, &holder, &e), 0);
    assert_true(m.repaired);
    assert_true(utf8_is_valid(m.text));
    assert_true(str_has_prefix(m.text, STR_LIT("a\xef\xbf\xbd")));
    json_decref(holder);
}

static void
the_recorder_writes_the_time_of_receipt_when_there_is_no_other(void **state)
{
    (void)state;
    struct message m = {.text = STR_LIT("x"), .received_ms = 1};
    struct buf out = BUF_INIT;
    message_write_json(&m, STR_NONE, &out);
    assert_string_equal(out.data, "{\"text\":\"x\",\"at\":\"1970-01-01T00:00:00.001Z\"}");
    buf_fini(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_comes_back_as_it_was_written),
        cmocka_unit_test(what_is_wrong_is_refused_with_the_name_of_the_member),
        cmocka_unit_test(long_text_is_cut_and_marked),
        cmocka_unit_test(a_long_id_is_refused_because_a_cut_one_would_be_another),
        cmocka_unit_test(a_long_name_is_cut),
        cmocka_unit_test(bad_bytes_are_repaired_and_marked),
        cmocka_unit_test(the_recorder_writes_the_time_of_receipt_when_there_is_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
