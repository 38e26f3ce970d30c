/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "source/kick.h"
#include "support/sample.h"
#include "support/signer.h"
#include "support/source_bench.h"

#define KEY       "GET /public-key"
#define CHANNELS  "GET /channels?slug=police-sko"
#define LIST      "GET /events/subscriptions?broadcaster_user_id=123456789"
#define SUBSCRIBE "POST /events/subscriptions"
#define CHAT      "POST /chat"

static struct signer *signer;
static char token_path[] = "/tmp/suraq-kick-XXXXXX";

static int
make_keys(void **state)
{
    (void)state;
    signer = signer_new(2048);
    int fd = mkstemp(token_path);
    assert_true(fd >= 0 && write(fd, "t0ken\n", 6) == 6);
    return close(fd);
}

static int
drop_keys(void **state)
{
    (void)state;
    signer_free(&signer);
    return unlink(token_path);
}

static void
serve(struct bench *b, const char *when, int status, const char *sample)
{
    char *body = sample_read("kick", sample);
    mock_http_on(b->http, when, status, body);
    mem_free(body);
}

static void
serve_key(struct bench *b, const struct signer *s)
{
    struct buf pem = BUF_INIT, json = BUF_INIT;
    signer_pem(s, &pem);
    buf_add_cstr(&json, "{\"data\":{\"public_key\":");
    buf_add_json(&json, buf_str(&pem));
    buf_add_cstr(&json, "},\"message\":\"OK\"}");
    mock_http_on(b->http, KEY, 200, json.data);
    buf_fini(&pem);
    buf_fini(&json);
}

static void
start(struct bench *b, const char *target, bool token)
{
    bench_start(b, &(struct source_conf){.kind = "kick",
                                         .url = mock_http_url(b->http),
                                         .target = target,
                                         .token_file = token ? token_path : NULL,
                                         .enabled = true});
}

/* Waits for deliveries; Kick's key is known. */
static void
start_hooked(struct bench *b)
{
    serve_key(b, signer);
    start(b, "https://kick.com/police-sko", false);
    UNTIL(b, strcmp(bench_status(b).code, "hook") == 0);
}

struct delivery {
    const char *id, *type, *sample;
    int64_t age_ms;
    const struct signer *by; /* NULL: Kick */
    bool bare, other_body;   /* no signature; other bytes than those signed */
};

static enum err_code
deliver(struct bench *b, struct delivery d)
{
    char *body = sample_read("kick", d.sample);
    struct buf at = BUF_INIT, text = BUF_INIT, mark = BUF_INIT;
    struct err e = ERR_INIT;
    clock_add_iso(&at, clock_wall_ms(clock_system()) - d.age_ms);
    buf_addf(&text, "%s.%s.%s", d.id, at.data, body);
    if (!d.bare)
        signer_sign(d.by != NULL ? d.by : signer, text.data, &mark);
    struct str sent = str_from(body);
    if (d.other_body)
        sent.len--; /* the line feed at its end */
    struct source_hook h = {.body = sent,
                            .rsa = buf_str(&mark),
                            .id = str_from(d.id),
                            .at = buf_str(&at),
                            .type = str_from(d.type)};
    int rc = source_hook(b->source, &h, &e);
    assert_int_equal(rc == 0, e.code == ERR_NONE);
    mem_free(body);
    buf_fini(&at);
    buf_fini(&text);
    buf_fini(&mark);
    return e.code;
}

static void
a_line_a_reply_and_a_ban_are_delivered(void **state)
{
    struct bench *b = *state;
    start_hooked(b);
    assert_int_equal(deliver(b, (struct delivery){"01A", KICK_CHAT, "chat.json"}), 0);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    assert_int_equal(deliver(b, (struct delivery){"01B", KICK_CHAT, "reply.json"}), 0);
    assert_int_equal(deliver(b, (struct delivery){"01C", KICK_BAN, "ban.json"}), 0);
    assert_int_equal(
        deliver(b, (struct delivery){"01D", "livestream.status.updated", "status.json"}),
        0);
    assert_int_equal(
        deliver(b, (struct delivery){"01E", KICK_CHAT, "other_channel.json"}), 0);
    assert_string_equal(b->got.data,
                        "Жол қашан жөнделеді? KEKWx [emote:no]|ертең|-author|");
    assert_int_equal(bench_status(b).garbage, 0);
}

