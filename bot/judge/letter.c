/* SPDX-License-Identifier: Apache-2.0 */
/* letter.c - facts about single code points.
 *
 * utf8proc knows Unicode; this file adds what it has no table for: which Latin letters
 * pass for which Cyrillic ones in this audience's chats, and which characters are
 * spellings of the same sign. ASCII and Cyrillic, nearly all of what comes, are answered
 * without a look-up.
 *
 * Twins go by shape and therefore by case: capital H is Н, small h is һ. Small k, m, t,
 * b, n have the shape of no small Cyrillic letter, but people who swap keyboards inside a
 * word do not look that closely, so they count as their capitals do. */
#include "judge/letter.h"

#include <stddef.h>

#include <utf8proc.h>

#include "base/utf8.h"

static bool
is_plain_cyrillic(uint32_t cp)
{
    return (cp >= 0x400 && cp <= 0x481) || (cp >= 0x48A && cp <= 0x52F);
}

static enum letter_class
class_of_ascii(uint32_t cp)
{
    if ((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z')
        return LETTER_LETTER;
    if (cp >= '0' && cp <= '9')
        return LETTER_DIGIT;
    if (cp == ' ' || (cp >= '\t' && cp <= '\r'))
        return LETTER_SPACE;
    if (cp < ' ' || cp == 0x7F)
        return LETTER_NOTHING;
    if (cp == '$' || cp == '+' || cp == '<' || cp == '=' || cp == '>' || cp == '^' ||
        cp == '`' || cp == '|' || cp == '~')
        return LETTER_OTHER;
    return LETTER_PUNCT;
}

/* Letters, marks and symbols that fonts leave blank although Unicode files them
 * elsewhere. */
static bool
is_blank(uint32_t cp)
{
    return cp == 0x34F || cp == 0x115F || cp == 0x1160 || cp == 0x17B4 || cp == 0x17B5 ||
           cp == 0x3164 || cp == 0xFFA0 || (cp >= 0x180B && cp <= 0x180F);
}

enum letter_class
letter_class(uint32_t cp)
{
    if (cp < 0x80)
        return class_of_ascii(cp);
    if (is_plain_cyrillic(cp))
        return LETTER_LETTER;
    if (cp == 0x85 || cp == 0x2800)
        return LETTER_SPACE;
    if (is_blank(cp) || utf8_is_invisible(cp))
        return LETTER_NOTHING;
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
    if ((c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO) ||
        c == UTF8PROC_CATEGORY_MC)
        return LETTER_LETTER;
    if (c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_ME)
        return LETTER_MARK;
    if (c == UTF8PROC_CATEGORY_ND)
        return LETTER_DIGIT;
    if (c >= UTF8PROC_CATEGORY_PC && c <= UTF8PROC_CATEGORY_PO)
        return LETTER_PUNCT;
    if (c >= UTF8PROC_CATEGORY_ZS && c <= UTF8PROC_CATEGORY_ZP)
        return LETTER_SPACE;
    if (c == UTF8PROC_CATEGORY_CC || c == UTF8PROC_CATEGORY_CF)
        return LETTER_NOTHING;
    return LETTER_OTHER;
}

uint32_t
letter_fold(uint32_t cp)
{
    if (cp < 0x80)
        return cp >= 'A' && cp <= 'Z' ? cp + 0x20 : cp;
    if (cp >= 0x400 && cp <= 0x45F)
        return cp < 0x410 ? cp + 0x50 : cp < 0x430 ? cp + 0x20 : cp;
    if ((cp >= 0x460 && cp <= 0x481) || (cp >= 0x48A && cp <= 0x4BF) ||
        (cp >= 0x4D0 && cp <= 0x52F))
        return cp | 1;
    utf8proc_int32_t folded[8];
    int boundary = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, folded, 8,
                                                 UTF8PROC_CASEFOLD, &boundary);
    return n == 1 ? (uint32_t)folded[0]
                  : (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
}

bool
letter_is_cyrillic(uint32_t cp)
{
    return is_plain_cyrillic(cp) || (cp >= 0x1C80 && cp <= 0x1C8F) ||
           (cp >= 0xA640 && cp <= 0xA66E) || (cp >= 0xA680 && cp <= 0xA69D);
}

bool
letter_is_latin(uint32_t cp)
{
    if (cp < 0x80)
        return (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z';
    return (cp >= 0xC0 && cp <= 0x2AF && cp != 0xD7 && cp != 0xF7) ||
           (cp >= 0x1E00 && cp <= 0x1EFF);
}

bool
letter_is_kazakh(uint32_t cp)
{
    switch (cp) {
    case 0x4D9: /* ә */
    case 0x493: /* ғ */
    case 0x49B: /* қ */
    case 0x4A3: /* ң */
    case 0x4E9: /* ө */
    case 0x4B1: /* ұ */
    case 0x4AF: /* ү */
    case 0x4BB: /* һ */
    case 0x456: /* і */
        return true;
    default:
        return false;
    }
}

static bool
is_among(uint32_t cp, const uint32_t *set)
{
    while (*set != 0 && *set != cp)
        set++;
    return *set != 0;
}

bool
letter_is_vowel(uint32_t cp)
{
    static const uint32_t vowels[] = {
        'a',   'e',   'i',   'o',   'u',   0xE1,  0xE4,  0xF3,  0xF6,  0xFA,
        0xFC,  0x16B, 0x131, 0x430, 0x435, 0x438, 0x43E, 0x443, 0x44B, 0x44D,
        0x44E, 0x44F, 0x451, 0x456, 0x4AF, 0x4B1, 0x4D9, 0x4E9, 0};
    return is_among(cp, vowels);
}

struct twin {
    uint32_t latin, cyrillic;
    char when; /* 'U' only capitals look alike, 'L' only small ones, 'B' both */
};

/* Read from the top: the first row that fits wins. */
static const struct twin twins[] = {
    {'a', 0x430, 'B'}, {'c', 0x441, 'B'}, {'e', 0x435, 'B'},   {'o', 0x43E, 'B'},
    {'p', 0x440, 'B'}, {'x', 0x445, 'B'}, {'y', 0x443, 'B'},   {'i', 0x456, 'B'},
    {'k', 0x43A, 'B'}, {'m', 0x43C, 'B'}, {'t', 0x442, 'B'},   {'b', 0x432, 'B'},
    {'h', 0x43D, 'U'}, {'h', 0x4BB, 'B'}, {0x131, 0x456, 'B'}, {'y', 0x4AF, 'B'},
};

static bool
has_shape(const struct twin *t, bool upper)
{
    return t->when == 'B' || t->when == (upper ? 'U' : 'L');
}

uint32_t
letter_cyrillic_twin(uint32_t cp, bool upper)
{
    for (size_t i = 0; i < sizeof(twins) / sizeof(twins[0]); i++)
        if (twins[i].latin == cp && has_shape(&twins[i], upper))
            return twins[i].cyrillic;
    return 0;
}

uint32_t
letter_latin_twin(uint32_t cp, bool upper)
{
    for (size_t i = 0; i < sizeof(twins) / sizeof(twins[0]); i++)
        if (twins[i].cyrillic == cp && has_shape(&twins[i], upper))
            return twins[i].latin;
    /* Cyrillic, but used for nothing here except passing for Latin ones. */
    return cp == 0x455 ? 's' : cp == 0x458 ? 'j' : 0;
}

/* First digits of the scripts whose zero to nine stand in a row. */
static const uint32_t zeros[] = {
    0x30,   0x660,  0x6F0,  0x7C0,  0x966,  0x9E6,  0xA66,  0xAE6,   0xB66,   0xBE6,
    0xC66,  0xCE6,  0xD66,  0xDE6,  0xE50,  0xED0,  0xF20,  0x1040,  0x1090,  0x17E0,
    0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,  0x1C50,  0xA620,
    0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x11066, 0};
/* First ones of the circled digits that NFKC leaves alone. */
static const uint32_t circled_ones[] = {0x24F5, 0x2776, 0x2780, 0x278A, 0};

int
letter_digit(uint32_t cp)
{
    if (cp < 0x80)
        return cp >= '0' && cp <= '9' ? (int)(cp - '0') : -1;
    if (cp < 0x660 || is_plain_cyrillic(cp))
        return -1;
    for (const uint32_t *z = zeros; *z != 0; z++)
        if (cp >= *z && cp <= *z + 9)
            return (int)(cp - *z);
    for (const uint32_t *o = circled_ones; *o != 0; o++)
        if (cp >= *o && cp <= *o + 8)
            return (int)(cp - *o) + 1;
    return cp == 0x24FF || cp == 0x1F10B || cp == 0x1F10C ? 0 : -1;
}

uint32_t
letter_plain(uint32_t cp)
{
    switch (cp) {
    case 0x259: /* ə, the Latin schwa: every tenth schwa in real Kazakh text */
    case 0x1DD:
        return 0x4D9; /* ә */
    case 0x275:
        return 0x4E9; /* ө */
    case '`':
    case 0xB4:
    case 0x2B9:
    case 0x2BC:
    case 0x2018:
    case 0x2019:
    case 0x2032:
        return '\'';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2043:
    case 0x2212:
        return '-';
    case 0xB7:
    case 0x2022:
    case 0x2219:
    case 0x22C5:
    case 0x30FB:
        return '.';
    case 0x61F:
    case 0x2753:
    case 0x2754:
        return '?';
    default:
        return cp;
    }
}
