/* floors: source base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_instagram.c - deliveries of Instagram, and pages of comments. */
#include <assert.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/utf8.h"
#include "source/facebook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
static void
take(void *arg, const struct message *m)
{
    (void)arg;
    assert(utf8_is_valid(m->text) && m->text.len <= BOUNDS_TEXT);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str body = {(const char *)data, len}, us = STR_LIT("1");
    struct message_taker to = {.take = take};
    struct facebook_view view = {.owner = us};
    struct facebook_page page = {.after = BUF_INIT};
    (void)!instagram_read_hook(body, us, to, NULL);
    (void)!facebook_read_comments(body, view, to, &page, NULL);
    buf_fini(&page.after);
    return 0;
}
