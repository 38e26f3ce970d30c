/* SPDX-License-Identifier: Apache-2.0 */
/* message.h - the value that flows from a chat: one line, or the wish to take lines back.
 * Strings are borrowed for the call; who keeps them copies. */
#ifndef SURAQ_SOURCE_MESSAGE_H
#define SURAQ_SOURCE_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum message_kind {
    MESSAGE_CHAT,          /* a line */
    MESSAGE_DELETE,        /* the line with this id is taken back (id set) */
    MESSAGE_DELETE_AUTHOR, /* all lines of this author (author_id set) */
    MESSAGE_DELETE_ALL,    /* the whole chat of the source was cleared */
};

/* Roles as the platforms know them, one bit each; names in JSON as given. */
#define MESSAGE_ROLE_MAP(X)              \
    X(MESSAGE_OWNER, 0, "owner")         \
    X(MESSAGE_MODERATOR, 1, "moderator") \
    X(MESSAGE_VIP, 2, "vip")             \
    X(MESSAGE_MEMBER, 3, "member")       \
    X(MESSAGE_STAFF, 4, "staff")         \
    X(MESSAGE_BOT, 5, "bot")             \
    X(MESSAGE_VERIFIED, 6, "verified")
#define MESSAGE_ROLE_ENUM(code, bit, name) code = 1u << (bit),
enum message_role { MESSAGE_ROLE_MAP(MESSAGE_ROLE_ENUM) };
#undef MESSAGE_ROLE_ENUM

struct message {
    enum message_kind kind;
    struct str id;        /* platform id; empty when the platform gives none */
    struct str author_id; /* stable id; empty: the name stands for it */
    struct str author_name;
    unsigned roles;      /* enum message_role, or-ed */
    struct str text;     /* valid UTF-8, not longer than BOUNDS_TEXT */
    struct str reply_to; /* platform id of the line it answers, or empty */
    int64_t at_ms;       /* platform time; 0: not given */
    int64_t received_ms; /* when it reached us */
    bool backlog;        /* history that a platform replays on connecting */
    bool repaired; /* the text had bad bytes or was cut to BOUNDS_TEXT: to be held */
};

/* Where a decoder hands its messages. */
struct message_taker {
    void (*take)(void *arg, const struct message *m); /* `m` is borrowed for the call */
    void *arg;
};

/* Reads one object of DESIGN 5.3 (chat line, delete or delete_author). `m` borrows from
 * `o`. `source` may be NULL; else it gets the member "source" (STR_NONE when absent).
 * Errors name the member. */
int message_from_json(const json_t *o, struct message *m, struct str *source,
                      struct err *e) MUST_CHECK;

/* Parses a line of NDJSON; the message borrows from *holder, which the caller
 * json_decref()s. */
int message_parse(struct str line, struct message *m, struct str *source, json_t **holder,
                  struct err *e) MUST_CHECK;

/* One line of NDJSON without the line feed: what the recorder writes. */
void message_write_json(const struct message *m, struct str source, struct buf *out);

/* Adds ["moderator",...]. */
void message_write_roles(unsigned roles, struct buf *out);

#endif
