/* floors: base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_utf8.c - whatever the bytes, the repaired text is valid, is left alone by a second
 * repair, and decodes to as many code points as it counts; what is valid, is so by the
 * definition (RFC 3629), too. */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The definition, word by word. */
static bool
is_utf8(const uint8_t *p, size_t len)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    for (size_t i = 0; i < len;) {
        uint8_t b = p[i++];
        int more = b < 0x80       ? 0
                   : b >> 5 == 6  ? 1
                   : b >> 4 == 14 ? 2
                   : b >> 3 == 30 ? 3
                                  : -1;
        uint32_t cp = more <= 0 ? b : b & (0x3fu >> more);
        for (int k = 0; k < more; k++, i++) {
            if (i == len || p[i] >> 6 != 2)
                return false;
            cp = cp << 6 | (p[i] & 0x3fu);
        }
        if (more < 0 || cp < least[more] || cp > 0x10ffff || cp >> 11 == 0xd800 >> 11)
            return false;
    }
    return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str raw = {(const char *)data, len};
    struct buf once = BUF_INIT, again = BUF_INIT;
    size_t mended = utf8_repair(raw, &once), n = 0, pos = 0;
    assert((mended == 0) == utf8_is_valid(raw));
    assert(utf8_is_valid(raw) == is_utf8(data, len));
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
