/* SPDX-License-Identifier: Apache-2.0 */
/* connect.h - between the parts of `suraq connect`. */
#ifndef SURAQ_COMMAND_CONNECT_H
#define SURAQ_COMMAND_CONNECT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "loop/settings.h"

/* What is said to the person, in the language of the terminal. Static. */
struct connect_words {
    const char *lang;
    const char *open;      /* this address, on any phone or computer */
    const char *type;      /* and type this code */
    const char *browser;   /* open this address in a browser of this machine */
    const char *elsewhere; /* or paste the address that another one ended at */
    const char *redirect;  /* what the application must allow */
    const char *waiting;   /* %s minutes */
    const char *back;      /* shown in the browser */
    const char *paste;     /* the prompt */
    const char *known_as;  /* who we are now: %s */
    const char *kept;      /* where the token is: %s */
    const char *next;      /* try it */
    const char *again;     /* a running program: switch the source off and on */
    const char *restart;   /* a running program: restart */
};
const struct connect_words *connect_words(const char *lang);

/* One sign-in. Borrowed from the command. */
struct connect {
    const struct settings_source *of;
    const struct connect_words *words;
    const char *client_secret; /* NULL: none */
    unsigned port;             /* where a browser comes back to; 0: any */
};

/* Is there a token to paste on this platform? */
bool connect_can_paste(const char *kind);
/* Says where a token is had, takes it, asks the platform who it is, and keeps it. */
int connect_paste(const struct connect *c, struct err *e) MUST_CHECK;
/* With a code that is typed in elsewhere (RFC 8628). */
int connect_device(const struct connect *c, struct err *e) MUST_CHECK;
/* With a browser that comes back (RFC 8252). */
int connect_browser(const struct connect *c, struct err *e) MUST_CHECK;

/* A line of ours for standard output, with one thing from outside, escaped. `fmt` has one
 * %s. */
void connect_say(const char *fmt, struct str what);

#endif
