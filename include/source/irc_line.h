/* SPDX-License-Identifier: Apache-2.0 */
/* irc_line.h - the grammar of IRC: a frame into lines, a line into its parts, tag values.
 * Pure; everything borrows from the bytes that were given. */
#ifndef SURAQ_SOURCE_IRC_LINE_H
#define SURAQ_SOURCE_IRC_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define IRC_PARAMS 16 /* RFC 2812: 14 and the trailing one; more are dropped */

/* The tags that mean something here; others are skipped. Some have had several names. */
#define IRC_TAG_MAP(X)                             \
    X(IRC_TAG_ID, "id")                            \
    X(IRC_TAG_MSGID, "msgid")                      \
    X(IRC_TAG_DRAFT_MSGID, "draft/msgid")          \
    X(IRC_TAG_USER_ID, "user-id")                  \
    X(IRC_TAG_ACCOUNT, "account")                  \
    X(IRC_TAG_DISPLAY_NAME, "display-name")        \
    X(IRC_TAG_LOGIN, "login")                      \
    X(IRC_TAG_BADGES, "badges")                    \
    X(IRC_TAG_MOD, "mod")                          \
    X(IRC_TAG_VIP, "vip")                          \
    X(IRC_TAG_SUBSCRIBER, "subscriber")            \
    X(IRC_TAG_USER_TYPE, "user-type")              \
    X(IRC_TAG_BOT, "bot")                          \
    X(IRC_TAG_DRAFT_BOT, "draft/bot")              \
    X(IRC_TAG_INSPIRCD_BOT, "inspircd.org/bot")    \
    X(IRC_TAG_SENT_TS, "tmi-sent-ts")              \
    X(IRC_TAG_TIME, "time")                        \
    X(IRC_TAG_REPLY_PARENT, "reply-parent-msg-id") \
    X(IRC_TAG_DRAFT_REPLY, "+draft/reply")         \
    X(IRC_TAG_REPLY, "+reply")                     \
    X(IRC_TAG_ROOM_ID, "room-id")                  \
    X(IRC_TAG_SOURCE_ROOM_ID, "source-room-id")    \
    X(IRC_TAG_TARGET_USER_ID, "target-user-id")    \
    X(IRC_TAG_TARGET_MSG_ID, "target-msg-id")      \
    X(IRC_TAG_MSG_ID, "msg-id")
#define IRC_TAG_ENUM(code, name) code,
enum irc_tag { IRC_TAG_MAP(IRC_TAG_ENUM) IRC_TAG_COUNT };
#undef IRC_TAG_ENUM

struct irc_line {
    struct str tags[IRC_TAG_COUNT]; /* still escaped; .p is NULL when the tag is absent */
    struct str source;              /* "nick!user@host" or a server's name, or empty */
    struct str command;             /* letters or three digits, as they came */
    struct str params[IRC_PARAMS];  /* the trailing one without its colon */
    size_t n_params;
};

/* Cuts the next non-empty line off `frame`; CR and LF in any mixture end a line. False
 * when nothing is left. */
bool irc_next_line(struct str *frame, struct str *line);

/* ERR_PARSE when it has no command. */
int irc_parse(struct str line, struct irc_line *l, struct err *e) MUST_CHECK;

/* The parameter, or the empty slice when there are fewer. */
struct str irc_param(const struct irc_line *l, size_t i);

/* "nick" of "nick!user@host"; when that is empty, "user"; a server's name as it is. */
struct str irc_nick(struct str source);

/* The value with its escapes undone. Borrows from `raw` when there are none, else from
 * `pool`, which must have raw.len bytes reserved, so that it does not move. */
struct str irc_unescape(struct str raw, struct buf *pool);

/* The text without mIRC's codes for colour and weight; borrowing as irc_unescape(). */
struct str irc_plain(struct str text, struct buf *pool);

#endif
