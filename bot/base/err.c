/* SPDX-License-Identifier: Apache-2.0 */
/* err.c - the one error type.
 *
 * The first error wins: a later err_set() on the same struct is ignored, because what
 * failed first is what a person has to mend. Context goes in front, so a message reads
 * from the outside in. Nothing here allocates. A text that does not fit is cut between
 * letters. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Cuts a half letter off the end of a text that filled its room. */
static void
trim_half_letter(char *msg, size_t room)
{
    size_t len = strnlen(msg, room);
    size_t back = 0;

    if (len + 1 < room)
        return;
    while (back < 3 && back < len && ((unsigned char)msg[len - 1 - back] & 0xC0) == 0x80)
        back++;
    if (back < len && (unsigned char)msg[len - 1 - back] >= 0xC0)
        msg[len - 1 - back] = '\0';
}

static int set_va(struct err *e, enum err_code code, const char *fmt, va_list ap)
    PRINTF_LIKE(3, 0);

static int
set_va(struct err *e, enum err_code code, const char *fmt, va_list ap)
{
    if (e == NULL || e->code != ERR_NONE)
        return -1;
    e->code = code;
    if (vsnprintf(e->msg, sizeof(e->msg), fmt, ap) >= (int)sizeof(e->msg))
        trim_half_letter(e->msg, sizeof(e->msg));
    return -1;
}

int
err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    (void)set_va(e, code, fmt, ap);
    va_end(ap);
    return -1;
}

int
err_errno(struct err *e, enum err_code code, const char *fmt, ...)
{
    int saved = errno;
    va_list ap;

    if (e == NULL || e->code != ERR_NONE)
        return -1;
    va_start(ap, fmt);
    (void)set_va(e, code, fmt, ap);
    va_end(ap);
    size_t len = strlen(e->msg);
    char text[128];
    if (snprintf(e->msg + len, sizeof(e->msg) - len, ": %s",
                 strerror_r(saved, text, sizeof(text))) >= (int)(sizeof(e->msg) - len))
        trim_half_letter(e->msg, sizeof(e->msg));
    return -1;
}

int
err_ctx(struct err *e, const char *fmt, ...)
{
    char old[sizeof(e->msg)];
    va_list ap;

    if (e == NULL)
        return -1;
    memcpy(old, e->msg, sizeof(old));
    va_start(ap, fmt);
    int n = vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
    va_end(ap);
    size_t len = n < 0 ? 0 : (size_t)n;
    if (len >= sizeof(e->msg))
        len = sizeof(e->msg) - 1;
    if (snprintf(e->msg + len, sizeof(e->msg) - len, ": %s", old) >=
        (int)(sizeof(e->msg) - len))
        trim_half_letter(e->msg, sizeof(e->msg));
    return -1;
}

void
err_reset(struct err *e)
{
    e->code = ERR_NONE;
    e->msg[0] = '\0';
}

const char *
err_name(enum err_code code)
{
#define ERR_NAME(c, name) [c] = (name),
    static const char *const names[] = {ERR_MAP(ERR_NAME)};
#undef ERR_NAME
    return names[code];
}
