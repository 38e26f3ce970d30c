/* SPDX-License-Identifier: Apache-2.0 */
/* source_eventsub.c - reading a Twitch chat by EventSub over WebSocket.
 *
 * Whose token is it and what may it do; which id has the channel; the socket; then one
 * subscription after the other, for which Twitch gives ten seconds after its welcome.
 * Twitch is silent never longer than it promised: what is silent longer is dead. When it
 * asks for another connection the old one is read until the new one is welcomed, and a
 * moment longer for what is on the way; lines that come on both are recognised by their
 * id. We never speak on the socket, not even a ping: Twitch would close it. */
#include "source/source_eventsub.h"

#include "base/log.h"
#include "base/mem.h"
#include "source/irc_target.h"

#define SIGN_IN "https://id.twitch.tv/oauth2"
#define HELIX   "https://api.twitch.tv/helix"
#define SOCKET  "wss://eventsub.wss.twitch.tv/ws"

enum {
    KEEPALIVE_S = 15,  /* asked for; 10 to 600 */
    LINGER_MS = 1000,  /* the old socket after the new one was welcomed */
    NO_PING_S = 36000, /* the platform pings */
    CONFLICT = 409     /* there is such a subscription already */
};

static struct eventsub *
own(const struct source *s)
{
    return s->own;
}

static struct eventsub_chat
chat_of(const struct eventsub *x)
{
    return (struct eventsub_chat){.broadcaster = buf_str(&x->broadcaster),
                                  .me = buf_str(&x->me.user_id)};
}

/* --- silence */

static void
too_silent(void *arg)
{
    struct source *s = arg;
    struct eventsub *x = own(s);
    if (s->paused) /* the silence is ours */
        loop_timer_start(s->env.loop, &x->watch, s->timing.pong, too_silent, s);
    else
        source_lost(s, "silent", "Twitch does not answer any more");
}

static void
heard(struct source *s)
{
    struct eventsub *x = own(s);
    int64_t ms = x->welcomed ? x->keepalive_ms + s->timing.pong
                             : s->timing.connect + s->timing.join;
    loop_timer_start(s->env.loop, &x->watch, ms, too_silent, s);
}

/* --- subscriptions, one after the other */

static void subscribe(struct source *s);
static void check_due(void *arg);

static void
all_subscribed(struct source *s)
{
    struct eventsub *x = own(s);
    x->refused = false;
    if (x->lacks.len > 0)
        source_degraded(s, "refused", "lines that are taken back are not told: %s",
                        x->lacks.data);
    else
        source_live(s);
    loop_timer_start(s->env.loop, &x->check, s->timing.validate, check_due, s);
}

/* The chat itself must work; without the others we still read. */
static void
not_subscribed(struct source *s, const struct fetch_answer *a)
{
    struct eventsub *x = own(s);
    struct buf words = BUF_INIT;
    twitch_read_fault(a->body, &words);
    const char *why = words.len > 0 ? words.data : "no reason given";
    if (x->subscribing != EVENTSUB_CHAT) {
        buf_reset(&x->lacks);
        buf_addf(&x->lacks, "%s", why);
        x->subscribing++;
        subscribe(s);
    } else if (a->status == 403) {
        source_refused(s, "auth",
                       "Twitch does not let us read this chat: %s; is the account "
                       "banned there, was 'user:read:chat' allowed?",
                       why);
    } else { /* 400: the session has ended meanwhile */
        source_lost(s, "join", "Twitch refuses the subscription: %s", why);
    }
    buf_fini(&words);
}

static void
subscribed(struct source *s, const struct fetch_answer *a)
{
    struct eventsub *x = own(s);
    bool special = a->status == 401 || a->status == 429;
    if (a->status >= 400 && a->status < 500 && a->status != CONFLICT && !special) {
        not_subscribed(s, a);
        return;
    }
    if (a->status != CONFLICT && !eventsub_is_ok(s, a))
        return;
    x->subscribing++;
    subscribe(s);
}

static bool
is_possible(const struct eventsub *x, unsigned type)
{
    unsigned scope = eventsub_type_scope((enum eventsub_type)type);
    bool ours = str_eq(buf_str(&x->broadcaster), buf_str(&x->me.user_id));
    return scope != TWITCH_MODERATE || (ours && (x->me.scopes & scope) != 0);
}

