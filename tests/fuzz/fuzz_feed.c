/* floors: source base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_feed.c - a preset and a frame for it, parted by a NUL; without one a frame of HTML
 * for a preset that uses every section. What comes out is UTF-8 and capped. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/bounds.h"
#include "base/utf8.h"
#include "source/feed.h"

#define PRESET                                                                       \
    "frame: {unwrap: /d}\nmessage: {text: [/t, /d/t, '/a /b'], html: true, id: '/i " \
    "/t', "                                                                          \
    "author: /a, author_id: /u, time: /w}\nremove: {when: {/k: [d, '']}, id: /i}\n"  \
    "purge: {when: {/k: p}, author_id: /u}\nrefuse: {when: {/k: r}, say: /t}\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
take(void *arg, const struct message *m)
{
    (void)arg;
    assert(m->text.len <= BOUNDS_TEXT && m->id.len <= BOUNDS_ID);
    assert(utf8_is_valid(m->text) && m->author_name.len <= BOUNDS_NAME);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str all = {.p = (const char *)data, .len = len}, preset = STR_LIT(PRESET);
    struct feed_wish wish = {.say = BUF_INIT};
    struct feed f;
    if (memchr(data, 0, len) != NULL)
        (void)str_split(&all, 0, &preset);
    if (feed_read(&f, "f", preset, NULL) < 0)
        return 0;
    (void)feed_decode(&f, all, (struct message_taker){.take = take}, &wish, NULL);
    buf_fini(&wish.say);
    feed_fini(&f);
    return 0;
}
