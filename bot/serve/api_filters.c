/* SPDX-License-Identifier: Apache-2.0 */
/* api_filters.c - the rule editor: what is in force, a change, a sandbox.
 *
 * Reading the folders and building a judge happen on a worker thread, with copies of all
 * that the loop owns; the answer, and the command that puts a change in force, come back
 * on the loop. A change names the version that it was made on: when somebody else was
 * first, the queue refuses it, and what was built is thrown away. */
#include "serve/api.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "judge/compare.h"
#include "judge/filters.h"
#include "judge/rules.h"
#include "serve/front.h"

enum { SHOWN = 200 };
enum op { OP_LIST, OP_FILE, OP_CHANGE, OP_TRY };

struct line {
    uint64_t mid;
    char *text;
};

struct job {
    struct front *front;
    struct exchange *x;
    enum op op;
    struct queue_edit *edits; /* in force; name and content owned, as all here */
    size_t n_edits;
    struct queue_edit *shipped; /* filled by the worker */
    size_t n_shipped;
    struct queue_edit *given; /* to be put in place of them */
    size_t n_given;
    char *name;    /* of the one file that is asked for */
    char *note;    /* or NULL */
    bool removes;  /* the change: as shipped again */
    bool revert;   /* the change: an earlier content */
    uint64_t base; /* version that the change was made on */
    struct line *lines, *recent;
    size_t n_lines, n_recent;
    bool wants_recent;
    struct filters *filters;
    struct judge *judge, *now;
    struct buf out; /* what the sandbox found */
    int64_t begun_ms;
    struct err err;
};

static void
put(struct queue_edit **at, size_t *n, const char *name, struct str content)
{
    for (size_t i = 0; i < *n; i++) {
        if (strcmp((*at)[i].name, name) != 0)
            continue;
        mem_free((*at)[i].content);
        (*at)[i].content = mem_strndup(content.p, content.len);
        return;
    }
    *at = mem_resize(*at, *n + 1, sizeof(**at));
    (*at)[(*n)++] = (struct queue_edit){.name = mem_strdup(name),
                                        .content = mem_strndup(content.p, content.len)};
}

static const char *
content_of(const struct queue_edit *at, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(at[i].name, name) == 0)
            return at[i].content;
    }
    return NULL;
}

static void
free_lines(struct line *lines, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mem_free(lines[i].text);
    mem_free(lines);
}

static void
job_free(struct job *j)
{
    queue_edits_free(j->edits, j->n_edits);
    queue_edits_free(j->shipped, j->n_shipped);
    queue_edits_free(j->given, j->n_given);
    free_lines(j->lines, j->n_lines);
    free_lines(j->recent, j->n_recent);
    mem_free(j->name);
    mem_free(j->note);
    filters_free(&j->filters);
    judge_unref(&j->judge);
    judge_unref(&j->now);
    buf_fini(&j->out);
    mem_free(j);
}

/* --- on the worker */

static int
keep_shipped(void *ctx, const char *name, struct str content, struct err *e)
{
    struct job *j = ctx;

    (void)e;
    put(&j->shipped, &j->n_shipped, name, content);
    return 0;
}

static int
add_all(struct job *j, const struct queue_edit *at, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool out = j->removes && at == j->edits && strcmp(at[i].name, j->name) == 0;
        if (!out &&
            filters_add(j->filters, at[i].name, str_from(at[i].content), &j->err) < 0)
            return -1;
    }
    return 0;
}

static size_t
count_errors(const struct filters *f)
{
    const struct filters_issue *issues;
    size_t n = filters_issues(f, &issues), errors = 0;

    for (size_t i = 0; i < n; i++)
        errors += issues[i].severity == FILTERS_ERROR;
    return errors;
}

static void
build(struct job *j)
{
    j->filters = filters_new();
    if (add_all(j, j->shipped, j->n_shipped) < 0 ||
        add_all(j, j->edits, j->n_edits) < 0 || add_all(j, j->given, j->n_given) < 0 ||
        filters_load(j->filters) > 0)
        return;
    j->judge = judge_new(j->filters, &j->err);
    if (j->judge != NULL)
        (void)filters_check_examples(j->filters, j->judge);
}

