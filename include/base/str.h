/* SPDX-License-Identifier: Apache-2.0 */
/* str.h - a borrowed piece of text: pointer and length, not NUL-terminated. */
#ifndef SURAQ_BASE_STR_H
#define SURAQ_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"

struct str {
    const char *p; /* borrowed; NULL only together with len 0 */
    size_t len;    /* bytes */
};

#define STR_LIT(s) ((struct str){.p = (s), .len = sizeof(s) - 1})
#define STR_NONE   ((struct str){.p = NULL, .len = 0})
/* printf("%.*s", STR_ARG(x)); for text that is known to be safe to print. */
#define STR_ARG(x) (int)(x).len, (x).len > 0 ? (x).p : ""

/* `s` may be NULL: the empty slice. */
static inline struct str
str_from(const char *s)
{
    return (struct str){.p = s, .len = s == NULL ? 0 : strlen(s)};
}

bool str_eq(struct str a, struct str b);
bool str_eq_ascii_nocase(struct str a, struct str b);
bool str_has_prefix(struct str s, struct str prefix);
int str_cmp(struct str a, struct str b); /* byte order, as strcmp */

/* Slice without leading and trailing ASCII white space. */
struct str str_trim(struct str s);
/* Into `out` of `cap` bytes, with a NUL behind; what does not fit is left out. */
void str_copy(struct str s, char *out, size_t cap);

/* Cuts the part before the first `sep` off `rest` and gives it; `rest` becomes what
 * follows (STR_NONE when there was no separator). False when `rest` is STR_NONE at the
 * call. */
bool str_split(struct str *rest, char sep, struct str *part);

/* Whole slice must be a decimal number within [min, max]; else ERR_VALUE. */
int str_to_u64(struct str s, uint64_t max, uint64_t *out, struct err *e) MUST_CHECK;
int str_to_i64(struct str s, int64_t min, int64_t max, int64_t *out,
               struct err *e) MUST_CHECK;
/* "90", "15s", "10m", "2h", "180d" -> milliseconds (a bare number is seconds). */
int str_to_duration_ms(struct str s, int64_t *out, struct err *e) MUST_CHECK;
/* "4096", "64KiB", "256MiB", "2GiB" -> bytes. */
int str_to_bytes(struct str s, uint64_t *out, struct err *e) MUST_CHECK;

#endif