static void
subscribe(struct source *s)
{
    struct eventsub *x = own(s);
    struct eventsub_chat chat = chat_of(x);
    struct buf body = BUF_INIT;
    while (x->subscribing < EVENTSUB_TYPES && !is_possible(x, x->subscribing))
        x->subscribing++;
    if (x->subscribing == EVENTSUB_TYPES) {
        all_subscribed(s);
        return;
    }
    eventsub_write_subscription(&body, (enum eventsub_type)x->subscribing, &chat,
                                buf_str(&x->session));
    eventsub_ask(s, &x->http, "/eventsub/subscriptions", &body, subscribed);
    buf_fini(&body);
}

/* --- the sockets */

static void on_frame(void *arg, struct str frame);
static void on_closed(void *arg, const char *code, const struct err *e);

static void
on_open(void *arg)
{
    (void)arg; /* Twitch speaks first */
}

static int
open_link(struct source *s, struct eventsub_link *link, const char *url, struct err *e)
{
    struct ws_conf conf = {.url = url,
                           .ca_file = s->ca_file,
                           .proxy = s->proxy,
                           .connect_ms = s->timing.connect,
                           .ping_s = NO_PING_S,
                           .hangup_s = NO_PING_S + 1};
    struct ws_events on = {
        .open = on_open, .message = on_frame, .closed = on_closed, .arg = link};
    ws_close(&link->ws);
    link->ws = ws_open(s->env.loop, s->env.worker, &conf, &on, e);
    return link->ws != NULL ? 0 : -1;
}

static void
connect_socket(struct source *s)
{
    struct eventsub *x = own(s);
    struct buf url = BUF_INIT;
    struct err e = ERR_INIT;
    buf_addf(&url, "%s?keepalive_timeout_seconds=%d", x->socket.data, KEEPALIVE_S);
    x->welcomed = x->moving = false;
    heard(s);
    int ret = open_link(s, &x->links[x->current], url.data, &e);
    buf_fini(&url);
    if (ret < 0 && e.code == ERR_VALUE)
        source_refused(s, "refused", "%s", e.msg);
    else if (ret < 0)
        source_lost(s, "refused", "%s", e.msg);
}

static struct eventsub_link *
other_link(struct eventsub *x)
{
    return &x->links[1 - x->current];
}

/* The move has taken too long, or what lingered has lingered. */
static void
move_over(void *arg)
{
    struct source *s = arg;
    struct eventsub *x = own(s);
    bool failed = x->moving;
    ws_close(&other_link(x)->ws);
    x->moving = false;
    if (failed && x->links[x->current].ws == NULL)
        source_lost(s, "silent", "the connection that Twitch asked for did not come");
}

/* Never from TLS to a socket without it. */
static int
check_move(const struct eventsub *x, struct str to, struct err *e)
{
    struct str tls = STR_LIT("wss://");
    if (!str_has_prefix(buf_str(&x->socket), tls) || str_has_prefix(to, tls))
        return 0;
    return err_set(e, ERR_VALUE, "it asks for a connection without TLS");
}

static void
begin_move(struct source *s, struct str to)
{
    struct eventsub *x = own(s);
    struct buf url = BUF_INIT;
    struct err e = ERR_INIT;
    buf_add_str(&url, to);
    log_info("source", "%s: Twitch asks for another connection", s->name);
    x->moving =
        check_move(x, to, &e) == 0 && open_link(s, other_link(x), url.data, &e) == 0;
    buf_fini(&url);
    if (x->moving)
        loop_timer_start(s->env.loop, &x->move, s->timing.connect + s->timing.join,
                         move_over, s);
    else /* the old one goes on until Twitch ends it */
        log_warn("source", "%s: %s", s->name, e.msg);
}

static void
end_move(struct source *s)
{
    struct eventsub *x = own(s);
    x->current = 1 - x->current;
    x->moving = false;
    if (s->paused)
        ws_pause(x->links[x->current].ws, true);
    loop_timer_start(s->env.loop, &x->move, LINGER_MS, move_over, s);
    log_info("source", "%s: the connection has moved", s->name);
}

static void
on_closed(void *arg, const char *code, const struct err *e)
{
    struct eventsub_link *link = arg;
    struct source *s = link->s;
    struct eventsub *x = own(s);
    bool is_current = link == &x->links[x->current];
    ws_close(&link->ws);
    if (is_current && !x->moving) {
        source_lost(s, code, "%s", e->msg);
    } else if (is_current) {
        loop_timer_stop(&x->watch); /* the move has its own time */
    } else if (x->moving) {
        log_warn("source", "%s: the other connection failed: %s", s->name, e->msg);
        move_over(s);
    }
}

/* --- what Twitch says on them */

