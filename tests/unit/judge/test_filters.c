/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/bounds.h"
#include "judge/filters.h"
#include "judge/judge.h"
#include "judge/rules.h"

/* What the files say, as `suraq check` prints it. */
static void
list_issues(const struct filters *f, struct buf *out)
{
    const struct filters_issue *issues;
    size_t n = filters_issues(f, &issues);
    buf_reset(out);
    buf_add_cstr(out, "");
    for (size_t i = 0; i < n; i++)
        buf_addf(out, "%s%s:%d:%d: %s", i == 0 ? "" : "\n", issues[i].file,
                 issues[i].line, issues[i].column, issues[i].text);
}

static void
add(struct filters *f, const char *name, const char *content)
{
    assert_int_equal(filters_add(f, name, str_from(content), NULL), 0);
}

#define TOPIC "kind: topic\nid: a\nrules:\n"
#define END   "\nexamples: {match: []}\n"

/* Row by row: one file, and all that is said about it. */
static void
every_mistake_has_its_place(void **state)
{
    static const struct {
        const char *content, *want;
    } rows[] = {
        {"kind: topic\nid: a\nrules: []\nexamples: {match: [x]}\n", ""},
        {"kind: [\n", "f.yaml:2:1: flow sequence without a closing bracket"},
        {"- a\n",
         "f.yaml:1:1: a filter file is a map of keys: kind, id, rules, examples"},
        {"id: a\n", "f.yaml:1:1: has no 'kind'"},
        {"kind: topics\n",
         "f.yaml:1:7: 'kind' must be one of: topic question urgent abuse "
         "spam mask macros"},
        {"kind: topic\nid: Road\nrules: []\nexamples: {match: [x]}\n",
         "f.yaml:2:5: 'id' must be 1 to 32 of a-z 0-9 _ -"},
        {"kind: spam\nrulez: []\nrules: []\nexamples: {match: [x]}\n",
         "f.yaml:2:1: unknown key 'rulez'"},
        {"kind: spam\nrules: []\nrules: []\nexamples: {match: [x]}\n",
         "f.yaml:3:1: 'rules' is there twice"},
        {"kind: spam\nclass: fire\nrules: {}\nexamples: []\n",
         "f.yaml:0:0: has no examples; lines it must and must not match keep it honest\n"
         "f.yaml:2:1: 'class' has no meaning in a file of this kind\n"
         "f.yaml:3:8: 'rules' is a list\n"
         "f.yaml:4:11: 'examples' is a map: {match: [...], reject: [...]}"},
        {"kind: urgent\nclass: flood\nrules: []\nexamples: {reject: [x]}\n",
         "f.yaml:2:8: 'class' must be one of: violence suicide missing fire crash bomb"},
        {"kind: question\nthreshold: 0\nrules: []\nexamples: {reject: [x]}\n",
         "f.yaml:2:12: 'threshold' must be at least 1, or the filter fires on every "
         "line"},
        {"kind: spam\nrules: [{name: a, re: 'х', score: lots}]\nexamples: {reject: "
         "[x]}\n",
         "f.yaml:2:35: 'score' must be a whole number from -100 to 100"},
        {"kind: spam\nrules:\n  - {name: a, re: 'х'}\n  - {name: a, re: 'y'}\n  - {re: "
         "z}\n"
         "  - {name: b}\nexamples: {reject: [x]}\n",
         "f.yaml:4:12: another rule is named 'a' too\n"
         "f.yaml:5:5: this rule has no 'name'\n"
         "f.yaml:6:5: this rule has no 're'"},
        {"kind: spam\nrules:\n  - {name: a, re: 'қа(шан'}\nexamples: {reject: [x]}\n",
         "f.yaml:3:26: 're' does not compile: missing closing parenthesis"},
        {"kind: spam\nrules:\n  - {name: a, re: 'it''s )'}\nexamples: {reject: [x]}\n",
         "f.yaml:3:26: 're' does not compile: unmatched closing parenthesis"},
        {"kind: spam\nrules:\n  - {name: a, re: 'x', unless: 'жол[я-а]'}\nexamples: "
         "{reject: [x]}\n",
         "f.yaml:3:40: 'unless' does not compile: range out of order in character class"},
        {"kind: spam\nrules:\n  - {name: a, re: 'а*'}\nexamples: {reject: [x]}\n",
         "f.yaml:3:20: 're' can match the empty string, so it would hit every line"},
        {"kind: spam\nrules:\n  - {name: a, re: 'бір %{NO}'}\nexamples: {reject: [x]}\n",
         "f.yaml:3:24: 're' uses the macro '%{NO}', which no file has"},
        {"kind: spam\nrules:\n  - {name: a, re: '100% %{no} %'}\nexamples: {reject: "
         "[x]}\n",
         ""},
        {"kind: mask\nrules:\n  - {name: a, re: x}\n  - {name: b, re: x, pii: shoe, "
         "check: "
         "maybe}\nexamples: {reject: [x]}\n",
         "f.yaml:3:5: a mask rule says what it finds: 'pii'\n"
         "f.yaml:4:27: 'pii' must be one of: iin phone card iban plate email document "
         "address name\n"
         "f.yaml:4:40: 'check' must be one of: none iin luhn iban"},
        {"kind: spam\nrules:\n  - {name: a, re: x, pii: iin}\nexamples: {reject: [x]}\n",
         "f.yaml:3:22: 'pii' has no meaning in a file of this kind"},
        {"kind: spam\nrules:\n  - {name: a, re: x, trial: maybe}\n  - x\nexamples: "
         "{match: "
         "[[x]]}\n",
         "f.yaml:0:0: has no examples; lines it must and must not match keep it honest\n"
         "f.yaml:3:29: 'trial' must be one of: false true\n"
         "f.yaml:4:5: a rule is a map: {name: …, re: '…', score: 2}\n"
         "f.yaml:5:20: an example is a text"},
        {"kind: topic\nrules: []\ntitle: {de: Straße}\nexamples: {reject: [x]}\n",
         "f.yaml:1:1: a topic needs an 'id'\n"
         "f.yaml:3:9: unknown key 'de'"},
        {"kind: macros\nmacros: {k: '[қк]', K: '[қк]', L: []}\nid: x\n",
         "f.yaml:2:10: a macro's name is A to Z, then A to Z, 0 to 9 and _\n"
         "f.yaml:2:35: 'L' must be text\n"
         "f.yaml:3:1: 'id' has no meaning in a file of this kind"},
        {"kind: spam\nrules: &x []\nexamples: {match: [y]}\n",
         "f.yaml:2:11: anchors, aliases and tags are not supported here"},
        {"kind: spam\nrules: []\n---\nkind: spam\n",
         "f.yaml:3:1: a second document; one file is one document"},
        {"kind: spam\nid: \xFF\n",
         "f.yaml:2:5: this byte is not UTF-8 text; save the file as "
         "UTF-8"},
        {"", "f.yaml:0:0: is empty"},
        {"kind: topic\nid: a\nyields: true\nrules: []\nexamples: {reject: [x]}\n",
         "f.yaml:3:9: 'yields' is a list of the ids of topics: [fines, theft]"},
        {"kind: spam\nthreshold: many\nrules: []\nexamples: {reject: [x]}\n",
         "f.yaml:2:12: 'threshold' must be a whole number from -100 to 100"},
        {"kind: spam\nrules:\n  - {name: a, re: 'х', description: {kk: аа, de: ja}}\n"
         "  - {name: b, re: 'х', description: [x]}\n"
         "  - {name: c, re: 'х', description: ''}\nexamples: {reject: [x]}\n",
         "f.yaml:3:46: unknown key 'de'\n"
         "f.yaml:4:37: 'description' must be text\n"
         "f.yaml:5:38: 'description' must be text"},
        {"kind: topik\nid: A\nrules:\n  - {name: a, re: '(', score: x, pii: iin}\n",
         "f.yaml:1:7: 'kind' must be one of: topic question urgent abuse spam mask "
         "macros\n"
         "f.yaml:2:5: 'id' must be 1 to 32 of a-z 0-9 _ -\n"
         "f.yaml:4:21: 're' does not compile: missing closing parenthesis\n"
         "f.yaml:4:31: 'score' must be a whole number from -100 to 100"},
        {"kind: words\nmacros: {K: '[қк]', k: x}\n",
         "f.yaml:1:7: 'kind' must be one of: topic question urgent abuse spam mask "
         "macros\n"
         "f.yaml:2:21: a macro's name is A to Z, then A to Z, 0 to 9 and _"},
    };
    struct buf got = BUF_INIT;
    int wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct filters *f = filters_new();
        add(f, "f.yaml", rows[i].content);
        (void)filters_load(f);
        list_issues(f, &got);
        if (!str_eq(buf_str(&got), str_from(rows[i].want))) {
            print_error("row %zu:\n%s\nnot\n%s\n", i, got.data, rows[i].want);
            wrong++;
        }
        filters_free(&f);
    }
    buf_fini(&got);
    assert_int_equal(wrong, 0);
}

