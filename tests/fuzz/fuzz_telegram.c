/* floors: source base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_telegram.c - answers of the Telegram Bot API and pasted links. */
#include <assert.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/utf8.h"
#include "source/telegram.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
take(void *arg, const struct message *m)
{
    (void)arg;
    assert(utf8_is_valid(m->text) && m->text.len <= BOUNDS_TEXT);
    assert(m->id.len <= BOUNDS_ID && m->author_name.len <= BOUNDS_NAME);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str body = {.p = (const char *)data, .len = len};
    struct message_taker to = {.take = take};
    struct telegram_chat chat = telegram_chat_of(STR_LIT("-1001234567890/340"));
    struct telegram_updates u;
    struct telegram_fault f;
    struct buf out = BUF_INIT;
    chat.versions = map_new();
    (void)!telegram_read_updates(body, &chat, to, &u, NULL);
    telegram_read_fault(body, &f, &out);
    (void)!telegram_target(body, &out, NULL);
    map_free(&chat.versions);
    buf_fini(&out);
    return 0;
}
