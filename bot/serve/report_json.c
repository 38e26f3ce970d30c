/* SPDX-License-Identifier: Apache-2.0 */
/* report_json.c - a report for programs: the keys and codes of the tables, never their
 * headings; times in UTC, waits in milliseconds, shares in hundredths. */
#include "base/clock.h"
#include "serve/report_table.h"

static void
add_value(const struct cell *c, struct buf *out)
{
    switch (c->kind) {
    case CELL_NONE:
        buf_add_cstr(out, "null");
        break;
    case CELL_TEXT:
        buf_add_json(out, str_from(c->code != NULL ? c->code : c->text));
        break;
    case CELL_NUMBER:
    case CELL_SPAN:
    case CELL_SHARE:
        buf_add_i64(out, c->v);
        break;
    case CELL_TIME:
        buf_add_char(out, '"');
        clock_add_iso(out, c->v);
        buf_add_char(out, '"');
        break;
    }
}

static void
add_pairs(const struct table *t, struct buf *out)
{
    buf_add_char(out, '{');
    for (size_t row = 0; row < table_rows(t); row++) {
        buf_add_cstr(out, row > 0 ? "," : "");
        add_value(&t->cells[row * 2], out);
        buf_add_char(out, ':');
        add_value(&t->cells[row * 2 + 1], out);
    }
    buf_add_char(out, '}');
}

static void
add_rows(const struct table *t, struct buf *out)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < t->n; i++) {
        size_t column = i % t->n_columns;
        buf_add_cstr(out, column > 0 ? "," : i > 0 ? "},\n{" : "\n{");
        buf_addf(out, "\"%s\":", t->columns[column].key);
        add_value(&t->cells[i], out);
    }
    buf_add_cstr(out, t->n > 0 ? "}]" : "]");
}

void
report_write_json(const struct tables *t, struct buf *out)
{
    for (size_t i = 0; i < t->n; i++) {
        buf_addf(out, "%s\"%s\":", i == 0 ? "{" : ",\n", t->items[i].key);
        if (t->items[i].pairs)
            add_pairs(&t->items[i], out);
        else
            add_rows(&t->items[i], out);
    }
    buf_add_cstr(out, "}\n");
}
