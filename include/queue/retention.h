/* SPDX-License-Identifier: Apache-2.0 */
/* retention.h - whose words may go: what is older than the settings allow, but not what a
 * citizen is still owed an answer to. Works on a journal that nobody writes. */
#ifndef SURAQ_QUEUE_RETENTION_H
#define SURAQ_QUEUE_RETENTION_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "queue/journal.h"

/* Of one broadcast, counted in events whose words are still there and old enough. */
struct retention_row {
    uint64_t broadcast;
    int64_t first_ms, last_ms; /* when the first and the last happened */
    uint64_t lines;            /* of the chat, with the names of their authors */
    uint64_t questions; /* of these: what became a question, or was asked by hand */
    uint64_t acts;      /* of people: notes, wordings, reasons */
    uint64_t held;      /* words that stay: of questions still owed */
};

struct retention_survey {
    struct retention_row *rows; /* owned, by broadcast */
    size_t n_rows;
    uint64_t erasable, held; /* events, in all */
};

/* What journal_erase would take of the time before `before_ms`, and what is held. Reads
 * the whole journal; changes nothing. */
int retention_survey(struct journal *j, int64_t before_ms, struct retention_survey *out,
                     struct err *e) MUST_CHECK;
void retention_survey_fini(struct retention_survey *s);

/* Erases that (see journal_erase): `erased` counts the events. Before journal_start(). */
int retention_erase(struct journal *j, int64_t before_ms, uint64_t *erased,
                    struct err *e) MUST_CHECK;

#endif
