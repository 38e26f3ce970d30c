/* SPDX-License-Identifier: Apache-2.0 */
/* check.c - `suraq check`: are settings and filters valid, do all examples hold, and can
 * the chats be reached? */
#include <getopt.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "command/attempt_report.h"
#include "command/commands.h"
#include "command/filter_set.h"
#include "command/options.h"

enum { MOST = 16, DEADLINE_MS = 20000, DEADLINE_MOST_MS = 600000 };

struct check_args {
    char *folders[MOST];
    const char *configs[MOST];
    size_t n_folders, n_configs;
    bool connect;
    int64_t deadline_ms;
};

static int
check_folders(char *const *folders, size_t n)
{
    struct err e = ERR_INIT;
    struct filters *f = filter_set_read(folders, n, &e);
    size_t examples = 0;

    if (f == NULL)
        return options_fail("check", &e, EXIT_FOUND);
    if (filters_load(f) == 0) {
        struct judge *j = judge_new(f, &e);
        if (j == NULL) {
            filters_free(&f);
            return options_fail("check", &e, EXIT_FOUND);
        }
        examples = filters_check_examples(f, j);
        filters_check_patterns(f, j, clock_cpu_ns);
        judge_unref(&j);
    }
    size_t errors = filter_set_print(f);
    filters_free(&f);
    printf("%zu examples, %zu errors\n", examples, errors);
    return errors > 0 ? EXIT_FOUND : EXIT_DONE;
}

/* Tries the sources; 1 when one of them needs somebody. */
static int
check_sources(const struct settings *s, int64_t deadline_ms)
{
    struct attempts *all = mem_zalloc(sizeof(*all));
    struct attempt_style style = {
        .lang = options_lang(), .width = options_width(), .colour = options_colour()};
    struct buf out = BUF_INIT;
    struct err e = ERR_INIT;
    int status = EXIT_DONE;

    log_set_level(LOG_NONE); /* the table says it */
    int ret = attempts_run(all, s, deadline_ms, &e);
    if (ret == 0) {
        attempt_report_write(all, &style, &out);
        (void)fflush(stdout);
        ret = options_write(&out, &e);
    }
    for (size_t i = 0; i < all->n; i++)
        status = all->items[i].well ? status : EXIT_FOUND;
    if (ret < 0)
        status = options_fail("check", &e, EXIT_RUNTIME);
    buf_fini(&out);
    mem_free(all);
    return status;
}

static int
check_settings(const struct check_args *a, const char *path)
{
    struct settings *s = options_settings(path);

    if (s == NULL)
        return EXIT_FOUND;
    int status = check_folders(s->filters, s->n_filters);
    if (a->connect) {
        int tried = check_sources(s, a->deadline_ms);
        status = tried > status ? tried : status;
    }
    settings_free(&s);
    return status;
}

static int
read_deadline(struct check_args *a, const char *text)
{
    struct err e = ERR_INIT;

    if (str_to_duration_ms(str_from(text), &a->deadline_ms, &e) < 0)
        return -1;
    return a->deadline_ms >= 1000 && a->deadline_ms <= DEADLINE_MOST_MS ? 0 : -1;
}

static int
read_args(struct check_args *a, int argc, char **argv)
{
    static const struct option options[] = {{"filters", required_argument, NULL, 'f'},
                                            {"connect", no_argument, NULL, 'n'},
                                            {"deadline", required_argument, NULL, 'd'},
                                            {0}};
    int c;

    while ((c = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
        if (c == 'f' && a->n_folders < MOST)
            a->folders[a->n_folders++] = optarg;
        else if (c == 'c' && a->n_configs < MOST)
            a->configs[a->n_configs++] = optarg;
        else if (c == 'n')
            a->connect = true;
        else if (c != 'd' || read_deadline(a, optarg) < 0)
            return -1;
    }
    return optind == argc ? 0 : -1;
}

static int
exec_check(int argc, char **argv)
{
    static char fallback[] = "filters";
    struct check_args a = {.deadline_ms = DEADLINE_MS};
    int worst = EXIT_DONE, status;

    if (read_args(&a, argc, argv) < 0)
        return options_usage(&command_check);
    if (a.connect && a.n_configs == 0)
        a.configs[a.n_configs++] = settings_default_path();
    if (a.n_folders == 0 && a.n_configs == 0)
        a.folders[a.n_folders++] = fallback;
    for (size_t i = 0; i < a.n_configs; i++) {
        status = check_settings(&a, a.configs[i]);
        worst = status > worst ? status : worst;
    }
    if (a.n_folders > 0) {
        status = check_folders(a.folders, a.n_folders);
        worst = status > worst ? status : worst;
    }
    return worst;
}

const struct subcommand command_check = {
    .name = "check",
    .args = "[-c FILE | --filters DIR]... [--connect [--deadline 20s]]",
    .summary = "are settings and filters valid, do their examples hold?",
    .help =
        "Every mistake is printed as file:line:column. Ends with 1 when there is one.\n"
        "--connect also tries every chat of the settings, all at once, and prints how\n"
        "each one is, what the platform said and what to do next.",
    .exec = exec_check,
};
