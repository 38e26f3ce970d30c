/* SPDX-License-Identifier: Apache-2.0 */
/* buf.h - a growing byte buffer. Always NUL-terminated once something was added, so
 * `data` can be handed to C functions; embedded NULs are allowed. */
#ifndef SURAQ_BASE_BUF_H
#define SURAQ_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct buf {
    char *data; /* owned; NULL before the first byte */
    size_t len;
    size_t cap;
};

#define BUF_INIT                         \
    {                                    \
        .data = NULL, .len = 0, .cap = 0 \
    }

void buf_fini(struct buf *b);                 /* frees; usable again afterwards */
void buf_reset(struct buf *b);                /* len 0, storage kept */
void buf_reserve(struct buf *b, size_t more); /* room for `more` bytes and the NUL */
void buf_truncate(struct buf *b, size_t len); /* len must be <= b->len */

void buf_add(struct buf *b, const void *p, size_t len);
void buf_add_str(struct buf *b, struct str s);
void buf_add_cstr(struct buf *b, const char *s); /* NULL adds nothing */
void buf_add_char(struct buf *b, char c);
void buf_add_u64(struct buf *b, uint64_t v);
void buf_add_i64(struct buf *b, int64_t v);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vaddf(struct buf *b, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

/* A JSON string with its quotes. Invalid UTF-8 becomes U+FFFD; control characters,
 * U+2028, U+2029, '<' and DEL are escaped, so the result is safe in a page and in a log.
 */
void buf_add_json(struct buf *b, struct str s);
/* Text for a terminal or a log line: C0, C1, DEL, bidi and other invisible controls and
 * bad bytes become \xNN or \u{NNNN}. */
void buf_add_escaped(struct buf *b, struct str s);
/* Text inside HTML, in an element or a quoted attribute. */
void buf_add_html(struct buf *b, struct str s);
/* One CSV field (RFC 4180); what a spreadsheet would take for a formula gets an
 * apostrophe in front. */
void buf_add_csv(struct buf *b, struct str s);
/* Lower-case hexadecimal. */
void buf_add_hex(struct buf *b, const uint8_t *p, size_t len);

/* Borrowed until the next change. */
static inline struct str
buf_str(const struct buf *b)
{
    return (struct str){.p = b->data, .len = b->len};
}

/* Gives the bytes (NUL-terminated, mem_free them) and leaves the buffer empty. */
char *buf_steal(struct buf *b);

#endif
