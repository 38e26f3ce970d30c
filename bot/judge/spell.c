/* SPDX-License-Identifier: Apache-2.0 */
/* spell.c - other spellings of the same line: Latin words in Cyrillic letters, digits
 * read as letters, letters read as digits.
 *
 * Kazakh and Russian are typed in Latin by ear, by three official alphabets and by habit.
 * The table takes the longest spelling first and aims at the letter that the rule macros
 * forgive most; it need not be right, since a rule looks at the line as it was written as
 * well. */
#include "judge/steps.h"

struct spelling {
    uint32_t latin[6]; /* 0-terminated */
    uint32_t cyrillic[4];
};

/* Read from the top: longer spellings stand before shorter ones that they begin with. */
static const struct spelling spellings[] = {
    {{'t', 's', 'i', 'y', 'a'}, {0x446, 0x438, 0x44F}}, /* ция */
    {{'s', 'h', 'c', 'h'}, {0x449}},
    {{'c', 'i', 'y', 'a'}, {0x446, 0x438, 0x44F}},
    {{'t', 's', 'i', 'i'}, {0x446, 0x438, 0x438}},
    {{'t', 's', 'i', 'o'}, {0x446, 0x438, 0x43E}},
    {{'s', 'h'}, {0x448}},
    {{'c', 'h'}, {0x447}},
    {{'z', 'h'}, {0x436}},
    {{'k', 'h'}, {0x445}},
    {{'g', 'h'}, {0x493}},
    {{'y', 'a'}, {0x44F}},
    {{'y', 'u'}, {0x44E}},
    {{'y', 'o'}, {0x451}},
    {{'n', 'g'}, {0x4A3}},
    /* 2017: an apostrophe behind the letter */
    {{'a', '\''}, {0x4D9}},
    {{'g', '\''}, {0x493}},
    {{'i', '\''}, {0x439}},
    {{'n', '\''}, {0x4A3}},
    {{'o', '\''}, {0x4E9}},
    {{'s', '\''}, {0x448}},
    {{'c', '\''}, {0x447}},
    {{'u', '\''}, {0x4AF}},
    {{'y', '\''}, {0x443}},
};

/* a to z; y is decided by what stands before it. */
static const uint32_t letters[26] = {
    0x430, 0x431, 0x441, 0x434, 0x435, 0x444, 0x433, 0x445, 0x438,
    0x436, 0x43A, 0x43B, 0x43C, 0x43D, 0x43E, 0x43F, 0x49B, 0x440,
    0x441, 0x442, 0x443, 0x432, 0x448, 0x445, 0x44B, 0x437,
};

/* 2018 (acutes), 2021 (umlauts, cedillas), and what Turkish keyboards give. */
static const struct {
    uint32_t latin, cyrillic;
} accented[] = {
    {0xE1, 0x4D9},  {0xE4, 0x4D9},  {0xF3, 0x4E9},  {0xF6, 0x4E9},  {0xFA, 0x4AF},
    {0xFC, 0x4AF},  {0x16B, 0x4B1}, {0x1F5, 0x493}, {0x11F, 0x493}, {0x15F, 0x448},
    {0x144, 0x4A3}, {0xF1, 0x4A3},  {0x14B, 0x4A3}, {0xFD, 0x443},  {0x131, 0x44B},
    {0xE7, 0x447},  {0xE9, 0x435},  {0xED, 0x456},  {0xEF, 0x456},
};

static uint32_t
spell_letter(uint32_t cp, uint32_t before)
{
    if (cp == 'y' && letter_is_vowel(before))
        return 0x439; /* й */
    if (cp >= 'a' && cp <= 'z')
        return letters[cp - 'a'];
    for (size_t i = 0; i < sizeof(accented) / sizeof(accented[0]); i++)
        if (accented[i].latin == cp)
            return accented[i].cyrillic;
    return cp;
}

/* The number of units that the spelling takes at `i`, 0 when it is not there. */
static size_t
spelt_at(const struct spelling *s, const struct units *u, size_t i)
{
    size_t n = 0;
    for (; s->latin[n] != 0; n++)
        if (i + n >= u->n || u->at[i + n].cp != s->latin[n])
            return 0;
    return n;
}

static const struct spelling *
find_spelling(const struct units *u, size_t i, size_t *n)
{
    for (size_t k = 0; k < sizeof(spellings) / sizeof(spellings[0]); k++) {
        *n = spelt_at(&spellings[k], u, i);
        if (*n > 0)
            return &spellings[k];
    }
    return NULL;
}

bool
spell_latin(const struct units *in, struct units *out)
{
    size_t first = 0;
    while (first < in->n && !letter_is_latin(in->at[first].cp))
        first++;
    if (first == in->n)
        return false;
    out->n = 0;
    for (size_t i = 0; i < in->n;) {
        struct unit x = in->at[i];
        size_t n = 1;
        const struct spelling *s =
            letter_is_latin(x.cp) ? find_spelling(in, i, &n) : NULL;
        if (s == NULL) {
            x.cp = letter_is_latin(x.cp)
                       ? spell_letter(x.cp, i > 0 ? in->at[i - 1].cp : 0)
                       : x.cp;
            units_add(out, x);
            i++;
            continue;
        }
        x.to = in->at[i + n - 1].to;
        x.class = LETTER_LETTER;
        for (const uint32_t *c = s->cyrillic; *c != 0; c++) {
            x.cp = *c;
            units_add(out, x);
        }
        i += n;
    }
    return true;
}

