/* SPDX-License-Identifier: Apache-2.0 */
/* replay_server.c - plays recordings to whoever connects, so that a demo takes the same
 * way as a chat: socket, frames, input, sink.
 *
 * One vhost for each loop, on the loopback and a port that the system chooses; it is
 * found by its name and lives as long as the context. Each recording has an address that
 * cannot be guessed, so that a web page in somebody's browser cannot listen. What is due
 * at one moment goes out as one frame of lines; the socket's own back pressure holds the
 * rest. */
#include <libwebsockets.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/list.h"
#include "base/mem.h"
#include "loop/loop.h"
#include "source/replay.h"

enum { FRAME = 32 * 1024 };

struct server {
    struct list streams;
};

struct replay_stream {
    struct list node;
    struct loop *loop;        /* borrowed */
    struct replay_file *file; /* owned */
    struct replay_conf conf;  /* its path is not kept */
    char *path, *url;         /* owned; "/replay/…" */
    struct lws *wsi;          /* who listens; NULL: nobody */
    struct buf line;          /* the next message; empty: to be read */
    int64_t due_ms;           /* monotonic: when it is to be sent */
    struct loop_timer timer;
    bool finished;
};

static struct server *
server_of(struct lws *wsi)
{
    return lws_vhost_user(lws_get_vhost(wsi));
}

/* Reads the next message and when it is due. False at the end. */
static bool
load(struct replay_stream *s)
{
    int64_t gap_ms = 0;
    while (s->line.len == 0 && !s->finished) {
        struct err e = ERR_INIT;
        int got = replay_file_next(s->file, &s->line, &gap_ms, &e);
        if (got < 0)
            s->conf.bad_line(s->conf.arg, &e);
        else if (got == 0)
            s->finished = true;
        else
            s->due_ms += (int64_t)((double)gap_ms / s->conf.speed);
    }
    return !s->finished;
}

static void
due(void *arg)
{
    struct replay_stream *s = arg;
    if (s->wsi != NULL)
        lws_callback_on_writable(s->wsi);
}

static int
on_writable(struct replay_stream *s, struct lws *wsi)
{
    struct buf out = BUF_INIT;
    int64_t now = lws_now_usecs() / LWS_US_PER_MS;
    int ret = 0;
    buf_reserve(&out, LWS_PRE + FRAME);
    out.len = LWS_PRE;
    while (out.len < LWS_PRE + FRAME && load(s) && s->due_ms <= now) {
        buf_add_str(&out, buf_str(&s->line));
        buf_add_char(&out, '\n');
        buf_reset(&s->line);
    }
    size_t len = out.len - LWS_PRE;
    if (len > 0)
        ret = lws_write(wsi, (unsigned char *)out.data + LWS_PRE, len, LWS_WRITE_TEXT) <
                      (int)len
                  ? -1
                  : 0;
    buf_fini(&out);
    if (s->finished && len == 0) {
        lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
        return -1;
    }
    if (len > 0)
        lws_callback_on_writable(wsi);
    else
        loop_timer_start(s->loop, &s->timer, s->due_ms - now, due, s);
    return ret;
}

/* The one who listened before has gone without a word, or is about to. */
static void
let_go(struct replay_stream *s)
{
    if (s->wsi != NULL) {
        lws_set_opaque_user_data(s->wsi, NULL);
        lws_set_timeout(s->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
    }
    s->wsi = NULL;
}

static int
on_request(struct lws *wsi)
{
    char path[64] = "";
    (void)lws_hdr_copy(wsi, path, sizeof(path), WSI_TOKEN_GET_URI);
    LIST_FOREACH (it, &server_of(wsi)->streams) {
        struct replay_stream *s = LIST_ENTRY(it, struct replay_stream, node);
        if (strcmp(s->path, path) != 0)
            continue;
        let_go(s);
        s->wsi = wsi;
        lws_set_opaque_user_data(wsi, s);
        return 0;
    }
    return 1;
}

static int
on_lws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
       size_t len)
{
    struct replay_stream *s = wsi != NULL ? lws_get_opaque_user_data(wsi) : NULL;
    (void)user;
    (void)len;
    switch ((int)reason) {
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        loop_woken(lws_context_user(lws_get_context(wsi)));
        return 0;
    case LWS_CALLBACK_HTTP:
        return -1;
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return in != NULL && strcasecmp(in, "websocket") == 0 ? 0 : -1;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return on_request(wsi);
    case LWS_CALLBACK_ESTABLISHED:
        if (s == NULL)
            return -1;
        if (s->due_ms == 0)
            s->due_ms = lws_now_usecs() / LWS_US_PER_MS;
        lws_callback_on_writable(wsi);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return s != NULL ? on_writable(s, wsi) : -1;
    case LWS_CALLBACK_CLOSED:
    case LWS_CALLBACK_WSI_DESTROY:
        if (s != NULL && s->wsi == wsi)
            s->wsi = NULL;
        return 0;
    default:
        return 0;
    }
}

