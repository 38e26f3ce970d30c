/* SPDX-License-Identifier: Apache-2.0 */
/* api_filter_put.c - a person changes a rule file, or takes a change back.
 *
 * The set with the file replaced is built on a worker thread from what is in force now;
 * its mistakes go back to the person and nothing has changed. A good one is journalled
 * and put in force in one turn of the loop, if it still stands on the filters that the
 * person had before their eyes: two people never overwrite each other. */
#include "serve/api.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "queue/edits.h"
#include "serve/front.h"
#include "serve/rules_view.h"

/* A change under way: everything that the worker touches, and what comes after. */
struct change {
    struct front *front;
    struct exchange *exchange;
    struct rulebook *base, *made; /* owned references */
    char *name, *content, *note;  /* owned; content NULL: as in the folders */
    bool revert;
    int64_t took_ms;
    bool failed;
    struct err err; /* why */
};

static void
change_free(struct change *c)
{
    rulebook_unref(&c->base);
    rulebook_unref(&c->made);
    mem_free(c->name);
    mem_free(c->content);
    mem_free(c->note);
    mem_free(c);
}

static void
build(void *arg)
{
    struct change *c = arg;
    int64_t begun = clock_mono_ms(clock_system());

    c->made = rulebook_copy(c->base);
    rulebook_edit(c->made, c->name, c->content);
    c->failed = rulebook_build(c->made, true, &c->err) < 0;
    c->took_ms = clock_mono_ms(clock_system()) - begun;
}

static void
conflict(struct front *f, struct exchange *x)
{
    struct buf *out =
        http_problem_open(&x->res, 409, "conflict", "the filters were changed meanwhile");

    buf_addf(out, ",\"version\":\"%016" PRIx64 "\"}",
             rulebook_version(stream_rulebook(f->conf.stream)));
    x->res.hold = queue_seq(stream_queue(f->conf.stream));
}

static void
show(struct change *c, uint64_t seq)
{
    struct front *f = c->front;
    struct buf *out = http_json(&c->exchange->res, 200);

    rules_view_file(c->made, stream_queue(f->conf.stream), c->name, out);
    buf_add_cstr(out, ",\"warnings\":");
    rules_view_issues(rulebook_filters(c->made), FILTERS_WARNING, out);
    buf_add_char(out, '}');
    c->exchange->res.hold = seq;
}

static void
put_in_force(struct change *c)
{
    struct front *f = c->front;
    struct exchange *x = c->exchange;
    char actor[ACCOUNTS_NAME + 8];
    struct command cmd = {
        .kind = COMMAND_FILTERS,
        .role = x->who.role,
        .actor = exchange_actor(x, actor),
        .filter_file = str_from(c->name),
        .filter_content = c->content == NULL ? STR_NONE : str_from(c->content),
        .filter_revert = c->revert,
        .filters_base = rulebook_version(c->base),
        .note = str_from(c->note),
    };
    int64_t begun = clock_mono_ms(clock_system());
    uint64_t seq = 0;
    struct err e = ERR_INIT;

    if (stream_set_filters(f->conf.stream, c->made, &cmd, &seq, &e) < 0) {
        front_refuse(f, x, &e);
        return;
    }
    log_info("filters",
             "'%s' of %s is in force: version %016" PRIx64 ", built in %" PRId64
             " ms, put in force in %" PRId64 " ms",
             c->name, x->who.name, rulebook_version(c->made), c->took_ms,
             clock_mono_ms(clock_system()) - begun);
    show(c, seq);
}

static void
refuse_mistakes(const struct change *c)
{
    struct exchange *x = c->exchange;

    if (c->err.code != ERR_VALUE) {
        http_problem_err(&x->res, &c->err);
        return;
    }
    struct buf *out = http_problem_open(&x->res, 422, "unprocessable", c->err.msg);
    buf_add_cstr(out, ",\"issues\":");
    rules_view_issues(rulebook_filters(c->made), FILTERS_ERROR, out);
    buf_add_char(out, '}');
}

static void
built(void *arg, bool cancelled)
{
    struct change *c = arg;
    struct front *f = c->front;
    struct exchange *x = c->exchange;

    f->jobs--;
    if (cancelled)
        http_problem(&x->res, 503, "stopping", "the program is stopping");
    else if (c->failed)
        refuse_mistakes(c);
    else if (stream_rulebook(f->conf.stream) != c->base)
        conflict(f, x);
    else
        put_in_force(c);
    change_free(c);
    front_answered(f, x);
}

/* Takes the change. */
static void
start(struct front *f, struct exchange *x, struct change *c)
{
    const struct rulebook_file *file;
    struct err e = ERR_INIT;

    c->front = f;
    c->exchange = x;
    c->base = rulebook_ref(stream_rulebook(f->conf.stream));
    file = rulebook_file(c->base, c->name);
    if (c->content != NULL && file != NULL && file->shipped != NULL &&
        strcmp(c->content, file->shipped) == 0) {
        MEM_FREE(c->content);
        c->revert = true;
    }
    if (worker_submit(f->conf.worker, build, built, c, &e) == 0) {
        f->jobs++;
        x->pending = true;
        return;
    }
    http_problem(&x->res, 503, "throttled", "%s", e.msg);
    http_header(&x->res, "retry-after:", "1");
    change_free(c);
}

