/* SPDX-License-Identifier: Apache-2.0 */
/* setup.h - the checklist of the day: is everything ready that a broadcast needs? Each
 * check has a level, a stable code that the page words, and figures. */
#ifndef SURAQ_SERVE_SETUP_H
#define SURAQ_SERVE_SETUP_H

#include <stddef.h>

#include "base/buf.h"

struct front;

enum setup_level { SETUP_OK, SETUP_WARN, SETUP_FAIL, SETUP_LEVELS };

struct setup_counts {
    size_t n[SETUP_LEVELS];
};

/* Goes through the list; writes [{"id","name","level","code","figures"},...]. */
void setup_write(struct front *f, struct setup_counts *counts, struct buf *out);

#endif
