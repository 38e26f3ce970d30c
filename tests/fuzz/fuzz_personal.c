/* floors: judge base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_personal.c - two bytes a range, NUL, text: nothing of a hidden range is shown, and
 * everything that is shown was there. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "judge/personal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct personal_range r[32];
    size_t n = 0;
    for (; len >= 3 && data[0] != 0 && n < 32; data += 2, len -= 2, n++)
        r[n] = (struct personal_range){data[0] - 1u, data[0] - 1u + data[1] % 16};
    struct str text = {(const char *)data, len};
    struct buf out = BUF_INIT;
    if (!utf8_is_valid(text))
        return 0;
    for (int check = CHECK_NONE; check <= CHECK_IBAN; check++)
        (void)personal_check((enum personal_check)check, text);
    personal_mask(text, r, n, &out);
    assert(utf8_is_valid(buf_str(&out)));
    struct str shown = buf_str(&out), mask = STR_LIT(PERSONAL_MASK);
    size_t from = 0; /* what is shown comes from the text, in order, around the masks */
    for (size_t pos = 0; pos < shown.len;) {
        struct str rest = {shown.p + pos, shown.len - pos};
        size_t size = str_has_prefix(rest, mask) ? mask.len : 1;
        const char *at =
            size > 1 ? NULL : memchr(text.p + from, rest.p[0], text.len - from);
        assert(size > 1 || at != NULL);
        from = at != NULL ? (size_t)(at - text.p) + 1 : from;
        pos += size;
    }
    buf_fini(&out);
    return 0;
}
