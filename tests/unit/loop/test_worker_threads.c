/* SPDX-License-Identifier: Apache-2.0 */
/* Several threads against the mailbox and the worker; run under TSan too. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "loop/mailbox.h"
#include "loop/worker.h"

enum { SENDERS = 4, EACH = 5000 };

static atomic_int wakes;
static int next_of[SENDERS];

static void
count_wake(void *arg)
{
    (void)arg;
    atomic_fetch_add(&wakes, 1);
}

struct letter {
    int sender, number;
};

static void
take_letter(void *arg)
{
    struct letter *l = arg;

    assert_int_equal(l->number, next_of[l->sender]);
    next_of[l->sender]++;
}

struct sender {
    struct mailbox *box;
    struct letter letters[EACH];
};

static void *
send_all(void *arg)
{
    struct sender *s = arg;

    for (int i = 0; i < EACH; i++) {
        struct err e = ERR_INIT;
        while (mailbox_post(s->box, take_letter, &s->letters[i], &e) < 0)
            sched_yield();
    }
    return NULL;
}

static void
every_senders_letters_arrive_in_order(void **state)
{
    static struct sender senders[SENDERS];
    struct mailbox *box = mailbox_new(100, count_wake, NULL);
    pthread_t threads[SENDERS];
    int total = 0;

    (void)state;
    for (int s = 0; s < SENDERS; s++) {
        senders[s].box = box;
        next_of[s] = 0;
        for (int i = 0; i < EACH; i++)
            senders[s].letters[i] = (struct letter){s, i};
        assert_int_equal(pthread_create(&threads[s], NULL, send_all, &senders[s]), 0);
    }
    while (total < SENDERS * EACH) {
        (void)mailbox_drain(box, 64);
        total = 0;
        for (int s = 0; s < SENDERS; s++)
            total += next_of[s];
        sched_yield();
    }
    for (int s = 0; s < SENDERS; s++)
        pthread_join(threads[s], NULL);
    assert_true(atomic_load(&wakes) > 0);
    assert_int_equal(mailbox_count(box), 0);
    mailbox_free(&box);
}

static void
a_full_box_refuses_and_the_budget_holds(void **state)
{
    static struct sender one;
    struct mailbox *box = mailbox_new(3, count_wake, NULL);
    struct err e = ERR_INIT;

    (void)state;
    next_of[0] = 0;
    for (int i = 0; i < 3; i++) {
        one.letters[i] = (struct letter){0, i};
        assert_int_equal(mailbox_post(box, take_letter, &one.letters[i], &e), 0);
    }
    assert_int_equal(mailbox_post(box, take_letter, &one.letters[2], &e), -1);
    assert_int_equal(e.code, ERR_LIMIT);
    assert_true(mailbox_drain(box, 2));
    assert_int_equal(next_of[0], 2);
    assert_false(mailbox_drain(box, 2));
    assert_int_equal(next_of[0], 3);
    mailbox_free(&box);
}

struct task {
    atomic_int ran;
    int done, cancelled;
    pthread_mutex_t *hold;
};

static void
run_task(void *arg)
{
    struct task *t = arg;

    if (t->hold != NULL) {
        pthread_mutex_lock(t->hold);
        pthread_mutex_unlock(t->hold);
    }
    atomic_fetch_add(&t->ran, 1);
}

static void
task_done(void *arg, bool cancelled)
{
    struct task *t = arg;

    t->done++;
    t->cancelled += cancelled;
}

static void
each_job_is_done_once(void **state)
{
    static struct task tasks[200];
    struct mailbox *box = mailbox_new(16, count_wake, NULL);
    struct err e = ERR_INIT;
    struct worker *w = worker_new(box, 3, 1000, &e);
    int done = 0;

    (void)state;
    assert_non_null(w);
    for (int i = 0; i < 200; i++)
        assert_int_equal(worker_submit(w, run_task, task_done, &tasks[i], &e), 0);
    while (done < 200) {
        (void)mailbox_drain(box, 16);
        done = 0;
        for (int i = 0; i < 200; i++)
            done += tasks[i].done;
        sched_yield();
    }
    worker_free(&w);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(tasks[i].done, 1);
        assert_int_equal(tasks[i].cancelled, 0);
        assert_int_equal(atomic_load(&tasks[i].ran), 1);
    }
    mailbox_free(&box);
}

static void *
free_worker(void *arg)
{
    worker_free(arg);
    return NULL;
}

static void
jobs_not_begun_are_cancelled_and_too_many_refused(void **state)
{
    pthread_mutex_t hold = PTHREAD_MUTEX_INITIALIZER;
    struct task first = {.hold = &hold}, second = {0}, third = {0};
    struct mailbox *box = mailbox_new(16, count_wake, NULL);
    struct err e = ERR_INIT;
    struct worker *w = worker_new(box, 1, 1, &e);
    pthread_t closer;

    (void)state;
    pthread_mutex_lock(&hold);
    assert_int_equal(worker_submit(w, run_task, task_done, &first, &e), 0);
    /* The one thread takes the first job; then there is room for exactly one. */
    while (worker_submit(w, run_task, task_done, &second, &e) < 0)
        err_reset(&e);
    int rc;
    while ((rc = worker_submit(w, run_task, task_done, &third, &e)) == 0)
        fail_msg("a third job was taken");
    assert_int_equal(e.code, ERR_LIMIT);
    assert_int_equal(pthread_create(&closer, NULL, free_worker, &w), 0);
    pthread_mutex_unlock(&hold);
    pthread_join(closer, NULL);
    assert_int_equal(first.done, 1);
    assert_int_equal(second.done, 1);
    assert_int_equal(second.cancelled, 1 - atomic_load(&second.ran));
    assert_int_equal(third.done, 0);
    mailbox_free(&box);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_senders_letters_arrive_in_order),
        cmocka_unit_test(a_full_box_refuses_and_the_budget_holds),
        cmocka_unit_test(each_job_is_done_once),
        cmocka_unit_test(jobs_not_begun_are_cancelled_and_too_many_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
