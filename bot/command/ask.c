/* SPDX-License-Identifier: Apache-2.0 */
/* ask.c - one HTTP request, waited for.
 *
 * A loop and a fetcher of its own for each question: a sign-in asks one or two. */
#include "command/ask.h"

#include "loop/loop.h"

struct question {
    struct loop *loop;
    struct ask_answer *out;
    struct err *e;
    int ret;
};

static void
answered(void *arg, const struct fetch_answer *a)
{
    struct question *q = arg;
    q->out->status = a->status;
    buf_add_str(&q->out->body, a->body);
    q->ret = a->status != 0 ? 0 : err_set(q->e, ERR_IO, "%s", a->err.msg);
    loop_stop(q->loop, 1);
}

int
ask_http(const struct fetch_request *r, struct ask_answer *out, struct err *e)
{
    struct question q = {.out = out, .e = e, .ret = -1};
    struct fetch_events on = {.done = answered, .arg = &q};
    struct fetcher *f = NULL;
    *out = (struct ask_answer){.body = BUF_INIT};
    q.loop = loop_new(e);
    if (q.loop == NULL)
        return -1;
    if (loop_signals(q.loop, &(struct loop_handlers){0}, e) == 0)
        f = fetcher_new(loop_mailbox(q.loop), e);
    if (f != NULL && fetch_start(f, r, &on, e) != NULL && loop_run(q.loop) == 0)
        q.ret = err_set(e, ERR_BAD_STATE, "it was stopped");
    fetcher_free(&f);
    loop_free(&q.loop);
    return q.ret;
}
