/* SPDX-License-Identifier: Apache-2.0 */
/* source_vklive.c - reading the chat of a channel on VK Video Live.
 *
 * A token (of a person, or of the application itself, which is enough to read), the name
 * of the chat at the message server, a token for the socket, then the socket. Names and
 * tokens are asked for anew at each start, since both go out of date. A token that was
 * refused is replaced once; then a person must see to it. */
#include "source/source_vklive.h"

#include "base/mem.h"
#include "source/json.h"

#define API    "https://apidev.live.vkvideo.ru"
#define TOKENS "https://api.live.vkvideo.ru/oauth/server/token"
#define SOCKET                                                                       \
    "wss://pubsub-dev.live.vkvideo.ru/connection/websocket?format=json&cf_protocol_" \
    "version=v2"

/* --- requests */

const char *
source_vklive_bearer(const struct source *s)
{
    const struct vklive *v = s->own;
    return s->token_file != NULL ? v->token.token.access : v->app.access;
}

void
source_vklive_ask(struct source *s, const char *path, const char *name, struct str value,
                  void (*answer)(struct source *s, const struct fetch_answer *a))
{
    struct vklive *v = s->own;
    struct buf url = BUF_INIT;
    buf_addf(&url, "%s/v1/%s", s->url, path);
    if (name != NULL)
        fetch_add_query(&url, name, value);
    struct source_ask what = {.url = url.data, .bearer = source_vklive_bearer(s)};
    source_http_stop(&v->http);
    source_http_ask(&v->http, &what, answer);
    buf_fini(&url);
}

/* A token that was good until now is replaced once; a new one that is refused, or a
 * right that is missing, is for a person to mend. */
static bool
is_ok(struct source *s, const struct fetch_answer *a)
{
    struct vklive *v = s->own;
    struct buf words = BUF_INIT;
    bool ok = false;
    vklive_read_fault(a->status >= 400 ? a->body : STR_NONE, &words);
    if (a->status == 401 && !v->spoilt) {
        v->spoilt = true;
        source_token_spoil(&v->token);
        token_fini(&v->app);
        source_lost(s, "auth", "the token has ended; another one is asked for");
    } else {
        ok = source_http_is_ok(s, a, buf_str(&words));
    }
    buf_fini(&words);
    return ok;
}

json_t *
source_vklive_answer(struct source *s, const struct fetch_answer *a)
{
    return is_ok(s, a) ? source_http_json(s, a) : NULL;
}

static void
set(struct buf *b, struct str value)
{
    buf_reset(b);
    buf_add_str(b, value);
}

/* --- on the way to it */

static void
pass_came(struct source *s, const struct fetch_answer *a)
{
    struct vklive *v = s->own;
    json_t *o = source_vklive_answer(s, a);
    if (o == NULL)
        return;
    set(&v->pass, json_text(o, "data.token"));
    json_decref(o);
    if (v->pass.len > 0)
        source_vklive_open(s);
    else
        source_lost(s, "closed", "VK Video Live gives no token for its message server");
}

static void
channel_came(struct source *s, const struct fetch_answer *a)
{
    struct vklive *v = s->own;
    struct buf chat = BUF_INIT;
    struct err e = ERR_INIT;
    json_t *o = source_vklive_answer(s, a);
    if (o == NULL)
        return;
    int ret = vklive_read_channel(o, &chat, &v->stream, &e);
    json_decref(o);
    if (ret < 0) {
        source_lost(s, "closed", "%s", e.msg);
    } else {
        if (!str_eq(buf_str(&chat), buf_str(&v->chat)))
            buf_reset(&v->epoch);
        set(&v->chat, buf_str(&chat));
        buf_reset(&v->chat_pass);
        source_vklive_ask(s, "websocket/token", NULL, STR_NONE, pass_came);
    }
    buf_fini(&chat);
}

static void
begin(struct source *s)
{
    source_vklive_ask(s, "channel", "channel_url", str_from(s->target), channel_came);
}

