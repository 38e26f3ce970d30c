/* SPDX-License-Identifier: Apache-2.0 */
/* feed_read.c - a preset's YAML, checked once so that decoding need not.
 *
 * One table of keys says what may stand where; the nodes themselves are kept, since they
 * are texts, lists and maps already. */
#include "source/feed.h"

#include <string.h>

#include "base/buf.h"

struct key {
    const char *section, *name;
    enum feed_type type;
    size_t at; /* in struct feed */
};

#define FEED_KEY(section, key, type) \
    {#section, #key, type, offsetof(struct feed, section##_##key)},
static const struct key keys[] = {FEED_KEY_MAP(FEED_KEY)};
#undef FEED_KEY
enum { N_KEYS = sizeof(keys) / sizeof(keys[0]) };

struct reader {
    struct feed *feed;
    const char *file;
    struct err *e;
};

static int wrong(const struct reader *r, const struct yaml *v, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

static int
wrong(const struct reader *r, const struct yaml *v, const char *fmt, ...)
{
    struct buf text = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_vaddf(&text, fmt, ap);
    va_end(ap);
    (void)err_set(r->e, ERR_PARSE, "%s:%d:%d: %s", r->file, v->line, v->column,
                  text.data);
    buf_fini(&text);
    return -1;
}

static bool
is_place(const struct yaml *v)
{
    return v->type == YAML_SCALAR && v->text.len > 0 && v->text.p[0] == '/';
}

static int
check_list(const struct reader *r, const struct yaml *v, bool places)
{
    for (const struct yaml *i = v->type == YAML_LIST ? v->first : v; i != NULL;
         i = i == v ? NULL : i->next) {
        if (places && !is_place(i))
            return wrong(r, i, "a place begins with '/': /user/name");
        if (i->type != YAML_SCALAR)
            return wrong(r, i, "a text or a list of texts is expected");
    }
    return 0;
}

static int
check_condition(const struct reader *r, const struct yaml *v)
{
    if (v->type == YAML_SCALAR && str_eq(v->text, STR_LIT("true")))
        return 0;
    if (v->type != YAML_MAP)
        return wrong(r, v, "a condition is a map: {/type: CHAT}");
    for (const struct yaml *k = v->first; k != NULL; k = k->next->next) {
        if (!is_place(k))
            return wrong(r, k, "a place begins with '/': /user/name");
        if (check_list(r, k->next, false) < 0)
            return -1;
    }
    return 0;
}

static int
check_value(const struct reader *r, const struct yaml *v, const struct key *key)
{
    int64_t n;
    switch (key->type) {
    case FEED_TEXT:
        return v->type == YAML_SCALAR ? 0 : wrong(r, v, "'%s' is a text", key->name);
    case FEED_NUMBER:
        if (v->type != YAML_SCALAR || str_to_i64(v->text, 1, 86400, &n, NULL) < 0)
            return wrong(r, v, "'%s' is a whole number from 1 to 86400", key->name);
        return 0;
    case FEED_TEXTS:
        return check_list(r, v, false);
    case FEED_PLACES:
        return check_list(r, v, true);
    case FEED_CONDITION:
    case FEED_CONDITION_ANY:
        return check_condition(r, v);
    }
    return -1;
}

static int
read_key(const struct reader *r, struct str section, const struct yaml *k)
{
    bool known = false;
    for (size_t i = 0; i < N_KEYS; i++) {
        if (!str_eq(section, str_from(keys[i].section)))
            continue;
        known = true;
        if (!str_eq(k->text, str_from(keys[i].name)))
            continue;
        const struct yaml **at = (const struct yaml **)((char *)r->feed + keys[i].at);
        if (*at != NULL)
            return wrong(r, k, "'%s' is there twice", keys[i].name);
        *at = k->next;
        return check_value(r, k->next, &keys[i]);
    }
    if (known)
        return wrong(r, k, "unknown key '%.*s' in '%.*s'", STR_ARG(k->text),
                     STR_ARG(section));
    return wrong(r, k, "unknown section '%.*s'", STR_ARG(section));
}

static int
read_sections(const struct reader *r, const struct yaml *root)
{
    if (root->type != YAML_MAP)
        return wrong(r, root, "a preset is a map of sections: connect, message, ...");
    for (const struct yaml *s = root->first; s != NULL; s = s->next->next) {
        if (s->type != YAML_SCALAR || s->next->type != YAML_MAP)
            return wrong(r, s, "a section is a map");
        for (const struct yaml *k = s->next->first; k != NULL; k = k->next->next)
            if (k->type != YAML_SCALAR || read_key(r, s->text, k) < 0)
                return k->type == YAML_SCALAR ? -1 : wrong(r, k, "a key is a word");
    }
    if (r->feed->message_text == NULL)
        return wrong(r, root, "'message: {text: ...}' is missing");
    return 0;
}

int
feed_read(struct feed *f, const char *name, struct str yaml, struct err *e)
{
    struct yaml_error bad;
    struct reader r = {.feed = f, .file = name, .e = e};
    *f = (struct feed){.doc = yaml_parse(yaml, &bad)};
    if (f->doc == NULL)
        return err_set(e, ERR_PARSE, "%s:%d:%d: %s", name, bad.line, bad.column,
                       bad.text);
    const struct yaml *root = yaml_root(f->doc);
    if (root == NULL)
        (void)err_set(e, ERR_PARSE, "%s: the preset is empty", name);
    if (root != NULL && read_sections(&r, root) == 0)
        return 0;
    feed_fini(f);
    return -1;
}

void
feed_fini(struct feed *f)
{
    yaml_free(&f->doc);
    *f = (struct feed){.doc = NULL};
}

struct str
feed_text(const struct yaml *v)
{
    return v == NULL ? STR_NONE : v->text;
}

int64_t
feed_number(const struct yaml *v, int64_t otherwise)
{
    int64_t n = otherwise;
    if (v != NULL && str_to_i64(v->text, INT64_MIN, INT64_MAX, &n, NULL) < 0)
        return otherwise;
    return n;
}

bool
feed_lists(const struct yaml *v, struct str text)
{
    for (const struct yaml *i = v != NULL && v->type == YAML_LIST ? v->first : v;
         i != NULL; i = i == v ? NULL : i->next)
        if (str_eq(i->text, text))
            return true;
    return false;
}
