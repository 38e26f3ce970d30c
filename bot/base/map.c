/* SPDX-License-Identifier: Apache-2.0 */
/* map.c - open addressing with linear probing and deletion by moving back.
 *
 * Keys are already hashes (map_hash) or counters, so they are only mixed once more to
 * spread counters over the table. Load stays under three quarters; there are no
 * tombstones, so a table that lives for months does not slow down. */
#include "base/map.h"

#include <assert.h>

#include <sodium.h>

#include "base/mem.h"

struct slot {
    uint64_t key, value;
};

struct map {
    struct slot *slots; /* owned: cap of them */
    uint8_t *used;      /* owned: 1 where a slot is taken */
    size_t cap;         /* a power of two */
    size_t count;
};

enum { FIRST_CAP = 16 };

static size_t
home(const struct map *m, uint64_t key)
{
    key ^= key >> 33;
    key *= 0xFF51AFD7ED558CCDu;
    key ^= key >> 33;
    return (size_t)key & (m->cap - 1);
}

struct map *
map_new(void)
{
    struct map *m = mem_zalloc(sizeof(*m));

    m->cap = FIRST_CAP;
    m->slots = mem_array(m->cap, sizeof(*m->slots));
    m->used = mem_array(m->cap, 1);
    return m;
}

void
map_free(struct map **mp)
{
    if (*mp == NULL)
        return;
    mem_free((*mp)->slots);
    mem_free((*mp)->used);
    MEM_FREE(*mp);
}

size_t
map_count(const struct map *m)
{
    return m->count;
}

/* The slot of the key, or the free one where it would go. */
static size_t
probe(const struct map *m, uint64_t key)
{
    size_t i = home(m, key);

    while (m->used[i] && m->slots[i].key != key)
        i = (i + 1) & (m->cap - 1);
    return i;
}

static void
grow(struct map *m)
{
    struct map old = *m;

    m->cap *= 2;
    m->slots = mem_array(m->cap, sizeof(*m->slots));
    m->used = mem_array(m->cap, 1);
    for (size_t i = 0; i < old.cap; i++) {
        if (!old.used[i])
            continue;
        size_t to = probe(m, old.slots[i].key);
        m->slots[to] = old.slots[i];
        m->used[to] = 1;
    }
    mem_free(old.slots);
    mem_free(old.used);
}

void
map_put(struct map *m, uint64_t key, uint64_t value)
{
    size_t i = probe(m, key);

    if (!m->used[i]) {
        if ((m->count + 1) * 4 > m->cap * 3) {
            grow(m);
            i = probe(m, key);
        }
        m->used[i] = 1;
        m->count++;
    }
    m->slots[i] = (struct slot){key, value};
}

void
map_put_within(struct map *m, size_t cap, uint64_t key, uint64_t value)
{
    size_t pos = 0;
    uint64_t any, its;

    if (map_count(m) >= cap && !map_get(m, key, NULL) && map_next(m, &pos, &any, &its))
        (void)map_remove(m, any);
    map_put(m, key, value);
}

bool
map_get(const struct map *m, uint64_t key, uint64_t *value)
{
    size_t i = probe(m, key);

    if (!m->used[i])
        return false;
    if (value != NULL)
        *value = m->slots[i].value;
    return true;
}

bool
map_remove(struct map *m, uint64_t key)
{
    size_t hole = probe(m, key);
    size_t mask = m->cap - 1;

    if (!m->used[hole])
        return false;
    /* Pull back whoever would be cut off from home by the hole. */
    for (size_t i = (hole + 1) & mask; m->used[i]; i = (i + 1) & mask) {
        size_t want = home(m, m->slots[i].key);
        if (((i - want) & mask) >= ((i - hole) & mask)) {
            m->slots[hole] = m->slots[i];
            hole = i;
        }
    }
    m->used[hole] = 0;
    m->count--;
    return true;
}

bool
map_next(const struct map *m, size_t *pos, uint64_t *key, uint64_t *value)
{
    while (*pos < m->cap && !m->used[*pos])
        *pos += 1;
    if (*pos >= m->cap)
        return false;
    *key = m->slots[*pos].key;
    *value = m->slots[*pos].value;
    *pos += 1;
    return true;
}

uint64_t
map_hash(const struct map_key *key, struct str a, struct str b)
{
    uint8_t room[512], out[8];
    uint8_t *all = room;
    size_t len = a.len + 1 + b.len;
    uint64_t h;

    static_assert(crypto_shorthash_BYTES == sizeof(h), "SipHash-2-4 gives 64 bits");
    static_assert(crypto_shorthash_KEYBYTES == sizeof(key->bytes), "and takes 128");
    if (len > sizeof(room))
        all = mem_zalloc(len);
    if (a.len > 0)
        memcpy(all, a.p, a.len);
    all[a.len] = '\0';
    if (b.len > 0)
        memcpy(all + a.len + 1, b.p, b.len);
    crypto_shorthash(out, all, len, key->bytes);
    if (all != room)
        mem_free(all);
    memcpy(&h, out, sizeof(h));
    return h;
}
