/* SPDX-License-Identifier: Apache-2.0 */
/* vk.h - comments under a video or a post of a VK community: answers of the VK API and of
 * its Bots Long Poll to messages. Pure.
 * Source: dev.vk.com (Bots Long Poll API, video, wall) and its published JSON schema. */
#ifndef SURAQ_SOURCE_VK_H
#define SURAQ_SOURCE_VK_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "source/message.h"
#include "source/vk_people.h"

enum vk_place {
    VK_ANY,   /* under any video of the community */
    VK_VIDEO, /* under one video */
    VK_WALL   /* under one post of the wall */
};

struct vk_target {
    enum vk_place place;
    int64_t owner; /* negative: a community */
    int64_t number;
};

/* What people paste: "-123_456", "video-123_456", "wall-123_789", a link that holds one
 * of these (vk.com, vkvideo.ru). `out` gets "video-123_456" or "wall-123_789". */
int vk_target(struct str text, struct buf *out, struct err *e) MUST_CHECK;
/* What vk_target() wrote; anything else is VK_ANY. */
struct vk_target vk_target_of(struct str target);

const char *vk_place_name(enum vk_place place); /* "video", "wall" */

/* How comments are to be read; everything is borrowed. */
struct vk_view {
    struct vk_target target;
    int64_t group;            /* positive: the community, whose own comments are ours */
    struct vk_people *people; /* who is who */
    struct map *versions;     /* comment -> its last edit; the reader keeps it */
    bool backlog;
};

/* --- the long poll */

struct vk_poll {
    int64_t failed;  /* 0: fine; 1: history lost; 2: a new key; 3: a new key and ts */
    struct buf ts;   /* where to go on; owned */
    json_t *updates; /* owned; an array, or NULL */
};
int vk_read_poll(struct str body, struct vk_poll *out, struct err *e) MUST_CHECK;
void vk_poll_fini(struct vk_poll *p); /* usable again */

/* Notes whose names these updates need. */
void vk_note_authors(const json_t *updates, const struct vk_view *view);
/* Returns how many messages there were; an edit takes the old line back and says the new
 * one. Comments elsewhere, of the community itself, and without words are passed over. */
size_t vk_read_updates(const json_t *updates, const struct vk_view *view,
                       struct message_taker to);

/* --- answers of methods */

enum vk_fault {
    VK_FINE,
    VK_BAD_TOKEN,   /* 5, 17, 27, 28: ended, taken back, or of the wrong kind */
    VK_NO_RIGHT,    /* 7, 15, 20, 30, 203, 204, 212, 213 */
    VK_SLOW_DOWN,   /* 6, 9, 14, 29 */
    VK_MISSING,     /* 100, 125 */
    VK_CLOSED,      /* 801: nobody may comment */
    VK_UNAVAILABLE, /* 1, 10, 36 */
    VK_OTHER
};
/* The fault of an answer that is JSON; `words` gets the platform's. */
enum vk_fault vk_fault_of(const json_t *answer, struct buf *words);

/* groups.getLongPollSettings: does the community send the events that we live on? What
 * the answer does not say is taken for yes. */
bool vk_sends_events(const json_t *answer, enum vk_place place);

/* video.getComments or wall.getComments, newest first, with `extended`: the names are
 * learnt at once. */
void vk_learn_from_page(const json_t *answer, struct vk_people *people);
/* The oldest comment's time of a page, ms; 0: the page is empty. */
int64_t vk_oldest_of_page(const json_t *answer);
/* Oldest first; returns how many messages there were. */
size_t vk_read_page(const json_t *answer, const struct vk_view *view,
                    struct message_taker to);

/* --- texts */

/* "&amp;" and its like to letters, "<br>" to a line feed, "[id1|Name]" to "Name". */
void vk_plain(struct str text, struct buf *out);

/* The number of a comment in an id that was made here; 0: it is none. */
int64_t vk_comment_of(struct str id);

#endif