static void
write_topics(const struct verdict *v, struct buf *out)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < v->n_topics; i++) {
        buf_add_cstr(out, i > 0 ? "," : "");
        buf_add_json(out, str_from(v->topics[i]));
    }
    buf_add_char(out, ']');
}

static void
write_why(const struct verdict *v, struct buf *out)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < v->n_why; i++) {
        buf_addf(out, "%s{\"filter\":", i > 0 ? "," : "");
        buf_add_json(out, str_from(v->why[i].filter));
        buf_add_cstr(out, ",\"rule\":");
        buf_add_json(out, str_from(v->why[i].rule));
        buf_addf(out, ",\"score\":%d}", v->why[i].score);
    }
    buf_add_char(out, ']');
}

static void
write_change(const struct line *l, const struct compare_line *c, struct buf *out)
{
    bool moved = (c->changes & (COMPARE_GAINED | COMPARE_LOST)) == 0;
    enum compare_side side = (c->changes & COMPARE_LOST) != 0 ? COMPARE_OLD : COMPARE_NEW;

    buf_addf(out, "%s{\"mid\":%" PRIu64 ",\"text\":", out->len > 0 ? "," : "", l->mid);
    buf_add_json(out, str_from(l->text));
    buf_add_cstr(out, moved ? ",\"from\":" : ",\"topics\":");
    write_topics(c->verdict[moved ? COMPARE_OLD : side], out);
    buf_add_cstr(out, moved ? ",\"to\":" : ",\"why\":");
    if (moved)
        write_topics(c->verdict[COMPARE_NEW], out);
    else
        write_why(c->verdict[side], out);
    buf_add_char(out, '}');
}

static void
write_counts(const struct compare *c, struct buf *out)
{
    const struct compare_count *counts;
    size_t n = compare_counts(c, &counts);
    const char *comma = "";

    buf_add_cstr(out, ",\"counts\":[");
    for (size_t i = 0; i < n; i++) {
        if (counts[i].rule != NULL)
            continue;
        buf_addf(out, "%s{\"filter\":", comma);
        buf_add_json(out, str_from(counts[i].filter));
        buf_addf(out, ",\"old\":%" PRIu64 ",\"new\":%" PRIu64 "}",
                 counts[i].fired[COMPARE_OLD], counts[i].fired[COMPARE_NEW]);
        comma = ",";
    }
    buf_add_char(out, ']');
}

static void
try_recent(struct job *j)
{
    static const enum compare_change kinds[] = {COMPARE_GAINED, COMPARE_LOST,
                                                COMPARE_MOVED};
    struct buf list[3] = {BUF_INIT, BUF_INIT, BUF_INIT};
    uint64_t totals[3] = {0};
    struct compare *c = compare_new(j->now, j->judge);
    struct compare_line line;

    for (size_t i = 0; i < j->n_recent; i++) {
        compare_text(c, str_from(j->recent[i].text), &line);
        for (size_t k = 0; k < 3; k++) {
            if ((line.changes & kinds[k]) != 0 && totals[k]++ < SHOWN)
                write_change(&j->recent[i], &line, &list[k]);
        }
    }
    buf_addf(&j->out, "{\"messages\":%zu,\"totals\":{", j->n_recent);
    for (size_t k = 0; k < 3; k++)
        buf_addf(&j->out, "%s\"%s\":%" PRIu64, k > 0 ? "," : "",
                 compare_change_name(kinds[k]), totals[k]);
    buf_add_char(&j->out, '}');
    for (size_t k = 0; k < 3; k++) {
        buf_addf(&j->out, ",\"%s\":[", compare_change_name(kinds[k]));
        buf_add_str(&j->out, buf_str(&list[k]));
        buf_add_char(&j->out, ']');
        buf_fini(&list[k]);
    }
    write_counts(c, &j->out);
    buf_add_char(&j->out, '}');
    compare_free(&c);
}

