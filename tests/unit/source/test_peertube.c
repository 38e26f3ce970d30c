/* SPDX-License-Identifier: Apache-2.0 */
/* A room of an XMPP server: what its stanzas mean, and the way into it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "source/xml.h"
#include "source/xmpp.h"
#include "support/sample.h"
#include "support/source_bench.h"

#define OPENED \
    "<open xmlns=\"urn:ietf:params:xml:ns:xmpp-framing\" from=\"x\" version=\"1.0\"/>\n"
#define FEATURES                                                                      \
    "<stream:features xmlns:stream=\"http://etherx.jabber.org/streams\"><mechanisms " \
    "xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"><mechanism>PLAIN</mechanism>"         \
    "<mechanism>ANONYMOUS</mechanism></mechanisms><bind "                             \
    "xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"/></stream:features>"
#define SUCCESS "<success xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"/>"
#define BOUND                                                        \
    "<iq xmlns=\"jabber:client\" type=\"result\" id=\"bind\"><bind " \
    "xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"><jid>a@b/c</jid></bind></iq>"
#define SELF(nick, more)                                                            \
    "<presence xmlns=\"jabber:client\" from=\"v1@room.tube.kz/" nick "\"" more      \
    "><x xmlns=\"http://jabber.org/protocol/muc#user\"><item affiliation=\"none\" " \
    "role=\"participant\"/><status code=\"110\"/></x></presence>"
#define REFUSED(condition)                                              \
    "<presence xmlns=\"jabber:client\" from=\"v1@room.tube.kz/suraq\" " \
    "type=\"error\"><error type=\"cancel\"><" condition                 \
    " xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/></error></presence>"

static const struct mock_rule friendly[] = {
    {"<open ", OPENED FEATURES},
    {"<auth ", SUCCESS},
    {"<iq xmlns=\"jabber:client\" type=\"set\" id=\"bind\"", BOUND},
    {"<presence ", SELF("suraq", "")},
    {"<iq xmlns=\"jabber:client\" type=\"get\" id=\"ping\"",
     "<iq xmlns=\"jabber:client\" type=\"result\" id=\"ping\"/>"},
    {NULL, NULL},
};

static void
start_with(struct bench *b, const struct mock_rule *rules, const char *secret)
{
    b->mock->rules = rules;
    bench_start(b, &(struct source_conf){.kind = "peertube",
                                         .url = b->mock->url,
                                         .target = "v1@room.tube.kz",
                                         .account = secret != NULL ? "bot@tube.kz" : NULL,
                                         .secret = secret,
                                         .enabled = true});
}

static void
say(struct bench *b, const char *text)
{
    mock_chat_say(b->mock, text, strlen(text));
}

static void
say_sample(struct bench *b)
{
    char *sample = sample_read("peertube", "room.txt");
    struct str rest = str_from(sample), line;
    while (str_split(&rest, '\n', &line))
        if (line.len > 0)
            mock_chat_say(b->mock, line.p, line.len);
    mem_free(sample);
}

static void
nobody_signs_in_and_reads_the_room(void **state)
{
    struct bench *b = *state;
    start_with(b, friendly, NULL);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    assert_true(mock_chat_was_told(b->mock, "to=\"anon.tube.kz\""));
    assert_true(mock_chat_was_told(b->mock, "mechanism=\"ANONYMOUS\""));
    assert_true(mock_chat_was_told(b->mock, "to=\"v1@room.tube.kz/suraq\""));
    say_sample(b);
    UNTIL(b, b->n_got == 9);
    assert_string_equal(b->got.data,
                        "Бұрынғы сұрақ?|Когда починят <мост> & дорогу?|-s1|Когда починят "
                        "мост?|чужая правка|сәлем|-s3|-s4|-s2|");
}

#define LINE(nick, id, room_id, more)                                                  \
    "<message xmlns=\"jabber:client\" type=\"groupchat\" from=\"v1@room.tube.kz/" nick \
    "\" id=\"" id "\"><body>" room_id                                                  \
    "</body><stanza-id xmlns=\"urn:xmpp:sid:0\" id=\"" room_id                         \
    "\" by=\"v1@room.tube.kz\"/>" more "</message>"
#define CORRECTS(id) "<replace xmlns=\"urn:xmpp:message-correct:0\" id=\"" id "\"/>"
#define OCCUPANT(id) "<occupant-id xmlns=\"urn:xmpp:occupant-id:0\" id=\"" id "\"/>"
#define RETRACTS(nick, id, more)                                                      \
    "<message xmlns=\"jabber:client\" type=\"groupchat\" from=\"v1@room.tube.kz" nick \
    "\"><retract xmlns=\"urn:xmpp:message-retract:1\" id=\"" id "\">" more            \
    "</retract></message>"
#define MODERATED "<moderated xmlns=\"urn:xmpp:message-moderate:1\"/>"

/* What a decoder makes of stanzas: "-id|" for a removal, "id|" for a line. */
static void
decode_all(struct xmpp_decoder *d, const char *const *stanzas, struct buf *out)
{
    for (; *stanzas != NULL; stanzas++) {
        struct xmpp_event ev;
        struct err e = ERR_INIT;
        assert_int_equal(xmpp_decode(d, str_from(*stanzas), &ev, &e), 0);
        if (ev.has_removal)
            buf_addf(out, "-%.*s|", STR_ARG(ev.removal.id));
        if (ev.has_message)
            buf_addf(out, "%.*s|", STR_ARG(ev.message.id));
    }
}

