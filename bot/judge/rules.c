/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c - the list of rules that people see. It lies beside what matching needs, so
 * that the one stays small and the other may say as much as a page wants to show. */
#include "judge/rules.h"

#include "base/mem.h"
#include "judge/set.h"

size_t
judge_rules(const struct judge *j, const struct judge_rule **out)
{
    *out = j->shown;
    return j->n_rules;
}

/* Both files and rules of a file are few, and rules stand by file. */
const struct judge_rule *
judge_rule_find(const struct judge *j, const char *filter, const char *rule)
{
    for (size_t i = 0; i < j->n_rules; i++) {
        const struct judge_rule *r = &j->shown[i];
        if (strcmp(r->name, rule) == 0 && strcmp(r->filter, filter) == 0)
            return r;
    }
    return NULL;
}

struct judge_rule_state
judge_rule_state(const struct judge *j, size_t i)
{
    struct match_state s = match_state(j->match, (uint32_t)i);

    double us = -1;
    if (j->costs != NULL && j->costs[i].runs > 0)
        us = (double)j->costs[i].ns / 1e3 / j->costs[i].runs;
    return (struct judge_rule_state){
        .stops = s.stops, .quarantined = s.quarantined, .avg_us = us};
}

const char *
judge_rule_description(const struct judge_rule *r, const char *lang)
{
    const char *const texts[] = {r->text_kk, r->text_ru, r->text_en};
    static const char *const langs[] = {"kk", "ru", "en"};

    for (size_t i = 0; i < sizeof(langs) / sizeof(langs[0]); i++)
        if (strcmp(langs[i], lang) == 0 && texts[i] != NULL)
            return texts[i];
    for (size_t i = 0; i < sizeof(langs) / sizeof(langs[0]); i++)
        if (texts[i] != NULL)
            return texts[i];
    return NULL;
}

const char *
set_kind_name(enum filter_kind kind)
{
    static const char *const kinds[] = {
#define KIND_NAME(code, name) name,
        FILTER_KIND_MAP(KIND_NAME)
#undef KIND_NAME
    };
    return kinds[kind];
}

void
set_show_rule(struct judge *j, size_t rule, const struct filter *f,
              const struct filter_rule *r)
{
    const struct set_file *file = &j->files[j->rules[rule].file];
    j->shown[rule] = (struct judge_rule){
        .filter = file->name,
        .kind = set_kind_name(f->kind),
        .id = file->id,
        .name = j->rules[rule].name,
        .text_kk = mem_strdup(r->description[0]),
        .text_ru = mem_strdup(r->description[1]),
        .text_en = mem_strdup(r->description[2]),
        .re = mem_strdup(r->re_written),
        .unless = mem_strdup(r->unless_written),
        .pii = f->kind == FILTER_MASK ? judge_pii_name(r->pii) : NULL,
        .score = r->score,
        .threshold = f->kind == FILTER_MASK ? 0 : file->threshold,
        .trial = r->trial,
    };
}

void
set_forget_rules(struct judge *j)
{
    for (size_t i = 0; i < j->n_rules; i++) {
        MEM_FREE(j->shown[i].text_kk);
        MEM_FREE(j->shown[i].text_ru);
        MEM_FREE(j->shown[i].text_en);
        MEM_FREE(j->shown[i].re);
        MEM_FREE(j->shown[i].unless);
    }
    MEM_FREE(j->shown);
}
