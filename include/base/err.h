/* SPDX-License-Identifier: Apache-2.0 */
/* err.h - the one error type. Lives on the caller's stack, allocates nothing.
 *
 * A function that can fail returns int 0/-1 (or NULL) and takes `struct err *e` last.
 * The first error wins; context is put in front on the way up; it is logged once, where
 * it stops travelling. Text: lower case, no full stop, subject in single quotes. */
#ifndef SURAQ_BASE_ERR_H
#define SURAQ_BASE_ERR_H

#define MUST_CHECK             __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* One list gives code, HTTP-like family and name, so that they cannot drift apart. */
#define ERR_MAP(X)                                                                       \
    X(ERR_NONE, "ok")                                                                    \
    X(ERR_PARSE, "parse")       /* text from outside that does not follow its grammar */ \
    X(ERR_VALUE, "value")       /* well formed, but not a value we can take */           \
    X(ERR_LIMIT, "limit")       /* over a cap of bounds.h */                             \
    X(ERR_BAD_STATE, "state")   /* not possible from the present state */                \
    X(ERR_CONFLICT, "conflict") /* somebody else acted first */                          \
    X(ERR_PERM, "permission")   /* the role may not do this */                           \
    X(ERR_MISSING, "missing")   /* no such thing */                                      \
    X(ERR_IO, "io")             /* disk or network */                                    \
    X(ERR_SYSTEM, "system")     /* a library or the kernel refused */

#define ERR_ENUM(code, name) code,
enum err_code { ERR_MAP(ERR_ENUM) };
#undef ERR_ENUM

struct err {
    enum err_code code;
    char msg[512]; /* NUL-terminated; cut at the end when too long, never inside a letter
                    */
};

#define ERR_INIT                    \
    {                               \
        .code = ERR_NONE, .msg = "" \
    }

/* Sets the error unless one is set already. `e` may be NULL. Always returns -1. */
int err_set(struct err *e, enum err_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The same with ": " and strerror(errno) behind the text. Always returns -1. */
int err_errno(struct err *e, enum err_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Puts "context: " in front of the message. Always returns -1. */
int err_ctx(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Forgets the error, so that the struct can be used again. */
void err_reset(struct err *e);

/* Static string: "parse", "limit", ... */
const char *err_name(enum err_code code);

#endif
