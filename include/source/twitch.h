/* SPDX-License-Identifier: Apache-2.0 */
/* twitch.h - what Twitch says over HTTP: the sign-in (id.twitch.tv) and Helix; and its
 * badges. Pure. Sources: dev.twitch.tv/docs/authentication, dev.twitch.tv/docs/api. */
#ifndef SURAQ_SOURCE_TWITCH_H
#define SURAQ_SOURCE_TWITCH_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* What a person allowed us; the names are Twitch's. */
#define TWITCH_SCOPE_MAP(X)               \
    X(TWITCH_READ, 0, "user:read:chat")   \
    X(TWITCH_WRITE, 1, "user:write:chat") \
    X(TWITCH_MODERATE, 2, "channel:moderate")
#define TWITCH_SCOPE_ENUM(code, bit, name) code = 1u << (bit),
enum twitch_scope { TWITCH_SCOPE_MAP(TWITCH_SCOPE_ENUM) };
#undef TWITCH_SCOPE_ENUM

/* Whose token it is. */
struct twitch_account {
    struct buf client_id, user_id;
    unsigned scopes; /* enum twitch_scope, or-ed */
};
void twitch_account_fini(struct twitch_account *a);

/* The role that a badge stands for, by its set ("moderator"); 0: none. */
unsigned twitch_badge_role(struct str set);

/* GET /oauth2/validate. `a` is replaced. */
int twitch_read_account(struct str body, struct twitch_account *a,
                        struct err *e) MUST_CHECK;
/* GET /helix/users?login=: the id, or nothing when there is no such channel. */
int twitch_read_user(struct str body, struct buf *id, struct err *e) MUST_CHECK;
/* POST /helix/chat/messages: was it said? Else `why` gets the drop reason. */
int twitch_read_sent(struct str body, bool *sent, struct buf *why,
                     struct err *e) MUST_CHECK;
/* What an answer that is no success says; empty when it says nothing. */
void twitch_read_fault(struct str body, struct buf *words);

/* The body of POST /helix/chat/messages; `reply_to` may be empty. */
void twitch_write_line(struct buf *out, struct str broadcaster, struct str sender,
                       struct str text, struct str reply_to);

#endif
