/* SPDX-License-Identifier: Apache-2.0 */
/* mock_chat.h - a chat server for tests: a WebSocket server in the test's own loop that
 * answers by a script and keeps what it was told. */
#ifndef SURAQ_TEST_MOCK_CHAT_H
#define SURAQ_TEST_MOCK_CHAT_H

#include <stdbool.h>
#include <stddef.h>

#include <libwebsockets.h>

#include "base/buf.h"
#include "base/list.h"
#include "loop/loop.h"

/* To a frame that begins with `when` the frame `say` is the answer ("\n" in it: one frame
 * each). The first rule that fits; the table ends with a NULL. */
struct mock_rule {
    const char *when, *say;
};

struct mock_chat {
    struct loop *loop;
    const struct mock_rule *rules;
    char url[128];
    struct lws *wsi; /* of the last connection; NULL: none */
    unsigned connections, closed;
    bool refuse;     /* answer the handshake with 403 */
    struct buf told; /* every frame, each with a line feed */
    struct list out;
    unsigned close_code; /* after everything was sent; 0: stay */
};

/* `cert` and `key`: files, for TLS; NULL without. Freed with the loop: mock_chat_free()
 * after loop_free(). */
struct mock_chat *mock_chat_new(struct loop *l, const struct mock_rule *rules,
                                const char *cert, const char *key);
void mock_chat_free(struct mock_chat **m);

void mock_chat_say(struct mock_chat *m, const char *text, size_t len);
/* One piece of a message. */
void mock_chat_say_piece(struct mock_chat *m, const char *text, size_t len, bool first,
                         bool last);
/* Reads nothing more from the connection, as behind a cable that was cut. */
void mock_chat_freeze(struct mock_chat *m);
void mock_chat_close(struct mock_chat *m, unsigned code); /* after what is queued */
bool mock_chat_was_told(const struct mock_chat *m, const char *text);
unsigned mock_chat_times_told(const struct mock_chat *m, const char *text);

#endif
