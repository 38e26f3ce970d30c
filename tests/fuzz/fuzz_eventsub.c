/* floors: source base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_eventsub.c - frames of EventSub: whatever comes, texts are UTF-8 and capped. */
#include <assert.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/utf8.h"
#include "source/eventsub.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct eventsub_chat chat = {.broadcaster = STR_LIT("1971641"), .me = STR_LIT("29")};
    struct str frame = {.p = (const char *)data, .len = len};
    struct eventsub_event ev;
    if (eventsub_decode(frame, &chat, &ev, NULL) == 0 && ev.kind == EVENTSUB_MESSAGE) {
        const struct message *m = &ev.message;
        assert(utf8_is_valid(m->text) && m->text.len <= BOUNDS_TEXT);
        assert(m->id.len <= BOUNDS_ID && m->author_id.len <= BOUNDS_ID);
        assert(m->author_name.len <= BOUNDS_NAME && m->reply_to.len <= BOUNDS_ID);
    }
    eventsub_event_fini(&ev);
    return 0;
}
