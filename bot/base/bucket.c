/* SPDX-License-Identifier: Apache-2.0 */
/* bucket.c - a token bucket.
 *
 * What is kept is how much is missing, so that a zeroed bucket is a full one. It fills
 * with time, in thousandths, so a slow rate is not lost in rounding. A clock that goes
 * back fills nothing. */
#include "base/bucket.h"

static void
fill(struct bucket *b, struct bucket_rule rule, int64_t now_ms)
{
    int64_t gone = now_ms - b->at_ms;
    b->at_ms = now_ms;
    if (gone <= 0)
        return;
    /* Full after so long: a longer time could overflow the product. */
    if (rule.per_s > 0 && gone > b->used / rule.per_s)
        b->used = 0;
    else
        b->used -= gone * rule.per_s;
}

bool
bucket_take(struct bucket *b, struct bucket_rule rule, int64_t n, int64_t now_ms)
{
    fill(b, rule, now_ms);
    if (b->used + n * 1000 > rule.burst * 1000)
        return false;
    b->used += n * 1000;
    return true;
}

void
bucket_spend(struct bucket *b, struct bucket_rule rule, int64_t n, int64_t now_ms)
{
    fill(b, rule, now_ms);
    b->used += n * 1000;
    if (b->used > rule.burst * 1000)
        b->used = rule.burst * 1000;
}