static void
what_was_delivered_before_or_long_ago_says_nothing_new(void **state)
{
    struct bench *b = *state;
    start_hooked(b);
    assert_int_equal(deliver(b, (struct delivery){"01A", KICK_CHAT, "chat.json"}), 0);
    assert_int_equal(deliver(b, (struct delivery){"01A", KICK_CHAT, "reply.json"}), 0);
    assert_int_equal(deliver(b, (struct delivery){"01B", KICK_CHAT, "chat.json"}), 0);
    assert_int_equal(b->n_got, 1);
    assert_int_equal(bench_status(b).duplicates, 2);
    assert_int_equal(deliver(b, (struct delivery){.id = "01C",
                                                  .type = KICK_CHAT,
                                                  .sample = "reply.json",
                                                  .age_ms = 11 * 60000}),
                     ERR_PERM);
    assert_int_equal(deliver(b, (struct delivery){.id = "01C",
                                                  .type = KICK_CHAT,
                                                  .sample = "reply.json",
                                                  .age_ms = -11 * 60000}),
                     ERR_PERM);
    assert_int_equal(b->n_got, 1);
}

/* The signature does not cover the type. */
static void
a_delivery_sent_before_under_another_type_is_not_lost(void **state)
{
    static const char *const types[] = {"livestream.status.updated", KICK_BAN, KICK_CHAT};
    struct bench *b = *state;
    start_hooked(b);
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        (void)deliver(b, (struct delivery){"01A", types[i], "chat.json"});
    assert_int_equal(b->n_got, 1);
}

static void
what_is_not_signed_by_kick_is_refused(void **state)
{
    struct bench *b = *state;
    struct signer *other = signer_new(2048);
    struct delivery good = {"01A", KICK_CHAT, "chat.json"};
    start_hooked(b);
    struct delivery bare = good, forged = good, changed = good, nameless = good;
    bare.bare = true;
    forged.by = other;
    changed.other_body = true;
    nameless.id = "";
    assert_int_equal(deliver(b, bare), ERR_PERM);
    assert_string_equal(bench_status(b).code, "signature");
    assert_int_equal(deliver(b, forged), ERR_PERM);
    assert_int_equal(deliver(b, changed), ERR_PERM);
    assert_int_equal(deliver(b, nameless), ERR_PERM);
    assert_int_equal(b->n_got, 0);
    assert_int_equal(deliver(b, good), 0);
    assert_int_equal(b->n_got, 1);
    signer_free(&other);
}

static int64_t later_ms;

static int64_t
wall(void *arg)
{
    (void)arg;
    return clock_wall_ms(clock_system());
}

static int64_t
mono(void *arg)
{
    (void)arg;
    return clock_mono_ms(clock_system()) + later_ms;
}

static void
a_key_that_kick_changed_is_asked_for_again(void **state)
{
    struct bench *b = *state;
    struct signer *old = signer_new(2048);
    static const struct clock clock = {.wall_ms = wall, .mono_ms = mono};
    struct delivery d = {"01A", KICK_CHAT, "chat.json"};
    b->env.clock = &clock;
    later_ms = 0;
    serve_key(b, old);
    serve_key(b, signer);
    start(b, "123456789", false);
    UNTIL(b, strcmp(bench_status(b).code, "hook") == 0);
    assert_int_equal(deliver(b, d), ERR_PERM);
    assert_int_equal(mock_http_times_asked(b->http, KEY), 1); /* a moment ago */
    later_ms = 61000;
    assert_int_equal(deliver(b, d), ERR_PERM);
    bench_arm(b);
    while (deliver(b, d) != ERR_NONE && !b->late)
        bench_turn(b);
    assert_int_equal(b->n_got, 1);
    assert_int_equal(mock_http_times_asked(b->http, KEY), 2);
    signer_free(&old);
}

