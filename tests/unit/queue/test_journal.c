/* SPDX-License-Identifier: Apache-2.0 */
/* The journal on SQLite: what was acknowledged is there, once, and what was tampered
 * with is found. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/journal_room.h"

enum { EVENTS = 20 };

static int
setup(void **state)
{
    static struct journal_room r;

    room_begin(&r);
    *state = &r;
    return 0;
}

static int
teardown(void **state)
{
    room_end(*state);
    return 0;
}

static void
must_open(struct journal_room *r)
{
    struct err e = ERR_INIT;

    if (room_open(r, &e) < 0)
        fail_msg("open: %s", e.msg);
}

static void
write_events(struct journal_room *r, int n)
{
    uint64_t seq = 0;

    must_open(r);
    for (int i = 1; i <= n; i++) {
        char body[64];
        (void)snprintf(body, sizeof(body), "{\"text\":\"secret-%d\"}", i);
        seq = room_append(r, body);
    }
    room_settle(r, seq);
    assert_int_equal(r->durable, seq);
}

struct tally {
    uint64_t n, last, erased;
};

static int
count(void *arg, const struct event *ev)
{
    struct tally *t = arg;

    t->n++;
    t->erased += ev->body.len == 0;
    if (ev->seq != t->last + 1)
        return 1;
    t->last = ev->seq;
    return 0;
}

static struct tally
read_all(struct journal_room *r, uint64_t after)
{
    struct tally t = {.last = after};
    struct err e = ERR_INIT;

    assert_int_equal(journal_read(r->journal, after, count, &t, &e), 0);
    return t;
}

/* The first bad record; 0: the chain is whole. */
static uint64_t
broken(struct journal_room *r, const struct journal_head *head)
{
    uint64_t at = 0;
    struct err e = ERR_INIT;
    struct journal_conf conf = {.path = r->path, .read_only = true};
    struct journal *j = journal_sqlite_open(&conf, &e);

    if (j == NULL)
        fail_msg("open to verify: %s", e.msg);
    int rc = journal_verify(j, head, &at, NULL, &e);
    journal_close(&j);
    if (rc < 0)
        fail_msg("verify: %s", e.msg);
    return rc == 0 ? 0 : at;
}

static void
what_was_appended_is_read_back_in_order(void **state)
{
    struct journal_room *r = *state;

    write_events(r, EVENTS);
    assert_int_equal(journal_head(r->journal).seq, EVENTS);
    room_close(r);
    must_open(r);
    assert_int_equal(journal_durable(r->journal), EVENTS);
    assert_int_equal(read_all(r, 0).n, EVENTS);
    assert_int_equal(read_all(r, 15).n, EVENTS - 15);
    assert_int_equal(room_append(r, "{}"), EVENTS + 1);
    room_close(r);
    assert_int_equal(broken(r, NULL), 0);
}

static void
a_closing_journal_commits_what_waits(void **state)
{
    struct journal_room *r = *state;

    must_open(r);
    for (int i = 0; i < 1000; i++)
        (void)room_append(r, "{}");
    room_close(r);
    must_open(r);
    assert_int_equal(read_all(r, 0).n, 1000);
}

static void
a_change_anywhere_is_found(void **state)
{
    static const struct {
        const char *sql;
        uint64_t at;
    } rows[] = {
        {"UPDATE body SET data = '{\"text\":\"secret-X\"}' WHERE seq = 7", 7},
        {"UPDATE body SET salt = zeroblob(16) WHERE seq = 8", 8},
        {"UPDATE body SET data = NULL WHERE seq = 8", 8},
        {"UPDATE body SET salt = NULL, data = '{\"text\":\"forged\"}' WHERE seq = 8", 8},
        {"UPDATE header SET at = at + 1 WHERE seq = 1", 1},
        {"UPDATE header SET actor = actor || char(0) || 'x' WHERE seq = 9", 9},
        {"UPDATE header SET kind = kind || char(0) || 'x' WHERE seq = 10", 10},
        {"UPDATE header SET actor = 'user:other' WHERE seq = 9", 9},
        {"UPDATE header SET kind = 'delete' WHERE seq = 10", 10},
        {"UPDATE header SET kind = 'nonsense' WHERE seq = 10", 10},
        {"UPDATE header SET broadcast = 2 WHERE seq = 11", 11},
        {"UPDATE header SET filters = 2 WHERE seq = 12", 12},
        {"UPDATE header SET hash = zeroblob(32) WHERE seq = 13", 13},
        {"UPDATE header SET body_hash = zeroblob(32) WHERE seq = 14", 14},
        {"UPDATE header SET body_hash = zeroblob(3) WHERE seq = 14", 14},
        {"DELETE FROM header WHERE seq = 15", 15},
        {"UPDATE header SET seq = 99 WHERE seq = 20", 20},
        {"UPDATE header SET seq = -1 WHERE seq = 3; UPDATE header SET seq = 3 WHERE seq "
         "= 4; UPDATE header SET seq = 4 WHERE seq = -1",
         3},
        {"UPDATE body SET seq = -1 WHERE seq = 3; UPDATE body SET seq = 3 WHERE seq "
         "= 4; UPDATE body SET seq = 4 WHERE seq = -1",
         3},
    };
    struct journal_room *r = *state;
    char copy[128];

    write_events(r, EVENTS);
    room_close(r);
    (void)snprintf(copy, sizeof(copy), "%s.copy", r->path);
    room_sql(r, "PRAGMA wal_checkpoint(TRUNCATE)");
    assert_int_equal(rename(r->path, copy), 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char cp[512];
        (void)snprintf(cp, sizeof(cp), "cp %s %s", copy, r->path);
        assert_int_equal(system(cp), 0); /* NOLINT: both names are ours */
        room_sql(r, rows[i].sql);
        if (broken(r, NULL) != rows[i].at)
            fail_msg("'%s' is found at %llu", rows[i].sql,
                     (unsigned long long)broken(r, NULL));
    }
}

