/* SPDX-License-Identifier: Apache-2.0 */
/* probe.c - what the examples of a filter do not show: how its patterns behave on lines
 * that somebody makes to hurt.
 *
 * A pattern can only explode where two repeats compete for the same text, or the
 * alternatives of a repeated group do; those that have neither are not tried. The others
 * are run over lines made of their own letters: each letter, each pair of neighbours and
 * each word of the pattern again and again, with the pattern's first word before and with
 * an end behind that spoils the match. That finds the usual mistakes, (a+)+ and its kin,
 * and not all that there could be; the match limit stands behind it. */
#include "base/bounds.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "judge/regex.h"
#include "judge/set.h"

enum {
    REPEATS = 5,       /* a repeat that may go on as long as this can compete */
    LINE_BYTES = 400,  /* of a line that is tried */
    PUMPS_MAX = 48,    /* pieces that are repeated, of one pattern */
    SHOWN = 24,        /* characters of the line in the message */
    COST_ROUNDS = 200, /* of all examples, to measure a pattern */
};

struct probe {
    struct filters *filters;
    const struct judge *judge;
    struct match_scratch *scratch;
    uint64_t (*now_ns)(void);
    struct alphabet alphabet;
    struct buf line;
};

/* --- pieces of a pattern */

struct pieces {
    struct str at[PUMPS_MAX];
    size_t n;
};

static void
add_piece(struct pieces *p, struct str s)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->at[i], s))
            return;
    if (p->n < PUMPS_MAX)
        p->at[p->n++] = s;
}

static bool
is_plain(int32_t cp)
{
    return cp >= 0x80 || (cp >= ' ' && strchr("\\^$.[]|()?*+{}", cp) == NULL);
}

/* Words of the pattern, their letters, and letters that stand side by side. */
static void
collect(struct str pattern, struct pieces *words, struct pieces *pumps)
{
    size_t word = 0, before = 0;
    bool escaped = false;
    add_piece(pumps, STR_LIT("а"));
    add_piece(pumps, STR_LIT("1"));
    add_piece(pumps, STR_LIT("а "));
    add_piece(pumps, STR_LIT("1 "));
    add_piece(pumps, STR_LIT("-"));
    for (size_t pos = 0; pos < pattern.len;) {
        size_t at = pos;
        int32_t cp = utf8_next(pattern, &pos);
        if (cp < 0 || escaped || !is_plain(cp)) {
            if (at > word)
                add_piece(words, (struct str){pattern.p + word, at - word});
            escaped = cp == '\\' && !escaped;
            word = before = pos;
            continue;
        }
        add_piece(pumps, (struct str){pattern.p + at, pos - at});
        if (before < at)
            add_piece(pumps, (struct str){pattern.p + before, pos - before});
        before = at;
    }
    if (pattern.len > word)
        add_piece(words, (struct str){pattern.p + word, pattern.len - word});
    for (size_t i = 0; i < words->n; i++)
        add_piece(pumps, words->at[i]);
}

/* --- lines that hurt */

static void
make_line(struct buf *line, struct str before, struct str pump, struct str end)
{
    buf_reset(line);
    buf_add_str(line, before);
    while (line->len + pump.len <= LINE_BYTES)
        buf_add_str(line, pump);
    buf_add_str(line, end);
}

/* Is there a line on which the rule cannot be decided? It is left in p->line. */
static bool
hurts(struct probe *p, uint32_t rule, struct str pattern)
{
    struct pieces words = {.n = 0}, pumps = {.n = 0};
    collect(pattern, &words, &pumps);
    struct str first = words.n > 0 ? words.at[0] : STR_NONE;
    struct str last = words.n > 0 ? words.at[words.n - 1] : STR_NONE;
    struct buf apart = BUF_INIT, spoilt = BUF_INIT;
    buf_addf(&apart, "! %.*s", STR_ARG(last));
    buf_addf(&spoilt, "%.*s!", STR_ARG(last));
    const struct str starts[] = {STR_NONE, first};
    const struct str ends[] = {STR_NONE, last, buf_str(&apart), buf_str(&spoilt)};
    bool found = false;
    for (size_t i = 0; i < pumps.n * 8 && !found; i++) {
        make_line(&p->line, starts[i & 1], pumps.at[i / 8], ends[i / 2 % 4]);
        found = !match_decides(p->judge->match, p->scratch, rule, buf_str(&p->line));
    }
    buf_fini(&apart);
    buf_fini(&spoilt);
    return found;
}

