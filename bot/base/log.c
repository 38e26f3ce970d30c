/* SPDX-License-Identifier: Apache-2.0 */
/* log.c - one line per event on stderr.
 *
 * The line is put together in memory and written with one write(2), so lines of different
 * threads do not mix. The whole text passes the terminal escaper: what a peer sent cannot
 * begin a new line, colour a terminal or turn its direction. */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

static atomic_int level_now = LOG_INFO;

static const char *const names[] = {"error", "warn", "info", "debug"};

void
log_set_level(enum log_level level)
{
    atomic_store(&level_now, (int)level);
}

int
log_level_from_name(const char *name, enum log_level *out, struct err *e)
{
    for (int i = LOG_ERROR; i <= LOG_DEBUG; i++) {
        if (str_eq(str_from(name), str_from(names[i]))) {
            *out = (enum log_level)i;
            return 0;
        }
    }
    return err_set(e, ERR_VALUE, "'%s' is not a log level: error, warn, info or debug",
                   name);
}

static void write_line(enum log_level level, const char *module, const char *fmt,
                       va_list ap) PRINTF_LIKE(3, 0);

static void
write_line(enum log_level level, const char *module, const char *fmt, va_list ap)
{
    struct buf text = BUF_INIT, line = BUF_INIT;

    if ((int)level > atomic_load(&level_now))
        return;
    buf_vaddf(&text, fmt, ap);
    clock_add_iso(&line, clock_wall_ms(clock_system()));
    buf_addf(&line, " %s %s ", names[level], module);
    buf_add_escaped(&line, buf_str(&text));
    buf_add_char(&line, '\n');
    /* Nothing can be done about a log that cannot be written. */
    ssize_t ignored = write(STDERR_FILENO, line.data, line.len);
    (void)ignored;
    buf_fini(&text);
    buf_fini(&line);
}

#define LOG_FUNCTION(name, level)                       \
    void name(const char *module, const char *fmt, ...) \
    {                                                   \
        va_list ap;                                     \
        va_start(ap, fmt);                              \
        write_line(level, module, fmt, ap);             \
        va_end(ap);                                     \
    }

LOG_FUNCTION(log_error, LOG_ERROR)
LOG_FUNCTION(log_warn, LOG_WARN)
LOG_FUNCTION(log_info, LOG_INFO)
LOG_FUNCTION(log_debug, LOG_DEBUG)
