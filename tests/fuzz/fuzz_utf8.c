/* floors: base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_utf8.c - whatever the bytes, the repaired text is valid, is left alone by a second
 * repair, and decodes to as many code points as it counts. */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str raw = {(const char *)data, len};
    struct buf once = BUF_INIT, again = BUF_INIT;
    size_t mended = utf8_repair(raw, &once), n = 0, pos = 0;
    assert((mended == 0) == utf8_is_valid(raw));
    assert(utf8_is_valid(buf_str(&once)));
    while (pos < once.len) {
        assert(utf8_offset(buf_str(&once), n) == pos);
        utf8_add(&again, (uint32_t)utf8_next(buf_str(&once), &pos));
        n++;
    }
    assert(str_eq(buf_str(&once), buf_str(&again)) && n == utf8_count(buf_str(&once)));
    assert(utf8_is_valid(utf8_prefix(buf_str(&once), len / 2)));
    buf_fini(&once);
    buf_fini(&again);
    return 0;
}
