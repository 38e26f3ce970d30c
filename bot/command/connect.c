/* SPDX-License-Identifier: Apache-2.0 */
/* connect.c - `suraq connect`: walks a person through a platform's sign-in and keeps the
 * token in the file that the settings name, 0600.
 *
 * A code for any phone where the platform has such a sign-in (Twitch, YouTube), a browser
 * where it has not, a token that is pasted where there is no sign-in for programs. The
 * journal is not touched and the program may be running. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/mem.h"
#include "command/commands.h"
#include "command/connect.h"
#include "command/options.h"
#include "source/code_flow.h"
#include "source/device_flow.h"
#include "source/source.h"

enum { PORT = 8417, PORT_MOST = 65535 };

struct connect_args {
    const char *name, *config;
    bool browser;
    unsigned port;
};

void
connect_say(const char *fmt, struct str what)
{
    struct buf safe = BUF_INIT, line = BUF_INIT;
    const char *at = strstr(fmt, "%s");
    buf_add_escaped(&safe, what);
    buf_add(&line, fmt, at != NULL ? (size_t)(at - fmt) : strlen(fmt));
    buf_add_str(&line, buf_str(&safe));
    buf_add_cstr(&line, at != NULL ? at + 2 : "");
    (void)puts(line.data);
    buf_fini(&safe);
    buf_fini(&line);
}

static const struct settings_source *
find(const struct settings *s, const char *name, struct err *e)
{
    struct buf known = BUF_INIT;
    for (size_t i = 0; i < s->n_sources; i++) {
        if (strcmp(s->sources[i].name, name) == 0) {
            buf_fini(&known);
            return &s->sources[i];
        }
        buf_addf(&known, "%s%s", i > 0 ? ", " : "", s->sources[i].name);
    }
    (void)err_set(e, ERR_MISSING, "the settings have no source '%s'; they have %s", name,
                  known.len > 0 ? known.data : "none");
    buf_fini(&known);
    return NULL;
}

static int
sign_in(const struct connect *c, bool browser, struct err *e)
{
    const char *kind = c->of->kind;
    if (c->of->token_file == NULL &&
        (connect_can_paste(kind) || code_platform_of(kind) != NULL ||
         device_platform_of(kind) != NULL))
        return err_set(e, ERR_VALUE,
                       "source '%s' has no 'token_file': where the token goes",
                       c->of->name);
    if (connect_can_paste(kind))
        return connect_paste(c, e);
    if (device_platform_of(kind) != NULL && !browser)
        return connect_device(c, e);
    if (code_platform_of(kind) != NULL)
        return connect_browser(c, e);
    return err_set(e, ERR_VALUE, "a source of kind '%s' has no sign-in%s", kind,
                   browser ? " with a browser" : "");
}

static void
tell(const struct connect *c)
{
    bool kept = source_keeps_token(c->of->kind);
    connect_say(c->words->kept, str_from(c->of->token_file));
    (void)puts(c->words->next);
    (void)puts(kept ? c->words->again : c->words->restart);
}

static int
connect_source(const struct connect_args *a, const struct settings *s, struct err *e)
{
    struct connect c = {.words = connect_words(options_lang()), .port = a->port};
    char *secret = NULL;
    c.of = find(s, a->name, e);
    if (c.of == NULL)
        return -1;
    if (c.of->client_secret_file != NULL &&
        settings_read_secret(c.of->client_secret_file, &secret, e) < 0)
        return -1;
    c.client_secret = secret;
    int ret = sign_in(&c, a->browser, e);
    if (ret == 0)
        tell(&c);
    if (secret != NULL)
        explicit_bzero(secret, strlen(secret));
    mem_free(secret);
    return ret;
}

static int
read_args(struct connect_args *a, int argc, char **argv)
{
    static const struct option options[] = {
        {"browser", no_argument, NULL, 'b'}, {"port", required_argument, NULL, 'p'}, {0}};
    struct err e = ERR_INIT;
    uint64_t port = 0;
    int c;
    while ((c = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
        if (c == 'c')
            a->config = optarg;
        else if (c == 'b')
            a->browser = true;
        else if (c != 'p' || str_to_u64(str_from(optarg), PORT_MOST, &port, &e) < 0)
            return -1;
        else
            a->port = (unsigned)port;
    }
    if (optind + 1 != argc)
        return -1;
    a->name = argv[optind];
    return 0;
}

static int
status_of(const struct err *e)
{
    return e->code == ERR_IO || e->code == ERR_SYSTEM ? EXIT_RUNTIME : EXIT_FOUND;
}

static int
exec_connect(int argc, char **argv)
{
    struct connect_args a = {.port = PORT};
    struct err e = ERR_INIT;
    if (read_args(&a, argc, argv) < 0)
        return options_usage(&command_connect);
    struct settings *s = options_settings(a.config);
    if (s == NULL)
        return EXIT_SETTINGS;
    log_set_level(LOG_NONE);
    (void)umask(S_IRWXG | S_IRWXO);
    int ret = connect_source(&a, s, &e);
    settings_free(&s);
    return ret == 0 ? EXIT_DONE : options_fail("connect", &e, status_of(&e));
}

const struct subcommand command_connect = {
    .name = "connect",
    .args = "SOURCE [-c FILE] [--browser] [--port N]",
    .summary = "sign in at the platform of a source",
    .help = "Leads through the sign-in and keeps the token in the source's token_file.\n"
            "--browser signs in with a browser where a code would be shown; it comes\n"
            "back to 127.0.0.1 on --port (8417; 0: any free one).",
    .exec = exec_connect,
};
