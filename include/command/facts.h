/* SPDX-License-Identifier: Apache-2.0 */
/* facts.h - what the machine says of itself, for the checklist: disk, journal's file,
 * clock, locale. Asked afresh each time; nothing here waits for anybody. */
#ifndef SURAQ_COMMAND_FACTS_H
#define SURAQ_COMMAND_FACTS_H

#include "loop/settings.h"
#include "serve/server.h"

/* Fills in all but what a running process knows of itself: intake_closed,
 * webhook_fault. */
void facts_read(const struct settings *s, struct server_facts *out);

/* Bytes free on the disk of that file; UINT64_MAX: not known. */
uint64_t facts_free(const char *path);

/* Remembers that a copy of the journal at `path` was made now: an empty file beside it.
 */
void facts_note_backup(const char *path);

#endif
