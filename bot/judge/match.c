/* SPDX-License-Identifier: Apache-2.0 */
/* match.c - every rule over every channel that it reads, with PCRE2's JIT.
 *
 * The channels are our own output and thus valid UTF-8, so PCRE2 is told not to check;
 * the match limit bounds what one pattern can cost on one line, and a count of stops
 * bounds what a line can cost in all. A stop is a third answer, neither hit nor miss: the
 * caller holds the line for a person.
 *
 * `unless` is looked for in the same channel. Both run from left to right, so one pass
 * over its matches serves all candidates of a rule. */
#include "judge/match.h"

#include "base/bounds.h"
#include "base/mem.h"
#include "base/utf8.h"

#define STOPS_MAX     8    /* stopped patterns after which a line is given up */
#define TRIES_MAX     1024 /* candidates of one rule in one channel */
#define HITS_MAX      256  /* kept of one rule */
#define JIT_STACK_MIN (32 * 1024)
#define JIT_STACK_MAX (1024 * 1024)

struct rule {
    pcre2_code *re, *unless; /* owned; `unless` may be NULL */
    unsigned channels;
    bool every;
    enum personal_check check;
};

struct match {
    struct rule *rules;
    size_t n, cap;
};

struct match_scratch {
    pcre2_match_data *data; /* owned, as all of it */
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    struct match_hit *hits;
    size_t n_hits, cap;
    uint32_t stopped[STOPS_MAX];
    size_t n_stopped;
};

struct match *
match_new(void)
{
    return mem_zalloc(sizeof(struct match));
}

void
match_free(struct match **m)
{
    if (*m == NULL)
        return;
    for (size_t i = 0; i < (*m)->n; i++) {
        pcre2_code_free((*m)->rules[i].re);
        pcre2_code_free((*m)->rules[i].unless);
    }
    mem_free((*m)->rules);
    MEM_FREE(*m);
}

static pcre2_code *
compile(const char *text, unsigned channels, struct err *e)
{
    const unsigned raw = 1u << NORMAL_DIGITS | 1u << NORMAL_SPELT;
    size_t at;
    pcre2_code *code = pattern_compile(
        str_from(text), (channels & raw) != 0 ? PATTERN_RAW : PATTERN_FOLDED, &at, e);
    /* Where the kernel allows no executable memory the interpreter does the same, slower.
     */
    if (code != NULL)
        (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return code;
}

int
match_add(struct match *m, const struct match_spec *spec, struct err *e)
{
    struct rule r = {
        .channels = spec->channels, .every = spec->every, .check = spec->check};
    r.re = compile(spec->re, spec->channels, e);
    if (r.re == NULL)
        return -1;
    if (spec->unless != NULL) {
        r.unless = compile(spec->unless, spec->channels, e);
        if (r.unless == NULL) {
            pcre2_code_free(r.re);
            return -1;
        }
    }
    if (m->n == m->cap) {
        m->cap = m->cap == 0 ? 64 : m->cap * 2;
        m->rules = mem_resize(m->rules, m->cap, sizeof(m->rules[0]));
    }
    m->rules[m->n++] = r;
    return 0;
}

struct match_scratch *
match_scratch_new(void)
{
    struct match_scratch *s = mem_zalloc(sizeof(*s));
    s->data = pcre2_match_data_create(1, NULL);
    s->context = pcre2_match_context_create(NULL);
    s->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
    pcre2_set_match_limit(s->context, BOUNDS_MATCH_LIMIT);
    pcre2_jit_stack_assign(s->context, NULL, s->stack);
    return s;
}

void
match_scratch_free(struct match_scratch **s)
{
    if (*s == NULL)
        return;
    pcre2_match_data_free((*s)->data);
    pcre2_match_context_free((*s)->context);
    pcre2_jit_stack_free((*s)->stack);
    mem_free((*s)->hits);
    MEM_FREE(*s);
}

enum answer { MISS, HIT, STOP };

struct range {
    size_t start, end;
};

/* The first match at or behind `from`. */
static enum answer
find(struct match_scratch *s, const pcre2_code *code, struct str text, size_t from,
     struct range *out)
{
    if (from > text.len)
        return MISS;
    int rc = pcre2_match(code, (PCRE2_SPTR)(text.len == 0 ? "" : text.p), text.len, from,
                         PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, s->data, s->context);
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

/* Does a match of `unless` overlap the hit? `*seen` is its latest match, kept between
 * calls with hits from left to right. */
static enum answer
is_cancelled(struct match_scratch *s, const struct rule *r, struct str text,
             struct range hit, struct range *seen)
{
    while (r->unless != NULL && seen->end <= hit.start) {
        enum answer a = find(s, r->unless, text, seen->end, seen);
        if (a == STOP)
            return STOP;
        if (a == MISS)
            *seen = (struct range){.start = text.len + 1, .end = text.len + 1};
    }
    return r->unless != NULL && seen->start < hit.end ? HIT : MISS;
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

/* One rule over one channel. HIT when there was one, STOP when it could not be decided.
 */
static enum answer
run_channel(const struct rule *r, uint32_t number, struct match_scratch *s,
            const struct channel *c, enum normal_channel channel)
{
    struct str text = buf_str(&c->text);
    struct range seen = {.start = 0, .end = 0}, hit;
    enum answer result = MISS;
    size_t from = 0;
    for (int tries = 0;; tries++) {
        enum answer a = find(s, r->re, text, from, &hit);
        if (a != HIT)
            return a == STOP ? STOP : result;
        if (tries == TRIES_MAX)
            return STOP;
        enum answer cancelled = is_cancelled(s, r, text, hit, &seen);
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

static enum answer
run_rule(const struct rule *r, uint32_t number, struct match_scratch *s,
         const struct normal *n)
{
    enum answer result = MISS;
    for (unsigned i = 0; i < NORMAL_CHANNELS; i++) {
        if ((r->channels & 1u << i) == 0 || !n->channel[i].on)
            continue;
        enum answer a = run_channel(r, number, s, &n->channel[i], (enum normal_channel)i);
        if (a == STOP)
            return STOP;
        if (a == HIT && !r->every)
            return HIT;
        result = a == HIT ? HIT : result;
    }
    return result;
}

struct match_result
match_run(const struct match *m, struct match_scratch *s, const struct normal *n)
{
    s->n_hits = s->n_stopped = 0;
    for (uint32_t i = 0; i < m->n && s->n_stopped < STOPS_MAX; i++)
        if (run_rule(&m->rules[i], i, s, n) == STOP)
            s->stopped[s->n_stopped++] = i;
    return (struct match_result){.hits = s->hits,
                                 .n_hits = s->n_hits,
                                 .stopped = s->stopped,
                                 .n_stopped = s->n_stopped,
                                 .gave_up = s->n_stopped == STOPS_MAX};
}
