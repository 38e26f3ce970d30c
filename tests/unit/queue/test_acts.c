/* SPDX-License-Identifier: Apache-2.0 */
/* Every act from every status by every role, against the table of the design: what it
 * leads to, and what refuses it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/queue_desk.h"

enum { STATUSES = STATUS_MERGED + 1, SUBJECT = 1, OTHER = 2 };

#define SAME -1 /* no change of status */
#define NO   -2 /* not from this status */

/* clang-format off */
static const struct row {
    enum event_kind act;
    const char *roles; /* m: moderator, o: officer */
    int to[STATUSES]; /* by status before, in this order: */
} rows[] = {
    /*                        new        queued     on_air     answered   follow_up  rejected   merged */
    {EVENT_APPROVE,   "m",  {STATUS_QUEUED, NO,   NO,        NO,        STATUS_QUEUED, NO,       NO}},
    {EVENT_REJECT,    "m",  {STATUS_REJECTED, STATUS_REJECTED, NO, NO,  NO,        NO,          NO}},
    {EVENT_AIR,       "mo", {NO, STATUS_ON_AIR,   NO,        NO,        NO,        NO,          NO}},
    {EVENT_STOP,      "mo", {NO,        NO, STATUS_QUEUED,   NO,        NO,        NO,          NO}},
    {EVENT_LATER,     "mo", {NO,        NO, STATUS_QUEUED,   NO,        NO,        NO,          NO}},
    {EVENT_ANSWER,    "mo", {NO, STATUS_ANSWERED, STATUS_ANSWERED, NO,  NO,        NO,          NO}},
    {EVENT_FOLLOW_UP, "mo", {STATUS_FOLLOW_UP, STATUS_FOLLOW_UP, STATUS_FOLLOW_UP,
                             STATUS_FOLLOW_UP, NO,           NO,        NO}},
    {EVENT_RESTORE,   "m",  {NO,        NO,       NO,        NO,        STATUS_NEW, STATUS_NEW, NO}},
    {EVENT_REOPEN,    "m",  {NO,        NO,       NO, STATUS_QUEUED,    NO,        NO,          NO}},
    {EVENT_MERGE,     "m",  {STATUS_MERGED, STATUS_MERGED, NO, NO,      NO,        NO,          NO}},
    {EVENT_SPLIT,     "m",  {NO,        NO,       NO,        NO,        NO,        NO,  STATUS_NEW}},
    {EVENT_EDIT,      "m",  {SAME,      SAME,     SAME,      SAME,      SAME,      SAME,        NO}},
    {EVENT_TOPIC,     "m",  {SAME,      SAME,     SAME,      SAME,      SAME,      SAME,        NO}},
    {EVENT_PIN,       "m",  {SAME,      SAME,     SAME,      SAME,      SAME,      SAME,        NO}},
    {EVENT_CLAIM,     "m",  {SAME,      SAME,     SAME,      SAME,      SAME,      SAME,        NO}},
    {EVENT_RELEASE,   "m",  {SAME,      SAME,     SAME,      SAME,      SAME,      SAME,        NO}},
    {EVENT_NOTE,      "m",  {SAME,      SAME,     SAME,      SAME,      SAME,      SAME,        NO}},
    {EVENT_MOVE,      "m",  {NO,        SAME,     NO,        NO,        NO,        NO,          NO}},
    {EVENT_ACK,       "o",  {SAME,      SAME,     SAME,      SAME,      SAME,      SAME,        NO}},
    {EVENT_TAKE,      "m",  {SAME,      SAME,     SAME,      SAME,      SAME,      SAME,        NO}},
    {EVENT_FORWARD,   "m",  {NO,        NO,       NO,        NO,        SAME,      NO,          NO}},
    {EVENT_EXTEND,    "m",  {NO,        NO,       NO,        NO,        SAME,      NO,          NO}},
    {EVENT_ASSIGN,    "m",  {NO,        NO,       NO,        NO,        SAME,      NO,          NO}},
    {EVENT_RESPOND,   "m",  {NO,        NO,       NO,        NO,        SAME,      NO,          NO}},
    {EVENT_CLOSE,     "m",  {NO,        NO,       NO,        NO,        SAME,      NO,          NO}},
    {EVENT_APPEAL,    "m",  {NO,        NO,       NO,        NO,        SAME,      NO,          NO}},
    {EVENT_CANCEL,    "m",  {NO,        NO,       NO,        NO,        NO,        NO,          NO}}, /* urgent: nothing waits */
    {EVENT_REVEAL,    "m",  {SAME,      SAME,     SAME,      SAME,      SAME,      SAME,      SAME}},
};
/* clang-format on */

