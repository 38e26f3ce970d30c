/* SPDX-License-Identifier: Apache-2.0 */
/* irc_out.h - the way out to an IRC chat: replies become lines, and lines wait for their
 * turn, so that the server does not shut us out for flooding. */
#ifndef SURAQ_SOURCE_IRC_OUT_H
#define SURAQ_SOURCE_IRC_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct irc_out;

/* New. At most `burst` lines in `window_ms`, at least `gap_ms` between two. */
struct irc_out *irc_out_new(unsigned burst, int64_t window_ms, int64_t gap_ms);
void irc_out_free(struct irc_out **o);
void
irc_out_reset(struct irc_out *o); /* forgets the lines, not when the last were sent */

/* ERR_LIMIT when BOUNDS_SOURCE_OUTBOX lines wait. */
int irc_out_add(struct irc_out *o, struct str line, struct err *e) MUST_CHECK;
/* Milliseconds until the next line may leave: 0 now, -1 when none waits. */
int64_t irc_out_wait_ms(const struct irc_out *o, int64_t now_ms);
/* Takes the next line out into `line`, which is reset first. False when none may leave.
 */
bool irc_out_next(struct irc_out *o, int64_t now_ms, struct buf *line);

/* What is said to the chat, made of `text`: control characters become spaces, 500
 * characters at most; returns how much of it fits into `max` bytes, cut at a space if one
 * is near, else between letters, and moves `text` behind it. */
struct str irc_out_clean(struct str text, struct buf *pool);
struct str irc_out_piece(struct str *text, size_t max);
/* A tag value with its escapes. */
void irc_out_escape(struct buf *out, struct str value);

#endif
