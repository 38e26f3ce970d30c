/* SPDX-License-Identifier: Apache-2.0 */
/* progress.h - how far long work has come: a line on standard error that is drawn over,
 * on a terminal; nothing when piped. */
#ifndef SURAQ_COMMAND_PROGRESS_H
#define SURAQ_COMMAND_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what; /* "messages"; static */
    bool on;          /* standard error is a terminal */
    int64_t drawn_ms; /* when, monotonic; 0: never */
};

/* `beside`: a descriptor whose output a bar on the same terminal would tear, or -1; the
 * bar stays away when that is a terminal. */
void progress_begin(struct progress *p, const char *what, int beside);
/* `done` of `total` (0: not known), after `count` pieces. Drawn ten times a second. */
void progress_show(struct progress *p, uint64_t done, uint64_t total, uint64_t count);
/* Takes the bar away; also before something else is written to standard error. */
void progress_end(struct progress *p);

#endif
