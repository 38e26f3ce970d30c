/* SPDX-License-Identifier: Apache-2.0 */
/* bench_search.c - how fast the search index is made of 100,000 chat lines, how large it
 * is, and how long a search takes. Usage: bench_search FOLDER. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/mem.h"
#include "queue/archive.h"
#include "queue/journal.h"

enum { LINES = 100000, ASKED = 200 };

static const char *const WORDS[] = {
    /* clang-format off */
    "жол", "қашан", "жөнделеді", "көше", "бағдаршам", "тексеру", "полиция",
    "когда", "починят", "светофор", "дорогу", "почему", "номер", "двор",
    "соседи", "ночью", "шум", "камера", "айыппұл", "құжат", "рахмет",
    "сәлем", "всем", "привет", "штраф", "улица", "Абая", "аялдама",
    "жарық", "жоқ", "неге", "қала", "ауыл", "мектеп", "балалар",
    /* clang-format on */
};

static double
seconds(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
die(const struct err *e)
{
    fprintf(stderr, "bench_search: %s\n", e->msg);
    exit(4);
}

/* Nobody waits for durable events here. */
static void
post(void *ctx, void (*fn)(void *arg), void *arg)
{
    (void)ctx;
    (void)fn;
    (void)arg;
}

static void
write_line(struct buf *b, unsigned i)
{
    size_t n = sizeof(WORDS) / sizeof(WORDS[0]);
    unsigned x = i * 2654435761u;

    buf_reset(b);
    buf_addf(b, "{\"author\":\"%016x\",\"source\":\"t\",\"name\":\"user%u\",\"text\":\"",
             x % 5000 + 1, x % 5000);
    for (unsigned k = 0; k < 4 + x % 7; k++) {
        x = x * 1664525u + 1013904223u;
        buf_addf(b, "%s%s", k > 0 ? " " : "", WORDS[(x >> 16) % n]);
    }
    if (i % 1000 == 0)
        buf_add_cstr(b, " сирек");
    buf_addf(b, " %u\",\"verdict\":{\"lang\":\"kk\",\"pii\":[]}}", i);
}

static void
fill(const char *path)
{
    struct journal_conf conf = {.path = path};
    struct journal_post to = {.post = post};
    struct journal_watch watch = {.arg = NULL};
    struct event ev = {.kind = EVENT_MESSAGE, .at_ms = 1, .broadcast = 1};
    struct err e = ERR_INIT;
    struct journal *j = journal_sqlite_open(&conf, &e);

    if (j == NULL || journal_start(j, &to, &watch, &e) < 0)
        die(&e);
    for (unsigned i = 0; i < LINES; i++) {
        write_line(&ev.body, i);
        while (journal_append(j, &ev, &e) < 0) {
            if (e.code != ERR_LIMIT)
                die(&e);
            err_reset(&e);
        }
    }
    journal_close(&j);
    event_fini(&ev);
}

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void
time_search(struct archive *a, const char *text)
{
    double took[ASKED];
    size_t found = 0;

    for (int i = 0; i < ASKED; i++) {
        struct archive_wish wish = {.text = str_from(text), .limit = 30, .seq = LINES};
        struct archive_found f;
        struct err e = ERR_INIT;
        double begin = seconds();
        if (archive_find(a, &wish, &f, &e) < 0)
            die(&e);
        took[i] = seconds() - begin;
        found = f.n;
        archive_found_fini(&f);
    }
    qsort(took, ASKED, sizeof(took[0]), by_size);
    printf("  '%s': %.2f ms median, %.2f ms p99, a page of %zu\n", text,
           took[ASKED / 2] * 1e3, took[ASKED * 99 / 100] * 1e3, found);
}

int
main(int argc, char **argv)
{
    struct buf path = BUF_INIT;
    struct stat st;
    struct err e = ERR_INIT;

    mem_install();
    buf_addf(&path, "%s/search.db", argc > 1 ? argv[1] : ".");
    fill(path.data);
    double begin = seconds();
    struct archive *a = archive_open(path.data, LINES, &e);
    if (a == NULL)
        die(&e);
    struct archive_found f = {.seq = 0};
    while (f.seq < LINES) {
        struct archive_wish wish = {.text = STR_LIT("сирек"), .limit = 1, .seq = LINES};
        archive_found_fini(&f);
        if (archive_find(a, &wish, &f, &e) < 0)
            die(&e);
    }
    double took = seconds() - begin;
    archive_found_fini(&f);
    buf_add_cstr(&path, ".search");
    printf("  index: %.0f lines/s", LINES / took);
    if (stat(path.data, &st) == 0)
        printf(", %.0f bytes a line", (double)st.st_size / LINES);
    printf("\n");
    static const char *const asked[] = {"сирек", "жол", "кашан жо", "к", "светофор абая"};
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
        time_search(a, asked[i]);
    archive_close(&a);
    buf_fini(&path);
    return 0;
}
