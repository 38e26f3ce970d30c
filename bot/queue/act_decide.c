/* SPDX-License-Identifier: Apache-2.0 */
/* act_decide.c - who may do what to a question, and from where: one row for each act.
 *
 * The row says the statuses and roles that allow it and which function, if any, checks
 * the rest and adds the act's own members to the event. Checks come in the order in which
 * a person can understand them: no such question, not your role, not from this status,
 * somebody was faster, something wrong with what you sent. */
#include "base/utf8.h"
#include "queue/state.h"

#define S(status) (1u << (status))
#define ANY                                                                     \
    (S(STATUS_NEW) | S(STATUS_QUEUED) | S(STATUS_ON_AIR) | S(STATUS_ANSWERED) | \
     S(STATUS_FOLLOW_UP) | S(STATUS_REJECTED))
#define R(role)      (1u << (role))
#define MODERATORS   (R(ROLE_MODERATOR) | R(ROLE_ADMIN))
#define WITH_OFFICER (MODERATORS | R(ROLE_OFFICER))

typedef int (*act_fn)(const struct queue *q, const struct question *item,
                      const struct command *cmd, struct buf *b, struct err *e);

struct act {
    unsigned from, roles;
    act_fn check;
};

static const char *const lang_names[LANG_TEXTS] = {"kk", "ru", "en"};

static void
add_member(struct buf *b, const char *name, struct str value)
{
    buf_addf(b, ",\"%s\":", name);
    buf_add_json(b, value);
}

static int
check_length(struct str s, size_t max, const char *what, struct err *e)
{
    if (utf8_count(s) > max)
        return err_set(e, ERR_LIMIT, "the %s is longer than %zu letters", what, max);
    return 0;
}

static int
reject(const struct queue *q, const struct question *item, const struct command *cmd,
       struct buf *b, struct err *e)
{
#define REASON_NAME(code, name) name,
    static const char *const reasons[] = {REASON_MAP(REASON_NAME)};
#undef REASON_NAME

    (void)q;
    (void)item;
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (!str_eq(cmd->reason, str_from(reasons[i])))
            continue;
        add_member(b, "reason", cmd->reason);
        if (cmd->note.p != NULL)
            add_member(b, "note", cmd->note);
        return check_length(cmd->note, BOUNDS_NOTE, "note", e);
    }
    return err_set(
        e, ERR_VALUE,
        "'%.*s' is no reason: abuse, off_topic, private, repeat, answered, spam or other",
        STR_ARG(cmd->reason));
}

static int
air(const struct queue *q, const struct question *item, const struct command *cmd,
    struct buf *b, struct err *e)
{
    (void)item;
    (void)cmd;
    (void)e;
    if (q->on_air != 0)
        buf_addf(b, ",\"answered\":%llu", (unsigned long long)q->on_air);
    return 0;
}

static int
with_note(const struct queue *q, const struct question *item, const struct command *cmd,
          struct buf *b, struct err *e)
{
    (void)q;
    (void)item;
    if (cmd->note.p != NULL)
        add_member(b, "note", cmd->note);
    return check_length(cmd->note, BOUNDS_NOTE, "note", e);
}

static int
follow_up(const struct queue *q, const struct question *item, const struct command *cmd,
          struct buf *b, struct err *e)
{
    (void)q;
    return owed_decide_new(item, cmd, b, e);
}

static int
merge(const struct queue *q, const struct question *item, const struct command *cmd,
      struct buf *b, struct err *e)
{
    const struct question *into = queue_find(q, cmd->into);

    if (into == NULL)
        return err_set(e, ERR_MISSING, "there is no question %llu to merge into",
                       (unsigned long long)cmd->into);
    if (into == item)
        return err_set(e, ERR_VALUE, "a question cannot be merged into itself");
    if (into->status == STATUS_MERGED || into->status == STATUS_REJECTED)
        return err_set(e, ERR_BAD_STATE, "question %llu is %s: merge into an open one",
                       (unsigned long long)into->no, status_name(into->status));
    for (size_t i = 0; i < q->n_questions; i++) {
        if (q->questions[i]->status == STATUS_MERGED &&
            q->questions[i]->merged_into == item->n)
            return err_set(e, ERR_BAD_STATE,
                           "others were merged into question %llu: split them first",
                           (unsigned long long)item->no);
    }
    if (into->version != cmd->into_version)
        return err_set(e, ERR_CONFLICT, "question %llu was changed meanwhile",
                       (unsigned long long)into->no);
    buf_addf(b, ",\"into\":%llu", (unsigned long long)into->n);
    return 0;
}

static int
edit(const struct queue *q, const struct question *item, const struct command *cmd,
     struct buf *b, struct err *e)
{
    size_t given = 0, letters = 0;

