/* SPDX-License-Identifier: Apache-2.0 */
/* vk_target.c - which comments of VK are meant: what people paste, to a place.
 *
 * VK writes a video and a post the same way everywhere, "video-123_456" and
 * "wall-123_789" (owner, number; a community's number is negative), alone in the path or
 * behind "z=" or "w=" in the address of the page that shows it. So that word is looked
 * for, and everything around it does not matter, but for the site. */
#include "source/vk.h"

#include <string.h>

/* "123_456" or "-123_456", with anything but a word's letters behind it. */
static bool
read_pair(struct str s, struct vk_target *t)
{
    struct err not_a_number = ERR_INIT;
    struct str rest = s, owner;
    if (!str_split(&rest, '_', &owner))
        return false;
    size_t end = 0;
    while (end < rest.len && rest.p[end] >= '0' && rest.p[end] <= '9')
        end++;
    struct str number = {.p = rest.p, .len = end};
    return str_to_i64(owner, -INT64_MAX, INT64_MAX, &t->owner, &not_a_number) == 0 &&
           t->owner != 0 &&
           str_to_i64(number, 1, INT64_MAX, &t->number, &not_a_number) == 0 &&
           (end == rest.len || strchr("/?&#%", rest.p[end]) != NULL);
}

/* The last "WORDnumbers" of the text: links may hold an address inside another. */
static bool
find_pair(struct str text, const char *word, struct vk_target *t)
{
    size_t len = strlen(word);
    for (size_t at = text.len; at-- > 0;) {
        struct str rest = {.p = text.p + at, .len = text.len - at};
        bool starts = at == 0 || strchr("/=", text.p[at - 1]) != NULL;
        if (!starts || rest.len <= len || memcmp(rest.p, word, len) != 0)
            continue;
        if (read_pair((struct str){.p = rest.p + len, .len = rest.len - len}, t))
            return true;
    }
    return false;
}

const char *
vk_place_name(enum vk_place place)
{
    return place == VK_WALL ? "wall" : "video";
}

struct vk_target
vk_target_of(struct str target)
{
    static const struct {
        const char *word;
        enum vk_place place;
    } words[] = {{"video", VK_VIDEO}, {"wall", VK_WALL}, {"clip", VK_VIDEO}};
    struct vk_target t = {.place = VK_ANY};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (find_pair(target, words[i].word, &t)) {
            t.place = words[i].place;
            return t;
        }
    }
    return (struct vk_target){.place = VK_ANY};
}

static bool
holds(struct str s, const char *part)
{
    return s.len > 0 && memmem(s.p, s.len, part, strlen(part)) != NULL;
}

int
vk_target(struct str text, struct buf *out, struct err *e)
{
    bool link = holds(text, "/") || holds(text, ".");
    bool site =
        holds(text, "vk.com/") || holds(text, "vkvideo.ru/") || holds(text, "vk.ru/");
    struct vk_target t = vk_target_of(text);
    if (t.place == VK_ANY && !link && read_pair(text, &t))
        t.place = VK_VIDEO;
    if (t.place == VK_ANY || (link && !site))
        return err_set(e, ERR_VALUE,
                       "'%.*s' is no video or post of VK: its link, video-123_456 or "
                       "wall-123_789",
                       STR_ARG(text));
    buf_addf(out, "%s%lld_%lld", vk_place_name(t.place), (long long)t.owner,
             (long long)t.number);
    return 0;
}
