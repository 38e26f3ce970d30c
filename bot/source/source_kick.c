/* SPDX-License-Identifier: Apache-2.0 */
/* source_kick.c - a Kick channel's chat, which Kick sends to our address.
 *
 * Each delivery is one line, signed with Kick's own key, which is fetched once and again
 * when a signature does not fit (a changed key must not end the evening), or read from a
 * file. What is older than some minutes or came before is not taken again: a delivery
 * that somebody recorded says nothing new. With a token of the channel's owner the
 * deliveries are asked for by ourselves, and looked after: Kick ends those that fail for
 * a day. Without one a person must have asked for them. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "source/kick.h"
#include "source/sign.h"
#include "source/source_outbox.h"
#include "source/source_token.h"

#define API      "https://api.kick.com/public/v1"
#define ENDPOINT "https://id.kick.com/oauth/token"

enum {
    WINDOW_MS = 10 * 60 * 1000, /* how far a delivery's time may be from ours */
    LOOK_MS = 4 * 60 * 1000,    /* at our deliveries; the token stays fresh by it */
    KEY_MS = 60 * 1000,         /* between two looks for another key */
    PAUSE_MS = 1500,            /* between two lines of ours */
    TEXT_MAX = 500,             /* characters of one */
    KEY_FILE_MAX = 16 * 1024
};

struct kick {
    struct source_http http, key_http;
    struct source_token token;
    struct source_outbox outbox;
    struct source_seen taken; /* ids of deliveries */
    struct sign_key *key;     /* owned; NULL: not known yet */
    bool key_is_ours;         /* from the file: never fetched */
    int64_t key_at;           /* monotonic: when it was last asked for; 0: never */
    struct buf channel;       /* the number of its owner; empty: not known */
    bool subscribed;          /* the platform says so */
};

static bool
has_token(const struct source *s)
{
    return s->token_file != NULL;
}

static bool
is_ok(struct source *s, const struct fetch_answer *a)
{
    struct kick *k = s->own;
    struct buf words = BUF_INIT;
    if (a->status >= 400)
        kick_read_fault(a->body, &words);
    if (a->status == 401)
        source_token_spoil(&k->token);
    bool ok = source_http_is_ok(s, a, buf_str(&words));
    buf_fini(&words);
    return ok;
}

static void
ask(struct source *s, const char *path, struct str body,
    void (*answer)(struct source *s, const struct fetch_answer *a))
{
    struct kick *k = s->own;
    struct buf url = BUF_INIT;
    buf_addf(&url, "%s%s", s->url, path);
    struct source_ask what = {
        .url = url.data, .bearer = k->token.token.access, .body = body};
    source_http_ask(&k->http, &what, answer);
    buf_fini(&url);
}

/* --- the key */

static void begin(struct source *s);

static int
set_key(struct kick *k, struct str pem, struct err *e)
{
    struct sign_key *key = sign_key_read(pem, e);
    if (key == NULL)
        return -1;
    sign_key_free(&k->key);
    k->key = key;
    return 0;
}

static int
take_key(struct kick *k, struct str body, struct err *e)
{
    struct buf pem = BUF_INIT;
    int rc = kick_read_key(body, &pem, e);
    if (rc == 0)
        rc = set_key(k, buf_str(&pem), e);
    buf_fini(&pem);
    return rc < 0 ? err_ctx(e, "the platform's public key") : 0;
}

static void
key_came(struct source *s, const struct fetch_answer *a)
{
    struct err e = ERR_INIT;
    if (!is_ok(s, a))
        return;
    if (take_key(s->own, a->body, &e) < 0)
        source_lost(s, "closed", "%s", e.msg);
    else
        begin(s);
}

/* Another key, perhaps: if there is none the old one stays. */
static void
other_key_came(struct source *s, const struct fetch_answer *a)
{
    struct err e = ERR_INIT;
    if (a->status == 200 && take_key(s->own, a->body, &e) < 0)
        source_garbage(s, &e);
}

static void
ask_key(struct source *s, struct source_http *http,
        void (*answer)(struct source *s, const struct fetch_answer *a))
{
    struct kick *k = s->own;
    struct buf url = BUF_INIT;
    k->key_at = clock_mono_ms(s->clock);
    buf_addf(&url, "%s/public-key", s->url);
    struct source_ask what = {.url = url.data};
    source_http_ask(http, &what, answer);
    buf_fini(&url);
}

static int
read_key_file(struct source *s, struct err *e)
{
    struct kick *k = s->own;
    char text[KEY_FILE_MAX];
    FILE *f = fopen(s->file, "re");
    if (f == NULL)
        return err_errno(e, ERR_IO, "%s", s->file);
    size_t len = fread(text, 1, sizeof(text), f);
    (void)fclose(f);
    k->key_is_ours = true;
    return set_key(k, (struct str){text, len}, e) < 0 ? err_ctx(e, "%s", s->file) : 0;
}

