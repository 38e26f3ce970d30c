/* floors: judge base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_likeness.c - a line a question: what the index finds is as like as comparing says,
 * a question is like itself, and what was taken out leaves nothing behind. */
#include <assert.h>
#include <stdint.h>

#include "judge/likeness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const struct map_key key = {.bytes = "fuzz"};
    struct str rest = {(const char *)data, len}, line, lines[32];
    struct likeness *l = likeness_new(&key);
    struct likeness_hit hits[4];
    size_t n = 0;

    for (; n < 32 && str_split(&rest, '\n', &line); n++) {
        lines[n] = line;
        size_t found = likeness_find(l, line, LIKENESS_SUGGEST, hits, 4);
        for (size_t i = 0; i < found; i++)
            assert(hits[i].hundredths == likeness_of(l, line, lines[hits[i].id]));
        likeness_put(l, n, line);
        found = likeness_find(l, line, 100, hits, 4);
        assert(found > 0 || likeness_of(l, line, line) == 0);
    }
    while (n > 0)
        likeness_remove(l, --n);
    assert(likeness_count(l) == 0);
    likeness_free(&l);
    return 0;
}
