/* SPDX-License-Identifier: Apache-2.0 */
/* What lines of IRC mean: a table of lines in tests/data/source/irc/lines.txt, and the
 * grammar's corners that a table of lines cannot show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "source/irc.h"

#define TABLE "tests/data/source/irc/lines.txt"

static const char *const kind_names[] = {
#define KIND_NAME(code, name) name,
    IRC_KIND_MAP(KIND_NAME)
#undef KIND_NAME
};

static struct irc_decoder
decoder(bool twitch)
{
    return (struct irc_decoder){.twitch = twitch,
                                .channel = STR_LIT("#efir"),
                                .nick = STR_LIT("suraq"),
                                .joined_ms = INT64_C(1795341600000)};
}

/* {HH} -> the byte HH, in place; gives the new length. */
static size_t
unhex(char *s, size_t len)
{
    size_t out = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned byte;
        if (len - i >= 4 && s[i] == '{' && s[i + 3] == '}' &&
            sscanf(s + i + 1, "%2x", &byte) == 1) {
            s[out++] = (char)byte;
            i += 3;
        } else {
            s[out++] = s[i];
        }
    }
    return out;
}

static void
describe(const struct irc_event *ev, struct buf *out)
{
    buf_addf(out, "%s", kind_names[ev->kind]);
    if (ev->kind == IRC_MESSAGE) {
        buf_add_char(out, ' ');
        message_write_json(&ev->message, STR_NONE, out);
        return;
    }
    if (ev->code.len > 0)
        buf_addf(out, " code=%.*s", STR_ARG(ev->code));
    if (ev->text.len > 0)
        buf_addf(out, " text=%.*s", STR_ARG(ev->text));
    if (ev->more)
        buf_add_cstr(out, " more");
}

static void
each_line_means_what_the_table_says(void **state)
{
    (void)state;
    FILE *f = fopen(TABLE, "r");
    assert_non_null(f);
    char *row = NULL, name[256] = "";
    size_t cap = 0, n = 0, bad = 0;
    struct buf got = BUF_INIT;
    for (ssize_t len; (len = getline(&row, &cap, f)) > 0;) {
        row[--len] = '\0';
        if (row[0] == '#')
            snprintf(name, sizeof(name), "%.*s", 200, row);
        if (row[0] == 'T' || row[0] == 'I') {
            struct irc_decoder d = decoder(row[0] == 'T');
            struct irc_event ev;
            struct err e = ERR_INIT;
            /* A copy of just that size: reading past the line is caught. */
            size_t bytes = unhex(row + 2, (size_t)len - 2);
            char *line = mem_dup(row + 2, bytes);
            buf_reset(&got);
            if (irc_decode(&d, (struct str){.p = line, .len = bytes}, &ev, &e) < 0)
                buf_addf(&got, "garbage %s", e.msg);
            else
                describe(&ev, &got);
            irc_decoder_fini(&d);
            mem_free(line);
        }
        if (row[0] == '=') {
            n++;
            if (strcmp(got.data, row + 2) != 0) {
                bad++;
                print_error("%s\n  want %s\n  got  %s\n", name, row + 2, got.data);
            }
        }
    }
    free(row);
    buf_fini(&got);
    fclose(f);
    assert_int_equal(bad, 0);
    assert_true(n >= 60);
}

