/* SPDX-License-Identifier: Apache-2.0 */
/* judge.c - the judge as others see it: made from loaded filters, shared, asked.
 *
 * A judge never changes once made, so a reload is a new one and the old one goes with its
 * last user; the count is atomic because a reload may build on another thread. Everything
 * that a line needs lives in the scratch, which grows to the largest line and stays. */
#include "judge/judge.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "judge/set.h"

#define QUESTION_THRESHOLD 3
#define URGENT_THRESHOLD   3
#define THRESHOLD          2

#define BIT(channel) (1u << (channel))

/* --- making one */

static unsigned
channels_of(enum filter_kind kind)
{
    switch (kind) {
    case FILTER_TOPIC:
    case FILTER_QUESTION:
    case FILTER_URGENT:
    case FILTER_SPAM:
        return BIT(NORMAL_TEXT) | BIT(NORMAL_LATIN);
    case FILTER_ABUSE:
        return BIT(NORMAL_TEXT) | BIT(NORMAL_LATIN) | BIT(NORMAL_LEET);
    case FILTER_MASK:
        return BIT(NORMAL_DIGITS) | BIT(NORMAL_SPELT);
    case FILTER_MACROS:
        break;
    }
    return 0;
}

static int
threshold_of(const struct filter *f)
{
    if (f->threshold != 0)
        return f->threshold;
    if (f->kind == FILTER_QUESTION)
        return QUESTION_THRESHOLD;
    return f->kind == FILTER_URGENT ? URGENT_THRESHOLD : THRESHOLD;
}

/* Without such a rule something is shown that must not be, or an alarm is missed. */
static bool
is_vital(enum filter_kind kind)
{
    return kind == FILTER_MASK || kind == FILTER_ABUSE || kind == FILTER_URGENT;
}

/* Question files add up to one sum, every other file has its own. */
static unsigned
sum_of(const struct filter *f, uint32_t file)
{
    return f->kind == FILTER_QUESTION ? 0 : file + 1;
}

/* What the matcher is to know of the rule's points: nothing where they count for nothing.
 */
static int
points_of(const struct filter *f, const struct filter_rule *r)
{
    return r->trial || f->kind == FILTER_MASK ? 0 : r->score;
}

static int
copy_rules(struct judge *j, const struct filter *f, uint32_t file, struct err *e)
{
    for (size_t i = 0; i < f->n_rules; i++) {
        const struct filter_rule *r = &f->rules[i];
        if (r->name == NULL || r->re == NULL)
            return err_set(e, ERR_BAD_STATE, "filter file '%s' has mistakes", f->name);
        struct match_spec spec = {.re = r->re,
                                  .unless = r->unless,
                                  .channels = channels_of(f->kind),
                                  .every =
                                      f->kind == FILTER_MASK || f->kind == FILTER_ABUSE,
                                  .vital = is_vital(f->kind),
                                  .check = r->check,
                                  .sum = sum_of(f, file),
                                  .points = points_of(f, r)};
        if (match_add(j->match, &spec, e) < 0)
            return err_ctx(e, "filter file '%s', rule '%s'", f->name, r->name);
        j->rules[j->n_rules++] = (struct set_rule){.name = mem_strdup(r->name),
                                                   .file = file,
                                                   .score = r->score,
                                                   .trial = r->trial,
                                                   .pii = r->pii};
        set_show_rule(j, j->n_rules - 1, f, r);
    }
    return 0;
}

static void
copy_topic(struct judge *j, const struct filter *f)
{
    j->topics[j->n_topics++] = (struct judge_topic){.id = mem_strdup(f->id),
                                                    .title_kk = mem_strdup(f->title[0]),
                                                    .title_ru = mem_strdup(f->title[1]),
                                                    .title_en = mem_strdup(f->title[2])};
}

static char **
copy_texts(char *const *texts, size_t n)
{
    char **copy = n == 0 ? NULL : mem_array(n, sizeof(copy[0]));
    for (size_t i = 0; i < n; i++)
        copy[i] = mem_strdup(texts[i]);
    return copy;
}

