/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "loop/settings.h"
#include "loop/settings_table.h"

static void
expect_errors(const char *text, const char *const *want, size_t n_want)
{
    struct settings_errors errors = {NULL, 0};
    struct settings *s = settings_parse("s.yaml", str_from(text), NULL, &errors);

    for (size_t i = 0; i < errors.n && i < n_want; i++) {
        if (strncmp(errors.items[i], want[i], strlen(want[i])) != 0)
            fail_msg("expected '%s', found '%s'", want[i], errors.items[i]);
    }
    if (errors.n != n_want)
        fail_msg("%zu errors instead of %zu; the last: %s", errors.n, n_want,
                 errors.n > 0 ? errors.items[errors.n - 1] : "");
    assert_int_equal(s == NULL, n_want > 0);
    settings_free(&s);
    settings_errors_fini(&errors);
}

static void
five_mistakes_give_five_errors_with_their_places(void **state)
{
    static const char *const want[] = {
        "s.yaml:2:1: unknown key 'lissten'",
        "s.yaml:3:24: 'retention.text_days': 'soon' is not a number",
        "s.yaml:4:11: 'min_free': '-3'",
        "s.yaml:6:12: 'kind' is not one of: irc twitch youtube telegram",
        "s.yaml:7:18: a source of kind 'push' has no 'nick'",
    };

    (void)state;
    expect_errors(
        "stream: {id: a}\nlissten: 3\nretention: {text_days: soon}\nmin_free: -3\n"
        "sources:\n  - {kind: tiktok}\n  - {kind: push, nick: x}\n",
        want, 5);
}

static void
each_kind_of_mistake_is_found(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"listen: 1\nlisten: 2\n", "s.yaml:2:1: 'listen' is given twice"},
        {"journal: sqlite\n", "s.yaml:1:10: 'journal' is a section"},
        {"journal: {kind: mysql}\n",
         "s.yaml:1:17: 'journal.kind': 'mysql' is not one of"},
        {"retention: {text_days: 0}\n",
         "s.yaml:1:24: 'retention.text_days': '0' is not between"},
        {"filters: [a, [b]]\n", "s.yaml:1:14: 'filters': plain words"},
        {"filters: x\n", "s.yaml:1:10: 'filters': a list is expected"},
        {"listen: [a]\n", "s.yaml:1:9: 'listen': a single value"},
        {"stream: {languages: [kk, xx]}\n", "s.yaml: 'stream.languages': 'xx'"},
        {"tls: {cert: a}\n", "s.yaml: 'tls' needs both"},
        {"sources: [{kind: push}, {kind: push}]\n",
         "s.yaml:1:25: another source has the name"},
        {"sources: [{kind: replay}]\n",
         "s.yaml: source 'replay' of kind 'replay' needs a 'file'"},
        {"sources: [{kind: irc}]\n", "s.yaml: source 'irc' of kind 'irc' needs a 'url'"},
        {"sources: [{kind: replay, file: a, speed: fast}]\n",
         "s.yaml:1:42: 'speed': 'fast'"},
        {"sources: [{kind: replay, file: a, speed: 0}]\n", "s.yaml:1:42: 'speed': '0'"},
        {"sources: [{kind: push, enabled: yes}]\n", "s.yaml:1:33: 'enabled': 'yes'"},
        {"sources: [{name: x}]\n", "s.yaml:1:11: this source has no 'kind'"},
        {"sources: {kind: push}\n", "s.yaml:1:10: 'sources' is a list"},
        {"sources: [{kind: push, replies: {enabled: true}}]\n",
         "s.yaml:1:34: a source of kind 'push' has no 'replies.enabled'"},
        {"sources: [{kind: twitch, replies: {events: {x: true}}}]\n",
         "s.yaml:1:45: unknown key 'replies.events.x' in a source"},
        {"sources: [{kind: twitch, replies: true}]\n",
         "s.yaml:1:35: 'replies' is a section"},
        {"sources: [{kind: twitch, replies: {per_minute: 90}}]\n",
         "s.yaml:1:48: 'replies.per_minute': '90' is not between"},
        {"replies: {received: {kk: ['{name}']}}\n", "s.yaml: 'replies': '{name}'"},
        {"replies: {received: {kk: ['']}}\n", "s.yaml: 'replies': ''"},
        {"sources: [{kind: twitch, replies: {language: en}}]\n",
         "s.yaml: 'replies.language': 'en' is not one of"},
        {"replies: {language: en}\n", "s.yaml:1:21: 'replies.language': 'en'"},
        {"webhooks: {url: x}\n", "s.yaml:1:11: 'webhooks' is a list"},
        {"webhooks: [{preset: json}]\n", "s.yaml:1:12: webhook 'json' needs a 'url'"},
        {"webhooks: [{preset: telegram}]\n",
         "s.yaml:1:12: webhook 'telegram' needs a 'token_file'"},
        {"webhooks: [{url: x, secret_file: y, events: [all]}]\n",
         "s.yaml:1:12: 'events': 'all'"},
        {"webhooks: [{url: x, secret_file: f, secret: y}]\n",
         "s.yaml:1:37: unknown key 'secret' in a webhook"},
        {"webhooks: [{url: x, secret_file: f}, {url: y, secret_file: f}]\n",
         "s.yaml:1:38: another webhook has the name 'json'"},
        {"sessions: {idle: 1s}\n", "s.yaml:1:18: 'sessions.idle': '1s' is not between"},
        {"- a\n", "s.yaml:1:1: settings are written"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        expect_errors(rows[i].text, &rows[i].want, 1);
}

