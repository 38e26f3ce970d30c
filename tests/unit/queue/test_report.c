/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of a report are what a count straight from the events gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/mem.h"
#include "queue/report.h"
#include "support/queue_desk.h"

enum { COMMANDS = 3000 };

static void
act(struct desk *w, enum event_kind kind, uint64_t n)
{
    if (desk_act(w, kind, n, ROLE_ADMIN) != 0)
        fail_msg("%s %llu: %s", event_kind_name(kind), (unsigned long long)n, w->err.msg);
}

static void
end_broadcast(struct desk *w, enum broadcast_open_items open)
{
    struct command end = {.kind = COMMAND_BROADCAST,
                          .role = ROLE_ADMIN,
                          .broadcast_op = BROADCAST_END,
                          .open_items = open};

    assert_int_equal(desk_do(w, &end), 0);
}

static struct report *
report_of(const struct desk *w, uint64_t broadcast)
{
    struct report_gather *g = report_begin(&desk_key);
    struct err e = ERR_INIT;

    for (size_t i = 0; i < w->n_log; i++)
        assert_int_equal(report_see(g, &w->log[i], &e), 0);
    return report_end(&g, broadcast, &e);
}

static void
say(struct desk *w, unsigned i, bool question)
{
    char id[16], author[16], text[48];

    (void)snprintf(id, sizeof(id), "m%u", i);
    (void)snprintf(author, sizeof(author), "a%llu", (unsigned long long)desk_dice(w, 60));
    (void)snprintf(text, sizeof(text), "word%u other%u", i, i * 7 + 1);
    assert_int_equal(desk_say(w, id, author, text, question), 0);
}

/* Whatever is allowed now is done; the rest is refused, and leaves nothing. */
static void
random_act(struct desk *w)
{
    static const enum event_kind kinds[] = {
        EVENT_APPROVE,   EVENT_REJECT,  EVENT_AIR,    EVENT_STOP,  EVENT_ANSWER,
        EVENT_FOLLOW_UP, EVENT_RESTORE, EVENT_REOPEN, EVENT_MERGE, EVENT_SPLIT,
    };
    uint64_t n = queue_count(w->q) == 0 ? 1 : 1 + desk_dice(w, queue_count(w->q));

    (void)desk_act(w, kinds[desk_dice(w, sizeof(kinds) / sizeof(kinds[0]))], n,
                   ROLE_ADMIN);
}

/* What the events say of an item; the acts of undo and of the end are not in these. */
struct fate {
    const char *status;
    int64_t created, aired;
    bool queued;
};

static uint64_t
number(const json_t *body, const char *name)
{
    return (uint64_t)json_integer_value(json_object_get(body, name));
}

static void
follow(struct fate *fates, const struct event *ev, const json_t *body)
{
    struct fate *f = &fates[number(body, "n")];

    if (ev->kind == EVENT_MESSAGE) {
        *f = (struct fate){.status = "open", .created = ev->at_ms};
    } else if (ev->kind == EVENT_AIR) {
        fates[number(body, "answered")].status = "answered";
        f->status = "open";
        f->aired = ev->at_ms;
    } else if (ev->kind == EVENT_APPROVE || ev->kind == EVENT_STOP ||
               ev->kind == EVENT_REOPEN) {
        f->status = "open";
        f->queued = true;
    } else if (ev->kind == EVENT_RESTORE || ev->kind == EVENT_SPLIT) {
        f->status = "open";
    } else if (ev->kind == EVENT_REJECT) {
        f->status = "rejected";
    } else if (ev->kind == EVENT_ANSWER) {
        f->status = "answered";
    } else if (ev->kind == EVENT_FOLLOW_UP) {
        f->status = "owed";
    } else if (ev->kind == EVENT_MERGE) {
        f->status = "merged";
    }
}

static uint64_t
with_status(const struct fate *fates, size_t n, const char *status)
{
    uint64_t found = 0;

    for (size_t i = 1; i <= n; i++)
        found += strcmp(fates[i].status, status) == 0;
    return found;
}

/* How many waited no longer than `ms`. */
static size_t
waited(const struct fate *fates, size_t n, int64_t ms)
{
    size_t found = 0;

    for (size_t i = 1; i <= n; i++)
        found += fates[i].aired != 0 && fates[i].aired - fates[i].created <= ms;
    return found;
}

static void
compare(const struct report *r, const struct fate *fates, size_t n)
{
    size_t queued = 0, aired = waited(fates, n, INT64_MAX);

    for (size_t i = 1; i <= n; i++)
        queued += fates[i].queued || fates[i].aired != 0;
    assert_int_equal(r->items, n);
    assert_int_equal(r->recognised, n);
    assert_int_equal(r->approved, queued);
    assert_int_equal(r->aired, aired);
    assert_int_equal(r->open, with_status(fates, n, "open"));
    assert_int_equal(r->answered, with_status(fates, n, "answered"));
    assert_int_equal(r->owed, with_status(fates, n, "owed"));
    assert_int_equal(r->rejected, with_status(fates, n, "rejected"));
    assert_int_equal(r->merged, with_status(fates, n, "merged"));
    assert_int_equal(r->reasons[REASON_OTHER], r->rejected);
    assert_int_equal(r->wait.n, aired);
    assert_in_range(waited(fates, n, r->wait.median), (aired + 1) / 2, aired);
    assert_true(waited(fates, n, r->wait.median - 1) < (aired + 1) / 2);
    assert_in_range(waited(fates, n, r->wait.p90), (aired * 9 + 9) / 10, aired);
    assert_true(waited(fates, n, r->wait.p90 - 1) < (aired * 9 + 9) / 10);
    assert_int_equal(waited(fates, n, r->wait.max), aired);
}

