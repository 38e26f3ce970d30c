/* SPDX-License-Identifier: Apache-2.0 */
/* places.h - where each chat was read to, over restarts: a small file beside the journal.
 * Losing it costs a platform's history read once more, never a message. */
#ifndef SURAQ_COMMAND_PLACES_H
#define SURAQ_COMMAND_PLACES_H

struct places;

/* New: what the file beside the journal says; a file that is missing or broken says
 * nothing. */
struct places *places_open(const char *journal_path);
/* Saves what was noted last. Sets *p = NULL; NULL-safe. */
void places_close(struct places **p);

/* Borrowed; NULL: nothing is known. */
const char *places_of(const struct places *p, const char *source);
void places_note(struct places *p, const char *source, const char *place);
/* Saves what was noted before the last call: by now the journal has it on the disk. */
void places_save(struct places *p);

#endif
