/* SPDX-License-Identifier: Apache-2.0 */
/* server_http.c - libwebsockets' callbacks for requests: each reason is one call.
 *
 * Before a WebSocket has its protocol the library asks the first protocol of the vhost,
 * so the refusals of upgrades are here: no or an unknown subprotocol (it would hang up
 * without a word), another site's Origin, Upgrade: h2c. A HEAD gets no body. An answer is
 * written in chunks as the socket takes them, and a peer that takes none is closed after
 * a while. */
#include "serve/server_lws.h"

#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/mem.h"

enum { HEAD_ROOM = 4096, ANSWER_S = 30, TAKE_S = 20, FIELD_MAX = BOUNDS_HEADERS };

static const struct {
    enum http_field field;
    enum lws_token_indexes token; /* or, when there is none, */
    const char *name;
} fields[] = {
    {HTTP_HOST, WSI_TOKEN_HOST, NULL},
    {HTTP_ORIGIN, WSI_TOKEN_ORIGIN, NULL},
    {HTTP_COOKIE, WSI_TOKEN_HTTP_COOKIE, NULL},
    {HTTP_AUTHORIZATION, WSI_TOKEN_HTTP_AUTHORIZATION, NULL},
    {HTTP_CONTENT_TYPE, WSI_TOKEN_HTTP_CONTENT_TYPE, NULL},
    {HTTP_CONTENT_LENGTH, WSI_TOKEN_HTTP_CONTENT_LENGTH, NULL},
    {HTTP_TRANSFER_ENCODING, WSI_TOKEN_HTTP_TRANSFER_ENCODING, NULL},
    {HTTP_ACCEPT, WSI_TOKEN_HTTP_ACCEPT, NULL},
    {HTTP_ACCEPT_ENCODING, WSI_TOKEN_HTTP_ACCEPT_ENCODING, NULL},
    {HTTP_IF_NONE_MATCH, WSI_TOKEN_HTTP_IF_NONE_MATCH, NULL},
    {HTTP_USER_AGENT, WSI_TOKEN_HTTP_USER_AGENT, NULL},
    {HTTP_SEC_FETCH_SITE, 0, "sec-fetch-site:"},
    {HTTP_FORWARDED_FOR, WSI_TOKEN_X_FORWARDED_FOR, NULL},
    {HTTP_FORWARDED_PROTO, 0, "x-forwarded-proto:"},
    {HTTP_HUB_SIGNATURE, 0, "x-hub-signature-256:"},
    {HTTP_KICK_SIGNATURE, 0, "kick-event-signature:"},
    {HTTP_KICK_ID, 0, "kick-event-message-id:"},
    {HTTP_KICK_TIME, 0, "kick-event-message-timestamp:"},
    {HTTP_KICK_TYPE, 0, "kick-event-type:"},
};

static char *
copy_field(struct lws *wsi, size_t i)
{
    const char *name = fields[i].name;
    int name_len = name == NULL ? 0 : (int)strlen(name);
    int len = name == NULL ? lws_hdr_total_length(wsi, fields[i].token)
                           : lws_hdr_custom_length(wsi, name, name_len);

    if (len <= 0 || len >= FIELD_MAX)
        return NULL;
    char *text = mem_zalloc((size_t)len + 1);
    len = name == NULL ? lws_hdr_copy(wsi, text, len + 1, fields[i].token)
                       : lws_hdr_custom_copy(wsi, text, len + 1, name, name_len);
    if (len < 0)
        MEM_FREE(text);
    return text;
}

/* libwebsockets gives the query decoded, in pieces; it is encoded again where it must be.
 */
static char *
copy_query(struct lws *wsi)
{
    struct buf out = BUF_INIT;
    char piece[BOUNDS_HEADERS];

    for (int i = 0;; i++) {
        int len =
            lws_hdr_copy_fragment(wsi, piece, sizeof(piece), WSI_TOKEN_HTTP_URI_ARGS, i);
        if (len < 0)
            break;
        if (i > 0)
            buf_add_char(&out, '&');
        for (int k = 0; k < len; k++) {
            if (piece[k] == '%' || piece[k] == '&' || piece[k] == '+')
                buf_addf(&out, "%%%02X", (unsigned)(unsigned char)piece[k]);
            else
                buf_add_char(&out, piece[k]);
        }
    }
    return out.len == 0 ? mem_strdup("") : buf_steal(&out);
}

