/* SPDX-License-Identifier: Apache-2.0 */
/* worker.h - a small pool of threads for what would block the loop: name look-ups,
 * password hashes, building filters. */
#ifndef SURAQ_LOOP_WORKER_H
#define SURAQ_LOOP_WORKER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "loop/mailbox.h"

struct worker;

/* New: `n_threads` threads, at most `cap` jobs waiting. `done` calls travel through `m`,
 * which must outlive the worker. */
struct worker *worker_new(struct mailbox *m, size_t n_threads, size_t cap,
                          struct err *e) MUST_CHECK;

/* Waits for the running jobs; jobs not begun are done as cancelled, on the calling (loop)
 * thread. NULL-safe. */
void worker_free(struct worker **w);

/* `job` runs on a worker thread and touches only what `arg` owns; then `done` runs on the
 * loop thread, `cancelled` when the job was never begun. `done` may be NULL. ERR_LIMIT
 * when too many wait: nothing is called. */
int worker_submit(struct worker *w, void (*job)(void *arg),
                  void (*done)(void *arg, bool cancelled), void *arg,
                  struct err *e) MUST_CHECK;

#endif
