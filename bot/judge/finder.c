/* SPDX-License-Identifier: Apache-2.0 */
/* finder.c - patterns as branches, of which the screen names the few that can match;
 * PCRE2's JIT decides.
 *
 * Each branch is a code of its own. Where every match of it begins with a stem, the code
 * is anchored and tried only where the screen has found one; else it is searched for. The
 * match of the pattern is the leftmost of its branches' matches, and among those that
 * begin at one place that of the first branch: what PCRE2 would have found. Equal
 * patterns are one, and what was found from the beginning of a text is remembered, since
 * rules often share their `unless`.
 *
 * The texts are our own output or checked by the screen, so PCRE2 is told not to look at
 * their UTF-8. What a line can cost is bounded three times. Each try runs with a small
 * match limit first, which ordinary patterns never reach; only a few searches of a line
 * may go on to the full one (PCRE2 counts from anew at each place of the text, so that
 * limit alone would not do). The text that is searched in all is counted. */
#include "judge/finder.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "base/bounds.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "judge/branches.h"

#define FIRST_LIMIT   200               /* ordinary patterns stay under 100 */
#define HARD_MAX      4                 /* searches of one line with the full limit */
#define SEARCHED_MAX  (4 * 1024 * 1024) /* bytes searched for one line */
#define TRY_BYTES     16                /* what a try at one place counts for */
#define JIT_HELP_MIN  64                /* branches that are worth a second thread */
#define JIT_STACK_MIN (32 * 1024)
#define JIT_STACK_MAX (1024 * 1024)

struct code {
    pcre2_code *pcre; /* owned */
    bool jit;         /* sealed, and pcre2_jit_match() may be called */
    bool front;       /* anchored: matches only where the screen says */
    uint32_t pattern;
};

struct pattern {
    char *text;        /* owned */
    uint32_t first, n; /* its branches */
    enum screen_way way;
};

struct finder {
    const struct alphabet *alphabet;
    enum pattern_subject subject;
    struct screen *screen; /* owned, as all of it */
    struct code *branches;
    size_t n_branches, branches_cap;
    struct pattern *patterns;
    size_t n, cap;
    struct map *by_text; /* hash of its text -> the latest such pattern */
};

struct finder_scratch {
    pcre2_match_data *data; /* owned, as all of it */
    pcre2_match_context *first, *full;
    pcre2_jit_stack *stack;
    struct screen_scratch *screen;
    uint64_t line, texts;
    size_t searched; /* bytes, of this line */
    unsigned hard;
};

struct finder *
finder_new(const struct alphabet *a, enum pattern_subject subject)
{
    struct finder *s = mem_zalloc(sizeof(*s));
    s->alphabet = a;
    s->subject = subject;
    s->screen = screen_new(a);
    s->by_text = map_new();
    return s;
}

static void
drop_branches(struct finder *s, size_t n)
{
    while (s->n_branches > n)
        pcre2_code_free(s->branches[--s->n_branches].pcre);
}

void
finder_free(struct finder **s)
{
    if (*s == NULL)
        return;
    drop_branches(*s, 0);
    for (size_t i = 0; i < (*s)->n; i++)
        mem_free((*s)->patterns[i].text);
    mem_free((*s)->branches);
    mem_free((*s)->patterns);
    map_free(&(*s)->by_text);
    screen_free(&(*s)->screen);
    MEM_FREE(*s);
}

/* --- adding patterns */

static int
compile(struct finder *s, const char *text, struct code *out, struct err *e)
{
    size_t at;
    struct str re = str_from(text);
    out->pcre = out->front ? pattern_compile_here(re, s->subject, &at, e)
                           : pattern_compile(re, s->subject, &at, e);
    if (out->pcre == NULL)
        return -1;
    return 0;
}