static void
broken_yaml_and_trailing_junk_name_a_place(void **state)
{
    static const char *const rows[] = {"stream: {id: e2e\nlisten: [\n",
                                       "a: b\n---\nc: d\n", "\tx: 1\n", "listen: 'a\n",
                                       "a: b\n}\n"};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct settings_errors errors = {NULL, 0};
        struct settings *s = settings_parse("s.yaml", str_from(rows[i]), NULL, &errors);
        int line = 0, column = 0;
        assert_null(s);
        assert_true(errors.n >= 1);
        if (sscanf(errors.items[0], "s.yaml:%d:%d: ", &line, &column) != 2)
            fail_msg("row %zu: %s", i, errors.items[0]);
        settings_errors_fini(&errors);
    }
}

static void
an_empty_file_gives_the_defaults(void **state)
{
    struct settings_errors errors = {NULL, 0};
    struct settings *s = settings_parse("s.yaml", STR_LIT(""), NULL, &errors);

    (void)state;
    assert_non_null(s);
    assert_string_equal(s->listen, "127.0.0.1:8080");
    assert_string_equal(s->journal_path, "data/suraq.db");
    assert_int_equal(s->min_free, 256 << 20);
    assert_int_equal(s->n_languages, 2);
    assert_int_equal(s->n_sources, 0);
    settings_free(&s);
    assert_null(s);
}

static void
replies_and_webhooks_are_read(void **state)
{
    struct settings_errors errors = {NULL, 0};
    struct settings *s = settings_parse(
        "s.yaml",
        STR_LIT("replies: {language: kk, answered: {ru: ['{no}, {time}', 'b']}}\n"
                "webhooks:\n"
                "  - {url: 'https://a.kz/', secret_file: s, events: [question, urgent]}\n"
                "  - {preset: telegram, token_file: t, chat_id: '-100'}\n"
                "sources:\n"
                "  - {kind: twitch, replies: {enabled: true, per_minute: 3,"
                " events: {writing: false}}}\n"
                "  - {kind: push}\n"),
        NULL, &errors);

    (void)state;
    assert_non_null(s);
    assert_string_equal(s->reply_language, "kk");
    assert_int_equal(s->reply_texts[2][1].n, 2);
    assert_string_equal(s->reply_texts[2][1].items[0], "{no}, {time}");
    assert_int_equal(s->n_webhooks, 2);
    assert_int_equal(s->webhooks[0].events.n, 2);
    assert_string_equal(s->webhooks[1].name, "telegram");
    assert_string_equal(s->webhooks[1].events.items[0], "urgent");
    assert_true(s->sources[0].replies);
    assert_int_equal(s->sources[0].replies_per_minute, 3);
    assert_true(s->sources[0].reply_to[0]);
    assert_false(s->sources[0].reply_to[3]);
    assert_false(s->sources[1].replies);
    settings_free(&s);
}

