/* SPDX-License-Identifier: Apache-2.0 */
/* live_items.c - one event, as the items that each view is told.
 *
 * Called while the state is exactly as of the event. An event that touches several
 * questions gives an item for each; what changed beside them (counts, line, on air,
 * overlay) goes with the last one, so that a page that has applied all items of a seq has
 * the whole change. A question that leaves a view is told as "gone": what left must not
 * stay on a screen. */
#include "serve/live_items.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"

static bool
remembers(enum view v)
{
    return v == VIEW_OFFICER || v == VIEW_OVERLAY;
}

/* Takes the line over; true when it had changed. */
static bool
line_changed(struct live_memory *m, const struct queue *q)
{
    const struct question *const *line;
    size_t n = queue_line(q, &line);
    bool changed = n != m->n_line;

    if (n > m->cap_line) {
        m->cap_line = n * 2;
        m->line = mem_resize(m->line, m->cap_line, sizeof(*m->line));
    }
    for (size_t i = 0; i < n; i++) {
        changed = changed || m->line[i] != line[i]->n;
        m->line[i] = line[i]->n;
    }
    m->n_line = n;
    return changed;
}

static uint64_t
on_air(const struct queue *q)
{
    const struct question *question = queue_on_air(q);

    return question == NULL ? 0 : question->n;
}

void
live_memory_init(struct live_memory *m, const struct queue *q, enum view v)
{
    *m = (struct live_memory){.on_air = on_air(q), .overlay = queue_overlay(q)};
    (void)line_changed(m, q);
    if (!remembers(v))
        return;
    m->shown = map_new();
    if (v == VIEW_OVERLAY) {
        if (m->overlay != 0)
            map_put(m->shown, m->overlay, 1);
        return;
    }
    for (size_t i = 0; i < m->n_line; i++)
        map_put(m->shown, m->line[i], 1);
    if (m->on_air != 0)
        map_put(m->shown, m->on_air, 1);
}

void
live_memory_fini(struct live_memory *m)
{
    map_free(&m->shown);
    MEM_FREE(m->line);
}

/* An item is begun with its members and left open until the next one begins, because what
 * goes with the last item is known only at the end. */
struct writer {
    struct channel *channel;
    struct buf *out; /* of the open item, or NULL */
    uint64_t seq;
};

static void
end_item(struct writer *w)
{
    if (w->out == NULL)
        return;
    buf_add_char(w->out, '}');
    channel_end(w->channel, w->seq);
    w->out = NULL;
}

static struct buf *
begin_item(struct writer *w, const char *kind)
{
    end_item(w);
    w->out = channel_begin(w->channel);
    buf_add_cstr(w->out, "{\"seq\":");
    buf_add_u64(w->out, w->seq);
    buf_add_cstr(w->out, ",\"kind\":\"");
    buf_add_cstr(w->out, kind);
    buf_add_char(w->out, '"');
    return w->out;
}

static struct buf *
open_item(struct writer *w, const char *kind)
{
    return w->out != NULL ? w->out : begin_item(w, kind);
}

static void
gone(struct writer *w, struct live_memory *m, uint64_t n)
{
    if (!map_remove(m->shown, n))
        return;
    buf_addf(begin_item(w, "gone"), ",\"n\":%" PRIu64, n);
}

static void
add_question(struct writer *w, struct live_memory *m, enum view v,
             const struct live_told *t, uint64_t n)
{
    const struct question *q = queue_find(t->queue, n);

    if (q == NULL || !view_shows(t->queue, q, v)) {
        if (remembers(v))
            gone(w, m, n);
        return;
    }
    if (remembers(v))
        map_put(m->shown, n, 1);
    struct buf *out = begin_item(w, event_kind_name(t->ev->kind));
    buf_add_cstr(out, ",\"question\":");
    view_question(t->queue, q, v, out);
}

static void
add_questions(struct writer *w, struct live_memory *m, enum view v,
              const struct live_told *t)
{
    const struct queue_touched *touched = queue_touched(t->queue);

    for (size_t i = 0; i < touched->n_len; i++)
        add_question(w, m, v, t, touched->n[i]);
}

