/* SPDX-License-Identifier: Apache-2.0 */
/* settings.c - the settings file, read by the option tables.
 *
 * The tree of the file is walked against the tables: a key that no row knows, a value of
 * the wrong shape, a key given twice are all noted with their place, and the walk goes
 * on, so a person sees every mistake at once. The environment is applied on top, by the
 * same rows and the same checks; a mistake there names the variable instead of a place.
 */
#include "loop/settings.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "loop/settings_option.h"

enum { MAX_ERRORS = 100, PATH_TEXT = 128 };

/* One reading: where mistakes go. */
struct reader {
    const char *file;
    struct settings_errors *errors;
};

static void mistake(struct reader *r, const struct yaml *at, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

static void
mistake(struct reader *r, const struct yaml *at, const char *fmt, ...)
{
    struct buf b = BUF_INIT, text = BUF_INIT;
    va_list ap;

    if (r->errors->n >= MAX_ERRORS)
        return;
    va_start(ap, fmt);
    buf_vaddf(&text, fmt, ap);
    va_end(ap);
    if (at != NULL)
        buf_addf(&b, "%s:%d:%d: ", r->file, at->line, at->column);
    else
        buf_addf(&b, "%s: ", r->file);
    buf_add_escaped(&b, buf_str(&text));
    r->errors->items = mem_resize(r->errors->items, r->errors->n + 1, sizeof(char *));
    r->errors->items[r->errors->n++] = buf_steal(&b);
    buf_fini(&text);
}

static void
set_node(struct reader *r, const struct option *o, void *base, const struct yaml *value)
{
    struct err e = ERR_INIT;

    if (o->type == OPTION_LIST && value->type == YAML_LIST) {
        option_clear_list(o, base);
        for (const struct yaml *it = value->first; it != NULL; it = it->next) {
            if (it->type != YAML_SCALAR)
                mistake(r, it, "'%s': plain words are expected in the list", o->path);
            else if (option_add(o, base, it->text, &e) < 0)
                mistake(r, it, "'%s': %s", o->path, e.msg);
            err_reset(&e);
        }
        return;
    }
    if (value->type != YAML_SCALAR)
        mistake(r, value, "'%s': a single value is expected", o->path);
    else if (option_set(o, base, value->text, &e) < 0)
        mistake(r, value, "'%s': %s", o->path, e.msg);
}

static bool
is_given_twice(const struct yaml *map, const struct yaml *key)
{
    for (const struct yaml *k = map->first; k != key; k = k->next->next) {
        if (k->type == YAML_SCALAR && str_eq(k->text, key->text))
            return true;
    }
    return false;
}

/* --- one entry of a list: a source, a webhook */

static const struct option *
find_option(const struct option *table, size_t n, const char *path)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(table[i].path, path) == 0)
            return &table[i];
    }
    return NULL;
}

static bool
is_section(const struct option *table, size_t n, const char *path)
{
    size_t len = strlen(path);

    for (size_t i = 0; i < n; i++) {
        const char *p = table[i].path;
        if (strncmp(p, path, len) == 0 && p[len] == '.')
            return true;
    }
    return false;
}

struct entry {
    const char *what; /* "source" */
    const struct option *table;
    size_t n;
    const char *kind; /* of a source, if it is known: it has not every key */
    bool has_kinds;
    void *base;
};

static void read_entry(struct reader *r, const struct entry *x, const char *prefix,
                       const struct yaml *map);

/* A section within an entry is one dot more in an option's path: at most a few. */
static void // NOLINTNEXTLINE(misc-no-recursion)
read_entry_key(struct reader *r, const struct entry *x, const char *prefix,
               const struct yaml *key)
{
    const struct yaml *value = key->next;
    char path[PATH_TEXT];
    int n = snprintf(path, sizeof(path), "%s%.*s", prefix, STR_ARG(key->text));
    const struct option *o =
        n < (int)sizeof(path) - 1 ? find_option(x->table, x->n, path) : NULL;

    if (o == NULL && n < (int)sizeof(path) - 1 && is_section(x->table, x->n, path)) {
        path[n] = '.';
        path[n + 1] = '\0';
        if (value->type == YAML_MAP)
            read_entry(r, x, path, value);
        else
            mistake(r, value, "'%.*s' is a section: {...}", STR_ARG(key->text));
        return;
    }
    if (o == NULL) {
        mistake(r, key, "unknown key '%s%.*s' in a %s", prefix, STR_ARG(key->text),
                x->what);
        return;
    }
    if (x->has_kinds && o->offset == offsetof(struct settings_source, kind))
        return; /* read first */
    if (x->has_kinds && o->choices != NULL && x->kind != NULL &&
        !option_word_in(o->choices, str_from(x->kind)))
        mistake(r, key, "a source of kind '%s' has no '%s'", x->kind, o->path);
    else
        set_node(r, o, x->base, value);
}