static void
the_environment_overrides_any_scalar(void **state)
{
    char listen[] = "SURAQ_LISTEN=0.0.0.0:80", path[] = "SURAQ_JOURNAL_PATH=/data/x.db";
    char filters[] = "SURAQ_FILTERS=a,b";
    char *const environment[] = {listen, path, filters, NULL};
    struct settings_errors errors = {NULL, 0};
    struct settings *s =
        settings_parse("s.yaml", STR_LIT("listen: 127.0.0.1:1"), environment, &errors);

    (void)state;
    assert_non_null(s);
    assert_string_equal(s->listen, "0.0.0.0:80");
    assert_string_equal(s->journal_path, "/data/x.db");
    assert_int_equal(s->n_filters, 2);
    assert_string_equal(s->filters[1], "b");
    settings_free(&s);

    char bad[] = "SURAQ_RETENTION_TEXT_DAYS=many";
    char *const wrong[] = {bad, NULL};
    assert_null(settings_parse("s.yaml", STR_LIT(""), wrong, &errors));
    assert_string_equal(errors.items[0],
                        "SURAQ_RETENTION_TEXT_DAYS: 'many' is not a number");
    settings_errors_fini(&errors);
}

static void
the_committed_example_is_the_one_the_table_writes(void **state)
{
    struct buf want = BUF_INIT;
    char got[32768];
    FILE *f = fopen("config/suraq.yaml", "r");

    (void)state;
    assert_non_null(f);
    size_t n = fread(got, 1, sizeof(got), f);
    (void)fclose(f);
    settings_write_example(&want);
    assert_int_equal(n, want.len);
    assert_memory_equal(got, want.data, n);
    buf_fini(&want);
}

static void
the_manual_names_every_setting(void **state)
{
    static char page[65536];
    FILE *f = fopen("man/suraq.yaml.5", "r");

    (void)state;
    assert_non_null(f);
    page[fread(page, 1, sizeof(page) - 1, f)] = '\0';
    (void)fclose(f);
    for (size_t i = 0; i < settings_n_options; i++) {
        const char *last = strrchr(settings_options[i].path, '.');
        if (strstr(page, last == NULL ? settings_options[i].path : last + 1) == NULL)
            fail_msg("suraq.yaml.5 does not name '%s'", settings_options[i].path);
    }
    for (size_t i = 0; i < settings_n_source_options; i++) {
        if (strstr(page, settings_source_options[i].path) == NULL)
            fail_msg("suraq.yaml.5 does not name '%s'", settings_source_options[i].path);
    }
    for (size_t i = 0; i < settings_n_webhook_options; i++) {
        if (strstr(page, settings_webhook_options[i].path) == NULL)
            fail_msg("suraq.yaml.5 does not name '%s'", settings_webhook_options[i].path);
    }
}

static void
a_secret_is_the_first_line_of_its_file(void **state)
{
    char path[] = "/tmp/suraq-test-XXXXXX";
    int fd = mkstemp(path);
    struct err e = ERR_INIT;
    char *secret = NULL;

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "s3cret\r\nmore\n", 13), 13);
    close(fd);
    assert_int_equal(settings_read_secret(path, &secret, &e), 0);
    assert_string_equal(secret, "s3cret");
    mem_free(secret);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(settings_read_secret(path, &secret, &e), -1);
    unlink(path);
    err_reset(&e);
    assert_int_equal(settings_read_secret(path, &secret, &e), -1);
    assert_int_equal(e.code, ERR_IO);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_mistakes_give_five_errors_with_their_places),
        cmocka_unit_test(each_kind_of_mistake_is_found),
        cmocka_unit_test(broken_yaml_and_trailing_junk_name_a_place),
        cmocka_unit_test(an_empty_file_gives_the_defaults),
        cmocka_unit_test(replies_and_webhooks_are_read),
        cmocka_unit_test(the_environment_overrides_any_scalar),
        cmocka_unit_test(the_committed_example_is_the_one_the_table_writes),
        cmocka_unit_test(the_manual_names_every_setting),
        cmocka_unit_test(a_secret_is_the_first_line_of_its_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
