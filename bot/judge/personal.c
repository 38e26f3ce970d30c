/* SPDX-License-Identifier: Apache-2.0 */
/* personal.c - number checks and masking.
 *
 * A check only ever takes a hit back: the pattern found something of the right shape, and
 * these rules say that it cannot be real. The date of an IIN does most of that work,
 * since its checksum alone lets one number in eleven pass, sums of money among them.
 *
 * Masking walks the original text once. Where a range would cut a cluster (a letter from
 * its accent, an emoji from its joiner) it grows instead: too much masked is a nuisance,
 * half a character is a hint. */
#include "judge/personal.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "judge/letter.h"

#define IIN_DIGITS  12
#define LUHN_MIN    13
#define LUHN_MAX    19
#define IBAN_LENGTH 20

bool
personal_check_from_name(struct str name, enum personal_check *out)
{
#define PERSONAL_CHECK_NAME(code, text) text,
    static const char *const names[] = {PERSONAL_CHECK_MAP(PERSONAL_CHECK_NAME)};
#undef PERSONAL_CHECK_NAME
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq(name, str_from(names[i]))) {
            *out = (enum personal_check)i;
            return true;
        }
    }
    return false;
}

/* The digits of the hit, at most `max`; gives how many there are in all. */
static size_t
digits_of(struct str hit, int *out, size_t max)
{
    size_t n = 0;
    for (size_t pos = 0; pos < hit.len;) {
        int d = letter_digit((uint32_t)utf8_next(hit, &pos));
        if (d < 0)
            continue;
        if (n < max)
            out[n] = d;
        n++;
    }
    return n;
}

static bool
is_date(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1)
        return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= days[month - 1] + (month == 2 && leap);
}

static bool
is_iin(struct str hit)
{
    static const int first[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    static const int second[] = {3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2};
    int d[IIN_DIGITS];
    if (digits_of(hit, d, IIN_DIGITS) != IIN_DIGITS || d[6] > 6)
        return false;
    /* The seventh digit is century and sex; 0 is given to some foreigners: any century.
     */
    int year = d[0] * 10 + d[1] + (d[6] == 0 ? 2000 : 1800 + (d[6] - 1) / 2 * 100);
    if (!is_date(year, d[2] * 10 + d[3], d[4] * 10 + d[5]))
        return false;
    int a = 0, b = 0;
    for (int i = 0; i < IIN_DIGITS - 1; i++) {
        a += first[i] * d[i];
        b += second[i] * d[i];
    }
    int sum = a % 11 != 10 ? a % 11 : b % 11;
    return sum != 10 && sum == d[11];
}

static bool
is_luhn(struct str hit)
{
    int d[LUHN_MAX];
    size_t n = digits_of(hit, d, LUHN_MAX);
    if (n < LUHN_MIN || n > LUHN_MAX)
        return false;
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        int x = d[n - 1 - i];
        if (i % 2 == 1)
            x = x * 2 > 9 ? x * 2 - 9 : x * 2;
        sum += x;
    }
    return sum % 10 == 0;
}

/* 0-9, A-Z as 10-35, or -1 for what separates groups. */
static int
iban_value(uint32_t cp)
{
    int digit = letter_digit(cp);
    if (digit >= 0)
        return digit;
    uint32_t folded = letter_fold(cp);
    uint32_t latin =
        letter_is_cyrillic(folded) ? letter_latin_twin(folded, true) : folded;
    return latin >= 'a' && latin <= 'z' ? (int)(latin - 'a') + 10 : -1;
}

static bool
is_iban(struct str hit)
{
    int v[IBAN_LENGTH];
    size_t n = 0;
    for (size_t pos = 0; pos < hit.len;) {
        int x = iban_value((uint32_t)utf8_next(hit, &pos));
        if (x < 0)
            continue;
        if (n == IBAN_LENGTH)
            return false;
        v[n++] = x;
    }
    if (n != IBAN_LENGTH || v[0] != 'K' - 'A' + 10 || v[1] != 'Z' - 'A' + 10)
        return false;
    int rest = 0;
    for (size_t i = 0; i < n; i++) {
        int x = v[(i + 4) % n];
        rest = (rest * (x > 9 ? 100 : 10) + x) % 97;
    }
    return rest == 1;
}

bool
personal_check(enum personal_check check, struct str hit)
{
    switch (check) {
    case CHECK_NONE:
        return true;
    case CHECK_IIN:
        return is_iin(hit);
    case CHECK_LUHN:
        return is_luhn(hit);
    case CHECK_IBAN:
        return is_iban(hit);
    }
    return true;
}

/* Belongs to the character before it: alone it would be a stray accent or a skin colour.
 */
static bool
clings(uint32_t cp)
{
    enum letter_class class = letter_class(cp);
    return class == LETTER_MARK || (class == LETTER_NOTHING && cp >= 0x80) ||
           (cp >= 0x1F3FB && cp <= 0x1F3FF);
}

#define HIDDEN 1
#define CLINGS 2

/* Whoever hides a part of a cluster hides all of it. */
static void
widen(uint8_t *flags, size_t n)
{
    for (size_t i = n; i-- > 1;)
        if (flags[i] == (HIDDEN | CLINGS))
            flags[i - 1] |= HIDDEN;
    for (size_t i = 1; i < n; i++)
        if ((flags[i] & CLINGS) != 0 && (flags[i - 1] & HIDDEN) != 0)
            flags[i] |= HIDDEN;
}

void
personal_mask(struct str text, const struct personal_range *ranges, size_t n,
              struct buf *out)
{
    if (n == 0) {
        buf_add_str(out, text);
        return;
    }
    size_t count = utf8_count(text), index = 0;
    uint8_t *flags = mem_zalloc(count);
    for (size_t pos = 0; pos < text.len;)
        flags[index++] = clings((uint32_t)utf8_next(text, &pos)) ? CLINGS : 0;
    for (size_t r = 0; r < n; r++)
        for (size_t i = ranges[r].start; i < ranges[r].end && i < count; i++)
            flags[i] |= HIDDEN;
    widen(flags, count);
    index = 0;
    for (size_t pos = 0; pos < text.len; index++) {
        size_t at = pos;
        (void)utf8_next(text, &pos);
        if ((flags[index] & HIDDEN) == 0)
            buf_add(out, text.p + at, pos - at);
        else if (index == 0 || (flags[index - 1] & HIDDEN) == 0)
            buf_add_cstr(out, PERSONAL_MASK);
    }
    mem_free(flags);
}
