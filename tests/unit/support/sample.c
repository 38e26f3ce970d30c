/* SPDX-License-Identifier: Apache-2.0 */
#include "support/sample.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

char *
sample_read(const char *platform, const char *name)
{
    struct buf path = BUF_INIT, text = BUF_INIT;
    char some[4096];
    size_t n;

    buf_addf(&path, "tests/data/source/%s/%s", platform, name);
    FILE *f = fopen(path.data, "r");
    if (f == NULL) {
        perror(path.data);
        abort();
    }
    while ((n = fread(some, 1, sizeof(some), f)) > 0)
        buf_add(&text, some, n);
    (void)fclose(f);
    buf_fini(&path);
    return buf_steal(&text);
}
