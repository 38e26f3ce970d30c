/* SPDX-License-Identifier: Apache-2.0 */
/* vk_text.c - the texts of VK: to what people saw when they wrote them.
 *
 * Some methods write "&amp;", "&lt;" and "<br>" in texts and names, others do not; both
 * read the same here, each entity once. "[id1|Name]" is how somebody is called by name.
 * What is none of these stays as it is. */
#include <stdlib.h>

#include "base/bounds.h"
#include "base/utf8.h"
#include "source/vk.h"

/* If `s` begins with `prefix` (any case), gives how long it is. */
static size_t
begins(struct str s, const char *prefix)
{
    struct str p = str_from(prefix);
    if (s.len < p.len)
        return 0;
    return str_eq_ascii_nocase((struct str){.p = s.p, .len = p.len}, p) ? p.len : 0;
}

static size_t
digits(struct str s, size_t at)
{
    size_t end = at;
    while (end < s.len && s.p[end] >= '0' && s.p[end] <= '9')
        end++;
    return end - at;
}

/* "&#1234;" */
static size_t
read_number(struct str s, struct buf *out)
{
    size_t n = begins(s, "&#") != 0 ? digits(s, 2) : 0;
    if (n == 0 || n > 7 || s.len <= 2 + n || s.p[2 + n] != ';')
        return 0;
    unsigned long cp = strtoul(s.p + 2, NULL, 10); /* ends at the ';' */
    bool good = (cp >= 0x20 && cp < 0xD800) || (cp > 0xDFFF && cp <= 0x10FFFF);
    utf8_add(out, good ? (uint32_t)cp : ' ');
    return 2 + n + 1;
}

static size_t
read_entity(struct str s, struct buf *out)
{
    static const struct {
        const char *from, *to;
    } table[] = {{"&amp;", "&"},   {"&lt;", "<"},    {"&gt;", ">"},   {"&quot;", "\""},
                 {"&apos;", "'"},  {"&nbsp;", " "},  {"<br>", "\n"},  {"<br/>", "\n"},
                 {"<br />", "\n"}, {"&ndash;", "–"}, {"&mdash;", "—"}};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        size_t n = begins(s, table[i].from);
        if (n > 0) {
            buf_add_cstr(out, table[i].to);
            return n;
        }
    }
    return read_number(s, out);
}

/* "[id1|Name]", "[club1:bp-2_3|Name]": `name` gets the name, still with its entities. */
static size_t
read_mention(struct str s, struct str *name)
{
    static const char *const kinds[] = {"[id", "[club", "[public", "[event"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        size_t head = begins(s, kinds[i]);
        size_t n = head > 0 ? digits(s, head) : 0;
        if (n == 0)
            continue;
        struct str rest = {.p = s.p + head + n, .len = s.len - head - n};
        if (rest.len > BOUNDS_NAME)
            rest.len = BOUNDS_NAME;
        const char *bar = rest.len > 0 ? memchr(rest.p, '|', rest.len) : NULL;
        const char *end = rest.len > 0 ? memchr(rest.p, ']', rest.len) : NULL;
        if (bar == NULL || end == NULL || end <= bar + 1 ||
            (bar != rest.p && rest.p[0] != ':'))
            return 0;
        *name = (struct str){.p = bar + 1, .len = (size_t)(end - bar) - 1};
        return (size_t)(end - s.p) + 1;
    }
    return 0;
}

/* One letter or entity from the front of `s`; gives how long it was. */
static size_t
read_letter(struct str s, struct buf *out)
{
    size_t n = s.p[0] == '&' || s.p[0] == '<' ? read_entity(s, out) : 0;
    if (n == 0)
        buf_add_char(out, s.p[0]);
    return n > 0 ? n : 1;
}

static struct str
from(struct str s, size_t at)
{
    return (struct str){.p = s.p + at, .len = s.len - at};
}

void
vk_plain(struct str text, struct buf *out)
{
    size_t at = 0;
    while (at < text.len) {
        struct str rest = from(text, at), name = STR_NONE;
        size_t n = rest.p[0] == '[' ? read_mention(rest, &name) : 0;
        for (size_t i = 0; i < name.len;)
            i += read_letter(from(name, i), out);
        at += n > 0 ? n : read_letter(rest, out);
    }
}
