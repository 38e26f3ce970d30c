/* SPDX-License-Identifier: Apache-2.0 */
/* match.c - which rules hit: patterns looked for in channels, `unless` and checks.
 *
 * Finding a pattern is finder.h's; here is what makes a match a hit. A pattern that
 * reaches its limit of work is a stop: a third answer, neither hit nor miss, and the
 * caller holds the line for a person. A rule that stops again and again goes into
 * quarantine.
 *
 * `unless` is looked for in the same channel. Both run from left to right, so one pass
 * over its matches serves all candidates of a rule, and no further than the hit.
 *
 * Rules that lower a sum come last, and only where the sum has something to lose: what
 * speaks against an emergency or a question is said in the commonest of words, and most
 * lines are neither. */
#include "judge/match.h"

#include <stdatomic.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "judge/finder.h"

#define STOPS_MAX  8    /* stopped patterns after which a line is given up */
#define TRIES_MAX  1024 /* candidates of one rule in one channel */
#define HITS_MAX   256  /* kept of one rule */
#define QUARANTINE 16   /* stops of a rule */

#define NO_PATTERN UINT32_MAX

/* Patterns are numbers of the finder of their kind of channels. */
struct rule {
    uint32_t re, unless; /* NO_PATTERN: there is none */
    unsigned channels;
    bool every, vital;
    enum personal_check check;
    unsigned sum;
    int points;
};

/* The channels of folded text and those of raw text have their own patterns. */
enum { FOLDED, RAW, KINDS };

/* The rules of pattern p: [first[p], first[p + 1]) of `rules`. */
struct users {
    uint32_t *first, *rules; /* owned */
};

struct match {
    struct alphabet alphabet;
    struct rule *rules;
    atomic_uint *stops; /* of each rule; owned, the only thing that changes */
    size_t n, cap;
    struct finder *finder[KINDS];
    struct users users[KINDS];
    size_t words; /* of bits for all rules */
    int *bars;    /* of each sum; owned */
    size_t n_sums;
};

struct match_scratch {
    struct finder_scratch *finder; /* owned, as all of it */
    struct finder_text texts[NORMAL_CHANNELS];
    uint64_t *rules; /* candidates, a bit for each */
    size_t words;
    int *sums; /* of the line so far; owned */
    size_t n_sums;
    struct match_hit *hits;
    size_t n_hits, cap;
    uint32_t stopped[STOPS_MAX];
    size_t n_stopped;
};

struct match *
match_new(void)
{
    struct match *m = mem_zalloc(sizeof(*m));
    alphabet_init(&m->alphabet);
    m->finder[FOLDED] = finder_new(&m->alphabet, PATTERN_FOLDED);
    m->finder[RAW] = finder_new(&m->alphabet, PATTERN_RAW);
    return m;
}

void
match_free(struct match **m)
{
    if (*m == NULL)
        return;
    for (int i = 0; i < KINDS; i++) {
        finder_free(&(*m)->finder[i]);
        mem_free((*m)->users[i].first);
        mem_free((*m)->users[i].rules);
    }
    mem_free((*m)->rules);
    mem_free((*m)->bars);
    mem_free((void *)(*m)->stops);
    MEM_FREE(*m);
}

static int
kind_of(unsigned channels)
{
    return (channels & (1u << NORMAL_DIGITS | 1u << NORMAL_SPELT)) != 0 ? RAW : FOLDED;
}

int
match_add(struct match *m, const struct match_spec *spec, struct err *e)
{
    struct rule r = {.unless = NO_PATTERN,
                     .channels = spec->channels,
                     .every = spec->every,
                     .vital = spec->vital,
                     .check = spec->check,
                     .sum = spec->sum,
                     .points = spec->points};
    struct finder *finder = m->finder[kind_of(spec->channels)];
    if (finder_add(finder, spec->re, &r.re, e) < 0)
        return -1;
    if (spec->unless != NULL && finder_add(finder, spec->unless, &r.unless, e) < 0)
        return -1;
    if (m->n == m->cap) {
        m->cap = m->cap == 0 ? 64 : m->cap * 2;
        m->rules = mem_resize(m->rules, m->cap, sizeof(m->rules[0]));
    }
    m->rules[m->n++] = r;
    if (spec->sum >= m->n_sums)
        match_set_bar(m, spec->sum, 0);
    return 0;
}

