/* SPDX-License-Identifier: Apache-2.0 */
/* log.h - one line per event on stderr: "2026-11-22T10:00:00.000Z level module text".
 * Every line passes the escaper, so hostile bytes cannot forge a line or a terminal code.
 */
#ifndef SURAQ_BASE_LOG_H
#define SURAQ_BASE_LOG_H

#include "base/err.h"

/* LOG_NONE is a threshold alone: for a command that tells everything itself. */
enum log_level { LOG_NONE = -1, LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* The log level is the one global of the program. Default LOG_INFO. */
void log_set_level(enum log_level level);
int log_level_from_name(const char *name, enum log_level *out, struct err *e) MUST_CHECK;

void log_error(const char *module, const char *fmt, ...) PRINTF_LIKE(2, 3);
void log_warn(const char *module, const char *fmt, ...) PRINTF_LIKE(2, 3);
void log_info(const char *module, const char *fmt, ...) PRINTF_LIKE(2, 3);
void log_debug(const char *module, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
