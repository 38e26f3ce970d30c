/* SPDX-License-Identifier: Apache-2.0 */
/* The screen against PCRE2 alone: random patterns over random texts, the ordinary and the
 * hostile. Whatever PCRE2 finds must be among the candidates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "judge/match.h"

struct random {
    uint64_t state;
};

static unsigned
below(struct random *r, unsigned n)
{
    r->state = r->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(r->state >> 33) % n;
}

static const char *const stems[] = {"жол",  "көше", "қала", "полиц", "камер", "айып",
                                    "road", "қар",  "ұрлы", "шыр",   "өрт",   "i̇n"};
#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))
#define PICK(r, a) ((a)[below((r), COUNT(a))])

static void
add_stem(struct random *r, struct buf *out)
{
    const char *s = PICK(r, stems);
    buf_add_cstr(out, s);
}

/* A piece of a pattern; what it is made of is what people write, and worse. */
static void
add_piece(struct random *r, struct buf *out, int depth)
{
    static const char *const odd[] = {
        "\\w*",      "\\s+",    "\\d{2,3}", "[қк]",       "[а-я]",      "[^а]",
        ".",         "\\b",     "\\B",      "(?<!\\w)",   "(?!\\w)",    "(?<=\\s)",
        "(?<![қк])", "\\p{L}?", "^",        "(?:\\w+ )?", "[\\w-]*",    "(?=к)",
        "-",         "ᲂ",     "S",        "\\x{43A}",   "[[:word:]]", "\\W",
        "(?i)",      "К",       "Ө?",       "о{1,2}",     "(?<=[а-я])", "[0-9]?"};
    static const char *const often[] = {"",  "",    "",      "?",  "*",
                                        "+", "{2}", "{0,2}", "??", "++"};
    unsigned what = below(r, 10);
    if (what < 5) {
        add_stem(r, out);
    } else if (what < 8 || depth > 2) {
        buf_add_cstr(out, PICK(r, odd));
    } else {
        buf_add_cstr(out, what == 8 ? "(?:" : "(");
        unsigned n = 1 + below(r, 3);
        for (unsigned i = 0; i < n; i++) {
            buf_add_cstr(out, i == 0 ? "" : "|");
            add_piece(r, out, depth + 1);
            if (below(r, 2) == 0)
                add_piece(r, out, depth + 1);
        }
        buf_add_cstr(out, ")");
        buf_add_cstr(out, PICK(r, often));
    }
}

/* Any case partner that PCRE2 knows, marks, joiners, foreign digits, other scripts. */
static void
add_hostile(struct random *r, struct buf *out)
{
    static const char *const odd[] = {
        "\u0301", "\u200D", "۵", "_", "-", "ᲂ", "ſ", "K", "İ", "ə", "Ⱥ",     "ⱥ",
        "\n",     "7",      "😀", "ჯ", "ⷠ",  "²",   "Ⅷ", "'", "ё", "ß", "\u00A0"};
    buf_add_cstr(out, PICK(r, odd));
}

static void
add_text(struct random *r, struct buf *out, bool hostile)
{
    unsigned n = 1 + below(r, 6);
    for (unsigned i = 0; i < n; i++) {
        const char *s = PICK(r, stems);
        if (below(r, 3) > 0)
            buf_add_cstr(out, i == 0 ? "" : " ");
        if (hostile && below(r, 2) == 0)
            add_hostile(r, out);
        for (size_t pos = 0; pos < strlen(s);) {
            int32_t cp = utf8_next(str_from(s), &pos);
            bool upper = below(r, hostile ? 2 : 6) == 0;
            if (upper && cp >= 0x430 && cp <= 0x44F)
                cp -= 0x20;
            if (upper && cp >= 'a' && cp <= 'z')
                cp -= 0x20;
            if (hostile && below(r, 6) == 0)
                cp = cp == 0x43E ? 0x1C82 : cp == 0x432 ? 0x1C80 : cp;
            if (below(r, 40) > 0)
                utf8_add(out, (uint32_t)cp);
            if (hostile && below(r, 20) == 0)
                add_hostile(r, out);
        }
        if (below(r, 3) == 0)
            buf_add_cstr(out, below(r, 2) == 0 ? "да" : "лер");
        if (below(r, 6) == 0)
            buf_addf(out, " %u", below(r, 1000));
    }
}

/* 1: found, 0: not, -1: a limit, which the matcher would reach as well or nearly so. */
static int
found_by_pcre2_alone(const pcre2_code *code, pcre2_match_data *data, struct str text)
{
    pcre2_match_context *c = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(c, 1000);
    int rc = pcre2_match(code, (PCRE2_SPTR)text.p, text.len, 0, PCRE2_NOTEMPTY, data, c);
    pcre2_match_context_free(c);
    return rc >= 0 ? 1 : rc == PCRE2_ERROR_NOMATCH ? 0 : -1;
}

