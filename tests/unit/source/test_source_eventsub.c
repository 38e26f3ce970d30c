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
#include "source/token.h"
#include "support/sample.h"
#include "support/source_bench.h"

#define VALIDATE "GET /oauth2/validate"
#define TOKEN    "POST /oauth2/token"
#define USERS    "GET /helix/users?login=sko_police"
#define SUBS     "POST /helix/eventsub/subscriptions"
#define SEND     "POST /helix/chat/messages"

/* A bench with two Twitches' sockets and a token in its file. */
struct twitch {
    struct bench *b;
    struct mock_chat *second;
    char dir[40], file[64], url[256];
};

static void
serve(struct twitch *t, const char *when, int status, const char *sample)
{
    char *body = sample_read("twitch", sample);
    mock_http_on(t->b->http, when, status, body);
    mem_free(body);
}

static void
write_token(struct twitch *t, const char *text)
{
    FILE *f = fopen(t->file, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static int
setup(void **state)
{
    struct twitch *t = mem_zalloc(sizeof(*t));
    void *own = NULL;
    bench_setup(&own);
    t->b = own;
    t->second = mock_chat_new(t->b->loop, NULL, NULL, NULL);
    (void)snprintf(t->dir, sizeof(t->dir), "/tmp/suraq-twitch-XXXXXX");
    assert_non_null(mkdtemp(t->dir));
    (void)snprintf(t->file, sizeof(t->file), "%s/token", t->dir);
    (void)snprintf(t->url, sizeof(t->url), "%s %s", mock_http_url(t->b->http),
                   t->b->mock->url);
    write_token(t, "{\"access_token\":\"s3cret\",\"refresh_token\":\"r3fresh\","
                   "\"expires_at\":\"2100-01-01T00:00:00Z\"}");
    *state = t;
    return 0;
}

static int
teardown(void **state)
{
    struct twitch *t = *state;
    void *own = t->b;
    struct mock_chat *second = t->second;
    bench_teardown(&own);
    mock_chat_free(&second);
    (void)unlink(t->file);
    (void)rmdir(t->dir);
    mem_free(t);
    return 0;
}

/* The token is good, the channel is known, every subscription is granted. */
static void
serve_all(struct twitch *t)
{
    serve(t, VALIDATE, 200, "validate.json");
    serve(t, USERS, 200, "users.json");
    serve(t, SUBS, 202, "subscribed.json");
}

static void
start(struct twitch *t)
{
    bench_start(t->b, &(struct source_conf){.kind = "twitch",
                                            .url = t->url,
                                            .target = "https://www.twitch.tv/sko_police",
                                            .token_file = t->file,
                                            .client_id = "app",
                                            .enabled = true});
}

static void
say(struct mock_chat *m, const char *sample)
{
    char *frame = sample_read("twitch", sample);
    mock_chat_say(m, frame, strlen(frame));
    mem_free(frame);
}

/* Until it is live. */
static void
go_live(struct twitch *t)
{
    start(t);
    UNTIL(t->b, t->b->mock->connections == 1);
    say(t->b->mock, "welcome.json");
    UNTIL(t->b, bench_state(t->b) == SOURCE_LIVE);
}

static void
the_chat_is_subscribed_to_and_read(void **state)
{
    struct twitch *t = *state;
    struct bench *b = t->b;
    serve_all(t);
    go_live(t);
    assert_int_equal(mock_http_times_asked(b->http, SUBS), 4);
    assert_int_equal(mock_http_times_asked(b->http, "Authorization: OAuth s3cret"), 1);
    assert_int_equal(mock_http_times_asked(b->http, "Authorization: Bearer s3cret"), 5);
    assert_int_equal(
        mock_http_times_asked(b->http, "Client-Id: wbmytr93xzw8zbg0p1izqyzzc5mbiz"), 5);
    assert_int_equal(mock_http_times_asked(
                         b->http,
                         "\"condition\":{\"broadcaster_user_id\":\"1971641\",\"user_id\":"
                         "\"2914196\"},\"transport\":{\"method\":\"websocket\","
                         "\"session_id\":\"AQoQexAWVYKSTIu4ec_2VAxyuhAB\"}"),
                     4);
    say(b->mock, "chat.json");
    say(b->mock, "chat_shared.json");
    say(b->mock, "chat_own.json");
    say(b->mock, "chat_reply.json");
    say(b->mock, "keepalive.json");
    say(b->mock, "chat.json"); /* at least once, says Twitch */
    say(b->mock, "deleted.json");
    say(b->mock, "user_cleared.json");
    say(b->mock, "cleared.json");
    UNTIL(b, b->n_got == 5);
    assert_string_equal(b->got.data, "Жол қашан жөнделеді?|@Viewer32 когда починят свет "
                                     "LUL|-cc106a89-0001|-author|-all|");
    assert_int_equal(bench_status(b).duplicates, 1);
    assert_null(b->mock->told.data); /* nothing is ever said on the socket */
}

static void
the_owner_of_the_channel_is_told_of_bans_too(void **state)
{
    struct twitch *t = *state;
    serve(t, VALIDATE, 200, "validate_owner.json");
    serve(t, USERS, 200, "users.json");
    serve(t, SUBS, 202, "subscribed.json");
    go_live(t);
    assert_int_equal(mock_http_times_asked(t->b->http, "channel.ban"), 1);
    assert_false(source_can_send(t->b->source)); /* no scope for it */
    say(t->b->mock, "banned.json");
    UNTIL(t->b, t->b->n_got == 1);
    assert_string_equal(t->b->got.data, "-author|");
}

/* A frame of ours, with the second socket's address in it. */
static void
ask_to_move(struct mock_chat *from, const struct mock_chat *to)
{
    struct buf frame = BUF_INIT;
    buf_addf(&frame,
             "{\"metadata\":{\"message_type\":\"session_reconnect\"},\"payload\":{"
             "\"session\":{\"reconnect_url\":\"%s\"}}}",
             to->url);
    mock_chat_say(from, frame.data, frame.len);
    buf_fini(&frame);
}

static void
asked_to_move_it_reads_both_connections_and_loses_and_doubles_nothing(void **state)
{
    struct twitch *t = *state;
    struct bench *b = t->b;
    serve_all(t);
    go_live(t);
    ask_to_move(b->mock, t->second);
    UNTIL(b, t->second->connections == 1);
    say(b->mock, "chat.json"); /* the old one goes on until the welcome */
    UNTIL(b, b->n_got == 1);
    assert_int_equal(b->mock->closed, 0);
    say(b->mock, "chat_reply.json"); /* under way while the new one is welcomed */
    say(t->second, "welcome.json");
    say(t->second, "chat.json");
    say(t->second, "chat_shared_own.json");
    UNTIL(b, b->n_got == 3 && b->mock->closed == 1);
    UNTIL(b, bench_status(b).duplicates == 1);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    assert_int_equal(mock_http_times_asked(b->http, SUBS), 4); /* carried over */
    assert_int_equal(bench_status(b).reconnects, 0);
    say(t->second, "cleared.json");
    UNTIL(b, b->n_got == 4);
}

static void
a_move_that_fails_leaves_the_old_connection_and_then_begins_anew(void **state)
{
    struct twitch *t = *state;
    struct bench *b = t->b;
    serve_all(t);
    go_live(t);
    t->second->refuse = true;
    ask_to_move(b->mock, t->second);
    for (int i = 0; i < 20; i++) {
        say(b->mock, "keepalive.json");
        bench_turn(b);
    }
    say(b->mock, "chat.json");
    UNTIL(b, b->n_got == 1);
    mock_chat_close(b->mock, 4004);
    UNTIL(b, b->mock->connections == 2);
    say(b->mock, "welcome.json");
    UNTIL(b, mock_http_times_asked(b->http, SUBS) == 8);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
}

static void
the_old_connection_may_end_before_the_new_one_is_welcomed(void **state)
{
    struct twitch *t = *state;
    struct bench *b = t->b;
    serve_all(t);
    go_live(t);
    ask_to_move(b->mock, t->second);
    UNTIL(b, t->second->connections == 1);
    mock_chat_close(b->mock, 1000);
    UNTIL(b, b->mock->closed == 1);
    say(t->second, "welcome.json");
    say(t->second, "chat.json");
    UNTIL(b, b->n_got == 1);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    assert_int_equal(b->mock->connections, 1);
}

static void
a_full_sink_is_waited_for_across_a_move_and_loses_nothing(void **state)
{
    struct twitch *t = *state;
    struct bench *b = t->b;
    serve_all(t);
    go_live(t);
    b->room = 1;
    say(b->mock, "chat.json");
    say(b->mock, "chat_reply.json");
    ask_to_move(b->mock, t->second);
    UNTIL(b, b->n_got == 1);
    for (int i = 0; i < 20; i++) {
        say(b->mock, "keepalive.json");
        bench_turn(b);
    }
    b->room = 100;
    source_resume(b->source);
    UNTIL(b, t->second->connections == 1);
    say(t->second, "welcome.json");
    say(t->second, "deleted.json");
    UNTIL(b, b->n_got == 3 && b->mock->closed == 1);
    assert_string_equal(b->got.data, "Жол қашан жөнделеді?|@Viewer32 когда починят свет "
                                     "LUL|-cc106a89-0001|");
}

static void
longer_silence_than_promised_is_a_dead_connection(void **state)
{
    struct twitch *t = *state;
    struct bench *b = t->b;
    static const char welcome[] =
        "{\"metadata\":{\"message_type\":\"session_welcome\"},\"payload\":{\"session\":{"
        "\"id\":\"S2\",\"keepalive_timeout_seconds\":1}}}";
    b->timing.pong = 10;
    serve_all(t);
    start(t);
    UNTIL(b, b->mock->connections == 1);
    mock_chat_say(b->mock, welcome, strlen(welcome));
    UNTIL(b, strcmp(bench_status(b).code, "silent") == 0);
    UNTIL(b, b->mock->connections == 2);
}

static void
each_fault_on_the_way_has_its_state_and_code(void **state)
{
    static const struct {
        const char *when;
        int status;
        const char *sample;
        enum source_state state;
        const char *code, *says;
    } rows[] = {
        {VALIDATE, 200, "validate_irc.json", SOURCE_REFUSED, "auth", "user:read:chat"},
        {VALIDATE, 200, NULL, SOURCE_CONNECTING, "closed", "not a JSON object"},
        {VALIDATE, 503, NULL, SOURCE_CONNECTING, "closed", "503"},
        {VALIDATE, 401, "unauthorized.json", SOURCE_REFUSED, "auth", "suraq connect"},
        {USERS, 200, "users_none.json", SOURCE_REFUSED, "join", "sko_police"},
        {USERS, 200, NULL, SOURCE_CONNECTING, "closed", "not a JSON object"},
        {USERS, 429, "too_many.json", SOURCE_CONNECTING, "limit", "limit exceeded"},
        {USERS, 403, NULL, SOURCE_REFUSED, "auth", "403"},
        {SUBS, 403, "sub_forbidden.json", SOURCE_REFUSED, "auth", "user:read:chat"},
        {SUBS, 429, "too_many.json", SOURCE_CONNECTING, "limit", "limit exceeded"},
        {SUBS, 400, NULL, SOURCE_CONNECTING, "join", "no reason"},
        {SUBS, 500, NULL, SOURCE_CONNECTING, "closed", "500"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        void *own = NULL;
        setup(&own);
        struct twitch *t = own;
        struct bench *b = t->b;
        b->timing.backoff_least = b->timing.backoff_most = 60000;
        if (rows[i].status == 401) /* the next token is no better */
            b->timing.backoff_least = b->timing.backoff_most = 1;
        if (rows[i].sample != NULL)
            serve(t, rows[i].when, rows[i].status, rows[i].sample);
        else
            mock_http_on(b->http, rows[i].when, rows[i].status, "<html>");
        serve(t, TOKEN, 200, "token.json");
        if (strcmp(rows[i].when, VALIDATE) != 0)
            serve(t, VALIDATE, 200, "validate.json");
        if (strcmp(rows[i].when, SUBS) == 0)
            serve(t, USERS, 200, "users.json");
        start(t);
        if (strcmp(rows[i].when, SUBS) == 0) {
            UNTIL(b, b->mock->connections == 1);
            say(b->mock, "welcome.json");
        }
        UNTIL(b, bench_state(b) == rows[i].state &&
                     strcmp(bench_status(b).code, rows[i].code) == 0);
        if (strstr(bench_status(b).reason, rows[i].says) == NULL)
            fail_msg("row %zu: '%s' does not say '%s'", i, bench_status(b).reason,
                     rows[i].says);
        teardown(&own);
    }
}

static void
a_token_that_is_refused_is_renewed_once_and_kept(void **state)
{
    struct twitch *t = *state;
    struct bench *b = t->b;
    serve(t, VALIDATE, 401, "unauthorized.json");
    serve_all(t);
    serve(t, TOKEN, 200, "token.json");
    go_live(t);
    assert_int_equal(mock_http_times_asked(b->http, "refresh_token=r3fresh"), 1);
    assert_int_equal(mock_http_times_asked(b->http, "Bearer n3w"), 5);
    struct token kept = TOKEN_INIT;
    struct err e = ERR_INIT;
    assert_int_equal(token_load(t->file, &kept, &e), 0);
    assert_string_equal(kept.access, "n3w");
    assert_string_equal(kept.refresh, "r3fresh2");
    token_fini(&kept);
}

static void
a_bare_token_that_has_ended_asks_for_a_new_sign_in(void **state)
{
    struct twitch *t = *state;
    write_token(t, "s3cret\n");
    serve(t, VALIDATE, 401, "unauthorized.json");
    start(t);
    UNTIL(t->b, bench_state(t->b) == SOURCE_REFUSED);
    assert_string_equal(bench_status(t->b).code, "auth");
    assert_non_null(strstr(bench_status(t->b).reason, "suraq connect twitch"));
}

static void
the_token_is_validated_from_time_to_time(void **state)
{
    struct twitch *t = *state;
    struct bench *b = t->b;
    b->timing.validate = 5;
    serve_all(t);
    go_live(t);
    UNTIL(b, mock_http_times_asked(b->http, VALIDATE) >= 4);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    serve(t, VALIDATE, 503, "unauthorized.json"); /* no reason to leave */
    UNTIL(b, mock_http_times_asked(b->http, VALIDATE) >= 7);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
}

static void
without_the_other_subscriptions_the_chat_is_read_all_the_same(void **state)
{
    struct twitch *t = *state;
    serve(t, VALIDATE, 200, "validate.json");
    serve(t, USERS, 200, "users.json");
    serve(t, SUBS, 202, "subscribed.json");
    serve(t, SUBS, 409, "sub_conflict.json"); /* there already: fine */
    serve(t, SUBS, 403, "sub_forbidden.json");
    start(t);
    UNTIL(t->b, t->b->mock->connections == 1);
    say(t->b->mock, "welcome.json");
    UNTIL(t->b, bench_state(t->b) == SOURCE_DEGRADED);
    assert_non_null(strstr(bench_status(t->b).reason, "missing proper authorization"));
    say(t->b->mock, "chat.json");
    UNTIL(t->b, t->b->n_got == 1);
}

static void
a_revoked_sign_in_is_final_until_a_person_acts(void **state)
{
    struct twitch *t = *state;
    serve_all(t);
    go_live(t);
    say(t->b->mock, "revoked.json");
    UNTIL(t->b, bench_state(t->b) == SOURCE_REFUSED);
    assert_string_equal(bench_status(t->b).code, "auth");
    assert_non_null(strstr(bench_status(t->b).reason, "authorization_revoked"));
}

/* --- the way out */

static void
a_reply_is_sent_through_helix(void **state)
{
    struct twitch *t = *state;
    struct bench *b = t->b;
    struct err e = ERR_INIT;
    serve_all(t);
    serve(t, SEND, 200, "sent.json");
    start(t);
    assert_int_equal(source_send(b->source, STR_LIT("x"), STR_NONE, &e), -1);
    assert_int_equal(e.code, ERR_BAD_STATE);
    UNTIL(b, b->mock->connections == 1);
    say(b->mock, "welcome.json");
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    b->source->timing.send_gap = 1;
    assert_true(source_can_send(b->source));
    assert_int_equal(
        source_send(b->source, STR_LIT("№12\r\nқабылданды"), STR_LIT("cc-1"), &e), 0);
    UNTIL(b, mock_http_times_asked(b->http, SEND) == 1);
    assert_int_equal(
        mock_http_times_asked(b->http, "{\"broadcaster_id\":\"1971641\",\"sender_id\":"
                                       "\"2914196\",\"message\":\"№12  қабылданды\","
                                       "\"reply_parent_message_id\":\"cc-1\"}"),
        1);
    assert_int_equal(source_send(b->source, STR_LIT("екінші"), STR_NONE, &e), 0);
    UNTIL(b, mock_http_times_asked(b->http, SEND) == 2);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
}

static void
the_first_refused_line_ends_the_sending(void **state)
{
    static const struct {
        int status;
        const char *sample, *says;
    } rows[] = {
        {200, "sent_dropped.json", "identical"},
        {403, "sub_forbidden.json", "authorization"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        void *own = NULL;
        struct err e = ERR_INIT;
        setup(&own);
        struct twitch *t = own;
        struct bench *b = t->b;
        b->timing.send_gap = 1;
        serve_all(t);
        serve(t, SEND, rows[i].status, rows[i].sample);
        go_live(t);
        for (int n = 0; n < 3; n++)
            assert_int_equal(source_send(b->source, STR_LIT("бір"), STR_NONE, &e), 0);
        UNTIL(b, bench_state(b) == SOURCE_DEGRADED);
        assert_non_null(strstr(bench_status(b).reason, rows[i].says));
        assert_false(source_can_send(b->source));
        assert_int_equal(source_send(b->source, STR_LIT("екі"), STR_NONE, &e), -1);
        say(b->mock, "chat.json");
        UNTIL(b, b->n_got == 1);
        assert_int_equal(mock_http_times_asked(b->http, SEND), 1);
        assert_true(strncmp(b->told.data, "1:2:", 4) == 0);
        assert_non_null(strstr(b->told.data, "|2:1:"));
        assert_non_null(strstr(b->told.data, "|3:1:"));
        teardown(&own);
    }
}

static void
a_line_waits_for_a_new_token_and_for_the_platform_and_is_said_once(void **state)
{
    struct twitch *t = *state;
    struct bench *b = t->b;
    struct err e = ERR_INIT;
    b->timing.send_gap = b->timing.send_window = 1;
    serve_all(t);
    serve(t, TOKEN, 200, "token.json");
    serve(t, SEND, 401, "unauthorized.json");
    serve(t, SEND, 429, "too_many.json");
    serve(t, SEND, 200, "sent.json");
    serve(t, SEND, 500, "unauthorized.json"); /* said or not: never again */
    serve(t, SEND, 200, "sent.json");
    go_live(t);
    assert_int_equal(source_send(b->source, STR_LIT("бірінші"), STR_NONE, &e), 0);
    assert_int_equal(source_send(b->source, STR_LIT("екінші"), STR_NONE, &e), 0);
    assert_int_equal(source_send(b->source, STR_LIT("үшінші"), STR_NONE, &e), 0);
    UNTIL(b, mock_http_times_asked(b->http, SEND) == 5);
    assert_int_equal(mock_http_times_asked(b->http, "бірінші"), 3);
    assert_int_equal(mock_http_times_asked(b->http, "екінші"), 1);
    assert_int_equal(mock_http_times_asked(b->http, "үшінші"), 1);
    assert_int_equal(mock_http_times_asked(b->http, TOKEN), 1);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
}

static void
settings_that_will_not_do_are_refused_at_once(void **state)
{
    struct twitch *t = *state;
    static const struct {
        struct source_conf conf;
        const char *says;
    } rows[] = {
        {{.kind = "twitch", .token_file = "/t"}, "'channel' is missing"},
        {{.kind = "twitch", .token_file = "/t", .target = "efir", .url = "ws://x"},
         "http://"},
        {{.kind = "twitch", .token_file = "/t", .target = "efir", .url = "http://x y"},
         "ws://"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;
        assert_null(source_new(&t->b->env, &rows[i].conf, &e));
        if (strstr(e.msg, rows[i].says) == NULL)
            fail_msg("'%s' does not say '%s'", e.msg, rows[i].says);
    }
    assert_true(source_keeps_token("twitch"));
}

static void
keep_alive(struct bench *b)
{
    char *frame = sample_read("twitch", "keepalive.json");
    mock_chat_say(b->mock, frame, strlen(frame));
    mem_free(frame);
}

static void
ten_silent_minutes_are_stood(void **state)
{
    struct twitch *t = *state;
    serve_all(t);
    go_live(t);
    bench_silence(t->b, keep_alive);
    assert_int_equal(mock_http_times_asked(t->b->http, SUBS), 4);
    say(t->b->mock, "chat.json");
    UNTIL(t->b, t->b->n_got == 1 && bench_state(t->b) == SOURCE_LIVE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TWITCH_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TWITCH_TEST(the_chat_is_subscribed_to_and_read),
        TWITCH_TEST(the_owner_of_the_channel_is_told_of_bans_too),
        TWITCH_TEST(
            asked_to_move_it_reads_both_connections_and_loses_and_doubles_nothing),
        TWITCH_TEST(a_move_that_fails_leaves_the_old_connection_and_then_begins_anew),
        TWITCH_TEST(the_old_connection_may_end_before_the_new_one_is_welcomed),
        TWITCH_TEST(a_full_sink_is_waited_for_across_a_move_and_loses_nothing),
        TWITCH_TEST(longer_silence_than_promised_is_a_dead_connection),
        cmocka_unit_test(each_fault_on_the_way_has_its_state_and_code),
        TWITCH_TEST(a_token_that_is_refused_is_renewed_once_and_kept),
        TWITCH_TEST(a_bare_token_that_has_ended_asks_for_a_new_sign_in),
        TWITCH_TEST(the_token_is_validated_from_time_to_time),
        TWITCH_TEST(without_the_other_subscriptions_the_chat_is_read_all_the_same),
        TWITCH_TEST(a_revoked_sign_in_is_final_until_a_person_acts),
        TWITCH_TEST(a_reply_is_sent_through_helix),
        cmocka_unit_test(the_first_refused_line_ends_the_sending),
        TWITCH_TEST(a_line_waits_for_a_new_token_and_for_the_platform_and_is_said_once),
        TWITCH_TEST(settings_that_will_not_do_are_refused_at_once),
        TWITCH_TEST(ten_silent_minutes_are_stood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
