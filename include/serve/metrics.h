/* SPDX-License-Identifier: Apache-2.0 */
/* metrics.h - counters, and the page that Prometheus reads. */
#ifndef SURAQ_SERVE_METRICS_H
#define SURAQ_SERVE_METRICS_H

#include <stdint.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "queue/event.h"

struct front;

struct metrics {
    struct {
        char name[BOUNDS_SOURCE_NAME + 1];
        uint64_t messages;
    } source[BOUNDS_SOURCES * 2];
    size_t n_sources;
    uint64_t events[EVENT_KINDS];
    uint64_t judged;
    uint64_t requests, problems; /* answered; of them with status >= 400 */
    int64_t applied_ms; /* when the oldest event that is not durable was applied */
    uint64_t applied_seq;
    int64_t started_ms;
    int64_t durable_ms; /* wall clock of the last commit; 0: none since the start */
};

void metrics_event(struct metrics *m, const struct event *ev, int64_t now_ms);
void metrics_durable(struct metrics *m, uint64_t seq, uint64_t newest, int64_t now_ms);
/* For who adds to the page: names without "suraq_". */
void metrics_head(struct buf *out, const char *name, const char *type, const char *help);
/* suraq_name{label="text"} n */
void metrics_row(struct buf *out, const char *name, const char *label, const char *text,
                 uint64_t n);
void metrics_write(struct front *f, struct buf *out);

#endif
