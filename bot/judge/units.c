/* SPDX-License-Identifier: Apache-2.0 */
/* units.c - a growing array of characters; what it has grown to it keeps, so that judging
 * allocates nothing after the first messages. */
#include "judge/units.h"

#include "base/mem.h"

void
units_add(struct units *u, struct unit x)
{
    if (u->n == u->cap) {
        u->cap = u->cap == 0 ? 256 : u->cap * 2;
        u->at = mem_resize(u->at, u->cap, sizeof(u->at[0]));
    }
    u->at[u->n++] = x;
}

void
units_fini(struct units *u)
{
    mem_free(u->at);
    *u = (struct units){.at = NULL};
}
