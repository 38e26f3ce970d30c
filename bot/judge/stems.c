/* SPDX-License-Identifier: Apache-2.0 */
/* stems.c - the analyser: from a pattern to the stems that every match must contain.
 *
 * It walks the pattern once, from left to right, along a track: the set of texts that the
 * pieces walked since some point can spell (`live`), and, for matches that are something
 * else (`others`), what these need. A piece with few spellings extends each text; one
 * that may be anything ends the track, and a new one begins behind it. What a track needs
 * is a candidate at each step, and the best one wins: few long stems, at the start of
 * words if possible. Any character that is no letter counts as the end of a word,
 * CODE_END, so that short words and pairs of words can be looked for too.
 *
 * What stands before a place is followed along (`before`), because a stem at the start of
 * a word is found by far less work. Stems with which every match begins are taken before
 * all others, however many: where one of them is found, and only there, a match can
 * begin, and trying there costs a fraction of a search. Everything errs to one side: a
 * stem is claimed only where no match can do without it; a test and a fuzz target hold
 * that against PCRE2. */
#include "judge/stems.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "judge/parts.h"
#include "judge/regex.h"

#define DEPTH_MAX 24
#define SPELT_MAX 8 /* letters of a class that are spelt out */

/* A match is one of `live`, whole, or else it begins with one of `open` and needs `need`.
 */
struct track {
    struct parts live;
    bool others;
    struct parts open;
    struct need need;
};

/* What is known of a piece of the pattern. */
struct piece {
    struct track track;
    struct need sure; /* of every match */
    enum before end;  /* of what follows it */
};

struct walk {
    struct regex regex;
    struct regex_token token; /* the next one */
    struct part_pool pool;    /* all parts */
    int depth;
    bool strange;
    bool listed; /* it is more than one alternative: they are all walked to the end */
};

static void
advance(struct walk *w)
{
    w->token = regex_next(&w->regex);
    w->strange = w->strange || w->pool.full || w->token.kind == REGEX_STRANGE;
}

static enum before
either(enum before a, enum before b)
{
    if (a != b && (a == BEFORE_LETTER || b == BEFORE_LETTER))
        return BEFORE_ANY;
    return a > b ? a : b;
}

/* --- tracks */

static struct track
spelt(struct parts live)
{
    return (struct track){.live = live};
}

/* What a match on the track needs, however it goes on. */
static struct need
need_of(struct walk *w, const struct track *t)
{
    struct need live = {.stems = t->live};
    if (!t->others)
        return live;
    return t->live.n == 0 ? t->need : need_both(&w->pool, t->need, live);
}

/* A match that is none of `live` begins with one of `open` and needs `need`. */
static void
add_others(struct walk *w, struct track *t, struct parts open, struct need need)
{
    t->need = t->others ? need_both(&w->pool, t->need, need) : need;
    t->others = true;
    if (!parts_unite(&w->pool, &t->open, open))
        t->open = parts_empty(&w->pool, BEFORE_ANY);
}

/* Nothing on the track is whole any more. */
static void
end_track(struct walk *w, struct track *t)
{
    struct parts live = t->live;
    t->live = (struct parts){.n = 0};
    if (live.n > 0)
        add_others(w, t, live, (struct need){.stems = live});
}

/* The track goes on with the piece. */
static void
extend(struct walk *w, struct track *t, const struct piece *next)
{
    struct parts live = t->live, longer, open;
    if (live.n == 0)
        return;
    if (!parts_multiply(&w->pool, live, next->track.live, &longer)) {
        end_track(w, t);
        return;
    }
    t->live = longer;
    if (!next->track.others)
        return;
    if (!parts_multiply(&w->pool, live, next->track.open, &open))
        open = live;
    add_others(w, t, open, need_cheaper((struct need){.stems = open}, next->track.need));
}

/* --- pieces */

static struct piece
nothing(struct walk *w, enum before before)
{
    return (struct piece){.track = spelt(parts_empty(&w->pool, before)), .end = before};
}

