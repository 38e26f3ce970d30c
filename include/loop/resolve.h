/* SPDX-License-Identifier: Apache-2.0 */
/* resolve.h - names to addresses off the loop (libwebsockets' own look-up would stop it).
 */
#ifndef SURAQ_LOOP_RESOLVE_H
#define SURAQ_LOOP_RESOLVE_H

#include <stddef.h>

#include "base/err.h"
#include "loop/worker.h"

struct resolve;

enum { RESOLVE_MAX = 8, RESOLVE_TEXT = 64 };
struct resolve_result {
    char addresses[RESOLVE_MAX]
                  [RESOLVE_TEXT]; /* numeric, in the system's order of preference */
    size_t n;
};

/* New: looks `host` up (a numeric address is answered too). `fn` is called once on the
 * loop thread: result, or NULL and the error. The resolve is freed after `fn` returned.
 */
struct resolve *resolve_start(struct worker *w, const char *host,
                              void (*fn)(void *arg, const struct resolve_result *r,
                                         const struct err *e),
                              void *arg, struct err *e) MUST_CHECK;

/* `fn` will not be called any more. Sets *r = NULL; NULL-safe. */
void resolve_cancel(struct resolve **r);

#endif
