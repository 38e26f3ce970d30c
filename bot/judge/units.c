/* SPDX-License-Identifier: Apache-2.0 */
/* units.c - a growing array of characters; what it has grown to it keeps, so that judging
 * allocates nothing after the first messages. */
#include "judge/units.h"

#include "base/mem.h"

void
units_reserve(struct units *u, size_t n)
{
    if (n <= u->cap)
        return;
    size_t cap = u->cap == 0 ? 256 : u->cap * 2;
    u->cap = n > cap ? n : cap;
    u->at = mem_resize(u->at, u->cap, sizeof(u->at[0]));
}

void
units_copy(struct units *to, const struct units *from)
{
    to->n = 0;
    units_reserve(to, from->n);
    for (size_t i = 0; i < from->n; i++)
        to->at[to->n++] = from->at[i];
}

void
units_fini(struct units *u)
{
    mem_free(u->at);
    *u = (struct units){.at = NULL};
}
