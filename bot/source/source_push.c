/* SPDX-License-Identifier: Apache-2.0 */
/* source_push.c - a source without a connection: its messages come over HTTP and are
 * handed in by source_push(). It is live as long as it is switched on, so its state, its
 * rate and its silence show like those of any other chat. */
#include "source/adapter.h"

static int
push_check(struct source *s, struct err *e)
{
    (void)s;
    (void)e;
    return 0;
}

static void
push_start(struct source *s)
{
    source_live(s);
}

const struct source_adapter source_push_in = {
    .kind = "push", .check = push_check, .start = push_start};
