/* SPDX-License-Identifier: Apache-2.0 */
/* loopback.h - where a browser comes back to after a sign-in (RFC 8252, 7.3): a listener
 * on 127.0.0.1 that serves one answer. */
#ifndef SURAQ_COMMAND_LOOPBACK_H
#define SURAQ_COMMAND_LOOPBACK_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "source/code_flow.h"

/* A listening socket on this port (0: any free one; *port says which), or -1. */
int loopback_open(unsigned *port, struct err *e) MUST_CHECK;

/* Waits until the browser comes back, or somebody types the address that it ended at into
 * standard input: the code of the sign-in. The browser is shown `words`, UTF-8 text. What
 * belongs to no sign-in of ours is turned away and the waiting goes on. ERR_MISSING:
 * nobody came in `deadline_ms`. */
struct loopback {
    int fd;
    const struct code_flow *flow; /* borrowed, like the words */
    const char *words;
    int64_t deadline_ms;
};
int loopback_wait(const struct loopback *l, struct buf *code, struct err *e) MUST_CHECK;

#endif
