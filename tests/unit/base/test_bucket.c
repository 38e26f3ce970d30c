/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bucket.h"

static const struct bucket_rule rule = {.per_s = 2, .burst = 3};

static void
a_burst_is_taken_at_once_and_then_only_what_flows_in(void **state)
{
    struct bucket b = {0};
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(bucket_take(&b, rule, 1, 1000));
    assert_false(bucket_take(&b, rule, 1, 1000));
    assert_false(bucket_take(&b, rule, 1, 1499));
    assert_true(bucket_take(&b, rule, 1, 1500));
    assert_false(bucket_take(&b, rule, 1, 1501));
}

static void
it_holds_no_more_than_the_burst_however_long_nobody_comes(void **state)
{
    struct bucket b = {0};
    (void)state;
    assert_true(bucket_take(&b, rule, 3, 0));
    assert_false(bucket_take(&b, rule, 4, INT64_MAX));
    assert_true(bucket_take(&b, rule, 3, INT64_MAX));
    assert_false(bucket_take(&b, rule, 1, INT64_MAX));
}

static void
a_fine_takes_what_there_is_and_a_clock_set_back_gives_nothing(void **state)
{
    struct bucket b = {0};
    (void)state;
    bucket_spend(&b, rule, 100, 5000);
    assert_false(bucket_take(&b, rule, 1, 4000));
    assert_true(bucket_take(&b, rule, 1, 4500));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_is_taken_at_once_and_then_only_what_flows_in),
        cmocka_unit_test(it_holds_no_more_than_the_burst_however_long_nobody_comes),
        cmocka_unit_test(a_fine_takes_what_there_is_and_a_clock_set_back_gives_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