static int
add_branch(struct finder *s, const struct branches *b, size_t i, struct err *e)
{
    struct pattern *p = &s->patterns[s->n];
    uint32_t number = (uint32_t)s->n_branches;
    enum screen_way way = screen_add(s->screen, number, &b->at[i].stems);
    struct code c = {.front = way == SCREEN_FRONT, .pattern = (uint32_t)s->n};
    if (compile(s, branch_text(b, i), &c, e) < 0)
        return -1;
    if (s->n_branches == s->branches_cap) {
        s->branches_cap = s->branches_cap == 0 ? 256 : s->branches_cap * 2;
        s->branches = mem_resize(s->branches, s->branches_cap, sizeof(s->branches[0]));
    }
    s->branches[s->n_branches++] = c;
    p->way = way > p->way ? way : p->way;
    return 0;
}

static int
add_all(struct finder *s, const struct branches *b, struct err *e)
{
    struct pattern *p = &s->patterns[s->n];
    p->way = SCREEN_FRONT;
    for (size_t i = 0; i < b->n; i++) {
        if (add_branch(s, b, i, e) < 0) {
            drop_branches(s, p->first);
            return -1;
        }
    }
    p->n = (uint32_t)b->n;
    return 0;
}

/* What is wrong is said of the pattern as it was written. */
static int
add_branches(struct finder *s, const char *text, struct err *e)
{
    struct branches b;
    branches_of(s->alphabet, str_from(text), &b);
    bool apart = b.n > 1;
    int rc = add_all(s, &b, apart ? NULL : e);
    branches_fini(&b);
    if (rc == 0 || !apart)
        return rc;
    branches_none(s->alphabet, str_from(text), &b);
    rc = add_all(s, &b, e);
    branches_fini(&b);
    return rc;
}

static uint64_t
hash_of(const char *text)
{
    const struct map_key key = {.bytes = {0}};
    return map_hash(&key, str_from(text), STR_NONE);
}

int
finder_add(struct finder *s, const char *pattern, uint32_t *number, struct err *e)
{
    uint64_t hash = hash_of(pattern), known;
    if (map_get(s->by_text, hash, &known) &&
        strcmp(s->patterns[known].text, pattern) == 0) {
        *number = (uint32_t)known;
        return 0;
    }
    if (s->n == s->cap) {
        s->cap = s->cap == 0 ? 64 : s->cap * 2;
        s->patterns = mem_resize(s->patterns, s->cap, sizeof(s->patterns[0]));
    }
    struct pattern *p = &s->patterns[s->n];
    *p = (struct pattern){.first = (uint32_t)s->n_branches};
    if (add_branches(s, pattern, e) < 0)
        return -1;
    p->text = mem_strdup(pattern);
    map_put(s->by_text, hash, s->n);
    *number = (uint32_t)s->n++;
    return 0;
}

/* --- sealing */

/* Branches for machine code, handed out to whoever is free. */
struct jit_work {
    struct finder *finder;
    atomic_size_t next;
};

/* Where the kernel allows no executable memory the interpreter does the same, slower. */
static void *
jit_all(void *work)
{
    struct jit_work *w = work;
    for (;;) {
        size_t i = atomic_fetch_add(&w->next, 1);
        if (i >= w->finder->n_branches)
            return NULL;
        struct code *c = &w->finder->branches[i];
        c->jit = pcre2_jit_compile(c->pcre, PCRE2_JIT_COMPLETE) == 0;
    }
}

/* Signals are not for the helper. */
static bool
start_helper(pthread_t *t, struct jit_work *work)
{
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int rc = pthread_create(t, NULL, jit_all, work);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return rc == 0;
}

/* A second thread helps; where there can be none, this one does it all. */
void
finder_seal(struct finder *s)
{
    struct jit_work work = {.finder = s};
    pthread_t helper;
    atomic_init(&work.next, 0);
    bool helped = s->n_branches >= JIT_HELP_MIN && start_helper(&helper, &work);
    screen_seal(s->screen);
    jit_all(&work);
    if (helped)
        pthread_join(helper, NULL);
}

