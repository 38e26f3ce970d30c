/* SPDX-License-Identifier: Apache-2.0 */
/* test_likeness.c - questions that say the same, and those that only look so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "judge/judge.h"
#include "judge/likeness.h"

#define PAIRS "tests/data/judge/pairs.tsv"

static const struct map_key KEY = {.bytes = "likeness of test"};

enum said { SAME, NEAR, DIFFERENT };

struct pair {
    enum said said;
    char *a, *b; /* owned */
    unsigned likeness;
};

struct bench {
    struct likeness *l;
    struct judge_scratch *scratch[2];
    struct pair pairs[400];
    size_t n;
};

static unsigned
measure(struct bench *b, const char *x, const char *y)
{
    return likeness_of(b->l, judge_key(b->scratch[0], str_from(x)),
                       judge_key(b->scratch[1], str_from(y)));
}

static void
read_pairs(struct bench *b)
{
    static const char *const names[] = {"same", "near", "different"};
    char line[2048];
    FILE *f = fopen(PAIRS, "re");

    assert_non_null(f);
    while (fgets(line, sizeof(line), f) != NULL) {
        struct str rest = str_trim(str_from(line)), part[3];
        for (int i = 0; i < 3; i++)
            assert_true(str_split(&rest, '\t', &part[i]));
        assert_true(b->n < sizeof(b->pairs) / sizeof(b->pairs[0]));
        struct pair *p = &b->pairs[b->n++];
        while (!str_eq(part[0], str_from(names[p->said])))
            assert_true(p->said++ < DIFFERENT);
        p->a = mem_strndup(part[1].p, part[1].len);
        p->b = mem_strndup(part[2].p, part[2].len);
        p->likeness = measure(b, p->a, p->b);
    }
    (void)fclose(f);
}

static int
setup(void **state)
{
    struct bench *b = mem_zalloc(sizeof(*b));

    b->l = likeness_new(&KEY);
    b->scratch[0] = judge_scratch_new();
    b->scratch[1] = judge_scratch_new();
    read_pairs(b);
    *state = b;
    return 0;
}

static int
teardown(void **state)
{
    struct bench *b = *state;

    for (size_t i = 0; i < b->n; i++) {
        mem_free(b->pairs[i].a);
        mem_free(b->pairs[i].b);
    }
    likeness_free(&b->l);
    judge_scratch_free(&b->scratch[0]);
    judge_scratch_free(&b->scratch[1]);
    mem_free(b);
    return 0;
}

/* Of the pairs at `least` or above, those said `said` or nearer: precision and recall. */
static double
precision(const struct bench *b, unsigned least, enum said said, double *recall)
{
    size_t found = 0, right = 0, wanted = 0;

    for (size_t i = 0; i < b->n; i++) {
        bool is = b->pairs[i].said <= said, hit = b->pairs[i].likeness >= least;
        wanted += is;
        found += hit;
        right += is && hit;
    }
    *recall = (double)right / (double)wanted;
    return found == 0 ? 1 : (double)right / (double)found;
}

static void
joining_by_itself_is_hardly_ever_wrong(void **state)
{
    const struct bench *b = *state;
    double same, near;

    for (size_t i = 0; getenv("V") != NULL && i < b->n; i++)
        print_message("%d %3u %s | %s\n", b->pairs[i].said, b->pairs[i].likeness,
                      b->pairs[i].a, b->pairs[i].b);
    print_message(
        "%zu pairs; likeness: same: precision, recall; same or near: the same\n", b->n);
    for (unsigned least = 30; least <= 100; least += 5) {
        double join = precision(b, least, SAME, &same);
        double hint = precision(b, least, NEAR, &near);
        print_message("  %.2f: %.3f %.3f; %.3f %.3f%s\n", least / 100.0, join, same, hint,
                      near,
                      least == LIKENESS_JOIN      ? "  joined"
                      : least == LIKENESS_SUGGEST ? "  suggested"
                                                  : "");
    }
    assert_true(precision(b, LIKENESS_JOIN, SAME, &same) >= 0.95);
    assert_true(same >= 0.80);
    (void)precision(b, LIKENESS_SUGGEST, NEAR, &near);
    assert_true(near >= 0.85);
}

