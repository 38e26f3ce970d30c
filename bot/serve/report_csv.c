/* SPDX-License-Identifier: Apache-2.0 */
/* report_csv.c - a report for spreadsheets and scripts: RFC 4180, with the mark by which
 * spreadsheets know UTF-8. The questions come first; the figures follow, each row with
 * the name of its table in front. Every record has as many fields as the widest, because
 * a reader may insist on that. */
#include "serve/report_table.h"

#define BOM "\xEF\xBB\xBF"

static void
add_field(struct buf *out, struct str text, size_t at)
{
    if (at > 0)
        buf_add_char(out, ',');
    buf_add_csv(out, text);
}

static void
end_record(struct buf *out, size_t used, size_t width)
{
    for (; used < width; used++)
        buf_add_char(out, ',');
    buf_add_cstr(out, "\r\n");
}

static void
add_cell(struct buf *out, const struct cell *c, size_t at)
{
    struct buf text = BUF_INIT;

    cell_write(c, &text);
    add_field(out, buf_str(&text), at);
    buf_fini(&text);
}

/* `lead`: the name of the table stands in front. */
static void
add_table(const struct table *t, bool lead, size_t width, struct buf *out)
{
    if (lead)
        add_field(out, str_from(t->title), 0);
    for (size_t i = 0; i < t->n_columns; i++)
        add_field(out, str_from(t->columns[i].title), i + lead);
    end_record(out, t->n_columns + lead, width);
    for (size_t row = 0; row < table_rows(t); row++) {
        if (lead)
            add_field(out, str_from(t->title), 0);
        for (size_t i = 0; i < t->n_columns; i++)
            add_cell(out, &t->cells[row * t->n_columns + i], i + lead);
        end_record(out, t->n_columns + lead, width);
    }
}

void
report_write_csv(const struct tables *t, struct buf *out)
{
    size_t width = 0;

    for (size_t i = 0; i < t->n; i++) {
        size_t mine = t->items[i].n_columns + (i + 1 < t->n);
        width = mine > width ? mine : width;
    }
    buf_add_cstr(out, BOM);
    add_table(&t->items[t->n - 1], false, width, out);
    for (size_t i = 0; i + 1 < t->n; i++) {
        end_record(out, 1, width);
        add_table(&t->items[i], true, width, out);
    }
}
