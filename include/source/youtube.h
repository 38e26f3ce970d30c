/* SPDX-License-Identifier: Apache-2.0 */
/* youtube.h - the YouTube Data API v3 for live chats: answers to messages. Pure.
 * Source: developers.google.com/youtube/v3/live/docs/liveChatMessages. */
#ifndef SURAQ_SOURCE_YOUTUBE_H
#define SURAQ_SOURCE_YOUTUBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "source/message.h"

/* One answer of liveChatMessages.list. */
struct youtube_page {
    struct buf next; /* owned: token of the next page; empty: none */
    int64_t poll_ms; /* the next page not sooner than this; 0: not said */
    bool ended;      /* the broadcast is over, or its chat */
    size_t messages;
};

/* Reads a page; each message goes to `to`, marked as backlog if so. ERR_PARSE: no JSON or
 * no page. The caller inits and finis `page->next`. */
int youtube_read_page(struct str body, bool backlog, struct message_taker to,
                      struct youtube_page *page, struct err *e) MUST_CHECK;

/* The chat of a video (videos.list) or of one's own broadcast (liveBroadcasts.list). */
enum youtube_video {
    YOUTUBE_LIVE,    /* `chat` is its chat */
    YOUTUBE_WAITING, /* planned; or live and the chat is not open yet */
    YOUTUBE_OVER,
    YOUTUBE_NO_CHAT, /* on air without a chat */
    YOUTUBE_MISSING, /* no such video, or it may not be seen */
};
int youtube_read_video(struct str body, enum youtube_video *state, struct buf *chat,
                       struct err *e) MUST_CHECK;

/* What an error answer says. `words` gets the platform's message. */
enum youtube_fault {
    YOUTUBE_OTHER,      /* go by the status */
    YOUTUBE_QUOTA,      /* spent until midnight, Pacific time */
    YOUTUBE_SLOW_DOWN,  /* asked too soon */
    YOUTUBE_CHAT_ENDED, /* or switched off */
    YOUTUBE_NO_SUCH_CHAT,
    YOUTUBE_BAD_KEY, /* key or token */
    YOUTUBE_OLD_PAGE /* the page token is too old: begin again */
};
enum youtube_fault youtube_read_fault(struct str body, struct buf *words);

/* "https://youtu.be/ID", ".../watch?v=ID", ".../live/ID", "ID" or "mine" -> the id. */
int youtube_target(struct str text, struct buf *out, struct err *e) MUST_CHECK;

#endif
