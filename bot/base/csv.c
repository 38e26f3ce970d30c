/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c - a table as spreadsheets write it: records end with a line, fields with a
 * separator, and what stands in double quotes may hold both, a quote being doubled.
 *
 * Lenient where nothing is lost by it: lines may end in LF, CRLF or CR, the last one in
 * nothing, and a quote inside a field that did not begin with one is a character. Strict
 * where a guess could join two questions: behind a closing quote only the end of the
 * field may come, and a quote that is never closed is an error of its record. */
#include "base/csv.h"

#include <string.h>

void
csv_init(struct csv *c, struct str text, char separator)
{
    if (str_has_prefix(text, STR_LIT("\xEF\xBB\xBF")))
        text = (struct str){text.p + 3, text.len - 3};
    *c = (struct csv){.rest = text, .separator = separator, .line = 1};
}

void
csv_fini(struct csv *c)
{
    buf_fini(&c->room);
}

static char
take(struct csv *c)
{
    char byte = c->rest.p[0];

    c->rest.p++;
    c->rest.len--;
    return byte;
}

static bool
at_line_end(const struct csv *c)
{
    return c->rest.len == 0 || c->rest.p[0] == '\n' || c->rest.p[0] == '\r';
}

static void
end_line(struct csv *c)
{
    if (c->rest.len == 0)
        return;
    if (take(c) == '\r' && c->rest.len > 0 && c->rest.p[0] == '\n')
        (void)take(c);
    c->line++;
}

/* What is left of a line that cannot be read. */
static int
malformed(struct csv *c, struct err *e, const char *why)
{
    while (!at_line_end(c))
        (void)take(c);
    end_line(c);
    return err_set(e, ERR_PARSE, "%s", why);
}

/* Behind the opening quote. False: it is never closed. */
static bool
quoted(struct csv *c)
{
    while (c->rest.len > 0) {
        bool breaks = at_line_end(c) && !str_has_prefix(c->rest, STR_LIT("\r\n"));
        char byte = take(c);
        c->line += breaks;
        if (byte != '"') {
            buf_add_char(&c->room, byte);
            continue;
        }
        if (c->rest.len == 0 || c->rest.p[0] != '"')
            return true;
        buf_add_char(&c->room, take(c));
    }
    return false;
}

static void
unquoted(struct csv *c)
{
    while (!at_line_end(c) && c->rest.p[0] != c->separator)
        buf_add_char(&c->room, take(c));
}

/* One field into the room. */
static int
field(struct csv *c, struct err *e)
{
    if (c->rest.len == 0 || c->rest.p[0] != '"') {
        unquoted(c);
        return 0;
    }
    (void)take(c);
    if (!quoted(c))
        return malformed(c, e, "a quote is opened here and never closed");
    if (!at_line_end(c) && c->rest.p[0] != c->separator)
        return malformed(c, e, "something stands behind a closing quote");
    return 0;
}

int
csv_next(struct csv *c, struct csv_record *r, struct err *e)
{
    size_t end[CSV_FIELDS] = {0}, begin = 0;

    buf_reset(&c->room);
    while (c->rest.len > 0 && at_line_end(c))
        end_line(c);
    *r = (struct csv_record){.line = c->line};
    if (c->rest.len == 0)
        return 0;
    for (;;) {
        if (field(c, e) < 0)
            return -1;
        if (r->n++ < CSV_FIELDS)
            end[r->n - 1] = c->room.len;
        if (at_line_end(c))
            break;
        (void)take(c);
    }
    end_line(c);
    for (size_t i = 0; i < r->n && i < CSV_FIELDS; i++) {
        r->field[i] = (struct str){c->room.data + begin, end[i] - begin};
        begin = end[i];
    }
    return 1;
}
