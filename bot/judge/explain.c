/* SPDX-License-Identifier: Apache-2.0 */
/* explain.c - from the scratch of a line that was just judged to words.
 *
 * It tells what happened and decides nothing again: hits, sums and ranges are those that
 * classify.c left behind. A channel is shown where it says something that the text before
 * it does not. Every row passes the escaper, rules and file names too. */
#include "judge/explain.h"

#include "base/utf8.h"
#include "base/wrap.h"
#include "judge/set.h"

enum { LABEL = 10, INNER = 15 }; /* columns before a row's text, and before its notes */

static void
add_row(const struct explain *x, struct buf *out, const char *label, struct str text)
{
    buf_addf(out, "%-*s", LABEL, label);
    wrap_add(out, text, LABEL, x->width);
    buf_add_char(out, '\n');
}

/* The text as judge_text() took it in: positions count its code points. */
static struct str
text_taken(const struct explain *x)
{
    struct str text = x->text;
    if (text.len > BOUNDS_TEXT)
        text = utf8_prefix(text, BOUNDS_TEXT);
    return utf8_is_valid(text) ? text : buf_str(&x->scratch->repaired);
}

/* --- how it was read */

static void
add_channels(const struct explain *x, struct buf *out)
{
    static const struct {
        enum normal_channel channel;
        const char *label;
    } rows[] = {
        {NORMAL_TEXT, "read as"},  {NORMAL_LATIN, "latin"}, {NORMAL_LEET, "leet"},
        {NORMAL_DIGITS, "digits"}, {NORMAL_SPELT, "spelt"},
    };
    const struct channel *channels = x->scratch->normal.channel;
    struct str before = STR_NONE;
    add_row(x, out, "text", x->text);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct channel *c = &channels[rows[i].channel];
        struct str text = buf_str(&c->text);
        if (!c->on)
            continue;
        bool known = str_eq(text, before);
        if (rows[i].channel == NORMAL_DIGITS)
            known = str_eq(text, x->text) ||
                    str_eq(text, buf_str(&channels[NORMAL_TEXT].text));
        if (!known)
            add_row(x, out, rows[i].label, text);
        before = text;
    }
    add_row(x, out, "language", str_from(judge_lang_name(x->verdict->lang)));
}

/* --- which rules hit */

static void
add_piece(const struct explain *x, const struct match_hit *h, struct buf *line)
{
    struct str all = text_taken(x);
    size_t start = utf8_offset(all, h->start), end = utf8_offset(all, h->end);
    struct str written = {all.p + start, end - start};
    const struct buf *text = &x->scratch->normal.channel[h->channel].text;
    struct str seen = {text->data + h->byte_start, h->byte_end - h->byte_start};
    buf_addf(line, ": \"%.*s\"", STR_ARG(written));
    if (!str_eq(written, seen))
        buf_addf(line, " read as \"%.*s\"", STR_ARG(seen));
}

static void
add_note(const struct explain *x, struct buf *out, const char *note)
{
    buf_addf(out, "%*s", INNER, "");
    wrap_add(out, str_from(note), INNER, x->width);
    buf_add_char(out, '\n');
}

static void
add_hit(const struct explain *x, const struct match_hit *h, bool first, struct buf *out)
{
    const struct set_rule *r = &x->judge->rules[h->rule];
    const struct set_file *f = &x->judge->files[r->file];
    const char *note = judge_rule_description(&x->judge->shown[h->rule], x->lang);
    struct buf line = BUF_INIT;
    if (f->kind == FILTER_MASK)
        buf_addf(&line, "%s ", judge_pii_name(r->pii));
    else if (first)
        buf_addf(&line, "%+d ", r->score);
    buf_addf(&line, "%s %s", f->name, r->name);
    if (r->trial)
        buf_add_cstr(&line, " (trial, counts for nothing)");
    add_piece(x, h, &line);
    add_row(x, out, h == x->scratch->result.hits ? "rules" : "", buf_str(&line));
    if (first && note != NULL)
        add_note(x, out, note);
    buf_fini(&line);
}

