/* SPDX-License-Identifier: Apache-2.0 */
/* match.c - which rules hit: the screen names the few that can, PCRE2's JIT decides.
 *
 * The channels are our own output and thus valid UTF-8, so PCRE2 is told not to check.
 * What a line can cost is bounded three times. Each search runs with a small match limit
 * first, which ordinary patterns never reach; only a few searches of a line may go on to
 * the full one (PCRE2 counts from anew at each place of the text, so that limit alone
 * would not do). The text that is searched in all is counted. A pattern that reaches its
 * limit is a stop: a third answer, neither hit nor miss, and the caller holds the line
 * for a person. A rule that stops again and again goes into quarantine.
 *
 * `unless` is looked for in the same channel. Both run from left to right, so one pass
 * over its matches serves all candidates of a rule. */
#include "judge/match.h"

#include <stdatomic.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "base/utf8.h"

#define STOPS_MAX     8    /* stopped patterns after which a line is given up */
#define TRIES_MAX     1024 /* candidates of one rule in one channel */
#define HITS_MAX      256  /* kept of one rule */
#define FIRST_LIMIT   200  /* ordinary patterns stay under 100 */
#define HARD_MAX      4    /* searches of one line with the full limit */
#define SEARCHED_MAX  (4 * 1024 * 1024) /* bytes searched for one line */
#define QUARANTINE    16                /* stops of a rule */
#define JIT_STACK_MIN (32 * 1024)
#define JIT_STACK_MAX (1024 * 1024)

struct code {
    pcre2_code *pcre; /* owned; NULL: there is none */
    bool jit;         /* pcre2_jit_match() may be called */
};

struct rule {
    struct code re, unless;
    unsigned channels;
    bool every, vital;
    enum personal_check check;
    enum screen_way way;
};

/* The channels of folded text and those of raw text have their own rules. */
enum { FOLDED, RAW, SCREENS };

struct match {
    struct rule *rules;
    atomic_uint *stops; /* of each rule; owned, the only thing that changes */
    size_t n, cap;
    struct screen *screen[SCREENS];
    size_t words;
};

struct match_scratch {
    pcre2_match_data *data; /* owned, as all of it */
    pcre2_match_context *first, *full;
    pcre2_jit_stack *stack;
    struct screen_scratch *screen;
    struct screen_result found[NORMAL_CHANNELS];
    struct match_hit *hits;
    size_t n_hits, cap;
    uint32_t stopped[STOPS_MAX];
    size_t n_stopped;
    size_t searched; /* bytes, of this line */
    unsigned hard;
};

struct match *
match_new(void)
{
    struct match *m = mem_zalloc(sizeof(*m));
    for (int i = 0; i < SCREENS; i++)
        m->screen[i] = screen_new();
    return m;
}

void
match_free(struct match **m)
{
    if (*m == NULL)
        return;
    for (size_t i = 0; i < (*m)->n; i++) {
        pcre2_code_free((*m)->rules[i].re.pcre);
        pcre2_code_free((*m)->rules[i].unless.pcre);
    }
    for (int i = 0; i < SCREENS; i++)
        screen_free(&(*m)->screen[i]);
    mem_free((*m)->rules);
    mem_free((void *)(*m)->stops);
    MEM_FREE(*m);
}

static int
kind_of(unsigned channels)
{
    return (channels & (1u << NORMAL_DIGITS | 1u << NORMAL_SPELT)) != 0 ? RAW : FOLDED;
}

static int
compile(const char *text, int kind, struct code *out, struct err *e)
{
    size_t at;
    *out = (struct code){.pcre = NULL};
    if (text == NULL)
        return 0;
    out->pcre = pattern_compile(str_from(text),
                                kind == RAW ? PATTERN_RAW : PATTERN_FOLDED, &at, e);
    if (out->pcre == NULL)
        return -1;
    /* Where the kernel allows no executable memory the interpreter does the same, slower.
     */
    out->jit = pcre2_jit_compile(out->pcre, PCRE2_JIT_COMPLETE) == 0;
    return 0;
}

/* Both patterns of a rule are looked for by the screen, side by side. */
static uint32_t
key_of(uint32_t rule, bool unless)
{
    return rule * 2 + unless;
}

#define RES UINT64_C(0x5555555555555555) /* bits of the patterns that are no `unless` */

int
match_add(struct match *m, const struct match_spec *spec, struct err *e)
{
    struct rule r = {.channels = spec->channels,
                     .every = spec->every,
                     .vital = spec->vital,
                     .check = spec->check};
    int kind = kind_of(spec->channels);
    if (compile(spec->re, kind, &r.re, e) < 0)
        return -1;
    if (compile(spec->unless, kind, &r.unless, e) < 0) {
        pcre2_code_free(r.re.pcre);
        return -1;
    }
    if (m->n == m->cap) {
        m->cap = m->cap == 0 ? 64 : m->cap * 2;
        m->rules = mem_resize(m->rules, m->cap, sizeof(m->rules[0]));
    }
    uint32_t number = (uint32_t)m->n;
    r.way = screen_add(m->screen[kind], key_of(number, false), str_from(spec->re));
    if (spec->unless != NULL)
        (void)screen_add(m->screen[kind], key_of(number, true), str_from(spec->unless));
    m->rules[m->n++] = r;
    return 0;
}

