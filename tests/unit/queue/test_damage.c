/* SPDX-License-Identifier: Apache-2.0 */
/* Events that this program did not write are refused and leave the state as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/queue_desk.h"

static int
apply(struct desk *w, enum event_kind kind, uint64_t seq, const char *body)
{
    struct event ev = {.seq = seq, .kind = kind, .at_ms = w->now, .broadcast = 1};

    buf_add_cstr(&ev.body, body);
    err_reset(&w->err);
    int rc = queue_apply(w->q, &ev, &w->err);
    event_fini(&ev);
    return rc;
}

static void
what_was_not_written_here_is_refused_and_changes_nothing(void **state)
{
    /* After event 3: the broadcast, and questions 1 and 2. */
    static const struct {
        enum event_kind kind;
        uint64_t seq;
        const char *body;
    } rows[] = {
        {EVENT_FILTERS, 5, "{}"}, /* a gap */
        {EVENT_FILTERS, 3, "{}"}, /* again */
        {EVENT_FILTERS, 0, "{}"},
        {EVENT_KINDS, 4, "{}"}, /* of a later version, or forged */
        {EVENT_APPROVE, 4, "{"},
        {EVENT_APPROVE, 4, "[]"},
        {EVENT_APPROVE, 4, "{\"n\":99}"},
        {EVENT_APPROVE, 4, "{\"n\":-1}"},
        {EVENT_MESSAGE, 4, "{\"n\":1000000000000,\"no\":1}"},
        {EVENT_MESSAGE, 4, "{\"n\":1,\"no\":1}"}, /* made twice */
        {EVENT_ASK, 4, "{\"n\":2,\"no\":2}"},
        {EVENT_CREATE, 4, "{\"n\":2,\"no\":2}"},
    };
    struct desk w;

    (void)state;
    desk_begin(&w);
    (void)desk_say(&w, "m1", "a", "one", true);
    (void)desk_say(&w, "m2", "b", "two", true);
    uint64_t digest = queue_digest(w.q);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (apply(&w, rows[i].kind, rows[i].seq, rows[i].body) == 0)
            fail_msg("row %zu was applied", i);
        assert_int_equal(w.err.code, ERR_PARSE);
        assert_true(queue_digest(w.q) == digest);
    }
    assert_string_equal(event_kind_name(EVENT_KINDS), "unknown");
    desk_end(&w);
}

static void
a_body_without_its_members_harms_nothing(void **state)
{
    struct desk w;
    struct err e = ERR_INIT;
    uint64_t seq = 1;

    (void)state;
    desk_begin(&w);
    assert_int_equal(apply(&w, EVENT_MESSAGE, ++seq, "{\"n\":1}"), 0);
    for (int kind = 0; kind < EVENT_KINDS; kind++) {
        assert_int_equal(apply(&w, (enum event_kind)kind, ++seq, "{}"), 0);
        assert_int_equal(apply(&w, (enum event_kind)kind, ++seq, ""), 0);
    }
    assert_int_equal(apply(&w, EVENT_DELETE, ++seq, "{\"source\":\"t\"}"), 0);
    struct buf bytes = BUF_INIT;
    queue_pack(w.q, &bytes);
    struct queue *copy = queue_unpack(&desk_key, buf_str(&bytes), &e);
    assert_non_null(copy);
    assert_true(queue_digest(copy) == queue_digest(w.q));
    queue_free(&copy);
    buf_fini(&bytes);
    desk_end(&w);
}

static void
nobody_acts_on_a_question_whose_making_was_erased(void **state)
{
    struct desk w;

    (void)state;
    desk_begin(&w);
    assert_int_equal(apply(&w, EVENT_MESSAGE, 2, ""), 0); /* was question 1 */
    assert_int_equal(apply(&w, EVENT_MESSAGE, 3, "{\"n\":2,\"no\":2}"), 0);
    assert_int_equal(queue_find(w.q, 1)->version, 0);
    assert_int_equal(desk_act(&w, EVENT_RESTORE, 1, ROLE_ADMIN), -1);
    assert_int_equal(w.err.code, ERR_MISSING);
    assert_int_equal(desk_act(&w, EVENT_REVEAL, 1, ROLE_ADMIN), -1);
    assert_int_equal(w.err.code, ERR_MISSING);
    assert_int_equal(desk_act(&w, EVENT_APPROVE, 2, ROLE_ADMIN), 0);
    desk_end(&w);
}

static void
what_happened_beside_an_erased_question_still_happened(void **state)
{
    struct desk w;

    (void)state;
    desk_begin(&w);
    assert_int_equal(apply(&w, EVENT_MESSAGE, 2, ""), 0); /* was question 1 */
    assert_int_equal(apply(&w, EVENT_MESSAGE, 3, "{\"n\":2,\"no\":2}"), 0);
    assert_int_equal(apply(&w, EVENT_APPROVE, 4, "{\"n\":2}"), 0);
    assert_int_equal(apply(&w, EVENT_AIR, 5, "{\"n\":2}"), 0);
    assert_int_equal(apply(&w, EVENT_AIR, 6, "{\"n\":1,\"answered\":2}"), 0);
    desk_expect(&w, 2, STATUS_ANSWERED);
    assert_null(queue_on_air(w.q));
    assert_int_equal(apply(&w, EVENT_MESSAGE, 7, "{\"n\":3,\"no\":3}"), 0);
    assert_int_equal(apply(&w, EVENT_MERGE, 8, "{\"n\":3,\"into\":1}"), 0);
    desk_expect(&w, 3, STATUS_MERGED);
    assert_int_equal(queue_find(w.q, 3)->merged_into, 1);
    assert_int_equal(desk_act(&w, EVENT_SPLIT, 3, ROLE_ADMIN), 0);
    desk_expect(&w, 3, STATUS_NEW);
    desk_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_not_written_here_is_refused_and_changes_nothing),
        cmocka_unit_test(a_body_without_its_members_harms_nothing),
        cmocka_unit_test(nobody_acts_on_a_question_whose_making_was_erased),
        cmocka_unit_test(what_happened_beside_an_erased_question_still_happened),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
