/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings: the file as messages with pauses, and the whole way through the socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "source/replay.h"
#include "support/source_bench.h"

#define AT(s) "\"at\":\"2026-11-22T10:00:" s "Z\""

static char path[] = "/tmp/suraq-replay-XXXXXX";

static void
record(const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static int
make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int
remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

static void
a_recording_is_read_with_its_pauses(void **state)
{
    static const struct {
        int got;
        const char *line;
        int gap_ms;
    } want[] = {
        {1, "{\"id\":\"1\",\"text\":\"a\"}", 0},
        {1, "{\"text\":\"b\"}", 1500},
        {-1, NULL, 0},
        {1, "{\"text\":\"no time\"}", 1000},
        {1, "{\"text\":\"earlier\"}", 0},
        {1, "{\"delete\":\"1\"}", 1000},
        {1, "{\"id\":\"1~2\",\"text\":\"a\"}", 1000},
        {1, "{\"text\":\"b\"}", 1500},
        {-1, NULL, 0},
    };
    (void)state;
    record("{\"id\":\"1\",\"text\":\"a\"," AT("00.500") "}\n\n  \r\n{\"text\":\"b\"," AT(
        "02.000") "}\nwhat\n{\"text\":\"no time\"}\n{\"text\":\"earlier\"," AT("01.000") "}\n"
                                                                                         "{\"delete\":\"1\"}");
    struct err e = ERR_INIT;
    struct replay_file *f = replay_file_open(path, true, 1, &e);
    struct buf line = BUF_INIT;
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        int64_t gap_ms = 0;
        err_reset(&e);
        assert_int_equal(replay_file_next(f, &line, &gap_ms, &e), want[i].got);
        if (want[i].got < 0) {
            assert_non_null(strstr(e.msg, ":5: not JSON"));
            continue;
        }
        assert_string_equal(line.data, want[i].line);
        assert_int_equal(gap_ms, want[i].gap_ms);
    }
    assert_int_equal(replay_file_round(f), 2);
    replay_file_close(&f);
    buf_fini(&line);
}

static void
a_recording_without_messages_does_not_repeat(void **state)
{
    (void)state;
    struct err e = ERR_INIT;
    struct buf line = BUF_INIT;
    int64_t gap_ms;
    record("junk\n");
    struct replay_file *f = replay_file_open(path, true, 1, &e);
    assert_int_equal(replay_file_next(f, &line, &gap_ms, &e), -1);
    assert_int_equal(replay_file_next(f, &line, &gap_ms, &e), 0);
    replay_file_close(&f);
    buf_fini(&line);
}

static void
a_line_without_end_is_refused_without_being_kept(void **state)
{
    (void)state;
    struct err e = ERR_INIT;
    struct buf line = BUF_INIT;
    int64_t gap_ms;
    FILE *f = fopen(path, "wb");
    for (int i = 0; i < 3 * BOUNDS_FRAME; i++)
        putc('x', f);
    fputs("\n{\"text\":\"a\"}\n", f);
    fclose(f);
    struct replay_file *r = replay_file_open(path, false, 1, &e);
    assert_int_equal(replay_file_next(r, &line, &gap_ms, &e), -1);
    assert_int_equal(e.code, ERR_LIMIT);
    assert_int_equal(replay_file_next(r, &line, &gap_ms, &e), 1);
    replay_file_close(&r);
    buf_fini(&line);
}

static void
play(struct bench *b, double speed, bool repeat)
{
    bench_start(b, &(struct source_conf){.kind = "replay",
                                         .file = path,
                                         .speed = speed,
                                         .repeat = repeat,
                                         .enabled = true});
}

static void
a_recording_arrives_and_ends(void **state)
{
    struct bench *b = *state;
    record("{\"id\":\"1\",\"text\":\"бір\"," AT(
        "00.000") "}\n{\"id\":\"2\",\"text\":\"екі\"," AT("30.000") "}\nnot "
                                                                    "JSON\n{\"delete\":"
                                                                    "\"1\"}\n");
    play(b, 1000, false);
    UNTIL(b, bench_state(b) == SOURCE_ENDED);
    assert_string_equal(b->got.data, "бір|екі|-1|");
    assert_int_equal(bench_status(b).garbage, 1);
    assert_int_equal(bench_status(b).reconnects, 0);
}

