/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "judge/filters.h"
#include "judge/judge.h"

/* --- cases: tests/data/judge/NAME/{filters/,lines.ndjson}. Each line of the latter is
 * {"text":…,"want":{…}}; every member of "want" must be the same in the verdict, "absent"
 * lists members that it must not have. */

static void
read_file(const char *path, struct buf *out)
{
    char some[4096];
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        fail_msg("%s cannot be read", path);
    buf_reset(out);
    for (size_t n; (n = fread(some, 1, sizeof(some), f)) > 0;)
        buf_add(out, some, n);
    fclose(f);
}

static void
add_folder(struct filters *f, const char *folder, const char *below)
{
    struct buf path = BUF_INIT, name = BUF_INIT, content = BUF_INIT;
    buf_addf(&path, "%s/%s", folder, below);
    struct dirent **entries;
    int n = scandir(path.data, &entries, NULL, alphasort);
    if (n < 0)
        fail_msg("%s cannot be read", path.data);
    for (int i = 0; i < n; i++) {
        buf_reset(&name);
        buf_addf(&name, "%s%s", below, entries[i]->d_name);
        if (strstr(entries[i]->d_name, ".yaml") != NULL) {
            buf_reset(&path);
            buf_addf(&path, "%s/%s", folder, name.data);
            read_file(path.data, &content);
            assert_int_equal(filters_add(f, name.data, buf_str(&content), NULL), 0);
        }
        free(entries[i]);
    }
    free(entries);
    buf_fini(&path);
    buf_fini(&name);
    buf_fini(&content);
}

static struct judge *
make_judge(struct filters *f)
{
    const struct filters_issue *issues;
    struct err e = ERR_INIT;
    if (filters_load(f) > 0) {
        size_t n = filters_issues(f, &issues);
        for (size_t i = 0; i < n; i++)
            print_error("%s:%d:%d: %s\n", issues[i].file, issues[i].line,
                        issues[i].column, issues[i].text);
        fail();
    }
    struct judge *j = judge_new(f, &e);
    if (j == NULL)
        fail_msg("%s", e.msg);
    filters_free(&f);
    return j;
}

static struct judge *
judge_of_folder(const char *folder)
{
    struct filters *f = filters_new();
    add_folder(f, folder, "");
    return make_judge(f);
}

static struct judge *
judge_of_pack(void)
{
    static const char *const parts[] = {"",      "abuse/",  "mask/",  "question/",
                                        "spam/", "topics/", "urgent/"};
    struct filters *f = filters_new();
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        add_folder(f, "filters/police-kz", parts[i]);
    return make_judge(f);
}

static json_t *
verdict_json(const struct verdict *v)
{
    struct buf b = BUF_INIT;
    json_error_t error;
    buf_add_char(&b, '{');
    verdict_write_json(v, &b);
    buf_add_char(&b, '}');
    json_t *o = json_loadb(b.data, b.len, 0, &error);
    if (o == NULL)
        fail_msg("the verdict is no JSON (%s): %s", error.text, b.data);
    buf_fini(&b);
    return o;
}

/* The number of members that are not as they should be. */
static int
compare(const char *text, const json_t *want, const json_t *got)
{
    const char *key;
    json_t *value;
    int wrong = 0;
    json_object_foreach((json_t *)(uintptr_t)want, key, value)
    {
        const json_t *have = json_object_get(got, key);
        if (json_equal(value, have))
            continue;
        char *a = json_dumps(value, JSON_ENCODE_ANY),
             *b = json_dumps(have, JSON_ENCODE_ANY);
        print_error("'%s': %s is %s, not %s\n", text, key, b == NULL ? "absent" : b, a);
        free(a);
        free(b);
        wrong++;
    }
    return wrong;
}

static void
run_lines(struct judge *j, const char *path)
{
    struct judge_scratch *s = judge_scratch_new();
    struct buf content = BUF_INIT;
    struct str rest, line;
    int wrong = 0, n = 0;
    read_file(path, &content);
    rest = buf_str(&content);
    while (str_split(&rest, '\n', &line)) {
        if (line.len == 0)
            continue;
        json_error_t error;
        json_t *o = json_loadb(line.p, line.len, 0, &error);
        if (o == NULL)
            fail_msg("%s: %s: %.*s", path, error.text, STR_ARG(line));
        const char *text = json_string_value(json_object_get(o, "text"));
        struct verdict v;
        judge_text(j, s, str_from(text), &v);
        json_t *got = verdict_json(&v);
        wrong += compare(text, json_object_get(o, "want"), got);
        wrong += json_object_get(o, "held") == NULL && v.held != NULL;
        json_decref(got);
        json_decref(o);
        n++;
    }
    buf_fini(&content);
    judge_scratch_free(&s);
    judge_unref(&j);
    assert_true(n > 0);
    assert_int_equal(wrong, 0);
}

