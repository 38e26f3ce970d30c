/* SPDX-License-Identifier: Apache-2.0 */
/* report.h - the report of a broadcast as a file: two editions, four formats. Pure but
 * for the time zone, which is that of the process. */
#ifndef SURAQ_SERVE_REPORT_H
#define SURAQ_SERVE_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "judge/judge.h"
#include "queue/report.h"

/* internal: everything, for the press office. public: figures and approved wordings;
 * nobody's name, handle or original text, and no note of the staff. */
enum report_edition { EDITION_INTERNAL, EDITION_PUBLIC };
enum report_format { REPORT_HTML, REPORT_CSV, REPORT_XLSX, REPORT_JSON };

const char *report_edition_name(enum report_edition e);
int report_edition_from_name(struct str name, enum report_edition *out,
                             struct err *e) MUST_CHECK;
const char *report_format_name(enum report_format f);
int report_format_from_name(struct str name, enum report_format *out,
                            struct err *e) MUST_CHECK;
const char *report_format_type(enum report_format f); /* media type; static */

/* Strings are borrowed for the call. */
struct report_conf {
    enum report_edition edition;
    const char *lang;      /* "kk", "ru", else English: of headings and titles */
    const char *stream_id; /* "sko-police" */
    const char *stream;    /* its title */
    int64_t made_ms;
    const struct judge_topic *topics; /* whose titles are shown; may be none */
    size_t n_topics;
};

/* Appends the file to `out`. Fails (ERR_IO) only where a spreadsheet cannot be made. */
int report_write(const struct report *r, const struct report_conf *c,
                 enum report_format format, struct buf *out, struct err *e) MUST_CHECK;

/* What a policy of content must allow for the HTML to have its looks. */
#define REPORT_STYLE_HASH "sha256-nfI2AkUhYVgtRRUU+ePq/sp2I0+G5WqX4K/HeIPnBwY="
const char *report_style(void); /* the text behind it; static */

#endif
