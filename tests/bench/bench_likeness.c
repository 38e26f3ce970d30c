/* SPDX-License-Identifier: Apache-2.0 */
/* bench_likeness.c - 10,000 open questions; how long it takes to find what a new one is
 * like. The questions are put together from the labelled pairs with streets, schools and
 * numbers of their own; a second set shares all its words and differs by a number only,
 * the longest lists there can be. Run from the repository's root. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "judge/judge.h"
#include "judge/likeness.h"

enum { OPEN = 10000, FINDS = 5000, LINES_MAX = 1000 };

static const struct map_key KEY = {.bytes = "likeness bench"};

struct lines {
    char *at[LINES_MAX];
    size_t n;
};

static void
read_lines(const char *path, struct lines *out)
{
    FILE *f = fopen(path, "re");
    char line[4096];

    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        struct str rest = str_trim(str_from(line)), part;
        (void)str_split(&rest, '\t', &part);
        while (out->n < LINES_MAX && str_split(&rest, '\t', &part))
            out->at[out->n++] = mem_strndup(part.p, part.len);
    }
    if (f != NULL)
        (void)fclose(f);
}

static uint64_t
now_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

/* A place of its own for each: a made-up name of five to nine letters. */
static void
write_mixed(const struct lines *l, uint32_t i, struct buf *out)
{
    static const char *const parts[] = {"ба", "та", "мир", "ко",  "сай", "лен", "жол",
                                        "ов", "ар", "нур", "пет", "ска", "бек", "дос"};
    uint32_t r = i * 2654435761U;

    buf_reset(out);
    buf_addf(out, "%s %s%s%s", l->at[i % l->n], parts[r % 14], parts[r / 14 % 14],
             parts[r / 196 % 14]);
}

static void
write_alike(const struct lines *l, uint32_t i, struct buf *out)
{
    (void)l;
    buf_reset(out);
    buf_addf(out, "когда починят дорогу у дома номер %u", (unsigned)i);
}

static int
by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static void
run(const char *what, const struct lines *l,
    void (*write)(const struct lines *l, uint32_t i, struct buf *out))
{
    struct likeness *index = likeness_new(&KEY);
    struct judge_scratch *s = judge_scratch_new();
    uint64_t *took = mem_array(FINDS, sizeof(*took));
    struct buf text = BUF_INIT;
    struct likeness_hit hits[3];
    size_t found = 0;

    uint64_t begin = now_ns();
    for (uint32_t i = 0; i < OPEN; i++) {
        write(l, i, &text);
        likeness_put(index, i + 1, judge_key(s, buf_str(&text)));
    }
    double each = (double)(now_ns() - begin) / OPEN / 1e3;
    for (uint32_t i = 0; i < FINDS; i++) {
        write(l, OPEN + i * 7, &text);
        struct str key = judge_key(s, buf_str(&text));
        begin = now_ns();
        found += likeness_find(index, key, LIKENESS_SUGGEST, hits, 3);
        took[i] = now_ns() - begin;
    }
    qsort(took, FINDS, sizeof(took[0]), by_size);
    printf("  %s: %zu open, one find p50 %.0f us, p99 %.0f us, worst %.0f us; "
           "%.1f found each; put with its key %.1f us\n",
           what, likeness_count(index), (double)took[FINDS / 2] / 1e3,
           (double)took[FINDS / 100 * 99] / 1e3, (double)took[FINDS - 1] / 1e3,
           (double)found / FINDS, each);
    buf_fini(&text);
    mem_free(took);
    judge_scratch_free(&s);
    likeness_free(&index);
}

int
main(void)
{
    struct lines l = {.n = 0};

    mem_install();
    read_lines("tests/data/judge/pairs.tsv", &l);
    if (l.n == 0)
        return 2;
    run("mixed", &l, write_mixed);
    run("all words shared", &l, write_alike);
    for (size_t i = 0; i < l.n; i++)
        mem_free(l.at[i]);
    return 0;
}
