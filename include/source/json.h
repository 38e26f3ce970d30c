/* SPDX-License-Identifier: Apache-2.0 */
/* json.h - reading the JSON of platforms, which may change any day: what is absent or of
 * another type reads as nothing. Pure; results borrow from the value. */
#ifndef SURAQ_SOURCE_JSON_H
#define SURAQ_SOURCE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/str.h"
#include "source/message.h"

/* A member by its path, "snippet.authorDetails.channelId"; NULL: not there. */
const json_t *json_at(const json_t *o, const char *path);
struct str json_text(const json_t *o, const char *path);
bool json_flag(const json_t *o, const char *path);
int64_t json_number(const json_t *o, const char *path, int64_t otherwise);
/* RFC 3339, or Facebook's "+0000" without a colon; 0: none. */
int64_t json_time(const json_t *o, const char *path);
/* Seconds since 1970 as milliseconds; 0: none, or no time that could be. */
int64_t json_unix_time(const json_t *o, const char *path);
/* An id, which some platforms write as a number and some as text, added to `out`. */
void json_id(const json_t *o, const char *path, struct buf *out);

/* Cut to the caps of bounds.h: a text that is cut is marked as repaired. An id that is
 * too long is none, since a cut id is another id. */
void message_set_text(struct message *m, struct str text);
void message_set_author(struct message *m, struct str id, struct str name);
void message_set_id(struct message *m, struct str id);

#endif