static void
server_free(struct lws_vhost *vhost, void *arg)
{
    (void)vhost;
    mem_free(arg);
}

static struct lws_vhost *
find_server(struct loop *l, struct err *e)
{
    static const struct lws_protocols protocols[] = {
        {.name = "replay", .callback = on_lws, .rx_buffer_size = 1024}, {.name = NULL}};
    struct lws_vhost *vhost = lws_get_vhost_by_name(loop_lws(l), "replay");
    if (vhost != NULL)
        return vhost;
    struct server *server = mem_zalloc(sizeof(*server));
    list_init(&server->streams);
    struct lws_context_creation_info info = {
        .port = 0,
        .iface = "127.0.0.1",
        .vhost_name = "replay",
        .protocols = protocols,
        .user = server,
        .finalize = server_free,
        .finalize_arg = server,
    };
    vhost = lws_create_vhost(loop_lws(l), &info);
    /* Whether a vhost that failed has called `finalize` cannot be known. */
    if (vhost == NULL)
        (void)err_set(e, ERR_SYSTEM, "no port on 127.0.0.1 to play the recording");
    return vhost;
}

static void
set_address(struct replay_stream *s, int port)
{
    uint8_t secret[16];
    struct buf b = BUF_INIT;
    if (getrandom(secret, sizeof(secret), 0) != (ssize_t)sizeof(secret))
        abort();
    buf_add_cstr(&b, "/replay/");
    buf_add_hex(&b, secret, sizeof(secret));
    s->path = buf_steal(&b);
    buf_addf(&b, "ws://127.0.0.1:%d%s", port, s->path);
    s->url = buf_steal(&b);
}

struct replay_stream *
replay_stream_open(struct loop *l, const struct replay_conf *conf, struct err *e)
{
    struct replay_file *file = replay_file_open(conf->path, conf->repeat, conf->round, e);
    if (file == NULL)
        return NULL;
    struct lws_vhost *vhost = find_server(l, e);
    if (vhost == NULL) {
        replay_file_close(&file);
        return NULL;
    }
    struct server *server = lws_vhost_user(vhost);
    struct replay_stream *s = mem_zalloc(sizeof(*s));
    s->loop = l;
    s->file = file;
    s->conf = *conf;
    s->conf.path = NULL;
    set_address(s, lws_get_vhost_listen_port(vhost));
    list_add_tail(&server->streams, &s->node);
    return s;
}

void
replay_stream_close(struct replay_stream **sp)
{
    struct replay_stream *s = *sp;
    *sp = NULL;
    if (s == NULL)
        return;
    loop_timer_stop(&s->timer);
    let_go(s);
    list_remove(&s->node);
    replay_file_close(&s->file);
    buf_fini(&s->line);
    mem_free(s->path);
    mem_free(s->url);
    mem_free(s);
}

const char *
replay_stream_url(const struct replay_stream *s)
{
    return s->url;
}

bool
replay_stream_is_finished(const struct replay_stream *s)
{
    return s->finished && s->line.len == 0;
}

unsigned
replay_stream_round(const struct replay_stream *s)
{
    return replay_file_round(s->file);
}
