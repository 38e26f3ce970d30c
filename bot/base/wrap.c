/* SPDX-License-Identifier: Apache-2.0 */
/* wrap.c - breaking lines by what a terminal shows: wide characters take two columns,
 * marks none. Only spaces are places to break; chat has no other rules to go by. */
#include "base/wrap.h"

#include <utf8proc.h>

#include "base/utf8.h"

enum { NARROWEST = 10 }; /* columns of text, whatever the indent */

static unsigned
columns_of(int32_t cp)
{
    int width = cp < 0 ? 1 : utf8proc_charwidth(cp);

    return width < 0 ? 0 : (unsigned)width;
}

unsigned
wrap_columns(struct str s)
{
    unsigned n = 0;

    for (size_t pos = 0; pos < s.len;)
        n += columns_of(utf8_next(s, &pos));
    return n;
}

/* How many bytes of `s` go on a line of `room` columns; at least one character. */
static size_t
fitting(struct str s, unsigned room)
{
    size_t pos = 0, space = 0;
    unsigned used = 0;

    while (pos < s.len) {
        size_t at = pos;
        int32_t cp = utf8_next(s, &pos);
        used += columns_of(cp);
        if (cp == ' ' && at > 0)
            space = at;
        if (used > room && at > 0)
            return space > 0 ? space : at;
    }
    return s.len;
}

void
wrap_add(struct buf *b, struct str s, unsigned indent, unsigned width)
{
    struct buf safe = BUF_INIT;

    buf_add_escaped(&safe, s);
    unsigned room = width > indent + NARROWEST ? width - indent : NARROWEST;
    struct str rest = buf_str(&safe);
    while (width > 0 && rest.len > 0) {
        size_t n = fitting(rest, room), shown = n;
        while (n < rest.len && shown > 0 && rest.p[shown - 1] == ' ')
            shown--;
        buf_add(b, rest.p, shown);
        rest = (struct str){rest.p + n, rest.len - n};
        while (rest.len > 0 && rest.p[0] == ' ')
            rest = (struct str){rest.p + 1, rest.len - 1};
        if (rest.len > 0)
            buf_addf(b, "\n%*s", (int)indent, "");
    }
    buf_add_str(b, rest);
    buf_fini(&safe);
}