static void
a_cut_tail_is_found_against_a_head(void **state)
{
    struct journal_room *r = *state;
    struct journal_head head, parsed;
    struct buf text = BUF_INIT;
    struct err e = ERR_INIT;

    write_events(r, EVENTS);
    head = journal_head(r->journal);
    room_close(r);
    journal_head_write(&head, &text);
    assert_int_equal(journal_head_parse(buf_str(&text), &parsed, &e), 0);
    assert_memory_equal(&parsed, &head, sizeof(head));
    buf_fini(&text);
    assert_int_equal(broken(r, &head), 0);
    room_sql(r, "DELETE FROM header WHERE seq > 17; DELETE FROM body WHERE seq > 17");
    assert_int_equal(broken(r, NULL), 0);
    assert_int_equal(broken(r, &head), 18);
    /* Cut and written on: as long as before, but another chain. */
    must_open(r);
    for (int i = 0; i < 3; i++)
        (void)room_append(r, "{}");
    room_close(r);
    assert_int_equal(broken(r, NULL), 0);
    assert_int_equal(broken(r, &head), 20);
}

static void
a_head_that_is_none_is_refused(void **state)
{
    static const char *const rows[] = {"", "5", "5:", ":00", "5:zz", "-1:00", "5:00:00"};
    struct journal_head head;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;
        assert_int_equal(journal_head_parse(str_from(rows[i]), &head, &e), -1);
        assert_non_null(strstr(e.msg, "N:HASH"));
    }
}

static void
an_erased_body_leaves_a_whole_chain_and_no_text(void **state)
{
    struct journal_room *r = *state;

    write_events(r, EVENTS);
    assert_true(room_has(r, "secret-7"));
    room_close(r);
    room_sql(r, "PRAGMA secure_delete=ON; DELETE FROM body WHERE seq <= 10;"
                "PRAGMA wal_checkpoint(TRUNCATE)");
    assert_int_equal(broken(r, NULL), 0);
    must_open(r);
    assert_int_equal(read_all(r, 0).erased, 10);
    assert_int_equal(read_all(r, 0).n, EVENTS);
    assert_false(room_has(r, "secret-7"));
    assert_true(room_has(r, "secret-11"));
}

static int
break_third(void *arg)
{
    int *n = arg;

    return ++*n >= 3;
}

static void
a_failed_commit_acknowledges_nothing_and_is_final(void **state)
{
    struct journal_room *r = *state;
    int commits = 0;
    struct event ev = {.kind = EVENT_MESSAGE};
    struct err e = ERR_INIT;

    r->conf.fault = break_third;
    r->conf.fault_arg = &commits;
    must_open(r);
    for (uint64_t i = 1; i <= 2; i++) {
        assert_int_equal(room_append(r, "{}"), i);
        room_settle(r, i);
    }
    (void)room_append(r, "{\"text\":\"lost\"}");
    room_settle(r, 3);
    assert_true(r->failed);
    assert_non_null(strstr(r->err.msg, r->path));
    assert_int_equal(r->durable, 2);
    buf_add_cstr(&ev.body, "{}");
    assert_int_equal(journal_append(r->journal, &ev, &e), -1);
    event_fini(&ev);
    room_close(r);
    r->conf.fault = NULL;
    must_open(r);
    assert_int_equal(read_all(r, 0).n, 2);
    assert_false(room_has(r, "lost"));
}

static void
refused(struct journal_room *r, const char *what)
{
    struct err e = ERR_INIT;

    if (room_open(r, &e) == 0)
        fail_msg("opened, but should say: %s", what);
    assert_int_equal(e.code, ERR_IO);
    if (strstr(e.msg, what) == NULL)
        fail_msg("'%s' does not say: %s", e.msg, what);
}