static void // NOLINTNEXTLINE(misc-no-recursion)
read_entry(struct reader *r, const struct entry *x, const char *prefix,
           const struct yaml *map)
{
    for (const struct yaml *key = map->first; key != NULL; key = key->next->next) {
        if (key->type != YAML_SCALAR)
            mistake(r, key, "a key must be a plain word");
        else if (is_given_twice(map, key))
            mistake(r, key, "'%.*s' is given twice", STR_ARG(key->text));
        else
            read_entry_key(r, x, prefix, key);
    }
}

static void
read_kind(struct reader *r, struct settings_source *s, const struct yaml *map)
{
    for (const struct yaml *key = map->first; key != NULL; key = key->next->next) {
        if (key->type != YAML_SCALAR || !str_eq(key->text, STR_LIT("kind")))
            continue;
        if (key->next->type != YAML_SCALAR ||
            !option_word_in(settings_source_kinds, key->next->text))
            mistake(r, key->next, "'kind' is not one of: %s", settings_source_kinds);
        else
            s->kind = mem_strndup(key->next->text.p, key->next->text.len);
        return;
    }
    mistake(r, map, "this source has no 'kind': one of %s", settings_source_kinds);
}

static void
read_source(struct reader *r, struct settings *s, const struct yaml *map)
{
    if (map->type != YAML_MAP) {
        mistake(r, map, "a source is written {kind: ..., ...}");
        return;
    }
    if (s->n_sources == BOUNDS_SOURCES) {
        mistake(r, map, "more than %d sources", BOUNDS_SOURCES);
        return;
    }
    struct settings_source *source = &s->sources[s->n_sources++];
    option_defaults(settings_source_options, settings_n_source_options, source);
    read_kind(r, source, map);
    struct entry x = {.what = "source",
                      .table = settings_source_options,
                      .n = settings_n_source_options,
                      .kind = source->kind,
                      .has_kinds = true,
                      .base = source};
    read_entry(r, &x, "", map);
    if (source->name == NULL)
        source->name = mem_strdup(source->kind);
    for (size_t i = 0; i + 1 < s->n_sources && source->name != NULL; i++) {
        if (s->sources[i].name != NULL && strcmp(s->sources[i].name, source->name) == 0)
            mistake(r, map, "another source has the name '%s': give this one a 'name'",
                    source->name);
    }
}

static void
read_sources(struct reader *r, struct settings *s, const struct yaml *list)
{
    if (list->type != YAML_LIST) {
        if (list->type != YAML_SCALAR || list->text.len > 0)
            mistake(r, list, "'sources' is a list of {kind: ...}");
        return;
    }
    for (const struct yaml *it = list->first; it != NULL; it = it->next)
        read_source(r, s, it);
}

static void
read_webhook(struct reader *r, struct settings *s, const struct yaml *map)
{
    if (map->type != YAML_MAP) {
        mistake(r, map, "a webhook is written {url: ..., ...}");
        return;
    }
    if (s->n_webhooks == BOUNDS_WEBHOOKS) {
        mistake(r, map, "more than %d webhooks", BOUNDS_WEBHOOKS);
        return;
    }
    struct settings_webhook *hook = &s->webhooks[s->n_webhooks++];
    struct entry x = {.what = "webhook",
                      .table = settings_webhook_options,
                      .n = settings_n_webhook_options,
                      .base = hook};
    option_defaults(x.table, x.n, hook);
    read_entry(r, &x, "", map);
    if (hook->name == NULL)
        hook->name = mem_strdup(hook->preset);
    for (size_t i = 0; i < hook->events.n; i++) {
        if (!option_word_in(settings_webhook_events, str_from(hook->events.items[i])))
            mistake(r, map, "'events': '%s' is not one of: %s", hook->events.items[i],
                    settings_webhook_events);
    }
    for (size_t i = 0; i + 1 < s->n_webhooks; i++) {
        if (strcmp(s->webhooks[i].name, hook->name) == 0)
            mistake(r, map, "another webhook has the name '%s': give this one a 'name'",
                    hook->name);
    }
    if (strcmp(hook->preset, "json") == 0 &&
        (hook->url == NULL || hook->secret_file == NULL))
        mistake(r, map, "webhook '%s' needs a 'url' and a 'secret_file'", hook->name);
    if (strcmp(hook->preset, "telegram") == 0 &&
        (hook->token_file == NULL || hook->chat_id == NULL))
        mistake(r, map, "webhook '%s' needs a 'token_file' and a 'chat_id'", hook->name);
}