/* --- what is asked for */

static bool
check_name(struct front *f, struct exchange *x)
{
    struct str name = buf_str(&x->param[0]);

    if (rulebook_file(stream_rulebook(f->conf.stream), name.p) != NULL ||
        rules_view_is_name(name))
        return true;
    http_problem(&x->res, 400, "bad_request",
                 "a filter file is named like topics/road.yaml: Latin letters, digits, "
                 "'-', '_', '.'");
    return false;
}

static bool
check_version(struct front *f, struct exchange *x)
{
    const struct rulebook *now = stream_rulebook(f->conf.stream);
    char current[17];
    struct str version;

    if (!front_string(x, "version", 16, &version))
        return false;
    (void)snprintf(current, sizeof(current), "%016" PRIx64, rulebook_version(now));
    if (str_eq(version, str_from(current)))
        return true;
    if (version.len == 0)
        http_problem(&x->res, 422, "unprocessable", "'version' is missing");
    else
        conflict(f, x);
    return false;
}

/* The content of an event of this file. */
struct old {
    const char *name;
    uint64_t seq;
    char *content; /* new; NULL: as in the folders */
    enum { OLD_NONE, OLD_ERASED, OLD_FOUND } found;
};

static int
look_at_event(void *arg, const struct event *ev)
{
    struct old *o = arg;

    if (ev->seq != o->seq || ev->kind != EVENT_FILTERS)
        return 1;
    o->found = OLD_ERASED;
    if (ev->body.len == 0)
        return 1;
    json_t *body = json_loadb(ev->body.data, ev->body.len, 0, NULL);
    const char *file = json_string_value(json_object_get(body, "file"));
    o->found = file != NULL && strcmp(file, o->name) == 0 ? OLD_FOUND : OLD_NONE;
    if (o->found == OLD_FOUND)
        o->content = mem_strdup(json_string_value(json_object_get(body, "content")));
    json_decref(body);
    return 1;
}

static bool
read_old(struct front *f, struct exchange *x, uint64_t seq, struct change *c)
{
    struct old o = {.name = c->name, .seq = seq};
    struct err e = ERR_INIT;

    if (seq > 0 &&
        journal_read(stream_journal(f->conf.stream), seq - 1, look_at_event, &o, &e) < 0)
        http_problem_err(&x->res, &e);
    else if (o.found == OLD_NONE)
        http_problem(&x->res, 404, "not_found", "event %" PRIu64 " is no change of '%s'",
                     seq, c->name);
    else if (o.found == OLD_ERASED)
        http_problem(&x->res, 404, "not_found",
                     "what '%s' was at event %" PRIu64 " was erased", c->name, seq);
    c->content = o.content;
    c->revert = true;
    return x->res.status == 0;
}

static bool
read_content(struct exchange *x, struct change *c)
{
    struct str content;

    if (!front_string(x, "content", BOUNDS_FILTER_EDIT, &content))
        return false;
    if (content.p == NULL)
        http_problem(&x->res, 422, "unprocessable", "give 'content' or 'revert_to'");
    else if (content.len > BOUNDS_FILTER_EDIT)
        http_problem(&x->res, 422, "unprocessable", "a filter file has at most %d bytes",
                     BOUNDS_FILTER_EDIT);
    else if (memchr(content.p, '\0', content.len) != NULL)
        http_problem(&x->res, 422, "unprocessable", "a filter file is text");
    else
        c->content = mem_strndup(content.p, content.len);
    return x->res.status == 0;
}

void
api_filter_put(struct front *f, struct exchange *x)
{
    struct str note;
    uint64_t seq = 0;
    bool revert;

    if (!check_name(f, x) || !check_version(f, x) ||
        !front_string(x, "note", BOUNDS_NOTE, &note) ||
        !front_u64(x, "revert_to", &seq, &revert))
        return;
    struct change *c = mem_zalloc(sizeof(*c));
    c->name = mem_strdup(x->param[0].data);
    c->note = mem_strndup(note.p == NULL ? "" : note.p, note.len);
    if (revert ? read_old(f, x, seq, c) : read_content(x, c))
        start(f, x, c);
    else
        change_free(c);
}

void
api_filter_delete(struct front *f, struct exchange *x)
{
    const char *name = x->param[0].data;

    if (queue_edit(stream_queue(f->conf.stream), str_from(name)) == NULL) {
        http_problem(&x->res, 404, "not_found", "nobody has changed '%s'", name);
        return;
    }
    struct change *c = mem_zalloc(sizeof(*c));
    c->name = mem_strdup(name);
    c->note = mem_strdup("");
    c->revert = true;
    start(f, x, c);
}
