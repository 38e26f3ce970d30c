/* SPDX-License-Identifier: Apache-2.0 */
/* regex.h - a pattern in PCRE2's syntax, read token by token, for finding out what every
 * match of it must contain. Not a parser of what is right or wrong: PCRE2 has compiled
 * the pattern before. What is not understood for certain is REGEX_STRANGE, and whoever
 * reads gives up on the whole pattern.
 * Source: pcre2pattern(3), PCRE2 10.42. */
#ifndef SURAQ_JUDGE_REGEX_H
#define SURAQ_JUDGE_REGEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "judge/alphabet.h"

enum regex_kind {
    REGEX_END,
    REGEX_STRANGE,
    REGEX_SET,      /* exactly one character out of `set` */
    REGEX_ANYTHING, /* any text, also none: a back-reference, a recursion */
    REGEX_EDGE,     /* \b */
    REGEX_START,    /* ^ or \A */
    REGEX_FINISH,   /* $, \Z or \z */
    REGEX_NOTHING,  /* takes no room and says nothing: \B, an option, a comment */
    REGEX_OPEN,     /* a group that is part of what is matched */
    REGEX_LOOK,     /* (?=  (?!  (?<=  (?<! */
    REGEX_CLOSE,
    REGEX_OR,
};

struct regex_token {
    enum regex_kind kind;
    struct code_set set;   /* may hold more than the pattern says, never less */
    bool every_letter;     /* for certain all of \p{L} is in the set */
    bool behind, negative; /* of REGEX_LOOK */
    /* Of a SET, ANYTHING, EDGE, NOTHING or CLOSE: how often, at least and at most. */
    uint32_t min, max; /* max UINT32_MAX: no limit */
};

struct regex {
    const struct alphabet *alphabet; /* borrowed */
    struct str text;                 /* borrowed */
    size_t pos;                      /* bytes */
};

struct regex_token regex_next(struct regex *r);

#endif
