/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "judge/letter.h"
#include "judge/stems.h"

/* "^жол дом$": stems, ^ before those at the start of a word and $ behind those at its
 * end; "gate"; "-": nothing. */
static void
describe(const struct alphabet *a, const struct stems *s, struct buf *out)
{
    buf_reset(out);
    for (size_t i = 0; i < s->n; i++) {
        buf_add_cstr(out, i == 0 ? "" : " ");
        buf_add_cstr(out, s->at[i].starts_word ? "^" : "");
        for (unsigned k = 0; k < s->at[i].len; k++) {
            if (s->at[i].code[k] == CODE_END) {
                buf_add_char(out, '$');
                continue;
            }
            uint32_t cp = ALPHABET_LOW;
            while (cp-- > 0)
                if (a->low[cp] == s->at[i].code[k] && letter_fold(cp) == cp)
                    break;
            utf8_add(out, cp);
        }
    }
    if (s->breaks != 0)
        buf_add_cstr(out, s->n > 0 ? " gate" : "gate");
    else if (s->n == 0)
        buf_add_cstr(out, "-");
}

struct row {
    const char *pattern, *want;
};

static void
check_rows(const struct row *rows, size_t n)
{
    struct alphabet a;
    struct stems s;
    struct buf got = BUF_INIT;
    int wrong = 0;
    alphabet_init(&a);
    for (size_t i = 0; i < n; i++) {
        stems_of(&a, str_from(rows[i].pattern), &s);
        describe(&a, &s, &got);
        stems_fini(&s);
        if (str_eq(buf_str(&got), str_from(rows[i].want)))
            continue;
        print_error("'%s': '%s', not '%s'\n", rows[i].pattern, got.data, rows[i].want);
        wrong++;
    }
    buf_fini(&got);
    assert_int_equal(wrong, 0);
}

#define B        "(?<![\\p{L}\\p{M}\\p{N}])"
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
stems_stand_at_word_starts_where_nothing_else_can_be_before_them(void **state)
{
    static const struct row rows[] = {
        {"жол", "жол"},
        {"\\bжол\\w*", "^жол"},
        {"\\bЖОЛ(?:а|у)?\\b", "^жол$ ^жола$ ^жолу$"},
        {"(?<!\\w)(?:көше|жол)(?!\\w)", "^жол$ ^көше$"},
        {B "жол(?!дама)\\p{L}{0,14}", "^жол"},
        {"^көше", "^көше"},
        {"\\Aкөше", "^көше"},
        {"\\d{2,6}\\s*көше\\b", "^көше$"},
        {"-көше", "$көше"},
        {"а-көше", "а$көше"},
        {"(?<=\\s)көше", "^көше"},
        {"(?<=[а-я])көше", "көше"},
        {"(?<![а-яa-z])көше", "көше"}, /* a Kazakh letter may stand before it */
        {"(?<!\\p{Lu})көше", "көше"},
        {"(?<![^\\p{L}])көше", "көше"}, /* a letter must stand before it */
        {"(?:\\b)?көше", "көше ^көше"},
        {"\\b*көше", "көше"},
        {"\\p{L}*көше", "көше"},
        {"[\\w-]*көше", "көше"},
        {"\\W+көше", "^көше"},
        {"[^\\w]көше", "$көше"},
        {"[^а]көше", "көше"},
        {"\\bо?көше", "^көше ^окөше"},
        {"о?\\bкөше", "окөше ^көше"},
        {"(?:\\d|о)көше", "$көше окөше"},
    };
    (void)state;
    check_rows(rows, COUNT(rows));
}

static void
a_piece_that_has_few_spellings_is_spelt_out(void **state)
{
    static const struct row rows[] = {
        {"\\b[қк]аша?н", "^кашан ^кашн ^қашан ^қашн"},
        {"\\b(?:қайд[ае]|қай\\s+жер)", "^қай$ ^қайда ^қайде"},
        {"\\bжаңа\\w*\\s+(?:\\w+\\s+){0,2}жолдар", "^жаңа"},
        {"\\bқ(?:ар|ы[зс])", "^қар ^қыз ^қыс"},
        {"\\bқарындаштар\\b", "^қарындаш"},
        {"\\bк[а-я]лем", "лем"},
        {"(?:көше)+", "көше"},
        {"(?:көше){0,3}жол", "жол көше"},
        {"көше?жол", "көшежол көшжол"},
        {"көше*жол", "көше көшжол"},
        {"(?i:КӨШЕ)", "көше"},
        {"(?<name>көше)", "көше"},
        {"(?'name'көше)", "көше"},
        {"(?>көше|жол)", "жол көше"},
        {"(?:көшеде|көше|көк)", "көк көше"}, /* where one is, so is its start */
        {"көше(?#comment)лер", "көшелер"},
        {"көше(?=жол)лер", "көшелер"},
        {"\\x{43A}оше", "коше"},
        {"көше\\bжол", "көше$"},
        {"(көше)\\1жол", "көше"},
    };
    (void)state;
    check_rows(rows, COUNT(rows));
}

