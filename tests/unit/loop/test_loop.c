/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "loop/loop.h"
#include "loop/resolve.h"

struct seen {
    struct loop *loop;
    struct loop_timer first, second, never;
    char order[64];
    int reloads, users, freed;
    struct resolve *resolve;
    struct resolve_result result;
    struct err err;
};

static void
note(struct seen *s, const char *what)
{
    strncat(s->order, what, sizeof(s->order) - strlen(s->order) - 1);
}

static void
on_second(void *arg)
{
    struct seen *s = arg;

    note(s, "2");
    loop_stop(s->loop, 7);
}

static void
on_freed(void *arg)
{
    struct seen *s = arg;

    note(s, "d");
    s->freed++;
}

static void
on_first(void *arg)
{
    struct seen *s = arg;

    note(s, "1");
    loop_defer(s->loop, on_freed, s);
    note(s, "-");
}

static void
on_never(void *arg)
{
    note(arg, "!");
}

static struct loop *
new_loop(void)
{
    struct err e = ERR_INIT;
    struct loop *l = loop_new(&e);

    if (l == NULL)
        fail_msg("%s", e.msg);
    return l;
}

static void
timers_fire_in_order_and_what_is_deferred_waits_for_the_turns_end(void **state)
{
    struct seen s = {.loop = new_loop()};

    (void)state;
    loop_timer_start(s.loop, &s.second, 40, on_second, &s);
    loop_timer_start(s.loop, &s.first, 5, on_first, &s);
    loop_timer_start(s.loop, &s.never, 10, on_never, &s);
    assert_true(loop_timer_is_running(&s.never));
    loop_timer_stop(&s.never);
    loop_timer_stop(&s.never);
    assert_false(loop_timer_is_running(&s.never));
    assert_int_equal(loop_run(s.loop), 7);
    assert_string_equal(s.order, "1-d2");
    loop_free(&s.loop);
    assert_null(s.loop);
}

static void
what_is_still_deferred_at_the_end_is_freed(void **state)
{
    struct seen s = {.loop = new_loop()};

    (void)state;
    loop_defer(s.loop, on_freed, &s);
    loop_free(&s.loop);
    assert_int_equal(s.freed, 1);
}

static void
on_reload(void *arg)
{
    struct seen *s = arg;

    s->reloads++;
    (void)raise(SIGTERM);
}

static void
on_user1(void *arg)
{
    struct seen *s = arg;

    s->users++;
}

static void
hangup_reloads_and_term_stops(void **state)
{
    struct seen s = {.loop = new_loop()};
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(loop_signals(s.loop,
                                  &(struct loop_handlers){
                                      .hangup = on_reload, .user1 = on_user1, .arg = &s},
                                  &e),
                     0);
    (void)raise(SIGPIPE);
    (void)raise(SIGUSR1);
    (void)raise(SIGHUP);
    assert_int_equal(loop_run(s.loop), 0);
    assert_int_equal(s.reloads, 1);
    assert_int_equal(s.users, 1);
    loop_free(&s.loop);
}

static void
on_resolved(void *arg, const struct resolve_result *r, const struct err *e)
{
    struct seen *s = arg;

    if (r != NULL)
        s->result = *r;
    s->err = *e;
    loop_stop(s->loop, 0);
}

static void
resolve(struct seen *s, const char *host)
{
    struct err e = ERR_INIT;
    struct worker *w = worker_new(loop_mailbox(s->loop), 1, 4, &e);

    assert_non_null(w);
    s->resolve = resolve_start(w, host, on_resolved, s, &e);
    assert_non_null(s->resolve);
    (void)loop_run(s->loop);
    worker_free(&w);
}

static void
a_numeric_address_answers_itself(void **state)
{
    struct seen s = {.loop = new_loop()};

    (void)state;
    resolve(&s, "127.0.0.1");
    assert_int_equal(s.result.n, 1);
    assert_string_equal(s.result.addresses[0], "127.0.0.1");
    loop_free(&s.loop);
}

static void
a_name_that_is_none_is_an_error_with_the_name(void **state)
{
    struct seen s = {.loop = new_loop()};

    (void)state;
    resolve(&s, "no such.name..invalid");
    assert_int_equal(s.err.code, ERR_IO);
    assert_non_null(strstr(s.err.msg, "no such.name..invalid"));
    loop_free(&s.loop);
}

static void
a_cancelled_look_up_calls_nobody(void **state)
{
    struct seen s = {.loop = new_loop()};
    struct err e = ERR_INIT;
    struct worker *w = worker_new(loop_mailbox(s.loop), 1, 4, &e);

    (void)state;
    s.resolve = resolve_start(w, "127.0.0.1", on_resolved, &s, &e);
    resolve_cancel(&s.resolve);
    assert_null(s.resolve);
    worker_free(&w);
    assert_int_equal(s.result.n, 0);
    loop_free(&s.loop);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            timers_fire_in_order_and_what_is_deferred_waits_for_the_turns_end),
        cmocka_unit_test(what_is_still_deferred_at_the_end_is_freed),
        cmocka_unit_test(hangup_reloads_and_term_stops),
        cmocka_unit_test(a_numeric_address_answers_itself),
        cmocka_unit_test(a_name_that_is_none_is_an_error_with_the_name),
        cmocka_unit_test(a_cancelled_look_up_calls_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
