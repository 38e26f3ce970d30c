/* SPDX-License-Identifier: Apache-2.0 */
/* filter_read.c - one YAML tree to one filter, and everything that can be wrong with it.
 *
 * A table says which keys each kind of file takes and what reads each of them; a rule has
 * a table of its own. A key that is not there is a mistake, never ignored: a typo in
 * "unless" would make a filter fire where it must not. Every reader goes on after a
 * mistake; even a file of no known kind is looked through, so that one typo does not hide
 * the others. */
#include "judge/filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define BIT(kind) (1u << (kind))
#define ALL       (BIT(FILTER_MACROS) * 2 - 1)
#define RULES     (ALL & ~BIT(FILTER_MACROS))

#define SCORE_MAX 100

struct reader {
    struct filters *set;
    struct filter *file;
    struct filter_rule *rule; /* being read */
    const struct yaml *re, *unless;
    char **words; /* being read: kk, ru, en */
};

struct key {
    const char *name;
    unsigned kinds; /* that take it */
    void (*read)(struct reader *r, const struct yaml *value);
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
wrong(struct reader *r, const struct yaml *at, const char *what)
{
    filter_issue(r->set, FILTERS_ERROR, r->file, at, "%s", what);
}

/* --- values */

static bool
is_text(struct reader *r, const struct yaml *v, const char *key)
{
    if (v->type == YAML_SCALAR && v->text.len > 0 &&
        memchr(v->text.p, 0, v->text.len) == NULL)
        return true;
    filter_issue(r->set, FILTERS_ERROR, r->file, v, "'%s' must be text", key);
    return false;
}

static void
read_text(struct reader *r, const struct yaml *v, const char *key, char **out)
{
    if (is_text(r, v, key))
        *out = mem_strndup(v->text.p, v->text.len);
}

static bool
read_number(struct reader *r, const struct yaml *v, const char *key, int *out)
{
    int64_t n;
    if (v->type == YAML_SCALAR &&
        str_to_i64(v->text, -SCORE_MAX, SCORE_MAX, &n, NULL) == 0) {
        *out = (int)n;
        return true;
    }
    filter_issue(r->set, FILTERS_ERROR, r->file, v,
                 "'%s' must be a whole number from %d to %d", key, -SCORE_MAX, SCORE_MAX);
    return false;
}

/* The index of the text in `names`, or -1 and an issue that lists them. */
static int
read_name(struct reader *r, const struct yaml *v, const char *key,
          const char *const *names, size_t n)
{
    struct buf list = BUF_INIT;
    for (size_t i = 0; i < n; i++) {
        if (v->type == YAML_SCALAR && str_eq(v->text, str_from(names[i]))) {
            buf_fini(&list);
            return (int)i;
        }
        buf_addf(&list, "%s%s", i == 0 ? "" : " ", names[i]);
    }
    filter_issue(r->set, FILTERS_ERROR, r->file, v, "'%s' must be one of: %s", key,
                 list.data);
    buf_fini(&list);
    return -1;
}

/* Reads every key of the map with the table; `kind` picks the rows. */
static void
read_keys(struct reader *r, const struct yaml *map, const struct key *table, size_t n)
{
    for (const struct yaml *k = map->first; k != NULL && k->next != NULL;
         k = k->next->next) {
        const struct key *row = NULL;
        for (size_t i = 0; i < n && k->type == YAML_SCALAR; i++)
            if (str_eq(k->text, str_from(table[i].name)))
                row = &table[i];
        bool twice = false;
        for (const struct yaml *o = map->first; o != k; o = o->next->next)
            twice = twice || (o->type == YAML_SCALAR && str_eq(o->text, k->text));
        if (k->type != YAML_SCALAR)
            wrong(r, k, "a key must be a word");
        else if (row == NULL)
            filter_issue(r->set, FILTERS_ERROR, r->file, k, "unknown key '%s'",
                         k->text.p);
        else if (twice)
            filter_issue(r->set, FILTERS_ERROR, r->file, k, "'%s' is there twice",
                         row->name);
        else if ((row->kinds & BIT(r->file->kind)) == 0 && !r->file->is_guess)
            filter_issue(r->set, FILTERS_ERROR, r->file, k,
                         "'%s' has no meaning in a file of this kind", row->name);
        else if (row->read != NULL)
            row->read(r, k->next);
    }
}

/* --- words in three languages */

static void
words_kk(struct reader *r, const struct yaml *v)
{
    read_text(r, v, "kk", &r->words[0]);
}

static void
words_ru(struct reader *r, const struct yaml *v)
{
    read_text(r, v, "ru", &r->words[1]);
}

static void
words_en(struct reader *r, const struct yaml *v)
{
    read_text(r, v, "en", &r->words[2]);
}

/* kk, ru and en into out[FILTER_TITLES]; `what` names the key in errors. */
static void
read_words(struct reader *r, const struct yaml *v, const char *what, char **out)
{
    static const struct key keys[] = {
        {"kk", ALL, words_kk}, {"ru", ALL, words_ru}, {"en", ALL, words_en}};
    r->words = out;
    if (v->type == YAML_MAP)
        read_keys(r, v, keys, COUNT(keys));
    else
        filter_issue(r->set, FILTERS_ERROR, r->file, v,
                     "'%s' is a map: {kk: …, ru: …, en: …}", what);
}

/* --- rules */

static void
rule_name(struct reader *r, const struct yaml *v)
{
    read_text(r, v, "name", &r->rule->name);
    for (size_t i = 0; r->rule->name != NULL && &r->file->rules[i] != r->rule; i++)
        if (r->file->rules[i].name != NULL &&
            strcmp(r->file->rules[i].name, r->rule->name) == 0)
            filter_issue(r->set, FILTERS_ERROR, r->file, v,
                         "another rule is named '%s' too", r->rule->name);
}

static void
rule_re(struct reader *r, const struct yaml *v)
{
    if (is_text(r, v, "re"))
        r->re = v;
}

static void
rule_unless(struct reader *r, const struct yaml *v)
{
    if (is_text(r, v, "unless"))
        r->unless = v;
}

static void
rule_description(struct reader *r, const struct yaml *v)
{
    if (v->type == YAML_MAP) {
        read_words(r, v, "description", r->rule->description);
        return;
    }
    for (size_t i = 0; i < FILTER_TITLES && is_text(r, v, "description"); i++)
        r->rule->description[i] = mem_strndup(v->text.p, v->text.len);
}

static void
rule_score(struct reader *r, const struct yaml *v)
{
    (void)read_number(r, v, "score", &r->rule->score);
}

static void
rule_trial(struct reader *r, const struct yaml *v)
{
    static const char *const names[] = {"false", "true"};
    r->rule->trial = read_name(r, v, "trial", names, COUNT(names)) == 1;
}

static void
rule_pii(struct reader *r, const struct yaml *v)
{
#define PII_NAME(code, name) name,
    static const char *const names[] = {JUDGE_PII_MAP(PII_NAME)};
#undef PII_NAME
    int i = read_name(r, v, "pii", names, COUNT(names));
    r->rule->pii = i < 0 ? PII_IIN : (enum judge_pii)i;
}

static void
rule_check(struct reader *r, const struct yaml *v)
{
#define CHECK_NAME(code, name) name,
    static const char *const names[] = {PERSONAL_CHECK_MAP(CHECK_NAME)};
#undef CHECK_NAME
    int i = read_name(r, v, "check", names, COUNT(names));
    r->rule->check = i < 0 ? CHECK_NONE : (enum personal_check)i;
}

static const struct key rule_keys[] = {
    {"name", RULES, rule_name},
    {"description", RULES, rule_description},
    {"re", RULES, rule_re},
    {"unless", RULES, rule_unless},
    {"score", RULES, rule_score},
    {"trial", RULES, rule_trial},
    {"pii", BIT(FILTER_MASK), rule_pii},
    {"check", BIT(FILTER_MASK), rule_check},
};

/* Expands and compiles, to report what is wrong; gives the expanded text or NULL. */
static char *
try_pattern(struct reader *r, const struct yaml *v, const char *key)
{
    struct err e = ERR_INIT;
    struct expansion x;
    size_t at;
    char *text = NULL;
    if (expansion_make(&x, v->text, &r->set->macros, &at, &e) == 0) {
        enum pattern_subject subject =
            r->file->kind == FILTER_MASK ? PATTERN_RAW : PATTERN_FOLDED;
        pcre2_code *code = pattern_compile(buf_str(&x.text), subject, &at, &e);
        at = at < x.text.len ? x.source[at] : v->text.len;
        if (code != NULL)
            text = mem_strndup(x.text.data, x.text.len);
        pcre2_code_free(code);
        expansion_fini(&x);
    }
    if (text == NULL) {
        struct yaml place = {.line = v->line, .column = yaml_column(v, at)};
        filter_issue(r->set, FILTERS_ERROR, r->file, &place, "'%s' %s", key, e.msg);
    }
    return text;
}

static bool
has_key(const struct yaml *map, const char *key)
{
    for (const struct yaml *k = map->first; k != NULL && k->next != NULL;
         k = k->next->next)
        if (k->type == YAML_SCALAR && str_eq(k->text, str_from(key)))
            return true;
    return false;
}

static void
read_rule(struct reader *r, const struct yaml *v)
{
    r->re = r->unless = NULL;
    r->rule->score = r->file->kind == FILTER_MASK ? 0 : 1;
    if (v->type != YAML_MAP) {
        wrong(r, v, "a rule is a map: {name: …, re: '…', score: 2}");
        return;
    }
    read_keys(r, v, rule_keys, COUNT(rule_keys));
    if (!has_key(v, "name"))
        wrong(r, v, "this rule has no 'name'");
    if (!has_key(v, "re"))
        wrong(r, v, "this rule has no 're'");
    if (r->file->kind == FILTER_MASK && !has_key(v, "pii"))
        wrong(r, v, "a mask rule says what it finds: 'pii'");
    if (r->re != NULL) {
        r->rule->re = try_pattern(r, r->re, "re");
        r->rule->line = r->re->line;
        r->rule->column = r->re->column;
        r->rule->re_written = mem_strndup(r->re->text.p, r->re->text.len);
    }
    if (r->unless != NULL) {
        r->rule->unless = try_pattern(r, r->unless, "unless");
        r->rule->unless_written = mem_strndup(r->unless->text.p, r->unless->text.len);
    }
}

static size_t
count_items(const struct yaml *list)
{
    size_t n = 0;
    for (const struct yaml *v = list->first; v != NULL; v = v->next)
        n++;
    return n;
}

/* --- the file */

static void
file_id(struct reader *r, const struct yaml *v)
{
    bool good = v->type == YAML_SCALAR && v->text.len > 0 && v->text.len <= 32;
    for (size_t i = 0; good && i < v->text.len; i++) {
        char c = v->text.p[i];
        good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }
    if (!good) {
        wrong(r, v, "'id' must be 1 to 32 of a-z 0-9 _ -");
        return;
    }
    r->file->id = mem_strndup(v->text.p, v->text.len);
    r->file->id_line = v->line;
    r->file->id_column = v->column;
}

static void
file_title(struct reader *r, const struct yaml *v)
{
    read_words(r, v, "title", r->file->title);
}

static void
file_class(struct reader *r, const struct yaml *v)
{
    static const char *const names[] = {"violence", "suicide", "missing",
                                        "fire",     "crash",   "bomb"};
    int i = read_name(r, v, "class", names, COUNT(names));
    if (i >= 0)
        r->file->class = mem_strdup(names[i]);
}

static void
file_threshold(struct reader *r, const struct yaml *v)
{
    if (read_number(r, v, "threshold", &r->file->threshold) && r->file->threshold < 1) {
        wrong(r, v, "'threshold' must be at least 1, or the filter fires on every line");
        r->file->threshold = 1;
    }
}

static void
file_rules(struct reader *r, const struct yaml *v)
{
    if (v->type != YAML_LIST) {
        wrong(r, v, "'rules' is a list");
        return;
    }
    size_t n = count_items(v);
    r->file->rules = mem_array(n, sizeof(r->file->rules[0]));
    r->file->n_rules = n;
    r->rule = r->file->rules;
    for (const struct yaml *item = v->first; item != NULL; item = item->next, r->rule++)
        read_rule(r, item);
}

static void
add_examples(struct reader *r, const struct yaml *v, bool match)
{
    if (v->type != YAML_LIST) {
        wrong(r, v, "examples are a list of texts");
        return;
    }
    struct filter *file = r->file;
    size_t n = file->n_examples + count_items(v);
    file->examples = mem_resize(file->examples, n, sizeof(file->examples[0]));
    for (const struct yaml *item = v->first; item != NULL; item = item->next) {
        if (item->type != YAML_SCALAR) {
            wrong(r, item, "an example is a text");
            continue;
        }
        file->examples[file->n_examples++] =
            (struct filter_example){.text = mem_strndup(item->text.p, item->text.len),
                                    .match = match,
                                    .line = item->line,
                                    .column = item->column};
    }
}

static void
examples_match(struct reader *r, const struct yaml *v)
{
    add_examples(r, v, true);
}

static void
examples_reject(struct reader *r, const struct yaml *v)
{
    add_examples(r, v, false);
}

static void
file_examples(struct reader *r, const struct yaml *v)
{
    static const struct key keys[] = {{"match", ALL, examples_match},
                                      {"reject", ALL, examples_reject}};
    if (v->type == YAML_MAP)
        read_keys(r, v, keys, COUNT(keys));
    else
        wrong(r, v, "'examples' is a map: {match: [...], reject: [...]}");
}

static void
file_macros(struct reader *r, const struct yaml *v)
{
    if (v->type != YAML_MAP) {
        wrong(r, v, "'macros' is a map: {K: '[қк]'}");
        return;
    }
    for (const struct yaml *k = v->first; k != NULL; k = k->next->next) {
        if (k->type != YAML_SCALAR || !macro_name_is_valid(k->text))
            wrong(r, k, "a macro's name is A to Z, then A to Z, 0 to 9 and _");
        else if (macros_find(&r->set->macros, k->text) != NULL)
            filter_issue(r->set, FILTERS_ERROR, r->file, k, "macro '%s' is there already",
                         k->text.p);
        else if (is_text(r, k->next, k->text.p))
            macros_add(&r->set->macros, k->text, k->next->text);
    }
}

static void
file_yields(struct reader *r, const struct yaml *v)
{
    struct filter *file = r->file;
    if (v->type != YAML_LIST) {
        wrong(r, v, "'yields' is a list of the ids of topics: [fines, theft]");
        return;
    }
    file->yields = mem_array(count_items(v), sizeof(file->yields[0]));
    for (const struct yaml *item = v->first; item != NULL; item = item->next)
        read_text(r, item, "yields", &file->yields[file->n_yields++]);
}

#define WITH_THRESHOLD (RULES & ~BIT(FILTER_MASK))

static const struct key file_keys[] = {
    {"kind", ALL, NULL},
    {"id", RULES, file_id},
    {"title", RULES, file_title},
    {"class", BIT(FILTER_URGENT), file_class},
    {"threshold", WITH_THRESHOLD, file_threshold},
    {"yields", BIT(FILTER_TOPIC), file_yields},
    {"rules", RULES, file_rules},
    {"examples", RULES, file_examples},
    {"macros", BIT(FILTER_MACROS), file_macros},
};

static const struct yaml *
value_of(const struct yaml *map, const char *key)
{
    for (const struct yaml *k = map->first; k != NULL && k->next != NULL;
         k = k->next->next)
        if (k->type == YAML_SCALAR && str_eq(k->text, str_from(key)))
            return k->next;
    return NULL;
}

void
filter_read_kind(struct filters *f, struct filter *file)
{
#define KIND_NAME(code, name) name,
    static const char *const names[] = {FILTER_KIND_MAP(KIND_NAME)};
#undef KIND_NAME
    struct reader r = {.set = f, .file = file};
    const struct yaml *root = yaml_root(file->doc), *v = value_of(root, "kind");
    if (v == NULL)
        wrong(&r, root, "has no 'kind'");
    int i = v == NULL ? -1 : read_name(&r, v, "kind", names, COUNT(names));
    file->is_read = i >= 0;
    file->is_guess = i < 0;
    file->kind = value_of(root, "macros") != NULL ? FILTER_MACROS : FILTER_TOPIC;
    if (i >= 0)
        file->kind = (enum filter_kind)i;
    file->threshold = 0;
}

void
filter_read_macros(struct filters *f, struct filter *file)
{
    struct reader r = {.set = f, .file = file};
    read_keys(&r, yaml_root(file->doc), file_keys, COUNT(file_keys));
}

void
filter_read(struct filters *f, struct filter *file)
{
    struct reader r = {.set = f, .file = file};
    const struct yaml *root = yaml_root(file->doc);
    read_keys(&r, root, file_keys, COUNT(file_keys));
    if (file->is_guess)
        return;
    if (value_of(root, "rules") == NULL)
        wrong(&r, root, "has no 'rules'");
    if (file->kind == FILTER_TOPIC && value_of(root, "id") == NULL)
        wrong(&r, root, "a topic needs an 'id'");
    if (file->kind == FILTER_URGENT && value_of(root, "class") == NULL)
        wrong(&r, root, "an urgent filter needs a 'class'");
    if (file->n_examples == 0)
        filter_issue(f, FILTERS_WARNING, file, NULL,
                     "has no examples; lines it must and must not match keep it honest");
}

void
filter_forget(struct filter *file)
{
    yaml_free(&file->doc);
    for (size_t i = 0; i < file->n_rules; i++) {
        mem_free(file->rules[i].name);
        mem_free(file->rules[i].re);
        mem_free(file->rules[i].unless);
        mem_free(file->rules[i].re_written);
        mem_free(file->rules[i].unless_written);
        for (size_t k = 0; k < FILTER_TITLES; k++)
            mem_free(file->rules[i].description[k]);
    }
    MEM_FREE(file->rules);
    for (size_t i = 0; i < file->n_examples; i++)
        mem_free(file->examples[i].text);
    MEM_FREE(file->examples);
    for (size_t i = 0; i < file->n_yields; i++)
        mem_free(file->yields[i]);
    MEM_FREE(file->yields);
    file->n_yields = 0;
    for (size_t i = 0; i < FILTER_TITLES; i++)
        MEM_FREE(file->title[i]);
    MEM_FREE(file->id);
    MEM_FREE(file->class);
    file->n_rules = file->n_examples = 0;
    file->is_read = file->is_guess = file->is_empty = false;
}
