/* SPDX-License-Identifier: Apache-2.0 */
/* bulk.h - POST /messages: NDJSON, taken line by line while it arrives. */
#ifndef SURAQ_SERVE_BULK_H
#define SURAQ_SERVE_BULK_H

#include "base/str.h"

struct front;
struct exchange;
struct bulk;

/* New; `x` has been let in. */
struct bulk *bulk_new(struct front *f, const struct exchange *x);
void bulk_free(struct bulk **i);
void bulk_piece(struct bulk *i, struct front *f, struct str piece);
/* The body is complete: fills the answer. */
void bulk_finish(struct bulk *i, struct front *f, struct exchange *x);

#endif
