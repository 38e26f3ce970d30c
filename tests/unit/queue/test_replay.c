/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a hundred thousand random commands do, the journal replayed and a snapshot
 * with its tail give the state that was live. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "queue/edits.h"
#include "queue/promise.h"
#include "support/queue_desk.h"

enum {
    COMMANDS = 130000,
    SNAPSHOTS = 4,
    LEAST = 100,      /* of each kind of event must have been accepted */
    LEAST_ENDED = 20, /* of each way to end a broadcast */
    LEAST_SAID = 20,  /* of each outcome of likeness */
    TEXT = 160
};

static struct str
one_of(struct desk *w, const struct str *of, size_t n)
{
    return of[desk_dice(w, n)];
}
#define ONE_OF(w, of) one_of(w, of, sizeof(of) / sizeof((of)[0]))

/* The one on air, one of the line, one of the newest, or any. */
static uint64_t
some_question(struct desk *w)
{
    const struct question *const *line, *air = queue_on_air(w->q);
    uint64_t n = queue_count(w->q), n_line = queue_line(w->q, &line);

    switch (desk_dice(w, 4)) {
    case 0:
        return air == NULL ? n : air->n;
    case 1:
        return n_line == 0 ? n : line[desk_dice(w, n_line)]->n;
    case 2:
        return n < 12 ? n : n - desk_dice(w, 12);
    case 3:
        return desk_dice(w, n + 2);
    }
    return n;
}

static const struct str names[] = {STR_LIT("a0"), STR_LIT("a1"), STR_LIT("a2"),
                                   STR_LIT("a3"), STR_LIT("a4"), STR_LIT("a5")};
static const struct str sources[] = {STR_LIT("t"), STR_LIT("u")};

/* A verdict of any sort; its texts are in `room`. */
static struct verdict
some_verdict(struct desk *w, char *room, size_t size)
{
    static const char *const topics[] = {"road", "id"};
    static const struct str some[] = {STR_LIT("почините"), STR_LIT("покрасьте"),
                                      STR_LIT("двенадцатой"), STR_LIT("светофор")};
    struct verdict v = {.lang = (enum judge_lang)desk_dice(w, LANG_OTHER + 1),
                        .question = desk_dice(w, 3) == 0,
                        .spam = desk_dice(w, 10) == 0,
                        .abuse = desk_dice(w, 10) == 0,
                        .urgent = desk_dice(w, 8) == 0 ? "fire" : NULL,
                        .held = desk_dice(w, 30) == 0 ? "limit" : NULL,
                        .n_topics = desk_dice(w, 3),
                        .n_pii = desk_dice(w, 10) == 0};

    switch (desk_dice(w, 3)) {
    case 0: /* near to each other, some of them the same */
        (void)snprintf(room, size, "когда %s тротуар %s школы %s", ONE_OF(w, some).p,
                       ONE_OF(w, some).p, ONE_OF(w, some).p);
        break;
    default:
        (void)snprintf(room, size, "text \"%llu\"",
                       (unsigned long long)desk_dice(w, 100));
        break;
    }
    v.topics[0] = topics[0];
    v.topics[1] = topics[1];
    v.pii[0] = (struct judge_span){PII_PHONE, 0, 4};
    v.masked = str_from(room);
    v.key = desk_dice(w, 20) == 0 ? STR_NONE : v.masked;
    return v;
}

static void
say_or_take_back(struct desk *w)
{
    char id[32], text[TEXT];
    uint64_t roll = desk_dice(w, 100);
    struct verdict v = some_verdict(w, text, sizeof(text));
    struct message m = {.kind = roll == 0   ? MESSAGE_DELETE_ALL
                                : roll < 3  ? MESSAGE_DELETE_AUTHOR
                                : roll < 15 ? MESSAGE_DELETE
                                            : MESSAGE_CHAT,
                        .id = str_from(id),
                        .author_id = ONE_OF(w, names),
                        .author_name = ONE_OF(w, names),
                        .roles = desk_dice(w, 20) == 0 ? MESSAGE_BOT : 0,
                        .text = v.masked,
                        .backlog = desk_dice(w, 20) == 0};
    struct command cmd = {.kind = COMMAND_MESSAGE,
                          .role = ROLE_SYSTEM,
                          .actor = STR_LIT("source:t"),
                          .source = ONE_OF(w, sources),
                          .message = &m,
                          .verdict = &v};

    (void)snprintf(id, sizeof(id), "m%llu",
                   (unsigned long long)(w->n_log + desk_dice(w, 200)));
    (void)desk_do(w, &cmd);
}

