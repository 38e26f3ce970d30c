/* SPDX-License-Identifier: Apache-2.0 */
/* Chats that presets describe: what their frames mean, and staying attached to one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "source/feed.h"
#include "source/feed_presets.h"
#include "support/sample.h"
#include "support/source_bench.h"

struct heard {
    struct buf text;
    unsigned roles;
    int64_t at_ms;
};

static void
take(void *arg, const struct message *m)
{
    struct heard *h = arg;
    static const char *const kinds[] = {"", "-", "-@", "-*"};
    buf_addf(&h->text, "%s%.*s", kinds[m->kind],
             STR_ARG(m->kind == MESSAGE_DELETE_AUTHOR ? m->author_id : m->id));
    if (m->kind == MESSAGE_CHAT)
        buf_addf(&h->text, " %.*s(%.*s): %.*s%s", STR_ARG(m->author_name),
                 STR_ARG(m->author_id), STR_ARG(m->text), m->backlog ? " [old]" : "");
    buf_add_char(&h->text, '\n');
    h->roles |= m->roles;
    h->at_ms = m->at_ms != 0 ? m->at_ms : h->at_ms;
}

/* All frames of a sample through a shipped preset. */
static void
decode_sample(const char *kind, const char *name, struct heard *h)
{
    struct feed f;
    struct err e = ERR_INIT;
    struct feed_wish wish = {.say = BUF_INIT};
    char *sample = sample_read(kind, name);
    struct str rest = str_from(sample), line;
    if (feed_read(&f, kind, str_from(feed_preset(kind)), &e) < 0)
        fail_msg("%s", e.msg);
    while (str_split(&rest, '\n', &line))
        if (line.len > 0 &&
            feed_decode(&f, line, (struct message_taker){take, h}, &wish, &e) < 0)
            fail_msg("%s: %.*s", e.msg, STR_ARG(line));
    feed_fini(&f);
    buf_fini(&wish.say);
    mem_free(sample);
}

static void
owncast_speaks_html_and_takes_lines_back(void **state)
{
    struct heard h = {.text = BUF_INIT};
    (void)state;
    decode_sample("owncast", "chat.ndjson", &h);
    assert_string_equal(
        h.text.data,
        "Jx3kQ9rVg aigerim(Tw2): Когда отремонтируют камеры & фонари? :car:\n"
        "-Jx3kQ9rVg\n-Jx3kQ9rVi\n");
    assert_int_equal(h.roles, MESSAGE_MODERATOR | MESSAGE_VERIFIED);
    assert_int_equal(h.at_ms, INT64_C(1768478400123));
    buf_fini(&h.text);
}

static void
social_stream_tells_html_from_text(void **state)
{
    struct heard h = {.text = BUF_INIT};
    (void)state;
    decode_sample("socialstream", "frames.ndjson", &h);
    assert_string_equal(h.text.data, "yt-1 Айгүл(youtube:77): Жол қашан жөнделеді?\n"
                                     " viewer(tiktok:viewer): a < b\n"
                                     " viewer(tiktok:viewer): 1 < 2 &amp;\n");
    assert_int_equal(h.roles, MESSAGE_MODERATOR);
    buf_fini(&h.text);
}

static void
restream_gets_an_id_of_our_making(void **state)
{
    struct heard h = {.text = BUF_INIT};
    (void)state;
    decode_sample("restream", "frames.ndjson", &h);
    const char *second = strchr(h.text.data, '\n') + 1;
    assert_int_equal(strspn(h.text.data, "0123456789abcdef"), 32);
    assert_memory_equal(h.text.data + 32, " Viewer(13:UC1): Когда откроют мост?\n", 48);
    assert_string_equal(second + 32, " (): Кімге хабарласамыз?\n");
    assert_memory_not_equal(h.text.data, second, 32);
    assert_int_equal(h.at_ms, INT64_C(1778629526000));
    buf_fini(&h.text);
}

static void
what_a_text_of_the_frame_holds_is_read_with_the_rest_of_it(void **state)
{
    static const char *const frames[] = {
        "{\"event\":\"said\",\"data\":\"{\\\"id\\\":\\\"1\\\",\\\"t\\\":\\\"бір\\\"}\"}",
        "{\"event\":\"seen\",\"data\":\"{\\\"id\\\":\\\"2\\\",\\\"t\\\":\\\"екі\\\"}\"}",
        "{\"event\":\"said\",\"data\":{\"id\":\"3\",\"t\":\"үш\"}}",
        "{\"event\":\"said\",\"data\":\"no JSON\"}",
        "{\"event\":\"said\"}",
        "[\"said\"]",
    };
    struct heard h = {.text = BUF_INIT};
    struct feed f;
    struct err e = ERR_INIT;
    (void)state;
    assert_int_equal(feed_read(&f, "f",
                               STR_LIT("frame: {unwrap: /data}\nmessage: {when: {/event: "
                                       "said}, id: /data/id, text: /data/t}\n"),
                               &e),
                     0);
    for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
        struct feed_wish wish = {.say = BUF_INIT};
        assert_int_equal(feed_decode(&f, str_from(frames[i]),
                                     (struct message_taker){take, &h}, &wish, &e),
                         0);
    }
    assert_string_equal(h.text.data, "1 (): бір\n3 (): үш\n");
    feed_fini(&f);
    buf_fini(&h.text);
}

