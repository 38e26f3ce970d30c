/* SPDX-License-Identifier: Apache-2.0 */
/* source_peertube.c - keeping a place in the chat of a PeerTube video (its livechat
 * plugin is an XMPP server), or in any room of an XMPP server that speaks WebSocket (RFC
 * 7395).
 *
 * xmpp.c says what a stanza means; here are the steps: which room a video has, the
 * stream, the sign-in (nobody, or an account of ours), the stream anew, an address, the
 * room with its latest lines. Each step that does not end in time is a failure; in the
 * room silence is asked about with a ping. The room's history is the same after each
 * reconnection; ids tell what is known. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "source/source_http.h"
#include "source/xmpp.h"

#define NICK    "suraq"
#define WS_PATH "/plugins/livechat/ws/xmpp-websocket"
#define SASL    "urn:ietf:params:xml:ns:xmpp-sasl"
#define FRAMING "urn:ietf:params:xml:ns:xmpp-framing"

enum { HISTORY = 50, NICK_TRIES = 5 };
enum stage { STAGE_OFF, STAGE_STREAM, STAGE_SIGN_IN, STAGE_BIND, STAGE_JOIN, STAGE_IN };

struct peertube {
    struct ws *ws; /* owned; NULL when off */
    struct source_http http;
    enum stage stage;
    struct xmpp_decoder decoder;
    struct buf room, nick, domain; /* "id@room.host"; in the room; of the sign-in */
    unsigned nick_tries;
    bool asked; /* a ping of ours is under way */
    int64_t sent_at;
    struct loop_timer timer; /* of the stage; in the room, of silence */
};

/* --- out */

static void
send_buf(struct source *s, struct buf *stanza)
{
    struct peertube *p = s->own;
    struct err e = ERR_INIT;
    if (p->ws != NULL && ws_send(p->ws, buf_str(stanza), &e) < 0)
        log_warn("source", "%s: %s", s->name, e.msg);
    explicit_bzero(stanza->data, stanza->cap);
    buf_fini(stanza);
}

static void
open_stream(struct source *s)
{
    struct peertube *p = s->own;
    struct buf b = BUF_INIT;
    buf_add_cstr(&b, "<open xmlns=\"" FRAMING "\" to=\"");
    xmpp_escape(buf_str(&p->domain), &b);
    buf_add_cstr(&b, "\" version=\"1.0\"/>");
    send_buf(s, &b);
}

