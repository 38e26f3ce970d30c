/* SPDX-License-Identifier: Apache-2.0 */
/* api_acts.c - what people do: a request becomes a command, the stream decides.
 *
 * Nothing is checked here that the queue checks: only the shape of the body. A refusal
 * for an old version or a wrong status carries the question as it is now, so that the
 * page can show what somebody else did. The answer is rendered at once and held until it
 * is durable. */
#include "serve/api.h"

#include <inttypes.h>
#include <string.h>

#include "serve/front.h"

enum { AUTHOR_NAME_MAX = BOUNDS_NAME / 4, DUE_MAX = 64, UNIT_MAX = 200, UNDONE_MAX = 16 };

static const char *const langs[LANG_TEXTS] = {"kk", "ru", "en"};

/* One command on its way, with the room that its strings need. */
struct act {
    struct command cmd;
    char actor[ACCOUNTS_NAME + 8];
    struct str topics[BOUNDS_TOPICS];
    uint64_t seq;
};

static const struct queue *
queue_of(const struct front *f)
{
    return stream_queue(f->conf.stream);
}

static void
begin(struct act *a, const struct exchange *x, enum command_kind kind)
{
    *a = (struct act){.cmd = {.kind = kind, .role = x->who.role}};
    a->cmd.actor = exchange_actor(x, a->actor);
}

static void
add_question(struct front *f, const struct exchange *x, uint64_t n, struct buf *out)
{
    const struct question *q = queue_find(queue_of(f), n);
    enum view v = VIEW_VIEWER;

    (void)view_of_role(x->who.role, &v);
    if (q == NULL)
        buf_add_cstr(out, "null");
    else
        view_question(queue_of(f), q, v, out);
}

/* The stream's refusal; with the current question when there is one to show. */
static void
refuse(struct front *f, struct exchange *x, const struct err *e, uint64_t n)
{
    bool conflict = e->code == ERR_CONFLICT || e->code == ERR_BAD_STATE;

    if (!conflict || queue_find(queue_of(f), n) == NULL) {
        front_refuse(f, x, e);
        return;
    }
    struct buf *out = http_problem_open(&x->res, 409, "conflict", e->msg);
    buf_add_cstr(out, ",\"question\":");
    add_question(f, x, n, out);
    buf_add_char(out, '}');
    x->res.hold = queue_seq(queue_of(f));
}

/* {"seq":N  - the answer to a command that was done; the caller closes it. */
static struct buf *
done(struct exchange *x, const struct act *a)
{
    struct buf *out = http_json(&x->res, 200);

    buf_addf(out, "{\"seq\":%" PRIu64, a->seq);
    x->res.hold = a->seq;
    return out;
}

static bool
carry_out(struct front *f, struct exchange *x, struct act *a, uint64_t n)
{
    struct err e = ERR_INIT;

    if (stream_do(f->conf.stream, &a->cmd, &a->seq, &e) >= 0)
        return true;
    refuse(f, x, &e, n);
    return false;
}

/* --- the members that acts have besides the version */

static bool
read_texts(struct exchange *x, struct act *a)
{
    const json_t *texts = json_object_get(x->body, "text");

    if (!json_is_object(texts)) {
        http_problem(&x->res, 400, "bad_request",
                     "'text' must be an object {kk?, ru?, en?}");
        return false;
    }
    for (int i = 0; i < LANG_TEXTS; i++) {
        const json_t *one = json_object_get(texts, langs[i]);
        if (json_is_string(one))
            a->cmd.text[i] =
                (struct str){json_string_value(one), json_string_length(one)};
        else if (one != NULL && !json_is_null(one)) {
            http_problem(&x->res, 400, "bad_request", "'text.%s' must be a string",
                         langs[i]);
            return false;
        }
    }
    return true;
}

static void
add_spans(const struct verdict *v, const char *lang, size_t *n, struct buf *out)
{
    for (size_t i = 0; i < v->n_pii; i++) {
        buf_addf(out,
                 "%s{\"lang\":\"%s\",\"kind\":\"%s\",\"start\":%" PRIu32
                 ",\"end\":%" PRIu32 "}",
                 (*n)++ > 0 ? "," : "", lang, judge_pii_name(v->pii[i].kind),
                 v->pii[i].start, v->pii[i].end);
    }
}

/* Judges every wording; refuses with the spans of personal data unless a person insists.
 * The verdict that goes with the command is of the first wording. */
