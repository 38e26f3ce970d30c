/* SPDX-License-Identifier: Apache-2.0 */
/* api_promises.c - the promises board: read, stamp, change. What is allowed is decided by
 * the queue, as for acts. */
#include "serve/api.h"

#include <inttypes.h>
#include <string.h>

#include "serve/front.h"

enum { DUE_MAX = 64 };

static const struct queue *
queue_of(const struct front *f)
{
    return stream_queue(f->conf.stream);
}

/* ?state=open,done ; the newest first. */
static int
read_states(const char *query, unsigned *out, struct err *e)
{
    struct buf text = BUF_INIT;
    int rc = 0;

    (void)http_query(query, "state", &text);
    struct str list = buf_str(&text), one;
    while (rc == 0 && list.len > 0 && str_split(&list, ',', &one)) {
        enum promise_state s = PROMISE_OPEN;
        rc = promise_state_from_name(one, &s, e);
        *out |= 1u << s;
    }
    buf_fini(&text);
    return rc;
}

void
api_promises_get(struct front *f, struct exchange *x)
{
    const struct queue *q = queue_of(f);
    unsigned states = 0;
    struct err e = ERR_INIT;
    bool any = false;

    if (read_states(x->req.query, &states, &e) < 0) {
        http_problem(&x->res, 400, "bad_request", "%s", e.msg);
        return;
    }
    struct buf *out = http_json(&x->res, 200);
    buf_add_cstr(out, "{\"items\":[");
    for (size_t i = queue_promises(q); i-- > 0;) {
        const struct promise *p = queue_promise_at(q, i);
        if (states != 0 && (states & (1u << p->state)) == 0)
            continue;
        buf_add_cstr(out, any ? "," : "");
        view_promise(q, p, out);
        any = true;
    }
    buf_add_cstr(out, "],\"next\":null}");
    x->res.hold = queue_seq(q);
}

/* A refusal for an old version carries the promise as it is now. */
static void
refuse(struct front *f, struct exchange *x, const struct err *e, uint64_t id)
{
    const struct promise *p = queue_promise(queue_of(f), id);

    if (p == NULL || (e->code != ERR_CONFLICT && e->code != ERR_BAD_STATE)) {
        front_refuse(f, x, e);
        return;
    }
    struct buf *out = http_problem_open(&x->res, 409, "conflict", e->msg);
    buf_add_cstr(out, ",\"promise\":");
    view_promise(queue_of(f), p, out);
    buf_add_char(out, '}');
    x->res.hold = queue_seq(queue_of(f));
}

static void
carry_out(struct front *f, struct exchange *x, struct command *cmd)
{
    char actor[ACCOUNTS_NAME + 8];
    uint64_t seq = 0;
    struct err e = ERR_INIT;

    cmd->kind = COMMAND_PROMISE;
    cmd->role = x->who.role;
    cmd->actor = exchange_actor(x, actor);
    if (stream_do(f->conf.stream, cmd, &seq, &e) < 0) {
        refuse(f, x, &e, cmd->promise);
        return;
    }
    const struct promise *p =
        queue_promise(queue_of(f), cmd->promise == 0 ? seq : cmd->promise);
    struct buf *out = http_json(&x->res, 200);
    buf_addf(out, "{\"seq\":%" PRIu64 ",\"promise\":", seq);
    view_promise(queue_of(f), p, out);
    buf_add_char(out, '}');
    x->res.hold = seq;
}

static bool
read_words(struct exchange *x, struct command *cmd)
{
    return front_string(x, "text", BOUNDS_NOTE, &cmd->text[0]) &&
           front_string(x, "until", DUE_MAX, &cmd->due) &&
           front_string(x, "unit", BOUNDS_UNIT, &cmd->unit);
}

void
api_promises_post(struct front *f, struct exchange *x)
{
    struct command cmd = {.promise_op = PROMISE_MAKE};
    bool given;

    if (read_words(x, &cmd) && front_u64(x, "n", &cmd.n, &given))
        carry_out(f, x, &cmd);
}

void
api_promise_act(struct front *f, struct exchange *x)
{
    static const struct {
        const char *name;
        enum promise_op op;
    } acts[] = {{"done", PROMISE_DO},
                {"drop", PROMISE_DROP},
                {"reopen", PROMISE_REOPEN},
                {"edit", PROMISE_EDIT}};
    struct command cmd = {.kind = COMMAND_PROMISE};
    bool given;

    if (!front_number(x, 0, &cmd.promise) ||
        !front_u64(x, "version", &cmd.version, &given) || !read_words(x, &cmd) ||
        !front_string(x, "note", BOUNDS_NOTE, &cmd.note))
        return;
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        if (!str_eq(buf_str(&x->param[1]), str_from(acts[i].name)))
            continue;
        cmd.promise_op = acts[i].op;
        if (!given)
            http_problem(&x->res, 400, "bad_request", "'version' is missing");
        else if (cmd.promise == 0)
            http_problem(&x->res, 404, "not_found", "there is no promise 0");
        else
            carry_out(f, x, &cmd);
        return;
    }
    http_problem(&x->res, 404, "not_found", "there is no act '%s'", x->param[1].data);
}
