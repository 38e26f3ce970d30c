/* SPDX-License-Identifier: Apache-2.0 */
/* webhooks.c - deliveries to those who are told over HTTP.
 *
 * A body is rendered when the event is applied, while the state is exactly as of it, and
 * leaves when the event is on disk. Each webhook has a line of its own and one request
 * under way, so a slow one holds up nobody else and what arrives is in order. Urgent ones
 * go first and end a wait that we chose ourselves; a wait that the other side asked for
 * (Retry-After) is kept. The line is bounded: the oldest that is not urgent goes. What
 * waits when the process ends is not delivered: the journal has it. */
#include "serve/webhooks.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "serve/metrics.h"
#include "serve/webhook_body.h"
#include "source/source_parts.h"
#include "source/telegram.h"

#define TELEGRAM "https://api.telegram.org"

enum { ID_SIZE = 48, FAULT_SIZE = 256 };

struct delivery {
    struct list node;
    uint64_t seq;
    int64_t born_ms; /* monotonic */
    bool urgent;
    char id[ID_SIZE];
    struct buf body; /* owned */
};

struct hook {
    struct webhooks *all;
    char *name, *url, *secret, *chat_id, *ca_file, *proxy; /* owned */
    bool telegram, kazakh;
    unsigned news;
    struct list waiting; /* urgent ones first, else in order */
    size_t n_waiting;
    struct delivery *sending; /* owned; not in the list */
    struct fetch *call;
    struct loop_timer timer;
    bool told_to_wait; /* by the other side */
    unsigned failures; /* in a row */
    uint64_t sent, failed, dropped;
    char fault[FAULT_SIZE];
};

struct webhooks {
    struct webhooks_conf conf;
    struct hook *hooks; /* owned */
    uint64_t durable, random;
};

static void hook_turn(void *arg);

struct webhooks_timing
webhooks_timing_default(void)
{
    return (struct webhooks_timing){
        .least = 1000, .most = 60 * 1000, .give_up = 60 * 60 * 1000, .answer = 15000};
}

static void
delivery_free(struct delivery *d)
{
    if (d == NULL)
        return;
    buf_fini(&d->body);
    mem_free(d);
}

/* --- the line */

static struct delivery *
first(const struct hook *h)
{
    return list_is_empty(&h->waiting)
               ? NULL
               : LIST_ENTRY(h->waiting.next, struct delivery, node);
}

static void
take_out(struct hook *h, struct delivery *d)
{
    list_remove(&d->node);
    h->n_waiting--;
}

/* Behind those of its sort; one that was tried already: in front of them. */
static void
put_in(struct hook *h, struct delivery *d, bool again)
{
    struct list *before = &h->waiting;

    LIST_FOREACH (it, &h->waiting) {
        const struct delivery *other = LIST_ENTRY(it, struct delivery, node);
        if ((d->urgent && !other->urgent) || (again && other->urgent == d->urgent)) {
            before = it;
            break;
        }
    }
    list_add_tail(before, &d->node);
    h->n_waiting++;
}

static void
make_room(struct hook *h)
{
    struct delivery *oldest = first(h);

    if (h->n_waiting < BOUNDS_WEBHOOK_QUEUE)
        return;
    LIST_FOREACH (it, &h->waiting) {
        struct delivery *d = LIST_ENTRY(it, struct delivery, node);
        if (!d->urgent) {
            oldest = d;
            break;
        }
    }
    if (oldest == NULL)
        return;
    take_out(h, oldest);
    delivery_free(oldest);
    if (h->dropped++ == 0)
        log_warn("webhook", "%s: more wait than there is room for; the oldest go",
                 h->name);
}

/* --- one delivery */

static void
succeeded(struct hook *h)
{
    if (h->fault[0] != '\0')
        log_info("webhook", "%s: reached again", h->name);
    h->fault[0] = '\0';
    h->failures = 0;
    h->sent++;
    delivery_free(h->sending);
    h->sending = NULL;
}

