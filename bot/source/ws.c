/* SPDX-License-Identifier: Apache-2.0 */
/* ws.c - libwebsockets as a client of chats.
 *
 * Owns one connection from the look-up of its name to its end and reports it once. The
 * name is resolved on the worker, because libwebsockets would stop the loop for it; the
 * connection is made to the numeric address while the real name goes into Host, SNI and
 * the check of the certificate. Behind a proxy it is the proxy's name that is looked up:
 * the chat's may be known to nobody else. No extensions (permessage-deflate of
 * libwebsockets 4.1 is broken), no redirects.
 *
 * libwebsockets ends a connection in one of several ways: NULL from the connect call, an
 * error callback, a closed callback, or only the destruction of the wsi. Whichever comes
 * first ends ours and takes our pointer off the wsi, so that the others find nothing.
 * Vhosts carry the trust settings and are shared by name; they live as long as the
 * context. */
#include "source/ws.h"

#include <libwebsockets.h>
#include <string.h>
#include <unistd.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "base/list.h"
#include "base/mem.h"
#include "loop/loop.h"
#include "loop/resolve.h"
#include "source/proxy.h"

struct frame {
    struct list node;
    size_t len;
    unsigned char data[]; /* LWS_PRE bytes for libwebsockets, then len bytes */
};

struct ws {
    struct loop *loop;       /* borrowed */
    struct ws_events on;     /* cleared when nobody listens any more */
    struct lws_vhost *vhost; /* borrowed from the context */
    char *url; /* owned; cut up by lws_parse_uri: address and path lie in it */
    const char *address;
    char *path, *host, *origin; /* owned */
    char *subprotocol, *header; /* owned; may be NULL */
    unsigned close_code;
    int port;
    bool is_tls;
    lws_retry_bo_t idle; /* libwebsockets keeps a pointer to it */
    struct proxy proxy;  /* host NULL: direct */
    char *ca_file;       /* owned; NULL: the system's */
    struct resolve *resolve;
    struct resolve_result found;
    size_t next_address;
    struct loop_timer timer; /* of connecting; then of the next address */
    int64_t connect_ms;
    struct lws *wsi; /* NULL before and after */
    struct buf in;   /* the message that is being joined */
    struct list out; /* of struct frame */
    size_t out_len;
    struct err why; /* what ended it, as far as known */
    const char *code;
    bool is_open, is_closing, is_calling; /* is_calling: inside the connect call */
};

static int on_lws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t len);
static const struct lws_protocols protocols[] = {
    {.name = "chat-client", .callback = on_lws, .rx_buffer_size = 16384},
    {.name = NULL},
};

static void
ws_free(void *arg)
{
    struct ws *w = arg;
    LIST_FOREACH (it, &w->out) {
        list_remove(it);
        mem_free(LIST_ENTRY(it, struct frame, node));
    }
    buf_fini(&w->in);
    mem_free(w->url);
    mem_free(w->path);
    mem_free(w->host);
    mem_free(w->origin);
    mem_free(w->subprotocol);
    mem_free(w->header);
    proxy_fini(&w->proxy);
    mem_free(w->ca_file);
    mem_free(w);
}

/* --- the end */

static void
report(void *arg)
{
    struct ws *w = arg;
    loop_timer_stop(&w->timer);
    if (w->on.closed == NULL)
        return;
    struct ws_events on = w->on;
    w->on = (struct ws_events){.open = NULL};
    (void)err_set(&w->why, ERR_IO, "%s",
                  w->is_open ? "the connection was lost" : "no connection");
    on.closed(on.arg, w->code, &w->why);
}

static void connect_next(void *arg);

/* The wsi is gone (or going): forget it, then try the next address, report, or free. */
static void
ended(struct ws *w)
{
    if (w->wsi != NULL)
        lws_set_wsi_user(w->wsi, NULL);
    w->wsi = NULL;
    if (w->is_calling)
        return; /* the caller of the connect call goes on from here */
    if (w->is_closing)
        loop_defer(w->loop, ws_free, w);
    else if (!w->is_open && w->next_address < w->found.n)
        loop_timer_start(w->loop, &w->timer, 1, connect_next, w);
    else
        report(w);
}

static void
set_why(struct ws *w, const char *code, const char *text)
{
    w->code = code;
    err_reset(&w->why);
    (void)err_set(&w->why, ERR_IO, "%s", text);
}

static void
timed_out(void *arg)
{
    struct ws *w = arg;
    set_why(w, "silent",
            w->found.n > 0 ? "no answer while connecting"
                           : "no answer while looking up the name");
    resolve_cancel(&w->resolve);
    w->next_address = w->found.n;
    if (w->wsi == NULL)
        report(w);
    else
        lws_set_timeout(w->wsi, PENDING_TIMEOUT_AWAITING_CONNECT_RESPONSE,
                        LWS_TO_KILL_ASYNC);
}

