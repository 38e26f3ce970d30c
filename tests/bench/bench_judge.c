/* SPDX-License-Identifier: Apache-2.0 */
/* bench_judge.c - the whole verdict in process, with the shipped pack: messages a second
 * (five rounds, best and median) and how long a single message takes. The messages are
 * the demo's recording, decoded before. Usage: bench_judge FOLDER (not used). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "command/filter_set.h"
#include "judge/judge.h"
#include "source/message.h"

enum { ROUNDS = 5, PASSES = 100, TEXTS_MAX = 1000 };

struct chat {
    char *text[TEXTS_MAX];
    size_t n;
};

static uint64_t
now_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

static void
read_chat(const char *path, struct chat *c)
{
    FILE *f = fopen(path, "re");
    char line[4096];

    while (f != NULL && c->n < TEXTS_MAX && fgets(line, sizeof(line), f) != NULL) {
        struct message m;
        json_t *holder;
        if (message_parse(str_trim(str_from(line)), &m, NULL, &holder, NULL) < 0)
            continue;
        if (m.kind == MESSAGE_CHAT)
            c->text[c->n++] = mem_strndup(m.text.p, m.text.len);
        json_decref(holder);
    }
    if (f != NULL)
        (void)fclose(f);
}

static int
by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* One round; the time of each message goes to `each`. */
static double
pass(const struct judge *j, struct judge_scratch *s, const struct chat *c, uint64_t *each)
{
    struct verdict v;
    uint64_t begin = now_ns(), last = begin;

    for (size_t p = 0; p < PASSES; p++) {
        for (size_t i = 0; i < c->n; i++) {
            judge_text(j, s, str_from(c->text[i]), &v);
            uint64_t at = now_ns();
            each[p * c->n + i] = at - last;
            last = at;
        }
    }
    return (double)(PASSES * c->n) * 1e9 / (double)(last - begin);
}

int
main(void)
{
    char folder[] = "filters/police-kz", *folders[] = {folder};
    struct chat c = {.n = 0};
    struct err e = ERR_INIT;
    uint64_t rate[ROUNDS];

    mem_install();
    read_chat("config/demo.ndjson", &c);
    struct judge *j = filter_set_judge(folders, 1, &e);
    if (j == NULL || c.n == 0) {
        fprintf(stderr, "bench_judge: %s\n", j == NULL ? e.msg : "no chat");
        return 3;
    }
    struct judge_scratch *s = judge_scratch_new();
    size_t n = PASSES * c.n;
    uint64_t *each = mem_array(n, sizeof(*each));
    for (int r = 0; r < ROUNDS; r++)
        rate[r] = (uint64_t)pass(j, s, &c, each);
    qsort(rate, ROUNDS, sizeof(rate[0]), by_size);
    qsort(each, n, sizeof(each[0]), by_size);
    printf("  whole verdict, one core: %llu messages/s best, %llu median\n",
           (unsigned long long)rate[ROUNDS - 1], (unsigned long long)rate[ROUNDS / 2]);
    printf("  one message: p50 %.1f us, p99 %.1f us, p99.9 %.1f us\n",
           (double)each[n / 2] / 1e3, (double)each[n - n / 100] / 1e3,
           (double)each[n - n / 1000 - 1] / 1e3);
    for (size_t i = 0; i < c.n; i++)
        mem_free(c.text[i]);
    mem_free(each);
    judge_scratch_free(&s);
    judge_unref(&j);
    return 0;
}
