/* SPDX-License-Identifier: Apache-2.0 */
/* source_parts.c - three small things that every source has: the ids it saw lately, how
 * many messages the last minute brought, and how long to wait before the next try.
 *
 * Pure but for the key of the hash, which comes from the kernel: who writes in a chat
 * cannot choose ids that are taken for each other. */
#include "source/source_parts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/bounds.h"
#include "base/mem.h"

enum { SECRET_LEAST = 6 };

void
source_seen_init(struct source_seen *seen)
{
    *seen = (struct source_seen){
        .set = map_new(), .ring = mem_array(BOUNDS_SOURCE_SEEN, sizeof(*seen->ring))};
    if (getrandom(&seen->key, sizeof(seen->key), 0) != (ssize_t)sizeof(seen->key))
        abort();
}

void
source_seen_fini(struct source_seen *seen)
{
    map_free(&seen->set);
    MEM_FREE(seen->ring);
}

bool
source_seen_has(const struct source_seen *seen, struct str id)
{
    return map_get(seen->set, map_hash(&seen->key, id, STR_NONE), NULL);
}

void
source_seen_add(struct source_seen *seen, struct str id)
{
    uint64_t hash = map_hash(&seen->key, id, STR_NONE);
    if (map_get(seen->set, hash, NULL))
        return;
    if (seen->count == BOUNDS_SOURCE_SEEN)
        (void)map_remove(seen->set, seen->ring[seen->next]);
    else
        seen->count++;
    seen->ring[seen->next] = hash;
    seen->next = (seen->next + 1) % BOUNDS_SOURCE_SEEN;
    map_put(seen->set, hash, 1);
}

/* Empties the seconds in which nothing came. */
static void
rate_move(struct source_rate *r, int64_t second)
{
    if (second - r->second >= 60 || second < r->second)
        *r = (struct source_rate){.second = second};
    while (r->second < second)
        r->buckets[++r->second % 60] = 0;
}

void
source_rate_add(struct source_rate *r, int64_t mono_ms)
{
    rate_move(r, mono_ms / 1000);
    r->buckets[r->second % 60]++;
}

double
source_rate_per_minute(struct source_rate *r, int64_t mono_ms)
{
    rate_move(r, mono_ms / 1000);
    uint64_t sum = 0;
    for (size_t i = 0; i < 60; i++)
        sum += r->buckets[i];
    return (double)sum;
}

uint64_t
source_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t
source_backoff(uint64_t *random, unsigned failures, int64_t least, int64_t most)
{
    int64_t ceiling = least;
    while (failures-- > 0 && ceiling < most)
        ceiling *= 2;
    if (ceiling > most)
        ceiling = most;
    uint64_t span = ceiling > least ? (uint64_t)(ceiling - least) + 1 : 1;
    return least + (int64_t)(source_random(random) % span);
}

void
source_hide(struct buf *text, const char *secret)
{
    size_t len = secret != NULL ? strlen(secret) : 0;
    struct str rest = buf_str(text);
    struct buf out = BUF_INIT;
    const char *at;
    if (len < SECRET_LEAST || rest.len == 0)
        return;
    while ((at = memmem(rest.p, rest.len, secret, len)) != NULL) {
        buf_add(&out, rest.p, (size_t)(at - rest.p));
        buf_add_cstr(&out, "***");
        rest.len -= (size_t)(at - rest.p) + len;
        rest.p = at + len;
    }
    buf_add_str(&out, rest);
    buf_fini(text);
    *text = out;
}
