/* SPDX-License-Identifier: Apache-2.0 */
/* server.c - where it listens, and how many may come.
 *
 * libwebsockets' traps that are answered here: ALPN offers only http/1.1 (its HTTP/2 has
 * had trouble, and Upgrade: h2c is refused in server_http.c); no permessage-deflate (4.1
 * breaks messages with it); connections are counted by address, because this build of the
 * library does not; security headers hang on the vhost, so that even its own error pages
 * have them. */
#include "serve/server_lws.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "serve/report.h"

enum { TICK_MS = 1000, KEEP_ALIVE_S = 30, PING_S = 20, HANG_UP_S = 45 };

#define CSP                                                                              \
    "default-src 'none'; script-src 'self'; style-src 'self' '" REPORT_STYLE_HASH        \
    "'; img-src 'self' data:; "                                                          \
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; " \
    "base-uri 'none'; form-action 'self'"

static const struct lws_protocol_vhost_options corp = {
    NULL, NULL, "cross-origin-resource-policy:", "same-origin"};
static const struct lws_protocol_vhost_options coop = {
    &corp, NULL, "cross-origin-opener-policy:", "same-origin"};
static const struct lws_protocol_vhost_options frames = {&coop, NULL,
                                                         "x-frame-options:", "DENY"};
static const struct lws_protocol_vhost_options referrer = {
    &frames, NULL, "referrer-policy:", "no-referrer"};
static const struct lws_protocol_vhost_options nosniff = {
    &referrer, NULL, "x-content-type-options:", "nosniff"};
static const struct lws_protocol_vhost_options csp = {&nosniff, NULL,
                                                      "content-security-policy:", CSP};

/* "host:port", "[::1]:port", "unix:/path". */
struct address {
    char host[128]; /* or the path */
    int port;       /* -1: a unix socket */
};

static int
parse_listen(const char *listen, struct address *out, struct err *e)
{
    struct str text = str_from(listen);
    uint64_t port = 0;
    const char *colon = strrchr(listen, ':');

    if (str_has_prefix(text, STR_LIT("unix:"))) {
        out->port = -1;
        text = (struct str){listen + 5, text.len - 5};
    } else if (colon == NULL || str_to_u64(str_from(colon + 1), 65535, &port, e) < 0) {
        err_reset(e);
        return err_set(e, ERR_VALUE, "listen: '%s' is not host:port or unix:/path",
                       listen);
    } else {
        out->port = (int)port;
        text.len = (size_t)(colon - listen);
    }
    if (text.len > 1 && text.p[0] == '[' && text.p[text.len - 1] == ']')
        text = (struct str){text.p + 1, text.len - 2};
    if (text.len >= sizeof(out->host) || (out->port < 0 && text.len == 0))
        return err_set(e, ERR_VALUE, "listen: '%s' is too long or empty", listen);
    memcpy(out->host, text.p, text.len);
    out->host[text.len] = '\0';
    return 0;
}

/* libwebsockets binds to numeric addresses; names are looked up once, at the start. */
static int
numeric(const struct address *a, char out[128], bool *any, struct err *e)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *list = NULL;

    *any = a->host[0] == '\0' || strcmp(a->host, "*") == 0 ||
           strcmp(a->host, "0.0.0.0") == 0 || strcmp(a->host, "::") == 0;
    if (*any)
        return 0;
    int rc = getaddrinfo(a->host, NULL, &hints, &list);
    if (rc == 0)
        rc = getnameinfo(list->ai_addr, list->ai_addrlen, out, 128, NULL, 0,
                         NI_NUMERICHOST);
    if (list != NULL)
        freeaddrinfo(list);
    return rc == 0 ? 0
                   : err_set(e, ERR_IO, "listen: '%s': %s", a->host, gai_strerror(rc));
}

static void
set_protocols(struct server *s)
{
    s->protocols[0] =
        (struct lws_protocols){.name = "http",
                               .callback = server_http,
                               .per_session_data_size = sizeof(struct http_conn),
                               .user = s};
    s->protocols[1] =
        (struct lws_protocols){.name = "suraq.v1",
                               .callback = server_live,
                               .per_session_data_size = sizeof(struct live_conn),
                               .rx_buffer_size = 1024,
                               .user = s};
    s->pings = (struct lws_retry_bo){.secs_since_valid_ping = PING_S,
                                     .secs_since_valid_hangup = HANG_UP_S};
}