/* Any text, also none. */
static struct piece
anything(struct walk *w)
{
    struct track t = {.others = true, .open = parts_empty(&w->pool, BEFORE_ANY)};
    return (struct piece){.track = t, .end = BEFORE_ANY};
}

/* No letter follows here, or stands here. */
static struct piece
word_end(struct walk *w, bool ahead, enum before before)
{
    struct part end = {.stem = {.len = 1}, .ahead = ahead, .before = before};
    end.stem.code[0] = CODE_END;
    return (struct piece){.track = spelt(parts_one(&w->pool, end)),
                          .end = ahead ? before : BEFORE_BREAK};
}

/* One of a few letters: each of them spelt out. */
static struct piece
one_letter(struct walk *w, const struct code_set *set, enum before before, size_t n)
{
    struct part *all = parts_new(&w->pool, n);
    size_t k = 0;
    for (unsigned half = 0; half < 2; half++) {
        for (uint64_t left = set->letters[half]; left != 0; left &= left - 1) {
            all[k].before = before;
            all[k].stem.code[0] = (uint8_t)(half * 64 + (unsigned)__builtin_ctzll(left));
            all[k].stem.len = 1;
            all[k++].stem.starts_word = may_start_word(before);
        }
    }
    struct parts live = {.at = all, .n = n};
    return (struct piece){.track = spelt(live), .end = BEFORE_LETTER};
}

/* One character out of a set. */
static struct piece
one_of(struct walk *w, const struct code_set *set, enum before before)
{
    if (!code_set_has_letters(*set)) {
        struct piece x = word_end(w, false, before);
        x.sure.breaks = set->breaks;
        return x;
    }
    size_t n = (size_t)__builtin_popcountll(set->letters[0]) +
               (size_t)__builtin_popcountll(set->letters[1]);
    if (set->breaks == 0 && n <= SPELT_MAX)
        return one_letter(w, set, before, n);
    struct track t = {.others = true, .open = parts_empty(&w->pool, before)};
    return (struct piece){.track = t,
                          .end = set->breaks == 0 ? BEFORE_LETTER : BEFORE_ANY};
}

/* The piece, as often as the token says. */
static struct piece
times(struct walk *w, struct piece x, const struct regex_token *t, enum before before)
{
    if (t->min == 1 && t->max == 1)
        return x;
    if (t->min > 0) {
        /* The first of them is there; what follows it may be another one, or not. */
        end_track(w, &x.track);
        x.track.need = need_cheaper(x.track.need, x.sure);
        return x;
    }
    struct parts none = parts_empty(&w->pool, before);
    x.sure = (struct need){.breaks = 0};
    x.end = either(x.end, before);
    if (t->max > 1) /* none of them; or one, and what follows it is not known */
        end_track(w, &x.track);
    if (!parts_unite(&w->pool, &x.track.live, none))
        x.track = (struct track){.others = true, .open = none};
    return x;
}

/* A track that has led nowhere begins anew behind the piece. */
static void
renew(struct walk *w, struct track *run, const struct piece *last, bool overflow)
{
    const struct part *first = run->live.n == 1 ? &run->live.at[0] : NULL;
    bool only_break = first != NULL && first->stem.len == 1 && !first->ahead &&
                      first->stem.code[0] == CODE_END;
    if (overflow && last->track.live.n > 0)
        *run = last->track;
    else if (run->live.n == 0 || only_break ||
             (run->others && !need_is_known(&run->need)))
        *run = spelt(parts_empty(&w->pool, last->end));
}

static struct piece alternatives(struct walk *w, enum before before);

/* To the end of the group, whatever is in it. */
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

/* Is the look around over single characters, of which none is a letter (or, if it looks
 * for none, all letters are)? Reads to its end. */
