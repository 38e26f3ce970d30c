/* SPDX-License-Identifier: Apache-2.0 */
/* The rule that queues by itself, in a stream whose clock the test moves: what the judge
 * finds good waits, is approved as "system", and is so after a restart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "queue/stream.h"
#include "support/journal_room.h"

enum { WAIT = 20000 };

struct life {
    struct journal_room w;
    struct clock clock;
    int64_t now;
    struct stream *s;
};

static int64_t
now(void *arg)
{
    return ((struct life *)arg)->now;
}

static void
on_failed(void *arg, const struct err *e)
{
    (void)arg;
    fail_msg("%s", e->msg);
}

static struct rulebook *
filters(void *arg, const struct queue *q, struct err *e)
{
    struct rulebook *r = rulebook_new();

    (void)arg;
    (void)q;
    rulebook_edit(r, "question/q.yaml",
                  "kind: question\nid: q\nrules:\n"
                  "  - {name: when, re: 'когда', score: 6}\n");
    rulebook_edit(r, "topics/road.yaml",
                  "kind: topic\nid: road\ntitle: {kk: Жол, ru: Дорога, en: Road}\n"
                  "rules:\n  - {name: road, re: 'дорог', score: 3}\n");
    if (rulebook_build(r, false, e) < 0)
        fail_msg("%s", e->msg);
    return r;
}

static void
open_stream(struct life *l)
{
    struct err e = ERR_INIT;
    struct stream_conf conf = {.filters = filters,
                               .clock = &l->clock,
                               .post = room_post(&l->w),
                               .failed = on_failed,
                               .arg = l,
                               .auto_score = 5,
                               .auto_wait_ms = WAIT,
                               .first_lang = "ru"};

    conf.journal = journal_sqlite_open(&l->w.conf, &e);
    assert_non_null(conf.journal);
    l->s = stream_open(&conf, &e);
    if (l->s == NULL)
        fail_msg("%s", e.msg);
}

static void
close_stream(struct life *l)
{
    while (stream_durable(l->s) < queue_seq(stream_queue(l->s)))
        room_drain(&l->w, true);
    stream_close(&l->s);
    room_drain(&l->w, false);
}

static uint64_t
say(struct life *l, const char *id, const char *text)
{
    struct message m = {.kind = MESSAGE_CHAT,
                        .id = str_from(id),
                        .author_id = str_from(id),
                        .author_name = str_from(id),
                        .text = str_from(text)};
    struct err e = ERR_INIT;

    if (stream_message(l->s, STR_LIT("t"), &m, NULL, &e) != 0)
        fail_msg("%s", e.msg);
    return queue_count(stream_queue(l->s));
}

static enum status
status_of(const struct life *l, uint64_t n)
{
    return queue_find(stream_queue(l->s), n)->status;
}

static void
what_is_good_is_queued_when_its_time_has_come(void **state)
{
    struct life l = {.now = 1000000};
    struct command on = {.kind = COMMAND_AUTO,
                         .role = ROLE_MODERATOR,
                         .actor = STR_LIT("user:a"),
                         .enabled = true};
    struct err e = ERR_INIT;

    (void)state;
    room_begin(&l.w);
    l.clock = (struct clock){now, now, &l};
    open_stream(&l);
    assert_int_equal(stream_do(l.s, &on, NULL, &e), 0);
    uint64_t good = say(&l, "m1", "когда починят дорогу?");
    uint64_t off = say(&l, "m2", "когда обед?");
    l.now += WAIT - 1;
    uint64_t late = say(&l, "m3", "когда откроют новые дороги у моста?");
    stream_auto_queue(l.s);
    assert_int_equal(status_of(&l, good), STATUS_NEW);
    close_stream(&l);
    l.now += 1;
    open_stream(&l); /* the wait is in the journal */
    stream_auto_queue(l.s);
    assert_int_equal(status_of(&l, good), STATUS_QUEUED);
    assert_string_equal(queue_find(stream_queue(l.s), good)->last_actor, "system");
    assert_int_equal(status_of(&l, off), STATUS_NEW);
    assert_int_equal(status_of(&l, late), STATUS_NEW);
    l.now += WAIT;
    stream_auto_queue(l.s);
    assert_int_equal(status_of(&l, late), STATUS_QUEUED);
    assert_int_equal(status_of(&l, off), STATUS_NEW);
    assert_null(queue_on_air(stream_queue(l.s)));
    close_stream(&l);
    room_end(&l.w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_good_is_queued_when_its_time_has_come),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
