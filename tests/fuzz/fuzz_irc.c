/* floors: source base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_irc.c - frames of IRC, both dialects: whatever comes, texts are UTF-8 and capped.
 */
#include <assert.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/utf8.h"
#include "source/irc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str frame = {.p = (const char *)data, .len = len}, line;
    struct irc_decoder d = {
        .twitch = len % 2 == 0, .channel = STR_LIT("#efir"), .nick = STR_LIT("suraq")};
    while (irc_next_line(&frame, &line)) {
        struct irc_event ev;
        if (irc_decode(&d, line, &ev, NULL) < 0 || ev.kind != IRC_MESSAGE)
            continue;
        assert(utf8_is_valid(ev.message.text) && ev.message.text.len <= BOUNDS_TEXT);
        assert(ev.message.id.len <= BOUNDS_ID &&
               ev.message.author_name.len <= BOUNDS_NAME);
    }
    irc_decoder_fini(&d);
    return 0;
}