static void
what_is_played_was_said_now(void **state)
{
    struct bench *b = *state;
    int64_t before = clock_wall_ms(clock_system());
    record("{\"text\":\"x\"," AT("00.000") "}\n");
    play(b, 1, false);
    UNTIL(b, b->n_got == 1);
    assert_true(b->at_ms >= before);
}

static void
each_round_has_ids_of_its_own(void **state)
{
    struct bench *b = *state;
    record("{\"id\":\"1\",\"text\":\"a\"}\n{\"id\":\"2\",\"text\":\"b\"}\n");
    play(b, 1000, true);
    UNTIL(b, b->n_got >= 6);
    assert_int_equal(bench_status(b).duplicates, 0);
    assert_true(str_has_prefix(buf_str(&b->got), STR_LIT("a|b|a|b|a|b|")));
}

static void
a_missing_file_is_refused_with_its_name(void **state)
{
    struct bench *b = *state;
    bench_start(b, &(struct source_conf){
                       .kind = "replay", .file = "/nowhere/x.ndjson", .enabled = true});
    assert_int_equal(bench_state(b), SOURCE_REFUSED);
    assert_non_null(strstr(bench_status(b).reason, "/nowhere/x.ndjson"));
}

static void
switched_off_and_on_it_goes_on_where_it_was(void **state)
{
    struct bench *b = *state;
    record("{\"id\":\"1\",\"text\":\"a\"," AT(
        "00.000") "}\n{\"id\":\"2\",\"text\":\"b\"," AT("00.200") "}\n");
    play(b, 1, false);
    UNTIL(b, b->n_got == 1);
    source_enable(b->source, false);
    source_enable(b->source, true);
    UNTIL(b, bench_state(b) == SOURCE_ENDED);
    assert_string_equal(b->got.data, "a|b|");
    source_enable(b->source, false);
    source_enable(b->source, true); /* once more, from the start */
    UNTIL(b, bench_state(b) == SOURCE_ENDED && b->n_got == 4);
    assert_int_equal(bench_status(b).duplicates, 0);
}

static void
a_fast_recording_waits_for_a_slow_sink(void **state)
{
    struct bench *b = *state;
    struct buf text = BUF_INIT;
    for (int i = 0; i < 20000; i++)
        buf_addf(&text, "{\"id\":\"%d\",\"text\":\"%d\"," AT("00.000") "}\n", i, i);
    record(text.data);
    b->room = 10;
    play(b, 1, false);
    UNTIL(b, b->source->blocked);
    assert_int_equal(b->n_got, 10);
    b->room = SIZE_MAX;
    b->in_turn = 0; /* resuming is a turn of its own */
    source_resume(b->source);
    UNTIL(b, bench_state(b) == SOURCE_ENDED && b->n_got == 20000);
    assert_true(b->most_in_turn <= BOUNDS_SOURCE_TURN);
    buf_fini(&text);
}

static void
two_recordings_play_beside_each_other(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    record("{\"text\":\"a\"," AT("00.000") "}\n");
    struct source *other =
        source_new(&b->env,
                   &(struct source_conf){
                       .kind = "replay", .name = "two", .file = path, .enabled = true},
                   &e);
    source_start(other);
    play(b, 1, false);
    UNTIL(b, b->n_got == 2 && bench_state(b) == SOURCE_ENDED);
    source_close(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recording_is_read_with_its_pauses),
        cmocka_unit_test(a_recording_without_messages_does_not_repeat),
        cmocka_unit_test(a_line_without_end_is_refused_without_being_kept),
        TEST(a_recording_arrives_and_ends),
        TEST(what_is_played_was_said_now),
        TEST(each_round_has_ids_of_its_own),
        TEST(a_missing_file_is_refused_with_its_name),
        TEST(switched_off_and_on_it_goes_on_where_it_was),
        TEST(a_fast_recording_waits_for_a_slow_sink),
        TEST(two_recordings_play_beside_each_other),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
