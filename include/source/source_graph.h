/* SPDX-License-Identifier: Apache-2.0 */
/* source_graph.h - asking Meta's Graph API, for Facebook and Instagram alike. Not for
 * other floors. */
#ifndef SURAQ_SOURCE_SOURCE_GRAPH_H
#define SURAQ_SOURCE_SOURCE_GRAPH_H

#include "source/source_http.h"

#define GRAPH_API    "https://graph.facebook.com/v25.0"
#define GRAPH_STREAM "https://streaming-graph.facebook.com"

/* Adds the token of the source; the address is wiped afterwards. */
void source_graph_ask(struct source_http *h, struct buf *url, struct source_ask *ask,
                      void (*answer)(struct source *s, const struct fetch_answer *a));

/* True for 2xx; the use of the application's calls is noted. Else tells what it means. */
bool source_graph_is_ok(struct source *s, const struct fetch_answer *a);

#endif
