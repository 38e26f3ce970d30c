/* SPDX-License-Identifier: Apache-2.0 */
/* api_filters_try.c - what other filters would do, before they are in force.
 *
 * The texts are copied here, on the loop; the worker builds the set, judges the lines and
 * compares both sets over the recent chat, and writes the answer, of which nothing is
 * kept. Only few trials run at a time: the threads are needed for passwords, too. */
#include "serve/api.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "judge/compare.h"
#include "serve/front.h"
#include "serve/rules_view.h"

enum {
    TRIALS = 2,  /* at a time */
    LINES = 200, /* pasted, and shown of each sort of difference */
    FILES = 16,  /* tried at once */
    SORTS = 3,   /* gained, lost, moved */
};

struct text {
    uint64_t mid;
    char *text; /* owned */
};

struct trial {
    struct front *front;
    struct exchange *exchange;
    struct rulebook *base, *made;      /* owned references */
    struct rulebook_file files[FILES]; /* owned: name and what to put there */
    size_t n_files;
    struct text *lines, *recent; /* owned */
    size_t n_lines, n_recent;
    bool wants_recent;
    struct buf out, sorts[SORTS];
    uint64_t totals[SORTS];
    bool failed; /* not just mistakes in a file */
    struct err err;
};

static void
texts_free(struct text *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mem_free(texts[i].text);
    mem_free(texts);
}

static void
trial_free(struct trial *t)
{
    rulebook_unref(&t->base);
    rulebook_unref(&t->made);
    for (size_t i = 0; i < t->n_files; i++) {
        mem_free(t->files[i].name);
        mem_free(t->files[i].edited);
    }
    texts_free(t->lines, t->n_lines);
    texts_free(t->recent, t->n_recent);
    for (size_t i = 0; i < SORTS; i++)
        buf_fini(&t->sorts[i]);
    buf_fini(&t->out);
    mem_free(t);
}

/* --- on the worker */

static void
judge_lines(struct trial *t, struct judge *j)
{
    struct judge_scratch *s = judge_scratch_new();
    struct verdict v;

    for (size_t i = 0; i < t->n_lines; i++) {
        struct str line = str_from(t->lines[i].text);
        buf_add_cstr(&t->out, i > 0 ? ",{\"text\":" : "{\"text\":");
        buf_add_json(&t->out, line);
        buf_add_cstr(&t->out, ",\"verdict\":{");
        judge_text(j, s, line, &v);
        verdict_write_json(&v, &t->out);
        buf_add_cstr(&t->out, "}}");
    }
    judge_scratch_free(&s);
}

static void
add_topics(const char *name, const struct verdict *v, struct buf *out)
{
    buf_addf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < v->n_topics; i++) {
        buf_add_cstr(out, i > 0 ? "," : "");
        buf_add_json(out, str_from(v->topics[i]));
    }
    buf_add_char(out, ']');
}

static void
add_difference(struct trial *t, const struct text *text, const struct compare_line *line)
{
    static const unsigned sorts[SORTS] = {COMPARE_GAINED, COMPARE_LOST, COMPARE_MOVED};

    for (size_t i = 0; i < SORTS; i++) {
        struct buf *out = &t->sorts[i];
        if ((line->changes & sorts[i]) == 0 || t->totals[i]++ >= LINES)
            continue;
        buf_addf(out, "%s{\"mid\":%" PRIu64 ",\"text\":", out->len > 0 ? "," : "",
                 text->mid);
        buf_add_json(out, str_from(text->text));
        if (sorts[i] == COMPARE_MOVED) {
            add_topics("from", line->verdict[COMPARE_OLD], out);
            add_topics("to", line->verdict[COMPARE_NEW], out);
        } else {
            add_topics(
                "topics",
                line->verdict[sorts[i] == COMPARE_GAINED ? COMPARE_NEW : COMPARE_OLD],
                out);
        }
        buf_add_char(out, '}');
    }
}

static void
add_counts(const struct compare *c, struct buf *out)
{
    const struct compare_count *counts;
    size_t n = compare_counts(c, &counts);
    const char *before = "";

    for (size_t i = 0; i < n; i++) {
        const uint64_t *fired = counts[i].fired;
        if (counts[i].rule != NULL || (fired[COMPARE_OLD] | fired[COMPARE_NEW]) == 0)
            continue;
        buf_addf(out, "%s{\"filter\":", before);
        buf_add_json(out, str_from(counts[i].filter));
        buf_addf(out, ",\"old\":%" PRIu64 ",\"new\":%" PRIu64 "}", fired[COMPARE_OLD],
                 fired[COMPARE_NEW]);
        before = ",";
    }
}

static void
compare_recent(struct trial *t, struct judge *j)
{
    static const char *const names[SORTS] = {"gained", "lost", "moved"};
    struct compare *c = compare_new(rulebook_judge(t->base), j);
    struct buf *out = &t->out;
    struct compare_line line;

    for (size_t i = 0; i < t->n_recent; i++) {
        compare_text(c, str_from(t->recent[i].text), &line);
        add_difference(t, &t->recent[i], &line);
    }
    buf_addf(out,
             "{\"messages\":%zu,\"totals\":{\"gained\":%" PRIu64 ",\"lost\":%" PRIu64
             ",\"moved\":%" PRIu64 "}",
             t->n_recent, t->totals[0], t->totals[1], t->totals[2]);
    for (size_t i = 0; i < SORTS; i++) {
        buf_addf(out, ",\"%s\":[", names[i]);
        buf_add_str(out, buf_str(&t->sorts[i]));
        buf_add_char(out, ']');
    }
    buf_add_cstr(out, ",\"counts\":[");
    add_counts(c, out);
    buf_add_cstr(out, "]}");
    compare_free(&c);
}

