/* SPDX-License-Identifier: Apache-2.0 */
/* telegram.h - the Telegram Bot API: updates to messages. Pure.
 * Source: core.telegram.org/bots/api. */
#ifndef SURAQ_SOURCE_TELEGRAM_H
#define SURAQ_SOURCE_TELEGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "source/message.h"

/* Which chat is meant: one of id and name; a thread of it, or 0 for all. */
struct telegram_chat {
    int64_t id;      /* 0: go by the name */
    struct str name; /* without '@' */
    int64_t thread;
    const json_t *admins; /* borrowed: the list of getChatAdministrators; NULL: unknown */
    struct map *versions; /* borrowed: line -> its last edit, kept between the answers */
};

/* "@name", "@name/340", "-1001234567890/340" as telegram_target() writes it. Borrows. */
struct telegram_chat telegram_chat_of(struct str target);

/* What people paste: "@name", "https://t.me/name", "https://t.me/name/340" (a post of the
 * group), "https://t.me/c/1234567890/340", "-1001234567890". */
int telegram_target(struct str text, struct buf *out, struct err *e) MUST_CHECK;

struct telegram_updates {
    int64_t next;     /* to be asked for next: the last update_id + 1; 0: as before */
    int64_t moved_to; /* the group became a supergroup with this id; 0: no */
    size_t messages;
};

/* An answer of getUpdates. Lines of other chats, of bots, and what the channel posts are
 * passed over. An edit takes the last wording back and says the new one. */
int telegram_read_updates(struct str body, const struct telegram_chat *chat,
                          struct message_taker to, struct telegram_updates *out,
                          struct err *e) MUST_CHECK;

/* An answer with "ok": false. */
struct telegram_fault {
    int64_t code;           /* as HTTP; 0: the answer is no JSON */
    int64_t retry_after_ms; /* -1: not said */
    int64_t moved_to;       /* 0: no */
};
/* `words` gets the description. */
void telegram_read_fault(struct str body, struct telegram_fault *f, struct buf *words);

/* getMe: does the bot see everything that is said in groups? */
int telegram_read_me(struct str body, int64_t *id, bool *reads_all,
                     struct err *e) MUST_CHECK;
/* Is `id` among the answer of getChatAdministrators? */
bool telegram_is_admin(const json_t *admins, int64_t id);

#endif
