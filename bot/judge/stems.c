/* SPDX-License-Identifier: Apache-2.0 */
/* stems.c - the analyser: from a pattern to the stems that every match must contain.
 *
 * It walks the pattern once, from left to right, and keeps the set of texts that the
 * pieces walked since some point must spell (`open`). A piece with few spellings extends
 * each of them; a piece that may be anything ends the set, which then is a candidate, and
 * a new one begins behind it. Alternatives are united, and are a candidate only together.
 * The best candidate wins: few long stems, at the start of words if possible.
 *
 * What stands before a place is followed along (`before`), because a stem at the start of
 * a word is found by far less work. Everything errs to one side: a stem is claimed only
 * where no match can do without it; a test and a fuzz target hold that against PCRE2. */
#include "judge/stems.h"

#include <string.h>

#include "judge/regex.h"

#define DEPTH_MAX 24

/* What may stand directly before a place in the text. */
enum before {
    BEFORE_BREAK, /* no letter */
    BEFORE_EDGE,  /* no letter if a letter follows: behind \b */
    BEFORE_ANY,
};

struct part {
    struct stem stem;
    enum before before; /* matters while the stem is empty */
};

struct parts {
    struct part at[STEMS_MAX];
    size_t n;
};

/* What is known of a piece of the pattern. */
struct piece {
    struct parts open; /* every match begins with one of these */
    bool exact;        /* and is one of them, whole */
    struct parts best; /* every match contains one of these; n == 0: not known */
    uint64_t gate;
    enum before end; /* of what follows it */
};

struct walk {
    struct regex regex;
    struct regex_token token; /* the next one */
    int depth;
    bool strange;
};

static void
advance(struct walk *w)
{
    w->token = regex_next(&w->regex);
    w->strange = w->strange || w->token.kind == REGEX_STRANGE;
}

static enum before
either(enum before a, enum before b)
{
    return a > b ? a : b;
}

/* --- sets of parts */

static struct parts
empty_part(enum before before)
{
    struct parts p = {.n = 1};
    p.at[0] = (struct part){.before = before};
    return p;
}

/* How much work it is to look for them: about one in four words goes on to the next
 * letter, and inside a word there are five more places to look at. */
static uint64_t
cost(const struct parts *p)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < p->n; i++) {
        const struct stem *s = &p->at[i].stem;
        if (s->len < STEM_MIN)
            return UINT64_MAX;
        sum += (s->starts_word ? 1U : 6U) << (2 * (STEM_MAX - s->len));
    }
    return p->n == 0 ? UINT64_MAX : sum;
}

static void
offer(struct parts *best, const struct parts *candidate)
{
    if (cost(candidate) < cost(best))
        *best = *candidate;
}

static bool
fewer(uint64_t a, uint64_t b)
{
    return __builtin_popcountll(a) < __builtin_popcountll(b);
}

static void
offer_gate(uint64_t *gate, uint64_t candidate)
{
    if (candidate != 0 && (*gate == 0 || fewer(candidate, *gate)))
        *gate = candidate;
}

/* Both sets in one; false when they do not fit. */
static bool
unite(struct parts *p, const struct parts *more)
{
    if (p->n + more->n > STEMS_MAX)
        return false;
    memcpy(p->at + p->n, more->at, more->n * sizeof(p->at[0]));
    p->n += more->n;
    return true;
}

/* `a` with `b` behind it. */
static struct part
joined(const struct part *a, const struct part *b)
{
    struct part x = *a;
    if (a->stem.len == 0) {
        x = *b;
        x.before = b->stem.len == 0 ? b->before : a->before;
        if (b->stem.len > 0 && a->before != BEFORE_ANY)
            x.stem.starts_word = true;
        return x;
    }
    for (size_t i = 0; i < b->stem.len && x.stem.len < STEM_MAX; i++)
        x.stem.code[x.stem.len++] = b->stem.code[i];
    return x;
}

