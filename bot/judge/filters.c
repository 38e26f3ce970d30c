/* SPDX-License-Identifier: Apache-2.0 */
/* filters.c - the set of rule files: adding, loading, the list of mistakes.
 *
 * Loading goes over all files three times: which kind each is, then all macros (any file
 * may use any macro), then the rules. Nothing stops at the first mistake; a person who
 * has written five of them is told five. The compiled patterns are thrown away again:
 * judge_new() makes its own, so a set can be loaded and looked at without becoming the
 * running one. */
#include "judge/filters.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "judge/filter.h"
#include "judge/set.h"

struct filters *
filters_new(void)
{
    return mem_zalloc(sizeof(struct filters));
}

static void
forget_issues(struct filters *f)
{
    for (size_t i = 0; i < f->n_issues; i++) {
        mem_free(f->issues[i].file);
        mem_free(f->issues[i].text);
    }
    f->n_issues = 0;
}

void
filters_free(struct filters **f)
{
    if (*f == NULL)
        return;
    for (size_t i = 0; i < (*f)->n; i++) {
        filter_forget(&(*f)->at[i]);
        mem_free((*f)->at[i].name);
        buf_fini(&(*f)->at[i].content);
    }
    mem_free((*f)->at);
    macros_fini(&(*f)->macros);
    forget_issues(*f);
    mem_free((*f)->issues);
    MEM_FREE(*f);
}

static struct filter *
find_file(struct filters *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->at[i].name, name) == 0)
            return &f->at[i];
    return NULL;
}

int
filters_add(struct filters *f, const char *name, struct str content, struct err *e)
{
    if (content.len > BOUNDS_FILTER_FILE)
        return err_set(e, ERR_LIMIT, "filter file '%s' is larger than %d bytes", name,
                       BOUNDS_FILTER_FILE);
    struct filter *file = find_file(f, name);
    if (file == NULL) {
        if (f->n == BOUNDS_FILTER_FILES)
            return err_set(e, ERR_LIMIT, "more than %d filter files",
                           BOUNDS_FILTER_FILES);
        f->at = mem_resize(f->at, f->n + 1, sizeof(f->at[0]));
        file = &f->at[f->n++];
        *file = (struct filter){.name = mem_strdup(name)};
    }
    buf_reset(&file->content);
    buf_add_str(&file->content, content);
    return 0;
}

size_t
filters_files(const struct filters *f)
{
    return f->n;
}

void
filters_file(const struct filters *f, size_t i, struct filters_file *out)
{
    const struct filter *file = &f->at[i];

    *out = (struct filters_file){
        .name = file->name,
        .content = buf_str(&file->content),
        .kind = file->is_read ? set_kind_name(file->kind) : NULL,
        .id = file->id,
        .title_kk = file->title[0],
        .title_ru = file->title[1],
        .title_en = file->title[2],
    };
}

/* --- issues */

static void
add_issue(struct filters *f, struct filters_issue issue)
{
    if (f->n_issues == f->issues_cap) {
        f->issues_cap = f->issues_cap == 0 ? 16 : f->issues_cap * 2;
        f->issues = mem_resize(f->issues, f->issues_cap, sizeof(f->issues[0]));
    }
    f->issues[f->n_issues++] = issue;
}

void
filter_issue(struct filters *f, enum filters_severity severity, const struct filter *file,
             const struct yaml *at, const char *fmt, ...)
{
    struct buf text = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_vaddf(&text, fmt, ap);
    va_end(ap);
    add_issue(f, (struct filters_issue){.severity = severity,
                                        .file = mem_strdup(file->name),
                                        .line = at == NULL ? 0 : at->line,
                                        .column = at == NULL ? 0 : at->column,
                                        .text = buf_steal(&text)});
}

void
filter_issue_at(struct filters *f, const struct filter *file, int line, int column,
                const char *text)
{
    add_issue(f, (struct filters_issue){.severity = FILTERS_ERROR,
                                        .file = mem_strdup(file->name),
                                        .line = line,
                                        .column = column,
                                        .text = mem_strdup(text)});
}

