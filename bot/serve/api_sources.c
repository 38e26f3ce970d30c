/* SPDX-License-Identifier: Apache-2.0 */
/* api_sources.c - attached chats and broadcasts. The registry of sources (server.h)
 * checks, applies and journals; broadcasts are commands to the stream like any other. */
#include "serve/api.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "serve/front.h"
#include "serve/state.h"
#include "source/source.h"

enum { TITLE_MAX = 200, SEND_MAX = 500 };

void
api_sources_get(struct front *f, struct exchange *x)
{
    struct buf *out = http_json(&x->res, 200);

    buf_add_cstr(out, "{\"items\":");
    state_sources(f, out);
    buf_add_cstr(out, ",\"next\":null,\"kinds\":[");
    for (const char *const *kind = source_kinds(); *kind != NULL; kind++)
        buf_addf(out, "%s\"%s\"", kind == source_kinds() ? "" : ",", *kind);
    buf_add_cstr(out, "]}");
    x->res.hold = queue_seq(stream_queue(f->conf.stream));
}

static void
answer(struct front *f, struct exchange *x, const char *name, uint64_t seq)
{
    struct buf *out = http_json(&x->res, 200);

    buf_addf(out, "{\"seq\":%" PRIu64 ",\"source\":", seq);
    if (!state_source(f, str_from(name), out))
        buf_add_cstr(out, "null");
    buf_add_char(out, '}');
    x->res.hold = seq;
}

void
api_sources_post(struct front *f, struct exchange *x)
{
    struct str kind, target, name, url;
    char actor[ACCOUNTS_NAME + 8];
    struct server_person who = {.actor = exchange_actor(x, actor), .role = x->who.role};
    struct server_source_made made = {.seq = 0};
    struct err e = ERR_INIT;

    if (!front_string(x, "kind", 32, &kind) ||
        !front_string(x, "target", BOUNDS_TARGET / 4, &target) ||
        !front_string(x, "name", BOUNDS_SOURCE_NAME / 4, &name) ||
        !front_string(x, "url", BOUNDS_TARGET / 4, &url))
        return;
    if (kind.len == 0) {
        http_problem(&x->res, 422, "unprocessable", "'kind' is missing");
        return;
    }
    struct server_source_wish wish = {kind.p, target.p, name.p, url.p};
    if (f->conf.sources.add(f->conf.sources.arg, &who, &wish, &made, &e) < 0)
        front_refuse(f, x, &e);
    else
        answer(f, x, made.name, made.seq);
}

void
api_source_patch(struct front *f, struct exchange *x)
{
    struct str target;
    bool enabled = false, given;
    char actor[ACCOUNTS_NAME + 8];
    struct server_person who = {.actor = exchange_actor(x, actor), .role = x->who.role};
    struct server_source_made made = {.seq = 0};
    struct err e = ERR_INIT;

    if (!front_string(x, "target", BOUNDS_TARGET / 4, &target) ||
        !front_bool(x, "enabled", &enabled, &given))
        return;
    struct server_source_change change = {
        .name = x->param[0].data, .target = target.p, .enabled = given ? &enabled : NULL};
    if (f->conf.sources.change(f->conf.sources.arg, &who, &change, &made, &e) < 0)
        front_refuse(f, x, &e);
    else
        answer(f, x, made.name, made.seq);
}

void
api_source_send(struct front *f, struct exchange *x)
{
    struct str text, reply_to;
    struct err e = ERR_INIT;

    if (!front_string(x, "text", SEND_MAX, &text) ||
        !front_string(x, "reply_to", BOUNDS_ID / 4, &reply_to))
        return;
    if (str_trim(text).len == 0)
        http_problem(&x->res, 422, "unprocessable", "'text' is missing");
    else if (f->conf.sources.send(f->conf.sources.arg, x->param[0].data, text, reply_to,
                                  &e) < 0)
        http_problem_err(&x->res, &e);
    else
        buf_add_cstr(http_json(&x->res, 202), "{\"queued\":true}");
}

