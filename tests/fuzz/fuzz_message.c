/* floors: source base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_message.c - NDJSON: what was read and written again is read again as the same. */
#include <assert.h>
#include <stdint.h>

#include "source/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct message m, again;
    json_t *holder, *second;
    struct buf once = BUF_INIT, twice = BUF_INIT;
    if (message_parse((struct str){(const char *)data, len}, &m, NULL, &holder, NULL) < 0)
        return 0;
    message_write_json(&m, STR_NONE, &once);
    assert(message_parse(buf_str(&once), &again, NULL, &second, NULL) == 0);
    message_write_json(&again, STR_NONE, &twice);
    assert(str_eq(buf_str(&once), buf_str(&twice)));
    json_decref(holder);
    json_decref(second);
    buf_fini(&once);
    buf_fini(&twice);
    return 0;
}