static void
a_place_a_number_or_a_not_keeps_questions_apart(void **state)
{
    static const char *const cases[][2] = {
        {"когда починят светофор на Абая", "когда починят светофор на Мира"},
        {"свет қосылады ма", "свет өшіріледі ме"},
        {"почему в школе 5 нет охраны", "почему в школе 15 нет охраны"},
        {"почему камера работает", "почему камера не работает"},
        {"камералар неге істейді", "камералар неге істемейді"},
        {"до скольки работает цон", "со скольки работает цон"},
        {"когда включат свет", "когда выключат свет"},
        {"сколько стоит проезд", "сколько стоит приезд"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        unsigned like = measure(*state, cases[i][0], cases[i][1]);
        if (like >= LIKENESS_JOIN)
            fail_msg("%s | %s: %u", cases[i][0], cases[i][1], like);
    }
}

static void
likeness_has_no_direction(void **state)
{
    struct bench *b = *state;

    for (size_t i = 0; i < b->n; i++)
        assert_int_equal(measure(b, b->pairs[i].b, b->pairs[i].a), b->pairs[i].likeness);
}

/* The search of the index against comparing with each. */
static void
the_index_finds_what_comparing_with_each_finds(void **state)
{
    struct bench *b = *state;
    struct likeness *l = likeness_new(&KEY);
    struct likeness_hit hits[BOUNDS_LIKE];

    for (size_t i = 0; i < b->n; i++)
        likeness_put(l, i + 1, judge_key(b->scratch[0], str_from(b->pairs[i].a)));
    assert_int_equal(likeness_count(l), b->n);
    for (size_t i = 0; i < b->n; i++) {
        struct str key = judge_key(b->scratch[0], str_from(b->pairs[i].b));
        size_t n = likeness_find(l, key, LIKENESS_SUGGEST, hits, BOUNDS_LIKE);
        unsigned best = 0, id = 0;
        for (size_t k = 0; k < b->n; k++) {
            unsigned like = measure(b, b->pairs[i].b, b->pairs[k].a);
            if (like > best) {
                best = like;
                id = (unsigned)k + 1;
            }
        }
        if (best < LIKENESS_SUGGEST) {
            assert_int_equal(n, 0);
            continue;
        }
        assert_true(n > 0);
        assert_int_equal(hits[0].hundredths, best);
        assert_int_equal(hits[0].id, id);
        for (size_t k = 1; k < n; k++)
            assert_true(hits[k].hundredths <= hits[k - 1].hundredths);
    }
    likeness_free(&l);
}

static void
what_was_taken_out_is_not_found(void **state)
{
    struct bench *b = *state;
    struct likeness *l = likeness_new(&KEY);
    struct likeness_hit hit;
    struct str key = judge_key(b->scratch[1], STR_LIT("когда починят светофор на Абая"));

    likeness_remove(l, 7);
    likeness_put(l, 7, key);
    likeness_put(l, 9, key);
    likeness_put(l, 7, key);
    assert_int_equal(likeness_count(l), 2);
    assert_int_equal(likeness_find(l, key, 1, &hit, 1), 1);
    assert_int_equal(hit.id, 7);
    likeness_remove(l, 7);
    assert_int_equal(likeness_find(l, key, 1, &hit, 1), 1);
    assert_int_equal(hit.id, 9);
    likeness_put(l, 9, judge_key(b->scratch[0], STR_LIT("жалақы қанша")));
    assert_int_equal(likeness_find(l, key, 1, &hit, 1), 0);
    likeness_put(l, 9, judge_key(b->scratch[0], STR_LIT("?!")));
    likeness_put(l, 9, STR_NONE);
    assert_int_equal(likeness_count(l), 0);
    likeness_free(&l);
}

/* Whether the question "школа `i` когда" is still there. */
static bool
has(struct likeness *l, unsigned i, unsigned stride)
{
    struct likeness_hit hit;
    char text[64];

    int n = snprintf(text, sizeof(text), "школа %u когда", i);
    size_t found =
        likeness_find(l, (struct str){text, (size_t)n}, LIKENESS_JOIN, &hit, 1);
    assert_true(found == 0 || hit.id == (uint64_t)i * stride);
    return found == 1;
}

static void
put(struct likeness *l, unsigned i, unsigned stride)
{
    char text[64];

    int n = snprintf(text, sizeof(text), "школа %u когда", i);
    likeness_put(l, (uint64_t)i * stride, (struct str){text, (size_t)n});
}

static void
when_it_is_full_the_lowest_number_gives_way(void **state)
{
    (void)state;
    for (unsigned stride = 1; stride <= 1000; stride += 999) {
        struct likeness *l = likeness_new(&KEY);
        for (unsigned i = 2; i <= BOUNDS_LIKENESS + 1; i++)
            put(l, i, stride);
        put(l, 1, stride); /* lower than all: it has no room */
        assert_int_equal(likeness_count(l), BOUNDS_LIKENESS);
        assert_false(has(l, 1, stride));
        assert_true(has(l, 2, stride));
        likeness_remove(l, (uint64_t)5 * stride);
        put(l, 1, stride); /* now it has */
        assert_true(has(l, 1, stride));
        for (unsigned i = BOUNDS_LIKENESS + 2; i < BOUNDS_LIKENESS + 5; i++)
            put(l, i, stride); /* 1, 2 and 3 give way */
        assert_int_equal(likeness_count(l), BOUNDS_LIKENESS);
        for (unsigned i = 1; i <= 6; i++)
            assert_int_equal(has(l, i, stride), i == 4 || i == 6);
        likeness_free(&l);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joining_by_itself_is_hardly_ever_wrong),
        cmocka_unit_test(a_place_a_number_or_a_not_keeps_questions_apart),
        cmocka_unit_test(likeness_has_no_direction),
        cmocka_unit_test(the_index_finds_what_comparing_with_each_finds),
        cmocka_unit_test(what_was_taken_out_is_not_found),
        cmocka_unit_test(when_it_is_full_the_lowest_number_gives_way),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
