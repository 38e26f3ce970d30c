/* SPDX-License-Identifier: Apache-2.0 */
/* promise.c - the promises board: one kind of event, whose `op` says what was done.
 *
 * A promise has the number of the event that made it, so nothing has to be remembered
 * when that event's words are erased: then the promise is gone, and later events about it
 * find nothing. Each change names the version that it was decided on, as acts on
 * questions do. */
#include "queue/promise.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "queue/state.h"

#define NAME(code, name) name,
static const char *const names[] = {PROMISE_STATE_MAP(NAME)};
#undef NAME
static const char *const ops[] = {[PROMISE_MAKE] = "make",
                                  [PROMISE_EDIT] = "edit",
                                  [PROMISE_DO] = "done",
                                  [PROMISE_DROP] = "drop",
                                  [PROMISE_REOPEN] = "reopen"};

const char *
promise_state_name(enum promise_state s)
{
    return s < PROMISE_STATES ? names[s] : "unknown";
}

int
promise_state_from_name(struct str name, enum promise_state *out, struct err *e)
{
    for (size_t i = 0; i < PROMISE_STATES; i++) {
        if (str_eq(name, str_from(names[i]))) {
            *out = (enum promise_state)i;
            return 0;
        }
    }
    return err_set(e, ERR_VALUE, "'%.*s' is no state of a promise", STR_ARG(name));
}

size_t
queue_promises(const struct queue *q)
{
    return q->n_promises;
}

const struct promise *
queue_promise_at(const struct queue *q, size_t i)
{
    return &q->promises[i];
}

static struct promise *
find(const struct queue *q, uint64_t id)
{
    for (size_t i = 0; i < q->n_promises; i++) {
        if (q->promises[i].id == id)
            return &q->promises[i];
    }
    return NULL;
}

const struct promise *
queue_promise(const struct queue *q, uint64_t id)
{
    return find(q, id);
}

/* --- decide */

static int
add_text(struct buf *b, const char *name, struct str value, size_t max, struct err *e)
{
    value = str_trim(value);
    if (utf8_count(value) > max)
        return err_set(e, ERR_LIMIT, "'%s' is longer than %zu letters", name, max);
    if (value.len > 0) {
        buf_addf(b, ",\"%s\":", name);
        buf_add_json(b, value);
    }
    return 0;
}

/* What is promised: made or changed, it is given whole. */
static int
add_words(const struct queue *q, const struct command *cmd, struct buf *b, struct err *e)
{
    int64_t day;

    if (str_trim(cmd->text[0]).len == 0)
        return err_set(e, ERR_VALUE, "say what was promised");
    if (cmd->due.len > 0 && workdays_day(cmd->due, &day, e) < 0)
        return -1;
    if (cmd->n != 0 && queue_find(q, cmd->n) == NULL)
        return err_set(e, ERR_MISSING, "there is no question %llu",
                       (unsigned long long)cmd->n);
    if (add_text(b, "text", cmd->text[0], BOUNDS_NOTE, e) < 0 ||
        add_text(b, "unit", cmd->unit, BOUNDS_UNIT, e) < 0)
        return -1;
    return add_text(b, "until", cmd->due, WORKDAYS_LEN, e);
}

static int
check_change(const struct promise *p, const struct command *cmd, struct err *e)
{
    bool open = p != NULL && p->state == PROMISE_OPEN;

    if (p == NULL)
        return err_set(e, ERR_MISSING, "there is no promise %llu",
                       (unsigned long long)cmd->promise);
    if (p->version != cmd->version)
        return err_set(e, ERR_CONFLICT, "the promise was changed meanwhile by %s",
                       p->changed_by == NULL ? p->by : p->changed_by);
    if (open == (cmd->promise_op == PROMISE_REOPEN))
        return err_set(e, ERR_BAD_STATE, "the promise is %s",
                       promise_state_name(p->state));
    return 0;
}

