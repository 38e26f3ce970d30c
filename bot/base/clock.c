/* SPDX-License-Identifier: Apache-2.0 */
/* clock.c - the machine's clock, and RFC 3339 in and out.
 *
 * Dates are computed from the civil calendar (proleptic Gregorian), not through the C
 * library's time zones, so nothing depends on TZ or the locale. */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t
read_clock(clockid_t id)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int64_t
system_wall(void *arg)
{
    (void)arg;
    return read_clock(CLOCK_REALTIME);
}

static int64_t
system_mono(void *arg)
{
    (void)arg;
    return read_clock(CLOCK_MONOTONIC);
}

static uint64_t
nanoseconds(clockid_t id)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

uint64_t
clock_mono_ns(void)
{
    return nanoseconds(CLOCK_MONOTONIC);
}

uint64_t
clock_cpu_ns(void)
{
    return nanoseconds(CLOCK_THREAD_CPUTIME_ID);
}

const struct clock *
clock_system(void)
{
    static const struct clock machine = {.wall_ms = system_wall, .mono_ms = system_mono};

    return &machine;
}

/* Days since 1970-01-01 of a civil date; years are counted from March so that the leap
 * day is the last of its year. */
static int64_t
days_from_civil(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void
clock_iso(int64_t wall_ms, char out[CLOCK_ISO_LEN + 1])
{
    int64_t days = wall_ms / 86400000, ms = wall_ms % 86400000;

    if (ms < 0) {
        ms += 86400000;
        days--;
    }
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int m = (int)(mp + (mp < 10 ? 3 : -9));
    int d = (int)(doy - (153 * mp + 2) / 5 + 1);
    int64_t y = yoe + era * 400 + (m <= 2);
    char text[64];

    (void)snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                   (int)(y < 0 || y > 9999 ? 9999 : y), m, d, (int)(ms / 3600000),
                   (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), (int)(ms % 1000));
    memcpy(out, text, CLOCK_ISO_LEN);
    out[CLOCK_ISO_LEN] = '\0';
}

void
clock_add_iso(struct buf *b, int64_t wall_ms)
{
    char text[CLOCK_ISO_LEN + 1];

    clock_iso(wall_ms, text);
    buf_add(b, text, CLOCK_ISO_LEN);
}

/* Reads exactly n digits at *at. */
static bool
take_digits(struct str s, size_t *at, size_t n, int *out)
{
    int v = 0;

    if (s.len - *at < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = s.p[*at + i];
        if (c < '0' || c > '9')
            return false;
        v = v * 10 + (c - '0');
    }
    *at += n;
    *out = v;
    return true;
}

static bool
take_char(struct str s, size_t *at, char a, char b)
{
    if (*at >= s.len || (s.p[*at] != a && s.p[*at] != b))
        return false;
    *at += 1;
    return true;
}

static int
take_fraction(struct str s, size_t *at)
{
    int ms = 0, weight = 100;

    if (!take_char(s, at, '.', ','))
        return 0;
    for (; *at < s.len && s.p[*at] >= '0' && s.p[*at] <= '9'; *at += 1) {
        ms += (s.p[*at] - '0') * weight;
        weight /= 10;
    }
    return ms;
}

/* "Z", "+06:00", "+0600" -> minutes east of UTC. */
static bool
take_zone(struct str s, size_t *at, int *minutes)
{
    int h, m;

    *minutes = 0;
    if (take_char(s, at, 'Z', 'z'))
        return *at == s.len;
    bool west = *at < s.len && s.p[*at] == '-';
    if (!take_char(s, at, '+', '-') || !take_digits(s, at, 2, &h))
        return false;
    (void)take_char(s, at, ':', ':');
    if (!take_digits(s, at, 2, &m) || h > 23 || m > 59)
        return false;
    *minutes = (h * 60 + m) * (west ? -1 : 1);
    return *at == s.len;
}

int
clock_parse_iso(struct str s, int64_t *wall_ms, struct err *e)
{
    static const int month_days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    size_t at = 0;
    int y, mo, d, h, mi, sec, zone;

    bool ok = take_digits(s, &at, 4, &y) && take_char(s, &at, '-', '-') &&
              take_digits(s, &at, 2, &mo) && take_char(s, &at, '-', '-') &&
              take_digits(s, &at, 2, &d) && take_char(s, &at, 'T', ' ') &&
              take_digits(s, &at, 2, &h) && take_char(s, &at, ':', ':') &&
              take_digits(s, &at, 2, &mi) && take_char(s, &at, ':', ':') &&
              take_digits(s, &at, 2, &sec);
    int ms = ok ? take_fraction(s, &at) : 0;
    if (!ok || !take_zone(s, &at, &zone) || mo < 1 || mo > 12 || d < 1 ||
        d > month_days[mo - 1] || h > 23 || mi > 59 || sec > 60)
        return err_set(e, ERR_VALUE, "'%.*s' is not a time like 2026-11-22T10:00:00Z",
                       s.len > 40 ? 40 : (int)s.len, s.len > 0 ? s.p : "");
    int64_t minutes = days_from_civil(y, mo, d) * 1440 + (int64_t)h * 60 + mi - zone;
    *wall_ms = (minutes * 60 + sec) * 1000 + ms;
    return 0;
}
