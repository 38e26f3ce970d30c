/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.c - libfyaml's events to a small tree.
 *
 * The tree is our own because libfyaml's documents know the place of scalars only, and
 * every mistake in a filter file is to be reported where it stands. Nodes belong to the
 * document and are freed as one list; nesting is followed with a stack of fixed depth,
 * never by recursion.
 *
 * Not taken: aliases, anchors and tags (a filter file that needs them is too clever),
 * more than one document, text that is not UTF-8 or holds NUL (libfyaml would drop the
 * bytes, or the rest, silently). */
#include "base/yaml.h"

#include <stdarg.h>
#include <stdio.h>

#include <libfyaml.h>

#include "base/mem.h"
#include "base/utf8.h"

#define DEPTH 16 /* filter files nest four deep */

struct node {
    struct yaml yaml;   /* first: a node is its yaml */
    struct node *older; /* all nodes, newest first */
    struct node *last;  /* child */
    char *owned;
};

struct yaml_doc {
    struct node *nodes;
    struct node *root;
    struct node *open[DEPTH];
    size_t depth;
};

const struct yaml *
yaml_root(const struct yaml_doc *d)
{
    return d->root == NULL ? NULL : &d->root->yaml;
}

void
yaml_free(struct yaml_doc **d)
{
    if (*d == NULL)
        return;
    struct node *n = (*d)->nodes;
    while (n != NULL) {
        struct node *older = n->older;
        mem_free(n->owned);
        mem_free(n);
        n = older;
    }
    MEM_FREE(*d);
}

static int fail(struct yaml_error *e, const struct fy_mark *at, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

static int
fail(struct yaml_error *e, const struct fy_mark *at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(e->text, sizeof(e->text), fmt, ap);
    va_end(ap);
    e->line = at == NULL ? 0 : at->line + 1;
    e->column = at == NULL ? 0 : at->column + 1;
    return -1;
}

/* A new node, as the next child of the innermost open one, or as the root. */
static struct node *
add_node(struct yaml_doc *d, enum yaml_type type, const struct fy_mark *at)
{
    struct node *n = mem_zalloc(sizeof(*n));
    n->older = d->nodes;
    d->nodes = n;
    n->yaml.type = type;
    struct node *parent = d->depth > 0 ? d->open[d->depth - 1] : NULL;
    if (at != NULL) {
        n->yaml.line = at->line + 1;
        n->yaml.column = at->column + 1;
    } else if (parent != NULL) {
        /* An empty value has no place of its own: it is where its key is. */
        n->yaml.line = parent->last != NULL ? parent->last->yaml.line : parent->yaml.line;
        n->yaml.column =
            parent->last != NULL ? parent->last->yaml.column : parent->yaml.column;
    }
    if (parent == NULL)
        d->root = n;
    else if (parent->last == NULL)
        parent->yaml.first = &n->yaml;
    else
        parent->last->yaml.next = &n->yaml;
    if (parent != NULL)
        parent->last = n;
    return n;
}

static int
open_node(struct yaml_doc *d, enum yaml_type type, const struct fy_mark *at,
          struct yaml_error *e)
{
    if (d->depth == DEPTH)
        return fail(e, at, "nests deeper than %d levels", DEPTH);
    struct node *n = add_node(d, type, at);
    d->open[d->depth++] = n;
    return 0;
}

static void
add_scalar(struct yaml_doc *d, struct fy_event *event)
{
    struct fy_token *token = event->scalar.value;
    size_t len = 0;
    const char *text = token == NULL ? NULL : fy_token_get_text(token, &len);
    const struct fy_mark *start = fy_event_start_mark(event),
                         *end = fy_event_end_mark(event);
    struct node *n = add_node(d, YAML_SCALAR, start);
    n->owned = mem_strndup(text == NULL ? "" : text, text == NULL ? 0 : len);
    n->yaml.text = (struct str){.p = n->owned, .len = text == NULL ? 0 : len};
    enum fy_scalar_style style =
        token == NULL ? FYSS_PLAIN : fy_token_scalar_style(token);
    n->yaml.plain = style == FYSS_PLAIN;
    n->yaml.exact = (style == FYSS_PLAIN || style == FYSS_SINGLE_QUOTED) &&
                    start != NULL && end != NULL && start->line == end->line;
}

static int
take_event(struct yaml_doc *d, struct fy_event *event, struct yaml_error *e)
{
    const struct fy_mark *at = fy_event_start_mark(event);
    if (fy_event_get_anchor_token(event) != NULL || fy_event_get_tag_token(event) != NULL)
        return fail(e, at, "anchors, aliases and tags are not supported here");
    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (d->root != NULL)
            return fail(e, at, "a second document; one file is one document");
        return 0;
    case FYET_SCALAR:
        add_scalar(d, event);
        return 0;
    case FYET_SEQUENCE_START:
        return open_node(d, YAML_LIST, at, e);
    case FYET_MAPPING_START:
        return open_node(d, YAML_MAP, at, e);
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END:
        d->depth--;
        return 0;
    case FYET_ALIAS:
        return fail(e, at, "anchors, aliases and tags are not supported here");
    case FYET_NONE:
    case FYET_STREAM_START:
    case FYET_STREAM_END:
    case FYET_DOCUMENT_END:
        return 0;
    }
    return 0;
}

