/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "judge/match.h"

/* Whatever PCRE2 takes for the same letter has the same fold: only so may a folded
 * pattern do without caseless matching on folded text. */
static void
folding_knows_every_case_partner_of_pcre2(void **state)
{
    struct buf cased = BUF_INIT;
    size_t pairs = 0;
    (void)state;
    for (uint32_t cp = 0x41; cp < 0x20000; cp++)
        if ((cp < 0xD800 || cp > 0xDFFF) && letter_class(cp) == LETTER_LETTER)
            utf8_add(&cased, cp);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    for (uint32_t cp = 0x41; cp < 0x20000; cp++) {
        uint32_t fold = cp < 0xD800 || cp > 0xDFFF ? letter_fold(cp) : cp;
        if (fold == cp)
            continue;
        struct buf one = BUF_INIT;
        utf8_add(&one, fold);
        int error;
        PCRE2_SIZE at = 0;
        pcre2_code *code =
            pcre2_compile((PCRE2_SPTR)one.data, one.len,
                          PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS, &error, &at, NULL);
        assert_non_null(code);
        pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
        for (at = 0; pcre2_match(code, (PCRE2_SPTR)cased.data, cased.len, at,
                                 PCRE2_NO_UTF_CHECK, data, NULL) >= 0;) {
            size_t pos = pcre2_get_ovector_pointer(data)[0];
            uint32_t partner = (uint32_t)utf8_next(buf_str(&cased), &pos);
            if (letter_fold(partner) != fold)
                fail_msg("U+%04X and U+%04X are partners, the fold says not", fold,
                         partner);
            at = pos;
            pairs++;
        }
        pcre2_code_free(code);
        buf_fini(&one);
    }
    assert_true(pairs > 2500);
    pcre2_match_data_free(data);
    buf_fini(&cased);
}

