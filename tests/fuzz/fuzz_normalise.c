/* floors: judge base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_normalise.c - every channel is UTF-8 and points into the text that it was made of.
 */
#include <assert.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/utf8.h"
#include "judge/normal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str text = {(const char *)data, len};
    struct normal n;
    if (len > BOUNDS_TEXT || !utf8_is_valid(text))
        return 0;
    size_t count = utf8_count(text);
    normal_init(&n);
    normal_read(&n, text);
    for (int i = 0; i < NORMAL_CHANNELS; i++) {
        const struct channel *c = &n.channel[i];
        assert(!c->on || utf8_is_valid(buf_str(&c->text)));
        for (size_t k = 0; c->on && k < c->units.n; k++)
            assert(c->units.at[k].from < c->units.at[k].to && c->units.at[k].to <= count);
    }
    normal_fini(&n);
    return 0;
}
