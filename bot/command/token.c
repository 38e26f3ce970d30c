/* SPDX-License-Identifier: Apache-2.0 */
/* token.c - `suraq token`: keys for programs: the overlay's browser source, an intake. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "command/commands.h"
#include "command/options.h"
#include "serve/accounts.h"

struct call {
    struct accounts *accounts;
    const char *role, *name, *id;
};

static int
token_add(const struct call *c, struct err *e)
{
    char secret[ACCOUNTS_SECRET + 1];
    enum role role = ROLE_VIEWER;
    uint64_t id;

    if (c->role == NULL || role_from_name(str_from(c->role), &role, e) < 0 ||
        (role != ROLE_OVERLAY && role != ROLE_INTAKE))
        return err_set(e, ERR_VALUE, "give a role: --role overlay or --role intake");
    const char *name = c->name == NULL ? c->role : c->name;
    if (accounts_add_token(c->accounts, role, str_from(name), &id, secret, e) < 0)
        return -1;
    printf("%" PRIu64 " %s\n", id, secret);
    return 0;
}

static int
token_list(const struct call *c)
{
    const struct account_token *tokens;
    size_t n = accounts_tokens(c->accounts, &tokens);

    for (size_t i = 0; i < n; i++)
        printf("%" PRIu64 "\t%s\t%s\n", tokens[i].id, role_name(tokens[i].role),
               tokens[i].name);
    return 0;
}

static int
token_revoke(const struct call *c, struct err *e)
{
    uint64_t id;

    if (c->id == NULL || str_to_u64(str_from(c->id), INT64_MAX, &id, e) < 0)
        return err_set(e, ERR_VALUE,
                       "give the number of the token: 'suraq token list' shows it");
    return accounts_remove_token(c->accounts, id, e);
}

static int
do_verb(const char *verb, struct call *c, const char *journal_path)
{
    char *path = accounts_path_beside(journal_path);
    struct err e = ERR_INIT;
    int rc = -1;

    c->accounts = accounts_open(path, clock_system(), &e);
    if (c->accounts != NULL && strcmp(verb, "add") == 0)
        rc = token_add(c, &e);
    else if (c->accounts != NULL && strcmp(verb, "list") == 0)
        rc = token_list(c);
    else if (c->accounts != NULL)
        rc = token_revoke(c, &e);
    accounts_close(&c->accounts);
    mem_free(path);
    if (rc == 0)
        return EXIT_DONE;
    return options_fail("token", &e,
                        e.code == ERR_IO || e.code == ERR_SYSTEM ? EXIT_RUNTIME
                                                                 : EXIT_USAGE);
}

static int
exec_token(int argc, char **argv)
{
    static const struct option options[] = {{"role", required_argument, NULL, 'r'},
                                            {"name", required_argument, NULL, 'n'},
                                            {0}};
    struct call call = {.role = NULL};
    const char *config = NULL;
    int c;

    while ((c = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
        if (c == 'c')
            config = optarg;
        else if (c == 'r')
            call.role = optarg;
        else if (c == 'n')
            call.name = optarg;
        else
            return options_usage(&command_token);
    }
    const char *verb = optind < argc ? argv[optind] : "";
    if (strcmp(verb, "add") != 0 && strcmp(verb, "list") != 0 &&
        strcmp(verb, "revoke") != 0)
        return options_usage(&command_token);
    call.id = optind + 1 < argc ? argv[optind + 1] : NULL;
    struct settings *s = options_settings(config);
    if (s == NULL)
        return EXIT_SETTINGS;
    int status = do_verb(verb, &call, s->journal_path);
    settings_free(&s);
    return status;
}

const struct subcommand command_token = {
    .name = "token",
    .args = "add --role overlay|intake [--name X] | list | revoke ID [-c FILE]",
    .summary = "keys for the overlay and for programs that bring messages",
    .help = "'add' prints the token's number and the token itself, once: only its hash "
            "is kept.",
    .exec = exec_token,
};
