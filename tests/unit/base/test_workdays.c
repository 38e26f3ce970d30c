/* SPDX-License-Identifier: Apache-2.0 */
/* Terms on a fake calendar: Monday 5 January 2026 is the first working day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/workdays.h"

/* Wednesday the 7th and Thursday the 15th are off, Saturday the 17th is worked. */
static const char fake[] = "name: Fake\n"
                           "off:\n"
                           "  - 2026-01-01\n"
                           "  - {day: 2026-01-15, name: Fifteenth}\n"
                           "  - 2026-01-07\n"
                           "  - 2026-12-31\n"
                           "work: [2026-01-17]\n";

static int64_t
day(const char *text)
{
    struct err e = ERR_INIT;
    int64_t d = 0;

    if (workdays_day(str_from(text), &d, &e) < 0)
        fail_msg("%s", e.msg);
    return d;
}

static struct workdays *
calendar(void)
{
    struct err e = ERR_INIT;
    struct workdays *w = workdays_parse("fake", STR_LIT(fake), &e);

    if (w == NULL)
        fail_msg("%s", e.msg);
    return w;
}

static void
expect_day(int64_t got, const char *want)
{
    char text[WORKDAYS_LEN + 1];

    workdays_write(got, text);
    assert_string_equal(text, want);
}

static void
a_day_is_a_number_and_back(void **state)
{
    static const char *const good[] = {"1970-01-01", "2000-02-29", "2026-11-24",
                                       "2027-12-31", "2100-03-01", "9999-12-31"};
    static const char *const bad[] = {"",           "2026-11-31",  "2026-02-29",
                                      "2026-13-01", "2026-00-10",  "2026-1-1",
                                      "26-11-24",   "2026-11-24 ", "2026/11/24",
                                      "1969-12-31", "2026-11-2a",  "-026-11-24"};

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        expect_day(day(good[i]), good[i]);
    assert_int_equal(day("1970-01-01"), 0);
    assert_int_equal(day("2026-03-01") - day("2026-02-28"), 1);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct err e = ERR_INIT;
        int64_t d;
        assert_int_equal(workdays_day(str_from(bad[i]), &d, &e), -1);
        assert_int_equal(e.code, ERR_VALUE);
    }
}

static void
weekends_and_holidays_are_off_and_moved_days_are_worked(void **state)
{
    static const struct {
        const char *day;
        bool off;
    } rows[] = {{"2026-01-05", false}, {"2026-01-07", true}, {"2026-01-09", false},
                {"2026-01-10", true},  {"2026-01-11", true}, {"2026-01-15", true},
                {"2026-01-17", false}, {"2026-01-18", true}};
    struct workdays *w = calendar();

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(workdays_is_off(w, day(rows[i].day)), rows[i].off);
    assert_false(workdays_is_off(NULL, day("2026-01-07")));
    assert_true(workdays_is_off(NULL, day("2026-01-17")));
    workdays_free(&w);
    assert_null(w);
}

static void
a_term_ends_on_a_working_day(void **state)
{
    static const struct {
        const char *from;
        unsigned n;
        const char *to;
    } rows[] = {
        {"2026-01-05", 0, "2026-01-05"},  {"2026-01-05", 1, "2026-01-06"},
        {"2026-01-05", 2, "2026-01-08"}, /* over the holiday */
        {"2026-01-05", 3, "2026-01-09"},  {"2026-01-09", 1, "2026-01-12"}, /* weekend */
        {"2026-01-10", 1, "2026-01-12"}, /* begins on a day off */
        {"2026-01-14", 1, "2026-01-16"},  {"2026-01-16", 1, "2026-01-17"}, /* worked */
        {"2026-01-05", 15, "2026-01-27"},
    };
    struct workdays *w = calendar();

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        expect_day(workdays_add(w, day(rows[i].from), rows[i].n), rows[i].to);
    expect_day(workdays_add(NULL, day("2026-01-05"), 15), "2026-01-26");
    expect_day(workdays_end(w, day("2026-01-10")), "2026-01-12");
    expect_day(workdays_end(w, day("2026-01-15")), "2026-01-16");
    expect_day(workdays_end(w, day("2026-01-16")), "2026-01-16");
    workdays_free(&w);
}