static void
read_webhooks(struct reader *r, struct settings *s, const struct yaml *list)
{
    if (list->type != YAML_LIST) {
        if (list->type != YAML_SCALAR || list->text.len > 0)
            mistake(r, list, "'webhooks' is a list of {url: ...}");
        return;
    }
    for (const struct yaml *it = list->first; it != NULL; it = it->next)
        read_webhook(r, s, it);
}

/* --- the file */

/* A section within a section is one dot more in an option's path: at most a few. */
static void // NOLINTNEXTLINE(misc-no-recursion)
read_map(struct reader *r, struct settings *s, const char *prefix, const struct yaml *map)
{
    for (const struct yaml *key = map->first; key != NULL; key = key->next->next) {
        char path[PATH_TEXT];
        if (key->type != YAML_SCALAR) {
            mistake(r, key, "a key must be a plain word");
            continue;
        }
        if (is_given_twice(map, key)) {
            mistake(r, key, "'%.*s' is given twice", STR_ARG(key->text));
            continue;
        }
        int n = snprintf(path, sizeof(path), "%s%.*s", prefix, STR_ARG(key->text));
        const struct option *o = find_option(settings_options, settings_n_options, path);
        if (n < (int)sizeof(path) && o != NULL)
            set_node(r, o, s, key->next);
        else if (strcmp(path, "sources") == 0)
            read_sources(r, s, key->next);
        else if (strcmp(path, "webhooks") == 0)
            read_webhooks(r, s, key->next);
        else if (n >= (int)sizeof(path) - 1 ||
                 !is_section(settings_options, settings_n_options, path))
            mistake(r, key, "unknown key '%.40s'", path);
        else if (key->next->type == YAML_SCALAR && key->next->text.len == 0)
            continue; /* a section with everything commented out */
        else if (key->next->type != YAML_MAP)
            mistake(r, key->next, "'%s' is a section: {...}", path);
        else {
            path[n] = '.';
            path[n + 1] = '\0';
            read_map(r, s, path, key->next);
        }
    }
}

/* SURAQ_JOURNAL_PATH for "journal.path". */
static void
variable_name(const char *path, char out[PATH_TEXT])
{
    int n = snprintf(out, PATH_TEXT, "SURAQ_%s", path);

    for (int i = 0; i < n && i < PATH_TEXT - 1; i++) {
        if (out[i] == '.')
            out[i] = '_';
        else if (out[i] >= 'a' && out[i] <= 'z')
            out[i] = (char)(out[i] - 'a' + 'A');
    }
}

static const char *
look_up(char *const *environment, const char *name)
{
    size_t len = strlen(name);

    for (; environment != NULL && *environment != NULL; environment++) {
        if (strncmp(*environment, name, len) == 0 && (*environment)[len] == '=')
            return *environment + len + 1;
    }
    return NULL;
}

static void
apply_environment(struct reader *r, struct settings *s, char *const *environment)
{
    for (size_t i = 0; i < settings_n_options; i++) {
        const struct option *o = &settings_options[i];
        struct reader env = {.errors = r->errors};
        struct err e = ERR_INIT;
        char name[PATH_TEXT];
        variable_name(o->path, name);
        const char *value = look_up(environment, name);
        if (value == NULL)
            continue;
        env.file = name;
        int rc = o->type == OPTION_LIST ? option_set_list(o, s, str_from(value), &e)
                                        : option_set(o, s, str_from(value), &e);
        if (rc < 0)
            mistake(&env, NULL, "%s", e.msg);
    }
}

/* {no} and {time} are all that a reply may hold in braces. */
static bool
is_reply_text(struct str text)
{
    static const struct str known[] = {STR_LIT("{no}"), STR_LIT("{time}")};

    for (size_t i = 0; i < text.len; i++) {
        struct str rest = {.p = text.p + i, .len = text.len - i};
        if (text.p[i] == '}' || (unsigned char)text.p[i] < ' ')
            return false;
        if (text.p[i] != '{')
            continue;
        size_t k = 0;
        while (k < 2 && !str_has_prefix(rest, known[k]))
            k++;
        if (k == 2)
            return false;
        i += known[k].len - 1;
    }
    return str_trim(text).len > 0 && utf8_is_valid(text) &&
           utf8_count(text) <= BOUNDS_REPLY_TEXT;
}

static void
check_replies(struct reader *r, const struct settings *s)
{
    for (size_t i = 0; i < s->n_sources; i++) {
        const char *language = s->sources[i].reply_language;
        if (language != NULL && !option_word_in("question kk ru", str_from(language)))
            mistake(r, NULL, "'replies.language': '%s' is not one of: question kk ru",
                    language);
    }
    for (size_t i = 0; i < SETTINGS_REPLIES; i++) {
        for (size_t k = 0; k < SETTINGS_REPLY_LANGS; k++) {
            const struct settings_list *list = &s->reply_texts[i][k];
            for (size_t w = 0; w < list->n; w++) {
                if (!is_reply_text(str_from(list->items[w])))
                    mistake(
                        r, NULL,
                        "'replies': '%s' is no reply: one line of at most %d letters, "
                        "in braces only {no} and {time}",
                        list->items[w], BOUNDS_REPLY_TEXT);
            }
        }
    }
}

