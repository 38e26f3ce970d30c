/* SPDX-License-Identifier: Apache-2.0 */
/* compare.c - the same text before two judges.
 *
 * A difference is one that somebody would notice: an item that comes or goes, that stands
 * in another group or lane, that shows another text. Topics of a line that nobody works
 * on are only counted. Rules and files are the same when their names are; the rows that
 * count them are laid out once, and each side knows by number which row is whose. */
#include "judge/compare.h"

#include "base/mem.h"
#include "judge/set.h"

struct side {
    struct judge *judge;
    struct judge_scratch *scratch;
    struct verdict verdict;
    size_t *file_row, *rule_row; /* owned; by number in the judge */
};

struct compare {
    struct side side[COMPARE_SIDES];
    struct compare_count *rows; /* owned */
    size_t n_rows;
    struct compare_totals totals;
    struct compare_reason reasons[COMPARE_SIDES * BOUNDS_WHY];
    size_t n_reasons;
};

/* --- the rows */

static size_t
add_row(struct compare *c, const char *filter, const char *rule)
{
    c->rows[c->n_rows] = (struct compare_count){.filter = filter, .rule = rule};
    return c->n_rows++;
}

/* The row of a rule of that name among [from, n_rows). Files change little from set to
 * set, so it is looked for first where the last one was found. */
static size_t
find_row(const struct compare *c, size_t from, size_t hint, const char *rule)
{
    for (size_t i = hint; i < c->n_rows; i++)
        if (strcmp(c->rows[i].rule, rule) == 0)
            return i;
    for (size_t i = from; i < hint; i++)
        if (strcmp(c->rows[i].rule, rule) == 0)
            return i;
    return c->n_rows;
}

/* Rows for the rules of one file; *next is the first rule of it, and becomes the first of
 * the next file. */
static void
add_rules(struct compare *c, enum compare_side which, uint32_t file, size_t from,
          size_t *next)
{
    struct side *s = &c->side[which];
    size_t hint = from;
    for (; *next < s->judge->n_rules && s->judge->rules[*next].file == file; *next += 1) {
        const struct set_rule *r = &s->judge->rules[*next];
        size_t row = which == COMPARE_OLD ? c->n_rows : find_row(c, from, hint, r->name);
        if (row == c->n_rows)
            (void)add_row(c, s->judge->files[file].name, r->name);
        c->rows[row].there[which] = true;
        c->rows[row].kind = set_kind_name(s->judge->files[file].kind);
        c->rows[row].trial = r->trial;
        s->rule_row[*next] = row;
        hint = row + 1;
    }
}

/* Both sides' files are in order of name. */
static void
add_rows(struct compare *c)
{
    size_t file[COMPARE_SIDES] = {0}, rule[COMPARE_SIDES] = {0};
    const struct judge *old = c->side[COMPARE_OLD].judge,
                       *new = c->side[COMPARE_NEW].judge;
    while (file[COMPARE_OLD] < old->n_files || file[COMPARE_NEW] < new->n_files) {
        int order;
        if (file[COMPARE_OLD] == old->n_files)
            order = 1;
        else if (file[COMPARE_NEW] == new->n_files)
            order = -1;
        else
            order = strcmp(old->files[file[COMPARE_OLD]].name,
                           new->files[file[COMPARE_NEW]].name);
        const struct set_file *f =
            order > 0 ? &new->files[file[COMPARE_NEW]] : &old->files[file[COMPARE_OLD]];
        size_t row = add_row(c, f->name, NULL), first = c->n_rows;
        for (int i = 0; i < COMPARE_SIDES; i++) {
            if ((i == COMPARE_OLD && order > 0) || (i == COMPARE_NEW && order < 0))
                continue;
            struct side *s = &c->side[i];
            c->rows[row].there[i] = true;
            c->rows[row].kind = set_kind_name(s->judge->files[file[i]].kind);
            s->file_row[file[i]] = row;
            add_rules(c, (enum compare_side)i, (uint32_t)file[i], first, &rule[i]);
            file[i]++;
        }
    }
}

struct compare *
compare_new(struct judge *old, struct judge *new)
{
    struct compare *c = mem_zalloc(sizeof(*c));
    struct judge *judges[COMPARE_SIDES] = {old, new};
    size_t n = 0;
    for (size_t i = 0; i < COMPARE_SIDES; i++) {
        c->side[i] = (struct side){
            .judge = judge_ref(judges[i]),
            .scratch = judge_scratch_new(),
            .file_row = mem_array(judges[i]->n_files, sizeof(size_t)),
            .rule_row = mem_array(judges[i]->n_rules, sizeof(size_t)),
        };
        n += judges[i]->n_files + judges[i]->n_rules;
    }
    c->rows = mem_array(n, sizeof(c->rows[0]));
    add_rows(c);
    return c;
}

void
compare_free(struct compare **c)
{
    if (*c == NULL)
        return;
    for (size_t i = 0; i < COMPARE_SIDES; i++) {
        judge_scratch_free(&(*c)->side[i].scratch);
        judge_unref(&(*c)->side[i].judge);
        mem_free((*c)->side[i].file_row);
        mem_free((*c)->side[i].rule_row);
    }
    mem_free((*c)->rows);
    MEM_FREE(*c);
}