void
match_seal(struct match *m)
{
    for (int i = 0; i < SCREENS; i++)
        screen_seal(m->screen[i]);
    m->words = m->n / 32 + 1;
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
    return (struct match_state){.way = m->rules[rule].way,
                                .stops = atomic_load(&m->stops[rule]),
                                .quarantined = is_quarantined(m, rule)};
}

static pcre2_match_context *
context_new(pcre2_jit_stack *stack, uint32_t limit)
{
    pcre2_match_context *c = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(c, limit);
    pcre2_jit_stack_assign(c, NULL, stack);
    return c;
}

struct match_scratch *
match_scratch_new(void)
{
    struct match_scratch *s = mem_zalloc(sizeof(*s));
    s->data = pcre2_match_data_create(1, NULL);
    s->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
    s->first = context_new(s->stack, FIRST_LIMIT);
    s->full = context_new(s->stack, BOUNDS_MATCH_LIMIT);
    s->screen = screen_scratch_new();
    return s;
}

void
match_scratch_free(struct match_scratch **s)
{
    if (*s == NULL)
        return;
    pcre2_match_data_free((*s)->data);
    pcre2_match_context_free((*s)->first);
    pcre2_match_context_free((*s)->full);
    pcre2_jit_stack_free((*s)->stack);
    screen_scratch_free(&(*s)->screen);
    for (int i = 0; i < NORMAL_CHANNELS; i++)
        screen_result_fini(&(*s)->found[i]);
    mem_free((*s)->hits);
    MEM_FREE(*s);
}

static bool
is_found(const struct screen_result *r, uint32_t key)
{
    return key / 64 < r->words && (r->rules[key / 64] >> (key % 64) & 1) != 0;
}

enum answer { MISS, HIT, STOP };

struct range {
    size_t start, end;
};

static int
search(struct match_scratch *s, const struct code *code, struct str text, size_t from,
       pcre2_match_context *context)
{
    PCRE2_SPTR p = (PCRE2_SPTR)(text.len == 0 ? "" : text.p);
    if (code->jit)
        return pcre2_jit_match(code->pcre, p, text.len, from, PCRE2_NOTEMPTY, s->data,
                               context);
    return pcre2_match(code->pcre, p, text.len, from, PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY,
                       s->data, context);
}

/* The first match at or behind `from`. */
static enum answer
find(struct match_scratch *s, const struct code *code, struct str text, size_t from,
     struct range *out)
{
    if (from > text.len)
        return MISS;
    if (s->searched > SEARCHED_MAX)
        return STOP;
    s->searched += text.len - from;
    int rc = search(s, code, text, from, s->first);
    if (rc == PCRE2_ERROR_MATCHLIMIT && s->hard++ < HARD_MAX)
        rc = search(s, code, text, from, s->full);
    if (rc == PCRE2_ERROR_NOMATCH)
        return MISS;
    const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(s->data);
    /* \K can move the start behind the end: nobody could say what that hit is. */
    if (rc < 0 || ovector[0] >= ovector[1])
        return STOP;
    *out = (struct range){.start = ovector[0], .end = ovector[1]};
    return HIT;
}

static size_t
next_character(struct str text, size_t pos)
{
    (void)utf8_next(text, &pos);
    return pos;
}

/* The matches of `unless` in a channel, from left to right. */
struct cancel {
    const struct code *unless;
    struct range seen; /* the latest one */
    size_t from;       /* where the next one can begin; behind the text: there is none */
};

static struct cancel
cancel_of(const struct rule *r, uint32_t number, const struct screen_result *found,
          struct str text)
{
    struct cancel c = {.unless = &r->unless, .from = text.len + 1};
    uint32_t key = key_of(number, true);
    if (r->unless.pcre != NULL && is_found(found, key))
        c.from = found->from[key];
    return c;
}