/* --- connecting */

static void
free_name(struct lws_vhost *vhost, void *name)
{
    (void)vhost;
    mem_free(name);
}

/* "user:password@address:port"; ":0" is none: a null pointer would ask the environment.
 */
static void
add_proxy(const struct ws *w, const char *found, struct buf *out)
{
    if (found == NULL)
        buf_add_cstr(out, ":0");
    else
        buf_addf(out, "%s%s%s:%d", w->proxy.sign_in != NULL ? w->proxy.sign_in : "",
                 w->proxy.sign_in != NULL ? "@" : "", found, w->proxy.port);
}

/* One vhost for plain connections, one for each set of trusted authorities and each
 * proxy, whose address is `found`. libwebsockets keeps a pointer to the name: it goes
 * with the vhost. */
static struct lws_vhost *
find_vhost(struct ws *w, const char *found, struct err *e)
{
    struct buf b = BUF_INIT, proxy = BUF_INIT;
    const char *ca_file = w->ca_file;
    add_proxy(w, found, &proxy);
    buf_add_cstr(&b, w->is_tls ? "chat-tls" : "chat");
    if (found != NULL)
        buf_addf(&b, " by %s:%d", found, w->proxy.port);
    if (w->is_tls && ca_file != NULL)
        buf_addf(&b, ":%s", ca_file);
    char *name = buf_steal(&b);
    struct lws_vhost *vhost = lws_get_vhost_by_name(loop_lws(w->loop), name);
    if (vhost != NULL) {
        mem_free(name);
        buf_fini(&proxy);
        return vhost;
    }
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .vhost_name = name,
        .finalize = free_name,
        .finalize_arg = name,
        .protocols = protocols,
        .options = w->is_tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0,
        .client_ssl_ca_filepath = w->is_tls ? ca_file : NULL,
        .http_proxy_address = proxy.data,
        .connect_timeout_secs = 15,
    };
    if (w->is_tls && ca_file != NULL)
        info.options |= LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
    vhost = lws_create_vhost(loop_lws(w->loop), &info);
    explicit_bzero(proxy.data, proxy.cap);
    buf_fini(&proxy);
    /* Whether a vhost that failed has called `finalize` cannot be known: the name is
     * left. */
    if (vhost == NULL)
        (void)err_set(e, ERR_SYSTEM, "libwebsockets cannot make a client");
    return vhost;
}

static void
connect_next(void *arg)
{
    struct ws *w = arg;
    const char *found = w->found.addresses[w->next_address++];
    const char *address = w->proxy.host != NULL ? w->address : found;
    struct err e = ERR_INIT;
    w->vhost = find_vhost(w, w->proxy.host != NULL ? found : NULL, &e);
    if (w->vhost == NULL) {
        set_why(w, "refused", e.msg);
        ended(w);
        return;
    }
    struct lws_client_connect_info info = {
        .context = loop_lws(w->loop),
        .vhost = w->vhost,
        .address = address,
        .port = w->port,
        .ssl_connection =
            (w->is_tls ? LCCSCF_USE_SSL : 0) | LCCSCF_HTTP_NO_FOLLOW_REDIRECT,
        .path = w->path,
        .host = w->host,
        .origin = w->origin,
        .protocol = w->subprotocol,
        .local_protocol_name = protocols[0].name,
        .alpn = "http/1.1",
        .userdata = w,
        .pwsi = &w->wsi,
        .retry_and_idle_policy = &w->idle,
    };
    set_why(w, "refused", "cannot connect");
    loop_timer_start(w->loop, &w->timer, w->connect_ms, timed_out, w);
    w->is_calling = true;
    struct lws *wsi = lws_client_connect_via_info(&info);
    w->is_calling = false;
    if (wsi == NULL || w->wsi == NULL)
        ended(w);
}

static void
on_resolved(void *arg, const struct resolve_result *found, const struct err *e)
{
    struct ws *w = arg;
    w->resolve = NULL;
    if (found == NULL || found->n == 0) {
        set_why(w, "dns", e != NULL ? e->msg : "the name has no address");
        report(w);
        return;
    }
    w->found = *found;
    connect_next(w);
}

/* --- what libwebsockets tells */

static void
on_error(struct ws *w, struct lws *wsi, const char *text)
{
    unsigned status = lws_http_client_http_response(wsi);
    if (w->code != NULL && strcmp(w->code, "silent") == 0)
        return;
    if (text == NULL)
        text = "unable to connect";
    bool tls = w->is_tls && (strstr(text, "SSL") != NULL || strstr(text, "ssl") != NULL ||
                             strstr(text, "cert") != NULL || strstr(text, "tls") != NULL);
    w->code = tls ? "tls" : "refused";
    err_reset(&w->why);
    if (status >= 200)
        (void)err_set(&w->why, ERR_IO, "'%s' answered %u instead of a WebSocket", w->host,
                      status);
    else
        (void)err_set(&w->why, ERR_IO, "'%s' %s: %s", w->host,
                      tls ? "cannot be trusted" : "cannot be reached", text);
}

