/* SPDX-License-Identifier: Apache-2.0 */
/* replies.c - the program's own lines in the chats.
 *
 * Each chat has a line of replies that wait: urgent ones first, one for a question (what
 * is newer replaces it), each with a time after which it would only confuse. One is under
 * way at a time; the next may leave a random while later, never sooner than the cap per
 * minute allows. Just before it leaves, what it says must still be true. The first
 * refusal by the platform stops the chat until a person resumes it.
 *
 * What became of a reply is an event. Events cannot be made while one is being told, so
 * settled replies wait for the next turn, which a timer brings. */
#include "serve/replies.h"

#include <inttypes.h>
#include <string.h>

#include "base/list.h"
#include "base/log.h"
#include "base/mem.h"
#include "serve/news.h"
#include "serve/reply_due.h"
#include "serve/reply_text.h"
#include "source/source_parts.h"

enum {
    SOON_MS = 20,
    LOOK_MS = 1000,         /* at what waits for its turn or its chat */
    FIRST_MS = 500,         /* nobody types an answer at once, */
    FIRST_SPREAD_MS = 2000, /* nor always after the same while */
    RECEIPT_MS = 60000,
    SETTLED_TURN = 200, /* events in a turn: the end of a broadcast drops thousands */
    UNSENT_MAX = 3,     /* in a row: the platform does not want them */
};

struct chat;

/* One reply, from when it is due until its event. */
struct reply {
    struct list node;
    struct chat *chat;
    uint64_t seq, n; /* the event; the question (0: none, only the chat stops) */
    enum reply_kind kind;
    int64_t born_ms; /* monotonic */
    bool kazakh;
    char *reply_to; /* owned: platform id of the line; NULL: not known any more */
    enum reply_outcome outcome;
    const char *reason; /* static */
    char *detail;       /* owned; may be NULL */
    struct buf text;    /* as it was sent */
};

struct chat {
    struct replies *all;
    const struct settings_source *settings;
    struct list waiting; /* urgent ones first, else in order */
    size_t n_waiting;
    struct reply *sending; /* owned; the source has it */
    uint64_t number;       /* of what the source got last from us */
    int64_t sent_ms, next_ms;
    uint64_t turn, last_n;
    enum reply_kind last_kind;
    unsigned unsent;  /* in a row */
    bool last_unsent; /* the newest of them */
    bool forbidden;   /* refused, and not yet journalled */
    bool stopped;     /* as the state said last */
};

struct replies {
    struct replies_conf conf;
    struct chat *chats; /* owned: the sources that reply */
    size_t n_chats;
    struct list settled; /* replies whose event is to be made */
    uint64_t durable, random;
    struct loop_timer timer;
};

static void
reply_free(struct reply *p)
{
    if (p == NULL)
        return;
    mem_free(p->reply_to);
    mem_free(p->detail);
    buf_fini(&p->text);
    mem_free(p);
}

static struct chat *
find_chat(const struct replies *r, const char *source)
{
    for (size_t i = 0; i < r->n_chats; i++) {
        if (strcmp(r->chats[i].settings->name, source) == 0)
            return &r->chats[i];
    }
    return NULL;
}

static bool
is_stopped(const struct chat *c)
{
    const struct queue *q = stream_queue(c->all->conf.stream);

    return c->forbidden || queue_reply_stop(q, str_from(c->settings->name)) != NULL;
}

static int64_t
now_ms(const struct replies *r)
{
    return clock_mono_ms(r->conf.clock);
}

static void on_timer(void *arg);

static void
wake(struct replies *r, int64_t ms)
{
    if (r->conf.loop != NULL && !loop_timer_is_running(&r->timer))
        loop_timer_start(r->conf.loop, &r->timer, ms, on_timer, r);
}

/* --- the end of a reply */

/* Takes `p`, which is in no list. `detail` may be NULL. */
static void
settle(struct reply *p, enum reply_outcome outcome, const char *reason,
       const char *detail)
{
    p->outcome = outcome;
    p->reason = reason;
    p->detail = mem_strdup(detail);
    if (outcome == REPLY_REFUSED)
        p->chat->forbidden = true;
    list_add_tail(&p->chat->all->settled, &p->node);
    wake(p->chat->all, SOON_MS);
}

static void
drop(struct reply *p, const char *reason)
{
    list_remove(&p->node);
    p->chat->n_waiting--;
    settle(p, REPLY_DROPPED, reason, NULL);
}