static void
a_file_that_cannot_be_a_journal_is_refused_with_its_name(void **state)
{
    struct journal_room *r = *state;
    FILE *f = fopen(r->path, "we");

    for (int i = 0; i < 1000; i++)
        (void)fputs("this is not a database\n", f);
    (void)fclose(f);
    refused(r, r->path);
    assert_int_equal(unlink(r->path), 0);
    assert_int_equal(mkdir(r->path, 0700), 0);
    refused(r, r->path);
    assert_int_equal(rmdir(r->path), 0);
    r->conf.path = "/proc/nowhere/j.db";
    refused(r, "/proc/nowhere");
    r->conf.path = r->path;
    r->conf.read_only = true;
    refused(r, r->path);
    r->conf.read_only = false;
    /* A database of somebody else, which stays as it was. */
    room_sql(r, "CREATE TABLE contacts(name)");
    refused(r, "is not a journal");
    room_sql(r, "CREATE TABLE header(a); CREATE TABLE body(a); CREATE TABLE snapshot(a)");
    refused(r, "is not a journal");
}

/* The child: a person without rights, whom the folder or the file does not let write. It
 * tells by its exit status. */
static void
open_as_nobody(struct journal_room *r)
{
    struct err e = ERR_INIT;

    if (geteuid() == 0 && (setegid(65534) < 0 || seteuid(65534) < 0))
        _exit(3);
    r->conf.read_only = false;
    if (room_open(r, &e) == 0)
        _exit(1);
    _exit(e.code == ERR_IO && strstr(e.msg, r->path) != NULL ? 0 : 2);
}

static void
a_journal_that_may_not_be_written_is_refused_with_its_name(void **state)
{
    static const struct {
        mode_t folder, file, lock;
    } rows[] = {
        {0555, 0444, 0666}, {0777, 0444, 0666}, {0555, 0666, 0444}, {0000, 0666, 0666}};
    struct journal_room *r = *state;
    char lock[sizeof(r->path) + 5];

    (void)snprintf(lock, sizeof(lock), "%s.lock", r->path);
    write_events(r, EVENTS);
    room_close(r);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int status = -1;
        assert_int_equal(chmod(r->path, rows[i].file), 0);
        assert_int_equal(chmod(lock, rows[i].lock), 0);
        assert_int_equal(chmod(r->dir, rows[i].folder), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            open_as_nobody(r);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(chmod(r->dir, 0700), 0);
        if (status != 0)
            fail_msg("row %zu: exit status %d", i, WEXITSTATUS(status));
    }
    assert_int_equal(chmod(r->path, 0600), 0);
    assert_int_equal(chmod(lock, 0600), 0);
    must_open(r);
    assert_int_equal(read_all(r, 0).n, EVENTS);
}

/* A file may not grow beyond a size: what a full disk looks like from inside. */
static void
limit_files(rlim_t bytes)
{
    struct rlimit l;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &l), 0);
    l.rlim_cur = bytes < l.rlim_max ? bytes : l.rlim_max;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &l), 0);
}

static void
a_full_disk_loses_nothing_that_was_acknowledged(void **state)
{
    struct journal_room *r = *state;
    char body[2001] = "";

    memset(body, 'x', sizeof(body) - 1);
    must_open(r);
    limit_files(512L * 1024);
    while (!r->failed)
        room_settle(r, room_append(r, body));
    limit_files(RLIM_INFINITY);
    assert_non_null(strstr(r->err.msg, r->path));
    uint64_t told = r->durable;
    assert_true(told > 10);
    room_close(r);
    must_open(r);
    assert_int_equal(read_all(r, 0).n, told);
    assert_int_equal(room_append(r, "{}"), told + 1);
    room_close(r);
    assert_int_equal(broken(r, NULL), 0);
}

static void
a_second_writer_is_refused(void **state)
{
    struct journal_room *r = *state, other = *r;

    must_open(r);
    refused(&other, "another suraq process");
    assert_int_equal(room_append(r, "{}"), 1);
}

static void
the_newest_snapshot_is_kept_once_its_events_are(void **state)
{
    struct journal_room *r = *state;
    struct buf bytes = BUF_INIT, got = BUF_INIT;
    struct err e = ERR_INIT;
    uint64_t seq = 0;

    r->conf.snapshot_every = 5;
    must_open(r);
    assert_int_equal(journal_load_snapshot(r->journal, &seq, &got, &e), 1);
    for (uint64_t i = 1; i <= 12; i++) {
        (void)room_append(r, "{}");
        assert_int_equal(journal_wants_snapshot(r->journal), i % 5 == 0);
        if (i % 5 != 0)
            continue;
        buf_reset(&bytes);
        buf_addf(&bytes, "state at %d", (int)i);
        journal_store_snapshot_take(r->journal, i, &bytes);
        assert_int_equal(bytes.len, 0);
    }
    room_close(r);
    must_open(r);
    assert_int_equal(journal_load_snapshot(r->journal, &seq, &got, &e), 0);
    assert_int_equal(seq, 10);
    assert_string_equal(got.data, "state at 10");
    buf_fini(&bytes);
    buf_fini(&got);
}

