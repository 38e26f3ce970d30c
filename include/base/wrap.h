/* SPDX-License-Identifier: Apache-2.0 */
/* wrap.h - text for a person in front of a terminal: escaped, in lines that fit. */
#ifndef SURAQ_BASE_WRAP_H
#define SURAQ_BASE_WRAP_H

#include "base/buf.h"
#include "base/str.h"

/* Adds `s` as buf_add_escaped() does, broken at spaces, or inside a word that is longer
 * than a line; every further line begins with `indent` spaces. The first one is taken to
 * stand at column `indent`. `width` 0: never broken. No line feed at the end. */
void wrap_add(struct buf *b, struct str s, unsigned indent, unsigned width);

/* Columns that valid UTF-8 takes on a terminal. */
unsigned wrap_columns(struct str s);

#endif
