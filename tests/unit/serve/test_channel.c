/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "serve/channel.h"

static void
put(struct channel *c, uint64_t seq)
{
    buf_addf(channel_begin(c), "{\"seq\":%d}", (int)seq);
    channel_end(c, seq);
}

static void
a_frame_holds_what_is_durable_and_the_rest_waits(void **state)
{
    struct channel *c = channel_new(10, 1000);

    (void)state;
    assert_null(channel_cut(c, 100));
    put(c, 11);
    put(c, 12);
    put(c, 12);
    put(c, 15);
    assert_int_equal(channel_first_pending(c), 11);
    assert_false(channel_has_due(c, 10));
    assert_null(channel_cut(c, 10));
    const struct frame *f = channel_cut(c, 14);
    assert_string_equal(
        f->text,
        "{\"type\":\"events\",\"items\":[{\"seq\":11},{\"seq\":12},{\"seq\":12}]}");
    assert_int_equal(f->first, 11);
    assert_int_equal(f->last, 12);
    put(c, 16);
    f = channel_cut(c, 20);
    assert_string_equal(f->text,
                        "{\"type\":\"events\",\"items\":[{\"seq\":15},{\"seq\":16}]}");
    assert_int_equal(channel_first_pending(c), 0);
    channel_free(&c);
}

static void
one_can_come_back_between_frames_and_nowhere_else(void **state)
{
    static const struct {
        uint64_t seq;
        bool good;
        size_t frames; /* to be told */
    } rows[] = {
        {9, false, 0}, {10, true, 3}, {11, false, 0}, {12, true, 2}, {14, true, 2},
        {15, true, 1}, {20, true, 0}, {21, true, 0},  {29, true, 0}, {30, false, 0},
    };
    struct channel *c = channel_new(10, 1000);

    (void)state;
    put(c, 11);
    put(c, 12);
    (void)channel_cut(c, 12);
    put(c, 15);
    (void)channel_cut(c, 15);
    put(c, 16);
    put(c, 20);
    (void)channel_cut(c, 20);
    put(c, 30);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t index = 0, bytes = 0;
        bool good = channel_resume(c, rows[i].seq, &index, &bytes);
        if (good != rows[i].good || (good && channel_frames(c) - index != rows[i].frames))
            fail_msg("after %d: %d, %zu frames", (int)rows[i].seq, good,
                     channel_frames(c) - index);
    }
    channel_free(&c);
}

static void
the_ring_forgets_from_the_front_and_frames_in_use_stay(void **state)
{
    struct channel *c = channel_new(0, 200);
    struct frame *kept = NULL;
    size_t index, bytes;

    (void)state;
    for (uint64_t seq = 1; seq <= 1000; seq++) {
        put(c, seq);
        struct frame *f = channel_cut(c, seq);
        if (seq == 1)
            kept = frame_ref(f);
    }
    assert_true(channel_frames(c) >= 2 && channel_frames(c) <= 6);
    assert_false(channel_resume(c, 900, &index, &bytes));
    assert_true(channel_resume(c, 999, &index, &bytes));
    assert_string_equal(kept->text, "{\"type\":\"events\",\"items\":[{\"seq\":1}]}");
    frame_unref(kept);
    channel_free(&c);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_holds_what_is_durable_and_the_rest_waits),
        cmocka_unit_test(one_can_come_back_between_frames_and_nowhere_else),
        cmocka_unit_test(the_ring_forgets_from_the_front_and_frames_in_use_stay),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
