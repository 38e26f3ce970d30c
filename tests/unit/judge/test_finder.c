/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns taken apart against PCRE2 with the whole pattern: the same match, from the
 * same byte to the same byte, wherever the search begins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "judge/branches.h"
#include "judge/finder.h"

struct random {
    uint64_t state;
};

static unsigned
below(struct random *r, unsigned n)
{
    r->state = r->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(r->state >> 33) % n;
}

#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))
#define PICK(r, a) ((a)[below((r), COUNT(a))])

static const char *const words[] = {"жол",   "жолда", "көше", "көшеде", "не", "нет",
                                    "ответ", "отв",   "road", "roads",  "12", "?"};

static void
add_alternatives(struct random *r, struct buf *out, int depth)
{
    static const char *const before[] = {
        "", "\\b", "(?<!\\p{L})", "^", "не\\s?", "(?=\\p{L}{3})", "\\w* ", "[?!]"};
    static const char *const behind[] = {
        "", "\\b", "\\p{L}{0,3}", "(?!\\p{L})", "\\s\\w+", "(?: не)?", ".*", "$"};
    unsigned n = 1 + below(r, 5);
    for (unsigned i = 0; i < n; i++) {
        buf_add_cstr(out, i == 0 ? "" : "|");
        buf_add_cstr(out, PICK(r, before));
        if (depth > 2 || below(r, 3) > 0) {
            buf_add_cstr(out, PICK(r, words));
        } else {
            buf_add_cstr(out, below(r, 4) == 0 ? "(" : "(?:");
            add_alternatives(r, out, depth + 1);
            buf_add_cstr(out, below(r, 5) == 0 ? ")?" : ")");
        }
        buf_add_cstr(out, PICK(r, behind));
    }
}

static void
add_text(struct random *r, struct buf *out)
{
    unsigned n = 1 + below(r, 8);
    for (unsigned i = 0; i < n; i++) {
        buf_add_cstr(out, PICK(r, words));
        buf_add_cstr(out, below(r, 4) == 0 ? "" : " ");
    }
}

static void
compare_text(const struct finder *s, struct finder_scratch *w, const pcre2_code *code,
             const char *re, struct str text)
{
    struct finder_text read = {.n = 0};
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    finder_start(w);
    assert_true(finder_read(s, w, text, &read));
    for (size_t from = 0; from <= text.len; from++) {
        struct finder_range got = {0, 0};
        if (from < text.len && ((unsigned char)text.p[from] & 0xC0) == 0x80)
            continue;
        int rc = pcre2_match(code, (PCRE2_SPTR)text.p, text.len, from, PCRE2_NOTEMPTY,
                             data, NULL);
        const PCRE2_SIZE *want = pcre2_get_ovector_pointer(data);
        enum finder_answer a = FINDER_MISS;
        if (finder_can_match(&read, 0))
            a = finder_first(w, &read, 0, from, &got);
        if (a == FINDER_STOP)
            break; /* random patterns may explode */
        if ((a == FINDER_HIT) != (rc >= 0) ||
            (rc >= 0 && (got.start != want[0] || got.end != want[1])))
            fail_msg("'%s' in '%.*s' from %zu: %d", re, STR_ARG(text), from, rc);
    }
    pcre2_match_data_free(data);
    finder_text_fini(&read);
}

static void
branches_match_what_the_whole_pattern_matches(void **state)
{
    struct random r = {.state = 20261123};
    struct finder_scratch *w = finder_scratch_new();
    struct alphabet a;
    size_t apart = 0;
    (void)state;
    alphabet_init(&a);
    for (int i = 0; i < 2000; i++) {
        struct buf re = BUF_INIT, text = BUF_INIT;
        struct branches b;
        uint32_t number;
        size_t at;
        add_alternatives(&r, &re, 0);
        pcre2_code *code = pattern_compile(buf_str(&re), PATTERN_RAW, &at, NULL);
        struct finder *s = finder_new(&a, PATTERN_RAW);
        if (code != NULL && finder_add(s, re.data, &number, NULL) == 0) {
            finder_seal(s);
            branches_of(&a, buf_str(&re), &b);
            apart += b.n > 1;
            branches_fini(&b);
            for (int k = 0; k < 10; k++) {
                buf_reset(&text);
                add_text(&r, &text);
                compare_text(s, w, code, re.data, buf_str(&text));
            }
        }
        pcre2_code_free(code);
        finder_free(&s);
        buf_fini(&re);
        buf_fini(&text);
    }
    finder_scratch_free(&w);
    assert_true(apart > 500);
}

static void
only_what_means_the_same_anywhere_is_taken_apart(void **state)
{
    static const struct {
        const char *re;
        size_t n;
    } rows[] = {
        {"\\w+a|\\w+b|\\w+c", 3},
        {"\\b(?:\\w+a|\\w+b)\\b", 2},
        {"\\b(?:(?:\\w+a|\\w+b)x|\\w+c)\\b", 3},
        {"(?<!\\p{L})(?:жол|көше|\\w+a)", 2}, /* the first two begin with stems */
        {"жол|көше|road", 1},
        {"(?:\\w+a|\\w+b)?x", 1}, /* the group may be missing */
        {"(\\w+a|\\w+b)x", 1},    /* a group with a number */
        {"(?>\\w+a|\\w+b)x", 1},  /* no way back into it */
        {"x(?:\\w+a|\\w+b)", 1},  /* behind something that takes room */
        {"(\\w)\\1a|\\w+b", 1},   /* a reference */
        {"\\w+(?i)a|\\w+b", 1},   /* an option that reaches into the next */
        {"\\w+a\\Kx|\\w+b", 1},   /* a start that is not where it began */
        {"[|(]\\w+a|\\w+\\|b\\(", 2},
    };
    struct alphabet a;
    (void)state;
    alphabet_init(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct branches b;
        branches_of(&a, str_from(rows[i].re), &b);
        if (b.n != rows[i].n)
            fail_msg("'%s': %zu", rows[i].re, b.n);
        branches_fini(&b);
    }
}

static void
equal_patterns_are_one(void **state)
{
    struct alphabet a;
    uint32_t one, two, again;
    (void)state;
    alphabet_init(&a);
    struct finder *s = finder_new(&a, PATTERN_RAW);
    assert_int_equal(finder_add(s, "жол", &one, NULL), 0);
    assert_int_equal(finder_add(s, "көше", &two, NULL), 0);
    assert_int_equal(finder_add(s, "жол", &again, NULL), 0);
    assert_int_equal(one, again);
    assert_int_equal(two, one + 1);
    assert_int_equal(finder_count(s), 2);
    assert_int_equal(finder_add(s, "көше(", &again, NULL), -1);
    finder_free(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(branches_match_what_the_whole_pattern_matches),
        cmocka_unit_test(only_what_means_the_same_anywhere_is_taken_apart),
        cmocka_unit_test(equal_patterns_are_one),
    };
    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