static void
figures_are_those_of_the_events_under_random_acts(void **state)
{
    struct desk w;
    uint64_t received = 0;

    (void)state;
    desk_begin(&w);
    for (unsigned i = 0; i < COMMANDS; i++) {
        w.now += (int64_t)desk_dice(&w, 2000);
        if (desk_dice(&w, 5) == 0)
            say(&w, i, desk_dice(&w, 2) == 0);
        else
            random_act(&w);
    }
    size_t n = queue_count(w.q);
    struct fate *fates = mem_array(n + 1, sizeof(*fates));
    for (size_t i = 0; i < w.n_log; i++) {
        json_t *body = json_loadb(w.log[i].body.data, w.log[i].body.len, 0, NULL);
        if (number(body, "n") != 0)
            follow(fates, &w.log[i], body);
        received += w.log[i].kind == EVENT_MESSAGE;
        json_decref(body);
    }
    struct report *r = report_of(&w, 0);
    assert_non_null(r);
    assert_int_equal(r->received, received);
    assert_true(n > 100 && r->aired > 10 && r->rejected > 10);
    compare(r, fates, n);
    uint64_t messages = 0, questions = 0;
    for (size_t i = 0; i < r->n_minutes; i++) {
        assert_true(i == 0 || r->minutes[i].at_ms > r->minutes[i - 1].at_ms);
        messages += r->minutes[i].messages;
        questions += r->minutes[i].questions;
    }
    assert_int_equal(messages, received);
    assert_int_equal(questions, n);
    report_free(&r);
    mem_free(fates);
    desk_end(&w);
}

static void
a_merged_question_is_heard_with_the_one_it_went_into(void **state)
{
    struct desk w;

    (void)state;
    desk_begin(&w);
    for (unsigned i = 1; i <= 3; i++)
        say(&w, i, true);
    act(&w, EVENT_MERGE, 2); /* into 1 */
    act(&w, EVENT_APPROVE, 1);
    act(&w, EVENT_AIR, 1);
    struct report *r = report_of(&w, 1);
    assert_int_equal(r->sources.n, 1);
    assert_string_equal(r->sources.items[0].name, "t");
    assert_int_equal(r->sources.items[0].asked, 3);
    assert_int_equal(r->sources.items[0].heard, 2);
    assert_int_equal(r->sources.items[0].aired, 1);
    assert_int_equal(r->topics.n, 1);
    assert_string_equal(r->topics.items[0].name, "other");
    report_free(&r);
    desk_end(&w);
}

static void
what_is_carried_over_is_in_both_broadcasts(void **state)
{
    struct desk w;

    (void)state;
    desk_begin(&w);
    for (unsigned i = 1; i <= 3; i++)
        say(&w, i, true);
    act(&w, EVENT_REJECT, 1);
    act(&w, EVENT_APPROVE, 3);
    end_broadcast(&w, OPEN_CARRY);
    act(&w, EVENT_AIR, 3);
    struct report *first = report_of(&w, 0), *second = report_of(&w, 2);
    assert_int_equal(first->b->id, 1);
    assert_int_equal(first->items, 3);
    assert_int_equal(first->carried, 2);
    assert_int_equal(first->rejected, 1);
    assert_int_equal(first->open, 0);
    assert_int_equal(first->aired, 0);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(first->list[i].no, i + 1);
    assert_int_equal(second->items, 2);
    assert_int_equal(second->received, 0);
    assert_int_equal(second->aired, 1);
    assert_int_equal(second->wait.n, 0); /* it came before this broadcast was opened */
    report_free(&first);
    report_free(&second);
    desk_end(&w);
}

static void
a_wording_let_through_with_personal_data_is_withheld(void **state)
{
    struct desk w;

    (void)state;
    desk_begin(&w);
    say(&w, 1, true);
    say(&w, 2, true);
    for (uint64_t n = 1; n <= 2; n++) {
        struct command edit = {.kind = COMMAND_ACT,
                               .act = EVENT_EDIT,
                               .n = n,
                               .version = 1,
                               .role = ROLE_ADMIN,
                               .allow_pii = n == 1,
                               .text = {STR_LIT("Иван, 8 701 555 66 77")}};
        assert_int_equal(desk_do(&w, &edit), 0);
    }
    struct report *r = report_of(&w, 1);
    assert_true(r->list[0].withheld);
    assert_false(r->list[1].withheld);
    report_free(&r);
    desk_end(&w);
}

static void
there_is_no_report_of_a_broadcast_that_never_was(void **state)
{
    struct desk w;

    (void)state;
    desk_begin(&w);
    assert_null(report_of(&w, 2));
    struct report *r = report_of(&w, 1);
    assert_int_equal(r->items + r->received + r->n_minutes, 0);
    report_free(&r);
    desk_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_the_events_under_random_acts),
        cmocka_unit_test(a_merged_question_is_heard_with_the_one_it_went_into),
        cmocka_unit_test(what_is_carried_over_is_in_both_broadcasts),
        cmocka_unit_test(a_wording_let_through_with_personal_data_is_withheld),
        cmocka_unit_test(there_is_no_report_of_a_broadcast_that_never_was),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