static void
until_the_key_is_known_the_platform_is_told_to_wait(void **state)
{
    struct bench *b = *state;
    mock_http_answer(
        b->http, &(struct mock_answer){.when = KEY, .fault = MOCK_HANG, .status = 200});
    start(b, "police-sko", false);
    assert_int_equal(deliver(b, (struct delivery){"01A", KICK_CHAT, "chat.json"}),
                     ERR_BAD_STATE);
}

static void
a_key_of_a_file_is_used_and_a_bad_one_is_refused(void **state)
{
    struct bench *b = *state;
    char path[] = "/tmp/suraq-key-XXXXXX";
    struct source_conf conf = {
        .kind = "kick", .target = "police-sko", .file = path, .enabled = true};
    struct buf pem = BUF_INIT;
    struct err e = ERR_INIT;
    int fd = mkstemp(path);
    assert_null(source_new(&b->env, &conf, &e));
    assert_non_null(strstr(e.msg, "no public key"));
    signer_pem(signer, &pem);
    assert_int_equal(write(fd, pem.data, pem.len), (ssize_t)pem.len);
    bench_start(b, &conf);
    assert_int_equal(deliver(b, (struct delivery){"01A", KICK_CHAT, "chat.json"}), 0);
    assert_int_equal(b->n_got, 1);
    (void)close(fd);
    (void)unlink(path);
    err_reset(&e);
    assert_null(source_new(&b->env, &conf, &e));
    assert_int_equal(e.code, ERR_IO);
    buf_fini(&pem);
}

