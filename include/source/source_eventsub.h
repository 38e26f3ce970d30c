/* SPDX-License-Identifier: Apache-2.0 */
/* source_eventsub.h - what the two halves of the Twitch adapter share: source_eventsub.c
 * reads, source_helix.c asks Helix and sends. Not for other floors. */
#ifndef SURAQ_SOURCE_SOURCE_EVENTSUB_H
#define SURAQ_SOURCE_SOURCE_EVENTSUB_H

#include "source/eventsub.h"
#include "source/irc_out.h"
#include "source/source_token.h"

/* The kind "twitch" with a token; without one it is IRC. */
extern const struct source_adapter source_eventsub;
/* That this kind keeps a token must be known before the settings are read. */
struct source_token *eventsub_token(struct source *s);

/* One of the two sockets: the second takes over when the server asks for it. */
struct eventsub_link {
    struct source *s;
    struct ws *ws; /* owned; NULL: closed */
};

struct eventsub {
    struct buf helix, sign_in, renew, socket; /* addresses */
    struct source_http http;                  /* looking up, subscribing, validating */
    struct source_token token;
    struct twitch_account me;
    struct buf broadcaster, session; /* ids */

    struct eventsub_link links[2];
    unsigned current; /* which of them is read */
    bool moving;      /* the other one is to take over; else it only lingers */
    bool welcomed;    /* since the start: later welcomes carry subscriptions over */
    int64_t keepalive_ms;
    struct loop_timer watch, move, check;
    unsigned subscribing; /* enum eventsub_type, EVENTSUB_TYPES: done */
    struct buf lacks;     /* what could not be subscribed to, in words */
    bool refused;         /* the last token, before it ever worked */
    bool check_due;       /* Twitch wants tokens to be validated every hour */

    /* The way out. */
    struct source_http out;
    struct irc_out *lines; /* owned: bodies that wait for their turn */
    struct buf body;       /* of the line that is being sent; empty: none */
    struct loop_timer out_timer;
    bool out_again; /* with a new token */
    bool mute;      /* Twitch refused a line: nothing more is sent */
};

/* Asks Helix with our token; `path` begins with '/'; `body` may be NULL. */
void eventsub_ask(struct source *s, struct source_http *http, const char *path,
                  const struct buf *body,
                  void (*answer)(struct source *s, const struct fetch_answer *a));
/* As source_http_is_ok(); a refused token is renewed once. */
bool eventsub_is_ok(struct source *s, const struct fetch_answer *a);
/* Milliseconds that a 429 asks to wait; -1: not said. */
int64_t eventsub_wait_ms(const struct source *s, const struct fetch_answer *a);
/* There is a good token: what waits for one goes on. */
void eventsub_token_ready(struct source *s);

bool eventsub_can_send(const struct source *s);
int eventsub_send(struct source *s, struct str text, struct str reply_to, struct err *e);
void eventsub_send_again(struct source *s);
void eventsub_out_go(struct source *s); /* the token is good */
void eventsub_out_stop(struct source *s);

#endif
