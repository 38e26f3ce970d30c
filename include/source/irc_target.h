/* SPDX-License-Identifier: Apache-2.0 */
/* irc_target.h - which channel a person means. */
#ifndef SURAQ_SOURCE_IRC_TARGET_H
#define SURAQ_SOURCE_IRC_TARGET_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* "#efir", "efir", "irc://host/efir" -> "#efir". ERR_VALUE. */
int irc_target_channel(struct str text, struct buf *out, struct err *e) MUST_CHECK;

/* "name", "#Name", "@name", "https://www.twitch.tv/name?tt=1",
 * "twitch.tv/popout/name/chat"
 * -> "name". ERR_VALUE. */
int irc_target_twitch(struct str text, struct buf *out, struct err *e) MUST_CHECK;

/* Not empty, no space, no control character, and none of `forbidden`. */
bool irc_is_word(struct str s, const char *forbidden);

#endif