static void
on_welcome(struct source *s, struct eventsub_link *link, const struct eventsub_event *ev)
{
    struct eventsub *x = own(s);
    bool is_current = link == &x->links[x->current];
    x->keepalive_ms = ev->keepalive_ms;
    buf_reset(&x->session);
    buf_add_str(&x->session, ev->session);
    if (!is_current && x->moving) {
        end_move(s);
    } else if (is_current && !x->welcomed) {
        x->welcomed = true;
        x->subscribing = 0;
        buf_reset(&x->lacks);
        subscribe(s);
    }
}

static void
on_revoked(struct source *s, const struct eventsub_event *ev)
{
    if (!str_eq(ev->type, str_from(eventsub_type_name(EVENTSUB_CHAT))))
        source_degraded(s, "refused", "lines that are taken back are not told: %.*s",
                        STR_ARG(ev->text));
    else if (str_eq(ev->text, STR_LIT("authorization_revoked")))
        source_refused(s, "auth",
                       "the sign-in was withdrawn (authorization_revoked); sign in "
                       "again: suraq connect %s",
                       s->name);
    else
        source_refused(s, "join", "Twitch does not let us read this chat any more: %.*s",
                       STR_ARG(ev->text));
}

static void
on_frame(void *arg, struct str frame)
{
    struct eventsub_link *link = arg;
    struct source *s = link->s;
    struct eventsub *x = own(s);
    struct eventsub_chat chat = chat_of(x);
    struct eventsub_event ev;
    struct err e = ERR_INIT;
    bool is_current = link == &x->links[x->current];
    if (eventsub_decode(frame, &chat, &ev, &e) < 0)
        source_garbage(s, &e);
    switch (ev.kind) {
    case EVENTSUB_NOTHING:
    case EVENTSUB_KEEPALIVE:
        break;
    case EVENTSUB_WELCOME:
        on_welcome(s, link, &ev);
        break;
    case EVENTSUB_MESSAGE:
        source_put(s, &ev.message);
        break;
    case EVENTSUB_RECONNECT:
        if (is_current && !x->moving)
            begin_move(s, ev.url);
        break;
    case EVENTSUB_REVOKED:
        on_revoked(s, &ev);
        break;
    }
    eventsub_event_fini(&ev);
    if (x->links[x->current].ws != NULL) /* else it is over */
        heard(s);
}

static void
eventsub_pause(struct source *s, bool paused)
{
    struct eventsub *x = own(s);
    for (unsigned i = 0; i < 2; i++)
        if (x->links[i].ws != NULL)
            ws_pause(x->links[i].ws, paused);
}

/* --- who we are, which channel */

static void
channel_found(struct source *s, const struct fetch_answer *a)
{
    struct eventsub *x = own(s);
    struct err e = ERR_INIT;
    if (!eventsub_is_ok(s, a))
        return;
    if (twitch_read_user(a->body, &x->broadcaster, &e) < 0)
        source_lost(s, "closed", "%s", e.msg);
    else if (x->broadcaster.len == 0)
        source_refused(s, "join", "Twitch knows no channel '%s'", s->target);
    else
        connect_socket(s);
}

static void
find_channel(struct source *s)
{
    struct eventsub *x = own(s);
    struct buf path = BUF_INIT;
    buf_add_cstr(&path, "/users");
    fetch_add_query(&path, "login", str_from(s->target));
    eventsub_ask(s, &x->http, path.data, NULL, channel_found);
    buf_fini(&path);
}

static void
validated(struct source *s, const struct fetch_answer *a)
{
    struct eventsub *x = own(s);
    struct err e = ERR_INIT;
    if (!eventsub_is_ok(s, a))
        return;
    if (twitch_read_account(a->body, &x->me, &e) < 0) {
        source_lost(s, "closed", "%s", e.msg);
        return;
    }
    if ((x->me.scopes & TWITCH_READ) == 0) {
        source_refused(s, "auth",
                       "the token lacks the scope 'user:read:chat'; sign in again: suraq "
                       "connect %s",
                       s->name);
        return;
    }
    if (s->client_id == NULL) /* whoever made the token may renew it */
        s->client_id = mem_strdup(x->me.client_id.data);
    find_channel(s);
}

static void
validate(struct source *s, void (*answer)(struct source *s, const struct fetch_answer *a))
{
    struct eventsub *x = own(s);
    struct buf url = BUF_INIT, header = BUF_INIT;
    buf_addf(&url, "%s/validate", x->sign_in.data);
    buf_addf(&header, "Authorization: OAuth %s", x->token.token.access);
    struct source_ask ask = {.url = url.data, .header = header.data};
    source_http_ask(&x->http, &ask, answer);
    explicit_bzero(header.data, header.cap);
    buf_fini(&header);
    buf_fini(&url);
}

