/* SPDX-License-Identifier: Apache-2.0 */
/* filter_set.c - folders of rule files to a judge. The judge takes contents, never paths:
 * who reads the disk is decided here. Names are sorted, so that the set is the same on
 * every machine; links and hidden files are passed over. */
#include "command/filter_set.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <dirent.h>

#include "base/bounds.h"
#include "base/clock.h"
#include "base/log.h"
#include "queue/edits.h"

enum { DEPTH = 8 };

static int
read_file(struct filters *f, const char *path, const char *name, struct err *e)
{
    FILE *file = fopen(path, "re");
    struct buf content = BUF_INIT;
    int ret;

    if (file == NULL)
        return err_errno(e, ERR_IO, "'%s' cannot be read", path);
    for (size_t n = 1; n > 0 && content.len <= BOUNDS_FILTER_FILE;) {
        char some[16384];
        n = fread(some, 1, sizeof(some), file);
        buf_add(&content, some, n);
    }
    if (ferror(file) != 0)
        ret = err_set(e, ERR_IO, "'%s' cannot be read", path);
    else
        ret = filters_add(f, name, buf_str(&content), e);
    (void)fclose(file);
    buf_fini(&content);
    return ret;
}

static bool
is_rule_file(const char *name)
{
    size_t len = strlen(name);

    return len > 5 && strcmp(name + len - 5, ".yaml") == 0;
}

static int
is_visible(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

/* `inside` is the path below the folder, "" at its top. */
static int // NOLINTNEXTLINE(misc-no-recursion): at most DEPTH folders deep
read_folder(struct filters *f, const char *folder, const char *inside, int depth,
            struct err *e)
{
    struct dirent **names = NULL;
    struct buf path = BUF_INIT;
    int ret = 0;

    buf_addf(&path, "%s%s%s", folder, inside[0] != '\0' ? "/" : "", inside);
    int n = scandir(path.data, &names, is_visible, alphasort);
    if (n < 0)
        ret = err_errno(e, ERR_IO, "the filter folder '%s' cannot be read", path.data);
    for (int i = 0; i < n; i++) {
        struct buf below = BUF_INIT, full = BUF_INIT;
        struct stat st;
        buf_addf(&below, "%s%s%s", inside, inside[0] != '\0' ? "/" : "",
                 names[i]->d_name);
        buf_addf(&full, "%s/%s", folder, below.data);
        if (ret == 0 && stat(full.data, &st) == 0) {
            if (S_ISDIR(st.st_mode) && depth < DEPTH)
                ret = read_folder(f, folder, below.data, depth + 1, e);
            else if (S_ISREG(st.st_mode) && is_rule_file(names[i]->d_name))
                ret = read_file(f, full.data, below.data, e);
        }
        buf_fini(&below);
        buf_fini(&full);
        free(names[i]); /* scandir's own allocation */
    }
    free(names);
    buf_fini(&path);
    return ret;
}

struct filters *
filter_set_read(char *const *folders, size_t n, struct err *e)
{
    struct filters *f = filters_new();

    for (size_t i = 0; i < n; i++) {
        if (read_folder(f, folders[i], "", 0, e) < 0) {
            filters_free(&f);
            return NULL;
        }
    }
    return f;
}

size_t
filter_set_print(const struct filters *f)
{
    const struct filters_issue *issues;
    size_t n = filters_issues(f, &issues), errors = 0;

    for (size_t i = 0; i < n; i++) {
        struct buf line = BUF_INIT, text = BUF_INIT;
        static const char *const names[] = {"error", "warning", "note"};
        bool is_error = issues[i].severity == FILTERS_ERROR;
        buf_addf(&text, "%s:%d:%d: %s: %s", issues[i].file, issues[i].line,
                 issues[i].column, names[issues[i].severity], issues[i].text);
        buf_add_escaped(&line, buf_str(&text));
        (void)fprintf(stderr, "%s\n", line.data);
        errors += is_error;
        buf_fini(&line);
        buf_fini(&text);
    }
    return errors;
}

struct judge *
filter_set_judge(char *const *folders, size_t n, struct err *e)
{
    struct filters *f = filter_set_read(folders, n, e);
    struct judge *j = NULL;

    if (f == NULL)
        return NULL;
    if (filters_load(f) > 0) {
        (void)filter_set_print(f);
        (void)err_set(e, ERR_VALUE, "the filters have mistakes: nothing was changed");
    } else {
        j = judge_new(f, e);
    }
    filters_free(&f);
    return j;
}

int
filter_set_build(char *const *folders, size_t n, struct rulebook *r, struct err *e)
{
    int64_t begun = clock_mono_ms(clock_system());
    struct filters *f = filter_set_read(folders, n, e);

    if (f == NULL)
        return -1;
    rulebook_ship(r, f);
    filters_free(&f);
    int rc = rulebook_build(r, false, e);
    if (rc < 0)
        (void)filter_set_print(rulebook_filters(r));
    else
        log_info("filters", "version %016" PRIx64 " was built in %" PRId64 " ms",
                 rulebook_version(r), clock_mono_ms(clock_system()) - begun);
    return rc;
}

struct rulebook *
filter_set_first(char *const *folders, size_t n, const struct queue *q, struct err *e)
{
    struct rulebook *r = rulebook_new();

    rulebook_edits(r, q);
    if (filter_set_build(folders, n, r, e) == 0)
        return r;
    rulebook_unref(&r);
    if (queue_edits(q) == 0)
        return NULL;
    log_error("run", "starting without the files changed on the page (%zu): %s",
              queue_edits(q), e->msg);
    err_reset(e);
    r = rulebook_new();
    if (filter_set_build(folders, n, r, e) == 0)
        return r;
    rulebook_unref(&r);
    return NULL;
}

bool
filter_set_is_behind(const struct rulebook *r, const struct queue *q)
{
    for (size_t i = 0; i < queue_edits(q); i++) {
        const struct rulebook_file *f = rulebook_file(r, queue_edit_at(q, i)->file);
        if (f == NULL || f->edited == NULL)
            return true;
    }
    return false;
}
