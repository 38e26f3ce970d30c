/* SPDX-License-Identifier: Apache-2.0 */
/* file.h - whole small files. */
#ifndef SURAQ_BASE_FILE_H
#define SURAQ_BASE_FILE_H

#include "base/buf.h"
#include "base/err.h"

/* Appends what the file holds. ERR_IO: it cannot be read, or is a folder; ERR_LIMIT: it
 * is larger than `cap` bytes. `out` may have grown then. */
int file_read(const char *path, size_t cap, struct buf *out, struct err *e) MUST_CHECK;

#endif
