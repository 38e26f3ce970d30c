/* SPDX-License-Identifier: Apache-2.0 */
/* An IRC chat from end to end but the platform: the source against a scripted server on
 * the loopback. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bounds.h"
#include "support/source_bench.h"

/* A plain server that lets us in, and Twitch. */
static const struct mock_rule plain[] = {
    {"CAP LS", ":s CAP * LS * :server-time sasl=PLAIN\n:s CAP * LS :message-tags x/y"},
    {"CAP REQ", ":s CAP * ACK :server-time message-tags"},
    {"CAP END", ":s 001 suraq :Welcome"},
    {"JOIN #efir",
     ":suraq!s@h JOIN #efir\n:s 353 suraq = #efir :suraq\n:s 366 suraq #efir :"},
    {"PING", ":s PONG s :suraq"},
    {NULL, NULL},
};
static const struct mock_rule twitch[] = {
    {"CAP REQ", ":tmi CAP * ACK :twitch.tv/tags twitch.tv/commands"},
    {"NICK", ":tmi 001 x :Welcome, GLHF!"},
    {"JOIN #efir", "@room-id=1;slow=0 :tmi ROOMSTATE #efir"},
    {NULL, NULL},
};

static void
start(struct bench *b, const char *kind, const struct mock_rule *rules)
{
    b->mock->rules = rules;
    bench_start(
        b, &(struct source_conf){
               .kind = kind, .url = b->mock->url, .target = "efir", .enabled = true});
}

static void
start_live(struct bench *b, const char *kind, const struct mock_rule *rules)
{
    start(b, kind, rules);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
}

static void
say(struct bench *b, const char *text)
{
    mock_chat_say(b->mock, text, strlen(text));
}

static void
a_plain_server_is_joined_and_read(void **state)
{
    struct bench *b = *state;
    start_live(b, "irc", plain);
    assert_true(mock_chat_was_told(b->mock, "CAP LS 302\n"));
    assert_true(mock_chat_was_told(b->mock, "CAP REQ :server-time message-tags\n"));
    assert_true(mock_chat_was_told(b->mock, "USER suraq 0 * :Suraq\n"));
    say(b, "@msgid=1 :a!a@h PRIVMSG #efir :жол қашан жөнделеді?");
    say(b, "@msgid=1 :a!a@h PRIVMSG #other :x");
    say(b, ":op!o@h REDACT #efir 1");
    UNTIL(b, b->n_got == 2);
    assert_string_equal(b->got.data, "жол қашан жөнделеді?|-1|");
    assert_int_equal(bench_status(b).messages, 2);
    assert_true(bench_status(b).last_message_ms > 0);
    assert_string_equal(bench_status(b).reason, "");
}

static void
twitch_is_joined_without_a_name(void **state)
{
    struct bench *b = *state;
    start_live(b, "twitch", twitch);
    assert_true(mock_chat_was_told(b->mock, "NICK justinfan"));
    assert_false(mock_chat_was_told(b->mock, "PASS"));
    assert_true(mock_chat_was_told(b->mock, "JOIN #efir\r\n"));
    assert_false(source_can_send(b->source));
    say(b, "@id=1;user-id=5 :a!a@h PRIVMSG #efir :бір\r\n"
           "@id=2;user-id=5 :a!a@h PRIVMSG #efir :екі\r\n:tmi CLEARCHAT #efir\r\n");
    UNTIL(b, b->n_got == 3);
    assert_string_equal(b->got.data, "бір|екі|-all|");
}

static void
a_token_goes_before_the_nick(void **state)
{
    struct bench *b = *state;
    b->mock->rules = twitch;
    bench_start(b, &(struct source_conf){.kind = "twitch",
                                         .url = b->mock->url,
                                         .target = "efir",
                                         .nick = "Suraq_Bot",
                                         .secret = "abc",
                                         .enabled = true});
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    assert_non_null(strstr(b->mock->told.data, "PASS oauth:abc\r\n\nNICK suraq_bot\r\n"));
    assert_true(source_can_send(b->source));
}