    (void)q;
    (void)item;
    if (cmd->verdict != NULL && cmd->verdict->n_pii > 0 && !cmd->allow_pii)
        return err_set(e, ERR_VALUE, "the text holds personal data");
    buf_add_cstr(b, ",\"texts\":{");
    for (int i = 0; i < LANG_TEXTS; i++) {
        if (cmd->text[i].p == NULL)
            continue;
        if (check_length(cmd->text[i], BOUNDS_WORDING, "text", e) < 0)
            return -1;
        letters += str_trim(cmd->text[i]).len;
        buf_addf(b, "%s\"%s\":", given++ > 0 ? "," : "", lang_names[i]);
        buf_add_json(b, cmd->text[i]);
    }
    buf_addf(b, "},\"allow_pii\":%s", cmd->allow_pii ? "true" : "false");
    return letters > 0 ? 0 : err_set(e, ERR_VALUE, "the text is empty");
}

static int
topic(const struct queue *q, const struct question *item, const struct command *cmd,
      struct buf *b, struct err *e)
{
    (void)q;
    (void)item;
    if (cmd->n_topics > BOUNDS_TOPICS)
        return err_set(e, ERR_LIMIT, "more than %d topics", BOUNDS_TOPICS);
    buf_add_cstr(b, ",\"topics\":[");
    for (size_t i = 0; i < cmd->n_topics; i++) {
        if (i > 0)
            buf_add_char(b, ',');
        buf_add_json(b, utf8_prefix(cmd->topics[i], 64));
    }
    buf_add_char(b, ']');
    return 0;
}

static int
pin(const struct queue *q, const struct question *item, const struct command *cmd,
    struct buf *b, struct err *e)
{
    (void)q;
    (void)item;
    (void)e;
    buf_addf(b, ",\"pinned\":%s", cmd->pinned ? "true" : "false");
    return 0;
}

/* The place in the line counts without the moved question itself. */
static int
move(const struct queue *q, const struct question *item, const struct command *cmd,
     struct buf *b, struct err *e)
{
    uint64_t other = cmd->before != 0 ? cmd->before : cmd->after;
    size_t at = other == 0 ? 0 : queue_position(q, other);

    if (at == SIZE_MAX || other == item->n)
        return err_set(e, ERR_VALUE,
                       "there is no question %llu in the line to move next to",
                       (unsigned long long)other);
    if (other != 0 && queue_position(q, item->n) < at)
        at--;
    if (cmd->before == 0 && cmd->after != 0)
        at++;
    buf_addf(b, ",\"position\":%zu", at);
    return 0;
}

static int
cancel(const struct queue *q, const struct question *item, const struct command *cmd,
       struct buf *b, struct err *e)
{
    (void)q;
    (void)cmd;
    (void)b;
    if (item->auto_at_ms == 0)
        return err_set(e, ERR_BAD_STATE, "question %llu does not queue itself",
                       (unsigned long long)item->no);
    return 0;
}

static int
note(const struct queue *q, const struct question *item, const struct command *cmd,
     struct buf *b, struct err *e)
{
    struct str text = cmd->note.p != NULL ? cmd->note : cmd->text[0];

    (void)q;
    (void)item;
    add_member(b, "note", text);
    return check_length(text, BOUNDS_NOTE, "note", e);
}

static int
ack(const struct queue *q, const struct question *item, const struct command *cmd,
    struct buf *b, struct err *e)
{
    (void)q;
    (void)cmd;
    (void)b;
    if (item->note == NULL)
        return err_set(e, ERR_BAD_STATE, "there is no note to acknowledge");
    return item->note_acked ? 1 : 0;
}

static int
take(const struct queue *q, const struct question *item, const struct command *cmd,
     struct buf *b, struct err *e)
{
    (void)q;
    (void)cmd;
    (void)b;
    if (item->urgent == NULL)
        return err_set(e, ERR_BAD_STATE, "only urgent messages are taken");
    if (item->taken_by != NULL)
        return err_set(e, ERR_CONFLICT, "%s has taken it already", item->taken_by);
    return 0;
}

