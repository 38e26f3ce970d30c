/* SPDX-License-Identifier: Apache-2.0 */
/* source_feed.c - staying attached to a chat that a preset describes: Owncast, Social
 * Stream Ninja, Restream, or whatever a file of one's own says ("generic").
 *
 * The steps, of which a preset needs few: a fresh token, a POST that enrolls us, the
 * socket, its hello frames, the history that closes the gap. Being live is being
 * connected: such chats say nothing when they let one in. Silence is judged by what the
 * preset promises; libwebsockets' own pings find a dead peer in any case. A close code
 * that means "the token is no good" asks for a new one, once. */
#include <string.h>

#include "base/bounds.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "source/feed.h"
#include "source/feed_presets.h"
#include "source/source_token.h"

#define NICK "suraq"

enum { N_WORDS = 6, PRESET_MAX = 64 * 1024 };

struct feeding {
    struct feed feed;
    struct ws *ws;           /* owned; NULL when off */
    struct source_http http; /* enrolling, history */
    struct source_http post; /* a line for the chat */
    struct source_token token;
    char *session;  /* owned; what enrolling gave */
    char *endpoint; /* owned; where tokens are renewed */
    struct loop_timer ping_timer, silent_timer;
    bool is_open, spoilt;
};

static bool
has_oauth(const struct source *s)
{
    const struct feeding *g = s->own;
    return s->adapter->token != NULL && g->feed.connect_token_url != NULL &&
           s->token_file != NULL;
}

static const char *
token_of(const struct source *s)
{
    const struct feeding *g = s->own;
    return has_oauth(s) ? g->token.token.access : s->secret;
}

static void
fill(const struct source *s, const struct yaml *template, enum feed_quoting how,
     const char *text, struct buf *out)
{
    const struct feeding *g = s->own;
    const struct feed_word words[N_WORDS] = {
        {"token", token_of(s)}, {"session", g->session},
        {"target", s->target},  {"nick", s->nick != NULL ? s->nick : NICK},
        {"text", text},         {NULL, NULL}};
    feed_fill(feed_text(template), words, how, out);
}

/* --- addresses */

/* The address with another scheme: "ws" or "http", secure as before. */
static void
add_base(const struct source *s, const char *scheme, bool with_path, struct buf *out)
{
    const struct feeding *g = s->own;
    struct buf url = BUF_INIT;
    if (s->url != NULL)
        buf_add_cstr(&url, s->url);
    else
        fill(s, g->feed.connect_url, FEED_IN_URL, NULL, &url);
    const char *host = strstr(url.data, "://");
    bool secure =
        strncmp(url.data, "wss:", 4) == 0 || strncmp(url.data, "https:", 6) == 0;
    host = host == NULL ? url.data : host + 3;
    size_t n = with_path ? strlen(host) : strcspn(host, "/?");
    buf_addf(out, "%s%s://%.*s", scheme, secure ? "s" : "", (int)n, host);
    buf_fini(&url);
}

static bool
has_path(const char *url)
{
    const char *host = strstr(url, "://");
    size_t n = host == NULL ? 0 : strcspn(host + 3, "/?");
    return host != NULL && host[3 + n] != '\0' && strcmp(host + 3 + n, "/") != 0;
}

static void
add_socket_url(const struct source *s, struct buf *out)
{
    const struct feeding *g = s->own;
    bool whole = g->feed.connect_path == NULL || (s->url != NULL && has_path(s->url));
    add_base(s, "ws", whole, out);
    if (!whole)
        fill(s, g->feed.connect_path, FEED_IN_URL, NULL, out);
}

static void
ask(struct source *s, struct source_http *h, const struct yaml *path, struct str body,
    void (*answer)(struct source *s, const struct fetch_answer *a))
{
    struct buf url = BUF_INIT;
    add_base(s, "http", false, &url);
    fill(s, path, FEED_IN_URL, NULL, &url);
    struct source_ask what = {
        .url = url.data, .bearer = s->secret, .body = body, .method = NULL};
    source_http_ask(h, &what, answer);
    explicit_bzero(url.data, url.cap);
    buf_fini(&url);
}

/* --- frames */

static void
send_frame(struct source *s, const struct yaml *template, const char *text)
{
    struct feeding *g = s->own;
    struct buf frame = BUF_INIT;
    struct err e = ERR_INIT;
    fill(s, template, FEED_IN_JSON, text, &frame);
    if (g->ws != NULL && ws_send(g->ws, buf_str(&frame), &e) < 0)
        log_warn("source", "%s: %s", s->name, e.msg);
    explicit_bzero(frame.data, frame.cap);
    buf_fini(&frame);
}

