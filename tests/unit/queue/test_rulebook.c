/* SPDX-License-Identifier: Apache-2.0 */
/* Folders and the edits over them: what a set is made of, and when it is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "queue/rulebook.h"

#define ROAD                                             \
    "kind: topic\nid: road\ntitle: {ru: Дорога}\n" \
    "rules:\n  - {name: a, re: 'дорог', score: 2}\n"

/* Not built; the folders have road.yaml. */
static struct rulebook *
shipped(void)
{
    struct filters *f = filters_new();
    struct rulebook *r = rulebook_new();
    struct err e = ERR_INIT;

    assert_int_equal(filters_add(f, "road.yaml", STR_LIT(ROAD), &e), 0);
    rulebook_ship(r, f);
    filters_free(&f);
    return r;
}

static bool
has_topic(const struct rulebook *r, const char *text)
{
    struct judge_scratch *s = judge_scratch_new();
    struct verdict v;

    judge_text(rulebook_judge(r), s, str_from(text), &v);
    judge_scratch_free(&s);
    return v.n_topics > 0;
}

static void
an_edit_stands_over_the_folders_until_it_is_taken_back(void **state)
{
    struct err e = ERR_INIT;
    struct rulebook *first = shipped(), *second, *third;

    (void)state;
    assert_int_equal(rulebook_build(first, true, &e), 0);
    second = rulebook_copy(first);
    rulebook_edit(second, "road.yaml",
                  "kind: topic\nid: road\nrules:\n  - {name: a, re: 'мост', score: 2}\n");
    assert_int_equal(rulebook_build(second, true, &e), 0);
    assert_true(has_topic(first, "дорога"));
    assert_false(has_topic(second, "дорога"));
    assert_true(has_topic(second, "мост"));
    assert_true(rulebook_version(first) != rulebook_version(second));
    third = rulebook_copy(second);
    rulebook_edit(third, "road.yaml", NULL);
    assert_int_equal(rulebook_build(third, true, &e), 0);
    assert_true(rulebook_version(first) == rulebook_version(third));
    rulebook_unref(&first);
    rulebook_unref(&second);
    rulebook_unref(&third);
}

static void
a_file_of_ones_own_goes_when_it_is_taken_back(void **state)
{
    struct rulebook *r = shipped();
    const struct rulebook_file *files;

    (void)state;
    rulebook_edit(r, "a.yaml", "kind: macros\nmacros: {Z: '[zз]'}\n");
    assert_int_equal(rulebook_files(r, &files), 2);
    assert_string_equal(files[0].name, "a.yaml");
    assert_null(files[0].shipped);
    assert_string_equal(rulebook_file(r, "road.yaml")->shipped, ROAD);
    rulebook_edit(r, "a.yaml", NULL);
    rulebook_edit(r, "nothing.yaml", NULL);
    assert_int_equal(rulebook_files(r, &files), 1);
    assert_null(rulebook_file(r, "a.yaml"));
    rulebook_unref(&r);
}

static void
mistakes_are_told_and_patterns_that_fail_make_no_judge(void **state)
{
    static const char *const bad[] = {
        "kind: topic\nid: road\nrules:\n  - {name: a, re: '(', score: 2}\n",
        "kind: topic\nid: road\nrules:\n  - {name: a, re: 'мост', score: 2}\n"
        "examples:\n  match: ['река']\n",
    };
    const struct filters_issue *issues;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct rulebook *r = shipped();
        struct err e = ERR_INIT;
        rulebook_edit(r, "road.yaml", bad[i]);
        assert_int_equal(rulebook_build(r, true, &e), -1);
        assert_int_equal(e.code, ERR_VALUE);
        assert_int_equal(rulebook_judge(r) == NULL, i == 0);
        size_t n = filters_issues(rulebook_filters(r), &issues), at = 0;
        while (at < n && issues[at].severity != FILTERS_ERROR)
            at++;
        assert_true(at < n);
        assert_string_equal(issues[at].file, "road.yaml");
        assert_true(issues[at].line > 0);
        rulebook_unref(&r);
    }
}

static void
what_was_read_of_a_file_stands_beside_it(void **state)
{
    struct rulebook *r = shipped();
    struct filters_file file;
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(rulebook_build(r, false, &e), 0);
    filters_file(rulebook_filters(r), 0, &file);
    assert_string_equal(file.kind, "topic");
    assert_string_equal(file.id, "road");
    assert_string_equal(file.title_ru, "Дорога");
    rulebook_unref(&r);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edit_stands_over_the_folders_until_it_is_taken_back),
        cmocka_unit_test(a_file_of_ones_own_goes_when_it_is_taken_back),
        cmocka_unit_test(mistakes_are_told_and_patterns_that_fail_make_no_judge),
        cmocka_unit_test(what_was_read_of_a_file_stands_beside_it),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