/* The close frame of the other side: two bytes of code, then words. */
static void
on_peer_close(struct ws *w, const unsigned char *in, size_t len)
{
    w->code = "closed";
    w->close_code = len < 2 ? 0 : (unsigned)in[0] << 8 | in[1];
    err_reset(&w->why);
    if (len < 2)
        (void)err_set(&w->why, ERR_IO, "the server closed the connection");
    else
        (void)err_set(&w->why, ERR_IO, "the server closed the connection (%u%s%.*s)",
                      w->close_code, len > 2 ? " " : "", (int)len - 2,
                      (const char *)in + 2);
}

static int
fail(struct ws *w, struct lws *wsi, enum lws_close_status status, const char *text)
{
    set_why(w, "closed", text);
    lws_close_reason(wsi, status, NULL, 0);
    return -1;
}

static int
on_receive(struct ws *w, struct lws *wsi, const void *in, size_t len)
{
    if (w->in.len + len > BOUNDS_FRAME)
        return fail(w, wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE,
                    "a message was larger than we take");
    buf_add(&w->in, in, len);
    if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi) > 0)
        return 0;
    if (w->on.message != NULL)
        w->on.message(w->on.arg, buf_str(&w->in));
    buf_reset(&w->in);
    return 0;
}

static int
on_writable(struct ws *w, struct lws *wsi)
{
    if (!list_is_empty(&w->out)) {
        struct frame *f = LIST_ENTRY(w->out.next, struct frame, node);
        int n = lws_write(wsi, f->data + LWS_PRE, f->len, LWS_WRITE_TEXT);
        bool failed = n < (int)f->len;
        w->out_len -= f->len;
        list_remove(&f->node);
        mem_free(f);
        if (failed)
            return -1;
        lws_callback_on_writable(wsi);
        return 0;
    }
    if (!w->is_closing)
        return 0;
    lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
    return -1;
}

/* libwebsockets asks for more lines of the handshake: *p may be moved up to `end`. */
static int
add_header(struct ws *w, struct lws *wsi, unsigned char **p, unsigned char *end)
{
    const char *colon = w->header == NULL ? NULL : strchr(w->header, ':');
    if (colon == NULL)
        return 0;
    struct buf name = BUF_INIT;
    buf_add(&name, w->header, (size_t)(colon - w->header) + 1);
    const char *value = colon + 1 + strspn(colon + 1, " ");
    int ret = lws_add_http_header_by_name(wsi, (const unsigned char *)name.data,
                                          (const unsigned char *)value,
                                          (int)strlen(value), p, end);
    buf_fini(&name);
    return ret;
}

static void
on_open(struct ws *w)
{
    loop_timer_stop(&w->timer);
    w->is_open = true;
    w->code = "closed";
    err_reset(&w->why);
    if (w->on.open != NULL)
        w->on.open(w->on.arg);
}

static int
on_lws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
       size_t len)
{
    struct ws *w = user;
    if (reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
        loop_woken(lws_context_user(lws_get_context(wsi)));
    if (w == NULL)
        return 0;
    switch ((int)reason) {
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        on_open(w);
        return 0;
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        return add_header(w, wsi, in, *(unsigned char **)in + len);
    case LWS_CALLBACK_CLIENT_RECEIVE:
        return on_receive(w, wsi, in, len);
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return on_writable(w, wsi);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        on_peer_close(w, in, len);
        return 0;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        on_error(w, wsi, in);
        ended(w);
        return 0;
    case LWS_CALLBACK_CLIENT_CLOSED:
    case LWS_CALLBACK_WSI_DESTROY:
        ended(w);
        return 0;
    default:
        return 0;
    }
}

/* --- making one */

static bool
is_host(const char *host)
{
    for (const char *p = host; *p != '\0'; p++)
        if ((unsigned char)*p <= ' ' || strchr("\"'<>\\@#", *p) != NULL || *p == 0x7f)
            return false;
    return host[0] != '\0' && strlen(host) < 254;
}

/* Cuts w->url up and makes the texts of the handshake. */
static int
set_url(struct ws *w, const char *url, struct err *e)
{
    const char *scheme, *path;
    if (strlen(url) > BOUNDS_TARGET)
        return err_set(e, ERR_LIMIT, "the address is too long");
    for (const char *p = url; *p != '\0'; p++)
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f)
            return err_set(e, ERR_VALUE, "'%s' is not a WebSocket address", url);
    w->url = mem_strdup(url);
    if (strncmp(url, "ws://", 5) != 0 && strncmp(url, "wss://", 6) != 0)
        return err_set(e, ERR_VALUE, "'%s' does not begin with ws:// or wss://", url);
    if (lws_parse_uri(w->url, &scheme, &w->address, &w->port, &path) != 0 ||
        !is_host(w->address) || w->port < 1 || w->port > 65535)
        return err_set(e, ERR_VALUE, "'%s' is not a WebSocket address", url);
    w->is_tls = strcmp(scheme, "wss") == 0;
    struct buf b = BUF_INIT;
    buf_addf(&b, "%s%s", path[0] == '/' ? "" : "/", path);
    w->path = buf_steal(&b);
    bool v6 = strchr(w->address, ':') != NULL;
    buf_addf(&b, "%s%s%s", v6 ? "[" : "", w->address, v6 ? "]" : "");
    if (w->port != (w->is_tls ? 443 : 80))
        buf_addf(&b, ":%d", w->port);
    w->host = buf_steal(&b);
    buf_addf(&b, "%s://%s", w->is_tls ? "https" : "http", w->host);
    w->origin = buf_steal(&b);
    return 0;
}