static void
send_all(struct source *s, const struct yaml *list)
{
    if (list != NULL && list->type == YAML_SCALAR)
        send_frame(s, list, NULL);
    for (const struct yaml *v = list == NULL ? NULL : list->first; v != NULL; v = v->next)
        send_frame(s, v, NULL);
}

static void
take(void *arg, const struct message *m)
{
    source_put(arg, m);
}

static void
act_on(struct source *s, const struct feed_wish *wish)
{
    struct feeding *g = s->own;
    switch (wish->act) {
    case FEED_NOTHING:
        break;
    case FEED_ANSWER:
        send_frame(s, g->feed.answer_send, NULL);
        break;
    case FEED_REFUSE:
        source_refused(s, "auth", "the chat refuses us: %.*s",
                       STR_ARG(buf_str(&wish->say)));
        break;
    case FEED_AGAIN:
        MEM_FREE(g->session);
        source_again(s, "the chat asks to connect anew");
        break;
    }
}

static void
decode(struct source *s, struct str text)
{
    struct feeding *g = s->own;
    struct message_taker to = {.take = take, .arg = s};
    struct feed_wish wish = {.say = BUF_INIT};
    struct err e = ERR_INIT;
    if (feed_decode(&g->feed, text, to, &wish, &e) < 0)
        source_garbage(s, &e);
    else
        act_on(s, &wish);
    buf_fini(&wish.say);
}

static bool
is_json(struct str text)
{
    json_t *o = json_loadb(text.p, text.len, JSON_DECODE_ANY, NULL);
    json_decref(o);
    return o != NULL;
}

static void
silent(void *arg)
{
    source_lost(arg, "silent", "the chat has sent nothing for too long");
}

static void
heard(struct source *s)
{
    struct feeding *g = s->own;
    int64_t after_s = feed_number(g->feed.connect_silent_after, 0);
    if (after_s > 0)
        loop_timer_start(s->env.loop, &g->silent_timer, after_s * 1000, silent, s);
}

/* Servers join several events with line feeds, and some write one over several lines. */
static void
on_frame(void *arg, struct str frame)
{
    struct source *s = arg;
    struct feeding *g = s->own;
    struct str line, rest = frame;
    heard(s);
    g->spoilt = false;
    if (memchr(frame.p, '\n', frame.len) == NULL || is_json(frame)) {
        decode(s, frame);
        return;
    }
    while (g->ws != NULL && str_split(&rest, '\n', &line))
        if (str_trim(line).len > 0)
            decode(s, str_trim(line));
}

/* --- the socket */

static void
ping(void *arg)
{
    struct source *s = arg;
    struct feeding *g = s->own;
    send_frame(s, g->feed.connect_ping, NULL);
    loop_timer_start(s->env.loop, &g->ping_timer,
                     feed_number(g->feed.connect_ping_every, 30) * 1000, ping, s);
}

static void
history_came(struct source *s, const struct fetch_answer *a)
{
    struct feeding *g = s->own;
    struct err e = ERR_INIT;
    struct message_taker to = {.take = take, .arg = s};
    if (a->status != 200)
        log_info("source", "%s: no history (HTTP %d)", s->name, a->status);
    else if (feed_decode_history(&g->feed, a->body, to, &e) < 0)
        source_garbage(s, &e);
}

static void
on_open(void *arg)
{
    struct source *s = arg;
    struct feeding *g = s->own;
    g->is_open = true;
    send_all(s, g->feed.connect_hello);
    heard(s);
    if (g->feed.connect_ping != NULL)
        loop_timer_start(s->env.loop, &g->ping_timer,
                         feed_number(g->feed.connect_ping_every, 30) * 1000, ping, s);
    source_live(s);
    if (g->feed.history_path != NULL)
        ask(s, &g->http, g->feed.history_path, STR_NONE, history_came);
}

static bool
is_auth_close(const struct feeding *g)
{
    char code[16];
    (void)snprintf(code, sizeof(code), "%u", ws_close_code(g->ws));
    return feed_lists(g->feed.connect_auth_closes, str_from(code));
}

static void
on_closed(void *arg, const char *code, const struct err *e)
{
    struct source *s = arg;
    struct feeding *g = s->own;
    bool refused = is_auth_close(g) || strstr(e->msg, "answered 401") != NULL ||
                   strstr(e->msg, "answered 403") != NULL;
    if (refused && has_oauth(s) && !g->spoilt) {
        g->spoilt = true;
        source_token_spoil(&g->token);
        source_again(s, "the token is no good any more");
    } else if (refused) {
        source_refused(s, "auth", "the chat refuses us: %s", e->msg);
    } else {
        source_lost(s, code, "%s", e->msg);
    }
}

