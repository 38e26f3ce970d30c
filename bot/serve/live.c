/* SPDX-License-Identifier: Apache-2.0 */
/* live.c - the live fan-out.
 *
 * Each view (a group of roles that see the same) has a channel. Items are rendered when
 * an event is applied, once a view, and leave as frames when the journal has the event;
 * frames are shared by all clients of the view and counted. A view that nobody has looked
 * at for a minute renders nothing. Overlay and officer are served before the consoles. A
 * client that does not take what waits for it is cut at a cap and comes back with
 * `after`.
 *
 * A new client's snapshot is as of event S, which may not be durable yet: it waits, and
 * the frames are cut at S, so that nobody is told an event twice or after something
 * newer. */
#include "serve/live.h"

#include <assert.h>
#include <string.h>

#include <jansson.h>

#include "base/bounds.h"
#include "base/list.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "serve/channel.h"
#include "serve/live_items.h"

enum {
    STATUS_MS = 2000,
    CHANGED_MS = 100, /* until a change of the status is told */
    FORGET_MS =
        60 * 1000, /* a view without clients renders this long for who comes back */
    GATHER_MIN_MS = 8,
    HERE_MAX = 512, /* bytes of a message from a page */
    HERE_RATE = 20, /* messages from one page in a status period; a page sends 1 */
};

struct feed {
    struct channel *channel; /* owned; NULL: nobody looks */
    struct live_memory memory;
    struct list clients;
    size_t n_clients;
    int64_t empty_since_ms;
};

struct live_client {
    struct live *live;
    struct list node;
    struct live_transport transport;
    struct identity who;
    enum view view;
    char page[16];
    uint64_t seq;          /* newest event that it was given */
    struct frame **frames; /* owned references, [head, n) */
    size_t head, n, cap;
    const struct frame
        *snapshot;  /* borrowed while it waits: it does not count as waiting */
    size_t waiting; /* bytes of events not yet taken */
    size_t offset;  /* in the first frame */
    unsigned heard; /* messages in this status period */
    bool closing;
};

struct live {
    struct live_conf conf;
    struct feed feeds[VIEWS];
    struct loop_timer gather, tick;
    uint64_t durable;
    int64_t flushed_ms;
    int64_t officer_seen_ms, overlay_seen_ms;
    bool soon; /* the next status is on its way already */
    bool stopped;
};

static void on_tick(void *arg);

struct live *
live_new(const struct live_conf *conf, uint64_t durable)
{
    struct live *l = mem_zalloc(sizeof(*l));

    l->conf = *conf;
    l->durable = durable;
    if (l->conf.ring == 0)
        l->conf.ring = BOUNDS_LIVE_RING;
    if (l->conf.output == 0)
        l->conf.output = BOUNDS_CLIENT_OUTPUT;
    for (int v = 0; v < VIEWS; v++)
        list_init(&l->feeds[v].clients);
    loop_timer_start(l->conf.loop, &l->tick, STATUS_MS, on_tick, l);
    return l;
}

static void
feed_close(struct feed *f)
{
    channel_free(&f->channel);
    live_memory_fini(&f->memory);
}

/* Also forgets the loop, which may be gone when live_free() comes after live_stop(). */
static void
stop_timers(struct live *l)
{
    loop_timer_stop(&l->gather);
    loop_timer_stop(&l->tick);
    l->gather.loop = l->tick.loop = NULL;
}

void
live_free(struct live **lp)
{
    struct live *l = *lp;

    if (l == NULL)
        return;
    *lp = NULL;
    stop_timers(l);
    for (int v = 0; v < VIEWS; v++) {
        assert(list_is_empty(&l->feeds[v].clients));
        feed_close(&l->feeds[v]);
    }
    mem_free(l);
}

/* Only asks: the client leaves when its transport calls live_detach(). */
static void
close_client(struct live_client *c, int code)
{
    if (c->closing)
        return;
    c->closing = true;
    c->transport.close(c->transport.arg, code);
}

static void
push(struct live_client *c, struct frame *f, bool counted)
{
    if (c->closing)
        return;
    if (counted && c->waiting + f->len > c->live->conf.output) {
        close_client(c, LIVE_SLOW);
        return;
    }
    if (c->n == c->cap) {
        if (c->n > c->head)
            memmove(c->frames, c->frames + c->head,
                    (c->n - c->head) * sizeof(struct frame *));
        c->n -= c->head;
        c->head = 0;
        c->cap = c->n < 8 ? 16 : c->n * 2;
        c->frames = mem_resize(c->frames, c->cap, sizeof(struct frame *));
    }
    c->frames[c->n++] = frame_ref(f);
    if (counted)
        c->waiting += f->len;
    if (f->last > c->seq)
        c->seq = f->last;
    c->transport.writable(c->transport.arg);
}

