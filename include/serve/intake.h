/* SPDX-License-Identifier: Apache-2.0 */
/* intake.h - POST /messages: NDJSON, taken line by line while it arrives. */
#ifndef SURAQ_SERVE_INTAKE_H
#define SURAQ_SERVE_INTAKE_H

#include "base/str.h"

struct front;
struct exchange;
struct intake;

/* New; `x` has been let in. */
struct intake *intake_new(struct front *f, const struct exchange *x);
void intake_free(struct intake **i);
void intake_piece(struct intake *i, struct front *f, struct str piece);
/* The body is complete: fills the answer. */
void intake_finish(struct intake *i, struct front *f, struct exchange *x);

#endif
