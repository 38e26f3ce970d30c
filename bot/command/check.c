/* SPDX-License-Identifier: Apache-2.0 */
/* check.c - `suraq check`: are settings and filters valid, do all examples hold? */
#include <getopt.h>
#include <stdio.h>

#include "base/clock.h"
#include "command/commands.h"
#include "command/filter_set.h"
#include "command/options.h"

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

static int
exec_check(int argc, char **argv)
{
    static const struct option options[] = {{"filters", required_argument, NULL, 'f'},
                                            {0}};
    static char fallback[] = "filters";
    char *folders[16];
    size_t n = 0;
    int c, worst = EXIT_DONE;
    bool had_config = false;

    while ((c = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
        int status = EXIT_DONE;
        if (c == 'f' && n < sizeof(folders) / sizeof(folders[0])) {
            folders[n++] = optarg;
        } else if (c == 'c') {
            struct settings *s = options_settings(optarg);
            had_config = true;
            status = s == NULL ? EXIT_FOUND : check_folders(s->filters, s->n_filters);
            settings_free(&s);
        } else {
            return options_usage(&command_check);
        }
        worst = status > worst ? status : worst;
    }
    if (optind != argc)
        return options_usage(&command_check);
    if (n == 0 && !had_config)
        folders[n++] = fallback;
    int status = n > 0 ? check_folders(folders, n) : EXIT_DONE;
    return status > worst ? status : worst;
}

const struct subcommand command_check = {
    .name = "check",
    .args = "[-c FILE | --filters DIR]...",
    .summary = "are settings and filters valid, do their examples hold?",
    .help =
        "Every mistake is printed as file:line:column. Ends with 1 when there is one.",
    .exec = exec_check,
};