static void
each_correction_takes_back_what_was_said_last(void **state)
{
    static const struct {
        const char *stanzas[6], *want;
    } rows[] = {
        {{LINE("a", "1", "s1", ""), LINE("a", "2", "s2", CORRECTS("1")),
          LINE("a", "3", "s3", CORRECTS("1"))},
         "s1|-s1|s2|-s2|s3|"},
        {{LINE("a", "1", "s1", ""), LINE("a", "2", "s2", CORRECTS("1")),
          LINE("a", "3", "s3", CORRECTS("2")), RETRACTS("", "s1", MODERATED)},
         "s1|-s1|s2|-s2|s3|-s3|"},
        {{LINE("a", "1", "s1", ""), LINE("a", "2", "s2", CORRECTS("1")),
          RETRACTS("/a", "1", "")},
         "s1|-s1|s2|-s2|"},
        /* XEP-0424: by the id of the room; nobody else may */
        {{LINE("a", "1", "s1", ""), RETRACTS("/b", "s1", ""), RETRACTS("/a", "s1", "")},
         "s1|-s1|"},
        /* an occupant id that somebody made up */
        {{LINE("a", "1", "s1", OCCUPANT("o")),
          LINE("b", "2", "s2", CORRECTS("1") OCCUPANT("o"))},
         "s1|s2|"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct xmpp_decoder *d = mem_zalloc(sizeof(*d));
        struct buf out = BUF_INIT;
        xmpp_init(d);
        d->room = STR_LIT("v1@room.tube.kz");
        d->nick = STR_LIT("suraq");
        decode_all(d, rows[i].stanzas, &out);
        if (strcmp(out.data, rows[i].want) != 0)
            fail_msg("row %zu: '%s'", i, out.data);
        buf_fini(&out);
        xmpp_fini(d);
        mem_free(d);
    }
}

static void
the_oldest_line_that_is_remembered_is_taken_back_by_its_own_id(void **state)
{
    static const char *const corrects[] = {LINE("a", "0", "new", CORRECTS("i0")), NULL};
    struct xmpp_decoder *d = mem_zalloc(sizeof(*d));
    struct buf out = BUF_INIT;
    (void)state;
    xmpp_init(d);
    d->room = STR_LIT("v1@room.tube.kz");
    for (int i = 0; i < XMPP_RECENT; i++) {
        struct buf line = BUF_INIT;
        buf_addf(&line, LINE("a", "i%d", "s%d", ""), i, i, i);
        const char *const one[] = {line.data, NULL};
        decode_all(d, one, &out);
        buf_fini(&line);
    }
    buf_reset(&out);
    decode_all(d, corrects, &out);
    assert_string_equal(out.data, "-s0|new|");
    buf_fini(&out);
    xmpp_fini(d);
    mem_free(d);
}

static void
an_account_signs_in_with_its_password(void **state)
{
    struct bench *b = *state;
    start_with(b, friendly, "pass word");
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    assert_true(mock_chat_was_told(b->mock, "to=\"tube.kz\""));
    assert_true(mock_chat_was_told(b->mock, ">AGJvdABwYXNzIHdvcmQ=</auth>"));
}

static void
lines_go_into_the_room_escaped(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    start_with(b, friendly, NULL);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    assert_int_equal(
        source_send(b->source, STR_LIT("№1 <b>\"жауап\"</b>"), STR_LIT("s1"), &e), 0);
    UNTIL(b, mock_chat_was_told(b->mock, "<body>№1 &lt;b&gt;&quot;жауап&quot;&lt;/b&gt;"
                                         "</body><reply xmlns=\"urn:xmpp:reply:0\" "
                                         "id=\"s1\"/>"));
    say(b,
        "<iq xmlns=\"jabber:client\" type=\"get\" id=\"p&quot;1\" from=\"tube.kz\"><ping "
        "xmlns=\"urn:xmpp:ping\"/></iq>");
    UNTIL(b, mock_chat_was_told(b->mock, "id=\"p&quot;1\" to=\"tube.kz\"/>"));
}

static void
a_taken_name_becomes_another(void **state)
{
    static const struct mock_rule rules[] = {
        {"<open ", OPENED FEATURES},
        {"<auth ", SUCCESS},
        {"<iq ", BOUND},
        {"<presence xmlns=\"jabber:client\" to=\"v1@room.tube.kz/suraq\"",
         REFUSED("conflict")},
        {"<presence ", SELF("suraq-7", "")},
        {NULL, NULL},
    };
    struct bench *b = *state;
    start_with(b, rules, NULL);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    assert_true(mock_chat_was_told(b->mock, "to=\"v1@room.tube.kz/suraq-"));
}

/* The mock answers `when` with `say` and everything else as the friendly one. */
static void
each_refusal_has_its_state_and_code(void **state)
{
    static const struct {
        struct mock_rule rule;
        const char *later;
        enum source_state state;
        const char *code;
    } rows[] = {
        {{"<auth ", "<failure xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\">"
                    "<not-authorized/></failure>"},
         NULL,
         SOURCE_REFUSED,
         "auth"},
        {{"<presence ", REFUSED("forbidden")}, NULL, SOURCE_REFUSED, "join"},
        {{"<presence ", REFUSED("service-unavailable")}, NULL, SOURCE_CONNECTING, "join"},
        {{"none", NULL},
         "<presence xmlns=\"jabber:client\" from=\"v1@room.tube.kz/suraq\" "
         "type=\"unavailable\"><x xmlns=\"http://jabber.org/protocol/muc#user\">"
         "<item affiliation=\"outcast\" role=\"none\"><reason>flood</reason></item>"
         "<status code=\"301\"/><status code=\"110\"/></x></presence>",
         SOURCE_REFUSED,
         "join"},
        {{"none", NULL},
         SELF("suraq", " type=\"unavailable\""),
         SOURCE_CONNECTING,
         "join"},
        {{"none", NULL},
         "<stream:error xmlns:stream=\"http://etherx.jabber.org/streams\">"
         "<system-shutdown xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\"/>"
         "</stream:error>",
         SOURCE_CONNECTING,
         "closed"},
        {{"none", NULL},
         "<close xmlns=\"urn:ietf:params:xml:ns:xmpp-framing\"/>",
         SOURCE_CONNECTING,
         "closed"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mock_rule rules[8] = {rows[i].rule};
        void *own = NULL;
        memcpy(rules + 1, friendly, sizeof(friendly));
        bench_setup(&own);
        struct bench *b = own;
        b->timing.backoff_least = b->timing.backoff_most = 60000;
        start_with(b, rules, NULL);
        if (rows[i].later != NULL) {
            UNTIL(b, bench_state(b) == SOURCE_LIVE);
            say(b, rows[i].later);
        }
        UNTIL(b, bench_state(b) == rows[i].state && bench_status(b).code[0] != '\0');
        assert_string_equal(bench_status(b).code, rows[i].code);
        bench_teardown(&own);
    }
}

/* Stanzas that a server passes on from somebody in the room to us alone. */
static void
nobody_in_the_room_can_speak_for_the_server(void **state)
{
    static const char *const tricks[] = {
        "<message xmlns=\"jabber:client\" from=\"v1@room.tube.kz/evil\" type=\"error\">"
        "<error type=\"auth\"><forbidden/></error></message>",
        "<presence xmlns=\"jabber:client\" from=\"v1@room.tube.kz/evil\" type=\"error\">"
        "<error type=\"auth\"><forbidden/></error></presence>",
        "<iq xmlns=\"jabber:client\" from=\"v1@room.tube.kz/evil\" type=\"error\" "
        "id=\"bind\"><error type=\"auth\"><forbidden/></error></iq>",
        "<iq xmlns=\"jabber:client\" from=\"v1@room.tube.kz/evil\" type=\"result\" "
        "id=\"bind\"/>",
    };
    struct bench *b = *state;
    start_with(b, friendly, NULL);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    for (size_t i = 0; i < sizeof(tricks) / sizeof(tricks[0]); i++)
        say(b, tricks[i]);
    say(b, LINE("a", "1", "s1", ""));
    UNTIL(b, b->n_got == 1 || bench_state(b) != SOURCE_LIVE);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    assert_string_equal(b->told.len > 0 ? b->told.data : "", "");
    assert_true(source_can_send(b->source));
}

static void
silence_in_the_room_is_noticed(void **state)
{
    static const struct mock_rule mute[] = {
        {"<open ", OPENED FEATURES},
        {"<auth ", SUCCESS},
        {"<iq xmlns=\"jabber:client\" type=\"set\" id=\"bind\"", BOUND},
        {"<presence ", SELF("suraq", "")},
        {NULL, NULL},
    };
    struct bench *b = *state;
    b->timing.ping = b->timing.pong = 20;
    b->timing.backoff_least = b->timing.backoff_most = 60000;
    start_with(b, mute, NULL);
    UNTIL(b, strcmp(bench_status(b).code, "silent") == 0);
    assert_true(mock_chat_was_told(b->mock, "urn:xmpp:ping"));
}

static void
nonsense_and_tricks_of_xml_are_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "<a>",
        "<a/><b/>",
        "text",
        "<a b=1/>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
        "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a>"
        "</a></a></a></a></a></a></a></a></a>",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct err e = ERR_INIT;
        struct xml *x = xml_parse(str_from(bad[i]), &e);
        if (x != NULL)
            fail_msg("'%s' was taken", bad[i]);
        assert_true(e.msg[0] != '\0');
    }
}