static bool
judge_texts(struct front *f, struct exchange *x, struct act *a)
{
    struct buf spans = BUF_INIT;
    size_t n = 0;

    for (int i = LANG_TEXTS - 1; i >= 0; i--) {
        if (a->cmd.text[i].len == 0)
            continue;
        if (a->cmd.text[i].len > BOUNDS_TEXT) {
            http_problem(&x->res, 422, "unprocessable", "'text.%s' is too long",
                         langs[i]);
            buf_fini(&spans);
            return false;
        }
        a->cmd.verdict = stream_judge(f->conf.stream, a->cmd.text[i]);
        add_spans(a->cmd.verdict, langs[i], &n, &spans);
    }
    if (n > 0 && !a->cmd.allow_pii) {
        struct buf *out = http_problem_open(&x->res, 422, "unprocessable",
                                            "the text holds personal data");
        buf_addf(out, ",\"pii\":[%s]}", spans.data);
    }
    buf_fini(&spans);
    return x->res.status == 0;
}

static bool
read_edit(struct front *f, struct exchange *x, struct act *a)
{
    bool given;

    return read_texts(x, a) && front_bool(x, "allow_pii", &a->cmd.allow_pii, &given) &&
           judge_texts(f, x, a);
}

static bool
read_reject(struct front *f, struct exchange *x, struct act *a)
{
    (void)f;
    return front_string(x, "reason", 32, &a->cmd.reason) &&
           front_string(x, "note", BOUNDS_NOTE, &a->cmd.note);
}

static bool
read_answer(struct front *f, struct exchange *x, struct act *a)
{
    (void)f;
    return front_string(x, "note", BOUNDS_NOTE, &a->cmd.note);
}

static bool
read_follow_up(struct front *f, struct exchange *x, struct act *a)
{
    (void)f;
    return front_string(x, "unit", UNIT_MAX, &a->cmd.unit) &&
           front_string(x, "due", DUE_MAX, &a->cmd.due) &&
           front_string(x, "note", BOUNDS_NOTE, &a->cmd.note);
}

static bool
read_merge(struct front *f, struct exchange *x, struct act *a)
{
    bool given;

    (void)f;
    return front_u64(x, "into", &a->cmd.into, &given) &&
           front_u64(x, "into_version", &a->cmd.into_version, &given);
}

static bool
read_topics(struct front *f, struct exchange *x, struct act *a)
{
    const json_t *topics = json_object_get(x->body, "topics");
    size_t n = json_array_size(topics);
    bool good = json_is_array(topics) && n <= BOUNDS_TOPICS;

    (void)f;
    for (size_t i = 0; good && i < n; i++) {
        const json_t *one = json_array_get(topics, i);
        good = json_is_string(one);
        if (good)
            a->topics[i] = (struct str){json_string_value(one), json_string_length(one)};
    }
    if (!good)
        http_problem(&x->res, 400, "bad_request",
                     "'topics' must be a list of at most %d ids", BOUNDS_TOPICS);
    a->cmd.topics = a->topics;
    a->cmd.n_topics = n;
    return good;
}

static bool
read_pin(struct front *f, struct exchange *x, struct act *a)
{
    bool given;

    (void)f;
    a->cmd.pinned = true;
    return front_bool(x, "pinned", &a->cmd.pinned, &given);
}

static bool
read_move(struct front *f, struct exchange *x, struct act *a)
{
    bool given;

    (void)f;
    return front_u64(x, "before", &a->cmd.before, &given) &&
           front_u64(x, "after", &a->cmd.after, &given);
}

static bool
read_note(struct front *f, struct exchange *x, struct act *a)
{
    (void)f;
    return front_string(x, "text", BOUNDS_NOTE, &a->cmd.note);
}

static bool
read_forward(struct front *f, struct exchange *x, struct act *a)
{
    (void)f;
    return front_string(x, "to", BOUNDS_UNIT, &a->cmd.to) &&
           front_string(x, "note", BOUNDS_NOTE, &a->cmd.note);
}

static bool
read_extend(struct front *f, struct exchange *x, struct act *a)
{
    (void)f;
    return front_string(x, "due", DUE_MAX, &a->cmd.due) &&
           front_string(x, "reason", BOUNDS_NOTE, &a->cmd.reason);
}

static bool
read_assign(struct front *f, struct exchange *x, struct act *a)
{
    (void)f;
    return front_string(x, "unit", BOUNDS_UNIT, &a->cmd.unit);
}

