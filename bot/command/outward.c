/* SPDX-License-Identifier: Apache-2.0 */
/* outward.c - what one process tells the world by itself.
 *
 * Here the settings become what bot/serve works with: secrets are read from their files,
 * names of events become bits. Nothing is sent before an event is on disk; that is the
 * business of those who send. */
#include "command/outward.h"

#include <string.h>

#include "base/mem.h"
#include "serve/webhooks.h"

struct outward {
    struct webhooks *webhooks; /* owned */
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
        return err_ctx(e, "webhook '%s'", sh->name);
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
    struct webhook_conf hooks[BOUNDS_WEBHOOKS];
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

struct outward *
outward_new(const struct outward_conf *conf, struct err *e)
{
    struct outward *o = mem_zalloc(sizeof(*o));

    o->link = mem_strdup(conf->settings->public_url);
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
