/* SPDX-License-Identifier: Apache-2.0 */
/* lab_report.c - differences as text.
 *
 * People read by kind ("what did we lose?"), the chat comes in its own order: so each
 * kind gathers its entries until the end, up to a cap, and the input may be endless.
 * Everything from outside (chat, file and rule names) passes the escaper in wrap_add().
 */
#include "command/lab_report.h"

#include <inttypes.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "base/wrap.h"
#include "judge/explain.h"
#include "judge/rules.h"

enum { LABEL = 8, TEXT = 4 + LABEL, NUMBER = 9 };

static const struct {
    const char *title, *colour;
} kinds[COMPARE_CHANGES] = {
    {"GAINED: now a question", "\033[32m"},
    {"LOST: no question any more", "\033[31m"},
    {"MOVED: another topic or flag", "\033[33m"},
    {"MASKED: another text on public surfaces", "\033[35m"},
};

void
lab_report_fini(struct lab_report *r)
{
    for (size_t i = 0; i < COMPARE_CHANGES; i++)
        buf_fini(&r->section[i]);
}

/* --- one difference */

static void
add_row(const struct lab_report *r, struct buf *out, const char *label, struct str text)
{
    buf_addf(out, "    %-*s", LABEL, label);
    wrap_add(out, text, TEXT, r->width);
    buf_add_char(out, '\n');
}

static void
write_score(const struct compare_reason *reason, enum compare_side side, struct buf *out)
{
    if (reason->hit[side])
        buf_addf(out, "%+d", reason->score[side]);
    else
        buf_add_cstr(out, "no hit");
}

static void
add_reason(const struct lab_report *r, struct buf *out,
           const struct compare_reason *reason)
{
    enum compare_side side = reason->hit[COMPARE_NEW] ? COMPARE_NEW : COMPARE_OLD;
    const struct judge_rule *rule =
        judge_rule_find(r->judge[side], reason->filter, reason->rule);
    const char *about = rule == NULL ? NULL : judge_rule_description(rule, r->lang);
    struct buf line = BUF_INIT;

    buf_addf(&line, "%s %s: ", reason->filter, reason->rule);
    if (reason->hit[COMPARE_OLD] && reason->hit[COMPARE_NEW] &&
        reason->score[COMPARE_OLD] == reason->score[COMPARE_NEW]) {
        buf_add_cstr(&line, "hits another piece");
    } else {
        write_score(reason, COMPARE_OLD, &line);
        buf_add_cstr(&line, " -> ");
        write_score(reason, COMPARE_NEW, &line);
    }
    if (about != NULL)
        buf_addf(&line, " (%s)", about);
    add_row(r, out, "rule", buf_str(&line));
    buf_fini(&line);
}

static void
add_verdicts(const struct lab_report *r, struct buf *out, const struct compare_line *line,
             bool masked)
{
    static const char *const labels[COMPARE_SIDES] = {"old", "new"};

    for (size_t i = 0; i < COMPARE_SIDES; i++) {
        struct buf words = BUF_INIT;
        if (masked)
            buf_add_str(&words, line->verdict[i]->masked);
        else
            explain_verdict(line->verdict[i], r->judge[i], r->lang, &words);
        add_row(r, out, labels[i], buf_str(&words));
        buf_fini(&words);
    }
}

static void
add_entry(struct lab_report *r, unsigned bit, struct buf *head,
          const struct compare_line *line)
{
    struct buf *out = &r->section[bit];

    if (r->left_out[bit] > 0 || out->len >= BOUNDS_LAB_SECTION) {
        r->left_out[bit]++;
        return;
    }
    buf_add_str(out, buf_str(head));
    add_verdicts(r, out, line, (1u << bit) == COMPARE_MASKED);
    for (size_t i = 0; i < line->n_reasons; i++)
        add_reason(r, out, &line->reasons[i]);
    if (line->n_reasons == 0)
        add_row(r, out, "rule",
                STR_LIT("the same rules hit; a threshold, an id or a class is another"));
}

void
lab_report_add(struct lab_report *r, uint64_t number, struct str text,
               const struct compare_line *line)
{
    struct buf head = BUF_INIT;

    buf_addf(&head, "  line %" PRIu64 "\n", number);
    add_row(r, &head, "text", text);
    for (unsigned bit = 0; bit < COMPARE_CHANGES; bit++)
        if (((line->changes >> bit) & 1u) != 0)
            add_entry(r, bit, &head, line);
    buf_fini(&head);
}

/* --- the table */

