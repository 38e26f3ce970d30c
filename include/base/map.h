/* SPDX-License-Identifier: Apache-2.0 */
/* map.h - hash map from 64-bit keys to pointers or numbers, and the keyed hash that turns
 * text into such keys. Text keys that must be exact compare the text behind the pointer.
 */
#ifndef SURAQ_BASE_MAP_H
#define SURAQ_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* SipHash-2-4 with a key that is fixed per stream, so that values may be stored: chat
 * users cannot choose ids that collide without knowing it. */
struct map_key {
    uint8_t bytes[16];
};
uint64_t map_hash(const struct map_key *key, struct str a, struct str b);

struct map; /* uint64_t -> uint64_t */

struct map *map_new(void);
void map_free(struct map **m);
size_t map_count(const struct map *m);
/* Adds or replaces. */
void map_put(struct map *m, uint64_t key, uint64_t value);
/* The same where others, whichever, may be forgotten so that there are never above `cap`.
 */
void map_put_within(struct map *m, size_t cap, uint64_t key, uint64_t value);
/* False when the key is not there; `value` may be NULL. */
bool map_get(const struct map *m, uint64_t key, uint64_t *value);
/* False when it was not there. */
bool map_remove(struct map *m, uint64_t key);
/* Walks in no particular order: start with *pos = 0; false at the end. */
bool map_next(const struct map *m, size_t *pos, uint64_t *key, uint64_t *value);

#endif
