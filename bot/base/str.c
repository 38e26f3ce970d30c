/* SPDX-License-Identifier: Apache-2.0 */
/* str.c - slices of text and the numbers in them.
 *
 * Numbers are parsed whole or not at all: "12abc", "", "+5" and what overflows are errors
 * that name the text, never a silent default. */
#include "base/str.h"

#include <strings.h>

bool
str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool
str_eq_ascii_nocase(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || strncasecmp(a.p, b.p, a.len) == 0);
}

bool
str_has_prefix(struct str s, struct str prefix)
{
    return s.len >= prefix.len &&
           (prefix.len == 0 || memcmp(s.p, prefix.p, prefix.len) == 0);
}

int
str_cmp(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n == 0 ? 0 : memcmp(a.p, b.p, n);

    return c != 0 ? c : (a.len > b.len) - (a.len < b.len);
}

static bool
is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str
str_trim(struct str s)
{
    while (s.len > 0 && is_space(s.p[0])) {
        s.p++;
        s.len--;
    }
    while (s.len > 0 && is_space(s.p[s.len - 1]))
        s.len--;
    return s;
}

void
str_copy(struct str s, char *out, size_t cap)
{
    size_t n = s.len < cap ? s.len : cap - 1;

    if (n > 0)
        memcpy(out, s.p, n);
    out[n] = '\0';
}

bool
str_split(struct str *rest, char sep, struct str *part)
{
    if (rest->p == NULL)
        return false;
    const char *at = memchr(rest->p, sep, rest->len);
    if (at == NULL) {
        *part = *rest;
        *rest = STR_NONE;
        return true;
    }
    *part = (struct str){.p = rest->p, .len = (size_t)(at - rest->p)};
    *rest = (struct str){.p = at + 1, .len = rest->len - part->len - 1};
    return true;
}

static int
shown(struct str s)
{
    return s.len > 40 ? 40 : (int)s.len;
}

int
str_to_u64(struct str s, uint64_t max, uint64_t *out, struct err *e)
{
    uint64_t v = 0;

    if (s.len == 0)
        return err_set(e, ERR_VALUE, "a number is expected, found nothing");
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned char)s.p[i] - (unsigned)'0';
        if (digit > 9)
            return err_set(e, ERR_VALUE, "'%.*s' is not a number", shown(s), s.p);
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, digit, &v) ||
            v > max)
            return err_set(e, ERR_VALUE, "'%.*s' is over %llu", shown(s), s.p,
                           (unsigned long long)max);
    }
    *out = v;
    return 0;
}

int
str_to_i64(struct str s, int64_t min, int64_t max, int64_t *out, struct err *e)
{
    bool negative = s.len > 0 && s.p[0] == '-';
    struct str digits = negative ? (struct str){s.p + 1, s.len - 1} : s;
    uint64_t v = 0;

    if (str_to_u64(digits, (uint64_t)INT64_MAX + negative, &v, e) < 0)
        return -1;
    int64_t n = negative ? (int64_t)(0 - v) : (int64_t)v;
    if (n < min || n > max)
        return err_set(e, ERR_VALUE, "'%.*s' is not between %lld and %lld", shown(s), s.p,
                       (long long)min, (long long)max);
    *out = n;
    return 0;
}

struct unit {
    const char *name;
    uint64_t factor;
};

struct units {
    const char *names; /* as an error tells them */
    struct unit at[8]; /* up to the first without a factor */
};

/* "15s": digits, then one of the units (the empty name is the bare number). */
static int
with_unit(struct str s, const struct units *units, uint64_t *out, struct err *e)
{
    size_t digits = 0;
    uint64_t v = 0;

    while (digits < s.len && s.p[digits] >= '0' && s.p[digits] <= '9')
        digits++;
    if (digits == 0)
        return err_set(e, ERR_VALUE, "'%.*s' does not begin with a number", shown(s),
                       s.p == NULL ? "" : s.p);
    struct str unit = {s.p + digits, s.len - digits};
    if (str_to_u64((struct str){s.p, digits}, INT64_MAX, &v, e) < 0)
        return -1;
    for (const struct unit *u = units->at; u->factor != 0; u++) {
        if (!str_eq(unit, str_from(u->name)))
            continue;
        if (__builtin_mul_overflow(v, u->factor, out) || *out > INT64_MAX)
            return err_set(e, ERR_VALUE, "'%.*s' is too large", shown(s), s.p);
        return 0;
    }
    return err_set(e, ERR_VALUE, "'%.*s' has an unknown unit: there are %s", shown(s),
                   s.p, units->names);
}

int
str_to_duration_ms(struct str s, int64_t *out, struct err *e)
{
    static const struct units units = {"ms, s, m, h and d",
                                       {{"", 1000},
                                        {"ms", 1},
                                        {"s", 1000},
                                        {"m", 60000},
                                        {"h", 3600000},
                                        {"d", 86400000}}};
    uint64_t v;

    if (with_unit(s, &units, &v, e) < 0)
        return -1;
    *out = (int64_t)v;
    return 0;
}

int
str_to_bytes(struct str s, uint64_t *out, struct err *e)
{
    static const struct units units = {"KiB, MiB, GiB and TiB",
                                       {{"", 1},
                                        {"KiB", (uint64_t)1 << 10},
                                        {"MiB", (uint64_t)1 << 20},
                                        {"GiB", (uint64_t)1 << 30},
                                        {"TiB", (uint64_t)1 << 40}}};

    return with_unit(s, &units, out, e);
}
