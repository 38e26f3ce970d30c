/* SPDX-License-Identifier: Apache-2.0 */
/* mock_http.h - an HTTP server for tests, on a thread of its own: it answers by a script,
 * can misbehave, and keeps what it was asked. */
#ifndef SURAQ_TEST_MOCK_HTTP_H
#define SURAQ_TEST_MOCK_HTTP_H

#include <stdbool.h>
#include <stddef.h>

struct mock_http;

enum mock_fault {
    MOCK_FINE,
    MOCK_CUT,    /* half of the body, then the connection is closed */
    MOCK_HANG,   /* no answer at all; the connection stays open */
    MOCK_HOLD,   /* a long poll: answered by mock_http_release() */
    MOCK_STREAM, /* headers and body now; what mock_http_say() says later */
};

struct mock_answer {
    const char *when; /* the request's first line begins so: "GET /v3/videos" */
    int status;
    const char *headers; /* further ones, each ended by "\r\n"; may be NULL */
    const char *body;    /* copied; may be NULL */
    enum mock_fault fault;
};

struct mock_http *mock_http_new(void);
void mock_http_free(struct mock_http **m);
const char *mock_http_url(const struct mock_http *m); /* "http://127.0.0.1:NNNN" */

/* Answers with one `when` are given in the order they were added; the last one stays.
 * What no answer fits gets 404. */
void mock_http_answer(struct mock_http *m, const struct mock_answer *a);
/* The same for a plain answer. */
void mock_http_on(struct mock_http *m, const char *when, int status, const char *body);

/* More of every open stream; and its end. */
void mock_http_say(struct mock_http *m, const char *text);
void mock_http_hang_up(struct mock_http *m);
/* Answers every long poll that is held. */
void mock_http_release(struct mock_http *m);

/* Requests (first line, headers, body) that hold `text`. */
unsigned mock_http_times_asked(struct mock_http *m, const char *text);
unsigned mock_http_streams(struct mock_http *m); /* open now */
unsigned mock_http_open(struct mock_http *m);    /* streams, long polls, what hangs */

#endif
