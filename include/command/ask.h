/* SPDX-License-Identifier: Apache-2.0 */
/* ask.h - one HTTP request, waited for: for commands that ask a question and end. */
#ifndef SURAQ_COMMAND_ASK_H
#define SURAQ_COMMAND_ASK_H

#include "base/buf.h"
#include "base/err.h"
#include "loop/fetch.h"

struct ask_answer {
    int status;      /* of HTTP */
    struct buf body; /* owned */
};

/* ERR_IO when no whole answer came, ERR_BAD_STATE when somebody stopped it. */
int ask_http(const struct fetch_request *r, struct ask_answer *out,
             struct err *e) MUST_CHECK;

#endif
