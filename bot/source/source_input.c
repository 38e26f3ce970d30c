/* SPDX-License-Identifier: Apache-2.0 */
/* source_input.c - the way of a message from the socket to the sink: in order, at most
 * BOUNDS_SOURCE_TURN in a turn of the loop, and no faster than the sink takes them.
 *
 * Everything that arrives goes through one buffer of lines. The adapter handles a line;
 * when the sink is full the line stays and is handled again later, so adapters keep no
 * queue of their own. When more than BOUNDS_SOURCE_INPUT waits the socket is not read any
 * more, and the platform's server waits in turn. What waits survives the loss of its
 * connection: it was received. */
#include <string.h>

#include "base/bounds.h"
#include "source/adapter.h"

static size_t
waiting(const struct source *s)
{
    return s->input.len - s->input_at;
}

/* The first line that waits, without its line feed. False when none does. */
static bool
first_line(const struct source *s, struct str *line)
{
    if (waiting(s) == 0)
        return false;
    const char *p = s->input.data + s->input_at;
    const char *end =
        memchr(p, '\n', waiting(s)); /* always there: source_input() put it */
    *line = (struct str){.p = p, .len = (size_t)(end - p)};
    return true;
}

/* Gives the room of handled lines back, seldom enough to cost nothing. */
static void
compact(struct source *s)
{
    size_t left = waiting(s);
    if (left == 0) {
        buf_reset(&s->input);
        s->input_at = 0;
    } else if (s->input_at > BOUNDS_SOURCE_INPUT && s->input_at > left) {
        memmove(s->input.data, s->input.data + s->input_at, left);
        buf_truncate(&s->input, left);
        s->input_at = 0;
    }
}

static void
set_paused(struct source *s)
{
    bool pause = waiting(s) > BOUNDS_SOURCE_INPUT || s->blocked;
    if (pause == s->paused || s->adapter->pause == NULL)
        return;
    s->paused = pause;
    s->adapter->pause(s, pause);
}

static void turn_ended(void *arg);

static void
want_turn_end(struct source *s)
{
    if (s->turn_ends || s->closed)
        return; /* after closing, what is deferred would come after the freeing */
    s->turn_ends = true;
    loop_defer(s->env.loop, turn_ended, s);
}

static void
turn_ended(void *arg)
{
    struct source *s = arg;
    if (s->closed)
        return;
    source_drain(s); /* with what this turn has left */
    s->budget = BOUNDS_SOURCE_TURN;
    s->turn_ends = false;
    if (waiting(s) > 0 && !s->blocked)
        want_turn_end(s);
}

void
source_drain(struct source *s)
{
    struct str line;
    while (s->budget > 0 && !s->blocked && !s->closed && first_line(s, &line)) {
        s->adapter->line(s, line);
        /* The handler may have reset the input; a blocked line is handled again. */
        if (!s->blocked && waiting(s) > 0)
            s->input_at += line.len + 1;
    }
    compact(s);
    set_paused(s);
    if (s->budget < BOUNDS_SOURCE_TURN)
        want_turn_end(s);
}

void
source_input(struct source *s, struct str frame)
{
    buf_add_str(&s->input, frame);
    if (frame.len > 0 && frame.p[frame.len - 1] != '\n')
        buf_add_char(&s->input, '\n');
    source_drain(s);
}

void
source_put(struct source *s, const struct message *m)
{
    message_write_json(m, STR_NONE, &s->input);
    buf_add_char(&s->input, '\n');
    source_drain(s);
}

bool
source_is_drained(const struct source *s)
{
    return waiting(s) == 0;
}

void
source_input_reset(struct source *s)
{
    buf_reset(&s->input);
    s->input_at = 0;
    s->blocked = false;
    s->paused = false;
}

static void
count(struct source *s, const struct message *m)
{
    int64_t now = clock_mono_ms(s->clock);
    if (m->id.len > 0 && m->kind == MESSAGE_CHAT)
        source_seen_add(&s->seen, m->id);
    s->heard_at = now;
    s->failures = 0;
    s->status.messages++;
    s->status.last_message_ms = m->received_ms;
    source_rate_add(&s->rate, now);
    if (s->status.state == SOURCE_QUIET)
        source_live(s);
}

bool
source_deliver(struct source *s, const struct message *m)
{
    if (m->kind == MESSAGE_CHAT && m->id.len > 0 && source_seen_has(&s->seen, m->id)) {
        s->status.duplicates++;
        return true;
    }
    struct message stamped = *m;
    stamped.received_ms = clock_wall_ms(s->clock);
    if (!s->env.sink.message(s->env.sink.arg, s, &stamped)) {
        s->blocked = true;
        return false;
    }
    if (s->budget > 0)
        s->budget--;
    count(s, &stamped);
    return true;
}

void
source_line(struct source *s, struct str line)
{
    struct message m;
    json_t *holder;
    struct err e = ERR_INIT;
    if (message_parse(line, &m, NULL, &holder, &e) < 0)
        source_garbage(s, &e);
    else
        (void)source_deliver(s, &m);
    json_decref(holder);
}

void
source_resume(struct source *s)
{
    if (!s->blocked)
        return;
    s->blocked = false;
    if (!s->closed)
        source_drain(s);
}

int
source_push(struct source *s, const struct message *m)
{
    if (!s->enabled || !s->started || s->closed)
        return -1;
    uint64_t duplicates = s->status.duplicates;
    bool taken = source_deliver(s, m);
    s->blocked = false; /* there is no line that waits: the caller comes again */
    if (!taken)
        return -1;
    return s->status.duplicates > duplicates ? 0 : 1;
}