void
match_set_bar(struct match *m, unsigned sum, int bar)
{
    if (sum >= m->n_sums) {
        m->bars = mem_resize(m->bars, sum + 1, sizeof(m->bars[0]));
        for (; m->n_sums <= sum; m->n_sums++)
            m->bars[m->n_sums] = 0;
    }
    m->bars[sum] = bar;
}

static void
list_users(struct match *m, int kind)
{
    size_t n = finder_count(m->finder[kind]);
    struct users *u = &m->users[kind];
    uint32_t *next = mem_array(n + 1, sizeof(next[0]));
    u->first = mem_array(n + 1, sizeof(u->first[0]));
    u->rules = mem_array(m->n, sizeof(u->rules[0]));
    for (size_t i = 0; i < m->n; i++)
        if (kind_of(m->rules[i].channels) == kind)
            u->first[m->rules[i].re + 1]++;
    for (size_t p = 0; p < n; p++)
        next[p + 1] = u->first[p + 1] += u->first[p];
    for (size_t i = 0; i < m->n; i++)
        if (kind_of(m->rules[i].channels) == kind)
            u->rules[next[m->rules[i].re]++] = (uint32_t)i;
    mem_free(next);
}

void
match_seal(struct match *m)
{
    for (int i = 0; i < KINDS; i++) {
        finder_seal(m->finder[i]);
        list_users(m, i);
    }
    m->words = m->n / 64 + 1;
    m->stops = mem_array(m->n, sizeof(m->stops[0]));
    for (size_t i = 0; i < m->n; i++)
        atomic_init(&m->stops[i], 0);
}

static bool
is_quarantined(const struct match *m, uint32_t rule)
{
    return atomic_load_explicit(&m->stops[rule], memory_order_relaxed) >= QUARANTINE;
}

struct match_state
match_state(const struct match *m, uint32_t rule)
{
    const struct rule *r = &m->rules[rule];
    return (struct match_state){.way = finder_way(m->finder[kind_of(r->channels)], r->re),
                                .stops = atomic_load(&m->stops[rule]),
                                .quarantined = is_quarantined(m, rule)};
}

struct match_scratch *
match_scratch_new(void)
{
    struct match_scratch *s = mem_zalloc(sizeof(*s));
    s->finder = finder_scratch_new();
    return s;
}

void
match_scratch_free(struct match_scratch **s)
{
    if (*s == NULL)
        return;
    finder_scratch_free(&(*s)->finder);
    for (int i = 0; i < NORMAL_CHANNELS; i++)
        finder_text_fini(&(*s)->texts[i]);
    mem_free((*s)->rules);
    mem_free((*s)->sums);
    mem_free((*s)->hits);
    MEM_FREE(*s);
}

/* --- one rule in one channel */

/* Whatever searching in a channel takes. */
struct place {
    struct finder_scratch *scratch;
    struct finder_text *text;
};

static enum finder_answer
find(const struct place *p, uint32_t pattern, size_t from, struct finder_range *out)
{
    return finder_first(p->scratch, p->text, pattern, from, out);
}

static size_t
next_character(struct str text, size_t pos)
{
    (void)utf8_next(text, &pos);
    return pos;
}

/* The matches of `unless` in a channel, from left to right. */
struct cancel {
    uint32_t unless;
    struct finder_range seen; /* the latest one */
    size_t from; /* where the next one can begin; behind the text: there is none */
};

static struct cancel
cancel_of(const struct rule *r, const struct place *p)
{
    struct cancel c = {.unless = r->unless, .from = p->text->text.len + 1};
    if (r->unless != NO_PATTERN && finder_can_match(p->text, r->unless))
        c.from = 0;
    return c;
}

/* Does a match of `unless` overlap the hit? Hits are asked for from left to right. */
static enum finder_answer
is_cancelled(struct cancel *c, const struct place *p, struct finder_range hit)
{
    size_t len = p->text->text.len;
    while (c->seen.end <= hit.start && c->from <= len) {
        if (finder_earliest(p->text, c->unless, c->from) >= hit.end)
            return FINDER_MISS;
        enum finder_answer a = find(p, c->unless, c->from, &c->seen);
        if (a == FINDER_STOP)
            return FINDER_STOP;
        c->from = a == FINDER_HIT ? c->seen.end : len + 1;
    }
    return c->seen.start < hit.end && c->seen.end > hit.start ? FINDER_HIT : FINDER_MISS;
}

static bool
is_known(const struct match_scratch *s, const struct match_hit *hit)
{
    for (size_t i = s->n_hits; i > 0 && s->hits[i - 1].rule == hit->rule; i--)
        if (s->hits[i - 1].start == hit->start && s->hits[i - 1].end == hit->end)
            return true;
    return false;
}