static void
what_is_not_certain_gives_no_stem(void **state)
{
    static const struct row rows[] = {
        {"жо", "-"},
        {"\\w+", "-"},
        {"көше|\\w", "-"},
        {"(?:көше)?", "-"},
        {"(?:көше)*жо", "-"},
        {"(?=.*көше).", "-"},
        {"(?!көше).", "-"},
        {"[^көше]", "-"},
        {"[[:alpha:]]+", "-"},
        {"(a)(?(1)көше|жол)", "-"},
        {"(*UCP)көше", "-"},
        {"(?x) к ө ш е", "-"},
        {"\\Qкөше\\E", "-"},
        {"көше{,2}", "-"}, /* later versions of PCRE2: e, at most twice */
        {"(?C1)көше", "-"},
        {"\\Gкөше", "-"}, /* holds wherever the search begins */
        {"\\N{U+43A}оше", "-"},
        {"[а-я]+[а-я]+", "-"},
        {"көше[[:<:]]", "-"},
        {"", "-"},
        {"(", "-"},
        {"[", "-"},
        {"\\", "-"},
        {"[^", "-"},
        {"(?<", "-"},
        {"а{", "gate"}, /* a plain brace */
        {"\\p{", "-"},
        {"ჯანდაბა", "gate"}, /* letters without a code are breaks */
        /* a sign or a digit is something to look for as well */
        {"\\?", "gate"},
        {"[0-9]{3,5}", "gate"},
        {"\\w+@\\w+", "gate"},
        {"ab[0-9]|cd!", "ab$ cd$"},
        {"[0-9]?ab", "-"},
    };
    (void)state;
    check_rows(rows, COUNT(rows));
}

static void
too_deep_or_too_many_is_given_up_and_not_gone_astray(void **state)
{
    struct alphabet a;
    struct stems s;
    struct buf deep = BUF_INIT, wide = BUF_INIT;
    (void)state;
    alphabet_init(&a);
    for (int i = 0; i < 1000; i++)
        buf_add_cstr(&deep, "(?:");
    buf_add_cstr(&deep, "көше");
    stems_of(&a, buf_str(&deep), &s);
    assert_int_equal(s.n, 0);
    stems_fini(&s);
    for (int i = 0; i < 5000; i++)
        buf_addf(&wide, "%sкөше%c%c%c", i == 0 ? "" : "|", 'a' + i / 676,
                 'a' + i / 26 % 26, 'a' + i % 26);
    stems_of(&a, buf_str(&wide), &s);
    assert_int_equal(s.n, 0);
    stems_fini(&s);
    buf_fini(&deep);
    buf_fini(&wide);
}

static void
a_code_is_a_letter_whatever_its_case(void **state)
{
    struct alphabet a;
    (void)state;
    alphabet_init(&a);
    assert_int_equal(alphabet_code(&a, 0x410), alphabet_code(&a, 0x430));  /* А а */
    assert_int_equal(alphabet_code(&a, 0x1C82), alphabet_code(&a, 0x43E)); /* ᲂ о */
    assert_int_equal(alphabet_code(&a, 0x212A), alphabet_code(&a, 'k'));   /* Kelvin */
    assert_int_equal(alphabet_code(&a, 0x17F), alphabet_code(&a, 's'));    /* long s */
    assert_true(alphabet_code(&a, 0x431) != alphabet_code(&a, 0x432));
    assert_int_equal(alphabet_code(&a, '7'), CODE_DIGIT);
    assert_int_equal(alphabet_code(&a, 0x6F5), CODE_BREAK); /* ۵ */
    assert_int_equal(alphabet_code(&a, 0x301), CODE_BREAK);
    assert_int_equal(alphabet_code(&a, 0x1F525), CODE_BREAK);
    for (uint32_t cp = 0; cp < 0x110000; cp++)
        if (code_is_letter(alphabet_code(&a, cp)))
            assert_int_equal(letter_class(cp), LETTER_LETTER);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            stems_stand_at_word_starts_where_nothing_else_can_be_before_them),
        cmocka_unit_test(a_piece_that_has_few_spellings_is_spelt_out),
        cmocka_unit_test(what_is_not_certain_gives_no_stem),
        cmocka_unit_test(too_deep_or_too_many_is_given_up_and_not_gone_astray),
        cmocka_unit_test(a_code_is_a_letter_whatever_its_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
