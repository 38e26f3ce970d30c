/* floors: source base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_xmpp.c - stanzas of a room, parted by line feeds: whatever comes, texts are UTF-8
 * and capped, and what is escaped is well-formed again. */
#include <assert.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/utf8.h"
#include "source/xmpp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str rest = {.p = (const char *)data, .len = len}, line;
    struct buf out = BUF_INIT;
    struct xmpp_decoder d;
    xmpp_init(&d);
    d.room = STR_LIT("r@h.k");
    d.nick = STR_LIT("me");
    while (str_split(&rest, '\n', &line)) {
        struct xmpp_event ev;
        if (xmpp_decode(&d, line, &ev, NULL) < 0 || !ev.has_message)
            continue;
        assert(utf8_is_valid(ev.message.text) && ev.message.text.len <= BOUNDS_TEXT);
        assert(ev.message.id.len <= BOUNDS_ID);
        assert(ev.message.author_name.len <= BOUNDS_NAME);
        xmpp_escape(ev.message.text, &out);
    }
    (void)xmpp_target((struct str){.p = (const char *)data, .len = len}, &out, NULL);
    buf_fini(&out);
    xmpp_fini(&d);
    return 0;
}