static void
note_fault(struct hook *h, const char *text)
{
    bool new_one = h->fault[0] == '\0';
    struct str cut = utf8_prefix(str_from(text), FAULT_SIZE - 1);

    (void)snprintf(h->fault, sizeof(h->fault), "%.*s", STR_ARG(cut));
    if (new_one)
        log_warn("webhook", "%s: %s", h->name, h->fault);
}

static void
gave_up(struct hook *h, const char *text)
{
    note_fault(h, text);
    h->failed++;
    delivery_free(h->sending);
    h->sending = NULL;
}

/* `asked_ms`: how long the other side wants us to wait; -1: it does not say. */
static void
try_again(struct hook *h, int64_t asked_ms, const char *text)
{
    struct webhooks *w = h->all;
    const struct webhooks_timing *t = &w->conf.timing;
    int64_t age = clock_mono_ms(w->conf.clock) - h->sending->born_ms;

    note_fault(h, text);
    int64_t delay = source_backoff(&w->random, ++h->failures, t->least, t->most);
    h->told_to_wait = asked_ms > 0;
    if (asked_ms > t->give_up)
        asked_ms = t->give_up;
    if (delay < asked_ms)
        delay = asked_ms;
    if (age + delay > t->give_up) {
        gave_up(h, text);
    } else {
        put_in(h, h->sending, true);
        h->sending = NULL;
    }
    loop_timer_start(w->conf.loop, &h->timer, delay, hook_turn, h);
}

static bool
is_passing(int status)
{
    return status == 0 || status == 408 || status == 425 || status == 429 ||
           status >= 500;
}

static void
on_done(void *arg, const struct fetch_answer *a)
{
    struct hook *h = arg;
    int64_t asked = fetch_retry_after_ms(a, clock_wall_ms(h->all->conf.clock));
    struct telegram_fault f = {.retry_after_ms = -1};
    struct buf text = BUF_INIT, words = BUF_INIT;

    h->call = NULL;
    if (a->status >= 200 && a->status <= 299) {
        succeeded(h);
        hook_turn(h);
        return;
    }
    if (h->telegram && a->status != 0)
        telegram_read_fault(a->body, &f, &words);
    if (f.retry_after_ms > asked)
        asked = f.retry_after_ms;
    if (a->status == 0)
        buf_add_cstr(&text, a->err.msg);
    else
        buf_addf(&text, "it answers %d%s%s", a->status, words.len > 0 ? ": " : "",
                 words.len > 0 ? words.data : "");
    if (is_passing(a->status))
        try_again(h, asked, text.data);
    else
        gave_up(h, text.data);
    buf_fini(&text);
    buf_fini(&words);
    hook_turn(h);
}

static int
start(struct hook *h, struct err *e)
{
    struct webhooks *w = h->all;
    static const char agent[] = "User-Agent: suraq/" SURAQ_VERSION;
    struct buf time = BUF_INIT, id = BUF_INIT, signature = BUF_INIT;
    int64_t now = clock_wall_ms(w->conf.clock) / 1000;
    struct str body = buf_str(&h->sending->body);

    buf_addf(&time, "X-Suraq-Timestamp: %" PRId64, now);
    buf_addf(&id, "X-Suraq-Delivery: %s", h->sending->id);
    buf_add_cstr(&signature, "X-Suraq-Signature: ");
    if (!h->telegram)
        webhook_sign(str_from(h->secret), now, body, &signature);
    const char *headers[] = {"Content-Type: application/json", agent, time.data, id.data,
                             signature.data};
    struct fetch_request r = {.url = h->url,
                              .method = "POST",
                              .headers = headers,
                              .n_headers = h->telegram ? 2 : 5,
                              .body = body,
                              .ca_file = h->ca_file,
                              .proxy = h->proxy,
                              .total_ms = w->conf.timing.answer,
                              .cap = BOUNDS_BODY};
    struct fetch_events on = {.done = on_done, .arg = h};
    h->call = fetch_start(w->conf.fetcher, &r, &on, e);
    buf_fini(&time);
    buf_fini(&id);
    buf_fini(&signature);
    return h->call == NULL ? -1 : 0;
}

