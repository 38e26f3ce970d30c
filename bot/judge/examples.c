/* SPDX-License-Identifier: Apache-2.0 */
/* examples.c - the filters' own examples, run against the whole set.
 *
 * An example says what the set must do, not what one pattern does: another file's
 * negative score or mask may spoil it, and finding that out is what it is for. */
#include "judge/filters.h"

#include "judge/set.h"

static size_t
find_file(const struct judge *j, const char *name)
{
    size_t i = 0;
    while (i < j->n_files && strcmp(j->files[i].name, name) != 0)
        i++;
    return i;
}

/* Which rules of the file hit: " (rules: a, b)", for the person who has to mend them. */
static void
add_rules(const struct judge *j, const struct verdict *v, size_t file, struct buf *out)
{
    bool whole = j->files[file].kind == FILTER_QUESTION;
    const char *before = "; rules that hit: ";
    for (size_t i = 0; i < v->n_why; i++) {
        if (!whole && v->why[i].filter != j->files[file].name)
            continue;
        buf_addf(out, "%s%s %+d", before, v->why[i].rule, v->why[i].score);
        before = ", ";
    }
}

/* An example that was judged for its file. */
struct trial {
    const struct judge *judge;
    const struct judge_scratch *scratch;
    size_t file;
    struct verdict verdict;
};

static void
describe(const struct trial *t, const struct filter_example *x, struct buf *out)
{
    const struct set_file *f = &t->judge->files[t->file];
    const struct verdict *v = &t->verdict;
    buf_addf(out, "example %s: '%s'",
             x->match ? "does not match" : "matches and must not", x->text);
    if (v->held != NULL)
        buf_addf(out, "; held: %s", v->held);
    if (f->kind == FILTER_QUESTION)
        buf_addf(out, "; score %d of %d", v->score, t->judge->question_threshold);
    else if (f->kind != FILTER_MASK)
        buf_addf(out, "; score %d of %d", t->scratch->tally[t->file].score, f->threshold);
    add_rules(t->judge, v, t->file, out);
}

size_t
filters_check_examples(struct filters *f, const struct judge *j)
{
    struct judge_scratch *s = judge_scratch_new();
    struct trial t = {.judge = j, .scratch = s};
    struct buf text = BUF_INIT;
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        t.file = find_file(j, f->at[i].name);
        for (size_t k = 0; k < f->at[i].n_examples && t.file < j->n_files; k++, n++) {
            const struct filter_example *x = &f->at[i].examples[k];
            judge_text(j, s, str_from(x->text), &t.verdict);
            if (classify_has_fired(j, s, &t.verdict, t.file) == x->match &&
                t.verdict.held == NULL)
                continue;
            buf_reset(&text);
            describe(&t, x, &text);
            filter_issue_at(f, &f->at[i], x->line, x->column, text.data);
        }
    }
    buf_fini(&text);
    judge_scratch_free(&s);
    return n;
}