static void
a_copy_is_whole_and_never_overwrites(void **state)
{
    struct journal_room *r = *state, copy = *r;
    struct err e = ERR_INIT;

    write_events(r, EVENTS);
    (void)snprintf(copy.path, sizeof(copy.path), "%s/copy.db", r->dir);
    assert_int_equal(journal_backup(r->journal, copy.path, &e), 0);
    assert_int_equal(broken(&copy, NULL), 0);
    assert_int_equal(journal_backup(r->journal, copy.path, &e), -1);
    assert_non_null(strstr(e.msg, "exists"));
}

static void
a_disk_that_is_too_slow_pushes_back(void **state)
{
    struct journal_room *r = *state;
    struct event ev = {.kind = EVENT_MESSAGE};
    struct err e = ERR_INIT;
    uint64_t n = 0;

    for (int i = 0; i < 60000; i++)
        buf_add_char(&ev.body, 'x');
    must_open(r);
    while (journal_append(r->journal, &ev, &e) == 0)
        if (++n > 100000)
            fail_msg("%llu appended without a limit", (unsigned long long)n);
    assert_int_equal(e.code, ERR_LIMIT);
    assert_int_equal(journal_head(r->journal).seq, n);
    room_settle(r, n);
    assert_int_equal(journal_append(r->journal, &ev, &e), 0);
    event_fini(&ev);
}

/* The child: appends in groups and says what is durable, until it is killed. Each event
 * says its own number. */
static void
append_for_ever(struct journal_room *r, int out)
{
    struct err e = ERR_INIT;
    char body[32];

    if (room_open(r, &e) < 0)
        _exit(1);
    for (;;) {
        for (uint64_t i = 0; i < 1 + journal_head(r->journal).seq % 29; i++) {
            (void)snprintf(body, sizeof(body), "%llu",
                           (unsigned long long)journal_head(r->journal).seq + 1);
            (void)room_append(r, body);
        }
        room_drain(r, true);
        if (write(out, &r->durable, sizeof(r->durable)) < 0)
            _exit(2);
    }
}

static int
expect_itself(void *arg, const struct event *ev)
{
    uint64_t *n = arg, said;

    assert_int_equal(ev->seq, *n + 1);
    assert_int_equal(str_to_u64(buf_str(&ev->body), UINT64_MAX, &said, NULL), 0);
    assert_int_equal(said, ev->seq);
    *n = ev->seq;
    return 0;
}

static void
what_was_durable_survives_kill_9(void **state)
{
    struct journal_room *r = *state;
    struct err e = ERR_INIT;

    for (int round = 0; round < 12; round++) {
        int fd[2];
        uint64_t told = 0, last = 0, seq;
        assert_int_equal(pipe(fd), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            append_for_ever(r, fd[1]);
        close(fd[1]);
        for (int i = 0; i < 1 + round * 7 % 12; i++)
            if (read(fd[0], &seq, sizeof(seq)) == sizeof(seq))
                told = seq;
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, NULL, 0), child);
        while (read(fd[0], &seq, sizeof(seq)) == sizeof(seq))
            told = seq;
        close(fd[0]);
        must_open(r);
        assert_int_equal(journal_read(r->journal, 0, expect_itself, &last, &e), 0);
        assert_true(told > 0 && last >= told);
        room_close(r);
        assert_int_equal(broken(r, NULL), 0);
    }
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_was_appended_is_read_back_in_order),
        T(a_closing_journal_commits_what_waits),
        T(a_change_anywhere_is_found),
        T(a_cut_tail_is_found_against_a_head),
        T(a_head_that_is_none_is_refused),
        T(an_erased_body_leaves_a_whole_chain_and_no_text),
        T(a_failed_commit_acknowledges_nothing_and_is_final),
        T(a_file_that_cannot_be_a_journal_is_refused_with_its_name),
        T(a_journal_that_may_not_be_written_is_refused_with_its_name),
        T(a_full_disk_loses_nothing_that_was_acknowledged),
        T(a_second_writer_is_refused),
        T(the_newest_snapshot_is_kept_once_its_events_are),
        T(a_copy_is_whole_and_never_overwrites),
        T(a_disk_that_is_too_slow_pushes_back),
        T(what_was_durable_survives_kill_9),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