static int
copy_file(struct judge *j, const struct filter *f, struct err *e)
{
    if (!f->is_read || (f->kind == FILTER_TOPIC && f->id == NULL))
        return err_set(e, ERR_BAD_STATE, "filter file '%s' has mistakes", f->name);
    if (f->kind == FILTER_MACROS)
        return 0;
    uint32_t file = (uint32_t)j->n_files++;
    j->files[file] = (struct set_file){.name = mem_strdup(f->name),
                                       .id = mem_strdup(f->id),
                                       .class = mem_strdup(f->class),
                                       .kind = f->kind,
                                       .threshold = threshold_of(f),
                                       .yields = copy_texts(f->yields, f->n_yields),
                                       .n_yields = f->n_yields};
    if (f->kind == FILTER_TOPIC)
        copy_topic(j, f);
    if (f->kind == FILTER_QUESTION && f->threshold > j->question_threshold)
        j->question_threshold = f->threshold;
    match_set_bar(j->match, sum_of(f, file), threshold_of(f));
    return copy_rules(j, f, file, e);
}

/* Depends on names, contents and nothing else, so that it may be compared between runs.
 */
static uint64_t
digest(const struct filters *f)
{
    struct map_key key = {.bytes = {0}};
    uint64_t hash = 0;
    for (size_t i = 0; i < f->n; i++) {
        memcpy(key.bytes, &hash, sizeof(hash));
        hash = map_hash(&key, str_from(f->at[i].name), buf_str(&f->at[i].content));
    }
    return hash;
}

struct judge *
judge_new(const struct filters *f, struct err *e)
{
    struct judge *j = mem_zalloc(sizeof(*j));
    atomic_init(&j->references, 1);
    j->version = digest(f);
    j->match = match_new();
    j->words = lang_words_new();
    j->files = mem_array(f->n, sizeof(j->files[0]));
    j->topics = mem_array(f->n, sizeof(j->topics[0]));
    j->rules = mem_array(f->n_rules, sizeof(j->rules[0]));
    j->shown = mem_array(f->n_rules, sizeof(j->shown[0]));
    for (size_t i = 0; i < f->n; i++) {
        if (f->at[i].is_empty)
            continue;
        if (copy_file(j, &f->at[i], e) < 0) {
            judge_unref(&j);
            return NULL;
        }
    }
    if (j->question_threshold == 0)
        j->question_threshold = QUESTION_THRESHOLD;
    match_set_bar(j->match, 0, j->question_threshold);
    match_seal(j->match);
    return j;
}

struct judge *
judge_ref(struct judge *j)
{
    atomic_fetch_add(&j->references, 1);
    return j;
}

void
judge_unref(struct judge **j)
{
    struct judge *old = *j;
    *j = NULL;
    if (old == NULL || atomic_fetch_sub(&old->references, 1) != 1)
        return;
    for (size_t i = 0; i < old->n_files; i++) {
        mem_free(old->files[i].name);
        mem_free(old->files[i].id);
        mem_free(old->files[i].class);
        for (size_t k = 0; k < old->files[i].n_yields; k++)
            mem_free(old->files[i].yields[k]);
        mem_free(old->files[i].yields);
    }
    set_forget_rules(old);
    for (size_t i = 0; i < old->n_rules; i++)
        mem_free(old->rules[i].name);
    for (size_t i = 0; i < old->n_topics; i++) {
        MEM_FREE(old->topics[i].id);
        MEM_FREE(old->topics[i].title_kk);
        MEM_FREE(old->topics[i].title_ru);
        MEM_FREE(old->topics[i].title_en);
    }
    mem_free(old->files);
    mem_free(old->rules);
    mem_free(old->topics);
    match_free(&old->match);
    mem_free(old->costs);
    lang_words_free(&old->words);
    mem_free(old);
}

uint64_t
judge_version(const struct judge *j)
{
    return j->version;
}

size_t
judge_topics(const struct judge *j, const struct judge_topic **out)
{
    *out = j->topics;
    return j->n_topics;
}

/* --- asking it */

