/* SPDX-License-Identifier: Apache-2.0 */
/* personal.h - is this number what it looks like, and what must public eyes not see. */
#ifndef SURAQ_JUDGE_PERSONAL_H
#define SURAQ_JUDGE_PERSONAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define PERSONAL_CHECK_MAP(X) \
    X(CHECK_NONE, "none")     \
    X(CHECK_IIN, "iin")       \
    X(CHECK_LUHN, "luhn")     \
    X(CHECK_IBAN, "iba"       \
                  "n")
#define PERSONAL_CHECK_ENUM(code, name) code,
enum personal_check { PERSONAL_CHECK_MAP(PERSONAL_CHECK_ENUM) };
#undef PERSONAL_CHECK_ENUM

/* False when `name` is no check. */
bool personal_check_from_name(struct str name, enum personal_check *out);

/* Does the hit (valid UTF-8, with its separators) satisfy the check?
 * iin: 12 digits with a calendar date and both rounds of the checksum. luhn: 13 to 19
 * digits. iban: KZ and 18 more, modulo 97, Cyrillic look-alikes read as Latin. */
bool personal_check(enum personal_check check, struct str hit);

/* Code points of the original, end exclusive. */
struct personal_range {
    uint32_t start, end;
};

/* Adds `text` to `out` with every merged range as exactly ▇▇▇▇. Ranges may come in any
 * order and overlap; they are widened over marks and joiners so that no letter breaks. */
void personal_mask(struct str text, const struct personal_range *ranges, size_t n,
                   struct buf *out);

#define PERSONAL_MASK "▇▇▇▇"

#endif
