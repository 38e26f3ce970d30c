/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/map.h"

enum { KEYS = 500 };

static void
a_shadow_table_agrees_after_random_operations(void **state)
{
    struct map *m = map_new();
    uint64_t value[KEYS] = {0};
    bool in[KEYS] = {false};
    size_t count = 0;

    (void)state;
    srand(3);
    for (int i = 0; i < 200000; i++) {
        size_t k = (size_t)(rand() % KEYS);
        uint64_t key = k * 0x10001u, got;
        if (rand() % 2 == 0) {
            count += !in[k];
            in[k] = true;
            value[k] = (uint64_t)i;
            map_put(m, key, (uint64_t)i);
        } else {
            assert_int_equal(map_remove(m, key), in[k]);
            count -= in[k];
            in[k] = false;
        }
        size_t probe = (size_t)(rand() % KEYS);
        assert_int_equal(map_get(m, probe * 0x10001u, &got), in[probe]);
        if (in[probe])
            assert_int_equal(got, value[probe]);
        assert_int_equal(map_count(m), count);
    }
    map_free(&m);
    assert_null(m);
}

static void
a_walk_meets_each_key_once(void **state)
{
    struct map *m = map_new();
    uint64_t key, v, sum = 0;
    size_t pos = 0, n = 0;

    (void)state;
    for (uint64_t i = 1; i <= 1000; i++)
        map_put(m, i, i);
    while (map_next(m, &pos, &key, &v)) {
        sum += v;
        n++;
    }
    assert_int_equal(n, 1000);
    assert_int_equal(sum, 500500);
    map_free(&m);
}

static void
a_map_with_a_cap_forgets_others_and_keeps_what_came_last(void **state)
{
    struct map *m = map_new();
    uint64_t value = 0;

    (void)state;
    for (uint64_t key = 1; key <= 1000; key++) {
        map_put_within(m, 10, key, key * 2);
        map_put_within(m, 10, key, key * 3);
        assert_true(map_count(m) <= 10);
        assert_true(map_get(m, key, &value));
        assert_int_equal(value, key * 3);
    }
    assert_int_equal(map_count(m), 10);
    map_free(&m);
}

static void
the_hash_depends_on_key_and_on_where_one_text_ends(void **state)
{
    struct map_key a = {{1}}, b = {{2}};

    (void)state;
    assert_int_equal(map_hash(&a, STR_LIT("x"), STR_LIT("y")),
                     map_hash(&a, STR_LIT("x"), STR_LIT("y")));
    assert_int_not_equal(map_hash(&a, STR_LIT("x"), STR_LIT("y")),
                         map_hash(&b, STR_LIT("x"), STR_LIT("y")));
    assert_int_not_equal(map_hash(&a, STR_LIT("xy"), STR_NONE),
                         map_hash(&a, STR_LIT("x"), STR_LIT("y")));
    char large[2000] = {0};
    assert_int_not_equal(map_hash(&a, (struct str){large, 2000}, STR_NONE),
                         map_hash(&a, (struct str){large, 1999}, STR_NONE));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shadow_table_agrees_after_random_operations),
        cmocka_unit_test(a_walk_meets_each_key_once),
        cmocka_unit_test(a_map_with_a_cap_forgets_others_and_keeps_what_came_last),
        cmocka_unit_test(the_hash_depends_on_key_and_on_where_one_text_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