static void
what_is_left_turns_amber_and_then_red(void **state)
{
    static const struct {
        const char *today;
        int left;
        enum workdays_level level;
    } rows[] = {
        {"2026-01-05", 14, WORKDAYS_NONE}, {"2026-01-19", 5, WORKDAYS_NONE},
        {"2026-01-20", 4, WORKDAYS_NONE},  {"2026-01-21", 3, WORKDAYS_AMBER},
        {"2026-01-22", 2, WORKDAYS_AMBER}, {"2026-01-23", 1, WORKDAYS_AMBER},
        {"2026-01-25", 1, WORKDAYS_AMBER}, {"2026-01-26", 0, WORKDAYS_AMBER},
        {"2026-01-27", -1, WORKDAYS_RED},  {"2026-02-02", -5, WORKDAYS_RED},
    };
    struct workdays *w = calendar();

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int left = workdays_left(w, day(rows[i].today), day("2026-01-26"));
        assert_int_equal(left, rows[i].left);
        assert_int_equal(workdays_level(left), rows[i].level);
    }
    /* Late is late, on the Saturday behind a Friday too. */
    assert_int_equal(workdays_left(w, day("2026-01-24"), day("2026-01-23")), -1);
    assert_string_equal(workdays_level_name(WORKDAYS_AMBER), "amber");
    workdays_free(&w);
}

static void
what_is_left_and_what_is_added_agree(void **state)
{
    struct workdays *w = calendar();

    (void)state;
    for (int64_t from = day("2025-12-20"); from < day("2026-02-20"); from++) {
        for (unsigned n = 0; n < 30; n++) {
            int64_t due = workdays_add(w, from, n);
            assert_int_equal(workdays_left(w, from, due), n);
            assert_true(n == 0 || !workdays_is_off(w, due));
        }
    }
    /* A term of a century is not counted day by day. */
    assert_true(workdays_left(w, 0, day("9999-12-31")) > 1000);
    workdays_free(&w);
}

static void
the_calendar_knows_its_years(void **state)
{
    struct workdays *w = calendar();

    (void)state;
    assert_true(workdays_knows(w, day("2026-06-01")));
    assert_false(workdays_knows(w, day("2025-12-31")));
    assert_false(workdays_knows(w, day("2027-01-01")));
    assert_false(workdays_knows(NULL, day("2026-06-01")));
    workdays_free(&w);
}

static void
a_mistake_in_a_calendar_is_named_with_its_place(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", "a calendar has"},
        {"- 2026-01-01\n", "a calendar has"},
        {"off: 2026-01-01\n", "c:1:6: this must be a list"},
        {"off: [2026-01-32]\n", "c:1:7: '2026-01-32' is no date"},
        {"off: [{name: x}]\n", "c:1:7: give the day"},
        {"of: []\n", "c:1:1: a calendar has name"},
        {"work: [2026-01-01]\n", "no day is off"},
        {"off: [2026-01-01]\nwork: [2026-01-01]\n", "both off and worked"},
        {"off: [", "c:"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;
        assert_null(workdays_parse("c", str_from(rows[i].text), &e));
        if (strstr(e.msg, rows[i].want) == NULL)
            fail_msg("%zu: %s", i, e.msg);
    }
    struct err e = ERR_INIT;
    assert_null(workdays_open("atlantis", &e));
    assert_int_equal(e.code, ERR_VALUE);
    err_reset(&e);
    assert_null(workdays_open("/nowhere/at/all.yaml", &e));
    assert_int_equal(e.code, ERR_IO);
}

static void
the_calendar_of_the_program_moves_days_off_as_published(void **state)
{
    struct err e = ERR_INIT;
    struct workdays *w = workdays_open("kz", &e);

    (void)state;
    if (w == NULL)
        fail_msg("%s", e.msg);
    /* Nauryz 2026: from Saturday the 21st to Wednesday the 25th of March. */
    expect_day(workdays_add(w, day("2026-03-20"), 1), "2026-03-26");
    expect_day(workdays_add(w, day("2026-10-23"), 1), "2026-10-27");
    assert_true(workdays_knows(w, day("2027-07-01")));
    assert_false(workdays_knows(w, day("2028-01-03")));
    workdays_free(&w);
}

static void
the_day_is_that_of_the_time_zone(void **state)
{
    (void)state;
    (void)setenv("TZ", "UTC-5", 1);
    tzset();
    expect_day(workdays_day_of(INT64_C(1767985199000)), "2026-01-09"); /* 23:59:59 */
    expect_day(workdays_day_of(INT64_C(1767985200000)), "2026-01-10");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_a_number_and_back),
        cmocka_unit_test(weekends_and_holidays_are_off_and_moved_days_are_worked),
        cmocka_unit_test(a_term_ends_on_a_working_day),
        cmocka_unit_test(what_is_left_turns_amber_and_then_red),
        cmocka_unit_test(what_is_left_and_what_is_added_agree),
        cmocka_unit_test(the_calendar_knows_its_years),
        cmocka_unit_test(a_mistake_in_a_calendar_is_named_with_its_place),
        cmocka_unit_test(the_calendar_of_the_program_moves_days_off_as_published),
        cmocka_unit_test(the_day_is_that_of_the_time_zone),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
