/* SPDX-License-Identifier: Apache-2.0 */
/* compose.c - the door of the judge: code points that show something, composed by NFKC.
 *
 * NFKC is made cluster by cluster, a base character with the marks behind it, because
 * only so is it known which part of the original each result stands for: every character
 * of a composed cluster stands for all of it. ASCII and Cyrillic without a mark behind
 * them, that is nearly everything, go past Unicode's tables.
 *
 * A cluster is cut after 30 marks (Unicode's Stream-Safe Text Format says the same):
 * sorting the marks of a "zalgo" line takes quadratic time, and all of them are dropped
 * later anyway. */
#include "judge/steps.h"

#include <utf8proc.h>

#include "base/utf8.h"

#define CLUSTER_MARKS 30
/* The longest compatibility decomposition of one code point is 18 long (U+FDFA). */
#define CLUSTER_ROOM ((CLUSTER_MARKS + 1) * 18)

/* Neither composes with what stands before it nor changes under NFKC. */
static bool
is_inert(uint32_t cp)
{
    return cp < 0x80 || (cp >= 0xC0 && cp <= 0x131) || (cp >= 0x400 && cp <= 0x481) ||
           (cp >= 0x48A && cp <= 0x52F) || cp == 0x2116;
}

/* Could `cp` become one with a character before it? */
static bool
may_attach(uint32_t cp)
{
    if (is_inert(cp))
        return false;
    if ((cp >= 0x1160 && cp <= 0x11FF) || (cp >= 0x3131 && cp <= 0x318E) ||
        (cp >= 0xFF9E && cp <= 0xFFDC))
        return true; /* Hangul vowels and finals in all widths; half-width voicing marks
                      */
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
    return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_MC ||
           c == UTF8PROC_CATEGORY_ME;
}

struct cluster {
    struct unit at[CLUSTER_MARKS + 1];
    size_t n;
};

/* Composes the cluster; gives the number of results, at most CLUSTER_ROOM. */
static size_t
compose(const struct cluster *c, utf8proc_int32_t out[CLUSTER_ROOM])
{
    uint8_t bytes[(CLUSTER_MARKS + 1) * 4];
    size_t len = 0;
    for (size_t i = 0; i < c->n; i++)
        len += (size_t)utf8proc_encode_char((utf8proc_int32_t)c->at[i].cp, bytes + len);
    const utf8proc_option_t how = UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE;
    utf8proc_ssize_t got =
        utf8proc_decompose(bytes, (utf8proc_ssize_t)len, out, CLUSTER_ROOM, how);
    if (got > 0 && got <= CLUSTER_ROOM)
        got = utf8proc_normalize_utf32(out, got, how);
    return got > 0 && got <= CLUSTER_ROOM ? (size_t)got : 0;
}

static void
flush(struct cluster *c, struct units *out)
{
    if (c->n == 1 && is_inert(c->at[0].cp)) {
        units_add(out, c->at[0]);
    } else if (c->n > 0) {
        utf8proc_int32_t cps[CLUSTER_ROOM];
        size_t n = compose(c, cps);
        struct unit x = {.from = c->at[0].from, .to = c->at[c->n - 1].to};
        for (size_t i = 0; i < n; i++) {
            x.cp = (uint32_t)cps[i];
            units_add(out, x);
        }
    }
    c->n = 0;
}

void
compose_read(struct str text, struct units *out)
{
    struct cluster c = {.n = 0};
    out->n = 0;
    uint32_t index = 0;
    for (size_t pos = 0; pos < text.len; index++) {
        uint32_t cp = (uint32_t)utf8_next(text, &pos);
        if (letter_class(cp) == LETTER_NOTHING) {
            /* It belongs to what it follows, so that masking that takes it along. */
            if (c.n > 0)
                c.at[c.n - 1].to = index + 1;
            continue;
        }
        if (!may_attach(cp)) {
            flush(&c, out);
        } else if (c.n == CLUSTER_MARKS + 1) {
            c.at[c.n - 1].to = index + 1;
            continue;
        }
        c.at[c.n++] = (struct unit){.cp = cp, .from = index, .to = index + 1};
    }
    flush(&c, out);
}