/* 0, or -1: not now. */
static int
journal(struct replies *r, const struct reply *p)
{
    struct err e = ERR_INIT;
    struct command cmd = {
        .kind = COMMAND_REPLY,
        .role = ROLE_SYSTEM,
        .actor = STR_LIT("system"),
        .n = p->n,
        .source = str_from(p->chat->settings->name),
        .reply = p->kind,
        .reply_outcome = p->outcome,
        .reason = str_from(p->reason),
        .reply_detail = str_from(p->detail),
        .reply_text = p->outcome == REPLY_DROPPED ? STR_NONE : buf_str(&p->text),
    };

    if (stream_do(r->conf.stream, &cmd, NULL, &e) >= 0)
        return 0;
    if (e.code == ERR_LIMIT)
        return -1; /* the disk is behind */
    log_warn("replies", "%s: what came of a reply is not journalled: %s",
             p->chat->settings->name, e.msg);
    return 0;
}

static void
journal_settled(struct replies *r)
{
    size_t left = SETTLED_TURN;

    LIST_FOREACH (it, &r->settled) {
        struct reply *p = LIST_ENTRY(it, struct reply, node);
        if (left-- == 0 || journal(r, p) < 0)
            return;
        if (p->outcome == REPLY_REFUSED) {
            p->chat->forbidden = false; /* the state knows */
            p->chat->unsent = 0;
        }
        list_remove(&p->node);
        reply_free(p);
    }
}

/* What the source says to a line that was taken for sent. */
static void
second_word(struct chat *c, enum reply_outcome outcome, const char *reason,
            const char *detail)
{
    struct reply *p = mem_zalloc(sizeof(*p));

    list_init(&p->node);
    p->chat = c;
    p->n = c->last_n;
    p->kind = c->last_kind;
    settle(p, outcome, reason, detail);
}

void
replies_sent(struct replies *r, const char *source, const struct source_receipt *receipt)
{
    struct chat *c = find_chat(r, source);

    if (c == NULL ||
        (receipt->outcome != SOURCE_FORBIDDEN && receipt->number != c->number))
        return;
    enum reply_outcome outcome = receipt->outcome == SOURCE_SENT     ? REPLY_SENT
                                 : receipt->outcome == SOURCE_UNSENT ? REPLY_DROPPED
                                                                     : REPLY_REFUSED;
    const char *reason = outcome == REPLY_SENT      ? NULL
                         : outcome == REPLY_DROPPED ? "unsent"
                                                    : "refused";
    c->last_unsent = outcome == REPLY_DROPPED;
    c->unsent += c->last_unsent;
    if (c->last_unsent && c->unsent >= UNSENT_MAX)
        outcome = REPLY_REFUSED;
    const char *detail = receipt->reason[0] == '\0' ? NULL : receipt->reason;
    if (c->sending != NULL && receipt->number == c->number) {
        struct reply *p = c->sending;
        c->sending = NULL;
        settle(p, outcome, reason, detail);
    } else if (outcome != REPLY_SENT && (outcome == REPLY_REFUSED || c->last_n != 0)) {
        second_word(c, outcome, reason, detail);
    }
}

/* --- one chat's turn */

static void
drop_what_is_over(struct chat *c, int64_t now)
{
    static const int64_t lasts_ms[REPLY_KINDS] = {[REPLY_RECEIVED] = 5 * 60000,
                                                  [REPLY_ON_AIR] = 2 * 60000,
                                                  [REPLY_ANSWERED] = 10 * 60000,
                                                  [REPLY_WRITING] = 60 * 60000,
                                                  [REPLY_URGENT] = 5 * 60000};
    const struct queue *q = stream_queue(c->all->conf.stream);
    bool stopped = is_stopped(c);

    LIST_FOREACH (it, &c->waiting) {
        struct reply *p = LIST_ENTRY(it, struct reply, node);
        if (stopped)
            drop(p, "stopped");
        else if (now - p->born_ms > lasts_ms[p->kind])
            drop(p, "late");
        else if (!reply_is_true(p->kind, queue_find(q, p->n)))
            drop(p, "passed");
    }
}

static int64_t
pause_ms(struct chat *c)
{
    const struct replies_out *out = &c->all->conf.out;
    int64_t most = c->settings->replies_per_minute;
    unsigned limit = out->limit(out->arg, c->settings->name);

    if (limit > 0 && limit < most)
        most = limit;
    int64_t gap = (60000 + most - 1) / most;
    return gap + (int64_t)(source_random(&c->all->random) % (uint64_t)(gap / 2 + 1));
}

static void
put_back(struct chat *c, struct reply *p, int64_t next_ms)
{
    struct list *first = c->waiting.next;

    list_add_tail(first, &p->node); /* in front of it */
    c->n_waiting++;
    c->next_ms = next_ms;
}