static void
add_name(struct buf *out, const char *indent, const char *name, unsigned columns)
{
    struct buf safe = BUF_INIT;

    buf_add_cstr(&safe, indent);
    buf_add_escaped(&safe, str_from(name));
    unsigned used = wrap_columns(buf_str(&safe));
    buf_add_str(out, buf_str(&safe));
    buf_addf(out, "%*s", used < columns ? (int)(columns - used) : 0, "");
    buf_fini(&safe);
}

static void
add_numbers(struct buf *out, const uint64_t pair[COMPARE_SIDES])
{
    uint64_t old = pair[COMPARE_OLD], new = pair[COMPARE_NEW];

    buf_addf(out, " %*" PRIu64 " %*" PRIu64, NUMBER, old, NUMBER, new);
    if (old == new)
        buf_addf(out, " %*s", NUMBER, "=");
    else
        buf_addf(out, " %+*" PRId64, NUMBER, (int64_t)(new - old));
}

/* A file always has its line; a rule, when there is something to say of it. */
static bool
is_shown(const struct compare_count *row)
{
    return row->rule == NULL || row->hits[COMPARE_OLD] != row->hits[COMPARE_NEW] ||
           !row->there[COMPARE_OLD] || !row->there[COMPARE_NEW];
}

static void
add_count(struct buf *out, const struct compare_count *row, unsigned columns)
{
    bool is_file = row->rule == NULL;

    add_name(out, is_file ? "  " : "    ", is_file ? row->filter : row->rule, columns);
    add_numbers(out, row->hits);
    if (is_file)
        add_numbers(out, row->fired);
    if (!row->there[COMPARE_OLD])
        buf_add_cstr(out, "  new");
    if (!row->there[COMPARE_NEW])
        buf_add_cstr(out, "  gone");
    if (row->trial)
        buf_add_cstr(out, "  trial");
    buf_add_char(out, '\n');
}

static void
add_table(struct buf *out, const struct compare *c)
{
    const struct compare_count *rows;
    size_t n = compare_counts(c, &rows);
    unsigned columns = 20;

    for (size_t i = 0; i < n; i++) {
        bool is_file = rows[i].rule == NULL;
        unsigned wide =
            4 + wrap_columns(str_from(is_file ? rows[i].filter : rows[i].rule));
        if (is_shown(&rows[i]) && wide > columns)
            columns = wide;
    }
    buf_addf(out, "%-*s %*s %*s %*s %*s %*s %*s\n", (int)columns, "MESSAGES", NUMBER,
             "hits old", NUMBER, "new", NUMBER, "diff", NUMBER, "fired old", NUMBER,
             "new", NUMBER, "diff");
    for (size_t i = 0; i < n; i++)
        if (is_shown(&rows[i]))
            add_count(out, &rows[i], columns);
}

static void
add_totals(struct buf *out, const struct compare_totals *t, uint64_t errors)
{
    buf_addf(out, "\n%" PRIu64 " messages, %" PRIu64 " lines that could not be read\n",
             t->messages, errors);
    buf_addf(out,
             "questions %" PRIu64 " -> %" PRIu64 ", held %" PRIu64 " -> %" PRIu64 "\n",
             t->questions[COMPARE_OLD], t->questions[COMPARE_NEW], t->held[COMPARE_OLD],
             t->held[COMPARE_NEW]);
    for (unsigned bit = 0; bit < COMPARE_CHANGES; bit++)
        buf_addf(out, "%s%" PRIu64 " %s", bit == 0 ? "" : ", ", t->changes[bit],
                 compare_change_name((enum compare_change)(1u << bit)));
    buf_add_char(out, '\n');
}

void
lab_report_write(const struct lab_report *r, const struct compare *c, uint64_t errors,
                 struct buf *out)
{
    const struct compare_totals *t = compare_totals(c);

    for (unsigned bit = 0; bit < COMPARE_CHANGES; bit++) {
        if (t->changes[bit] == 0)
            continue;
        buf_addf(out, "%s%s (%" PRIu64 ")%s\n", r->colour ? kinds[bit].colour : "",
                 kinds[bit].title, t->changes[bit], r->colour ? "\033[0m" : "");
        buf_add_str(out, buf_str(&r->section[bit]));
        if (r->left_out[bit] > 0)
            buf_addf(out, "  and %" PRIu64 " more; --json gives all of them\n",
                     r->left_out[bit]);
        buf_add_char(out, '\n');
    }
    add_table(out, c);
    add_totals(out, t, errors);
}
