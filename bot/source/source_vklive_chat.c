/* SPDX-License-Identifier: Apache-2.0 */
/* source_vklive_chat.c - the socket of a chat of VK Video Live, and its history.
 *
 * A chat that is not open to everybody wants a token of its own; it is asked for when the
 * server says so. After joining, the last lines are read over HTTP: the first time they
 * are backlog, later they close the gap, together with what the server itself replays.
 * The server pings; when it stops, the connection is dead, whatever TCP believes. */
#include "base/log.h"
#include "source/centrifugo.h"
#include "source/json.h"
#include "source/source_vklive.h"

enum { SAME_STREAM_MS = 5 * 60 * 1000 };

static void
set(struct buf *b, struct str value)
{
    buf_reset(b);
    buf_add_str(b, value);
}

/* --- what was said before */

static void
take(void *arg, const struct message *m)
{
    struct source *s = arg;
    if (m->kind == MESSAGE_CHAT && source_vklive_is_ours(s, m->text))
        return;
    source_put(s, m);
}

static void look_for_stream(struct source *s);

/* Replies need a broadcast; one may begin, or follow another, while we read. */
static void
look_later(struct source *s)
{
    struct vklive *v = s->own;
    int64_t wait_ms = v->stream.len > 0 ? SAME_STREAM_MS : s->timing.wait;
    if (s->token_file != NULL)
        source_http_later(&v->http, wait_ms, look_for_stream);
}

static void
stream_came(struct source *s, const struct fetch_answer *a)
{
    struct vklive *v = s->own;
    struct buf chat = BUF_INIT;
    struct err e = ERR_INIT;
    json_t *o = a->status == 200
                    ? json_loadb(a->body.len > 0 ? a->body.p : "", a->body.len, 0, NULL)
                    : NULL;
    if (vklive_read_channel(o, &chat, &v->stream, &e) < 0)
        log_info("source", "%s: %s", s->name, e.msg);
    json_decref(o);
    buf_fini(&chat);
    look_later(s);
}

static void
look_for_stream(struct source *s)
{
    source_vklive_ask(s, "channel", "channel_url", str_from(s->target), stream_came);
}

static void
history_came(struct source *s, const struct fetch_answer *a)
{
    struct vklive *v = s->own;
    struct message_taker to = {.take = take, .arg = s};
    json_t *o = a->status == 200
                    ? json_loadb(a->body.len > 0 ? a->body.p : "", a->body.len, 0, NULL)
                    : NULL;
    if (o == NULL)
        log_warn("source", "%s: no history of the chat (HTTP %d)", s->name, a->status);
    (void)vklive_read_history(o, !v->caught_up, to);
    v->caught_up = true;
    json_decref(o);
    look_later(s);
}

static void
ask_history(struct source *s)
{
    struct buf path = BUF_INIT;
    buf_add_cstr(&path, "chat/messages?limit=200");
    source_vklive_ask(s, path.data, "channel_url", str_from(s->target), history_came);
    buf_fini(&path);
}

/* --- the socket */

static void
say(struct source *s, struct str line)
{
    struct vklive *v = s->own;
    struct err e = ERR_INIT;
    if (v->ws != NULL && ws_send(v->ws, line, &e) < 0)
        log_warn("source", "%s: %s", s->name, e.msg);
}

static void
silent(void *arg)
{
    struct source *s = arg;
    struct vklive *v = s->own;
    if (s->paused) /* the silence is ours */
        loop_timer_start(s->env.loop, &v->watchdog, s->timing.pong, silent, s);
    else
        source_lost(s, "silent", "the server does not answer%s",
                    s->live_at != 0 ? " any more" : "");
}

/* Whatever comes proves that the server lives; before we are in, only the answer that
 * lets us in does. */
static void
heard(struct source *s)
{
    struct vklive *v = s->own;
    if (s->live_at == 0)
        return;
    if (v->silence_ms > 0)
        loop_timer_start(s->env.loop, &v->watchdog, v->silence_ms, silent, s);
    else
        loop_timer_stop(&v->watchdog);
}

static void
subscribe(struct source *s)
{
    struct vklive *v = s->own;
    struct buf line = BUF_INIT;
    centrifugo_write_subscribe(buf_str(&v->chat), buf_str(&v->chat_pass),
                               buf_str(&v->epoch), v->offset, &line);
    say(s, buf_str(&line));
    buf_fini(&line);
    loop_timer_start(s->env.loop, &v->watchdog, s->timing.join, silent, s);
}

static void
chat_pass_came(struct source *s, const struct fetch_answer *a)
{
    struct vklive *v = s->own;
    json_t *o = source_vklive_answer(s, a);
    if (o == NULL)
        return;
    set(&v->chat_pass, vklive_channel_token(o, buf_str(&v->chat)));
    json_decref(o);
    if (v->chat_pass.len > 0)
        subscribe(s);
    else
        source_refused(s, "join",
                       "this chat is not open to us: VK gives no token for it");
}