static enum http_method
read_method(struct lws *wsi, char **path, bool *head)
{
    static const enum lws_token_indexes tokens[] = {
        WSI_TOKEN_GET_URI, WSI_TOKEN_POST_URI, WSI_TOKEN_PUT_URI, WSI_TOKEN_PATCH_URI,
        WSI_TOKEN_DELETE_URI};
    static const enum http_method methods[] = {HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH,
                                               HTTP_DELETE};
    char *uri = NULL;
    int len = 0;

    *head = lws_hdr_total_length(wsi, WSI_TOKEN_HEAD_URI) > 0;
    if (lws_http_get_uri_and_method(wsi, &uri, &len) >= 0 && len > 0)
        *path = mem_strndup(uri, (size_t)len);
    else
        *path = mem_strdup("");
    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        if (lws_hdr_total_length(wsi, tokens[i]) > 0)
            return methods[i];
    }
    return *head ? HTTP_GET : HTTP_OTHER;
}

void
server_read_request(struct lws *wsi, struct server *s, struct http_request *r)
{
    r->method = read_method(wsi, &r->path, &r->head);
    r->query = copy_query(wsi);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        r->field[fields[i].field] = copy_field(wsi, i);
    r->secure = s->front.tls;
    r->address[0] = '\0';
    if (!s->front.unix_socket)
        (void)lws_get_peer_simple(wsi, r->address, sizeof(r->address));
    if (strncmp(r->address, "::ffff:", 7) == 0)
        memmove(r->address, r->address + 7, strlen(r->address + 7) + 1);
}

static int
add(struct lws *wsi, const char *name, const char *value, uint8_t **p, uint8_t *end)
{
    return lws_add_http_header_by_name(wsi, (const uint8_t *)name, (const uint8_t *)value,
                                       (int)strlen(value), p, end);
}

int
server_write_head(struct lws *wsi, const struct http_response *r, int64_t len,
                  bool secure)
{
    uint8_t room[LWS_PRE + HEAD_ROOM], *start = room + LWS_PRE, *p = start;
    uint8_t *end = room + sizeof(room) - 1;
    bool cached = false;
    int rc = lws_add_http_header_status(wsi, (unsigned)r->status, &p, end);

    for (size_t i = 0; i < r->n_extra; i++) {
        cached = cached || strcmp(r->extra[i].name, "cache-control:") == 0;
        rc |= add(wsi, r->extra[i].name, r->extra[i].value, &p, end);
    }
    if (!cached)
        rc |= add(wsi, "cache-control:", "no-store", &p, end);
    if (r->type != NULL)
        rc |= add(wsi, "content-type:", r->type, &p, end);
    if (secure)
        rc |= add(wsi, "strict-transport-security:", "max-age=31536000", &p, end);
    if (r->close)
        rc |= add(wsi, "connection:", "close", &p, end);
    if (len >= 0)
        rc |= lws_add_http_header_content_length(wsi, (lws_filepos_t)len, &p, end);
    return rc != 0 ? -1 : lws_finalize_write_http_header(wsi, start, &p, end);
}

void
server_refuse(struct lws *wsi, const struct http_response *r)
{
    uint8_t room[LWS_PRE + 1024];

    if (r->body.len > 1024 || server_write_head(wsi, r, (int64_t)r->body.len, false) != 0)
        return;
    memcpy(room + LWS_PRE, r->body.data, r->body.len);
    (void)lws_write(wsi, room + LWS_PRE, r->body.len, LWS_WRITE_HTTP_FINAL);
}

static void
on_ready(void *arg)
{
    struct http_conn *c = arg;

    lws_callback_on_writable(c->wsi);
}

static void
drop(struct http_conn *c)
{
    if (c == NULL || c->x == NULL)
        return;
    c->server->n_requests--;
    exchange_close(&c->x);
}

static int
on_request(struct lws *wsi, struct http_conn *c)
{
    struct server *s = server_of(wsi);

    drop(c);
    *c = (struct http_conn){.server = s, .wsi = wsi};
    c->x = exchange_new(on_ready, c);
    s->n_requests++;
    server_read_request(wsi, s, &c->x->req);
    if (!front_begin(&s->front, c->x)) {
        c->finished = true;
        lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, ANSWER_S);
    }
    return 0;
}

static int
on_body(struct http_conn *c, const char *data, size_t len)
{
    if (c->x == NULL || c->finished)
        return 0;
    if (!front_body(&c->server->front, c->x, (struct str){data, len}))
        c->finished = true;
    return 0;
}

static int
on_body_end(struct lws *wsi, struct http_conn *c)
{
    if (c->x == NULL || c->finished)
        return 0;
    c->finished = true;
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, ANSWER_S);
    front_finish(&c->server->front, c->x);
    return 0;
}

static struct str
body_of(const struct http_response *r)
{
    if (r->fixed != NULL)
        return (struct str){(const char *)r->fixed, r->fixed_len};
    return buf_str(&r->body);
}

/* The answer is out: on to the next request of this connection, or the end. */
static int
on_sent(struct lws *wsi, struct http_conn *c)
{
    bool close = c->x->res.close || c->server->front.closing;

    drop(c);
    return close || lws_http_transaction_completed(wsi) != 0 ? -1 : 0;
}

