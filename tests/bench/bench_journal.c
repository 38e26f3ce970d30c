/* SPDX-License-Identifier: Apache-2.0 */
/* bench_journal.c - append rate of the durable journal, and how long a restart takes with
 * 1,000,000 events of which 10,000 made questions. Usage: bench_journal FOLDER [EVENTS].
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "queue/stream.h"

struct posted {
    void (*fn)(void *arg);
    void *arg;
};

/* The loop, as far as the journal needs it. */
struct mail {
    pthread_mutex_t lock;
    pthread_cond_t some;
    struct posted box[4096];
    size_t n;
};

static void
post(void *ctx, void (*fn)(void *arg), void *arg)
{
    struct mail *m = ctx;

    pthread_mutex_lock(&m->lock);
    if (m->n == sizeof(m->box) / sizeof(m->box[0]))
        abort();
    m->box[m->n++] = (struct posted){fn, arg};
    pthread_cond_signal(&m->some);
    pthread_mutex_unlock(&m->lock);
}

static void
drain(struct mail *m, bool wait)
{
    struct posted got[4096];

    pthread_mutex_lock(&m->lock);
    while (wait && m->n == 0)
        pthread_cond_wait(&m->some, &m->lock);
    size_t n = m->n;
    memcpy(got, m->box, n * sizeof(got[0]));
    m->n = 0;
    pthread_mutex_unlock(&m->lock);
    for (size_t i = 0; i < n; i++)
        got[i].fn(got[i].arg);
}

static double
seconds(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
failed(void *arg, const struct err *e)
{
    (void)arg;
    fprintf(stderr, "journal: %s\n", e->msg);
    exit(4);
}

static const char QUESTIONS[] =
    "kind: question\nid: q\nrules:\n  - {name: when, re: 'когда', score: 3}\n"
    "examples: {match: ['когда'], reject: ['нет']}\n";

static struct rulebook *
small_rulebook(void *arg, const struct queue *q, struct err *e)
{
    struct rulebook *r = rulebook_new();

    (void)arg;
    (void)q;
    rulebook_edit(r, "q.yaml", QUESTIONS);
    if (rulebook_build(r, false, e) < 0)
        exit(3);
    return r;
}

static struct stream *
open_stream(const char *path, struct mail *m)
{
    struct journal_conf jc = {.path = path};
    struct err e = ERR_INIT;
    struct journal *journal = journal_sqlite_open(&jc, &e);
    struct stream_conf sc = {.journal = journal,
                             .filters = small_rulebook,
                             .clock = clock_system(),
                             .post = {post, m},
                             .failed = failed,
                             .first_lang = "kk"};
    struct stream *s = journal == NULL ? NULL : stream_open(&sc, &e);

    if (s == NULL) {
        fprintf(stderr, "bench_journal: %s\n", e.msg);
        exit(4);
    }
    return s;
}

static void
fill(struct stream *s, struct mail *m, uint64_t events)
{
    char text[160], id[32], author[32];
    struct message msg = {.kind = MESSAGE_CHAT};

    for (uint64_t i = 0; i < events; i++) {
        bool asks = i % 100 == 0;
        int len = snprintf(text, sizeof(text), "%s починят дорогу у дома номер %" PRIu64,
                           asks ? "когда" : "спасибо, что", i);
        msg.text = (struct str){text, (size_t)len};
        msg.id = (struct str){id, (size_t)snprintf(id, sizeof(id), "m%" PRIu64, i)};
        msg.author_id = (struct str){
            author, (size_t)snprintf(author, sizeof(author), "a%" PRIu64, i % 5000)};
        msg.author_name = msg.author_id;
        struct err e = ERR_INIT;
        while (stream_message(s, STR_LIT("bench"), &msg, NULL, &e) < 0) {
            if (e.code != ERR_LIMIT)
                failed(NULL, &e);
            err_reset(&e);
            drain(m, true);
        }
        if (i % 256 == 0)
            drain(m, false);
    }
    while (stream_durable(s) < stream_head(s).seq)
        drain(m, true);
}

int
main(int argc, char **argv)
{
    static struct mail mail = {.lock = PTHREAD_MUTEX_INITIALIZER,
                               .some = PTHREAD_COND_INITIALIZER};
    char path[4096];
    uint64_t events = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000000;

    if (argc < 2)
        return 2;
    mem_install();
    snprintf(path, sizeof(path), "%s/journal.db", argv[1]);
    struct stream *s = open_stream(path, &mail);
    double begin = seconds();
    fill(s, &mail, events);
    double took = seconds() - begin;
    printf("  append: %" PRIu64
           " events durable in %.1f s: %.0f/s (judged by one rule)\n",
           events, took, (double)events / took);
    stream_close(&s);
    drain(&mail, false);

    begin = seconds();
    s = open_stream(path, &mail);
    printf("  restart with %" PRIu64 " events, %zu questions: %.3f s\n", events,
           queue_count(stream_queue(s)), seconds() - begin);
    stream_close(&s);
    drain(&mail, false);
    struct rusage ru;
    getrusage(RUSAGE_SELF, &ru);
    printf("  peak memory of the writing run: %ld MiB\n", ru.ru_maxrss / 1024);
    return 0;
}