/* `p` is c->sending. */
static void
not_taken(struct chat *c, const struct err *e, int64_t now)
{
    struct reply *p = c->sending;

    c->sending = NULL;
    if (e->code == ERR_BAD_STATE || e->code == ERR_LIMIT)
        put_back(c, p, now + LOOK_MS);
    else if (e->code == ERR_PERM)
        settle(p, REPLY_REFUSED, "refused", e->msg);
    else
        settle(p, REPLY_DROPPED, "unsent", e->msg);
}

static void
send_one(struct chat *c, struct reply *p, int64_t now)
{
    const struct replies_conf *conf = &c->all->conf;
    const struct queue *q = stream_queue(conf->stream);
    const struct question *item = queue_find(q, p->n);
    struct reply_wish wish = {.kind = p->kind,
                              .kazakh = p->kazakh,
                              .no = item->no,
                              .at_ms = reply_place(q, item),
                              .turn = c->turn++};
    struct err e = ERR_INIT;

    list_remove(&p->node);
    c->n_waiting--;
    buf_reset(&p->text);
    if (!reply_text(conf->settings, &wish, &p->text)) {
        settle(p, REPLY_DROPPED, "no_time", NULL);
        return;
    }
    if (!c->last_unsent)
        c->unsent = 0;
    c->last_unsent = false;
    c->last_n = p->n;
    c->last_kind = p->kind;
    c->sending = p;
    c->sent_ms = now;
    c->next_ms = now + pause_ms(c);
    c->number = conf->out.last(conf->out.arg, c->settings->name) + 1;
    /* Its receipt may come before this returns. */
    if (conf->out.send(conf->out.arg, c->settings->name, buf_str(&p->text),
                       str_from(p->reply_to), &e) < 0 &&
        c->sending == p)
        not_taken(c, &e, now);
}

static void
chat_turn(struct chat *c, int64_t now)
{
    const struct replies_out *out = &c->all->conf.out;

    drop_what_is_over(c, now);
    if (c->sending != NULL && now - c->sent_ms > RECEIPT_MS) {
        struct reply *p = c->sending;
        c->sending = NULL;
        settle(p, REPLY_DROPPED, "silent", NULL);
    }
    if (c->sending != NULL || list_is_empty(&c->waiting) || now < c->next_ms ||
        !out->ready(out->arg, c->settings->name))
        return;
    struct reply *p = LIST_ENTRY(c->waiting.next, struct reply, node);
    if (p->seq <= c->all->durable)
        send_one(c, p, now);
}

void
replies_turn(struct replies *r)
{
    int64_t now = now_ms(r), next = INT64_MAX;

    journal_settled(r);
    for (size_t i = 0; i < r->n_chats; i++)
        chat_turn(&r->chats[i], now);
    journal_settled(r);
    for (size_t i = 0; i < r->n_chats; i++) {
        const struct chat *c = &r->chats[i];
        if ((c->n_waiting > 0 || c->sending != NULL) && c->next_ms - now < next)
            next = c->next_ms - now;
    }
    if (next == INT64_MAX && list_is_empty(&r->settled))
        return;
    wake(r, next < SOON_MS ? SOON_MS : next > LOOK_MS ? LOOK_MS : next);
}

static void
on_timer(void *arg)
{
    replies_turn(arg);
}

/* --- what is due */

static void
make_room(struct chat *c)
{
    struct reply *oldest = NULL;

    if (c->n_waiting < BOUNDS_REPLIES)
        return;
    LIST_FOREACH (it, &c->waiting) {
        struct reply *p = LIST_ENTRY(it, struct reply, node);
        if (oldest == NULL || (oldest->kind == REPLY_URGENT && p->kind != REPLY_URGENT))
            oldest = p;
    }
    if (oldest != NULL)
        drop(oldest, "full");
}

/* What waits for this question has been overtaken; a call to ring 102 never is. */
static void
replace(struct chat *c, uint64_t n)
{
    LIST_FOREACH (it, &c->waiting) {
        struct reply *p = LIST_ENTRY(it, struct reply, node);
        if (p->n == n && p->kind != REPLY_URGENT)
            drop(p, "replaced");
    }
}

static void
put_in(struct chat *c, struct reply *p)
{
    struct list *before = &c->waiting;

    LIST_FOREACH (it, &c->waiting) {
        const struct reply *other = LIST_ENTRY(it, struct reply, node);
        if (p->kind == REPLY_URGENT && other->kind != REPLY_URGENT) {
            before = it;
            break;
        }
    }
    list_add_tail(before, &p->node);
    c->n_waiting++;
}

