/* SPDX-License-Identifier: Apache-2.0 */
/* filter_reload.h - reads the filters anew while a stream runs. */
#ifndef SURAQ_COMMAND_FILTER_RELOAD_H
#define SURAQ_COMMAND_FILTER_RELOAD_H

#include <stdbool.h>

#include "loop/settings.h"
#include "loop/worker.h"
#include "queue/stream.h"

/* Inside its owner's struct; all borrowed, longer than the worker. */
struct filter_reload {
    const struct settings *settings;
    struct stream *stream;
    struct worker *worker;
    bool busy; /* a set is being built */
};

/* Builds the filters on a worker thread and puts them in force; a set that does not load
 * leaves the running one, and the log says why. Asked again meanwhile it does nothing. */
void filter_reload(struct filter_reload *f);

#endif
