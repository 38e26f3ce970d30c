/* SPDX-License-Identifier: Apache-2.0 */
/* options.c - what the subcommands have in common. */
#include "command/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

struct settings *
options_settings(const char *path)
{
    struct settings_errors errors = {NULL, 0};
    struct settings *s =
        settings_load(path != NULL ? path : settings_default_path(), &errors);

    for (size_t i = 0; i < errors.n; i++)
        (void)fprintf(stderr, "%s\n", errors.items[i]);
    settings_errors_fini(&errors);
    return s;
}

void
options_timezone(const struct settings *s)
{
    (void)setenv("TZ", s->timezone, 1); // NOLINT(concurrency-mt-unsafe)
    tzset();
}

struct journal *
options_journal(const struct settings *s, struct err *e)
{
    struct journal_conf conf = {.path = s->journal_path, .read_only = true};

    return journal_sqlite_open(&conf, e);
}

unsigned
options_width(void)
{
    struct winsize size = {.ws_col = 0};

    if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
        return 0;
    return size.ws_col;
}

bool
options_colour(void)
{
    const char *no = getenv("NO_COLOR"); // NOLINT(concurrency-mt-unsafe): one thread

    return isatty(STDOUT_FILENO) != 0 && (no == NULL || no[0] == '\0');
}

const char *
options_lang(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *value = NULL;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (value == NULL || value[0] == '\0')
            value = getenv(names[i]); // NOLINT(concurrency-mt-unsafe): one thread
    if (value != NULL && strncmp(value, "kk", 2) == 0)
        return "kk";
    return value != NULL && strncmp(value, "ru", 2) == 0 ? "ru" : "en";
}

int
options_write(struct buf *out, struct err *e)
{
    for (size_t done = 0; done < out->len;) {
        ssize_t n = write(STDOUT_FILENO, out->data + done, out->len - done);
        if (n < 0 && errno != EINTR)
            return err_errno(e, ERR_IO, "the output cannot be written");
        done += n < 0 ? 0 : (size_t)n;
    }
    buf_reset(out);
    return 0;
}

int
options_fail(const char *name, const struct err *e, int status)
{
    struct buf line = BUF_INIT;

    buf_add_escaped(&line, str_from(e->msg));
    (void)fprintf(stderr, "suraq %s: %s\n", name, line.data == NULL ? "" : line.data);
    buf_fini(&line);
    return status;
}

int
options_usage(const struct subcommand *s)
{
    (void)fprintf(stderr, "usage: suraq %s %s\n", s->name, s->args);
    return EXIT_USAGE;
}