/* `reply_to` may be NULL. */
static void
add(struct chat *c, const struct question *q, enum reply_kind kind, const char *reply_to)
{
    struct replies *r = c->all;

    if (!c->settings->reply_to[kind] || is_stopped(c))
        return;
    struct reply *p = mem_zalloc(sizeof(*p));
    p->chat = c;
    p->seq = queue_seq(stream_queue(r->conf.stream));
    p->n = q->n;
    p->kind = kind;
    p->born_ms = now_ms(r);
    p->kazakh = reply_is_kazakh(r->conf.settings, c->settings->reply_language, q);
    p->reply_to = mem_strdup(reply_to);
    int64_t first =
        p->born_ms + FIRST_MS + (int64_t)(source_random(&r->random) % FIRST_SPREAD_MS);
    if (c->n_waiting == 0 && c->next_ms < first)
        c->next_ms = first;
    replace(c, q->n);
    make_room(c);
    put_in(c, p);
    wake(r, SOON_MS);
}

static void
on_news(void *arg, const struct news *n)
{
    struct replies *r = arg;
    struct reply_due due;

    for (size_t i = 0; i < r->n_chats; i++) {
        if (reply_due(stream_queue(r->conf.stream), n, r->chats[i].settings->name, &due))
            add(&r->chats[i], n->question, due.kind, due.reply_to);
    }
}

static void
follow_stops(struct replies *r)
{
    const struct queue *q = stream_queue(r->conf.stream);

    for (size_t i = 0; i < r->n_chats; i++) {
        struct chat *c = &r->chats[i];
        bool stopped = queue_reply_stop(q, str_from(c->settings->name)) != NULL;
        if (c->stopped && !stopped)
            r->conf.out.again(r->conf.out.arg, c->settings->name);
        c->stopped = stopped;
    }
}

static void
on_applied(void *arg, const struct event *ev)
{
    struct replies *r = arg;

    if (ev->kind == EVENT_REPLY || ev->kind == EVENT_BROADCAST)
        follow_stops(r);

    /* Viewers hear nothing of a rehearsal. */
    if (r->n_chats > 0 && !queue_rehearses(stream_queue(r->conf.stream)))
        news_of(stream_queue(r->conf.stream), ev, on_news, arg);
}

static void
on_durable(void *arg, uint64_t seq)
{
    struct replies *r = arg;

    r->durable = seq;
    if (!list_is_empty(&r->settled))
        wake(r, SOON_MS);
}

/* --- making them */

struct replies *
replies_new(const struct replies_conf *conf)
{
    struct replies *r = mem_zalloc(sizeof(*r));
    const struct settings *s = conf->settings;
    struct stream_observer watch = {
        .applied = on_applied, .durable = on_durable, .arg = r};

    r->conf = *conf;
    r->random = conf->seed;
    r->durable = stream_durable(conf->stream);
    list_init(&r->settled);
    r->chats = mem_array(BOUNDS_SOURCES, sizeof(*r->chats));
    for (size_t i = 0; i < s->n_sources; i++) {
        if (!s->sources[i].replies)
            continue;
        struct chat *c = &r->chats[r->n_chats++];
        c->all = r;
        c->settings = &s->sources[i];
        list_init(&c->waiting);
    }
    follow_stops(r);
    stream_observe(conf->stream, &watch);
    return r;
}

static void
free_all(struct list *l)
{
    LIST_FOREACH (it, l)
        reply_free(LIST_ENTRY(it, struct reply, node));
}

void
replies_free(struct replies **rp)
{
    struct replies *r = *rp;

    if (r == NULL)
        return;
    *rp = NULL;
    stream_unobserve(r->conf.stream, r);
    loop_timer_stop(&r->timer);
    free_all(&r->settled);
    for (size_t i = 0; i < r->n_chats; i++) {
        free_all(&r->chats[i].waiting);
        reply_free(r->chats[i].sending);
    }
    mem_free(r->chats);
    mem_free(r);
}

void
replies_view(const struct replies *r, const char *source, struct view_replies *out)
{
    const struct chat *c = find_chat(r, source);
    const struct reply_stop *stop =
        queue_reply_stop(stream_queue(r->conf.stream), str_from(source));

    *out = (struct view_replies){.state = "off"};
    if (c == NULL)
        return;
    out->state = stop == NULL ? "on" : "stopped";
    out->waiting = c->n_waiting;
    if (stop != NULL) {
        out->reason = stop->reason;
        out->detail = stop->detail;
        out->by = stop->by;
    }
}
