/* floors: base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_csv.c - a table is read to its end, whatever it is: lines are counted upwards and
 * no record holds more than was there. */
#include <assert.h>
#include <stdint.h>

#include "base/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct csv c;
    struct csv_record r;
    size_t line = 0, bytes = 0;
    int rc;
    csv_init(&c, (struct str){len == 0 ? NULL : (const char *)data, len}, ',');
    while ((rc = csv_next(&c, &r, NULL)) != 0) {
        assert(r.line > line && (rc < 0 || r.n > 0));
        line = r.line;
        for (size_t i = 0; rc > 0 && i < r.n && i < CSV_FIELDS; i++)
            bytes += r.field[i].len;
    }
    assert(bytes <= len);
    csv_fini(&c);
    return 0;
}
