/* SPDX-License-Identifier: Apache-2.0 */
/* answers.h - what one process answers when its pages ask: of the sources, which the
 * server knows by these calls alone, and of its own health. */
#ifndef SURAQ_COMMAND_ANSWERS_H
#define SURAQ_COMMAND_ANSWERS_H

#include "base/workdays.h"
#include "command/outward.h"
#include "command/roster.h"
#include "loop/settings.h"
#include "queue/stream.h"
#include "serve/server.h"

/* All borrowed; filled in while the process is put together. */
struct answers {
    const struct settings *settings;
    const struct workdays *calendar;
    struct stream *stream;
    struct roster *roster;
    struct outward *outward;
    struct server *server; /* NULL until it is open */
    bool disk_low;         /* chat intake stops */
    bool failed;           /* the journal cannot be written */
};

/* Sets what the server calls; `a` stays where it is as long as the server. */
void answers_connect(struct answers *a, struct server_conf *conf);

#endif