static void
try_all(struct job *j)
{
    struct judge_scratch *s = judge_scratch_new();
    struct verdict v;

    buf_add_cstr(&j->out, ",\"lines\":[");
    for (size_t i = 0; i < j->n_lines && j->judge != NULL; i++) {
        buf_addf(&j->out, "%s{\"text\":", i > 0 ? "," : "");
        buf_add_json(&j->out, str_from(j->lines[i].text));
        judge_text(j->judge, s, str_from(j->lines[i].text), &v);
        buf_add_cstr(&j->out, ",\"verdict\":{");
        verdict_write_json(&v, &j->out);
        buf_add_cstr(&j->out, "}}");
    }
    buf_add_cstr(&j->out, "],\"recent\":");
    if (j->wants_recent && j->judge != NULL)
        try_recent(j);
    else
        buf_add_cstr(&j->out, "null");
    judge_scratch_free(&s);
}

static void
work(void *arg)
{
    struct job *j = arg;
    const struct server_filters *conf = &j->front->conf.filters;

    if (conf->each != NULL && conf->each(conf->arg, keep_shipped, j, &j->err) < 0)
        return;
    if (j->op == OP_CHANGE || j->op == OP_TRY)
        build(j);
    if (j->op == OP_TRY)
        try_all(j);
}

/* --- answers, on the loop */

static void
add_issues(const struct filters *f, bool errors, struct buf *out)
{
    static const char *const names[] = {"error", "warning", "note"};
    const struct filters_issue *issues;
    size_t n = filters_issues(f, &issues);
    const char *comma = "";

    buf_add_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (!errors && issues[i].severity == FILTERS_ERROR)
            continue;
        buf_addf(out, "%s{\"file\":", comma);
        buf_add_json(out, str_from(issues[i].file));
        buf_addf(out, ",\"line\":%d,\"column\":%d,\"severity\":\"%s\",\"text\":",
                 issues[i].line, issues[i].column, names[issues[i].severity]);
        buf_add_json(out, str_from(issues[i].text));
        buf_add_char(out, '}');
        comma = ",";
    }
    buf_add_char(out, ']');
}

static uint64_t
version(const struct job *j)
{
    return judge_version(stream_filters(j->front->conf.stream));
}

static void
add_history(const struct job *j, struct buf *out)
{
    const struct queue_edit_change *c;
    size_t n = queue_edit_changes(stream_queue(j->front->conf.stream), &c);
    const char *comma = "";

    buf_add_cstr(out, ",\"history\":[");
    for (size_t i = n; i-- > 0;) {
        if (strcmp(c[i].name, j->name) != 0)
            continue;
        const char *by = strchr(c[i].actor, ':');
        buf_addf(out, "%s{\"seq\":%" PRIu64 ",\"at\":", comma, c[i].seq);
        view_time(c[i].at_ms, out);
        buf_add_cstr(out, ",\"by\":");
        view_text(by == NULL ? c[i].actor : by + 1, out);
        buf_add_cstr(out, ",\"note\":");
        view_text(c[i].note, out);
        buf_addf(out, ",\"version\":\"%016" PRIx64 "\",\"action\":\"%s\"}", c[i].version,
                 c[i].revert ? "revert" : "change");
        comma = ",";
    }
    buf_add_char(out, ']');
}

/* Leaves the object open. */
static void
answer_file(struct job *j)
{
    const struct queue_edit *edits;
    const struct queue *q = stream_queue(j->front->conf.stream);
    size_t n = queue_edits(q, &edits);
    const char *content = content_of(edits, n, j->name);
    const char *shipped = content_of(j->shipped, j->n_shipped, j->name);
    struct buf *out = http_json(&j->x->res, 200);

    buf_add_cstr(out, "{\"name\":");
    buf_add_json(out, str_from(j->name));
    buf_add_cstr(out, ",\"content\":");
    view_text(content != NULL ? content : shipped, out);
    buf_add_cstr(out, ",\"shipped_content\":");
    view_text(shipped, out);
    buf_addf(out, ",\"version\":\"%016" PRIx64 "\"", version(j));
    add_history(j, out);
    j->x->res.hold = queue_seq(q);
}

