/* SPDX-License-Identifier: Apache-2.0 */
/* pattern.h - one regular expression: expanded, compiled, described when it is wrong. */
#ifndef SURAQ_JUDGE_PATTERN_H
#define SURAQ_JUDGE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Named pieces of patterns: %{NAME}. */
struct macro {
    char *name; /* owned, as `text` */
    char *text;
};
struct macros {
    struct macro *at; /* owned */
    size_t n, cap;
};

const struct macro *macros_find(const struct macros *m, struct str name);
void macros_add(struct macros *m, struct str name, struct str text);
void macros_fini(struct macros *m);
bool macro_name_is_valid(struct str name);

/* A pattern with its macros replaced, and for each byte where in the source it came from.
 */
struct expansion {
    struct buf text;
    uint32_t *source; /* owned; text.len + 1 entries */
};
/* On failure *at is the offset in `source` of what is wrong. */
int expansion_make(struct expansion *x, struct str source, const struct macros *m,
                   size_t *at, struct err *e) MUST_CHECK;
void expansion_fini(struct expansion *x);

enum pattern_subject {
    PATTERN_FOLDED, /* will be run over folded text only */
    PATTERN_RAW,
};

/* New (pcre2_code_free), without JIT. Refused: what does not compile, and what can match
 * the empty string, since it would hit every line. On failure *at is an offset in `text`.
 */
pcre2_code *pattern_compile(struct str text, enum pattern_subject s, size_t *at,
                            struct err *e) MUST_CHECK;

/* The same for matches that begin where the search does and nowhere else. (PCRE2's JIT
 * takes no such wish at match time.) */
pcre2_code *pattern_compile_here(struct str text, enum pattern_subject s, size_t *at,
                                 struct err *e) MUST_CHECK;

/* True when the pattern finds the same in folded text without caseless matching, which is
 * several times faster; false when that is not certain. */
bool pattern_is_folded(struct str text);

#endif
