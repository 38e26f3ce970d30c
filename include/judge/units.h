/* SPDX-License-Identifier: Apache-2.0 */
/* units.h - a text as characters that know where they come from. */
#ifndef SURAQ_JUDGE_UNITS_H
#define SURAQ_JUDGE_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/letter.h"

/* One character on its way; positions are code points of the original, end exclusive. */
struct unit {
    uint32_t cp;
    uint32_t from, to;
    enum letter_class class;
    bool upper; /* was a capital */
};

struct units {
    struct unit *at; /* owned */
    size_t n, cap;
};

/* Room for `n` in all. */
void units_reserve(struct units *u, size_t n);
void units_copy(struct units *to, const struct units *from);
void units_fini(struct units *u);

static inline void
units_add(struct units *u, struct unit x)
{
    if (u->n == u->cap)
        units_reserve(u, u->n + 1);
    u->at[u->n++] = x;
}

#endif