static void
begin(struct source *s)
{
    validate(s, validated);
}

/* --- while it runs */

static void
check_due(void *arg)
{
    struct source *s = arg;
    struct eventsub *x = own(s);
    x->check_due = true;
    source_token_need(&x->token, eventsub_token_ready);
}

/* Twitch wants to hear that a token is still good; no answer is no reason to leave. */
static void
still_good(struct source *s, const struct fetch_answer *a)
{
    struct eventsub *x = own(s);
    if (a->status == 401 && !eventsub_is_ok(s, a))
        return;
    loop_timer_start(s->env.loop, &x->check, s->timing.validate, check_due, s);
}

void
eventsub_token_ready(struct source *s)
{
    struct eventsub *x = own(s);
    if (x->check_due && x->http.call == NULL) {
        x->check_due = false;
        validate(s, still_good);
    }
    eventsub_out_go(s);
}

static void
eventsub_start(struct source *s)
{
    source_token_need(&own(s)->token, begin);
}

static void
eventsub_stop(struct source *s)
{
    struct eventsub *x = own(s);
    loop_timer_stop(&x->watch);
    loop_timer_stop(&x->move);
    loop_timer_stop(&x->check);
    x->check_due = x->moving = false;
    ws_close(&x->links[0].ws);
    ws_close(&x->links[1].ws);
    source_http_stop(&x->http);
    source_token_stop(&x->token);
    eventsub_out_stop(s);
}

struct source_token *
eventsub_token(struct source *s)
{
    return &own(s)->token;
}

/* --- settings */

/* `url` is one address for everything, as a mock of Twitch has it; a second one behind a
 * space is that of the socket. */
static int
set_addresses(struct source *s, struct err *e)
{
    struct eventsub *x = own(s);
    struct str rest = str_from(s->url), base;
    if (s->url == NULL) {
        buf_add_cstr(&x->sign_in, SIGN_IN);
        buf_add_cstr(&x->helix, HELIX);
        buf_add_cstr(&x->socket, SOCKET);
    } else {
        (void)str_split(&rest, ' ', &base);
        if (!str_has_prefix(base, STR_LIT("http")))
            return err_set(e, ERR_VALUE,
                           "with a token 'url' begins with http:// or https://");
        buf_addf(&x->sign_in, "%.*s/oauth2", STR_ARG(base));
        buf_addf(&x->helix, "%.*s/helix", STR_ARG(base));
        if (rest.len > 0)
            buf_add_str(&x->socket, rest);
        else
            buf_addf(&x->socket, "ws%.*s/ws", (int)base.len - 4, base.p + 4);
    }
    buf_addf(&x->renew, "%s/token", x->sign_in.data);
    return ws_check_url(x->socket.data, e);
}

static int
eventsub_check(struct source *s, struct err *e)
{
    if (s->target == NULL)
        return err_set(e, ERR_VALUE, "'channel' is missing");
    struct eventsub *x = mem_zalloc(sizeof(*x));
    x->http.s = x->out.s = x->token.http.s = s;
    x->links[0].s = x->links[1].s = s;
    x->lines =
        irc_out_new(s->timing.send_burst, s->timing.send_window, s->timing.send_gap);
    s->own = x;
    if (set_addresses(s, e) < 0)
        return -1;
    x->token.endpoint = x->renew.data;
    return 0;
}

static void
eventsub_free(struct source *s)
{
    struct eventsub *x = own(s);
    if (x == NULL)
        return;
    source_token_fini(&x->token);
    twitch_account_fini(&x->me);
    irc_out_free(&x->lines);
    buf_fini(&x->helix);
    buf_fini(&x->sign_in);
    buf_fini(&x->renew);
    buf_fini(&x->socket);
    buf_fini(&x->broadcaster);
    buf_fini(&x->session);
    buf_fini(&x->lacks);
    buf_fini(&x->body);
    mem_free(x);
}

const struct source_adapter source_eventsub = {.kind = "twitch",
                                               .check = eventsub_check,
                                               .parse_target = irc_target_twitch,
                                               .start = eventsub_start,
                                               .stop = eventsub_stop,
                                               .free = eventsub_free,
                                               .line = source_line,
                                               .pause = eventsub_pause,
                                               .can_send = eventsub_can_send,
                                               .send = eventsub_send,
                                               .send_again = eventsub_send_again,
                                               .sends_per_minute = 40,
                                               .tells = true,
                                               .token = eventsub_token};