/* The program's own replies into this chat: stopped or resumed by a person. */
void
api_source_replies(struct front *f, struct exchange *x)
{
    char actor[ACCOUNTS_NAME + 8];
    struct command cmd = {.kind = COMMAND_REPLY,
                          .role = x->who.role,
                          .actor = exchange_actor(x, actor),
                          .source = buf_str(&x->param[0]),
                          .reason = STR_LIT("by_hand")};
    struct buf known = BUF_INIT;
    struct err e = ERR_INIT;
    bool on = false, given = false;
    uint64_t seq = 0;

    if (!front_bool(x, "on", &on, &given))
        return;
    bool has = state_source(f, cmd.source, &known);
    buf_fini(&known);
    cmd.reply_outcome = on ? REPLY_RESUMED : REPLY_STOPPED;
    if (!given)
        http_problem(&x->res, 422, "unprocessable", "'on' is missing");
    else if (!has)
        http_problem(&x->res, 404, "not_found", "there is no source '%s'",
                     x->param[0].data);
    else if (stream_do(f->conf.stream, &cmd, &seq, &e) < 0)
        front_refuse(f, x, &e);
    else
        answer(f, x, x->param[0].data, seq);
}

void
api_broadcasts_get(struct front *f, struct exchange *x)
{
    const struct queue *q = stream_queue(f->conf.stream);
    struct buf *out = http_json(&x->res, 200);

    buf_add_cstr(out, "{\"items\":[");
    for (size_t i = queue_broadcasts(q); i-- > 0;) {
        view_broadcast(queue_broadcast_at(q, i), out);
        buf_add_cstr(out, i > 0 ? "," : "");
    }
    buf_add_cstr(out, "],\"next\":null}");
    x->res.hold = queue_seq(q);
}

static void
broadcast(struct front *f, struct exchange *x, struct command *cmd)
{
    char actor[ACCOUNTS_NAME + 8];
    uint64_t seq = 0;
    struct err e = ERR_INIT;

    cmd->kind = COMMAND_BROADCAST;
    cmd->role = x->who.role;
    cmd->actor = exchange_actor(x, actor);
    if (stream_do(f->conf.stream, cmd, &seq, &e) < 0) {
        front_refuse(f, x, &e);
        return;
    }
    struct buf *out = http_json(&x->res, 200);
    buf_addf(out, "{\"seq\":%" PRIu64 ",\"broadcast\":", seq);
    view_broadcast(queue_broadcast(stream_queue(f->conf.stream)), out);
    buf_add_char(out, '}');
    x->res.hold = seq;
}

void
api_broadcasts_post(struct front *f, struct exchange *x)
{
    struct command cmd = {.broadcast_op = BROADCAST_START};

    if (front_string(x, "title", TITLE_MAX, &cmd.title))
        broadcast(f, x, &cmd);
}

void
api_broadcast_end(struct front *f, struct exchange *x)
{
    static const struct {
        const char *name;
        enum broadcast_open_items items;
    } fates[] = {
        {"carry", OPEN_CARRY}, {"follow_up", OPEN_FOLLOW_UP}, {"reject", OPEN_REJECT}};
    struct command cmd = {.broadcast_op = BROADCAST_END};
    const struct broadcast *now = queue_broadcast(stream_queue(f->conf.stream));
    struct str open;
    uint64_t id;

    if (!front_number(x, 0, &id) || !front_string(x, "open", 16, &open))
        return;
    if (now == NULL || now->id != id) {
        http_problem(&x->res, 409, "conflict",
                     "broadcast %" PRIu64 " is not the current one", id);
        return;
    }
    for (size_t i = 0; i < sizeof(fates) / sizeof(fates[0]); i++) {
        if (!str_eq(open, str_from(fates[i].name)))
            continue;
        cmd.open_items = fates[i].items;
        broadcast(f, x, &cmd);
        return;
    }
    http_problem(&x->res, 422, "unprocessable", "'open' is carry, follow_up or reject");
}