static void
a_verdict_is_what_its_lines_say(void **state)
{
    (void)state;
    run_lines(judge_of_folder("tests/data/judge/verdict/filters"),
              "tests/data/judge/verdict/lines.ndjson");
}

static void
scores_thresholds_and_ties_decide(void **state)
{
    (void)state;
    run_lines(judge_of_folder("tests/data/judge/score/filters"),
              "tests/data/judge/score/lines.ndjson");
}

static void
the_shipped_pack_masks_personal_data(void **state)
{
    (void)state;
    run_lines(judge_of_pack(), "tests/data/judge/pack/personal.ndjson");
}

/* Topics of common words give way; of two that would, only the weaker. */
static void
a_topic_gives_way_to_those_it_names(void **state)
{
    static const struct {
        const char *name, *content;
    } files[] = {
        {"road.yaml",
         "kind: topic\nid: road\nyields: [fines, order]\n"
         "rules: [{name: a, re: road, score: 2}, {name: b, re: pit, score: 2}]\n"
         "examples: {match: [road], reject: [no]}\n"},
        {"fines.yaml", "kind: topic\nid: fines\nrules: [{name: a, re: fine, score: 3}]\n"
                       "examples: {match: [fine], reject: [no]}\n"},
        {"order.yaml", "kind: topic\nid: order\nyields: [road]\n"
                       "rules: [{name: a, re: noise, score: 2}]\n"
                       "examples: {match: [noise], reject: [no]}\n"},
    };
    static const struct {
        const char *text, *topics[3];
    } rows[] = {
        {"road", {"road"}},
        {"fine on a road", {"fines"}},
        {"fine for a pit on a road", {"road", "fines"}},
        {"noise on a road", {"order", "road"}},
        {"noise of a pit on a road", {"road"}},
        {"fine for noise", {"fines", "order"}},
    };
    struct filters *f = filters_new();
    struct judge_scratch *s = judge_scratch_new();
    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(filters_add(f, files[i].name, str_from(files[i].content), NULL),
                         0);
    struct judge *j = make_judge(f);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct verdict v;
        size_t n = 0;
        judge_text(j, s, str_from(rows[i].text), &v);
        for (; n < 3 && rows[i].topics[n] != NULL; n++)
            if (n >= v.n_topics || strcmp(v.topics[n], rows[i].topics[n]) != 0)
                fail_msg("'%s': no topic '%s' at %zu", rows[i].text, rows[i].topics[n],
                         n);
        assert_int_equal(v.n_topics, n);
    }
    judge_scratch_free(&s);
    judge_unref(&j);
}

static void
languages_are_told_apart(void **state)
{
    (void)state;
    run_lines(judge_of_pack(), "tests/data/judge/pack/lang.ndjson");
}

/* --- the rest */

static void
the_json_form_is_fixed(void **state)
{
    struct judge *j = judge_of_folder("tests/data/judge/verdict/filters");
    struct judge_scratch *s = judge_scratch_new();
    struct buf b = BUF_INIT;
    struct verdict v;
    (void)state;
    judge_text(j, s, STR_LIT("Жаңа жол қашан, 87010000031 \"есек\"?"), &v);
    verdict_write_json(&v, &b);
    assert_string_equal(
        b.data,
        "\"lang\":\"kk\",\"question\":true,\"score\":5,\"topics\":[\"road\"],"
        "\"urgent\":null,\"abuse\":true,\"spam\":false,"
        "\"pii\":[{\"kind\":\"phone\",\"start\":16,\"end\":27}],"
        "\"masked\":\"Жаңа жол қашан, ▇▇▇▇ \\\"▇▇▇▇\\\"?\","
        "\"why\":[{\"filter\":\"a.yaml\",\"rule\":\"road\",\"start\":5,\"end\":8,"
        "\"score\":2},"
        "{\"filter\":\"b.yaml\",\"rule\":\"when\",\"start\":9,\"end\":14,\"score\":3},"
        "{\"filter\":\"b.yaml\",\"rule\":\"mark\",\"start\":34,\"end\":35,\"score\":2},"
        "{\"filter\":\"b.yaml\",\"rule\":\"new\",\"start\":0,\"end\":4,\"score\":5,"
        "\"trial\":true},"
        "{\"filter\":\"c.yaml\",\"rule\":\"number\",\"start\":16,\"end\":27,\"score\":0},"
        "{\"filter\":\"e.yaml\",\"rule\":\"word\",\"start\":29,\"end\":33,\"score\":2}]");
    assert_string_equal(v.key.p, "жаңа жол қашан 87010000031 есек");
    buf_fini(&b);
    judge_scratch_free(&s);
    judge_unref(&j);
}

