/* SPDX-License-Identifier: Apache-2.0 */
/* state.h - the whole state at one moment, for one view: GET /state and live's snapshots.
 */
#ifndef SURAQ_SERVE_STATE_H
#define SURAQ_SERVE_STATE_H

#include "serve/front.h"

/* {"seq":N,...}: as of queue_seq(); let it out when that is durable. */
void state_write(struct front *f, enum view v, const struct identity *who,
                 struct buf *out);
/* The members of a status frame behind "now", each with a comma in front. */
void state_status(struct front *f, enum view v, struct buf *out);
/* [{source},...] */
void state_sources(struct front *f, struct buf *out);
bool state_source(struct front *f, struct str name, struct buf *out);
/* {"user","role","lang","expires_at"} */
void state_session(const struct identity *who, struct buf *out);

#endif