/* Keeps the hit; false when the rule has too many. */
static bool
keep(struct match_scratch *s, const struct match_hit *hit)
{
    if (is_known(s, hit))
        return true;
    size_t same = 0;
    while (same < s->n_hits && s->hits[s->n_hits - 1 - same].rule == hit->rule)
        same++;
    if (same == HITS_MAX)
        return false;
    if (s->n_hits == s->cap) {
        s->cap = s->cap == 0 ? 64 : s->cap * 2;
        s->hits = mem_resize(s->hits, s->cap, sizeof(s->hits[0]));
    }
    s->hits[s->n_hits++] = *hit;
    return true;
}

/* Keeps the hits of the rule in the channel, where it is a candidate. HIT when there was
 * one, STOP when it could not be decided. */
static enum finder_answer
run_channel(const struct rule *r, uint32_t number, struct match_scratch *s,
            const struct place *p, const struct channel *c)
{
    struct cancel cancel = cancel_of(r, p);
    struct str text = p->text->text;
    struct finder_range hit;
    enum finder_answer result = FINDER_MISS;
    size_t from = 0;
    for (int tries = 0;; tries++) {
        enum finder_answer a = find(p, r->re, from, &hit);
        if (a != FINDER_HIT)
            return a == FINDER_STOP ? FINDER_STOP : result;
        if (tries == TRIES_MAX)
            return FINDER_STOP;
        enum finder_answer cancelled = is_cancelled(&cancel, p, hit);
        if (cancelled == FINDER_STOP)
            return FINDER_STOP;
        struct str found = {.p = text.p + hit.start, .len = hit.end - hit.start};
        if (cancelled == FINDER_HIT || !personal_check(r->check, found)) {
            /* Another hit may begin inside this one. */
            from = next_character(text, hit.start);
            continue;
        }
        struct match_hit h = {.rule = number,
                              .channel = (enum normal_channel)(p->text - s->texts),
                              .byte_start = hit.start,
                              .byte_end = hit.end};
        normal_span(c, hit.start, hit.end, &h.start, &h.end);
        if (!keep(s, &h))
            return FINDER_STOP;
        if (!r->every)
            return FINDER_HIT;
        result = FINDER_HIT;
        from = hit.end;
    }
}

/* The rule over the channels in which it is a candidate. */
static enum finder_answer
run_rule(const struct match *m, uint32_t number, struct match_scratch *s,
         const struct normal *n)
{
    const struct rule *r = &m->rules[number];
    enum finder_answer result = FINDER_MISS;
    struct place p = {.scratch = s->finder};
    if (is_quarantined(m, number))
        return r->vital ? FINDER_STOP : FINDER_MISS;
    for (unsigned i = 0; i < NORMAL_CHANNELS; i++) {
        p.text = &s->texts[i];
        if ((r->channels & 1u << i) == 0 || !n->channel[i].on ||
            !finder_can_match(p.text, r->re))
            continue;
        enum finder_answer a = run_channel(r, number, s, &p, &n->channel[i]);
        if (a == FINDER_STOP) {
            atomic_fetch_add_explicit(&m->stops[number], 1, memory_order_relaxed);
            return FINDER_STOP;
        }
        if (a == FINDER_HIT && !r->every)
            return FINDER_HIT;
        result = a == FINDER_HIT ? FINDER_HIT : result;
    }
    return result;
}

/* --- a line */

static void
start_line(const struct match *m, struct match_scratch *s)
{
    if (s->words < m->words) {
        mem_free(s->rules);
        s->words = m->words;
        s->rules = mem_array(s->words, sizeof(s->rules[0]));
    }
    memset(s->rules, 0, s->words * sizeof(s->rules[0]));
    if (s->n_sums < m->n_sums) {
        mem_free(s->sums);
        s->n_sums = m->n_sums;
        s->sums = mem_array(s->n_sums, sizeof(s->sums[0]));
    }
    if (s->n_sums > 0)
        memset(s->sums, 0, s->n_sums * sizeof(s->sums[0]));
    s->n_hits = s->n_stopped = 0;
    finder_start(s->finder);
}

