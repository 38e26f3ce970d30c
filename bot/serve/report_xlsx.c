/* SPDX-License-Identifier: Apache-2.0 */
/* report_xlsx.c - a report as a spreadsheet: a sheet of questions, which can be filtered,
 * and a sheet of statistics. Text is written as text, so nothing in it is ever a formula;
 * times are dates of the spreadsheet and waits are its durations. The library writes to a
 * file by name, and gets one in memory; the scratch files that it makes have no names. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <xlsxwriter.h>

#include "base/utf8.h"
#include "serve/report_table.h"

enum { CELL_MAX = 32767, DAY_MS = 86400000 };

struct book {
    lxw_workbook *file;
    lxw_format *head, *title, *time, *span, *share, *wrap;
};

static void
write_time(const struct book *b, lxw_worksheet *s, const struct cell *c,
           const uint32_t at[2])
{
    time_t t = (time_t)(c->v / 1000);
    struct tm tm;

    if (localtime_r(&t, &tm) == NULL)
        return;
    lxw_datetime when = {tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                         tm.tm_hour,        tm.tm_min,     (double)tm.tm_sec};
    (void)worksheet_write_datetime(s, at[0], (lxw_col_t)at[1], &when, b->time);
}

/* A spreadsheet holds so many characters in a cell and no control characters. */
static void
write_text(const struct book *b, lxw_worksheet *s, const struct cell *c,
           const uint32_t at[2])
{
    struct buf clean = BUF_INIT;
    struct str text = str_from(c->text);
    size_t letters = 0;

    for (size_t i = 0; i < text.len && letters < CELL_MAX; letters++) {
        size_t from = i;
        int32_t letter = utf8_next(text, &i);
        if (letter < 0 || letter == 0xFFFE || letter == 0xFFFF ||
            (letter < 0x20 && letter != '\n' && letter != '\t'))
            buf_add_cstr(&clean, "\xEF\xBF\xBD");
        else
            buf_add(&clean, text.p + from, i - from);
        letters += letter > 0xFFFF; /* counted in UTF-16 */
    }
    (void)worksheet_write_string(s, at[0], (lxw_col_t)at[1],
                                 clean.data == NULL ? "" : clean.data, b->wrap);
    buf_fini(&clean);
}

static void
write_cell(const struct book *b, lxw_worksheet *s, const struct cell *c,
           const uint32_t at[2])
{
    lxw_col_t column = (lxw_col_t)at[1];

    switch (c->kind) {
    case CELL_NONE:
        break;
    case CELL_TEXT:
        write_text(b, s, c, at);
        break;
    case CELL_NUMBER:
        (void)worksheet_write_number(s, at[0], column, (double)c->v, NULL);
        break;
    case CELL_TIME:
        write_time(b, s, c, at);
        break;
    case CELL_SPAN:
        (void)worksheet_write_number(s, at[0], column, (double)c->v / DAY_MS, b->span);
        break;
    case CELL_SHARE:
        (void)worksheet_write_number(s, at[0], column, (double)c->v / 100, b->share);
        break;
    }
}

static uint32_t
write_table(const struct book *b, lxw_worksheet *s, const struct table *t, uint32_t row)
{
    for (size_t i = 0; i < t->n_columns; i++)
        (void)worksheet_write_string(s, row, (lxw_col_t)i, t->columns[i].title, b->head);
    for (uint32_t r = 0; r < (uint32_t)table_rows(t); r++) {
        for (size_t i = 0; i < t->n_columns; i++) {
            const uint32_t at[2] = {row + 1 + r, (uint32_t)i};
            write_cell(b, s, &t->cells[r * t->n_columns + i], at);
        }
    }
    return row + 1 + (uint32_t)table_rows(t);
}

static void
set_widths(lxw_worksheet *s, const struct table *t)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        unsigned width = t->columns[i].width;
        (void)worksheet_set_column(s, (lxw_col_t)i, (lxw_col_t)i, width, NULL);
    }
}

