/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "source/eventsub.h"
#include "support/sample.h"

static const struct eventsub_chat chat = {.broadcaster = STR_LIT("1971641"),
                                          .me = STR_LIT("2914196")};

/* The message as our own NDJSON; "" for nothing. To be freed. */
static char *
decode(const char *sample)
{
    char *frame = sample_read("twitch", sample);
    struct eventsub_event ev;
    struct err e = ERR_INIT;
    struct buf out = BUF_INIT;
    if (eventsub_decode(str_from(frame), &chat, &ev, &e) < 0)
        fail_msg("%s: %s", sample, e.msg);
    buf_add_cstr(&out, "");
    if (ev.kind == EVENTSUB_MESSAGE)
        message_write_json(&ev.message, STR_NONE, &out);
    else
        assert_int_equal(ev.kind, EVENTSUB_NOTHING);
    eventsub_event_fini(&ev);
    mem_free(frame);
    char *text = mem_strndup(out.data != NULL ? out.data : "", out.len);
    buf_fini(&out);
    return text;
}

static void
what_is_said_and_taken_back_becomes_messages(void **state)
{
    static const struct {
        const char *sample, *message;
    } rows[] = {
        {"chat.json",
         "{\"id\":\"cc106a89-0001\",\"author\":{\"id\":\"4145994\",\"name\":\"Viewer32\","
         "\"roles\":[\"moderator\",\"member\"]},\"text\":\"Жол қашан жөнделеді?\","
         "\"at\":\"2026-11-23T10:00:00.123Z\"}"},
        {"chat_reply.json",
         "{\"id\":\"cc106a89-0002\",\"author\":{\"id\":\"4145995\",\"name\":\"Айгүл\","
         "\"roles\":[\"vip\"]},\"text\":\"@Viewer32 когда починят свет LUL\","
         "\"at\":\"2026-11-23T10:00:00.123Z\",\"reply_to\":\"cc106a89-0001\"}"},
        {"chat_shared.json", ""},
        {"chat_own.json", ""},
        {"chat_shared_own.json",
         "{\"id\":\"cc106a89-0004\",\"author\":{\"id\":\"4145997\",\"name\":\"Ours\"},"
         "\"text\":\"said here\",\"at\":\"2026-11-23T10:00:00.123Z\"}"},
        {"deleted.json", "{\"delete\":\"cc106a89-0001\"}"},
        {"user_cleared.json", "{\"delete_author\":\"4145995\"}"},
        {"banned.json", "{\"delete_author\":\"4145996\"}"},
        {"cleared.json", "{\"delete_all\":true}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *got = decode(rows[i].sample);
        if (strcmp(got, rows[i].message) != 0)
            fail_msg("%s: '%s' is not '%s'", rows[i].sample, got, rows[i].message);
        mem_free(got);
    }
}

static void
what_the_server_wants_of_the_connection_is_told(void **state)
{
    static const struct {
        const char *sample;
        enum eventsub_kind kind;
        int64_t keepalive_ms;
        const char *session, *url, *type, *text;
    } rows[] = {
        {"welcome.json", EVENTSUB_WELCOME, 15000, "AQoQexAWVYKSTIu4ec_2VAxyuhAB", "", "",
         ""},
        {"keepalive.json", EVENTSUB_KEEPALIVE, 0, "", "", "", ""},
        {"reconnect.json", EVENTSUB_RECONNECT, 0, "",
         "wss://eventsub.wss.twitch.tv/ws?id=RECONNECT", "", ""},
        {"revoked.json", EVENTSUB_REVOKED, 0, "", "", "channel.chat.message",
         "authorization_revoked"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *frame = sample_read("twitch", rows[i].sample);
        struct eventsub_event ev;
        struct err e = ERR_INIT;
        assert_int_equal(eventsub_decode(str_from(frame), &chat, &ev, &e), 0);
        assert_int_equal(ev.kind, rows[i].kind);
        assert_int_equal(ev.keepalive_ms, rows[i].keepalive_ms);
        assert_true(str_eq(ev.session, str_from(rows[i].session)));
        assert_true(str_eq(ev.url, str_from(rows[i].url)));
        assert_true(str_eq(ev.type, str_from(rows[i].type)));
        assert_true(str_eq(ev.text, str_from(rows[i].text)));
        eventsub_event_fini(&ev);
        mem_free(frame);
    }
}

#define FRAME(type, more) "{\"metadata\":{\"message_type\":\"" type "\"" more "}}"
#define NOTE(type, event)                                                            \
    "{\"metadata\":{\"message_type\":\"notification\",\"subscription_type\":\"" type \
    "\"},\"payload\":{\"event\":" event "}}"
#define HERE "\"broadcaster_user_id\":\"1971641\""

static void
a_frame_that_lacks_something_is_an_error_or_nothing(void **state)
{
    static const struct {
        const char *frame;
        int ret;
        enum eventsub_kind kind;
    } rows[] = {
        {"", -1, EVENTSUB_NOTHING},
        {"{", -1, EVENTSUB_NOTHING},
        {"[]", -1, EVENTSUB_NOTHING},
        {"{\"metadata\":{}}", -1, EVENTSUB_NOTHING},
        {FRAME("session_welcome", ""), 0, EVENTSUB_NOTHING},
        {FRAME("session_reconnect", ""), 0, EVENTSUB_NOTHING},
        {FRAME("something_new", ",\"x\":1"), 0, EVENTSUB_NOTHING},
        {FRAME("revocation", ""), 0, EVENTSUB_REVOKED},
        {NOTE("channel.chat.message", "null"), 0, EVENTSUB_NOTHING},
        {NOTE("channel.chat.message", "{" HERE "}"), 0, EVENTSUB_NOTHING},
        {NOTE("channel.chat.message", "{" HERE ",\"message\":{\"text\":7}}"), 0,
         EVENTSUB_NOTHING},
        {NOTE("channel.chat.message", "{\"message\":{\"text\":\"x\"}}"), 0,
         EVENTSUB_NOTHING},
        {NOTE("channel.chat.message_delete", "{" HERE "}"), 0, EVENTSUB_NOTHING},
        {NOTE("channel.ban", "{" HERE ",\"user_id\":5}"), 0, EVENTSUB_NOTHING},
        {NOTE("channel.follow", "{" HERE "}"), 0, EVENTSUB_NOTHING},
        {NOTE("channel.chat.message", "{" HERE ",\"message\":{\"fragments\":[{\"text\":"
                                      "\"a\"},{},{\"text\":\"b\"}]}}"),
         0, EVENTSUB_MESSAGE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct eventsub_event ev;
        struct err e = ERR_INIT;
        int ret = eventsub_decode(str_from(rows[i].frame), &chat, &ev, &e);
        if (ret != rows[i].ret || ev.kind != rows[i].kind)
            fail_msg("'%s': %d, kind %d", rows[i].frame, ret, (int)ev.kind);
        if (ev.kind == EVENTSUB_MESSAGE)
            assert_true(str_eq(ev.message.text, STR_LIT("ab")));
        eventsub_event_fini(&ev);
    }
}

static void
a_subscription_names_the_channel_the_reader_and_the_session(void **state)
{
    struct buf out = BUF_INIT;
    (void)state;
    eventsub_write_subscription(&out, EVENTSUB_CHAT, &chat, STR_LIT("S\"1"));
    assert_string_equal(out.data,
                        "{\"type\":\"channel.chat.message\",\"version\":\"1\","
                        "\"condition\":{\"broadcaster_user_id\":\"1971641\",\"user_id\":"
                        "\"2914196\"},\"transport\":{\"method\":\"websocket\","
                        "\"session_id\":\"S\\\"1\"}}");
    buf_reset(&out);
    eventsub_write_subscription(&out, EVENTSUB_BANNED, &chat, STR_LIT("S"));
    assert_null(strstr(out.data, "\"user_id\""));
    buf_fini(&out);
}

static void
answers_of_helix_say_who_we_are_and_what_became_of_a_line(void **state)
{
    struct twitch_account who = {.scopes = 0};
    struct buf words = BUF_INIT;
    struct err e = ERR_INIT;
    bool sent = true;
    char *text = sample_read("twitch", "validate.json");
    (void)state;
    assert_int_equal(twitch_read_account(str_from(text), &who, &e), 0);
    assert_string_equal(who.user_id.data, "2914196");
    assert_int_equal(who.scopes, TWITCH_READ | TWITCH_WRITE);
    mem_free(text);
    assert_int_equal(twitch_read_account(STR_LIT("{}"), &who, &e), -1);
    twitch_account_fini(&who);

    text = sample_read("twitch", "sent_dropped.json");
    assert_int_equal(twitch_read_sent(str_from(text), &sent, &words, &e), 0);
    assert_false(sent);
    assert_non_null(strstr(words.data, "identical"));
    mem_free(text);
    assert_int_equal(twitch_read_sent(STR_LIT("{\"data\":[]}"), &sent, &words, &e), -1);
    assert_int_equal(twitch_read_user(STR_LIT("{}"), &words, &e), -1);
    buf_reset(&words);
    twitch_read_fault(STR_LIT("<html>"), &words);
    assert_int_equal(words.len, 0);
    buf_fini(&words);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_and_taken_back_becomes_messages),
        cmocka_unit_test(what_the_server_wants_of_the_connection_is_told),
        cmocka_unit_test(a_frame_that_lacks_something_is_an_error_or_nothing),
        cmocka_unit_test(a_subscription_names_the_channel_the_reader_and_the_session),
        cmocka_unit_test(answers_of_helix_say_who_we_are_and_what_became_of_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
