/* SPDX-License-Identifier: Apache-2.0 */
/* classify.c - from hits to a verdict: sums, thresholds, the best of each kind.
 *
 * A rule counts once however often it hits; a trial rule is shown and counts for nothing.
 * Question files add up to one score, because the signs of a question are spread over
 * them; all other files stand for themselves. Abuse is masked only when its file fires: a
 * weak word is no insult by itself. Whatever could not be decided hides too much rather
 * than too little. */
#include "judge/set.h"

#include <string.h>

#include "base/mem.h"

static const struct set_file *
file_of(const struct judge *j, const struct set_rule *r)
{
    return &j->files[r->file];
}

static void
count_hits(const struct judge *j, struct judge_scratch *s, struct verdict *v)
{
    for (size_t i = 0; i < s->result.n_hits; i++) {
        const struct match_hit *h = &s->result.hits[i];
        if (i > 0 && s->result.hits[i - 1].rule == h->rule)
            continue;
        const struct set_rule *r = &j->rules[h->rule];
        if (v->n_why < BOUNDS_WHY)
            v->why[v->n_why++] = (struct judge_why){.filter = file_of(j, r)->name,
                                                    .rule = r->name,
                                                    .start = h->start,
                                                    .end = h->end,
                                                    .score = r->score,
                                                    .trial = r->trial};
        if (r->trial)
            continue;
        s->tally[r->file].score += r->score;
        s->tally[r->file].hits++;
    }
}

/* Best first; among equals the files' order. */
static void
add_topic(const struct judge *j, struct judge_scratch *s, struct verdict *v, size_t file,
          int *scores)
{
    size_t i = v->n_topics;
    if (i == BOUNDS_TOPICS)
        return;
    int score = s->tally[file].score;
    for (; i > 0 && scores[i - 1] < score; i--) {
        scores[i] = scores[i - 1];
        v->topics[i] = v->topics[i - 1];
    }
    scores[i] = score;
    v->topics[i] = j->files[file].id;
    v->n_topics++;
}

static bool
yields_to(const struct set_file *f, const struct set_file *other)
{
    for (size_t i = 0; i < f->n_yields; i++)
        if (strcmp(f->yields[i], other->id) == 0)
            return true;
    return false;
}

/* Does another topic that the file yields to have as many points? Of two that yield to
 * each other only the weaker gives way. */
static bool
gives_way(const struct judge *j, const struct judge_scratch *s, size_t file)
{
    const struct set_file *f = &j->files[file];
    int score = s->tally[file].score;
    for (size_t i = 0; f->n_yields > 0 && i < j->n_files; i++) {
        const struct set_file *other = &j->files[i];
        int rival = s->tally[i].score;
        if (other->kind == FILTER_TOPIC && rival >= other->threshold && rival >= score &&
            yields_to(f, other) && (rival > score || !yields_to(other, f)))
            return true;
    }
    return false;
}

static void
sum_up(const struct judge *j, struct judge_scratch *s, struct verdict *v)
{
    int scores[BOUNDS_TOPICS] = {0}, urgent = 0;
    for (size_t i = 0; i < j->n_files; i++) {
        const struct set_file *f = &j->files[i];
        int score = s->tally[i].score;
        bool fired = score >= f->threshold;
        switch (f->kind) {
        case FILTER_TOPIC:
            s->tally[i].gave_way = fired && gives_way(j, s, i);
            if (fired && !s->tally[i].gave_way)
                add_topic(j, s, v, i, scores);
            break;
        case FILTER_QUESTION:
            v->score += score;
            break;
        case FILTER_URGENT:
            if (fired && score > urgent) {
                urgent = score;
                v->urgent = f->class;
            }
            break;
        case FILTER_ABUSE:
            v->abuse = v->abuse || fired;
            break;
        case FILTER_SPAM:
            v->spam = v->spam || fired;
            break;
        case FILTER_MASK:
        case FILTER_MACROS:
            break;
        }
    }
    v->question = v->score >= j->question_threshold;
}

bool
classify_has_fired(const struct judge *j, const struct judge_scratch *s,
                   const struct verdict *v, size_t file)
{
    if (j->files[file].kind == FILTER_QUESTION)
        return v->question;
    if (j->files[file].kind == FILTER_MASK)
        return s->tally[file].hits > 0;
    return s->tally[file].score >= j->files[file].threshold && !s->tally[file].gave_way;
}

