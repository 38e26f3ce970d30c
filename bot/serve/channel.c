/* SPDX-License-Identifier: Apache-2.0 */
/* channel.c - one role group's stream of frames.
 *
 * Items wait in one buffer, joined by commas, with a mark behind each; making a frame
 * copies the part that is durable. The ring is an array of shared frames, oldest first,
 * that is cut at the front when it holds too many bytes. `start` is the newest event that
 * the ring does not know about: a client that has seen it, or anything later, can go on
 * without a snapshot. */
#include "serve/channel.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"

struct mark {
    uint64_t seq;
    size_t end; /* in the pending buffer */
};

struct channel {
    struct buf pending;
    struct mark *marks; /* owned */
    size_t n_marks, cap_marks;
    size_t done;           /* marks already in frames */
    struct frame **frames; /* owned references; [head, n_frames) */
    size_t head, n_frames, cap_frames;
    size_t bytes, cap;
    uint64_t start;
    uint64_t newest; /* of what was put in, or start */
};

struct frame *
frame_new_take(struct buf *text, uint64_t first, uint64_t last)
{
    struct frame *f = mem_zalloc(sizeof(*f));

    f->refs = 1;
    f->first = first;
    f->last = last;
    f->len = text->len;
    f->text = buf_steal(text);
    return f;
}

struct frame *
frame_ref(struct frame *f)
{
    f->refs++;
    return f;
}

void
frame_unref(struct frame *f)
{
    if (f == NULL || --f->refs > 0)
        return;
    mem_free(f->text);
    mem_free(f);
}

struct channel *
channel_new(uint64_t seq, size_t cap)
{
    struct channel *c = mem_zalloc(sizeof(*c));

    c->start = c->newest = seq;
    c->cap = cap;
    return c;
}

void
channel_free(struct channel **cp)
{
    struct channel *c = *cp;

    if (c == NULL)
        return;
    *cp = NULL;
    for (size_t i = c->head; i < c->n_frames; i++)
        frame_unref(c->frames[i]);
    mem_free(c->frames);
    mem_free(c->marks);
    buf_fini(&c->pending);
    mem_free(c);
}

struct buf *
channel_begin(struct channel *c)
{
    if (c->n_marks > c->done)
        buf_add_char(&c->pending, ',');
    return &c->pending;
}

void
channel_end(struct channel *c, uint64_t seq)
{
    assert(seq >= c->newest);
    if (c->n_marks == c->cap_marks) {
        c->cap_marks = c->cap_marks == 0 ? 64 : c->cap_marks * 2;
        c->marks = mem_resize(c->marks, c->cap_marks, sizeof(*c->marks));
    }
    c->marks[c->n_marks++] = (struct mark){seq, c->pending.len};
    c->newest = seq;
}

uint64_t
channel_first_pending(const struct channel *c)
{
    return c->done < c->n_marks ? c->marks[c->done].seq : 0;
}

bool
channel_has_due(const struct channel *c, uint64_t durable)
{
    return c->done < c->n_marks && c->marks[c->done].seq <= durable;
}

static void
keep(struct channel *c, struct frame *f)
{
    if (c->n_frames == c->cap_frames && c->head > c->n_frames / 2) {
        memmove(c->frames, c->frames + c->head,
                (c->n_frames - c->head) * sizeof(struct frame *));
        c->n_frames -= c->head;
        c->head = 0;
    }
    if (c->n_frames == c->cap_frames) {
        c->cap_frames = c->cap_frames == 0 ? 64 : c->cap_frames * 2;
        c->frames = mem_resize(c->frames, c->cap_frames, sizeof(struct frame *));
    }
    c->frames[c->n_frames++] = f;
    c->bytes += f->len;
    while (c->bytes > c->cap && c->head + 1 < c->n_frames) {
        struct frame *old = c->frames[c->head++];
        c->start = old->last;
        c->bytes -= old->len;
        frame_unref(old);
    }
}

/* Everything is in frames: begin anew, giving back what a flood had needed. */
static void
tidy(struct channel *c)
{
    if (c->done < c->n_marks)
        return;
    c->done = c->n_marks = 0;
    if (c->pending.cap > 1024 * 1024)
        buf_fini(&c->pending);
    else
        buf_reset(&c->pending);
}

struct frame *
channel_cut(struct channel *c, uint64_t limit)
{
    size_t begin = c->done == 0 ? 0 : c->marks[c->done - 1].end;
    size_t end = c->done;
    struct buf text = BUF_INIT;

    while (end < c->n_marks && c->marks[end].seq <= limit)
        end++;
    if (end == c->done)
        return NULL;
    if (c->done > 0)
        begin++; /* the comma */
    size_t len = c->marks[end - 1].end - begin;
    buf_reserve(&text, len + 32);
    buf_add_cstr(&text, "{\"type\":\"events\",\"items\":[");
    buf_add(&text, c->pending.data + begin, len);
    buf_add_cstr(&text, "]}");
    struct frame *f = frame_new_take(&text, c->marks[c->done].seq, c->marks[end - 1].seq);
    c->done = end;
    tidy(c);
    keep(c, f);
    return f;
}

bool
channel_resume(const struct channel *c, uint64_t seq, size_t *index, size_t *bytes)
{
    uint64_t first_pending = channel_first_pending(c);

    if (seq < c->start || (first_pending != 0 && seq >= first_pending))
        return false;
    *bytes = 0;
    *index = 0;
    for (size_t i = c->n_frames; i-- > c->head;) {
        const struct frame *f = c->frames[i];
        if (f->last <= seq) {
            *index = i + 1 - c->head;
            return true;
        }
        if (f->first <= seq)
            return false;
        *bytes += f->len;
    }
    return true;
}

size_t
channel_frames(const struct channel *c)
{
    return c->n_frames - c->head;
}

struct frame *
channel_frame(const struct channel *c, size_t i)
{
    assert(c->head + i < c->n_frames);
    return c->frames[c->head + i];
}