size_t
finder_count(const struct finder *s)
{
    return s->n;
}

enum screen_way
finder_way(const struct finder *s, uint32_t pattern)
{
    return s->patterns[pattern].way;
}

/* --- working memory */

static pcre2_match_context *
context_new(pcre2_jit_stack *stack, uint32_t limit)
{
    pcre2_match_context *c = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(c, limit);
    pcre2_jit_stack_assign(c, NULL, stack);
    return c;
}

struct finder_scratch *
finder_scratch_new(void)
{
    struct finder_scratch *w = mem_zalloc(sizeof(*w));
    w->data = pcre2_match_data_create(1, NULL);
    w->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
    w->first = context_new(w->stack, FIRST_LIMIT);
    w->full = context_new(w->stack, BOUNDS_MATCH_LIMIT);
    w->screen = screen_scratch_new();
    return w;
}

void
finder_scratch_free(struct finder_scratch **w)
{
    if (*w == NULL)
        return;
    pcre2_match_data_free((*w)->data);
    pcre2_match_context_free((*w)->first);
    pcre2_match_context_free((*w)->full);
    pcre2_jit_stack_free((*w)->stack);
    screen_scratch_free(&(*w)->screen);
    MEM_FREE(*w);
}

void
finder_start(struct finder_scratch *w)
{
    w->line++;
    w->searched = 0;
    w->hard = 0;
}

void
finder_text_fini(struct finder_text *t)
{
    screen_result_fini(&t->screen);
    mem_free(t->known);
    mem_free(t->list);
    *t = (struct finder_text){.known = NULL};
}

/* --- reading a text */

bool
finder_read(const struct finder *s, struct finder_scratch *w, struct str text,
            struct finder_text *out)
{
    if (out->cap < s->n) {
        mem_free(out->known);
        mem_free(out->list);
        out->cap = s->n;
        out->known = mem_array(s->n, sizeof(out->known[0]));
        out->list = mem_array(s->n, sizeof(out->list[0]));
    }
    out->finder = s;
    out->text = text.len > 0 ? text : STR_LIT("");
    out->number = ++w->texts;
    out->n = 0;
    if (!screen_run(s->screen, w->screen, text, &out->screen))
        return false;
    for (size_t i = 0; i < out->screen.n; i++) {
        uint32_t pattern = s->branches[out->screen.list[i]].pattern;
        if (finder_can_match(out, pattern))
            continue;
        out->known[pattern] = (struct finder_known){.text = out->number};
        out->list[out->n++] = pattern;
    }
    return true;
}

/* --- searching */

/* One search for a pattern, and the best match so far. */
struct hunt {
    struct finder_scratch *scratch;
    struct str text;
    size_t from;
    pcre2_match_context *context;
    struct finder_range best; /* start SIZE_MAX: none */
};

static int
run(const struct hunt *h, const struct code *b, size_t at)
{
    PCRE2_SPTR p = (PCRE2_SPTR)h->text.p;
    if (b->jit)
        return pcre2_jit_match(b->pcre, p, h->text.len, at, PCRE2_NOTEMPTY,
                               h->scratch->data, h->context);
    return pcre2_match(b->pcre, p, h->text.len, at, PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY,
                       h->scratch->data, h->context);
}

/* From that byte on; a match is kept when it begins before the best one. */
static enum finder_answer
try_from(struct hunt *h, const struct code *b, size_t at)
{
    struct finder_scratch *w = h->scratch;
    if (w->searched > SEARCHED_MAX)
        return FINDER_STOP;
    w->searched += b->front ? TRY_BYTES : h->text.len - at;
    int rc = run(h, b, at);
    if (rc == PCRE2_ERROR_MATCHLIMIT && h->context == w->first && w->hard++ < HARD_MAX) {
        h->context = w->full;
        rc = run(h, b, at);
    }
    if (rc == PCRE2_ERROR_NOMATCH)
        return FINDER_MISS;
    const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(w->data);
    /* \K can move the start behind the end: nobody could say what that hit is. */
    if (rc < 0 || ovector[0] >= ovector[1])
        return FINDER_STOP;
    if (ovector[0] < h->best.start)
        h->best = (struct finder_range){.start = ovector[0], .end = ovector[1]};
    return FINDER_HIT;
}