/* Each of `a` followed by each of `b`; false when that is too many. */
static bool
multiply(const struct parts *a, const struct parts *b, struct parts *out)
{
    if (a->n * b->n > STEMS_MAX)
        return false;
    out->n = 0;
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++)
            out->at[out->n++] = joined(&a->at[i], &b->at[k]);
    return true;
}

/* --- pieces */

static struct piece
nothing(enum before before)
{
    return (struct piece){.open = empty_part(before), .exact = true, .end = before};
}

static struct piece
anything(void)
{
    return (struct piece){.open = empty_part(BEFORE_ANY), .end = BEFORE_ANY};
}

/* One character out of a set: spelled out when only letters, and few, are in it. */
static struct piece
one_of(const struct code_set *set, enum before before)
{
    struct piece x = {.end = BEFORE_ANY};
    if (!code_set_has_letters(*set)) {
        x.open = empty_part(before);
        x.end = BEFORE_BREAK;
        x.gate = set->breaks;
        return x;
    }
    for (unsigned code = 0; set->breaks == 0 && code < CODE_BREAK; code++) {
        if ((set->letters[code >> 6] >> (code & 63) & 1) == 0)
            continue;
        if (x.open.n == STEM_MAX)
            break;
        struct part p = {.before = before};
        p.stem.code[0] = (uint8_t)code;
        p.stem.len = 1;
        p.stem.starts_word = before != BEFORE_ANY;
        x.open.at[x.open.n++] = p;
    }
    if (set->breaks == 0 && x.open.n < STEM_MAX)
        x.exact = true;
    else
        x.open = empty_part(before);
    return x;
}

/* The piece, as often as the token says. */
static struct piece
times(struct piece x, const struct regex_token *t, enum before before)
{
    if (t->min == 1 && t->max == 1)
        return x;
    struct parts none = empty_part(before);
    if (t->min > 0) {
        /* The first of them is there; what follows it may be another one, or not. */
        x.exact = false;
        return x;
    }
    x.best.n = 0;
    x.gate = 0;
    x.end = either(x.end, before);
    if (!x.exact || t->max > 1 || !unite(&x.open, &none)) {
        x.open = none;
        x.exact = false;
    }
    return x;
}

/* Adds what comes next to what was before it. `run` is the set that goes on. */
static void
append(struct piece *all, struct parts *run, const struct piece *next)
{
    struct parts longer;
    bool fits = multiply(run, &next->open, &longer);
    const struct parts *reached = fits ? &longer : run;
    offer(&all->best, reached);
    offer(&all->best, &next->best);
    offer_gate(&all->gate, next->gate);
    if (all->exact && !(next->exact && fits))
        all->open = *reached;
    all->exact = all->exact && next->exact && fits;
    all->end = next->end;
    if (next->exact && fits)
        *run = longer;
    else if (next->exact)
        *run = next->open;
    else
        *run = empty_part(next->end);
}

static struct piece alternatives(struct walk *w, enum before before);

/* To the end of the group, whatever is in it; gives how often it is repeated. */
static void
skip_group(struct walk *w)
{
    for (int open = 1; open > 0 && !w->strange && w->token.kind != REGEX_END;) {
        open += w->token.kind == REGEX_OPEN || w->token.kind == REGEX_LOOK;
        open -= w->token.kind == REGEX_CLOSE;
        if (open > 0)
            advance(w);
    }
}

/* (?<!\w) and the like say what stands before; other looks around say nothing. */
static struct piece
look(struct walk *w, enum before before)
{
    struct regex_token t = w->token;
    advance(w);
    struct regex_token inside = w->token;
    bool single = inside.kind == REGEX_SET && inside.min == 1 && inside.max == 1;
    if (single)
        advance(w);
    single = single && w->token.kind == REGEX_CLOSE;
    skip_group(w);
    bool optional = w->token.kind == REGEX_CLOSE && w->token.min == 0;
    advance(w);
    if (!t.behind || !single || optional)
        return nothing(before);
    bool clear = t.negative ? inside.every_letter : !code_set_has_letters(inside.set);
    return nothing(clear ? BEFORE_BREAK : before);
}

