/* SPDX-License-Identifier: Apache-2.0 */
/* view.c - what each role may see.
 *
 * Projections are written member by member, never by copying an object and taking members
 * away: what is not written here cannot get out. Staff (moderators, admins) see
 * originals; viewers see the masked wording only; the officer's screen may be filmed, so
 * it shows what was approved and of people the first name at most; the overlay is on the
 * stream itself. */
#include "serve/view.h"

#include <inttypes.h>
#include <string.h>

#include <utf8proc.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "source/message.h"

enum { ASKERS_SHOWN = 5, FIRST_NAME_MAX = 24 };

static const char *const langs[LANG_TEXTS] = {"kk", "ru", "en"};

const char *
view_name(enum view v)
{
#define VIEW_NAME(code, name) name,
    static const char *const names[] = {VIEW_MAP(VIEW_NAME)};
#undef VIEW_NAME

    return names[v];
}

bool
view_of_role(enum role role, enum view *out)
{
    switch (role) {
    case ROLE_VIEWER:
        *out = VIEW_VIEWER;
        return true;
    case ROLE_OFFICER:
        *out = VIEW_OFFICER;
        return true;
    case ROLE_MODERATOR:
    case ROLE_ADMIN:
        *out = VIEW_STAFF;
        return true;
    case ROLE_OVERLAY:
        *out = VIEW_OVERLAY;
        return true;
    case ROLE_INTAKE:
    case ROLE_SYSTEM:
        break;
    }
    return false;
}

bool
view_shows(const struct queue *q, const struct question *question, enum view v)
{
    switch (v) {
    case VIEW_STAFF:
    case VIEW_VIEWER:
        return true;
    case VIEW_OFFICER:
        return question->status == STATUS_QUEUED || question->status == STATUS_ON_AIR;
    case VIEW_OVERLAY:
    case VIEWS:
        break;
    }
    return queue_overlay(q) == question->n;
}

void
view_time(int64_t ms, struct buf *out)
{
    char iso[CLOCK_ISO_LEN + 1];

    if (ms == 0) {
        buf_add(out, "null", 4);
        return;
    }
    clock_iso(ms, iso);
    buf_add_char(out, '"');
    buf_add(out, iso, CLOCK_ISO_LEN);
    buf_add_char(out, '"');
}

void
view_text(const char *text, struct buf *out)
{
    if (text == NULL)
        buf_add(out, "null", 4);
    else
        buf_add_json(out, str_from(text));
}

void
view_number(uint64_t n, struct buf *out)
{
    if (n == 0)
        buf_add(out, "null", 4);
    else
        buf_add_u64(out, n);
}

/* ,"name": in front of a value. */
static void
member(struct buf *out, const char *name)
{
    buf_add(out, ",\"", 2);
    buf_add_cstr(out, name);
    buf_add(out, "\":", 2);
}

static void
text_member(struct buf *out, const char *name, const char *text)
{
    member(out, name);
    view_text(text, out);
}

static void
number_member(struct buf *out, const char *name, uint64_t n)
{
    member(out, name);
    buf_add_u64(out, n);
}

static void
bool_member(struct buf *out, const char *name, bool value)
{
    member(out, name);
    buf_add_cstr(out, value ? "true" : "false");
}

static void
time_member(struct buf *out, const char *name, int64_t ms)
{
    member(out, name);
    view_time(ms, out);
}

void
view_texts(const struct question *q, struct buf *out)
{
    const char *comma = "";

    buf_add_char(out, '{');
    for (int i = 0; i < LANG_TEXTS; i++) {
        if (q->text[i] == NULL)
            continue;
        buf_addf(out, "%s\"%s\":", comma, langs[i]);
        buf_add_json(out, str_from(q->text[i]));
        comma = ",";
    }
    buf_add_char(out, '}');
}

static void
add_texts(const struct question *q, struct buf *out)
{
    member(out, "text");
    view_texts(q, out);
}

