/* SPDX-License-Identifier: Apache-2.0 */
/* mailbox.c - calls from other threads to the loop thread.
 *
 * A ring under a mutex: senders only copy two pointers. The wake-up is sent when the box
 * was empty before, so a burst costs one. Draining takes out what fits the budget first
 * and calls afterwards, without the lock, since what is called may post again. */
#include "loop/mailbox.h"

#include <pthread.h>

#include "base/mem.h"

struct letter {
    void (*fn)(void *arg);
    void *arg;
};

struct mailbox {
    pthread_mutex_t lock;
    struct letter *ring; /* owned: cap of them */
    size_t cap, head, count;
    void (*wake)(void *arg);
    void *arg; /* borrowed */
};

struct mailbox *
mailbox_new(size_t cap, void (*wake)(void *arg), void *arg)
{
    struct mailbox *m = mem_zalloc(sizeof(*m));

    pthread_mutex_init(&m->lock, NULL);
    m->ring = mem_array(cap, sizeof(*m->ring));
    m->cap = cap;
    m->wake = wake;
    m->arg = arg;
    return m;
}

void
mailbox_free(struct mailbox **mp)
{
    struct mailbox *m = *mp;

    if (m == NULL)
        return;
    pthread_mutex_destroy(&m->lock);
    mem_free(m->ring);
    mem_free(m);
    *mp = NULL;
}

int
mailbox_post(struct mailbox *m, void (*fn)(void *arg), void *arg, struct err *e)
{
    pthread_mutex_lock(&m->lock);
    bool full = m->count == m->cap;
    bool was_empty = m->count == 0;
    if (!full)
        m->ring[(m->head + m->count++) % m->cap] = (struct letter){fn, arg};
    pthread_mutex_unlock(&m->lock);
    if (full)
        return err_set(e, ERR_LIMIT, "the mailbox is full (%zu calls)", m->cap);
    if (was_empty)
        m->wake(m->arg);
    return 0;
}

bool
mailbox_drain(struct mailbox *m, size_t budget)
{
    bool left = true;

    while (budget > 0 && left) {
        struct letter some[64];
        size_t n = 0;
        pthread_mutex_lock(&m->lock);
        while (n < 64 && n < budget && m->count > 0) {
            some[n++] = m->ring[m->head];
            m->head = (m->head + 1) % m->cap;
            m->count--;
        }
        left = m->count > 0;
        pthread_mutex_unlock(&m->lock);
        for (size_t i = 0; i < n; i++)
            some[i].fn(some[i].arg);
        budget -= n;
    }
    return left;
}

size_t
mailbox_count(struct mailbox *m)
{
    pthread_mutex_lock(&m->lock);
    size_t n = m->count;
    pthread_mutex_unlock(&m->lock);
    return n;
}
