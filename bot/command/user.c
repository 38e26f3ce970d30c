/* SPDX-License-Identifier: Apache-2.0 */
/* user.c - `suraq user`: who may sign in. Works on accounts.db beside the journal, also
 * while the stream runs: the daemon notices. Passwords are asked for at the terminal
 * without echo, or read as the first line of standard input; never given on the command
 * line. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "command/commands.h"
#include "command/options.h"
#include "serve/accounts.h"
#include "serve/password.h"

struct call {
    struct accounts *accounts;
    const struct settings *settings;
    const char *name, *role; /* NULL: not given */
};

static void
echo(bool on)
{
    struct termios t;

    if (tcgetattr(STDIN_FILENO, &t) < 0)
        return;
    if (on)
        t.c_lflag |= ECHO;
    else
        t.c_lflag &= ~(tcflag_t)ECHO;
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &t);
}

/* The first line of standard input into `out`. */
static int
read_password(char out[BOUNDS_PASSWORD + 2], struct err *e)
{
    bool terminal = isatty(STDIN_FILENO) != 0;

    if (terminal) {
        fprintf(stderr, "Password: ");
        echo(false);
    }
    const char *got = fgets(out, BOUNDS_PASSWORD + 2, stdin);
    if (terminal) {
        echo(true);
        fprintf(stderr, "\n");
    }
    if (got == NULL)
        return err_set(e, ERR_VALUE, "no password was given");
    out[strcspn(out, "\r\n")] = '\0';
    return 0;
}

static int
hash_password(char hash[crypto_pwhash_STRBYTES], struct err *e)
{
    char text[BOUNDS_PASSWORD + 2];

    if (read_password(text, e) < 0)
        return -1;
    int rc = password_is_acceptable(str_from(text), e);
    if (rc == 0)
        rc = password_hash(str_from(text), hash, e);
    sodium_memzero(text, sizeof(text));
    return rc;
}

static int
user_add(const struct call *c, struct err *e)
{
    char hash[crypto_pwhash_STRBYTES];
    enum role role;

    if (c->role == NULL)
        return err_set(e, ERR_VALUE,
                       "give a role: --role admin, moderator, officer or viewer");
    if (role_from_name(str_from(c->role), &role, e) < 0 || hash_password(hash, e) < 0)
        return -1;
    return accounts_add(c->accounts, str_from(c->name), role, hash, e);
}

static int
user_passwd(const struct call *c, struct err *e)
{
    char hash[crypto_pwhash_STRBYTES];

    if (hash_password(hash, e) < 0)
        return -1;
    return accounts_set_password(c->accounts, str_from(c->name), hash, e);
}

static int
user_role(const struct call *c, struct err *e)
{
    enum role role;

    if (c->role == NULL || role_from_name(str_from(c->role), &role, e) < 0)
        return err_set(e, ERR_VALUE, "give a role: admin, moderator, officer or viewer");
    return accounts_set_role(c->accounts, str_from(c->name), role, e);
}

static int
user_list(const struct call *c, struct err *e)
{
    const struct account *users;
    size_t n = accounts_users(c->accounts, &users);

    (void)e;
    for (size_t i = 0; i < n; i++)
        printf("%s\t%s\n", users[i].name, role_name(users[i].role));
    return 0;
}

static int
user_remove(const struct call *c, struct err *e)
{
    return accounts_remove(c->accounts, str_from(c->name), e);
}

static int
user_link(const struct call *c, struct err *e)
{
    const struct account *who = accounts_find(c->accounts, str_from(c->name));
    char code[ACCOUNTS_CODE + 1];
    uint64_t id;

    if (who == NULL)
        return err_set(e, ERR_MISSING, "there is no user '%s'", c->name);
    if (accounts_add_link(c->accounts, who->role, str_from(c->name), &id, code, e) < 0)
        return -1;
    printf("%s/join/%s\n", c->settings->public_url == NULL ? "" : c->settings->public_url,
           code);
    return 0;
}

static const struct verb {
    const char *name;
    bool takes_name;
    int (*exec)(const struct call *c, struct err *e);
} verbs[] = {
    {"add", true, user_add},   {"passwd", true, user_passwd},
    {"role", true, user_role}, {"remove", true, user_remove},
    {"link", true, user_link}, {"list", false, user_list},
};

static const struct verb *
find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    }
    return NULL;
}

static int
with_accounts(const struct verb *verb, struct call *c)
{
    char *path = accounts_path_beside(c->settings->journal_path);
    struct err e = ERR_INIT;

    c->accounts = accounts_open(path, clock_system(), &e);
    int rc = c->accounts == NULL ? -1 : verb->exec(c, &e);
    accounts_close(&c->accounts);
    mem_free(path);
    if (rc == 0)
        return EXIT_DONE;
    return options_fail(
        "user", &e, e.code == ERR_IO || e.code == ERR_SYSTEM ? EXIT_RUNTIME : EXIT_USAGE);
}

static int
exec_user(int argc, char **argv)
{
    static const struct option options[] = {{"role", required_argument, NULL, 'r'}, {0}};
    struct call call = {.name = NULL};
    const char *config = NULL;
    int c;

    while ((c = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
        if (c == 'c')
            config = optarg;
        else if (c == 'r')
            call.role = optarg;
        else
            return options_usage(&command_user);
    }
    const struct verb *verb = optind < argc ? find_verb(argv[optind]) : NULL;
    if (verb == NULL || argc - optind < (verb->takes_name ? 2 : 1))
        return options_usage(&command_user);
    if (verb->takes_name)
        call.name = argv[optind + 1];
    if (verb->exec == user_role && argc - optind > 2)
        call.role = argv[optind + 2];
    struct settings *s = options_settings(config);
    if (s == NULL)
        return EXIT_SETTINGS;
    call.settings = s;
    int status = with_accounts(verb, &call);
    settings_free(&s);
    return status;
}

const struct subcommand command_user = {
    .name = "user",
    .args = "add NAME --role ROLE | passwd NAME | role NAME ROLE | list | remove NAME | "
            "link NAME [-c FILE]",
    .summary = "who may sign in",
    .help =
        "Roles: admin, moderator, officer, viewer. The password is asked for, or is the "
        "first line of\n"
        "standard input. 'link' prints a sign-in path that works once, for ten minutes.",
    .exec = exec_user,
};