struct judge_scratch *
judge_scratch_new(void)
{
    struct judge_scratch *s = mem_zalloc(sizeof(*s));
    normal_init(&s->normal);
    s->match = match_scratch_new();
    return s;
}

void
judge_scratch_free(struct judge_scratch **s)
{
    if (*s == NULL)
        return;
    normal_fini(&(*s)->normal);
    match_scratch_free(&(*s)->match);
    mem_free((*s)->tally);
    mem_free((*s)->ranges);
    buf_fini(&(*s)->repaired);
    buf_fini(&(*s)->masked);
    buf_fini(&(*s)->key);
    MEM_FREE(*s);
}

/* The text as far as it can be judged; `v` is held when that is not all of it. */
static struct str
take_in(struct judge_scratch *s, struct str text, struct verdict *v)
{
    if (text.len > BOUNDS_TEXT) {
        text = utf8_prefix(text, BOUNDS_TEXT);
        v->held = "the text is too long";
    }
    if (utf8_is_valid(text))
        return text;
    buf_reset(&s->repaired);
    (void)utf8_repair(text, &s->repaired);
    v->held = "the text is not valid UTF-8";
    /* One bad byte becomes three. */
    return utf8_prefix(buf_str(&s->repaired), BOUNDS_TEXT);
}

static void
clear_tally(const struct judge *j, struct judge_scratch *s)
{
    if (s->n_tally < j->n_files) {
        s->tally = mem_resize(s->tally, j->n_files, sizeof(s->tally[0]));
        s->n_tally = j->n_files;
    }
    for (size_t i = 0; i < j->n_files; i++)
        s->tally[i] = (struct set_tally){.score = 0};
}

/* Letters and digits with single spaces; a line of nothing but signs is itself. */
static void
write_key(const struct normal *n, struct buf *out)
{
    buf_reset(out);
    bool gap = false;
    for (size_t i = 0; i < n->channel[NORMAL_TEXT].units.n; i++) {
        const struct unit *u = &n->channel[NORMAL_TEXT].units.at[i];
        if (u->class != LETTER_LETTER && u->class != LETTER_DIGIT) {
            gap = out->len > 0;
            continue;
        }
        if (gap)
            buf_add_char(out, ' ');
        gap = false;
        utf8_add(out, u->cp);
    }
    if (out->len == 0)
        buf_add_str(out, buf_str(&n->channel[NORMAL_TEXT].text));
}

struct str
judge_key(struct judge_scratch *s, struct str text)
{
    struct verdict ignored;

    normal_read(&s->normal, take_in(s, text, &ignored));
    write_key(&s->normal, &s->key);
    return buf_str(&s->key);
}

/* Public surfaces get no control that hides or turns other text. What holds an emoji
 * together (joiner, variation selector) stays. */
static bool
is_shown(int32_t cp)
{
    if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
        return cp == '\n';
    return cp == 0x200D || cp == 0xFE0F || !utf8_is_invisible((uint32_t)cp);
}

static void
drop_hidden(struct buf *b)
{
    struct str all = buf_str(b);
    size_t pos = 0, kept = 0;

    while (pos < all.len) {
        size_t at = pos;
        if (!is_shown(utf8_next(all, &pos)))
            continue;
        memmove(b->data + kept, b->data + at, pos - at);
        kept += pos - at;
    }
    buf_truncate(b, kept);
}

void
judge_text(const struct judge *j, struct judge_scratch *s, struct str text,
           struct verdict *v)
{
    memset(v, 0, sizeof(*v));
    text = take_in(s, text, v);
    clear_tally(j, s);
    normal_read(&s->normal, text);
    s->result = match_run(j->match, s->match, &s->normal);
    bool blind = classify(j, s, v);
    v->lang = lang_of(j->words, &s->normal);

    buf_reset(&s->masked);
    if (blind)
        buf_add_cstr(&s->masked, PERSONAL_MASK);
    else
        personal_mask(text, s->ranges, s->n_ranges, &s->masked);
    drop_hidden(&s->masked);
    v->masked = buf_str(&s->masked);
    write_key(&s->normal, &s->key);
    v->key = buf_str(&s->key);
}
