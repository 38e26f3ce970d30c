/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.h - one YAML document as a tree in which every node knows its line and column. */
#ifndef SURAQ_BASE_YAML_H
#define SURAQ_BASE_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum yaml_type { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
    enum yaml_type type;
    int line, column; /* from 1; of a scalar's first character behind its quote */
    struct str text;  /* scalar; owned by the document, NUL-terminated */
    bool plain;       /* scalar without quotes */
    bool exact;       /* scalar on one line that stands in the file as it is, '' apart */
    struct yaml *first, *next; /* children; of a map: key, value, key, value, ... */
};

struct yaml_error {
    int line, column;
    char text[256];
};

struct yaml_doc;

/* New; NULL when the text is no single YAML document. `content` is not kept. */
struct yaml_doc *yaml_parse(struct str content, struct yaml_error *e);
void yaml_free(struct yaml_doc **d);
/* Borrowed; NULL for an empty document. */
const struct yaml *yaml_root(const struct yaml_doc *d);

/* The column of the scalar's byte `offset`; its first column when that cannot be known.
 */
int yaml_column(const struct yaml *scalar, size_t offset);

#endif