/* The place of the branch that is at or behind `from`; 0: there is none. */
static uint32_t
place_from(const struct screen_result *r, uint32_t branch, size_t from)
{
    uint32_t place = r->first[branch];
    while (place != 0 && r->places[place].at < from)
        place = r->places[place].next;
    return place;
}

static enum finder_answer
try_places(struct hunt *h, const struct code *b, const struct screen_result *r,
           uint32_t number)
{
    for (uint32_t place = place_from(r, number, h->from);
         place != 0 && r->places[place].at < h->best.start;
         place = r->places[place].next) {
        enum finder_answer a = try_from(h, b, r->places[place].at);
        if (a != FINDER_MISS)
            return a;
    }
    return FINDER_MISS;
}

static enum finder_answer
search_branches(struct finder_scratch *w, const struct finder_text *t, uint32_t pattern,
                size_t from, struct finder_range *out)
{
    const struct finder *s = t->finder;
    const struct pattern *p = &s->patterns[pattern];
    struct hunt h = {.scratch = w, .text = t->text, .from = from, .context = w->first};
    h.best = (struct finder_range){.start = SIZE_MAX};
    for (uint32_t i = p->first; i < p->first + p->n; i++) {
        if (!screen_has(&t->screen, i))
            continue;
        const struct code *b = &s->branches[i];
        enum finder_answer a =
            b->front ? try_places(&h, b, &t->screen, i) : try_from(&h, b, from);
        if (a == FINDER_STOP)
            return FINDER_STOP;
    }
    *out = h.best;
    return h.best.start == SIZE_MAX ? FINDER_MISS : FINDER_HIT;
}

enum finder_answer
finder_first(struct finder_scratch *w, struct finder_text *t, uint32_t pattern,
             size_t from, struct finder_range *out)
{
    struct finder_known *k = &t->known[pattern];
    if (from > t->text.len)
        return FINDER_MISS;
    if (from > 0)
        return search_branches(w, t, pattern, from, out);
    if (k->line != w->line) {
        k->answer = search_branches(w, t, pattern, 0, &k->first);
        k->line = w->line;
    }
    *out = k->first;
    return k->answer;
}

size_t
finder_earliest(const struct finder_text *t, uint32_t pattern, size_t from)
{
    const struct finder *s = t->finder;
    const struct pattern *p = &s->patterns[pattern];
    size_t earliest = SIZE_MAX;
    for (uint32_t i = p->first; i < p->first + p->n; i++) {
        if (!screen_has(&t->screen, i))
            continue;
        if (!s->branches[i].front)
            return from;
        uint32_t place = place_from(&t->screen, i, from);
        if (place != 0 && t->screen.places[place].at < earliest)
            earliest = t->screen.places[place].at;
    }
    return earliest;
}

static size_t
next_character(struct str text, size_t pos)
{
    (void)utf8_next(text, &pos);
    return pos;
}

bool
finder_decides(const struct finder *s, struct finder_scratch *w, uint32_t pattern,
               struct str text)
{
    const struct pattern *p = &s->patterns[pattern];
    struct hunt h = {.scratch = w, .text = text.len > 0 ? text : STR_LIT("")};
    finder_start(w);
    for (uint32_t i = p->first; i < p->first + p->n; i++) {
        const struct code *b = &s->branches[i];
        enum finder_answer a = FINDER_MISS;
        h.context = w->first;
        for (size_t at = 0; at <= text.len && a == FINDER_MISS;
             at = b->front && at < text.len ? next_character(text, at) : text.len + 1)
            a = try_from(&h, b, at);
        if (a == FINDER_STOP)
            return false;
    }
    return true;
}
