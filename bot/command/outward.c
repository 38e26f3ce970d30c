/* SPDX-License-Identifier: Apache-2.0 */
/* outward.c - what one process says by itself.
 *
 * Here the settings become what bot/serve works with: secrets are read from their files,
 * names of events become bits. Nothing is sent before an event is on disk; that is the
 * business of those who send. */
#include "command/outward.h"

#include <string.h>

#include "base/mem.h"
#include "serve/replies.h"
#include "serve/webhooks.h"

struct outward {
    struct webhooks *webhooks; /* owned */
    struct replies *replies;   /* owned */
    char *link;                /* owned */
};

/* The language of a message: as the settings say, else the stream's first. */
static bool
is_kazakh(const struct settings *s, const char *language)
{
    for (size_t i = 0; language == NULL && i < s->n_languages; i++) {
        if (strcmp(s->languages[i], "kk") == 0 || strcmp(s->languages[i], "ru") == 0)
            language = s->languages[i];
    }
    return language != NULL && strcmp(language, "kk") == 0;
}

/* `secret` and `token` become the caller's. */
static int
read_hook(const struct settings *s, const struct settings_webhook *sh,
          struct webhook_conf *out, struct err *e)
{
    char *secret = NULL, *token = NULL;
    unsigned news = 0;

    if ((sh->secret_file != NULL &&
         settings_read_secret(sh->secret_file, &secret, e) < 0) ||
        (sh->token_file != NULL && settings_read_secret(sh->token_file, &token, e) < 0)) {
        mem_free(secret);
        (void)err_ctx(e, "webhook '%s'", sh->name);
        return -1;
    }
    for (size_t i = 0; i < sh->events.n; i++) {
        enum news_kind kind;
        if (news_from_name(str_from(sh->events.items[i]), &kind, e) == 0)
            news |= 1u << kind; /* the settings know the same names */
    }
    *out = (struct webhook_conf){
        .name = sh->name,
        .telegram = strcmp(sh->preset, "telegram") == 0,
        .url = sh->url,
        .secret = secret,
        .token = token,
        .chat_id = sh->chat_id,
        .kazakh = is_kazakh(s, sh->language),
        .news = news,
        .ca_file = sh->ca_file,
        .proxy = sh->proxy,
    };
    return 0;
}

static int
open_webhooks(struct outward *o, const struct outward_conf *conf, struct err *e)
{
    const struct settings *s = conf->settings;
    struct webhook_conf hooks[BOUNDS_WEBHOOKS] = {{.name = NULL}};
    size_t n = 0;

    while (n < s->n_webhooks && read_hook(s, &s->webhooks[n], &hooks[n], e) == 0)
        n++;
    if (n == s->n_webhooks) {
        struct webhooks_conf wc = {
            .hooks = hooks,
            .n_hooks = n,
            .loop = conf->loop,
            .fetcher = conf->fetcher,
            .stream = conf->stream,
            .clock = clock_system(),
            .stream_id = s->stream_id,
            .link = o->link,
            .seed = (uint64_t)clock_wall_ms(clock_system()),
            .timing = webhooks_timing_default(),
        };
        o->webhooks = webhooks_new(&wc, e);
    }
    for (size_t i = 0; i < n; i++) {
        mem_free((char *)hooks[i].secret);
        mem_free((char *)hooks[i].token);
    }
    return o->webhooks == NULL ? -1 : 0;
}

/* --- replies: the way to the sources */

static struct source *
find(void *roster, const char *name)
{
    return roster_find(roster, str_from(name));
}

static bool
chat_ready(void *arg, const char *name)
{
    const struct source *s = find(arg, name);

    return s != NULL && source_is_enabled(s) && source_can_send(s);
}

static unsigned
chat_limit(void *arg, const char *name)
{
    const struct source *s = find(arg, name);

    return s == NULL ? 0 : source_sends_per_minute(s);
}

static uint64_t
chat_last(void *arg, const char *name)
{
    const struct source *s = find(arg, name);

    return s == NULL ? 0 : source_last_send(s);
}

static void
chat_again(void *arg, const char *name)
{
    struct source *s = find(arg, name);

    if (s != NULL)
        source_send_again(s);
}

static int
chat_send(void *arg, const char *name, struct str text, struct str reply_to,
          struct err *e)
{
    struct source *s = find(arg, name);

    return s == NULL ? err_set(e, ERR_BAD_STATE, "there is no source '%s'", name)
                     : source_send(s, text, reply_to, e);
}

static void
open_replies(struct outward *o, const struct outward_conf *conf)
{
    struct replies_conf rc = {
        .settings = conf->settings,
        .loop = conf->loop,
        .stream = conf->stream,
        .clock = clock_system(),
        .out = {.ready = chat_ready,
                .limit = chat_limit,
                .send = chat_send,
                .last = chat_last,
                .again = chat_again,
                .arg = conf->roster},
        .seed = (uint64_t)clock_wall_ms(clock_system()),
    };

    o->replies = replies_new(&rc);
}

void
outward_sent(struct outward *o, const struct source *s, const struct source_receipt *r)
{
    if (o != NULL)
        replies_sent(o->replies, source_name(s), r);
}

void
outward_replies(const struct outward *o, const char *source, struct view_replies *out)
{
    replies_view(o->replies, source, out);
}

struct outward *
outward_new(const struct outward_conf *conf, struct err *e)
{
    struct outward *o = mem_zalloc(sizeof(*o));

    o->link = mem_strdup(conf->settings->public_url);
    open_replies(o, conf);
    if (open_webhooks(o, conf, e) < 0)
        outward_free(&o);
    return o;
}

void
outward_free(struct outward **op)
{
    struct outward *o = *op;

    if (o == NULL)
        return;
    *op = NULL;
    webhooks_free(&o->webhooks);
    replies_free(&o->replies);
    mem_free(o->link);
    mem_free(o);
}

const char *
outward_fault(const struct outward *o)
{
    return o == NULL ? NULL : webhooks_fault(o->webhooks);
}

void
outward_write_metrics(const struct outward *o, struct buf *out)
{
    webhooks_write_metrics(o->webhooks, out);
}
