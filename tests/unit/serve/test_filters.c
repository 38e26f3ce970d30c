/* SPDX-License-Identifier: Apache-2.0 */
/* The rule editor's side of the server: looking, changing, going back, trying out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/mem.h"
#include "queue/edits.h"
#include "serve/hits.h"
#include "support/serve_world.h"

#define OWN "/api/v1/filters/topics/own.yaml"
#define TOPIC(re) \
    "kind: topic\\nid: own\\nrules:\\n  - {name: a, re: '" re "', score: 2}\\n"

static void
begin(struct world *w, struct peer *p)
{
    world_begin(w, NULL);
    world_user(w, "boss", ROLE_ADMIN);
    world_user(w, "aida", ROLE_MODERATOR);
    peer_open(p, w);
    peer_sign_in(p, "boss");
}

static void
end(struct world *w, struct peer *p)
{
    peer_fini(p);
    world_end(w);
}

/* The answer, which must have that status; new. */
static json_t *
ask(struct peer *p, const char *method, const char *path, const char *body, int status)
{
    char *text = NULL;
    int got = peer_ask(p, method, path, body, &text);

    if (got != status)
        fail_msg("%s %s: %d, not %d: %s", method, path, got, status, text);
    json_t *o = json_loads(text == NULL || text[0] == '\0' ? "{}" : text, 0, NULL);
    assert_non_null(o);
    mem_free(text);
    return o;
}

static const char *
text_of(const json_t *o, const char *name)
{
    const char *text = json_string_value(json_object_get(o, name));

    return text == NULL ? "" : text;
}

/* Puts that content with the version in force; its answer. */
static json_t *
put(struct peer *p, const char *path, const char *content, int status)
{
    struct buf body = BUF_INIT;
    json_t *list = ask(p, "GET", "/api/v1/filters", NULL, 200);

    buf_addf(&body, "{\"version\":\"%s\",%s,\"note\":\"сынақ\"}",
             text_of(list, "version"), content);
    json_t *got = ask(p, "PUT", path, body.data, status);
    json_decref(list);
    buf_fini(&body);
    return got;
}

static void
the_list_has_files_rules_and_hits(void **state)
{
    struct world w;
    struct peer p;

    (void)state;
    begin(&w, &p);
    world_say(&w, "t", "1", "a", "когда починят дорогу?");
    json_t *list = ask(&p, "GET", "/api/v1/filters", NULL, 200);
    const json_t *files = json_object_get(list, "files"), *file;
    json_int_t hits = 0;
    size_t i;
    assert_int_equal(json_array_size(files), 6);
    assert_int_equal(strlen(text_of(list, "version")), 16);
    json_array_foreach(files, i, file)
    {
        const json_t *rules = json_object_get(file, "rules"), *rule;
        size_t k;
        assert_true(json_is_true(json_object_get(file, "shipped")));
        assert_true(json_is_false(json_object_get(file, "changed")));
        json_array_foreach(rules, k, rule) hits +=
            json_integer_value(json_object_get(rule, "hits"));
        if (strcmp(text_of(file, "kind"), "macros") == 0)
            assert_int_equal(json_array_size(rules), 0);
        else
            assert_true(json_array_size(rules) > 0);
    }
    assert_true(hits > 0);
    json_decref(list);
    end(&w, &p);
}

