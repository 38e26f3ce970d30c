/* SPDX-License-Identifier: Apache-2.0 */
/* resolve.c - names to addresses off the loop.
 *
 * The record is shared by the asking side and the worker; the asking side may lose
 * interest at any time, which only clears the callback. It is freed on the loop thread
 * when the worker is done with it, so a slow name server never points at freed memory. */
#include "loop/resolve.h"

#include <netdb.h>
#include <string.h>

#include "base/mem.h"

struct resolve {
    char *host; /* owned */
    void (*fn)(void *arg, const struct resolve_result *r, const struct err *e);
    void *arg; /* borrowed; fn NULL: nobody is interested any more */
    struct resolve_result result;
    struct err err;
};

/* On a worker thread. */
static void
look_up(void *arg)
{
    struct resolve *r = arg;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *list = NULL;

    int rc = getaddrinfo(r->host, NULL, &hints, &list);
    if (rc != 0) {
        (void)err_set(&r->err, ERR_IO, "the name '%s' cannot be looked up: %s", r->host,
                      gai_strerror(rc));
        return;
    }
    for (struct addrinfo *a = list; a != NULL && r->result.n < RESOLVE_MAX;
         a = a->ai_next) {
        if (getnameinfo(a->ai_addr, a->ai_addrlen, r->result.addresses[r->result.n],
                        RESOLVE_TEXT, NULL, 0, NI_NUMERICHOST) == 0)
            r->result.n++;
    }
    freeaddrinfo(list);
    if (r->result.n == 0)
        (void)err_set(&r->err, ERR_IO, "the name '%s' has no address", r->host);
}

static void
looked_up(void *arg, bool cancelled)
{
    struct resolve *r = arg;

    if (cancelled)
        (void)err_set(&r->err, ERR_IO, "the look-up was given up");
    if (r->fn != NULL)
        r->fn(r->arg, r->err.code == ERR_NONE ? &r->result : NULL, &r->err);
    mem_free(r->host);
    mem_free(r);
}

struct resolve *
resolve_start(struct worker *w, const char *host,
              void (*fn)(void *arg, const struct resolve_result *r, const struct err *e),
              void *arg, struct err *e)
{
    struct resolve *r = mem_zalloc(sizeof(*r));

    r->host = mem_strdup(host);
    r->fn = fn;
    r->arg = arg;
    if (worker_submit(w, look_up, looked_up, r, e) == 0)
        return r;
    mem_free(r->host);
    mem_free(r);
    return NULL;
}

void
resolve_cancel(struct resolve **r)
{
    if (*r != NULL)
        (*r)->fn = NULL;
    *r = NULL;
}
