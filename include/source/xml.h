/* SPDX-License-Identifier: Apache-2.0 */
/* xml.h - one small XML element with everything in it, as chats over XMPP send it. Pure.
 * Document types are refused, so that no entity can grow; depth and number of elements
 * are capped. */
#ifndef SURAQ_SOURCE_XML_H
#define SURAQ_SOURCE_XML_H

#include "base/err.h"
#include "base/str.h"

struct xml;

/* New; ERR_PARSE for what is no single well-formed element, ERR_LIMIT for too deep or too
 * much. Errors name the byte. */
struct xml *xml_parse(struct str text, struct err *e) MUST_CHECK;
void xml_free(struct xml **x);

/* Everything is borrowed from the element, and NULL-safe: of nothing there is nothing. */
bool xml_is(const struct xml *x, const char *name, const char *ns); /* ns NULL: any */
const struct xml *xml_child(const struct xml *x, const char *name, const char *ns);
/* The next sibling of the same name and namespace. */
const struct xml *xml_again(const struct xml *x);
const struct xml *xml_first(const struct xml *x); /* the first child of any name */
struct str xml_name(const struct xml *x);
struct str xml_attr(const struct xml *x, const char *name); /* STR_NONE: not there */
struct str xml_text(const struct xml *x); /* its own characters, without its children's */

#endif