/* A third of them fills the line, so that there is something to take from it, or splits
 * what was merged. */
static enum event_kind
some_act(struct desk *w, const struct question *item)
{
    if (item != NULL && item->status == STATUS_FOLLOW_UP && desk_dice(w, 2) == 0)
        return EVENT_FORWARD + (enum event_kind)desk_dice(w, 6);
    if (item != NULL && item->auto_at_ms != 0 && desk_dice(w, 2) == 0)
        return EVENT_CANCEL;
    if (desk_dice(w, 3) == 0)
        return item != NULL && item->status == STATUS_MERGED ? EVENT_SPLIT
                                                             : EVENT_APPROVE;
    return EVENT_APPROVE +
           (enum event_kind)desk_dice(w, EVENT_REVEAL - EVENT_APPROVE + 1);
}

static void
random_act(struct desk *w)
{
    static const struct str reasons[] = {STR_LIT("spam"), STR_LIT("abuse"), STR_LIT("?")};
    static const struct str texts[] = {STR_LIT("мәтін"), STR_LIT("a \"b\"\n"),
                                       STR_LIT(""), STR_NONE};
    static const struct str days[] = {STR_LIT("2026-12-01"), STR_LIT("2027-01-30"),
                                      STR_LIT("soon"), STR_NONE};
    static const struct workdays_terms terms = {.answer_days = 15, .forward_days = 3};
    uint64_t due = queue_auto_due(w->q, INT64_MAX);
    const struct question *item =
        queue_find(w->q, due != 0 && desk_dice(w, 4) == 0 ? due : some_question(w));
    const struct question *into = queue_find(w->q, some_question(w));
    struct command cmd = {.kind = COMMAND_ACT,
                          .act = some_act(w, item),
                          .role = desk_dice(w, 10) == 0   ? ROLE_OFFICER
                                  : desk_dice(w, 20) == 0 ? ROLE_SYSTEM
                                                          : ROLE_ADMIN,
                          .actor = desk_dice(w, 4) == 0 ? STR_LIT("user:b") : STR_NONE,
                          .reason = ONE_OF(w, reasons),
                          .note = ONE_OF(w, texts),
                          .unit = ONE_OF(w, texts),
                          .due = ONE_OF(w, days),
                          .to = ONE_OF(w, texts),
                          .written = ONE_OF(w, texts),
                          .appeal = desk_dice(w, 2) == 0,
                          .terms = desk_dice(w, 2) == 0 ? &terms : NULL,
                          .text = {ONE_OF(w, texts), ONE_OF(w, texts), ONE_OF(w, texts)},
                          .topics = texts,
                          .n_topics = desk_dice(w, 3),
                          .pinned = desk_dice(w, 2) == 0,
                          .before = desk_dice(w, 2) == 0 ? some_question(w) : 0,
                          .after = desk_dice(w, 2) == 0 ? some_question(w) : 0};

    cmd.n = item == NULL ? 0 : item->n;
    cmd.version = item == NULL ? 0 : item->version - (desk_dice(w, 20) == 0);
    cmd.into = into == NULL ? 0 : into->n;
    cmd.into_version = into == NULL ? 0 : into->version;
    (void)desk_do(w, &cmd);
}