static void
five_mistakes_in_two_files_are_five_errors(void **state)
{
    struct filters *f = filters_new();
    struct buf got = BUF_INIT;
    (void)state;
    add(f, "b.yaml",
        "kind: topic\nid: road\ncolour: red\nrules:\n  - {name: x, re: '(', "
        "score: 1.5}\nexamples: {match: [x]}\n");
    add(f, "a.yaml",
        "kind: topic\nid: road\nrules:\n  - {name: y, re: '%{Q}'}\n"
        "examples: {match: [x]}\n");
    assert_int_equal(filters_load(f), 5);
    list_issues(f, &got);
    assert_string_equal(
        got.data, "a.yaml:4:20: 're' uses the macro '%{Q}', which no file has\n"
                  "b.yaml:2:5: id 'road' is also the id of a.yaml\n"
                  "b.yaml:3:1: unknown key 'colour'\n"
                  "b.yaml:5:21: 're' does not compile: missing closing parenthesis\n"
                  "b.yaml:5:31: 'score' must be a whole number from -100 to 100");
    struct err e = ERR_INIT;
    assert_null(judge_new(f, &e));
    filters_free(&f);
    buf_fini(&got);
}

/* What each line of the file is wrong with, and under which character. */
static void
six_mistakes_in_one_file_are_six_errors(void **state)
{
    struct filters *f = filters_new();
    struct buf got = BUF_INIT;
    (void)state;
    add(f, "macros.yaml",
        "kind: macros\nmacros: {K: '[қк]', B: '(?<![\\p{L}])', T: '\\p{L}{0,9}'}\n");
    add(f, "road.yaml",
        "kind: topic\n"
        "id: road\n"
        "limit: 2\n"
        "rules:\n"
        "  - {name: жол, re: '%{B}жол(?:%{K}а|%{K}е%{T}', score: 2}\n"
        "  - {name: көпір, re: '%{B}көпір%{KK}', score: 2}\n"
        "  - {name: жарық, re: '%{B}жары%{K}%{T}', unless: '%{K}ара[я-а]', score: 2}\n"
        "  - {name: жол, re: \"жол\", score: көп}\n"
        "examples: {match: ['жол'], reject: ['тау']}\n");
    assert_int_equal(filters_load(f), 6);
    list_issues(f, &got);
    assert_string_equal(
        got.data, "road.yaml:3:1: unknown key 'limit'\n"
                  "road.yaml:5:47: 're' does not compile: missing closing parenthesis\n"
                  "road.yaml:6:33: 're' uses the macro '%{KK}', which no file has\n"
                  "road.yaml:7:63: 'unless' does not compile: range out of order in "
                  "character class\n"
                  "road.yaml:8:12: another rule is named 'жол' too\n"
                  "road.yaml:8:35: 'score' must be a whole number from -100 to 100");
    filters_free(&f);
    buf_fini(&got);
}