/* --- deliveries */

static void
take(void *arg, const struct message *m)
{
    source_put(arg, m);
}

static bool
is_recent(const struct source *s, struct str at)
{
    struct err not_a_time = ERR_INIT;
    int64_t ms = 0;
    if (clock_parse_iso(at, &ms, &not_a_time) < 0)
        return false;
    return llabs(clock_wall_ms(s->clock) - ms) <= WINDOW_MS;
}

static void
suspect_key(struct source *s)
{
    struct kick *k = s->own;
    bool soon = clock_mono_ms(s->clock) - k->key_at < KEY_MS;
    if (!k->key_is_ours && s->enabled && k->key_http.call == NULL && !soon)
        ask_key(s, &k->key_http, other_key_came);
}

static int
kick_hook_check(struct source *s, const struct source_hook *h, struct err *e)
{
    struct kick *k = s->own;
    struct str parts[] = {h->id, h->at, h->body};
    if (k->key == NULL)
        return err_set(e, ERR_BAD_STATE, "the platform's key is not known yet");
    if (h->id.len == 0 || !sign_is_rsa(k->key, parts, 3, h->rsa)) {
        suspect_key(s);
        return err_set(e, ERR_PERM, "its signature is not Kick's");
    }
    if (!is_recent(s, h->at))
        return err_set(e, ERR_PERM,
                       "its time is not now: it is a repeat, or a clock is wrong");
    return 0;
}

static int
kick_hook(struct source *s, const struct source_hook *h, struct err *e)
{
    struct kick *k = s->own;
    struct str channel = k->channel.len > 0 ? buf_str(&k->channel) : str_from(s->target);
    struct message_taker to = {.take = take, .arg = s};
    if (source_seen_has(&k->taken, h->id)) {
        s->status.duplicates++;
        return 0;
    }
    if (kick_read_event(h->type, h->body, channel, to, e) < 0) {
        source_garbage(s, e);
        return -1;
    }
    /* The type is not signed: what another type made nothing of may still come. */
    if (str_eq(h->type, STR_LIT(KICK_CHAT)) || str_eq(h->type, STR_LIT(KICK_BAN)))
        source_seen_add(&k->taken, h->id);
    return 0;
}

/* --- asking for deliveries */

static void look_after(struct source *s);
static void ask_subscribed(struct source *s);

static void
subscribed(struct source *s)
{
    struct kick *k = s->own;
    if (!k->subscribed)
        source_live(s);
    k->subscribed = true;
    source_http_later(&k->http, LOOK_MS, look_after);
}

static void
made(struct source *s, const struct fetch_answer *a)
{
    struct kick *k = s->own;
    struct kick_subscribed have;
    struct err e = ERR_INIT;
    if (!is_ok(s, a))
        return;
    if (kick_read_subscribed(a->body, buf_str(&k->channel), &have, &e) < 0)
        source_refused(s, "auth", "Kick will not send the chat: %s", e.msg);
    else
        subscribed(s);
}

static void
listed(struct source *s, const struct fetch_answer *a)
{
    struct kick *k = s->own;
    struct kick_subscribed have;
    struct err e = ERR_INIT;
    struct buf body = BUF_INIT;
    if (!is_ok(s, a))
        return;
    if (kick_read_subscribed(a->body, buf_str(&k->channel), &have, &e) < 0) {
        source_lost(s, "closed", "%s", e.msg);
        return;
    }
    if (have.chat && have.bans) {
        subscribed(s);
        return;
    }
    kick_write_subscribe(buf_str(&k->channel), have, &body);
    ask(s, "/events/subscriptions", buf_str(&body), made);
    buf_fini(&body);
}

static void
ask_subscribed(struct source *s)
{
    struct kick *k = s->own;
    struct buf path = BUF_INIT;
    buf_addf(&path, "/events/subscriptions?broadcaster_user_id=%s", k->channel.data);
    ask(s, path.data, STR_NONE, listed);
    buf_fini(&path);
}

static void
channel_came(struct source *s, const struct fetch_answer *a)
{
    struct kick *k = s->own;
    struct err e = ERR_INIT;
    struct buf id = BUF_INIT;
    if (!is_ok(s, a))
        return;
    if (kick_read_channel(a->body, &id, &e) < 0) {
        source_lost(s, "closed", "%s", e.msg);
    } else if (!kick_is_number(buf_str(&id))) {
        source_refused(s, "join", "Kick knows no channel '%s'", s->target);
    } else {
        buf_reset(&k->channel);
        buf_add_str(&k->channel, buf_str(&id));
        ask_subscribed(s);
    }
    buf_fini(&id);
}

