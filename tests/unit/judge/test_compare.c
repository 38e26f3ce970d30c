/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "judge/compare.h"
#include "judge/filters.h"

struct file {
    const char *name, *content;
};

static struct judge *
judge_of(const struct file *files, size_t n)
{
    struct filters *f = filters_new();
    struct err e = ERR_INIT;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(filters_add(f, files[i].name, str_from(files[i].content), NULL),
                         0);
    assert_int_equal(filters_load(f), 0);
    struct judge *j = judge_new(f, &e);
    if (j == NULL)
        fail_msg("%s", e.msg);
    filters_free(&f);
    return j;
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define END      "examples: {match: []}\n"

static const struct file old_files[] = {
    {"abuse.yaml", "kind: abuse\nrules: [{name: a, re: 'топас', score: 2}]\n" END},
    {"mask.yaml",
     "kind: mask\nrules: [{name: n, re: '(?<![0-9])[0-9]{4}', pii: card}]\n" END},
    {"q.yaml", "kind: question\nrules:\n  - {name: when, re: қашан, score: 3}\n"
               "  - {name: mark, re: '\\?', score: 2}\n"
               "  - {name: try, re: жол, score: 9, trial: true}\n" END},
    {"road.yaml",
     "kind: topic\nid: road\nrules: [{name: road, re: жол, score: 2}]\n" END},
    {"urgent.yaml", "kind: urgent\nclass: fire\nrules: [{name: f, re: өрт, score: "
                    "3}]\n" END},
};
static const struct file new_files[] = {
    {"light.yaml",
     "kind: topic\nid: light\nrules: [{name: light, re: жарық, score: 4}]\n" END},
    {"mask.yaml",
     "kind: mask\nrules: [{name: n, re: '(?<![0-9])[0-9]{4,6}', pii: card}]\n" END},
    {"q.yaml", "kind: question\nrules:\n  - {name: mark, re: '\\?', score: 3}\n"
               "  - {name: where, re: қайда, score: 3}\n"
               "  - {name: when, re: қашан, score: 2}\n" END},
    {"road.yaml", "kind: topic\nid: road\nthreshold: 3\nrules: [{name: road, re: жол, "
                  "score: 2}]\n" END},
    {"urgent.yaml", "kind: urgent\nclass: bomb\nrules: [{name: f, re: өрт, score: "
                    "3}]\n" END},
};

/* "gained masked; -2 q.yaml when, ..." */
static void
describe(const struct compare_line *l, struct buf *out)
{
    buf_reset(out);
    for (unsigned bit = 0; bit < COMPARE_CHANGES; bit++)
        if ((l->changes >> bit) & 1u)
            buf_addf(out, "%s%s", out->len > 0 ? " " : "",
                     compare_change_name((enum compare_change)(1u << bit)));
    for (size_t i = 0; i < l->n_reasons; i++) {
        const struct compare_reason *r = &l->reasons[i];
        buf_addf(out, "; %s %s", r->filter, r->rule);
        for (size_t k = 0; k < COMPARE_SIDES; k++) {
            if (r->hit[k])
                buf_addf(out, " %d", r->score[k]);
            else
                buf_add_cstr(out, " -");
        }
    }
}

static struct compare *
compare_both(void)
{
    struct judge *old = judge_of(old_files, COUNT(old_files)),
                 *new = judge_of(new_files, COUNT(new_files));
    struct compare *c = compare_new(old, new);
    judge_unref(&old); /* the comparison has its own references */
    judge_unref(&new);
    return c;
}

static void
each_difference_has_its_reasons(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"рахмет", ""},
        {"", ""},
        {"қайда", "gained; q.yaml where - 3"},
        {"неге?", "gained; q.yaml mark 2 3"},
        {"қашан", "lost; q.yaml when 3 2"},
        /* a question on both sides: the topic is another */
        {"жарық қашан?", "moved; q.yaml when 3 2; q.yaml mark 2 3; light.yaml light - 4"},
        /* the same rules, another threshold */
        {"жол қайда қашан?", "moved; q.yaml when 3 2; q.yaml mark 2 3; q.yaml where - 3"},
        /* no question: a topic is nobody's business */
        {"жол", ""},
        {"жарық", ""},
        /* a flag that moves it to another lane, with the same rules */
        {"өрт", "moved"},
        {"топас", "moved masked; abuse.yaml a 2 -"},
        {"123456", "masked; mask.yaml n 0 0"},
        {"1234", ""},
        {"қайда 123456", "gained masked; mask.yaml n 0 0; q.yaml where - 3"},
        {"\xFF", ""},
    };
    struct compare *c = compare_both();
    struct buf got = BUF_INIT;
    struct compare_line line;
    int wrong = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        compare_text(c, str_from(rows[i].text), &line);
        describe(&line, &got);
        if (!str_eq(buf_str(&got), str_from(rows[i].want))) {
            print_error("'%s': '%.*s', not '%s'\n", rows[i].text, STR_ARG(buf_str(&got)),
                        rows[i].want);
            wrong++;
        }
    }
    buf_fini(&got);
    compare_free(&c);
    assert_int_equal(wrong, 0);
}

