/* floors: source base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_youtube.c - answers of the YouTube Data API and pasted links. */
#include <assert.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/utf8.h"
#include "source/youtube.h"

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
    struct youtube_page page = {.next = BUF_INIT};
    struct buf out = BUF_INIT;
    enum youtube_video state;
    (void)!youtube_read_page(body, false, to, &page, NULL);
    (void)!youtube_read_video(body, &state, &out, NULL);
    (void)youtube_read_fault(body, &out);
    (void)!youtube_target(body, &out, NULL);
    buf_fini(&page.next);
    buf_fini(&out);
    return 0;
}
