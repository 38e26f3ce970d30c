/* SPDX-License-Identifier: Apache-2.0 */
/* compare_json.c - the one JSON form of a comparison, the same in `suraq lab --json` and
 * in the sandbox of the filters page. */
#include "judge/compare.h"

#include <inttypes.h>

static const char *const names[] = {
#define CHANGE_NAME(code, bit, name) [bit] = (name),
    COMPARE_CHANGE_MAP(CHANGE_NAME)
#undef CHANGE_NAME
};
_Static_assert(sizeof(names) / sizeof(names[0]) == COMPARE_CHANGES, "a name for each");

static const char *const sides[COMPARE_SIDES] = {"old", "new"};

const char *
compare_change_name(enum compare_change change)
{
    unsigned bit = 0;
    while (((unsigned)change >> bit) > 1)
        bit++;
    return names[bit];
}

static void
write_rule(const struct compare_reason *r, struct buf *out)
{
    buf_add_cstr(out, "{\"filter\":");
    buf_add_json(out, str_from(r->filter));
    buf_add_cstr(out, ",\"rule\":");
    buf_add_json(out, str_from(r->rule));
    for (size_t i = 0; i < COMPARE_SIDES; i++) {
        buf_addf(out, ",\"%s\":", sides[i]);
        if (r->hit[i])
            buf_add_i64(out, r->score[i]);
        else
            buf_add_cstr(out, "null");
    }
    buf_add_char(out, '}');
}

void
compare_line_write_json(const struct compare_line *line, struct buf *out)
{
    const char *comma = "";
    buf_add_cstr(out, "\"changes\":[");
    for (unsigned bit = 0; bit < COMPARE_CHANGES; bit++) {
        if (((line->changes >> bit) & 1u) == 0)
            continue;
        buf_addf(out, "%s\"%s\"", comma, names[bit]);
        comma = ",";
    }
    buf_add_char(out, ']');
    for (size_t i = 0; i < COMPARE_SIDES; i++) {
        buf_addf(out, ",\"%s\":{", sides[i]);
        verdict_write_json(line->verdict[i], out);
        buf_add_char(out, '}');
    }
    buf_add_cstr(out, ",\"rules\":[");
    for (size_t i = 0; i < line->n_reasons; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        write_rule(&line->reasons[i], out);
    }
    buf_add_char(out, ']');
}

static void
write_pair(const char *name, const uint64_t pair[COMPARE_SIDES], struct buf *out)
{
    buf_addf(out, "\"%s\":{\"old\":%" PRIu64 ",\"new\":%" PRIu64 "}", name,
             pair[COMPARE_OLD], pair[COMPARE_NEW]);
}

static void
write_totals(const struct compare_totals *t, struct buf *out)
{
    buf_addf(out, "\"totals\":{\"messages\":%" PRIu64 ",", t->messages);
    write_pair("questions", t->questions, out);
    buf_add_char(out, ',');
    write_pair("held", t->held, out);
    for (unsigned bit = 0; bit < COMPARE_CHANGES; bit++)
        buf_addf(out, ",\"%s\":%" PRIu64, names[bit], t->changes[bit]);
    buf_addf(out, ",\"changed\":%" PRIu64 "}", t->changed);
}

static const char *
there(const struct compare_count *row)
{
    if (!row->there[COMPARE_OLD])
        return "new";
    return row->there[COMPARE_NEW] ? "both" : "old";
}

static void
write_row(const struct compare_count *row, struct buf *out)
{
    bool is_file = row->rule == NULL;
    buf_add_cstr(out, is_file ? "{\"filter\":" : "{\"rule\":");
    buf_add_json(out, str_from(is_file ? row->filter : row->rule));
    if (is_file)
        buf_addf(out, ",\"kind\":\"%s\"", row->kind);
    else
        buf_addf(out, ",\"trial\":%s", row->trial ? "true" : "false");
    buf_addf(out, ",\"in\":\"%s\",", there(row));
    write_pair("hits", row->hits, out);
    if (is_file) {
        buf_add_char(out, ',');
        write_pair("fired", row->fired, out);
        buf_add_cstr(out, ",\"rules\":[");
    } else {
        buf_add_char(out, '}');
    }
}

void
compare_write_json(const struct compare *c, struct buf *out)
{
    const struct compare_count *rows;
    size_t n = compare_counts(c, &rows);
    write_totals(compare_totals(c), out);
    buf_add_cstr(out, ",\"filters\":[");
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && rows[i].rule == NULL)
            buf_add_cstr(out, "]},");
        else if (i > 0 && rows[i - 1].rule != NULL)
            buf_add_char(out, ',');
        write_row(&rows[i], out);
    }
    buf_add_cstr(out, n > 0 ? "]}]" : "]");
}
