/* SPDX-License-Identifier: Apache-2.0 */
/* The checklist of the day, and the rehearsal as the pages and programs meet it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/mem.h"
#include "support/serve_world.h"

#define API             "/api/v1"
#define NDJSON_QUESTION "жол қашан жөнделеді?"

static struct world w;
static struct peer admin, officer, viewer;

static void
sign_in(struct peer *p, const char *name, enum role role)
{
    world_user(&w, name, role);
    peer_open(p, &w);
    peer_sign_in(p, name);
}

static int
setup(void **state)
{
    (void)state;
    world_begin(&w, NULL);
    sign_in(&admin, "dana", ROLE_ADMIN);
    sign_in(&officer, "serik", ROLE_OFFICER);
    sign_in(&viewer, "vera", ROLE_VIEWER);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    peer_fini(&admin);
    peer_fini(&officer);
    peer_fini(&viewer);
    world_end(&w);
    return 0;
}

/* New; fails the test on another status. */
static json_t *
ask(struct peer *p, int status, const char *method, const char *path, const char *body)
{
    char *text;
    int got = peer_ask(p, method, path, body, &text);

    if (got != status)
        fail_msg("%s %s: %d %s", method, path, got, text);
    json_t *o = json_loads(text, 0, NULL);
    mem_free(text);
    return o;
}

/* The code of a check; NULL: there is no such check. The answer is kept in *o. */
static const char *
code_of(json_t **o, const char *id)
{
    json_decref(*o);
    *o = ask(&admin, 200, "GET", API "/setup", NULL);
    const json_t *checks = json_object_get(*o, "checks");
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *one = json_array_get(checks, i);
        if (strcmp(json_string_value(json_object_get(one, "id")), id) == 0)
            return json_string_value(json_object_get(one, "code"));
    }
    return NULL;
}

static void
only_staff_sees_the_checklist(void **state)
{
    (void)state;
    json_decref(ask(&officer, 403, "GET", API "/setup", NULL));
    json_decref(ask(&viewer, 403, "GET", API "/setup", NULL));
    json_decref(ask(&admin, 200, "GET", API "/setup", NULL));
}

static void
the_checklist_counts_what_it_says(void **state)
{
    json_t *o = NULL;
    json_int_t sum = 0;
    const char *key;
    json_t *n;

    (void)state;
    assert_string_equal(code_of(&o, "overlay"), "overlay.never");
    assert_string_equal(code_of(&o, "tokens"), "tokens.no_overlay");
    assert_string_equal(code_of(&o, "people"), "people.none");
    assert_string_equal(code_of(&o, "rehearsal"), "rehearsal.none");
    json_t *counts = json_object_get(o, "counts");
    json_object_foreach(counts, key, n) sum += json_integer_value(n);
    assert_int_equal(sum, json_array_size(json_object_get(o, "checks")));
    json_decref(o);
}

static void
a_rehearsal_is_seen_by_all_and_leaves_nothing(void **state)
{
    static const char path[] = API "/broadcasts/1/rehearse";
    const struct queue *q = stream_queue(w.stream);
    json_t *o = NULL;
    struct peer live;
    char *got;

    (void)state;
    json_decref(ask(&officer, 403, "POST", path, "{\"on\":true}"));
    json_decref(ask(&admin, 409, "POST", API "/broadcasts/2/rehearse", "{\"on\":true}"));
    json_decref(ask(&admin, 409, "POST", path, "{\"feed\":true}"));
    json_decref(ask(&admin, 409, "POST", path, "{\"on\":false}"));
    peer_open(&live, &w);
    peer_sign_in(&live, "dana");
    assert_true(peer_live(&live, "/live", NULL));
    mem_free(peer_message_with(&live, "snapshot"));
    json_decref(ask(&admin, 200, "POST", path, "{\"on\":true}"));
    got = peer_message_with(&live, "\"type\":\"snapshot\"");
    assert_non_null(strstr(got, "\"rehearsal\":true"));
    mem_free(got);
    assert_string_equal(code_of(&o, "rehearsal"), "rehearsal.on");
    (void)world_say(&w, "chat", "m1", "Айгүл", NDJSON_QUESTION);
    assert_int_equal(queue_count(q), 1);
    json_decref(
        ask(&admin, 409, "POST", API "/broadcasts/1/end", "{\"open\":\"carry\"}"));
    json_decref(ask(&admin, 409, "GET", API "/reports/1", NULL));
    json_decref(ask(&admin, 200, "POST", path, "{\"on\":false}"));
    got = peer_message_with(&live, "\"type\":\"snapshot\"");
    assert_non_null(strstr(got, "\"rehearsal\":false"));
    assert_null(strstr(got, NDJSON_QUESTION));
    mem_free(got);
    assert_int_equal(queue_find(q, 1)->version, 0);
    assert_int_equal(queue_recent(q), 0);
    json_decref(o);
    peer_fini(&live);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_staff_sees_the_checklist, setup, teardown),
        cmocka_unit_test_setup_teardown(the_checklist_counts_what_it_says, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_rehearsal_is_seen_by_all_and_leaves_nothing,
                                        setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
