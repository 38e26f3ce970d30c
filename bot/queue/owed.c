/* SPDX-License-Identifier: Apache-2.0 */
/* owed.c - the register: what becomes of a question that is owed an answer in writing.
 *
 * A question is in the register while its status is follow_up; here are its four states
 * there and the acts between them. The due date is decided when it comes in, from the
 * terms in working days that the command brings, and stands in the event, so a replay
 * needs no calendar. Whoever comes back from the line keeps the date of the first time:
 * the citizen has waited since then. */
#include "base/mem.h"
#include "base/utf8.h"
#include "queue/state.h"

#define NAME(code, name) name,
static const char *const names[] = {OWED_MAP(NAME)};
#undef NAME

const char *
owed_state_name(enum owed_state s)
{
    return s < OWED_STATES ? names[s] : "unknown";
}

int
owed_state_from_name(struct str name, enum owed_state *out, struct err *e)
{
    for (size_t i = 0; i < OWED_STATES; i++) {
        if (str_eq(name, str_from(names[i]))) {
            *out = (enum owed_state)i;
            return 0;
        }
    }
    return err_set(e, ERR_VALUE, "'%.*s' is no state of the register", STR_ARG(name));
}

/* --- decide */

static void
add_text(struct buf *b, const char *name, struct str value)
{
    buf_addf(b, ",\"%s\":", name);
    buf_add_json(b, value);
}

/* Text that must be there. */
static int
add_needed(struct buf *b, const char *name, struct str value, size_t max, struct err *e)
{
    value = str_trim(value);
    if (value.len == 0)
        return err_set(e, ERR_VALUE, "'%s' is missing", name);
    if (utf8_count(value) > max)
        return err_set(e, ERR_LIMIT, "'%s' is longer than %zu letters", name, max);
    add_text(b, name, value);
    return 0;
}

static int
add_note(struct buf *b, struct str note, struct err *e)
{
    if (utf8_count(note) > BOUNDS_NOTE)
        return err_set(e, ERR_LIMIT, "the note is longer than %d letters", BOUNDS_NOTE);
    if (note.len > 0)
        add_text(b, "note", note);
    return 0;
}

static void
add_day(struct buf *b, const char *name, int64_t day)
{
    char text[WORKDAYS_LEN + 1];

    workdays_write(day, text);
    add_text(b, name, str_from(text));
}

/* A term that ends on a day off ends on the next working one. */
static int
given_day(const struct command *cmd, int64_t *day, struct err *e)
{
    if (workdays_day(cmd->due, day, e) < 0)
        return -1;
    *day = workdays_end(cmd->terms == NULL ? NULL : cmd->terms->calendar, *day);
    return 0;
}

void
owed_add_terms(const struct command *cmd, struct buf *b)
{
    const struct workdays_terms *t = cmd->terms;

    if (t == NULL)
        return;
    int64_t today = workdays_day_of(cmd->at_ms);
    add_day(b, "due", workdays_add(t->calendar, today, t->answer_days));
    add_day(b, "forward_by", workdays_add(t->calendar, today, t->forward_days));
}

int
owed_decide_new(const struct question *item, const struct command *cmd, struct buf *b,
                struct err *e)
{
    bool again = item->owed.at_ms != 0 && item->due != NULL;
    int64_t day = 0;

    if (utf8_count(cmd->unit) > BOUNDS_UNIT)
        return err_set(e, ERR_LIMIT, "the unit's name is longer than %d letters",
                       BOUNDS_UNIT);
    if (cmd->unit.p != NULL)
        add_text(b, "unit", cmd->unit);
    if (cmd->due.len > 0) {
        if (given_day(cmd, &day, e) < 0)
            return -1;
        add_day(b, "due", day);
    } else if (!again) {
        owed_add_terms(cmd, b);
    }
    return 0;
}

static int
check_state(const struct question *item, const struct command *cmd, struct err *e)
{
    enum owed_state s = item->owed.state;
    bool over = s == OWED_ANSWERED || s == OWED_CLOSED;
    bool fits = true;

    if (cmd->act == EVENT_FORWARD || cmd->act == EVENT_EXTEND)
        fits = !over;
    else if (cmd->act == EVENT_ASSIGN || cmd->act == EVENT_RESPOND ||
             cmd->act == EVENT_CLOSE)
        fits = s != OWED_CLOSED;
    else if (cmd->act == EVENT_REOPEN)
        fits = s != OWED_OPEN;
    return fits ? 0
                : err_set(e, ERR_BAD_STATE,
                          "question %llu is '%s' in the register: that does not allow "
                          "'%s'",
                          (unsigned long long)item->no, owed_state_name(s),
                          event_kind_name(cmd->act));
}

static int
extend(const struct question *item, const struct command *cmd, struct buf *b,
       struct err *e)
{
    struct err none = ERR_INIT;
    int64_t day = 0, old = 0;

    if (given_day(cmd, &day, e) < 0)
        return -1;
    if (workdays_day(str_from(item->due), &old, &none) == 0 && day <= old)
        return err_set(e, ERR_VALUE, "it is due on %s already", item->due);
    add_day(b, "due", day);
    return add_needed(b, "reason", cmd->reason, BOUNDS_NOTE, e);
}

static int
assign(const struct question *item, const struct command *cmd, struct buf *b,
       struct err *e)
{
    struct str unit = str_trim(cmd->unit);