static void
add_base64(struct str raw, struct buf *out)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < raw.len; i += 3) {
        size_t n = raw.len - i < 3 ? raw.len - i : 3;
        uint32_t bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (k < n ? (unsigned char)raw.p[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            buf_add(out, k <= n ? &letters[bits >> (18 - 6 * k) & 63] : "=", 1);
    }
}

/* RFC 4616: NUL, who, NUL, password. */
static void
sign_in_plain(struct source *s)
{
    struct buf raw = BUF_INIT, b = BUF_INIT;
    size_t who = strcspn(s->account, "@");
    buf_add_char(&raw, '\0');
    buf_add(&raw, s->account, who);
    buf_add_char(&raw, '\0');
    buf_add_cstr(&raw, s->secret);
    buf_add_cstr(&b, "<auth xmlns=\"" SASL "\" mechanism=\"PLAIN\">");
    add_base64(buf_str(&raw), &b);
    buf_add_cstr(&b, "</auth>");
    explicit_bzero(raw.data, raw.cap);
    buf_fini(&raw);
    send_buf(s, &b);
}

static void
send_text(struct source *s, const char *stanza)
{
    struct buf b = BUF_INIT;
    buf_add_cstr(&b, stanza);
    send_buf(s, &b);
}

static void
join(struct source *s)
{
    struct peertube *p = s->own;
    struct buf b = BUF_INIT;
    buf_add_cstr(&b, "<presence xmlns=\"jabber:client\" to=\"");
    xmpp_escape(buf_str(&p->room), &b);
    buf_add_char(&b, '/');
    xmpp_escape(buf_str(&p->nick), &b);
    buf_addf(&b,
             "\"><x xmlns=\"http://jabber.org/protocol/muc\"><history "
             "maxstanzas=\"%d\"/></x></presence>",
             HISTORY);
    send_buf(s, &b);
}

/* --- stages */

static void
timed_out(void *arg)
{
    struct source *s = arg;
    struct peertube *p = s->own;
    static const char *const waited[] = {"",
                                         "the server opens no stream",
                                         "the server does not answer the sign-in",
                                         "the server gives us no address",
                                         "the room does not answer",
                                         ""};
    source_lost(s, p->stage == STAGE_JOIN ? "join" : "silent", "%s", waited[p->stage]);
}

static void
enter(struct source *s, enum stage stage)
{
    struct peertube *p = s->own;
    p->stage = stage;
    loop_timer_start(s->env.loop, &p->timer, s->timing.join, timed_out, s);
}

static void
ping(void *arg)
{
    struct source *s = arg;
    struct peertube *p = s->own;
    if (p->asked && !s->paused) { /* paused: the silence is ours */
        source_lost(s, "silent", "the server does not answer any more");
        return;
    }
    p->asked = true;
    send_text(s, "<iq xmlns=\"jabber:client\" type=\"get\" id=\"ping\"><ping "
                 "xmlns=\"urn:xmpp:ping\"/></iq>");
    loop_timer_start(s->env.loop, &p->timer, s->timing.pong, ping, s);
}

static void
heard(struct source *s)
{
    struct peertube *p = s->own;
    if (p->stage != STAGE_IN)
        return;
    p->asked = false;
    loop_timer_start(s->env.loop, &p->timer, s->timing.ping, ping, s);
}

static void
set_nick(struct source *s, unsigned number)
{
    struct peertube *p = s->own;
    buf_reset(&p->nick);
    buf_add_cstr(&p->nick, s->nick != NULL ? s->nick : NICK);
    if (number > 0)
        buf_addf(&p->nick, "-%u", number);
    p->decoder.nick = buf_str(&p->nick);
}

/* --- what the server says */

static void
on_features(struct source *s, const struct xmpp_event *ev)
{
    struct peertube *p = s->own;
    if (ev->bind && p->stage == STAGE_BIND) {
        send_text(s, "<iq xmlns=\"jabber:client\" type=\"set\" id=\"bind\"><bind "
                     "xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"/></iq>");
        return;
    }
    if (p->stage != STAGE_STREAM)
        return;
    bool account = s->secret != NULL;
    if (account && !ev->plain)
        source_refused(s, "auth", "the server takes no passwords here");
    else if (!account && !ev->anonymous)
        source_refused(s, "auth", "the server lets nobody read without an account");
    else if (account)
        sign_in_plain(s);
    else
        send_text(s, "<auth xmlns=\"" SASL "\" mechanism=\"ANONYMOUS\"/>");
    if (p->ws != NULL)
        enter(s, STAGE_SIGN_IN);
}

static void
on_joined(struct source *s)
{
    struct peertube *p = s->own;
    if (p->stage != STAGE_JOIN)
        return;
    p->stage = STAGE_IN;
    heard(s);
    source_live(s);
}

static void
on_nick_taken(struct source *s)
{
    struct peertube *p = s->own;
    if (p->stage != STAGE_JOIN)
        return;
    if (++p->nick_tries > NICK_TRIES) {
        source_lost(s, "refused", "the name '%s' and its like are taken", p->nick.data);
        return;
    }
    set_nick(s, 2 + (unsigned)(source_random(&s->random) % 998));
    join(s);
}

static void
pong(struct source *s, const struct xmpp_event *ev)
{
    struct buf b = BUF_INIT;
    buf_add_cstr(&b, "<iq xmlns=\"jabber:client\" type=\"result\" id=\"");
    xmpp_escape(ev->id, &b);
    if (ev->from.len > 0) {
        buf_add_cstr(&b, "\" to=\"");
        xmpp_escape(ev->from, &b);
    }
    buf_add_cstr(&b, "\"/>");
    send_buf(s, &b);
}

static void
take(struct source *s, const struct xmpp_event *ev)
{
    if (ev->has_removal)
        source_put(s, &ev->removal);
    if (ev->has_message)
        source_put(s, &ev->message);
}

static void
on_event(struct source *s, const struct xmpp_event *ev)
{
    struct peertube *p = s->own;
    switch (ev->kind) {
    case XMPP_NOTHING:
        break;
    case XMPP_FEATURES:
        on_features(s, ev);
        break;
    case XMPP_SIGNED_IN:
        enter(s, STAGE_BIND);
        open_stream(s);
        break;
    case XMPP_REFUSED:
        source_refused(s, "auth", "the server refuses the sign-in: %.*s",
                       STR_ARG(ev->text));
        break;
    case XMPP_BOUND:
        p->nick_tries = 0;
        enter(s, STAGE_JOIN);
        join(s);
        break;
    case XMPP_JOINED:
        on_joined(s);
        break;
    case XMPP_NICK_TAKEN:
        on_nick_taken(s);
        break;
    case XMPP_NO_ENTRY:
        source_refused(s, "join", "the room refuses us: %.*s", STR_ARG(ev->text));
        break;
    case XMPP_FULL:
        source_lost(s, "join", "the room refuses for now: %.*s", STR_ARG(ev->text));
        break;
    case XMPP_PUT_OUT:
        if (ev->is_final)
            source_refused(s, "join", "out of the room: %.*s", STR_ARG(ev->text));
        else
            source_lost(s, "join", "out of the room: %.*s", STR_ARG(ev->text));
        break;
    case XMPP_MUTED:
        if (p->stage == STAGE_IN)
            source_degraded(s, "muted", "we can read but not write: %.*s",
                            STR_ARG(ev->text));
        source_sent(s, SOURCE_FORBIDDEN, "%.*s", STR_ARG(ev->text));
        break;
    case XMPP_MESSAGES:
        take(s, ev);
        break;
    case XMPP_PING:
        pong(s, ev);
        break;
    case XMPP_CLOSED:
        source_lost(s, "closed", "the server closes: %.*s", STR_ARG(ev->text));
        break;
    }
}

static void
on_frame(void *arg, struct str frame)
{
    struct source *s = arg;
    struct peertube *p = s->own;
    struct xmpp_event ev;
    struct err e = ERR_INIT;
    heard(s);
    if (xmpp_decode(&p->decoder, frame, &ev, &e) < 0)
        source_garbage(s, &e);
    else
        on_event(s, &ev);
}

static void
on_open(void *arg)
{
    struct source *s = arg;
    enter(s, STAGE_STREAM);
    open_stream(s);
}

static void
on_closed(void *arg, const char *code, const struct err *e)
{
    source_lost(arg, code, "%s", e->msg);
}

/* --- which server, which room */

/* The host of the room without its first label, which names the service:
 * "id@room.tube.kz" is a room of tube.kz. */
static const char *
host_of_room(const char *room)
{
    const char *at = strchr(room, '@');
    const char *dot = at == NULL ? NULL : strchr(at, '.');
    return dot == NULL ? (at == NULL ? room : at + 1) : dot + 1;
}

/* Who lets us in: the account's host; or what stands for nobody at PeerTube, "anon.". */
static void
set_domain(struct source *s)
{
    struct peertube *p = s->own;
    const char *at = s->account == NULL ? NULL : strchr(s->account, '@');
    const char *service = strchr(p->room.data, '@');
    bool peertube = service != NULL && strncmp(service, "@room.", 6) == 0;
    buf_reset(&p->domain);
    if (s->account != NULL)
        buf_add_cstr(&p->domain, at != NULL ? at + 1 : s->account);
    else
        buf_addf(&p->domain, "%s%s", peertube ? "anon." : "", host_of_room(p->room.data));
}

static void
connect_to(struct source *s, struct str room)
{
    struct peertube *p = s->own;
    struct buf url = BUF_INIT;
    struct err e = ERR_INIT;
    char *copy = mem_strndup(room.p, room.len);
    buf_reset(&p->room);
    buf_add_cstr(&p->room, copy);
    mem_free(copy);
    p->decoder.room = buf_str(&p->room);
    p->decoder.key = s->seen.key;
    xmpp_reset(&p->decoder);
    set_nick(s, 0);
    set_domain(s);
    if (s->url != NULL)
        buf_add_cstr(&url, s->url);
    else
        buf_addf(&url, "wss://%s" WS_PATH, host_of_room(p->room.data));
    struct ws_conf conf = {.url = url.data,
                           .subprotocol = "xmpp",
                           .ca_file = s->ca_file,
                           .proxy = s->proxy,
                           .connect_ms = s->timing.connect};
    struct ws_events on = {
        .open = on_open, .message = on_frame, .closed = on_closed, .arg = s};
    p->ws = ws_open(s->env.loop, s->env.worker, &conf, &on, &e);
    if (p->ws == NULL && e.code == ERR_VALUE)
        source_refused(s, "refused", "%s", e.msg);
    else if (p->ws == NULL)
        source_lost(s, "refused", "%s", e.msg);
    buf_fini(&url);
}

static void
video_came(struct source *s, const struct fetch_answer *a)
{
    struct buf room = BUF_INIT;
    if (!source_http_is_ok(s, a, STR_NONE))
        return;
    json_t *o = source_http_json(s, a);
    if (o == NULL)
        return;
    const char *uuid = json_string_value(json_object_get(o, "uuid"));
    if (uuid == NULL || strlen(uuid) > 64) {
        source_refused(s, "target", "PeerTube does not say which video this is");
    } else {
        buf_addf(&room, "%s@room.%.*s", uuid, (int)strcspn(s->target, "/"), s->target);
        connect_to(s, buf_str(&room));
    }
    json_decref(o);
    buf_fini(&room);
}

/* A short id of a link is not the room's: the video's page says the long one. */
static void
ask_video(struct source *s)
{
    struct peertube *p = s->own;
    struct buf url = BUF_INIT;
    const char *slash = strchr(s->target, '/');
    const char *host = s->url == NULL ? NULL : strstr(s->url, "://");
    if (host == NULL)
        buf_addf(&url, "https://%.*s", (int)(slash - s->target), s->target);
    else /* a replaced address takes the look-up along */
        buf_addf(&url, "http%s%.*s", strncmp(s->url, "wss:", 4) == 0 ? "s" : "",
                 3 + (int)strcspn(host + 3, "/"), host);
    buf_addf(&url, "/api/v1/videos/%s", slash + 1);
    struct source_ask ask = {.url = url.data};
    source_http_ask(&p->http, &ask, video_came);
    buf_fini(&url);
}

static void
peertube_start(struct source *s)
{
    if (s->target == NULL)
        source_refused(s, "target", "no video is named: its link, or the room's address");
    else if (strchr(s->target, '@') != NULL)
        connect_to(s, str_from(s->target));
    else
        ask_video(s);
}

static void
peertube_stop(struct source *s)
{
    struct peertube *p = s->own;
    if (p->stage != STAGE_OFF)
        send_text(s, "<close xmlns=\"" FRAMING "\"/>");
    p->stage = STAGE_OFF;
    p->asked = false;
    loop_timer_stop(&p->timer);
    source_http_stop(&p->http);
    ws_close(&p->ws);
}

static void
peertube_pause(struct source *s, bool paused)
{
    struct peertube *p = s->own;
    if (p->ws != NULL)
        ws_pause(p->ws, paused);
}

/* --- lines for the room */

static bool
peertube_can_send(const struct source *s)
{
    const struct peertube *p = s->own;
    return p->stage == STAGE_IN;
}

static int
peertube_send(struct source *s, struct str text, struct str reply_to, struct err *e)
{
    struct peertube *p = s->own;
    int64_t now = clock_mono_ms(s->clock);
    struct buf b = BUF_INIT;
    if (p->stage != STAGE_IN)
        return err_set(e, ERR_BAD_STATE, "not in the room");
    if (p->sent_at != 0 && now - p->sent_at < s->timing.send_gap)
        return err_set(e, ERR_LIMIT, "a line was sent just now");
    p->sent_at = now;
    buf_add_cstr(&b, "<message xmlns=\"jabber:client\" type=\"groupchat\" to=\"");
    xmpp_escape(buf_str(&p->room), &b);
    buf_addf(&b, "\" id=\"suraq-%016llx\"><body>",
             (unsigned long long)source_random(&s->random));
    xmpp_escape(text, &b);
    buf_add_cstr(&b, "</body>");
    if (reply_to.len > 0) {
        buf_add_cstr(&b, "<reply xmlns=\"urn:xmpp:reply:0\" id=\"");
        xmpp_escape(reply_to, &b);
        buf_add_cstr(&b, "\"/>");
    }
    buf_add_cstr(&b, "</message>");
    send_buf(s, &b);
    return 0;
}

/* --- settings */

static int
peertube_check(struct source *s, struct err *e)
{
    if (s->url != NULL && ws_check_url(s->url, e) < 0)
        return -1;
    if (s->secret != NULL && (s->account == NULL || strchr(s->account, '@') == NULL))
        return err_set(e, ERR_VALUE, "'account' is missing: user@host of the password");
    if (s->nick != NULL && (s->nick[0] == '\0' || strlen(s->nick) > 64))
        return err_set(e, ERR_VALUE, "'%s' is no name", s->nick);
    struct peertube *p = mem_zalloc(sizeof(*p));
    p->http.s = s;
    xmpp_init(&p->decoder);
    s->own = p;
    return 0;
}

static void
peertube_free(struct source *s)
{
    struct peertube *p = s->own;
    if (p == NULL)
        return;
    xmpp_fini(&p->decoder);
    buf_fini(&p->room);
    buf_fini(&p->nick);
    buf_fini(&p->domain);
    mem_free(p);
}

const struct source_adapter source_peertube = {.kind = "peertube",
                                               .check = peertube_check,
                                               .parse_target = xmpp_target,
                                               .start = peertube_start,
                                               .stop = peertube_stop,
                                               .free = peertube_free,
                                               .line = source_line,
                                               .pause = peertube_pause,
                                               .can_send = peertube_can_send,
                                               .send = peertube_send};
