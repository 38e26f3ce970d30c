/* SPDX-License-Identifier: Apache-2.0 */
/* source_vklive.h - what reading a chat of VK Video Live and writing into it share. Not
 * for other floors. */
#ifndef SURAQ_SOURCE_SOURCE_VKLIVE_H
#define SURAQ_SOURCE_SOURCE_VKLIVE_H

#include "source/irc_out.h"
#include "source/source_token.h"
#include "source/vklive.h"

enum { VKLIVE_SAID = 16 };

/* The way out; zeroed before the first use. */
struct vklive_out {
    struct source_http http;
    struct loop_timer timer;
    struct irc_out *lines;      /* owned */
    uint64_t said[VKLIVE_SAID]; /* hashes of what we wrote last: it comes back */
    size_t next;
    bool refused; /* no more until the next start */
};

struct vklive {
    struct source_http http;
    struct source_token token; /* of a person */
    struct token app;          /* of the application, when there is no token_file */
    struct ws *ws;             /* owned; NULL: not connected */
    struct loop_timer watchdog;
    struct buf pass, chat, stream; /* token for the socket; its channel; the broadcast */
    struct buf chat_pass;          /* token for the channel; empty: none needed so far */
    struct buf epoch;              /* where we were in the channel; empty: not known */
    struct buf tokens;             /* where tokens are, when 'url' says where all is */
    int64_t offset, silence_ms;    /* longest that the server may be silent; 0: any */
    bool pong;                     /* the server wants answers to its pings */
    bool caught_up;                /* the history was read once */
    bool spoilt;                   /* the token was refused, and another one asked for */
    struct vklive_out out;
};

/* The token that requests carry; NULL: none. */
const char *source_vklive_bearer(const struct source *s);

/* GET "/v1/PATH?NAME=VALUE"; `name` may be NULL. What was under way is given up. */
void source_vklive_ask(struct source *s, const char *path, const char *name,
                       struct str value,
                       void (*answer)(struct source *s, const struct fetch_answer *a));
/* New, to be json_decref()ed; NULL: there is none, and what that means has been told. */
json_t *source_vklive_answer(struct source *s, const struct fetch_answer *a);

/* --- the socket (source_vklive_chat.c) */

/* Connects with `pass` and joins `chat`. */
void source_vklive_open(struct source *s);

/* --- writing (source_vklive_out.c) */

bool source_vklive_can_send(const struct source *s);
int source_vklive_send(struct source *s, struct str text, struct str reply_to,
                       struct err *e);
void source_vklive_send_again(struct source *s);
/* Is it one of the lines that we wrote ourselves? */
bool source_vklive_is_ours(const struct source *s, struct str text);
void source_vklive_out_stop(struct source *s);

#endif