static void
a_mistake_in_a_preset_is_told_with_its_place(void **state)
{
    static const struct {
        const char *yaml, *says;
    } rows[] = {
        {"", "f.yaml: the preset is empty"},
        {"- a", "f.yaml:1:1: a preset is a map of sections: connect, message, ..."},
        {"message: {text: body}", "f.yaml:1:17: a place begins with '/': /user/name"},
        {"message: {textt: /body}", "f.yaml:1:11: unknown key 'textt' in 'message'"},
        {"massage: {text: /body}", "f.yaml:1:11: unknown section 'massage'"},
        {"connect: {ping: x}", "f.yaml:1:1: 'message: {text: ...}' is missing"},
        {"connect: {ping_every: soon}\nmessage: {text: /b}",
         "f.yaml:1:23: 'ping_every' is a whole number from 1 to 86400"},
        {"message: {text: /b, when: [x]}",
         "f.yaml:1:27: a condition is a map: {/type: CHAT}"},
        {"message: {text: /b, text: /c}", "f.yaml:1:21: 'text' is there twice"},
        {"message: [", "f.yaml:"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct feed f;
        struct err e = ERR_INIT;
        assert_int_equal(feed_read(&f, "f.yaml", str_from(rows[i].yaml), &e), -1);
        if (strncmp(e.msg, rows[i].says, strlen(rows[i].says)) != 0)
            fail_msg("'%s': %s", rows[i].yaml, e.msg);
        assert_null(f.doc);
    }
}

static void
templates_quote_what_they_are_given(void **state)
{
    static const struct feed_word words[] = {
        {"text", "a \"b\"\n{nick}/қ"}, {"nick", "suraq"}, {"none", NULL}, {NULL, NULL}};
    static const struct {
        enum feed_quoting how;
        const char *template, *filled;
    } rows[] = {
        {FEED_IN_JSON, "{\"t\":\"{text}\"}",
         "{\"t\":\"a \\u0022b\\u0022\\u000a{nick}/қ\"}"},
        {FEED_IN_URL, "/x?t={text}&n={none}",
         "/x?t=a%20%22b%22%0A%7Bnick%7D%2F%D2%9B&n="},
        {FEED_IN_HEADER, "X: {text}", "X: a \"b\"{nick}/қ"},
        {FEED_IN_JSON, "{nickname} {nick} {", "{nickname} suraq {"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out = BUF_INIT;
        feed_fill(str_from(rows[i].template), words, rows[i].how, &out);
        assert_string_equal(out.data, rows[i].filled);
        buf_fini(&out);
    }
}

/* --- attached */

static void
start(struct bench *b, const char *kind, const char *file)
{
    bench_start(b, &(struct source_conf){.kind = kind,
                                         .url = b->mock->url,
                                         .target = "s1",
                                         .file = file,
                                         .secret = "t0ken",
                                         .enabled = true});
}

static void
say(struct bench *b, const char *text)
{
    mock_chat_say(b->mock, text, strlen(text));
}

static void
a_shipped_preset_reads_and_writes(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    start(b, "socialstream", NULL);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    say(b, "{\"chatname\":\"a\",\"chatmessage\":\"бір\",\"type\":\"x\"}\n"
           "{\"chatname\":\"a\",\"chatmessage\":\"екі\",\"type\":\"x\"}");
    say(b, "{\n \"chatname\": \"a\",\n \"chatmessage\": \"үш\",\n \"type\": \"x\"\n}");
    UNTIL(b, b->n_got == 3);
    assert_string_equal(b->got.data, "бір|екі|үш|");
    assert_int_equal(source_send(b->source, STR_LIT("№4 \"жауап\""), STR_NONE, &e), 0);
    assert_string_equal(b->told.data, "1:0:|");
    UNTIL(b,
          mock_chat_was_told(
              b->mock, "{\"action\":\"sendChat\",\"value\":\"№4 \\u0022жауап\\u0022\"}"));
}

static void
a_preset_of_ones_own_says_everything(void **state)
{
    static const struct mock_rule rules[] = {
        {"{\"hello\":\"t0ken\",\"room\":\"s1\"}", "{\"op\":\"welcome\"}"},
        {"{\"op\":\"pong\"}",
         "{\"op\":\"batch\",\"list\":[{\"k\":\"m\",\"i\":7,\"t\":\"сәлем\"},"
         "{\"k\":\"d\",\"i\":7},{\"k\":\"p\",\"u\":\"9\"},{\"k\":\"c\"}]}"},
        {NULL, NULL},
    };
    struct bench *b = *state;
    b->mock->rules = rules;
    start(b, "generic", "tests/data/source/generic/preset.yaml");
    UNTIL(b, mock_chat_was_told(b->mock, "\"hello\":\"t0ken\""));
    say(b, "{\"op\":\"ping\"}");
    UNTIL(b, b->n_got == 4);
    assert_string_equal(b->got.data, "сәлем|-7|-author|-all|");
    say(b, "{\"op\":\"moved\"}");
    UNTIL(b, b->mock->connections == 2);
}

static void
each_end_has_its_state_and_code(void **state)
{
    static const struct {
        const char *say;
        unsigned close;
        enum source_state state;
        const char *code;
    } rows[] = {
        {"{\"op\":\"banned\",\"why\":\"bad words\"}", 0, SOURCE_REFUSED, "auth"},
        {"{}", 4001, SOURCE_REFUSED, "auth"},
        {"{}", 1011, SOURCE_CONNECTING, "closed"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        void *own = NULL;
        bench_setup(&own);
        struct bench *b = own;
        b->timing.backoff_least = b->timing.backoff_most = 60000;
        start(b, "generic", "tests/data/source/generic/preset.yaml");
        UNTIL(b, bench_state(b) == SOURCE_LIVE);
        say(b, rows[i].say);
        if (rows[i].close != 0)
            mock_chat_close(b->mock, rows[i].close);
        UNTIL(b, bench_state(b) == rows[i].state);
        assert_string_equal(bench_status(b).code, rows[i].code);
        bench_teardown(&own);
    }
}

static void
nonsense_is_counted_and_survived(void **state)
{
    struct bench *b = *state;
    start(b, "socialstream", NULL);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    say(b, "<html>");
    say(b, "[1,null,{\"chatmessage\":{}}]");
    say(b, "{\"chatname\":\"a\",\"chatmessage\":\"бар\",\"type\":\"x\"}");
    UNTIL(b, b->n_got == 1);
    assert_int_equal(bench_status(b).garbage, 1);
    assert_string_equal(b->got.data, "бар|");
}

static void
what_is_missing_is_said_at_the_start(void **state)
{
    static const struct {
        struct source_conf conf;
        const char *says;
    } rows[] = {
        {{.kind = "generic", .url = "ws://127.0.0.1:1/"}, "'file' is missing"},
        {{.kind = "generic", .url = "ws://127.0.0.1:1/", .file = "none.yaml"},
         "cannot be read"},
        {{.kind = "owncast"}, "'url' is missing"},
        {{.kind = "owncast", .url = "live.example.kz"}, "is no address"},
        {{.kind = "restream"}, "'token_file' is missing"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;
        assert_null(source_new(&b->env, &rows[i].conf, &e));
        if (strstr(e.msg, rows[i].says) == NULL)
            fail_msg("%zu: %s", i, e.msg);
    }
    bench_start(b, &(struct source_conf){
                       .kind = "socialstream", .url = b->mock->url, .enabled = true});
    UNTIL(b, bench_state(b) == SOURCE_REFUSED);
    assert_string_equal(bench_status(b).code, "target");
}

#define WITH_BENCH(test) \
    cmocka_unit_test_setup_teardown(test, bench_setup, bench_teardown)

static void
ten_silent_minutes_of_a_preset_are_stood_and_a_cut_cable_is_noticed(void **state)
{
    struct bench *b = *state;
    start(b, "socialstream", NULL);
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    bench_silence(b, NULL);
    bench_cut(b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(owncast_speaks_html_and_takes_lines_back),
        cmocka_unit_test(social_stream_tells_html_from_text),
        cmocka_unit_test(restream_gets_an_id_of_our_making),
        cmocka_unit_test(what_a_text_of_the_frame_holds_is_read_with_the_rest_of_it),
        cmocka_unit_test(a_mistake_in_a_preset_is_told_with_its_place),
        cmocka_unit_test(templates_quote_what_they_are_given),
        WITH_BENCH(a_shipped_preset_reads_and_writes),
        WITH_BENCH(a_preset_of_ones_own_says_everything),
        cmocka_unit_test(each_end_has_its_state_and_code),
        WITH_BENCH(nonsense_is_counted_and_survived),
        WITH_BENCH(what_is_missing_is_said_at_the_start),
        WITH_BENCH(ten_silent_minutes_of_a_preset_are_stood_and_a_cut_cable_is_noticed),
    };
    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