static void
attach(struct source *s)
{
    struct feeding *g = s->own;
    struct buf url = BUF_INIT, header = BUF_INIT;
    struct err e = ERR_INIT;
    add_socket_url(s, &url);
    fill(s, g->feed.connect_header, FEED_IN_HEADER, NULL, &header);
    struct ws_conf conf = {.url = url.data,
                           .subprotocol = feed_text(g->feed.connect_subprotocol).p,
                           .origin = feed_text(g->feed.connect_origin).p,
                           .header = header.len > 0 ? header.data : NULL,
                           .ca_file = s->ca_file,
                           .proxy = s->proxy,
                           .connect_ms = s->timing.connect};
    struct ws_events on = {
        .open = on_open, .message = on_frame, .closed = on_closed, .arg = s};
    g->ws = ws_open(s->env.loop, s->env.worker, &conf, &on, &e);
    if (g->ws == NULL && e.code == ERR_VALUE)
        source_refused(s, "refused", "%s", e.msg);
    else if (g->ws == NULL)
        source_lost(s, "refused", "%s", e.msg);
    explicit_bzero(url.data, url.cap);
    buf_fini(&url);
    buf_fini(&header);
}

static void
enrolled(struct source *s, const struct fetch_answer *a)
{
    struct feeding *g = s->own;
    struct buf session = BUF_INIT;
    if (!source_http_is_ok(s, a, STR_NONE))
        return;
    json_t *o = source_http_json(s, a);
    if (o == NULL)
        return;
    (void)feed_value(g->feed.enroll_session, o, &session);
    json_decref(o);
    mem_free(g->session);
    g->session = session.len > 0 ? buf_steal(&session) : NULL;
    buf_fini(&session);
    if (g->session == NULL)
        source_lost(s, "auth", "the chat gave us no place");
    else
        attach(s);
}

/* A session is kept over reconnects, so that a chat does not fill with our names. */
static void
enroll(struct source *s)
{
    struct feeding *g = s->own;
    struct buf body = BUF_INIT;
    if (g->feed.enroll_path == NULL || g->session != NULL) {
        attach(s);
        return;
    }
    fill(s, g->feed.enroll_body, FEED_IN_JSON, NULL, &body);
    ask(s, &g->http, g->feed.enroll_path, buf_str(&body), enrolled);
    buf_fini(&body);
}

static void
feed_start(struct source *s)
{
    struct feeding *g = s->own;
    if (feed_lists(g->feed.connect_needs, STR_LIT("target")) && s->target == NULL)
        source_refused(s, "target", "which chat? set its session, channel or room");
    else if (has_oauth(s))
        source_token_need(&g->token, enroll);
    else
        enroll(s);
}

static void
feed_stop(struct source *s)
{
    struct feeding *g = s->own;
    g->is_open = false;
    loop_timer_stop(&g->ping_timer);
    loop_timer_stop(&g->silent_timer);
    source_http_stop(&g->http);
    source_http_stop(&g->post);
    source_token_stop(&g->token);
    ws_close(&g->ws);
}

static void
feed_pause(struct source *s, bool paused)
{
    struct feeding *g = s->own;
    if (g->ws != NULL)
        ws_pause(g->ws, paused);
    if (paused)
        loop_timer_stop(&g->silent_timer); /* the silence is ours */
}

/* --- lines for the chat */

static bool
feed_can_send(const struct source *s)
{
    const struct feeding *g = s->own;
    bool by_post = g->feed.send_path != NULL && s->secret != NULL;
    return g->is_open && (by_post || g->feed.send_frame != NULL);
}

static void
posted(struct source *s, const struct fetch_answer *a)
{
    bool forbidden = a->status == 401 || a->status == 403;
    if (a->status >= 200 && a->status <= 299) {
        source_sent(s, SOURCE_SENT, "%s", "");
        return;
    }
    source_degraded(s, "muted", "we can read but not write: HTTP %d", a->status);
    source_sent(s, forbidden ? SOURCE_FORBIDDEN : SOURCE_UNSENT, "HTTP %d", a->status);
}

static int
feed_send(struct source *s, struct str text, struct str reply_to, struct err *e)
{
    struct feeding *g = s->own;
    (void)reply_to;
    if (!feed_can_send(s))
        return err_set(e, ERR_BAD_STATE, "this chat cannot be written to");
    if (g->feed.send_path != NULL && g->post.call != NULL)
        return err_set(e, ERR_LIMIT, "a line is still on its way");
    char *line = mem_strndup(text.p, text.len);
    struct buf body = BUF_INIT;
    if (g->feed.send_path == NULL) {
        send_frame(s, g->feed.send_frame, line);
        source_sent(s, SOURCE_SENT, "%s", "");
    } else {
        fill(s, g->feed.send_body, FEED_IN_JSON, line, &body);
        ask(s, &g->post, g->feed.send_path, buf_str(&body), posted);
    }
    buf_fini(&body);
    mem_free(line);
    return 0;
}