static void
a_refused_channel_is_final(void **state)
{
    static const struct mock_rule rules[] = {
        {"CAP LS", ":s CAP * LS :"},
        {"CAP END", ":s 001 suraq :Welcome"},
        {"JOIN", ":s 474 suraq #efir :Cannot join channel (+b)"},
        {NULL, NULL},
    };
    struct bench *b = *state;
    start(b, "irc", rules);
    UNTIL(b, bench_state(b) == SOURCE_REFUSED);
    assert_string_equal(bench_status(b).code, "join");
    assert_non_null(strstr(bench_status(b).reason, "Cannot join channel (+b)"));
    assert_int_equal(bench_status(b).next_try_ms, 0);
    UNTIL(b, b->mock->closed == 1);
    assert_int_equal(b->mock->connections, 1);
}

static void
a_refused_token_is_final_until_a_person_acts(void **state)
{
    static const struct mock_rule rules[] = {
        {"NICK", ":tmi NOTICE * :Login authentication failed"}, {NULL, NULL}};
    struct bench *b = *state;
    start(b, "twitch", rules);
    UNTIL(b, bench_state(b) == SOURCE_REFUSED);
    assert_string_equal(bench_status(b).code, "auth");
    UNTIL(b, b->mock->closed == 1);
    b->mock->rules = twitch;
    source_enable(b->source, false);
    assert_int_equal(bench_state(b), SOURCE_OFF);
    source_enable(b->source, true);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    assert_int_equal(b->mock->connections, 2);
}

static void
a_join_that_is_not_confirmed_is_tried_again(void **state)
{
    static const struct mock_rule rules[] = {{"NICK", ":tmi 001 x :Welcome"},
                                             {NULL, NULL}};
    struct bench *b = *state;
    b->timing.join = 50;
    start(b, "twitch", rules);
    UNTIL(b, bench_status(b).reconnects > 1);
    assert_string_equal(bench_status(b).code, "join");
    assert_non_null(strstr(bench_status(b).reason, "#efir"));
    b->mock->rules = twitch;
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
}

static void
a_taken_nick_gets_a_number(void **state)
{
    static const struct mock_rule rules[] = {
        {"CAP LS", ":s CAP * LS :"},
        {"NICK suraq2", ":s 001 suraq2 :Welcome"},
        {"NICK suraq", ":s 433 * suraq :Nickname is already in use"},
        {"JOIN #efir", ":suraq2!s@h JOIN #efir"},
        {NULL, NULL},
    };
    struct bench *b = *state;
    start_live(b, "irc", rules);
    say(b, ":suraq!s@h PRIVMSG #efir :somebody else");
    say(b, ":suraq2!s@h PRIVMSG #efir :our echo");
    say(b, ":a!a@h PRIVMSG #efir :end");
    UNTIL(b, b->n_got == 2);
    assert_string_equal(b->got.data, "somebody else|end|");
}

static void
pings_are_answered(void **state)
{
    struct bench *b = *state;
    start_live(b, "twitch", twitch);
    say(b, "PING :tmi.twitch.tv\r\n");
    UNTIL(b, mock_chat_was_told(b->mock, "PONG :tmi.twitch.tv\r\n"));
}

static void
an_answered_ping_keeps_the_connection(void **state)
{
    struct bench *b = *state;
    b->timing.ping = 10;
    b->timing.pong = 10000;
    start_live(b, "irc", plain);
    UNTIL(b, mock_chat_times_told(b->mock, "PING :suraq") == 3);
    assert_int_equal(b->mock->connections, 1);
}

static void
silence_ends_a_connection(void **state)
{
    struct bench *b = *state;
    b->timing.ping = 10;
    b->timing.pong = 30;
    start_live(b, "twitch", twitch); /* which does not answer our pings */
    UNTIL(b, strcmp(bench_status(b).code, "silent") == 0);
    b->timing.ping = 60000;
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    assert_true(b->mock->connections >= 2);
}

