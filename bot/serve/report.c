/* SPDX-License-Identifier: Apache-2.0 */
/* report.c - the formats and editions of a report by name, and the way from the figures
 * to a file. */
#include "serve/report.h"

#include "serve/report_table.h"

static const char *const editions[] = {"internal", "public"};
static const struct {
    const char *name, *type;
} formats[] = {
    [REPORT_HTML] = {"html", "text/html; charset=utf-8"},
    [REPORT_CSV] = {"csv", "text/csv; charset=utf-8"},
    [REPORT_XLSX] = {"xlsx",
                     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    [REPORT_JSON] = {"json", "application/json"},
};

const char *
report_edition_name(enum report_edition e)
{
    return editions[e];
}

int
report_edition_from_name(struct str name, enum report_edition *out, struct err *e)
{
    for (unsigned i = 0; i < sizeof(editions) / sizeof(editions[0]); i++) {
        if (str_eq(name, str_from(editions[i]))) {
            *out = (enum report_edition)i;
            return 0;
        }
    }
    return err_set(e, ERR_VALUE, "the edition is internal or public");
}

const char *
report_format_name(enum report_format f)
{
    return formats[f].name;
}

const char *
report_format_type(enum report_format f)
{
    return formats[f].type;
}

int
report_format_from_name(struct str name, enum report_format *out, struct err *e)
{
    for (unsigned i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (str_eq(name, str_from(formats[i].name))) {
            *out = (enum report_format)i;
            return 0;
        }
    }
    return err_set(e, ERR_VALUE, "the format is html, csv, xlsx or json");
}

int
report_write(const struct report *r, const struct report_conf *c,
             enum report_format format, struct buf *out, struct err *e)
{
    struct tables t;
    int rc = 0;

    tables_make(&t, r, c);
    switch (format) {
    case REPORT_HTML:
        report_write_html(&t, out);
        break;
    case REPORT_CSV:
        report_write_csv(&t, out);
        break;
    case REPORT_JSON:
        report_write_json(&t, out);
        break;
    case REPORT_XLSX:
        rc = report_write_xlsx(&t, out, e);
        break;
    }
    tables_fini(&t);
    return rc;
}
