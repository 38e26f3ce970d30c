/* SPDX-License-Identifier: Apache-2.0 */
/* Rule files edited from the console: who may, what is in force, what is remembered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/queue_desk.h"

static int
edit(struct desk *w, const char *file, const char *content)
{
    struct command cmd = {.kind = COMMAND_FILTER_EDIT,
                          .role = ROLE_ADMIN,
                          .actor = STR_LIT("user:aigul"),
                          .filters_base = queue_filters(w->q),
                          .filters = queue_filters(w->q) + 1,
                          .filter_file = str_from(file),
                          .filter_content = str_from(content),
                          .note = STR_LIT("why")};

    err_reset(&w->err);
    return desk_do(w, &cmd);
}

static void
an_edited_file_is_in_force_until_it_is_taken_back(void **state)
{
    const struct queue_edit *edits;
    const struct queue_edit_change *changes;
    struct desk w;

    (void)state;
    desk_begin(&w);
    assert_int_equal(edit(&w, "b.yaml", "1"), 0);
    assert_int_equal(edit(&w, "a.yaml", "2"), 0);
    assert_int_equal(edit(&w, "b.yaml", "3"), 0);
    assert_int_equal(edit(&w, "b.yaml", "3"), 1);
    assert_int_equal(queue_edits(w.q, &edits), 2);
    assert_string_equal(edits[0].name, "a.yaml");
    assert_string_equal(edits[1].content, "3");
    assert_int_equal(edits[1].seq, queue_seq(w.q));
    assert_int_equal(edit(&w, "a.yaml", NULL), 0);
    assert_int_equal(edit(&w, "a.yaml", NULL), 1);
    assert_int_equal(queue_edits(w.q, &edits), 1);
    assert_string_equal(edits[0].name, "b.yaml");
    assert_int_equal(queue_edit_changes(w.q, &changes), 4);
    assert_string_equal(changes[3].name, "a.yaml");
    assert_true(changes[3].revert);
    assert_string_equal(changes[0].actor, "user:aigul");
    assert_string_equal(changes[0].note, "why");
    desk_end(&w);
}

static void
a_change_that_may_not_be_is_refused(void **state)
{
    static char big[BOUNDS_FILTER_EDIT + 1];
    char long_name[BOUNDS_FILTER_NAME + 2];
    struct command good = {.kind = COMMAND_FILTER_EDIT,
                           .role = ROLE_ADMIN,
                           .actor = STR_LIT("user:aigul"),
                           .filter_file = STR_LIT("a.yaml"),
                           .filter_content = STR_LIT("1")};
    struct desk w;

    (void)state;
    desk_begin(&w);
    good.filters_base = queue_filters(w.q);
    memset(big, 'x', sizeof(big));
    memset(long_name, 'x', sizeof(long_name));
    struct command bad[] = {good, good, good, good, good};
    bad[0].role = ROLE_MODERATOR;
    bad[1].filters_base++;
    bad[2].filter_file = (struct str){long_name, BOUNDS_FILTER_NAME + 1};
    bad[3].filter_content = (struct str){big, sizeof(big)};
    bad[4].filter_content = (struct str){"a\0b", 3};
    static const enum err_code codes[] = {ERR_PERM, ERR_CONFLICT, ERR_VALUE, ERR_LIMIT,
                                          ERR_VALUE};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        err_reset(&w.err);
        assert_int_equal(desk_do(&w, &bad[i]), -1);
        assert_int_equal(w.err.code, codes[i]);
    }
    err_reset(&w.err);
    assert_int_equal(desk_do(&w, &good), 0);
    desk_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edited_file_is_in_force_until_it_is_taken_back),
        cmocka_unit_test(a_change_that_may_not_be_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