static void
set_paper(lxw_worksheet *s)
{
    enum { A4 = 9 };

    worksheet_set_paper(s, A4);
    worksheet_set_landscape(s);
    worksheet_fit_to_pages(s, 1, 0);
}

static void
write_questions(const struct book *b, const struct tables *t)
{
    const struct table *questions = &t->items[t->n - 1];
    lxw_worksheet *s = workbook_add_worksheet(b->file, questions->title);

    set_widths(s, questions);
    set_paper(s);
    uint32_t end = write_table(b, s, questions, 0);
    worksheet_freeze_panes(s, 1, 0);
    (void)worksheet_repeat_rows(s, 0, 0);
    (void)worksheet_autofilter(s, 0, 0, end - 1, (lxw_col_t)(questions->n_columns - 1));
}

static void
write_statistics(const struct book *b, const struct tables *t)
{
    lxw_worksheet *s =
        workbook_add_worksheet(b->file, report_word(t->lang, "statistics"));
    uint32_t row = 1;

    set_paper(s);
    (void)worksheet_set_column(s, 0, 0, 38, NULL);
    (void)worksheet_set_column(s, 1, TABLE_COLUMNS, 18, NULL);
    (void)worksheet_write_string(s, 0, 0, t->title, b->title);
    worksheet_freeze_panes(s, 1, 0);
    for (size_t i = 0; i + 1 < t->n; i++) {
        (void)worksheet_write_string(s, row + 1, 0, t->items[i].title, b->title);
        row = write_table(b, s, &t->items[i], row + 2);
    }
}

static lxw_format *
number_format(const struct book *b, const char *code)
{
    lxw_format *f = workbook_add_format(b->file);

    format_set_num_format(f, code);
    format_set_align(f, LXW_ALIGN_LEFT);
    format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    return f;
}

static void
add_formats(struct book *b)
{
    b->head = workbook_add_format(b->file);
    format_set_bold(b->head);
    format_set_bg_color(b->head, 0xE3E8ED);
    format_set_text_wrap(b->head);
    b->title = workbook_add_format(b->file);
    format_set_bold(b->title);
    format_set_font_size(b->title, 13);
    b->wrap = workbook_add_format(b->file);
    format_set_text_wrap(b->wrap);
    format_set_align(b->wrap, LXW_ALIGN_VERTICAL_TOP);
    b->time = number_format(b, "yyyy-mm-dd hh:mm");
    b->span = number_format(b, "[h]:mm:ss");
    b->share = number_format(b, "0%");
}

static int
read_back(int fd, struct buf *out, struct err *e)
{
    off_t size = lseek(fd, 0, SEEK_END);

    if (size <= 0 || lseek(fd, 0, SEEK_SET) < 0)
        return err_set(e, ERR_IO, "the spreadsheet is empty");
    buf_reserve(out, (size_t)size);
    for (off_t done = 0; done < size;) {
        char piece[16384];
        ssize_t n = read(fd, piece, sizeof(piece));
        if (n <= 0)
            return err_errno(e, ERR_IO, "the spreadsheet cannot be read back");
        buf_add(out, piece, (size_t)n);
        done += n;
    }
    return 0;
}

int
report_write_xlsx(const struct tables *t, struct buf *out, struct err *e)
{
    char path[32];
    int fd = memfd_create("report", MFD_CLOEXEC);

    if (fd < 0)
        return err_errno(e, ERR_IO, "the spreadsheet cannot be made");
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    struct book b = {.file = workbook_new(path)};
    add_formats(&b);
    write_questions(&b, t);
    write_statistics(&b, t);
    lxw_error rc = workbook_close(b.file);
    int done =
        rc == LXW_NO_ERROR
            ? read_back(fd, out, e)
            : err_set(e, ERR_IO, "the spreadsheet cannot be made: %s", lxw_strerror(rc));
    (void)close(fd);
    return done;
}
