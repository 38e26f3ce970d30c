/* SPDX-License-Identifier: Apache-2.0 */
/* source_bench.h - a loop, a worker, a sink that remembers, and short intervals: what a
 * test of a source needs around it. */
#ifndef SURAQ_TEST_SOURCE_BENCH_H
#define SURAQ_TEST_SOURCE_BENCH_H

#include "loop/worker.h"
#include "source/adapter.h"
#include "support/mock_chat.h"
#include "support/mock_http.h"

struct bench {
    struct loop *loop;
    struct fetcher *fetcher;
    struct worker *worker;
    struct mock_chat *mock;
    struct mock_http *http;
    struct mock_chat *tls; /* NULL unless the test makes it */
    struct source_timing timing;
    struct source_env env;
    struct source *source;
    struct buf
        got; /* "text|" of each message; deletions as "-id|", "-author|", "-all|" */
    struct buf told; /* "number:outcome:reason|" of each receipt */
    size_t n_got, in_turn, most_in_turn;
    size_t room; /* how many more the sink takes */
    unsigned changes;
    int64_t at_ms; /* of the last message */
    bool backlog, repaired;
    struct loop_timer deadline, tick;
    bool late;
    bool hurry; /* a second passes with each turn: for platforms that are asked rarely */
};

/* For cmocka: *state becomes a struct bench with a mock without rules. */
int bench_setup(void **state);
int bench_teardown(void **state);

/* Makes the source of the bench and starts it; fails the test when it cannot be made. */
void bench_start(struct bench *b, const struct source_conf *conf);
enum source_state bench_state(struct bench *b);
struct source_status bench_status(struct bench *b);

/* Turns the loop until the condition holds; fails the test after 20 s. */
#define UNTIL(b, condition)                                \
    do {                                                   \
        bench_arm(b);                                      \
        while (!(condition) && !(b)->late)                 \
            bench_turn(b);                                 \
        if (!(condition))                                  \
            bench_fail(b, #condition, __FILE__, __LINE__); \
    } while (0)
void bench_arm(struct bench *b);
void bench_turn(struct bench *b);
void bench_fail(struct bench *b, const char *what, const char *file, int line);

/* Time passes, a second at a turn; nothing is said. Long polls are answered, and `beat`,
 * unless it is NULL, is called, every five seconds. */
void bench_pass(struct bench *b, int64_t ms, void (*beat)(struct bench *b));
/* Ten minutes in which the chat is there and nobody says a word: the source stays
 * attached all the time, and tells people of the silence. */
void bench_silence(struct bench *b, void (*beat)(struct bench *b));
/* The same with a peer whose cable was cut: the source notices and connects anew. */
void bench_cut(struct bench *b);

#endif
