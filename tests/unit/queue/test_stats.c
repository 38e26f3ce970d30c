/* SPDX-License-Identifier: Apache-2.0 */
/* A small broadcast whose numbers were counted by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "queue/activity.h"
#include "queue/stats.h"
#include "support/queue_desk.h"

enum { MINUTE = 60 * 1000 };

/* A question of this language and topic, `after_ms` after what was before. */
static void
ask(struct desk *w, int64_t after_ms, enum judge_lang lang, const char *topic)
{
    char id[16], text[32];
    struct verdict v = {.lang = lang, .question = true};

    w->now += after_ms;
    (void)snprintf(id, sizeof(id), "m%zu", w->n_log);
    (void)snprintf(text, sizeof(text), "wording %zu", w->n_log);
    v.masked = v.key = str_from(text);
    if (topic != NULL) {
        v.topics[0] = topic;
        v.n_topics = 1;
    }
    assert_int_equal(desk_line(w, id, id, &v), 0);
}

static void
act(struct desk *w, int64_t after_ms, enum event_kind kind, uint64_t n)
{
    w->now += after_ms;
    assert_int_equal(desk_act(w, kind, n, ROLE_MODERATOR), 0);
}

/* The desk adds 10 ms to each command; these numbers say what the clock shows without. */
static void
a_broadcast(struct desk *w)
{
    desk_begin(w);
    w->now += MINUTE - w->now % MINUTE; /* a whole minute */
    ask(w, 0, LANG_KK, "road");         /* 1, minute 0 */
    ask(w, 0, LANG_RU, "road");         /* 2 */
    ask(w, 0, LANG_RU, NULL);           /* 3 */
    ask(w, 0, LANG_RU, "fines");        /* 4 */
    assert_int_equal(desk_say(w, "x", "x", "thanks", false), 0);
    act(w, 10 * 1000, EVENT_APPROVE, 1);
    act(w, 20 * 1000, EVENT_APPROVE, 2);
    act(w, 40 * 1000, EVENT_AIR, 1); /* minute 1 */
    act(w, 60 * 1000, EVENT_AIR, 2); /* minute 2; 1 is answered */
    act(w, 0, EVENT_REJECT, 3);
    ask(w, 0, LANG_KK, "road"); /* 5 */
}

static const struct stats_group *
group(const struct stats_groups *g, const char *key)
{
    for (size_t i = 0; i < g->n; i++) {
        if (strcmp(g->group[i].key, key) == 0)
            return &g->group[i];
    }
    fail_msg("no group %s", key);
    return NULL;
}

static void
counts_are_as_by_hand(void **state)
{
    struct desk w;
    struct stats s;

    (void)state;
    a_broadcast(&w);
    assert_true(stats_count(&s, w.q, 1, w.now, 0));
    assert_int_equal(s.broadcast->messages, 6);
    assert_int_equal(s.asked, 5);
    assert_int_equal(s.status[STATUS_NEW], 2);
    assert_int_equal(s.status[STATUS_ON_AIR], 1);
    assert_int_equal(s.status[STATUS_ANSWERED], 1);
    assert_int_equal(s.status[STATUS_REJECTED], 1);
    assert_int_equal(s.by_hand, 0);
    assert_int_equal(s.topics.n, 3);
    assert_string_equal(s.topics.group[0].key, "road");
    assert_int_equal(group(&s.topics, "road")->asked, 3);
    assert_int_equal(group(&s.topics, "road")->approved, 2);
    assert_int_equal(group(&s.topics, "road")->aired, 2);
    assert_int_equal(group(&s.topics, "road")->answered, 1);
    assert_int_equal(group(&s.topics, "other")->rejected, 1);
    assert_int_equal(group(&s.langs, "kk")->asked, 2);
    assert_int_equal(group(&s.langs, "ru")->asked, 3);
    assert_int_equal(group(&s.langs, "ru")->aired, 1);
    assert_int_equal(s.sources.n, 1);
    assert_int_equal(group(&s.sources, "t")->aired, 2);
    stats_fini(&s);
    desk_end(&w);
}

static void
fairness_compares_what_was_asked_with_what_was_aired(void **state)
{
    struct desk w;
    struct stats s;

    (void)state;
    a_broadcast(&w);
    assert_true(stats_count(&s, w.q, 1, w.now, 0));
    /* Not rejected: kk 2, ru 2 of 4; aired: one each. */
    assert_int_equal(s.langs.fairness, 1000);
    assert_int_equal(s.sources.fairness, 1000);
    /* road 3 of 4, fines 1 of 4; aired: road alone. */
    assert_int_equal(s.topics.fairness, 750);
    stats_fini(&s);
    desk_end(&w);
    desk_begin(&w);
    assert_true(stats_count(&s, w.q, 1, w.now, 0));
    assert_int_equal(s.langs.fairness, -1);
    assert_int_equal(s.aired.n, 0);
    stats_fini(&s);
    desk_end(&w);
}