static void
a_server_that_asks_for_it_is_joined_anew_at_once(void **state)
{
    struct bench *b = *state;
    b->timing.backoff_least = b->timing.backoff_most = INT64_C(3600000);
    start_live(b, "twitch", twitch);
    say(b, "@id=1;user-id=5 :a!a@h PRIVMSG #efir :бұрын\r\n:tmi RECONNECT\r\n");
    UNTIL(b, b->mock->connections == 2 && bench_state(b) == SOURCE_LIVE);
    say(b, "@id=1;user-id=5 :a!a@h PRIVMSG #efir :бұрын\r\n"
           "@id=2;user-id=5 :a!a@h PRIVMSG #efir :кейін\r\n");
    UNTIL(b, b->n_got == 2);
    assert_string_equal(b->got.data, "бұрын|кейін|");
    assert_int_equal(bench_status(b).duplicates, 1);
    assert_int_equal(bench_status(b).reconnects, 1);
}

static void
a_lost_connection_is_made_again(void **state)
{
    struct bench *b = *state;
    start_live(b, "irc", plain);
    mock_chat_close(b->mock, 1001);
    UNTIL(b, bench_status(b).reconnects == 1);
    assert_string_equal(bench_status(b).code, "closed");
    assert_non_null(strstr(bench_status(b).reason, "1001"));
    assert_true(bench_status(b).next_try_ms > 0);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    assert_string_equal(bench_status(b).reason, "");
}

static void
an_error_of_the_server_says_why(void **state)
{
    struct bench *b = *state;
    start_live(b, "irc", plain);
    say(b, "ERROR :Closing link: (suraq) [Excess Flood]");
    UNTIL(b, bench_status(b).reconnects == 1);
    assert_non_null(strstr(bench_status(b).reason, "Excess Flood"));
}

static void
nobody_there_is_tried_again(void **state)
{
    struct bench *b = *state;
    bench_start(b, &(struct source_conf){.kind = "irc",
                                         .url = "ws://127.0.0.1:1/",
                                         .target = "#efir",
                                         .enabled = true});
    UNTIL(b, bench_status(b).reconnects >= 2);
    assert_string_equal(bench_status(b).code, "refused");
    assert_int_equal(bench_state(b), SOURCE_CONNECTING);
}

static void
a_handshake_that_is_refused_says_its_status(void **state)
{
    struct bench *b = *state;
    b->mock->refuse = true;
    start(b, "irc", plain);
    UNTIL(b, bench_status(b).reconnects >= 1);
    assert_non_null(strstr(bench_status(b).reason, "403"));
}

static void
garbage_is_counted_and_harmless(void **state)
{
    struct bench *b = *state;
    start_live(b, "irc", plain);
    say(b, "{\"type\":\"hello\"}");
    say(b, "@@@@");
    say(b, ":x");
    say(b, "\xff\xfe\xfd");
    say(b, "@msgid=1 :a!a@h PRIVMSG #efir :\xd0жол");
    UNTIL(b, b->n_got == 1);
    assert_true(b->repaired);
    assert_int_equal(bench_status(b).garbage, 4);
    assert_int_equal(b->mock->connections, 1);
}

static void
a_message_in_pieces_is_joined(void **state)
{
    struct bench *b = *state;
    struct buf line = BUF_INIT;
    start_live(b, "irc", plain);
    buf_add_cstr(&line, ":a!a@h PRIVMSG #efir :");
    for (int i = 0; i < 4000; i++)
        buf_add_cstr(&line, "ж");
    for (size_t at = 0; at < line.len; at += 999) {
        size_t len = line.len - at < 999 ? line.len - at : 999;
        mock_chat_say_piece(b->mock, line.data + at, len, at == 0, at + len == line.len);
    }
    UNTIL(b, b->n_got == 1);
    assert_int_equal(b->got.len, 8001);
    buf_fini(&line);
}

