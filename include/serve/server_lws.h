/* SPDX-License-Identifier: Apache-2.0 */
/* server_lws.h - what the files of the server share; nobody else includes it. */
#ifndef SURAQ_SERVE_SERVER_LWS_H
#define SURAQ_SERVE_SERVER_LWS_H

#include <libwebsockets.h>

#include "serve/front.h"
#include "serve/server.h"

enum { SERVER_CHUNK = 16 * 1024 };

/* An open connection, whatever became of it. */
struct server_peer {
    struct lws *wsi;
    char address[HTTP_ADDRESS];
};

struct server {
    struct front front;
    struct lws_vhost *vhost; /* owned by the context */
    struct lws_protocols protocols[3];
    struct lws_retry_bo pings;
    struct loop_timer tick;
    char url[160];
    int port;
    unsigned n_requests, n_live; /* under way */
    struct server_peer *peers;   /* owned: BOUNDS_CONNECTIONS of them */
    size_t n_peers;
};

/* The first protocol of the vhost: requests, and everything before a connection has a
 * protocol. Its session data: */
struct http_conn {
    struct server *server;
    struct lws *wsi;
    struct exchange *x; /* owned; NULL between requests */
    size_t sent;
    bool head_sent, finished;
};
int server_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                size_t len);

/* suraq.v1 */
struct live_conn {
    struct server *server;
    struct lws *wsi;
    struct live_client *client;
    struct identity who;
    uint64_t after;
    struct buf in; /* a message in pieces */
    int close_code;
};
int server_live(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                size_t len);

static inline struct server *
server_of(struct lws *wsi)
{
    return lws_get_protocol(wsi)->user;
}

/* Reads the head of a request. */
void server_read_request(struct lws *wsi, struct server *s, struct http_request *r);
/* Sends a small answer at once, from a callback that refuses a connection. */
void server_refuse(struct lws *wsi, const struct http_response *r);
/* Writes the head of an answer; `len`: of the body, -1: none. */
int server_write_head(struct lws *wsi, const struct http_response *r, int64_t len,
                      bool secure);

#endif