static const struct act acts[EVENT_KINDS] = {
    [EVENT_APPROVE] = {S(STATUS_NEW) | S(STATUS_FOLLOW_UP), MODERATORS, NULL},
    [EVENT_REJECT] = {S(STATUS_NEW) | S(STATUS_QUEUED), MODERATORS, reject},
    [EVENT_AIR] = {S(STATUS_QUEUED), WITH_OFFICER, air},
    [EVENT_STOP] = {S(STATUS_ON_AIR), WITH_OFFICER, NULL},
    [EVENT_LATER] = {S(STATUS_ON_AIR), WITH_OFFICER, NULL},
    [EVENT_ANSWER] = {S(STATUS_ON_AIR) | S(STATUS_QUEUED), WITH_OFFICER, with_note},
    [EVENT_FOLLOW_UP] = {S(STATUS_NEW) | S(STATUS_QUEUED) | S(STATUS_ON_AIR) |
                             S(STATUS_ANSWERED),
                         WITH_OFFICER, follow_up},
    [EVENT_RESTORE] = {S(STATUS_REJECTED) | S(STATUS_FOLLOW_UP), MODERATORS, NULL},
    [EVENT_REOPEN] = {S(STATUS_ANSWERED) | S(STATUS_FOLLOW_UP), MODERATORS, owed_decide},
    [EVENT_MERGE] = {S(STATUS_NEW) | S(STATUS_QUEUED), MODERATORS, merge},
    [EVENT_SPLIT] = {S(STATUS_MERGED), MODERATORS, NULL},
    [EVENT_EDIT] = {ANY, MODERATORS, edit},
    [EVENT_TOPIC] = {ANY, MODERATORS, topic},
    [EVENT_PIN] = {ANY, MODERATORS, pin},
    [EVENT_MOVE] = {S(STATUS_QUEUED), MODERATORS, move},
    [EVENT_CLAIM] = {ANY, MODERATORS, NULL},
    [EVENT_RELEASE] = {ANY, MODERATORS, NULL},
    [EVENT_NOTE] = {ANY, MODERATORS, note},
    [EVENT_ACK] = {ANY, R(ROLE_OFFICER) | R(ROLE_ADMIN), ack},
    [EVENT_TAKE] = {ANY, MODERATORS, take},
    [EVENT_FORWARD] = {S(STATUS_FOLLOW_UP), MODERATORS, owed_decide},
    [EVENT_EXTEND] = {S(STATUS_FOLLOW_UP), MODERATORS, owed_decide},
    [EVENT_ASSIGN] = {S(STATUS_FOLLOW_UP), MODERATORS, owed_decide},
    [EVENT_RESPOND] = {S(STATUS_FOLLOW_UP), MODERATORS, owed_decide},
    [EVENT_CLOSE] = {S(STATUS_FOLLOW_UP), MODERATORS, owed_decide},
    [EVENT_APPEAL] = {S(STATUS_FOLLOW_UP), MODERATORS, owed_decide},
    [EVENT_CANCEL] = {S(STATUS_NEW), MODERATORS, cancel},
    [EVENT_REVEAL] = {ANY | S(STATUS_MERGED), MODERATORS, NULL},
};

/* The program itself may approve what has waited its time, and nothing else. */
static bool
is_by_rule(const struct queue *q, const struct question *item, const struct command *cmd)
{
    return cmd->role == ROLE_SYSTEM && cmd->act == EVENT_APPROVE &&
           auto_is_due(q, item, cmd->at_ms);
}

static int
may(const struct queue *q, const struct question *item, const struct command *cmd,
    struct err *e)
{
    const struct act *act = &acts[cmd->act];

    if (act->from == 0)
        return err_set(e, ERR_VALUE, "'%s' is no act on a question",
                       event_kind_name(cmd->act));
    if ((act->roles & R(cmd->role)) == 0 && !is_by_rule(q, item, cmd))
        return err_set(e, ERR_PERM, "a %s may not %s", role_name(cmd->role),
                       event_kind_name(cmd->act));
    if (cmd->version != item->version)
        return err_set(e, ERR_CONFLICT, "question %llu was changed meanwhile by %s",
                       (unsigned long long)item->no,
                       item->last_actor == NULL ? "somebody" : item->last_actor);
    if ((act->from & S(item->status)) == 0)
        return err_set(e, ERR_BAD_STATE,
                       "question %llu is '%s': that does not allow '%s'",
                       (unsigned long long)item->no, status_name(item->status),
                       event_kind_name(cmd->act));
    return 0;
}

int
act_decide(const struct queue *q, const struct command *cmd, struct event *ev,
           struct err *e)
{
    const struct question *item = queue_find(q, cmd->n);

    if (item == NULL || item->version == 0 /* erased */ || cmd->act >= EVENT_KINDS)
        return err_set(e, ERR_MISSING, "there is no question %llu",
                       (unsigned long long)cmd->n);
    const struct act *act = &acts[cmd->act];
    if (may(q, item, cmd, e) < 0)
        return -1;
    ev->kind = cmd->act;
    buf_addf(&ev->body, "{\"n\":%llu", (unsigned long long)item->n);
    int rc = act->check == NULL ? 0 : act->check(q, item, cmd, &ev->body, e);
    buf_add_char(&ev->body, '}');
    return rc;
}

int
next_decide(const struct queue *q, const struct command *cmd, struct event *ev,
            struct err *e)
{
    if ((WITH_OFFICER & R(cmd->role)) == 0)
        return err_set(e, ERR_PERM, "a %s may not put questions on air",
                       role_name(cmd->role));
    if (q->n_line == 0 && q->on_air == 0)
        return 1;
    ev->kind = q->n_line > 0 ? EVENT_AIR : EVENT_ANSWER;
    buf_addf(&ev->body, "{\"n\":%llu",
             (unsigned long long)(q->n_line > 0 ? q->line[0]->n : q->on_air));
    if (q->n_line > 0 && q->on_air != 0)
        buf_addf(&ev->body, ",\"answered\":%llu", (unsigned long long)q->on_air);
    buf_add_char(&ev->body, '}');
    return 0;
}
