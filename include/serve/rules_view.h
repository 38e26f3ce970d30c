/* SPDX-License-Identifier: Apache-2.0 */
/* rules_view.h - filters as JSON: the list of files with their rules, one file with its
 * history, the mistakes of a set. */
#ifndef SURAQ_SERVE_RULES_VIEW_H
#define SURAQ_SERVE_RULES_VIEW_H

#include "base/buf.h"
#include "queue/queue.h"
#include "queue/rulebook.h"
#include "serve/hits.h"

/* {"version":...,"files":[...]} */
void rules_view_list(const struct rulebook *r, const struct hits *h, int64_t now_ms,
                     struct buf *out);
/* {"name","content","shipped_content","version","history":[...] without the brace at the
 * end. A name that is not in the rulebook has no content, and may have a history. */
void rules_view_file(const struct rulebook *r, const struct queue *q, const char *name,
                     struct buf *out);
/* [{"file","line","column","severity","text"},...] of that severity and below:
 * from FILTERS_WARNING on is what is no mistake. */
void rules_view_issues(const struct filters *f, enum filters_severity least,
                       struct buf *out);

/* A path that a file of one's own may have: "topics/road.yaml". */
bool rules_view_is_name(struct str name);

#endif
