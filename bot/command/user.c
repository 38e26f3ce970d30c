/* SPDX-License-Identifier: Apache-2.0 */
/* user.c - `suraq user`: the people who may sign in. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "command/commands.h"
#include "command/people.h"
#include "serve/accounts_log.h"
#include "serve/password.h"

static int
need_name(const struct people *p, struct err *e)
{
    if (p->args.words[0] == NULL)
        return err_set(e, ERR_VALUE, "give the user's name");
    return 0;
}

/* Asks for a new password and gives its hash. */
static int
new_hash(char hash[crypto_pwhash_STRBYTES], struct err *e)
{
    char *password = people_password(e);
    int rc = -1;

    if (password == NULL)
        return -1;
    if (password_is_acceptable(str_from(password), e) == 0)
        rc = password_hash(str_from(password), hash, e);
    sodium_memzero(password, strlen(password));
    mem_free(password);
    return rc;
}

static int
add(struct people *p, struct err *e)
{
    char hash[crypto_pwhash_STRBYTES];
    enum role role;

    if (need_name(p, e) < 0)
        return -1;
    if (p->args.role == NULL)
        return err_set(e, ERR_VALUE, "give --role admin, moderator, officer or viewer");
    if (role_from_name(str_from(p->args.role), &role, e) < 0)
        return -1;
    if (accounts_find(p->accounts, str_from(p->args.words[0])) != NULL)
        return err_set(e, ERR_CONFLICT, "there is a user '%s' already", p->args.words[0]);
    if (new_hash(hash, e) < 0)
        return -1;
    if (accounts_add(p->accounts, str_from(p->args.words[0]), role, hash, e) < 0)
        return -1;
    accounts_note(p->accounts, "", ADMIN_USER_ADD, p->args.words[0], role);
    return 0;
}

/* What was done to the user that is named, into the journal of administration. */
static void
note(struct people *p, enum admin_act act)
{
    const struct account *u = accounts_find(p->accounts, str_from(p->args.words[0]));

    if (u != NULL)
        accounts_note(p->accounts, "", act, p->args.words[0], u->role);
}

static int
passwd(struct people *p, struct err *e)
{
    char hash[crypto_pwhash_STRBYTES];

    if (need_name(p, e) < 0)
        return -1;
    if (accounts_find(p->accounts, str_from(p->args.words[0])) == NULL)
        return err_set(e, ERR_MISSING, "there is no user '%s'", p->args.words[0]);
    if (new_hash(hash, e) < 0)
        return -1;
    if (accounts_set_password(p->accounts, str_from(p->args.words[0]), hash, e) < 0)
        return -1;
    note(p, ADMIN_USER_PASSWORD);
    return 0;
}

static int
set_role(struct people *p, struct err *e)
{
    const char *name = p->args.words[1] != NULL ? p->args.words[1] : p->args.role;
    enum role role;

    if (need_name(p, e) < 0)
        return -1;
    if (name == NULL)
        return err_set(e, ERR_VALUE,
                       "give the role: admin, moderator, officer or viewer");
    if (role_from_name(str_from(name), &role, e) < 0)
        return -1;
    if (accounts_set_role(p->accounts, str_from(p->args.words[0]), role, e) < 0)
        return -1;
    note(p, ADMIN_USER_ROLE);
    return 0;
}

static int
list(struct people *p, struct err *e)
{
    const struct account *users;
    size_t n = accounts_users(p->accounts, &users);

    (void)e;
    for (size_t i = 0; i < n; i++)
        printf("%s\t%s\n", users[i].name, role_name(users[i].role));
    return 0;
}

static int
take_away(struct people *p, struct err *e)
{
    if (need_name(p, e) < 0)
        return -1;
    const struct account *u = accounts_find(p->accounts, str_from(p->args.words[0]));
    enum role role = u == NULL ? ROLE_VIEWER : u->role;
    if (accounts_remove(p->accounts, str_from(p->args.words[0]), e) < 0)
        return -1;
    accounts_note(p->accounts, "", ADMIN_USER_REMOVE, p->args.words[0], role);
    return 0;
}

/* The whole address where the settings say what it is; else the path alone, which goes
 * behind whatever the program says it is ready at. */
static int
link_to(struct people *p, struct err *e)
{
    struct account_made made;
    struct str url = str_from(p->settings->public_url);

    if (need_name(p, e) < 0)
        return -1;
    const struct account *u = accounts_find(p->accounts, str_from(p->args.words[0]));
    if (u == NULL)
        return err_set(e, ERR_MISSING, "there is no user '%s'", p->args.words[0]);
    char name[ACCOUNTS_NAME + 1];
    memcpy(name, u->name, sizeof(name));
    if (accounts_add_link(p->accounts, u->role, str_from(name), &made, e) < 0)
        return -1;
    note(p, ADMIN_LINK_ADD);
    while (url.len > 0 && url.p[url.len - 1] == '/')
        url.len--;
    printf("%.*s/join/%s\n", STR_ARG(url), made.secret);
    sodium_memzero(&made, sizeof(made));
    return 0;
}

static const struct {
    const char *verb;
    int (*exec)(struct people *p, struct err *e);
} verbs[] = {
    {"add", add},   {"passwd", passwd},    {"role", set_role},
    {"list", list}, {"remove", take_away}, {"link", link_to},
};

static int
exec_user(int argc, char **argv)
{
    struct people p;
    struct err e = ERR_INIT;
    int status = people_begin(&p, &command_user, argc, argv);

    if (status != EXIT_DONE)
        return status;
    int rc =
        err_set(&e, ERR_VALUE, "'%s' is not one of add, passwd, role, list, remove, link",
                p.args.verb);
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(verbs[i].verb, p.args.verb) == 0) {
            err_reset(&e);
            rc = verbs[i].exec(&p, &e);
        }
    }
    status = rc < 0 ? people_fail(&command_user, &e) : EXIT_DONE;
    people_end(&p);
    return status;
}

const struct subcommand command_user = {
    .name = "user",
    .args = "add NAME --role ROLE | passwd NAME | role NAME ROLE | list | remove NAME |"
            " link NAME [-c FILE]",
    .summary = "who may sign in",
    .help = "Roles: admin, moderator, officer, viewer. The password is asked for on a "
            "terminal,\n"
            "and is otherwise the first line of standard input. `link` prints a link "
            "that signs\n"
            "one browser in as that user: it works once, within 10 minutes. A running "
            "program\n"
            "sees each change at once; a new password ends that user's sessions.",
    .exec = exec_user,
};
