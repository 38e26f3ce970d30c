/* SPDX-License-Identifier: Apache-2.0 */
/* settings_option.c - one setting's value: text to the field that its row names.
 *
 * A row knows where its field is (an offset), so the same few functions serve the file,
 * the environment and the defaults, for the settings and for each source. */
#include "loop/settings_option.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

bool
option_word_in(const char *words, struct str word)
{
    struct str rest = str_from(words), one;

    while (str_split(&rest, ' ', &one)) {
        if (str_eq(one, word))
            return true;
    }
    return false;
}

static int
parse_factor(struct str s, int64_t max, double *out, struct err *e)
{
    char text[32], *end = NULL;

    if (s.len == 0 || s.len >= sizeof(text) || s.p[0] < '0' || s.p[0] > '9')
        return err_set(e, ERR_VALUE, "'%.*s' is not a number", STR_ARG(s));
    memcpy(text, s.p, s.len);
    text[s.len] = '\0';
    *out = strtod(text, &end);
    if (*end != '\0' || !(*out > 0) || *out > (double)max)
        return err_set(e, ERR_VALUE, "'%s' is not a number over 0 and up to %lld", text,
                       (long long)max);
    return 0;
}

static int
parse_bool(struct str s, bool *out, struct err *e)
{
    *out = str_eq(s, STR_LIT("true"));
    if (*out || str_eq(s, STR_LIT("false")))
        return 0;
    return err_set(e, ERR_VALUE, "'%.*s' is neither true nor false", STR_ARG(s));
}

static int
parse_text(const struct option *o, struct str s, char **out, struct err *e)
{
    if (o->choices != NULL && o->type == OPTION_CHOICE && !option_word_in(o->choices, s))
        return err_set(e, ERR_VALUE, "'%.*s' is not one of: %s", STR_ARG(s), o->choices);
    if (o->max > 0 && utf8_count(s) > (size_t)o->max)
        return err_set(e, ERR_VALUE, "longer than %lld characters", (long long)o->max);
    if (!utf8_is_valid(s) || memchr(s.p == NULL ? "" : s.p, '\0', s.len) != NULL)
        return err_set(e, ERR_VALUE, "not valid text (UTF-8)");
    mem_free(*out);
    *out = mem_strndup(s.len == 0 ? "" : s.p, s.len);
    return 0;
}

static int
parse_quantity(const struct option *o, struct str s, int64_t *out, struct err *e)
{
    uint64_t bytes;

    if (o->type == OPTION_NUMBER)
        return str_to_i64(s, o->min, o->max, out, e);
    if (o->type == OPTION_BYTES) {
        if (str_to_bytes(s, &bytes, e) < 0)
            return -1;
        *out = (int64_t)bytes;
        return 0;
    }
    if (str_to_duration_ms(s, out, e) < 0)
        return -1;
    if (*out < o->min || *out > o->max)
        return err_set(e, ERR_VALUE, "'%.*s' is not between %lld s and %lld s",
                       STR_ARG(s), (long long)o->min / 1000, (long long)o->max / 1000);
    return 0;
}

int
option_set(const struct option *o, void *base, struct str s, struct err *e)
{
    void *at = (char *)base + o->offset;

    switch (o->type) {
    case OPTION_TEXT:
    case OPTION_CHOICE:
        return parse_text(o, s, at, e);
    case OPTION_NUMBER:
    case OPTION_BYTES:
    case OPTION_DURATION:
        return parse_quantity(o, s, at, e);
    case OPTION_BOOL:
        return parse_bool(s, at, e);
    case OPTION_FACTOR:
        return parse_factor(s, o->max, at, e);
    case OPTION_LIST:
        break;
    }
    return err_set(e, ERR_VALUE, "a list is expected, like [a, b]");
}

struct string_list {
    char **items;
    size_t n;
};

static struct string_list *
list_at(const struct option *o, void *base)
{
    return (struct string_list *)(void *)((char *)base + o->offset);
}

static void
list_clear(struct string_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        mem_free(l->items[i]);
    mem_free(l->items);
    *l = (struct string_list){NULL, 0};
}

int
option_add(const struct option *o, void *base, struct str s, struct err *e)
{
    struct string_list *l = list_at(o, base);

    if (l->n >= (size_t)o->max)
        return err_set(e, ERR_LIMIT, "more than %lld entries", (long long)o->max);
    l->items = mem_resize(l->items, l->n + 1, sizeof(char *));
    l->items[l->n++] = mem_strndup(s.len == 0 ? "" : s.p, s.len);
    return 0;
}

void
option_clear_list(const struct option *o, void *base)
{
    list_clear(list_at(o, base));
}

int
option_set_list(const struct option *o, void *base, struct str s, struct err *e)
{
    struct str part;

    s = str_trim(s);
    if (s.len >= 2 && s.p[0] == '[' && s.p[s.len - 1] == ']')
        s = (struct str){s.p + 1, s.len - 2};
    option_clear_list(o, base);
    while (str_split(&s, ',', &part)) {
        if (str_trim(part).len > 0 && option_add(o, base, str_trim(part), e) < 0)
            return -1;
    }
    return 0;
}

void
option_defaults(const struct option *table, size_t n, void *base)
{
    for (size_t i = 0; i < n; i++) {
        struct err e = ERR_INIT;
        struct str text = str_from(table[i].fallback);
        int rc = 0;
        if (text.p == NULL)
            continue;
        if (table[i].type == OPTION_LIST)
            rc = option_set_list(&table[i], base, text, &e);
        else
            rc = option_set(&table[i], base, text, &e);
        if (rc < 0)
            abort(); /* a default that its own row refuses */
    }
}

void
option_free(const struct option *table, size_t n, void *base)
{
    for (size_t i = 0; i < n; i++) {
        char **text = (char **)(void *)((char *)base + table[i].offset);
        if (table[i].type == OPTION_TEXT || table[i].type == OPTION_CHOICE)
            MEM_FREE(*text);
        else if (table[i].type == OPTION_LIST)
            option_clear_list(&table[i], base);
    }
}
