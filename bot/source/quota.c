/* SPDX-License-Identifier: Apache-2.0 */
/* quota.c - what a platform lets a project ask for in a day.
 *
 * Midnight Pacific time is taken as 08:00 UTC; in summer it comes an hour earlier, so for
 * an hour we believe to have less than we do: the safe side. */
#include "source/quota.h"

#define DAY_MS   INT64_C(86400000)
#define RESET_MS INT64_C(28800000) /* 08:00 UTC */

static int64_t
day_of(int64_t wall_ms)
{
    return (wall_ms - RESET_MS) / DAY_MS;
}

void
quota_spend(struct quota *q, int64_t wall_ms, int64_t units)
{
    if (day_of(wall_ms) != q->day) {
        q->day = day_of(wall_ms);
        q->used = 0;
    }
    q->used += units;
}

int64_t
quota_left(struct quota *q, int64_t wall_ms)
{
    quota_spend(q, wall_ms, 0);
    return q->used < q->limit ? q->limit - q->used : 0;
}

int64_t
quota_reset_in_ms(int64_t wall_ms)
{
    return (day_of(wall_ms) + 1) * DAY_MS + RESET_MS - wall_ms;
}

int64_t
quota_interval_ms(struct quota *q, int64_t wall_ms, int64_t units, int64_t last_ms,
                  int64_t least_ms)
{
    int64_t until_reset = quota_reset_in_ms(wall_ms);
    int64_t calls = quota_left(q, wall_ms) / units;
    int64_t spread_ms = last_ms < until_reset ? last_ms : until_reset;
    if (calls == 0)
        return until_reset;
    return spread_ms / calls > least_ms ? spread_ms / calls : least_ms;
}