/* --- what happened, to the channels */

static char *
source_of(struct live *l, const struct event *ev)
{
    struct buf out = BUF_INIT;
    json_t *body = NULL;

    if (queue_touched(l->conf.queue)->source && ev->body.len > 0)
        body = json_loadb(ev->body.data, ev->body.len, 0, NULL);
    const char *name = json_string_value(json_object_get(body, "name"));
    if (name == NULL)
        name = json_string_value(json_object_get(body, "source"));
    if (name != NULL && !l->conf.source(l->conf.arg, str_from(name), &out))
        buf_reset(&out);
    json_decref(body);
    return out.len > 0 ? buf_steal(&out) : NULL;
}

void
live_applied(struct live *l, const struct event *ev, bool counts_changed)
{
    struct live_told told = {.queue = l->conf.queue,
                             .tally = l->conf.tally,
                             .ev = ev,
                             .counts = counts_changed};
    char *source = source_of(l, ev);

    told.source = source;
    for (int v = 0; v < VIEWS; v++) {
        struct feed *f = &l->feeds[v];
        if (f->channel != NULL)
            live_items(f->channel, &f->memory, (enum view)v, &told);
    }
    mem_free(source);
}

/* Up to where the next frame may go: not past the snapshot of who begins there. */
static uint64_t
next_limit(const struct feed *f, uint64_t durable)
{
    uint64_t first = channel_first_pending(f->channel);
    uint64_t limit = durable;

    LIST_FOREACH (node, &f->clients) {
        const struct live_client *c = LIST_ENTRY(node, struct live_client, node);
        if (c->seq >= first && c->seq < limit)
            limit = c->seq;
    }
    return limit;
}

static void
flush_feed(struct feed *f, uint64_t durable)
{
    while (f->channel != NULL && channel_has_due(f->channel, durable)) {
        struct frame *frame = channel_cut(f->channel, next_limit(f, durable));
        if (frame == NULL)
            return;
        LIST_FOREACH (node, &f->clients) {
            struct live_client *c = LIST_ENTRY(node, struct live_client, node);
            if (c->seq < frame->first)
                push(c, frame, true);
        }
    }
}

static void
flush(void *arg)
{
    struct live *l = arg;

    l->flushed_ms = clock_mono_ms(l->conf.clock);
    for (int v = 0; v < VIEWS; v++)
        flush_feed(&l->feeds[v], l->durable);
}

static size_t
count_clients(const struct live *l)
{
    size_t n = 0;

    for (int v = 0; v < VIEWS; v++)
        n += l->feeds[v].n_clients;
    return n;
}

/* Few clients are told at once; with many, frames are gathered longer. */
static int64_t
gather_ms(const struct live *l)
{
    int64_t ms = GATHER_MIN_MS + (int64_t)count_clients(l) / 2;

    return ms < BOUNDS_LIVE_GATHER_MS ? ms : BOUNDS_LIVE_GATHER_MS;
}

static void
wake_snapshots(struct live *l)
{
    for (int v = 0; v < VIEWS; v++) {
        LIST_FOREACH (node, &l->feeds[v].clients) {
            struct live_client *c = LIST_ENTRY(node, struct live_client, node);
            if (c->head < c->n && c->offset == 0)
                c->transport.writable(c->transport.arg);
        }
    }
}

void
live_durable(struct live *l, uint64_t seq)
{
    bool due = false;

    l->durable = seq;
    for (int v = 0; v < VIEWS; v++)
        due = due ||
              (l->feeds[v].channel != NULL && channel_has_due(l->feeds[v].channel, seq));
    wake_snapshots(l);
    if (!due || l->stopped || loop_timer_is_running(&l->gather))
        return;
    int64_t wait = l->flushed_ms + gather_ms(l) - clock_mono_ms(l->conf.clock);
    if (wait <= 0)
        flush(l);
    else
        loop_timer_start(l->conf.loop, &l->gather, wait, flush, l);
}

/* --- clients */

static void
push_snapshot(struct live_client *c)
{
    struct live *l = c->live;
    struct buf text = BUF_INIT;
    uint64_t seq = queue_seq(l->conf.queue);

    buf_add_cstr(&text, "{\"type\":\"snapshot\",\"seq\":");
    buf_add_u64(&text, seq);
    buf_add_cstr(&text, ",\"state\":");
    l->conf.state(l->conf.arg, c->view, &c->who, &text);
    buf_add_char(&text, '}');
    struct frame *f = frame_new_take(&text, seq, seq);
    c->seq = seq;
    c->snapshot = f;
    push(c, f, false);
    frame_unref(f);
}