/* What people and the program want beside the acts. */
static void
random_rest(struct desk *w)
{
    static const struct command some[] = {
        {.kind = COMMAND_NEXT},
        {.kind = COMMAND_OVERLAY},
        {.kind = COMMAND_UNDO},
        {.kind = COMMAND_MUTE},
        {.kind = COMMAND_SOURCE, .source_kind = STR_LIT("irc"), .target = STR_LIT("x")},
        {.kind = COMMAND_ASK},
        {.kind = COMMAND_CREATE, .text = {STR_LIT("by hand")}},
        {.kind = COMMAND_FILTERS, .role = ROLE_SYSTEM},
        {.kind = COMMAND_AUTO},
        {.kind = COMMAND_BROADCAST, .broadcast_op = BROADCAST_START},
        {.kind = COMMAND_BROADCAST, .broadcast_op = BROADCAST_END},
        {.kind = COMMAND_BROADCAST, .broadcast_op = BROADCAST_REHEARSE_END},
        {.kind = COMMAND_BROADCAST, .broadcast_op = BROADCAST_REHEARSE},
    };
    static const struct workdays_terms terms = {.answer_days = 15, .forward_days = 3};
    char text[TEXT];
    struct verdict v = some_verdict(w, text, sizeof(text));
    struct command cmd = some[desk_dice(w, 10 + 3 * (desk_dice(w, 8) == 0))];
    const struct question *air = queue_on_air(w->q);

    cmd.role = cmd.role == 0 ? ROLE_ADMIN : cmd.role;
    cmd.verdict = &v;
    cmd.terms = &terms;
    cmd.n =
        cmd.kind == COMMAND_OVERLAY && air != NULL && desk_dice(w, 2) == 0 ? air->n : 0;
    cmd.undo_seq = queue_seq(w->q) - desk_dice(w, 20);
    cmd.source = ONE_OF(w, sources);
    cmd.author_id = cmd.author_name = ONE_OF(w, names);
    cmd.muted = desk_dice(w, 2) == 0;
    cmd.enabled = desk_dice(w, 2) == 0;
    cmd.title = desk_dice(w, 2) == 0 ? STR_LIT("title") : STR_NONE;
    cmd.open_items = (enum broadcast_open_items)desk_dice(w, 3);
    cmd.filters = desk_dice(w, 3);
    size_t recent = queue_recent(w->q);
    if (recent > 0)
        cmd.mid = queue_recent_at(w->q, recent - 1 - desk_dice(w, 1 + recent / 2))->mid;
    (void)desk_do(w, &cmd);
}

/* A rule file changed or taken back, sometimes against filters that are old. */
static void
random_edit(struct desk *w)
{
    static const struct str files[] = {STR_LIT("topics/road.yaml"), STR_LIT("own.yaml"),
                                       STR_LIT("macros.yaml")};
    static const struct str contents[] = {STR_LIT("kind: topic\n"), STR_LIT("# \"\n"),
                                          STR_LIT(""), STR_NONE};
    struct command cmd = {.kind = COMMAND_FILTERS,
                          .role = desk_dice(w, 10) == 0 ? ROLE_MODERATOR : ROLE_ADMIN,
                          .filter_file = ONE_OF(w, files),
                          .filter_content = ONE_OF(w, contents),
                          .filter_revert = desk_dice(w, 2) == 0,
                          .note = desk_dice(w, 2) == 0 ? STR_LIT("тест") : STR_NONE,
                          .filters = desk_dice(w, 3),
                          .filters_base = desk_dice(w, 3)};

    (void)desk_do(w, &cmd);
}

/* Replies of the program, and people who stop and resume them. */
static void
random_reply(struct desk *w)
{
    static const struct str reasons[] = {STR_LIT("late"), STR_LIT("a \"b\""), STR_NONE};
    struct command cmd = {.kind = COMMAND_REPLY,
                          .reply = (enum reply_kind)desk_dice(w, REPLY_KINDS),
                          .reply_outcome =
                              (enum reply_outcome)desk_dice(w, REPLY_OUTCOMES),
                          .role = desk_dice(w, 2) == 0 ? ROLE_SYSTEM : ROLE_MODERATOR,
                          .source = ONE_OF(w, sources),
                          .reason = ONE_OF(w, reasons),
                          .reply_detail = ONE_OF(w, reasons),
                          .reply_text = ONE_OF(w, reasons)};

    if (cmd.reply_outcome < REPLY_STOPPED)
        cmd.n = some_question(w);
    (void)desk_do(w, &cmd);
}