    if (str_eq(unit, str_from(item->unit)))
        return 1;
    if (utf8_count(unit) > BOUNDS_UNIT)
        return err_set(e, ERR_LIMIT, "the unit's name is longer than %d letters",
                       BOUNDS_UNIT);
    add_text(b, "unit", unit);
    return 0;
}

int
owed_decide(const struct queue *q, const struct question *item, const struct command *cmd,
            struct buf *b, struct err *e)
{
    (void)q;
    if (item->status != STATUS_FOLLOW_UP)
        return 0; /* reopen: back into the line */
    if (check_state(item, cmd, e) < 0)
        return -1;
    if (cmd->act == EVENT_FORWARD)
        return add_needed(b, "to", cmd->to, BOUNDS_UNIT, e) < 0
                   ? -1
                   : add_note(b, cmd->note, e);
    if (cmd->act == EVENT_EXTEND)
        return extend(item, cmd, b, e);
    if (cmd->act == EVENT_ASSIGN)
        return assign(item, cmd, b, e);
    if (cmd->act == EVENT_RESPOND)
        return add_needed(b, "text", cmd->written, BOUNDS_ANSWER, e);
    if (cmd->act == EVENT_CLOSE)
        return add_note(b, cmd->note, e);
    if (cmd->act == EVENT_APPEAL && item->owed.appeal == cmd->appeal)
        return 1;
    if (cmd->act == EVENT_APPEAL)
        buf_addf(b, ",\"on\":%s", cmd->appeal ? "true" : "false");
    return 0;
}

/* --- apply */

void
owed_begin(struct question *item, const struct event *ev, const json_t *body)
{
    struct owed *o = &item->owed;
    const char *due = body_text(body, "due");

    if (due != NULL)
        state_set_text(&item->due, due);
    if (body_text(body, "forward_by") != NULL)
        state_set_text(&o->forward_by, body_text(body, "forward_by"));
    if (o->at_ms == 0)
        o->at_ms = ev->at_ms;
    o->state = OWED_OPEN;
    o->settled_ms = 0;
    state_set_text(&o->to, NULL);
    state_set_text(&o->closing, NULL);
}

static void
settle(struct owed *o, enum owed_state state, const struct event *ev)
{
    o->state = state;
    o->settled_ms = ev->at_ms;
}

void
owed_apply(struct question *item, const struct event *ev, const json_t *body)
{
    struct owed *o = &item->owed;

    if (ev->kind == EVENT_FORWARD) {
        settle(o, OWED_FORWARDED, ev);
        state_set_text(&o->to, body_text(body, "to"));
        state_set_text(&o->closing, body_text(body, "note"));
    } else if (ev->kind == EVENT_EXTEND) {
        state_set_text(&item->due, body_text(body, "due"));
        state_set_text(&o->extended, body_text(body, "reason"));
    } else if (ev->kind == EVENT_ASSIGN) {
        const char *unit = body_text(body, "unit");
        state_set_text(&item->unit, unit == NULL || unit[0] == '\0' ? NULL : unit);
    } else if (ev->kind == EVENT_RESPOND) {
        settle(o, OWED_ANSWERED, ev);
        state_set_text(&o->written, body_text(body, "text"));
    } else if (ev->kind == EVENT_CLOSE) {
        settle(o, OWED_CLOSED, ev);
        state_set_text(&o->closing, body_text(body, "note"));
    } else if (ev->kind == EVENT_APPEAL) {
        o->appeal = body_bool(body, "on");
    } else if (ev->kind == EVENT_REOPEN) {
        o->state = OWED_OPEN;
        o->settled_ms = 0;
    }
}

void
owed_fini(struct owed *o)
{
    mem_free(o->forward_by);
    mem_free(o->to);
    mem_free(o->extended);
    mem_free(o->written);
    mem_free(o->closing);
}

/* --- undo */

static void
write_text(struct buf *b, const char *name, const char *text)
{
    buf_addf(b, ",\"%s\":", name);
    if (text == NULL)
        buf_add_cstr(b, "null");
    else
        buf_add_json(b, str_from(text));
}

void
owed_write(const struct owed *o, struct buf *b)
{
    buf_addf(b, "{\"at\":%lld,\"settled\":%lld,\"appeal\":%s,\"state\":\"%s\"",
             (long long)o->at_ms, (long long)o->settled_ms, o->appeal ? "true" : "false",
             owed_state_name(o->state));
    write_text(b, "forward_by", o->forward_by);
    write_text(b, "to", o->to);
    write_text(b, "extended", o->extended);
    write_text(b, "written", o->written);
    write_text(b, "closing", o->closing);
    buf_add_char(b, '}');
}

/* `from` NULL: written before there was a register. */
void
owed_restore(struct owed *o, const json_t *from)
{
    const char *state = body_text(from, "state");
    struct err e = ERR_INIT;

    if (state == NULL || owed_state_from_name(str_from(state), &o->state, &e) < 0)
        o->state = OWED_OPEN;
    o->at_ms = (int64_t)body_u64(from, "at");
    o->settled_ms = (int64_t)body_u64(from, "settled");
    o->appeal = body_bool(from, "appeal");
    state_set_text(&o->forward_by, body_text(from, "forward_by"));
    state_set_text(&o->to, body_text(from, "to"));
    state_set_text(&o->extended, body_text(from, "extended"));
    state_set_text(&o->written, body_text(from, "written"));
    state_set_text(&o->closing, body_text(from, "closing"));
}