/* What no single row can see. */
static void
check_whole(struct reader *r, const struct settings *s)
{
    if ((s->tls_cert == NULL) != (s->tls_key == NULL))
        mistake(r, NULL, "'tls' needs both 'cert' and 'key'");
    check_replies(r, s);
    for (size_t i = 0; i < s->n_languages; i++) {
        if (!option_word_in("kk ru en", str_from(s->languages[i])))
            mistake(r, NULL, "'stream.languages': '%s' is not one of: kk ru en",
                    s->languages[i]);
    }
    if (s->n_languages == 0)
        mistake(r, NULL, "'stream.languages' is empty: give one of kk, ru, en");
    for (size_t i = 0; i < s->n_sources; i++) {
        const struct settings_source *source = &s->sources[i];
        if (source->kind != NULL && strcmp(source->kind, "replay") == 0 &&
            source->file == NULL)
            mistake(r, NULL, "source '%s' of kind 'replay' needs a 'file'", source->name);
        if (source->kind != NULL && strcmp(source->kind, "irc") == 0 &&
            source->url == NULL)
            mistake(r, NULL,
                    "source '%s' of kind 'irc' needs a 'url', like wss://irc.example.kz/",
                    source->name);
    }
}

struct settings *
settings_parse(const char *name, struct str text, char *const *environment,
               struct settings_errors *errors)
{
    struct reader r = {.file = name, .errors = errors};
    struct settings *s = mem_zalloc(sizeof(*s));
    struct yaml_error ye = {.line = 0};
    size_t before = errors->n;

    option_defaults(settings_options, settings_n_options, s);
    struct yaml_doc *doc = yaml_parse(text, &ye);
    if (doc == NULL) {
        struct yaml at = {.line = ye.line, .column = ye.column};
        mistake(&r, &at, "%s", ye.text);
    } else if (yaml_root(doc) != NULL && yaml_root(doc)->type != YAML_MAP) {
        mistake(&r, yaml_root(doc), "settings are written 'key: value'");
    } else if (yaml_root(doc) != NULL) {
        read_map(&r, s, "", yaml_root(doc));
    }
    yaml_free(&doc);
    apply_environment(&r, s, environment);
    if (errors->n == before)
        check_whole(&r, s);
    if (errors->n > before)
        settings_free(&s);
    return s;
}

struct settings *
settings_load(const char *path, struct settings_errors *errors)
{
    extern char **environ;
    struct reader r = {.file = path, .errors = errors};
    struct buf text = BUF_INIT;
    struct err e = ERR_INIT;
    struct settings *s = NULL;

    if (file_read(path, BOUNDS_SETTINGS_FILE, &text, &e) < 0)
        mistake(&r, NULL, "%s", e.msg);
    else
        s = settings_parse(path, buf_str(&text), environ, errors);
    buf_fini(&text);
    return s;
}

const char *
settings_default_path(void)
{
    const char *path = getenv("SURAQ_CONFIG");

    return path != NULL && path[0] != '\0' ? path : "config/suraq.yaml";
}

int
settings_read_secret(const char *path, char **out, struct err *e)
{
    struct buf text = BUF_INIT;
    struct str rest, line;

    if (file_read(path, 64 * 1024, &text, e) < 0) {
        buf_fini(&text);
        return -1;
    }
    rest = buf_str(&text);
    if (!str_split(&rest, '\n', &line) || str_trim(line).len == 0) {
        buf_fini(&text);
        return err_set(e, ERR_VALUE, "'%s' is empty: it should hold the secret", path);
    }
    line = str_trim(line);
    *out = mem_strndup(line.p, line.len);
    buf_fini(&text);
    return 0;
}

void
settings_free(struct settings **sp)
{
    struct settings *s = *sp;

    if (s == NULL)
        return;
    option_free(settings_options, settings_n_options, s);
    for (size_t i = 0; i < s->n_sources; i++)
        option_free(settings_source_options, settings_n_source_options, &s->sources[i]);
    for (size_t i = 0; i < s->n_webhooks; i++)
        option_free(settings_webhook_options, settings_n_webhook_options,
                    &s->webhooks[i]);
    mem_free(s);
    *sp = NULL;
}

void
settings_errors_fini(struct settings_errors *errors)
{
    for (size_t i = 0; i < errors->n; i++)
        mem_free(errors->items[i]);
    mem_free(errors->items);
    *errors = (struct settings_errors){NULL, 0};
}
