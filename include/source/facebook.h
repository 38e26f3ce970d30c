/* SPDX-License-Identifier: Apache-2.0 */
/* facebook.h - the Graph API of Facebook and Instagram for comments under a live video:
 * answers to messages. Pure.
 * Source: developers.facebook.com/docs/live-video-api/interacting-with-viewers,
 * /docs/instagram-platform (webhooks, IG User live_media). */
#ifndef SURAQ_SOURCE_FACEBOOK_H
#define SURAQ_SOURCE_FACEBOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "source/message.h"

struct facebook_page {
    struct buf after; /* owned: cursor of the next page; empty: this was the last */
    size_t messages;
};

/* How comments are to be seen. */
struct facebook_view {
    struct str owner;  /* id of the page or account whose comments are its own */
    bool backlog;      /* said before we came */
    bool newest_first; /* the page is; it is given the other way round */
    int64_t at_ms;     /* of those that do not say when; 0: not known either */
};

/* The comments of .../comments. The caller inits and finis `page->after`. */
int facebook_read_comments(struct str body, struct facebook_view view,
                           struct message_taker to, struct facebook_page *page,
                           struct err *e) MUST_CHECK;

/* One comment of the stream live_comments. ERR_PARSE: it is none. */
int facebook_read_comment(struct str json, struct str owner, struct message_taker to,
                          struct err *e) MUST_CHECK;

/* The id of the video on air among .../live_videos, or of the first of .../live_media;
 * empty: none. */
int facebook_read_live(struct str body, struct buf *id, struct err *e) MUST_CHECK;

enum facebook_fault {
    FACEBOOK_OTHER,      /* go by the status */
    FACEBOOK_BAD_TOKEN,  /* ended or taken back: sign in anew (190, 102, 463, 467) */
    FACEBOOK_NO_RIGHT,   /* a permission is missing (10, 200 to 299, 3) */
    FACEBOOK_SLOW_DOWN,  /* too many calls (4, 17, 32, 613, 80000 to 80014) */
    FACEBOOK_MISSING,    /* no such object, or it may not be seen (100, 803) */
    FACEBOOK_UNAVAILABLE /* a fault of the platform (1, 2) */
};
enum facebook_fault facebook_read_fault(struct str body, struct buf *words);

/* What people paste: a link to the video, its id, "page" or "live" for the one that the
 * page has on air. */
int facebook_target(struct str text, struct buf *out, struct err *e) MUST_CHECK;

/* The same for Instagram, where a link does not name the video: "live" or its number. */
int instagram_target(struct str text, struct buf *out, struct err *e) MUST_CHECK;

/* A webhook's delivery (object "instagram", field "live_comments"): each comment goes to
 * `to`. Other fields are passed over. */
int instagram_read_hook(struct str body, struct str account, struct message_taker to,
                        struct err *e) MUST_CHECK;

#endif