static struct frame *
status_frame(struct live *l, enum view v)
{
    struct buf text = BUF_INIT;

    buf_add_cstr(&text, "{\"type\":\"status\",\"now\":");
    view_time(clock_wall_ms(l->conf.clock), &text);
    l->conf.status(l->conf.arg, v, &text);
    buf_add_char(&text, '}');
    return frame_new_take(&text, 0, 0);
}

/* Everything since `after` when it is here and not too much; else the whole state. */
static void
begin(struct live_client *c, uint64_t after)
{
    struct live *l = c->live;
    struct channel *channel = l->feeds[c->view].channel;
    size_t index, bytes;

    if (after == 0 || after > l->durable ||
        !channel_resume(channel, after, &index, &bytes) || bytes > l->conf.output / 2) {
        push_snapshot(c);
        return;
    }
    c->seq = after;
    for (size_t i = index; i < channel_frames(channel); i++)
        push(c, channel_frame(channel, i), true);
    struct frame *status = status_frame(l, c->view);
    push(c, status, true);
    frame_unref(status);
}

struct live_client *
live_attach(struct live *l, const struct identity *who, uint64_t after,
            const struct live_transport *t)
{
    enum view v;

    if (l->stopped || !view_of_role(who->role, &v))
        return NULL;
    struct feed *f = &l->feeds[v];
    struct live_client *c = mem_zalloc(sizeof(*c));
    *c = (struct live_client){.live = l, .transport = *t, .who = *who, .view = v};
    if (f->channel == NULL) {
        f->channel = channel_new(queue_seq(l->conf.queue), l->conf.ring);
        live_memory_init(&f->memory, l->conf.queue, v);
    }
    list_add_tail(&f->clients, &c->node);
    f->n_clients++;
    begin(c, after);
    return c;
}

void
live_detach(struct live_client **cp)
{
    struct live_client *c = *cp;

    if (c == NULL)
        return;
    *cp = NULL;
    struct feed *f = &c->live->feeds[c->view];
    list_remove(&c->node);
    f->n_clients--;
    f->empty_since_ms = clock_mono_ms(c->live->conf.clock);
    for (size_t i = c->head; i < c->n; i++)
        frame_unref(c->frames[i]);
    mem_free(c->frames);
    mem_free(c);
}

/* The frame that the last call took whole. */
static void
drop_sent(struct live_client *c)
{
    struct frame *f = c->head < c->n ? c->frames[c->head] : NULL;

    if (f == NULL || c->offset < f->len)
        return;
    if (f != c->snapshot)
        c->waiting -= f->len;
    c->snapshot = NULL;
    c->offset = 0;
    c->head++;
    frame_unref(f);
}

bool
live_next(struct live_client *c, size_t max, struct str *piece, bool *first, bool *final)
{
    drop_sent(c);
    if (c->head == c->n || c->frames[c->head]->last > c->live->durable)
        return false;
    const struct frame *f = c->frames[c->head];
    size_t len = f->len - c->offset < max ? f->len - c->offset : max;
    *piece = (struct str){f->text + c->offset, len};
    *first = c->offset == 0;
    c->offset += len;
    *final = c->offset == f->len;
    return true;
}

/* {"type":"here","page":"console","visible":true,"showing":12} */
static bool
hear(struct live_client *c, const json_t *o)
{
    static const char *const pages[] = {"console", "officer", "overlay"};
    const char *type = json_string_value(json_object_get(o, "type"));
    const char *page = json_string_value(json_object_get(o, "page"));
    int64_t now = clock_wall_ms(c->live->conf.clock);
    bool visible = json_is_true(json_object_get(o, "visible"));

    if (type == NULL || strcmp(type, "here") != 0 || page == NULL)
        return false;
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        if (strcmp(page, pages[i]) != 0)
            continue;
        memcpy(c->page, page, strlen(page) + 1);
        if (visible && i == 1)
            c->live->officer_seen_ms = now;
        if (visible && i == 2)
            c->live->overlay_seen_ms = now;
        return true;
    }
    return false;
}

