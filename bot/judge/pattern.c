/* SPDX-License-Identifier: Apache-2.0 */
/* pattern.c - from what a person wrote to compiled code.
 *
 * PCRE2 is the only judge of syntax and meaning. Macros are replaced as text, pass by
 * pass, so a macro may hold part of a class; each byte remembers where in the person's
 * pattern it came from, so that PCRE2's offset becomes a column in the file.
 *
 * On folded text caseless matching is needless for a pattern that is folded itself, and
 * JIT code without it is three to five times faster (a caseless Cyrillic letter begins
 * with either of two bytes). The test for that is deliberately narrow: whatever it does
 * not know keeps caseless matching, so it can be slow but not wrong. */
#include "judge/pattern.h"

#include "base/bounds.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "judge/letter.h"

#define RANGE_MAX 2048 /* code points looked at in one a-z of a class */

/* --- macros */

bool
macro_name_is_valid(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.p[i];
        bool rest = (c >= '0' && c <= '9') || c == '_';
        if (!((c >= 'A' && c <= 'Z') || (i > 0 && rest)))
            return false;
    }
    return name.len > 0;
}

const struct macro *
macros_find(const struct macros *m, struct str name)
{
    for (size_t i = 0; i < m->n; i++)
        if (str_eq(str_from(m->at[i].name), name))
            return &m->at[i];
    return NULL;
}

void
macros_add(struct macros *m, struct str name, struct str text)
{
    if (m->n == m->cap) {
        m->cap = m->cap == 0 ? 16 : m->cap * 2;
        m->at = mem_resize(m->at, m->cap, sizeof(m->at[0]));
    }
    m->at[m->n++] = (struct macro){.name = mem_strndup(name.p, name.len),
                                   .text = mem_strndup(text.p, text.len)};
}

void
macros_fini(struct macros *m)
{
    for (size_t i = 0; i < m->n; i++) {
        mem_free(m->at[i].name);
        mem_free(m->at[i].text);
    }
    mem_free(m->at);
    *m = (struct macros){.at = NULL};
}

static void
put(struct expansion *x, struct str s, const uint32_t *source, uint32_t constant)
{
    x->source = mem_resize(x->source, x->text.len + s.len + 1, sizeof(x->source[0]));
    for (size_t i = 0; i < s.len; i++)
        x->source[x->text.len + i] = source != NULL ? source[i] : constant;
    buf_add_str(&x->text, s);
}

/* The %{NAME} at `i`, if there is one; a % before anything else is only a %. */
static bool
macro_at(struct str s, size_t i, struct str *name)
{
    if (s.len - i < 4 || s.p[i] != '%' || s.p[i + 1] != '{')
        return false;
    const char *end = memchr(s.p + i, '}', s.len - i);
    if (end == NULL)
        return false;
    *name = (struct str){.p = s.p + i + 2, .len = (size_t)(end - (s.p + i + 2))};
    return macro_name_is_valid(*name);
}

/* One pass: every macro in `in` replaced by its text. Gives how many, -1 on failure. */
static int
expand_once(const struct expansion *in, struct expansion *out, const struct macros *m,
            size_t *at, struct err *e)
{
    struct str s = buf_str(&in->text), name;
    int n = 0;
    for (size_t i = 0; i < s.len;) {
        if (!macro_at(s, i, &name)) {
            size_t run = 1;
            while (i + run < s.len && s.p[i + run] != '%')
                run++;
            put(out, (struct str){.p = s.p + i, .len = run}, in->source + i, 0);
            i += run;
            continue;
        }
        *at = in->source[i];
        const struct macro *macro = macros_find(m, name);
        if (macro == NULL)
            return err_set(e, ERR_MISSING, "uses the macro '%%{%.*s}', which no file has",
                           STR_ARG(name));
        put(out, str_from(macro->text), NULL, in->source[i]);
        i += name.len + 3;
        n++;
        if (out->text.len > BOUNDS_PATTERN)
            return err_set(e, ERR_LIMIT, "is longer than %d bytes with its macros",
                           BOUNDS_PATTERN);
    }
    return n;
}

void
expansion_fini(struct expansion *x)
{
    buf_fini(&x->text);
    MEM_FREE(x->source);
}

int
expansion_make(struct expansion *x, struct str source, const struct macros *m, size_t *at,
               struct err *e)
{
    *x = (struct expansion){.text = BUF_INIT};
    *at = 0;
    if (source.len > BOUNDS_PATTERN)
        return err_set(e, ERR_LIMIT, "is longer than %d bytes", BOUNDS_PATTERN);
    put(x, source, NULL, 0);
    for (size_t i = 0; i < source.len; i++)
        x->source[i] = (uint32_t)i;
    for (int depth = 0; depth <= BOUNDS_MACRO_DEPTH; depth++) {
        struct expansion next = {.text = BUF_INIT};
        int n = expand_once(x, &next, m, at, e);
        expansion_fini(x);
        *x = next;
        if (n <= 0) {
            if (n < 0)
                expansion_fini(x);
            return n;
        }
    }
    expansion_fini(x);
    return err_set(e, ERR_LIMIT,
                   "has macros inside macros more than %d deep, or one that "
                   "holds itself",
                   BOUNDS_MACRO_DEPTH);
}