static void
what_people_paste_becomes_a_room_or_a_clear_error(void **state)
{
    static const struct {
        const char *text, *target;
    } rows[] = {
        {"https://tube.kz/w/9WiHtm8kTQYqRVAZ1Yt6FJ", "tube.kz/9WiHtm8kTQYqRVAZ1Yt6FJ"},
        {"https://tube.kz/videos/watch/0c9fa2b5-1c1d?start=1", "tube.kz/0c9fa2b5-1c1d"},
        {" v1@room.tube.kz ", "v1@room.tube.kz"},
        {"xmpp:v1@room.tube.kz?join", "v1@room.tube.kz"},
        {"xmpp://v1@room.tube.kz?join", NULL},
        {"tube.kz/abc", "tube.kz/abc"},
        {"https://tube.kz/about", NULL},
        {"v1", NULL},
        {"a b@c", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out = BUF_INIT;
        struct err e = ERR_INIT;
        int ret = xmpp_target(str_from(rows[i].text), &out, &e);
        if (rows[i].target == NULL)
            assert_int_equal(ret, -1);
        else
            assert_string_equal(out.data, rows[i].target);
        buf_fini(&out);
    }
}

#define BENCH_TEST(test) \
    cmocka_unit_test_setup_teardown(test, bench_setup, bench_teardown)

static void
ten_silent_minutes_are_stood_and_a_cut_cable_is_noticed(void **state)
{
    struct bench *b = *state;
    start_with(b, friendly, NULL);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    bench_silence(b, NULL);
    bench_cut(b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(nobody_signs_in_and_reads_the_room),
        cmocka_unit_test(each_correction_takes_back_what_was_said_last),
        cmocka_unit_test(the_oldest_line_that_is_remembered_is_taken_back_by_its_own_id),
        BENCH_TEST(an_account_signs_in_with_its_password),
        BENCH_TEST(lines_go_into_the_room_escaped),
        BENCH_TEST(a_taken_name_becomes_another),
        cmocka_unit_test(each_refusal_has_its_state_and_code),
        BENCH_TEST(nobody_in_the_room_can_speak_for_the_server),
        BENCH_TEST(silence_in_the_room_is_noticed),
        cmocka_unit_test(nonsense_and_tricks_of_xml_are_refused),
        cmocka_unit_test(what_people_paste_becomes_a_room_or_a_clear_error),
        BENCH_TEST(ten_silent_minutes_are_stood_and_a_cut_cable_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
