/* floors: source base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_facebook.c - answers of the Graph API, its stream of events, and pasted links. */
#include <assert.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/utf8.h"
#include "source/facebook.h"
#include "source/sse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
take(void *arg, const struct message *m)
{
    (void)arg;
    assert(utf8_is_valid(m->text) && m->text.len <= BOUNDS_TEXT);
    assert(m->id.len <= BOUNDS_ID && m->author_name.len <= BOUNDS_NAME);
}

static void
on_event(void *arg, struct str data)
{
    (void)arg;
    (void)!facebook_read_comment(data, STR_LIT("555"),
                                 (struct message_taker){.take = take}, NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str body = {.p = (const char *)data, .len = len};
    struct message_taker to = {.take = take};
    const struct facebook_view view = {.owner = STR_LIT("555"), .newest_first = len % 2};
    struct facebook_page page = {.after = BUF_INIT};
    struct buf out = BUF_INIT;
    struct sse sse = {0};
    (void)!facebook_read_comments(body, view, to, &page, NULL);
    (void)facebook_read_fault(body, &out);
    (void)!facebook_read_live(body, &out, NULL);
    (void)!facebook_target(body, &out, NULL);
    sse_feed(&sse, body, on_event, NULL);
    sse_fini(&sse);
    buf_fini(&page.after);
    buf_fini(&out);
    return 0;
}