static void
deliveries_are_asked_for_where_they_are_missing(void **state)
{
    static const struct {
        const char *there, *asked;
    } rows[] = {
        {"subscriptions.json", NULL},
        {"subscriptions_part.json",
         "{\"broadcaster_user_id\":123456789,\"method\":\"webhook\",\"events\":["
         "{\"name\":\"moderation.banned\",\"version\":1}]}"},
        {"none.json",
         "{\"broadcaster_user_id\":123456789,\"method\":\"webhook\",\"events\":["
         "{\"name\":\"chat.message.sent\",\"version\":1},"
         "{\"name\":\"moderation.banned\",\"version\":1}]}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        void *own = NULL;
        bench_setup(&own);
        struct bench *b = own;
        serve_key(b, signer);
        serve(b, CHANNELS, 200, "channel.json");
        serve(b, LIST, 200, rows[i].there);
        serve(b, SUBSCRIBE, 200, "made.json");
        start(b, "police-sko", true);
        UNTIL(b, bench_state(b) == SOURCE_LIVE);
        assert_int_equal(mock_http_times_asked(b->http, SUBSCRIBE),
                         rows[i].asked != NULL ? 1 : 0);
        if (rows[i].asked != NULL)
            assert_int_equal(mock_http_times_asked(b->http, rows[i].asked), 1);
        assert_true(mock_http_times_asked(b->http, "Bearer t0ken") >= 2);
        assert_int_equal(deliver(b, (struct delivery){"01A", KICK_CHAT, "chat.json"}), 0);
        assert_int_equal(b->n_got, 1);
        bench_teardown(&own);
    }
}

static void
each_fault_of_the_platform_has_its_state_and_code(void **state)
{
    static const struct {
        const char *when;
        int status;
        const char *sample;
        enum source_state state;
        const char *code, *says;
    } rows[] = {
        {CHANNELS, 401, "error_auth.json", SOURCE_REFUSED, "auth", "Unauthorized"},
        {CHANNELS, 200, "none.json", SOURCE_REFUSED, "join", "police-sko"},
        {CHANNELS, 429, "error_auth.json", SOURCE_CONNECTING, "limit", "slow down"},
        {LIST, 403, "error_right.json", SOURCE_REFUSED, "auth", "missing scope"},
        {LIST, 503, "none.json", SOURCE_CONNECTING, "closed", "503"},
        {SUBSCRIBE, 200, "made_refused.json", SOURCE_REFUSED, "auth", "not enabled"},
        {KEY, 200, "none.json", SOURCE_CONNECTING, "closed", "no key"},
        {KEY, 500, "none.json", SOURCE_CONNECTING, "closed", "500"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        void *own = NULL;
        bench_setup(&own);
        struct bench *b = own;
        b->timing.backoff_least = b->timing.backoff_most = 60000;
        serve(b, rows[i].when, rows[i].status, rows[i].sample);
        if (strcmp(rows[i].when, KEY) != 0)
            serve_key(b, signer);
        serve(b, CHANNELS, 200, "channel.json");
        serve(b, LIST, 200, "none.json");
        start(b, "police-sko", true);
        bench_arm(b);
        UNTIL(b, bench_state(b) == rows[i].state &&
                     strcmp(bench_status(b).code, rows[i].code) == 0);
        if (strstr(bench_status(b).reason, rows[i].says) == NULL ||
            strstr(bench_status(b).reason, "t0ken") != NULL)
            fail_msg("row %zu: '%s'", i, bench_status(b).reason);
        bench_teardown(&own);
    }
}

static void
a_line_of_ours_is_said_and_a_refusal_ends_the_writing(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    char long_text[502];
    serve_key(b, signer);
    serve(b, LIST, 200, "subscriptions.json");
    serve(b, CHAT, 200, "said.json");
    serve(b, CHAT, 403, "error_right.json");
    start(b, "123456789", true);
    assert_int_equal(source_send(b->source, STR_LIT("a"), STR_NONE, &e), -1);
    assert_int_equal(e.code, ERR_BAD_STATE);
    err_reset(&e);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    memset(long_text, 'a', sizeof(long_text));
    struct str text = {long_text, 501};
    assert_int_equal(source_send(b->source, text, STR_NONE, &e), -1);
    assert_int_equal(e.code, ERR_LIMIT);
    err_reset(&e);
    assert_int_equal(source_send(b->source, STR_LIT("№7"), STR_LIT("m-1"), &e), 0);
    assert_int_equal(source_send(b->source, STR_LIT("№8"), STR_NONE, &e), 0);
    UNTIL(b, bench_state(b) == SOURCE_DEGRADED);
    assert_int_equal(mock_http_times_asked(b->http,
                                           "{\"type\":\"bot\",\"content\":\"№7\","
                                           "\"reply_to_message_id\":\"m-1\"}"),
                     1);
    assert_false(source_can_send(b->source));
    assert_non_null(strstr(bench_status(b).reason, "chat:write"));
}

static void
the_answer_of_the_chat_says_whether_a_line_was_said(void **state)
{
    struct buf id = BUF_INIT, words = BUF_INIT;
    char *no = sample_read("kick", "not_said.json");
    (void)state;
    assert_false(kick_read_said(str_from(no), &id, &words));
    assert_string_equal(words.data, "the channel is in slow mode");
    assert_false(kick_read_said(STR_LIT("<html>"), &id, &words));
    mem_free(no);
    buf_fini(&id);
    buf_fini(&words);
}

static void
note_roles(void *arg, const struct message *m)
{
    struct buf *out = arg;
    message_write_json(m, STR_NONE, out);
}

static void
badges_become_roles_and_a_reply_names_its_line(void **state)
{
    static const struct {
        const char *sample, *has;
    } rows[] = {
        {"chat.json", "\"roles\":[\"moderator\",\"member\"]"},
        {"chat.json", "\"id\":\"987654321\""},
        {"chat.json", "2026-04-03T10:30:10"},
        {"reply.json", "\"roles\":[\"owner\",\"verified\"]"},
        {"reply.json", "\"reply_to\":\"0195a0b2-7d7c-4f8b-9d3e-000000000001\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *body = sample_read("kick", rows[i].sample);
        struct buf out = BUF_INIT;
        struct message_taker to = {.take = note_roles, .arg = &out};
        struct err e = ERR_INIT;
        assert_int_equal(kick_read_event(STR_LIT(KICK_CHAT), str_from(body),
                                         STR_LIT("POLICE-sko"), to, &e),
                         0);
        if (strstr(out.data, rows[i].has) == NULL)
            fail_msg("row %zu: %s", i, out.data);
        buf_fini(&out);
        mem_free(body);
    }
}

/* Kick signs what every channel says, and an application of anybody's can send it here.
 */
static void
a_channel_named_with_our_number_is_not_ours(void **state)
{
    static const char body[] =
        "{\"broadcaster\":{\"user_id\":5,\"channel_slug\":\"123456789\"},"
        "\"banned_user\":{\"user_id\":777}}";
    struct buf out = BUF_INIT;
    struct message_taker to = {.take = note_roles, .arg = &out};
    struct err e = ERR_INIT;
    (void)state;
    assert_int_equal(
        kick_read_event(STR_LIT(KICK_BAN), str_from(body), STR_LIT("123456789"), to, &e),
        0);
    assert_int_equal(out.len, 0);
    assert_int_equal(
        kick_read_event(STR_LIT(KICK_BAN), str_from(body), STR_LIT("5"), to, &e), 0);
    assert_string_equal(out.data, "{\"delete_author\":\"777\"}");
    buf_fini(&out);
}

static void
what_people_paste_becomes_a_channel_or_a_clear_error(void **state)
{
    static const struct {
        const char *text, *name;
    } rows[] = {
        {"https://kick.com/police-sko", "police-sko"},
        {"https://www.kick.com/police_sko?x=1", "police_sko"},
        {"kick.com/police_sko/videos/1", "police_sko"},
        {"police_sko", "police_sko"},
        {"123456789", "123456789"},
        {"https://example.kz/police", NULL},
        {"https://kick.com/", NULL},
        {"a b", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out = BUF_INIT;
        struct err e = ERR_INIT;
        int ret = kick_target(str_from(rows[i].text), &out, &e);
        if ((ret == 0) != (rows[i].name != NULL) ||
            (ret == 0 && strcmp(out.data, rows[i].name) != 0))
            fail_msg("'%s' became '%s'", rows[i].text, ret == 0 ? out.data : e.msg);
        buf_fini(&out);
    }
}

static void
ten_silent_minutes_are_stood(void **state)
{
    struct bench *b = *state;
    start_hooked(b);
    assert_int_equal(deliver(b, (struct delivery){"01A", KICK_CHAT, "chat.json"}), 0);
    bench_silence(b, NULL);
    assert_int_equal(deliver(b, (struct delivery){"01B", KICK_CHAT, "reply.json"}), 0);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define BENCH_TEST(name) \
    cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
        BENCH_TEST(a_line_a_reply_and_a_ban_are_delivered),
        BENCH_TEST(what_was_delivered_before_or_long_ago_says_nothing_new),
        BENCH_TEST(a_delivery_sent_before_under_another_type_is_not_lost),
        BENCH_TEST(what_is_not_signed_by_kick_is_refused),
        BENCH_TEST(a_key_that_kick_changed_is_asked_for_again),
        BENCH_TEST(until_the_key_is_known_the_platform_is_told_to_wait),
        BENCH_TEST(a_key_of_a_file_is_used_and_a_bad_one_is_refused),
        cmocka_unit_test(deliveries_are_asked_for_where_they_are_missing),
        cmocka_unit_test(each_fault_of_the_platform_has_its_state_and_code),
        BENCH_TEST(a_line_of_ours_is_said_and_a_refusal_ends_the_writing),
        cmocka_unit_test(the_answer_of_the_chat_says_whether_a_line_was_said),
        cmocka_unit_test(badges_become_roles_and_a_reply_names_its_line),
        cmocka_unit_test(a_channel_named_with_our_number_is_not_ours),
        cmocka_unit_test(what_people_paste_becomes_a_channel_or_a_clear_error),
        BENCH_TEST(ten_silent_minutes_are_stood),
    };
    return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