static bool
read_respond(struct front *f, struct exchange *x, struct act *a)
{
    (void)f;
    return front_string(x, "text", BOUNDS_ANSWER, &a->cmd.written);
}

static bool
read_appeal(struct front *f, struct exchange *x, struct act *a)
{
    bool given;

    (void)f;
    a->cmd.appeal = true;
    return front_bool(x, "on", &a->cmd.appeal, &given);
}

static const struct {
    enum event_kind kind;
    bool (*read)(struct front *f, struct exchange *x, struct act *a);
} acts[] = {
    {EVENT_APPROVE, NULL},
    {EVENT_REJECT, read_reject},
    {EVENT_AIR, NULL},
    {EVENT_STOP, NULL},
    {EVENT_LATER, NULL},
    {EVENT_ANSWER, read_answer},
    {EVENT_FOLLOW_UP, read_follow_up},
    {EVENT_RESTORE, NULL},
    {EVENT_REOPEN, NULL},
    {EVENT_MERGE, read_merge},
    {EVENT_SPLIT, NULL},
    {EVENT_EDIT, read_edit},
    {EVENT_TOPIC, read_topics},
    {EVENT_PIN, read_pin},
    {EVENT_MOVE, read_move},
    {EVENT_CLAIM, NULL},
    {EVENT_RELEASE, NULL},
    {EVENT_NOTE, read_note},
    {EVENT_ACK, NULL},
    {EVENT_TAKE, NULL},
    {EVENT_FORWARD, read_forward},
    {EVENT_EXTEND, read_extend},
    {EVENT_ASSIGN, read_assign},
    {EVENT_RESPOND, read_respond},
    {EVENT_CLOSE, read_answer},
    {EVENT_APPEAL, read_appeal},
    {EVENT_CANCEL, NULL},
    {EVENT_REVEAL, NULL},
};

static uint64_t
on_air(const struct front *f)
{
    const struct question *q = queue_on_air(queue_of(f));

    return q == NULL ? 0 : q->n;
}

static void
act_on(struct front *f, struct exchange *x, struct act *a)
{
    uint64_t was_on_air = on_air(f);

    if (!carry_out(f, x, a, a->cmd.n))
        return;
    struct buf *out = done(x, a);
    buf_add_cstr(out, ",\"question\":");
    add_question(f, x, a->cmd.n, out);
    if (a->cmd.act == EVENT_AIR) {
        buf_add_cstr(out, ",\"answered\":");
        add_question(f, x, was_on_air == a->cmd.n ? 0 : was_on_air, out);
    }
    buf_add_char(out, '}');
}

void
api_act(struct front *f, struct exchange *x)
{
    struct act a;
    bool given;

    begin(&a, x, COMMAND_ACT);
    if (!front_number(x, 0, &a.cmd.n) || !front_u64(x, "version", &a.cmd.version, &given))
        return;
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        if (!str_eq(buf_str(&x->param[1]), str_from(event_kind_name(acts[i].kind))))
            continue;
        if (!given) {
            http_problem(&x->res, 400, "bad_request", "'version' is missing");
            return;
        }
        a.cmd.act = acts[i].kind;
        if (acts[i].read == NULL || acts[i].read(f, x, &a))
            act_on(f, x, &a);
        return;
    }
    http_problem(&x->res, 404, "not_found", "there is no act '%s'", x->param[1].data);
}

void
api_air_next(struct front *f, struct exchange *x)
{
    struct act a;
    uint64_t expected = 0, was = on_air(f);
    bool given;

    begin(&a, x, COMMAND_NEXT);
    if (!front_u64(x, "on_air", &expected, &given))
        return;
    /* null is an expectation too: nothing was on air. */
    if (json_object_get(x->body, "on_air") != NULL && expected != was) {
        struct err e = ERR_INIT;
        (void)err_set(&e, ERR_CONFLICT, "another question is on air meanwhile");
        refuse(f, x, &e, was);
        return;
    }
    if (!carry_out(f, x, &a, was))
        return;
    struct buf *out = done(x, &a);
    buf_add_cstr(out, ",\"question\":");
    add_question(f, x, on_air(f), out);
    buf_add_cstr(out, ",\"answered\":");
    add_question(f, x, was == on_air(f) ? 0 : was, out);
    buf_add_char(out, '}');
}

static void
overlay(struct front *f, struct exchange *x, uint64_t n)
{
    struct act a;

    begin(&a, x, COMMAND_OVERLAY);
    a.cmd.n = n;
    if (!carry_out(f, x, &a, n))
        return;
    struct buf *out = done(x, &a);
    buf_add_cstr(out, ",\"overlay\":");
    view_number(queue_overlay(queue_of(f)), out);
    buf_add_char(out, '}');
}