static void
what_cannot_be_decided_is_held_and_hidden(void **state)
{
    struct judge *j = judge_of_folder("tests/data/judge/verdict/filters");
    struct judge_scratch *s = judge_scratch_new();
    struct verdict v;
    struct buf text = BUF_INIT;
    (void)state;

    /* a limit in a filter that hides words */
    for (int i = 0; i < 40; i++)
        buf_add_cstr(&text, "абааб");
    buf_add_cstr(&text, "в жол қашан !");
    judge_text(j, s, buf_str(&text), &v);
    assert_string_equal(v.held, "a pattern reached its limit");
    assert_string_equal(v.held_filter, "e.yaml");
    assert_true(v.question);
    assert_true(str_eq(v.masked, STR_LIT("▇▇▇▇")));

    /* bad bytes */
    judge_text(j, s, STR_LIT("жол \xFF қашан 87010000031"), &v);
    assert_string_equal(v.held, "the text is not valid UTF-8");
    assert_true(v.question);
    assert_true(str_eq(v.masked, STR_LIT("жол \uFFFD қашан ▇▇▇▇")));
    assert_int_equal(v.pii[0].start, 12);

    /* too long; what is behind the cut is not shown */
    buf_reset(&text);
    buf_add_cstr(&text, "қашан ");
    while (text.len <= BOUNDS_TEXT)
        buf_add_cstr(&text, "сөз, ");
    buf_add_cstr(&text, "87010000031");
    judge_text(j, s, buf_str(&text), &v);
    assert_string_equal(v.held, "the text is too long");
    assert_true(v.question);
    assert_true(v.masked.len <= BOUNDS_TEXT);

    /* more numbers than there is room for */
    buf_reset(&text);
    for (int i = 0; i <= BOUNDS_SPANS; i++)
        buf_add_cstr(&text, "87010000031 ");
    judge_text(j, s, buf_str(&text), &v);
    assert_string_equal(v.held, "too much personal data");
    assert_true(str_eq(v.masked, STR_LIT("▇▇▇▇")));
    assert_int_equal(v.n_pii, BOUNDS_SPANS);

    /* and the next line is as if nothing had been */
    judge_text(j, s, STR_LIT("жол"), &v);
    assert_null(v.held);
    assert_true(str_eq(v.masked, STR_LIT("жол")));
    assert_int_equal(v.n_pii, 0);
    buf_fini(&text);
    judge_scratch_free(&s);
    judge_unref(&j);
}

static void
equal_keys_are_the_same_question(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        {"Жол қашан жөнделеді?", "жол  қашан, жөнделеді???", true},
        {"Когда починят 😡😡", "КОГДА ПОЧИНЯТ!!!", true},
        {"К О Г Д А починят", "кoгда починят", true},
        {"434-бап", "435-бап", false},
        {"когда", "где", false},
        {"???", "!!!", false},
        {"", "", true},
    };
    struct filters *f = filters_new();
    struct judge *j = make_judge(f);
    struct judge_scratch *s = judge_scratch_new(), *t = judge_scratch_new();
    struct verdict a, b;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        judge_text(j, s, str_from(rows[i].a), &a);
        judge_text(j, t, str_from(rows[i].b), &b);
        if (str_eq(a.key, b.key) != rows[i].same)
            fail_msg("row %zu: '%.*s' and '%.*s'", i, STR_ARG(a.key), STR_ARG(b.key));
    }
    judge_scratch_free(&s);
    judge_scratch_free(&t);
    judge_unref(&j);
}

static void
a_judge_lives_as_long_as_its_last_user(void **state)
{
    struct judge *j = judge_of_folder("tests/data/judge/verdict/filters");
    struct judge *again = judge_of_folder("tests/data/judge/verdict/filters");
    struct judge *second = judge_ref(j);
    struct judge_scratch *s = judge_scratch_new();
    const struct judge_topic *topics;
    struct verdict v;
    enum judge_lang lang;
    (void)state;
    assert_int_equal(judge_version(j), judge_version(again));
    judge_unref(&again);
    judge_unref(&j);
    assert_null(j);
    judge_text(second, s, STR_LIT("жол"), &v);
    assert_string_equal(v.topics[0], "road");
    assert_int_equal(judge_topics(second, &topics), 1);
    assert_string_equal(topics[0].title_ru, "Дорога");
    assert_null(topics[0].title_en);
    judge_unref(&second);
    judge_unref(&second);
    judge_scratch_free(&s);
    assert_int_equal(judge_lang_from_name(STR_LIT("latn"), &lang, NULL), 0);
    assert_int_equal(lang, LANG_LATN);
    assert_int_equal(judge_lang_from_name(STR_LIT("de"), &lang, NULL), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verdict_is_what_its_lines_say),
        cmocka_unit_test(scores_thresholds_and_ties_decide),
        cmocka_unit_test(a_topic_gives_way_to_those_it_names),
        cmocka_unit_test(the_shipped_pack_masks_personal_data),
        cmocka_unit_test(languages_are_told_apart),
        cmocka_unit_test(the_json_form_is_fixed),
        cmocka_unit_test(what_cannot_be_decided_is_held_and_hidden),
        cmocka_unit_test(equal_keys_are_the_same_question),
        cmocka_unit_test(a_judge_lives_as_long_as_its_last_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
