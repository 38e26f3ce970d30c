/* SPDX-License-Identifier: Apache-2.0 */
/* source_replay.c - a recording as a chat. It listens to the loopback server that plays
 * the file (replay_server.c) with the same WebSocket client as every other source, so a
 * demo and a load test take the real way. The position belongs to the server: a lost
 * connection goes on where it was. When the file has been played the source has ended;
 * switched off and on again it plays once more, as a further round.
 *
 * A recording that is played once keeps its ids, so that after a restart what was already
 * taken is recognised. One that repeats has no end to come back to: its rounds are
 * counted from the time of its start, and each start is a new conversation. */
#include "base/mem.h"
#include "source/adapter.h"
#include "source/replay.h"

struct replay {
    struct replay_stream *stream; /* owned; NULL before the first start */
    struct ws *ws;                /* owned; NULL when off */
    unsigned round;               /* the next one to be played */
};

static int
replay_check(struct source *s, struct err *e)
{
    if (s->file == NULL)
        return err_set(e, ERR_VALUE, "'file' is missing");
    s->own = mem_zalloc(sizeof(struct replay));
    ((struct replay *)s->own)->round =
        s->repeat ? (unsigned)(clock_wall_ms(s->clock) / 1000) : 1;
    return 0;
}

static void
bad_line(void *arg, const struct err *e)
{
    source_garbage(arg, e);
}

static void
on_open(void *arg)
{
    source_live(arg);
}

static void
on_frame(void *arg, struct str frame)
{
    source_input(arg, frame);
}

static void
on_closed(void *arg, const char *code, const struct err *e)
{
    struct source *s = arg;
    struct replay *r = s->own;
    if (replay_stream_is_finished(r->stream))
        source_ended(s);
    else
        source_lost(s, code, "%s", e->msg);
}

/* A new stream unless one waits to go on. */
static int
open_stream(struct source *s, struct err *e)
{
    struct replay *r = s->own;
    struct replay_conf conf = {.path = s->file,
                               .speed = s->speed,
                               .repeat = s->repeat,
                               .round = r->round,
                               .bad_line = bad_line,
                               .arg = s};
    if (r->stream != NULL && !replay_stream_is_finished(r->stream))
        return 0;
    if (r->stream != NULL)
        conf.round = r->round = replay_stream_round(r->stream) + 1;
    replay_stream_close(&r->stream);
    r->stream = replay_stream_open(s->env.loop, &conf, e);
    return r->stream != NULL ? 0 : -1;
}

static void
replay_start(struct source *s)
{
    struct replay *r = s->own;
    struct err e = ERR_INIT;
    struct ws_events on = {
        .open = on_open, .message = on_frame, .closed = on_closed, .arg = s};
    if (open_stream(s, &e) < 0) {
        source_refused(s, "refused", "%s", e.msg);
        return;
    }
    struct ws_conf conf = {.url = replay_stream_url(r->stream),
                           .connect_ms = s->timing.connect};
    r->ws = ws_open(s->env.loop, s->env.worker, &conf, &on, &e);
    if (r->ws == NULL)
        source_lost(s, "refused", "%s", e.msg);
}

static void
replay_stop(struct source *s)
{
    struct replay *r = s->own;
    ws_close(&r->ws);
    /* Now and not when freed: the server may be gone by then. */
    if (s->closed)
        replay_stream_close(&r->stream);
}

static void
replay_free(struct source *s)
{
    mem_free(s->own);
}

/* What is written now was said now. */
static void
replay_line(struct source *s, struct str line)
{
    struct message m;
    json_t *holder;
    struct err e = ERR_INIT;
    if (message_parse(line, &m, NULL, &holder, &e) < 0) {
        source_garbage(s, &e);
        return;
    }
    m.at_ms = clock_wall_ms(s->clock);
    (void)source_deliver(s, &m);
    json_decref(holder);
}

static void
replay_pause(struct source *s, bool paused)
{
    struct replay *r = s->own;
    if (r->ws != NULL)
        ws_pause(r->ws, paused);
}

const struct source_adapter source_replay = {.kind = "replay",
                                             .check = replay_check,
                                             .start = replay_start,
                                             .stop = replay_stop,
                                             .free = replay_free,
                                             .line = replay_line,
                                             .pause = replay_pause};
