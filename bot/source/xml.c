/* SPDX-License-Identifier: Apache-2.0 */
/* xml.c - expat's events to a small tree.
 *
 * Names come from expat with their namespace in front, "urn:x name"; it stays that way
 * and is compared in two parts. A frame of a chat is an element of a few children, so
 * lists and linear searches are enough. */
#include "source/xml.h"

#include <expat.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

enum { DEPTH_MAX = 16, ELEMENTS_MAX = 1000, ATTRS_MAX = 40 };
#define SEPARATOR ' '

struct attr {
    char *name, *value; /* owned */
};

struct xml {
    char *name; /* owned: "namespace name" or "name" */
    struct buf text;
    struct attr *attrs; /* owned */
    size_t n_attrs;
    struct xml *parent, *first, *last, *next; /* first, next: owned */
};

struct parse {
    XML_Parser expat;
    struct xml *root, *at;
    unsigned depth, elements;
    const char *refused; /* why we stopped it */
};

static void
free_tree(struct xml *x) // NOLINT(misc-no-recursion): at most DEPTH_MAX deep
{
    while (x != NULL) {
        struct xml *next = x->next;
        free_tree(x->first);
        for (size_t i = 0; i < x->n_attrs; i++) {
            mem_free(x->attrs[i].name);
            mem_free(x->attrs[i].value);
        }
        mem_free(x->attrs);
        mem_free(x->name);
        buf_fini(&x->text);
        mem_free(x);
        x = next;
    }
}

static void
refuse(struct parse *p, const char *why)
{
    p->refused = why;
    (void)XML_StopParser(p->expat, XML_FALSE);
}

static void
add_attrs(struct xml *x, const char **list)
{
    size_t n = 0;
    while (n < ATTRS_MAX && list[2 * n] != NULL)
        n++;
    x->attrs = n == 0 ? NULL : mem_array(n, sizeof(x->attrs[0]));
    for (; x->n_attrs < n; x->n_attrs++)
        x->attrs[x->n_attrs] =
            (struct attr){.name = mem_strdup(list[2 * x->n_attrs]),
                          .value = mem_strdup(list[2 * x->n_attrs + 1])};
}

static void
on_start(void *arg, const char *name, const char **attrs)
{
    struct parse *p = arg;
    if (p->depth == DEPTH_MAX || p->elements == ELEMENTS_MAX) {
        refuse(p, "it is too deep or too long");
        return;
    }
    struct xml *x = mem_zalloc(sizeof(*x));
    x->name = mem_strdup(name);
    x->parent = p->at;
    add_attrs(x, attrs);
    if (p->at == NULL)
        p->root = x;
    else if (p->at->last == NULL)
        p->at->first = p->at->last = x;
    else
        p->at->last = p->at->last->next = x;
    p->at = x;
    p->depth++;
    p->elements++;
}

static void
on_end(void *arg, const char *name)
{
    struct parse *p = arg;
    (void)name;
    p->at = p->at->parent;
    p->depth--;
}

static void
on_text(void *arg, const char *text, int len)
{
    struct parse *p = arg;
    if (p->at != NULL)
        buf_add(&p->at->text, text, (size_t)len);
}

static void
on_doctype(void *arg, const char *name, const char *system, const char *public_id,
           int internal)
{
    (void)name;
    (void)system;
    (void)public_id;
    (void)internal;
    refuse(arg, "it has a document type");
}

struct xml *
xml_parse(struct str text, struct err *e)
{
    struct parse p = {.expat = XML_ParserCreateNS("UTF-8", SEPARATOR)};
    if (p.expat == NULL || text.len > INT32_MAX) {
        if (p.expat != NULL)
            XML_ParserFree(p.expat);
        (void)err_set(e, ERR_LIMIT, "the XML is too long");
        return NULL;
    }
    XML_SetUserData(p.expat, &p);
    XML_SetElementHandler(p.expat, on_start, on_end);
    XML_SetCharacterDataHandler(p.expat, on_text);
    XML_SetStartDoctypeDeclHandler(p.expat, on_doctype);
    enum XML_Status status =
        XML_Parse(p.expat, text.len > 0 ? text.p : "", (int)text.len, XML_TRUE);
    long at = (long)XML_GetCurrentByteIndex(p.expat);
    const char *why =
        p.refused != NULL ? p.refused : XML_ErrorString(XML_GetErrorCode(p.expat));
    if (status != XML_STATUS_OK) {
        (void)err_set(e, p.refused != NULL ? ERR_LIMIT : ERR_PARSE,
                      "the XML at byte %ld: %s", at, why);
        free_tree(p.root);
        p.root = NULL;
    }
    XML_ParserFree(p.expat);
    return p.root;
}

void
xml_free(struct xml **x)
{
    free_tree(*x);
    *x = NULL;
}

struct str
xml_name(const struct xml *x)
{
    if (x == NULL)
        return STR_NONE;
    const char *name = strrchr(x->name, SEPARATOR);
    return str_from(name == NULL ? x->name : name + 1);
}

bool
xml_is(const struct xml *x, const char *name, const char *ns)
{
    if (x == NULL || !str_eq(xml_name(x), str_from(name)))
        return false;
    if (ns == NULL)
        return true;
    size_t n = strlen(ns);
    return strncmp(x->name, ns, n) == 0 && x->name[n] == SEPARATOR;
}

const struct xml *
xml_first(const struct xml *x)
{
    return x == NULL ? NULL : x->first;
}

const struct xml *
xml_child(const struct xml *x, const char *name, const char *ns)
{
    for (const struct xml *c = xml_first(x); c != NULL; c = c->next)
        if (xml_is(c, name, ns))
            return c;
    return NULL;
}

const struct xml *
xml_again(const struct xml *x)
{
    for (const struct xml *c = x == NULL ? NULL : x->next; c != NULL; c = c->next)
        if (strcmp(c->name, x->name) == 0)
            return c;
    return NULL;
}

struct str
xml_attr(const struct xml *x, const char *name)
{
    for (size_t i = 0; x != NULL && i < x->n_attrs; i++)
        if (strcmp(x->attrs[i].name, name) == 0)
            return str_from(x->attrs[i].value);
    return STR_NONE;
}

struct str
xml_text(const struct xml *x)
{
    return x == NULL || x->text.len == 0 ? STR_NONE : buf_str(&x->text);
}