static void
compare(struct random *r, pcre2_match_data *data, size_t *found, size_t *ways)
{
    struct buf re = BUF_INIT, text = BUF_INIT;
    unsigned pieces = 1 + below(r, 4);
    size_t at;
    for (unsigned i = 0; i < pieces; i++)
        add_piece(r, &re, 0);
    pcre2_code *code = pattern_compile(buf_str(&re), PATTERN_RAW, &at, NULL);
    if (code != NULL) {
        struct match *m = match_new();
        struct match_scratch *s = match_scratch_new();
        struct match_spec spec = {.re = re.data, .channels = 1u << NORMAL_DIGITS};
        assert_int_equal(match_add(m, &spec, NULL), 0);
        match_seal(m);
        ways[match_state(m, 0).way]++;
        for (int i = 0; i < 40; i++) {
            buf_reset(&text);
            add_text(r, &text, i % 2 == 1);
            if (text.len == 0)
                continue;
            int want = found_by_pcre2_alone(code, data, buf_str(&text));
            const uint64_t *got = match_text(m, s, NORMAL_DIGITS, buf_str(&text));
            assert_non_null(got);
            if (want >= 0 && match_has(got, 0) != (want == 1))
                fail_msg("'%s' in '%s': %d", re.data, text.data, want);
            *found += want == 1;
        }
        match_scratch_free(&s);
        match_free(&m);
    }
    pcre2_code_free(code);
    buf_fini(&re);
    buf_fini(&text);
}

static void
what_pcre2_finds_is_always_among_the_candidates(void **state)
{
    struct random r = {.state = 20261123};
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    size_t found = 0, ways[SCREEN_WAYS] = {0};
    (void)state;
    for (int i = 0; i < 4000; i++)
        compare(&r, data, &found, ways);
    pcre2_match_data_free(data);
    assert_true(found > 5000);
    assert_true(ways[SCREEN_FRONT] > 100 && ways[SCREEN_STEMS] > 100);
    assert_true(ways[SCREEN_ALWAYS] > 100);
}

/* Many rules in one table: each is found by its own stem and by no other's. */
static void
a_rule_is_found_among_thousands(void **state)
{
    struct match *m = match_new();
    struct match_scratch *s = match_scratch_new();
    struct buf re = BUF_INIT;
    (void)state;
    for (unsigned i = 0; i < 3000; i++) {
        buf_reset(&re);
        buf_addf(&re, i % 7 == 0 ? "q%c%c%cz" : "\\bq%c%c%cz\\w*", 'a' + i % 26,
                 'a' + i / 26 % 26, 'a' + i / 676);
        struct match_spec spec = {.re = re.data, .channels = 1u << NORMAL_DIGITS};
        assert_int_equal(match_add(m, &spec, NULL), 0);
    }
    match_seal(m);
    for (unsigned i = 0; i < 3000; i++) {
        buf_reset(&re);
        buf_addf(&re, "да Q%c%c%cZда нет", 'a' + i % 26, 'a' + i / 26 % 26,
                 'a' + i / 676);
        const uint64_t *got = match_text(m, s, NORMAL_DIGITS, buf_str(&re));
        for (unsigned k = 0; k < 3000; k++)
            assert_int_equal(match_has(got, k), k == i);
    }
    buf_fini(&re);
    match_scratch_free(&s);
    match_free(&m);
}

static void
bad_utf8_is_refused_and_the_empty_text_is_none(void **state)
{
    struct match *m = match_new();
    struct match_scratch *s = match_scratch_new();
    struct match_spec spec = {.re = "\\w", .channels = 1u << NORMAL_DIGITS};
    (void)state;
    assert_int_equal(match_add(m, &spec, NULL), 0);
    match_seal(m);
    assert_null(match_text(m, s, NORMAL_DIGITS, STR_LIT("жол\xD0")));
    assert_null(match_text(m, s, NORMAL_DIGITS, STR_LIT("\xED\xA0\x80")));
    assert_null(match_text(m, s, NORMAL_DIGITS, STR_LIT("\xC0\xAF")));
    assert_false(match_has(match_text(m, s, NORMAL_DIGITS, STR_NONE), 0));
    assert_true(match_has(match_text(m, s, NORMAL_DIGITS, STR_LIT("ж")), 0));
    match_scratch_free(&s);
    match_free(&m);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_pcre2_finds_is_always_among_the_candidates),
        cmocka_unit_test(a_rule_is_found_among_thousands),
        cmocka_unit_test(bad_utf8_is_refused_and_the_empty_text_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