/* A desk on which question 1, urgent and with a note, has this status, and question 2 is
 * new. */
static void
begin_in(struct desk *w, enum status status)
{
    struct verdict v = {.lang = LANG_RU,
                        .question = true,
                        .urgent = "fire",
                        .masked = STR_LIT("один"),
                        .key = STR_LIT("один")};

    desk_begin(w);
    assert_int_equal(desk_line(w, "m1", "a", &v), 0);
    (void)desk_say(w, "m2", "b", "два", true);
    assert_int_equal(desk_act(w, EVENT_NOTE, SUBJECT, ROLE_MODERATOR), 0);
    if (status == STATUS_QUEUED || status == STATUS_ON_AIR || status == STATUS_ANSWERED)
        assert_int_equal(desk_act(w, EVENT_APPROVE, SUBJECT, ROLE_MODERATOR), 0);
    if (status == STATUS_ON_AIR || status == STATUS_ANSWERED)
        assert_int_equal(desk_act(w, EVENT_AIR, SUBJECT, ROLE_MODERATOR), 0);
    if (status == STATUS_ANSWERED)
        assert_int_equal(desk_act(w, EVENT_ANSWER, SUBJECT, ROLE_MODERATOR), 0);
    if (status == STATUS_FOLLOW_UP)
        assert_int_equal(desk_act(w, EVENT_FOLLOW_UP, SUBJECT, ROLE_MODERATOR), 0);
    if (status == STATUS_REJECTED)
        assert_int_equal(desk_act(w, EVENT_REJECT, SUBJECT, ROLE_MODERATOR), 0);
    if (status == STATUS_MERGED)
        assert_int_equal(desk_act(w, EVENT_MERGE, SUBJECT, ROLE_MODERATOR), 0);
    desk_expect(w, SUBJECT, status);
}

static bool
may(const struct row *row, enum role role)
{
    return role == ROLE_ADMIN || (role == ROLE_MODERATOR && strchr(row->roles, 'm')) ||
           (role == ROLE_OFFICER && strchr(row->roles, 'o'));
}

static void
check_refused(struct desk *w, enum err_code want)
{
    assert_int_equal(w->err.code, want);
    assert_true(w->err.msg[0] != '\0');
}

/* Who may do it at all is told that somebody was faster, whatever the status is now. */
static void
try_old_version(struct desk *w, const struct row *row, enum role role)
{
    struct command cmd = {.kind = COMMAND_ACT,
                          .act = row->act,
                          .n = SUBJECT,
                          .version = queue_find(w->q, SUBJECT)->version - 1,
                          .role = role};

    assert_int_equal(desk_do(w, &cmd), -1);
    check_refused(w, may(row, role) ? ERR_CONFLICT : ERR_PERM);
}

/* One cell of the table: does it, compares, and undoes it. */
static void
try_cell(const struct row *row, enum status from, enum role role)
{
    struct desk w;

    begin_in(&w, from);
    uint64_t version = queue_find(w.q, SUBJECT)->version,
             no = queue_find(w.q, SUBJECT)->no;
    uint64_t before = queue_seq(w.q);
    try_old_version(&w, row, role);
    int rc = desk_act(&w, row->act, SUBJECT, role);
    if (!may(row, role)) {
        assert_int_equal(rc, -1);
        check_refused(&w, ERR_PERM);
    } else if (row->to[from] == NO) {
        assert_int_equal(rc, -1);
        check_refused(&w, ERR_BAD_STATE);
    } else {
        if (rc != 0)
            fail_msg("%s from %s: %s", event_kind_name(row->act), status_name(from),
                     w.err.msg);
        desk_expect(&w, SUBJECT,
                    row->to[from] == SAME ? from : (enum status)row->to[from]);
        /* Looking at the original changes nothing of the question. */
        if (row->act != EVENT_REVEAL)
            version++;
        assert_int_equal(queue_find(w.q, SUBJECT)->version, version);
    }
    if (rc < 0) {
        assert_int_equal(queue_seq(w.q), before);
        assert_int_equal(queue_find(w.q, SUBJECT)->version, version);
        desk_expect(&w, SUBJECT, from);
    } else if (row->act != EVENT_REVEAL) {
        struct command undo = {
            .kind = COMMAND_UNDO, .role = role, .undo_seq = queue_seq(w.q)};
        if (desk_do(&w, &undo) != 0)
            fail_msg("undo of %s from %s: %s", event_kind_name(row->act),
                     status_name(from), w.err.msg);
        desk_expect(&w, SUBJECT, from);
    }
    assert_int_equal(queue_find(w.q, SUBJECT)->no, no);
    assert_int_equal(queue_find(w.q, SUBJECT)->n, SUBJECT);
    desk_end(&w);
}

