/* SPDX-License-Identifier: Apache-2.0 */
/* api_rehearsal.c - switches of the current broadcast: the rule that queues by itself,
 * and its rehearsal. POST /broadcasts/{id}/rehearse begins and ends the rehearsal of the
 * current broadcast, and plays the recorded chat into it. The feed stops before the
 * rehearsal ends, so that none of its lines comes into the real broadcast. */
#include "serve/api.h"

#include <inttypes.h>

#include "serve/front.h"

static int
feed(const struct front *f, bool on, struct err *e)
{
    const struct server_sources *s = &f->conf.sources;

    if (s->feed == NULL)
        return on ? err_set(e, ERR_BAD_STATE, "there is no recorded chat here") : 0;
    return s->feed(s->arg, on, e);
}

static int
rehearse(const struct front *f, struct exchange *x, bool on, struct err *e)
{
    char actor[ACCOUNTS_NAME + 8];
    struct stream *s = f->conf.stream;
    struct command cmd = {.kind = COMMAND_BROADCAST,
                          .broadcast_op =
                              on ? BROADCAST_REHEARSE : BROADCAST_REHEARSE_END,
                          .role = x->who.role,
                          .actor = exchange_actor(x, actor)};

    if (on && journal_is_erasing(stream_journal(s)))
        return err_set(e, ERR_BAD_STATE, "the last rehearsal is still being erased");
    if (!on && feed(f, false, e) < 0)
        return -1;
    return stream_do(s, &cmd, NULL, e) < 0 ? -1 : 0;
}

/* The path names the current broadcast; else answered with 409 or 404. */
static bool
is_current(const struct front *f, struct exchange *x)
{
    const struct broadcast *now = queue_broadcast(stream_queue(f->conf.stream));
    uint64_t id;

    if (!front_number(x, 0, &id))
        return false;
    if (now != NULL && now->id == id)
        return true;
    http_problem(&x->res, 409, "conflict", "broadcast %" PRIu64 " is not the current one",
                 id);
    return false;
}

static void
answer(const struct front *f, struct exchange *x)
{
    const struct queue *q = stream_queue(f->conf.stream);
    struct buf *out = http_json(&x->res, 200);

    buf_addf(out, "{\"seq\":%" PRIu64 ",\"broadcast\":", queue_seq(q));
    view_broadcast(queue_broadcast(q), out);
    buf_add_char(out, '}');
    x->res.hold = queue_seq(q);
}

void
api_broadcast_auto_queue(struct front *f, struct exchange *x)
{
    char actor[ACCOUNTS_NAME + 8];
    struct command cmd = {
        .kind = COMMAND_AUTO, .role = x->who.role, .actor = exchange_actor(x, actor)};
    struct err e = ERR_INIT;
    bool given = false;

    if (!is_current(f, x) || !front_bool(x, "on", &cmd.enabled, &given))
        return;
    if (!given)
        http_problem(&x->res, 422, "unprocessable", "'on' is missing");
    else if (stream_do(f->conf.stream, &cmd, NULL, &e) < 0)
        front_refuse(f, x, &e);
    else
        answer(f, x);
}

void
api_broadcast_rehearse(struct front *f, struct exchange *x)
{
    const struct queue *q = stream_queue(f->conf.stream);
    bool on = false, has_on, playing = false, has_feed;
    struct err e = ERR_INIT;

    if (!is_current(f, x) || !front_bool(x, "on", &on, &has_on) ||
        !front_bool(x, "feed", &playing, &has_feed))
        return;
    if (!has_on && !has_feed) {
        http_problem(&x->res, 422, "unprocessable", "say 'on' or 'feed'");
        return;
    }
    int rc = has_on ? rehearse(f, x, on, &e) : 0;
    if (rc == 0 && has_feed && !queue_rehearses(q))
        rc = playing ? err_set(&e, ERR_BAD_STATE, "no rehearsal is under way") : 0;
    else if (rc == 0 && has_feed)
        rc = feed(f, playing, &e);
    if (rc < 0)
        front_refuse(f, x, &e);
    else
        answer(f, x);
}