static void
a_file_of_nothing_but_comments_is_no_obstacle(void **state)
{
    struct filters *f = filters_new();
    struct buf got = BUF_INIT;
    struct err e = ERR_INIT;
    (void)state;
    add(f, "a.yaml", "# nothing yet\n");
    add(f, "b.yaml", "kind: spam\nrules: [{name: x, re: жол}]" END);
    assert_int_equal(filters_load(f), 0);
    list_issues(f, &got);
    assert_true(str_has_prefix(buf_str(&got), STR_LIT("a.yaml:0:0: is empty\n")));
    struct judge *j = judge_new(f, &e);
    if (j == NULL)
        fail_msg("%s", e.msg);
    judge_unref(&j);
    /* but NUL, behind which nothing would be read, is */
    assert_int_equal(filters_add(f, "a.yaml", STR_LIT("# a\n\0\nkind: spam\n"), NULL), 0);
    assert_int_equal(filters_load(f), 1);
    list_issues(f, &got);
    assert_true(str_has_prefix(buf_str(&got),
                               STR_LIT("a.yaml:2:1: this byte is not UTF-8 text")));
    filters_free(&f);
    buf_fini(&got);
}

static void
a_rule_can_be_read_about(void **state)
{
    struct filters *f = filters_new();
    const struct judge_rule *rules, *r;
    (void)state;
    add(f, "macros.yaml", "kind: macros\nmacros: {K: '[қк]'}\n");
    add(f, "a.yaml",
        "kind: topic\nid: road\nthreshold: 4\nrules:\n"
        "  - {name: x, re: 'жа%{K}ын', unless: '%{K}ара', score: 3, trial: true,\n"
        "     description: {ru: по-русски, en: in English}}\n"
        "  - {name: y, re: 'жол', description: for all}\n"
        "examples: {match: ['жолжолжол']}\n");
    add(f, "b.yaml", "kind: mask\nrules: [{name: x, re: '[0-9]{4}', pii: card}]" END);
    assert_int_equal(filters_load(f), 0);
    struct judge *j = judge_new(f, NULL);
    filters_free(&f); /* the judge keeps all that follows */
    assert_int_equal(judge_rules(j, &rules), 3);

    r = judge_rule_find(j, "a.yaml", "x");
    assert_ptr_equal(r, &rules[0]);
    assert_string_equal(r->kind, "topic");
    assert_string_equal(r->id, "road");
    assert_string_equal(r->re, "жа%{K}ын");
    assert_string_equal(r->unless, "%{K}ара");
    assert_int_equal(r->score, 3);
    assert_int_equal(r->threshold, 4);
    assert_true(r->trial);
    assert_null(r->pii);
    assert_null(r->text_kk);
    assert_string_equal(judge_rule_description(r, "en"), "in English");
    assert_string_equal(judge_rule_description(r, "kk"), "по-русски");
    assert_string_equal(judge_rule_description(&rules[1], "kk"), "for all");
    assert_string_equal(judge_rule_description(&rules[1], "de"), "for all");

    r = judge_rule_find(j, "b.yaml", "x");
    assert_ptr_equal(r, &rules[2]);
    assert_string_equal(r->pii, "card");
    assert_int_equal(r->threshold, 0);
    assert_null(r->id);
    assert_null(r->unless);
    assert_null(judge_rule_description(r, "en"));
    assert_null(judge_rule_find(j, "b.yaml", "y"));
    assert_null(judge_rule_find(j, "macros.yaml", "K"));
    judge_unref(&j);
}