static void
a_file_is_changed_reverted_and_taken_back(void **state)
{
    struct world w;
    struct peer p;
    char revert[64];

    (void)state;
    begin(&w, &p);
    json_t *one = put(&p, OWN, "\"content\":\"" TOPIC("өзен") "\"", 200);
    json_t *two = put(&p, OWN, "\"content\":\"" TOPIC("көпір") "\"", 200);
    const json_t *history = json_object_get(two, "history");
    assert_int_equal(json_array_size(history), 2);
    assert_string_equal(text_of(json_array_get(history, 0), "by"), "boss");
    assert_string_equal(text_of(json_array_get(history, 0), "note"), "сынақ");
    assert_non_null(strstr(text_of(two, "content"), "көпір"));
    assert_int_equal(stream_judge(w.stream, STR_LIT("көпір"))->n_topics, 1);

    (void)snprintf(revert, sizeof(revert), "\"revert_to\":%lld",
                   (long long)json_integer_value(
                       json_object_get(json_array_get(history, 1), "seq")));
    json_t *three = put(&p, OWN, revert, 200);
    assert_string_equal(text_of(three, "content"), text_of(one, "content"));
    assert_string_equal(text_of(three, "version"), text_of(one, "version"));
    history = json_object_get(three, "history");
    assert_string_equal(text_of(json_array_get(history, 0), "action"), "revert");

    json_t *gone = ask(&p, "DELETE", OWN, NULL, 200);
    assert_true(json_is_null(json_object_get(gone, "content")));
    json_decref(ask(&p, "DELETE", OWN, NULL, 404));
    json_decref(ask(&p, "GET", OWN, NULL, 200)); /* its history */
    json_decref(put(&p, OWN, "\"revert_to\":1", 404));
    json_decref(one);
    json_decref(two);
    json_decref(three);
    json_decref(gone);
    end(&w, &p);
}

static void
mistakes_change_nothing_and_have_a_place(void **state)
{
    struct world w;
    struct peer p;

    (void)state;
    begin(&w, &p);
    uint64_t seq = queue_seq(stream_queue(w.stream));
    json_t *bad = put(&p, OWN, "\"content\":\"" TOPIC("(") "\"", 422);
    const json_t *issues = json_object_get(bad, "issues"), *issue;
    size_t i;
    json_array_foreach(issues, i, issue)
    {
        if (strcmp(text_of(issue, "severity"), "error") == 0)
            break;
    }
    assert_string_equal(text_of(issue, "file"), "topics/own.yaml");
    assert_int_equal(json_integer_value(json_object_get(issue, "line")), 4);
    assert_true(json_integer_value(json_object_get(issue, "column")) > 0);
    assert_string_equal(text_of(issue, "severity"), "error");
    assert_int_equal(queue_seq(stream_queue(w.stream)), seq);
    json_decref(bad);
    json_decref(put(&p, OWN, "\"nothing\":1", 422));
    json_decref(put(&p, "/api/v1/filters/own.txt", "\"content\":\"\"", 400));
    json_decref(put(&p, "/api/v1/filters/.own.yaml", "\"content\":\"\"", 400));
    json_decref(ask(&p, "GET", "/api/v1/filters/none.yaml", NULL, 404));
    json_decref(ask(&p, "GET", "/api/v1/filters/a..yaml", NULL, 400));
    json_decref(ask(&p, "GET", "/api/v1/filters/question%2Fru.yaml", NULL, 200));
    json_decref(ask(&p, "GET", "/api/v1/filters/question/ru.yaml", NULL, 200));
    end(&w, &p);
}

static void
an_old_version_is_a_conflict_that_names_the_new_one(void **state)
{
    struct world w;
    struct peer p;

    (void)state;
    begin(&w, &p);
    json_t *got =
        ask(&p, "PUT", OWN, "{\"version\":\"0000000000000000\",\"content\":\"\"}", 409);
    json_t *list = ask(&p, "GET", "/api/v1/filters", NULL, 200);
    assert_string_equal(text_of(got, "version"), text_of(list, "version"));
    json_decref(got);
    json_decref(list);
    json_decref(ask(&p, "PUT", OWN, "{\"content\":\"\"}", 422));
    peer_sign_in(&p, "aida");
    json_decref(put(&p, OWN, "\"content\":\"\"", 403));
    end(&w, &p);
}

static void
the_shipped_content_put_back_is_no_change(void **state)
{
    struct world w;
    struct peer p;
    const char *path = "/api/v1/filters/question/kk.yaml";

    (void)state;
    begin(&w, &p);
    json_t *before = ask(&p, "GET", path, NULL, 200), *other = json_object();
    json_decref(put(&p, path,
                    "\"content\":\"kind: question\\nid: kk\\nrules:\\n"
                    "  - {name: a, re: 'қашан', score: 3}\\n\"",
                    200));
    json_object_set_new(other, "version", json_null());
    json_object_set(other, "content", json_object_get(before, "content"));
    char *text = json_dumps(other, 0);
    json_t *after = put(&p, path, strstr(text, "\"content\""), 400); /* two braces */
    json_decref(after);
    text[strlen(text) - 1] = '\0';
    after = put(&p, path, strstr(text, "\"content\""), 200);
    assert_string_equal(text_of(after, "version"), text_of(before, "version"));
    assert_int_equal(queue_edits(stream_queue(w.stream)), 0);
    free(text);
    json_decref(other);
    json_decref(before);
    json_decref(after);
    end(&w, &p);
}

