/* SPDX-License-Identifier: Apache-2.0 */
/* rules_view.c - filters as JSON.
 *
 * The list follows the files of the rulebook and walks the rules of its judge beside
 * them: both are in order of name, and a file of macros has no rules. Hits are counted
 * since the program started; how long a rule takes is not measured while it runs. */
#include "serve/rules_view.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "judge/rules.h"
#include "queue/edits.h"
#include "serve/view.h"

enum { NAME_MAX_LEN = 128 };

static void
texts(const char *kk, const char *ru, const char *en, struct buf *out)
{
    if (kk == NULL && ru == NULL && en == NULL) {
        buf_add_cstr(out, "null");
        return;
    }
    buf_add_cstr(out, "{\"kk\":");
    view_text(kk, out);
    buf_add_cstr(out, ",\"ru\":");
    view_text(ru, out);
    buf_add_cstr(out, ",\"en\":");
    view_text(en, out);
    buf_add_char(out, '}');
}

static const char *
yes_no(bool b)
{
    return b ? "true" : "false";
}

struct list {
    const struct judge *judge;
    const struct hits *hits;
    int64_t now_ms;
    const struct judge_rule *rules;
    size_t n_rules, next; /* rule: the first one not written yet */
};

static void
write_rule(const struct list *l, size_t i, struct buf *out)
{
    const struct judge_rule *r = &l->rules[i];
    struct judge_rule_state s = judge_rule_state(l->judge, i);
    struct hits_rule h = hits_of(l->hits, r->filter, r->name, l->now_ms);

    buf_add_cstr(out, "{\"name\":");
    view_text(r->name, out);
    buf_add_cstr(out, ",\"re\":");
    view_text(r->re, out);
    buf_add_cstr(out, ",\"unless\":");
    view_text(r->unless, out);
    buf_add_cstr(out, ",\"pii\":");
    view_text(r->pii, out);
    buf_addf(out, ",\"score\":%d,\"trial\":%s,\"description\":", r->score,
             yes_no(r->trial));
    texts(r->text_kk, r->text_ru, r->text_en, out);
    buf_addf(out, ",\"hits\":%" PRIu64 ",\"hits_per_min\":%.1f,\"last_hit\":", h.hits,
             h.per_minute);
    view_time(h.last_ms, out);
    if (s.avg_us < 0)
        buf_add_cstr(out, ",\"avg_us\":null");
    else
        buf_addf(out, ",\"avg_us\":%.2f", s.avg_us);
    buf_addf(out, ",\"stopped\":%u,\"quarantined\":%s}", s.stops, yes_no(s.quarantined));
}

static void
write_rules(struct list *l, const char *file, struct buf *out)
{
    size_t first = l->next;

    buf_add_cstr(out, ",\"threshold\":");
    if (first < l->n_rules && strcmp(l->rules[first].filter, file) == 0 &&
        l->rules[first].threshold != 0)
        buf_addf(out, "%d", l->rules[first].threshold);
    else
        buf_add_cstr(out, "null");
    buf_add_cstr(out, ",\"rules\":[");
    for (; l->next < l->n_rules && strcmp(l->rules[l->next].filter, file) == 0;
         l->next++) {
        buf_add_cstr(out, l->next > first ? "," : "");
        write_rule(l, l->next, out);
    }
    buf_add_cstr(out, "]}");
}

void
rules_view_list(const struct rulebook *r, const struct hits *h, int64_t now_ms,
                struct buf *out)
{
    struct list l = {.judge = rulebook_judge(r), .hits = h, .now_ms = now_ms};
    const struct rulebook_file *files;
    size_t n = rulebook_files(r, &files);

    l.n_rules = judge_rules(l.judge, &l.rules);
    buf_addf(out, "{\"version\":\"%016" PRIx64 "\",\"files\":[", rulebook_version(r));
    for (size_t i = 0; i < n; i++) {
        struct filters_file file;
        filters_file(rulebook_filters(r), i, &file);
        buf_add_cstr(out, i > 0 ? ",{\"name\":" : "{\"name\":");
        view_text(files[i].name, out);
        buf_add_cstr(out, ",\"kind\":");
        view_text(file.kind, out);
        buf_add_cstr(out, ",\"id\":");
        view_text(file.id, out);
        buf_add_cstr(out, ",\"title\":");
        texts(file.title_kk, file.title_ru, file.title_en, out);
        buf_addf(out, ",\"shipped\":%s,\"changed\":%s", yes_no(files[i].shipped != NULL),
                 yes_no(files[i].edited != NULL));
        write_rules(&l, files[i].name, out);
    }
    buf_add_cstr(out, "]}");
}

static void
write_change(const struct filter_change *c, struct buf *out)
{
    buf_addf(out, "{\"seq\":%" PRIu64 ",\"at\":", c->seq);
    view_time(c->at_ms, out);
    buf_add_cstr(out, ",\"by\":");
    view_text(strncmp(c->by, "user:", 5) == 0 ? c->by + 5 : c->by, out);
    buf_add_cstr(out, ",\"note\":");
    view_text(c->note, out);
    buf_addf(out, ",\"version\":\"%016" PRIx64 "\",\"action\":\"%s\"}", c->version,
             c->revert ? "revert" : "change");
}

void
rules_view_file(const struct rulebook *r, const struct queue *q, const char *name,
                struct buf *out)
{
    const struct rulebook_file *f = rulebook_file(r, name);
    const char *before = "";

    buf_add_cstr(out, "{\"name\":");
    view_text(name, out);
    buf_add_cstr(out, ",\"content\":");
    view_text(f == NULL ? NULL : f->edited != NULL ? f->edited : f->shipped, out);
    buf_add_cstr(out, ",\"shipped_content\":");
    view_text(f == NULL ? NULL : f->shipped, out);
    buf_addf(out, ",\"version\":\"%016" PRIx64 "\",\"history\":[", rulebook_version(r));
    for (size_t i = queue_filter_changes(q); i-- > 0;) {
        const struct filter_change *c = queue_filter_change_at(q, i);
        if (strcmp(c->file, name) != 0)
            continue;
        buf_add_cstr(out, before);
        write_change(c, out);
        before = ",";
    }
    buf_add_char(out, ']');
}

void
rules_view_issues(const struct filters *f, enum filters_severity least, struct buf *out)
{
    static const char *const names[] = {"error", "warning", "note"};
    const struct filters_issue *issues;
    size_t n = f == NULL ? 0 : filters_issues(f, &issues);
    const char *before = "[";

    for (size_t i = 0; i < n; i++) {
        if (issues[i].severity < least)
            continue;
        buf_add_cstr(out, before);
        buf_add_cstr(out, "{\"file\":");
        view_text(issues[i].file, out);
        buf_addf(out, ",\"line\":%d,\"column\":%d,\"severity\":\"%s\",\"text\":",
                 issues[i].line, issues[i].column, names[issues[i].severity]);
        view_text(issues[i].text, out);
        buf_add_char(out, '}');
        before = ",";
    }
    buf_add_cstr(out, before[0] == '[' ? "[]" : "]");
}

static bool
is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == '.';
}

bool
rules_view_is_name(struct str name)
{
    struct str rest = name, part;
    static const struct str end = {.p = ".yaml", .len = 5};

    if (name.len <= end.len || name.len > NAME_MAX_LEN ||
        !str_eq((struct str){name.p + name.len - end.len, end.len}, end))
        return false;
    while (str_split(&rest, '/', &part)) {
        if (part.len == 0 || part.p[0] == '.')
            return false;
        for (size_t i = 0; i < part.len; i++)
            if (!is_plain(part.p[i]))
                return false;
    }
    return true;
}
