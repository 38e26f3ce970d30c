/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.c - UTF-8 at the door.
 *
 * The decoder accepts exactly the well-formed sequences of Unicode table 3-7: no overlong
 * forms, no surrogates, nothing above U+10FFFF. What is ill-formed is consumed by its
 * maximal part, so that a repaired text has one U+FFFD where other programs show one. */
#include "base/utf8.h"

#include <string.h>

static bool
is_tail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* Length of the sequence that `lead` begins (0: none), and the range of its second byte.
 */
static size_t
sequence(unsigned char lead, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (lead == 0xE0)
            *low = 0xA0;
        if (lead == 0xED)
            *high = 0x9F;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (lead == 0xF0)
            *low = 0x90;
        if (lead == 0xF4)
            *high = 0x8F;
        return 4;
    }
    return 0;
}

int32_t
utf8_next_long(struct str s, size_t *pos)
{
    const unsigned char *p = (const unsigned char *)s.p + *pos;
    size_t left = s.len - *pos;
    unsigned char low, high;

    size_t len = sequence(p[0], &low, &high);
    if (len == 0 || left < 2 || p[1] < low || p[1] > high) {
        *pos += 1;
        return -1;
    }
    int32_t cp = p[0] & (0x7F >> len);
    for (size_t i = 1; i < len; i++) {
        if (i >= left || !is_tail(p[i])) {
            *pos += i;
            return -1;
        }
        cp = (cp << 6) | (p[i] & 0x3F);
    }
    *pos += len;
    return cp;
}

bool
utf8_is_valid(struct str s)
{
    size_t pos = 0;

    while (pos < s.len) {
        if ((unsigned char)s.p[pos] < 0x80)
            pos++;
        else if (utf8_next(s, &pos) < 0)
            return false;
    }
    return true;
}

size_t
utf8_repair(struct str s, struct buf *out)
{
    size_t pos = 0, good = 0, repaired = 0;

    while (pos < s.len) {
        size_t at = pos;
        if (utf8_next(s, &pos) >= 0)
            continue;
        buf_add(out, s.p + good, at - good);
        utf8_add(out, UTF8_REPLACEMENT);
        good = pos;
        repaired++;
    }
    if (s.len > good)
        buf_add(out, s.p + good, s.len - good);
    return repaired;
}

void
utf8_add(struct buf *out, uint32_t cp)
{
    char b[4];
    buf_add(out, b, (size_t)(utf8_put(b, cp) - b));
}

/* Tails among eight bytes: the top bit is set and the one below it is not. */
static size_t
count_tails(const char *p)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t eight;
    memcpy(&eight, p, sizeof(eight));
    return (eight >> 7 & ~(eight >> 6) & ones) * ones >> 56;
}

size_t
utf8_count(struct str s)
{
    size_t n = s.len, i = 0;

    for (; s.len - i >= 8; i += 8)
        n -= count_tails(s.p + i);
    for (; i < s.len; i++)
        n -= is_tail((unsigned char)s.p[i]);
    return n;
}

size_t
utf8_offset(struct str s, size_t n)
{
    size_t i = 0;

    for (; i < s.len; i++) {
        if (is_tail((unsigned char)s.p[i]))
            continue;
        if (n == 0)
            break;
        n--;
    }
    return i;
}

struct str
utf8_prefix(struct str s, size_t max)
{
    if (s.len <= max)
        return s;
    while (max > 0 && is_tail((unsigned char)s.p[max]))
        max--;
    return (struct str){.p = s.p, .len = max};
}

bool
utf8_is_invisible(uint32_t cp)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00AD, 0x00AD}, {0x034F, 0x034F}, {0x061C, 0x061C},   {0x115F, 0x1160},
        {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x200B, 0x200F},   {0x2028, 0x202E},
        {0x2060, 0x206F}, {0x3164, 0x3164}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
        {0xFFA0, 0xFFA0}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE0FFF},
    };

    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]) && cp >= ranges[i].first;
         i++) {
        if (cp <= ranges[i].last)
            return true;
    }
    return false;
}