static void
every_act_from_every_status_by_every_role(void **state)
{
    static const enum role roles[] = {ROLE_VIEWER, ROLE_OFFICER, ROLE_MODERATOR,
                                      ROLE_ADMIN,  ROLE_OVERLAY, ROLE_INTAKE,
                                      ROLE_SYSTEM};
    bool seen[EVENT_KINDS] = {false};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        seen[rows[i].act] = true;
    for (int kind = EVENT_APPROVE; kind <= EVENT_REVEAL; kind++)
        assert_true(seen[kind]);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (int from = 0; from < STATUSES; from++)
            for (size_t r = 0; r < sizeof(roles) / sizeof(roles[0]); r++)
                try_cell(&rows[i], (enum status)from, roles[r]);
}

static void
a_split_leads_back_to_where_the_merge_came_from(void **state)
{
    struct desk w;

    (void)state;
    begin_in(&w, STATUS_QUEUED);
    assert_int_equal(desk_act(&w, EVENT_MERGE, SUBJECT, ROLE_MODERATOR), 0);
    assert_int_equal(desk_act(&w, EVENT_SPLIT, SUBJECT, ROLE_MODERATOR), 0);
    desk_expect(&w, SUBJECT, STATUS_QUEUED);
    assert_int_equal(queue_position(w.q, SUBJECT), 0);
    desk_end(&w);
}

static void
the_line_keeps_its_order(void **state)
{
    struct desk w;
    struct command move = {
        .kind = COMMAND_ACT, .act = EVENT_MOVE, .n = 3, .role = ROLE_MODERATOR};

    (void)state;
    begin_in(&w, STATUS_QUEUED);
    (void)desk_say(&w, "m3", "c", "три", true);
    assert_int_equal(desk_act(&w, EVENT_APPROVE, OTHER, ROLE_MODERATOR), 0);
    assert_int_equal(desk_act(&w, EVENT_APPROVE, 3, ROLE_MODERATOR), 0);
    assert_int_equal(queue_position(w.q, 3), 2);
    move.before = SUBJECT;
    move.version = queue_find(w.q, 3)->version;
    assert_int_equal(desk_do(&w, &move), 0);
    assert_int_equal(queue_position(w.q, 3), 0);
    /* stop: to the top; later: to the end; reopen: to the top. */
    assert_int_equal(desk_act(&w, EVENT_AIR, OTHER, ROLE_OFFICER), 0);
    assert_int_equal(desk_act(&w, EVENT_STOP, OTHER, ROLE_OFFICER), 0);
    assert_int_equal(queue_position(w.q, OTHER), 0);
    assert_int_equal(desk_act(&w, EVENT_AIR, OTHER, ROLE_OFFICER), 0);
    assert_int_equal(desk_act(&w, EVENT_LATER, OTHER, ROLE_OFFICER), 0);
    assert_int_equal(queue_position(w.q, OTHER), 2);
    assert_int_equal(desk_act(&w, EVENT_ANSWER, OTHER, ROLE_OFFICER), 0);
    assert_int_equal(desk_act(&w, EVENT_REOPEN, OTHER, ROLE_MODERATOR), 0);
    assert_int_equal(queue_position(w.q, OTHER), 0);
    /* Another one on air answers the one that was. */
    assert_int_equal(desk_act(&w, EVENT_AIR, OTHER, ROLE_OFFICER), 0);
    assert_int_equal(desk_act(&w, EVENT_AIR, 3, ROLE_OFFICER), 0);
    desk_expect(&w, OTHER, STATUS_ANSWERED);
    assert_int_equal(queue_on_air(w.q)->n, 3);
    desk_end(&w);
}

