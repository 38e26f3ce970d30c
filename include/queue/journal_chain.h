/* SPDX-License-Identifier: Apache-2.0 */
/* journal_chain.h - the chain's arithmetic, for the back ends. */
#ifndef SURAQ_QUEUE_JOURNAL_CHAIN_H
#define SURAQ_QUEUE_JOURNAL_CHAIN_H

#include "queue/journal.h"

enum { CHAIN_SALT = 16 };

/* H(salt || body). */
void chain_body(const uint8_t salt[CHAIN_SALT], struct str body,
                uint8_t out[JOURNAL_HASH]);
/* The head behind `ev`: H(prev || header || body_hash). `next` may be `prev`. */
void chain_next(const struct journal_head *prev, const struct event *ev,
                const uint8_t body_hash[JOURNAL_HASH], struct journal_head *next);

#endif
