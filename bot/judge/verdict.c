/* SPDX-License-Identifier: Apache-2.0 */
/* verdict.c - names and the one JSON form of a verdict (DESIGN 5.4), the same wherever it
 * is read: journal, `suraq judge`, API. */
#include "judge/judge.h"

static const char *const langs[] = {
#define LANG_NAME(code, name) name,
    JUDGE_LANG_MAP(LANG_NAME)
#undef LANG_NAME
};

static const char *const kinds[] = {
#define PII_NAME(code, name) name,
    JUDGE_PII_MAP(PII_NAME)
#undef PII_NAME
};

const char *
judge_lang_name(enum judge_lang l)
{
    return langs[l];
}

int
judge_lang_from_name(struct str name, enum judge_lang *out, struct err *e)
{
    for (size_t i = 0; i < sizeof(langs) / sizeof(langs[0]); i++) {
        if (str_eq(name, str_from(langs[i]))) {
            *out = (enum judge_lang)i;
            return 0;
        }
    }
    return err_set(e, ERR_VALUE, "'%.*s' is no language of a verdict", STR_ARG(name));
}

const char *
judge_pii_name(enum judge_pii k)
{
    return kinds[k];
}

static void
write_bool(struct buf *out, const char *name, bool value)
{
    buf_addf(out, ",\"%s\":%s", name, value ? "true" : "false");
}

static void
write_topics(const struct verdict *v, struct buf *out)
{
    buf_add_cstr(out, ",\"topics\":[");
    for (size_t i = 0; i < v->n_topics; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        buf_add_json(out, str_from(v->topics[i]));
    }
    buf_add_cstr(out, "],\"urgent\":");
    if (v->urgent == NULL)
        buf_add_cstr(out, "null");
    else
        buf_add_json(out, str_from(v->urgent));
}

static void
write_pii(const struct verdict *v, struct buf *out)
{
    buf_add_cstr(out, ",\"pii\":[");
    for (size_t i = 0; i < v->n_pii; i++)
        buf_addf(out, "%s{\"kind\":\"%s\",\"start\":%u,\"end\":%u}", i == 0 ? "" : ",",
                 judge_pii_name(v->pii[i].kind), v->pii[i].start, v->pii[i].end);
    buf_add_char(out, ']');
}

static void
write_why(const struct verdict *v, struct buf *out)
{
    buf_add_cstr(out, ",\"why\":[");
    for (size_t i = 0; i < v->n_why; i++) {
        const struct judge_why *w = &v->why[i];
        buf_add_cstr(out, i == 0 ? "{\"filter\":" : ",{\"filter\":");
        buf_add_json(out, str_from(w->filter));
        buf_add_cstr(out, ",\"rule\":");
        buf_add_json(out, str_from(w->rule));
        buf_addf(out, ",\"start\":%u,\"end\":%u,\"score\":%d%s}", w->start, w->end,
                 w->score, w->trial ? ",\"trial\":true" : "");
    }
    buf_add_char(out, ']');
}

static void
write_held(const struct verdict *v, struct buf *out)
{
    struct buf reason = BUF_INIT;
    buf_add_cstr(&reason, v->held);
    if (v->held_filter != NULL)
        buf_addf(&reason, ": %s", v->held_filter);
    buf_add_cstr(out, ",\"held\":");
    buf_add_json(out, buf_str(&reason));
    buf_fini(&reason);
}

void
verdict_write_json(const struct verdict *v, struct buf *out)
{
    buf_addf(out, "\"lang\":\"%s\"", judge_lang_name(v->lang));
    write_bool(out, "question", v->question);
    buf_addf(out, ",\"score\":%d", v->score);
    write_topics(v, out);
    write_bool(out, "abuse", v->abuse);
    write_bool(out, "spam", v->spam);
    write_pii(v, out);
    buf_add_cstr(out, ",\"masked\":");
    buf_add_json(out, v->masked);
    write_why(v, out);
    if (v->held != NULL)
        write_held(v, out);
}