/* Promises: made, and one of the newest changed, sometimes on an old version. */
static void
random_promise(struct desk *w)
{
    static const struct str texts[] = {STR_LIT("тексереміз"), STR_LIT("a \"b\"\n"),
                                       STR_LIT(" "), STR_NONE};
    static const struct str days[] = {STR_LIT("2026-12-01"), STR_LIT("soon"), STR_NONE};
    size_t n = queue_promises(w->q), back = n < 5 ? n : 5;
    const struct promise *p =
        n == 0 ? NULL : queue_promise_at(w->q, n - 1 - desk_dice(w, back));
    struct command cmd = {.kind = COMMAND_PROMISE,
                          .role = desk_dice(w, 10) == 0 ? ROLE_OFFICER : ROLE_ADMIN,
                          .promise_op = (enum promise_op)desk_dice(w, PROMISE_REOPEN + 1),
                          .promise = p == NULL ? 1 : p->id,
                          .version = p == NULL ? 1 : p->version - (desk_dice(w, 9) == 0),
                          .text = {ONE_OF(w, texts)},
                          .unit = ONE_OF(w, texts),
                          .note = ONE_OF(w, texts),
                          .due = ONE_OF(w, days),
                          .n = desk_dice(w, 2) == 0 ? some_question(w) : 0};

    (void)desk_do(w, &cmd);
}

static void
random_command(struct desk *w)
{
    uint64_t roll = desk_dice(w, 100);

    if (roll == 99)
        random_edit(w);
    else if (roll == 96)
        random_promise(w);
    else if (roll >= 97)
        random_reply(w);
    else if (roll < 30)
        say_or_take_back(w);
    else if (roll < 80)
        random_act(w);
    else
        random_rest(w);
}

/* What must hold in every state, whatever led there. */
static void
check_invariants(const struct queue *q)
{
    const struct question *const *line;
    size_t n_line = queue_line(q, &line), queued = 0, on_air = 0;

    for (size_t i = 0; i < queue_count(q); i++) {
        const struct question *item = queue_at(q, i);
        assert_int_equal(item->n, i + 1);
        queued += item->status == STATUS_QUEUED;
        on_air += item->status == STATUS_ON_AIR;
        assert_int_equal(item->status == STATUS_MERGED, item->merged_into != 0);
    }
    for (size_t i = 0; i < n_line; i++)
        assert_int_equal(line[i]->status, STATUS_QUEUED);
    assert_int_equal(queued, n_line);
    assert_int_equal(on_air, queue_on_air(q) != NULL);
    if (on_air > 0)
        assert_int_equal(queue_on_air(q)->status, STATUS_ON_AIR);
    if (queue_overlay(q) != 0)
        assert_int_equal(queue_on_air(q)->n, queue_overlay(q));
}

/* Every kind and every way to end a broadcast was tried often enough to mean something.
 */
static void
check_coverage(const struct desk *w)
{
    static const char *const ends[] = {"\"op\":\"end\",\"id\":", "\"open\":\"carry\"",
                                       "\"open\":\"follow_up\"", "\"open\":\"reject\""};
    static const char *const repeats[] = {"\"join\":", "\"similarity\":1.00,\"verdict",
                                          "\"like\":[", ",\"similarity\":0.6"};
    uint64_t kinds[EVENT_KINDS] = {0}, ended[4] = {0}, said[4] = {0};

    for (size_t i = 0; i < w->n_log; i++) {
        const struct event *ev = &w->log[i];
        kinds[ev->kind]++;
        for (size_t k = 0; k < 4; k++)
            said[k] += strstr(ev->body.data, repeats[k]) != NULL;
        if (ev->kind != EVENT_BROADCAST || strstr(ev->body.data, ends[0]) == NULL)
            continue;
        for (size_t k = 1; k < 4; k++)
            ended[k] += strstr(ev->body.data, ends[k]) != NULL;
    }
    for (int k = 0; k < EVENT_KINDS; k++)
        if (kinds[k] < LEAST)
            fail_msg("%s: only %llu", event_kind_name((enum event_kind)k),
                     (unsigned long long)kinds[k]);
    if (queue_filter_changes(w->q) < LEAST)
        fail_msg("only %zu files changed", queue_filter_changes(w->q));
    for (size_t k = 0; k < 4; k++)
        if (said[k] < LEAST_SAID)
            fail_msg("%s: only %llu", repeats[k], (unsigned long long)said[k]);
    for (size_t k = 1; k < 4; k++)
        if (ended[k] < LEAST_ENDED)
            fail_msg("%s: only %llu", ends[k], (unsigned long long)ended[k]);
}