static void
what_an_act_carries_is_checked(void **state)
{
    struct command reject = {.kind = COMMAND_ACT,
                             .act = EVENT_REJECT,
                             .n = SUBJECT,
                             .version = 2,
                             .role = ROLE_MODERATOR,
                             .reason = STR_LIT("boring")};
    struct judge_span phone = {PII_PHONE, 0, 5};
    struct verdict pii = {.n_pii = 1};
    struct command edit = {.kind = COMMAND_ACT,
                           .act = EVENT_EDIT,
                           .n = SUBJECT,
                           .version = 2,
                           .role = ROLE_MODERATOR,
                           .verdict = &pii,
                           .text = {STR_LIT("тел. 8 701"), STR_NONE, STR_NONE}};
    struct command merge = {.kind = COMMAND_ACT,
                            .act = EVENT_MERGE,
                            .n = SUBJECT,
                            .version = 2,
                            .role = ROLE_MODERATOR,
                            .into = SUBJECT,
                            .into_version = 1};
    struct desk w;

    (void)state;
    pii.pii[0] = phone;
    begin_in(&w, STATUS_NEW);
    assert_int_equal(desk_do(&w, &reject), -1);
    check_refused(&w, ERR_VALUE);
    assert_int_equal(desk_do(&w, &edit), -1);
    check_refused(&w, ERR_VALUE);
    edit.allow_pii = true;
    assert_int_equal(desk_do(&w, &edit), 0);
    assert_string_equal(queue_find(w.q, SUBJECT)->text[0], "тел. 8 701");
    merge.version = edit.version = 3;
    edit.text[0] = STR_LIT("  ");
    assert_int_equal(desk_do(&w, &edit), -1);
    check_refused(&w, ERR_VALUE);
    assert_int_equal(desk_do(&w, &merge), -1);
    check_refused(&w, ERR_VALUE);
    merge.into = OTHER;
    merge.into_version = 9;
    assert_int_equal(desk_do(&w, &merge), -1);
    check_refused(&w, ERR_CONFLICT);
    merge.into = 77;
    assert_int_equal(desk_do(&w, &merge), -1);
    check_refused(&w, ERR_MISSING);
    assert_int_equal(desk_act(&w, EVENT_ACK, OTHER, ROLE_OFFICER), -1);
    check_refused(&w, ERR_BAD_STATE);
    assert_int_equal(desk_act(&w, EVENT_TAKE, OTHER, ROLE_MODERATOR), -1);
    check_refused(&w, ERR_BAD_STATE);
    desk_end(&w);
}

static void
joins_and_deletions_keep_the_version(void **state)
{
    struct message gone = {.kind = MESSAGE_DELETE, .id = STR_LIT("m1")};
    struct command taken_back = {.kind = COMMAND_MESSAGE,
                                 .role = ROLE_SYSTEM,
                                 .source = STR_LIT("t"),
                                 .message = &gone};
    struct desk w;

    (void)state;
    begin_in(&w, STATUS_NEW);
    for (int i = 0; i < 20; i++) {
        char id[16], author[16];
        (void)snprintf(id, sizeof(id), "j%d", i);
        (void)snprintf(author, sizeof(author), "u%d", i / 2);
        (void)desk_say(&w, id, author, "один", true);
    }
    assert_int_equal(desk_do(&w, &taken_back), 0);
    assert_int_equal(queue_find(w.q, SUBJECT)->version, 2);
    /* Ten authors joined; the one who took the line back is still among the askers. */
    assert_int_equal(queue_find(w.q, SUBJECT)->count, 11);
    desk_end(&w);
}

static void
an_urgent_line_is_an_item_and_is_taken_once(void **state)
{
    struct verdict v = {.lang = LANG_RU,
                        .urgent = "fire",
                        .masked = STR_LIT("горит дом"),
                        .key = STR_LIT("горит дом")};
    struct desk w;

    (void)state;
    desk_begin(&w);
    assert_int_equal(desk_line(&w, "m9", "z", &v), 0);
    const struct question *item = queue_find(w.q, 1);
    assert_non_null(item);
    assert_false(item->question);
    assert_string_equal(item->urgent, "fire");
    assert_int_equal(desk_act(&w, EVENT_TAKE, 1, ROLE_OFFICER), -1);
    check_refused(&w, ERR_PERM);
    assert_int_equal(desk_act(&w, EVENT_TAKE, 1, ROLE_MODERATOR), 0);
    assert_int_equal(desk_act(&w, EVENT_TAKE, 1, ROLE_ADMIN), -1);
    check_refused(&w, ERR_CONFLICT);
    /* What could not be decided is an item as well. */
    v = (struct verdict){.held = "limit", .masked = STR_LIT("▇▇▇▇"), .key = STR_LIT("x")};
    assert_int_equal(desk_line(&w, "m10", "z", &v), 0);
    assert_string_equal(queue_find(w.q, 2)->held, "limit");
    desk_expect(&w, 2, STATUS_NEW);
    desk_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_act_from_every_status_by_every_role),
        cmocka_unit_test(a_split_leads_back_to_where_the_merge_came_from),
        cmocka_unit_test(the_line_keeps_its_order),
        cmocka_unit_test(what_an_act_carries_is_checked),
        cmocka_unit_test(joins_and_deletions_keep_the_version),
        cmocka_unit_test(an_urgent_line_is_an_item_and_is_taken_once),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
