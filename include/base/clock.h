/* SPDX-License-Identifier: Apache-2.0 */
/* clock.h - the time, replaceable for tests. Wall times are milliseconds since
 * 1970-01-01T00:00:00Z; monotonic times count from an arbitrary point. */
#ifndef SURAQ_BASE_CLOCK_H
#define SURAQ_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct clock {
    int64_t (*wall_ms)(void *arg);
    int64_t (*mono_ms)(void *arg);
    void *arg; /* borrowed: as long as the clock */
};

/* The machine's clock; static, never freed. */
const struct clock *clock_system(void);

static inline int64_t
clock_wall_ms(const struct clock *c)
{
    return c->wall_ms(c->arg);
}

static inline int64_t
clock_mono_ms(const struct clock *c)
{
    return c->mono_ms(c->arg);
}

/* Nanoseconds from an arbitrary point, and those of processor time that this thread has
 * used; for measuring. */
uint64_t clock_mono_ns(void);
uint64_t clock_cpu_ns(void);

#define CLOCK_ISO_LEN 24 /* "2026-11-22T10:00:00.000Z" */

/* RFC 3339 in UTC with milliseconds. `out` has room for CLOCK_ISO_LEN + 1. */
void clock_iso(int64_t wall_ms, char out[CLOCK_ISO_LEN + 1]);
void clock_add_iso(struct buf *b, int64_t wall_ms);
/* RFC 3339: any fraction, Z or an offset with or without its colon. */
int clock_parse_iso(struct str s, int64_t *wall_ms, struct err *e) MUST_CHECK;

#endif
