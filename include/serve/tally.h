/* SPDX-License-Identifier: Apache-2.0 */
/* tally.h - how many questions are in which status, kept up to date event by event, so
 * that nothing has to count ten thousand items while the chat runs. New, queued, on air
 * and owed ones count in the whole stream; finished ones count in the current broadcast.
 */
#ifndef SURAQ_SERVE_TALLY_H
#define SURAQ_SERVE_TALLY_H

#include <stdint.h>

#include "base/buf.h"
#include "queue/queue.h"

enum { TALLY_STATUSES = STATUS_MERGED + 1 };

struct tally {
    uint64_t count[TALLY_STATUSES];
    uint8_t
        *bucket; /* owned: of question n at [n]; 0: counted nowhere, else status + 1 */
    size_t cap;
    uint64_t broadcast;
};

void tally_init(struct tally *t, const struct queue *q);
void tally_fini(struct tally *t);
/* After an event was applied; true when a count changed. */
bool tally_update(struct tally *t, const struct queue *q);
/* {"new":..,"queued":..,...} */
void tally_write(const struct tally *t, struct buf *out);

#endif
