/* SPDX-License-Identifier: Apache-2.0 */
/* What we say to an IRC chat: cleaned, cut, escaped, paced; and the channel that is
 * meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bounds.h"
#include "base/utf8.h"
#include "source/irc_out.h"
#include "source/irc_target.h"

static void
nothing_that_is_said_can_be_a_second_command(void **state)
{
    (void)state;
    static const struct {
        const char *in, *want;
    } rows[] = {
        {"жауап", "жауап"},
        {"a\r\nQUIT :b", "a  QUIT :b"},
        {" a\n", "a"},
        {"\x01"
         "ACTION x\x01",
         "ACTION x"},
        {"a\tb\x7f"
         "c",
         "a b c"},
        {"\r\n", ""},
        {"a\xff", "a\xef\xbf\xbd"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf pool = BUF_INIT;
        struct str got = irc_out_clean(str_from(rows[i].in), &pool);
        assert_true(str_eq(got, str_from(rows[i].want)));
        buf_fini(&pool);
    }
    struct buf pool = BUF_INIT;
    assert_int_equal(irc_out_clean((struct str){"a\0b", 3}, &pool).len, 3);
    assert_string_equal(pool.data, "a b");
    buf_fini(&pool);
}

static void
what_is_said_has_five_hundred_characters_at_most(void **state)
{
    (void)state;
    struct buf text = BUF_INIT, pool = BUF_INIT;
    for (int i = 0; i < 600; i++)
        buf_add_cstr(&text, "ж");
    assert_int_equal(utf8_count(irc_out_clean(buf_str(&text), &pool)), 500);
    buf_fini(&text);
    buf_fini(&pool);
}

static void
long_text_is_cut_at_spaces_and_never_in_a_letter(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t max;
        const char *want;
    } rows[] = {
        {"one two three", 100, "one two three|"}, {"one two three", 9, "one two|three|"},
        {"abcdefghijk", 4, "abcd|efgh|ijk|"},     {"жжж", 5, "жж|ж|"},
        {"a bbbbbbbb", 8, "a bbbbbb|bb|"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf got = BUF_INIT;
        struct str left = str_from(rows[i].text);
        while (left.len > 0) {
            buf_add_str(&got, irc_out_piece(&left, rows[i].max));
            buf_add_char(&got, '|');
        }
        assert_string_equal(got.data, rows[i].want);
        buf_fini(&got);
    }
}

static void
tag_values_are_escaped(void **state)
{
    (void)state;
    struct buf out = BUF_INIT;
    irc_out_escape(&out, STR_LIT("a;b c\\d\r\n\0e"));
    assert_string_equal(out.data, "a\\:b\\sc\\\\d\\r\\ne");
    buf_fini(&out);
}

static void
add(struct irc_out *o, int n)
{
    struct err e = ERR_INIT;
    while (n-- > 0)
        assert_int_equal(irc_out_add(o, STR_LIT("x"), &e), 0);
}

static void
lines_leave_with_a_gap_and_no_more_than_a_burst(void **state)
{
    (void)state;
    struct irc_out *o = irc_out_new(3, 1000, 100);
    struct buf line = BUF_INIT;
    assert_int_equal(irc_out_wait_ms(o, 0), -1);
    add(o, 5);
    static const struct {
        int64_t now, wait;
    } rows[] = {{10, 0}, {20, 90}, {110, 0}, {210, 0}, {310, 700}, {1010, 0}, {1110, 0}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(irc_out_wait_ms(o, rows[i].now), rows[i].wait);
        assert_int_equal(irc_out_next(o, rows[i].now, &line), rows[i].wait == 0);
    }
    assert_int_equal(irc_out_wait_ms(o, 1200), -1);
    irc_out_free(&o);
    buf_fini(&line);
}

static void
what_waits_is_limited_and_can_be_forgotten(void **state)
{
    (void)state;
    struct irc_out *o = irc_out_new(20, 1000, 0);
    struct err e = ERR_INIT;
    add(o, BOUNDS_SOURCE_OUTBOX);
    assert_int_equal(irc_out_add(o, STR_LIT("x"), &e), -1);
    assert_int_equal(e.code, ERR_LIMIT);
    irc_out_reset(o);
    assert_int_equal(irc_out_wait_ms(o, 0), -1);
    add(o, 1);
    irc_out_free(&o);
}

static void
a_channel_is_found_in_what_people_paste(void **state)
{
    (void)state;
    static const struct {
        int (*parse)(struct str text, struct buf *out, struct err *e);
        const char *text, *want;
    } rows[] = {
        {irc_target_channel, "#efir", "#efir"},
        {irc_target_channel, "efir", "#efir"},
        {irc_target_channel, "&local", "&local"},
        {irc_target_channel, "irc://irc.example.kz/efir", "#efir"},
        {irc_target_channel, "ircs://irc.example.kz:6697/#efir", "#efir"},
        {irc_target_channel, "", NULL},
        {irc_target_channel, "two words", NULL},
        {irc_target_channel, "#a,#b", NULL},
        {irc_target_channel, "#a\r\nQUIT", NULL},
        {irc_target_channel, ":a", NULL},
        {irc_target_twitch, "sko_police", "sko_police"},
        {irc_target_twitch, "SKO_Police", "sko_police"},
        {irc_target_twitch, "#sko", "sko"},
        {irc_target_twitch, "@sko", "sko"},
        {irc_target_twitch, "twitch.tv/sko", "sko"},
        {irc_target_twitch, "https://www.twitch.tv/Sko?tt_medium=x", "sko"},
        {irc_target_twitch, "http://m.twitch.tv/sko/", "sko"},
        {irc_target_twitch, "https://www.twitch.tv/popout/sko/chat?popout=", "sko"},
        {irc_target_twitch, "https://youtube.com/sko", NULL},
        {irc_target_twitch, "https://www.twitch.tv/", NULL},
        {irc_target_twitch, "sko police", NULL},
        {irc_target_twitch, "sko/police", NULL},
        {irc_target_twitch, "сқо", NULL},
        {irc_target_twitch, "", NULL},
        {irc_target_twitch, "abcdefghijklmnopqrstuvwxyz", NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out = BUF_INIT;
        struct err e = ERR_INIT;
        int ret = rows[i].parse(str_from(rows[i].text), &out, &e);
        if ((ret == 0) != (rows[i].want != NULL))
            fail_msg("'%s': %d", rows[i].text, ret);
        if (ret == 0)
            assert_string_equal(out.data, rows[i].want);
        else
            assert_int_equal(e.code, ERR_VALUE);
        buf_fini(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_that_is_said_can_be_a_second_command),
        cmocka_unit_test(what_is_said_has_five_hundred_characters_at_most),
        cmocka_unit_test(long_text_is_cut_at_spaces_and_never_in_a_letter),
        cmocka_unit_test(tag_values_are_escaped),
        cmocka_unit_test(lines_leave_with_a_gap_and_no_more_than_a_burst),
        cmocka_unit_test(what_waits_is_limited_and_can_be_forgotten),
        cmocka_unit_test(a_channel_is_found_in_what_people_paste),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
