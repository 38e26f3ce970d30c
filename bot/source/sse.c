/* SPDX-License-Identifier: Apache-2.0 */
/* sse.c - server-sent events: pieces of a stream to events.
 *
 * Only `data` means something to us: kinds, ids and the server's wish to wait are not
 * used by any platform we read. A line ends with LF, CR LF or CR; an empty one ends the
 * event. An event that grows over the cap is passed over as a whole. */
#include "source/sse.h"

#include <string.h>

#include "base/bounds.h"

void
sse_fini(struct sse *s)
{
    buf_fini(&s->line);
    buf_fini(&s->data);
    s->cr = s->too_long = false;
}

static void
take_line(struct sse *s, void (*event)(void *arg, struct str data), void *arg)
{
    struct str rest = buf_str(&s->line), name;
    if (rest.len == 0) {
        if (s->data.len > 0 && !s->too_long)
            event(arg, (struct str){.p = s->data.data, .len = s->data.len - 1});
        buf_reset(&s->data);
        s->too_long = false;
        return;
    }
    if (!str_split(&rest, ':', &name) || !str_eq(name, STR_LIT("data")))
        return;
    if (rest.len > 0 && rest.p[0] == ' ')
        rest = (struct str){.p = rest.p + 1, .len = rest.len - 1};
    buf_add_str(&s->data, rest);
    buf_add_char(&s->data, '\n');
}

static size_t
plain_bytes(struct str piece, size_t at)
{
    size_t end = at;
    while (end < piece.len && piece.p[end] != '\n' && piece.p[end] != '\r')
        end++;
    return end - at;
}

void
sse_feed(struct sse *s, struct str piece, void (*event)(void *arg, struct str data),
         void *arg)
{
    for (size_t i = 0; i < piece.len;) {
        size_t n = plain_bytes(piece, i);
        s->too_long = s->too_long || s->line.len + s->data.len + n > BOUNDS_FRAME;
        if (!s->too_long && n > 0)
            buf_add(&s->line, piece.p + i, n);
        i += n;
        s->cr = s->cr && n == 0;
        if (i == piece.len)
            return;
        bool second_half = s->cr && piece.p[i] == '\n';
        s->cr = piece.p[i] == '\r';
        i++;
        if (second_half)
            continue;
        take_line(s, event, arg);
        buf_reset(&s->line);
    }
}
