/* SPDX-License-Identifier: Apache-2.0 */
/* wish.h - which questions somebody wants to see: what lists of them have in common. */
#ifndef SURAQ_SERVE_WISH_H
#define SURAQ_SERVE_WISH_H

#include <stdbool.h>

#include "queue/question.h"

/* "new,queued" as bits of 1 << status, added to *out; ERR_VALUE. */
int wish_statuses(struct str list, unsigned *out, struct err *e) MUST_CHECK;
/* Whether it has the topic; "other" is to have none. */
bool wish_has_topic(const struct question *q, struct str topic);

#endif