int
live_receive(struct live_client *c, struct str text)
{
    struct err e = ERR_INIT;

    if (!utf8_is_valid(text))
        return 1007;
    if (text.len > HERE_MAX || ++c->heard > HERE_RATE)
        return 1008;
    json_t *o = http_json_body(text, &e);
    bool good = o != NULL && hear(c, o);
    json_decref(o);
    return good ? 0 : 1003;
}

void
live_check(struct live *l)
{
    for (int v = 0; v < VIEWS; v++) {
        LIST_FOREACH (node, &l->feeds[v].clients) {
            struct live_client *c = LIST_ENTRY(node, struct live_client, node);
            enum view now = VIEWS;
            if (!auth_is_valid(l->conf.auth, &c->who) ||
                !view_of_role(c->who.role, &now) || now != c->view)
                close_client(c, LIVE_ENDED);
        }
    }
}

static void
send_status(struct live *l, enum view v)
{
    struct feed *f = &l->feeds[v];

    if (f->n_clients == 0) {
        int64_t empty = clock_mono_ms(l->conf.clock) - f->empty_since_ms;
        if (f->channel != NULL && empty >= FORGET_MS)
            feed_close(f);
        return;
    }
    struct frame *frame = status_frame(l, v);
    LIST_FOREACH (node, &f->clients) {
        struct live_client *c = LIST_ENTRY(node, struct live_client, node);
        c->heard = 0;
        push(c, frame, true);
    }
    frame_unref(frame);
}

static void
on_tick(void *arg)
{
    struct live *l = arg;

    l->soon = false;
    for (int v = 0; v < VIEWS; v++)
        send_status(l, (enum view)v);
    loop_timer_start(l->conf.loop, &l->tick, STATUS_MS, on_tick, l);
}

void
live_changed(struct live *l)
{
    if (!l->soon)
        loop_timer_start(l->conf.loop, &l->tick, CHANGED_MS, on_tick, l);
    l->soon = true;
}

/* What waits is of before; only the frame that is half out must go on. */
static void
drop_waiting(struct live_client *c)
{
    size_t keep = c->head + (c->offset > 0);

    for (size_t i = keep; i < c->n; i++) {
        if (c->frames[i] != c->snapshot)
            c->waiting -= c->frames[i]->len;
        frame_unref(c->frames[i]);
    }
    if (keep > c->head && c->frames[c->head] == c->snapshot)
        c->waiting += c->snapshot->len; /* counted from now on: another comes */
    c->n = keep;
    c->snapshot = NULL;
}

void
live_reset(struct live *l)
{
    for (int v = 0; v < VIEWS; v++) {
        struct feed *f = &l->feeds[v];
        if (f->channel == NULL)
            continue;
        feed_close(f);
        f->channel = channel_new(queue_seq(l->conf.queue), l->conf.ring);
        live_memory_init(&f->memory, l->conf.queue, (enum view)v);
        LIST_FOREACH (node, &f->clients) {
            struct live_client *c = LIST_ENTRY(node, struct live_client, node);
            drop_waiting(c);
            push_snapshot(c);
        }
    }
}

void
live_stop(struct live *l)
{
    l->stopped = true;
    stop_timers(l);
    for (int v = 0; v < VIEWS; v++) {
        LIST_FOREACH (node, &l->feeds[v].clients)
            close_client(LIST_ENTRY(node, struct live_client, node), LIVE_STOPPING);
    }
}

bool
live_is_idle(const struct live *l)
{
    bool idle = true;

    for (int v = 0; v < VIEWS; v++) {
        const struct channel *c = l->feeds[v].channel;
        idle = idle && (c == NULL || !channel_has_due(c, l->durable));
    }
    return idle;
}

size_t
live_clients(const struct live *l, enum view v)
{
    return l->feeds[v].n_clients;
}

void
live_people(const struct live *l, struct buf *out)
{
    const char *comma = "";

    buf_add_char(out, '[');
    for (int v = 0; v < VIEWS; v++) {
        LIST_FOREACH (node, &l->feeds[v].clients) {
            const struct live_client *c = LIST_ENTRY(node, struct live_client, node);
            buf_addf(out, "%s{\"user\":", comma);
            buf_add_json(out, str_from(c->who.name));
            buf_addf(out, ",\"role\":\"%s\",\"page\":", role_name(c->who.role));
            view_text(c->page[0] == '\0' ? NULL : c->page, out);
            buf_add_char(out, '}');
            comma = ",";
        }
    }
    buf_add_char(out, ']');
}

int64_t
live_officer_seen(const struct live *l)
{
    return l->officer_seen_ms;
}

int64_t
live_overlay_seen(const struct live *l)
{
    return l->overlay_seen_ms;
}
