/* floors: base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_str.c - numbers, durations, sizes and times of day in settings and requests: what
 * is taken says the same when it is written again and read again. */
#include <assert.h>
#include <inttypes.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str s = {len == 0 ? NULL : (const char *)data, len}, rest = s, part;
    uint64_t u;
    int64_t i, j;
    struct buf b = BUF_INIT;
    char iso[CLOCK_ISO_LEN + 1];
    if (str_to_u64(s, UINT64_MAX, &u, NULL) == 0)
        assert(u == strtoumax((buf_add_str(&b, s), b.data), NULL, 10));
    if (str_to_i64(s, -50, 50, &i, NULL) == 0)
        assert(i >= -50 && i <= 50);
    assert(str_to_duration_ms(s, &i, NULL) < 0 || i >= 0);
    assert(str_to_bytes(s, &u, NULL) < 0 || u <= INT64_MAX);
    if (clock_parse_iso(s, &i, NULL) == 0) {
        clock_iso(i, iso);
        assert(clock_parse_iso(str_from(iso), &j, NULL) == 0);
        assert(i == j || i < -62167219200000 || i > 253402300799999);
    }
    buf_reset(&b);
    while (str_split(&rest, ',', &part)) {
        assert(part.len == 0 || memchr(part.p, ',', part.len) == NULL);
        buf_add_str(&b, part);
        buf_add_cstr(&b, rest.p == NULL ? "" : ",");
    }
    assert(str_eq(buf_str(&b), s) && str_trim(s).len <= s.len);
    buf_fini(&b);
    return 0;
}