static void
add_stopped(const struct explain *x, struct buf *out)
{
    const struct match_result *r = &x->scratch->result;
    for (size_t i = 0; i < r->n_stopped; i++) {
        const struct set_rule *rule = &x->judge->rules[r->stopped[i]];
        struct buf line = BUF_INIT;
        buf_addf(&line, "%s %s: could not be decided, its pattern reached the limit",
                 x->judge->files[rule->file].name, rule->name);
        add_row(x, out, "", buf_str(&line));
        buf_fini(&line);
    }
}

static void
add_hits(const struct explain *x, struct buf *out)
{
    const struct match_result *r = &x->scratch->result;
    if (r->n_hits == 0)
        add_row(x, out, "rules", STR_LIT("none hit"));
    for (size_t i = 0; i < r->n_hits && i < BOUNDS_WHY; i++)
        add_hit(x, &r->hits[i], i == 0 || r->hits[i - 1].rule != r->hits[i].rule, out);
    if (r->n_hits > BOUNDS_WHY)
        buf_addf(out, "%*sand %zu more\n", LABEL, "", r->n_hits - BOUNDS_WHY);
    add_stopped(x, out);
}

/* --- what they add up to */

static void
write_sum(struct buf *line, const char *what, int score, int threshold)
{
    buf_reset(line);
    buf_addf(line, "%s: %d of %d, %s", what, score, threshold,
             score >= threshold ? "enough" : "not enough");
}

static void
add_sums(const struct explain *x, struct buf *out)
{
    const struct judge *j = x->judge;
    struct buf line = BUF_INIT;
    write_sum(&line, "all question files", x->verdict->score, j->question_threshold);
    add_row(x, out, "sums", buf_str(&line));
    for (size_t i = 0; i < j->n_files; i++) {
        const struct set_file *f = &j->files[i];
        const struct set_tally *sum = &x->scratch->tally[i];
        if (f->kind == FILTER_QUESTION || f->kind == FILTER_MASK || sum->hits == 0)
            continue;
        write_sum(&line, f->name, sum->score, f->threshold);
        if (sum->gave_way)
            buf_add_cstr(&line, ", but another topic says as much");
        add_row(x, out, "", buf_str(&line));
    }
    buf_fini(&line);
}

/* --- what came of it */

static const char *
title_of(const struct judge *j, const char *id, const char *lang)
{
    for (size_t i = 0; j != NULL && i < j->n_topics; i++) {
        const struct judge_topic *t = &j->topics[i];
        if (strcmp(t->id, id) != 0)
            continue;
        if (strcmp(lang, "kk") == 0)
            return t->title_kk;
        return strcmp(lang, "ru") == 0 ? t->title_ru : t->title_en;
    }
    return NULL;
}

void
explain_verdict(const struct verdict *v, const struct judge *titles, const char *lang,
                struct buf *out)
{
    buf_addf(out, "%s, score %d", v->question ? "a question" : "no question", v->score);
    for (size_t i = 0; i < v->n_topics; i++) {
        const char *title = title_of(titles, v->topics[i], lang);
        buf_addf(out, "%s%s", i == 0 ? "; topic " : ", ", v->topics[i]);
        if (title != NULL)
            buf_addf(out, " (%s)", title);
    }
    if (v->urgent != NULL)
        buf_addf(out, "; URGENT: %s", v->urgent);
    if (v->abuse)
        buf_add_cstr(out, "; abuse");
    if (v->spam)
        buf_add_cstr(out, "; spam");
    for (size_t i = 0; i < v->n_pii; i++)
        buf_addf(out, "%s%s", i == 0 ? "; personal data: " : ", ",
                 judge_pii_name(v->pii[i].kind));
    if (v->held != NULL)
        buf_addf(out, "; HELD for a person: %s", v->held);
    if (v->held_filter != NULL)
        buf_addf(out, " (%s)", v->held_filter);
}

void
judge_explain(const struct explain *x, struct buf *out)
{
    struct buf line = BUF_INIT;
    add_channels(x, out);
    add_hits(x, out);
    add_sums(x, out);
    explain_verdict(x->verdict, x->judge, x->lang, &line);
    add_row(x, out, "verdict", buf_str(&line));
    buf_fini(&line);
    add_row(x, out, "masked", x->verdict->masked);
}
