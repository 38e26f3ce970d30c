/* floors: queue judge source loop base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_event.c - whatever a journal holds ("KIND BODY" a line), applying it leaves a
 * state that a snapshot can hold. */
#include <assert.h>
#include <stdint.h>

#include "queue/queue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct map_key key = {{1}};
    struct queue *q = queue_new(&key), *copy;
    struct str rest = {(const char *)data, len}, line, kind;
    struct buf bytes = BUF_INIT;
    while (str_split(&rest, '\n', &line)) {
        struct event ev = {.seq = queue_seq(q) + 1, .at_ms = 1, .actor = "user:a"};
        if (!str_split(&line, ' ', &kind) ||
            event_kind_from_name(kind, &ev.kind, NULL) < 0)
            continue;
        buf_add_str(&ev.body, line);
        (void)!queue_apply(q, &ev, NULL);
        event_fini(&ev);
    }
    queue_pack(q, &bytes);
    copy = queue_unpack(&key, buf_str(&bytes), NULL);
    assert(copy != NULL && queue_digest(copy) == queue_digest(q));
    queue_free(&copy);
    queue_free(&q);
    buf_fini(&bytes);
    return 0;
}