static void
answer_change(struct job *j)
{
    char actor[ACCOUNTS_NAME + 8];
    struct command cmd = {.kind = COMMAND_FILTER_EDIT,
                          .role = j->x->who.role,
                          .actor = exchange_actor(j->x, actor),
                          .filter_file = str_from(j->name),
                          .filters_base = j->base,
                          .filter_revert = j->revert,
                          .note = str_from(j->note)};
    uint64_t seq = 0;

    if (j->n_given > 0)
        cmd.filter_content = str_from(j->given[0].content);
    if (j->judge == NULL || count_errors(j->filters) > 0) {
        struct buf *out = http_problem_open(&j->x->res, 422, "unprocessable",
                                            "the filters would have mistakes");
        buf_add_cstr(out, ",\"issues\":");
        add_issues(j->filters, true, out);
        buf_add_char(out, '}');
    } else if (stream_edit_filters(j->front->conf.stream, j->judge, &cmd, &seq, &j->err) <
               0) {
        front_refuse(j->front, j->x, &j->err);
    } else {
        log_info("filters", "%s changed %s; built in %lld ms", actor, j->name,
                 (long long)(clock_mono_ms(clock_system()) - j->begun_ms));
        answer_file(j);
        buf_add_cstr(&j->x->res.body, ",\"warnings\":");
        add_issues(j->filters, false, &j->x->res.body);
        buf_add_char(&j->x->res.body, '}');
    }
}

static void
write_rule(const struct judge_rule *r, struct buf *out)
{
    buf_add_cstr(out, "{\"name\":");
    view_text(r->name, out);
    buf_add_cstr(out, ",\"re\":");
    view_text(r->re, out);
    buf_add_cstr(out, ",\"unless\":");
    view_text(r->unless, out);
    buf_addf(out,
             ",\"score\":%d,\"trial\":%s,\"enabled\":true,\"description\":", r->score,
             r->trial ? "true" : "false");
    if (r->text_kk == NULL && r->text_ru == NULL && r->text_en == NULL) {
        buf_add_cstr(out, "null}");
        return;
    }
    buf_add_cstr(out, "{\"kk\":");
    view_text(r->text_kk, out);
    buf_add_cstr(out, ",\"ru\":");
    view_text(r->text_ru, out);
    buf_add_cstr(out, ",\"en\":");
    view_text(r->text_en, out);
    buf_add_cstr(out, "}}");
}

static void
write_title(const struct judge *judge, const char *id, struct buf *out)
{
    const struct judge_topic *t;
    size_t n = judge_topics(judge, &t);

    for (size_t i = 0; i < n && id != NULL; i++) {
        if (strcmp(t[i].id, id) != 0)
            continue;
        buf_add_cstr(out, "{\"kk\":");
        view_text(t[i].title_kk, out);
        buf_add_cstr(out, ",\"ru\":");
        view_text(t[i].title_ru, out);
        buf_add_cstr(out, ",\"en\":");
        view_text(t[i].title_en, out);
        buf_add_char(out, '}');
        return;
    }
    buf_add_cstr(out, "null");
}

static void
write_head(const struct job *j, const struct judge_rule *r, struct buf *out)
{
    const struct queue_edit *edits;
    size_t n = queue_edits(stream_queue(j->front->conf.stream), &edits);

    buf_add_cstr(out, "{\"name\":");
    view_text(r->filter, out);
    buf_add_cstr(out, ",\"kind\":");
    view_text(r->kind, out);
    buf_add_cstr(out, ",\"id\":");
    view_text(r->id, out);
    buf_add_cstr(out, ",\"title\":");
    write_title(stream_filters(j->front->conf.stream), r->id, out);
    buf_addf(out, ",\"threshold\":%d,\"shipped\":%s,\"changed\":%s,\"rules\":[",
             r->threshold,
             content_of(j->shipped, j->n_shipped, r->filter) ? "true" : "false",
             content_of(edits, n, r->filter) ? "true" : "false");
}

