/* SPDX-License-Identifier: Apache-2.0 */
/* worker.c - a small pool of threads for what would block the loop.
 *
 * Jobs wait in a bounded list and are taken in order; more than one thread, so that a
 * name server that does not answer cannot hold up a password. A finished job goes back
 * through the mailbox; a full mailbox only delays the worker, never loses a result. */
#include "loop/worker.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "base/list.h"
#include "base/mem.h"

struct job {
    struct list node;
    void (*run)(void *arg);
    void (*done)(void *arg, bool cancelled);
    void *arg;
};

struct worker {
    pthread_mutex_t lock;
    pthread_cond_t some;
    struct list waiting; /* of struct job, owned */
    size_t n_waiting, cap;
    struct mailbox *mailbox; /* borrowed */
    pthread_t *threads;      /* owned: n_threads of them */
    size_t n_threads;
    bool stop;
};

static void
deliver(void *arg)
{
    struct job *job = arg;

    if (job->done != NULL)
        job->done(job->arg, false);
    mem_free(job);
}

static struct job *
take(struct worker *w)
{
    struct job *job = NULL;

    pthread_mutex_lock(&w->lock);
    while (!w->stop && w->n_waiting == 0)
        pthread_cond_wait(&w->some, &w->lock);
    if (!w->stop) {
        job = LIST_ENTRY(w->waiting.next, struct job, node);
        list_remove(&job->node);
        w->n_waiting--;
    }
    pthread_mutex_unlock(&w->lock);
    return job;
}

static void *
thread_main(void *arg)
{
    struct worker *w = arg;
    struct job *job;

    while ((job = take(w)) != NULL) {
        struct err full = ERR_INIT;
        const struct timespec moment = {.tv_nsec = 1000000};
        job->run(job->arg);
        while (mailbox_post(w->mailbox, deliver, job, &full) < 0)
            nanosleep(&moment, NULL);
    }
    return NULL;
}

/* Signals are the loop thread's business. */
static int
start_thread(struct worker *w, pthread_t *t)
{
    sigset_t all, old;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int rc = pthread_create(t, NULL, thread_main, w);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return rc;
}

struct worker *
worker_new(struct mailbox *m, size_t n_threads, size_t cap, struct err *e)
{
    struct worker *w = mem_zalloc(sizeof(*w));

    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->some, NULL);
    list_init(&w->waiting);
    w->mailbox = m;
    w->cap = cap;
    w->threads = mem_array(n_threads, sizeof(*w->threads));
    for (; w->n_threads < n_threads; w->n_threads++) {
        if (start_thread(w, &w->threads[w->n_threads]) != 0) {
            (void)err_set(e, ERR_SYSTEM, "a worker thread cannot be started");
            worker_free(&w);
            return NULL;
        }
    }
    return w;
}

void
worker_free(struct worker **wp)
{
    struct worker *w = *wp;

    if (w == NULL)
        return;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_broadcast(&w->some);
    pthread_mutex_unlock(&w->lock);
    for (size_t i = 0; i < w->n_threads; i++)
        pthread_join(w->threads[i], NULL);
    /* Results of jobs that did run are delivered before their world goes. */
    while (mailbox_drain(w->mailbox, 64))
        continue;
    LIST_FOREACH (node, &w->waiting) {
        struct job *job = LIST_ENTRY(node, struct job, node);
        if (job->done != NULL)
            job->done(job->arg, true);
        mem_free(job);
    }
    pthread_cond_destroy(&w->some);
    pthread_mutex_destroy(&w->lock);
    mem_free(w->threads);
    mem_free(w);
    *wp = NULL;
}

int
worker_submit(struct worker *w, void (*job)(void *arg),
              void (*done)(void *arg, bool cancelled), void *arg, struct err *e)
{
    struct job *new = mem_zalloc(sizeof(*new));

    *new = (struct job){.run = job, .done = done, .arg = arg};
    pthread_mutex_lock(&w->lock);
    bool full = w->n_waiting >= w->cap || w->stop;
    if (!full) {
        list_add_tail(&w->waiting, &new->node);
        w->n_waiting++;
        pthread_cond_signal(&w->some);
    }
    pthread_mutex_unlock(&w->lock);
    if (!full)
        return 0;
    mem_free(new);
    return err_set(e, ERR_LIMIT, "too much waits for the worker threads, try again");
}
