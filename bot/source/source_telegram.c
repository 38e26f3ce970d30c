/* SPDX-License-Identifier: Apache-2.0 */
/* source_telegram.c - reading a Telegram group (or the comments under a channel's post)
 * as a bot, by long polls.
 *
 * Who are we, who runs the chat, then updates for ever: the server holds each request
 * until something is said. Asking for the next update confirms the ones before, and
 * Telegram keeps what nobody confirmed for a day: a restart loses nothing. A bot whose
 * privacy mode is on and that is no admin sees next to nothing; that is said at once,
 * since otherwise the chat would only seem quiet. The token is part of each address; no
 * address is ever logged. */
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "source/json.h"
#include "source/source_outbox.h"
#include "source/telegram.h"

#define API "https://api.telegram.org"

enum {
    HOLD_S = 50,               /* the server's cap for a long poll */
    ADMINS_MS = 5 * 60 * 1000, /* how long we believe who runs the chat */
    SAY_MS = 3100,             /* between two lines: 20 a minute for a group */
    SAY_MAX = 4096,            /* characters of a line */
    BREATH_MS = 20             /* between two polls */
};

struct telegram {
    struct source_http http;
    struct source_outbox outbox;
    json_t *admins;       /* owned; NULL: not known */
    struct map *versions; /* owned */
    int64_t admins_at;    /* monotonic */
    int64_t offset, me;
    bool reads_all;
};

static void
ask(struct source *s, const char *method, const struct buf *query, int64_t total_ms,
    void (*answer)(struct source *s, const struct fetch_answer *a))
{
    struct telegram *t = s->own;
    struct buf url = BUF_INIT;
    buf_addf(&url, "%s/bot%s/%s", s->url, s->secret, method);
    if (query != NULL)
        buf_add_str(&url, buf_str(query));
    struct source_ask what = {.url = url.data, .total_ms = total_ms};
    source_http_ask(&t->http, &what, answer);
    explicit_bzero(url.data, url.cap);
    buf_fini(&url);
}

/* The group got a new id: it became a supergroup. */
static void
follow(struct source *s, int64_t moved_to)
{
    struct buf target = BUF_INIT;
    buf_add_i64(&target, moved_to);
    mem_free(s->target);
    s->target = buf_steal(&target);
    source_again(s, "the group became a supergroup");
}

static bool
is_ok(struct source *s, const struct fetch_answer *a)
{
    struct telegram_fault f;
    struct buf words = BUF_INIT;
    bool ok = a->status >= 200 && a->status <= 299;
    if (ok)
        return true;
    telegram_read_fault(a->body, &f, &words);
    const char *why = words.len > 0 ? words.data : "no reason given";
    if (f.moved_to != 0)
        follow(s, f.moved_to);
    else if (a->status == 401 || a->status == 404)
        source_refused(s, "auth", "Telegram does not know this bot: is the token right?");
    else if (a->status == 409)
        source_lost_for(s, s->timing.wait, "conflict",
                        "somebody else reads with this bot, or a webhook is set: %s",
                        why);
    else if (a->status == 400 || a->status == 403)
        source_refused(s, "join", "Telegram refuses: %s; is the bot in the group?", why);
    else if (a->status == 429)
        source_lost_for(s, f.retry_after_ms, "limit", "Telegram asks to slow down");
    else
        ok = source_http_is_ok(s, a, buf_str(&words));
    buf_fini(&words);
    return ok;
}

/* --- updates, for ever */

static void read_on(struct source *s);
static void ask_admins(struct source *s);

static void
take(void *arg, const struct message *m)
{
    source_put(arg, m);
}

