/* SPDX-License-Identifier: Apache-2.0 */
/* buf.c - a growing byte buffer, and every way in which text leaves the program.
 *
 * Capacity doubles, so adding is linear overall. One byte behind the text is always a
 * NUL. The escapers copy runs of harmless bytes at once: they stand on the path of every
 * chat line. Each exit (JSON, log, HTML, CSV) has one escaper, here. */
#include "base/buf.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

void
buf_fini(struct buf *b)
{
    mem_free(b->data);
    *b = (struct buf)BUF_INIT;
}

void
buf_reset(struct buf *b)
{
    buf_truncate(b, 0);
}

void
buf_reserve(struct buf *b, size_t more)
{
    size_t need = b->len + more + 1;

    if (need <= b->cap)
        return;
    size_t cap = b->cap < 64 ? 64 : b->cap * 2;
    b->cap = cap < need ? need : cap;
    b->data = mem_resize(b->data, b->cap, 1);
}

void
buf_truncate(struct buf *b, size_t len)
{
    b->len = len;
    if (b->data != NULL)
        b->data[len] = '\0';
}

void
buf_add(struct buf *b, const void *p, size_t len)
{
    if (len == 0)
        return;
    buf_reserve(b, len);
    memcpy(b->data + b->len, p, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void
buf_add_str(struct buf *b, struct str s)
{
    buf_add(b, s.p, s.len);
}

void
buf_add_cstr(struct buf *b, const char *s)
{
    if (s != NULL)
        buf_add(b, s, strlen(s));
}

void
buf_add_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void
buf_add_u64(struct buf *b, uint64_t v)
{
    char digits[20];
    size_t n = sizeof(digits);

    do {
        digits[--n] = (char)('0' + v % 10);
        v /= 10;
    } while (v > 0);
    buf_add(b, digits + n, sizeof(digits) - n);
}

void
buf_add_i64(struct buf *b, int64_t v)
{
    if (v < 0)
        buf_add_char(b, '-');
    buf_add_u64(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void
buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
    va_list again;

    va_copy(again, ap);
    buf_reserve(b, 128);
    int n = vsnprintf(b->data + b->len, b->cap - b->len, fmt, ap);
    size_t len = n < 0 ? 0 : (size_t)n;
    if (len >= b->cap - b->len) {
        buf_reserve(b, len);
        (void)vsnprintf(b->data + b->len, b->cap - b->len, fmt, again);
    }
    b->len += len;
    b->data[b->len] = '\0';
    va_end(again);
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    buf_vaddf(b, fmt, ap);
    va_end(ap);
}

/* One escaper: `write` puts out a code point that may not go through as it is (-1: bad
 * bytes); `is_plain` says of one byte or code point that it may. */
struct escaper {
    bool (*is_plain)(int32_t cp);
    void (*write)(struct buf *b, int32_t cp, struct str bytes);
};

static void
escape(struct buf *b, struct str s, const struct escaper *how)
{
    size_t pos = 0, done = 0;

    buf_reserve(b, s.len);
    while (pos < s.len) {
        size_t at = pos;
        int32_t cp = utf8_next(s, &pos);
        if (cp >= 0 && how->is_plain(cp))
            continue;
        buf_add(b, s.p + done, at - done);
        how->write(b, cp, (struct str){s.p + at, pos - at});
        done = pos;
    }
    if (s.len > done)
        buf_add(b, s.p + done, s.len - done);
}

static bool
json_is_plain(int32_t cp)
{
    return cp >= 0x20 && cp != '"' && cp != '\\' && cp != '<' && cp != 0x7F &&
           cp != 0x2028 && cp != 0x2029;
}

static void
json_write(struct buf *b, int32_t cp, struct str bytes)
{
    (void)bytes;
    switch (cp) {
    case -1:
        utf8_add(b, UTF8_REPLACEMENT);
        break;
    case '"':
        buf_add_cstr(b, "\\\"");
        break;
    case '\\':
        buf_add_cstr(b, "\\\\");
        break;
    case '\n':
        buf_add_cstr(b, "\\n");
        break;
    default:
        buf_addf(b, "\\u%04x", (unsigned)cp);
        break;
    }
}

void
buf_add_json(struct buf *b, struct str s)
{
    static const struct escaper how = {json_is_plain, json_write};

    buf_add_char(b, '"');
    escape(b, s, &how);
    buf_add_char(b, '"');
}

static bool
terminal_is_plain(int32_t cp)
{
    return cp >= 0x20 && !(cp >= 0x7F && cp < 0xA0) && !utf8_is_invisible((uint32_t)cp);
}

static void
terminal_write(struct buf *b, int32_t cp, struct str bytes)
{
    if (cp >= 0x80) {
        buf_addf(b, "\\u{%04X}", (unsigned)cp);
        return;
    }
    for (size_t i = 0; i < bytes.len; i++)
        buf_addf(b, "\\x%02X", (unsigned char)bytes.p[i]);
}

void
buf_add_escaped(struct buf *b, struct str s)
{
    static const struct escaper how = {terminal_is_plain, terminal_write};

    escape(b, s, &how);
}

static bool
html_is_plain(int32_t cp)
{
    return (cp >= 0x20 || cp == '\n' || cp == '\t') && cp != '<' && cp != '>' &&
           cp != '&' && cp != '"' && cp != '\'' && !(cp >= 0x7F && cp < 0xA0);
}

static void
html_write(struct buf *b, int32_t cp, struct str bytes)
{
    (void)bytes;
    if (cp == '<' || cp == '>' || cp == '&' || cp == '"' || cp == '\'')
        buf_addf(b, "&#%d;", (int)cp);
    else
        utf8_add(b, UTF8_REPLACEMENT);
}

void
buf_add_html(struct buf *b, struct str s)
{
    static const struct escaper how = {html_is_plain, html_write};

    escape(b, s, &how);
}

/* Where the list separator is a semicolon, a spreadsheet that opens the file by itself
 * ends cells at those inside our quotes, too: so a formula may begin behind each. */
void
buf_add_csv(struct buf *b, struct str s)
{
    static const char formula[] = "=+-@", ends[] = ";\t\r\n";
    bool begins = true;

    buf_add_char(b, '"');
    if (s.len > 0 && memchr(ends + 1, s.p[0], sizeof(ends) - 2) != NULL)
        buf_add_char(b, '\'');
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        if (begins && memchr(formula, c, sizeof(formula) - 1) != NULL)
            buf_add_char(b, '\'');
        begins = memchr(ends, c, sizeof(ends) - 1) != NULL || (begins && c == '"');
        if (c == '"')
            buf_add_char(b, '"');
        if (c == '\0')
            c = ' ';
        buf_add_char(b, c);
    }
    buf_add_char(b, '"');
}

void
buf_add_hex(struct buf *b, const uint8_t *p, size_t len)
{
    static const char digits[] = "0123456789abcdef";

    buf_reserve(b, len * 2);
    for (size_t i = 0; i < len; i++) {
        buf_add_char(b, digits[p[i] >> 4]);
        buf_add_char(b, digits[p[i] & 15]);
    }
}

char *
buf_steal(struct buf *b)
{
    buf_reserve(b, 0);
    b->data[b->len] = '\0';
    char *data = b->data;
    *b = (struct buf)BUF_INIT;
    return data;
}
