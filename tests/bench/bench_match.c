/* SPDX-License-Identifier: Apache-2.0 */
/* bench_match.c - the matcher against a loop of pcre2_jit_match() over the same rules and
 * messages, on one core, by the thread's CPU time; five rounds, the engines in turn. Our
 * time has the UTF-8 check, the fold and everything else in it. The answers are compared
 * first, on ordinary and on hostile messages.
 *
 *   bench_match RULES...         print the table
 *   bench_match --write DIR N    write rules and messages for other programs */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "generate.h"
#include "judge/match.h"

enum { ROUNDS = 5, MESSAGES = 100000, LEAST = 200, SEED = 7 };
#define LOOP_NS 300000000 /* a round of a loop may take */

struct texts {
    char **at;
    struct str *str;
    size_t n;
};

struct bench {
    size_t n_rules;
    char **rules;
    pcre2_code **caseless, **folded; /* folded: without CASELESS, for folded text */
    pcre2_match_data *data;
    struct match *match;
    struct match_scratch *scratch;
    struct texts ordinary, hostile;
    double build_ms;
};

static uint64_t
clock_ns(clockid_t id)
{
    struct timespec ts;
    clock_gettime(id, &ts);
    return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

static uint64_t
cpu_ns(void)
{
    return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

/* --- making */

/* Messages as the rules see them: normalised. A hostile one stays as it is. */
static void
make_texts(struct generator *g, struct texts *t, size_t n, bool hostile)
{
    struct normal normal;
    normal_init(&normal);
    t->n = n;
    t->at = mem_array(n, sizeof(t->at[0]));
    t->str = mem_array(n, sizeof(t->str[0]));
    for (size_t i = 0; i < n; i++) {
        t->at[i] = generate_message(g, hostile);
        if (!hostile) {
            normal_read(&normal, str_from(t->at[i]));
            struct str s = buf_str(&normal.channel[NORMAL_TEXT].text);
            mem_free(t->at[i]);
            t->at[i] = mem_strndup(s.p, s.len);
        }
        t->str[i] = str_from(t->at[i]);
    }
    normal_fini(&normal);
}

static void
free_texts(struct texts *t)
{
    for (size_t i = 0; i < t->n; i++)
        mem_free(t->at[i]);
    mem_free(t->at);
    mem_free(t->str);
}

static pcre2_code *
compile(const char *rule, enum pattern_subject subject)
{
    size_t at;
    pcre2_code *code = pattern_compile(str_from(rule), subject, &at, NULL);
    if (code == NULL || pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) != 0) {
        fprintf(stderr, "bench_match: '%s' does not compile\n", rule);
        exit(3);
    }
    return code;
}

static void
bench_init(struct bench *b, size_t n_rules)
{
    struct generator *g = generator_new(SEED, n_rules);
    *b = (struct bench){.n_rules = n_rules};
    b->rules = mem_array(n_rules, sizeof(b->rules[0]));
    b->caseless = mem_array(n_rules, sizeof(pcre2_code *));
    b->folded = mem_array(n_rules, sizeof(pcre2_code *));
    b->data = pcre2_match_data_create(1, NULL);
    for (size_t i = 0; i < n_rules; i++) {
        b->rules[i] = generate_rule(g);
        b->caseless[i] = compile(b->rules[i], PATTERN_RAW);
        b->folded[i] = compile(b->rules[i], PATTERN_FOLDED);
    }
    uint64_t begin = cpu_ns();
    b->match = match_new();
    for (size_t i = 0; i < n_rules; i++) {
        struct match_spec spec = {.re = b->rules[i], .channels = 1u << NORMAL_DIGITS};
        if (match_add(b->match, &spec, NULL) < 0)
            exit(3);
    }
    match_seal(b->match);
    b->build_ms = (double)(cpu_ns() - begin) / 1e6;
    b->scratch = match_scratch_new();
    make_texts(g, &b->ordinary, MESSAGES, false);
    make_texts(g, &b->hostile, MESSAGES / 10, true);
    generator_free(&g);
}

static void
bench_fini(struct bench *b)
{
    for (size_t i = 0; i < b->n_rules; i++) {
        mem_free(b->rules[i]);
        pcre2_code_free(b->caseless[i]);
        pcre2_code_free(b->folded[i]);
    }
    mem_free(b->rules);
    mem_free((void *)b->caseless);
    mem_free((void *)b->folded);
    pcre2_match_data_free(b->data);
    match_scratch_free(&b->scratch);
    match_free(&b->match);
    free_texts(&b->ordinary);
    free_texts(&b->hostile);
}

/* --- engines: each gives the nanoseconds of a message and says how many it took */

static bool
loop_finds(const struct bench *b, pcre2_code *const *codes, size_t rule, struct str s)
{
    return pcre2_jit_match(codes[rule], (PCRE2_SPTR)s.p, s.len, 0, 0, b->data, NULL) >= 0;
}

static double
run_loop(const struct bench *b, pcre2_code *const *codes)
{
    uint64_t begin = cpu_ns(), end = begin;
    volatile size_t hits = 0;
    size_t n = 0;
    for (; n < b->ordinary.n && (n < LEAST || end - begin < LOOP_NS); end = cpu_ns()) {
        for (size_t until = n + LEAST; n < until && n < b->ordinary.n; n++)
            for (size_t r = 0; r < b->n_rules; r++)
                hits += loop_finds(b, codes, r, b->ordinary.str[n]);
    }
    return (double)(end - begin) / (double)n;
}

static double
run_ours(const struct bench *b)
{
    uint64_t begin = cpu_ns();
    volatile uint64_t hits = 0;
    for (size_t i = 0; i < b->ordinary.n; i++)
        hits += match_has(
            match_text(b->match, b->scratch, NORMAL_DIGITS, b->ordinary.str[i]), 0);
    return (double)(cpu_ns() - begin) / (double)b->ordinary.n;
}

/* The number of texts, out of the first n, that both give the same answer for. */
static size_t
compare(const struct bench *b, const struct texts *t, size_t n, size_t *hits)
{
    size_t same = 0;
    n = n < t->n ? n : t->n;
    for (size_t i = 0; i < n; i++) {
        const uint64_t *got = match_text(b->match, b->scratch, NORMAL_DIGITS, t->str[i]);
        bool equal = got != NULL;
        for (size_t r = 0; equal && r < b->n_rules; r++) {
            bool want = loop_finds(b, b->caseless, r, t->str[i]);
            *hits += want;
            equal = match_has(got, (uint32_t)r) == want;
        }
        same += equal;
    }
    return same;
}

/* --- printing */

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double
median(double *v)
{
    qsort(v, ROUNDS, sizeof(v[0]), by_size);
    return v[ROUNDS / 2];
}

static double
one_message(const struct match *m, struct match_scratch *scratch, struct str text)
{
    uint64_t begin = clock_ns(CLOCK_MONOTONIC);
    (void)match_text(m, scratch, NORMAL_DIGITS, text);
    return (double)(clock_ns(CLOCK_MONOTONIC) - begin);
}

static void
print_latency(const struct bench *b, const char *name, const struct texts *t)
{
    double *ns = mem_array(t->n, sizeof(*ns));
    for (size_t i = 0; i < t->n; i++)
        ns[i] = one_message(b->match, b->scratch, t->str[i]);
    qsort(ns, t->n, sizeof(ns[0]), by_size);
    printf("    one %s message: p50 %.0f ns, p99 %.0f ns, p99.9 %.0f ns\n", name,
           ns[t->n / 2], ns[t->n / 100 * 99], ns[t->n / 1000 * 999]);
    mem_free(ns);
}

/* A rule that explodes, on a line that makes it: until it goes into quarantine. */
static void
print_worst(void)
{
    struct match *m = match_new();
    struct match_scratch *scratch = match_scratch_new();
    struct match_spec spec = {.re = "жол(?:а|аа)+$", .channels = 1u << NORMAL_DIGITS};
    struct buf text = BUF_INIT;
    double worst = 0;
    if (match_add(m, &spec, NULL) < 0)
        exit(3);
    match_seal(m);
    buf_add_cstr(&text, "жол");
    while (text.len < 280)
        buf_add_cstr(&text, "а");
    buf_add_cstr(&text, "!");
    for (int i = 0; i < 8; i++) {
        double ns = one_message(m, scratch, buf_str(&text));
        worst = ns > worst ? ns : worst;
    }
    printf("  a rule that explodes, on its line: worst of 8 %.0f us\n", worst / 1e3);
    buf_fini(&text);
    match_scratch_free(&scratch);
    match_free(&m);
}

static void
print_ways(const struct bench *b)
{
    size_t ways[SCREEN_WAYS] = {0};
    for (uint32_t i = 0; i < b->n_rules; i++)
        ways[match_state(b->match, i).way]++;
    printf("    rules looked for by stems %zu, by stems within %zu, behind a gate %zu, "
           "always %zu\n",
           ways[SCREEN_FRONT], ways[SCREEN_STEMS], ways[SCREEN_GATE],
           ways[SCREEN_ALWAYS]);
}

static void
measure(size_t n_rules)
{
    struct bench b;
    double caseless[ROUNDS], folded[ROUNDS], ours[ROUNDS];
    size_t hits = 0, n = n_rules > 1000 ? 2000 : 10000;
    bench_init(&b, n_rules);
    size_t ordinary = compare(&b, &b.ordinary, n, &hits);
    size_t hostile = compare(&b, &b.hostile, n, &hits);
    if (ordinary + hostile != 2 * n) {
        fprintf(stderr, "bench_match: answers differ: %zu\n", 2 * n - ordinary - hostile);
        exit(1);
    }
    for (int i = 0; i < ROUNDS; i++) {
        caseless[i] = run_loop(&b, b.caseless);
        folded[i] = run_loop(&b, b.folded);
        ours[i] = run_ours(&b);
    }
    double c = median(caseless), f = median(folded), o = median(ours);
    printf("  %zu rules: loop %.0f ns/message, on folded text %.0f, ours %.0f\n", n_rules,
           c, f, o);
    printf("    ratio to the loop: %.0f median, %.0f best; to that on folded text %.0f, "
           "%.0f\n",
           c / o, caseless[0] / ours[0], f / o, folded[0] / ours[0]);
    printf("    same answers on %zu ordinary and %zu hostile messages, %zu hits\n",
           ordinary, hostile, hits);
    print_ways(&b);
    printf("    build %.1f ms\n", b.build_ms);
    print_latency(&b, "ordinary", &b.ordinary);
    print_latency(&b, "hostile", &b.hostile);
    bench_fini(&b);
}

static int
write_lines(const char *folder, const char *name, char *const *lines, size_t n)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *f = fopen(path, "we");
    for (size_t i = 0; f != NULL && i < n; i++)
        (void)fprintf(f, "%s\n", lines[i]);
    return f == NULL || fclose(f) != 0 ? 3 : 0;
}

static int
write_all(const char *folder, size_t n_rules)
{
    struct bench b;
    bench_init(&b, n_rules);
    int rc = write_lines(folder, "rules", b.rules, b.n_rules) |
             write_lines(folder, "messages", b.ordinary.at, b.ordinary.n);
    bench_fini(&b);
    return rc;
}

int
main(int argc, char **argv)
{
    cpu_set_t one;
    mem_install();
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    (void)sched_setaffinity(0, sizeof(one), &one);
    if (argc == 4 && strcmp(argv[1], "--write") == 0)
        return write_all(argv[2], strtoul(argv[3], NULL, 10));
    for (int i = 1; i < argc; i++)
        measure(strtoul(argv[i], NULL, 10));
    print_worst();
    return 0;
}