static void
add_line(struct writer *w, struct live_memory *m, const struct live_told *t)
{
    const char *kind = event_kind_name(t->ev->kind);
    uint64_t air = on_air(t->queue);

    if (queue_touched(t->queue)->n_len == 0)
        return;
    if (line_changed(m, t->queue)) {
        struct buf *out = open_item(w, kind);
        buf_add_cstr(out, ",\"line\":");
        view_line(t->queue, out);
    }
    if (air != m->on_air) {
        struct buf *out = open_item(w, kind);
        buf_add_cstr(out, ",\"on_air\":");
        view_number(air, out);
        m->on_air = air;
    }
}

static void
add_shown(struct writer *w, struct live_memory *m, const struct live_told *t)
{
    uint64_t shown = queue_overlay(t->queue);

    if (shown == m->overlay)
        return;
    struct buf *out = open_item(w, event_kind_name(t->ev->kind));
    buf_add_cstr(out, ",\"overlay\":");
    view_number(shown, out);
    m->overlay = shown;
}

static void
console_items(struct writer *w, struct live_memory *m, enum view v,
              const struct live_told *t)
{
    const struct queue_touched *touched = queue_touched(t->queue);
    const struct chat_line *line =
        touched->mid == 0 ? NULL : queue_message(t->queue, touched->mid);
    const char *kind = event_kind_name(t->ev->kind);

    add_questions(w, m, v, t);
    if (line != NULL) {
        struct buf *out = open_item(w, kind);
        buf_add_cstr(out, ",\"message\":");
        view_message(line, v, out);
    }
    if (t->counts) {
        struct buf *out = open_item(w, kind);
        buf_add_cstr(out, ",\"counts\":");
        tally_write(t->tally, out);
    }
    add_line(w, m, t);
    add_shown(w, m, t);
    if (touched->broadcast) {
        struct buf *out = open_item(w, kind);
        buf_add_cstr(out, ",\"broadcast\":");
        view_broadcast(queue_broadcast(t->queue), out);
    }
    if (touched->promise != 0) {
        struct buf *out = open_item(w, kind);
        buf_add_cstr(out, ",\"promise\":");
        view_promise(t->queue, queue_promise(t->queue, touched->promise), out);
    }
    if (t->source != NULL) {
        struct buf *out = open_item(w, kind);
        buf_add_cstr(out, ",\"source\":");
        buf_add_cstr(out, t->source);
    }
}

static void
officer_items(struct writer *w, struct live_memory *m, const struct live_told *t)
{
    size_t was = m->n_line;

    add_questions(w, m, VIEW_OFFICER, t);
    add_line(w, m, t);
    if (m->n_line != was)
        buf_addf(open_item(w, event_kind_name(t->ev->kind)),
                 ",\"counts\":{\"queued\":%zu}", m->n_line);
    if (queue_touched(t->queue)->broadcast) {
        struct buf *out = open_item(w, event_kind_name(t->ev->kind));
        buf_add_cstr(out, ",\"broadcast\":");
        view_broadcast(queue_broadcast(t->queue), out);
    }
}

/* Only what is shown; also when the shown question's wording changed. */
static void
overlay_items(struct writer *w, struct live_memory *m, const struct live_told *t)
{
    const struct queue_touched *touched = queue_touched(t->queue);
    uint64_t shown = queue_overlay(t->queue);

    if (shown != m->overlay) {
        if (m->overlay != 0)
            gone(w, m, m->overlay);
        if (shown != 0)
            add_question(w, m, VIEW_OVERLAY, t, shown);
        add_shown(w, m, t);
        return;
    }
    for (size_t i = 0; shown != 0 && i < touched->n_len; i++) {
        if (touched->n[i] == shown)
            add_question(w, m, VIEW_OVERLAY, t, shown);
    }
}

void
live_items(struct channel *c, struct live_memory *m, enum view v,
           const struct live_told *t)
{
    struct writer w = {.channel = c, .out = NULL, .seq = t->ev->seq};

    switch (v) {
    case VIEW_STAFF:
    case VIEW_VIEWER:
        console_items(&w, m, v, t);
        break;
    case VIEW_OFFICER:
        officer_items(&w, m, t);
        break;
    case VIEW_OVERLAY:
    case VIEWS:
        overlay_items(&w, m, t);
        break;
    }
    end_item(&w);
}