static bool
excludes_letters(struct walk *w, bool negative)
{
    bool yes = true, any = false;
    for (advance(w); w->token.kind == REGEX_SET || w->token.kind == REGEX_FINISH;) {
        struct regex_token t = w->token;
        bool once = t.kind == REGEX_FINISH || (t.min == 1 && t.max == 1);
        bool good = negative ? t.every_letter : !code_set_has_letters(t.set);
        /* (?!a|\w): one that holds them all is enough. */
        yes = once && (negative ? good || (yes && any) : good && yes);
        any = any || good;
        advance(w);
        if (w->token.kind != REGEX_OR)
            break;
        advance(w);
    }
    bool closed = w->token.kind == REGEX_CLOSE;
    skip_group(w);
    return yes && any && closed && w->token.min > 0;
}

/* (?<!\w) and (?!\w) and the like say where a word begins or ends; other looks around say
 * nothing. */
static struct piece
look(struct walk *w, enum before before)
{
    struct regex_token t = w->token;
    bool no_letter = excludes_letters(w, t.negative);
    advance(w);
    if (!no_letter)
        return nothing(w, before);
    return t.behind ? nothing(w, BEFORE_BREAK) : word_end(w, true, before);
}

static struct piece // NOLINTNEXTLINE(misc-no-recursion): at most DEPTH_MAX groups deep
group(struct walk *w, enum before before)
{
    advance(w);
    struct piece x = alternatives(w, before);
    struct regex_token close = w->token;
    w->strange = w->strange || close.kind != REGEX_CLOSE;
    advance(w);
    return times(w, x, &close, before);
}

/* \b: the end of a word behind a letter, else perhaps the start of one. */
static struct piece
edge(struct walk *w, enum before before)
{
    if (before == BEFORE_LETTER)
        return word_end(w, true, before);
    return nothing(w, before == BEFORE_BREAK ? BEFORE_BREAK : BEFORE_EDGE);
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
        x = one_of(w, &t.set, before);
        x = times(w, x, &t, before);
        break;
    case REGEX_EDGE:
        x = edge(w, before);
        break;
    case REGEX_START:
        x = nothing(w, BEFORE_BREAK);
        break;
    case REGEX_FINISH:
        x = word_end(w, true, before);
        break;
    case REGEX_NOTHING:
        x = nothing(w, before);
        break;
    case REGEX_ANYTHING:
    case REGEX_STRANGE:
    case REGEX_CLOSE:
    case REGEX_OR:
    case REGEX_END:
        x = anything(w);
        break;
    }
    advance(w);
    return x;
}

/* Reads to the end of the pattern, but no further than its next alternative, if any. */
static bool
skim(struct walk *w)
{
    struct walk ahead = *w;
    int open = 0;
    while (!ahead.strange && ahead.token.kind != REGEX_END) {
        enum regex_kind kind = ahead.token.kind;
        open += kind == REGEX_OPEN || kind == REGEX_LOOK;
        open -= kind == REGEX_CLOSE;
        if (open < 0 || open > DEPTH_MAX - 2 || (open == 0 && kind == REGEX_OR))
            return false;
        advance(&ahead);
    }
    if (open > 0)
        return false;
    *w = ahead;
    return true;
}

/* Every match begins with a stem, and nothing that follows could make these longer. What
 * is behind them is then only read: long tails stand behind each branch of a list. */
static bool
is_decided(struct walk *w, const struct track *t)
{
    if (w->depth != 1 || w->listed || !parts_are_long(t->live))
        return false;
    struct need front = {.stems = t->open};
    if (!parts_unite(&w->pool, &front.stems, t->live) || !need_is_known(&front))
        return false;
    w->listed = !skim(w);
    return !w->listed;
}

static struct piece // NOLINTNEXTLINE(misc-no-recursion): at most DEPTH_MAX groups deep
sequence(struct walk *w, enum before before)
{
    struct piece all = nothing(w, before);
    struct track run = all.track;
    while (!w->strange && w->token.kind != REGEX_OR && w->token.kind != REGEX_CLOSE &&
           w->token.kind != REGEX_END) {
        struct piece next = atom(w, all.end);
        size_t before_it = run.live.n, n = next.track.live.n;
        bool same = run.live.at == all.track.live.at && !run.others && !all.track.others;
        extend(w, &all.track, &next);
        if (same)
            run = all.track;
        else
            extend(w, &run, &next);
        all.end = next.end;
        struct need found = need_of(w, &run);
        need_improve(&all.sure, &found);
        need_improve(&all.sure, &next.sure);
        if (is_decided(w, &all.track))
            break;
        renew(w, &run, &next, n > 0 && before_it > 0 && run.live.n == 0);
    }
    if (all.track.others)
        all.track.need = need_cheaper(all.track.need, all.sure);
    return all;
}