static uint32_t
leet_letter(uint32_t cp)
{
    switch (cp) {
    case '0':
        return 0x43E; /* о */
    case '1':
    case '!':
    case '|':
        return 0x456; /* і */
    case '3':
        return 0x437; /* з */
    case '4':
        return 0x447; /* ч */
    case '6':
        return 0x431; /* б */
    case '@':
        return 0x430; /* а */
    case '$':
        return 0x441; /* с */
    default:
        return 0;
    }
}

/* Signs count only between two letters: a word may end in !, a price in $. */
static bool
is_leet(const struct units *u, size_t i)
{
    const struct unit *x = &u->at[i];
    if (x->class == LETTER_LETTER || leet_letter(x->cp) == 0)
        return false;
    bool before = i > 0 && u->at[i - 1].class == LETTER_LETTER;
    bool after = i + 1 < u->n && u->at[i + 1].class == LETTER_LETTER;
    return x->class == LETTER_DIGIT || x->cp == '@' ? before || after : before && after;
}

bool
spell_leet(const struct units *in, struct units *out)
{
    size_t first = 0;
    while (first < in->n && !is_leet(in, first))
        first++;
    if (first == in->n)
        return false;
    units_copy(out, in);
    for (size_t i = first; i < in->n; i++) {
        if (!is_leet(in, i))
            continue;
        out->at[i].cp = leet_letter(in->at[i].cp);
        out->at[i].class = LETTER_LETTER;
    }
    return true;
}

void
spell_digits(const struct units *in, struct units *out)
{
    out->n = 0;
    for (size_t i = 0; i < in->n; i++) {
        struct unit x = in->at[i];
        int digit = letter_digit(x.cp);
        x.cp = digit >= 0 ? (uint32_t)('0' + digit) : letter_plain(x.cp);
        x.class = letter_class(x.cp);
        if (x.class == LETTER_NOTHING)
            continue;
        if (x.class == LETTER_MARK && out->n > 0) {
            out->at[out->n - 1].to = x.to;
            continue;
        }
        if (x.class == LETTER_SPACE && x.cp != '\n')
            x.cp = ' ';
        units_add(out, x);
    }
}

#define STRETCH_MAX    64
#define STRETCH_DIGITS 4

static uint32_t
digit_of_letter(uint32_t cp)
{
    switch (cp) {
    case 'o':
    case 'O':
    case 0x43E: /* о */
    case 0x41E:
        return '0';
    case 'l':
    case 'I':
    case '|':
    case 0x406: /* І */
        return '1';
    case 0x437: /* з */
    case 0x417:
        return '3';
    default:
        return 0;
    }
}

static bool
is_number_sign(uint32_t cp)
{
    return cp == ' ' || cp == '-' || cp == '.' || cp == '(' || cp == ')' || cp == '+';
}

static bool
is_word(const struct unit *u)
{
    return u->class == LETTER_LETTER || u->class == LETTER_DIGIT;
}

/* A stretch of words of digits, or of letters like them, and of what separates groups. */
struct stretch {
    size_t end, digits, letters;
};

/* Adds the word at s->end when it could be a number; false when not. */
static bool
add_word(const struct units *u, struct stretch *s)
{
    struct stretch w = *s;
    for (; w.end < u->n && (is_word(&u->at[w.end]) || u->at[w.end].cp == '|'); w.end++) {
        const struct unit *x = &u->at[w.end];
        if (x->class != LETTER_DIGIT && digit_of_letter(x->cp) == 0)
            return false;
        w.digits += x->class == LETTER_DIGIT;
        w.letters += x->class != LETTER_DIGIT;
    }
    bool any = w.end > s->end;
    *s = w;
    return any;
}

/* From the beginning of a word on. No number is longer than STRETCH_MAX, and without an
 * end a line of nothing but zeros would be measured again from each of them. */
static struct stretch
measure(const struct units *u, size_t i)
{
    struct stretch s = {.end = i};
    while (s.end - i < STRETCH_MAX && add_word(u, &s))
        while (s.end < u->n && is_number_sign(u->at[s.end].cp))
            s.end++;
    return s;
}

static void
copy_as_digits(const struct units *in, size_t i, size_t end, struct units *out)
{
    for (; i < end; i++) {
        struct unit x = in->at[i];
        if (digit_of_letter(x.cp) != 0) {
            x.cp = digit_of_letter(x.cp);
            x.class = LETTER_DIGIT;
        }
        units_add(out, x);
    }
}

static bool
has_digits(const struct units *u, size_t least)
{
    size_t n = 0;
    for (size_t i = 0; i < u->n && n < least; i++)
        n += u->at[i].class == LETTER_DIGIT;
    return n == least;
}

/* The letters count as digits when a third of the stretch or more is digits. */
bool
spell_digit_letters(const struct units *in, struct units *out)
{
    bool any = false;
    if (!has_digits(in, STRETCH_DIGITS))
        return false;
    out->n = 0;
    for (size_t i = 0; i < in->n;) {
        bool begins = is_word(&in->at[i]) && (i == 0 || !is_word(&in->at[i - 1]));
        struct stretch s = begins ? measure(in, i) : (struct stretch){.end = i};
        if (s.letters > 0 && s.digits >= STRETCH_DIGITS && s.digits * 2 >= s.letters) {
            copy_as_digits(in, i, s.end, out);
            i = s.end;
            any = true;
        } else {
            units_add(out, in->at[i++]);
        }
    }
    return any;
}
