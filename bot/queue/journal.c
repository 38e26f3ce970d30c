/* SPDX-License-Identifier: Apache-2.0 */
/* journal.c - what all back ends share: the chain's hash, and the head as text. */
#include "queue/journal.h"

#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "queue/journal_chain.h"

void
chain_body(const uint8_t salt[CHAIN_SALT], struct str body, uint8_t out[JOURNAL_HASH])
{
    crypto_generichash_state st;

    crypto_generichash_init(&st, NULL, 0, JOURNAL_HASH);
    crypto_generichash_update(&st, salt, CHAIN_SALT);
    crypto_generichash_update(&st, (const uint8_t *)body.p, body.len);
    crypto_generichash_final(&st, out, JOURNAL_HASH);
}

void
chain_next(const struct journal_head *prev, const struct event *ev,
           const uint8_t body_hash[JOURNAL_HASH], struct journal_head *next)
{
    char header[BOUNDS_NAME + 160];
    crypto_generichash_state st;
    int len = snprintf(header, sizeof(header), "%llu\n%lld\n%s\n%s\n%llu\n%llu\n",
                       (unsigned long long)ev->seq, (long long)ev->at_ms, ev->actor,
                       event_kind_name(ev->kind), (unsigned long long)ev->broadcast,
                       (unsigned long long)ev->filters);
    size_t n = (size_t)len < sizeof(header) ? (size_t)len : sizeof(header) - 1;
    uint8_t hash[JOURNAL_HASH];

    crypto_generichash_init(&st, NULL, 0, JOURNAL_HASH);
    crypto_generichash_update(&st, prev->hash, JOURNAL_HASH);
    crypto_generichash_update(&st, (const uint8_t *)header, n);
    crypto_generichash_update(&st, body_hash, JOURNAL_HASH);
    crypto_generichash_final(&st, hash, JOURNAL_HASH);
    next->seq = ev->seq;
    for (size_t i = 0; i < JOURNAL_HASH; i++)
        next->hash[i] = hash[i];
}

void
journal_head_write(const struct journal_head *h, struct buf *out)
{
    buf_add_u64(out, h->seq);
    buf_add_char(out, ':');
    buf_add_hex(out, h->hash, JOURNAL_HASH);
}

int
journal_head_parse(struct str s, struct journal_head *out, struct err *e)
{
    struct str rest = s, number;
    size_t len = 0;

    (void)str_split(&rest, ':', &number);
    if (str_to_u64(number, INT64_MAX, &out->seq, e) < 0)
        return err_ctx(e, "a head is written N:HASH");
    if (rest.len != 2u * JOURNAL_HASH ||
        sodium_hex2bin(out->hash, JOURNAL_HASH, rest.p, rest.len, NULL, &len, NULL) !=
            0 ||
        len != JOURNAL_HASH)
        return err_set(e, ERR_VALUE,
                       "a head is written N:HASH, the hash in %d hex digits",
                       2 * JOURNAL_HASH);
    return 0;
}
