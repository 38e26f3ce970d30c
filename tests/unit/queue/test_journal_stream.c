/* SPDX-License-Identifier: Apache-2.0 */
/* What a restart finds: the state from snapshot and tail, or from the whole journal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "queue/stream.h"
#include "support/journal_room.h"

struct life {
    struct journal_room w;
    struct clock clock;
    int64_t now;
    struct stream *s; /* NULL: closed */
    uint64_t durable;
    unsigned applied, failed;
};

/* Each look at the clock is an hour later, so that no snapshot is too soon. */
static int64_t
an_hour_later(void *arg)
{
    struct life *l = arg;

    return l->now += 3600000;
}

static void
on_failed(void *arg, const struct err *e)
{
    (void)e;
    ((struct life *)arg)->failed++;
}

static void
on_applied(void *arg, const struct event *ev)
{
    struct life *l = arg;

    l->applied++;
    assert_int_equal(queue_seq(stream_queue(l->s)), ev->seq);
}

static void
on_durable(void *arg, uint64_t seq)
{
    ((struct life *)arg)->durable = seq;
}

static void
begin(struct life *l)
{
    *l = (struct life){.now = 1000};
    room_begin(&l->w);
    l->clock = (struct clock){an_hour_later, an_hour_later, l};
}

static struct rulebook *
no_filters(void *arg, const struct queue *q, struct err *e)
{
    struct rulebook *r = rulebook_new();

    (void)arg;
    rulebook_edits(r, q);
    assert_int_equal(rulebook_build(r, false, e), 0);
    return r;
}

/* NULL and the reason in `e`, or open. */
static void
try_open(struct life *l, struct err *e)
{
    struct stream_observer o = {on_applied, on_durable, l};
    struct stream_conf conf = {.filters = no_filters,
                               .clock = &l->clock,
                               .post = room_post(&l->w),
                               .failed = on_failed,
                               .arg = l,
                               .first_lang = "kk"};

    conf.journal = journal_sqlite_open(&l->w.conf, e);
    assert_non_null(conf.journal);
    l->s = stream_open(&conf, e);
    if (l->s != NULL)
        stream_observe(l->s, &o);
}

static void
open_stream(struct life *l)
{
    struct err e = ERR_INIT;

    try_open(l, &e);
    if (l->s == NULL)
        fail_msg("%s", e.msg);
}

/* Everything durable, or failed. */
static void
settle(struct life *l)
{
    while (l->s != NULL && l->failed == 0 &&
           stream_durable(l->s) < queue_seq(stream_queue(l->s)))
        room_drain(&l->w, true);
}

static void
close_stream(struct life *l)
{
    settle(l);
    stream_close(&l->s);
    room_drain(&l->w, false);
}

static void
end(struct life *l)
{
    close_stream(l);
    room_end(&l->w);
}

static void
do_command(struct life *l, struct command *cmd)
{
    struct err e = ERR_INIT;

    cmd->role = ROLE_ADMIN;
    cmd->actor = STR_LIT("user:a");
    if (stream_do(l->s, cmd, NULL, &e) != 0)
        fail_msg("%s", e.msg);
    room_drain(&l->w, false);
}

/* `n` questions more: each approved, every third put on air. */
static void
live(struct life *l, int n)
{
    for (int i = 0; i < n; i++) {
        struct command create = {
            .kind = COMMAND_CREATE,
            .text = {STR_LIT("мәтін")},
            .author_name = STR_LIT("somebody"),
            .verdict = stream_judge(l->s, STR_LIT("мәтін")),
        };
        do_command(l, &create);
        struct command approve = {.kind = COMMAND_ACT,
                                  .act = EVENT_APPROVE,
                                  .n = queue_count(stream_queue(l->s)),
                                  .version = 1};
        do_command(l, &approve);
        struct command next = {.kind = COMMAND_NEXT};
        if (i % 3 == 0)
            do_command(l, &next);
    }
}

static void
expect_digest(struct life *l, uint64_t want, const char *what)
{
    open_stream(l);
    if (queue_digest(stream_queue(l->s)) != want)
        fail_msg("%s: the state is another one", what);
    assert_int_equal(stream_head(l->s).seq, queue_seq(stream_queue(l->s)));
    close_stream(l);
}

static void
snapshot_and_tail_give_what_the_whole_journal_gives(void **state)
{
    struct life l;

    (void)state;
    begin(&l);
    open_stream(&l);
    live(&l, 30);
    close_stream(&l);
    room_sql(&l.w, "CREATE TABLE old AS SELECT * FROM snapshot");
    open_stream(&l);
    live(&l, 30);
    uint64_t digest = queue_digest(stream_queue(l.s));
    close_stream(&l);

    expect_digest(&l, digest, "a snapshot of the end");
    room_sql(&l.w, "DELETE FROM snapshot");
    expect_digest(&l, digest, "no snapshot");
    room_sql(&l.w, "DELETE FROM snapshot; INSERT INTO snapshot SELECT * FROM old;"
                   "DROP TABLE old; DELETE FROM header WHERE seq < 20");
    expect_digest(&l, digest, "half way, and the events before it not read at all");
    end(&l);
}