/* The application signs in by itself. */
static void
app_came(struct source *s, const struct fetch_answer *a)
{
    struct vklive *v = s->own;
    struct err e = ERR_INIT;
    if (a->status == 400 || a->status == 401)
        source_refused(s, "auth",
                       "VK Video Live does not accept the application: are "
                       "its id and secret right?");
    else if (!source_http_is_ok(s, a, STR_NONE))
        return;
    else if (token_take(a->body, clock_wall_ms(s->clock), &v->app, &e) < 0)
        source_lost(s, "auth", "%s", e.msg);
    else
        begin(s);
}

static void
sign_in(struct source *s)
{
    struct vklive *v = s->own;
    struct buf basic = BUF_INIT;
    token_write_basic(s->client_id, s->client_secret, &basic);
    struct source_ask what = {.url = v->token.endpoint,
                              .type = "application/x-www-form-urlencoded",
                              .header = basic.data,
                              .body = STR_LIT("grant_type=client_credentials")};
    source_http_ask(&v->http, &what, app_came);
    explicit_bzero(basic.data, basic.cap);
    buf_fini(&basic);
}

static void
vklive_start(struct source *s)
{
    struct vklive *v = s->own;
    if (s->target == NULL)
        source_refused(s, "target", "no channel is named: its name or its link");
    else if (s->token_file != NULL)
        source_token_need(&v->token, begin);
    else if (token_is_fresh(&v->app, clock_wall_ms(s->clock)))
        begin(s);
    else
        sign_in(s);
}

static void
vklive_stop(struct source *s)
{
    struct vklive *v = s->own;
    loop_timer_stop(&v->watchdog);
    source_http_stop(&v->http);
    source_token_stop(&v->token);
    source_vklive_out_stop(s);
    ws_close(&v->ws);
}

static void
vklive_pause(struct source *s, bool paused)
{
    struct vklive *v = s->own;
    if (v->ws != NULL)
        ws_pause(v->ws, paused);
}

static struct source_token *
vklive_token(struct source *s)
{
    return &((struct vklive *)s->own)->token;
}

static int
vklive_check(struct source *s, struct err *e)
{
    if (s->token_file == NULL && (s->client_id == NULL || s->client_secret == NULL))
        return err_set(e, ERR_VALUE,
                       "'client_id' and 'client_secret_file' are missing, or a "
                       "'token_file'");
    if (s->socket_url == NULL)
        s->socket_url = mem_strdup(SOCKET);
    if (ws_check_url(s->socket_url, e) < 0)
        return -1;
    struct vklive *v = mem_zalloc(sizeof(*v));
    v->http.s = v->token.http.s = v->out.http.s = s;
    v->token.basic = true;
    v->token.endpoint = TOKENS;
    if (s->url == NULL)
        s->url = mem_strdup(API);
    else
        buf_addf(&v->tokens, "%s/oauth/server/token", s->url);
    if (v->tokens.len > 0)
        v->token.endpoint = v->tokens.data;
    v->out.lines =
        irc_out_new(s->timing.send_burst, s->timing.send_window, s->timing.send_gap);
    s->own = v;
    return 0;
}

static void
vklive_free(struct source *s)
{
    struct vklive *v = s->own;
    if (v == NULL)
        return;
    source_token_fini(&v->token);
    token_fini(&v->app);
    struct buf *owned[] = {&v->pass,      &v->chat,  &v->stream,
                           &v->chat_pass, &v->epoch, &v->tokens};
    for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++)
        buf_fini(owned[i]);
    irc_out_free(&v->out.lines);
    mem_free(v);
}

const struct source_adapter source_vklive = {.kind = "vklive",
                                             .check = vklive_check,
                                             .parse_target = vklive_target,
                                             .start = vklive_start,
                                             .stop = vklive_stop,
                                             .free = vklive_free,
                                             .line = source_line,
                                             .pause = vklive_pause,
                                             .can_send = source_vklive_can_send,
                                             .send = source_vklive_send,
                                             .send_again = source_vklive_send_again,
                                             .tells = true,
                                             .token = vklive_token};
