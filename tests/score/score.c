/* SPDX-License-Identifier: Apache-2.0 */
/* score.c - how well the shipped filters read labelled chat: precision, recall and F1 for
 * each task and language, beside the aims; with --confusions every line that was read
 * wrong, and the rules that hit.
 *
 *   score [--aims] [--confusions] FILE...
 *
 * A line of a file is LANG<TAB>LABELS<TAB>TEXT. LABELS: q, topics, urgent:CLASS, abuse,
 * spam, or - for none. Personal data stands in brackets, with its kind: ⟦phone 8 701 …⟧.
 * With --aims it ends with 1 when one is missed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "command/filter_set.h"
#include "judge/judge.h"

enum { LINE_MAX_BYTES = 8192, LABELS = 16, SPANS = 16, LANGS = 8 };

enum task { QUESTION, TOPICS, URGENT, PERSONAL, ABUSE, SPAM, TASKS };
static const char *const task_names[] = {"question",      "topics", "urgent",
                                         "personal data", "abuse",  "spam"};

struct label {
    struct str lang, topics[LABELS], urgent;
    size_t n_topics;
    bool question, abuse, spam;
    struct judge_span pii[SPANS];
    size_t n_pii;
    struct buf text;
};

/* `clean`: lines without what the task looks for; `alarms`: those where it was found. */
struct tally {
    unsigned hit, missed, extra, clean, alarms;
};

struct score {
    const struct judge *judge;
    struct judge_scratch *scratch;
    struct tally tally[LANGS + 1][TASKS]; /* the first one: all languages */
    char *lang[LANGS + 1];
    size_t n_langs, lines;
    bool confusions;
};

/* --- reading */

static void
fail(const char *file, unsigned line, const char *what)
{
    fprintf(stderr, "%s:%u: %s\n", file, line, what);
    exit(2);
}

static const char *
read_labels(const struct judge *j, struct str labels, struct label *out)
{
    const struct judge_topic *topics;
    size_t n = judge_topics(j, &topics), i;
    struct str word;
    while (str_split(&labels, ' ', &word)) {
        if (str_eq(word, STR_LIT("-")) || word.len == 0)
            continue;
        if (str_eq(word, STR_LIT("q"))) {
            out->question = true;
        } else if (str_eq(word, STR_LIT("abuse"))) {
            out->abuse = true;
        } else if (str_eq(word, STR_LIT("spam"))) {
            out->spam = true;
        } else if (str_has_prefix(word, STR_LIT("urgent:"))) {
            out->urgent = (struct str){word.p + 7, word.len - 7};
        } else {
            for (i = 0; i < n && !str_eq(word, str_from(topics[i].id));)
                i++;
            if (i == n || out->n_topics == LABELS)
                return "a label that is none";
            out->topics[out->n_topics++] = word;
        }
    }
    return NULL;
}

#define OPEN  "⟦"
#define CLOSE "⟧"

/* The text without the brackets, which become spans. */
static const char *
read_text(struct str s, struct label *out)
{
    size_t begin = 0;
    bool inside = false;
    for (size_t i = 0; i < s.len;) {
        struct str rest = {s.p + i, s.len - i};
        if (str_has_prefix(rest, STR_LIT(OPEN))) {
            const char *gap = memchr(rest.p, ' ', rest.len);
            if (inside || gap == NULL || out->n_pii == SPANS)
                return "a bracket that is out of place";
            inside = true;
            begin = utf8_count(buf_str(&out->text));
            i += (size_t)(gap - rest.p) + 1;
        } else if (str_has_prefix(rest, STR_LIT(CLOSE))) {
            if (!inside)
                return "a bracket that closes nothing";
            inside = false;
            out->pii[out->n_pii++] =
                (struct judge_span){.start = (uint32_t)begin,
                                    .end = (uint32_t)utf8_count(buf_str(&out->text))};
            i += sizeof(CLOSE) - 1;
        } else if (str_has_prefix(rest, STR_LIT("\\n"))) {
            buf_add_char(&out->text, '\n');
            i += 2;
        } else {
            buf_add_char(&out->text, s.p[i++]);
        }
    }
    return inside ? "a bracket that is not closed" : NULL;
}

/* --- counting */