/* What libfyaml said; it counts these places from 1. */
static int
fail_as_told(struct fy_diag *diag, struct yaml_error *e)
{
    void *it = NULL;
    struct fy_diag_error *told = fy_diag_errors_iterate(diag, &it);
    if (told == NULL)
        return fail(e, NULL, "is not valid YAML");
    (void)snprintf(e->text, sizeof(e->text), "%s", told->msg);
    e->line = told->line;
    e->column = told->column;
    return -1;
}

static int
read_events(struct yaml_doc *d, struct str content, struct fy_diag *diag,
            struct yaml_error *e)
{
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG, .diag = diag};
    struct fy_parser *parser = fy_parser_create(&cfg);
    if (parser == NULL || fy_parser_set_string(parser, content.p, content.len) != 0) {
        fy_parser_destroy(parser);
        return fail(e, NULL, "cannot be read");
    }
    int ret = 0;
    struct fy_event *event;
    while (ret == 0 && (event = fy_parser_parse(parser)) != NULL) {
        ret = take_event(d, event, e);
        fy_parser_event_free(parser, event);
    }
    if (ret == 0 && fy_parser_get_stream_error(parser))
        ret = fail_as_told(diag, e);
    fy_parser_destroy(parser);
    return ret;
}

/* The place of the first byte that is not UTF-8, or is NUL: libfyaml would end there. */
static int
fail_as_bytes(struct str content, struct yaml_error *e)
{
    struct fy_mark at = {.line = 0};
    for (size_t pos = 0; pos < content.len;) {
        int32_t cp = utf8_next(content, &pos);
        if (cp <= 0)
            break;
        at.column = cp == '\n' ? 0 : at.column + 1;
        at.line += cp == '\n';
    }
    return fail(e, &at, "this byte is not UTF-8 text; save the file as UTF-8");
}

struct yaml_doc *
yaml_parse(struct str content, struct yaml_error *e)
{
    struct yaml_doc *d = mem_zalloc(sizeof(*d));
    *e = (struct yaml_error){.line = 0};
    int ret;
    if (!utf8_is_valid(content) ||
        (content.len > 0 && memchr(content.p, 0, content.len) != NULL)) {
        ret = fail_as_bytes(content, e);
    } else {
        struct fy_diag_cfg cfg;
        fy_diag_cfg_default(&cfg);
        cfg.fp = NULL;
        struct fy_diag *diag = fy_diag_create(&cfg);
        fy_diag_set_collect_errors(diag, true);
        ret = content.len == 0 ? 0 : read_events(d, content, diag, e);
        fy_diag_destroy(diag);
    }
    if (ret < 0)
        yaml_free(&d);
    return d;
}

int
yaml_column(const struct yaml *scalar, size_t offset)
{
    if (!scalar->exact)
        return scalar->column;
    int column = scalar->column;
    for (size_t pos = 0; pos < offset && pos < scalar->text.len;) {
        bool doubled = !scalar->plain && scalar->text.p[pos] == '\'';
        (void)utf8_next(scalar->text, &pos);
        column += doubled ? 2 : 1;
    }
    return column;
}
