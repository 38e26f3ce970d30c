/* SPDX-License-Identifier: Apache-2.0 */
/* mock_chat.c - the server side of a chat, in the loop of the test, so that there is one
 * thread and nothing to wait for but conditions. Each server has a vhost of its own,
 * which lives as long as the loop. Frames go out one a callback, as a real server's
 * would. */
#include "support/mock_chat.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

struct piece {
    struct list node;
    enum lws_write_protocol kind;
    size_t len;
    unsigned char data[];
};

static void
answer(struct mock_chat *m, const char *text)
{
    for (const struct mock_rule *r = m->rules; r != NULL && r->when != NULL; r++) {
        if (strncmp(text, r->when, strlen(r->when)) != 0)
            continue;
        struct str rest = str_from(r->say), frame;
        while (str_split(&rest, '\n', &frame))
            mock_chat_say(m, frame.p, frame.len);
        return;
    }
}

static int
on_writable(struct mock_chat *m, struct lws *wsi)
{
    if (list_is_empty(&m->out)) {
        if (m->close_code == 0)
            return 0;
        lws_close_reason(wsi, (enum lws_close_status)m->close_code, NULL, 0);
        m->close_code = 0;
        return -1;
    }
    struct piece *p = LIST_ENTRY(m->out.next, struct piece, node);
    int n = lws_write(wsi, p->data + LWS_PRE, p->len, p->kind);
    list_remove(&p->node);
    mem_free(p);
    lws_callback_on_writable(wsi);
    return n < 0 ? -1 : 0;
}

static void
forget_queue(struct mock_chat *m)
{
    LIST_FOREACH (it, &m->out) {
        list_remove(it);
        mem_free(LIST_ENTRY(it, struct piece, node));
    }
}

static int
on_lws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
       size_t len)
{
    struct mock_chat *m = lws_vhost_user(lws_get_vhost(wsi));
    (void)user;
    switch ((int)reason) {
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        loop_woken(m->loop);
        return 0;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        if (m->refuse)
            (void)lws_return_http_status(wsi, 403, NULL);
        return m->refuse ? 1 : 0;
    case LWS_CALLBACK_ESTABLISHED:
        forget_queue(m);
        m->wsi = wsi;
        m->connections++;
        answer(m, "");
        return 0;
    case LWS_CALLBACK_RECEIVE: {
        char *text = mem_strndup(in, len);
        buf_add_cstr(&m->told, text);
        buf_add_char(&m->told, '\n');
        answer(m, text);
        mem_free(text);
        return 0;
    }
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return wsi == m->wsi ? on_writable(m, wsi) : 0;
    case LWS_CALLBACK_CLOSED:
        m->closed++;
        if (m->wsi == wsi)
            m->wsi = NULL;
        return 0;
    default:
        return 0;
    }
}

struct mock_chat *
mock_chat_new(struct loop *l, const struct mock_rule *rules, const char *cert,
              const char *key)
{
    static const struct lws_protocols protocols[] = {
        {.name = "mock-chat", .callback = on_lws, .rx_buffer_size = 4096},
        {.name = "xmpp", .callback = on_lws, .rx_buffer_size = 4096},
        {.name = NULL}};
    struct mock_chat *m = mem_zalloc(sizeof(*m));
    m->loop = l;
    m->rules = rules;
    list_init(&m->out);
    struct lws_context_creation_info info = {
        .port = 0,
        .iface = "127.0.0.1",
        .vhost_name = "mock-chat",
        .protocols = protocols,
        .user = m,
        .options = cert != NULL ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0,
        .ssl_cert_filepath = cert,
        .ssl_private_key_filepath = key,
        .alpn = "http/1.1",
    };
    struct lws_vhost *vhost = lws_create_vhost(loop_lws(l), &info);
    if (vhost == NULL)
        return NULL;
    snprintf(m->url, sizeof(m->url), "%s://localhost:%d/", cert != NULL ? "wss" : "ws",
             lws_get_vhost_listen_port(vhost));
    return m;
}

void
mock_chat_free(struct mock_chat **mp)
{
    struct mock_chat *m = *mp;
    *mp = NULL;
    if (m == NULL)
        return;
    forget_queue(m);
    buf_fini(&m->told);
    mem_free(m);
}

static void
push(struct mock_chat *m, const char *text, size_t len, enum lws_write_protocol kind)
{
    struct piece *p = mem_zalloc(sizeof(*p) + LWS_PRE + len);
    p->len = len;
    p->kind = kind;
    memcpy(p->data + LWS_PRE, text, len);
    list_add_tail(&m->out, &p->node);
    if (m->wsi != NULL)
        lws_callback_on_writable(m->wsi);
}

void
mock_chat_say(struct mock_chat *m, const char *text, size_t len)
{
    push(m, text, len, LWS_WRITE_TEXT);
}

void
mock_chat_say_piece(struct mock_chat *m, const char *text, size_t len, bool first,
                    bool last)
{
    enum lws_write_protocol kind = first ? LWS_WRITE_TEXT : LWS_WRITE_CONTINUATION;
    push(m, text, len,
         (enum lws_write_protocol)((int)kind | (last ? 0 : (int)LWS_WRITE_NO_FIN)));
}

void
mock_chat_freeze(struct mock_chat *m)
{
    if (m->wsi != NULL)
        (void)lws_rx_flow_control(m->wsi, 0);
}

void
mock_chat_close(struct mock_chat *m, unsigned code)
{
    m->close_code = code;
    if (m->wsi != NULL)
        lws_callback_on_writable(m->wsi);
}

unsigned
mock_chat_times_told(const struct mock_chat *m, const char *text)
{
    unsigned n = 0;
    for (const char *p = m->told.data; p != NULL && (p = strstr(p, text)) != NULL; p++)
        n++;
    return n;
}

bool
mock_chat_was_told(const struct mock_chat *m, const char *text)
{
    return mock_chat_times_told(m, text) > 0;
}
