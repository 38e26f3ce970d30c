/* SPDX-License-Identifier: Apache-2.0 */
/* report_table.h - a report as tables, the same for every format: what is in an edition
 * is decided where they are made, and the formats only write what they are given. */
#ifndef SURAQ_SERVE_REPORT_TABLE_H
#define SURAQ_SERVE_REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "serve/report.h"

enum cell_kind {
    CELL_NONE,
    CELL_TEXT,
    CELL_NUMBER,
    CELL_TIME,  /* milliseconds since 1970 */
    CELL_SPAN,  /* milliseconds */
    CELL_SHARE, /* hundredths */
};
struct cell {
    enum cell_kind kind;
    int64_t v;
    const char *code; /* what programs read in place of `text`; static or of the report */
    char *text;       /* owned */
};

struct column {
    const char *key;   /* static: for programs */
    const char *title; /* static: for people */
    unsigned width;    /* letters, in a spreadsheet */
};

enum { TABLE_COLUMNS = 20, REPORT_TABLES = 8 };
struct table {
    const char *key, *title; /* static */
    bool pairs;              /* two columns: a name, whose code is the key, and a value */
    struct column columns[TABLE_COLUMNS];
    size_t n_columns;
    struct cell *cells; /* owned; row after row */
    size_t n, cap;
};
static inline size_t
table_rows(const struct table *t)
{
    return t->n_columns == 0 ? 0 : t->n / t->n_columns;
}

struct tables {
    const char *lang; /* of the headings: "kk", "ru" or "en" */
    const char *title;
    struct table items[REPORT_TABLES]; /* the questions are the last */
    size_t n;
};
void tables_make(struct tables *t, const struct report *r, const struct report_conf *c);
void tables_fini(struct tables *t);

/* For people: "2026-11-22 15:04", "2:30", "41 %". */
void cell_write(const struct cell *c, struct buf *out);

/* The heading or name behind `key` in that language; `key` itself when there is none. */
const char *report_word(const char *lang, const char *key);

/* The formats. */
void report_write_html(const struct tables *t, struct buf *out);
void report_write_csv(const struct tables *t, struct buf *out);
void report_write_json(const struct tables *t, struct buf *out);
int report_write_xlsx(const struct tables *t, struct buf *out, struct err *e) MUST_CHECK;

#endif
