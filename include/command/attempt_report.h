/* SPDX-License-Identifier: Apache-2.0 */
/* attempt_report.h - what came of trying the sources, as a table for a person. */
#ifndef SURAQ_COMMAND_ATTEMPT_REPORT_H
#define SURAQ_COMMAND_ATTEMPT_REPORT_H

#include <stdbool.h>

#include "base/buf.h"
#include "command/attempt.h"

struct attempt_style {
    const char *lang; /* of what to do next */
    unsigned width;   /* of the terminal; 0: lines stay whole */
    bool colour;
};

/* A line for each source: name, kind, target, state, how long it took, messages heard;
 * under one that is not well what the platform said and what to do. Everything from
 * outside is escaped. */
void attempt_report_write(const struct attempts *all, const struct attempt_style *style,
                          struct buf *out);

#endif
