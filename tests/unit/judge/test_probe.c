/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "judge/filters.h"
#include "judge/judge.h"

static uint64_t
ticks(void)
{
    static uint64_t now;
    return now += 1000;
}

/* The issues of a set of one rule, as "warning 4:9 re" and "note 4:9", in order. */
static void
probe(const char *rule, struct buf *out)
{
    struct filters *f = filters_new();
    struct buf file = BUF_INIT;
    struct err e = ERR_INIT;
    const struct filters_issue *issues;
    buf_addf(&file,
             "kind: topic\nid: t\nrules:\n  - {name: r, score: 2, %s}\n"
             "examples: {match: [жол], reject: [көше]}\n",
             rule);
    assert_int_equal(filters_add(f, "t.yaml", buf_str(&file), &e), 0);
    assert_int_equal(filters_load(f), 0);
    struct judge *j = judge_new(f, &e);
    assert_non_null(j);
    filters_check_patterns(f, j, ticks);
    buf_reset(out);
    buf_add_cstr(out, "");
    for (size_t i = 0; i < filters_issues(f, &issues); i++)
        buf_addf(out, "%s%s%s", i == 0 ? "" : " ",
                 issues[i].severity == FILTERS_NOTE           ? "note"
                 : strstr(issues[i].text, "'unless'") != NULL ? "unless"
                                                              : "re",
                 issues[i].line == 4 && issues[i].column == 30 ? ""
                                                               : " at another place");
    judge_unref(&j);
    filters_free(&f);
    buf_fini(&file);
}

static void
patterns_that_explode_are_found_with_a_line_that_makes_them(void **state)
{
    static const struct {
        const char *rule, *want;
    } rows[] = {
        {"re: '(а+)+$'", "re note"},
        {"re: '(?:а|аа)+$'", "re note"},
        {"re: 'жол(?:\\w+\\s?)+щ$'", "re"},
        {"re: '\\w*\\w*\\w*\\w*\\w*щ!'", "re"},
        {"re: '^(?:.*?,){11}P'", "re"},
        {"re: '((а)|(б)|.)*в$'", "re note"},
        {"re: '(а(?R)?б?)+$'", "re note"},
        {"re: 'жол', unless: '(?:ол|жол|ж|л|о)+ю'", "unless"},
        /* and what people write is left alone */
        {"re: '(?<![\\p{L}])жол\\p{L}{0,14}\\s+\\p{L}{0,14}бар'", ""},
        {"re: '\\bжол\\w*\\s+(?:\\w+\\s+){0,2}көше\\w*'", ""},
        {"re: '[0-9]{4}(?:[ -]?[0-9]{4}){2,3}'", ""},
        {"re: '(?:а++)+жол$'", ""},
        {"re: '\\p{L}{2,5}'", "note"},
    };
    struct buf got = BUF_INIT;
    int wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        probe(rows[i].rule, &got);
        if (str_eq(buf_str(&got), str_from(rows[i].want)))
            continue;
        print_error("%s: '%s', not '%s'\n", rows[i].rule, got.data, rows[i].want);
        wrong++;
    }
    buf_fini(&got);
    assert_int_equal(wrong, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_that_explode_are_found_with_a_line_that_makes_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