static void
a_frame_is_cut_into_its_lines_however_they_end(void **state)
{
    (void)state;
    static const struct {
        const char *frame, *want;
    } rows[] = {
        {"a", "a|"},
        {"a\r\n", "a|"},
        {"a\r\nb\r\n", "a|b|"},
        {"a\nb", "a|b|"},
        {"\r\n\r\na\r\r\n\nb\n", "a|b|"},
        {"", ""},
        {"\r\n", ""},
        {"\r", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct str frame = str_from(rows[i].frame), line;
        char got[64] = "";
        while (irc_next_line(&frame, &line)) {
            strncat(got, line.p, line.len);
            strcat(got, "|");
        }
        assert_string_equal(got, rows[i].want);
    }
}

static void
a_line_is_cut_into_its_parts(void **state)
{
    (void)state;
    static const struct {
        const char *line, *want;
    } rows[] = {
        {"foo bar baz asdf", "/foo/bar/baz/asdf"},
        {":coolguy foo bar baz asdf", "coolguy/foo/bar/baz/asdf"},
        {"foo bar baz :asdf quux", "/foo/bar/baz/asdf quux"},
        {"foo bar baz :", "/foo/bar/baz/"},
        {"foo bar baz ::asdf", "/foo/bar/baz/:asdf"},
        {":src AWAY", "src/AWAY"},
        {":src AWAY ", "src/AWAY"},
        {"@a=b :src  foo   bar", "src/foo/bar"},
        {"@a FOO :", "/FOO/"},
        {"foo b\tr", "/foo/b\tr"},
        {"foo 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17",
         "/foo/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct irc_line l;
        struct err e = ERR_INIT;
        assert_int_equal(irc_parse(str_from(rows[i].line), &l, &e), 0);
        struct buf got = BUF_INIT;
        buf_addf(&got, "%.*s/%.*s", STR_ARG(l.source), STR_ARG(l.command));
        for (size_t p = 0; p < l.n_params; p++)
            buf_addf(&got, "/%.*s", STR_ARG(l.params[p]));
        assert_string_equal(got.data, rows[i].want);
        buf_fini(&got);
    }
}

static void
tag_values_are_unescaped_as_ircv3_says(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *want;
    } rows[] = {
        {"plain", "plain"}, {"a\\sb", "a b"},   {"\\:\\s\\\\\\r\\n", "; \\\r\n"},
        {"\\1", "1"},       {"tail\\", "tail"}, {"\\", ""},
        {"\\\\:", "\\:"},   {"\\қ", "қ"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf pool = BUF_INIT;
        buf_reserve(&pool, strlen(rows[i].raw));
        assert_true(
            str_eq(irc_unescape(str_from(rows[i].raw), &pool), str_from(rows[i].want)));
        buf_fini(&pool);
    }
}

static void
an_id_that_is_too_long_is_none(void **state)
{
    (void)state;
    struct buf line = BUF_INIT;
    buf_add_cstr(&line, "@user-id=5;id=");
    for (size_t i = 0; i <= BOUNDS_ID; i++)
        buf_add_char(&line, '7');
    buf_add_cstr(&line, " :a!a@a PRIVMSG #efir :x");
    struct irc_decoder d = decoder(true);
    struct irc_event ev;
    struct err e = ERR_INIT;
    assert_int_equal(irc_decode(&d, buf_str(&line), &ev, &e), 0);
    assert_int_equal(ev.kind, IRC_MESSAGE);
    assert_int_equal(ev.message.id.len, 0);
    assert_true(str_eq(ev.message.author_id, STR_LIT("5")));
    irc_decoder_fini(&d);
    buf_fini(&line);
}

static void
a_text_that_is_too_long_is_cut_and_marked(void **state)
{
    (void)state;
    struct buf line = BUF_INIT;
    buf_add_cstr(&line, ":a!a@a PRIVMSG #efir :");
    for (size_t i = 0; i < BOUNDS_TEXT; i++)
        buf_add_cstr(&line, "ж");
    struct irc_decoder d = decoder(false);
    struct irc_event ev;
    struct err e = ERR_INIT;
    assert_int_equal(irc_decode(&d, buf_str(&line), &ev, &e), 0);
    assert_true(ev.message.repaired);
    assert_int_equal(ev.message.text.len, BOUNDS_TEXT);
    irc_decoder_fini(&d);
    buf_fini(&line);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_means_what_the_table_says),
        cmocka_unit_test(a_frame_is_cut_into_its_lines_however_they_end),
        cmocka_unit_test(a_line_is_cut_into_its_parts),
        cmocka_unit_test(tag_values_are_unescaped_as_ircv3_says),
        cmocka_unit_test(an_id_that_is_too_long_is_none),
        cmocka_unit_test(a_text_that_is_too_long_is_cut_and_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