static void
run_trial(void *arg)
{
    struct trial *t = arg;

    t->made = rulebook_copy(t->base);
    for (size_t i = 0; i < t->n_files; i++)
        rulebook_edit(t->made, t->files[i].name, t->files[i].edited);
    t->failed = rulebook_build(t->made, true, &t->err) < 0 && t->err.code != ERR_VALUE;
    if (t->failed)
        return;
    struct judge *j = rulebook_judge(t->made);
    buf_add_cstr(&t->out, "{\"issues\":");
    rules_view_issues(rulebook_filters(t->made), FILTERS_ERROR, &t->out);
    buf_add_cstr(&t->out, ",\"lines\":[");
    if (j != NULL)
        judge_lines(t, j);
    buf_add_cstr(&t->out, "],\"recent\":");
    if (j != NULL && t->wants_recent)
        compare_recent(t, j);
    else
        buf_add_cstr(&t->out, "null");
    buf_add_char(&t->out, '}');
}

/* --- on the loop */

static void
trial_done(void *arg, bool cancelled)
{
    struct trial *t = arg;
    struct front *f = t->front;
    struct exchange *x = t->exchange;

    f->jobs--;
    f->trials--;
    if (cancelled)
        http_problem(&x->res, 503, "stopping", "the program is stopping");
    else if (t->failed)
        http_problem_err(&x->res, &t->err);
    else
        buf_add_str(http_json(&x->res, 200), buf_str(&t->out));
    trial_free(t);
    front_answered(f, x);
}

static bool
bad(struct exchange *x, const char *text)
{
    http_problem(&x->res, 422, "unprocessable", "%s", text);
    return false;
}

static bool
read_files(struct exchange *x, struct trial *t)
{
    const json_t *files = json_object_get(x->body, "files"), *file;
    size_t i;

    if ((files != NULL && !json_is_array(files)) || json_array_size(files) > FILES)
        return bad(x, "'files' are at most 16 files");
    json_array_foreach(files, i, file)
    {
        const json_t *name = json_object_get(file, "name");
        const json_t *content = json_object_get(file, "content");
        struct str path = {json_string_value(name), json_string_length(name)};
        if (!json_is_string(name) || !json_is_string(content) ||
            strlen(json_string_value(content)) != json_string_length(content) ||
            json_string_length(content) > BOUNDS_FILTER_EDIT)
            return bad(x,
                       "a file is {name, content}, its content text of at most 64 KiB");
        if (rulebook_file(t->base, path.p) == NULL && !rules_view_is_name(path))
            return bad(x, "a filter file is named like topics/road.yaml");
        t->files[t->n_files++] = (struct rulebook_file){
            .name = mem_strdup(path.p), .edited = mem_strdup(json_string_value(content))};
    }
    return true;
}

static bool
read_lines(struct exchange *x, struct trial *t)
{
    const json_t *lines = json_object_get(x->body, "lines"), *line;
    size_t i;

    if ((lines != NULL && !json_is_array(lines)) || json_array_size(lines) > LINES)
        return bad(x, "'lines' are at most 200 texts");
    t->lines = mem_array(json_array_size(lines), sizeof(*t->lines));
    json_array_foreach(lines, i, line)
    {
        if (!json_is_string(line) || json_string_length(line) > BOUNDS_TEXT)
            return bad(x, "'lines' are texts of the length of a chat line");
        t->lines[t->n_lines++].text =
            mem_strndup(json_string_value(line), json_string_length(line));
    }
    return true;
}

/* The newest lines, in order, as that person may see them. */
static void
copy_recent(struct front *f, const struct exchange *x, struct trial *t)
{
    const struct queue *q = stream_queue(f->conf.stream);
    size_t n = queue_recent(q), first = n, bytes = 0;
    enum view v = VIEW_VIEWER;

    (void)view_of_role(x->who.role, &v);
    while (first > 0 && bytes < BOUNDS_TRY) {
        const char *text = queue_recent_at(q, --first)->text;
        bytes += text == NULL ? 0 : strlen(text);
    }
    t->recent = mem_array(n - first, sizeof(*t->recent));
    for (size_t i = first; i < n; i++) {
        const struct chat_line *line = queue_recent_at(q, i);
        const char *text = v == VIEW_STAFF ? line->text : line->masked;
        if (line->deleted || text == NULL)
            continue;
        t->recent[t->n_recent++] =
            (struct text){.mid = line->mid, .text = mem_strdup(text)};
    }
}

static void
start(struct front *f, struct exchange *x, struct trial *t)
{
    struct err e = ERR_INIT;

    if (t->wants_recent)
        copy_recent(f, x, t);
    if (worker_submit(f->conf.worker, run_trial, trial_done, t, &e) == 0) {
        f->jobs++;
        f->trials++;
        x->pending = true;
        return;
    }
    http_problem(&x->res, 503, "throttled", "%s", e.msg);
    http_header(&x->res, "retry-after:", "1");
    trial_free(t);
}

void
api_filters_try(struct front *f, struct exchange *x)
{
    bool recent = false, given;

    if (!front_bool(x, "recent", &recent, &given))
        return;
    if (f->trials >= TRIALS) {
        http_problem(&x->res, 429, "throttled", "others try filters now");
        http_header(&x->res, "retry-after:", "1");
        return;
    }
    struct trial *t = mem_zalloc(sizeof(*t));
    t->front = f;
    t->exchange = x;
    t->wants_recent = recent;
    t->base = rulebook_ref(stream_rulebook(f->conf.stream));
    if (read_files(x, t) && read_lines(x, t))
        start(f, x, t);
    else
        trial_free(t);
}
