/* SPDX-License-Identifier: Apache-2.0 */
/* hook_gate.h - how often one address may knock at one source's door, where platforms
 * deliver: it is open to everybody. */
#ifndef SURAQ_SERVE_HOOK_GATE_H
#define SURAQ_SERVE_HOOK_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct hook_gate;

struct hook_gate *hook_gate_new(void);
void hook_gate_free(struct hook_gate **g); /* NULL-safe; sets NULL */

/* May it ask once more? */
bool hook_gate_admits(struct hook_gate *g, struct str address, struct str name,
                      int64_t mono_ms);
/* What it brought was not the platform's: that counts for many. */
void hook_gate_fine(struct hook_gate *g, struct str address, struct str name,
                    int64_t mono_ms);

#endif
