/* SPDX-License-Identifier: Apache-2.0 */
/* server_live.c - libwebsockets' callbacks for the live connection: each reason is one
 * call.
 *
 * A message comes in pieces: it is whole when the fragment is final *and* nothing of its
 * packet is left. Frames are shared by all clients, and the library writes its header
 * into the bytes before the payload, so each piece is copied into a buffer of its own. */
#include "serve/server_lws.h"

#include <string.h>

#include "base/mem.h"

enum { MESSAGE_MAX = 1024 };

static void
on_writable_wanted(void *arg)
{
    struct live_conn *c = arg;

    lws_callback_on_writable(c->wsi);
}

static void
on_close_wanted(void *arg, int code)
{
    struct live_conn *c = arg;

    c->close_code = code;
    lws_callback_on_writable(c->wsi);
    /* A peer that takes nothing never becomes writable. */
    lws_set_timeout(c->wsi, PENDING_TIMEOUT_CLOSE_SEND, 5);
}

/* The headers are still there: remember who it is. */
static int
on_filter(struct lws *wsi, struct live_conn *c)
{
    struct server *s = server_of(wsi);
    struct http_request r = {.path = NULL};
    struct err e = ERR_INIT;

    *c = (struct live_conn){.server = s, .wsi = wsi};
    server_read_request(wsi, s, &r);
    int status = front_may_live(&s->front, &r, STR_LIT("suraq.v1"), &c->who);
    if (http_query_u64(r.query, "after", INT64_MAX, &c->after, &e) < 0)
        c->after = 0;
    http_request_fini(&r);
    return status == 0 ? 0 : 1;
}

static int
on_established(struct live_conn *c)
{
    struct live_transport t = {on_writable_wanted, on_close_wanted, c};

    c->client = live_attach(c->server->front.live, &c->who, c->after, &t);
    if (c->client == NULL)
        return -1;
    c->server->n_live++;
    return 0;
}

static int
hang_up(struct lws *wsi, int code)
{
    lws_close_reason(wsi, (enum lws_close_status)code, NULL, 0);
    return -1;
}

static int
on_writable(struct lws *wsi, struct live_conn *c)
{
    uint8_t room[LWS_PRE + SERVER_CHUNK];
    struct str piece;
    bool first, final;

    if (c->client == NULL || c->close_code != 0)
        return hang_up(wsi, c->close_code != 0 ? c->close_code : LIVE_ENDED);
    if (!live_next(c->client, SERVER_CHUNK, &piece, &first, &final))
        return 0;
    memcpy(room + LWS_PRE, piece.p, piece.len);
    int how = first ? LWS_WRITE_TEXT : LWS_WRITE_CONTINUATION;
    if (!final)
        how |= LWS_WRITE_NO_FIN;
    if (lws_write(wsi, room + LWS_PRE, piece.len, (enum lws_write_protocol)how) < 0)
        return -1;
    lws_callback_on_writable(wsi);
    return 0;
}

static int
on_receive(struct lws *wsi, struct live_conn *c, const void *data, size_t len)
{
    if (lws_frame_is_binary(wsi))
        return hang_up(wsi, 1003);
    if (c->in.len + len > MESSAGE_MAX)
        return hang_up(wsi, 1009);
    buf_add(&c->in, data, len);
    if (lws_is_final_fragment(wsi) == 0 || lws_remaining_packet_payload(wsi) > 0)
        return 0;
    int code = live_receive(c->client, buf_str(&c->in));
    buf_reset(&c->in);
    return code == 0 ? 0 : hang_up(wsi, code);
}

static void
on_closed(struct live_conn *c)
{
    if (c == NULL)
        return;
    if (c->client != NULL)
        c->server->n_live--;
    live_detach(&c->client);
    buf_fini(&c->in);
}

int
server_live(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
            size_t len)
{
    switch (reason) {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return on_filter(wsi, user);
    case LWS_CALLBACK_ESTABLISHED:
        return on_established(user);
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return on_writable(wsi, user);
    case LWS_CALLBACK_RECEIVE:
        return on_receive(wsi, user, in, len);
    case LWS_CALLBACK_CLOSED:
        on_closed(user);
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        return server_http(wsi, reason, user, in, len);
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        loop_woken(server_of(wsi)->front.conf.loop);
        return 0;
    default:
        return 0;
    }
}