/* Adds the rules whose pattern can match the text; false when it is not valid UTF-8. */
static bool
read_text(const struct match *m, struct match_scratch *s, unsigned channel,
          struct str text)
{
    int kind = kind_of(1u << channel);
    const struct users *u = &m->users[kind];
    struct finder_text *t = &s->texts[channel];
    if (!finder_read(m->finder[kind], s->finder, text, t))
        return false;
    for (size_t i = 0; i < t->n; i++)
        for (uint32_t k = u->first[t->list[i]]; k < u->first[t->list[i] + 1]; k++)
            s->rules[u->rules[k] / 64] |= UINT64_C(1) << (u->rules[k] % 64);
    return true;
}

static void
read_line(const struct match *m, struct match_scratch *s, const struct normal *n)
{
    start_line(m, s);
    for (unsigned i = 0; i < NORMAL_CHANNELS; i++)
        if (n->channel[i].on)
            (void)read_text(m, s, i, buf_str(&n->channel[i].text));
}

static uint32_t
rule_of(size_t word, uint64_t bits)
{
    return (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(bits);
}

/* The candidates that raise a sum (or belong to none), or those that lower one. */
static void
run_candidates(const struct match *m, struct match_scratch *s, const struct normal *n,
               bool lowering)
{
    for (size_t word = 0; word < m->words; word++) {
        uint64_t left = s->rules[word];
        for (; left != 0 && s->n_stopped < STOPS_MAX; left &= left - 1) {
            uint32_t number = rule_of(word, left);
            const struct rule *r = &m->rules[number];
            if ((r->points < 0) != lowering ||
                (lowering && s->sums[r->sum] < m->bars[r->sum]))
                continue;
            enum finder_answer a = run_rule(m, number, s, n);
            if (a == FINDER_STOP)
                s->stopped[s->n_stopped++] = number;
            else if (a == FINDER_HIT && !lowering)
                s->sums[r->sum] += r->points;
        }
    }
}

/* Those behind `sorted` to where they belong; a few at most. */
static void
sort_hits(struct match_scratch *s, size_t sorted)
{
    for (size_t i = sorted; i < s->n_hits; i++) {
        struct match_hit hit = s->hits[i];
        size_t at = i;
        for (; at > 0 && s->hits[at - 1].rule > hit.rule; at--)
            s->hits[at] = s->hits[at - 1];
        s->hits[at] = hit;
    }
}

struct match_result
match_run(const struct match *m, struct match_scratch *s, const struct normal *n)
{
    read_line(m, s, n);
    run_candidates(m, s, n, false);
    size_t raising = s->n_hits;
    run_candidates(m, s, n, true);
    sort_hits(s, raising);
    return (struct match_result){.hits = s->hits,
                                 .n_hits = s->n_hits,
                                 .stopped = s->stopped,
                                 .n_stopped = s->n_stopped,
                                 .gave_up = s->n_stopped == STOPS_MAX};
}

void
match_measure(const struct match *m, struct match_scratch *s, const struct normal *n,
              uint64_t (*now_ns)(void), struct match_cost *costs)
{
    enum { AGAIN = 4 };
    read_line(m, s, n);
    for (size_t word = 0; word < m->words; word++)
        for (uint64_t left = s->rules[word]; left != 0; left &= left - 1) {
            uint32_t rule = rule_of(word, left);
            uint64_t begin = now_ns();
            for (int i = 0; i < AGAIN; i++) {
                s->n_hits = 0;
                finder_start(s->finder);
                (void)run_rule(m, rule, s, n);
            }
            costs[rule].ns += (now_ns() - begin) / AGAIN;
            costs[rule].runs++;
        }
}

bool
match_decides(const struct match *m, struct match_scratch *s, uint32_t rule,
              struct str text)
{
    const struct rule *r = &m->rules[rule];
    const struct finder *finder = m->finder[kind_of(r->channels)];
    return finder_decides(finder, s->finder, r->re, text) &&
           (r->unless == NO_PATTERN ||
            finder_decides(finder, s->finder, r->unless, text));
}

const uint64_t *
match_text(const struct match *m, struct match_scratch *s, enum normal_channel channel,
           struct str text)
{
    struct place p = {.scratch = s->finder, .text = &s->texts[channel]};
    struct finder_range unused;
    start_line(m, s);
    if (!read_text(m, s, channel, text))
        return NULL;
    for (size_t word = 0; word < m->words; word++)
        for (uint64_t left = s->rules[word]; left != 0; left &= left - 1)
            if (find(&p, m->rules[rule_of(word, left)].re, 0, &unused) != FINDER_HIT)
                s->rules[word] &= ~(left & -left);
    return s->rules;
}
