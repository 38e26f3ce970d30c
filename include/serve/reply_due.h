/* SPDX-License-Identifier: Apache-2.0 */
/* reply_due.h - which reply is due in which chat, and whether it is still true. Pure. */
#ifndef SURAQ_SERVE_REPLY_DUE_H
#define SURAQ_SERVE_REPLY_DUE_H

#include <stdbool.h>
#include <stdint.h>

#include "serve/news.h"

struct reply_due {
    enum reply_kind kind;
    const char *reply_to; /* platform id of the line to answer; NULL: not at hand */
};

/* Does this piece of news call for a reply in the chat `source`? Borrows from the queue.
 * Of many askers in one chat the first is answered; what came as history never is. */
bool reply_due(const struct queue *q, const struct news *n, const char *source,
               struct reply_due *out);

/* Is what the reply says of `item` (may be NULL: gone) still so? */
bool reply_is_true(enum reply_kind kind, const struct question *item);

/* Where in its broadcast the answer to `item` began, ms; -1: none was live. */
int64_t reply_place(const struct queue *q, const struct question *item);

#endif