static void
add_topics(const struct question *q, struct buf *out)
{
    member(out, "topics");
    buf_add_char(out, '[');
    for (size_t i = 0; i < q->n_topics; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        buf_add_json(out, str_from(q->topics[i]));
    }
    buf_add_char(out, ']');
}

static void
add_pii(unsigned set, struct buf *out)
{
    const char *comma = "";

    member(out, "pii");
    buf_add_char(out, '[');
    for (unsigned k = PII_IIN; k <= PII_NAME; k++) {
        if ((set & (1u << k)) == 0)
            continue;
        buf_addf(out, "%s\"%s\"", comma, judge_pii_name((enum judge_pii)k));
        comma = ",";
    }
    buf_add_char(out, ']');
}

/* Where the author's line came from: only the message knows, while it is still at hand.
 */
static void
add_askers(const struct queue *queue, const struct question *q, enum view v,
           struct buf *out)
{
    size_t n = q->n_askers < ASKERS_SHOWN ? q->n_askers : ASKERS_SHOWN;

    member(out, "askers");
    buf_add_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        const struct asker *a = &q->askers[i];
        const struct chat_line *line = a->mid == 0 ? NULL : queue_message(queue, a->mid);
        buf_add_cstr(out, i > 0 ? ",{\"mid\":" : "{\"mid\":");
        view_number(a->mid, out);
        text_member(out, "name", a->name);
        text_member(out, "source", line != NULL ? line->source : q->source);
        time_member(out, "at", a->at_ms);
        text_member(out, "text", v == VIEW_STAFF ? a->text : NULL);
        bool_member(out, "deleted", a->deleted);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void
add_position(const struct queue *queue, const struct question *q, struct buf *out)
{
    size_t at = q->status == STATUS_QUEUED ? queue_position(queue, q->n) : SIZE_MAX;

    member(out, "position");
    if (at == SIZE_MAX)
        buf_add(out, "null", 4);
    else
        buf_add_u64(out, at);
}

/* What was decided about it, and by whom. */
static void
add_decisions(const struct question *q, struct buf *out)
{
    bool_member(out, "pinned", q->pinned);
    text_member(out, "claimed_by", q->claimed_by);
    text_member(out, "note", q->note);
    bool_member(out, "note_acked", q->note_acked);
    text_member(out, "answer_note", q->answer_note);
    text_member(out, "reason", q->reason);
    text_member(out, "unit", q->unit);
    text_member(out, "due", q->due);
    text_member(out, "taken_by", q->taken_by);
    time_member(out, "taken_at", q->taken_at_ms);
    member(out, "merged_into");
    view_number(q->merged_into, out);
    bool_member(out, "edited", q->edited);
    bool_member(out, "deleted", q->deleted);
    bool_member(out, "muted", q->muted);
    text_member(out, "source", q->source);
    time_member(out, "created_at", q->created_at_ms);
    time_member(out, "updated_at", q->updated_at_ms);
    time_member(out, "queued_at", q->queued_at_ms);
    time_member(out, "aired_at", q->aired_at_ms);
    time_member(out, "answered_at", q->answered_at_ms);
    time_member(out, "auto_at", q->auto_at_ms);
    text_member(out, "last_actor", q->last_actor);
    member(out, "last_act");
    view_number(q->last_act, out);
}

/* Its place in the register; answers and notes may hold what viewers must not see. */
static void
add_owed(const struct question *q, enum view v, struct buf *out)
{
    const struct owed *o = &q->owed;

    member(out, "owed");
    if (q->status != STATUS_FOLLOW_UP) {
        buf_add(out, "null", 4);
        return;
    }
    buf_add_cstr(out, "{\"state\":");
    view_text(owed_state_name(o->state), out);
    time_member(out, "since", o->at_ms);
    text_member(out, "forward_by", o->forward_by);
    text_member(out, "to", o->to);
    text_member(out, "extended", o->extended);
    text_member(out, "written", v == VIEW_STAFF ? o->written : NULL);
    text_member(out, "note", v == VIEW_STAFF ? o->closing : NULL);
    time_member(out, "settled_at", o->settled_ms);
    bool_member(out, "appeal", o->appeal);
    buf_add_char(out, '}');
}

/* Which it was like when it came; they may be decided since. */
static void
add_like(const struct question *q, struct buf *out)
{
    member(out, "like");
    buf_add_char(out, '[');
    for (size_t i = 0; i < q->n_like; i++) {
        buf_addf(out, "%s{\"n\":", i > 0 ? "," : "");
        buf_add_u64(out, q->like[i].n);
        buf_addf(out, ",\"similarity\":%u.%02u}", q->like[i].hundredths / 100,
                 q->like[i].hundredths % 100);
    }
    buf_add_char(out, ']');
}

/* What the program said of it in the chats, or did not. */
static void
add_replies(const struct question *q, struct buf *out)
{
    member(out, "replies");
    buf_add_char(out, '[');
    for (size_t i = 0; i < q->n_replies; i++) {
        const struct question_reply *r = &q->replies[i];
        buf_add_cstr(out, i > 0 ? ",{\"reply\":" : "{\"reply\":");
        view_text(reply_name(r->kind), out);
        text_member(out, "source", r->source);
        text_member(out, "outcome", reply_outcome_name(r->outcome));
        text_member(out, "reason", r->reason);
        text_member(out, "detail", r->detail);
        time_member(out, "at", r->at_ms);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void
add_console(const struct queue *queue, const struct question *q, enum view v,
            struct buf *out)
{
    buf_add(out, "{\"n\":", 5);
    buf_add_u64(out, q->n);
    number_member(out, "no", q->no);
    number_member(out, "broadcast", q->broadcast);
    text_member(out, "status", status_name(q->status));
    number_member(out, "version", q->version);
    add_texts(q, out);
    if (v == VIEW_STAFF)
        text_member(out, "original", q->original);
    text_member(out, "lang", judge_lang_name(q->lang));
    add_topics(q, out);
    bool_member(out, "question", q->question);
    text_member(out, "urgent", q->urgent);
    text_member(out, "held", q->held);
    bool_member(out, "abuse", q->abuse);
    bool_member(out, "spam", q->spam);
    add_pii(q->pii, out);
    add_askers(queue, q, v, out);
    number_member(out, "count", q->count);
    add_position(queue, q, out);
    add_decisions(q, out);
    add_owed(q, v, out);
    add_like(q, out);
    view_before(queue, q, out);
    add_replies(q, out);
    member(out, "why");
    buf_add_cstr(out, q->why == NULL ? "[]" : q->why);
    buf_add_char(out, '}');
}

static bool
has_category(int32_t c, utf8proc_category_t category)
{
    return utf8proc_category(c) == category;
}

/* A first name as a person writes it: one capital and small letters. Everything else
 * (nicks, handles, numbers) may lead to the person, so it is not shown. */
static struct str
first_name(const char *name)
{
    struct str s = str_trim(str_from(name));
    size_t end = 0, letters = 0;

    while (end < s.len) {
        size_t next = end;
        int32_t c = utf8_next(s, &next);
        if (c == ' ')
            break;
        if (c < 0 ||
            !has_category(c, letters == 0 ? UTF8PROC_CATEGORY_LU : UTF8PROC_CATEGORY_LL))
            return STR_NONE;
        letters++;
        end = next;
    }
    return letters < 2 || letters > FIRST_NAME_MAX ? STR_NONE : (struct str){s.p, end};
}

static void
add_officer(const struct queue *queue, const struct question *q, struct buf *out)
{
    struct str name = q->n_askers == 0 ? STR_NONE : first_name(q->askers[0].name);

    buf_add(out, "{\"n\":", 5);
    buf_add_u64(out, q->n);
    number_member(out, "no", q->no);
    text_member(out, "status", status_name(q->status));
    number_member(out, "version", q->version);
    add_texts(q, out);
    text_member(out, "lang", judge_lang_name(q->lang));
    add_topics(q, out);
    number_member(out, "count", q->count);
    member(out, "name");
    if (name.len == 0)
        buf_add(out, "null", 4);
    else
        buf_add_json(out, name);
    text_member(out, "urgent", q->urgent);
    bool_member(out, "pinned", q->pinned);
    add_position(queue, q, out);
    text_member(out, "note", q->note);
    bool_member(out, "note_acked", q->note_acked);
    time_member(out, "queued_at", q->queued_at_ms);
    time_member(out, "aired_at", q->aired_at_ms);
    buf_add_char(out, '}');
}

static void
add_overlay(const struct question *q, struct buf *out)
{
    buf_add(out, "{\"n\":", 5);
    buf_add_u64(out, q->n);
    number_member(out, "no", q->no);
    add_texts(q, out);
    buf_add_char(out, '}');
}

void
view_question(const struct queue *q, const struct question *question, enum view v,
              struct buf *out)
{
    switch (v) {
    case VIEW_STAFF:
    case VIEW_VIEWER:
        add_console(q, question, v, out);
        return;
    case VIEW_OFFICER:
        add_officer(q, question, out);
        return;
    case VIEW_OVERLAY:
    case VIEWS:
        break;
    }
    add_overlay(question, out);
}

void
view_told(const struct question *q, struct buf *out)
{
    struct str name = q->n_askers == 0 ? STR_NONE : first_name(q->askers[0].name);

    buf_add(out, "{\"n\":", 5);
    buf_add_u64(out, q->n);
    number_member(out, "no", q->no);
    text_member(out, "status", status_name(q->status));
    add_texts(q, out);
    text_member(out, "lang", judge_lang_name(q->lang));
    add_topics(q, out);
    bool_member(out, "question", q->question);
    text_member(out, "urgent", q->urgent);
    number_member(out, "count", q->count);
    member(out, "name");
    if (name.len == 0)
        buf_add(out, "null", 4);
    else
        buf_add_json(out, name);
    text_member(out, "source", q->source);
    time_member(out, "created_at", q->created_at_ms);
    time_member(out, "aired_at", q->aired_at_ms);
    time_member(out, "answered_at", q->answered_at_ms);
    buf_add_char(out, '}');
}

void
view_message(const struct chat_line *line, enum view v, struct buf *out)
{
    buf_add(out, "{\"mid\":", 7);
    buf_add_u64(out, line->mid);
    text_member(out, "id", v == VIEW_STAFF ? line->id : NULL);
    text_member(out, "source", line->source);
    member(out, "author");
    buf_add_char(out, '{');
    if (v == VIEW_STAFF) {
        buf_add(out, "\"id\":", 5);
        view_text(line->author_id, out);
        buf_add_char(out, ',');
    }
    buf_add(out, "\"name\":", 7);
    view_text(line->author_name, out);
    member(out, "roles");
    message_write_roles(line->roles, out);
    buf_add_char(out, '}');
    if (v == VIEW_STAFF)
        text_member(out, "text", line->text);
    text_member(out, "masked", line->masked);
    time_member(out, "at", line->at_ms != 0 ? line->at_ms : line->received_ms);
    time_member(out, "received_at", line->received_ms);
    member(out, "verdict");
    buf_add_cstr(out, line->verdict == NULL ? "null" : line->verdict);
    bool_member(out, "deleted", line->deleted);
    bool_member(out, "backlog", line->backlog);
    member(out, "n");
    view_number(line->n, out);
    buf_add_char(out, '}');
}

void
view_promise(const struct queue *q, const struct promise *p, struct buf *out)
{
    const struct question *item = queue_find(q, p->n);

    buf_add_cstr(out, "{\"id\":");
    buf_add_u64(out, p->id);
    number_member(out, "version", p->version);
    text_member(out, "state", promise_state_name(p->state));
    text_member(out, "text", p->text);
    text_member(out, "until", p->until);
    text_member(out, "unit", p->unit);
    number_member(out, "broadcast", p->broadcast);
    member(out, "n");
    view_number(p->n, out);
    member(out, "no");
    view_number(item == NULL ? 0 : item->no, out);
    text_member(out, "by", p->by);
    time_member(out, "at", p->at_ms);
    member(out, "place_s");
    if (p->place_ms < 0)
        buf_add(out, "null", 4);
    else
        buf_add_u64(out, (uint64_t)p->place_ms / 1000);
    text_member(out, "note", p->note);
    text_member(out, "changed_by", p->changed_by);
    time_member(out, "changed_at", p->changed_ms);
    buf_add_char(out, '}');
}

void
view_broadcast(const struct broadcast *b, struct buf *out)
{
    static const char *const names[] = {"planned", "live", "ended"};

    if (b == NULL) {
        buf_add(out, "null", 4);
        return;
    }
    buf_add(out, "{\"id\":", 6);
    buf_add_u64(out, b->id);
    text_member(out, "status", names[b->status]);
    bool_member(out, "rehearsal", b->rehearsal);
    bool_member(out, "auto_queue", b->auto_queue);
    text_member(out, "title", b->title);
    time_member(out, "opened_at", b->opened_at_ms);
    time_member(out, "started_at", b->started_at_ms);
    time_member(out, "ended_at", b->ended_at_ms);
    number_member(out, "questions", b->questions);
    number_member(out, "messages", b->messages);
    buf_add_char(out, '}');
}

static void
add_source_replies(const struct view_replies *r, struct buf *out)
{
    member(out, "replies");
    buf_add_cstr(out, "{\"state\":");
    view_text(r->state == NULL ? "off" : r->state, out);
    text_member(out, "reason", r->reason);
    text_member(out, "detail", r->detail);
    text_member(out, "by", r->by);
    number_member(out, "waiting", r->waiting);
    buf_add_char(out, '}');
}

void
view_source(const struct view_source *s, struct buf *out)
{
    buf_add(out, "{\"name\":", 8);
    buf_add_json(out, str_from(s->name));
    text_member(out, "kind", s->kind);
    text_member(out, "target", s->target);
    bool_member(out, "enabled", s->enabled);
    text_member(out, "state", source_state_name(s->status.state));
    text_member(out, "code", s->status.code == NULL ? "" : s->status.code);
    text_member(out, "reason", s->status.reason);
    time_member(out, "last_message_at", s->status.last_message_ms);
    time_member(out, "next_try_at", s->status.next_try_ms);
    number_member(out, "messages", s->status.messages);
    number_member(out, "duplicates", s->status.duplicates);
    number_member(out, "garbage", s->status.garbage);
    number_member(out, "reconnects", s->status.reconnects);
    number_member(out, "per_minute", (uint64_t)(s->status.per_minute + 0.5));
    if (s->status.quota_of > 0)
        buf_addf(out, ",\"quota\":{\"used\":%" PRId64 ",\"of\":%" PRId64 "}",
                 s->status.quota_used, s->status.quota_of);
    else
        buf_add_cstr(out, ",\"quota\":null");
    bool_member(out, "can_send", s->can_send);
    add_source_replies(&s->replies, out);
    bool_member(out, "added", s->added);
    buf_add_char(out, '}');
}

void
view_line(const struct queue *q, struct buf *out)
{
    const struct question *const *line;
    size_t n = queue_line(q, &line);

    buf_add_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        buf_add_u64(out, line[i]->n);
    }
    buf_add_char(out, ']');
}

void
view_event(const struct event *ev, struct buf *out)
{
    buf_addf(out, "{\"seq\":%" PRIu64 ",\"at\":", ev->seq);
    view_time(ev->at_ms, out);
    buf_add_cstr(out, ",\"actor\":");
    buf_add_json(out, str_from(ev->actor));
    buf_addf(out, ",\"kind\":\"%s\",\"broadcast\":%" PRIu64 ",\"body\":",
             event_kind_name(ev->kind), ev->broadcast);
    if (ev->body.len == 0)
        buf_add_cstr(out, "null");
    else
        buf_add_str(out, buf_str(&ev->body));
    buf_add_char(out, '}');
}
