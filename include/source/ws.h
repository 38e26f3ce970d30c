/* SPDX-License-Identifier: Apache-2.0 */
/* ws.h - one WebSocket connection to a chat, as a client on the loop thread. */
#ifndef SURAQ_SOURCE_WS_H
#define SURAQ_SOURCE_WS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct loop;
struct worker;
struct ws;

/* Strings are copied. */
struct ws_conf {
    const char *url;         /* ws://host[:port][/path] or wss://... */
    const char *subprotocol; /* NULL: ask for none */
    const char *origin;      /* NULL: made from the URL */
    const char *header;      /* one more "Name: value" of the handshake, or NULL */
    const char *proxy;       /* NULL: as the environment says; see source/proxy.h */
    const char *ca_file;     /* PEM: trust these and nobody else; NULL: the system's */
    int64_t connect_ms;      /* from the look-up of the name to the open socket */
    uint16_t ping_s;         /* silence after which we ping; 0: 30 */
    uint16_t hangup_s;       /* silence after which it is over; 0: 45; above ping_s */
};

/* All are called on the loop thread, never from inside a ws_ function. */
struct ws_events {
    void (*open)(void *arg);
    /* A whole message, joined from its fragments; borrowed for the call. */
    void (*message)(void *arg, struct str data);
    /* It is over, or never began; the last call. `code`: "dns", "tls", "refused",
     * "closed", "silent"; `e` says it in words. ws_close() is still due. */
    void (*closed)(void *arg, const char *code, const struct err *e);
    void *arg;
};

/* New: looks the name up on the worker and connects to its addresses in turn. Fails at
 * once with ERR_VALUE for a URL or a CA file that will not do, ERR_LIMIT when the worker
 * is too busy. */
struct ws *ws_open(struct loop *l, struct worker *w, const struct ws_conf *conf,
                   const struct ws_events *on, struct err *e) MUST_CHECK;

/* Is the URL one that ws_open() would take? */
int ws_check_url(const char *url, struct err *e) MUST_CHECK;

/* No event comes any more; what is queued is still sent, then the connection is closed
 * politely. Sets *w = NULL; NULL-safe. */
void ws_close(struct ws **w);

/* Queues one text message. ERR_BAD_STATE when not open, ERR_LIMIT when too much waits. */
int ws_send(struct ws *w, struct str text, struct err *e) MUST_CHECK;

/* The code of the close frame that ended it (RFC 6455, 7.4); 0: none came. For closed().
 */
unsigned ws_close_code(const struct ws *w);

/* Stop and go on reading. A little that was under way may still arrive after stopping. */
void ws_pause(struct ws *w, bool paused);

#endif