static void
macros_may_hold_macros_but_not_themselves(void **state)
{
    struct filters *f = filters_new();
    struct buf got = BUF_INIT;
    (void)state;
    add(f, "macros.yaml",
        "kind: macros\nmacros:\n  K: 'қк'\n  W: '[%{K}]аш'\n  A: '%{C}'\n"
        "  C: '%{A}'\n  BAD: '(%{K}'\n");
    add(f, "a.yaml",
        "kind: spam\nrules:\n  - {name: a, re: '^%{W}ан'}\n"
        "  - {name: b, re: 'да %{A}'}\n  - {name: c, re: 'жол %{BAD} ұзын'}\n"
        "examples: {match: [кашан]}\n");
    assert_int_equal(filters_load(f), 2);
    list_issues(f, &got);
    assert_string_equal(
        got.data,
        "a.yaml:4:23: 're' has macros inside macros more than 8 deep, or one that holds "
        "itself\n"
        "a.yaml:5:35: 're' does not compile: missing closing parenthesis");
    filters_free(&f);
    buf_fini(&got);
}

static void
a_later_file_of_the_same_name_replaces_the_earlier(void **state)
{
    struct filters *f = filters_new();
    (void)state;
    add(f, "a.yaml", "kind: wrong\n");
    add(f, "a.yaml",
        TOPIC "  - {name: x, re: 'жол', score: 2}\nexamples: {match: [жол]}\n");
    assert_int_equal(filters_load(f), 0);
    struct judge *j = judge_new(f, NULL);
    uint64_t version = judge_version(j);
    assert_int_equal(filters_check_examples(f, j), 1);
    judge_unref(&j);
    add(f, "a.yaml", TOPIC "  - {name: x, re: 'көше'}" END);
    assert_int_equal(filters_load(f), 0);
    j = judge_new(f, NULL);
    assert_true(judge_version(j) != version);
    judge_unref(&j);
    filters_free(&f);
}