static void
answer_list(struct job *j)
{
    const struct judge_rule *r;
    size_t n = judge_rules(stream_filters(j->front->conf.stream), &r);
    struct buf *out = http_json(&j->x->res, 200);

    buf_addf(out, "{\"version\":\"%016" PRIx64 "\",\"activating\":false,\"files\":[",
             version(j));
    for (size_t i = 0; i < n; i++) {
        bool first = i == 0 || strcmp(r[i].filter, r[i - 1].filter) != 0;
        if (first && i > 0)
            buf_add_cstr(out, "]},");
        if (first)
            write_head(j, &r[i], out);
        buf_add_cstr(out, first ? "" : ",");
        write_rule(&r[i], out);
    }
    buf_add_cstr(out, n > 0 ? "]}]}" : "]}");
    j->x->res.hold = queue_seq(stream_queue(j->front->conf.stream));
}

static void
answer(struct job *j)
{
    struct exchange *x = j->x;

    if (j->err.code != ERR_NONE) {
        http_problem_err(&x->res, &j->err);
    } else if (j->op == OP_LIST) {
        answer_list(j);
    } else if (j->op == OP_CHANGE) {
        answer_change(j);
    } else if (j->op == OP_TRY) {
        struct buf *out = http_json(&x->res, 200);
        buf_add_cstr(out, "{\"issues\":");
        add_issues(j->filters, true, out);
        buf_add_str(out, buf_str(&j->out));
        buf_add_char(out, '}');
    } else if (content_of(j->shipped, j->n_shipped, j->name) == NULL &&
               content_of(j->edits, j->n_edits, j->name) == NULL) {
        http_problem(&x->res, 404, "not_found", "there is no rule file '%s'", j->name);
    } else {
        answer_file(j);
        buf_add_char(&x->res.body, '}');
    }
}

static void
done(void *arg, bool cancelled)
{
    struct job *j = arg;
    struct front *f = j->front;
    struct exchange *x = j->x;

    f->jobs--;
    if (cancelled)
        http_problem(&x->res, 503, "stopping", "the program is stopping");
    else
        answer(j);
    job_free(j);
    front_answered(f, x);
}

/* --- requests */

static struct job *
job_new(struct front *f, struct exchange *x, enum op op)
{
    struct job *j = mem_zalloc(sizeof(*j));
    /* Counted: a reference changes nothing that anybody sees. */
    struct judge *now = (struct judge *)stream_filters(f->conf.stream);

    j->front = f;
    j->x = x;
    j->op = op;
    j->now = judge_ref(now);
    j->edits = queue_edits_copy(stream_queue(f->conf.stream), &j->n_edits);
    j->begun_ms = clock_mono_ms(clock_system());
    if (x->param[0].len > 0)
        j->name = mem_strdup(x->param[0].data);
    return j;
}

static void
submit(struct job *j)
{
    struct front *f = j->front;
    struct exchange *x = j->x;
    struct err e = ERR_INIT;

    if (worker_submit(f->conf.worker, work, done, j, &e) < 0) {
        job_free(j);
        http_problem(&x->res, 503, "throttled", "too much at once; try again");
        http_header(&x->res, "retry-after:", "2");
        return;
    }
    f->jobs++;
    x->pending = true;
}

void
api_filters_get(struct front *f, struct exchange *x)
{
    submit(job_new(f, x, OP_LIST));
}

void
api_filter_get(struct front *f, struct exchange *x)
{
    submit(job_new(f, x, OP_FILE));
}

void
api_filter_delete(struct front *f, struct exchange *x)
{
    struct job *j = job_new(f, x, OP_CHANGE);

    j->removes = true;
    j->base = version(j);
    if (content_of(j->edits, j->n_edits, j->name) != NULL) {
        submit(j);
        return;
    }
    http_problem(&x->res, 404, "not_found", "'%s' was not edited", j->name);
    job_free(j);
}