static int
make_vhost(struct server *s, const struct address *a, struct err *e)
{
    const struct server_conf *conf = &s->front.conf;
    struct lws_context_creation_info info = {.vhost_name = "front"};
    char host[128] = "";
    bool any = false;

    info.protocols = s->protocols;
    info.headers = &csp;
    info.retry_and_idle_policy = &s->pings;
    info.keepalive_timeout = KEEP_ALIVE_S;
    info.alpn = "http/1.1";
    info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
    info.server_string = "suraq";
    if (a->port < 0) {
        info.options |= LWS_SERVER_OPTION_UNIX_SOCK;
        info.iface = a->host;
    } else {
        if (numeric(a, host, &any, e) < 0)
            return -1;
        info.iface = any ? NULL : host;
        info.port = a->port;
        if (strchr(a->host, ':') == NULL)
            info.options |= LWS_SERVER_OPTION_DISABLE_IPV6;
    }
    if (conf->tls_cert != NULL) {
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.ssl_cert_filepath = conf->tls_cert;
        info.ssl_private_key_filepath = conf->tls_key;
    }
    errno = 0;
    s->vhost = lws_create_vhost(loop_lws(conf->loop), &info);
    if (s->vhost != NULL)
        return 0;
    return err_set(e, ERR_IO, "cannot listen on '%s': %s", conf->listen,
                   errno != 0 ? strerror(errno)
                              : "the address is taken, or the certificate is not good");
}

static void
on_tick(void *arg)
{
    struct server *s = arg;

    front_tick(&s->front);
    loop_timer_start(s->front.conf.loop, &s->tick, TICK_MS, on_tick, s);
}

static int
check_files(const struct server_conf *conf, struct err *e)
{
    const char *const files[] = {conf->tls_cert, conf->tls_key};

    if ((conf->tls_cert == NULL) != (conf->tls_key == NULL))
        return err_set(e, ERR_VALUE, "tls: give both cert and key");
    for (size_t i = 0; i < 2; i++) {
        if (files[i] != NULL && access(files[i], R_OK) < 0)
            return err_errno(e, ERR_IO, "tls: '%s'", files[i]);
    }
    return 0;
}

struct server *
server_open(const struct server_conf *conf, struct err *e)
{
    struct address a = {.port = 0};

    if (parse_listen(conf->listen, &a, e) < 0 || check_files(conf, e) < 0)
        return NULL;
    struct server *s = mem_zalloc(sizeof(*s));
    if (front_init(&s->front, conf, e) < 0) {
        mem_free(s);
        return NULL;
    }
    s->peers = mem_array(BOUNDS_CONNECTIONS, sizeof(*s->peers));
    set_protocols(s);
    if (make_vhost(s, &a, e) < 0) {
        live_stop(s->front.live);
        server_free(&s);
        return NULL;
    }
    s->port = a.port < 0 ? 0 : lws_get_vhost_listen_port(s->vhost);
    if (a.port < 0 && chmod(a.host, 0660) < 0)
        log_warn("server", "'%s': %s", a.host, strerror(errno));
    front_listens(&s->front,
                  a.host[0] == '\0' || strcmp(a.host, "*") == 0 ? "0.0.0.0" : a.host,
                  s->port);
    (void)snprintf(s->url, sizeof(s->url), "%s%s", s->front.url, a.port < 0 ? "" : "/");
    struct stream_observer watch = {front_applied, front_durable, &s->front};
    stream_observe(conf->stream, &watch);
    loop_timer_start(conf->loop, &s->tick, TICK_MS, on_tick, s);
    return s;
}

int
server_port(const struct server *s)
{
    return s->port;
}

const char *
server_url(const struct server *s)
{
    return s->url;
}

void
server_close(struct server *s)
{
    if (s->front.closing)
        return;
    s->front.closing = true;
    loop_timer_stop(&s->tick);
    live_stop(s->front.live);
}

bool
server_is_closed(const struct server *s)
{
    return s->front.closing && s->n_requests == 0 && s->n_live == 0 && s->front.jobs == 0;
}

void
server_free(struct server **sp)
{
    struct server *s = *sp;

    if (s == NULL)
        return;
    *sp = NULL;
    front_fini(&s->front);
    mem_free(s->peers);
    mem_free(s);
}

void
server_changed(struct server *s)
{
    if (!s->front.closing)
        live_changed(s->front.live);
}
