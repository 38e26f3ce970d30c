/* SPDX-License-Identifier: Apache-2.0 */
/* serve_world.h - a whole server in the test's own loop, and a client that speaks to it
 * over a raw socket, byte by byte where a test wants that. Every wait has a deadline. */
#ifndef SURAQ_TEST_SERVE_WORLD_H
#define SURAQ_TEST_SERVE_WORLD_H

#include <pthread.h>
#include <stdbool.h>

#include "base/clock.h"
#include "loop/loop.h"
#include "queue/archive.h"
#include "queue/stream.h"
#include "serve/accounts.h"
#include "serve/server.h"

#define WORLD_PASSWORD "correct horse battery"

struct world {
    char dir[64];
    int64_t wall_ms, mono_ms; /* what the clock says; a test moves it */
    struct clock clock;
    struct loop *loop;
    struct worker *worker;
    struct stream *stream;
    struct archive *archive;
    struct server *server;
    struct server_conf conf;
    struct accounts *accounts; /* a second hand on the file, as the command line has */
    struct loop_timer tick;
    bool hold; /* what the journal reports is kept back */
    struct held *held;
    int not_ready, push_full; /* health and intake as a test wants them */
    struct {
        char name[32], kind[32], target[64];
        bool enabled;
    } source;
    char sent[64];  /* what was asked to be said in the chat */
    char hook[160]; /* what was delivered */
    enum err_code hook_fault;
};

/* `change` (may be NULL) sees the settings before the server opens. */
void world_begin(struct world *w, void (*change)(struct server_conf *conf));
void world_end(struct world *w);
void world_turn(struct world *w);
void world_release(struct world *w); /* ends the hold */
void world_user(struct world *w, const char *name, enum role role);
/* The secret of a new token; static until the next call. */
const char *world_token(struct world *w, enum role role, const char *name);
/* A chat line, judged and taken in; its number. */
uint64_t world_say(struct world *w, const char *source, const char *id,
                   const char *author, const char *text);

struct peer {
    struct world *world;
    int fd;
    struct buf in;
    bool closed;
    char cookie[128];
};

struct answer {
    int status;
    struct buf head, body;
};

void peer_open(struct peer *p, struct world *w);
void peer_fini(struct peer *p);
void peer_send(struct peer *p, const void *data, size_t len);
void peer_text(struct peer *p, const char *text);
/* Turns the loop until `text` came in, or (NULL) the other side closed. False: neither
 * within the deadline. */
bool peer_wait(struct peer *p, const char *text);
/* The next whole answer; status 0: closed without one. */
void peer_answer(struct peer *p, struct answer *a, bool is_head);
void answer_fini(struct answer *a);
bool answer_has(const struct answer *a,
                const char *header); /* "etag: x", lower-case name */

/* One request with this peer's cookie, with a JSON body or none; the status, and the body
 * in *out (may be NULL; new). */
int peer_ask(struct peer *p, const char *method, const char *path, const char *body,
             char **out);
void peer_sign_in(struct peer *p, const char *user);

/* Becomes a live connection; false: refused. `extra`: header lines. */
bool peer_live(struct peer *p, const char *path, const char *extra);
/* The payload of the next whole message (new); NULL: closed, *code says how. */
char *peer_message(struct peer *p, int *code);
/* The next message that holds `text`. */
char *peer_message_with(struct peer *p, const char *text);
void peer_say(struct peer *p, const char *text);

#endif