static void
every_file_and_rule_is_counted_on_both_sides(void **state)
{
    static const char *const texts[] = {"жол қашан, қашан", "қайда?", "1234 123456",
                                        "өрт", "рахмет"};
    struct compare *c = compare_both();
    struct buf got = BUF_INIT;
    struct compare_line line;
    const struct compare_count *rows;
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        compare_text(c, str_from(texts[i]), &line);
    size_t n = compare_counts(c, &rows);
    for (size_t i = 0; i < n; i++)
        buf_addf(&got, "%s %s %d%d %d-%d %d-%d%s\n", rows[i].filter,
                 rows[i].rule == NULL ? rows[i].kind : rows[i].rule, rows[i].there[0],
                 rows[i].there[1], (int)rows[i].hits[0], (int)rows[i].hits[1],
                 (int)rows[i].fired[0], (int)rows[i].fired[1],
                 rows[i].trial ? " trial" : "");
    assert_string_equal(got.data, "abuse.yaml abuse 10 0-0 0-0\n"
                                  "abuse.yaml a 10 0-0 0-0\n"
                                  "light.yaml topic 01 0-0 0-0\n"
                                  "light.yaml light 01 0-0 0-0\n"
                                  "mask.yaml mask 11 1-1 1-1\n"
                                  "mask.yaml n 11 1-1 0-0\n"
                                  "q.yaml question 11 2-2 1-1\n"
                                  "q.yaml when 11 1-1 0-0\n"
                                  "q.yaml mark 11 1-1 0-0\n"
                                  "q.yaml try 10 1-0 0-0 trial\n"
                                  "q.yaml where 01 0-1 0-0\n"
                                  "road.yaml topic 11 1-1 1-0\n"
                                  "road.yaml road 11 1-1 0-0\n"
                                  "urgent.yaml urgent 11 1-1 1-1\n"
                                  "urgent.yaml f 11 1-1 0-0\n");
    const struct compare_totals *t = compare_totals(c);
    assert_int_equal(t->messages, 5);
    assert_int_equal(t->questions[COMPARE_OLD], 1);
    assert_int_equal(t->questions[COMPARE_NEW], 1);
    assert_int_equal(t->changes[0], 1);
    assert_int_equal(t->changes[1], 1);
    assert_int_equal(t->changes[2], 1);
    assert_int_equal(t->changes[3], 1);
    assert_int_equal(t->changed, 4);
    buf_fini(&got);
    compare_free(&c);
}

/* Parses the members written by `b`, wrapped in braces. */
static json_t *
parse(struct buf *b)
{
    json_error_t error;
    json_t *o = json_loadb(b->data, b->len, JSON_REJECT_DUPLICATES, &error);
    if (o == NULL)
        fail_msg("%s: %s", error.text, b->data);
    return o;
}

static void
the_json_form_says_the_same(void **state)
{
    struct compare *c = compare_both();
    struct buf b = BUF_INIT;
    struct compare_line line;
    const char *change = NULL, *filter = NULL;
    int old = 0, is_null = 0;
    (void)state;
    compare_text(c, STR_LIT("қайда 123456"), &line);
    buf_add_char(&b, '{');
    compare_line_write_json(&line, &b);
    buf_add_char(&b, '}');
    json_t *o = parse(&b);
    assert_int_equal(json_unpack(o, "{s:[s,*], s:{s:b*}, s:[*]}", "changes", &change,
                                 "old", "question", &old, "rules"),
                     0);
    assert_string_equal(change, "gained");
    assert_false(old);
    const json_t *rule = json_array_get(json_object_get(o, "rules"), 1);
    is_null = json_is_null(json_object_get(rule, "old"));
    assert_true(is_null);
    assert_int_equal(json_integer_value(json_object_get(rule, "new")), 3);
    json_decref(o);

    buf_reset(&b);
    buf_add_char(&b, '{');
    compare_write_json(c, &b);
    buf_add_char(&b, '}');
    o = parse(&b);
    const json_t *files = json_object_get(o, "filters");
    assert_int_equal(json_array_size(files), 6);
    const json_t *q = json_array_get(files, 3);
    filter = json_string_value(json_object_get(q, "filter"));
    assert_string_equal(filter, "q.yaml");
    assert_int_equal(json_array_size(json_object_get(q, "rules")), 4);
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(o, "totals"), "gained")), 1);
    json_decref(o);
    buf_fini(&b);
    compare_free(&c);
}

static void
empty_sets_compare_too(void **state)
{
    struct judge *old = judge_of(NULL, 0), *new = judge_of(new_files, COUNT(new_files));
    struct compare *c = compare_new(old, old);
    struct buf b = BUF_INIT;
    struct compare_line line;
    (void)state;
    compare_text(c, STR_LIT("қайда?"), &line);
    assert_int_equal(line.changes, 0);
    buf_add_char(&b, '{');
    compare_write_json(c, &b);
    buf_add_char(&b, '}');
    json_decref(parse(&b));
    compare_free(&c);
    c = compare_new(new, old);
    compare_text(c, STR_LIT("қайда?"), &line);
    assert_int_equal(line.changes, COMPARE_LOST);
    compare_free(&c);
    judge_unref(&old);
    judge_unref(&new);
    buf_fini(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_difference_has_its_reasons),
        cmocka_unit_test(every_file_and_rule_is_counted_on_both_sides),
        cmocka_unit_test(the_json_form_says_the_same),
        cmocka_unit_test(empty_sets_compare_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