static void
filters_are_tried_without_being_in_force(void **state)
{
    struct world w;
    struct peer p;

    (void)state;
    begin(&w, &p);
    world_say(&w, "t", "1", "a", "когда починят дорогу?");
    world_say(&w, "t", "2", "b", "өзен туралы");
    uint64_t seq = queue_seq(stream_queue(w.stream));
    json_t *got = ask(
        &p, "POST", "/api/v1/filters/try",
        "{\"recent\":true,\"lines\":[\"өзен қайда?\"],\"files\":["
        "{\"name\":\"topics/own.yaml\",\"content\":\"" TOPIC(
            "дорог") "\"},"
                     "{\"name\":\"question/more.yaml\",\"content\":\"kind: question\\n"
                     "rules:\\n  - {name: r, re: 'өзен', score: 3}\\n\"}]}",
        200);
    const json_t *recent = json_object_get(got, "recent");
    assert_int_equal(json_integer_value(json_object_get(recent, "messages")), 2);
    assert_int_equal(json_array_size(json_object_get(recent, "gained")), 1);
    assert_int_equal(json_array_size(json_object_get(recent, "moved")), 1);
    assert_true(json_array_size(json_object_get(recent, "counts")) > 0);
    assert_int_equal(json_array_size(json_object_get(got, "lines")), 1);
    assert_int_equal(queue_seq(stream_queue(w.stream)), seq);
    json_decref(got);
    got = ask(&p, "POST", "/api/v1/filters/try",
              "{\"files\":[{\"name\":\"a.yaml\",\"content\":\"kind: nonsense\"}],"
              "\"lines\":[\"a\"],\"recent\":true}",
              200);
    assert_true(json_array_size(json_object_get(got, "issues")) > 0);
    assert_int_equal(json_array_size(json_object_get(got, "lines")), 0);
    assert_true(json_is_null(json_object_get(got, "recent")));
    json_decref(got);
    json_decref(ask(&p, "POST", "/api/v1/filters/try", "{\"lines\":7}", 422));
    json_decref(ask(&p, "POST", "/api/v1/filters/try", "{\"files\":[7]}", 422));
    end(&w, &p);
}

static void
hits_are_counted_once_a_line_and_by_the_minute(void **state)
{
    struct hits *h = hits_new();
    struct verdict v = {.n_why = 3};

    (void)state;
    v.why[0] = v.why[1] = (struct judge_why){.filter = "a.yaml", .rule = "x"};
    v.why[2] = (struct judge_why){.filter = "a.yaml", .rule = "y"};
    for (int i = 0; i < 20; i++)
        hits_count(h, &v, 60000 * 100 + i);
    struct hits_rule r = hits_of(h, "a.yaml", "x", 60000 * 101);
    assert_int_equal(r.hits, 20);
    assert_true(r.per_minute > 1.99 && r.per_minute < 2.01);
    assert_int_equal(r.last_ms, 60000 * 100 + 19);
    r = hits_of(h, "a.yaml", "x", 60000 * 111);
    assert_int_equal(r.hits, 20);
    assert_true(r.per_minute < 0.01);
    assert_int_equal(hits_of(h, "b.yaml", "x", 0).hits, 0);
    hits_free(&h);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_has_files_rules_and_hits),
        cmocka_unit_test(a_file_is_changed_reverted_and_taken_back),
        cmocka_unit_test(mistakes_change_nothing_and_have_a_place),
        cmocka_unit_test(an_old_version_is_a_conflict_that_names_the_new_one),
        cmocka_unit_test(the_shipped_content_put_back_is_no_change),
        cmocka_unit_test(filters_are_tried_without_being_in_force),
        cmocka_unit_test(hits_are_counted_once_a_line_and_by_the_minute),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