static void
patterns_that_need_caseless_matching_are_known(void **state)
{
    static const struct {
        const char *re;
        bool folded;
    } rows[] = {
        {"қашан", true},
        {"(?<![\\p{L}\\p{M}\\p{N}])(?:жол|көше)\\p{L}{0,14}", true},
        {"[а-яё]\\s+[0-9]{2}\\b\\.\\-", true},
        {"[^a-z]x(?=y)(?!z)(?>w)", true},
        {"Қашан", false},
        {"[А-я]", false},
        {"[a-zA-Z]", false},
        {"[Z-a]", false},
        {"\\p{Lu}", false},
        {"(?i)x", false},
        {"(?-i:x)", false},
        {"(a)\\1", false},
        {"\\x41", false},
        {"\\Q.A\\E", false},
        {"(?<name>x)", false},
        {"(*UCP)x", false},
        {"[[:upper:]]", false},
        {"[\\:-z]", false},
        {"[!-\\~]", false},
        {"[\\s-]x\\s-\\s", true},
        {"ſ", false},
        {"ς", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (pattern_is_folded(str_from(rows[i].re)) != rows[i].folded)
            fail_msg("row %zu: '%s'", i, rows[i].re);
}

/* Hits of one rule as "start-end start-end", or "stopped". */
static void
run(const struct match_spec *spec, const char *text, struct buf *out)
{
    struct match *m = match_new();
    struct match_scratch *s = match_scratch_new();
    struct normal n;
    struct err e = ERR_INIT;
    buf_reset(out);
    buf_add_cstr(out, "");
    if (match_add(m, spec, &e) < 0)
        fail_msg("'%s' %s", spec->re, e.msg);
    match_seal(m);
    normal_init(&n);
    normal_read(&n, str_from(text));
    struct match_result r = match_run(m, s, &n);
    for (size_t i = 0; i < r.n_hits; i++)
        buf_addf(out, "%s%u-%u", i == 0 ? "" : " ", r.hits[i].start, r.hits[i].end);
    if (r.n_stopped > 0)
        buf_add_cstr(out, "stopped");
    normal_fini(&n);
    match_scratch_free(&s);
    match_free(&m);
}

#define TEXT   (1u << NORMAL_TEXT)
#define LATIN  (1u << NORMAL_LATIN)
#define DIGITS (1u << NORMAL_DIGITS)

static void
hits_are_those_that_nothing_takes_back(void **state)
{
    static const struct {
        struct match_spec spec;
        const char *text, *want;
    } rows[] = {
        {{.re = "жол", .channels = TEXT}, "жол, жол", "0-3"},
        {{.re = "жол", .channels = TEXT, .every = true}, "жол, жол", "0-3 5-8"},
        {{.re = "ЖОЛ", .channels = TEXT}, "Жол", "0-3"},
        {{.re = "көше", .channels = TEXT}, "жол", ""},
        {{.re = "x", .channels = TEXT}, "", ""},
        /* what `unless` overlaps does not count, and the next one is tried */
        {{.re = "жол", .unless = "жол ақы", .channels = TEXT}, "жол ақы", ""},
        {{.re = "жол", .unless = "жол ақы", .channels = TEXT}, "жол ақы, жол", "9-12"},
        {{.re = "жол", .unless = "ақы жол", .channels = TEXT}, "ақы жол жол", "8-11"},
        {{.re = "жол", .unless = "ақы", .channels = TEXT}, "ақы жол ақы", "4-7"},
        {{.re = "жол.{0,9}жөнде", .unless = "жол ақы", .channels = TEXT},
         "жол ақы жол жөнде",
         "8-17"},
        {{.re = "a+", .unless = "b", .channels = TEXT, .every = true},
         "aab ba",
         "0-2 5-6"},
        /* both channels */
        {{.re = "қашан", .channels = TEXT | LATIN}, "ал qashan", "3-9"},
        {{.re = "жол", .channels = TEXT | LATIN, .every = true}, "жол jol", "0-3 4-7"},
        /* checks */
        {{.re = "[0-9]{12}", .check = CHECK_IIN, .channels = DIGITS},
         "550101500115 550101500114",
         "13-25"},
        {{.re = "[0-9]{12}", .check = CHECK_IIN, .channels = DIGITS},
         "9550101500114",
         "1-13"},
        /* what cannot be decided */
        {{.re = "(?:а|аа|б)+$", .channels = TEXT},
         "абаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабв",
         "stopped"},
        {{.re = "ж", .unless = "(?:а|аа|б)+$", .channels = TEXT},
         "ж "
         "абаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаабаа"
         "бв",
         "stopped"},
        /* \K can turn a hit inside out */
        {{.re = "аб\\Kв", .channels = TEXT}, "абв", "2-3"},
    };
    struct buf got = BUF_INIT;
    int wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        run(&rows[i].spec, rows[i].text, &got);
        if (str_eq(buf_str(&got), str_from(rows[i].want)))
            continue;
        print_error("row %zu: '%s' in '%s': '%s'\n", i, rows[i].spec.re, rows[i].text,
                    got.data);
        wrong++;
    }
    buf_fini(&got);
    assert_int_equal(wrong, 0);
}

static void
too_many_stops_end_the_work_on_a_line(void **state)
{
    struct match *m = match_new();
    struct match_scratch *s = match_scratch_new();
    struct match_spec bad = {.re = "(?:а|аа|б)+$", .channels = TEXT};
    struct match_spec good = {.re = "в", .channels = TEXT};
    struct normal n;
    struct buf text = BUF_INIT;
    (void)state;
    for (int i = 0; i < 20; i++)
        assert_int_equal(match_add(m, &bad, NULL), 0);
    assert_int_equal(match_add(m, &good, NULL), 0);
    match_seal(m);
    for (int i = 0; i < 60; i++)
        buf_add_cstr(&text, "аба");
    buf_add_cstr(&text, "в");
    normal_init(&n);
    normal_read(&n, buf_str(&text));
    struct match_result r = match_run(m, s, &n);
    assert_true(r.gave_up);
    assert_true(r.n_stopped < 20);
    assert_int_equal(r.n_hits, 0);
    normal_read(&n, STR_LIT("в"));
    r = match_run(m, s, &n);
    assert_false(r.gave_up);
    assert_int_equal(r.n_hits, 1);
    normal_fini(&n);
    buf_fini(&text);
    match_scratch_free(&s);
    match_free(&m);
}

static void
a_wall_of_hits_is_a_stop_and_not_a_flood(void **state)
{
    struct match_spec spec = {.re = "a", .channels = TEXT, .every = true};
    struct match_spec cancelled = {.re = "a", .unless = "a", .channels = TEXT};
    struct buf text = BUF_INIT, got = BUF_INIT;
    (void)state;
    for (int i = 0; i < 5000; i++)
        buf_add_cstr(&text, "ab ");
    run(&spec, text.data, &got);
    assert_non_null(strstr(got.data, "stopped"));
    run(&cancelled, text.data, &got);
    assert_string_equal(got.data, "stopped");
    buf_fini(&text);
    buf_fini(&got);
}

/* A rule that stops again and again is not run any more; whether lines are held for its
 * sake depends on what it is for. */
static void
a_rule_that_keeps_stopping_goes_into_quarantine(void **state)
{
    struct match *m = match_new();
    struct match_scratch *s = match_scratch_new();
    struct match_spec bad = {.re = "жол(?:а|аа|б)+$", .channels = TEXT};
    struct match_spec vital = {.re = "жол(?:а|аа|б)+$", .channels = TEXT, .vital = true};
    struct normal n;
    struct buf text = BUF_INIT;
    (void)state;
    assert_int_equal(match_add(m, &bad, NULL), 0);
    assert_int_equal(match_add(m, &vital, NULL), 0);
    match_seal(m);
    buf_add_cstr(&text, "жол");
    for (int i = 0; i < 60; i++)
        buf_add_cstr(&text, "аба");
    buf_add_cstr(&text, "в");
    normal_init(&n);
    normal_read(&n, buf_str(&text));
    for (unsigned i = 0; i < 16; i++) {
        assert_int_equal(match_state(m, 0).stops, i);
        assert_false(match_state(m, 0).quarantined);
        assert_int_equal(match_run(m, s, &n).n_stopped, 2);
    }
    assert_true(match_state(m, 0).quarantined && match_state(m, 1).quarantined);
    struct match_result r = match_run(m, s, &n);
    assert_int_equal(r.n_stopped, 1);
    assert_int_equal(r.stopped[0], 1);
    /* Other lines do not suffer. */
    normal_read(&n, STR_LIT("салем"));
    assert_int_equal(match_run(m, s, &n).n_stopped, 0);
    normal_fini(&n);
    buf_fini(&text);
    match_scratch_free(&s);
    match_free(&m);
}

/* Both rules that lower stand first; hits come by rule all the same. */
static void
a_rule_that_lowers_is_looked_for_where_there_is_something_to_lower(void **state)
{
    static const struct {
        const char *text, *rules;
    } rows[] = {
        {"вчера", ""},
        {"вчера пожар", "2"},
        {"вчера пожар горит", "0 2 3"},
        {"вчера пожар горит кино", "0 1 2 3"},
        {"пожар горит", "2 3"},
    };
    static const struct match_spec specs[] = {
        {.re = "вчера", .channels = TEXT, .sum = 1, .points = -2},
        {.re = "кино", .channels = TEXT, .sum = 1, .points = -4},
        {.re = "пожар", .channels = TEXT, .sum = 1, .points = 2},
        {.re = "горит", .channels = TEXT, .sum = 1, .points = 1},
    };
    struct match *m = match_new();
    struct match_scratch *s = match_scratch_new();
    struct normal n;
    struct buf got = BUF_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof(specs) / sizeof(specs[0]); i++)
        assert_int_equal(match_add(m, &specs[i], NULL), 0);
    match_set_bar(m, 1, 3);
    match_seal(m);
    normal_init(&n);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        normal_read(&n, str_from(rows[i].text));
        struct match_result r = match_run(m, s, &n);
        buf_reset(&got);
        buf_add_cstr(&got, "");
        for (size_t k = 0; k < r.n_hits; k++)
            buf_addf(&got, "%s%u", k == 0 ? "" : " ", r.hits[k].rule);
        assert_string_equal(got.len > 0 ? got.data : "", rows[i].rules);
    }
    normal_fini(&n);
    buf_fini(&got);
    match_scratch_free(&s);
    match_free(&m);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folding_knows_every_case_partner_of_pcre2),
        cmocka_unit_test(patterns_that_need_caseless_matching_are_known),
        cmocka_unit_test(hits_are_those_that_nothing_takes_back),
        cmocka_unit_test(too_many_stops_end_the_work_on_a_line),
        cmocka_unit_test(a_wall_of_hits_is_a_stop_and_not_a_flood),
        cmocka_unit_test(a_rule_that_keeps_stopping_goes_into_quarantine),
        cmocka_unit_test(
            a_rule_that_lowers_is_looked_for_where_there_is_something_to_lower),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
