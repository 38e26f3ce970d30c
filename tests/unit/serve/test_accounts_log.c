/* SPDX-License-Identifier: Apache-2.0 */
/* test_accounts_log.c - the journal of administration. */
#include "serve/accounts_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/bounds.h"

static char dir[64], path[96];

static struct accounts *
opened(void)
{
    struct err e = ERR_INIT;
    struct accounts *a = accounts_open(path, clock_system(), &e);

    assert_non_null(a);
    return a;
}

static int
new_folder(void **state)
{
    (void)state;
    (void)snprintf(dir, sizeof(dir), "/tmp/suraq-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof(path), "%s/accounts.db", dir);
    return 0;
}

static int
remove_folder(void **state)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char file[128];

    (void)state;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        (void)snprintf(file, sizeof(file), "%s%s", path, ends[i]);
        (void)unlink(file);
    }
    return rmdir(dir);
}

struct seen {
    char text[512];
    size_t n, stop_after;
    uint64_t last;
};

static int
see(void *arg, const struct admin_entry *entry)
{
    struct seen *s = arg;
    size_t used = strlen(s->text);

    (void)snprintf(s->text + used, sizeof(s->text) - used, "%s %s %s %s;", entry->who,
                   entry->act, entry->what, entry->role);
    s->last = entry->id;
    return ++s->n == s->stop_after ? 1 : 0;
}

static void
acts_are_kept_the_newest_first(void **state)
{
    struct accounts *a = opened();
    struct seen all = {.n = 0}, one = {.stop_after = 1}, rest = {.n = 0};
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(accounts_log(a, 0, see, &all, &e), 0);
    assert_int_equal(all.n, 0);
    accounts_note(a, "", ADMIN_USER_ADD, "dana", ROLE_ADMIN);
    accounts_note(a, "dana", ADMIN_TOKEN_ADD, "obs", ROLE_OVERLAY);
    accounts_close(&a);
    a = opened();
    assert_int_equal(accounts_log(a, 0, see, &all, &e), 0);
    assert_string_equal(all.text, "dana token_add obs overlay; user_add dana admin;");
    assert_int_equal(accounts_log(a, 0, see, &one, &e), 1);
    assert_int_equal(accounts_log(a, one.last, see, &rest, &e), 0);
    assert_string_equal(rest.text, " user_add dana admin;");
    accounts_close(&a);
}

static void
the_oldest_go_when_there_are_too_many(void **state)
{
    struct accounts *a = opened();
    struct seen s = {.n = 0};
    struct err e = ERR_INIT;
    char last[160];
    sqlite3 *db = NULL;

    (void)state;
    accounts_note(a, "", ADMIN_USER_ADD, "first", ROLE_ADMIN);
    (void)snprintf(last, sizeof(last),
                   "INSERT INTO admin_log VALUES(%d,0,'','user_add','nearly','admin')",
                   BOUNDS_ADMIN_LOG);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, last, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    accounts_note(a, "", ADMIN_USER_REMOVE, "second", ROLE_ADMIN);
    assert_int_equal(accounts_log(a, 0, see, &s, &e), 0);
    assert_string_equal(s.text, " user_remove second admin; user_add nearly admin;");
    accounts_close(&a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(acts_are_kept_the_newest_first, new_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(the_oldest_go_when_there_are_too_many, new_folder,
                                        remove_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
