/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.h - UTF-8 at the door: decode, check, repair, count. */
#ifndef SURAQ_BASE_UTF8_H
#define SURAQ_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define UTF8_REPLACEMENT 0xFFFDu

/* What utf8_next() does for sequences that are longer than two bytes, or bad. */
int32_t utf8_next_long(struct str s, size_t *pos);

/* Decodes the code point at *pos (pos < s.len) and moves *pos behind it. A bad byte gives
 * -1 and moves by the maximal ill-formed part (Unicode 15, section 3.9: at least 1 byte).
 */
static inline int32_t
utf8_next(struct str s, size_t *pos)
{
    const unsigned char *p = (const unsigned char *)s.p + *pos;
    if (p[0] < 0x80) {
        *pos += 1;
        return p[0];
    }
    if (p[0] >= 0xC2 && p[0] < 0xE0 && s.len - *pos > 1 && (p[1] & 0xC0) == 0x80) {
        *pos += 2;
        return (p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    }
    return utf8_next_long(s, pos);
}

bool utf8_is_valid(struct str s);

/* Adds `s` to `out` with every ill-formed part replaced by U+FFFD. Returns the number of
 * replacements. */
size_t utf8_repair(struct str s, struct buf *out);

/* Adds one code point (U+0000..U+10FFFF without surrogates). */
void utf8_add(struct buf *out, uint32_t cp);

/* The same into memory that has room for four bytes; gives the place behind it. */
static inline char *
utf8_put(char *out, uint32_t cp)
{
    if (cp < 0x80) {
        *out++ = (char)cp;
        return out;
    }
    if (cp < 0x800) {
        *out++ = (char)(0xC0 | (cp >> 6));
    } else {
        if (cp < 0x10000) {
            *out++ = (char)(0xE0 | (cp >> 12));
        } else {
            *out++ = (char)(0xF0 | (cp >> 18));
            *out++ = (char)(0x80 | ((cp >> 12) & 0x3F));
        }
        *out++ = (char)(0x80 | ((cp >> 6) & 0x3F));
    }
    *out++ = (char)(0x80 | (cp & 0x3F));
    return out;
}

/* Number of code points of valid UTF-8. */
size_t utf8_count(struct str s);
/* Byte offset of code point `n` (s.len when there are fewer). */
size_t utf8_offset(struct str s, size_t n);
/* Longest prefix of at most `max` bytes that does not cut a code point. */
struct str utf8_prefix(struct str s, size_t max);

/* Controls that change how other text is shown or hide it: bidi embeddings, isolates and
 * marks, zero-width characters, soft hyphen, BOM, tags, invisible operators. ZWJ and
 * variation selectors count too. */
bool utf8_is_invisible(uint32_t cp);

#endif
