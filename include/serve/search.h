/* SPDX-License-Identifier: Apache-2.0 */
/* search.h - looking through what is in memory, by the same words as the archive does
 * (judge/words.h), and showing what was found. */
#ifndef SURAQ_SERVE_SEARCH_H
#define SURAQ_SERVE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"
#include "judge/words.h"

struct search {
    struct words *words; /* owned */
    struct words_query query;
};

void search_init(struct search *s, struct str wanted);
void search_fini(struct search *s);
static inline bool
search_is_empty(const struct search *s)
{
    return s->query.n == 0;
}
/* `text` may be NULL: does not match anything but the empty search. */
bool search_matches(const struct search *s, const char *text);

/* {"text":"...","ranges":[[from,to],...]}: the part of the text (NULL: "") around the
 * first word found; ranges are code points of that part. Gives their number. */
size_t search_snippet(const struct search *s, const char *text, struct buf *out);

#endif
