/* SPDX-License-Identifier: Apache-2.0 */
/* report_html.c - a report to read and to print on A4: one file with its looks in it, no
 * script, and a policy that allows nothing else. Bars are SVG, because their lengths
 * would otherwise be styles of their own, which that policy forbids. */
#include <string.h>

#include "serve/report_table.h"

enum { CARDS = 1, BAR_MAX = 100, WORDING = 5, DETAILS = 7 };

static const char style[] =
    "@page{size:A4;margin:14mm 12mm}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;padding:24px;max-width:1100px;color:#16202a;background:#fff;"
    "font:14px/1.45 'Noto Sans','Segoe UI',system-ui,'DejaVu Sans',sans-serif}"
    "h1{font-size:26px;line-height:1.2;margin:0 0 4px}"
    "h2{font-size:17px;margin:28px 0 8px;break-after:avoid}"
    ".sub{color:#55626f;margin:0 0 18px}"
    "dl.about{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px;margin:0}"
    "dl.about dt{color:#55626f}dl.about dd{margin:0;overflow-wrap:anywhere}"
    "ul.cards{list-style:none;margin:0;padding:0;display:grid;gap:8px;"
    "grid-template-columns:repeat(auto-fill,minmax(150px,1fr))}"
    "ul.cards li{border:1px solid #d5dce3;border-radius:6px;padding:8px 10px;"
    "break-inside:avoid}"
    "ul.cards b{display:block;font-size:22px;line-height:1.2;"
    "font-variant-numeric:tabular-nums}"
    "ul.cards span{color:#55626f;font-size:12px}"
    "table{border-collapse:collapse;width:100%}"
    "thead{display:table-header-group}tr{break-inside:avoid}"
    "th,td{text-align:left;vertical-align:top;padding:4px 10px 4px 0;"
    "border-bottom:1px solid #e3e8ed;overflow-wrap:break-word}"
    "thead th,thead td{font-size:12px;line-height:1.25;color:#55626f;font-weight:600;"
    "vertical-align:bottom;border-bottom-color:#9aa7b4}"
    "td.num,th.num{text-align:right;font-variant-numeric:tabular-nums}"
    "td.num{white-space:nowrap}"
    "td.time{white-space:nowrap;font-variant-numeric:tabular-nums}"
    "td.bar{width:110px;padding-top:9px}"
    "svg{display:block;width:100px;height:8px;fill:#0b6e99}"
    ".name{min-width:110px}"
    "table.reasons,table.busiest{width:auto;min-width:420px}"
    "td.wide{overflow-wrap:anywhere}.questions td.wide{width:52%}"
    ".questions{font-size:13px}"
    "small{display:block;color:#55626f;font-size:12px;line-height:1.35}"
    "small b{font-weight:600}"
    "@media print,(max-width:900px){td.bar{width:44px;padding-right:6px}"
    "svg{width:38px}th,td{padding-right:6px}thead th,thead td{font-size:10px}"
    ".topics,.languages,.sources{font-size:12px}}"
    "@media print{body{padding:0;max-width:none;font-size:10pt}"
    "h1{font-size:18pt}h2{font-size:12.5pt}.questions{font-size:9pt}"
    "small{font-size:8pt}svg{print-color-adjust:exact}}";

const char *
report_style(void)
{
    return style;
}

static void
add_text(struct buf *out, const char *text)
{
    buf_add_html(out, str_from(text));
}

static void
add_cell_text(struct buf *out, const struct cell *c)
{
    struct buf text = BUF_INIT;

    cell_write(c, &text);
    buf_add_html(out, buf_str(&text));
    buf_fini(&text);
}

static const struct cell *
value_of(const struct table *t, const char *key)
{
    static const struct cell none = {.kind = CELL_NONE};

    for (size_t row = 0; row < table_rows(t); row++) {
        if (strcmp(t->cells[row * 2].code, key) == 0)
            return &t->cells[row * 2 + 1];
    }
    return &none;
}

static void
add_head(const struct tables *t, struct buf *out)
{
    const struct table *about = &t->items[0];
    const struct cell *stream = value_of(about, "stream");
    const struct cell *edition = value_of(about, "edition");
    const struct cell *no = value_of(about, "broadcast");

    buf_addf(out,
             "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src '" REPORT_STYLE_HASH "'\">\n"
             "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
             t->lang);
    add_text(out, t->title);
    buf_addf(out, " %lld</title>\n<style>%s</style>\n</head>\n<body>\n<h1>",
             (long long)no->v, style);
    add_text(out, t->title);
    buf_addf(out, " № %lld</h1>\n<p class=\"sub\">", (long long)no->v);
    if (stream->kind == CELL_TEXT)
        add_cell_text(out, stream);
    buf_add_cstr(out, stream->kind == CELL_TEXT ? " · " : "");
    add_cell_text(out, edition);
    buf_add_cstr(out, "</p>\n");
}