/* What is derived is the same, too: both decide alike about what comes next. */
static void
check_decides_alike(const struct queue *a, const struct queue *b)
{
    static const char *const texts[] = {"почините тротуар у школы двенадцатой",
                                        "покрасьте светофор тротуар", "text \"7\"",
                                        "двенадцатой школы тротуар, светофор"};
    struct event x = EVENT_INIT, y = EVENT_INIT;
    struct err e = ERR_INIT;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct verdict v = {
            .question = true, .masked = str_from(texts[i]), .key = str_from(texts[i])};
        struct message m = {.kind = MESSAGE_CHAT, .text = v.masked};
        struct command cmd = {.kind = COMMAND_MESSAGE,
                              .role = ROLE_SYSTEM,
                              .source = STR_LIT("t"),
                              .message = &m,
                              .verdict = &v};
        assert_int_equal(queue_decide(a, &cmd, &x, &e), 0);
        assert_int_equal(queue_decide(b, &cmd, &y, &e), 0);
        assert_string_equal(x.body.data, y.body.data);
    }
    event_fini(&x);
    event_fini(&y);
}

/* Takes the queue. */
static void
check_replay(const struct desk *w, struct queue *from, size_t at)
{
    assert_non_null(from);
    for (size_t i = at; i < w->n_log; i++)
        desk_apply(from, &w->log[i]);
    if (queue_digest(from) != queue_digest(w->q))
        fail_msg("replayed from event %zu the state is another one", at);
    check_decides_alike(from, w->q);
    queue_free(&from);
}

/* No edit is lost. */
static void
check_edits(const struct queue *a, const struct queue *b)
{
    assert_int_equal(queue_edits(a), queue_edits(b));
    for (size_t i = 0; i < queue_edits(a); i++) {
        assert_string_equal(queue_edit_at(a, i)->file, queue_edit_at(b, i)->file);
        assert_string_equal(queue_edit_at(a, i)->content, queue_edit_at(b, i)->content);
    }
    assert_int_equal(queue_filter_changes(a), queue_filter_changes(b));
    assert_int_equal(queue_edits_seq(a), queue_edits_seq(b));
}

/* Retention takes the words of the older events. */
static void
check_erased(const struct desk *w)
{
    struct queue *q = queue_new(&desk_key);

    for (size_t i = 0; i < w->n_log; i++) {
        struct event ev = w->log[i];
        bool stays = ev.kind == EVENT_BROADCAST || ev.kind == EVENT_SOURCE ||
                     ev.kind == EVENT_FILTERS || ev.kind == EVENT_MUTE ||
                     ev.kind == EVENT_UNMUTE || i >= w->n_log / 2;
        if (!stays)
            ev.body = (struct buf)BUF_INIT;
        desk_apply(q, &ev);
    }
    check_invariants(q);
    assert_int_equal(queue_count(q), queue_count(w->q));
    assert_int_equal(queue_broadcasts(q), queue_broadcasts(w->q));
    check_edits(q, w->q);
    queue_free(&q);
}

static void
replay_and_snapshots_equal_live_under_random_commands(void **state)
{
    struct desk w;
    struct buf snapshots[SNAPSHOTS];
    size_t at[SNAPSHOTS], n = 0;
    struct err e = ERR_INIT;

    (void)state;
    desk_begin(&w);
    for (int i = 1; i <= COMMANDS; i++) {
        random_command(&w);
        if (i % 500 == 0)
            check_invariants(w.q);
        if (i % (COMMANDS / SNAPSHOTS) == COMMANDS / SNAPSHOTS / 2) {
            snapshots[n] = (struct buf)BUF_INIT;
            queue_pack(w.q, &snapshots[n]);
            at[n++] = w.n_log;
        }
    }
    check_coverage(&w);
    check_replay(&w, queue_new(&desk_key), 0);
    for (size_t i = 0; i < n; i++) {
        check_replay(&w, queue_unpack(&desk_key, buf_str(&snapshots[i]), &e), at[i]);
        buf_fini(&snapshots[i]);
    }
    check_erased(&w);
    desk_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replay_and_snapshots_equal_live_under_random_commands),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