static struct piece // NOLINTNEXTLINE(misc-no-recursion): at most DEPTH_MAX groups deep
group(struct walk *w, enum before before)
{
    advance(w);
    struct piece x = alternatives(w, before);
    struct regex_token close = w->token;
    w->strange = w->strange || close.kind != REGEX_CLOSE;
    advance(w);
    return times(x, &close, before);
}

static struct piece // NOLINTNEXTLINE(misc-no-recursion): at most DEPTH_MAX groups deep
atom(struct walk *w, enum before before)
{
    struct regex_token t = w->token;
    struct piece x;
    switch (t.kind) {
    case REGEX_OPEN:
        return group(w, before);
    case REGEX_LOOK:
        return look(w, before);
    case REGEX_SET:
        x = one_of(&t.set, before);
        break;
    case REGEX_EDGE:
        x = nothing(before == BEFORE_BREAK ? BEFORE_BREAK : BEFORE_EDGE);
        break;
    case REGEX_START:
        x = nothing(BEFORE_BREAK);
        break;
    case REGEX_NOTHING:
        x = nothing(before);
        break;
    case REGEX_ANYTHING:
    case REGEX_STRANGE:
    case REGEX_CLOSE:
    case REGEX_OR:
    case REGEX_END:
        x = anything();
        break;
    }
    advance(w);
    return t.kind == REGEX_SET ? times(x, &t, before) : x;
}

static struct piece // NOLINTNEXTLINE(misc-no-recursion): at most DEPTH_MAX groups deep
sequence(struct walk *w, enum before before)
{
    struct piece all = nothing(before);
    struct parts run = all.open;
    while (!w->strange && w->token.kind != REGEX_OR && w->token.kind != REGEX_CLOSE &&
           w->token.kind != REGEX_END) {
        struct piece next = atom(w, all.end);
        append(&all, &run, &next);
    }
    if (all.exact)
        all.open = run;
    offer(&all.best, &run);
    return all;
}

/* The alternative joins those before it. */
static void
add_alternative(struct piece *all, const struct piece *x)
{
    if (!unite(&all->open, &x->open)) {
        all->open = empty_part(BEFORE_ANY);
        all->exact = false;
    }
    all->exact = all->exact && x->exact;
    if (all->best.n == 0 || x->best.n == 0 || !unite(&all->best, &x->best))
        all->best.n = 0;
    all->gate = all->gate == 0 || x->gate == 0 ? 0 : all->gate | x->gate;
    all->end = either(all->end, x->end);
}

static struct piece // NOLINTNEXTLINE(misc-no-recursion): at most DEPTH_MAX groups deep
alternatives(struct walk *w, enum before before)
{
    if (++w->depth > DEPTH_MAX)
        w->strange = true;
    struct piece all = sequence(w, before);
    while (!w->strange && w->token.kind == REGEX_OR) {
        advance(w);
        struct piece x = sequence(w, before);
        add_alternative(&all, &x);
    }
    w->depth--;
    return all;
}

void
stems_of(const struct alphabet *a, struct str pattern, struct stems *out)
{
    struct walk w = {.regex = {.alphabet = a, .text = pattern}};
    *out = (struct stems){.n = 0};
    advance(&w);
    struct piece all = alternatives(&w, BEFORE_ANY);
    if (w.strange || w.token.kind != REGEX_END)
        return;
    out->in_front = cost(&all.open) <= cost(&all.best);
    const struct parts *best = out->in_front ? &all.open : &all.best;
    if (cost(best) == UINT64_MAX)
        out->gate = all.gate;
    else
        for (; out->n < best->n; out->n++)
            out->at[out->n] = best->at[out->n].stem;
}