struct ws *
ws_open(struct loop *l, struct worker *worker, const struct ws_conf *conf,
        const struct ws_events *on, struct err *e)
{
    struct ws *w = mem_zalloc(sizeof(*w));
    bool usable = false;
    w->loop = l;
    w->on = *on;
    w->connect_ms = conf->connect_ms > 0 ? conf->connect_ms : 15000;
    w->idle.secs_since_valid_ping = conf->ping_s > 0 ? conf->ping_s : 30;
    w->idle.secs_since_valid_hangup = conf->hangup_s > 0 ? conf->hangup_s : 45;
    list_init(&w->out);
    if (conf->ca_file != NULL && access(conf->ca_file, R_OK) < 0)
        (void)err_errno(e, ERR_VALUE, "'%s'", conf->ca_file);
    else if (set_url(w, conf->url, e) == 0 &&
             proxy_choose(&w->proxy, conf->proxy, w->address, w->is_tls, e) == 0)
        usable = true;
    if (usable) {
        w->ca_file = mem_strdup(conf->ca_file);
        if (conf->origin != NULL) {
            mem_free(w->origin);
            w->origin = mem_strdup(conf->origin);
        }
        w->subprotocol = mem_strdup(conf->subprotocol);
        w->header = mem_strdup(conf->header);
        loop_timer_start(l, &w->timer, w->connect_ms, timed_out, w);
        const char *host = w->proxy.host != NULL ? w->proxy.host : w->address;
        w->resolve = resolve_start(worker, host, on_resolved, w, e);
        if (w->resolve != NULL)
            return w;
        loop_timer_stop(&w->timer);
    }
    ws_free(w);
    return NULL;
}

int
ws_check_url(const char *url, struct err *e)
{
    struct ws *w = mem_zalloc(sizeof(*w));
    list_init(&w->out);
    int ret = set_url(w, url, e);
    ws_free(w);
    return ret;
}

void
ws_close(struct ws **wp)
{
    struct ws *w = *wp;
    *wp = NULL;
    if (w == NULL)
        return;
    w->on = (struct ws_events){.open = NULL};
    w->is_closing = true;
    resolve_cancel(&w->resolve);
    loop_timer_stop(&w->timer);
    if (w->wsi == NULL) {
        loop_defer(w->loop, ws_free, w);
        return;
    }
    if (w->is_open)
        lws_callback_on_writable(w->wsi);
    lws_set_timeout(w->wsi, PENDING_TIMEOUT_CLOSE_SEND,
                    w->is_open ? 2 : LWS_TO_KILL_ASYNC);
}

int
ws_send(struct ws *w, struct str text, struct err *e)
{
    if (w->wsi == NULL || !w->is_open || w->is_closing)
        return err_set(e, ERR_BAD_STATE, "not connected");
    if (w->out_len + text.len > BOUNDS_FRAME)
        return err_set(e, ERR_LIMIT, "too much waits to be sent");
    struct frame *f = mem_zalloc(sizeof(*f) + LWS_PRE + text.len);
    f->len = text.len;
    memcpy(f->data + LWS_PRE, text.p, text.len);
    w->out_len += text.len;
    list_add_tail(&w->out, &f->node);
    lws_callback_on_writable(w->wsi);
    return 0;
}

unsigned
ws_close_code(const struct ws *w)
{
    return w->close_code;
}

void
ws_pause(struct ws *w, bool paused)
{
    if (w->wsi != NULL && w->is_open)
        lws_rx_flow_control(w->wsi, paused ? 0 : 1);
}
