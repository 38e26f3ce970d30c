/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "judge/explain.h"
#include "judge/filters.h"

#define END "\nexamples: {match: []}\n"

static const char *const files[][2] = {
    {"abuse.yaml", "kind: abuse\nrules:\n  - {name: word, re: топас|дебил, score: 2}\n"
                   "  - {name: heavy, re: '(?:а|аа|б)+!', score: 2}" END},
    {"mask.yaml", "kind: mask\nrules: [{name: n, re: '(?<![0-9])[0-9]{4}(?![0-9])', pii: "
                  "card}]" END},
    {"q.yaml", "kind: question\nrules:\n  - {name: when, re: қашан, score: 3,\n"
               "     description: {kk: Уақытты сұрайды, en: Asks for a time.}}\n"
               "  - {name: new, re: жол, score: 9, trial: true}" END},
    {"road.yaml",
     "kind: topic\nid: road\ntitle: {kk: Жол қозғалысы, ru: Дороги}\nthreshold: 3\n"
     "rules: [{name: road, re: жол, score: 2}, {name: pit, re: шұңқыр, score: 1}]" END},
};

struct desk {
    struct judge *judge;
    struct judge_scratch *scratch;
};

static void
begin(struct desk *d)
{
    struct filters *f = filters_new();
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        assert_int_equal(filters_add(f, files[i][0], str_from(files[i][1]), NULL), 0);
    assert_int_equal(filters_load(f), 0);
    d->judge = judge_new(f, NULL);
    assert_non_null(d->judge);
    d->scratch = judge_scratch_new();
    filters_free(&f);
}

static void
end(struct desk *d)
{
    judge_scratch_free(&d->scratch);
    judge_unref(&d->judge);
}

static void
explain(const struct desk *d, struct str text, const char *lang, unsigned width,
        struct buf *out)
{
    struct verdict v;
    judge_text(d->judge, d->scratch, text, &v);
    struct explain x = {.judge = d->judge,
                        .scratch = d->scratch,
                        .verdict = &v,
                        .text = text,
                        .lang = lang,
                        .width = width};
    buf_reset(out);
    judge_explain(&x, out);
}

static void
each_step_is_told_with_its_reasons(void **state)
{
    static const struct {
        const char *text, *lang, *want;
    } rows[] = {
        {"рақмет", "en",
         "text      рақмет\n"
         "read as   рақмет\n"
         "language  kk\n"
         "rules     none hit\n"
         "sums      all question files: 0 of 3, not enough\n"
         "verdict   no question, score 0\n"
         "masked    рақмет\n"},
        {"Жол шұңқыр ҚАШАН? 1234 топас", "kk",
         "text      Жол шұңқыр ҚАШАН? 1234 топас\n"
         "read as   жол шұңқыр қашан? 1234 топас\n"
         "language  kk\n"
         "rules     +2 abuse.yaml word: \"топас\"\n"
         "          card mask.yaml n: \"1234\"\n"
         "          +3 q.yaml when: \"ҚАШАН\" read as \"қашан\"\n"
         "               Уақытты сұрайды\n"
         "          +9 q.yaml new (trial, counts for nothing): \"Жол\" read as \"жол\"\n"
         "          +2 road.yaml road: \"Жол\" read as \"жол\"\n"
         "          +1 road.yaml pit: \"шұңқыр\"\n"
         "sums      all question files: 3 of 3, enough\n"
         "          abuse.yaml: 2 of 2, enough\n"
         "          road.yaml: 3 of 3, enough\n"
         "verdict   a question, score 3; topic road (Жол қозғалысы); abuse; personal "
         "data: card\n"
         "masked    Жол шұңқыр ҚАШАН? ▇▇▇▇ ▇▇▇▇\n"},
        /* bad bytes, and what a terminal would obey */
        {"\x1b[2\xFF қашан", "ru",
         "text      \\x1B[2\\xFF қашан\n"
         "read as   [2\uFFFD қашан\n"
         "language  kk\n"
         "rules     +3 q.yaml when: \"қашан\"\n"
         "               Уақытты сұрайды\n"
         "sums      all question files: 3 of 3, enough\n"
         "verdict   a question, score 3; HELD for a person: the text is not valid UTF-8\n"
         "masked    [2\uFFFD қашан\n"},
    };
    struct desk d;
    struct buf got = BUF_INIT;
    int wrong = 0;
    (void)state;
    begin(&d);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        explain(&d, str_from(rows[i].text), rows[i].lang, 0, &got);
        if (!str_eq(buf_str(&got), str_from(rows[i].want))) {
            print_error("row %zu:\n%s\nnot\n%s\n", i, got.data, rows[i].want);
            wrong++;
        }
    }
    end(&d);
    buf_fini(&got);
    assert_int_equal(wrong, 0);
}

static void
what_cannot_be_decided_is_named(void **state)
{
    struct desk d;
    struct buf got = BUF_INIT, text = BUF_INIT;
    (void)state;
    begin(&d);
    for (int i = 0; i < 40; i++)
        buf_add_cstr(&text, "абааб");
    buf_add_cstr(&text, "в !");
    explain(&d, buf_str(&text), "en", 0, &got);
    assert_non_null(strstr(got.data, "abuse.yaml heavy: could not be decided"));
    assert_non_null(strstr(got.data, "HELD for a person: a pattern reached its limit "
                                     "(abuse.yaml)\n"));
    end(&d);
    buf_fini(&got);
    buf_fini(&text);
}

static void
other_spellings_are_shown_and_rows_fit_the_terminal(void **state)
{
    struct desk d;
    struct buf got = BUF_INIT, text = BUF_INIT;
    (void)state;
    begin(&d);
    explain(&d, STR_LIT("zhol"), "en", 0, &got);
    assert_non_null(strstr(got.data, "\nlatin     жол\n"));
    assert_non_null(strstr(got.data, "+2 road.yaml road: \"zhol\" read as \"жол\"\n"));
    explain(&d, STR_LIT("жол қашан жөнделеді деп едіңіздер"), "en", 34, &got);
    assert_true(
        str_has_prefix(buf_str(&got), STR_LIT("text      жол қашан жөнделеді деп\n"
                                              "          едіңіздер\n")));
    for (int i = 0; i < BOUNDS_WHY + 5; i++)
        buf_add_cstr(&text, "топас ");
    explain(&d, buf_str(&text), "en", 0, &got);
    assert_non_null(strstr(got.data, "          and 5 more\n"));
    end(&d);
    buf_fini(&got);
    buf_fini(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_is_told_with_its_reasons),
        cmocka_unit_test(what_cannot_be_decided_is_named),
        cmocka_unit_test(other_spellings_are_shown_and_rows_fit_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
