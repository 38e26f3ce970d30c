/* SPDX-License-Identifier: Apache-2.0 */
/* html_text.h - the words of a chat line that a platform sends as HTML. Pure. */
#ifndef SURAQ_SOURCE_HTML_TEXT_H
#define SURAQ_SOURCE_HTML_TEXT_H

#include "base/buf.h"
#include "base/str.h"

/* Appends the text: tags go, where a block or <br> stood is a space, an <img> becomes its
 * "alt" (an emoji's name), references (&amp; &#1178; &#x49A;) become characters. What is
 * no reference stays as written. Not longer than the input; UTF-8 stays valid. Never to
 * be shown as HTML: "&lt;b&gt;" gives "<b>". */
void html_text(struct str html, struct buf *out);

#endif