static bool
is_good_name(const char *name)
{
    size_t len = strlen(name);

    return len > 5 && len <= BOUNDS_FILTER_NAME && strcmp(name + len - 5, ".yaml") == 0 &&
           name[0] != '.' && name[0] != '/' && strstr(name, "/.") == NULL &&
           strstr(name, "//") == NULL;
}

/* The content of the change `seq`. */
static int
read_change(void *arg, const struct event *ev)
{
    struct job *j = arg;
    json_t *body = json_loadb(ev->body.data, ev->body.len, 0, NULL);
    const char *file = json_string_value(json_object_get(body, "file"));
    const char *content = json_string_value(json_object_get(body, "content"));

    if (ev->kind == EVENT_FILTERS && file != NULL && content != NULL &&
        strcmp(file, j->name) == 0)
        put(&j->given, &j->n_given, file, str_from(content));
    json_decref(body);
    return 1;
}

static bool
take_content(struct job *j, struct str content)
{
    uint64_t seq = 0;
    bool given = false;
    struct err e = ERR_INIT;

    if (!front_u64(j->x, "revert_to", &seq, &given))
        return false;
    if (content.p != NULL) {
        put(&j->given, &j->n_given, j->name, content);
        return true;
    }
    j->revert = given;
    if (given && seq > 0 &&
        journal_read(stream_journal(j->front->conf.stream), seq - 1, read_change, j,
                     &e) >= 0 &&
        j->n_given > 0)
        return true;
    http_problem(&j->x->res, 422, "unprocessable",
                 given ? "there is no such content" : "'content' is missing");
    return false;
}

void
api_filter_put(struct front *f, struct exchange *x)
{
    struct str content, base, note;
    char now[17 + 1];

    if (!front_string(x, "content", BOUNDS_FILTER_EDIT, &content) ||
        !front_string(x, "version", 16, &base) ||
        !front_string(x, "note", BOUNDS_NOTE, &note))
        return;
    struct job *j = job_new(f, x, OP_CHANGE);
    j->base = version(j);
    (void)snprintf(now, sizeof(now), "%016" PRIx64, j->base);
    j->note = note.p == NULL ? NULL : mem_strndup(note.p, note.len);
    if (!is_good_name(j->name)) {
        http_problem(&x->res, 422, "unprocessable", "a rule file is named like x/y.yaml");
    } else if (!str_eq(base, str_from(now))) {
        struct buf *out = http_problem_open(&x->res, 409, "conflict",
                                            "the filters were changed meanwhile");
        buf_addf(out, ",\"version\":\"%s\"}", now);
    } else if (take_content(j, content)) {
        submit(j);
        return;
    }
    job_free(j);
}

static void
take_recent(struct job *j)
{
    const struct queue *q = stream_queue(j->front->conf.stream);
    size_t n = queue_recent(q);

    j->recent = mem_array(n + 1, sizeof(*j->recent));
    for (size_t i = 0; i < n; i++) {
        const struct chat_line *l = queue_recent_at(q, i);
        if (l->text != NULL && !l->deleted)
            j->recent[j->n_recent++] = (struct line){l->mid, mem_strdup(l->text)};
    }
}

void
api_filters_try(struct front *f, struct exchange *x)
{
    const json_t *lines = json_object_get(x->body, "lines"), *one;
    const json_t *files = json_object_get(x->body, "files");
    bool recent = false, given;
    size_t i;

    if (!front_bool(x, "recent", &recent, &given))
        return;
    struct job *j = job_new(f, x, OP_TRY);
    j->lines = mem_array(json_array_size(lines) + 1, sizeof(*j->lines));
    json_array_foreach(lines, i, one)
    {
        if (json_is_string(one))
            j->lines[j->n_lines++] = (struct line){0, mem_strdup(json_string_value(one))};
    }
    json_array_foreach(files, i, one)
    {
        const char *name = json_string_value(json_object_get(one, "name"));
        const char *content = json_string_value(json_object_get(one, "content"));
        if (name != NULL && content != NULL && is_good_name(name))
            put(&j->given, &j->n_given, name, str_from(content));
    }
    j->wants_recent = recent;
    if (recent)
        take_recent(j);
    submit(j);
}