void
api_overlay_show(struct front *f, struct exchange *x)
{
    uint64_t n = 0;
    bool given;

    if (!front_u64(x, "n", &n, &given))
        return;
    if (n == 0)
        http_problem(&x->res, 400, "bad_request", "'n' is missing");
    else
        overlay(f, x, n);
}

void
api_overlay_clear(struct front *f, struct exchange *x)
{
    overlay(f, x, 0);
}

void
api_undo(struct front *f, struct exchange *x)
{
    struct act a;
    bool given;

    begin(&a, x, COMMAND_UNDO);
    if (!front_u64(x, "seq", &a.cmd.undo_seq, &given))
        return;
    if (!given)
        http_problem(&x->res, 400, "bad_request", "'seq' is missing");
    if (!given || !carry_out(f, x, &a, 0))
        return;
    const struct queue_touched *touched = queue_touched(queue_of(f));
    struct buf *out = done(x, &a);
    buf_add_cstr(out, ",\"questions\":[");
    for (size_t i = 0; i < touched->n_len && i < UNDONE_MAX; i++) {
        buf_add_cstr(out, i > 0 ? "," : "");
        add_question(f, x, touched->n[i], out);
    }
    buf_add_cstr(out, "],\"overlay\":");
    view_number(queue_overlay(queue_of(f)), out);
    buf_add_char(out, '}');
}

static void
answer_with(struct front *f, struct exchange *x, const struct act *a, uint64_t n)
{
    struct buf *out = done(x, a);

    buf_add_cstr(out, ",\"question\":");
    add_question(f, x, n, out);
    buf_add_char(out, '}');
}

void
api_question_post(struct front *f, struct exchange *x)
{
    struct act a;
    struct str text, lang, asker;
    int at = 0;

    begin(&a, x, COMMAND_CREATE);
    if (!front_string(x, "text", BOUNDS_WORDING, &text) ||
        !front_string(x, "lang", 2, &lang) ||
        !front_string(x, "asker", AUTHOR_NAME_MAX, &asker))
        return;
    while (at < LANG_TEXTS && !str_eq(lang, str_from(langs[at])))
        at++;
    if (str_trim(text).len == 0 || at == LANG_TEXTS) {
        http_problem(&x->res, 422, "unprocessable",
                     "give text and its lang: kk, ru or en");
        return;
    }
    a.cmd.text[at] = str_trim(text);
    a.cmd.author_name = asker;
    a.cmd.verdict = stream_judge(f->conf.stream, a.cmd.text[at]);
    if (!carry_out(f, x, &a, 0))
        return;
    const struct queue_touched *touched = queue_touched(queue_of(f));
    answer_with(f, x, &a, touched->n_len > 0 ? touched->n[0] : 0);
}

void
api_ask(struct front *f, struct exchange *x)
{
    struct act a;

    begin(&a, x, COMMAND_ASK);
    if (!front_number(x, 0, &a.cmd.mid))
        return;
    const struct chat_line *line = queue_message(queue_of(f), a.cmd.mid);
    if (line == NULL || line->text == NULL) {
        http_problem(&x->res, 404, "not_found",
                     "message %" PRIu64 " is no longer at hand", a.cmd.mid);
        return;
    }
    a.cmd.verdict = stream_judge(f->conf.stream, str_from(line->text));
    if (!carry_out(f, x, &a, line->n))
        return;
    line = queue_message(queue_of(f), a.cmd.mid);
    answer_with(f, x, &a, line == NULL ? 0 : line->n);
}

static void
mute(struct front *f, struct exchange *x, bool muted)
{
    struct act a;
    struct str rest = buf_str(&x->param[0]), source;

    begin(&a, x, COMMAND_MUTE);
    if (!str_split(&rest, ':', &source) || rest.len == 0 || source.len == 0) {
        http_problem(&x->res, 404, "not_found", "an author is source:id");
        return;
    }
    a.cmd.source = source;
    a.cmd.author_id = rest;
    a.cmd.muted = muted;
    if (carry_out(f, x, &a, 0))
        buf_add_char(done(x, &a), '}');
}

void
api_mute(struct front *f, struct exchange *x)
{
    mute(f, x, true);
}

void
api_unmute(struct front *f, struct exchange *x)
{
    mute(f, x, false);
}
