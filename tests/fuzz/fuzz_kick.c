/* floors: source base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_kick.c - deliveries and answers of Kick: texts are UTF-8 and capped. */
#include <assert.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/utf8.h"
#include "source/kick.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
take(void *arg, const struct message *m)
{
    (void)arg;
    assert(utf8_is_valid(m->text) && m->text.len <= BOUNDS_TEXT &&
           m->id.len <= BOUNDS_ID && m->author_id.len <= BOUNDS_ID);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str body = {(const char *)data, len}, channel = STR_LIT("1");
    struct kick_subscribed have;
    struct str type = len % 4 == 0 ? STR_LIT(KICK_BAN) : STR_LIT(KICK_CHAT);
    (void)!kick_read_event(type, body, channel, (struct message_taker){take, NULL}, NULL);
    (void)!kick_read_subscribed(body, channel, &have, NULL);
    return 0;
}
