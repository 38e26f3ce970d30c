/* SPDX-License-Identifier: Apache-2.0 */
/* register_out.h - one line of the register on its way out. */
#ifndef SURAQ_SERVE_REGISTER_OUT_H
#define SURAQ_SERVE_REGISTER_OUT_H

#include "serve/register.h"

struct register_row {
    const struct question *item;
    struct register_clock clock;
    const char *link; /* NULL: not known */
    bool staff;       /* may see answers */
};

void register_csv_head(const char *lang, struct buf *out);
void register_csv_row(const struct register_row *r, const char *lang, struct buf *out);

#endif