static void
add_about(const struct table *t, struct buf *out)
{
    buf_add_cstr(out, "<dl class=\"about\">\n");
    for (size_t row = 0; row < table_rows(t); row++) {
        if (t->cells[row * 2 + 1].kind == CELL_NONE)
            continue;
        buf_add_cstr(out, "<dt>");
        add_cell_text(out, &t->cells[row * 2]);
        buf_add_cstr(out, "</dt><dd>");
        add_cell_text(out, &t->cells[row * 2 + 1]);
        buf_add_cstr(out, "</dd>\n");
    }
    buf_add_cstr(out, "</dl>\n");
}

static void
add_cards(const struct table *t, struct buf *out)
{
    buf_add_cstr(out, "<ul class=\"cards\">\n");
    for (size_t row = 0; row < table_rows(t); row++) {
        const struct cell *value = &t->cells[row * 2 + 1];
        buf_add_cstr(out, "<li><b>");
        if (value->kind == CELL_NONE)
            buf_add_cstr(out, "–");
        else
            add_cell_text(out, value);
        buf_add_cstr(out, "</b><span>");
        add_cell_text(out, &t->cells[row * 2]);
        buf_add_cstr(out, "</span></li>\n");
    }
    buf_add_cstr(out, "</ul>\n");
}

static const char *
class_of(const struct table *t, size_t column)
{
    static const char *const text[] = {"name", "lang", "topic", "status"};
    const char *key = t->columns[column].key;

    if (strcmp(key, "wording") == 0)
        return "wide";
    for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
        if (strcmp(key, text[i]) == 0)
            return text[i];
    return strcmp(key, "at") == 0 || strcmp(key, "minute") == 0 ? "time" : "num";
}

/* The questions of the internal edition are too wide for paper: what is behind these
 * columns stands under the wording. */
static bool
has_details(const struct table *t)
{
    return strcmp(t->key, "questions") == 0;
}

static size_t
shown_columns(const struct table *t)
{
    return has_details(t) && t->n_columns > DETAILS ? DETAILS : t->n_columns;
}

/* The first column of numbers is drawn. */
static size_t
drawn_column(const struct table *t)
{
    return has_details(t) ? SIZE_MAX : 1;
}

static void
add_bar(const struct table *t, const struct cell *c, struct buf *out)
{
    int64_t most = 1;

    for (size_t i = drawn_column(t); i < t->n; i += t->n_columns)
        most = t->cells[i].v > most ? t->cells[i].v : most;
    buf_addf(out,
             "<td class=\"bar\"><svg viewBox=\"0 0 %d 8\" preserveAspectRatio=\"none\" "
             "aria-hidden=\"true\">"
             "<rect width=\"%lld\" height=\"8\"/></svg></td>",
             BAR_MAX, (long long)(c->v * BAR_MAX / most));
}

/* The line as it was written only where it differs from what is shown. */
static void
add_details(const struct table *t, const struct cell *row, struct buf *out)
{
    for (size_t i = DETAILS; i < t->n_columns; i++) {
        const struct cell *c = &row[i];
        if (c->kind == CELL_NONE || strcmp(t->columns[i].key, "n") == 0 ||
            (c->kind == CELL_TEXT && row[WORDING].kind == CELL_TEXT &&
             strcmp(c->text, row[WORDING].text) == 0))
            continue;
        buf_add_cstr(out, "<small><b>");
        add_text(out, t->columns[i].title);
        buf_add_cstr(out, "</b> ");
        add_cell_text(out, c);
        buf_add_cstr(out, "</small>");
    }
}

static void
add_row(const struct table *t, const struct cell *row, struct buf *out)
{
    buf_add_cstr(out, "<tr>");
    for (size_t i = 0; i < shown_columns(t); i++) {
        buf_addf(out, "<td class=\"%s\">", class_of(t, i));
        add_cell_text(out, &row[i]);
        if (has_details(t) && i == WORDING)
            add_details(t, row, out);
        buf_add_cstr(out, "</td>");
        if (i == drawn_column(t))
            add_bar(t, &row[i], out);
    }
    buf_add_cstr(out, "</tr>\n");
}

static void
add_table(const struct table *t, struct buf *out)
{
    buf_addf(out, "<table class=\"%s\">\n<thead><tr>", t->key);
    for (size_t i = 0; i < shown_columns(t); i++) {
        buf_addf(out, "<th scope=\"col\" class=\"%s\">", class_of(t, i));
        add_text(out, t->columns[i].title);
        buf_add_cstr(out,
                     i == drawn_column(t) ? "</th><td class=\"bar\"></td>" : "</th>");
    }
    buf_add_cstr(out, "</tr></thead>\n<tbody>\n");
    for (size_t row = 0; row < table_rows(t); row++)
        add_row(t, &t->cells[row * t->n_columns], out);
    buf_add_cstr(out, "</tbody>\n</table>\n");
}

void
report_write_html(const struct tables *t, struct buf *out)
{
    add_head(t, out);
    add_about(&t->items[0], out);
    for (size_t i = 1; i < t->n; i++) {
        if (t->items[i].n == 0)
            continue;
        buf_add_cstr(out, "<section>\n<h2>");
        add_text(out, t->items[i].title);
        buf_add_cstr(out, "</h2>\n");
        if (i == CARDS)
            add_cards(&t->items[i], out);
        else
            add_table(&t->items[i], out);
        buf_add_cstr(out, "</section>\n");
    }
    buf_add_cstr(out, "</body>\n</html>\n");
}