/* Sends the next one, if nothing is under way and nothing stands in the way. */
static void
hook_turn(void *arg)
{
    struct hook *h = arg;
    struct delivery *d = first(h);
    struct err e = ERR_INIT;

    if (h->call != NULL || loop_timer_is_running(&h->timer) || d == NULL ||
        d->seq > h->all->durable)
        return;
    h->told_to_wait = false;
    take_out(h, d);
    h->sending = d;
    if (start(h, &e) < 0)
        try_again(h, -1, e.msg);
}

/* --- what happens */

struct telling {
    struct webhooks *w;
    const struct event *ev;
};

static void
add_delivery(struct hook *h, const struct event *ev, const struct news *n)
{
    struct webhooks *w = h->all;
    struct delivery *d = mem_zalloc(sizeof(*d));

    d->seq = ev->seq;
    d->born_ms = clock_mono_ms(w->conf.clock);
    d->urgent = n->kind == NEWS_URGENT;
    (void)snprintf(d->id, sizeof(d->id), "%" PRIu64 "-%" PRIu64 "-%s", ev->seq,
                   n->question->n, news_name(n->kind));
    struct webhook_told t = {.news = n,
                             .ev = ev,
                             .id = d->id,
                             .stream = w->conf.stream_id,
                             .link = w->conf.link,
                             .rehearsal = queue_rehearses(stream_queue(w->conf.stream))};
    if (h->telegram)
        webhook_telegram(&t, h->chat_id, h->kazakh, &d->body);
    else
        webhook_json(&t, &d->body);
    make_room(h);
    put_in(h, d, false);
    if (d->urgent && !h->told_to_wait)
        loop_timer_stop(&h->timer);
}

static bool
wants(const struct hook *h, const struct news *n)
{
    /* Who asked for questions only hears of an urgent one, too. */
    if (n->kind == NEWS_URGENT && n->question->question &&
        (h->news & (1u << NEWS_QUESTION)) != 0)
        return true;
    return (h->news & (1u << n->kind)) != 0;
}

static void
on_news(void *arg, const struct news *n)
{
    const struct telling *t = arg;

    for (size_t i = 0; i < t->w->conf.n_hooks; i++) {
        if (wants(&t->w->hooks[i], n))
            add_delivery(&t->w->hooks[i], t->ev, n);
    }
}

static void
on_applied(void *arg, const struct event *ev)
{
    struct webhooks *w = arg;
    struct telling t = {w, ev};

    if (w->conf.n_hooks > 0)
        news_of(stream_queue(w->conf.stream), ev, on_news, &t);
}

static void
on_durable(void *arg, uint64_t seq)
{
    struct webhooks *w = arg;

    w->durable = seq;
    for (size_t i = 0; i < w->conf.n_hooks; i++)
        hook_turn(&w->hooks[i]);
}

/* --- making them */

static char *
address(const struct webhook_conf *c)
{
    struct buf url = BUF_INIT;

    if (!c->telegram)
        return mem_strdup(c->url);
    buf_addf(&url, "%s/bot%s/sendMessage", c->url != NULL ? c->url : TELEGRAM, c->token);
    return buf_steal(&url);
}

static int
check(const struct webhook_conf *c, struct err *e)
{
    if (c->telegram) {
        for (const char *p = c->token; *p != '\0'; p++) {
            if ((unsigned char)*p <= ' ' || strchr("/?#%", *p) != NULL)
                return err_set(e, ERR_VALUE, "webhook '%s': the token is not one",
                               c->name);
        }
    }
    const char *url = c->url != NULL ? c->url : TELEGRAM;
    if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
        return err_set(e, ERR_VALUE, "webhook '%s': '%s' is no http address", c->name,
                       url);
    return 0;
}