static bool
can_explode(const struct probe *p, struct str pattern)
{
    struct regex r = {.alphabet = &p->alphabet, .text = pattern};
    unsigned repeats = 0;
    struct regex_token t;
    do {
        t = regex_next(&r);
        if (t.max >= REPEATS && t.kind != REGEX_STRANGE)
            repeats += t.kind == REGEX_CLOSE ? 2 : 1;
    } while (t.kind != REGEX_END && t.kind != REGEX_STRANGE);
    return repeats > 1 || t.kind == REGEX_STRANGE;
}

static void
warn_of_explosion(struct probe *p, const struct filter *file,
                  const struct filter_rule *rule, const char *key)
{
    struct yaml at = {.line = rule->line, .column = rule->column};
    struct str line = buf_str(&p->line);
    struct str shown = {.p = line.p, .len = utf8_offset(line, SHOWN)};
    filter_issue(
        p->filters, FILTERS_WARNING, file, &at,
        "'%s' of rule '%s' reaches its limit of work on a line like '%.*s…' (%zu "
        "characters); such lines are held for a person: let no two repeats take "
        "the same text, or make them possessive (++)",
        key, rule->name, STR_ARG(shown), utf8_count(line));
}

/* --- what it costs to have no stem */

static double
cost_us(struct probe *p, uint32_t rule)
{
    size_t lines = 0;
    uint64_t begin = p->now_ns();
    for (int round = 0; round < COST_ROUNDS; round++)
        for (size_t i = 0; i < p->filters->n; i++)
            for (size_t k = 0; k < p->filters->at[i].n_examples; k++, lines++)
                (void)match_decides(p->judge->match, p->scratch, rule,
                                    str_from(p->filters->at[i].examples[k].text));
    return lines == 0 ? 0 : (double)(p->now_ns() - begin) / 1e3 / (double)lines;
}

static void
note_cost(struct probe *p, const struct filter *file, const struct filter_rule *rule,
          uint32_t number)
{
    struct yaml at = {.line = rule->line, .column = rule->column};
    filter_issue(p->filters, FILTERS_NOTE, file, &at,
                 "rule '%s' has no stem of 3 letters to look for, so it runs on every "
                 "line: %.2f us each",
                 rule->name, cost_us(p, number));
}

/* --- all of them */

static void
probe_rule(struct probe *p, const struct filter *file, const struct filter_rule *rule,
           uint32_t number)
{
    struct str re = str_from(rule->re), unless = str_from(rule->unless);
    if (can_explode(p, re) && hurts(p, number, re))
        warn_of_explosion(p, file, rule, "re");
    else if (unless.len > 0 && can_explode(p, unless) && hurts(p, number, unless))
        warn_of_explosion(p, file, rule, "unless");
    if (match_state(p->judge->match, number).way == SCREEN_ALWAYS)
        note_cost(p, file, rule, number);
}

void
filters_check_patterns(struct filters *f, const struct judge *j, uint64_t (*now_ns)(void))
{
    struct probe p = {.filters = f,
                      .judge = j,
                      .scratch = match_scratch_new(),
                      .now_ns = now_ns,
                      .line = BUF_INIT};
    uint32_t number = 0;
    alphabet_init(&p.alphabet);
    for (size_t i = 0; i < f->n; i++)
        for (size_t k = 0; k < f->at[i].n_rules && number < j->n_rules; k++)
            probe_rule(&p, &f->at[i], &f->at[i].rules[k], number++);
    buf_fini(&p.line);
    match_scratch_free(&p.scratch);
}

void
filters_measure_rules(const struct filters *f, struct judge *j, uint64_t (*now_ns)(void))
{
    struct match_scratch *s = match_scratch_new();
    struct normal n;
    normal_init(&n);
    mem_free(j->costs);
    j->costs = mem_array(j->n_rules, sizeof(j->costs[0]));
    for (size_t i = 0; i < f->n; i++)
        for (size_t k = 0; k < f->at[i].n_examples; k++) {
            struct str text = str_from(f->at[i].examples[k].text);
            if (text.len > BOUNDS_TEXT || !utf8_is_valid(text))
                continue;
            normal_read(&n, text);
            match_measure(j->match, s, &n, now_ns, j->costs);
        }
    normal_fini(&n);
    match_scratch_free(&s);
}
