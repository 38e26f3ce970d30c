/* SPDX-License-Identifier: Apache-2.0 */
/* token.c - `suraq token`: keys for programs. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "command/commands.h"
#include "command/people.h"
#include "serve/accounts_log.h"

static int
add(struct people *p, struct err *e)
{
    struct account_made made;
    enum role role;

    if (p->args.role == NULL)
        return err_set(e, ERR_VALUE, "give --role overlay or --role intake");
    if (role_from_name(str_from(p->args.role), &role, e) < 0)
        return -1;
    const char *name = p->args.name != NULL ? p->args.name : p->args.role;
    if (accounts_add_token(p->accounts, role, str_from(name), &made, e) < 0)
        return -1;
    accounts_note(p->accounts, "", ADMIN_TOKEN_ADD, name, role);
    (void)fprintf(stderr, "token %" PRIu64 ", shown only once:\n", made.id);
    printf("%s\n", made.secret);
    sodium_memzero(&made, sizeof(made));
    return 0;
}

static int
list(struct people *p, struct err *e)
{
    const struct account_token *tokens;
    size_t n = accounts_tokens(p->accounts, &tokens);
    char made[CLOCK_ISO_LEN + 1];

    (void)e;
    for (size_t i = 0; i < n; i++) {
        clock_iso(tokens[i].created_ms, made);
        printf("%" PRIu64 "\t%s\t%s\t%s\n", tokens[i].id, role_name(tokens[i].role),
               tokens[i].name, made);
    }
    return 0;
}

static int
revoke(struct people *p, struct err *e)
{
    struct account_token gone = {.role = ROLE_OVERLAY};
    const struct account_token *tokens;
    size_t n;
    uint64_t id;

    if (p->args.words[0] == NULL)
        return err_set(e, ERR_VALUE,
                       "give the token's number; `suraq token list` shows them");
    if (str_to_u64(str_from(p->args.words[0]), INT64_MAX, &id, e) < 0)
        return -1;
    n = accounts_tokens(p->accounts, &tokens);
    for (size_t i = 0; i < n; i++)
        if (tokens[i].id == id)
            gone = tokens[i];
    if (accounts_remove_token(p->accounts, id, e) < 0)
        return -1;
    accounts_note(p->accounts, "", ADMIN_TOKEN_REVOKE, gone.name, gone.role);
    return 0;
}

static int
exec_token(int argc, char **argv)
{
    static const struct {
        const char *verb;
        int (*exec)(struct people *p, struct err *e);
    } verbs[] = {{"add", add}, {"list", list}, {"revoke", revoke}};
    struct people p;
    struct err e = ERR_INIT;
    int status = people_begin(&p, &command_token, argc, argv);

    if (status != EXIT_DONE)
        return status;
    int rc = err_set(&e, ERR_VALUE, "'%s' is not one of add, list, revoke", p.args.verb);
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(verbs[i].verb, p.args.verb) == 0) {
            err_reset(&e);
            rc = verbs[i].exec(&p, &e);
        }
    }
    status = rc < 0 ? people_fail(&command_token, &e) : EXIT_DONE;
    people_end(&p);
    return status;
}

const struct subcommand command_token = {
    .name = "token",
    .args = "add --role overlay|intake [--name X] | list | revoke ID [-c FILE]",
    .summary = "keys for programs",
    .help = "An overlay token shows the question on air; an intake token hands in "
            "messages, and\n"
            "its name is their source. A token is printed once, when it is made.",
    .exec = exec_token,
};