/* --- settings */

/* A session, channel or room; of a pasted link of Social Stream its "session". */
static int
feed_target(struct str text, struct buf *out, struct err *e)
{
    static const char mark[] = "session=";
    struct str t = str_trim(text);
    for (size_t i = 0; i + sizeof(mark) - 1 < t.len; i++) {
        if (memcmp(t.p + i, mark, sizeof(mark) - 1) != 0)
            continue;
        t = (struct str){.p = t.p + i + sizeof(mark) - 1,
                         .len = t.len - i - (sizeof(mark) - 1)};
        t.len = strcspn(t.p, "&#") < t.len ? strcspn(t.p, "&#") : t.len;
        break;
    }
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.p[i] <= ' ' || t.p[i] == 0x7f)
            return err_set(e, ERR_VALUE, "'%.*s' is no session, channel or room",
                           STR_ARG(text));
    if (t.len == 0 || t.len > BOUNDS_ID)
        return err_set(e, ERR_VALUE,
                       "the session, channel or room is missing or too long");
    buf_add_str(out, t);
    return 0;
}

static struct source_token *
feed_token(struct source *s)
{
    struct feeding *g = s->own;
    return &g->token;
}

static int
read_preset(struct source *s, struct feed *f, struct err *e)
{
    struct buf content = BUF_INIT;
    const char *shipped = feed_preset(s->adapter->kind);
    if (shipped != NULL)
        return feed_read(f, s->adapter->kind, str_from(shipped), e);
    if (s->file == NULL)
        return err_set(e, ERR_VALUE,
                       "'file' is missing: the preset that describes the chat");
    int ret = file_read(s->file, PRESET_MAX, &content, e);
    if (ret == 0)
        ret = feed_read(f, s->file, buf_str(&content), e);
    buf_fini(&content);
    return ret;
}

static int
check_url(const struct source *s, const struct feed *f, struct err *e)
{
    if (s->url == NULL && f->connect_url == NULL)
        return err_set(e, ERR_VALUE, "'url' is missing: the address of the chat");
    if (s->url != NULL && strstr(s->url, "://") == NULL)
        return err_set(e, ERR_VALUE, "'%s' is no address: wss://host or https://host",
                       s->url);
    if (feed_lists(f->connect_needs, STR_LIT("token")) && s->secret == NULL &&
        s->token_file == NULL)
        return err_set(e, ERR_VALUE, "'token_file' is missing");
    return 0;
}

/* Where tokens are renewed: at the preset's address, but a replaced url takes this along.
 */
static char *
token_endpoint(const struct source *s)
{
    const struct feeding *g = s->own;
    struct str url = feed_text(g->feed.connect_token_url);
    struct buf out = BUF_INIT;
    if (url.len == 0)
        return NULL;
    const char *host = strstr(url.p, "://");
    const char *path = host == NULL ? NULL : strchr(host + 3, '/');
    if (s->url == NULL || path == NULL) {
        buf_add_str(&out, url);
    } else {
        add_base(s, "http", false, &out);
        buf_add_cstr(&out, path);
    }
    return buf_steal(&out);
}

static int
feed_check(struct source *s, struct err *e)
{
    struct feed f = {.doc = NULL};
    if (read_preset(s, &f, e) < 0)
        return -1;
    if (check_url(s, &f, e) < 0) {
        feed_fini(&f);
        return -1;
    }
    struct feeding *g = mem_zalloc(sizeof(*g));
    g->feed = f;
    g->http.s = g->post.s = g->token.http.s = s;
    s->own = g;
    g->token.endpoint = g->endpoint = token_endpoint(s);
    return 0;
}

static void
feed_free(struct source *s)
{
    struct feeding *g = s->own;
    if (g == NULL)
        return;
    feed_fini(&g->feed);
    source_token_fini(&g->token);
    mem_free(g->session);
    mem_free(g->endpoint);
    mem_free(g);
}

#define FEED_ADAPTER(name, target, token_or_null)                                       \
    {                                                                                   \
        .kind = (name), .check = feed_check, .parse_target = (target),                  \
        .start = feed_start, .stop = feed_stop, .free = feed_free, .line = source_line, \
        .pause = feed_pause, .can_send = feed_can_send, .send = feed_send,              \
        .tells = true, .token = (token_or_null),                                        \
    }
const struct source_adapter source_generic = FEED_ADAPTER("generic", feed_target, NULL);
const struct source_adapter source_owncast = FEED_ADAPTER("owncast", NULL, NULL);
const struct source_adapter source_socialstream =
    FEED_ADAPTER("socialstream", feed_target, NULL);
const struct source_adapter source_restream = FEED_ADAPTER("restream", NULL, feed_token);