static void
count(struct tally *t, unsigned wanted, unsigned hit, unsigned extra)
{
    t->hit += hit;
    t->missed += wanted - hit;
    t->extra += extra;
    t->clean += wanted == 0;
    t->alarms += wanted == 0 && extra > 0;
}

static void
count_topics(const struct label *l, const struct verdict *v, struct tally *t)
{
    unsigned hit = 0;
    size_t shown = v->n_topics < 2 ? v->n_topics : 2; /* what a console shows */
    for (size_t i = 0; i < l->n_topics; i++)
        for (size_t k = 0; k < v->n_topics; k++)
            hit += str_eq(l->topics[i], str_from(v->topics[k]));
    size_t given = hit > shown ? hit : shown;
    count(t, (unsigned)l->n_topics, hit, (unsigned)given - hit);
}

static bool
is_covered(const struct verdict *v, struct judge_span want)
{
    for (uint32_t at = want.start; at < want.end; at++) {
        bool hidden = false;
        for (size_t i = 0; i < v->n_pii; i++)
            hidden = hidden || (v->pii[i].start <= at && at < v->pii[i].end);
        if (!hidden)
            return false;
    }
    return true;
}

static void
count_personal(const struct label *l, const struct verdict *v, struct tally *t)
{
    unsigned hit = 0, extra = 0;
    for (size_t i = 0; i < l->n_pii; i++)
        hit += is_covered(v, l->pii[i]);
    for (size_t i = 0; i < v->n_pii; i++) {
        bool wanted = false;
        for (size_t k = 0; k < l->n_pii; k++)
            wanted = wanted ||
                     (v->pii[i].start < l->pii[k].end && l->pii[k].start < v->pii[i].end);
        extra += !wanted;
    }
    count(t, (unsigned)l->n_pii, hit, extra);
}

static void
count_line(const struct label *l, const struct verdict *v, struct tally t[TASKS])
{
    bool urgent = l->urgent.len > 0, alarm = v->urgent != NULL;
    count(&t[QUESTION], l->question, l->question && v->question,
          !l->question && v->question);
    count_topics(l, v, &t[TOPICS]);
    count(&t[URGENT], urgent, urgent && alarm, !urgent && alarm);
    count_personal(l, v, &t[PERSONAL]);
    count(&t[ABUSE], l->abuse, l->abuse && v->abuse, !l->abuse && v->abuse);
    count(&t[SPAM], l->spam, l->spam && v->spam, !l->spam && v->spam);
}

static void
print_confusion(const struct label *l, const struct verdict *v)
{
    struct tally t[TASKS] = {{.hit = 0}};
    count_line(l, v, t);
    for (int i = 0; i < TASKS; i++) {
        if (t[i].missed == 0 && t[i].extra == 0)
            continue;
        printf("%s %s: %s\n   ", t[i].missed > 0 ? "missed" : "extra ", task_names[i],
               l->text.data);
        for (size_t k = 0; i == TOPICS && k < l->n_topics; k++)
            printf(" want %.*s", STR_ARG(l->topics[k]));
        for (size_t k = 0; k < v->n_why; k++)
            printf(" %s:%s%+d", v->why[k].filter, v->why[k].rule, v->why[k].score);
        printf("\n");
    }
}

static size_t
lang_of(struct score *s, struct str lang)
{
    size_t i = 1;
    while (i <= s->n_langs && !str_eq(lang, str_from(s->lang[i])))
        i++;
    if (i > s->n_langs && i <= LANGS)
        s->lang[++s->n_langs] = mem_strndup(lang.p, lang.len);
    return i <= LANGS ? i : LANGS;
}

static const char *
score_line(struct score *s, struct str line)
{
    struct label l = {.text = BUF_INIT};
    struct str labels;
    struct verdict v;
    if (!str_split(&line, '\t', &l.lang) || !str_split(&line, '\t', &labels))
        return "not LANG<TAB>LABELS<TAB>TEXT";
    const char *wrong = read_labels(s->judge, labels, &l);
    if (wrong == NULL)
        wrong = read_text(line, &l);
    if (wrong == NULL && l.text.len > 0) {
        judge_text(s->judge, s->scratch, buf_str(&l.text), &v);
        count_line(&l, &v, s->tally[0]);
        count_line(&l, &v, s->tally[lang_of(s, l.lang)]);
        s->lines++;
        if (s->confusions)
            print_confusion(&l, &v);
    }
    buf_fini(&l.text);
    return wrong;
}