size_t
filters_issues(const struct filters *f, const struct filters_issue **out)
{
    *out = f->issues;
    return f->n_issues;
}

static int
by_place(const void *a, const void *b)
{
    const struct filters_issue *x = a, *y = b;
    int order = strcmp(x->file, y->file);
    if (order == 0)
        order = x->line < y->line ? -1 : x->line > y->line;
    return order == 0 ? (x->column < y->column ? -1 : x->column > y->column) : order;
}

static size_t
count_errors(const struct filters *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_issues; i++)
        n += f->issues[i].severity == FILTERS_ERROR;
    return n;
}

/* --- loading */

static int
by_name(const void *a, const void *b)
{
    const struct filter *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static void
parse_file(struct filters *f, struct filter *file)
{
    struct yaml_error error;
    file->doc = yaml_parse(buf_str(&file->content), &error);
    file->is_empty = file->doc != NULL && yaml_root(file->doc) == NULL;
    if (file->doc == NULL)
        filter_issue_at(f, file, error.line, error.column, error.text);
    else if (file->is_empty)
        filter_issue(f, FILTERS_WARNING, file, NULL, "is empty");
    else if (yaml_root(file->doc)->type != YAML_MAP)
        filter_issue(f, FILTERS_ERROR, file, yaml_root(file->doc),
                     "a filter file is a map of keys: kind, id, rules, examples");
    else
        filter_read_kind(f, file);
}

static void
refuse_same_ids(struct filters *f)
{
    for (size_t i = 1; i < f->n; i++) {
        for (size_t k = 0; k < i && f->at[i].id != NULL; k++) {
            if (f->at[k].id == NULL || strcmp(f->at[i].id, f->at[k].id) != 0)
                continue;
            struct yaml at = {.line = f->at[i].id_line, .column = f->at[i].id_column};
            filter_issue(f, FILTERS_ERROR, &f->at[i], &at, "id '%s' is also the id of %s",
                         f->at[i].id, f->at[k].name);
            break;
        }
    }
}

static void
refuse_too_much(struct filters *f)
{
    size_t topics = 0;
    f->n_rules = 0;
    for (size_t i = 0; i < f->n; i++) {
        f->n_rules += f->at[i].n_rules;
        topics += f->at[i].is_read && f->at[i].kind == FILTER_TOPIC;
        if (topics == BOUNDS_TOPICS + 1 && f->at[i].kind == FILTER_TOPIC)
            filter_issue(f, FILTERS_ERROR, &f->at[i], NULL, "more than %d topics",
                         BOUNDS_TOPICS);
    }
    if (f->n_rules > BOUNDS_RULES)
        filter_issue(f, FILTERS_ERROR, &f->at[0], NULL, "more than %d rules in all files",
                     BOUNDS_RULES);
}

static bool
is_readable(const struct filter *file)
{
    return file->is_read || file->is_guess;
}

size_t
filters_load(struct filters *f)
{
    forget_issues(f);
    macros_fini(&f->macros);
    if (f->n > 0)
        qsort(f->at, f->n, sizeof(f->at[0]), by_name);
    for (size_t i = 0; i < f->n; i++) {
        filter_forget(&f->at[i]);
        parse_file(f, &f->at[i]);
    }
    for (size_t i = 0; i < f->n; i++)
        if (is_readable(&f->at[i]) && f->at[i].kind == FILTER_MACROS)
            filter_read_macros(f, &f->at[i]);
    for (size_t i = 0; i < f->n; i++) {
        if (is_readable(&f->at[i]) && f->at[i].kind != FILTER_MACROS)
            filter_read(f, &f->at[i]);
        yaml_free(&f->at[i].doc);
    }
    refuse_same_ids(f);
    refuse_too_much(f);
    if (f->n_issues > 0)
        qsort(f->issues, f->n_issues, sizeof(f->issues[0]), by_place);
    return count_errors(f);
}
