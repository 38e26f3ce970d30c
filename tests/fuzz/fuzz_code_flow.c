/* floors: source loop base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_code_flow.c - what a browser brings back from a sign-in: nothing counts without
 * the state of this one. */
#include <assert.h>
#include <stdint.h>

#include "source/code_flow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str target = {.p = (const char *)data, .len = len};
    struct code_flow f = {.state = "s7", .redirect = "http://127.0.0.1:8417/"};
    struct buf code = BUF_INIT;
    struct err e = ERR_INIT;
    if (code_flow_read(&f, target, &code, &e) == 0) {
        assert(code.len > 0 && e.code == ERR_NONE);
        assert(memmem(data, len, "state=", 6) != NULL);
    } else {
        assert(e.code != ERR_NONE);
    }
    buf_fini(&code);
    return 0;
}
