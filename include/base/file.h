/* SPDX-License-Identifier: Apache-2.0 */
/* file.h - whole small files. */
#ifndef SURAQ_BASE_FILE_H
#define SURAQ_BASE_FILE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends what the file holds. ERR_IO: it cannot be read, or is a folder; ERR_LIMIT: it
 * is larger than `cap` bytes. `out` may have grown then. */
int file_read(const char *path, size_t cap, struct buf *out, struct err *e) MUST_CHECK;

/* Writes the file as a whole, readable by us alone (0600): a new one beside it
 * ("path.new") is renamed over it, so nobody sees half of it. `durable`: it is on the
 * disk when this returns, which may take long. */
int file_replace(const char *path, struct str text, bool durable,
                 struct err *e) MUST_CHECK;

#endif
