/* SPDX-License-Identifier: Apache-2.0 */
/* Rule files that people change: who may, against what, and what is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "queue/edits.h"
#include "support/queue_desk.h"

static struct command
edit(const char *file, const char *content, uint64_t base, uint64_t filters)
{
    return (struct command){.kind = COMMAND_FILTERS,
                            .role = ROLE_ADMIN,
                            .filter_file = str_from(file),
                            .filter_content = str_from(content),
                            .filters_base = base,
                            .filters = filters,
                            .note = STR_LIT("why")};
}

static void
a_change_is_kept_and_taken_back(void **state)
{
    struct desk w;
    struct command cmd;

    (void)state;
    desk_begin(&w);
    cmd = edit("topics/road.yaml", "kind: topic\n", 0, 7);
    assert_int_equal(desk_do(&w, &cmd), 0);
    cmd = edit("a.yaml", "", 7, 8);
    assert_int_equal(desk_do(&w, &cmd), 0);
    assert_int_equal(queue_edits(w.q), 2);
    assert_string_equal(queue_edit_at(w.q, 0)->file, "a.yaml");
    assert_string_equal(queue_edit(w.q, STR_LIT("topics/road.yaml"))->content,
                        "kind: topic\n");
    cmd = edit("topics/road.yaml", NULL, 8, 9);
    cmd.filter_revert = true;
    assert_int_equal(desk_do(&w, &cmd), 0);
    assert_null(queue_edit(w.q, STR_LIT("topics/road.yaml")));
    assert_int_equal(queue_filter_changes(w.q), 3);
    const struct filter_change *c = queue_filter_change_at(w.q, 2);
    assert_true(c->revert);
    assert_int_equal(c->version, 9);
    assert_int_equal(c->seq, queue_edits_seq(w.q));
    assert_string_equal(c->by, "user:a");
    assert_string_equal(c->note, "why");
    desk_end(&w);
}

static void
what_changes_nothing_is_no_event(void **state)
{
    struct desk w;
    struct command cmd;

    (void)state;
    desk_begin(&w);
    cmd = edit("a.yaml", NULL, 0, 0);
    assert_int_equal(desk_do(&w, &cmd), 1);
    cmd = edit("a.yaml", "x", 0, 7);
    assert_int_equal(desk_do(&w, &cmd), 0);
    cmd = edit("a.yaml", "x", 7, 7);
    assert_int_equal(desk_do(&w, &cmd), 1);
    desk_end(&w);
}

static void
refusals_say_why(void **state)
{
    struct desk w;
    struct command cmd;
    char *large = mem_zalloc(BOUNDS_FILTER_EDIT + 2);

    (void)state;
    desk_begin(&w);
    cmd = edit("a.yaml", "x", 5, 7);
    assert_int_equal(desk_do(&w, &cmd), -1);
    assert_int_equal(w.err.code, ERR_CONFLICT);
    cmd = edit("a.yaml", "x", 0, 7);
    cmd.role = ROLE_MODERATOR;
    assert_int_equal(desk_do(&w, &cmd), -1);
    assert_int_equal(w.err.code, ERR_PERM);
    memset(large, 'x', BOUNDS_FILTER_EDIT + 1);
    large[BOUNDS_FILTER_EDIT + 1] = '\0';
    cmd = edit("a.yaml", large, 0, 7);
    assert_int_equal(desk_do(&w, &cmd), -1);
    assert_int_equal(w.err.code, ERR_LIMIT);
    cmd = edit("a.yaml", "x", 0, 7);
    cmd.filter_content = (struct str){"a\0b", 3};
    assert_int_equal(desk_do(&w, &cmd), -1);
    assert_int_equal(w.err.code, ERR_VALUE);
    mem_free(large);
    desk_end(&w);
}

static void
files_and_history_are_bounded(void **state)
{
    struct desk w;
    struct command cmd;
    char name[32];
    uint64_t version = 0;

    (void)state;
    desk_begin(&w);
    for (int i = 0; i < BOUNDS_FILTER_EDITS; i++, version++) {
        (void)snprintf(name, sizeof(name), "f%d.yaml", i);
        cmd = edit(name, "x", version, version + 1);
        assert_int_equal(desk_do(&w, &cmd), 0);
    }
    cmd = edit("one-more.yaml", "x", version, version + 1);
    assert_int_equal(desk_do(&w, &cmd), -1);
    assert_int_equal(w.err.code, ERR_LIMIT);
    for (int i = 0; i < BOUNDS_FILTER_CHANGES; i++, version++) {
        cmd = edit("f0.yaml", i % 2 == 0 ? "y" : "z", version, version + 1);
        assert_int_equal(desk_do(&w, &cmd), 0);
    }
    assert_int_equal(queue_filter_changes(w.q), BOUNDS_FILTER_CHANGES);
    assert_string_equal(queue_filter_change_at(w.q, 0)->file, "f0.yaml");
    assert_int_equal(queue_edits(w.q), BOUNDS_FILTER_EDITS);
    desk_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_kept_and_taken_back),
        cmocka_unit_test(what_changes_nothing_is_no_event),
        cmocka_unit_test(refusals_say_why),
        cmocka_unit_test(files_and_history_are_bounded),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