static void
look_up(struct source *s)
{
    struct kick *k = s->own;
    struct buf path = BUF_INIT;
    buf_reset(&k->channel);
    if (kick_is_number(str_from(s->target))) {
        buf_add_cstr(&k->channel, s->target);
        ask_subscribed(s);
        return;
    }
    buf_add_cstr(&path, "/channels");
    fetch_add_query(&path, "slug", str_from(s->target));
    ask(s, path.data, STR_NONE, channel_came);
    buf_fini(&path);
}

static void
look_after(struct source *s)
{
    struct kick *k = s->own;
    source_token_need(&k->token, ask_subscribed);
}

/* The key is known. */
static void
begin(struct source *s)
{
    struct kick *k = s->own;
    if (has_token(s))
        source_token_need(&k->token, look_up);
    else
        source_hook_waits(s, "no line has been sent to our address yet");
}

static void
kick_start(struct source *s)
{
    struct kick *k = s->own;
    k->subscribed = false;
    if (s->target == NULL)
        source_refused(s, "target", "no channel is named: paste its link");
    else if (k->key != NULL)
        begin(s);
    else
        ask_key(s, &k->http, key_came);
}

static void
kick_stop(struct source *s)
{
    struct kick *k = s->own;
    source_http_stop(&k->http);
    source_http_stop(&k->key_http);
    source_token_stop(&k->token);
    source_outbox_stop(&k->outbox);
    buf_reset(&k->channel);
}

/* --- answering */

static void
said(struct source *s, const struct fetch_answer *a)
{
    struct kick *k = s->own;
    struct buf id = BUF_INIT, words = BUF_INIT;
    bool taken = a->status >= 200 && a->status <= 299;
    bool ok = taken && kick_read_said(a->body, &id, &words);
    if (id.len > 0)
        source_seen_add(&s->seen, buf_str(&id)); /* our own line will be delivered too */
    if (!taken)
        kick_read_fault(a->body, &words);
    if (!ok && words.len == 0)
        buf_add_cstr(&words, a->status == 0 ? a->err.msg : "no reason given");
    if (ok)
        buf_reset(&words);
    source_outbox_done(&k->outbox, a->status, buf_str(&words));
    buf_fini(&id);
    buf_fini(&words);
}

static void
post(struct source *s, struct str body)
{
    struct kick *k = s->own;
    struct buf url = BUF_INIT;
    buf_addf(&url, "%s/chat", s->url);
    struct source_ask what = {
        .url = url.data, .bearer = k->token.token.access, .body = body};
    source_http_ask(&k->outbox.http, &what, said);
    buf_fini(&url);
}

static bool
kick_can_send(const struct source *s)
{
    const struct kick *k = s->own;
    return has_token(s) && k->subscribed && !k->outbox.forbidden;
}

static int
kick_send(struct source *s, struct str text, struct str reply_to, struct err *e)
{
    struct kick *k = s->own;
    struct buf json = BUF_INIT;
    if (!kick_can_send(s))
        return err_set(e, ERR_BAD_STATE, "this source cannot send now");
    if (utf8_count(text) > TEXT_MAX)
        return err_set(e, ERR_LIMIT, "Kick takes %d characters", TEXT_MAX);
    kick_write_line(text, reply_to, &json);
    int rc = source_outbox_add(&k->outbox, buf_str(&json), e);
    buf_fini(&json);
    return rc;
}

/* --- settings */

static struct source_token *
kick_token(struct source *s)
{
    return &((struct kick *)s->own)->token;
}

static int
kick_check(struct source *s, struct err *e)
{
    if (s->url == NULL)
        s->url = mem_strdup(API);
    struct kick *k = mem_zalloc(sizeof(*k));
    k->http.s = k->key_http.s = k->token.http.s = k->outbox.http.s = s;
    k->token.endpoint = ENDPOINT;
    k->outbox.pause_ms = PAUSE_MS;
    k->outbox.post = post;
    source_seen_init(&k->taken);
    s->own = k;
    return s->file != NULL ? read_key_file(s, e) : 0;
}

static void
kick_free(struct source *s)
{
    struct kick *k = s->own;
    if (k == NULL)
        return;
    source_token_fini(&k->token);
    source_outbox_fini(&k->outbox);
    source_seen_fini(&k->taken);
    sign_key_free(&k->key);
    buf_fini(&k->channel);
    mem_free(k);
}

static void
kick_send_again(struct source *s)
{
    struct kick *k = s->own;
    k->outbox.forbidden = false;
}

const struct source_adapter source_kick = {.kind = "kick",
                                           .check = kick_check,
                                           .parse_target = kick_target,
                                           .start = kick_start,
                                           .stop = kick_stop,
                                           .free = kick_free,
                                           .line = source_line,
                                           .can_send = kick_can_send,
                                           .send = kick_send,
                                           .send_again = kick_send_again,
                                           .tells = true,
                                           .token = kick_token,
                                           .hook_check = kick_hook_check,
                                           .hook = kick_hook};
