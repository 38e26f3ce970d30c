/* SPDX-License-Identifier: Apache-2.0 */
/* bucket.h - how much somebody may do: so much a second, and a burst on top. Pure. */
#ifndef SURAQ_BASE_BUCKET_H
#define SURAQ_BASE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct bucket_rule {
    int64_t per_s, burst; /* tokens */
};

/* Zeroed before the first use: full. */
struct bucket {
    int64_t used;  /* thousandths of a token; 0: full */
    int64_t at_ms; /* monotonic: when that was so */
};

/* Takes `n` tokens; false, and nothing taken, when there are not so many. */
bool bucket_take(struct bucket *b, struct bucket_rule rule, int64_t n, int64_t now_ms);
/* Takes `n` tokens, or what there is: a fine. */
void bucket_spend(struct bucket *b, struct bucket_rule rule, int64_t n, int64_t now_ms);

#endif