static void
hook_init(struct hook *h, const struct webhook_conf *c)
{
    h->name = mem_strdup(c->name);
    h->url = address(c);
    h->secret = mem_strdup(c->secret);
    h->chat_id = mem_strdup(c->chat_id);
    h->ca_file = mem_strdup(c->ca_file);
    h->proxy = mem_strdup(c->proxy);
    h->telegram = c->telegram;
    h->kazakh = c->kazakh;
    h->news = c->news;
    list_init(&h->waiting);
}

static void
hook_fini(struct hook *h)
{
    char *texts[] = {h->name, h->url, h->secret, h->chat_id, h->ca_file, h->proxy};

    loop_timer_stop(&h->timer);
    fetch_cancel(&h->call);
    delivery_free(h->sending);
    LIST_FOREACH (it, &h->waiting)
        delivery_free(LIST_ENTRY(it, struct delivery, node));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        mem_free(texts[i]);
}

struct webhooks *
webhooks_new(const struct webhooks_conf *conf, struct err *e)
{
    for (size_t i = 0; i < conf->n_hooks; i++) {
        if (check(&conf->hooks[i], e) < 0)
            return NULL;
    }
    struct webhooks *w = mem_zalloc(sizeof(*w));
    w->conf = *conf;
    w->random = conf->seed;
    w->durable = stream_durable(conf->stream);
    w->hooks = mem_array(conf->n_hooks + 1, sizeof(*w->hooks));
    for (size_t i = 0; i < conf->n_hooks; i++) {
        w->hooks[i].all = w;
        hook_init(&w->hooks[i], &conf->hooks[i]);
    }
    struct stream_observer watch = {
        .applied = on_applied, .durable = on_durable, .arg = w};
    stream_observe(conf->stream, &watch);
    return w;
}

void
webhooks_free(struct webhooks **wp)
{
    struct webhooks *w = *wp;

    if (w == NULL)
        return;
    *wp = NULL;
    stream_unobserve(w->conf.stream, w);
    for (size_t i = 0; i < w->conf.n_hooks; i++)
        hook_fini(&w->hooks[i]);
    mem_free(w->hooks);
    mem_free(w);
}

const char *
webhooks_fault(const struct webhooks *w)
{
    for (size_t i = 0; i < w->conf.n_hooks; i++) {
        if (w->hooks[i].fault[0] != '\0')
            return w->hooks[i].fault;
    }
    return NULL;
}

void
webhooks_write_metrics(const struct webhooks *w, struct buf *out)
{
    static const struct {
        const char *name, *type, *help;
        size_t offset;
    } rows[] = {
        {"webhooks_sent_total", "counter", "Deliveries that arrived, by webhook.",
         offsetof(struct hook, sent)},
        {"webhooks_failed_total", "counter", "Deliveries given up, by webhook.",
         offsetof(struct hook, failed)},
        {"webhooks_dropped_total", "counter", "Deliveries without room, by webhook.",
         offsetof(struct hook, dropped)},
    };

    for (size_t r = 0; w->conf.n_hooks > 0 && r < sizeof(rows) / sizeof(rows[0]); r++) {
        metrics_head(out, rows[r].name, rows[r].type, rows[r].help);
        for (size_t i = 0; i < w->conf.n_hooks; i++) {
            uint64_t n;
            memcpy(&n, (const char *)&w->hooks[i] + rows[r].offset, sizeof(n));
            metrics_row(out, rows[r].name, "webhook", w->hooks[i].name, n);
        }
    }
    if (w->conf.n_hooks > 0)
        metrics_head(out, "webhooks_waiting", "gauge",
                     "Deliveries under way or waiting.");
    for (size_t i = 0; i < w->conf.n_hooks; i++)
        metrics_row(out, "webhooks_waiting", "webhook", w->hooks[i].name,
                    w->hooks[i].n_waiting + (w->hooks[i].sending != NULL));
}