static void
add_range(struct judge_scratch *s, uint32_t start, uint32_t end)
{
    if (s->n_ranges == s->ranges_cap) {
        s->ranges_cap = s->ranges_cap == 0 ? 64 : s->ranges_cap * 2;
        s->ranges = mem_resize(s->ranges, s->ranges_cap, sizeof(s->ranges[0]));
    }
    s->ranges[s->n_ranges++] = (struct personal_range){.start = start, .end = end};
}

/* Adds the span, ordered by start. One inside another is left out, two of a kind that
 * overlap become one. False when there is no more room. */
static bool
add_span(struct verdict *v, struct judge_span x)
{
    for (size_t i = 0; i < v->n_pii;) {
        struct judge_span *o = &v->pii[i];
        if (o->start <= x.start && x.end <= o->end)
            return true;
        bool inside = x.start <= o->start && o->end <= x.end;
        bool joined = o->kind == x.kind && x.start < o->end && o->start < x.end;
        if (!inside && !joined) {
            i++;
            continue;
        }
        x.start = o->start < x.start ? o->start : x.start;
        x.end = o->end > x.end ? o->end : x.end;
        v->n_pii--;
        for (size_t k = i; k < v->n_pii; k++)
            v->pii[k] = v->pii[k + 1];
        i = 0;
    }
    if (v->n_pii == BOUNDS_SPANS)
        return false;
    size_t at = v->n_pii++;
    for (; at > 0 && v->pii[at - 1].start > x.start; at--)
        v->pii[at] = v->pii[at - 1];
    v->pii[at] = x;
    return true;
}

/* Stems of insults hit in the middle of words; the rest of the word would tell. */
static void
whole_words(const struct judge_scratch *s, const struct match_hit *h, uint32_t *from,
            uint32_t *to)
{
    const struct channel *c = &s->normal.channel[h->channel];
    size_t start = h->byte_start, end = h->byte_end;
    normal_widen(c, &start, &end);
    normal_span(c, start, end, from, to);
}

/* Collects what must not be shown; false when there is too much of it. */
static bool
hide_hits(const struct judge *j, struct judge_scratch *s, struct verdict *v)
{
    for (size_t i = 0; i < s->result.n_hits; i++) {
        const struct match_hit *h = &s->result.hits[i];
        const struct set_rule *r = &j->rules[h->rule];
        const struct set_file *f = file_of(j, r);
        bool personal = f->kind == FILTER_MASK;
        bool insult = f->kind == FILTER_ABUSE && s->tally[r->file].score >= f->threshold;
        if (r->trial || (!personal && !(insult && r->score > 0)))
            continue;
        struct judge_span x = {.kind = r->pii, .start = h->start, .end = h->end};
        if (personal && !add_span(v, x))
            return false;
        if (insult)
            whole_words(s, h, &x.start, &x.end);
        add_range(s, x.start, x.end);
    }
    return true;
}

static void
hold(struct verdict *v, const char *why, const char *filter)
{
    if (v->held != NULL)
        return;
    v->held = why;
    v->held_filter = filter;
}

/* True when a rule that hides things could not be decided. */
static bool
hold_stopped(const struct judge *j, struct judge_scratch *s, struct verdict *v)
{
    bool blind = s->result.gave_up;
    for (size_t i = 0; i < s->result.n_stopped; i++) {
        const struct set_rule *r = &j->rules[s->result.stopped[i]];
        if (r->trial)
            continue;
        const struct set_file *f = file_of(j, r);
        hold(v, "a pattern reached its limit", f->name);
        blind = blind || f->kind == FILTER_MASK || f->kind == FILTER_ABUSE;
    }
    if (s->result.gave_up)
        hold(v, "too many patterns reached their limit", NULL);
    return blind;
}

bool
classify(const struct judge *j, struct judge_scratch *s, struct verdict *v)
{
    s->n_ranges = 0;
    count_hits(j, s, v);
    sum_up(j, s, v);
    bool blind = hold_stopped(j, s, v);
    if (!hide_hits(j, s, v)) {
        hold(v, "too much personal data", NULL);
        blind = true;
    }
    return blind;
}