static void
waits_are_from_asking_to_the_approval_and_to_the_air(void **state)
{
    struct desk w;
    struct stats s;

    (void)state;
    a_broadcast(&w);
    assert_true(stats_count(&s, w.q, 1, w.now, 0));
    /* 1 waited 10 s, 2 waited 30 s; and 70 s and 130 s to the air. */
    assert_int_equal(s.approved.n, 2);
    assert_int_equal(s.approved.p50_ms / 1000, 10);
    assert_int_equal(s.approved.p90_ms / 1000, 30);
    assert_int_equal(s.approved.max_ms / 1000, 30);
    assert_int_equal(s.aired.n, 2);
    assert_int_equal(s.aired.p50_ms / 1000, 70);
    assert_int_equal(s.aired.max_ms / 1000, 130);
    stats_fini(&s);
    /* Off the air again: the time of its approval is gone, that of its airing is not. */
    act(&w, 1000, EVENT_STOP, 2);
    assert_true(stats_count(&s, w.q, 1, w.now, 0));
    assert_int_equal(s.approved.n, 1);
    assert_int_equal(s.aired.n, 2);
    stats_fini(&s);
    desk_end(&w);
}

static void
minutes_are_those_of_the_broadcast_the_last_ones_when_asked_for(void **state)
{
    struct desk w;
    struct stats s;

    (void)state;
    a_broadcast(&w);
    assert_true(stats_count(&s, w.q, 1, w.now, 3));
    assert_int_equal(s.n_minutes, 3);
    assert_int_equal(s.from_ms % MINUTE, 0);
    assert_int_equal(s.minutes[0].messages, 5);
    assert_int_equal(s.minutes[0].questions, 4);
    assert_int_equal(s.minutes[0].aired, 0);
    assert_int_equal(s.minutes[1].messages, 0);
    assert_int_equal(s.minutes[1].aired, 1);
    assert_int_equal(s.minutes[2].messages, 1);
    assert_int_equal(s.minutes[2].questions, 1);
    assert_int_equal(s.minutes[2].aired, 1);
    stats_fini(&s);
    assert_true(stats_count(&s, w.q, 1, w.now, 1));
    assert_int_equal(s.n_minutes, 1);
    assert_int_equal(s.minutes[0].messages, 1);
    stats_fini(&s);
    /* A week later. */
    assert_true(stats_count(&s, w.q, 1, w.now + INT64_C(7) * 24 * 60 * MINUTE, 0));
    assert_int_equal(s.n_minutes, BOUNDS_STATS_MINUTES);
    stats_fini(&s);
    assert_false(stats_count(&s, w.q, 2, w.now, 0));
    desk_end(&w);
}

static void
acts_are_counted_by_person_and_come_back_with_a_snapshot(void **state)
{
    struct desk w;
    struct buf packed = BUF_INIT;
    struct err e = ERR_INIT;

    (void)state;
    a_broadcast(&w);
    queue_pack(w.q, &packed);
    struct queue *again = queue_unpack(&desk_key, buf_str(&packed), &e);
    assert_non_null(again);
    const struct queue *both[] = {w.q, again};
    for (size_t i = 0; i < 2; i++) {
        const struct activity *a = queue_activity(both[i]);
        const struct activity_person *p = &a->people[a->n_people - 1];
        assert_string_equal(p->actor, "user:a");
        assert_int_equal(p->count[EVENT_APPROVE], 2);
        assert_int_equal(p->count[EVENT_AIR], 2);
        assert_int_equal(p->count[EVENT_REJECT], 1);
        assert_int_equal(p->count[EVENT_MESSAGE], 0);
        assert_int_equal(a->n_minutes, 2);
        assert_int_equal(activity_minute_at(a, 0)->messages, 5);
    }
    queue_free(&again);
    buf_fini(&packed);
    desk_end(&w);
}

static void
what_is_remembered_has_an_end(void **state)
{
    struct activity a;
    struct event ev = EVENT_INIT;

    (void)state;
    activity_init(&a);
    for (int i = 0; i < BOUNDS_STATS_MINUTES + 5; i++) {
        ev.kind = EVENT_MESSAGE;
        ev.at_ms = (int64_t)i * MINUTE;
        activity_follow(&a, &ev);
    }
    assert_int_equal(a.n_minutes, BOUNDS_STATS_MINUTES);
    assert_int_equal(activity_minute_at(&a, 0)->minute, 5);
    ev.at_ms = 0; /* the clock was set back */
    activity_follow(&a, &ev);
    assert_int_equal(activity_minute_at(&a, BOUNDS_STATS_MINUTES - 1)->messages, 2);
    for (int i = 0; i < BOUNDS_STATS_PEOPLE + 5; i++) {
        ev.kind = EVENT_APPROVE;
        (void)snprintf(ev.actor, sizeof(ev.actor), "user:%d", i);
        activity_follow(&a, &ev);
    }
    assert_int_equal(a.n_people, BOUNDS_STATS_PEOPLE);
    assert_string_equal(a.people[0].actor, "user:5");
    activity_fini(&a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_as_by_hand),
        cmocka_unit_test(fairness_compares_what_was_asked_with_what_was_aired),
        cmocka_unit_test(waits_are_from_asking_to_the_approval_and_to_the_air),
        cmocka_unit_test(minutes_are_those_of_the_broadcast_the_last_ones_when_asked_for),
        cmocka_unit_test(acts_are_counted_by_person_and_come_back_with_a_snapshot),
        cmocka_unit_test(what_is_remembered_has_an_end),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
