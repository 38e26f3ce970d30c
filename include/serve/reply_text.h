/* SPDX-License-Identifier: Apache-2.0 */
/* reply_text.h - the words of a reply into a chat. */
#ifndef SURAQ_SERVE_REPLY_TEXT_H
#define SURAQ_SERVE_REPLY_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "loop/settings.h"
#include "queue/question.h"

struct reply_wish {
    enum reply_kind kind;
    bool kazakh;   /* else Russian */
    uint64_t no;   /* of the question */
    int64_t at_ms; /* from the start of the broadcast; -1: not known */
    uint64_t turn; /* wordings take turns by it */
};

/* A wording of the settings, else a built-in one. False: there is none without the place
 * in the broadcast, and that is not known. */
bool reply_text(const struct settings *s, const struct reply_wish *w, struct buf *out);

/* The language to answer `q` in: as `language` says ("question", "kk", "ru"; NULL: as the
 * settings do for all), else its own, else the stream's first. */
bool reply_is_kazakh(const struct settings *s, const char *language,
                     const struct question *q);

#endif
