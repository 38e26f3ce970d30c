/* SPDX-License-Identifier: Apache-2.0 */
/* mailbox.h - calls from other threads to the loop thread: bounded, in order for each
 * sender. */
#ifndef SURAQ_LOOP_MAILBOX_H
#define SURAQ_LOOP_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct mailbox;

/* New. `wake` is called from any thread after something was put into the empty box. */
struct mailbox *mailbox_new(size_t cap, void (*wake)(void *arg), void *arg);
void mailbox_free(struct mailbox **m); /* what is still inside is not called */

/* From any thread: fn(arg) will be called on the loop thread. ERR_LIMIT when full. */
int mailbox_post(struct mailbox *m, void (*fn)(void *arg), void *arg,
                 struct err *e) MUST_CHECK;

/* On the loop thread: calls what is inside, at most `budget`; true when some are left. */
bool mailbox_drain(struct mailbox *m, size_t budget);
size_t mailbox_count(struct mailbox *m);

#endif