/* Does a match of `unless` overlap the hit? Hits are asked for from left to right. */
static enum answer
is_cancelled(struct match_scratch *s, struct cancel *c, struct str text, struct range hit)
{
    while (c->seen.end <= hit.start && c->from <= text.len) {
        enum answer a = find(s, c->unless, text, c->from, &c->seen);
        if (a == STOP)
            return STOP;
        c->from = a == HIT ? c->seen.end : text.len + 1;
    }
    return c->seen.start < hit.end && c->seen.end > hit.start ? HIT : MISS;
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

/* One rule over one channel, where it is a candidate. HIT when there was one, STOP when
 * it could not be decided. */
static enum answer
run_channel(const struct rule *r, uint32_t number, struct match_scratch *s,
            const struct channel *c, enum normal_channel channel)
{
    struct str text = buf_str(&c->text);
    struct cancel cancel = cancel_of(r, number, &s->found[channel], text);
    struct range hit;
    enum answer result = MISS;
    size_t from = s->found[channel].from[key_of(number, false)];
    for (int tries = 0;; tries++) {
        enum answer a = find(s, &r->re, text, from, &hit);
        if (a != HIT)
            return a == STOP ? STOP : result;
        if (tries == TRIES_MAX)
            return STOP;
        enum answer cancelled = is_cancelled(s, &cancel, text, hit);
        if (cancelled == STOP)
            return STOP;
        struct str found = {.p = text.p + hit.start, .len = hit.end - hit.start};
        if (cancelled == HIT || !personal_check(r->check, found)) {
            /* Another hit may begin inside this one. */
            from = next_character(text, hit.start);
            continue;
        }
        struct match_hit h = {.rule = number,
                              .channel = channel,
                              .byte_start = hit.start,
                              .byte_end = hit.end};
        normal_span(c, hit.start, hit.end, &h.start, &h.end);
        if (!keep(s, &h))
            return STOP;
        if (!r->every)
            return HIT;
        result = HIT;
        from = hit.end;
    }
}

/* The rule over the channels in which the screen has found it. */
static enum answer
run_rule(const struct match *m, uint32_t number, struct match_scratch *s,
         const struct normal *n)
{
    const struct rule *r = &m->rules[number];
    enum answer result = MISS;
    if (is_quarantined(m, number))
        return r->vital ? STOP : MISS;
    for (unsigned i = 0; i < NORMAL_CHANNELS; i++) {
        if ((r->channels & 1u << i) == 0 || !n->channel[i].on ||
            !is_found(&s->found[i], key_of(number, false)))
            continue;
        enum answer a = run_channel(r, number, s, &n->channel[i], (enum normal_channel)i);
        if (a == STOP) {
            atomic_fetch_add_explicit(&m->stops[number], 1, memory_order_relaxed);
            return STOP;
        }
        if (a == HIT && !r->every)
            return HIT;
        result = a == HIT ? HIT : result;
    }
    return result;
}

static void
start_line(struct match_scratch *s)
{
    s->n_hits = s->n_stopped = 0;
    s->searched = 0;
    s->hard = 0;
}

static void
screen_line(const struct match *m, struct match_scratch *s, const struct normal *n)
{
    start_line(s);
    for (unsigned i = 0; i < NORMAL_CHANNELS; i++)
        if (n->channel[i].on)
            (void)screen_run(m->screen[kind_of(1u << i)], s->screen,
                             buf_str(&n->channel[i].text), &s->found[i]);
}

/* The rules of a word of bits that are candidates in any channel. */
static uint64_t
candidates(const struct match_scratch *s, const struct normal *n, size_t word)
{
    uint64_t all = 0;
    for (unsigned i = 0; i < NORMAL_CHANNELS; i++)
        if (n->channel[i].on && word < s->found[i].words)
            all |= s->found[i].rules[word] & RES;
    return all;
}

static uint32_t
rule_of(size_t word, uint64_t bits)
{
    return ((uint32_t)word * 64 + (uint32_t)__builtin_ctzll(bits)) / 2;
}

struct match_result
match_run(const struct match *m, struct match_scratch *s, const struct normal *n)
{
    screen_line(m, s, n);
    for (size_t word = 0; word < m->words; word++) {
        uint64_t left = candidates(s, n, word);
        for (; left != 0 && s->n_stopped < STOPS_MAX; left &= left - 1) {
            uint32_t rule = rule_of(word, left);
            if (run_rule(m, rule, s, n) == STOP)
                s->stopped[s->n_stopped++] = rule;
        }
    }
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
    screen_line(m, s, n);
    for (size_t word = 0; word < m->words; word++)
        for (uint64_t left = candidates(s, n, word); left != 0; left &= left - 1) {
            uint32_t rule = rule_of(word, left);
            uint64_t begin = now_ns();
            for (int i = 0; i < AGAIN; i++) {
                start_line(s);
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
    struct range unused;
    start_line(s);
    return find(s, &r->re, text, 0, &unused) != STOP &&
           (r->unless.pcre == NULL || find(s, &r->unless, text, 0, &unused) != STOP);
}

const struct screen_result *
match_text(const struct match *m, struct match_scratch *s, enum normal_channel channel,
           struct str text)
{
    struct screen_result *found = &s->found[channel];
    struct range unused;
    start_line(s);
    if (!screen_run(m->screen[kind_of(1u << channel)], s->screen, text, found))
        return NULL;
    for (size_t word = 0; word < found->words; word++)
        for (uint64_t left = found->rules[word] & RES; left != 0; left &= left - 1) {
            size_t key = word * 64 + (size_t)__builtin_ctzll(left);
            const struct code *re = &m->rules[key / 2].re;
            if (find(s, re, text, found->from[key], &unused) != HIT)
                found->rules[word] &= ~(left & -left);
        }
    return found;
}

bool
match_has(const struct screen_result *r, uint32_t rule)
{
    return is_found(r, key_of(rule, false));
}