static void
score_file(struct score *s, const char *path)
{
    char line[LINE_MAX_BYTES];
    FILE *f = fopen(path, "re");
    if (f == NULL)
        fail(path, 0, "cannot be read");
    for (unsigned n = 1; fgets(line, sizeof(line), f) != NULL; n++) {
        struct str l = str_from(line);
        while (l.len > 0 && l.p[l.len - 1] == '\n')
            l.len--;
        if (l.len == 0 || l.p[0] == '#')
            continue;
        const char *wrong = score_line(s, l);
        if (wrong != NULL)
            fail(path, n, wrong);
    }
    (void)fclose(f);
}

/* --- printing */

static double
share(unsigned part, unsigned rest)
{
    return part + rest == 0 ? 1.0 : (double)part / (double)(part + rest);
}

static double
f1(const struct tally *t)
{
    double p = share(t->hit, t->extra), r = share(t->hit, t->missed);
    return p + r > 0 ? 2 * p * r / (p + r) : 0;
}

static void
print_tally(const char *lang, enum task task, const struct tally *t)
{
    if (t->hit + t->missed + t->extra == 0)
        return;
    printf("  %-13s %-6s precision %.3f  recall %.3f  F1 %.3f  (%u found, %u missed, %u "
           "extra)",
           task_names[task], lang, share(t->hit, t->extra), share(t->hit, t->missed),
           f1(t), t->hit, t->missed, t->extra);
    if (t->alarms > 0 && task != QUESTION && task != TOPICS)
        printf("  1 false in %.0f lines", (double)t->clean / (double)t->alarms);
    printf("\n");
}

static int
misses(const char *what, double is, double aim)
{
    if (is >= aim)
        return 0;
    printf("  MISSED: %s %.3f, the aim is %.3f\n", what, is, aim);
    return 1;
}

/* The aims are for text that the filters were not tuned on. */
static int
print_aims(struct tally t[TASKS])
{
    const struct tally *q = &t[QUESTION], *u = &t[URGENT], *p = &t[PERSONAL];
    int n = misses("question F1", f1(q), 0.92);
    n += misses("question recall", share(q->hit, q->missed), 0.95);
    n += misses("question precision", share(q->hit, q->extra), 0.88);
    n += misses("topics F1", f1(&t[TOPICS]), 0.85);
    n += misses("urgent recall", share(u->hit, u->missed), 0.97);
    n += misses("lines without false alarm", share(u->clean - u->alarms, u->alarms),
                1 - 1.0 / 300);
    n += misses("personal data recall", share(p->hit, p->missed), 0.99);
    n += misses("clean lines without mask", share(p->clean - p->alarms, p->alarms),
                1 - 1.0 / 200);
    if (n == 0)
        printf("  all aims reached\n");
    return n == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
    char folder[] = "filters/police-kz", *folders[] = {folder};
    struct score s = {.confusions = false};
    struct err e = ERR_INIT;
    bool aims = false;
    mem_install();
    struct judge *j = filter_set_judge(folders, 1, &e);
    if (j == NULL)
        fail(folder, 0, e.msg);
    s.judge = j;
    s.scratch = judge_scratch_new();
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--confusions") == 0)
            s.confusions = true;
        else if (strcmp(argv[i], "--aims") == 0)
            aims = true;
        else
            score_file(&s, argv[i]);
    }
    printf("  %zu lines\n", s.lines);
    for (int task = 0; task < TASKS; task++) {
        print_tally("all", (enum task)task, &s.tally[0][task]);
        for (size_t i = 1; i <= s.n_langs; i++)
            print_tally(s.lang[i], (enum task)task, &s.tally[i][task]);
    }
    int status = aims ? print_aims(s.tally[0]) : 0;
    for (size_t i = 1; i <= s.n_langs; i++)
        mem_free(s.lang[i]);
    judge_scratch_free(&s.scratch);
    judge_unref(&j);
    return status;
}
