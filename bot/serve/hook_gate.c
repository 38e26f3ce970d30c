/* SPDX-License-Identifier: Apache-2.0 */
/* hook_gate.c - a bucket for each address and source of late.
 *
 * The source counts, so that a platform that still delivers to one that has gone is not
 * slowed at its others. A table of fixed size: who finds his place taken gets it, and a
 * full bucket. The hash has a key, so nobody can choose an address that shares the
 * platform's place; who has thousands of addresses is slowed by nothing here, and pays
 * only what checking a signature costs. */
#include "serve/hook_gate.h"

#include <stdlib.h>
#include <sys/random.h>

#include "base/bounds.h"
#include "base/bucket.h"
#include "base/map.h"
#include "base/mem.h"

enum { FINE = 50 };

static const struct bucket_rule rule = {.per_s = BOUNDS_HOOK_PER_S,
                                        .burst = BOUNDS_HOOK_BURST};

struct hook_gate {
    struct map_key key;
    struct place {
        uint64_t who; /* hash of address and source */
        struct bucket bucket;
    } places[BOUNDS_HOOK_ADDRESSES];
};

struct hook_gate *
hook_gate_new(void)
{
    struct hook_gate *g = mem_zalloc(sizeof(*g));

    if (getrandom(&g->key, sizeof(g->key), 0) != (ssize_t)sizeof(g->key))
        abort();
    return g;
}

void
hook_gate_free(struct hook_gate **g)
{
    mem_free(*g);
    *g = NULL;
}

static struct bucket *
bucket_of(struct hook_gate *g, struct str address, struct str name)
{
    uint64_t hash = map_hash(&g->key, address, name);
    struct place *p = &g->places[hash % BOUNDS_HOOK_ADDRESSES];

    if (p->who != hash)
        *p = (struct place){.who = hash};
    return &p->bucket;
}

bool
hook_gate_admits(struct hook_gate *g, struct str address, struct str name,
                 int64_t mono_ms)
{
    return bucket_take(bucket_of(g, address, name), rule, 1, mono_ms);
}

void
hook_gate_fine(struct hook_gate *g, struct str address, struct str name, int64_t mono_ms)
{
    bucket_spend(bucket_of(g, address, name), rule, FINE, mono_ms);
}