static void
updates_came(struct source *s, const struct fetch_answer *a)
{
    struct telegram *t = s->own;
    struct telegram_updates u;
    struct telegram_chat chat = telegram_chat_of(str_from(s->target));
    struct message_taker to = {.take = take, .arg = s};
    struct err e = ERR_INIT;
    chat.admins = t->admins;
    chat.versions = t->versions;
    if (!is_ok(s, a))
        return;
    if (telegram_read_updates(a->body, &chat, to, &u, &e) < 0) {
        source_lost(s, "closed", "%s", e.msg);
        return;
    }
    if (u.next > t->offset)
        t->offset = u.next;
    bool old = clock_mono_ms(s->clock) - t->admins_at > ADMINS_MS;
    if (u.moved_to != 0)
        follow(s, u.moved_to);
    else
        source_http_later(&t->http, BREATH_MS, old ? ask_admins : read_on);
}

static void
read_on(struct source *s)
{
    struct telegram *t = s->own;
    struct buf query = BUF_INIT;
    buf_addf(&query, "?offset=%lld&limit=100&timeout=%d", (long long)t->offset, HOLD_S);
    fetch_add_query(&query, "allowed_updates",
                    STR_LIT("[\"message\",\"edited_message\"]"));
    ask(s, "getUpdates", &query, (HOLD_S + 15) * 1000, updates_came);
    buf_fini(&query);
}

/* --- who we are, who runs the chat */

static void
admins_came(struct source *s, const struct fetch_answer *a)
{
    struct telegram *t = s->own;
    if (!is_ok(s, a))
        return;
    json_t *o = source_http_json(s, a);
    if (o == NULL)
        return;
    json_decref(t->admins);
    t->admins = json_incref(json_object_get(o, "result"));
    json_decref(o);
    t->admins_at = clock_mono_ms(s->clock);
    if (t->reads_all || telegram_is_admin(t->admins, t->me))
        source_live(s);
    else
        source_degraded(s, "privacy",
                        "the bot does not see what people write: make it an admin of the "
                        "group, or switch its privacy mode off with @BotFather");
    read_on(s);
}

static void
ask_admins(struct source *s)
{
    struct buf query = BUF_INIT;
    struct str rest = str_from(s->target), chat;
    (void)str_split(&rest, '/', &chat);
    fetch_add_query(&query, "chat_id", chat);
    ask(s, "getChatAdministrators", &query, 0, admins_came);
    buf_fini(&query);
}

static void
me_came(struct source *s, const struct fetch_answer *a)
{
    struct telegram *t = s->own;
    struct err e = ERR_INIT;
    if (!is_ok(s, a))
        return;
    if (telegram_read_me(a->body, &t->me, &t->reads_all, &e) < 0)
        source_lost(s, "closed", "%s", e.msg);
    else
        ask_admins(s);
}

static void
telegram_start(struct source *s)
{
    if (s->target == NULL)
        source_refused(s, "target", "no group is named: its @name, a link or its id");
    else
        ask(s, "getMe", NULL, 0, me_came);
}

static void
telegram_stop(struct source *s)
{
    struct telegram *t = s->own;
    source_http_stop(&t->http);
    source_outbox_stop(&t->outbox);
}

/* --- lines for the chat */

static void
said(struct source *s, const struct fetch_answer *a)
{
    struct telegram *t = s->own;
    struct telegram_fault f = {0};
    struct buf words = BUF_INIT;
    if (a->status >= 400)
        telegram_read_fault(a->body, &f, &words);
    if (a->status != 200 && words.len == 0)
        buf_add_cstr(&words, a->status == 0 ? a->err.msg : "no reason given");
    /* "Bad Request: not enough rights to send text messages" is a refusal too */
    bool muted =
        a->status == 400 && strstr(words.len > 0 ? words.data : "", "rights") != NULL;
    source_outbox_done(&t->outbox, muted ? 403 : a->status, buf_str(&words));
    buf_fini(&words);
}

static void
say(struct source *s, struct str body)
{
    struct telegram *t = s->own;
    struct buf url = BUF_INIT;
    buf_addf(&url, "%s/bot%s/sendMessage", s->url, s->secret);
    struct source_ask what = {.url = url.data, .body = body};
    source_http_ask(&t->outbox.http, &what, said);
    explicit_bzero(url.data, url.cap);
    buf_fini(&url);
}