/* The alternative joins those before it. */
static void
add_alternative(struct walk *w, struct piece *all, const struct piece *x)
{
    struct need sure = need_both(&w->pool, all->sure, x->sure);
    struct track *t = &all->track;
    if (x->track.others)
        add_others(w, t, x->track.open, x->track.need);
    if (!parts_unite(&w->pool, &t->live, x->track.live))
        *t = (struct track){
            .others = true, .open = parts_empty(&w->pool, BEFORE_ANY), .need = sure};
    all->sure = sure;
    all->end = either(all->end, x->end);
}

static struct piece // NOLINTNEXTLINE(misc-no-recursion): at most DEPTH_MAX groups deep
alternatives(struct walk *w, enum before before)
{
    if (++w->depth > DEPTH_MAX)
        w->strange = true;
    struct piece all = sequence(w, before);
    while (!w->strange && w->token.kind == REGEX_OR) {
        w->listed = w->listed || w->depth == 1;
        advance(w);
        struct piece x = sequence(w, before);
        add_alternative(w, &all, &x);
    }
    w->depth--;
    return all;
}

static int
by_codes(const void *a, const void *b)
{
    const struct stem *x = a, *y = b;
    int way = (int)x->starts_word - (int)y->starts_word;
    if (way == 0)
        way = memcmp(x->code, y->code, STEM_MAX);
    return way != 0 ? way : (int)x->len - (int)y->len;
}

static bool
begins_with(const struct stem *s, const struct stem *start)
{
    return s->starts_word == start->starts_word && s->len >= start->len &&
           memcmp(s->code, start->code, start->len) == 0;
}

/* Whatever begins with another one is found by that. In order it stands behind it. */
static void
give(const struct need *need, struct stems *out)
{
    size_t n = need->stems.n;
    out->at = mem_array(n, sizeof(out->at[0]));
    for (size_t i = 0; i < n; i++)
        out->at[i] = need->stems.at[i].stem;
    qsort(out->at, n, sizeof(out->at[0]), by_codes);
    for (size_t i = 0; i < n; i++)
        if (out->n == 0 || !begins_with(&out->at[i], &out->at[out->n - 1]))
            out->at[out->n++] = out->at[i];
    out->breaks = need->breaks;
}

void
stems_of(const struct alphabet *a, struct str pattern, struct stems *out)
{
    struct walk w = {.regex = {.alphabet = a, .text = pattern}};
    *out = (struct stems){.n = 0};
    advance(&w);
    struct piece all = alternatives(&w, BEFORE_ANY);
    struct need front = {.stems = all.track.open};
    if (!parts_unite(&w.pool, &front.stems, all.track.live))
        front = (struct need){.breaks = 0};
    if (!w.strange && !w.pool.full && w.token.kind == REGEX_END) {
        out->in_front = need_is_known(&front);
        struct need best =
            need_cheaper(front, need_cheaper(all.sure, need_of(&w, &all.track)));
        if (need_is_known(&best))
            give(out->in_front ? &front : &best, out);
    }
    part_pool_fini(&w.pool);
}

void
stems_join(struct stems *s, struct stems *more)
{
    s->at = mem_resize(s->at, s->n + more->n, sizeof(s->at[0]));
    if (more->n > 0)
        memcpy(s->at + s->n, more->at, more->n * sizeof(s->at[0]));
    s->n += more->n;
    s->in_front = true;
    stems_fini(more);
}

void
stems_fini(struct stems *s)
{
    MEM_FREE(s->at);
    s->n = 0;
}
