/* floors: source loop base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_vklive.c - frames of Centrifugo, lines and links of VK Video Live: texts are UTF-8
 * and capped. */
#include <assert.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/utf8.h"
#include "source/centrifugo.h"
#include "source/vklive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
take(void *arg, const struct message *m)
{
    (void)arg;
    assert(utf8_is_valid(m->text) && m->text.len <= BOUNDS_TEXT && m->at_ms >= 0);
    assert(utf8_is_valid(m->author_name) && m->author_name.len <= BOUNDS_NAME);
    assert(m->id.len <= BOUNDS_ID && m->author_id.len <= BOUNDS_ID);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str frame = {.p = (const char *)data, .len = len}, line;
    struct buf out = BUF_INIT, more = BUF_INIT;
    struct message_taker to = {.take = take};
    if (vklive_target(frame, &out, NULL) == 0)
        assert(out.len > 0 && out.len <= 64);
    vklive_read_fault(frame, &more);
    while (centrifugo_next(&frame, &line)) {
        struct centrifugo_event ev;
        json_t *holder;
        if (centrifugo_read(line, &ev, &holder, NULL) < 0)
            continue;
        (void)vklive_read_publication(ev.data, to);
        (void)vklive_read_history(holder, true, to);
        (void)vklive_channel_token(holder, ev.channel);
        if (vklive_read_channel(holder, &out, &more, NULL) == 0)
            assert(out.len > 0);
        json_decref(holder);
    }
    buf_fini(&out);
    buf_fini(&more);
    return 0;
}