static int
write_chunk(struct lws *wsi, struct http_conn *c, struct str body)
{
    uint8_t room[LWS_PRE + SERVER_CHUNK];
    size_t len = body.len - c->sent < SERVER_CHUNK ? body.len - c->sent : SERVER_CHUNK;
    bool last = c->sent + len == body.len;

    memcpy(room + LWS_PRE, body.p + c->sent, len);
    if (lws_write(wsi, room + LWS_PRE, len,
                  last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < 0)
        return -1;
    c->sent += len;
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, TAKE_S);
    if (last)
        return on_sent(wsi, c);
    lws_callback_on_writable(wsi);
    return 0;
}

static int
on_writable(struct lws *wsi, struct http_conn *c)
{
    if (c == NULL || c->x == NULL || !c->x->ready)
        return 0;
    const struct http_response *r = &c->x->res;
    struct str body = body_of(r);
    if (c->head_sent)
        return write_chunk(wsi, c, body);
    bool no_body = r->status == 204 || r->status == 304;
    if (server_write_head(wsi, r, no_body ? -1 : (int64_t)body.len, c->x->req.secure) !=
        0)
        return -1;
    c->head_sent = true;
    if (no_body || c->x->req.head || body.len == 0)
        return on_sent(wsi, c);
    lws_callback_on_writable(wsi);
    return 0;
}

static int
refuse(struct lws *wsi, int status)
{
    struct http_response r = {.status = 0};

    r.close = true;
    http_problem(&r, status,
                 status == 401   ? "unauthorized"
                 : status == 403 ? "forbidden"
                 : status == 404 ? "not_found"
                                 : "bad_request",
                 "this connection cannot become a live one");
    server_refuse(wsi, &r);
    http_response_fini(&r);
    return 1;
}

/* 0: go on; 1: refused and answered. */
static int
on_upgrade(struct lws *wsi, const char *to)
{
    struct server *s = server_of(wsi);
    struct http_request r = {.path = NULL};
    struct identity who;
    char protocols[128] = "";

    if (strcasecmp(to, "websocket") != 0)
        return refuse(wsi, 400);
    server_read_request(wsi, s, &r);
    (void)lws_hdr_copy(wsi, protocols, sizeof(protocols), WSI_TOKEN_PROTOCOL);
    int status = front_may_live(&s->front, &r, str_from(protocols), &who);
    http_request_fini(&r);
    return status == 0 ? 0 : refuse(wsi, status);
}

/* A connection before anything was read: may another one come from there? */
static int
on_connect(struct server *s, int fd)
{
    char address[HTTP_ADDRESS] = "";
    unsigned same = 0;

    if (s->n_peers == BOUNDS_CONNECTIONS)
        return 1;
    if (s->front.unix_socket)
        return 0;
    (void)lws_get_peer_simple_fd(fd, address, sizeof(address));
    if (peer_is_in(s->front.proxies, str_from(address)))
        return 0;
    for (size_t i = 0; i < s->n_peers; i++)
        same += strcmp(s->peers[i].address, address) == 0;
    if (same >= BOUNDS_PER_ADDRESS) {
        log_debug("server", "too many connections from %s", address);
        return 1;
    }
    return 0;
}

/* Kept by wsi: when one goes, its socket is no longer known. */
static int
on_connected(struct lws *wsi, struct server *s)
{
    if (s->n_peers == BOUNDS_CONNECTIONS)
        return -1;
    struct server_peer *peer = &s->peers[s->n_peers++];
    *peer = (struct server_peer){.wsi = wsi};
    if (!s->front.unix_socket)
        (void)lws_get_peer_simple_fd(lws_get_socket_fd(wsi), peer->address,
                                     sizeof(peer->address));
    return 0;
}

static int
on_gone(struct lws *wsi, struct server *s)
{
    for (size_t i = 0; i < s->n_peers; i++) {
        if (s->peers[i].wsi == wsi) {
            s->peers[i] = s->peers[--s->n_peers];
            break;
        }
    }
    return 0;
}

int
server_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
            size_t len)
{
    switch (reason) {
    case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
        return on_connect(server_of(wsi), (int)(intptr_t)in);
    case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
        return on_connected(wsi, server_of(wsi));
    case LWS_CALLBACK_WSI_DESTROY:
        return on_gone(wsi, server_of(wsi));
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return on_upgrade(wsi, in);
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return refuse(wsi, 400);
    case LWS_CALLBACK_HTTP:
        return on_request(wsi, user);
    case LWS_CALLBACK_HTTP_BODY:
        return on_body(user, in, len);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return on_body_end(wsi, user);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return on_writable(wsi, user);
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
        drop(user);
        return 0;
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        loop_woken(server_of(wsi)->front.conf.loop);
        return 0;
    default:
        return 0;
    }
}