static void
snapshots_are_made_on_the_way(void **state)
{
    struct life l;
    struct buf bytes = BUF_INIT;
    struct err e = ERR_INIT;
    uint64_t seq = 0;

    (void)state;
    begin(&l);
    l.w.conf.snapshot_every = 10;
    open_stream(&l);
    while (journal_load_snapshot(stream_journal(l.s), &seq, &bytes, &e) == 1)
        live(&l, 1);
    assert_true(seq >= 10);
    assert_true(seq <= queue_seq(stream_queue(l.s)));
    struct queue *q = queue_unpack(journal_key(stream_journal(l.s)), buf_str(&bytes), &e);
    assert_non_null(q);
    assert_int_equal(queue_seq(q), seq);
    queue_free(&q);
    buf_fini(&bytes);
    end(&l);
}

static void
a_snapshot_that_cannot_be_true_is_ignored(void **state)
{
    static const char *const damage[] = {
        "UPDATE snapshot SET bytes = zeroblob(length(bytes))",
        "UPDATE snapshot SET bytes = substr(bytes, 1, length(bytes) - 1)",
        "UPDATE snapshot SET bytes = CAST(bytes || x'00' AS BLOB)",
        "UPDATE snapshot SET bytes = NULL",
        "UPDATE snapshot SET bytes = x''",
        "UPDATE snapshot SET bytes = 'text'",
        "UPDATE snapshot SET seq = seq - 1",
        "UPDATE snapshot SET seq = seq + 1",
        "UPDATE snapshot SET seq = -1",
    };
    struct life l;

    (void)state;
    begin(&l);
    open_stream(&l);
    live(&l, 30);
    uint64_t digest = queue_digest(stream_queue(l.s));
    close_stream(&l);
    for (size_t i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
        room_sql(&l.w, damage[i]);
        expect_digest(&l, digest, damage[i]);
        room_sql(&l.w, "DELETE FROM snapshot");
        open_stream(&l);
        live(&l, 1); /* makes a good one again */
        digest = queue_digest(stream_queue(l.s));
        close_stream(&l);
    }
    end(&l);
}

static void
a_snapshot_newer_than_the_journal_is_ignored(void **state)
{
    struct life l;

    (void)state;
    begin(&l);
    open_stream(&l);
    live(&l, 10);
    uint64_t digest = queue_digest(stream_queue(l.s)), seq = queue_seq(stream_queue(l.s));
    char cut[100];
    live(&l, 10);
    close_stream(&l);
    (void)snprintf(cut, sizeof(cut), "DELETE FROM header WHERE seq > %llu",
                   (unsigned long long)seq);
    room_sql(&l.w, cut);
    expect_digest(&l, digest, cut);
    end(&l);
}

static void
a_damaged_event_stops_the_start_with_its_number(void **state)
{
    static const char *const damage[] = {
        "UPDATE body SET data = '{' WHERE seq = 4",
        "UPDATE body SET data = '{\"n\":4000000000}' WHERE seq = 4",
        "UPDATE header SET kind = 'of a later version' WHERE seq = 4",
        "DELETE FROM header WHERE seq = 4",
        "DELETE FROM header WHERE seq BETWEEN 4 AND 6",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
        struct life l;
        struct err e = ERR_INIT;
        begin(&l);
        open_stream(&l);
        live(&l, 3);
        close_stream(&l);
        room_sql(&l.w, "DELETE FROM snapshot");
        room_sql(&l.w, damage[i]);
        try_open(&l, &e);
        if (l.s != NULL)
            fail_msg("started after: %s", damage[i]);
        assert_non_null(strstr(e.msg, "event 4"));
        assert_non_null(strstr(e.msg, "suraq verify"));
        end(&l);
    }
}

static int
always(void *arg)
{
    (void)arg;
    return 1;
}

static void
nothing_is_told_durable_when_the_disk_fails(void **state)
{
    struct life l;

    (void)state;
    begin(&l);
    open_stream(&l);
    uint64_t was = queue_seq(stream_queue(l.s));
    close_stream(&l);
    l.w.conf.fault = always;
    l.durable = 0;
    open_stream(&l);
    struct command end_it = {.kind = COMMAND_BROADCAST, .broadcast_op = BROADCAST_END};
    do_command(&l, &end_it);
    close_stream(&l);
    assert_int_equal(l.failed, 1);
    assert_int_equal(l.durable, 0);
    l.failed = 0;
    l.w.conf.fault = NULL;
    open_stream(&l);
    assert_int_equal(queue_seq(stream_queue(l.s)), was);
    end(&l);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshot_and_tail_give_what_the_whole_journal_gives),
        cmocka_unit_test(snapshots_are_made_on_the_way),
        cmocka_unit_test(a_snapshot_that_cannot_be_true_is_ignored),
        cmocka_unit_test(a_snapshot_newer_than_the_journal_is_ignored),
        cmocka_unit_test(a_damaged_event_stops_the_start_with_its_number),
        cmocka_unit_test(nothing_is_told_durable_when_the_disk_fails),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
