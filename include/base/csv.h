/* SPDX-License-Identifier: Apache-2.0 */
/* csv.h - reads a table as spreadsheets write it (RFC 4180), record by record. */
#ifndef SURAQ_BASE_CSV_H
#define SURAQ_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { CSV_FIELDS = 16 };

struct csv {
    struct str rest; /* borrowed: not yet read */
    char separator;
    size_t line;     /* where `rest` begins, from 1 */
    struct buf room; /* owned: the fields without their quotes */
};

struct csv_record {
    struct str field[CSV_FIELDS]; /* borrowed until the next csv_next() or csv_fini() */
    size_t n;                     /* of fields; those above CSV_FIELDS are only counted */
    size_t line;                  /* where it begins, from 1 */
};

/* `text` is borrowed as long as `c`; a byte order mark in front is passed over. */
void csv_init(struct csv *c, struct str text, char separator);
void csv_fini(struct csv *c);

/* 1: a record; 0: the end; -1 (ERR_PARSE): this record is malformed, r->line says where
 * it begins, and the next call gives the one behind it. Empty lines are no records. Bytes
 * are taken as they are: whoever needs UTF-8 checks each field. */
int csv_next(struct csv *c, struct csv_record *r, struct err *e) MUST_CHECK;

#endif
