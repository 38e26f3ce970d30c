/* floors: source loop base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_vk.c - answers of VK, and what people paste: texts are UTF-8 and capped. */
#include <assert.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/utf8.h"
#include "source/vk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
take(void *arg, const struct message *m)
{
    (void)arg;
    assert(utf8_is_valid(m->text) && m->text.len <= BOUNDS_TEXT);
    assert(utf8_is_valid(m->author_name) && m->author_name.len <= BOUNDS_NAME);
    assert(m->id.len > 0 && m->id.len <= BOUNDS_ID && m->at_ms >= 0);
    assert(m->kind == MESSAGE_DELETE || vk_comment_of(m->id) > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str rest = {.p = (const char *)data, .len = len}, first = STR_NONE;
    struct vk_poll poll = {.failed = 0};
    struct buf out = BUF_INIT;
    struct message_taker to = {.take = take};
    (void)str_split(&rest, '\n', &first);
    if (vk_target(first, &out, NULL) == 0)
        assert(vk_target_of(buf_str(&out)).place != VK_ANY);
    struct vk_view view = {vk_target_of(first), 123, vk_people_new(), map_new(), false};
    json_t *page = json_loadb(rest.len > 0 ? rest.p : "", rest.len, 0, NULL);
    vk_learn_from_page(page, view.people);
    (void)vk_read_page(page, &view, to);
    if (vk_read_poll(rest, &poll, NULL) == 0) {
        vk_note_authors(poll.updates, &view);
        (void)vk_read_updates(poll.updates, &view, to);
    }
    vk_poll_fini(&poll);
    json_decref(page);
    vk_people_free(&view.people);
    map_free(&view.versions);
    buf_fini(&out);
    return 0;
}