static bool
telegram_can_send(const struct source *s)
{
    const struct telegram *t = s->own;
    return s->live_at != 0 && !t->outbox.forbidden;
}

/* The number in an id of ours, "chat:number"; 0: there is none. */
static int64_t
number_of(struct str id)
{
    int64_t n = 0;
    for (size_t i = id.len; i > 0; i--)
        if (id.p[i - 1] == ':') {
            struct str rest = {.p = id.p + i, .len = id.len - i}, digits;
            (void)str_split(&rest, '~', &digits); /* behind it: which edit it was */
            return str_to_i64(digits, 1, INT64_MAX, &n, NULL) == 0 ? n : 0;
        }
    return 0;
}

static json_t *
line_to_say(const struct source *s, struct str text, int64_t reply_to)
{
    struct telegram_chat chat = telegram_chat_of(str_from(s->target));
    json_t *o = json_pack("{s:s%}", "text", text.p, text.len);
    if (chat.name.len > 0)
        json_object_set_new(o, "chat_id", json_sprintf("@%.*s", STR_ARG(chat.name)));
    else
        json_object_set_new(o, "chat_id", json_integer(chat.id));
    if (reply_to == 0)
        reply_to = chat.thread; /* else it would stand outside the thread */
    if (reply_to != 0)
        json_object_set_new(o, "reply_parameters",
                            json_pack("{s:I,s:b}", "message_id", (json_int_t)reply_to,
                                      "allow_sending_without_reply", 1));
    return o;
}

static int
telegram_send(struct source *s, struct str text, struct str reply_to, struct err *e)
{
    struct telegram *t = s->own;
    if (!telegram_can_send(s))
        return err_set(e, ERR_BAD_STATE, "this chat cannot be written to now");
    if (utf8_count(text) > SAY_MAX)
        return err_set(e, ERR_LIMIT, "Telegram takes %d characters", SAY_MAX);
    json_t *o = line_to_say(s, text, number_of(reply_to));
    char *json = json_dumps(o, JSON_COMPACT);
    int rc = source_outbox_add(&t->outbox, str_from(json), e);
    json_decref(o);
    mem_free(json);
    return rc;
}

static void
telegram_send_again(struct source *s)
{
    ((struct telegram *)s->own)->outbox.forbidden = false;
}

static int
telegram_check(struct source *s, struct err *e)
{
    if (s->secret == NULL || s->secret[0] == '\0')
        return err_set(e, ERR_VALUE, "'token_file' is missing: @BotFather gives a token");
    for (const char *p = s->secret; *p != '\0'; p++)
        if ((unsigned char)*p <= ' ' || strchr("/?#%", *p) != NULL)
            return err_set(e, ERR_VALUE, "the token is not one: 123456:ABC-DEF…");
    if (s->url == NULL)
        s->url = mem_strdup(API);
    struct telegram *t = mem_zalloc(sizeof(*t));
    t->http.s = t->outbox.http.s = s;
    t->versions = map_new();
    t->outbox.pause_ms = SAY_MS;
    t->outbox.post = say;
    s->own = t;
    return 0;
}

static void
telegram_free(struct source *s)
{
    struct telegram *t = s->own;
    if (t == NULL)
        return;
    json_decref(t->admins);
    map_free(&t->versions);
    source_outbox_fini(&t->outbox);
    mem_free(t);
}

const struct source_adapter source_telegram = {.kind = "telegram",
                                               .check = telegram_check,
                                               .parse_target = telegram_target,
                                               .start = telegram_start,
                                               .stop = telegram_stop,
                                               .free = telegram_free,
                                               .line = source_line,
                                               .can_send = telegram_can_send,
                                               .send = telegram_send,
                                               .send_again = telegram_send_again,
                                               .sends_per_minute = 18,
                                               .tells = true};
