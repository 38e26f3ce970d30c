/* SPDX-License-Identifier: Apache-2.0 */
/* hits.h - how often each rule hit since the program started: for the page that lists the
 * rules. Rules are known by file and name, so a count goes on when the file is changed.
 */
#ifndef SURAQ_SERVE_HITS_H
#define SURAQ_SERVE_HITS_H

#include <stdint.h>

#include "judge/judge.h"

enum { HITS_MINUTES = 10 }; /* the rate is over so many */

struct hits;

struct hits *hits_new(void);
void hits_free(struct hits **h);

/* Each rule behind the verdict, once a line. */
void hits_count(struct hits *h, const struct verdict *v, int64_t now_ms);

struct hits_rule {
    uint64_t hits;
    double per_minute;
    int64_t last_ms; /* wall clock; 0: never */
};
struct hits_rule hits_of(const struct hits *h, const char *filter, const char *rule,
                         int64_t now_ms);

#endif