/* --- is it folded? */

/* Escapes that mean the same with and without caseless matching. */
static bool
is_neutral_escape(struct str s, size_t *i)
{
    static const char *const classes[] = {"{L}", "{M}",  "{N}",        "{P}",    "{S}",
                                          "{Z}", "{Nd}", "{Cyrillic}", "{Latin}"};
    char c = s.p[*i];
    *i += 1;
    if (c == 'p' || c == 'P') {
        for (size_t k = 0; k < sizeof(classes) / sizeof(classes[0]); k++) {
            struct str rest = {.p = s.p + *i, .len = s.len - *i};
            if (str_has_prefix(rest, str_from(classes[k]))) {
                *i += strlen(classes[k]);
                return true;
            }
        }
        return false;
    }
    if ((unsigned char)c >= 0x80)
        return false;
    bool alnum = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    return !alnum || strchr("sSdDwWbBhHvVAzZRXtnr", c) != NULL;
}

/* (? and (* open groups; only those that set no options are known here. */
static bool
is_neutral_group(struct str s, size_t i)
{
    if (i + 1 >= s.len || s.p[i + 1] == '*')
        return i + 1 >= s.len;
    if (s.p[i + 1] != '?')
        return true;
    if (i + 2 >= s.len)
        return false;
    if (s.p[i + 2] == '<')
        return i + 3 < s.len && (s.p[i + 3] == '=' || s.p[i + 3] == '!');
    return strchr(":=!>|", s.p[i + 2]) != NULL;
}

static bool
is_folded_range(uint32_t first, uint32_t last)
{
    if (last < first || last - first > RANGE_MAX)
        return false;
    for (uint32_t cp = first; cp <= last; cp++)
        if (letter_fold(cp) != cp)
            return false;
    return true;
}

/* Does an escape at or before `i` begin or end a range? [\:-z] has all capitals. */
static bool
is_escaped_range(struct str s, size_t i, size_t end)
{
    bool begins = end + 1 < s.len && s.p[end] == '-' && s.p[end + 1] != ']';
    return begins || (i > 0 && s.p[i - 1] == '-');
}

bool
pattern_is_folded(struct str s)
{
    int32_t before = -1;   /* the character before, where it can begin a range */
    bool in_class = false; /* or perhaps: a class may hold a bracket */
    for (size_t i = 0; i < s.len;) {
        if (s.p[i] == '\\') {
            size_t at = i++;
            if (i == s.len || !is_neutral_escape(s, &i) ||
                (in_class && is_escaped_range(s, at, i)))
                return false;
            before = -1;
            continue;
        }
        if (s.p[i] == '[')
            in_class = true;
        else if (s.p[i] == ']' && i + 1 < s.len && s.p[i + 1] != ']')
            in_class = i > 0 && (s.p[i - 1] == '[' || s.p[i - 1] == '^') && in_class;
        if (s.p[i] == '(' && !is_neutral_group(s, i))
            return false;
        if (s.p[i] == '[' && i + 1 < s.len && strchr(":.=", s.p[i + 1]) != NULL)
            return false;
        int32_t cp = utf8_next(s, &i);
        if (cp < 0 || letter_fold((uint32_t)cp) != (uint32_t)cp)
            return false;
        /* Outside a class a-z is no range; taking it for one costs nothing but speed. */
        if (cp == '-' && before >= 0 && i < s.len && s.p[i] != ']' && s.p[i] != '\\') {
            size_t next = i;
            int32_t last = utf8_next(s, &next);
            if (last < 0 ||
                (last > before && !is_folded_range((uint32_t)before, (uint32_t)last)))
                return false;
        }
        before = cp;
    }
    return true;
}

/* --- compiling */

static bool
can_be_empty(const pcre2_code *code)
{
    uint32_t empty = 0;
    return pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &empty) == 0 && empty != 0;
}

static pcre2_code *
compile(struct str text, enum pattern_subject s, uint32_t options, size_t *at,
        struct err *e)
{
    options |= PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
    if (s == PATTERN_RAW || !pattern_is_folded(text))
        options |= PCRE2_CASELESS;
    int error = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)(text.len == 0 ? "" : text.p), text.len,
                                     options, &error, &offset, NULL);
    *at = offset < text.len ? offset : text.len;
    if (code == NULL) {
        PCRE2_UCHAR message[128];
        pcre2_get_error_message(error, message, sizeof(message));
        err_set(e, ERR_PARSE, "does not compile: %s", (const char *)message);
        return NULL;
    }
    if (can_be_empty(code)) {
        *at = 0;
        pcre2_code_free(code);
        err_set(e, ERR_VALUE, "can match the empty string, so it would hit every line");
        return NULL;
    }
    return code;
}

pcre2_code *
pattern_compile(struct str text, enum pattern_subject s, size_t *at, struct err *e)
{
    return compile(text, s, 0, at, e);
}

pcre2_code *
pattern_compile_here(struct str text, enum pattern_subject s, size_t *at, struct err *e)
{
    return compile(text, s, PCRE2_ANCHORED, at, e);
}
