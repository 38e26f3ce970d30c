/* SPDX-License-Identifier: Apache-2.0 */
/* search.h - "contains, whatever the case" for short texts. */
#ifndef SURAQ_SERVE_SEARCH_H
#define SURAQ_SERVE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum { SEARCH_MAX = 100 };

struct search {
    int32_t letters[SEARCH_MAX]; /* lower case */
    size_t n;                    /* 0: everything matches */
};

/* Only the first SEARCH_MAX characters count. */
void search_init(struct search *s, struct str wanted);
/* `text` may be NULL: does not match anything but the empty search. */
bool search_matches(const struct search *s, const char *text);

#endif