static void
on_fault(struct source *s, const struct centrifugo_event *ev)
{
    enum { DENIED = 103, KNOWN_ALREADY = 105, TOO_MANY = 111, LOST_PLACE = 112 };
    struct vklive *v = s->own;
    bool joining = ev->id == CENTRIFUGO_SUBSCRIBE;
    if (joining && ev->code == KNOWN_ALREADY)
        return;
    if (joining && ev->code == LOST_PLACE && v->epoch.len > 0) {
        buf_reset(&v->epoch);
        subscribe(s);
    } else if (joining && ev->code == DENIED && v->chat_pass.len == 0) {
        loop_timer_stop(&v->watchdog);
        source_vklive_ask(s, "websocket/subscription_token", "channels",
                          buf_str(&v->chat), chat_pass_came);
    } else if (joining && ev->code == DENIED) {
        source_refused(s, "join", "this chat is not open to us: %.*s",
                       STR_ARG(ev->words));
    } else if (ev->code == TOO_MANY) {
        source_lost_for(s, s->timing.wait, "limit", "the server asks to slow down");
    } else if (ev->again) {
        source_lost(s, "closed", "the server refuses for now: %.*s (%lld)",
                    STR_ARG(ev->words), (long long)ev->code);
    } else { /* names go out of date: all is asked for anew, after a while */
        source_lost_for(s, s->timing.wait, joining ? "join" : "refused",
                        "the server refuses: %.*s (%lld)", STR_ARG(ev->words),
                        (long long)ev->code);
    }
}

static void
on_data(struct source *s, const json_t *data, int64_t offset)
{
    struct vklive *v = s->own;
    struct message_taker to = {.take = take, .arg = s};
    if (offset > v->offset)
        v->offset = offset;
    (void)vklive_read_publication(data, to);
}

static void
on_subscribed(struct source *s, const struct centrifugo_event *ev)
{
    struct vklive *v = s->own;
    for (size_t i = 0; i < json_array_size(ev->publications); i++)
        on_data(s, json_object_get(json_array_get(ev->publications, i), "data"), -1);
    set(&v->epoch, ev->epoch);
    v->offset = ev->offset >= 0 ? ev->offset : 0;
    v->spoilt = false;
    source_live(s);
    ask_history(s);
}

static void
on_event(struct source *s, const struct centrifugo_event *ev)
{
    struct vklive *v = s->own;
    switch (ev->kind) {
    case CENTRIFUGO_NOTHING:
        break;
    case CENTRIFUGO_PING:
        if (v->pong)
            say(s, STR_LIT("{}"));
        break;
    case CENTRIFUGO_CONNECTED:
        v->pong = ev->pong;
        v->silence_ms = ev->ping_ms > 0 ? ev->ping_ms + s->timing.pong : 0;
        subscribe(s);
        break;
    case CENTRIFUGO_SUBSCRIBED:
        on_subscribed(s, ev);
        break;
    case CENTRIFUGO_FAULT:
        on_fault(s, ev);
        break;
    case CENTRIFUGO_PUBLICATION:
        if (str_eq(ev->channel, buf_str(&v->chat)))
            on_data(s, ev->data, ev->offset);
        break;
    case CENTRIFUGO_UNSUBSCRIBED:
        if (ev->again)
            subscribe(s);
        else
            source_lost_for(s, s->timing.wait, "join", "put out of the chat: %.*s",
                            STR_ARG(ev->words));
        break;
    case CENTRIFUGO_DISCONNECTED:
        if (ev->again)
            source_again(s, "the server asks to connect anew");
        else
            source_lost_for(s, s->timing.wait, "refused",
                            "the server closes: %.*s (%lld)", STR_ARG(ev->words),
                            (long long)ev->code);
        break;
    }
}

static void
on_frame(void *arg, struct str frame)
{
    struct source *s = arg;
    struct vklive *v = s->own;
    struct str line;
    while (v->ws != NULL && centrifugo_next(&frame, &line)) {
        struct centrifugo_event ev;
        json_t *holder;
        struct err e = ERR_INIT;
        if (centrifugo_read(line, &ev, &holder, &e) < 0)
            source_garbage(s, &e);
        else
            on_event(s, &ev);
        json_decref(holder);
    }
    if (v->ws != NULL)
        heard(s);
}

static void
on_open(void *arg)
{
    struct source *s = arg;
    struct vklive *v = s->own;
    struct buf line = BUF_INIT;
    centrifugo_write_connect(buf_str(&v->pass), &line);
    say(s, buf_str(&line));
    explicit_bzero(line.data, line.cap);
    buf_fini(&line);
    loop_timer_start(s->env.loop, &v->watchdog, s->timing.join, silent, s);
}

static void
on_closed(void *arg, const char *code, const struct err *e)
{
    source_lost(arg, code, "%s", e->msg);
}

void
source_vklive_open(struct source *s)
{
    struct vklive *v = s->own;
    struct err e = ERR_INIT;
    struct ws_conf conf = {.url = s->socket_url,
                           .ca_file = s->ca_file,
                           .proxy = s->proxy,
                           .connect_ms = s->timing.connect};
    struct ws_events on = {
        .open = on_open, .message = on_frame, .closed = on_closed, .arg = s};
    v->silence_ms = 0;
    v->ws = ws_open(s->env.loop, s->env.worker, &conf, &on, &e);
    if (v->ws == NULL && e.code == ERR_VALUE)
        source_refused(s, "refused", "%s", e.msg);
    else if (v->ws == NULL)
        source_lost(s, "refused", "%s", e.msg);
}