size_t
compare_counts(const struct compare *c, const struct compare_count **out)
{
    *out = c->rows;
    return c->n_rows;
}

const struct compare_totals *
compare_totals(const struct compare *c)
{
    return &c->totals;
}

/* --- one text */

static void
count_side(struct compare *c, enum compare_side which)
{
    const struct side *s = &c->side[which];
    const struct match_result *r = &s->scratch->result;
    for (size_t i = 0; i < r->n_hits; i++)
        if (i == 0 || r->hits[i].rule != r->hits[i - 1].rule)
            c->rows[s->rule_row[r->hits[i].rule]].hits[which]++;
    for (size_t i = 0; i < s->judge->n_files; i++) {
        if (s->scratch->tally[i].hits == 0)
            continue;
        struct compare_count *row = &c->rows[s->file_row[i]];
        row->hits[which]++;
        row->fired[which] += classify_has_fired(s->judge, s->scratch, &s->verdict, i);
    }
    c->totals.questions[which] += s->verdict.question;
    c->totals.held[which] += s->verdict.held != NULL;
}

static bool
is_same_name(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* An item of the queue: somebody works on it. */
static bool
is_item(const struct verdict *v)
{
    return v->question || v->urgent != NULL || v->held != NULL;
}

static bool
has_same_topics(const struct verdict *a, const struct verdict *b)
{
    bool same = a->n_topics == b->n_topics;
    for (size_t i = 0; same && i < a->n_topics; i++)
        same = strcmp(a->topics[i], b->topics[i]) == 0;
    return same;
}

static bool
has_moved(const struct verdict *a, const struct verdict *b)
{
    return !is_same_name(a->urgent, b->urgent) || a->abuse != b->abuse ||
           a->spam != b->spam || !is_same_name(a->held, b->held) ||
           ((is_item(a) || is_item(b)) && !has_same_topics(a, b));
}

static bool
is_masked_the_same(const struct verdict *a, const struct verdict *b)
{
    bool same = a->n_pii == b->n_pii && str_eq(a->masked, b->masked);
    for (size_t i = 0; same && i < a->n_pii; i++)
        same = a->pii[i].kind == b->pii[i].kind && a->pii[i].start == b->pii[i].start &&
               a->pii[i].end == b->pii[i].end;
    return same;
}

static unsigned
changes_of(const struct verdict *old, const struct verdict *new)
{
    unsigned changes = 0;
    if (new->question && !old->question)
        changes |= COMPARE_GAINED;
    else if (old->question && !new->question)
        changes |= COMPARE_LOST;
    else if (has_moved(old, new))
        changes |= COMPARE_MOVED;
    if (!is_masked_the_same(old, new))
        changes |= COMPARE_MASKED;
    return changes;
}

static const struct judge_why *
find_why(const struct verdict *v, const struct judge_why *w)
{
    for (size_t i = 0; i < v->n_why; i++)
        if (strcmp(v->why[i].rule, w->rule) == 0 &&
            strcmp(v->why[i].filter, w->filter) == 0)
            return v->why[i].trial ? NULL : &v->why[i];
    return NULL;
}

/* `any` is that of both, or of the side that has one. */
static void
add_reason(struct compare *c, const struct judge_why *any, const struct judge_why *old,
           const struct judge_why *new)
{
    c->reasons[c->n_reasons++] = (struct compare_reason){
        .filter = any->filter,
        .rule = any->rule,
        .hit = {old != NULL, new != NULL},
        .score = {old == NULL ? 0 : old->score, new == NULL ? 0 : new->score}};
}

static void
find_reasons(struct compare *c, unsigned changes)
{
    const struct verdict *old = &c->side[COMPARE_OLD].verdict,
                         *new = &c->side[COMPARE_NEW].verdict;
    bool places = (changes & COMPARE_MASKED) != 0;
    for (size_t i = 0; i < old->n_why; i++) {
        const struct judge_why *w = &old->why[i], *other = find_why(new, w);
        if (w->trial)
            continue;
        if (other == NULL || other->score != w->score ||
            (places && (other->start != w->start || other->end != w->end)))
            add_reason(c, w, w, other);
    }
    for (size_t i = 0; i < new->n_why; i++)
        if (!new->why[i].trial && find_why(old, &new->why[i]) == NULL)
            add_reason(c, &new->why[i], NULL, &new->why[i]);
}

void
compare_text(struct compare *c, struct str text, struct compare_line *line)
{
    for (int i = 0; i < COMPARE_SIDES; i++) {
        struct side *s = &c->side[i];
        judge_text(s->judge, s->scratch, text, &s->verdict);
        count_side(c, (enum compare_side)i);
        line->verdict[i] = &s->verdict;
    }
    line->changes = changes_of(line->verdict[COMPARE_OLD], line->verdict[COMPARE_NEW]);
    c->n_reasons = 0;
    if (line->changes != 0)
        find_reasons(c, line->changes);
    line->reasons = c->reasons;
    line->n_reasons = c->n_reasons;

    c->totals.messages++;
    c->totals.changed += line->changes != 0;
    for (unsigned bit = 0; bit < COMPARE_CHANGES; bit++)
        c->totals.changes[bit] += (line->changes >> bit) & 1u;
}