static void
a_message_that_is_too_large_ends_the_connection(void **state)
{
    struct bench *b = *state;
    struct buf big = BUF_INIT;
    start_live(b, "irc", plain);
    while (big.len <= BOUNDS_FRAME)
        buf_add_cstr(&big, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    mock_chat_say(b->mock, big.data, big.len);
    UNTIL(b, bench_status(b).reconnects == 1);
    assert_non_null(strstr(bench_status(b).reason, "larger"));
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    buf_fini(&big);
}

static void
say_many(struct bench *b, size_t n)
{
    struct buf frame = BUF_INIT;
    for (size_t i = 0; i < n; i++)
        buf_addf(&frame, "@id=%zu;user-id=5 :a!a@h PRIVMSG #efir :%zu\r\n", i, i);
    mock_chat_say(b->mock, frame.data, frame.len);
    buf_fini(&frame);
}

static void
a_flood_is_taken_in_turns_and_in_order(void **state)
{
    struct bench *b = *state;
    start_live(b, "twitch", twitch);
    say_many(b, 5000);
    UNTIL(b, b->n_got == 5000);
    assert_true(b->most_in_turn <= BOUNDS_SOURCE_TURN);
    struct buf want = BUF_INIT;
    for (size_t i = 0; i < 5000; i++)
        buf_addf(&want, "%zu|", i);
    assert_string_equal(b->got.data, want.data);
    buf_fini(&want);
}

static void
a_full_sink_stops_the_reading_and_loses_nothing(void **state)
{
    struct bench *b = *state;
    b->room = 100;
    start_live(b, "twitch", twitch);
    for (size_t i = 0; i < 20; i++)
        say_many(b, 5000); /* the same ids: what was seen is not taken twice */
    UNTIL(b, b->n_got == 100 && b->source->paused);
    for (int i = 0; i < 50; i++) { /* the socket would bring more now if it were read */
        loop_timer_start(b->loop, &b->deadline, 1, (void (*)(void *))bench_arm, b);
        bench_turn(b);
    }
    assert_int_equal(b->n_got, 100);
    assert_true(b->source->input.len < 4 * BOUNDS_FRAME);
    assert_false(list_is_empty(&b->mock->out)); /* the server has to wait */
    while (b->n_got < 5000) {
        b->room = 700;
        source_resume(b->source);
        UNTIL(b, b->room == 0 || b->n_got == 5000);
    }
    b->room = SIZE_MAX;
    source_resume(b->source);
    UNTIL(b, bench_status(b).duplicates == 19 * 5000);
    assert_int_equal(b->n_got, 5000);
    assert_false(b->source->paused);
}

static void
what_was_received_survives_the_connection(void **state)
{
    struct bench *b = *state;
    b->room = 1;
    start_live(b, "twitch", twitch);
    say_many(b, 10);
    UNTIL(b, b->n_got == 1);
    source_lost(b->source, "closed", "the cable was pulled");
    UNTIL(b, b->mock->closed == 1);
    assert_int_equal(bench_state(b), SOURCE_CONNECTING);
    assert_int_equal(b->n_got, 1);
    b->room = SIZE_MAX;
    source_resume(b->source);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    assert_string_equal(b->got.data, "0|1|2|3|4|5|6|7|8|9|");
}

static void
replies_are_sent_in_order_and_cleaned(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    b->timing.send_gap = 1;
    start_live(b, "irc", plain);
    assert_true(source_can_send(b->source));
    assert_int_equal(
        source_send(b->source, STR_LIT("бір\r\nQUIT :x"), STR_LIT("a;b\r\nc"), &e), 0);
    assert_int_equal(source_send(b->source, STR_LIT("екі"), STR_NONE, &e), 0);
    UNTIL(b, mock_chat_was_told(b->mock, "PRIVMSG #efir :екі\n"));
    assert_true(mock_chat_was_told(
        b->mock, "\n@+draft/reply=a\\:b\\r\\nc PRIVMSG #efir :бір  QUIT :x\nPRIVMSG"));
}

static void
who_sends_is_told_what_came_of_it(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    b->timing.send_gap = 1;
    start_live(b, "irc", plain);
    assert_int_equal(source_send(b->source, STR_LIT("бір"), STR_NONE, &e), 0);
    assert_int_equal(source_last_send(b->source), 1);
    assert_int_equal(source_send(b->source, STR_LIT("екі"), STR_NONE, &e), 0);
    assert_string_equal(b->told.data, "1:0:|2:0:|");
    say(b, ":irc.test 404 suraq #efir :Cannot send to channel");
    UNTIL(b, bench_state(b) == SOURCE_DEGRADED);
    assert_string_equal(b->told.data, "1:0:|2:0:|2:2:Cannot send to channel|");
}

static void
a_long_reply_becomes_several_lines(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    struct buf text = BUF_INIT;
    b->timing.send_gap = 1;
    start_live(b, "irc", plain);
    for (int i = 0; i < 60; i++)
        buf_add_cstr(&text, "жауап беріледі ");
    assert_int_equal(source_send(b->source, buf_str(&text), STR_NONE, &e), 0);
    UNTIL(b, mock_chat_times_told(b->mock, "PRIVMSG #efir :жауап") == 3);
    buf_fini(&text);
}

static void
who_cannot_send_says_so(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    start_live(b, "twitch", twitch);
    assert_int_equal(source_send(b->source, STR_LIT("x"), STR_NONE, &e), -1);
    assert_int_equal(e.code, ERR_BAD_STATE);
}

static void
too_many_replies_are_refused(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    start_live(b, "irc", plain);
    int sent = 0;
    while (source_send(b->source, STR_LIT("x"), STR_NONE, &e) == 0)
        sent++;
    assert_int_equal(e.code, ERR_LIMIT);
    assert_int_equal(sent, BOUNDS_SOURCE_OUTBOX + 1); /* the first left at once */
}

static void
a_new_target_is_joined_without_restart(void **state)
{
    static const struct mock_rule rules[] = {
        {"NICK", ":tmi 001 x :Welcome"},
        {"JOIN #efir", "@room-id=1 :tmi ROOMSTATE #efir"},
        {"JOIN #tuni", "@room-id=2 :tmi ROOMSTATE #tuni"},
        {NULL, NULL},
    };
    struct bench *b = *state;
    struct err e = ERR_INIT;
    start_live(b, "twitch", rules);
    assert_int_equal(source_retarget(b->source, "https://www.twitch.tv/Tuni?tt=1", &e),
                     0);
    assert_string_equal(source_target(b->source), "tuni");
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    assert_true(mock_chat_was_told(b->mock, "JOIN #tuni"));
    say(b, ":a!a@h PRIVMSG #efir :x\r\n:a!a@h PRIVMSG #tuni :y\r\n");
    UNTIL(b, b->n_got == 1);
    assert_string_equal(b->got.data, "y|");
}

static void
who_may_not_write_still_reads(void **state)
{
    struct bench *b = *state;
    start_live(b, "twitch", twitch);
    say(b, "@msg-id=msg_banned :tmi NOTICE #efir :You are banned.\r\n");
    UNTIL(b, bench_state(b) == SOURCE_DEGRADED);
    say(b, ":a!a@h PRIVMSG #efir :x\r\n");
    UNTIL(b, b->n_got == 1);
    assert_int_equal(bench_state(b), SOURCE_DEGRADED);
}

static void
silence_of_the_chat_shows_and_passes(void **state)
{
    struct bench *b = *state;
    b->timing.quiet = 20;
    start_live(b, "irc", plain);
    UNTIL(b, bench_state(b) == SOURCE_QUIET);
    say(b, ":a!a@h PRIVMSG #efir :x");
    UNTIL(b, b->n_got == 1);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    assert_int_equal(b->mock->connections, 1);
}

static void
what_is_older_than_joining_is_backlog(void **state)
{
    static const struct mock_rule rules[] = {
        {"CAP LS", ":s CAP * LS :server-time"},
        {"CAP REQ", ":s CAP * ACK :server-time"},
        {"CAP END", ":s 001 suraq :Welcome"},
        {"JOIN", "@time=2026-11-22T10:00:00.000Z :suraq!s@h JOIN #efir\n"
                 "@time=2026-11-22T09:00:00.000Z :a!a@h PRIVMSG #efir :old"},
        {NULL, NULL},
    };
    struct bench *b = *state;
    start_live(b, "irc", rules);
    UNTIL(b, b->n_got == 1);
    assert_true(b->backlog);
    say(b, "@time=2026-11-22T10:00:00.001Z :a!a@h PRIVMSG #efir :new");
    UNTIL(b, b->n_got == 2);
    assert_false(b->backlog);
}

static void
closing_in_any_stage_is_clean(void **state)
{
    struct bench *b = *state;
    for (int turns = 0; turns < 12; turns++) {
        start(b, "irc", plain);
        for (int i = 0; i < turns; i++) {
            loop_timer_start(b->loop, &b->deadline, 1, (void (*)(void *))bench_arm, b);
            bench_turn(b);
        }
        source_close(&b->source);
        assert_null(b->source);
        source_close(&b->source);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
static void
ten_silent_minutes_are_stood_and_a_cut_cable_is_noticed(void **state)
{
    struct bench *b = *state;
    start_live(b, "irc", plain);
    bench_silence(b, NULL);
    say(b, ":aida!a@b PRIVMSG #efir :сәлем");
    UNTIL(b, b->n_got == 1 && bench_state(b) == SOURCE_LIVE);
    bench_cut(b);
}

static void
ten_silent_minutes_of_twitch_are_stood(void **state)
{
    static const struct mock_rule rules[] = {
        {"CAP REQ", ":tmi CAP * ACK :twitch.tv/tags twitch.tv/commands"},
        {"NICK", ":tmi 001 x :Welcome, GLHF!"},
        {"JOIN #efir", "@room-id=1;slow=0 :tmi ROOMSTATE #efir"},
        {"PING", ":tmi.twitch.tv PONG tmi.twitch.tv :suraq"},
        {NULL, NULL},
    };
    struct bench *b = *state;
    start_live(b, "twitch", rules);
    bench_silence(b, NULL);
    bench_cut(b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_plain_server_is_joined_and_read),
        TEST(twitch_is_joined_without_a_name),
        TEST(a_token_goes_before_the_nick),
        TEST(a_refused_channel_is_final),
        TEST(a_refused_token_is_final_until_a_person_acts),
        TEST(a_join_that_is_not_confirmed_is_tried_again),
        TEST(a_taken_nick_gets_a_number),
        TEST(pings_are_answered),
        TEST(an_answered_ping_keeps_the_connection),
        TEST(silence_ends_a_connection),
        TEST(a_server_that_asks_for_it_is_joined_anew_at_once),
        TEST(a_lost_connection_is_made_again),
        TEST(an_error_of_the_server_says_why),
        TEST(nobody_there_is_tried_again),
        TEST(a_handshake_that_is_refused_says_its_status),
        TEST(garbage_is_counted_and_harmless),
        TEST(a_message_in_pieces_is_joined),
        TEST(a_message_that_is_too_large_ends_the_connection),
        TEST(a_flood_is_taken_in_turns_and_in_order),
        TEST(a_full_sink_stops_the_reading_and_loses_nothing),
        TEST(what_was_received_survives_the_connection),
        TEST(replies_are_sent_in_order_and_cleaned),
        TEST(a_long_reply_becomes_several_lines),
        TEST(who_cannot_send_says_so),
        TEST(who_sends_is_told_what_came_of_it),
        TEST(too_many_replies_are_refused),
        TEST(a_new_target_is_joined_without_restart),
        TEST(who_may_not_write_still_reads),
        TEST(silence_of_the_chat_shows_and_passes),
        TEST(what_is_older_than_joining_is_backlog),
        TEST(closing_in_any_stage_is_clean),
        TEST(ten_silent_minutes_are_stood_and_a_cut_cable_is_noticed),
        TEST(ten_silent_minutes_of_twitch_are_stood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
