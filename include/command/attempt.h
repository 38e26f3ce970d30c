/* SPDX-License-Identifier: Apache-2.0 */
/* attempt.h - tries the sources of the settings, all at once, as `suraq run` would attach
 * them, and says what came of each. Nothing that they hear is kept. */
#ifndef SURAQ_COMMAND_ATTEMPT_H
#define SURAQ_COMMAND_ATTEMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "loop/settings.h"
#include "source/source.h"

struct attempt {
    const struct settings_source *of; /* borrowed from the settings */
    struct source_status status;      /* the last one; `code` "settings": never begun */
    uint64_t messages;                /* heard */
    int64_t took_ms;                  /* until the answer was clear */
    bool well;                        /* nothing for a person to do */
};

struct attempts {
    struct attempt items[BOUNDS_SOURCES];
    size_t n;
};

/* Tries all that are enabled until each has shown what it is, for at most `deadline_ms`
 * and one second of listening. -1: nothing could be tried at all, or somebody stopped it.
 */
int attempts_run(struct attempts *all, const struct settings *s, int64_t deadline_ms,
                 struct err *e) MUST_CHECK;

#endif