static void
caps_are_kept(void **state)
{
    struct filters *f = filters_new();
    struct buf big = BUF_INIT;
    char name[24];
    struct err e = ERR_INIT;
    (void)state;
    for (int i = 0; i <= BOUNDS_FILTER_FILE; i++)
        buf_add_char(&big, '#');
    assert_int_equal(filters_add(f, "a.yaml", buf_str(&big), &e), -1);
    assert_int_equal(e.code, ERR_LIMIT);
    for (int i = 0; i < BOUNDS_FILTER_FILES; i++) {
        (void)snprintf(name, sizeof(name), "%d.yaml", i);
        add(f, name, "");
    }
    err_reset(&e);
    assert_int_equal(filters_add(f, "more.yaml", STR_LIT(""), &e), -1);
    assert_int_equal(e.code, ERR_LIMIT);
    assert_int_equal(filters_load(f), 0);
    filters_free(&f);
    buf_fini(&big);
}

static void
examples_that_do_not_hold_say_why(void **state)
{
    struct filters *f = filters_new();
    struct buf got = BUF_INIT;
    (void)state;
    add(f, "q.yaml",
        "kind: question\nrules:\n  - {name: when, re: қашан, score: 3}\n"
        "  - {name: never, re: ешқашан, score: -3}\nexamples:\n"
        "  match: [қашан, әрең]\n  reject: [ешқашан, 'қашан да']\n");
    add(f, "t.yaml",
        TOPIC "  - {name: road, re: жол, unless: 'жол болсын', score: 2}\n"
              "examples:\n  match: [жол жөнде, жол болсын]\n  reject:\n"
              "    - үлкен жол\n");
    add(f, "m.yaml",
        "kind: mask\nrules:\n  - {name: n, re: '[0-9]{4}', pii: card}\n"
        "examples: {match: ['12345', x], reject: ['123', '1234']}\n");
    assert_int_equal(filters_load(f), 0);
    struct judge *j = judge_new(f, NULL);
    assert_int_equal(filters_check_examples(f, j), 11);
    list_issues(f, &got);
    assert_string_equal(
        got.data,
        "m.yaml:4:29: example does not match: 'x'\n"
        "m.yaml:4:50: example matches and must not: '1234'; rules that hit: n +0\n"
        "q.yaml:6:18: example does not match: 'әрең'; score 0 of 3\n"
        "q.yaml:7:22: example matches and must not: 'қашан да'; score 3 of 3; rules that "
        "hit: when +3\n"
        "t.yaml:6:22: example does not match: 'жол болсын'; score 0 of 2\n"
        "t.yaml:8:7: example matches and must not: 'үлкен жол'; score 2 of 2; rules that "
        "hit: road +2");
    judge_unref(&j);
    filters_free(&f);
    buf_fini(&got);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_has_its_place),
        cmocka_unit_test(five_mistakes_in_two_files_are_five_errors),
        cmocka_unit_test(six_mistakes_in_one_file_are_six_errors),
        cmocka_unit_test(a_file_of_nothing_but_comments_is_no_obstacle),
        cmocka_unit_test(a_rule_can_be_read_about),
        cmocka_unit_test(macros_may_hold_macros_but_not_themselves),
        cmocka_unit_test(a_later_file_of_the_same_name_replaces_the_earlier),
        cmocka_unit_test(caps_are_kept),
        cmocka_unit_test(examples_that_do_not_hold_say_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
