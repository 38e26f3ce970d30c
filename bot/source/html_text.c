/* SPDX-License-Identifier: Apache-2.0 */
/* html_text.c - HTML of chats to words.
 *
 * Platforms send their own, already cleaned HTML: paragraphs, emphasis, links, pictures
 * for emoji. So this reads markup and is no parser of documents: a "<" that no letter,
 * "/" or "!" follows is text, a tag ends at the first ">" outside quotes, and what
 * <script> and <style> hold is dropped. A tag that never ends takes the rest with it:
 * half a tag is no text. */
#include "source/html_text.h"

#include <string.h>

#include "base/utf8.h"

/* What browsers and chat servers write; others stay as they are. */
static const struct {
    const char *name;
    uint32_t rune;
} references[] = {
    {"amp", '&'},      {"lt", '<'},       {"gt", '>'},        {"quot", '"'},
    {"apos", '\''},    {"nbsp", ' '},     {"laquo", 0xab},    {"raquo", 0xbb},
    {"mdash", 0x2014}, {"ndash", 0x2013}, {"hellip", 0x2026}, {"bdquo", 0x201e},
    {"ldquo", 0x201c}, {"rdquo", 0x201d}, {"lsquo", 0x2018},  {"rsquo", 0x2019},
};

/* Tags that part words. */
static const char *const blocks[] = {"br", "p",  "div", "li", "ul",  "ol",        "tr",
                                     "td", "h1", "h2",  "h3", "pre", "blockquote"};

struct tag {
    struct str name, rest; /* rest: the attributes */
    bool closes;
};

static void
add_space(struct buf *out, size_t start)
{
    if (out->len > start && out->data[out->len - 1] != ' ')
        buf_add_char(out, ' ');
}

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* --- references */

static uint32_t
numbered(struct str digits)
{
    uint32_t rune = 0;
    bool hex = digits.len > 1 && (digits.p[0] == 'x' || digits.p[0] == 'X');
    for (size_t i = hex ? 1 : 0; i < digits.len; i++) {
        char c = digits.p[i];
        uint32_t value = c >= '0' && c <= '9'          ? (uint32_t)(c - '0')
                         : hex && c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : hex && c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                       : UINT32_MAX;
        if (value == UINT32_MAX || rune > 0x10ffff)
            return 0;
        rune = rune * (hex ? 16 : 10) + value;
    }
    bool surrogate = rune >= 0xd800 && rune <= 0xdfff;
    return rune > 0x10ffff || surrogate || rune < ' ' ? 0 : rune;
}

static uint32_t
named(struct str name)
{
    for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++)
        if (str_eq(name, str_from(references[i].name)))
            return references[i].rune;
    return 0;
}

/* How many bytes the reference takes; 0: it is none. `s` begins with "&". */
static size_t
reference(struct str s, uint32_t *rune)
{
    enum { LONGEST = 12 };
    size_t n = 1;
    while (n < s.len && n < LONGEST && s.p[n] != ';')
        n++;
    if (n == s.len || s.p[n] != ';' || n < 2)
        return 0;
    struct str body = {.p = s.p + 1, .len = n - 1};
    *rune = body.p[0] == '#' && body.len > 1
                ? numbered((struct str){.p = body.p + 1, .len = body.len - 1})
                : named(body);
    return *rune == 0 ? 0 : n + 1;
}

static void
add_text(struct str s, struct buf *out)
{
    for (size_t i = 0; i < s.len;) {
        struct str rest = {.p = s.p + i, .len = s.len - i};
        uint32_t rune;
        size_t n = rest.p[0] == '&' ? reference(rest, &rune) : 0;
        if (n > 0)
            utf8_add(out, rune);
        else
            buf_add_char(out, rest.p[0]);
        i += n > 0 ? n : 1;
    }
}

/* --- tags */

/* How many bytes the tag takes; `s` begins with "<". 0: it is text. */
static size_t
read_tag(struct str s, struct tag *t)
{
    char quote = '\0';
    size_t from = 1, name_end, n;
    *t = (struct tag){.closes = s.len > 1 && s.p[1] == '/'};
    from += t->closes;
    if (from == s.len || (!is_letter(s.p[from]) && s.p[from] != '!'))
        return 0;
    for (name_end = from;
         name_end < s.len &&
         (is_letter(s.p[name_end]) || (s.p[name_end] >= '0' && s.p[name_end] <= '9'));)
        name_end++;
    for (n = name_end; n < s.len && (quote != '\0' || s.p[n] != '>'); n++) {
        if (quote != '\0') {
            if (s.p[n] == quote)
                quote = '\0';
        } else if (s.p[n] == '"' || s.p[n] == '\'')
            quote = s.p[n];
    }
    t->name = (struct str){.p = s.p + from, .len = name_end - from};
    t->rest = (struct str){.p = s.p + name_end, .len = n - name_end};
    return n < s.len ? n + 1 : s.len;
}

static bool
is_tag(const struct tag *t, const char *name)
{
    return t->name.len == strlen(name) && strncasecmp(t->name.p, name, t->name.len) == 0;
}

static bool
is_block(const struct tag *t)
{
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
        if (is_tag(t, blocks[i]))
            return true;
    return false;
}

/* The value of alt="..."; empty when there is none. */
static struct str
alt_of(struct str rest)
{
    for (size_t i = 0; i + 5 < rest.len; i++) {
        char quote = rest.p[i + 5];
        if (!is_space(rest.p[i]) || strncasecmp(rest.p + i + 1, "alt=", 4) != 0 ||
            (quote != '"' && quote != '\''))
            continue;
        const char *begin = rest.p + i + 6;
        const char *end = memchr(begin, quote, (size_t)(rest.p + rest.len - begin));
        return end == NULL ? STR_NONE
                           : (struct str){.p = begin, .len = (size_t)(end - begin)};
    }
    return STR_NONE;
}

/* How many bytes to leave out up to the closing tag. */
static size_t
skip_content(struct str s, const struct tag *t)
{
    for (size_t i = 0; i + 2 + t->name.len <= s.len; i++)
        if (s.p[i] == '<' && s.p[i + 1] == '/' &&
            strncasecmp(s.p + i + 2, t->name.p, t->name.len) == 0)
            return i;
    return s.len;
}

static size_t
on_tag(struct str s, size_t start, struct buf *out)
{
    struct tag t;
    size_t n = read_tag(s, &t);
    if (n == 0)
        return 0;
    if (!t.closes && is_tag(&t, "img"))
        add_text(alt_of(t.rest), out);
    else if (is_block(&t))
        add_space(out, start);
    else if (!t.closes && (is_tag(&t, "script") || is_tag(&t, "style")))
        n += skip_content((struct str){.p = s.p + n, .len = s.len - n}, &t);
    return n;
}

void
html_text(struct str html, struct buf *out)
{
    size_t start = out->len;
    for (size_t i = 0; i < html.len;) {
        struct str rest = {.p = html.p + i, .len = html.len - i};
        size_t n = rest.p[0] == '<' ? on_tag(rest, start, out) : 0, plain = 0;
        if (n == 0 && is_space(rest.p[0])) {
            add_space(out, start);
            n = 1;
        } else if (n == 0) {
            plain = 1;
            while (plain < rest.len && rest.p[plain] != '<' && !is_space(rest.p[plain]))
                plain++;
            add_text((struct str){.p = rest.p, .len = plain}, out);
        }
        i += n > 0 ? n : plain;
    }
    while (out->len > start && out->data[out->len - 1] == ' ')
        buf_truncate(out, out->len - 1);
}