/* How long into the broadcast; -1: none is live. */
static int64_t
place(const struct queue *q, const struct command *cmd)
{
    const struct broadcast *now = queue_broadcast(q);
    bool live = now != NULL && now->status == BROADCAST_LIVE && now->started_at_ms != 0;

    return live && cmd->at_ms >= now->started_at_ms ? cmd->at_ms - now->started_at_ms
                                                    : -1;
}

int
promise_decide(const struct queue *q, const struct command *cmd, struct event *ev,
               struct err *e)
{
    struct buf *b = &ev->body;
    bool makes = cmd->promise_op == PROMISE_MAKE;

    if (cmd->role != ROLE_MODERATOR && cmd->role != ROLE_ADMIN)
        return err_set(e, ERR_PERM, "a %s may not note promises", role_name(cmd->role));
    if (makes && q->n_promises >= BOUNDS_PROMISES)
        return err_set(e, ERR_LIMIT, "there are %d promises", BOUNDS_PROMISES);
    if (!makes && check_change(find(q, cmd->promise), cmd, e) < 0)
        return -1;
    ev->kind = EVENT_PROMISE;
    buf_addf(b, "{\"op\":\"%s\"", ops[cmd->promise_op]);
    if (makes)
        buf_addf(b, ",\"n\":%llu,\"place\":%lld", (unsigned long long)cmd->n,
                 (long long)place(q, cmd));
    else
        buf_addf(b, ",\"promise\":%llu", (unsigned long long)cmd->promise);
    int rc = makes || cmd->promise_op == PROMISE_EDIT
                 ? add_words(q, cmd, b, e)
                 : add_text(b, "note", cmd->note, BOUNDS_NOTE, e);
    buf_add_char(b, '}');
    return rc;
}

/* --- apply */

static void
set_words(struct promise *p, const json_t *body)
{
    const char *text = body_text(body, "text");

    state_set_text(&p->text, text == NULL ? "" : text);
    state_set_text(&p->unit, body_text(body, "unit"));
    state_set_text(&p->until, body_text(body, "until"));
}

static struct promise *
make(struct queue *q, const struct event *ev, const json_t *body)
{
    struct question *item = state_known(q, body_u64(body, "n"));

    if (q->n_promises >= BOUNDS_PROMISES)
        return NULL; /* not decided so */
    if ((q->n_promises & (q->n_promises + 1)) == 0)
        q->promises =
            mem_resize(q->promises, 2 * q->n_promises + 2, sizeof(*q->promises));
    struct promise *p = &q->promises[q->n_promises++];
    *p = (struct promise){
        .id = ev->seq,
        .broadcast = ev->broadcast,
        .n = body_u64(body, "n"),
        .at_ms = ev->at_ms,
        .place_ms = json_integer_value(json_object_get(body, "place")),
        .by = mem_strdup(ev->actor),
    };
    set_words(p, body);
    if (item != NULL)
        state_note_act(item, ev);
    return p;
}

static void
change(struct promise *p, const struct event *ev, const json_t *body, const char *op)
{
    if (strcmp(op, "edit") == 0) {
        set_words(p, body);
    } else {
        p->state = strcmp(op, "done") == 0   ? PROMISE_DONE
                   : strcmp(op, "drop") == 0 ? PROMISE_DROPPED
                                             : PROMISE_OPEN;
        state_set_text(&p->note, body_text(body, "note"));
    }
    state_set_text(&p->changed_by, ev->actor);
    p->changed_ms = ev->at_ms;
}

void
promise_apply(struct queue *q, const struct event *ev, const json_t *body)
{
    const char *op = body_text(body, "op");
    struct promise *p;

    if (op == NULL)
        return; /* erased */
    if (strcmp(op, "make") == 0)
        p = make(q, ev, body);
    else
        p = find(q, body_u64(body, "promise"));
    if (p == NULL)
        return;
    if (p->id != ev->seq)
        change(p, ev, body, op);
    p->version++;
    q->touched.promise = p->id;
}

void
promise_fini(struct promise *p)
{
    mem_free(p->text);
    mem_free(p->until);
    mem_free(p->unit);
    mem_free(p->by);
    mem_free(p->note);
    mem_free(p->changed_by);
}
