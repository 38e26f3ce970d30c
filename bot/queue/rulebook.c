/* SPDX-License-Identifier: Apache-2.0 */
/* rulebook.c - folders, edits over them, and the judge made of both.
 *
 * The one builder of the filters of a running program: at its start, when the folders are
 * read anew and when somebody changes a file. It keeps what the folders had beside what a
 * person made of it, so a change needs no disk and a revert no journal. */
#include "queue/rulebook.h"

#include <stdatomic.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "queue/edits.h"

struct rulebook {
    atomic_uint references;
    struct rulebook_file *files; /* owned; in order of name */
    size_t n_files;
    struct filters *filters; /* owned; NULL: not built */
    struct judge *judge;     /* owned reference */
};

struct rulebook *
rulebook_new(void)
{
    struct rulebook *r = mem_zalloc(sizeof(*r));

    atomic_init(&r->references, 1);
    return r;
}

struct rulebook *
rulebook_copy(const struct rulebook *of)
{
    struct rulebook *r = rulebook_new();

    r->files = mem_array(of->n_files, sizeof(*r->files));
    r->n_files = of->n_files;
    for (size_t i = 0; i < of->n_files; i++)
        r->files[i] = (struct rulebook_file){.name = mem_strdup(of->files[i].name),
                                             .shipped = mem_strdup(of->files[i].shipped),
                                             .edited = mem_strdup(of->files[i].edited)};
    return r;
}

struct rulebook *
rulebook_ref(struct rulebook *r)
{
    atomic_fetch_add(&r->references, 1);
    return r;
}

static void
file_fini(struct rulebook_file *f)
{
    MEM_FREE(f->name);
    MEM_FREE(f->shipped);
    MEM_FREE(f->edited);
}

void
rulebook_unref(struct rulebook **rp)
{
    struct rulebook *r = *rp;

    *rp = NULL;
    if (r == NULL || atomic_fetch_sub(&r->references, 1) != 1)
        return;
    for (size_t i = 0; i < r->n_files; i++)
        file_fini(&r->files[i]);
    mem_free(r->files);
    filters_free(&r->filters);
    judge_unref(&r->judge);
    mem_free(r);
}

/* Where the file is, or belongs. */
static size_t
place(const struct rulebook *r, const char *name, bool *found)
{
    size_t i = 0;
    int order = -1;

    while (i < r->n_files && (order = strcmp(r->files[i].name, name)) < 0)
        i++;
    *found = i < r->n_files && order == 0;
    return i;
}

static struct rulebook_file *
make_file(struct rulebook *r, const char *name)
{
    bool found;
    size_t at = place(r, name, &found);

    if (!found) {
        r->files = mem_resize(r->files, r->n_files + 1, sizeof(*r->files));
        memmove(&r->files[at + 1], &r->files[at], (r->n_files - at) * sizeof(*r->files));
        r->files[at] = (struct rulebook_file){.name = mem_strdup(name)};
        r->n_files++;
    }
    return &r->files[at];
}

void
rulebook_ship(struct rulebook *r, const struct filters *folders)
{
    struct filters_file file;

    for (size_t i = 0; i < filters_files(folders); i++) {
        filters_file(folders, i, &file);
        struct rulebook_file *f = make_file(r, file.name);
        mem_free(f->shipped);
        f->shipped = mem_strndup(file.content.p, file.content.len);
    }
}

void
rulebook_edit(struct rulebook *r, const char *name, const char *content)
{
    if (content != NULL) {
        struct rulebook_file *f = make_file(r, name);
        mem_free(f->edited);
        f->edited = mem_strdup(content);
        return;
    }
    bool found;
    size_t at = place(r, name, &found);
    if (!found)
        return;
    MEM_FREE(r->files[at].edited);
    if (r->files[at].shipped != NULL)
        return;
    file_fini(&r->files[at]);
    r->n_files--;
    memmove(&r->files[at], &r->files[at + 1], (r->n_files - at) * sizeof(*r->files));
}

void
rulebook_edits(struct rulebook *r, const struct queue *q)
{
    for (size_t i = 0; i < queue_edits(q); i++) {
        const struct filter_edit *x = queue_edit_at(q, i);
        rulebook_edit(r, x->file, x->content);
    }
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

int
rulebook_build(struct rulebook *r, bool examples, struct err *e)
{
    size_t errors;

    r->filters = filters_new();
    for (size_t i = 0; i < r->n_files; i++) {
        const struct rulebook_file *f = &r->files[i];
        const char *content = f->edited != NULL ? f->edited : f->shipped;
        if (filters_add(r->filters, f->name, str_from(content), e) < 0)
            return -1;
    }
    errors = filters_load(r->filters);
    if (errors == 0)
        r->judge = judge_new(r->filters, e);
    if (errors == 0 && r->judge == NULL)
        return -1;
    if (errors == 0)
        filters_measure_rules(r->filters, r->judge, clock_mono_ns);
    if (errors == 0 && examples) {
        (void)filters_check_examples(r->filters, r->judge);
        errors = count_errors(r->filters);
    }
    if (errors == 0)
        return 0;
    return err_set(e, ERR_VALUE, "the filters have %zu mistake%s: nothing was changed",
                   errors, errors == 1 ? "" : "s");
}

struct judge *
rulebook_judge(const struct rulebook *r)
{
    return r->judge;
}

uint64_t
rulebook_version(const struct rulebook *r)
{
    return judge_version(r->judge);
}

const struct filters *
rulebook_filters(const struct rulebook *r)
{
    return r->filters;
}

size_t
rulebook_files(const struct rulebook *r, const struct rulebook_file **out)
{
    *out = r->files;
    return r->n_files;
}

const struct rulebook_file *
rulebook_file(const struct rulebook *r, const char *name)
{
    bool found;
    size_t at = place(r, name, &found);

    return found ? &r->files[at] : NULL;
}
