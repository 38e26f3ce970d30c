/* SPDX-License-Identifier: Apache-2.0 */
/* lab_report.h - a comparison for a person: the differences by their kind, then a table
 * of counts and the totals. */
#ifndef SURAQ_COMMAND_LAB_REPORT_H
#define SURAQ_COMMAND_LAB_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "judge/compare.h"

struct lab_report {
    /* Set by the caller. */
    struct judge *judge[COMPARE_SIDES]; /* borrowed; for the rules' descriptions */
    const char *lang;                   /* of them */
    unsigned width;                     /* of the terminal; 0: lines stay whole */
    bool colour;

    struct buf section[COMPARE_CHANGES]; /* owned; what was kept so far */
    uint64_t left_out[COMPARE_CHANGES];
};

void lab_report_fini(struct lab_report *r);

/* Keeps a difference, under each of its kinds, as long as there is room for it
 * (BOUNDS_LAB_SECTION); what there is no room for is counted. */
void lab_report_add(struct lab_report *r, uint64_t number, struct str text,
                    const struct compare_line *line);

/* Writes all of it; `errors`: lines that could not be read. */
void lab_report_write(const struct lab_report *r, const struct compare *c,
                      uint64_t errors, struct buf *out);

#endif
